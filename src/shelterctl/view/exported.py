"""The tables that `export` and `query` release: their names, their columns by the rulebook, and their rows."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from shelterctl.core.manual.field import as_day
from shelterctl.core.manual.track import MONITORING, SPENDING, Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.tables.change_rows import change_list_rows
from shelterctl.core.tables.columns import Cell, Column, ListRow, mask_unregistered
from shelterctl.core.tables.derived_columns import PURPOSE_OF_ROWS
from shelterctl.core.tables.exported import (
    ExportedColumn,
    ExportedTable,
    ExportIds,
    choose_columns,
    points_at_person,
)
from shelterctl.core.tables.kyrgyz_headings import KYRGYZ_HEADINGS
from shelterctl.core.tables.list_rows import (
    agreement_list_rows,
    client_list_rows,
    entry_list_rows,
    night_list_rows,
)
from shelterctl.core.tables.lists import (
    KEYS_OF_ENTRY,
    LISTS,
    SUBJECTS_OF_LISTS,
    ListTable,
    make_entry_table,
    make_track_table,
)
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import LabelledCode, Text, format_fact, format_sentence, speak_of
from shelterctl.output.labels import label_of_key
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.subject import list_codes
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.house_account import account_list_rows, allowance_list_rows
from shelterctl.view.lists import (
    choose_rows,
    find_condition_columns,
    listed_clients,
    make_list_table,
    register_codes,
    register_entry_rows,
)

COLUMN_NOT_EXPORTED = N_(
    "Column {number}: no table of this export has it. See the columns with: shelterctl query --tables"
)
COLUMN_NOT_EXPORTED_BUT_NEAR = N_("Column {number}: no table of this export has it. Did you mean {near}?")
CONDITION_IS_EXACT = N_(
    "A condition reads {column}, which leaves the house with --exact alone. Ask for its month or group; or add --exact "
    "with --reason."
)
DAYS_BACKWARDS = N_("--to is before --from. Exchange the two days.")
OF_UNKNOWN = N_("Nothing is registered under the code after --of. See the houses with: shelterctl facility list")
TABLE_UNKNOWN = N_("There is no such table. See all with: shelterctl export --tables")
TABLE_UNKNOWN_BUT_NEAR = N_("There is no such table. Did you mean {near}?")

CLIENTS_TABLE = "clients"

STAFF_HOME = "staff"
"""The home of registers about members of staff, who are persons too."""

OPEN_HOMES = ("house", "ngo")
"""Homes of registers whose codes stand for an organisation; those of the others may stand for one person."""

TABLES_OF_STAYS = (CLIENTS_TABLE, "stays", "nights", "changes")
"""Tables whose rows are clients, stays or parts of them, with ids of their own."""

TABLES_OF_LISTS: Mapping[str, str] = {
    "stays": "list --stays", "clients": "list", "nights": "list --nights", "changes": "list --changes",
    "agreements": "agreements", "lines": "agreements --lines",
    "outlays": "agreements --outlays", "account": "agreements --account", "allowances": "agreements --pocket-money",
    "reports": "monitor reports",
}  # fmt: skip
"""Tables of what lists show, by the list whose columns they have."""

DAYS_OF_LISTS = {"agreements": "date", "lines": "date", "changes": "at"}
"""The key with the day of a row, in tables of lists whose rows are no entries of a track."""


TITLES_OF_LISTS: Mapping[str, Text] = {
    "stays": {"en": "stays", "ru": "проживания", "ky": "жашоолор"},
    "clients": {"en": "clients", "ru": "клиенты", "ky": "кардарлар"},
    "nights": {"en": "nights by month", "ru": "ночи по месяцам", "ky": "айлар боюнча түндөр"},
    "changes": {"en": "changes of files", "ru": "изменения в делах", "ky": "делолордогу өзгөрүүлөр"},
    "agreements": {"en": "agreements", "ru": "соглашения", "ky": "келишимдер"},
    "lines": {"en": "lines of agreements", "ru": "статьи соглашений", "ky": "келишимдердин беренелери"},
    "account": {"en": "agreed and spent, by line", "ru": "согласовано и потрачено по статьям",
                "ky": "беренелер боюнча макулдашылган жана жумшалган"},
    "allowances": {"en": "pocket money owed and paid", "ru": "карманные деньги: положено и выдано",
                   "ky": "чөнтөк акча: тийиштүү жана берилген"},
}  # fmt: skip
"""The words for tables whose rows are no entries of a track."""


def list_tables(rulebook: Rulebook) -> Iterator[str]:
    """Yield the name of every table of a rulebook: those of lists, then one for each track whose entries are rows.

    Sealed entries of clients are in no table.
    """
    for name, shown in TABLES_OF_LISTS.items():
        purpose = PURPOSE_OF_ROWS.get(LISTS[shown].about[0])
        if purpose is None or rulebook.tracks.serving(purpose):
            yield name
    for name, track in rulebook.tracks.items():
        shut = track.seal is not None and track.of_register is None
        many = track.many and track.at != STAYS_KEY  # the stays are a table of lists
        left_out = shut or track.family or track.act or track.is_coded
        if many and not left_out and name not in _tracks_of_lists(rulebook):
            yield name


def _tracks_of_lists(rulebook: Rulebook) -> set[str]:
    served = (rulebook.tracks.serving(purpose) for purpose in (SPENDING, MONITORING))
    return {"agreement", *rulebook.forms, *(track.name for track in served if track)}


def find_table_name(rulebook: Rulebook, typed: str) -> str:
    """Return the name of the table that a person means: ``service`` and ``services`` are one. NotFound if none."""
    names = [*list_tables(rulebook)]
    for possible in (typed, typed.removesuffix("s"), f"{typed}s"):
        if possible in names:
            return possible
    near = get_close_matches(typed, names, 1)
    raise NotFound("export/no-table", TABLE_UNKNOWN_BUT_NEAR if near else TABLE_UNKNOWN, near=near)


class ExportRequest(NamedTuple):
    """The request for an export: the tables and columns, conditions, the first and last day, and the house."""

    tables: Sequence[str]
    columns: Sequence[str] = ()
    where: Sequence[str] = ()
    first: date | None = None
    last: date | None = None
    of: str | None = None
    exact: bool = False


class OpenTable(NamedTuple):
    """A table together with the list whose columns it has, and the track of its rows if they are entries."""

    table: ExportedTable
    list: ListTable
    track: Track | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.table.name


def open_tables(session: Session, wish: ExportRequest) -> list[OpenTable]:
    """Return the tables of a request, each once. Raises NotFound for a table, UsageError for a column that none has."""
    if wish.first and wish.last and wish.last < wish.first:
        raise UsageError("usage/range", DAYS_BACKWARDS)
    names = dict.fromkeys(find_table_name(session.rulebook, typed.strip()) for typed in wish.tables)
    opened = [_open_table(session, name, exact=wish.exact) for name in names]
    for one in opened:
        _refuse_request(session, wish, one)
    known = {one.name for each in opened for one in each.table.columns}
    for number, typed in enumerate(wish.columns, 1):
        if typed not in known:
            near = get_close_matches(typed, known, 1)
            raise UsageError(
                "usage/column", COLUMN_NOT_EXPORTED_BUT_NEAR if near else COLUMN_NOT_EXPORTED, number=number, near=near
            )
    return [_narrow(each, wish.columns) for each in opened] if wish.columns else opened


def _refuse_request(session: Session, wish: ExportRequest, opened: OpenTable) -> None:
    """Raise UsageError for a condition that reads what may not leave, NotFound for a code that is not registered."""
    sharp = session.rulebook.export_rules.exact
    for column in () if wish.exact else find_condition_columns(opened.list, wish.where):
        if column.name in sharp or points_at_person(column):
            raise UsageError("usage/where", CONDITION_IS_EXACT, column=column.name)
    home = opened.track and opened.track.of_register
    codes = list_codes(session.store, home) if home else session.store.shelter.value["facilities"]
    if wish.of is not None and wish.of not in codes:
        raise NotFound("export/no-code", OF_UNKNOWN)


def _narrow(opened: OpenTable, names: Sequence[str]) -> OpenTable:
    kept = {one.name: one for one in opened.table.columns}
    columns = tuple(kept[name] for name in names if name in kept)
    return opened._replace(table=opened.table._replace(columns=columns))


def keep_columns(opened: OpenTable, is_wanted: Callable[[str], bool]) -> OpenTable:
    """Return a table with the wanted columns alone, or with its first one where none is wanted."""
    columns = tuple(one for one in opened.table.columns if is_wanted(one.name)) or opened.table.columns[:1]
    return opened._replace(table=opened.table._replace(columns=columns))


def drop_ids(opened: OpenTable) -> OpenTable:
    """Return a table without its ids, so that no row of it can be joined to another one."""
    columns = tuple(one for one in opened.table.columns if not one.is_id)
    return opened._replace(table=opened.table._replace(columns=columns))


def id_names(opened: Iterable[OpenTable]) -> set[str]:
    """Return the names of the columns of tables that hold ids, and that no other column of them has."""
    columns = [one for each in opened for one in each.table.columns]
    return {one.name for one in columns if one.is_id} - {one.name for one in columns if not one.is_id}


def requires_recipient(opened: OpenTable) -> bool:
    """Whether the rows of a table are about persons: those of clients' files, of staff, or of a register that names
    clients.
    """
    track = opened.track
    return track is None or track.of_register in (None, STAFF_HOME) or bool(track.client_fields)


def export_key(session: Session, wish: ExportRequest, recipient: str) -> bytes:
    """Return the key of the ids of an export: one request for one recipient has the same ids again."""
    own = session.store.sheet_key.secret or b""
    return hmac.digest(own, repr((recipient, *wish)).encode(), "sha256")


def describe_scope(session: Session, wish: ExportRequest) -> dict[str, object]:
    """Return what an archive says of itself, so that the exports of many houses can be put together: the manual, the
    days and the house asked for, how many conditions and unread files, and a word for the store that only its own key
    can trace back.
    """
    sender = ExportIds(hmac.digest(session.store.sheet_key.secret or b"", b"sender of exports", "sha256"))
    return {
        "manual": {"edition": session.rulebook.edition, "revision": session.rulebook.version["revision"]},
        "sender": sender.replace("store"),
        "from": wish.first and wish.first.isoformat(),
        "to": wish.last and wish.last.isoformat(),
        "house": wish.of,
        "conditions": len(wish.where),
        "unread": len(session.store.damaged),
    }


def make_tables(session: Session, wish: ExportRequest, opened: Sequence[OpenTable], key: bytes) -> list[Table]:
    """Return the tables with their released rows."""
    ids = ExportIds(key)
    return [
        Table(
            one.name, one.table.text, [*map(_table_column, one.table.columns)], [*read_table(session, wish, one, ids)]
        )
        for one in opened
    ]


def _table_column(one: ExportedColumn) -> TableColumn:
    column = one.column
    speak_of(None)  # a table is about many
    means = format_sentence(column.means, {}, "en") if column.means else ""
    codes = {code: _plain_text(text) for code, text in one.codes.items()}
    heading = _plain_text(heading_of(column))
    return TableColumn(
        one.name, one.type, heading, one.several, codes, column.clause, means, column.nothing is None,
        column.name, column.open is not None,
    )  # fmt: skip


def heading_of(column: Column) -> Text:
    """Return the words over a column; a computed one has those that lists show over its cells, and Kyrgyz ones."""
    if "ru" in column.text:
        return column.text
    shown = {language: label_of_key(column.name, language) for language in SCREEN_LANGUAGES}
    return {**column.text, **shown, "ky": KYRGYZ_HEADINGS.get(column.name, shown["en"])}


def _plain_text(text: Text) -> Text:
    """Return words as a cell can hold them: in the form for nobody, each placeholder filled."""
    return {language: format_fact(text, language) for language in text}


TABLE_LIST_COLUMNS = ("table", "title", "of_persons", "columns")


def describe_table(rulebook: Rulebook, name: str) -> dict[str, object]:
    """Return a row of the list of tables."""
    opened = open_table_of_rulebook(rulebook, lambda: date.min, name, exact=False)
    text = opened.table.text
    return {
        "table": name,
        "title": LabelledCode(text["en"], text),
        "of_persons": requires_recipient(opened),
        "columns": len(opened.table.columns),
    }


def _open_table(session: Session, name: str, *, exact: bool) -> OpenTable:
    return open_table_of_rulebook(session.rulebook, lambda: session.today, name, exact=exact)


def open_table_of_rulebook(rulebook: Rulebook, today: Callable[[], date], name: str, *, exact: bool) -> OpenTable:
    """Return a table with the columns that may leave the house."""
    if shown := TABLES_OF_LISTS.get(name):
        found = make_list_table(rulebook, shown, today)
        columns: Mapping[str, Column] = found.levels[0]
        if name == "nights":
            columns = {**columns, **found.levels[1], **columns}
        track = _track_of_list(rulebook, shown)
        own = (track.name,) if track else LISTS[shown].about
        text: Text = track.text if track else TITLES_OF_LISTS[name]
        if LISTS[shown].about == SUBJECTS_OF_LISTS["line"]:
            columns = {**found.levels[1], **columns}
        if name not in TABLES_OF_STAYS:
            columns = {**KEYS_OF_ENTRY, **columns} if "id" in columns else {**columns, "stay": KEYS_OF_ENTRY["stay"]}
    else:
        track = rulebook.tracks[name]
        own, text = (track.name,), track.text
        if track.of_register:
            found = make_track_table(track)
            columns = {name: one for name, one in found.levels[0].items() if "." in name or name == "id"}
            of = replace(found.levels[0]["of"], kind="party", sharp=track.of_register not in OPEN_HOMES)
            columns = {"of": of, **columns}
        else:
            found = make_entry_table(track, make_level_builder(rulebook, today))
            columns = found.levels[0]
    chosen = tuple(choose_columns(columns, own, exact=exact, sharp=rulebook.export_rules.exact))
    return OpenTable(ExportedTable(name, text, chosen), found, track)


def _track_of_list(rulebook: Rulebook, shown: str) -> Track | None:
    purpose = PURPOSE_OF_ROWS.get(LISTS[shown].about[0])
    return rulebook.tracks.serving(purpose) if purpose else None


def read_table(session: Session, wish: ExportRequest, opened: OpenTable, ids: ExportIds) -> Iterator[tuple[Any, ...]]:
    """Yield the released rows of a table, in the order of the store."""
    known = cache(lambda register: register_codes(session, register))

    def mask(column: Column, cell: Cell) -> Cell:
        return mask_unregistered(column, cell, known)

    rows, read_row = _find_rows(session, wish, opened), opened.table.make_row_reader(ids, mask)
    if wish.where:
        rows = choose_rows(session, opened.list, wish.where, rows)
    for row in rows:
        if _is_in_period(wish, opened, row) and is_of_house(wish, row):
            yield read_row(row)


def _find_rows(session: Session, wish: ExportRequest, opened: OpenTable) -> Iterable[ListRow]:
    track, name = opened.track, opened.name
    if track is not None and track.of_register:
        return register_entry_rows(session, track, wish.of, None)
    clients: Iterable[Client] = listed_clients(session)
    forms = session.rulebook.forms
    rows_of_lists: Mapping[str, Callable[[], Iterable[ListRow]]] = {
        "stays": lambda: client_list_rows(clients, stays=True),
        "clients": lambda: client_list_rows(clients, stays=False),
        "nights": lambda: night_list_rows(clients, session.today),
        "changes": lambda: change_list_rows(session.rulebook.tracks, clients),
        "agreements": lambda: agreement_list_rows(forms, clients, lines=False),
        "lines": lambda: agreement_list_rows(forms, clients, lines=True),
        "account": lambda: account_list_rows(session, clients),
        "allowances": lambda: allowance_list_rows(session, session.today, clients),
    }
    if name in rows_of_lists:
        return rows_of_lists[name]()
    return entry_list_rows(track, clients) if track is not None else ()


def is_of_house(wish: ExportRequest, row: ListRow) -> bool:
    """Whether a row is of the house asked for; a row of a register is, since its code was asked for."""
    return wish.of is None or row.code is not None or bool(row.stay and row.stay.facility == wish.of)


def is_stay_in_period(wish: ExportRequest, row: ListRow) -> bool:
    """Whether the stay of a row touches the days asked for; a client without a stay is of no day."""
    if wish.first is None and wish.last is None:
        return True
    stay = row.stay
    begun = stay and (stay.arrived_on or stay.day("referral.received_at"))
    first, last = wish.first or date.min, wish.last or date.max
    return bool(stay and begun and begun <= last and (stay.left_on or date.max) >= first)


def _is_in_period(wish: ExportRequest, opened: OpenTable, row: ListRow) -> bool:
    """Whether a row is of the days asked for: an entry by its own day, a stay if it touches them."""
    if wish.first is None and wish.last is None:
        return True
    first, last, track = wish.first or date.min, wish.last or date.max, opened.track
    if opened.name == "nights":
        return f"{first:%Y-%m}" <= str(row.entry["month"]) <= f"{last:%Y-%m}"
    key = DAYS_OF_LISTS.get(opened.name)
    if key is None and not (track and track.day):
        return is_stay_in_period(wish, row)
    day = read_entry(track, row.entry).day if track and track.day else as_day(row.entry.get(key or ""))
    return day is not None and first <= day <= last
