"""The sitting in which a computer is shut out: what it means, said first, then the question, then it is done."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from shelterctl import ask, screen
from shelterctl.act import ending as act
from shelterctl.act.recovery import paper_in
from shelterctl.act.rekey import finished
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.language import N_
from shelterctl.view import access
from shelterctl.view.call import first_call
from shelterctl.view.ending import CHECKED, answer, consequences

ABOUT = N_("Computer {device} of {staff}. It wrote last on {last}; changes that count: {lines}.")
NEVER = N_("Computer {device} of {staff}. It wrote nothing.")
DROPPED = N_("What it wrote after {on} will not count, changes: {dropped}. Files: {files}.")
ITSELF = N_(
    "That is this computer. It will write nothing here any more, and open what lies here until another computer has "
    "sealed the files anew."
)
SURE = N_("Shut this computer out for good?")
KEPT = N_("Nothing was changed: the computer is still on the list.")
REST = N_("Something else is new on the list. Do you know of it, and is it right?")
DONE = N_("Computer {device} is shut out.")
ALREADY = N_("Computer {device} was shut out on {on}.")
ELSEWHERE = N_("On another computer seal the files anew: shelterctl rekey")


def end(here: Desk, typed: str, why: str, on: date | None, recovery: Path | None, *, check: bool) -> Outcome:
    """Shut out the device of that code, once a person has seen what it means; shut out before, finish what is left.

    *why* is lost, left or copied; its lines after the day *on* do not count; the paper in *recovery* signs, if given.
    """
    # Gather.
    store = here.store
    chain, device = store.vault.journal.chain, act.named(store, typed)
    if device.ended:
        return _finished(here, device.code, (), {}, check=check)
    paper = paper_in(recovery)[0] if recovery else None
    plan = act.planned(here, device, on, paper)

    # Decide.
    if refused := act.refusal(chain, device, str(store.identity.device)):
        return Outcome(findings=(refused,))
    means = consequences(here, "device", [device.age])
    told: Said = (*first_call(here, "device"), *access.news(here), *_about(plan, on), *means.said)
    lines = {"lines": plan.ending.lines, "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    data = {"device": device.code, "staff": device.staff, "why": why, **lines, "keeps": means.data}
    if check:
        return answer(here, data, (*told, (CHECKED, {})))
    known = not plan.others
    if walked(here):
        for sentence, facts in told:
            screen.tell(sentence, facts)
        known = known or ask.confirm(REST)
        if not ask.confirm(SURE):
            store.told.clear()
            return Outcome(said=((KEPT, {}),))
        told = ()

    # Act.
    act.end(here, plan, why, known=known)
    return _finished(here, device.code, (*told, (DONE, {"device": device.code})), data)


def _finished(here: Desk, code: str, said: Said, data: Mapping[str, Any], *, check: bool = False) -> Outcome:
    """The answer once the device is shut out, with the files sealed anew as far as is left to do and can be done here.

    Nothing was *said* where it was shut out before.
    """
    store = here.store
    device, itself = store.vault.journal.chain.devices[code], code == store.identity.device
    if end := device.ended:
        said = said or ((ALREADY, {"device": code, "on": end.on}),)
        out = {"device": code, "staff": device.staff, "why": end.why, "ended_on": end.on, "ended_by": end.by or None}
        data = {**data, **out}
    if itself and not check:
        store.vault.journal.remember()  # it may have been cut off just before, and no later command of it does
    if check or itself:
        return answer(here, data, (*said, *(((ELSEWHERE, {}),) if itself else ())))
    done = finished(here)
    return answer(here, data, (*said, *done.said), done)


def _about(plan: act.Plan, on: date | None) -> Said:
    """Which device it is, and what of it would not count."""
    facts = {"device": plan.device.code, "staff": plan.device.staff, "lines": plan.ending.lines}
    dropped = {"on": on.isoformat() if on else "", "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    return (
        (ABOUT, {**facts, "last": plan.ending.last[:10]}) if plan.ending.last else (NEVER, facts),
        *(((DROPPED, dropped),) if plan.ending.dropped else ()),
        *(((ITSELF, {}),) if plan.itself else ()),
    )
