"""Somebody of the staff leaves: the last day, the computers that are shut out with it, and which of them stay."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from shelterctl.act import ending
from shelterctl.act.register import changed, lies
from shelterctl.act.rekey import finished
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.record import Facts
from shelterctl.core.stranger import at_work
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_
from shelterctl.store.waiting import waiting
from shelterctl.trust import Device

UNKNOWN = N_("No member of staff has that code. See: shelterctl staff list")
TO_COME = N_("{on} is still to come. Say it on the last day of work, or after it.")
TOO_EARLY = N_("{staff} works here since {since}; the last day of work cannot be {on}.")
ANOTHERS = N_("The computer {device} is not one of {staff} that works with the store; --keep names one that stays.")
ALONE = N_("{staff} is the only one registered who works here: nobody could write anything any more.")
MANAGER = N_("From {on} on nobody is registered as manager ({clause}).")
CLAUSE = "M2.0.1"


class Departure(NamedTuple):
    """Somebody who leaves: what the register says, the last day, and which computers end with it or stay."""

    staff: str
    known: Facts
    until: date
    ends: Sequence[Device]
    stays: Sequence[Device]

    @property
    def after(self) -> date:
        """The first day on which that code writes nothing."""
        return self.until + timedelta(days=1)

    @property
    def noted(self) -> bool:
        """Whether the register says so already."""
        return bool(self.known.get("until") == self.until.isoformat())


def planned(here: Desk, code: str, on: date | None, keep: Collection[str] | None) -> Departure:
    """The departure of somebody: the last day is *on*, else as it is registered, else today.

    The computers of *keep* stay in the house, and so does this one. Where it is None and somebody left before, what
    was not shut out then stays. Raises NotFound for a code or a computer that is not there, Usage for a day that
    cannot be.
    """
    known = here.store.staff.value["staff"].get(code)
    if known is None:
        raise NotFound("staff/unknown", UNKNOWN)
    until = on or date.fromisoformat(known.get("until") or here.today.isoformat())
    if until > here.today:
        raise Usage("staff/to-come", TO_COME, on=until)
    if until.isoformat() < known["since"]:
        raise Usage("staff/too-early", TOO_EARLY, staff=code, since=known["since"], on=until)
    devices = here.store.vault.journal.chain.devices
    hers = [one for one in devices.values() if one.staff == code and not one.ended]
    left = hers if "until" in known else []
    kept = left if keep is None else [ending.named(here.store, name) for name in keep]
    for one in kept:
        if one not in hers:
            raise Usage("staff/not-hers", ANOTHERS, device=one.code, staff=code)
    stays = [one for one in hers if one in kept or one.code == here.store.identity.device]
    ends = [one for one in hers if one not in stays]
    for one in ends:
        ending.planned(here, one, None, None)  # whether this computer may sign it is known before anything is done
    return Departure(code, known, until, ends, stays)


def judged(here: Desk, who: Departure) -> tuple[Finding, ...]:
    """The findings on a departure: refused where nobody would be left, open where nobody would be manager."""
    after = here.today + timedelta(days=1)
    rest = {code: known for code, known in at_work(here.store.staff.value["staff"], after).items() if code != who.staff}
    if not rest:
        facts = {"staff": who.staff}
        return (Finding(code="staff/alone", message=ALONE, where=f"/staff/{who.staff}", clause=CLAUSE, facts=facts),)
    if who.known["role"] != "manager" or any(known["role"] == "manager" for known in rest.values()):
        return ()
    where, severity = f"/staff/{who.staff}/role", Severity.OPEN
    told: dict[str, object] = {"on": who.after, "clause": CLAUSE}
    return (
        Finding(code="staff/no-manager", message=MANAGER, where=where, severity=severity, clause=CLAUSE, facts=told),
    )


def settled(here: Desk, who: Departure) -> bool:
    """Whether all of it is done already."""
    return who.noted and not who.ends and not waiting(here.store.vault)


def end(here: Desk, who: Departure) -> Outcome:
    """Shut the computers out, write the last day into the register, and seal anew what they still open.

    Killed in between, the same command does the rest.
    """
    track = here.shelf.tracks["staff"]
    for one in who.ends:
        ending.end(here, ending.planned(here, one, None, None), "left", known=True)
    if not who.noted:
        entry = {**who.known, "until": who.until.isoformat()}
        here.write([changed(here, lies(here, track), track, who.staff, entry)], track.name)
    return finished(here)
