"""Four words for a hash: short enough to be read over the telephone, slow enough not to be guessed."""

import hashlib
import re
from collections.abc import Sequence

from shelterctl import errors
from shelterctl.identity import words
from shelterctl.language import N_

FOUR = 4
_SALT, _COST = b"shelterctl words/1", 1 << 17


def four_words(digest: str) -> str:
    """The words of a hash in hex: 41 bits, and 0.4 seconds for each guess."""
    drawn = hashlib.scrypt(bytes.fromhex(digest), salt=_SALT, n=_COST, r=8, p=1, maxmem=(_COST + 64) << 10, dklen=16)
    number, listed = int.from_bytes(drawn, "big"), words()
    found = []
    for _ in range(FOUR):
        number, place = divmod(number, len(listed))
        found.append(listed[place])
    return " ".join(found)


def known_words(typed: str) -> str:
    """Words as they were typed, with one space between them; Usage where they are not four of the list."""
    said: Sequence[str] = re.split(r"[\s,.;-]+", typed.strip().lower())
    strange = [place for place, word in enumerate(said, 1) if word not in words()]
    if strange or len(said) != FOUR:
        raise errors.Usage(
            "trust/words",
            N_("There are four words, all of them from our list. These are not on it, by their place: {places}.")
            if strange
            else N_("There are four words; {count} were given."),
            hint=N_(
                "Look at the paper once more, letter by letter: the words are short Russian ones in Latin letters."
            ),
            places=strange,
            count=len(said),
        )
    return " ".join(said)
