"""Words that people can read over the telephone: a passphrase of six random words, and four words for a hash.

They come from one list.
"""

import hashlib
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
    """Return our own list: short Russian words in Latin letters, each with one spelling, no two one letter apart."""
    return tuple((Path(__file__).parent / "words.txt").read_text(encoding="ascii").split())


def draw_passphrase() -> str:
    """Return a new random passphrase; a word may occur twice, since excluding that would only help a guesser."""
    return " ".join(secrets.choice(read_word_list()) for _ in range(PASSPHRASE_LENGTH))


FINGERPRINT_LENGTH = 4
_FINGERPRINT_SALT, _FINGERPRINT_COST = b"shelterctl words/1", 1 << 17


def fingerprint_words(digest: str) -> str:
    """Return the words of a hash in hex: 41 bits, and 0.4 seconds for each guess."""
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
    "Four words from the program's list are needed. Words at these places are not on it: {places}."
)
FINGERPRINT_WORDS_MISCOUNTED = N_("Four words are needed; you gave {count}.")
CHECK_FINGERPRINT_WORDS = N_(
    "Check the paper again, letter by letter: the words are short Russian ones in Latin letters."
)


def parse_fingerprint_words(typed: str) -> str:
    """Return typed words with one space between them; raise UsageError unless they are four of the list."""
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
