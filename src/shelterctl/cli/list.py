"""shelterctl list: lists clients or stays by id, state and codes; names are shown on the screen alone."""

from typing import Annotated

import typer

from shelterctl.act.redaction import may_show_names
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
from shelterctl.core.values.names import fold_name
from shelterctl.custody.export import seal_rows_for
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view import client
from shelterctl.view.lists import ListQuery, answer_query, client_list_rows, listed_clients, make_list_table

NO_CLIENT_YET = N_("There is no client in this store yet.")
NO_CLIENT_BY_DAY = N_("Up to {day} this store had no client.")
NAMES_AT_TERMINAL_ONLY = N_("--names shows names at a terminal only, never in a file, a pipe or a page. Leave it out.")
NAMES_LIST_STANDS_ALONE = N_(
    "--names shows a list of its own. Leave out --stays, --columns, --where and --count, or --names."
)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(name="list", epilog="Example: shelterctl list --stays --columns admitted_month,sex,age_group --count")
def list_(
    ctx: Ctx,
    names: Annotated[
        bool,
        typer.Option("--names", help="Also show first and last names, on a screen that is cleared when you leave it."),
    ] = False,
    stays: Annotated[bool, typer.Option("--stays", help="Show a row for each stay, ended ones too.")] = False,
    columns: ColumnsOption = None,
    where: WhereOption = None,
    count: CountOption = False,
    reader: ForOption = None,
) -> Outcome:
    """List clients by id and state, without names; with --as-of, as they were on that day."""
    # Gather.
    session, wish = begin_command(ctx, lists=True), ListQuery(columns, where or (), count)
    if names and not may_show_names(session):
        raise UsageError("usage/names", NAMES_AT_TERMINAL_ONLY)
    if names and (not wish.is_empty or stays or reader):
        raise UsageError("usage/one-thing", NAMES_LIST_STANDS_ALONE)

    # Decide.
    if not names:
        return seal_rows_for(session, _list_as_asked(session, wish, stays=stays), reader)
    rows = [
        client.narrow_client_row(session, {"id": her.id, **client.client_names(her), **client.client_row(session, her)})
        for her in session.store.clients()
    ]
    rows.sort(key=lambda row: [fold_name(row[name] or "") for name in ("last_name", "first_name")])
    said: FilledSentences = () if rows or session.store.damaged else ((NO_CLIENT_YET, {}),)
    return Outcome(
        data={"rows": rows}, columns=(*client.CLIENT_NAME_COLUMNS, *client.CLIENT_ROW_COLUMNS), said=said, private=names
    )


def _list_as_asked(session: Session, wish: ListQuery, *, stays: bool) -> Outcome:
    """Return the clients or stays that are asked for; with --as-of as they were on that day."""
    table = make_list_table(session.rulebook, "list --stays" if stays else "list", lambda: session.today)
    back = bool(session.options.as_of) and not wish.where
    none = NO_CLIENT_YET if not any(session.store.ids()) else NO_CLIENT_BY_DAY if back else NO_ROW_MATCHES
    facts = {"day": session.today} if back else {}
    return answer_query(session, table, wish, client_list_rows(listed_clients(session), stays=stays), ((none, facts),))
