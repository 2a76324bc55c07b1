"""shelterctl list: clients by id and state; with their names on the screen alone."""

from typing import Annotated, Any

import typer

from shelterctl.act.discretion import named
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.name import fold
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.view import client

NOBODY = N_("There is no client in this store yet.")
NOT_HERE = N_("--names shows names at a terminal only: they go into no file, pipe or page. Leave it out.")

COLUMNS = (*client.COLUMNS, "admitted_on", "discharged_on", "agreements")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="list", epilog="Example: shelterctl list --format csv")
def list_(
    ctx: Ctx,
    names: Annotated[
        bool, typer.Option("--names", help="First and last names too, on a screen that is gone when it is left.")
    ] = False,
) -> Outcome:
    """List clients by id and state, without names."""
    # Gather.
    here = desk(ctx, lists=True)
    if names and not named(here):
        raise Usage("usage/names", NOT_HERE)

    # Decide.
    rows = [_named(here, her) if names else _row(here, her) for her in here.store.clients()]
    if names:
        rows.sort(key=lambda row: [fold(row[name] or "") for name in ("last_name", "first_name")])
    columns = (*client.NAMES, *client.COLUMNS) if names else COLUMNS
    said: Said = () if rows or here.store.wrong else ((NOBODY, {}),)
    return Outcome(data={"rows": rows}, columns=columns, said=said, private=names)


def _row(here: Desk, her: Client) -> dict[str, Any]:
    last = her.stay
    admitted, left = (last.admitted_on, last.discharged_on) if last else (None, None)
    agreements = len(her.agreements)
    return {**client.row(here, her), "admitted_on": admitted, "discharged_on": left, "agreements": agreements}


def _named(here: Desk, her: Client) -> dict[str, Any]:
    return client.narrow(here, {"id": her.id, **client.names(her), **client.row(here, her)})
