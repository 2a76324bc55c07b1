"""Reading the files of the rulebook into the types of core, by the annotations of those types.

A reader is made once for each type, and turns what is written into a value. Mistakes are collected as slips, so that an
author sees all of them; places are computed only for these. A trusted file is read without checks.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from sys import modules
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    NamedTuple,
    NotRequired,
    Required,
    TypedDict,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import (
    INHERITED,
    NAME_ABOVE,
    NOT_WRITTEN,
    ONE_OR_MANY,
    As,
    Closed,
    Fits,
    Key,
    Label,
    ListedRulings,
    Made,
    Modifiers,
    Names,
    Rulings,
    Translated,
)
from shelterctl.core.manual.rule import History, Repeal, Rule, Ruling, Strength
from shelterctl.core.manual.slip import Slip, unknown_word
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import json_pointer
from shelterctl.ui_language import N_, PAPER_LANGUAGES, Marked

if TYPE_CHECKING:
    from shelterctl.core.rules.verbs.verb import RuleVerb

KEY_MISSING = N_("a key is missing: {key}")
MAPPING_WANTED = N_("keys with values are expected here")
LIST_WANTED = N_("a list with at least one entry is expected here")
TEXT_WANTED = N_("a text is expected here; put it in quotes if it looks like a number or an answer")
FLAG_WANTED = N_("true or false is expected here")
WHOLE_NUMBER_WANTED = N_("a whole number is expected here")
DAY_WANTED = N_("a day is expected here, such as 2027-01-01")
SINCE_OUTSIDE_LATER = N_(
    "this key does not belong here; write a list under later, with since and what changes from that day in each entry"
)
DAYS_OUT_OF_ORDER = N_("put the days of a history in order, earliest first; only its first ruling has no since")

Kind = Any
"""A type, or an annotation of one."""

Written = Any
"""A value as YAML gives it."""

WrittenKeys = Mapping[str, Written]
"""A mapping as YAML gives it, written for an object."""

Values = dict[str, Any]
"""The values of an object by the names of its fields, as far as they are written."""


class Reading:
    """One file being read: the slips found so far, *derived*, functions that add values once an object's keys are
    read, and the *languages* in which texts may be written.
    """

    __slots__ = ("derived", "languages", "slips")

    def __init__(self, derived: "Mapping[type, Derive]", languages: tuple[str, ...] = PAPER_LANGUAGES) -> None:
        self.slips: list[Slip] = []
        self.derived, self.languages = derived, languages

    def slip(self, message: Marked, place: str = "", code: str = "shape", **facts: object) -> None:
        """Collect a slip at a place below the value that is being read."""
        self.slips.append(Slip(place, message, facts, code=code))

    def move_below(self, start: int, key: str | int) -> None:
        """Put the slips collected since *start* below a key."""
        self.slips[start:] = [each.below(json_pointer((key,))) for each in self.slips[start:]]


Reader = Callable[[Written, Reading], Any]
Derive = Callable[[Values, WrittenKeys, Reading], None]
"""Adds to an object's values those that are not written; it also gets what is written, for the places of slips."""


def make_reader(kind: Kind, checked: bool) -> Reader | None:
    """Return the reader of a type or annotation; None if what is written is taken unchanged and not *checked*."""
    base, notes = _split(kind)
    for note in notes:
        if make := _READERS_OF_NOTES.get(type(note)):
            return make(base, note, checked)
    if checked and (fits := next((note for note in notes if isinstance(note, Fits)), None)):
        return _fitting(base, fits)
    origin, args = _origin(base), get_args(base)
    if origin is None:
        return _object_reader(base, checked) if _has_keys(base) else _scalar_reader(base, checked)
    if origin in _UNIONS:
        return _union_reader(_without_none(base), checked)
    if origin is tuple:
        return list_reader(make_reader(args[0], checked), ONE_OR_MANY in notes, checked)
    return _mapping_reader(*args, checked=checked)


_UNIONS: tuple[Any, ...] = (Union, UnionType)


def make_checker(kind: Kind) -> Reader:
    """Return the reader of a type that looks for slips, even if what is written is taken unchanged."""
    return make_reader(kind, True) or (lambda written, _: written)


def _split(kind: Kind) -> tuple[Kind, tuple[Any, ...]]:
    """Return an annotation without its notes, and the notes; the wrappers Required and None are removed too."""
    notes: tuple[Any, ...] = ()
    while True:
        if _origin(kind) is Annotated:
            kind, notes = get_args(kind)[0], (*notes, *get_args(kind)[1:])
        elif _origin(kind) in (Required, NotRequired):
            kind = get_args(kind)[0]
        elif _origin(kind) in _UNIONS and len(rest := _without_none(kind)) == 1:
            kind = rest[0]
        else:
            return kind, notes


def _origin(kind: Kind) -> Any:
    return get_origin(kind)


def _without_none(kind: Kind) -> list[Kind]:
    return [each for each in get_args(kind) if each is not NoneType]


def _has_keys(kind: Kind) -> bool:
    return is_dataclass(kind) or is_typeddict(kind) or hasattr(kind, "_fields")


def _scalar(fits: Callable[[Any], bool], wanted: Marked) -> Reader:
    """Return a reader that takes a fitting value unchanged, and otherwise collects a slip with what is *wanted*."""

    def read(written: Written, reading: Reading) -> Any:
        if not fits(written):
            reading.slip(wanted)
        return written

    return read


def _is_text(written: object) -> bool:
    return isinstance(written, str) and bool(written.strip())


_SCALARS: Mapping[Kind, Reader | None] = {
    Any: None,
    object: None,
    str: _scalar(_is_text, TEXT_WANTED),
    bool: _scalar(lambda written: isinstance(written, bool), FLAG_WANTED),
    int: _scalar(lambda written: isinstance(written, int) and not isinstance(written, bool), WHOLE_NUMBER_WANTED),
}


def _scalar_reader(kind: Kind, checked: bool) -> Reader | None:
    return _read_date if kind is date else _SCALARS[kind] if checked else None


def _read_date(written: object, reading: Reading) -> date | None:
    if (day := read_day(written)) is None:
        reading.slip(DAY_WANTED)
    return day


def _fitting(base: Kind, fits: Fits) -> Reader:
    """Return a reader of the base type that also checks *fits*; for a text, one slip says both."""
    inner = None if base is str else make_reader(base, True)

    def read(written: Written, reading: Reading) -> Any:
        start = len(reading.slips)
        value = inner(written, reading) if inner else written
        if len(reading.slips) == start and not ((base is not str or isinstance(written, str)) and fits.check(written)):
            reading.slip(fits.wanted)
        return value

    return read


def _closed_reader(_: Kind, closed: Closed, checked: bool) -> Reader | None:
    def read(written: Written, reading: Reading) -> Any:
        if not _is_text(written):
            reading.slip(TEXT_WANTED)
        elif written not in (known := closed.known()):
            reading.slips.append(unknown_word("", written, known))
        return written

    return read if checked else None


def _python_type(kind: Kind) -> Any:
    """Return the type that what is written has if this kind of several is meant."""
    base, notes = _split(kind)
    if _origin(base) is tuple:
        return (list, str) if ONE_OR_MANY in notes else list
    return base if base in (object, bool, str) else Mapping


def _union_reader(kinds: list[Kind], checked: bool) -> Reader | None:
    """Return a reader that uses the first kind whose type matches, else the last, which then says what is expected."""
    options = [(_python_type(kind), make_reader(kind, checked)) for kind in kinds]

    def read(written: Written, reading: Reading) -> Any:
        reader = next((reader for of, reader in options if isinstance(written, of)), options[-1][1])
        return reader(written, reading) if reader else written

    return read if any(reader for _, reader in options) else None


def list_reader(inner: Reader | None, one_or_many: bool = False, checked: bool = True) -> Reader:
    """Return a reader of lists with at least one entry, each read by *inner*; *one_or_many* also takes a text."""

    def read(written: Written, reading: Reading) -> tuple[Any, ...]:
        if one_or_many and isinstance(written, str):
            return (inner(written, reading) if inner else written,)
        if checked and not (isinstance(written, list) and written):
            reading.slip(LIST_WANTED)
            return ()
        if inner is None:
            return tuple(written)
        if not checked:
            return tuple(inner(each, reading) for each in written)
        return tuple(read_below(inner, number, each, reading) for number, each in enumerate(written))

    return read


def read_below(reader: Reader, key: str | int, written: Written, reading: Reading) -> Any:
    """Return what a reader makes of the value under a key, and place its slips below that key."""
    start = len(reading.slips)
    value = reader(written, reading)
    if len(reading.slips) > start:
        reading.move_below(start, key)
    return value


def is_mapping(written: object, reading: Reading) -> bool:
    """Whether it is a mapping with keys; if not, collect a slip."""
    if isinstance(written, Mapping) and written:
        return True
    reading.slip(MAPPING_WANTED)
    return False


def _mapping_reader(names: Kind, kind: Kind, *, checked: bool) -> Reader | None:
    """Return a reader of a mapping by name; an object in it gets its name."""
    read_name = make_reader(names, True) if checked and names is not str else None
    inner = make_reader(kind, checked)
    named = inner if isinstance(inner, _ObjectReader) else None

    def read(written: Written, reading: Reading) -> Mapping[str, Any]:
        found: Values = {}
        if inner and not checked:
            return {key: named(each, reading, key) if named else inner(each, reading) for key, each in written.items()}
        for name, each in written.items() if is_mapping(written, reading) else ():
            start = len(reading.slips)
            if read_name:
                read_name(name, reading)
            if inner and len(reading.slips) == start:
                found[name] = named(each, reading, name) if named else inner(each, reading)
            else:
                found[name] = each
            if len(reading.slips) > start:
                reading.move_below(start, name)
        return found

    return read if checked or inner else None


def _label_reader(_: Kind, translated: Translated, checked: bool) -> Reader | None:
    """Return a reader of a text by language, and of the keys that may be beside the languages; None if unchecked."""
    if not checked:
        return None
    beside = keys_written(translated.value) if translated.value else {}
    others = {key: make_checker(kind) for key, kind in beside.items()}
    text = make_checker(str)

    def read(written: Written, reading: Reading) -> Any:
        return keyed_reader({**dict.fromkeys(reading.languages, text), **others}, ("en",))(written, reading)

    return read


def keyed_reader(known: Mapping[str, Reader], needed: Iterable[str]) -> Reader:
    """Return a reader of a mapping that may have only the *known* keys and must have the *needed* ones."""

    def read(written: Written, reading: Reading) -> Any:
        if is_mapping(written, reading):
            _check_keys(written, known, needed, reading)
            for key, each in written.items():
                if key in known:
                    read_below(known[key], key, each, reading)
        return written

    return read


def _check_keys(written: WrittenKeys, known: Collection[str], needed: Iterable[str], reading: Reading) -> None:
    """Collect a slip for each unknown key or, if there is none, for each needed key that is missing.

    (A misspelt key is not reported as missing too.)
    """
    unknown = [key for key in written if key not in known]
    for key in unknown:
        if key == "since" and "later" in known:
            reading.slip(SINCE_OUTSIDE_LATER, json_pointer((key,)), "word")
            continue
        reading.slips.append(unknown_word(json_pointer((key,)), key, tuple(known)))
    for key in () if unknown else needed:
        if key not in written:
            reading.slip(KEY_MISSING, key=key)


class _Attribute(NamedTuple):
    """One field of a type: its name, the key under which it is written (or None), its annotation and its notes.

    It is *needed* if it must be written, and *empty* if it is None when it is not.
    """

    name: str
    key: str | None
    kind: Kind
    notes: tuple[Any, ...]
    needed: bool
    empty: bool


@cache
def _attributes(kind: Kind) -> list[_Attribute]:
    """Return the fields of a dataclass, named tuple or typed dictionary; a quoted annotation is a name of its module.

    A field whose key is a word of Python ends in _ (``from_``); its key does not.
    """
    if is_dataclass(kind):
        own: Mapping[str, Kind] = {each.name: each.type for each in fields(kind)}
        optional = {each.name for each in fields(kind) if (each.default, each.default_factory) != (MISSING, MISSING)}
    else:
        own = kind.__annotations__
        optional = {*(kind.__optional_keys__ if is_typeddict(kind) else kind._field_defaults)}
    found = []
    for name, hint in own.items():
        whole = vars(modules[kind.__module__])[hint] if isinstance(hint, str) else hint
        notes = _split(whole)[1]
        key = next((note.value for note in notes if isinstance(note, Key)), name.rstrip("_"))
        written = NAME_ABOVE not in notes and NOT_WRITTEN not in notes
        unsaid = written and name not in optional and INHERITED not in notes
        may_be_none = _origin(whole) in _UNIONS and NoneType in get_args(whole)
        needed, empty = unsaid and not may_be_none, unsaid and may_be_none
        found.append(_Attribute(name, key if written else None, whole, notes, needed, empty))
    return found


@cache
def keys_written(kind: Kind) -> Mapping[str, Kind]:
    """Return the keys under which the fields of a type are written, with their annotations; keys of its rulings too."""
    found: dict[str, Kind] = {}
    for one in _attributes(kind):
        if rulings := next((note for note in one.notes if isinstance(note, Rulings)), None):
            found |= {**_ruling_keys(rulings), "later": tuple[Any, ...]}
        elif one.key:
            found[one.key] = one.kind
    return found


SCHEMA_KEY = "schema"
"""The key that names the format of a file."""

RULING_KEYS: Mapping[str, Kind] = {
    "clause": str, "strength": Annotated[str, Closed(tuple(Strength))], "reading": str, "repealed": bool,
}  # fmt: skip
"""Keys that every ruling may have besides its terms."""


def _ruling_keys(rulings: Rulings) -> Mapping[str, Kind]:
    return {**keys_written(rulings.terms), **{key: RULING_KEYS[key] for key in rulings.keys}}


class _ObjectReader:
    """The reader of an object: its keys, each with its field and reader.

    The keys are found when the first object is read, for a type may contain itself.
    """

    def __init__(self, kind: Kind, checked: bool, *, schema: bool = False) -> None:
        self.kind, self.checked, self.own_keys = kind, checked, (SCHEMA_KEY,) if schema else ()
        self.keys: dict[str, tuple[str, Reader | None]] = {}

    def _find_keys(self) -> None:
        self.named, self.history, self.history_name = "", None, ""
        self.empty: list[str] = []
        self.needed = [*self.own_keys]
        for one in _attributes(self.kind):
            rulings = next((note for note in one.notes if isinstance(note, Rulings)), None)
            if rulings:
                self.history, self.history_name = HistoryReader(rulings, self.checked), one.name
            elif one.key:
                self.keys[one.key] = one.name, _reader_under(one.key, one.kind, self.checked)
                self.needed += [one.key] if one.needed else []
                self.empty += [one.name] if one.empty else []
            elif NAME_ABOVE in one.notes:
                self.named = one.name
        self.needed += ["clause"] if self.history else []
        self.known = {*self.own_keys, *keys_written(self.kind)} if self.checked else ()

    def __call__(self, written: Written, reading: Reading, name: str | None = None) -> Any:
        """Return the object, which takes the *name* above it; None if it has slips."""
        if not self.keys:
            self._find_keys()
        start = len(reading.slips)
        if self.checked:
            if not is_mapping(written, reading):
                return None
            _check_keys(written, self.known, self.needed, reading)
        own = self._read_values(written, reading)
        if self.named:
            own[self.named] = name
        if self.history:
            own[self.history_name] = self.history.read_history(written, reading)
        if len(reading.slips) > start:
            return None
        if derive := reading.derived.get(self.kind):
            derive(own, written, reading)
        return None if len(reading.slips) > start else self.kind(**own)

    def _read_values(self, written: WrittenKeys, reading: Reading) -> Values:
        own: Values = dict.fromkeys(self.empty)
        for key, each in written.items():
            if entry := self.keys.get(key):
                attribute, reader = entry
                if reader is None:
                    own[attribute] = each
                else:
                    own[attribute] = read_below(reader, key, each, reading) if self.checked else reader(each, reading)
        return own


@cache
def _object_reader(kind: Kind, checked: bool) -> _ObjectReader:
    return _ObjectReader(kind, checked)


@cache
def make_file_reader(kind: Kind, checked: bool) -> Reader:
    """Return the reader of a type that is written as a file of its own, with a schema key."""
    return _ObjectReader(kind, checked, schema=True)


def _reader_under(key: str, kind: Kind, checked: bool) -> Reader | None:
    """Return the reader of what is under a key; an object there may take the key as its name."""
    reader = make_reader(kind, checked)
    return (lambda written, reading: reader(written, reading, key)) if isinstance(reader, _ObjectReader) else reader


class _RulingReader:
    """The reader of one ruling of a history: its keys, and the day from which it holds."""

    def __init__(self, rulings: Rulings, checked: bool) -> None:
        self.terms, self.checked = rulings.terms, checked
        self.keys = {key: make_reader(kind, checked) for key, kind in _ruling_keys(rulings).items()}
        self.names = {one.key: one.name for one in _attributes(rulings.terms) if one.key}
        self.needed = [one.key for one in _attributes(rulings.terms) if one.key and one.needed]

    def read(self, written: WrittenKeys, reading: Reading) -> Values:
        """Return the values of the keys that belong to the ruling."""
        found = {}
        for key, each in written.items():
            if key == "since":
                found[key] = read_below(_read_date, key, each, reading)
            elif key in self.keys:
                reader = self.keys[key]
                found[key] = read_below(reader, key, each, reading) if reader else each
        return found

    def read_whole(self, written: Written, reading: Reading, needed: Iterable[str]) -> Values:
        """Return the values of a ruling that is written separately, so no other key may be beside its own."""
        if self.checked:
            if not is_mapping(written, reading):
                return {}
            _check_keys(written, (*self.keys, "since"), needed, reading)
        return self.read(written, reading)

    def make(self, values: Mapping[str, Any]) -> Ruling[Any] | Repeal:
        """Return the ruling, or the repeal, with these values."""
        if values.get("repealed"):
            return Repeal(values["clause"], values.get("since"))
        asked = {name: values[key] for key, name in self.names.items() if key in values}
        strength = Strength(values.get("strength", Strength.SHALL))
        return Ruling(values["clause"], values.get("since"), strength, values.get("reading"), self.terms(**asked))


def _misplaced(rulings: Iterable[Values]) -> int | None:
    """Return the number of the first ruling that is out of order; None if there is none.

    The first ruling has no day; each later one has a day after that of the ruling before it.
    """
    begun: date | None = None
    for number, one in enumerate(rulings):
        since = one.get("since")
        if (number == 0) is (since is not None) or (begun and since and since <= begun):
            return number
        begun = since
    return None


class HistoryReader(_RulingReader):
    """The reader of a history written among the keys of its owner, such as a rule, by the type of its terms."""

    def read_history(self, written: WrittenKeys, reading: Reading, clause: str | None = None) -> History[Any]:
        """Return the first ruling and the later ones; a later one states only what it changes.

        *clause* is used for a first ruling that may be written without one.
        """
        start = len(reading.slips)
        own: Values = {} if clause is None else {"clause": clause}
        own |= self.read({key: each for key, each in written.items() if key in self.keys}, reading)
        later = read_below(self._read_later, "later", written["later"], reading) if "later" in written else ()
        if len(reading.slips) > start or "clause" not in own:
            return ()
        if wrong := _misplaced([own, *later]):
            reading.slip(DAYS_OUT_OF_ORDER, json_pointer(("later", wrong - 1, "since")), "order")
            return ()
        kept = {key: value for key, value in own.items() if key != "repealed"}
        return tuple(self.make(each) for each in (own, *({**kept, **one} for one in later)))

    def _read_later(self, written: Written, reading: Reading) -> Sequence[Values]:
        read = list_reader(lambda one, reading: self.read_whole(one, reading, ()), checked=self.checked)
        later: Sequence[Values] = read(written, reading)
        return later


def _listed_history_reader(_: Kind, listed: ListedRulings, checked: bool) -> Reader:
    ruling = _RulingReader(Rulings(listed.value), checked)

    def read_one(written: Written, reading: Reading) -> Values:
        repealed = isinstance(written, Mapping) and written.get("repealed")
        return ruling.read_whole(written, reading, ("clause", *(() if repealed else ruling.needed)))

    def read(written: Written, reading: Reading) -> History[Any]:
        start = len(reading.slips)
        rulings = list_reader(read_one, checked=checked)(written, reading)
        if len(reading.slips) > start:
            return ()
        if (wrong := _misplaced(rulings)) is not None:
            reading.slip(DAYS_OUT_OF_ORDER, json_pointer((wrong, "since") if wrong else (wrong,)), "order")
            return ()
        return tuple(ruling.make(one) for one in rulings)

    return read


VERB_WANTED = N_("a rule needs one of these verbs: {verbs}")
ONE_VERB_WANTED = N_("a rule has only one verb; write a rule of its own for this one")


class Counted(TypedDict):
    """A count, written in the place of a field's name."""

    count: str


MODIFIERS = ("act", "when", "unless", "code", "says", "in_file", "opens", "item")
"""Keys of a rule that hold for its whole history; all others may change from a given day."""


@cache
def _terms_reader(verb: str, strength: bool, checked: bool) -> HistoryReader:
    keys = tuple(key for key in RULING_KEYS if strength or key != "strength")
    return HistoryReader(Rulings(_known_verbs()[verb], keys), checked)


def _known_verbs() -> "Mapping[str, type[RuleVerb]]":
    """Return the verbs of rules by their words; loaded with the first rule, since a list reads none."""
    from shelterctl.core.rules.verbs.vocabulary import VERBS  # noqa: PLC0415

    return VERBS


def _rules_reader(_: Kind, modifiers: Modifiers, checked: bool) -> Reader:
    """Return the reader of a list of rules: each has a verb, names, modifiers, and the history of its parameters."""
    known = _known_verbs()
    own = {name: _modifier_reader(name, checked) for name in modifiers.names}
    bound = {verb: make_reader(Counted | Names if verb == "amount" else Names, checked) for verb in known}

    def read_one(written: Written, reading: Reading) -> Rule | None:
        start = len(reading.slips)
        verbs = [key for key in written if key in known] if not checked or is_mapping(written, reading) else []
        if checked and isinstance(written, Mapping):
            _check_verb(written, verbs, modifiers, reading)
        if len(reading.slips) > start:
            return None
        (verb,) = verbs
        names = read_below(bound[verb] or list_reader(None, True), verb, written[verb], reading)
        found = {
            name: read_below(reader, name, written[name], reading) if reader else written[name]
            for name, reader in own.items()
            if name in written
        }
        history = _terms_reader(verb, modifiers.strength, checked).read_history(written, reading, clause="")
        if isinstance(names, Mapping):
            names = tuple(f"{kind}:{name}" for kind, name in names.items())
        return Rule(verb, names, history, **found) if len(reading.slips) == start else None

    return list_reader(read_one, checked=checked)


def _check_verb(written: WrittenKeys, verbs: list[str], modifiers: Modifiers, reading: Reading) -> None:
    """Collect a slip unless a rule has exactly one verb, and for each key that belongs to no part of it."""
    known = _known_verbs()
    terms = {key for verb in verbs[:1] or known for key in _terms_reader(verb, modifiers.strength, True).keys}
    start = len(reading.slips)
    _check_keys(written, (*known, *terms, *modifiers.names, "later"), (), reading)
    if not verbs and len(reading.slips) == start:
        reading.slip(VERB_WANTED, verbs=tuple(known))
    elif len(verbs) > 1:
        reading.slip(ONE_VERB_WANTED, json_pointer((verbs[1],)))


def _modifier_reader(name: str, checked: bool) -> Reader | None:
    """Return the reader of a modifier: a name, names with their answers, or texts (a single one, or one for each
    reason).
    """
    if name not in ("says", "in_file"):
        return make_reader(Answers if name == "when" else str, checked)
    kinds = [make_reader(kind, checked) for kind in (Label, Mapping[str, Label])]

    def read(written: Written, reading: Reading) -> Any:
        """Read a single text, known by its key ``en``, or one text for each reason."""
        reader = kinds[0 if isinstance(written, Mapping) and "en" in written else 1]
        return reader(written, reading) if reader else written

    return read


def _made_reader(_: Kind, made: Made, checked: bool) -> Reader:
    """Return a reader of values that are written as one type and turned into another."""
    inner = make_reader(made.kind, checked)

    def read(written: Written, reading: Reading) -> Any:
        start = len(reading.slips)
        value = inner(written, reading) if inner else written
        return made.make(value) if len(reading.slips) == start else None

    return read


_READERS_OF_NOTES: Mapping[type, Callable[[Kind, Any, bool], Reader | None]] = {
    As: lambda base, note, checked: make_reader(note.value, checked),
    Closed: _closed_reader,
    Translated: _label_reader,
    ListedRulings: _listed_history_reader,
    Made: _made_reader,
    Modifiers: _rules_reader,
}
