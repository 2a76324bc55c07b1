"""shelterctl device: lists the computers and keys that may read and write, and shuts out one that is lost."""

from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaningOption, Ctx, SigningPaperOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.view import trust

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


@app.command("list", epilog="Example: shelterctl device list --format csv")
def list_(ctx: Ctx) -> Outcome:
    """List every computer and key that has or had access: whose it is, when it wrote last, and how its access ended."""
    session = begin_command(ctx, lists=True)
    store = session.store
    if not store.vault.journal.chain.root:
        raise store.vault.closed_because or store.notices[0]
    return trust.answer_devices(session)


@app.command(epilog="Example: shelterctl device end 4f8k2m9q --lost")
def end(
    ctx: Ctx,
    device: Annotated[str, typer.Argument(metavar="CODE", help="The code of the computer or key, from device list.")],
    lost: Annotated[
        bool, typer.Option("--lost", help="The computer was lost or stolen; default: it was given back or given away.")
    ] = False,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="DATE", help="Do not count what it wrote after this day; default: count all of it."
        ),
    ] = None,
    recovery: SigningPaperOption = None,
    check: CheckMeaningOption = False,
) -> Outcome:
    """Shut a computer or a key out: it cannot open what is saved from now on, and what it writes does not count."""
    from shelterctl.prompts import device as sitting  # noqa: PLC0415 - a list asks nothing

    session = begin_command(ctx)
    day = session.read_day(on, "--on") if on else None
    why = "lost" if lost else "left"
    return sitting.ask_device_end(session, device, why, day, Path(recovery) if recovery else None, check=check)
