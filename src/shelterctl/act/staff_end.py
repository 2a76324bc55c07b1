"""Somebody of the staff leaves: the last day, the computers that are shut out with it, and which of them stay."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from shelterctl.act.register import change_register, register_file
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.people import staff_at_work
from shelterctl.core.values.facts import Facts
from shelterctl.custody import device
from shelterctl.custody.rekey import rekey_and_answer
from shelterctl.errors import NotFound, UsageError
from shelterctl.session import Session
from shelterctl.trust.chain_state import Device
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import list_files_to_rekey

STAFF_CODE_UNKNOWN = N_("No member of staff has that code. See: shelterctl staff list")
LAST_DAY_TO_COME = N_("{on} is still to come. Say it on the last day of work, or after it.")
LAST_DAY_TOO_EARLY = N_("{staff} works here since {since}; the last day of work cannot be {on}.")
COMPUTER_OF_SOMEBODY_ELSE = N_(
    "The computer {device} is not one of {staff} that works with the store; --keep names one that stays."
)
NOBODY_ELSE_WORKS_HERE = N_("{staff} is the only one registered who works here: nobody could write anything any more.")
NO_MANAGER_LEFT = N_("From {on} on nobody is registered as manager ({clause}).")
MANAGER_CLAUSE = "M2.0.1"


class Departure(NamedTuple):
    """Somebody who leaves: what the register says, the last day, and which computers end with it or stay."""

    staff: str
    registered: Facts
    last_day: date
    devices_to_end: Sequence[Device]
    devices_kept: Sequence[Device]

    @property
    def day_after(self) -> date:
        """The first day on which that code writes nothing."""
        return self.last_day + timedelta(days=1)

    @property
    def is_registered(self) -> bool:
        """Whether the register says so already."""
        return bool(self.registered.get("until") == self.last_day.isoformat())


def plan_departure(session: Session, code: str, on: date | None, keep: Collection[str] | None) -> Departure:
    """The departure of somebody: the last day is *on*, else as it is registered, else today.

    The computers of *keep* stay in the house, and so does this one. Where it is None and somebody left before, what
    was not shut out then stays. Raises NotFound for a code or a computer that is not there, UsageError for a day that
    cannot be.
    """
    known = session.store.staff.value["staff"].get(code)
    if known is None:
        raise NotFound("staff/unknown", STAFF_CODE_UNKNOWN)
    until = on or date.fromisoformat(known.get("until") or session.today.isoformat())
    if until > session.today:
        raise UsageError("staff/to-come", LAST_DAY_TO_COME, on=until)
    if until.isoformat() < known["since"]:
        raise UsageError("staff/too-early", LAST_DAY_TOO_EARLY, staff=code, since=known["since"], on=until)
    devices = session.store.vault.journal.chain.devices
    hers = [one for one in devices.values() if one.staff == code and not one.ended]
    left = hers if "until" in known else []
    kept = left if keep is None else [device.find_device(session.store, name) for name in keep]
    for one in kept:
        if one not in hers:
            raise UsageError("staff/not-hers", COMPUTER_OF_SOMEBODY_ELSE, device=one.code, staff=code)
    stays = [one for one in hers if one in kept or one.code == session.store.identity.device]
    ends = [one for one in hers if one not in stays]
    for one in ends:  # whether this computer may sign it is known before anything is done
        device.plan_device_end(session, one, None, None)
    return Departure(code, known, until, ends, stays)


def judge_departure(session: Session, who: Departure) -> tuple[Finding, ...]:
    """The findings on a departure: refused where nobody would be left, open where nobody would be manager."""
    tomorrow = session.today + timedelta(days=1)
    at_work = staff_at_work(session.store.staff.value["staff"], tomorrow)
    rest = {code: known for code, known in at_work.items() if code != who.staff}
    where, clause = f"/staff/{who.staff}", MANAGER_CLAUSE
    if not rest:
        alone = Finding(code="staff/alone", message=NOBODY_ELSE_WORKS_HERE, where=where, clause=clause)
        return (replace(alone, facts={"staff": who.staff}),)
    if who.registered["role"] != "manager" or any(known["role"] == "manager" for known in rest.values()):
        return ()
    found = Finding(code="staff/no-manager", message=NO_MANAGER_LEFT, severity=Severity.OPEN, clause=clause)
    return (replace(found, where=f"{where}/role", facts={"on": who.day_after, "clause": clause}),)


def is_departure_done(session: Session, who: Departure) -> bool:
    """Whether all of it is done already."""
    return who.is_registered and not who.devices_to_end and not list_files_to_rekey(session.store.vault)


def end_employment(session: Session, who: Departure) -> Outcome:
    """Shut the computers out, write the last day into the register, and seal anew what they still open.

    Killed in between, the same command does the rest.
    """
    track = session.rulebook.tracks["staff"]
    for one in who.devices_to_end:
        device.end_device(session, device.plan_device_end(session, one, None, None), "left", known=True)
    if not who.is_registered:
        entry = {**who.registered, "until": who.last_day.isoformat()}
        session.save([change_register(session, register_file(session, track), track, who.staff, entry)], track.name)
    return rekey_and_answer(session)
