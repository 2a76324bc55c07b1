"""shelterctl due: lists every deadline of all clients or of one, the gravest danger first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import typer

from shelterctl.act.due import gather_due
from shelterctl.act.register import list_coded_due
from shelterctl.act.register_due import list_register_due, list_registers_due
from shelterctl.cli.options import ROLE_UNKNOWN, Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.record.client import Client
from shelterctl.core.rules.deadlines import Obligation, order_by_danger
from shelterctl.errors import UsageError
from shelterctl.language import Sentence, codes_with_texts, format_sentence
from shelterctl.session import Session, may_ask, read_code_option
from shelterctl.store.subject import find_code
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.due import (
    DANGER_WORDS,
    DUE_COLUMNS,
    DUE_STATE_WORDS,
    calendar_secret,
    due_lines,
    due_rows,
    gather_undated,
    make_calendar,
)
from shelterctl.view.readers import closed_parts_sentences

DUE_COUNTS = N_("On {day}: {counts}.")
DUE_STATE_COUNT = N_("{state} {count}")
NOTHING_DUE_ON_DAY = N_("On {day}: nothing is due.")
STAFF_NAMED_NOWHERE = N_("No open entry of any file names {staff}. Leave --mine out to see what is due for everybody.")
MINE_STAFF_UNKNOWN = N_("No member of staff has that code. See: shelterctl staff list")
CALENDAR_FORMAT = "ics"


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("due", epilog="Example: shelterctl due --within 30 --format ics")
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
) -> Outcome:
    """List everything that is due, danger first, then overdue: who is responsible, and by which clause.

    --format ics answers with a calendar.
    """
    # Gather.
    session = begin_command(ctx, lists=True, also=(CALENDAR_FORMAT,))
    mine = _check_filters(session, mine, owner)
    named = find_code(session.store, client) if client else None
    clients = () if named else (session.store.client(client)[0],) if client else _readable_clients(session)

    # Decide.
    found = gather_due(session, clients, within, staff=mine, owner=owner)
    coded = list_coded_due(session, within) if named or not client else ()
    registered = [one for one in coded if mine in (None, one.id) and (named is None or named[1] == one.id)]
    if named:
        registered += list_register_due(session, *named, within, mine)
    elif not client:
        registered += list_registers_due(session, within, mine)
    whose = [one for one in registered if owner in (None, one.owner)]
    rows = sorted((*found.rows, *whose), key=order_by_danger) if whose else found.rows
    found.is_staff_named = found.is_staff_named or bool(whose)
    if session.options.format == CALENDAR_FORMAT:
        return Outcome(stream=make_calendar(rows, session.now, calendar_secret(session.store)))
    prose = due_lines(session, rows if client else gather_undated(rows), found.names) if may_ask(session) else ()
    data = {"rows": [*due_rows(session, rows)]}
    said: FilledSentences = (
        (_count_sentence(session, rows),) if found.is_staff_named else ((STAFF_NAMED_NOWHERE, {"staff": mine}),)
    )
    said = (*said, *closed_parts_sentences(session))
    return Outcome(
        data=data, columns=DUE_COLUMNS, findings=tuple(found.alarms), said=said, prose=prose, private=may_ask(session)
    )


def _readable_clients(session: Session) -> Iterable[Client]:
    """Return all clients; none where the person's role opens no file but a register, whose rows she sees."""
    store = session.store
    closed = not store.vault.opens(FILE_PART) and any(map(store.vault.opens, REGISTER_PARTS.values()))
    return () if closed else store.clients()


def _count_sentence(session: Session, rows: Sequence[Obligation]) -> tuple[Sentence, Mapping[str, object]]:
    """Return the sentence that counts the rows under each heading, in their order: by danger, else by state.

    Headings without a row are left out.
    """
    counts = Counter(DANGER_WORDS[row.danger] if row.danger else DUE_STATE_WORDS[row.state] for row in rows)
    told = [{"state": heading, "count": count} for heading, count in counts.items()]
    texts = [
        {language: format_sentence(DUE_STATE_COUNT, facts, language) for language in SCREEN_LANGUAGES} for facts in told
    ]
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
