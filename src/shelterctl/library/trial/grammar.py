"""Which keys a track and an act may have, and what may stand under each: held before anything is made of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shelterctl.core.days import read_day
from shelterctl.core.due import EVERY
from shelterctl.core.money import read_som
from shelterctl.core.reach import PER, WITHIN
from shelterctl.core.rule import VERBS
from shelterctl.core.ruling import Strength
from shelterctl.core.sheet import SHEETS, SIGNERS
from shelterctl.core.track import AFTERCARE, HEALTH, LATE
from shelterctl.core.wording import PUBLISHED
from shelterctl.language import N_, WRITTEN, Marked
from shelterctl.library.file import Written, below

MISSING = N_("a key is missing: {key}")
NO_VERB = N_("a rule says one of these: {verbs}")
TWO_VERBS = N_("a rule has one verb, and this is a second one")
NO_MAPPING = N_("keys with values are wanted here")
NO_LIST = N_("a list is wanted here, with at least one entry")
NO_TEXT = N_("a text is wanted here; put it in quotes if it looks like a number or an answer")
NO_FLAG = N_("true or false is wanted here")
NO_NUMBER = N_("a whole number is wanted here")
NO_AMOUNT = N_("a number is wanted here, or one thing that is counted: count, days_of or months_of")
NO_NAME = N_("a name has small Latin letters, digits and underscores, and begins with a letter")
NO_PATH = N_("names with a point between them are wanted here, such as admission.meeting")
ONE_END = N_("a code begins once and ends once: later has one entry, and that ends it")
NO_DAY = N_("a day is wanted here, such as 2027-01-01")

_NAME = re.compile("[a-z][a-z0-9_]*")
_PATH = re.compile(rf"({_NAME.pattern}(\.{_NAME.pattern})*)?")

Kind = Callable[[Written, str, Any], None]
"""What may stand at a place: raises BrokenRulebook where something else does."""


def _plain(fits: Callable[[Any], bool], what: Marked) -> Kind:
    """Whatever fits, else *what* is said."""

    def held(written: Written, place: str, value: Any) -> None:
        if not fits(value):
            raise written.broken("shape", place, what)

    return held


def keys(known: Mapping[str, Kind], *needed: str) -> Kind:
    """A mapping with these keys and no others, the needed ones among them."""

    def held(written: Written, place: str, value: Any) -> None:
        _mapping(written, place, value)
        for key in value:
            written.known(below(place, key), [key], known)
        for key in needed:
            if key not in value:
                raise written.broken("shape", place, MISSING, key=key)
        for key, each in value.items():
            known[key](written, below(place, key), each)

    return held


def named(kind: Kind) -> Kind:
    """A mapping of one kind by name."""

    def held(written: Written, place: str, value: Any) -> None:
        _mapping(written, place, value)
        for key, each in value.items():
            kind(written, below(place, key), each)

    return held


def listed(kind: Kind) -> Kind:
    """A list of one kind, with at least one entry."""

    def held(written: Written, place: str, value: Any) -> None:
        _list(written, place, value)
        for number, each in enumerate(value):
            kind(written, below(place, number), each)

    return held


def either(one: type, first: Kind, other: Kind) -> Kind:
    """The first kind for what is of that type, else the other."""
    return lambda written, place, value: (first if isinstance(value, one) else other)(written, place, value)


def both(*kinds: Kind) -> Kind:
    """What is of all these kinds."""

    def held(written: Written, place: str, value: Any) -> None:
        for kind in kinds:
            kind(written, place, value)

    return held


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_mapping = _plain(lambda value: isinstance(value, Mapping) and bool(value), NO_MAPPING)
_list = _plain(lambda value: isinstance(value, list) and bool(value), NO_LIST)
ANY: Kind = lambda written, place, value: None  # noqa: E731
TEXT = _plain(lambda value: isinstance(value, str) and bool(value.strip()), NO_TEXT)
PATH = _plain(lambda value: isinstance(value, str) and bool(_PATH.fullmatch(value)), NO_PATH)
FLAG = _plain(lambda value: isinstance(value, bool), NO_FLAG)
NUMBER = _plain(_is_number, NO_NUMBER)
SINCE = _plain(lambda value: read_day(value) is not None, NO_DAY)
_once = _plain(lambda value: len(value) == 1 and value[0]["repealed"] is True, ONE_END)
WORDS = listed(TEXT)
NAMES = either(str, TEXT, WORDS)
LABEL = keys(dict.fromkeys(WRITTEN, TEXT), "en")
LABELS = named(LABEL)
SAYS: Kind = lambda written, place, value: (  # noqa: E731
    LABEL if isinstance(value, Mapping) and "en" in value else LABELS
)(written, place, value)
ANSWERS = named(WORDS)
ENDS = both(listed(keys({"since": SINCE, "repealed": FLAG, "clause": TEXT}, "since", "repealed")), _once)
CODES = named(keys({**dict.fromkeys(WRITTEN, TEXT), "since": SINCE, "later": ENDS}, "en"))
COUNTED = keys({"count": TEXT}, "count")
OFFSET = either(Mapping, keys({"of": TEXT, "months": NUMBER, "days": NUMBER}, "of"), TEXT)
_one = _plain(lambda value: len(value) == 1, NO_AMOUNT)
MEASURED = both(keys({"count": TEXT, "of": TEXT, "days_of": TEXT, "months_of": TEXT}), _one)
TIMES = listed(either(Mapping, both(keys({"days_of": TEXT, "months_of": TEXT}), _one), TEXT))
LIMIT = either(Mapping, MEASURED, _plain(lambda value: (som := read_som(value)) is not None and som >= 0, NO_AMOUNT))
COUNT = either(Mapping, MEASURED, _plain(lambda value: _is_number(value) and value >= 0, NO_AMOUNT))


def _one_of(words: Iterable[str]) -> Kind:
    """A word of a closed list."""
    known = tuple(words)

    def held(written: Written, place: str, value: Any) -> None:
        TEXT(written, place, value)
        written.known(place, [value], known)

    return held


REACH: Mapping[str, Kind] = {"within": _one_of(WITHIN), "same": NAMES, "overlaps": TEXT, "per": _one_of(PER)}
"""How far a verb looks beyond the entry, and which of what it finds there counts."""

PARAMETERS: Mapping[str, Mapping[str, Kind]] = {
    "needs": {"any": FLAG},
    "is": {"codes": WORDS, "all": WORDS, "of": TEXT, "contains": TEXT},
    "dated": {"from": OFFSET, "to": OFFSET, "in": TEXT},
    "amount": {
        "at_most": LIMIT, "at_least": COUNT, "exactly": COUNT,
        "times": TIMES, "each": TEXT, **REACH,
    },
    "once": REACH,
    "by": {"role": WORDS, "each": WORDS, "not": TEXT, "outside": FLAG, "registered": FLAG},
    "stands": {"where": ANSWERS, "each": ANSWERS, "of": TEXT, "none": FLAG, "from": OFFSET, "to": OFFSET, **REACH},
    "suits": {"minor_under": NUMBER, "at_least": NUMBER, "at_most": NUMBER, "sex": TEXT},
}  # fmt: skip
"""What each verb is told besides the names that it binds."""

FACTS: Mapping[str, Kind] = {"codes": WORDS, "exactly": NUMBER, "at_least": NUMBER}
"""What a rule may say besides, where the sentence of its code is filled from it."""

RULING: Mapping[str, Kind] = {"clause": TEXT, "strength": _one_of(Strength), "reading": TEXT, "repealed": FLAG}

OF_A_TRACK: Mapping[str, Kind] = {
    "act": TEXT, "when": ANSWERS, "unless": TEXT, "code": TEXT, "says": SAYS, "in_file": SAYS, "opens": TEXT,
}  # fmt: skip
OF_AN_ACT: Mapping[str, Kind] = {**{key: kind for key, kind in OF_A_TRACK.items() if key != "act"}, "item": TEXT}
OF_AN_ITEM: Mapping[str, Kind] = {key: OF_A_TRACK[key] for key in ("when", "unless", "code")}
"""The modifiers of a rule by where it stands: an item has its own words, weight and act."""


def rule(modifiers: Mapping[str, Kind]) -> Kind:
    """A rule: one verb, what it is told, these modifiers, and since when it is told something else."""

    def held(written: Written, place: str, value: Any) -> None:
        _mapping(written, place, value)
        verbs = [key for key in value if key in VERBS]
        row = PUBLISHED.get(str(value.get("code")))
        told = {key: kind for key, kind in FACTS.items() if row and key in row.facts}
        own = {**told, **(PARAMETERS[verbs[0]] if verbs else {}), **RULING}
        if modifiers is OF_AN_ITEM:
            del own["strength"]
        bound = either(Mapping, COUNTED, TEXT) if verbs and verbs[0] == "amount" else NAMES
        known = {**dict.fromkeys(VERBS, bound), **own, **modifiers, "later": listed(keys({**own, "since": SINCE}))}
        known_here = {**dict.fromkeys(VERBS, ANY), **known} if verbs else {**_every, **known}
        for key in value:
            written.known(below(place, key), [key], known_here)
        if not verbs:
            raise written.broken("shape", place, NO_VERB, verbs=VERBS)
        if len(verbs) > 1:
            raise written.broken("shape", below(place, verbs[1]), TWO_VERBS)
        keys(known)(written, place, value)

    return held


_every = {key: kind for told in PARAMETERS.values() for key, kind in told.items()}


def _fields(written: Written, place: str, value: Any) -> None:
    _mapping(written, place, value)
    for name, each in value.items():
        if not _NAME.fullmatch(name):
            raise written.broken("shape", below(place, name), NO_NAME)
        FIELD(written, below(place, name), each)


FIELDS: Kind = _fields
FIELD = keys(
    {
        "is": TEXT, "text": LABEL, "hint": LABEL, "clause": TEXT, "codes": CODES, "of": NAMES, "open": FLAG,
        "several": FLAG, "must": FLAG, "with": ANSWERS, "unknown": FLAG, "zero": FLAG,
        "letters": either(bool, FLAG, _one_of(("name",))),
        "ahead": either(bool, FLAG, NAMES), "begun": FLAG, "nameless": FLAG, "was": TEXT,
        "else": either(Mapping, keys({"of": TEXT}, "of"), ANY),
        "number": TEXT, "on_paper": LABEL, "boxes": WORDS, "note": TEXT, "printed": FLAG, "unit": LABEL, "life": WORDS,
        "fields": FIELDS, "offers": TEXT, "by_file": FLAG, "card": FLAG, "enter": NAMES, "filled": FLAG,
        "marks": TEXT,
    },
    "is",
)  # fmt: skip
RULES = listed(rule(OF_A_TRACK))
AFTER = keys({"months": NUMBER, "days": NUMBER})
_due: Mapping[str, Kind] = {"after": AFTER, "every": _one_of(EVERY), "during": _one_of(("stay",)), **RULING}
DUE = keys(
    {
        "from": TEXT, "row": TEXT, "text": LABEL, "owner": TEXT, "until": NAMES, "when": ANSWERS, "where": ANSWERS,
        "first": FLAG, "danger": _one_of((LATE, HEALTH, AFTERCARE)), "never": _one_of(("overdue", "listed")),
        **_due, "later": listed(keys({**_due, "since": SINCE})),
    },
    "from", "clause",
)  # fmt: skip
PART = keys(
    {
        "text": LABEL, "clause": TEXT, "group": TEXT, "mark": TEXT, "product": WORDS, "fields": FIELDS, "rules": RULES,
        "due": listed(DUE), "repealed": FLAG,
        "later": listed(keys({"clause": TEXT, "reading": TEXT, "repealed": FLAG, "since": SINCE})),
    },
    "text", "clause",
)  # fmt: skip
SHEET = keys(
    {
        "kind": _one_of(SHEETS), "title": LABEL, "signed_by": listed(_one_of(SIGNERS)), "signed": WORDS,
        "columns": WORDS, "signs": WORDS, "leaves_out": named(TEXT), "tint": TEXT, "texts": LABELS,
        "general": named(TEXT), "names": WORDS,
        "sentences": listed(keys({"mark": TEXT, "clause": TEXT, "text": LABEL}, "mark", "clause", "text")),
    },
)  # fmt: skip
SEALED = keys({"part": TEXT, "marker": WORDS, "words": WORDS, "readers": WORDS}, "part")
TRACK = keys(
    {
        "schema": TEXT, "track": TEXT, "text": LABEL, "clause": TEXT, "home": NAMES, "at": PATH, "family": TEXT,
        "tells": named(TEXT), "act": TEXT, "day": NAMES, "keeps": TEXT, "per": WORDS, "apart": WORDS, "life": WORDS,
        "unlisted": TEXT,
        "unasked": TEXT, "advice": LABEL, "groups": LABELS, "fields": FIELDS, "each": FIELDS, "clear": FIELDS,
        "parts": named(PART), "rules": RULES, "due": listed(DUE), "sheet": SHEET, "sealed": SEALED,
        "acts": named(
            keys({"text": LABEL, "clause": TEXT, "writes": TEXT, "when": ANSWERS}, "text", "clause", "writes")
        ),
         "chosen": LABEL,
        "titled": listed(keys({"when": ANSWERS, "text": LABEL}, "when", "text")),
        "alarms": listed(
            keys({"when": ANSWERS, "text": LABEL, "clause": TEXT, "owner": TEXT, "row": TEXT}, "when", "text", "clause")
        ),
    },
    "schema", "track", "text", "clause",
)  # fmt: skip
_standing: Mapping[str, Kind] = {"gate": FLAG, **RULING}
ITEM = keys(
    {
        "item": TEXT, "text": LABEL, "who": LABEL, "on": TEXT, "also": WORDS, "of": TEXT,
        "done": either(bool, FLAG, _one_of(("former",))), "owner": TEXT, "row": TEXT,
        "rules": listed(rule(OF_AN_ITEM)), "says": LABELS, "in_file": LABELS, **_standing,
        "later": listed(keys({**_standing, "since": SINCE})),
    },
    "item", "text", "clause",
)  # fmt: skip
ACT = keys(
    {
        "schema": TEXT, "act": TEXT, "text": LABEL, "clause": TEXT, "of": TEXT, "writes": TEXT, "rests": TEXT,
        "softens": ANSWERS, "asks": named(WORDS), "rules": listed(rule(OF_AN_ACT)), "items": listed(ITEM),
    },
    "schema", "act", "text", "clause", "of", "writes", "items",
)  # fmt: skip
GROUP = keys({"text": LABEL, "tracks": WORDS}, "text", "tracks")
TRACKS = keys(
    {
        "schema": TEXT, "order": WORDS, "blocks": WORDS, "moved": named(TEXT), "groups": named(GROUP),
        "fields": keys({"void": FIELD, "span": FIELD}, "void", "span"),
    },
    "schema", "order", "fields",
)  # fmt: skip
SHAPES: Mapping[str, Kind] = {"track": TRACK, "act": ACT, "tracks": TRACKS}
"""What may stand in a file, by what it is of."""
