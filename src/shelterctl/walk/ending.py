"""The sitting in which a computer is shut out: what it means, said first, then the question, then it is done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from shelterctl import ask, screen
from shelterctl.act import ending as act
from shelterctl.act.recovery import paper_in
from shelterctl.act.rekey import answered, rekey
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Sentence
from shelterctl.view import access
from shelterctl.view.ending import FIRST_CALL, consequences

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
WAITING = N_("The files still wait to be sealed anew: shelterctl rekey")
THEN_HERE = N_("Now make a backup on each disk, so that the older ones can be erased.")
THEN = N_("Now make a backup on each disk, so that the older ones can be erased: shelterctl backup DIR")


def end(
    here: Desk, typed: str, why: str, on: date | None, recovery: Path | None, *, check: bool, called: bool = False
) -> Outcome:
    """Shut out the device of that code, once a person has seen what it means; shut out before, finish what is left.

    *why* is lost, left or copied; its lines after the day *on* do not count; the paper in *recovery* signs, if given.
    *called* is whether she was told already to call first.
    """
    # Gather.
    store = here.store
    chain, device = store.vault.journal.chain, act.named(store, typed)
    if device.ended:
        return _told(here, _finished(here, device.code, check=check))
    paper = paper_in(recovery)[0] if recovery else None
    plan = act.planned(here, device, on, paper)

    # Decide.
    if refused := act.refusal(chain, device, str(store.identity.device)):
        return Outcome(findings=(refused,))
    means = consequences(here, "device", [device.age])
    told: Said = (*access.news(here), *_about(plan, on), *means.said)
    lines = {"lines": plan.ending.lines, "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    data = {"device": device.code, "staff": device.staff, "ending": {"why": why, **lines}, "keeps": means.data}
    if check:
        return _told(here, Outcome(), told, data)
    known = not plan.others
    if walked(here):
        if not called:
            screen.tell(FIRST_CALL, bold=True)
        for sentence, facts in told:
            screen.tell(sentence, facts)
        known = known or ask.confirm(REST)
        if not ask.confirm(SURE):
            store.told.clear()
            return Outcome(said=((KEPT, {}),))
        told = ()

    # Act.
    act.end(here, plan, why, known=known)
    done = _finished(here, device.code, sentence=DONE)
    return _told(here, done, told, data)


def _finished(here: Desk, code: str, *, sentence: Sentence = ALREADY, check: bool = False) -> Outcome:
    """That the device is shut out, and the files sealed anew as far as that is left to do and can be done here."""
    store = here.store
    chain = store.vault.journal.chain
    device, itself = chain.devices[code], code == store.identity.device
    ended = act.ended(chain, device)
    data = {"device": code, "staff": device.staff, "ended": ended._asdict() if ended else None}
    said: Said = ((sentence, {"device": code, "on": ended.on if ended else ""}),)
    if itself and not check:
        store.vault.journal.remember()  # it may have been cut off just before, and no later command of it does
    if check or itself:
        return Outcome(data=data, said=(*said, *(((ELSEWHERE, {}),) if itself else ())))
    try:
        done = rekey(here)
    except ShelterError as error:
        store.told[:] = [each for each in store.told if each.code != error.code]
        return Outcome(data=data, said=(*said, (WAITING, {})), harm=error)
    sealed = answered(done)
    then: Said = ((THEN_HERE if here.stays else THEN, {}),) if done.sealed else ()
    return replace(sealed, data={**data, **sealed.data}, said=(*said, *sealed.said[:1], *then))


def _told(here: Desk, done: Outcome, before: Said = (), data: Mapping[str, Any] | None = None) -> Outcome:
    """The answer: a program is given the data beside the sentences, which say all of it to a person."""
    said = (*before, *done.said)
    data = {**(data or {}), **done.data}
    return replace(done, data=data, said=said if here.json else (), prose=() if here.json else said)


def _about(plan: act.Plan, on: date | None) -> Said:
    """Which device it is, and what of it would not count."""
    facts = {"device": plan.device.code, "staff": plan.device.staff, "lines": plan.ending.lines}
    dropped = {"on": on.isoformat() if on else "", "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    return (
        (ABOUT, {**facts, "last": plan.ending.last[:10]}) if plan.ending.last else (NEVER, facts),
        *(((DROPPED, dropped),) if plan.ending.dropped else ()),
        *(((ITSELF, {}),) if plan.itself else ()),
    )
