"""Words of one list that people can read over the telephone: a passphrase of six words drawn at random, and four words
that stand for a hash.
"""

import hashlib
import math
import re
import secrets
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shelterctl import errors
from shelterctl.ui_language import N_

PASSPHRASE_LENGTH = 6


@cache
def read_word_list() -> tuple[str, ...]:
    """Our own list: short Russian words in Latin letters, spelt in one way only, no two of them one letter apart."""
    return tuple((Path(__file__).parent / "words.txt").read_text(encoding="ascii").split())


def draw_passphrase() -> str:
    """A new passphrase; a word may come twice, for leaving that out would only help who guesses."""
    return " ".join(secrets.choice(read_word_list()) for _ in range(PASSPHRASE_LENGTH))


def passphrase_bits() -> int:
    """How many times a guesser must double the work, rounded down: 61 with the list as it is."""
    return int(PASSPHRASE_LENGTH * math.log2(len(read_word_list())))


FINGERPRINT_LENGTH = 4
_FINGERPRINT_SALT, _FINGERPRINT_COST = b"shelterctl words/1", 1 << 17


def fingerprint_words(digest: str) -> str:
    """The words of a hash in hex: 41 bits, and 0.4 seconds for each guess."""
    memory = (_FINGERPRINT_COST + 64) << 10
    drawn = hashlib.scrypt(
        bytes.fromhex(digest), salt=_FINGERPRINT_SALT, n=_FINGERPRINT_COST, r=8, p=1, maxmem=memory, dklen=16
    )
    number, listed = int.from_bytes(drawn, "big"), read_word_list()
    found = []
    for _ in range(FINGERPRINT_LENGTH):
        number, place = divmod(number, len(listed))
        found.append(listed[place])
    return " ".join(found)


FINGERPRINT_WORDS_UNKNOWN = N_(
    "There are four words, all of them from our list. These are not on it, by their place: {places}."
)
FINGERPRINT_WORDS_MISCOUNTED = N_("There are four words; {count} were given.")
CHECK_FINGERPRINT_WORDS = N_(
    "Look at the paper once more, letter by letter: the words are short Russian ones in Latin letters."
)


def parse_fingerprint_words(typed: str) -> str:
    """Words as they were typed, with one space between them; UsageError where they are not four of the list."""
    said: Sequence[str] = re.split(r"[\s,.;-]+", typed.strip().lower())
    strange = [place for place, word in enumerate(said, 1) if word not in read_word_list()]
    if strange or len(said) != FINGERPRINT_LENGTH:
        raise errors.UsageError(
            "trust/words",
            FINGERPRINT_WORDS_UNKNOWN if strange else FINGERPRINT_WORDS_MISCOUNTED,
            hint=CHECK_FINGERPRINT_WORDS,
            places=strange,
            count=len(said),
        )
    return " ".join(said)
