"""shelterctl explain: says what the manual rules, and what a code means and how it is resolved."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.explain.page import explain_name

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl explain A6.4")
def explain(
    ctx: Ctx,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME", help="A clause, a code, a state, an item, a line such as blue 4, or a word such as draft."
        ),
    ],
) -> Outcome:
    """Explain what the manual rules, and what the program does about it."""
    session = begin_command(ctx)
    return explain_name(session.rulebook, " ".join(what), session.computer_day)
