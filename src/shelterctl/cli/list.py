"""shelterctl list: clients or stays by id and state, and by any code of theirs; names on the screen alone."""

from typing import Annotated, Any

import typer

from shelterctl.act.discretion import named
from shelterctl.cli.asked import NO_ROW, Columns, Count, Where, Wish
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.name import fold
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.view import client
from shelterctl.view.table import clients, of_clients, table_of
from shelterctl.view.wish import asked

NOBODY = N_("There is no client in this store yet.")
NONE_THEN = N_("By {day} nothing had happened to any client of this store.")
NOT_HERE = N_("--names shows names at a terminal only: they go into no file, pipe or page. Leave it out.")
NAMES_ALONE = N_("--names shows a list of its own. Leave out --stays, --columns, --where and --count, or --names.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="list", epilog="Example: shelterctl list --stays --columns admitted_month,sex,age_group --count")
def list_(
    ctx: Ctx,
    names: Annotated[
        bool, typer.Option("--names", help="First and last names too, on a screen that is gone when it is left.")
    ] = False,
    stays: Annotated[bool, typer.Option("--stays", help="A row for each stay, also for those that are over.")] = False,
    columns: Columns = None,
    where: Where = None,
    count: Count = False,
) -> Outcome:
    """List clients by id and state, without names; as of a day, by what had happened by then."""
    # Gather.
    here, wish = desk(ctx, lists=True), Wish(columns, where or (), count)
    if names and not named(here):
        raise Usage("usage/names", NOT_HERE)
    if names and not (wish.plain and not stays):
        raise Usage("usage/one-thing", NAMES_ALONE)

    # Decide.
    if not names:
        return _asked(here, wish, stays=stays)
    rows = [_named(here, her) for her in here.store.clients()]
    rows.sort(key=lambda row: [fold(row[name] or "") for name in ("last_name", "first_name")])
    said: Said = () if rows or here.store.wrong else ((NOBODY, {}),)
    return Outcome(data={"rows": rows}, columns=(*client.NAMES, *client.COLUMNS), said=said, private=names)


def _asked(here: Desk, wish: Wish, *, stays: bool) -> Outcome:
    """Clients or stays as they are asked for; with --as-of as they were on that day."""
    table = table_of(here.shelf, "list --stays" if stays else "list", lambda: here.today)
    back = bool(here.option("as_of")) and not wish.where
    none = NOBODY if not any(here.store.ids()) else NONE_THEN if back else NO_ROW
    facts = {"day": here.today} if back else {}
    return asked(here, table, wish, of_clients(clients(here), stays=stays), ((none, facts),))


def _named(here: Desk, her: Client) -> dict[str, Any]:
    return client.narrow(here, {"id": her.id, **client.names(her), **client.row(here, her)})
