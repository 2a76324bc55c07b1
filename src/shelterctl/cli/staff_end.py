"""shelterctl staff end: registers that a member of staff leaves, and shuts out the computers bound to that code."""

from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.cli.options import CheckMeaningOption, Ctx, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.session import may_ask, read_code_option
from shelterctl.ui_language import N_

LEAVER_CONFIRM = N_("Is all of that so, and is it to be done now?")
LEAVER_NOT_ENDED = N_("Nothing was done.")
LEAVER_REGISTERED = N_("{staff} is registered as somebody who worked here until {until}.")
LEAVER_ALREADY_REGISTERED = N_("{staff} was registered so, until {until}; nothing changed.")


def end_staff(
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
    check: CheckMeaningOption = False,
) -> Outcome:
    """Register that somebody leaves: that code writes no more, and the computers bound to it are shut out."""
    # Gather.
    from shelterctl.act import staff_end as act  # noqa: PLC0415 - the same
    from shelterctl.terminal.questions import confirm  # noqa: PLC0415 - not needed for help
    from shelterctl.terminal.screen import print_sentence  # noqa: PLC0415 - not needed for help
    from shelterctl.view.revocation import (  # noqa: PLC0415 - the same
        CHECK_ASKED_NOTHING_WRITTEN,
        answer_shut_out,
        departure_consequences,
    )

    session = begin_command(ctx)
    session.store.vault.require_writable()
    who = act.plan_departure(session, read_code_option(leaver, "CODE"), session.dated(on, "--on") if on else None, keep)
    means, facts = departure_consequences(session, who), {"staff": who.staff, "until": who.last_day}
    ended, kept = ([one.code for one in each] for each in (who.devices_to_end, who.devices_kept))
    data = {**facts, "ended": ended, "kept": kept, "keeps": means.data}

    # Decide.
    findings = () if who.is_registered else act.judge_departure(session, who)
    if has_refusal(findings):
        return Outcome(data=data if session.json else {}, findings=findings)
    if act.is_departure_done(session, who):
        return answer_shut_out(
            session,
            data,
            ((LEAVER_ALREADY_REGISTERED, facts),),
            Outcome(data={"sealed": 0, "left": []}, findings=findings),
        )
    if check:
        return answer_shut_out(
            session, data, (*means.said, (CHECK_ASKED_NOTHING_WRITTEN, {})), Outcome(findings=findings)
        )
    said = means.said
    if may_ask(session):
        for sentence, its in said:
            print_sentence(sentence, its)
        if not confirm(LEAVER_CONFIRM):
            return Outcome(said=((LEAVER_NOT_ENDED, {}),))
        said = ()

    # Act.
    done = act.end_employment(session, who)
    sealed = done.said if done.harm or done.data["sealed"] else ()
    return answer_shut_out(
        session, data, (*said, (LEAVER_REGISTERED, facts), *sealed), replace(done, findings=(*findings, *done.findings))
    )
