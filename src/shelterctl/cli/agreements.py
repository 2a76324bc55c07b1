"""shelterctl agreements: lists financial agreements, the lines of their forms, or what was spent."""

from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    ColumnsOption,
    CountOption,
    Ctx,
    ForOption,
    WhereOption,
    begin_command,
)
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.money.account import OUTLAY_TRACK
from shelterctl.core.tables.list_rows import agreement_list_rows, entry_list_rows
from shelterctl.custody.export import seal_rows_for
from shelterctl.errors import UsageError
from shelterctl.session import may_ask
from shelterctl.ui_language import N_
from shelterctl.view.lists import (
    ListQuery,
    answer_query,
    listed_clients,
    make_list_table,
)

NO_AGREEMENT_YET = N_("There is no agreement yet.")
NOTHING_SPENT_YET = N_("No spending is recorded yet.")
LINES_OR_OUTLAYS = N_("--lines lists what was agreed, --outlays what was spent. Use one of them at a time.")
SEE_ACCOUNT = N_("What was spent of it, and what is left: agreement {id} --account")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreements --lines --columns form,line,amount --count")
def agreements(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id; default: all clients.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Show a row for each line of a form.")] = False,
    outlays: Annotated[bool, typer.Option("--outlays", help="Show a row for each sum spent for a client.")] = False,
    columns: ColumnsOption = None,
    where: WhereOption = None,
    count: CountOption = False,
    reader: ForOption = None,
) -> Outcome:
    """List financial agreements, the lines of their forms, or what was spent."""
    if lines and outlays:
        raise UsageError("usage/one-thing", LINES_OR_OUTLAYS)

    # Gather.
    session, wish = begin_command(ctx, lists=True), ListQuery(columns, where or (), count)
    name = " ".join(["agreements", *["--lines"] * lines, *["--outlays"] * outlays])
    table = make_list_table(session.rulebook, name, lambda: session.today)
    her = session.store.client(client)[0] if client else None
    hers = listed_clients(session, None if her is None else [her])

    # Decide.
    rows = (
        entry_list_rows(session.rulebook.tracks[OUTLAY_TRACK], hers)
        if outlays
        else agreement_list_rows(session.rulebook.forms, hers, lines=lines)
    )
    none = NO_ROW_MATCHES if wish.where else NOTHING_SPENT_YET if outlays else NO_AGREEMENT_YET
    told = answer_query(session, table, wish, rows, ((none, {}),))
    more = her is not None and bool(told.data.get("rows")) and wish.is_empty and may_ask(session)
    last: FilledSentences = ((SEE_ACCOUNT, {"id": her.id}),) if her and more else ()
    return seal_rows_for(session, replace(told, last=(*told.last, *last)), reader)
