"""Rules and histories as an author writes them, read as the rulebook reads them; a slip in one is an error here."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypedDict

from shelterctl.core.manual.notation import ListedRulings, Modifiers
from shelterctl.core.manual.rule import History, Rule
from shelterctl.rulebook.reader import MODIFIERS, Reading, make_checker


class Terms(TypedDict, total=False):
    """What the rulings of these tests ask."""

    at_most: int
    within: str
    after: Mapping[str, int]
    every: str
    during: str


class SlipError(ValueError):
    """There are slips in what is written; *places* are their pointers."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(places)
        self.places = places


def read_rule(written: Mapping[str, Any]) -> Rule:
    """The rule."""
    (rule,) = _read(Annotated[tuple[Rule, ...], Modifiers(MODIFIERS)], [dict(written)])
    assert isinstance(rule, Rule)
    return rule


def read_history(entries: Sequence[Mapping[str, Any]]) -> History[Any]:
    """The rulings of one matter, each written whole."""
    return _read(Annotated[History[Any], ListedRulings(Terms)], [*entries])


def _read(kind: Any, written: Any) -> tuple[Any, ...]:
    reading = Reading({})
    found = make_checker(kind)(written, reading)
    if reading.slips:
        raise SlipError([slip.place for slip in reading.slips])
    assert isinstance(found, tuple)
    return found
