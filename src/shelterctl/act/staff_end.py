"""The departure of a member of staff: the last day, the computers that are shut out with it, and those that stay."""

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
LAST_DAY_TO_COME = N_("{on} has not come yet. Record the departure on the last day of work or later.")
LAST_DAY_TOO_EARLY = N_("{staff} has worked here since {since}; the last day of work cannot be {on}.")
COMPUTER_OF_SOMEBODY_ELSE = N_(
    "The computer {device} is not in use by {staff}. With --keep, name a computer that stays."
)
KEY_OF_ONE_PERSON = N_(
    "{device} is the own key of {staff}, which nobody else uses, so it is shut out. Leave out --keep."
)
NOBODY_ELSE_WORKS_HERE = N_(
    "{staff} is the only registered member of staff at work: nobody could write "
    "anything any more. Register somebody else first."
)
NO_MANAGER_LEFT = N_("From {on} nobody is registered as manager ({clause}).")


class Departure(NamedTuple):
    """The departure of a member of staff: the entry in the register, the last day, and the computers to shut out or to
    keep.
    """

    staff: str
    registered: Facts
    last_day: date
    devices_to_end: Sequence[Device]
    devices_kept: Sequence[Device]

    @property
    def day_after(self) -> date:
        """The first day on which this code may write nothing."""
        return self.last_day + timedelta(days=1)

    @property
    def is_registered(self) -> bool:
        """Whether the register already has this last day."""
        return bool(self.registered.get("until") == self.last_day.isoformat())


def plan_departure(session: Session, code: str, on: date | None, keep: Collection[str] | None) -> Departure:
    """Plan the departure of a member of staff; the last day is *on*, else the registered one, else today.

    The computers in *keep* stay in the house, and so does the key in use. If *keep* is None and the departure is
    already registered, computers that were not shut out then stay; a person's own keys never stay. Raises NotFound for
    an unknown code or computer, UsageError for an impossible day, or where *keep* names a person's own key.
    """
    known = session.store.staff.value["staff"].get(code)
    if known is None:
        raise NotFound("staff/unknown", STAFF_CODE_UNKNOWN)
    until = on or date.fromisoformat(known.get("until") or session.today.isoformat())
    if until > session.today:
        raise UsageError("staff/to-come", LAST_DAY_TO_COME, on=until)
    if until.isoformat() < known["since"]:
        raise UsageError("staff/too-early", LAST_DAY_TOO_EARLY, staff=code, since=known["since"], on=until)
    readership, devices = session.store.vault.journal.chain.readership, session.store.vault.journal.chain.devices
    hers = [one for one in devices.values() if one.staff == code and not one.ended]
    left = [one for one in hers if not readership.is_own_key(one)] if "until" in known else []
    kept = left if keep is None else [device.find_device(session.store, name) for name in keep]
    for one in kept:
        if one not in hers:
            raise UsageError("staff/not-hers", COMPUTER_OF_SOMEBODY_ELSE, device=one.code, staff=code)
        if readership.is_own_key(one):
            raise UsageError("staff/own-key", KEY_OF_ONE_PERSON, device=one.code, staff=code)
    stays = [one for one in hers if one in kept or one.code == session.store.identity.device]
    ends = [one for one in hers if one not in stays]
    for one in ends:  # make sure that this computer may sign each end before anything is done
        device.plan_device_end(session, one, None, None)
    return Departure(code, known, until, ends, stays)


def judge_departure(session: Session, who: Departure) -> tuple[Finding, ...]:
    """Return the findings on a departure: refused if nobody would be left, open if nobody would be manager."""
    tomorrow = session.today + timedelta(days=1)
    at_work = staff_at_work(session.store.staff.value["staff"], tomorrow)
    rest = {code: known for code, known in at_work.items() if code != who.staff}
    where, clause = f"/staff/{who.staff}", session.rulebook.tracks["staff"].clause
    if not rest:
        alone = Finding(code="staff/alone", message=NOBODY_ELSE_WORKS_HERE, where=where, clause=clause)
        return (replace(alone, facts={"staff": who.staff}),)
    if who.registered["role"] != "manager" or any(known["role"] == "manager" for known in rest.values()):
        return ()
    found = Finding(code="staff/no-manager", message=NO_MANAGER_LEFT, severity=Severity.OPEN, clause=clause)
    return (replace(found, where=f"{where}/role", facts={"on": who.day_after, "clause": clause}),)


def is_departure_done(session: Session, who: Departure) -> bool:
    """Whether every step of a departure is already done."""
    return who.is_registered and not who.devices_to_end and not list_files_to_rekey(session.store.vault)


def end_employment(session: Session, who: Departure) -> Outcome:
    """Shut out the computers, record the last day, and encrypt again the files that they could still open.

    If it is interrupted, the same command does the rest.
    """
    track = session.rulebook.tracks["staff"]
    for one in who.devices_to_end:
        device.end_device(session, device.plan_device_end(session, one, None, None), "left", known=True)
    if not who.is_registered:
        entry = {**who.registered, "until": who.last_day.isoformat()}
        session.save([change_register(session, register_file(session, track), track, who.staff, entry)], track.name)
    return rekey_and_answer(session)
