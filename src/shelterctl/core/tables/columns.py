"""A column of a list: what may be told of a row in one cell, read off a field of the shelf or made of what is written.

A name, a contact or a sentence that somebody wrote is told in no cell, nor a day of birth; the field says which it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from shelterctl.core.manual.field import OPEN_LISTS, UNKNOWN_ANSWER, Field, Fields, as_day, read_field_alone
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.entries import Entry, latest_entry, list_entries
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.language import Text
from shelterctl.ui_language import N_, Marked

IN_WORDS, UNREGISTERED_CODE = "in_words", "unregistered"
"""What is told where something else stands than a code: words of somebody, or a code that no register has."""

HOUSE_REGISTER = "facilities"
"""The register of houses."""

COLUMN_KINDS = {
    "code": "code", "party": "party", "yes_no": "yes_no", "whole": "whole", "som": "som", "day": "day", "time": "day",
    "months": "whole", "entry": "id",
}  # fmt: skip
"""Kinds of fields that may be told, each with the kind of its column."""


@dataclass(frozen=True, slots=True, repr=False)
class ListRow:
    """What a row is about: a client, a stay of hers, and an entry of a list or one part of it, as far as there is one.

    A row of the *whole* client tells of her last stay, and what is counted of her in all of them and beside them. Of a
    register the *entry* is what is registered under *code*.
    """

    client: Client = field(default_factory=lambda: Client({}))
    stay: Stay | None = None
    entry: Facts = field(default_factory=dict)
    part: Entry | None = None
    code: str | None = None
    whole: bool = False


CellReader = Callable[[ListRow], Any]

NOT_WRITTEN_DOWN = N_("not written down")
"""What a person reads where nothing stands in a cell, unless its column has other words for that."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Column:
    """What one cell of each row tells, by its dotted *name*; without *read* it is told nowhere.

    *codes* are what may stand there, *open* which other codes may, *of* the registers whose codes alone are told.
    What may stand *beside* them is told of any field alike.
    *several* may stand there at once; *listed* is what several entries say. Numbers of a column that *adds* are added
    up where rows are counted. *means* is its definition, where it is made of several things. *always* is whether each
    row has something there; *nothing* says in words that one has not.
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
    means: str = ""
    always: bool = False
    nothing: Marked = NOT_WRITTEN_DOWN

    @property
    def answers(self) -> tuple[str, ...]:
        """Every code that may stand there and is known beforehand."""
        yes_no = ("yes", "no") if self.kind == "yes_no" else ()
        return (*self.codes, *yes_no, *self.beside)


def track_columns(track: Track) -> Iterator[Column]:
    """The columns of a client's or a stay's track, told and not; of a list what its last entry says, or its codes."""
    single = not track.many or track.at == STAYS_KEY
    last = track.keeps == "last" and not track.per
    for path, one in flatten_fields(track.fields):
        column = field_column(f"{track.name}.{path}", one)
        if single:
            yield _with_reader(column, _single_track_reader(track, one, path))
        elif last:
            yield _with_reader(column, _last_entry_reader(track, one, path))
        elif column.read is None or column.kind == "code":
            yield replace(_with_reader(column, _all_entries_reader(track, one, path)), several=True, listed=True)


def entry_columns(name: str, fields: Fields) -> Iterator[Column]:
    """The columns of an entry that is itself what the row is about."""
    for path, one in flatten_fields(fields):
        column = replace(field_column(f"{name}.{path}", one), always=one.must and path in fields)
        yield _with_reader(column, _field_reader(lambda row: row.entry, one, path))


def count_column(track: Track, name: str) -> Column:
    """How many entries of a track stand in the stay of a row, or in the file of a whole client."""
    homes = _all_homes_reader(track) if track.at != STAYS_KEY else lambda row: [row.client.facts]
    means = "How many such entries there are, without those that are struck through."

    def count(row: ListRow) -> int:
        return sum(len(live_entries(value_at(home, track.at))) for home in homes(row))

    return Column(name, "whole", track.text, count, clause=track.clause, means=means, always=True)


def part_column(name: str, path: str, owners: Mapping[tuple[str, str], Field]) -> Column:
    """The column of a key that several parts have, by form and number: each is read by its own field."""
    codes = {code: text for one in owners.values() for code, text in one.codes.items()}
    column = replace(field_column(name, next(iter(owners.values()))), codes=codes)

    def read(row: ListRow) -> Any:
        part = row.part.definition if row.part else None
        own = owners.get((str(row.entry.get("form")), part.number)) if isinstance(part, FormPart) else None
        return cell_value(own, row.part.values.get(path)) if own and row.part else None

    return _with_reader(column, read)


def month_column(column: Column) -> Column | None:
    """The calendar month of a day, as a column of its own beside that of the day; None beside any other."""
    if column.kind != "day" or column.read is None or column.several:
        return None
    read = column.read
    lead, _, last = column.name.rpartition(".")
    last = "month" if last in ("on", "at") else f"{last.removesuffix('_on').removesuffix('_at')}_month"

    def month(row: ListRow) -> Any:
        day = read(row)
        return f"{day:%Y-%m}" if isinstance(day, date) else day

    name, means = f"{lead}.{last}" if lead else last, f"The calendar month of {column.name}."
    return replace(column, name=name, kind="month", read=month, means=means)


def flatten_fields(fields: Fields, lead: str = "") -> Iterator[tuple[str, Field]]:
    """Every field in which something is written, by its dotted path; a period is its two days, a list of groups none.

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


def field_column(name: str, one: Field) -> Column:
    """A field as a column that is yet to be read; one that may tell who she is has nothing to read it by."""
    kind = COLUMN_KINDS.get(one.kind)
    worded = one.kind == "code" and bool(one.was or (one.open and not set(one.of) & OPEN_LISTS.keys()))
    substitutes = (UNREGISTERED_CODE,) if one.kind == "party" else (IN_WORDS,) if worded else ()
    return Column(
        name,
        kind or one.kind,
        one.text,
        (lambda _: None) if kind else None,
        codes=one.codes,
        of=one.of if one.kind == "party" else (),
        open=next((OPEN_LISTS[each] for each in one.of if each in OPEN_LISTS), None) if one.open else None,
        several=one.several,
        beside=(*((UNKNOWN_ANSWER,) if one.unknown else ()), *substitutes),
        adds=one.kind == "som",
        clause=one.clause,
    )


def cell_value(one: Field, value: Any) -> Any:
    """A value of a field as its column tells it: a day of a time, how many months, a code and never words."""
    if value is None or value == ():
        return None
    if one.kind == "months":
        return len(value) if isinstance(value, tuple) else value
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(_single_value(one, each) for each in value))
    return _single_value(one, value)


def _single_value(one: Field, value: Any) -> Any:
    if value == UNKNOWN_ANSWER or one.kind not in ("code", "time"):
        return value
    if one.kind == "time":
        return as_day(value)
    known = value in one.codes or (one.open and set(one.of) & OPEN_LISTS.keys())
    return value if known else IN_WORDS


def mask_unregistered(column: Column, value: Any, known: Callable[[str], Collection[str] | None]) -> Any:
    """The same where the codes of a register stand: one that is *known* nowhere may be somebody's name.

    A house is held to its register whenever it is written, and so is told also where that cannot be read.
    """
    for register in column.of if value is not None else ():
        codes = known(register)
        if (codes is None and register == HOUSE_REGISTER) or (codes is not None and value in codes):
            return value
    return UNREGISTERED_CODE if column.of and value is not None else value


def _with_reader(column: Column, read: CellReader) -> Column:
    """The column read so; one that is told nowhere stays so."""
    return replace(column, read=read) if column.read else column


def _home_reader(track: Track) -> CellReader:
    """Where of a row's file a track lies; a client without a stay has some of a stay's tracks as well."""
    if track.at == STAYS_KEY:
        return lambda row: row.stay.facts if row.stay else {}
    if "stay" not in track.home and "left" not in track.home:
        return lambda row: row.client.facts
    hers = "client" in track.home
    return lambda row: row.stay.facts if row.stay else row.client.facts if hers else {}


def _all_homes_reader(track: Track) -> Callable[[ListRow], list[Facts]]:
    """Every place in which a track lies for a row: the one of its stay, or all places of a whole client."""
    home, hers = _home_reader(track), "client" in track.home or not track.of_a_stay

    def homes(row: ListRow) -> list[Facts]:
        if not row.whole:
            return [home(row)]
        stays = [stay.facts for stay in row.client.stays if track.of_a_stay]
        return [*stays, row.client.facts] if hers else stays

    return homes


def _field_reader(pick: CellReader, one: Field, path: str) -> CellReader:
    way, _, key = path.rpartition(".")

    def read(row: ListRow) -> Any:
        facts = pick(row)
        holder = value_at(facts, way) if way else facts
        return cell_value(one, read_field_alone(key, one, holder)) if isinstance(holder, Mapping) else None

    return read


def _single_track_reader(track: Track, one: Field, path: str) -> CellReader:
    home = _home_reader(track)
    if track.at == STAYS_KEY:
        return _field_reader(home, one, path)
    return _field_reader(lambda row: value_at(home(row), track.at) or {}, one, path)


def _last_entry_reader(track: Track, one: Field, path: str) -> CellReader:
    home = _home_reader(track)

    def read(row: ListRow) -> Any:
        last = latest_entry(list_entries(track, home(row), ""))
        return cell_value(one, last.values.get(path)) if last else None

    return read


def _all_entries_reader(track: Track, one: Field, path: str) -> CellReader:
    homes = _all_homes_reader(track)

    def read(row: ListRow) -> Any:
        found = (entry for home in homes(row) for entry in list_entries(track, home, ""))
        said = [cell_value(one, entry.values.get(path)) for entry in found]
        flat = [each for one_ in said if one_ is not None for each in (one_ if isinstance(one_, tuple) else (one_,))]
        return tuple(dict.fromkeys(flat)) or None

    return read
