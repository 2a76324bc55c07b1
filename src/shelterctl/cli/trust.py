"""shelterctl trust: shows who may read and write in a store and why this computer trusts it; takes a store over,
accepts changes, and joins with a new computer.
"""

from pathlib import Path
from typing import Annotated

import typer

from shelterctl.act.output_path import SHEET_MEDIA, read_target
from shelterctl.cli.options import AsOption, Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.ui_language import N_
from shelterctl.view.trust import answer_access

TRUST_ONE_TASK = N_("Use only one of --begin, --accept and --join.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl trust")
def trust(
    ctx: Ctx,
    begin: Annotated[bool, typer.Option("--begin", help="Take over a store that version 0.1.0 made.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the changes to the list of who may read and write.")
    ] = False,
    join: Annotated[
        bool, typer.Option("--join", help="Let this computer work with the store; needs the recovery paper.")
    ] = False,
    recovery: Annotated[
        str | None, typer.Option("--recovery", metavar="FILE", help="A file with the line of the recovery paper.")
    ] = None,
    clients: Annotated[
        int | None, typer.Option("--clients", metavar="N", help="With --begin: how many clients the store has.")
    ] = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", metavar="WORDS", help="The four words of the store, to compare.")
    ] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="With --join: leave a new key without a passphrase, for scripts.")
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Print the sheet for the safe into FILE: .pdf, .html, .md or .txt."),
    ] = None,
    as_: AsOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Show who may read and write in the store; take a store over, accept a change, or join with a new computer."""
    session = begin_command(ctx, lists=not (begin or accept or join or out))
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    if begin + accept + join > 1:
        raise UsageError("usage/one-thing", TRUST_ONE_TASK)
    if begin or accept or join:
        from shelterctl.prompts import trust as sitting  # noqa: PLC0415 - what is only shown asks nothing

        paper = Path(recovery) if recovery else None
        if begin:
            return sitting.take_over_store(session, paper, clients)
        return (
            sitting.accept_news(session)
            if accept
            else sitting.join_computer(session, paper, number, words, no_passphrase)
        )
    store = session.store
    if not store.vault.journal.chain.root:
        raise store.vault.closed_because or store.notices[0]
    if to:
        from shelterctl.paper.store_sheets import print_safe_sheet  # noqa: PLC0415 - otherwise nothing is printed here

        return print_safe_sheet(session, to)
    return answer_access(session)
