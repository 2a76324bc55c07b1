"""shelterctl recovery: replaces the recovery paper, which opens everything when no other key is left."""

from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaningOption, Ctx, begin_command
from shelterctl.core.finding import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


@app.command(epilog="Example: shelterctl recovery renew")
def renew(
    ctx: Ctx,
    recovery: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the new recovery key into FILE; needed if there is no terminal to show it."
        ),
    ] = None,
    check: CheckMeaningOption = False,
) -> Outcome:
    """Replace a recovery paper that is lost, or that somebody may have seen."""
    from shelterctl.prompts.recovery import ask_renewal as sitting  # noqa: PLC0415 - help needs none of it

    return sitting(begin_command(ctx), recovery, only_said=check)
