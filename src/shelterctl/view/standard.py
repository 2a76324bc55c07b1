"""Rows of clients' files in the columns of a standard, and what the standard loses of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from shelterctl.core.manual.field import read_field_alone
from shelterctl.core.manual.standard import Standard
from shelterctl.core.manual.track import FROM_ELSEWHERE
from shelterctl.core.record.client import value_at
from shelterctl.core.record.entries import list_entries
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.exported import ExportIds
from shelterctl.core.tables.list_rows import client_list_rows
from shelterctl.core.tables.standard_cells import write_cell
from shelterctl.errors import NotFound
from shelterctl.language import Text
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.ui_language import N_
from shelterctl.view.lists import listed_clients

NO_TEXT: Text = {"en": ""}
ID_SOURCES = ("id", "stay")

STANDARD_UNKNOWN = N_("There is no such standard. The standards are: {standards}.")

PlaceReader = Callable[[ListRow], tuple[Any, ...]]


def find_standard(rulebook: Rulebook, typed: str) -> Standard:
    """Return a standard by its name. Raises NotFound for an unknown one, with those there are."""
    if typed not in rulebook.standards:
        raise NotFound("export/no-standard", STANDARD_UNKNOWN, standards=[*rulebook.standards])
    return rulebook.standards[typed]


def standard_table(session: Session, standard: Standard, ids: ExportIds, *, persons: bool) -> Table:
    """Return everybody in the columns of a standard; without *persons* the columns that may name her stay empty."""
    readers = [_column_reader(session.rulebook, standard, name, ids) for name in standard.columns]
    shown = [persons or not one.person for one in standard.columns.values()]
    rows = [
        tuple(read(row) if may else None for read, may in zip(readers, shown, strict=True))
        for row in _rows(session, standard)
        if not row.client.is_struck
    ]
    columns = [TableColumn(name, "string", {"en": name}) for name in standard.columns]
    return Table(standard.name, standard.text, columns, rows)


def _rows(session: Session, standard: Standard) -> Iterator[ListRow]:
    """Yield a row for each stay and for each client without one, or with rows of clients one for each."""
    for her in listed_clients(session):
        stays = her.stays if standard.rows == "stay" else ()
        yield from client_list_rows([her], stays=bool(stays))


def _column_reader(
    rulebook: Rulebook, standard: Standard, name: str, ids: ExportIds
) -> Callable[[ListRow], str | None]:
    """Return the reader of a column: what our file says, else what another system said when she was taken in."""
    column = standard.columns[name]
    readers = [place_reader(rulebook, source) for source in column.source]
    is_field = bool(column.source) and all("." in source for source in column.source)
    is_id = bool(column.source) and column.source[0] in ID_SOURCES
    said_elsewhere = _elsewhere_reader(rulebook, standard, name)

    def read(row: ListRow) -> str | None:
        found = [value for reader in readers for value in reader(row)]
        if is_id:
            return ids.replace(str(found[0])) if found else None
        own = write_cell(column, found, standard.separator)
        return (own or said_elsewhere(row)) if is_field else (said_elsewhere(row) or own)

    return read


def _elsewhere_reader(rulebook: Rulebook, standard: Standard, name: str) -> Callable[[ListRow], str | None]:
    track = rulebook.tracks.serving(FROM_ELSEWHERE) if standard.imports else None
    if track is None:
        return lambda _: None

    def read(row: ListRow) -> str | None:
        entries = (one.values for one in list_entries(track, row.client.facts, ""))
        said = [
            one.get("value") for one in entries if (one.get("standard"), one.get("column")) == (standard.name, name)
        ]
        return str(said[-1]) if said else None

    return read


@cache
def place_reader(rulebook: Rulebook, source: str) -> PlaceReader:
    """Return the reader of a place: a computed column such as ``state``, or a field such as ``identity.sex``."""
    name, dot, path = source.partition(".")
    columns = make_level_builder(rulebook, date.today)("client")
    if source in columns and (read := columns[source].read):
        return lambda row, cell=read: _several(cell(row))
    track = rulebook.tracks[name]
    one = track.fields[path.partition(".")[0]]
    place = rulebook.place_of(source) if dot else track.at
    holder, _, key = place.rpartition(".")

    def read_file(row: ListRow) -> tuple[Any, ...]:
        facts = value_at(row.client.facts, holder) if holder else row.client.facts
        return _several(read_field_alone(key, one, facts)) if isinstance(facts, Mapping) else ()

    return read_file


def _several(value: Any) -> tuple[Any, ...]:
    return () if value is None else value if isinstance(value, tuple) else (value,)
