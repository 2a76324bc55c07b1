"""What may be written at one place of an entry: its kind, how it is called, and when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, NotRequired, TypedDict

from shelterctl.core.manual.notation import (
    CODE_ENDS_ONCE,
    NAME_ABOVE,
    NOT_WRITTEN,
    As,
    Closed,
    FieldName,
    Fits,
    Key,
    Label,
    Names,
    Translated,
)
from shelterctl.core.values.days import Span, read_clock, read_day, read_month, read_partial, read_time
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import read_som
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.ui_language import N_

UNKNOWN_ANSWER = "unknown"
"""What may be answered where a field has ``unknown``: that she was asked, and nobody knows."""

OPEN_LISTS = {"languages": "language", "countries": "country"}
"""What other codes may stand beside those of an open list, which are written in one way; elsewhere it is any text."""

Answers = Mapping[str, tuple[str, ...]]
"""Names of fields, each with the answers that are meant: codes, ``yes``, ``no``, ``unknown``, ``there``, ``absent``."""


class CodeValidity(NamedTuple):
    """The days on which a code may be written: *since* the first of them, and before *until*, by that *clause*."""

    since: date | None = None
    until: date | None = None
    clause: str | None = None

    def holds(self, day: date) -> bool:
        """Whether it may be written of that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class CodeEnd(TypedDict):
    """The day from which a code is not written any more, by a clause."""

    since: date
    repealed: bool
    clause: NotRequired[str]


class CodeDays(TypedDict, total=False):
    """What a code says besides its words: the day on which it begins, and that on which it is repealed."""

    since: date
    later: Annotated[tuple[CodeEnd, ...], Fits(lambda ends: len(ends) == 1 and ends[0]["repealed"], CODE_ENDS_ONCE)]


WrittenCodes = Mapping[str, Annotated[Text, Translated(CodeDays)]]
"""Codes as they are written: the days of each stand among its words."""


class OtherField(TypedDict):
    """The field whose answer holds where another one has none."""

    of: str


OFFERED_ANSWERS = ("staff", "ngos", "facilities", "providers", "people", "drafters", "coordinator")
"""What a house knows already and may offer as an answer."""

COORDINATOR_TITLE, MANAGER_TITLE = N_("NGO Coordinator"), N_("manager")
OFFERED_TITLES = {
    "coordinator": {str(COORDINATOR_TITLE): COORDINATOR_TITLE},
    "drafters": {str(COORDINATOR_TITLE): COORDINATOR_TITLE, str(MANAGER_TITLE): MANAGER_TITLE},
}
"""Titles that stand for a person by what a field offers: of someone of IOM, who has no code, or who drafted a paper."""


@immutable
class Field:
    """One place of an entry, by the key under which it is written.

    *codes* are what may be written there, *terms* those of them that begin or end on a day, *open* that other words may
    stand beside them, *several* that it is a list. *of* names what is pointed at: registers, tracks, or a list of
    codes; *offers* what a house knows and may offer. *asked_with* says beside which answers it is asked at all, *must*
    that the entry is malformed without it. *unknown* may be answered so, *zero* counts from nothing on, *letters* has
    no answer of figures alone, *person* is somebody's name, *nameless* no word of hers, *ahead* may lie before one:
    what is typed without its year or day is the next; of those in *ahead_of* the first that is answered says from when
    on; *begun* is a period that may be written before both its days are known; *was* is the kind that an older version
    took. *absent* is what it means when nothing is written, *fields* what stands inside, *life* which of those are its
    first and last day.
    *number*, *boxes* and *printed* say how paper shows it, *on_paper* in which words where those of the manual are not
    what a person asks, *unit* what a form counts in it, *note* in which field more is said to it. What is written
    *by_file* is not asked at a terminal, what stands on her *card* is seen at once. *enter* names what Enter alone
    answers, or with *filled* what is written without being asked; *marks* the field of yes and no beside it that is
    answered with it: a day is a yes, and so is a guess.
    """

    name: Annotated[str, NAME_ABOVE]
    kind: Annotated[str, Key("is"), Closed(lambda: FIELD_KINDS)]
    text: Label = field(default_factory=dict)
    hint: Label | None = None
    clause: str | None = None
    codes: Annotated[Mapping[str, Text], As(WrittenCodes)] = field(default_factory=dict)
    terms: Annotated[Mapping[str, CodeValidity], NOT_WRITTEN] = field(default_factory=dict)
    of: Names = ()
    open: bool = False
    several: bool = False
    must: bool = False
    asked_with: Annotated[Answers, Key("with")] = field(default_factory=dict)
    unknown: bool = False
    zero: bool = False
    letters: Annotated[bool, As(bool | Annotated[str, Closed(("name",))])] = False
    person: Annotated[bool, NOT_WRITTEN] = False
    ahead: Annotated[bool, As(bool | Names)] = False
    ahead_of: Annotated[tuple[str, ...], NOT_WRITTEN] = ()
    begun: bool = False
    nameless: bool = False
    offers: Annotated[str, Closed(OFFERED_ANSWERS)] | None = None
    was: Annotated[str, Closed(lambda: FIELD_KINDS)] | None = None
    absent: Annotated[object, Key("else"), As(OtherField | object)] = None
    number: str | None = None
    on_paper: Label | None = None
    boxes: tuple[str, ...] = ()
    note: str | None = None
    printed: bool = False
    unit: Label | None = None
    by_file: bool = False
    card: bool = False
    enter: Names = ()
    filled: bool = False
    marks: str | None = None
    life: tuple[str, ...] = ()
    fields: "Fields" = field(default_factory=dict)

    @property
    def paper_text(self) -> Text:
        """Its words on paper."""
        return self.on_paper or self.text


Fields = Mapping[FieldName, Field]


def valid_codes(field: Field, day: date) -> Mapping[str, Text]:
    """The codes that may be written of that day; any other is still read."""
    terms = field.terms
    return {code: said for code, said in field.codes.items() if code not in terms or terms[code].holds(day)}


def nested_fields(
    fields: Fields, above: str = "", goes_into: Callable[[Field], bool] = lambda _: True
) -> Iterator[tuple[str, Field]]:
    """Each of these fields with its dotted name behind *above*, and after it the fields inside it, where *goes_into*
    holds for it.
    """
    for name, one in fields.items():
        yield f"{above}{name}", one
        if goes_into(one):
            yield from nested_fields(one.fields, f"{above}{name}.", goes_into)


def leaf_fields(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Each of these fields, or inside them, that has no fields itself, with its dotted name behind *above*."""
    return (each for each in nested_fields(fields, above) if not each[1].fields)


def find_timed_fields(fields: Fields) -> Iterator[str]:
    """The dotted names of these fields, and of what stands inside them, that have codes which begin or end."""
    return (name for name, one in nested_fields(fields) if one.terms)


class UnfinishedSpan(NamedTuple):
    """A period of which a day is not known yet."""

    first: date | None
    last: date | None


class PossibleSpan(Span):
    """The days on which something may have been, of which only a year or a month is known."""


def _read_text(written: object, field: Field) -> str | None:
    said = isinstance(written, str) and (any(map(str.isalpha, written)) if field.letters else bool(written.strip()))
    return written if said and isinstance(written, str) else None


def _read_whole_number(written: object, field: Field) -> int | None:
    number = isinstance(written, int) and not isinstance(written, bool) and written >= (0 if field.zero else 1)
    return written if number and isinstance(written, int) else None


def _read_som_amount(written: object, field: Field) -> Decimal | None:
    som = read_som(written)
    return som if som is not None and (som > 0 or (field.zero and som == 0)) else None


def _read_months(written: object, field: Field) -> int | tuple[str, ...] | None:
    if isinstance(written, list):
        whole = written and all(read_month(month) for month in written) and len(set(written)) == len(written)
        return tuple(sorted(written)) if whole else None
    return _read_whole_number(written, field)


def _read_span(written: object, field: Field) -> Span | UnfinishedSpan | None:
    if not isinstance(written, Mapping):
        return None
    if field.fields and (written.keys() - {*SPAN_ENDS, *field.fields} or not _holds_only_texts(written, field.fields)):
        return None
    first, last = (read_day(written.get(end)) for end in SPAN_ENDS)
    if first and last:
        return Span(first, last) if first <= last else None
    readable = all(day or written.get(end) is None for end, day in zip(SPAN_ENDS, (first, last), strict=True))
    return UnfinishedSpan(first, last) if field.begun and readable else None


def _holds_only_texts(written: Mapping[str, Any], fields: Fields) -> bool:
    """Whether what stands beside the days of a span is text, or nothing."""
    return all(isinstance(written.get(name), str | None) for name in fields)


def _read_group(written: object, _: Field) -> Mapping[str, Any] | None:
    return written if isinstance(written, Mapping) else None


FieldReader = Callable[[Any, Field], Any]

FIELD_KINDS: Mapping[str, tuple[FieldReader, str]] = {
    "text": (_read_text, N_("text")),
    "code": (_read_text, N_("a code")),
    "party": (_read_text, N_("a code")),
    "yes_no": (lambda written, _: written if isinstance(written, bool) else None, N_("yes or no")),
    "whole": (_read_whole_number, N_("a whole number, 1 or more")),
    "som": (_read_som_amount, N_("an amount of som")),
    "day": (lambda written, _: read_day(written), N_("a date YYYY-MM-DD")),
    "time": (lambda written, _: read_time(written), N_("a time YYYY-MM-DDTHH:MM")),
    "clock": (lambda written, _: read_clock(written), N_("a time of the day HH:MM")),
    "partial": (
        lambda written, _: PossibleSpan(*span) if (span := read_partial(written)) else None,
        N_("a year, a month YYYY-MM or a date YYYY-MM-DD"),
    ),
    "months": (_read_months, N_("a number of months, or a list of months YYYY-MM, each once")),
    "span": (_read_span, N_("a period: from a date, to the same or a later date")),
    "group": (_read_group, N_("keys with values, indented below it")),
    "parts": (_read_group, N_("keys with values, indented below it")),
    "entry": (_read_text, N_("a code")),
}
"""Every kind of field, with its reader and what it is called where it cannot be read."""

LIST_OF_TEXTS = N_("a list of texts")
WHOLE_NUMBER_FROM_ZERO = N_("a whole number, 0 or more")
SPAN_ENDS = ("from", "to")
"""The days of a span, which may be named whether they have fields of their own or not."""


def describe_field_kind(field: Field) -> str:
    """What a field wants, as it is said where something else stands there."""
    if field.several and field.kind == "text":
        return LIST_OF_TEXTS
    return WHOLE_NUMBER_FROM_ZERO if field.zero and field.kind == "whole" else FIELD_KINDS[field.kind][1]


def read_field(one: Field, written: object) -> Any:
    """The typed value of what is written at a field; None where it cannot be read as its kind."""
    if one.unknown and written == UNKNOWN_ANSWER:
        return UNKNOWN_ANSWER
    reader = FIELD_KINDS[one.kind][0]
    if not one.several:
        return reader(written, one)
    values = tuple(reader(each, one) for each in written) if isinstance(written, list) else (None,)
    return None if None in values else values


def read_fields(fields: Fields, written: Facts) -> Iterator[tuple[str, Any]]:
    """Every value that is written, by its dotted name; what cannot be read is None, and nothing stands inside it."""
    for name, one in fields.items():
        yield from read_nested_field(name, one, written)


def read_field_alone(name: str, field: Field, written: Facts) -> Any:
    """The value of one field, without what stands inside it; None where none is written, or none that can be read."""
    there = written.get(name)
    if there is not None:
        return read_field(field, there)
    return None if field.absent is None or isinstance(field.absent, Mapping) else field.absent


def read_nested_field(name: str, field: Field, written: Facts) -> Iterator[tuple[str, Any]]:
    """The same of one field, with what stands inside it."""
    there, value = written.get(name), read_field_alone(name, field, written)
    if there is None and value is None:
        return
    yield name, value
    if value is None or there is None:
        return
    if isinstance(value, Span | UnfinishedSpan):
        yield from ((f"{name}.{end}", day) for end, day in zip(SPAN_ENDS, value, strict=True) if day)
    if field.fields and not field.several:
        inside = {below: each for below, each in field.fields.items() if str(there.get(below)).strip()}
        yield from ((f"{name}.{below}", each) for below, each in read_fields(inside, there))


def as_day(value: object) -> date | None:
    """The day that a typed value is, or its local day; None for whatever is no day."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
