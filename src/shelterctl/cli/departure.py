"""shelterctl staff end: somebody of the staff leaves, and the computers that were bound to that code go with it."""

from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaning, Ctx, desk
from shelterctl.core.finding import Outcome, refused
from shelterctl.desk import code, walked
from shelterctl.language import N_

SURE = N_("Is all of that so, and is it to be done now?")
NOT_DONE = N_("Nothing was done.")
DONE = N_("{staff} is registered as somebody who worked here until {until}.")
SAME = N_("{staff} was registered so, until {until}; nothing changed.")


def end(
    ctx: Ctx,
    leaver: Annotated[str, typer.Argument(metavar="CODE", help="Who leaves, by code.")],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The last day of work, as 2026-11-25 or yesterday; default: today."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="DEVICE", help="A computer bound to that code that stays in the house."),
    ] = None,
    check: CheckMeaning = False,
) -> Outcome:
    """Register that somebody leaves: that code writes no more, and the computers bound to it are shut out."""
    # Gather.
    from shelterctl import ask, screen  # noqa: PLC0415 - not needed for help
    from shelterctl.act import departure as act  # noqa: PLC0415 - the same
    from shelterctl.view.departure import departure  # noqa: PLC0415 - the same
    from shelterctl.view.ending import CHECKED, answer  # noqa: PLC0415 - the same

    here = desk(ctx)
    here.store.vault.writable()
    who = act.planned(here, code(leaver, "CODE"), here.dated(on, "--on") if on else None, keep)
    means, facts = departure(here, who), {"staff": who.staff, "until": who.until}
    ended, kept = ([one.code for one in each] for each in (who.ends, who.stays))
    data = {**facts, "ended": ended, "kept": kept, "keeps": means.data}

    # Decide.
    findings = () if who.noted else act.judged(here, who)
    if refused(findings):
        return Outcome(data=data if here.json else {}, findings=findings)
    if act.settled(here, who):
        return answer(here, data, ((SAME, facts),), Outcome(data={"sealed": 0, "left": []}, findings=findings))
    if check:
        return answer(here, data, (*means.said, (CHECKED, {})), Outcome(findings=findings))
    said = means.said
    if walked(here):
        for sentence, its in said:
            screen.tell(sentence, its)
        if not ask.confirm(SURE):
            return Outcome(said=((NOT_DONE, {}),))
        said = ()

    # Act.
    done = act.end(here, who)
    sealed = done.said if done.harm or done.data["sealed"] else ()
    return answer(here, data, (*said, (DONE, facts), *sealed), replace(done, findings=(*findings, *done.findings)))
