"""shelterctl staff end: somebody of the staff leaves, and the computers that were bound to that code go with it."""

from collections.abc import Mapping
from typing import Annotated

import typer

from shelterctl.cli.options import Check, Ctx, desk
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import ShelterError
from shelterctl.language import N_

SURE = N_("Is all of that so, and is it to be done now?")
NOT_DONE = N_("Nothing was done.")
WOULD = N_("As --check asked, nothing was written.")
DONE = N_("{staff} is registered as somebody who worked here until {until}. Files sealed anew: {files}.")
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
    check: Check = False,
) -> Outcome:
    """Register that somebody leaves: that code writes no more, and the computers bound to it are shut out."""
    # Gather.
    from shelterctl import ask, screen  # noqa: PLC0415 - not needed for help
    from shelterctl.act import departure  # noqa: PLC0415 - the same
    from shelterctl.act.rekey import answered  # noqa: PLC0415 - the same
    from shelterctl.view.departure import told  # noqa: PLC0415 - the same

    here = desk(ctx)
    here.store.vault.writable()
    who = departure.planned(here, code(leaver, "CODE"), here.dated(on, "--on") if on else None, keep or ())
    data = {
        "staff": who.staff,
        "until": who.until,
        "ended": [one.code for one in who.ends],
        "stay": [one.code for one in who.stays],
    }

    # Decide.
    findings = () if who.noted else departure.judged(here, who)
    if refused(findings):
        return Outcome(data=data, findings=findings)
    settled = departure.settled(here, who)
    said: Said = () if settled else told(here, who)
    facts: dict[str, object] = {"staff": who.staff, "until": who.until}
    if settled or check:
        return _answer(here, (*said, (SAME if settled else WOULD, facts)), {**data, "files": 0}, findings)
    if walked(here):
        for sentence, its in said:
            screen.tell(sentence, its)
        if not ask.confirm(SURE):
            return Outcome(said=((NOT_DONE, {}),))
        said = ()

    # Act.
    done = departure.end(here, who)
    sealed = answered(done)
    said = ((DONE, {**facts, "files": done.sealed}), *said)
    return _answer(here, said, {**data, "files": done.sealed}, (*findings, *sealed.findings), sealed.harm)


def _answer(
    here: Desk,
    said: Said,
    data: Mapping[str, object],
    findings: tuple[Finding, ...],
    harm: ShelterError | None = None,
) -> Outcome:
    """The answer: the sentences say all of it to a person, and a program is given the data beside them."""
    prose = () if here.json else said
    return Outcome(data=data, findings=findings, said=said if here.json else (), prose=prose, harm=harm)
