"""shelterctl show: one client's file."""

from typing import Annotated

import typer

from shelterctl.cli.file import still_open, way
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl show 7QF2-M9KD")
def show(ctx: Ctx, client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")]) -> Outcome:
    """Show a client's file: where she is, what is open, and everything that is written down."""
    # Gather.
    here = desk(ctx)
    her, held = here.store.client(client)

    # Decide.
    where = way(here, her)
    data = {"id": her.id, "state": where["state"], "record": held.value}
    return Outcome(data=data, findings=still_open(here, her))
