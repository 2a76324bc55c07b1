"""Errors in the rulebook, each with what its author must correct and where.

Code that reads or compiles a part of the rulebook collects slips and goes on, so that the author sees all of them at
once. `rulebook` adds the file, the line and column, and the nearest known word.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shelterctl.ui_language import N_, Marked

WORD_UNKNOWN = N_("unknown word")


class Slip(NamedTuple):
    """One error: the JSON pointer *place* within what was read, and the sentence with its facts.

    *code* is the last part of the error code (``shape``, ``word``, ``rule``, ``order``, ``text``, ``twice``). For an
    unknown *word*, *known* lists the words that are allowed there.
    """

    place: str
    message: Marked
    facts: Mapping[str, object] = {}
    word: str | None = None
    known: tuple[str, ...] = ()
    code: str = "rule"

    def below(self, place: str) -> "Slip":
        """Return the slip with its place relative to the document whose part at *place* was read."""
        return self._replace(place=place + self.place)


def unknown_word(place: str, word: str, known: Iterable[str]) -> Slip:
    """Return the slip for a word that is none of the *known* words."""
    return Slip(place, WORD_UNKNOWN, word=word, known=tuple(known), code="word")
