"""Six words drawn by lot: a passphrase that can be remembered, written down and read over the telephone."""

import math
import secrets
from functools import cache
from pathlib import Path

SIX = 6


@cache
def words() -> tuple[str, ...]:
    """Our own list: short Russian words in Latin letters, spelt in one way only, no two of them one letter apart."""
    return tuple((Path(__file__).parent / "words.txt").read_text(encoding="ascii").split())


def six_words() -> str:
    """A new passphrase; a word may come twice, for leaving that out would only help who guesses."""
    return " ".join(secrets.choice(words()) for _ in range(SIX))


def bits() -> int:
    """How many times a guesser must double the work, rounded down: 61 with the list as it is."""
    return int(SIX * math.log2(len(words())))
