"""Columns of a list: the content of each cell, and how it is read from the fields of the rulebook.

No cell shows a name, a contact, free text or a day of birth; the kind of the field decides that.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from shelterctl.core.manual.field import OPEN_LISTS, UNKNOWN_ANSWER, Field, Fields, as_day, read_field_alone
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.account_rows import AccountRow
from shelterctl.core.money.allowance import Allowance
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.entries import Entry, latest_entry, list_entries, list_written
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, Text
from shelterctl.ui_language import N_, Marked

IN_WORDS, UNREGISTERED_CODE = "in_words", "unregistered"
"""The code shown in place of one that no register has; `IN_WORDS` is shown in place of free text."""

ANSWER_WORDS: Mapping[str, Text] = {
    "yes": {"en": "yes", "ru": "да", "ky": "ооба"},
    "no": {"en": "no", "ru": "нет", "ky": "жок"},
    UNKNOWN_ANSWER: {"en": "unknown", "ru": "неизвестно", "ky": "белгисиз"},
    IN_WORDS: {"en": "in words", "ru": "своими словами", "ky": "өз сөзү менен"},
    UNREGISTERED_CODE: {"en": "not registered", "ru": "нет в реестре", "ky": "реестрде жок"},
}
"""The words for answers that are no codes of their field; for no answer at all a column has words of its own."""

HOUSE_REGISTER = "facilities"
"""The register of houses."""

COLUMN_KINDS = {
    "code": "code", "party": "party", "yes_no": "yes_no", "whole": "whole", "som": "som", "day": "day", "time": "day",
    "months": "whole", "entry": "id",
}  # fmt: skip
"""Kinds of fields that a cell may show, each with the kind of its column."""


@immutable
class ListRow:
    """The subject of a row: a client, a stay of hers, and an entry of a list or a part of it, if any.

    A row of the *whole* client shows her last stay, and counts entries in all stays and outside them. In a register
    *entry* is what is registered under *code*. In an account *money* has the sums of the row.
    """

    client: Client = field(default_factory=lambda: Client({}))
    stay: Stay | None = None
    entry: Facts = field(default_factory=dict)
    part: Entry | None = None
    code: str | None = None
    whole: bool = False
    money: AccountRow | Allowance | None = None


Cell = str | int | Decimal | date | tuple["Cell", ...] | None
"""The content of a cell: a code, an id, yes or no, a number, a day or month, several of these, or nothing."""

CellReader = Callable[[ListRow], Cell]
FactsReader = Callable[[ListRow], Iterable[Facts]]
"""A function that finds the places of a file, or the entries, from which the cells of a row are read."""

NOT_WRITTEN_DOWN = N_("not recorded")
"""The words for an empty cell, unless its column has others."""


NO_DEFINITION = Marked("")
"""The definition of a column that is a field: its label says what it is."""

MONTH_LENGTH = len("2026-12")
MONTH_WORDS = {"en": "month", "ru": "месяц", "ky": "ай"}


@immutable
class Column:
    """One column of a list by its dotted *name*; without *read* no list shows it.

    *codes* are the possible codes, *open* the kind of further codes, *of* the registers whose codes may be shown,
    *beside* the codes that are not the field's own. With *several* a cell may hold several codes; with *listed* these
    come from several entries. With *adds* its numbers are added up where rows are counted. *means* is its definition,
    where it is computed. *nothing* are the words for an empty cell; None where no cell is empty. With *own_heading* the
    *text* is its heading, although its name has other words in other lists. A *sharp* column may point at one person,
    although its kind does not.
    """

    name: str
    kind: str
    text: Text
    read: CellReader | None = None
    codes: Mapping[str, Text] = field(default_factory=dict)
    of: tuple[str, ...] = ()
    open: str | None = None
    several: bool = False
    listed: bool = False
    beside: tuple[str, ...] = ()
    adds: bool = False
    clause: str | None = None
    means: str = NO_DEFINITION
    nothing: Marked | None = NOT_WRITTEN_DOWN
    own_heading: bool = False
    sharp: bool = False

    @property
    def overlaps(self) -> bool:
        """Whether one row may stand under several codes, so that the parts of a count may exceed it."""
        return self.several or self.listed

    @property
    def answers(self) -> tuple[str, ...]:
        """Every code known beforehand that a cell may hold."""
        yes_no = ("yes", "no") if self.kind == "yes_no" else ()
        return (*self.codes, *yes_no, *self.beside)


def track_columns(track: Track) -> Iterator[Column]:
    """Yield the columns of a track of a client or stay: of several entries the effective one, or all their codes.

    Fields that no list may show are included, so that they are refused by name.
    """
    places, listed = _find_places(track)
    for path, one in flatten_fields(track.fields):
        if not listed or one.kind == "code" or one.kind not in COLUMN_KINDS:
            reader = _field_reader(places, one, path, listed=listed)
            yield field_column(f"{track.name}.{path}", one, reader, listed=listed)


def entry_columns(name: str, fields: Fields, *, hours: bool = False) -> Iterator[Column]:
    """Yield the columns of an entry that is the subject of the row; with *hours* a time keeps its hour."""
    for path, one in flatten_fields(fields):
        reader = _field_reader(lambda row: (row.entry,), one, path, hours=hours)
        column = field_column(f"{name}.{path}", one, reader, always=one.must and path in fields)
        yield replace(column, kind="time") if hours and one.kind == "time" else column


def count_column(track: Track, name: str) -> Column:
    """Return the column with the number of a track's entries in the stay of a row, or in a whole client's file."""
    homes = _find_homes(track, every=True)
    means = N_("The number of such entries, without those that are struck through.")

    def count(row: ListRow) -> Cell:
        return sum(len(live_entries(value_at(home, track.at))) for home in homes(row))

    return Column(name, "whole", track.text, count, clause=track.clause, means=means, nothing=None)


def part_column(name: str, path: str, owners: Mapping[tuple[str, str], Field]) -> Column:
    """Return the column of a key that several parts have, by form and number; each is read by its own field."""

    def read(row: ListRow) -> Cell:
        part = row.part.definition if row.part else None
        own = owners.get((str(row.entry.get("form")), part.number)) if isinstance(part, FormPart) else None
        return cell_value(own, row.part.values.get(path)) if own and row.part else None

    codes = {code: text for one in owners.values() for code, text in one.codes.items()}
    return replace(field_column(name, next(iter(owners.values())), read), codes=codes)


def columns_by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """Return the columns by name, with the calendar month of each day after it, unless its name is taken."""
    found: dict[str, Column] = {}
    for column in columns:
        found[column.name] = column
        if column.kind in DAYS_WITH_MONTH and column.read and not column.several:
            month = make_month_column(column)
            found.setdefault(month.name, month)
    return found


class LazyColumns(Mapping[str, Column]):
    """Columns by name, each built when it is first asked for.

    The *others* come after these, and are found only when a name is none of these.
    """

    def __init__(
        self,
        build: Mapping[str, Callable[[], Column]],
        others: Callable[[], Mapping[str, Column]] = dict[str, Column],
    ) -> None:
        self._build, self._find_others = build, others
        self._built: dict[str, Column] = {}

    @cached_property
    def _others(self) -> Mapping[str, Column]:
        return self._find_others()

    def __getitem__(self, name: str) -> Column:
        if name not in self._built:
            self._built[name] = self._build[name]() if name in self._build else self._others[name]
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._build or name in self._others

    def __iter__(self) -> Iterator[str]:
        yield from self._build
        yield from (name for name in self._others if name not in self._build)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _month_definition(name: str) -> str:
    english = f"The calendar month of {name}."
    return LabelledCode(english, {"en": english, "ru": f"Календарный месяц столбца {name}."})


DAYS_WITH_MONTH = ("day", "time")
"""Kinds of columns whose calendar month is a column of its own."""


def name_month_column(name: str) -> str:
    """Return the name of the column with the calendar month of a day."""
    lead, dot, last = name.rpartition(".")
    last = "month" if last in ("on", "at") else f"{last.removesuffix('_on').removesuffix('_at')}_month"
    return f"{lead}{dot}{last}"


def make_month_column(column: Column) -> Column:
    """Return the calendar month of a day, of a column that is read, as a column of its own."""
    name, read = name_month_column(column.name), column.read

    def month(row: ListRow) -> Cell:
        day = read(row) if read else None
        day = local_day(day) or day if column.kind == "time" else day
        return day.isoformat()[:MONTH_LENGTH] if isinstance(day, date) else day

    text = {language: f"{said}: {MONTH_WORDS[language]}" for language, said in column.text.items()}
    if len(text) < 2:  # a computed column has its heading as its text
        text = {"en": name.rpartition(".")[2].replace("_", " ")}
    return replace(column, name=name, kind="month", text=text, read=month, means=_month_definition(column.name))


def flatten_fields(fields: Fields, lead: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field that holds a value, by dotted path; a period as its two days, without lists of groups.

    Parts have columns of their own.
    """
    for key, one in fields.items():
        path = f"{lead}{key}"
        if one.kind == "span":
            days = {end: Field(end, "day", one.text, clause=one.clause) for end in ("from", "to")}
            yield from flatten_fields({**days, **one.fields}, f"{path}.")
        elif one.kind == "group":
            yield from () if one.several else flatten_fields(one.fields, f"{path}.")
        elif one.kind != "parts":
            yield path, one


def field_column(name: str, one: Field, read: CellReader, *, listed: bool = False, always: bool = False) -> Column:
    """Return a field as a column; a kind that may identify a person has no reader, so that no list shows it."""
    kind = COLUMN_KINDS.get(one.kind)
    worded = one.kind == "code" and bool(one.was or (one.open and not set(one.of) & OPEN_LISTS.keys()))
    substitutes = (UNREGISTERED_CODE,) if one.kind == "party" else (IN_WORDS,) if worded else ()
    return Column(
        name,
        kind or one.kind,
        one.text,
        read if kind else None,
        codes=one.codes,
        of=one.of if one.kind == "party" else (),
        open=next((OPEN_LISTS[each] for each in one.of if each in OPEN_LISTS), None) if one.open else None,
        several=one.several or listed,
        listed=listed,
        beside=(*((UNKNOWN_ANSWER,) if one.unknown else ()), *substitutes),
        adds=one.kind == "som",
        clause=one.clause,
        nothing=None if always else NOT_WRITTEN_DOWN,
    )


def cell_value(one: Field, value: Any, *, hours: bool = False) -> Cell:
    """Return a field's value as its column shows it: the number of months, codes but no words, and of a time its day,
    or with *hours* the local time ``YYYY-MM-DDTHH:MM``.
    """
    if value is None or value == ():
        return None
    if hours and isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    if isinstance(value, tuple):
        return len(value) if one.kind == "months" else tuple(dict.fromkeys(_single_value(one, each) for each in value))
    return _single_value(one, value)


def _single_value(one: Field, value: Any) -> Cell:
    if one.kind == "time" and value != UNKNOWN_ANSWER:
        return as_day(value)
    free = one.kind == "code" and value != UNKNOWN_ANSWER and value not in one.codes
    found: Cell = IN_WORDS if free and not (one.open and set(one.of) & OPEN_LISTS.keys()) else value
    return found


def mask_unregistered(column: Column, value: Cell, known: Callable[[str], Collection[str] | None]) -> Cell:
    """Return the cell of a column of registers, without a code that no register has: it may be somebody's name.

    *known* returns the codes of a register, or None where it cannot be read. The code of a house is shown then too,
    because it is checked against its register whenever it is saved.
    """
    for register in column.of if value is not None else ():
        codes = known(register)
        if (codes is None and register == HOUSE_REGISTER) or (codes is not None and value in codes):
            return value
    return UNREGISTERED_CODE if column.of and value is not None else value


def _field_reader(
    places: FactsReader, one: Field, path: str, *, listed: bool = False, hours: bool = False
) -> CellReader:
    """Return the reader of a field: at the first place of a row, or with *listed* at all, each answer once."""
    way, _, key = path.rpartition(".")

    nothing_written = None if way else cell_value(one, read_field_alone(key, one, {}), hours=hours)

    def read_place(facts: Facts) -> Cell:
        if not facts:
            return nothing_written
        holder = value_at(facts, way) if way else facts
        if way and not isinstance(holder, dict):
            return None
        return cell_value(one, read_field_alone(key, one, holder), hours=hours)

    def read_all(row: ListRow) -> Cell:
        said: dict[Cell, None] = {}
        for cell in map(read_place, places(row)):
            if isinstance(cell, tuple):
                said.update(dict.fromkeys(cell))
            elif cell is not None:
                said[cell] = None
        return tuple(each for each in said if each is not None) or None

    def read_first(row: ListRow) -> Cell:
        for facts in places(row):
            return read_place(facts)
        return nothing_written

    return read_all if listed else read_first


def _find_places(track: Track) -> tuple[FactsReader, bool]:
    """Return a finder of the facts of a track for a row, and whether several entries are listed in one cell."""
    if track.at == STAYS_KEY:
        return lambda row: (row.stay.facts,) if row.stay else (), False
    if not track.many:
        home = _find_homes(track)
        return _keep_last(lambda row: (value_at(facts, track.at) or {} for facts in home(row))), False
    listed = track.keeps != "last" or bool(track.per)
    homes = _find_homes(track, every=listed)

    def places(row: ListRow) -> Iterable[Facts]:
        if listed:
            return (written for home in homes(row) for _, written in list_written(track, home))
        latest = latest_entry(entry for home in homes(row) for entry in list_entries(track, home, ""))
        return (latest.written,) if latest else ()

    return _keep_last(places), listed


def _keep_last(find: FactsReader) -> FactsReader:
    """Return a finder that keeps what it found for the last row, because each column of a track asks for it in turn."""
    last_row: ListRow | None = None
    found: tuple[Facts, ...] = ()

    def find_once(row: ListRow) -> Iterable[Facts]:
        nonlocal last_row, found
        if row is not last_row:
            last_row, found = row, tuple(find(row))
        return found

    return find_once


def _find_homes(track: Track, *, every: bool = False) -> FactsReader:
    """Return a finder of the file or stay that holds a track: *every* one of a whole client, else her stay first."""
    of_stay, hers = track.of_a_stay, "client" in track.home or not track.of_a_stay

    def homes(row: ListRow) -> Iterable[Facts]:
        own = (row.client.facts,) if hers else ()
        if every and row.whole:
            return (*(stay.facts for stay in row.client.stays if of_stay), *own)
        return (row.stay.facts,) if of_stay and row.stay else own

    return homes
