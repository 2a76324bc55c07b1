"""shelterctl rekey: encrypts every file again for exactly those who may read now."""

from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody import rekey as act
from shelterctl.custody.device import require_paper
from shelterctl.custody.recovery import read_paper
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import list_files_to_rekey
from shelterctl.view.revocation import answer_shut_out

ENDED_DEVICE_KEEPS_COPIES = N_(
    "A computer that was shut out keeps what was copied before, and can open every earlier backup."
)
FILES_WAIT_FOR_REKEY = N_("Files to encrypt again: {count}.")
REKEY_COLUMNS = ("file", "saved_on")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl rekey --check")
def rekey(
    ctx: Ctx,
    check: Annotated[bool, typer.Option("--check", help="Only list the files to encrypt again; save nothing.")] = False,
    recovery: Annotated[
        str | None,
        typer.Option("--recovery", metavar="FILE", help="Open what waits for a reader with the recovery paper."),
    ] = None,
) -> Outcome:
    """Encrypt every file again for those who may read now: a computer that was shut out opens none of them.

    Shutting out a computer and renewing the recovery paper do this too; run rekey for files that were left.
    """
    session = begin_command(ctx, lists=check)
    if check:
        journal = session.store.vault.journal
        names = list_files_to_rekey(session.store.vault)
        rows = [{"file": name, "saved_on": str((journal.last_line_about(name) or {})["at"])[:10]} for name in names]
        said = (act.REKEY_NOT_NEEDED, {}) if not rows else (FILES_WAIT_FOR_REKEY, {"count": len(rows)})
        return Outcome(data={"rows": rows}, columns=REKEY_COLUMNS, said=(said,))
    paper = read_paper(Path(recovery))[0] if recovery else None
    if paper:
        require_paper(session.store.vault.journal.chain, paper)
    done = act.rekey_answer(act.rekey_files(session, paper))
    more: FilledSentences = (
        ((ENDED_DEVICE_KEEPS_COPIES, {}), *act.backup_advice(session)) if done.data["sealed"] else ()
    )
    return answer_shut_out(session, {}, (*done.said, *more), done)
