"""The lists of commands: the subjects of their rows, their columns, and finding a column by a typed name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.track import MONITORING, SPENDING, Track
from shelterctl.core.record.entries import is_wanted_answer
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.rules.context import Tracks
from shelterctl.core.tables.columns import (
    Cell,
    Column,
    LazyColumns,
    columns_by_name,
    count_column,
    entry_columns,
    flatten_fields,
    part_column,
    track_columns,
)
from shelterctl.core.tables.derived_columns import (
    ACCOUNT_ROWS,
    ALLOWANCE_ROWS,
    CHANGE_ROWS,
    MONITORING_ROWS,
    NIGHT_ROWS,
    PURPOSE_OF_ROWS,
    SPENDING_ROWS,
    ColumnContext,
    list_column_builders,
)
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_


class ListDefinition(NamedTuple):
    """A list: the subjects of its rows (*about*), and the *columns* that it shows by default, *wide* ones never on a
    screen.

    The row itself is first in *about*, followed by what it belongs to, such as the client of an agreement.
    """

    about: tuple[str, ...]
    columns: tuple[str, ...]
    wide: tuple[str, ...] = ()


LISTS: Mapping[str, ListDefinition] = {
    "list": ListDefinition(
        ("client",),
        ("id", "state", "facility", "arrived_on", "admitted_on", "discharged_on", "agreements", "left",
         "monitoring_ended"),
        ("admitted_on", "agreements")),
    "list --stays": ListDefinition(
        ("client",),
        ("id", "stay", "state", "facility", "referred_on", "arrived_on", "admitted_on", "discharged_on", "left",
         "nights", "monitoring_due_on", "monitoring_ended"),
        ("referred_on", "admitted_on", "monitoring_due_on")),
    "list --nights": ListDefinition(
        (NIGHT_ROWS, "client"), ("client", "stay", "facility", "month", "nights"), ("stay",)),
    "list --changes": ListDefinition(
        (CHANGE_ROWS, "client"), ("client", "stay", "track", "entry", "what", "on", "by", "fields"), ("stay",)),
    "list --retention": ListDefinition(
        ("client",),
        ("id", "facility", "discharged_on", "kept_until", "longer_term", "may_be_deleted", "stands_against"),
        ("stands_against",)),
    "agreements": ListDefinition(
        ("agreement", "client"), ("client", "id", "number", "form", "date", "total", "signed", "terminated")),
    "agreements --lines": ListDefinition(
        ("line", "agreement", "client"), ("client", "id", "number", "form", "date", "signed", "line", "amount")),
    "agreements --outlays": ListDefinition(
        (SPENDING_ROWS, "client"),
        ("client", "stay", "id", "on", "item", "amount", "number", "form", "line", "document", "months"),
        ("stay", "number")),
    "agreements --account": ListDefinition(
        (ACCOUNT_ROWS, "agreement", "client"),
        ("client", "number", "form", "ngo", "state", "line", "agreed", "spent", "left", "over", "outlays",
         "without_document"),
        ("ngo", "state", "outlays")),
    "agreements --pocket-money": ListDefinition(
        (ALLOWANCE_ROWS, "client"),
        ("client", "stay", "facility", "from", "to", "days", "days_covered", "owed", "paid", "left", "beyond"),
        ("stay", "from", "to")),
    "monitor reports": ListDefinition((MONITORING_ROWS, "client"), ("client", "stay", "id")),
}  # fmt: skip
"""Every list except those of the registers, by its command; the list of reports also shows all their answers."""

SUBJECTS_OF_LISTS: Mapping[str, tuple[str, ...]] = {
    "stay": ("client",), "client": ("client",), "agreement": ("agreement", "client"),
    "line": ("line", "agreement", "client"),
}  # fmt: skip
"""The subjects of reports that are no tracks, each with the levels of its columns."""

ColumnLevel = Mapping[str, Column]
"""The columns of one subject of rows, by name; columns of fields have dotted names and come last."""


class LazyLevels(Sequence[ColumnLevel]):
    """Levels that are built when they are first looked into: the columns of a client are read from all tracks."""

    def __init__(self, build: Callable[[str], ColumnLevel], about: Sequence[str]) -> None:
        self._build, self._about = build, about

    def __getitem__(self, index: Any) -> Any:
        return self._build(self._about[index])

    def __len__(self) -> int:
        return len(self._about)


@immutable(slots=False)
class ListTable:
    """The columns of a list by the subjects of its rows, and those shown by default, the *wide* never on a screen."""

    levels: Sequence[ColumnLevel]
    default_columns: tuple[str, ...]
    wide: tuple[str, ...] = ()

    def find_columns(self, typed: str) -> tuple[Column, ...]:
        """Return the columns that a typed name means: several where it is ambiguous, none where it is unknown."""
        for level in self.levels:
            if typed in level:
                return (level[typed],)
            ending = [level[name] for name in level if name.endswith(f".{typed}")]
            if ending:
                return tuple(column for column in ending if not column.listed) or tuple(ending)
        return ()

    def place_of(self, column: Column) -> int:
        """Return the number of the level that has a column: a client and her agreement may have columns of one name."""
        return next(number for number, level in enumerate(self.levels) if level.get(column.name) is column)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that means a single column, both the shortest and with its track."""
        whole = [name for level in self.levels for name in level]
        last = [name.rpartition(".")[2] for name in whole]
        return tuple(name for name in dict.fromkeys((*last, *whole)) if len(self.find_columns(name)) == 1)

    def shortest_name(self, column: Column) -> str:
        """Return the shortest name that means only this column."""
        keys = column.name.split(".")
        names = (".".join(keys[first:]) for first in range(len(keys) - 1, -1, -1))
        return next((name for name in names if self.find_columns(name) == (column,)), column.name)


def build_level(about: str, tracks: Tracks, context: ColumnContext) -> ColumnLevel:
    """Return the columns of one subject of rows: a client, an agreement, a line, or an entry of the named track."""
    track = tracks.serving(PURPOSE_OF_ROWS.get(about, "")) or tracks.get(about)
    if track is not None and tracks.serves(track.name, SPENDING):
        about = SPENDING_ROWS
    elif track is not None and tracks.serves(track.name, MONITORING):
        about = MONITORING_ROWS

    def read_fields() -> ColumnLevel:
        if about == "client":
            return LazyColumns(_client_columns(tracks, context.tracks_of_columns))
        if about == "agreement":
            return columns_by_name(_agreement_columns(tracks.get("agreement"), context.forms))
        if about == "line":
            return columns_by_name(_line_columns(context.forms))
        if track is None or about == ALLOWANCE_ROWS:
            return {}
        return columns_by_name(entry_columns(track.name, _listed_fields(track)))

    return LazyColumns(list_column_builders(about, context), read_fields)


def make_subject_table(subject: str, tracks: Tracks, build: Callable[[str], ColumnLevel]) -> ListTable:
    """Return the columns that a report may name for a subject: its own, then those of what it belongs to.

    Of a sealed track only the markers are columns, and of a register's what the rulebook lists for its readers. *build*
    returns the columns of one subject of rows.
    """
    if subject in tracks and tracks[subject].of_register:
        return make_track_table(tracks[subject])
    about = SUBJECTS_OF_LISTS.get(subject, (subject, "client"))
    return ListTable(LazyLevels(build, about), ())


def _listed_fields(track: Track) -> Fields:
    """Return the fields of a track that are columns: of a sealed one those that its readers see in a list."""
    if track.seal is None:
        return track.fields
    shown = (*track.seal.marker, *track.seal.listed)
    return {name: one for name, one in track.fields.items() if name in shown}


def name_client_columns(tracks: Tracks) -> Mapping[str, str]:
    """Return the name of each column of a client and a stay that is read from the fields of a track, with that track.

    These are all fields, and the number of entries of each list. Fields of an act's track are columns of a list of
    their own; sealed tracks are neither shown nor counted.
    """
    hers = [
        track for track in tracks.values() if {*track.home} & HOME_PATHS.keys() and not (track.family or track.seal)
    ]
    found = dict[str, str]()
    for track in hers:
        if track.many:
            found.setdefault(_count_name(track), track.name)
    return found | {
        name: track.name for track in hers if not track.act for name in columns_by_name(track_columns(track))
    }


def _count_name(track: Track) -> str:
    return track.at.rpartition(".")[2]


def _client_columns(tracks: Tracks, known: Mapping[str, str] | None) -> Mapping[str, Callable[[], Column]]:
    """Return what builds each column of `name_client_columns`; where these are *known*, few tracks are read."""

    @cache
    def read_fields(track: str) -> ColumnLevel:
        return columns_by_name(track_columns(tracks[track]))

    def build(name: str, track: str) -> Column:
        return count_column(tracks[track], name) if name == _count_name(tracks[track]) else read_fields(track)[name]

    return {name: partial(build, name, track) for name, track in (known or name_client_columns(tracks)).items()}


def _agreement_columns(family: Track | None, forms: Mapping[str, Track]) -> Iterator[Column]:
    """Yield the fields that all forms have, and under the name of each form its further fields.

    Without a form the fields are those of the *family*.
    """
    shared: dict[str, Field] = {}
    for form in forms.values() or ([family] if family else []):
        for name, one in form.fields.items():
            there = shared.setdefault(name, one)
            if there.kind != one.kind:  # a field of different kinds is shown under each form
                shared.pop(name)
    yield from entry_columns("agreement", shared)
    for form in forms.values():
        yield from entry_columns(form.name, {name: one for name, one in form.fields.items() if name not in shared})


def _line_columns(forms: Mapping[str, Track]) -> Iterator[Column]:
    """Yield the keys of the lines of all forms; keys of one name but several kinds are separated by kind."""
    owners: dict[tuple[str, str], dict[tuple[str, str], Field]] = {}
    for form in forms.values():
        for number, part in form.parts.items():
            for name, one in flatten_fields(part.fields):
                owners.setdefault((name, one.kind), {})[form.name, number] = one
    kinds = [name for name, _ in owners]
    for (name, kind), each in owners.items():
        yield part_column(f"line.{name}" if kinds.count(name) == 1 else f"line.{kind}.{name}", name, each)


def make_register_table(register: Track) -> ListTable:
    """Return the list of a register: the code of each entry, and its other columns, also by names without dots.

    By default it shows all columns but months and unencrypted daily counts.
    """
    means = N_("The code under which it is registered.")
    code = Column(register.name, "id", register.text, lambda row: row.code, means=means)
    fields = columns_by_name(entry_columns(register.name, {**register.clear, **register.fields}))
    lead = f"{register.name}."
    flat = {name.removeprefix(lead).replace(".", "_"): column for name, column in fields.items() if column.read}
    daily = tuple(f"{name}_" for name, one in register.clear.items() if one.kind == "group")
    usual = (name for name, column in flat.items() if column.kind != "month" and not name.startswith(daily))
    return ListTable(({register.name: code, **flat, **fields},), (register.name, *usual))


def make_track_table(track: Track) -> ListTable:
    """Return the list of the entries of a register: whom each is about, its id, and its columns, by short names too.

    Of a sealed track only the markers are columns, and what the rulebook lists for its readers. By default it shows all
    columns but months and longer answers.
    """
    seen = _listed_fields(track)
    of = Column("of", "id", OF_TEXT, lambda row: row.code, means=OF_MEANS, nothing=None)
    own = Column("id", "id", ID_TEXT, lambda row: row.entry.get("id"), means=ID_MEANS, nothing=None)
    fields = columns_by_name(entry_columns(track.name, seen, hours=True))
    lead = f"{track.name}."
    flat = {name.removeprefix(lead).replace(".", "_"): column for name, column in fields.items() if column.read}
    usual = (name for name, column in flat.items() if column.kind != "month" and not column.several)
    return ListTable(({"of": of, "id": own, **flat, **fields},), ("of", "id", *usual))


def make_entry_table(track: Track, build: Callable[[str], ColumnLevel]) -> ListTable:
    """Return the list of the entries of a track in clients' files: its own columns with the ids of client and stay,
    then those of the client.

    By default it shows the ids, and all columns of its own but months and longer answers.
    """
    own = {**KEYS_OF_ENTRY, **build(track.name)}
    usual = (name for name, one in own.items() if one.read and one.kind != "month" and not one.several)
    names = tuple(name.removeprefix(f"{track.name}.") for name in usual)
    return ListTable((own, *LazyLevels(build, ("client",))), names)


OF_TEXT = {"en": "of whom", "ru": "о ком", "ky": "ким жөнүндө"}
OF_MEANS = N_("The code of the house, member of staff, NGO or provider that the entry is about.")
ID_TEXT = {"en": "id", "ru": "номер записи", "ky": "жазуунун номери"}
ID_MEANS = N_("The id of the entry.")
CLIENT_TEXT = {"en": "client", "ru": "номер клиентки", "ky": "кардардын номери"}
CLIENT_MEANS = N_("The id of the client whose file contains it.")
STAY_TEXT = {"en": "stay", "ru": "номер проживания", "ky": "жашоонун номери"}
STAY_MEANS = N_("The id of the stay that it belongs to; none outside her stays.")

KEYS_OF_ENTRY: ColumnLevel = {
    "id": Column("id", "id", ID_TEXT, lambda row: row.entry.get("id"), means=ID_MEANS, nothing=None),
    "client": Column("client", "id", CLIENT_TEXT, lambda row: row.client.id, means=CLIENT_MEANS, nothing=None),
    "stay": Column("stay", "id", STAY_TEXT, lambda row: row.stay.id if row.stay else None, means=STAY_MEANS),
}
"""The ids with which an entry of a client's file is joined to her and to her stay."""


def cell_matches(column: Column, value: Cell, wanted: tuple[str, ...]) -> bool:
    """Return whether a cell is or contains one of the wanted answers; a day also matches by its month or year."""
    numbers = [each for each in wanted if each[:1].isdigit()]
    if column.kind in ("day", "time", "month", "quarter") and any(str(value).startswith(each) for each in numbers):
        return True
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return (number and any(Decimal(each) == value for each in numbers)) or is_wanted_answer(value, wanted)
