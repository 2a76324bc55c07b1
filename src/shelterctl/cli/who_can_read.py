"""shelterctl who-can-read: says who can read a client's file, or the registers about a code, or one part of them."""

from typing import Annotated

import typer

from shelterctl.cli.options import WHOM_HELP, AsOption, Ctx, OutOption, OverwriteOption, begin_command
from shelterctl.core.finding import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl who-can-read 7QF2-M9KD medical")
def who_can_read(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="WHOM", help=WHOM_HELP)],
    part: Annotated[
        str | None, typer.Argument(metavar="[PART]", help="One part, such as medical or house-incidents.")
    ] = None,
    out: OutOption = None,
    as_: AsOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Say who can read a client's file, or the registers about a code, and each of their sealed parts, by role and by
    staff code.
    """
    from shelterctl.act.output_path import SHEET_MEDIA, read_target  # noqa: PLC0415 - help does without it
    from shelterctl.view.readers import answer_readers  # noqa: PLC0415 - pyrage is not needed for help

    session = begin_command(ctx, lists=out is None)
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    answer = answer_readers(session, client, part)
    if to is None:
        return answer
    from shelterctl.paper.readers_sheet import print_readers_sheet  # noqa: PLC0415 - most answers are not printed

    return print_readers_sheet(session, answer, to)
