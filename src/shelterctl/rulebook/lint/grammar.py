"""Which keys a rule may have, and what may be written under each."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Required, TypedDict

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import Closed, Fits, Label, Modifiers, Names
from shelterctl.core.rules.verbs.reach import REACHES
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.core.values.facts import json_pointer
from shelterctl.core.values.money import read_som
from shelterctl.rulebook.reader import (
    RULING_KEYS,
    Kind,
    Reader,
    Reading,
    Written,
    is_mapping,
    keyed_reader,
    list_reader,
    make_checker,
)
from shelterctl.ui_language import N_

VERB_WANTED = N_("a rule says one of these: {verbs}")
ONE_VERB_WANTED = N_("a rule has one verb, and this is a second one")
NUMBER_OR_COUNT_WANTED = N_("a number is wanted here, or one thing that is counted: count, days_of or months_of")


class Counted(TypedDict):
    """What is counted in the place of a field."""

    count: str


class DayWithOffset(TypedDict, total=False):
    """A day, so many months and days after another one."""

    of: Required[str]
    months: int
    days: int


class Measured(TypedDict, total=False):
    """What is counted or measured for a limit."""

    count: str
    of: str
    days_of: str
    months_of: str


class MeasuredFactor(TypedDict, total=False):
    """The length of a period, as a factor."""

    days_of: str
    months_of: str


def _is_one(written: Written) -> bool:
    return len(written) == 1


def _is_limit(written: object) -> bool:
    return isinstance(written, int) and not isinstance(written, bool) and written >= 0


def _is_amount_limit(written: object) -> bool:
    som = read_som(written)
    return som is not None and som >= 0


Day = DayWithOffset | str
OneMeasured = Annotated[Measured, Fits(_is_one, NUMBER_OR_COUNT_WANTED)]
Factors = tuple[Annotated[MeasuredFactor, Fits(_is_one, NUMBER_OR_COUNT_WANTED)] | str, ...]
AmountLimit = OneMeasured | Annotated[object, Fits(_is_amount_limit, NUMBER_OR_COUNT_WANTED)]
WholeLimit = OneMeasured | Annotated[object, Fits(_is_limit, NUMBER_OR_COUNT_WANTED)]
REACH_PARAMETERS: Mapping[str, Kind] = {
    "within": Annotated[str, Closed(REACHES)],
    "same": Names,
    "overlaps": str,
}
"""How far a verb looks beyond the entry, and which of what it finds there counts."""

Words = tuple[str, ...]

VERB_PARAMETERS: Mapping[str, Mapping[str, Kind]] = {
    "needs": {"any": bool},
    "is": {"codes": Words, "all": Words, "of": str, "contains": str},
    "dated": {"from": Day, "to": Day, "in": str},
    "amount": {
        "at_most": AmountLimit, "at_least": WholeLimit, "exactly": WholeLimit, "times": Factors, "each": str,
        **REACH_PARAMETERS,
    },
    "once": REACH_PARAMETERS,
    "by": {"role": Words, "each": Words, "not": str, "outside": bool, "registered": bool},
    "stands": {
        "where": Answers, "each": Answers, "of": str, "none": bool, "from": Day, "to": Day, **REACH_PARAMETERS,
    },
    "suits": {"minor_under": int, "at_least": int, "at_most": int, "sex": str},
}  # fmt: skip
"""What each verb is told besides the names that it binds."""

FACTS_OF_RULE: Mapping[str, Kind] = {"codes": Words, "exactly": int, "at_least": int}
"""What a rule may say besides, where the sentence of its code is filled from it: lint.rules."""


def _read_own_words(written: Written, reading: Reading) -> Written:
    """A text, or one for each reason; by its English it is told which."""
    kind = Label if isinstance(written, Mapping) and "en" in written else Mapping[str, Label]
    return make_checker(kind)(written, reading)


MODIFIERS: Mapping[str, Reader] = {
    **dict.fromkeys(("act", "unless", "code", "opens", "item"), make_checker(str)),
    "when": make_checker(Answers),
    **dict.fromkeys(("says", "in_file"), _read_own_words),
}
"""What a rule keeps through its whole history."""

_PARAMETERS_OF_ANY_VERB = {key: kind for told in VERB_PARAMETERS.values() for key, kind in told.items()}


def rule_reader(modifiers: Modifiers) -> Reader:
    """Holds a rule by its keys: one verb, what it is told, these modifiers, and since when it is told otherwise."""
    allowed = {name: MODIFIERS[name] for name in modifiers.names}
    ruling = {key: kind for key, kind in RULING_KEYS.items() if modifiers.strength or key != "strength"}

    def read(written: Written, reading: Reading) -> None:
        if not is_mapping(written, reading):
            return
        verbs = [key for key in written if key in VERBS]
        told = FACTS_OF_RULE if "code" in written else {}
        own = _checkers({**told, **(VERB_PARAMETERS[verbs[0]] if verbs else {}), **ruling})
        bound = make_checker(Counted | str if verbs[:1] == ["amount"] else Names)
        later = list_reader(keyed_reader({**own, "since": make_checker(date)}))
        known = {**dict.fromkeys(VERBS, bound), **own, **allowed, "later": later}
        start = len(reading.slips)
        keyed_reader(known, () if verbs else _PARAMETERS_OF_ANY_VERB)(written, reading)
        if not verbs and len(reading.slips) == start:
            reading.slip(VERB_WANTED, verbs=tuple(VERBS))
        elif len(verbs) > 1:
            reading.slip(ONE_VERB_WANTED, json_pointer((verbs[1],)))

    return read


def _checkers(kinds: Mapping[str, Kind]) -> Mapping[str, Reader]:
    return {key: make_checker(kind) for key, kind in kinds.items()}
