"""shelterctl agreements: financial agreements as a list."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.language import N_
from shelterctl.view.agreement import COLUMNS, row

NONE = N_("There is no agreement yet.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreements 7QF2-M9KD")
def agreements(
    ctx: Ctx, client: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one client; default: all.")] = None
) -> Outcome:
    """List financial agreements: number, form, date, total, when signed."""
    here = desk(ctx, lists=True)
    clients = [here.store.client(client)[0]] if client else here.store.clients()
    rows = [row(facts, here, her.id) for her in clients for facts in her.agreements]
    return Outcome(data={"rows": rows}, columns=COLUMNS, said=() if rows else ((NONE, {}),))
