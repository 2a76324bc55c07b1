"""A slip in the rulebook: what its author has to put right, and at which place of the thing that was read.

What reads or compiles a part of the rulebook collects slips and goes on, so that the author sees all of them at once.
`rulebook` adds the file, the line and column, and the nearest known word.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shelterctl.ui_language import N_, Marked

WORD_UNKNOWN = N_("unknown word")


class Slip(NamedTuple):
    """One slip: the JSON pointer *place*, relative to the thing that was read, and the sentence with its facts.

    *code* is the last part of the error code (``shape``, ``word``, ``rule``, ``order``, ``text``, ``twice``). Where an
    unknown *word* is written, *known* are the words that could stand there.
    """

    place: str
    message: Marked
    facts: Mapping[str, object] = {}
    word: str | None = None
    known: tuple[str, ...] = ()
    code: str = "rule"

    def below(self, place: str) -> "Slip":
        """The slip as a place of the greater thing whose part at *place* was read."""
        return self._replace(place=place + self.place)


def unknown_word(place: str, word: str, known: Iterable[str]) -> Slip:
    """The slip of a word that is none of those *known* at its place."""
    return Slip(place, WORD_UNKNOWN, word=word, known=tuple(known), code="word")
