"""Fields: what may be written at one place of an entry, its kind, its words and when it is asked for."""

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

MONEY_KIND, AMOUNT_KIND = "money", "som"
"""The name by which a rulebook of any country writes an amount, and the name by which the program and older rulebooks
know it.
"""

UNKNOWN_ANSWER = "unknown"
"""The answer of a field with ``unknown``: she was asked, and nobody knows."""

OPEN_LISTS = {"languages": "language", "countries": "country"}
"""The open lists whose further codes have a fixed form, with the kind of those codes; other open lists accept any text.
"""

Answers = Mapping[str, tuple[str, ...]]
"""Names of fields, each with the accepted answers: codes, ``yes``, ``no``, ``unknown``, ``there``, ``absent``."""


class CodeValidity(NamedTuple):
    """The days on which a code may be written: from *since* on, before *until*, by that *clause*."""

    since: date | None = None
    until: date | None = None
    clause: str | None = None

    def holds(self, day: date) -> bool:
        """Return whether the code may be written for *day*."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class CodeEnd(TypedDict):
    """The day from which a code may no longer be written, and the clause that says so."""

    since: date
    repealed: bool
    clause: NotRequired[str]


class CodeDays(TypedDict, total=False):
    """The days of a code in the rulebook: its first day, and the day on which it is repealed."""

    since: date
    later: Annotated[tuple[CodeEnd, ...], Fits(lambda ends: len(ends) == 1 and ends[0]["repealed"], CODE_ENDS_ONCE)]


WrittenCodes = Mapping[str, Annotated[Text, Translated(CodeDays)]]
"""Codes as the rulebook's files have them: with the days of each beside its words."""


class OtherField(TypedDict):
    """The field whose answer counts where this one has none."""

    of: str


CLIENTS_REGISTER = "clients"
"""The name under which a field of people refers to clients, by the ids of their files."""

OFFERED_ANSWERS = ("staff", "ngos", "facilities", "providers", "people", "drafters", "coordinator")
"""The kinds of answers that a field can offer from the shelter's own registers."""

COORDINATOR_TITLE, MANAGER_TITLE = N_("NGO Coordinator"), N_("manager")
OFFERED_TITLES = {
    "coordinator": {str(COORDINATOR_TITLE): COORDINATOR_TITLE},
    "drafters": {str(COORDINATOR_TITLE): COORDINATOR_TITLE, str(MANAGER_TITLE): MANAGER_TITLE},
}
"""Titles that a field offers in place of a person: of an IOM employee, who has no code, or of the author of a paper."""


@immutable
class Field:
    """One place of an entry, under the key by which it is written.

    *codes* are the answers allowed there, *terms* those of them that begin or end on a day. *open* allows other words
    beside the codes, *several* makes it a list. *of* names what it refers to: registers, tracks or a list of codes;
    *offers* names which known answers it can offer. *asked_with* lists the answers of other fields without which it is
    not asked; with *must* the entry is malformed without it. *unknown* allows that answer. *zero* lets a number start
    at 0. *letters* refuses an answer without letters. *person* marks somebody's name, *nameless* a text in which her
    name must not occur. *ahead* marks a day that may be in the future: one typed without its year is then the next such
    day; of the fields in *ahead_of*, the first that is answered gives the day from which to count. *begun* allows a
    period of which one day is not known yet. *was* is the kind that an older version had. *absent* is the value that
    counts when nothing is written, *fields* are the fields inside, and *life* names those that are its first and last
    day.

    *number*, *boxes* and *printed* say how paper shows it, *on_paper* with which words where the manual's differ from
    the question, *unit* in which unit, *note* in which field more is written about it. A field with *by_file* is not
    asked at a terminal; one that is known only *afterwards* is asked when the entry is added to, not when it is first
    written; one with *card* is shown on her card. *enter* names what pressing Enter alone answers, or with
    *filled* what is written without asking. *marks* names the yes-or-no field that is answered together with it: a day
    means yes, and so does a guess.
    """

    name: Annotated[str, NAME_ABOVE]
    kind: Annotated[str, Key("is"), Closed(lambda: (*FIELD_KINDS, MONEY_KIND))]
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
    afterwards: bool = False
    card: bool = False
    enter: Names = ()
    filled: bool = False
    marks: str | None = None
    life: tuple[str, ...] = ()
    fields: "Fields" = field(default_factory=dict)

    @property
    def paper_text(self) -> Text:
        """The words of the field on paper."""
        return self.on_paper or self.text


Fields = Mapping[FieldName, Field]


def valid_codes(field: Field, day: date) -> Mapping[str, Text]:
    """Return the codes that may be written for *day*; other codes can still be read."""
    terms = field.terms
    return {code: said for code, said in field.codes.items() if code not in terms or terms[code].holds(day)}


def nested_fields(
    fields: Fields, above: str = "", goes_into: Callable[[Field], bool] = lambda _: True
) -> Iterator[tuple[str, Field]]:
    """Yield every field with its dotted name after *above*, followed by the fields inside it where *goes_into* holds
    for it.
    """
    for name, one in fields.items():
        yield f"{above}{name}", one
        if goes_into(one):
            yield from nested_fields(one.fields, f"{above}{name}.", goes_into)


def leaf_fields(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Return the fields at any depth that have no fields themselves, with their dotted names after *above*."""
    return (each for each in nested_fields(fields, above) if not each[1].fields)


def find_timed_fields(fields: Fields) -> Iterator[str]:
    """Return the dotted names of fields at any depth that have codes which begin or end on a day."""
    return (name for name, one in nested_fields(fields) if one.terms)


class UnfinishedSpan(NamedTuple):
    """A period of which one or both days are not known yet."""

    first: date | None
    last: date | None


class PossibleSpan(Span):
    """The days on which something may have happened of which only the year, month or day is known."""


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
    """Return whether everything beside the days of a span is text or empty."""
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
    "som": (_read_som_amount, N_("an amount")),
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
"""Every kind of field, with its reader and the words for it in a message about a value that cannot be read."""

LIST_OF_TEXTS = N_("a list of texts")
WHOLE_NUMBER_FROM_ZERO = N_("a whole number, 0 or more")
SPAN_ENDS = ("from", "to")
"""The keys of a span's two days; rules can name them even where the span has no fields of its own."""


def describe_field_kind(field: Field) -> str:
    """Return what a field requires, in words for a message about a value that cannot be read."""
    if field.several and field.kind == "text":
        return LIST_OF_TEXTS
    return WHOLE_NUMBER_FROM_ZERO if field.zero and field.kind == "whole" else FIELD_KINDS[field.kind][1]


def read_field(one: Field, written: object) -> Any:
    """Return the typed value of what is written at a field; None where it cannot be read as that field's kind."""
    if one.unknown and written == UNKNOWN_ANSWER:
        return UNKNOWN_ANSWER
    reader = FIELD_KINDS[one.kind][0]
    if not one.several:
        return reader(written, one)
    values = tuple(reader(each, one) for each in written) if isinstance(written, list) else (None,)
    return None if None in values else values


def read_fields(fields: Fields, written: Facts) -> Iterator[tuple[str, Any]]:
    """Yield every written value with its dotted name; one that cannot be read is None, and nothing inside it is
    yielded.
    """
    for name, one in fields.items():
        yield from read_nested_field(name, one, written)


def read_field_alone(name: str, field: Field, written: Facts) -> Any:
    """Return the value of one field without the fields inside it; None where nothing readable is written."""
    there = written.get(name)
    return absent_value(field) if there is None else read_field(field, there)


def absent_value(field: Field) -> Any:
    """Return the value of a field where nothing is written: None, unless the absence means an answer."""
    return None if field.absent is None or isinstance(field.absent, Mapping) else field.absent


def read_nested_field(name: str, field: Field, written: Facts) -> Iterator[tuple[str, Any]]:
    """Yield the value of one field and of the fields inside it, each with its dotted name."""
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
    """Return a typed value as a day: a day itself, the local day of a time, None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
