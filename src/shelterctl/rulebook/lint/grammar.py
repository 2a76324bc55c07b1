"""Which keys a track and an act may have, and what may stand under each: held before anything is made of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shelterctl.core.manual.rule import RULE_VERBS, Strength
from shelterctl.core.manual.sheet import SHEET_FORMATS, SHEET_SIGNERS
from shelterctl.core.manual.track import DANGER_AFTERCARE, DANGER_HEALTH, DANGER_LATE
from shelterctl.core.rules.context import PERIOD_FORMATS, REACHES
from shelterctl.core.rules.deadlines import RECURRENCES
from shelterctl.core.values.days import read_day
from shelterctl.core.values.money import read_som
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_, PAPER_LANGUAGES, Marked

KEY_MISSING = N_("a key is missing: {key}")
VERB_WANTED = N_("a rule says one of these: {verbs}")
ONE_VERB_WANTED = N_("a rule has one verb, and this is a second one")
MAPPING_WANTED = N_("keys with values are wanted here")
LIST_WANTED = N_("a list is wanted here, with at least one entry")
TEXT_WANTED = N_("a text is wanted here; put it in quotes if it looks like a number or an answer")
FLAG_WANTED = N_("true or false is wanted here")
WHOLE_NUMBER_WANTED = N_("a whole number is wanted here")
NUMBER_OR_COUNT_WANTED = N_("a number is wanted here, or one thing that is counted: count, days_of or months_of")
FIELD_NAME_WANTED = N_("a name has small Latin letters, digits and underscores, and begins with a letter")
DOTTED_NAMES_WANTED = N_("names with a point between them are wanted here, such as admission.meeting")
CODE_ENDS_ONCE = N_("a code begins once and ends once: later has one entry, and that ends it")
DAY_WANTED = N_("a day is wanted here, such as 2027-01-01")

_NAME_PATTERN = re.compile("[a-z][a-z0-9_]*")
_PATH_PATTERN = re.compile(rf"({_NAME_PATTERN.pattern}(\.{_NAME_PATTERN.pattern})*)?")

ShapeCheck = Callable[[RulebookFile, str, Any], None]
"""What may stand at a place: raises BrokenRulebook where something else does."""


def _fits(fits: Callable[[Any], bool], what: Marked) -> ShapeCheck:
    """Whatever fits, else *what* is said."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        if not fits(value):
            raise file.error_at("shape", place, what)

    return check


def mapping_with_keys(known: Mapping[str, ShapeCheck], *needed: str) -> ShapeCheck:
    """A mapping with these keys and no others, the needed ones among them."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        _mapping(file, place, value)
        for key in value:
            file.require_known(pointer_below(place, key), key, known)
        for key in needed:
            if key not in value:
                raise file.error_at("shape", place, KEY_MISSING, key=key)
        for key, each in value.items():
            known[key](file, pointer_below(place, key), each)

    return check


def mapping_of(kind: ShapeCheck) -> ShapeCheck:
    """A mapping of one kind by name."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        _mapping(file, place, value)
        for key, each in value.items():
            kind(file, pointer_below(place, key), each)

    return check


def list_of(kind: ShapeCheck) -> ShapeCheck:
    """A list of one kind, with at least one entry."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        _list(file, place, value)
        for number, each in enumerate(value):
            kind(file, pointer_below(place, number), each)

    return check


def either_by_type(one: type, first: ShapeCheck, other: ShapeCheck) -> ShapeCheck:
    """The first kind for what is of that type, else the other."""
    return lambda file, place, value: (first if isinstance(value, one) else other)(file, place, value)


def all_checks(*kinds: ShapeCheck) -> ShapeCheck:
    """What is of all these kinds."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        for kind in kinds:
            kind(file, place, value)

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_mapping = _fits(lambda value: isinstance(value, Mapping) and bool(value), MAPPING_WANTED)
_list = _fits(lambda value: isinstance(value, list) and bool(value), LIST_WANTED)
_ANYTHING: ShapeCheck = lambda file, place, value: None  # noqa: E731
_TEXT = _fits(lambda value: isinstance(value, str) and bool(value.strip()), TEXT_WANTED)
_PATH = _fits(lambda value: isinstance(value, str) and bool(_PATH_PATTERN.fullmatch(value)), DOTTED_NAMES_WANTED)
_FLAG = _fits(lambda value: isinstance(value, bool), FLAG_WANTED)
_NUMBER = _fits(_is_number, WHOLE_NUMBER_WANTED)
_DATE = _fits(lambda value: read_day(value) is not None, DAY_WANTED)
_one_end = _fits(lambda value: len(value) == 1 and value[0]["repealed"] is True, CODE_ENDS_ONCE)
_WORDS = list_of(_TEXT)
_NAMES = either_by_type(str, _TEXT, _WORDS)
_LABEL = mapping_with_keys(dict.fromkeys(PAPER_LANGUAGES, _TEXT), "en")
_LABELS = mapping_of(_LABEL)
_OWN_WORDS: ShapeCheck = lambda file, place, value: (  # noqa: E731
    _LABEL if isinstance(value, Mapping) and "en" in value else _LABELS
)(file, place, value)
_ANSWERS = mapping_of(_WORDS)
_END_OF_CODE = all_checks(
    list_of(mapping_with_keys({"since": _DATE, "repealed": _FLAG, "clause": _TEXT}, "since", "repealed")), _one_end
)
_CODES = mapping_of(
    mapping_with_keys({**dict.fromkeys(PAPER_LANGUAGES, _TEXT), "since": _DATE, "later": _END_OF_CODE}, "en")
)
_COUNTED = mapping_with_keys({"count": _TEXT}, "count")
_DAY_WITH_OFFSET = either_by_type(
    Mapping, mapping_with_keys({"of": _TEXT, "months": _NUMBER, "days": _NUMBER}, "of"), _TEXT
)
_one_amount = _fits(lambda value: len(value) == 1, NUMBER_OR_COUNT_WANTED)
_MEASURED = all_checks(
    mapping_with_keys({"count": _TEXT, "of": _TEXT, "days_of": _TEXT, "months_of": _TEXT}), _one_amount
)
_FACTORS = list_of(
    either_by_type(Mapping, all_checks(mapping_with_keys({"days_of": _TEXT, "months_of": _TEXT}), _one_amount), _TEXT)
)
_AMOUNT_LIMIT = either_by_type(
    Mapping, _MEASURED, _fits(lambda value: (som := read_som(value)) is not None and som >= 0, NUMBER_OR_COUNT_WANTED)
)
_WHOLE_LIMIT = either_by_type(
    Mapping, _MEASURED, _fits(lambda value: _is_number(value) and value >= 0, NUMBER_OR_COUNT_WANTED)
)


def _one_of(words: Iterable[str]) -> ShapeCheck:
    """A word of a closed list."""
    known = tuple(words)

    def check(file: RulebookFile, place: str, value: Any) -> None:
        _TEXT(file, place, value)
        file.require_known(place, value, known)

    return check


REACH_PARAMETERS: Mapping[str, ShapeCheck] = {
    "within": _one_of(REACHES),
    "same": _NAMES,
    "overlaps": _TEXT,
    "per": _one_of(PERIOD_FORMATS),
}
"""How far a verb looks beyond the entry, and which of what it finds there counts."""

VERB_PARAMETERS: Mapping[str, Mapping[str, ShapeCheck]] = {
    "needs": {"any": _FLAG},
    "is": {"codes": _WORDS, "all": _WORDS, "of": _TEXT, "contains": _TEXT},
    "dated": {"from": _DAY_WITH_OFFSET, "to": _DAY_WITH_OFFSET, "in": _TEXT},
    "amount": {
        "at_most": _AMOUNT_LIMIT,
        "at_least": _WHOLE_LIMIT,
        "exactly": _WHOLE_LIMIT,
        "times": _FACTORS,
        "each": _TEXT,
        **REACH_PARAMETERS,
    },
    "once": REACH_PARAMETERS,
    "by": {"role": _WORDS, "each": _WORDS, "not": _TEXT, "outside": _FLAG, "registered": _FLAG},
    "stands": {
        "where": _ANSWERS,
        "each": _ANSWERS,
        "of": _TEXT,
        "none": _FLAG,
        "from": _DAY_WITH_OFFSET,
        "to": _DAY_WITH_OFFSET,
        **REACH_PARAMETERS,
    },
    "suits": {"minor_under": _NUMBER, "at_least": _NUMBER, "at_most": _NUMBER, "sex": _TEXT},
}
"""What each verb is told besides the names that it binds."""

FACTS_OF_RULE: Mapping[str, ShapeCheck] = {"codes": _WORDS, "exactly": _NUMBER, "at_least": _NUMBER}
"""What a rule may say besides, where the sentence of its code is filled from it: lint.rules."""

RULING_PARAMETERS: Mapping[str, ShapeCheck] = {
    "clause": _TEXT,
    "strength": _one_of(Strength),
    "reading": _TEXT,
    "repealed": _FLAG,
}

MODIFIERS_IN_TRACK: Mapping[str, ShapeCheck] = {
    "act": _TEXT,
    "when": _ANSWERS,
    "unless": _TEXT,
    "code": _TEXT,
    "says": _OWN_WORDS,
    "in_file": _OWN_WORDS,
    "opens": _TEXT,
}
MODIFIERS_IN_ACT: Mapping[str, ShapeCheck] = {
    **{key: kind for key, kind in MODIFIERS_IN_TRACK.items() if key != "act"},
    "item": _TEXT,
}
MODIFIERS_IN_ITEM: Mapping[str, ShapeCheck] = {key: MODIFIERS_IN_TRACK[key] for key in ("when", "unless", "code")}
"""The modifiers of a rule by where it stands: an item has its own words, weight and act."""


def rule_with_modifiers(modifiers: Mapping[str, ShapeCheck]) -> ShapeCheck:
    """A rule: one verb, what it is told, these modifiers, and since when it is told something else."""

    def check(file: RulebookFile, place: str, value: Any) -> None:
        _mapping(file, place, value)
        verbs = [key for key in value if key in RULE_VERBS]
        told = FACTS_OF_RULE if "code" in value else {}
        own = {**told, **(VERB_PARAMETERS[verbs[0]] if verbs else {}), **RULING_PARAMETERS}
        if modifiers is MODIFIERS_IN_ITEM:
            del own["strength"]
        bound = either_by_type(Mapping, _COUNTED, _TEXT) if verbs and verbs[0] == "amount" else _NAMES
        known = {
            **dict.fromkeys(RULE_VERBS, bound),
            **own,
            **modifiers,
            "later": list_of(mapping_with_keys({**own, "since": _DATE})),
        }
        known_here = (
            {**dict.fromkeys(RULE_VERBS, _ANYTHING), **known} if verbs else {**_parameters_of_any_verb, **known}
        )
        for key in value:
            file.require_known(pointer_below(place, key), key, known_here)
        if not verbs:
            raise file.error_at("shape", place, VERB_WANTED, verbs=RULE_VERBS)
        if len(verbs) > 1:
            raise file.error_at("shape", pointer_below(place, verbs[1]), ONE_VERB_WANTED)
        mapping_with_keys(known)(file, place, value)

    return check


_parameters_of_any_verb = {key: kind for told in VERB_PARAMETERS.values() for key, kind in told.items()}


def _check_fields_shape(file: RulebookFile, place: str, value: Any) -> None:
    _mapping(file, place, value)
    for name, each in value.items():
        if not _NAME_PATTERN.fullmatch(name):
            raise file.error_at("shape", pointer_below(place, name), FIELD_NAME_WANTED)
        FIELD_SHAPE(file, pointer_below(place, name), each)


_FIELDS: ShapeCheck = _check_fields_shape
FIELD_SHAPE = mapping_with_keys(
    {
        "is": _TEXT, "text": _LABEL, "hint": _LABEL, "clause": _TEXT, "codes": _CODES, "of": _NAMES, "open": _FLAG,
        "several": _FLAG, "must": _FLAG, "with": _ANSWERS, "unknown": _FLAG, "zero": _FLAG,
        "letters": either_by_type(bool, _FLAG, _one_of(("name",))), "ahead": either_by_type(bool, _FLAG, _NAMES),
        "begun": _FLAG, "nameless": _FLAG, "was": _TEXT,
        "else": either_by_type(Mapping, mapping_with_keys({"of": _TEXT}, "of"), _ANYTHING), "number": _TEXT,
        "on_paper": _LABEL, "boxes": _WORDS, "note": _TEXT, "printed": _FLAG, "unit": _LABEL, "life": _WORDS,
        "fields": _FIELDS, "offers": _TEXT, "by_file": _FLAG, "card": _FLAG, "enter": _NAMES, "filled": _FLAG,
        "marks": _TEXT,
    },
    "is",
)  # fmt: skip
_RULES = list_of(rule_with_modifiers(MODIFIERS_IN_TRACK))
_AFTER = mapping_with_keys({"months": _NUMBER, "days": _NUMBER})
_deadline_ruling: Mapping[str, ShapeCheck] = {
    "after": _AFTER,
    "every": _one_of(RECURRENCES),
    "during": _one_of(("stay",)),
    **RULING_PARAMETERS,
}
_DEADLINE = mapping_with_keys(
    {
        "from": _TEXT, "row": _TEXT, "text": _LABEL, "owner": _TEXT, "until": _NAMES, "when": _ANSWERS,
        "where": _ANSWERS, "first": _FLAG, "danger": _one_of((DANGER_LATE, DANGER_HEALTH, DANGER_AFTERCARE)),
        "never": _one_of(("overdue", "listed")), **_deadline_ruling,
        "later": list_of(mapping_with_keys({**_deadline_ruling, "since": _DATE})),
    },
    "from", "clause",
)  # fmt: skip
PART_SHAPE = mapping_with_keys(
    {
        "text": _LABEL, "clause": _TEXT, "group": _TEXT, "mark": _TEXT, "product": _WORDS, "fields": _FIELDS,
        "rules": _RULES, "due": list_of(_DEADLINE), "repealed": _FLAG,
        "later": list_of(mapping_with_keys({"clause": _TEXT, "reading": _TEXT, "repealed": _FLAG, "since": _DATE})),
    },
    "text", "clause",
)  # fmt: skip
_SENTENCE = mapping_with_keys({"mark": _TEXT, "clause": _TEXT, "text": _LABEL}, "mark", "clause", "text")
SHEET_SHAPE = mapping_with_keys(
    {
        "kind": _one_of(SHEET_FORMATS), "title": _LABEL, "signed_by": list_of(_one_of(SHEET_SIGNERS)), "signed": _WORDS,
        "columns": _WORDS, "signs": _WORDS, "leaves_out": mapping_of(_TEXT), "tint": _TEXT, "texts": _LABELS,
        "general": mapping_of(_TEXT), "names": _WORDS,
        "sentences": list_of(_SENTENCE),
    },
)  # fmt: skip
_SEAL_SHAPE = mapping_with_keys({"part": _TEXT, "marker": _WORDS, "words": _WORDS, "readers": _WORDS}, "part")
_ENTRY_ACT = mapping_with_keys(
    {"text": _LABEL, "clause": _TEXT, "writes": _TEXT, "when": _ANSWERS}, "text", "clause", "writes"
)
_TITLE = mapping_with_keys({"when": _ANSWERS, "text": _LABEL}, "when", "text")
_ALARM = mapping_with_keys(
    {"when": _ANSWERS, "text": _LABEL, "clause": _TEXT, "owner": _TEXT, "row": _TEXT}, "when", "text", "clause"
)
TRACK_SHAPE = mapping_with_keys(
    {
        "schema": _TEXT, "track": _TEXT, "text": _LABEL, "clause": _TEXT, "home": _NAMES, "at": _PATH, "family": _TEXT,
        "tells": mapping_of(_TEXT), "act": _TEXT, "day": _NAMES, "keeps": _TEXT, "per": _WORDS, "apart": _WORDS,
        "life": _WORDS, "unlisted": _TEXT, "unasked": _TEXT, "advice": _LABEL, "groups": _LABELS, "fields": _FIELDS,
        "each": _FIELDS, "clear": _FIELDS, "parts": mapping_of(PART_SHAPE), "rules": _RULES, "due": list_of(_DEADLINE),
        "sheet": SHEET_SHAPE, "sealed": _SEAL_SHAPE,
        "acts": mapping_of(_ENTRY_ACT), "chosen": _LABEL, "titled": list_of(_TITLE), "alarms": list_of(_ALARM),
    },
    "schema", "track", "text", "clause",
)  # fmt: skip
_item_ruling: Mapping[str, ShapeCheck] = {"gate": _FLAG, **RULING_PARAMETERS}
ITEM_SHAPE = mapping_with_keys(
    {
        "item": _TEXT, "text": _LABEL, "who": _LABEL, "on": _TEXT, "also": _WORDS, "of": _TEXT,
        "done": either_by_type(bool, _FLAG, _one_of(("former",))), "owner": _TEXT, "row": _TEXT,
        "rules": list_of(rule_with_modifiers(MODIFIERS_IN_ITEM)), "says": _LABELS, "in_file": _LABELS, **_item_ruling,
        "later": list_of(mapping_with_keys({**_item_ruling, "since": _DATE})),
    },
    "item", "text", "clause",
)  # fmt: skip
ACT_SHAPE = mapping_with_keys(
    {
        "schema": _TEXT, "act": _TEXT, "text": _LABEL, "clause": _TEXT, "of": _TEXT, "writes": _TEXT, "rests": _TEXT,
        "softens": _ANSWERS, "asks": mapping_of(_WORDS), "rules": list_of(rule_with_modifiers(MODIFIERS_IN_ACT)),
        "items": list_of(ITEM_SHAPE),
    },
    "schema", "act", "text", "clause", "of", "writes", "items",
)  # fmt: skip
_GROUP = mapping_with_keys({"text": _LABEL, "tracks": _WORDS}, "text", "tracks")
TRACKS_SHAPE = mapping_with_keys(
    {
        "schema": _TEXT, "order": _WORDS, "blocks": _WORDS, "moved": mapping_of(_TEXT), "groups": mapping_of(_GROUP),
        "fields": mapping_with_keys({"void": FIELD_SHAPE, "span": FIELD_SHAPE}, "void", "span"),
    },
    "schema", "order", "fields",
)  # fmt: skip
FILE_SHAPES: Mapping[str, ShapeCheck] = {"track": TRACK_SHAPE, "act": ACT_SHAPE, "tracks": TRACKS_SHAPE}
"""What may stand in a file, by what it is of."""
