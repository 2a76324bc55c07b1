"""A device shut out: who may say so and what is refused, the statement, and the files sealed anew to who is left."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.device import DRILL, NOT_SIGNED, NOT_THE_PAPER
from shelterctl.core.finding import Finding
from shelterctl.desk import Desk
from shelterctl.errors import CannotOpen, Conflict, NotFound, Usage
from shelterctl.identity import Identity
from shelterctl.journal import Ending
from shelterctl.language import N_, Both
from shelterctl.store import Store
from shelterctl.trust import Chain, Device, shut_out, verdict
from shelterctl.trust.statement import Statement, read

MALFORMED = N_("The code of a computer is eight letters and digits, such as 4f8k2m9q.")
UNKNOWN = N_("There is no such computer on the list of who may read and write.")
LIST = N_("All of them: shelterctl device list")
TO_COME = N_("--on needs a day that has come already.")
TOO_EARLY = N_("The computer came onto the list on {since}: --on cannot lie before that.")
BY_PAPER = N_("Let the recovery paper sign it: add --recovery FILE.")
LAST = N_("No other computer would be left that works with the store.")
JOIN_FIRST = N_("Let another computer join first, by the recovery paper: shelterctl trust --join --recovery FILE")
ACCEPT_FIRST = N_(
    "See it with: shelterctl trust. If you know of the change, accept it with: shelterctl trust --accept. A computer "
    "that nobody knows is shut out by its own code: shelterctl device end CODE"
)

_CODE = re.compile("[0-9a-hjkmnp-tv-z]{8}")
UNSEEN = "trust/new-device"
"""The code of a list on which something is new."""


class Plan(NamedTuple):
    """An end that may be signed: of which device, by whom, and how its journal ends.

    *others* are what else is new on the list, and *shown* all of it. *itself* is whether this computer ends itself.
    """

    device: Device
    signer: Identity
    ending: Ending
    itself: bool
    shown: Sequence[Statement]
    others: Sequence[Statement]


def named(store: Store, typed: str) -> Device:
    """The device with that code. Usage where it is none, NotFound where the list has no such device."""
    code = typed.strip().lower()
    if not _CODE.fullmatch(code):
        raise Usage("usage/device", MALFORMED, hint=LIST)
    chain = store.vault.journal.chain
    if not chain.root:
        raise verdict.of_0_1_0()
    if code not in chain.devices:
        raise NotFound("device/unknown", UNKNOWN, hint=LIST)
    return chain.devices[code]


def refusal(chain: Chain, device: Device, here: str) -> Finding | None:
    """The finding where nobody would be left to work on without that device, seen from the device that is *here*."""
    left = [one for one in chain.devices.values() if one.writes and not one.ended and one.code != device.code]
    if left and (device.code != here or any("trust" in one.may for one in left)):
        return None
    return Finding(code="device/last", message=Both(LAST, JOIN_FIRST), facts={"device": device.code})


def planned(here: Desk, device: Device, on: date | None, paper: Identity | None) -> Plan:
    """The end of a device in force, as it may be signed here.

    Raises Usage where neither this computer nor a *paper* may sign it, or the day *on* is none of the device's; and
    where nothing may be written, that error. What is new on the list is no reason if the device is among it.
    """
    store = here.store
    vault, chain, key = store.vault, store.vault.journal.chain, store.identity
    shown = news(store)
    others = [one for one in shown if not _settled(chain, one, device.code, key.signing_public)]
    new = any(one.kind == "device" and one.said["device"]["code"] == device.code for one in shown)
    if vault.closed and not (vault.closed.code == UNSEEN and new):
        if vault.closed.code == UNSEEN:
            raise Conflict(UNSEEN, vault.closed.message, hint=ACCEPT_FIRST, **vault.closed.facts)
        raise vault.closed
    itself = device.code == key.device
    if paper is None and not itself and "trust" not in chain.devices[str(key.device)].may:
        raise Usage("device/needs-paper", verdict.MAY_NOT, hint=BY_PAPER)
    if paper is not None:
        require_paper(chain, paper)
    if on is not None:
        if on > here.today:
            raise Usage("usage/date", TO_COME)
        if on.isoformat() < device.since:
            raise Usage("usage/date", TOO_EARLY, since=device.since)
    return Plan(device, paper or key, vault.journal.ending(device.code, on), itself, shown, others)


def require_paper(chain: Chain, paper: Identity) -> None:
    """Raise CannotOpen where the paper is not the one in force, Conflict where it never signed and so cannot."""
    if chain.paper == (paper.recipient, paper.signing_public):
        return
    if paper.signing_public in chain.agreed:
        raise verdict.replaced_paper()
    if chain.paper[0] != paper.recipient:
        raise CannotOpen("check/another-key", NOT_THE_PAPER)
    raise Conflict("trust/paper-cannot", NOT_SIGNED, hint=DRILL)


def end(here: Desk, plan: Plan, why: str, *, known: bool) -> None:
    """Sign that the device is shut out: from here on nothing that it writes counts.

    *known* is whether somebody here knows of whatever else is new on the list; where nobody does, it stays new.
    """
    store = here.store
    vault = store.vault
    if plan.shown:
        store.told[:] = [error for error in store.told if error is not vault.closed]
        vault.closed = None if known else vault.closed
    lines = (plan.ending.lines, plan.ending.sha256)
    chain = shut_out(vault.journal.chain, plan.device.code, lines, why, here.signs, here.at, plan.signer)
    vault.extend(chain, unseen=not known)
    store.acts.append("device")
    if plan.itself:
        vault.closed = verdict.shut_out()
    elif plan.ending.dropped and known:
        _left_out(here, plan.device.code)


def _left_out(here: Desk, device: str) -> None:
    """Sign that a person knows which lines of the device count no more, for she chose the day.

    The number for the sheet stays above theirs. Where this is cut off, ``repair journal`` does it.
    """
    store = here.store
    vault, own = store.vault, str(store.identity.device)
    for found in vault.journal.behind():
        if found.last.device == device:
            beyond = vault.journal.heads().get(own, (0, 0, ""))[0] + found.counted
            more = {"behind": found.last._asdict()}
            vault.note(more, did="repair", by=here.signs, at=here.at, beyond=beyond)


def news(store: Store) -> list[Statement]:
    """The statements of the list that nobody here has looked at yet; none where this computer remembers none of it."""
    journal = store.vault.journal
    lines = journal.chain.lines.splitlines()[journal.known.trust[0] :] if journal.known else []
    return [read(line, first=False) for line in lines]


def _settled(chain: Chain, one: Statement, code: str, own: str) -> bool:
    """Whether news needs no other answer: a device came that is shut out by now, or this computer itself shut one out.

    The device of that *code* is about to be.
    """
    about: Any = one.said.get("device")
    if one.kind == "device":
        known = chain.devices.get(about["code"])
        return bool(about["code"] == code or known is None or known.ended)
    return one.kind == "end" and own in one.signatures
