"""shelterctl agreements: financial agreements as a list, or the lines of their forms."""

from typing import Annotated

import typer

from shelterctl.cli.asked import NO_ROW, Columns, Count, Where, Wish
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.language import N_
from shelterctl.view.table import of_agreements, table_of
from shelterctl.view.wish import asked

NONE = N_("There is no agreement yet.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreements --lines --columns form,line,amount --count")
def agreements(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one client; default: all.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="A row for each line of a form.")] = False,
    columns: Columns = None,
    where: Where = None,
    count: Count = False,
) -> Outcome:
    """List financial agreements: number, form, date, total, when signed; or their lines."""
    # Gather.
    here, wish = desk(ctx, lists=True), Wish(columns, where or (), count)
    table = table_of(here.shelf, "agreements --lines" if lines else "agreements", lambda: here.today)
    clients = [here.store.client(client)[0]] if client else here.store.clients()

    # Decide.
    return asked(
        here, table, wish, of_agreements(here.shelf, clients, lines=lines), ((NO_ROW if wish.where else NONE, {}),)
    )
