"""shelterctl rekey: every file sealed anew to just those who may read now."""

from typing import Annotated

import typer

from shelterctl.act import rekey as act
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.language import N_
from shelterctl.store.waiting import waiting
from shelterctl.view.ending import answer

HAS = N_("Whoever was shut out keeps what was copied before, and can open every backup that was made before.")
WAITING = N_("Files that wait to be sealed anew: {count}.")
COLUMNS = ("file", "saved_on")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl rekey --check")
def rekey(
    ctx: Ctx,
    check: Annotated[bool, typer.Option("--check", help="Only list the files that wait; write nothing.")] = False,
) -> Outcome:
    """Seal every file anew to just those who may read now: who was shut out opens none, and a new paper opens all."""
    here = desk(ctx, lists=check)
    if check:
        journal = here.store.vault.journal
        names = waiting(here.store.vault)
        rows = [{"file": name, "saved_on": str((journal.last(name) or {})["at"])[:10]} for name in names]
        said = (act.NOTHING, {}) if not rows else (WAITING, {"count": len(rows)})
        return Outcome(data={"rows": rows}, columns=COLUMNS, said=(said,))
    done = act.answered(act.rekey(here))
    more: Said = ((HAS, {}), *act.backup_next(here)) if done.data["sealed"] else ()
    return answer(here, {}, (*done.said, *more), done)
