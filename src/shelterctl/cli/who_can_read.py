"""shelterctl who-can-read: says who can read a client's file, or one part of it."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl who-can-read 7QF2-M9KD medical")
def who_can_read(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    part: Annotated[
        str | None, typer.Argument(metavar="[PART]", help="One part of the file: medical, psychological, legal, hiv.")
    ] = None,
) -> Outcome:
    """Say who can read a client's file and each of its sealed parts, by role and by name."""
    from shelterctl.view.readers import answer_readers  # noqa: PLC0415 - pyrage is not needed for help

    return answer_readers(begin_command(ctx, lists=True), client, part)
