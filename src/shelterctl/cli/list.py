"""shelterctl list: lists clients or stays by id, state and codes; names are shown on the screen alone."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, read_target
from shelterctl.act.redaction import may_show_names
from shelterctl.act.register_months import read_months
from shelterctl.act.register_record import note_on_readers
from shelterctl.act.typed_track import find_track, require_home, require_registered
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    AsOption,
    ColumnsOption,
    CountOption,
    Ctx,
    ForOption,
    MonthOption,
    OutOption,
    OverwriteOption,
    WhereOption,
    begin_command,
)
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import read_entry
from shelterctl.core.tables.change_rows import change_list_rows
from shelterctl.core.tables.columns import MONTH_LENGTH, Cell, ListRow
from shelterctl.core.tables.list_rows import client_list_rows, entry_list_rows, night_list_rows
from shelterctl.core.tables.lists import make_entry_table
from shelterctl.core.values.names import fold_name
from shelterctl.custody.export import seal_rows_for
from shelterctl.errors import UsageError
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.session import Session
from shelterctl.store.registers import NO_MONTHS, Months
from shelterctl.ui_language import N_
from shelterctl.view import client
from shelterctl.view.lists import (
    LIST_OF_CHANGES,
    LIST_OF_NIGHTS,
    ClientRows,
    ListQuery,
    RowChoice,
    answer_query,
    listed_clients,
    open_list_table,
    register_entry_rows,
)
from shelterctl.view.retention import answer_retention

NO_CLIENT_YET = N_("There is no client in this store yet.")
NO_CLIENT_BY_DAY = N_("Up to {day} this store had no client.")
NAMES_AT_TERMINAL_ONLY = N_("--names shows names at a terminal only, never in a file, a pipe or a page. Leave it out.")
NAMES_LIST_STANDS_ALONE = N_("--names shows a list of its own. Leave out --columns, --where and --count, or --names.")

TRACK_LIST_STANDS_ALONE = N_(
    "With a kind of entry the list has its own rows. Leave out --names, --stays, --nights and --changes."
)
ROWS_OF_ONE_KIND = N_(
    "--stays, --nights, --changes and --names each have rows of their own. Use one of them at a time."
)
NO_NIGHT_YET = N_("Nobody has slept in the house yet.")
NO_CHANGE_YET = N_("Nothing has been recorded in a client's file yet.")
OF_AND_MONTH_NEED_TRACK = N_("--of and --month belong to a kind of entry: shelterctl list TRACK --month 2026-11")
RETENTION_STANDS_ALONE = N_(
    "--retention shows a list of its own. Leave out TRACK, --of, --month, --names, --stays, --nights and --changes, or "
    "--retention."
)
OUT_IS_OF_RETENTION = N_("--out prints the sheet of --retention. Add --retention, or leave --out out.")
RETENTION_SHEET_HAS_ITS_COLUMNS = N_(
    "The sheet has its own columns and rows. Leave out --columns, --where, --count and --for, or leave --out out."
)
LISTED_IN_FILES = N_("Entries of this kind are in clients' files. See them with: shelterctl show ID {track}")
NO_ENTRY_IN_REGISTER = N_("There is no such entry.")
NO_ENTRY_IN_FILES = N_("No client has such an entry yet.")
NO_ENTRY_IN_MONTH = N_("There is no such entry in that month.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="list", epilog="Example: shelterctl list --stays --columns admitted_month,sex,age_group --count")
def list_(
    ctx: Ctx,
    track: Annotated[
        str | None, typer.Argument(metavar="[TRACK]", help="Entries of this kind in the registers, such as visit.")
    ] = None,
    whom: Annotated[
        str | None,
        typer.Option("--of", metavar="CODE", help="Only entries about this house, member of staff, NGO or provider."),
    ] = None,
    month: MonthOption = None,
    names: Annotated[
        bool,
        typer.Option("--names", help="Also show first and last names, on a screen that is cleared when you leave it."),
    ] = False,
    stays: Annotated[bool, typer.Option("--stays", help="Show a row for each stay, ended ones too.")] = False,
    nights: Annotated[
        bool, typer.Option("--nights", help="Show a row for each stay and month, with the number of nights.")
    ] = False,
    changes: Annotated[
        bool,
        typer.Option("--changes", help="Show who recorded, changed or struck through which entry of clients' files."),
    ] = False,
    columns: ColumnsOption = None,
    where: WhereOption = None,
    count: CountOption = False,
    reader: ForOption = None,
    retention: Annotated[
        bool,
        typer.Option("--retention", help="Show until when each file is kept, and what stands against deleting it."),
    ] = False,
    out: OutOption = None,
    as_: AsOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """List clients by id and state, without names, or with TRACK the entries of a register, such as visits."""
    # Gather.
    session, wish = begin_command(ctx, lists=out is None), ListQuery(columns, where or (), count)
    shown = (stays, nights, changes, names)
    if retention:
        if track or whom or month or any(shown):
            raise UsageError("usage/one-thing", RETENTION_STANDS_ALONE)
        to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
        return _list_retention(session, wish, to, reader)
    if out:
        raise UsageError("usage/out", OUT_IS_OF_RETENTION)
    if track is not None:
        if any(shown):
            raise UsageError("usage/one-thing", TRACK_LIST_STANDS_ALONE)
        return seal_rows_for(session, _list_register(session, wish, track, whom, month), reader)
    if whom or month:
        raise UsageError("usage/no-track", OF_AND_MONTH_NEED_TRACK)
    if sum(shown) > 1:
        raise UsageError("usage/one-thing", ROWS_OF_ONE_KIND)
    if names:
        return _list_names(session, wish, reader)
    if nights or changes:
        return seal_rows_for(session, _list_parts(session, wish, nights=nights), reader)
    return seal_rows_for(session, _list_as_asked(session, wish, stays=stays), reader)


def _list_names(session: Session, wish: ListQuery, reader: str | None) -> Outcome:
    """Return the names of all clients, for a terminal alone."""
    if not may_show_names(session):
        raise UsageError("usage/names", NAMES_AT_TERMINAL_ONLY)
    if reader or not wish.is_empty:
        raise UsageError("usage/one-thing", NAMES_LIST_STANDS_ALONE)
    rows = [
        client.narrow_client_row(session, {"id": her.id, **client.client_names(her), **client.client_row(session, her)})
        for her in session.store.clients()
    ]
    rows.sort(key=lambda row: [fold_name(row[name] or "") for name in ("last_name", "first_name")])
    said: FilledSentences = () if rows or session.store.damaged else ((NO_CLIENT_YET, {}),)
    return Outcome(
        data={"rows": rows}, columns=(*client.CLIENT_NAME_COLUMNS, *client.CLIENT_ROW_COLUMNS), said=said, private=True
    )


def _list_retention(session: Session, wish: ListQuery, to: OutputTarget | None, reader: str | None) -> Outcome:
    """Return how long files are kept, or write it as a sheet."""
    if to is None:
        return seal_rows_for(session, answer_retention(session, wish), reader)
    if reader or not wish.is_empty:
        raise UsageError("usage/out", RETENTION_SHEET_HAS_ITS_COLUMNS)
    from shelterctl.paper.retention import print_retention_list  # noqa: PLC0415 - only --out needs it

    return print_retention_list(session, to)


def _list_register(session: Session, wish: ListQuery, typed: str, whom: str | None, month: str | None) -> Outcome:
    """Return the entries of one kind in the registers of a home, of one code or all, of a month or all."""
    track = find_track(session.rulebook, typed)
    if track.of_register is None:
        return _list_entries(session, wish, track, whom, month)
    months = None if month is None else read_months(session, month)
    code = None
    if whom is not None:
        require_registered(session.store, track, whom)
        her, _ = session.store.subject(whom, NO_MONTHS)
        require_home(track, her)
        code = her.id
    table = open_list_table(session, f"list {track.name}")
    rows = register_entry_rows(session, track, code, months)
    none = NO_ENTRY_IN_REGISTER if month is None else NO_ENTRY_IN_MONTH
    answer = answer_query(session, table, wish, rows, ((none, {}),))
    return replace(answer, said=(*answer.said, *note_on_readers(session, track)))


def _list_entries(session: Session, wish: ListQuery, track: Track, house: str | None, month: str | None) -> Outcome:
    """Return the entries of one kind in clients' files, of one house or all, of a month or all."""
    if track.seal is not None or track.act or track.family or not track.many:
        raise UsageError("usage/other-home", LISTED_IN_FILES, track=track.name)
    months = None if month is None else read_months(session, month)
    table = make_entry_table(track, make_level_builder(session.rulebook, lambda: session.watched_today))
    choices = []
    if house is not None:
        choices.append(
            RowChoice("house", lambda row: row.stay.facility if row.stay else None, lambda code: code == house)
        )
    if months is not None:
        choices.append(RowChoice("month", partial(_month_of_entry, track), partial(_is_month_in, months)))
    rows = ClientRows(f"entries of {track.name}", partial(entry_list_rows, track), choices)
    return answer_query(session, table, wish, rows, ((NO_ENTRY_IN_MONTH if months else NO_ENTRY_IN_FILES, {}),))


def _month_of_entry(track: Track, row: ListRow) -> str | None:
    """Return the month of an entry, ``YYYY-MM``; None without a day."""
    day = read_entry(track, row.entry).day
    return None if day is None else day.isoformat()[:MONTH_LENGTH]


def _is_month_in(months: Months, month: Cell) -> bool:
    return isinstance(month, str) and months.first <= month <= months.last


def _list_parts(session: Session, wish: ListQuery, *, nights: bool) -> Outcome:
    """Return the nights by month, or else the changes of clients' files."""
    none = NO_NIGHT_YET if nights else NO_CHANGE_YET
    table = open_list_table(session, name := LIST_OF_NIGHTS if nights else LIST_OF_CHANGES)
    tracks = session.rulebook.tracks
    rows = (
        ClientRows(name, lambda clients: night_list_rows(clients, session.watched_today))
        if nights
        else change_list_rows(tracks, listed_clients(session))
    )
    return answer_query(session, table, wish, rows, ((NO_ROW_MATCHES if wish.where else none, {}),))


def _list_as_asked(session: Session, wish: ListQuery, *, stays: bool) -> Outcome:
    """Return the clients or stays that are asked for; with --as-of as they were on that day."""
    table = open_list_table(session, "list --stays" if stays else "list")
    rows = ClientRows("stays" if stays else "clients", lambda clients: client_list_rows(clients, stays=stays))
    found = answer_query(session, table, wish, rows, ((NO_ROW_MATCHES, {}),))
    if not found.said:
        return found
    back = bool(session.options.as_of) and not wish.where
    none = NO_CLIENT_YET if not any(session.store.ids()) else NO_CLIENT_BY_DAY if back else NO_ROW_MATCHES
    return replace(found, said=((none, {"day": session.today} if back else {}),))
