"""Rows of clients' files in the columns of a standard, who of them agreed to that, and what the standard loses."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from shelterctl.act.export import recipient_names
from shelterctl.core.manual.field import read_field_alone
from shelterctl.core.manual.standard import CASE_KEY, Standard
from shelterctl.core.manual.track import FROM_ELSEWHERE, SHARING_CONSENT
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import list_entries
from shelterctl.core.rules.sharing import SharingAnswer, find_sharing_answer
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.exported import ExportIds
from shelterctl.core.tables.list_rows import client_list_rows
from shelterctl.core.tables.standard_cells import write_cell
from shelterctl.core.tables.standard_losses import StandardLoss, list_losses, standard_fields
from shelterctl.core.values.days import Span
from shelterctl.errors import NotFound
from shelterctl.language import LabelledCode, Text
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.ui_language import N_
from shelterctl.view.exported import ExportRequest, is_of_house, is_stay_in_period
from shelterctl.view.lists import listed_clients

ID_SOURCES = ("id", "stay")

STANDARD_UNKNOWN = N_("There is no such standard. The standards are: {standards}.")
NO_STANDARDS = N_("This rulebook has no standards of other organisations. They are files of its folder standards.")

PlaceReader = Callable[[ListRow], tuple[Any, ...]]


def find_standard(rulebook: Rulebook, typed: str) -> Standard:
    """Return a standard by its name. Raises NotFound for an unknown one, with those there are."""
    if not rulebook.standards:
        raise NotFound("export/no-standard", NO_STANDARDS)
    if typed not in rulebook.standards:
        raise NotFound("export/no-standard", STANDARD_UNKNOWN, standards=[*rulebook.standards])
    return rulebook.standards[typed]


class StandardRelease(NamedTuple):
    """Everybody who agreed, in the columns of a standard.

    *withheld* is the number of clients who did not, *ended* of those among them who refused or whose consent is over,
    *losses* a table of what the standard has no place for.
    """

    table: Table
    withheld: int
    ended: int
    losses: Table


def make_standard(
    session: Session, standard: Standard, ids: ExportIds, recipient: str, wish: ExportRequest
) -> StandardRelease:
    """Return the rows of a standard for a recipient: those of clients who agreed that the recipient learns it.

    A client without such a consent has no row; she is counted.
    """
    read = make_row_reader(session.rulebook, standard, ids, session.today, exact=wish.exact)
    read_answer = _consent_reader(session, standard, recipient)
    rows: list[tuple[Any, ...]] = []
    withheld: dict[str, SharingAnswer] = {}
    for row in standard_rows(session, standard):
        if not (is_of_house(wish, row) and is_stay_in_period(wish, row)):
            continue
        answer = read_answer(row.client)
        if answer is SharingAnswer.AGREED:
            rows.append(read(row))
        else:
            withheld[row.client.id] = answer
    columns = [TableColumn(name, "string", {"en": name}) for name in standard.columns]
    losses = losses_table(session.rulebook, find_losses(session.rulebook, standard, exact=wish.exact))
    ended = sum(answer is SharingAnswer.OVER for answer in withheld.values())
    return StandardRelease(Table(standard.name, standard.text, columns, rows), len(withheld), ended, losses)


def make_row_reader(
    rulebook: Rulebook, standard: Standard, ids: ExportIds, day: date, *, exact: bool
) -> Callable[[ListRow], tuple[str | None, ...]]:
    """Return the reader of a row's cells in the columns of a standard, on a day; only with *exact* those that may name
    her.
    """
    readers = [
        _column_reader(rulebook, standard, name, ids, day) if exact or not one.person else _leave_empty
        for name, one in standard.columns.items()
    ]
    return lambda row: tuple(read(row) for read in readers)


def _leave_empty(_: ListRow) -> None:
    """Return the cell of a column that may name her, where that was not asked for."""


def standard_rows(session: Session, standard: Standard) -> Iterator[ListRow]:
    """Yield a row for each stay and for each client without one, or with rows of clients one for each; and one for each
    further case of another system.
    """
    track = session.rulebook.tracks.serving(FROM_ELSEWHERE) if standard.imports else None
    for her in listed_clients(session):
        stays = her.stays if standard.rows == "stay" else ()
        if her.is_struck:
            continue
        yield from client_list_rows([her], stays=bool(stays))
        entries = list_entries(track, her.facts, "") if track else ()
        numbers = dict.fromkeys(one.values[CASE_KEY] for one in entries if CASE_KEY in one.values)
        yield from (ListRow(her, None, {CASE_KEY: number}) for number in numbers)


def _consent_reader(session: Session, standard: Standard, recipient: str) -> Callable[[Client], SharingAnswer]:
    """Return what a client says to a recipient who is to learn what the standard asks."""
    track = session.rulebook.tracks.serving(SHARING_CONSENT)
    names = recipient_names(session, recipient)
    if track is None:  # the lint requires the track where there is a standard
        return lambda _: SharingAnswer.MISSING
    return lambda client: find_sharing_answer(track, client, standard.consent, names, session.today)


LOSSES_NAME = "losses"
LOSS_COLUMNS = ("field", "title", "value", "reason")
LOSSES_TEXT: Text = {
    "en": "What the standard has no place for", "ru": "Чего в стандарте нет", "ky": "Стандартта жок нерселер",
}  # fmt: skip
LOSS_HEADINGS: Mapping[str, Text] = {
    "field": {"en": "field", "ru": "поле", "ky": "талаа"},
    "value": {"en": "code", "ru": "код", "ky": "код"},
    "reason": {"en": "reason", "ru": "причина", "ky": "себеби"},
}


def find_losses(rulebook: Rulebook, standard: Standard, *, exact: bool) -> list[StandardLoss]:
    """Return what a file of a standard loses of the tracks that it covers."""
    return [*list_losses(standard, dict(standard_fields(standard, rulebook.tracks)), exact=exact)]


def losses_table(rulebook: Rulebook, losses: Iterable[StandardLoss]) -> Table:
    """Return losses as a table that goes out beside the file."""
    codes = {"reason": rulebook.lists["losses"]}
    columns = [TableColumn(name, "string", text, codes=codes.get(name, {})) for name, text in LOSS_HEADINGS.items()]
    return Table(LOSSES_NAME, LOSSES_TEXT, columns, [*losses])


def loss_rows(rulebook: Rulebook, standard: Standard, losses: Iterable[StandardLoss]) -> list[dict[str, Any]]:
    """Return losses as rows of a list, with the words for the field, the code and the reason."""
    fields, reasons = dict(standard_fields(standard, rulebook.tracks)), rulebook.lists["losses"]
    return [
        {
            "field": one.field,
            "title": LabelledCode(fields[one.field].text["en"], fields[one.field].text),
            "value": LabelledCode(one.value, fields[one.field].codes[one.value]) if one.value else None,
            "reason": LabelledCode(one.reason, reasons[one.reason]),
        }
        for one in losses
    ]


def _column_reader(
    rulebook: Rulebook, standard: Standard, name: str, ids: ExportIds, day: date
) -> Callable[[ListRow], str | None]:
    """Return the reader of a column: what our file says, else what another system said when she was taken in."""
    column = standard.columns[name]
    if column.agreed is not None:
        return lambda _: column.agreed
    readers = [place_reader(rulebook, source, day) for source in column.source]
    is_field = bool(column.source) and all("." in source for source in column.source)
    is_id = bool(column.source) and column.source[0] in ID_SOURCES
    said_elsewhere = _elsewhere_reader(rulebook, standard, name)
    tracks = [rulebook.tracks.get(source.partition(".")[0]) for source in column.source]
    is_of_person = is_field and not any(track is None or track.of_a_stay for track in tracks)

    def read(row: ListRow) -> str | None:
        if CASE_KEY in row.entry:
            said = said_elsewhere(row)
            if said or not is_of_person:
                return said
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
    family = {one for one, other in rulebook.standards.items() if other.family == standard.family}

    def read(row: ListRow) -> str | None:
        entries = (one.values for one in list_entries(track, row.client.facts, ""))
        own = (one for one in entries if one.get(CASE_KEY) == row.entry.get(CASE_KEY))
        said = [one.get("value") for one in own if one.get("column") == name and one.get("standard") in family]
        return str(said[-1]) if said else None

    return read


@cache
def place_reader(rulebook: Rulebook, source: str, day: date) -> PlaceReader:
    """Return the reader of a place: a column computed on a day, such as ``state``, or a field: ``identity.sex``."""
    name, dot, path = source.partition(".")
    columns = make_level_builder(rulebook, lambda: day)("client")
    if source in columns and (read := columns[source].read):
        cell = read
        return lambda row: _several(cell(row))
    track = rulebook.tracks[name]
    one = track.fields[path.partition(".")[0]]
    place = rulebook.place_of(source) if dot else track.at
    holder, _, key = place.rpartition(".")

    def read_file(row: ListRow) -> tuple[Any, ...]:
        facts = value_at(row.client.facts, holder) if holder else row.client.facts
        return _several(read_field_alone(key, one, facts)) if isinstance(facts, Mapping) else ()

    return read_file


def _several(value: Any) -> tuple[Any, ...]:
    """Return the values of a cell of ours; a day of which only the year or month is known is none."""
    if isinstance(value, Span):
        return (value.first,) if value.first == value.last else ()
    return () if value is None else value if isinstance(value, tuple) else (value,)
