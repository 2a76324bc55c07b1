"""shelterctl agreements: financial agreements as a list, the lines of their forms, or what was spent."""

from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.cli.asked import NO_ROW, Columns, Count, Where, Wish
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import walked
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.view.table import clients, of_agreements, of_outlays, table_of
from shelterctl.view.wish import asked

NONE = N_("There is no agreement yet.")
NOTHING = N_("Nothing was spent yet, as far as it is written down.")
ONE_LIST = N_("--lines lists what was agreed, --outlays what was spent: one after the other.")
ACCOUNT = N_("What was spent of it, and what is left: agreement {id} --account")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreements --lines --columns form,line,amount --count")
def agreements(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one client; default: all.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="A row for each line of a form.")] = False,
    outlays: Annotated[bool, typer.Option("--outlays", help="A row for whatever was spent for a client.")] = False,
    columns: Columns = None,
    where: Where = None,
    count: Count = False,
) -> Outcome:
    """List financial agreements: number, form, date, total, when signed; or their lines; or what was spent."""
    if lines and outlays:
        raise Usage("usage/one-thing", ONE_LIST)

    # Gather.
    here, wish = desk(ctx, lists=True), Wish(columns, where or (), count)
    name = " ".join(["agreements", *["--lines"] * lines, *["--outlays"] * outlays])
    table = table_of(here.shelf, name, lambda: here.today)
    her = here.store.client(client)[0] if client else None
    hers = clients(here, None if her is None else [her])

    # Decide.
    rows = of_outlays(here.shelf, hers) if outlays else of_agreements(here.shelf, hers, lines=lines)
    none = NO_ROW if wish.where else NOTHING if outlays else NONE
    told = asked(here, table, wish, rows, ((none, {}),))
    more = her is not None and bool(told.data.get("rows")) and wish.plain and walked(here)
    last: Said = ((ACCOUNT, {"id": her.id}),) if her and more else ()
    return replace(told, last=(*told.last, *last))
