"""shelterctl due: lists every deadline of all clients or of one, the gravest danger first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from shelterctl.act.due_of_all import DueOfMany, gather_due, gather_registers_due, read_names
from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, read_target
from shelterctl.cli.options import ROLE_UNKNOWN, AsOption, Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.record.client import Client
from shelterctl.core.rules.obligation import Obligation, order_by_danger
from shelterctl.errors import UsageError
from shelterctl.language import Sentence, SentenceText, codes_with_texts
from shelterctl.session import Session, may_ask, read_code_option
from shelterctl.store.subject import find_code, require_id_or_code
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS
from shelterctl.ui_language import N_
from shelterctl.view.due import (
    DANGER_WORDS,
    DUE_COLUMNS,
    DUE_STATE_WORDS,
    DUE_WIDE,
    calendar_secret,
    due_lines,
    due_rows,
    gather_undated,
    make_calendar,
)
from shelterctl.view.readers import closed_parts_sentences
from shelterctl.view.week import DAYS_OF_WEEK, WeekPart, divide_by_day, week_lines, week_rows

DUE_COUNTS = N_("On {day}: {counts}.")
DUE_STATE_COUNT = N_("{state} {count}")
NOTHING_DUE_ON_DAY = N_("On {day}: nothing is due.")
STAFF_NAMED_NOWHERE = N_("No open entry of any file names {staff}. Leave --mine out to see what is due for everybody.")
MINE_STAFF_UNKNOWN = N_("No member of staff has that code. See: shelterctl staff list")
WEEK_OF_DAYS = N_("From {first} to {last}, by day.")
NOTHING_IN_WEEK = N_("From {first} to {last} nothing is due.")
WEEK_ALONE_IS_PRINTED = N_("--out prints the coming week. Add --week.")
WEEK_IS_NO_CALENDAR = N_("--week lists the days. For a calendar leave --week out and use --within 7 --format ics.")
CALENDAR_FORMAT = "ics"
WEEK_COLUMNS = ("part", "day", "every", *DUE_COLUMNS)


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("due", epilog="Example: shelterctl due --week --out week.pdf")
def due_(
    ctx: Ctx,
    client: Annotated[
        str | None, typer.Argument(metavar="[WHOM]", help="An id, or the code of a house, person, NGO or provider.")
    ] = None,
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, help="Also show what is due within this number of days.")
    ] = 0,
    mine: Annotated[
        str | None, typer.Option(metavar="STAFF", help="Only show what concerns this member of staff.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="ROLE", help="Only show what this role is responsible for.")
    ] = None,
    week: Annotated[
        bool,
        typer.Option("--week", help="Show the coming week by day; of a house also what its residents need."),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write --week to FILE for the wall, without names: .pdf, .html, .md or .txt; - for a pipe.",
        ),
    ] = None,
    as_: AsOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """List everything that is due, danger first, then overdue: who is responsible, and by which clause.

    --format ics answers with a calendar.
    """
    # Gather.
    session = begin_command(ctx, lists=out is None, also=(CALENDAR_FORMAT,))
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    is_calendar = session.options.format == CALENDAR_FORMAT
    if (to and not week) or (week and is_calendar):
        raise UsageError("usage/one-thing", WEEK_ALONE_IS_PRINTED if to else WEEK_IS_NO_CALENDAR)
    mine = _check_filters(session, mine, owner)
    named = find_code(session.store, client) if client else None
    if week and not within:
        within = DAYS_OF_WEEK - 1
    clients = _chosen_clients(session, client, named, living_there=week)

    # Decide.
    found = gather_due(session, clients, within, staff=mine, owner=owner, recurring=week)
    registered = _list_registered(session, client, named, within, mine, recurring=week)
    whose = [one for one in registered if owner in (None, one.owner)]
    rows = sorted((*found.rows, *whose), key=order_by_danger) if whose else found.rows
    found.is_staff_named = found.is_staff_named or bool(whose)
    if week:
        return _answer_week(session, found, divide_by_day(rows, session.today, within), client or mine, to)
    if is_calendar:
        return Outcome(stream=make_calendar(rows, session.now, calendar_secret(session.store)))
    names = read_names(session, found.rows) if may_ask(session) else {}
    prose = due_lines(session, rows if client else gather_undated(rows), names) if may_ask(session) else ()
    said = (_count_sentence(session, rows),) if found.is_staff_named else ((STAFF_NAMED_NOWHERE, {"staff": mine}),)
    return _answer(session, found, [*due_rows(session, rows)], DUE_COLUMNS, said, prose)


def _answer(
    session: Session,
    found: DueOfMany,
    rows: Sequence[Mapping[str, Any]],
    columns: tuple[str, ...],
    said: FilledSentences,
    prose: FilledSentences,
) -> Outcome:
    """Return rows as an answer, with the parts that are closed to this person's role."""
    return Outcome(
        data={"rows": rows},
        columns=columns,
        wide=DUE_WIDE,
        findings=tuple(found.alarms),
        said=(*said, *closed_parts_sentences(session)),
        prose=prose,
        private=may_ask(session),
    )


def _answer_week(
    session: Session, found: DueOfMany, parts: Sequence[WeekPart], whom: str | None, to: OutputTarget | None
) -> Outcome:
    """Return the days ahead as an answer, or write them into a file for the wall."""
    if to:
        from shelterctl.paper.week_sheet import print_week  # noqa: PLC0415 - only --out needs it

        return print_week(session, parts, whom, to)
    last = max(part.day for part in parts if part.day)
    rows = [*week_rows(session, parts)]
    said = (WEEK_OF_DAYS if rows else NOTHING_IN_WEEK, {"first": session.today, "last": last})
    prose = week_lines(session, parts, read_names(session, found.rows)) if may_ask(session) else ()
    return _answer(session, found, rows, WEEK_COLUMNS, (said,), prose)


def _chosen_clients(
    session: Session, typed: str | None, named: tuple[str, str] | None, *, living_there: bool
) -> Iterable[Client] | None:
    """Return the client that was named, or None for all; of a house those who live there, if they are wanted.

    They are none where the person's role opens no file but a register, whose rows she sees.
    """
    store = session.store
    closed = not store.vault.opens(FILE_PART) and any(map(store.vault.opens, REGISTER_PARTS.values()))
    if named is None and typed:
        require_id_or_code(typed)
        return (store.client(typed)[0],)
    if named is None:
        return () if closed else None
    home, code = named
    if home != "house" or not living_there or closed:
        return ()
    return (her for her in store.clients() if her.stay and her.stay.is_open and her.stay.facility == code)


def _list_registered(
    session: Session,
    typed: str | None,
    named: tuple[str, str] | None,
    within: int,
    staff: str | None,
    *,
    recurring: bool,
) -> list[Obligation]:
    """Return what is due of the registers: of one code, or of all where nobody was named."""
    if named:
        from shelterctl.act.register import list_coded_due  # noqa: PLC0415 - only what is due for one code
        from shelterctl.act.register_due import list_register_due  # noqa: PLC0415 - only what is due for one code

        coded = (one for one in list_coded_due(session, within) if one.id == named[1] and staff in (None, one.id))
        return [*coded, *list_register_due(session, *named, within, staff, recurring=recurring)]
    return [] if typed else gather_registers_due(session, within, staff, recurring=recurring)


def _count_sentence(session: Session, rows: Sequence[Obligation]) -> tuple[Sentence, Mapping[str, object]]:
    """Return the sentence that counts the rows under each heading, in their order: by danger, else by state.

    Headings without a row are left out.
    """
    counts = Counter(DANGER_WORDS[row.danger] if row.danger else DUE_STATE_WORDS[row.state] for row in rows)
    texts = [SentenceText(DUE_STATE_COUNT, state=heading, count=count) for heading, count in counts.items()]
    return (
        (DUE_COUNTS, {"day": session.today, "counts": texts}) if texts else (NOTHING_DUE_ON_DAY, {"day": session.today})
    )


def _check_filters(session: Session, mine: str | None, owner: str | None) -> str | None:
    """Return the code of --mine as it is registered.

    Raises UsageError for a code that is not registered or a role that the rulebook lacks: the list would be empty.
    """
    roles = session.rulebook.tracks["staff"].clear["role"].codes
    if owner is not None and owner not in roles:
        raise UsageError("usage/role", ROLE_UNKNOWN, roles=codes_with_texts(roles))
    mine = None if mine is None else read_code_option(mine, "--mine")
    if mine is not None and mine not in session.store.staff_with_role():
        raise UsageError("usage/staff", MINE_STAFF_UNKNOWN)
    return mine
