"""Shutting a device out: who may do it, what refuses it, and the signed statement."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.custody.trust import LET_PAPER_SIGN_FIRST, NOT_THE_RECOVERY_KEY, PAPER_CANNOT_ADMIT
from shelterctl.errors import CannotOpen, Conflict, NotFound, UsageError
from shelterctl.identity.keys import Identity
from shelterctl.journal.device_log import LogEnding
from shelterctl.language import TwoSentences
from shelterctl.session import Session
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import end_device_in_chain
from shelterctl.trust.chain_state import Chain, Device
from shelterctl.trust.statement import Statement, parse_statement
from shelterctl.ui_language import N_

DEVICE_CODE_MALFORMED = N_("The code of a computer or key is eight letters and digits, such as 4f8k2m9q.")
DEVICE_NOT_ON_LIST = N_("There is no such computer or key on the list of who may read and write.")
SEE_DEVICE_LIST = N_("See all of them: shelterctl device list")
END_DAY_TO_COME = N_("--on cannot be a day in the future.")
END_DAY_TOO_EARLY = N_("The computer was added to the list on {since}; --on cannot be earlier.")
LET_PAPER_SIGN_END = N_("Sign it with the recovery paper: add --recovery FILE.")
LAST_DEVICE = N_("Without it no computer would be left to work with the store.")
JOIN_ANOTHER_FIRST = N_("First join another computer with the recovery paper: shelterctl trust --join --recovery FILE")
ACCEPT_CHANGE_FIRST = N_(
    "Look at the change: shelterctl trust. If you know of it, accept it: shelterctl trust --accept. If "
    "nobody knows a computer on the list, shut it out by its own code: shelterctl device end CODE"
)

_DEVICE_CODE = re.compile("[0-9a-hjkmnp-tv-z]{8}")
UNSEEN_CHANGE_CODE = "trust/new-device"
"""The code of the error that the list has a change that nobody here has looked at."""


class DeviceEndPlan(NamedTuple):
    """A plan to shut a device out that may be signed: the device, who signs, and how its journal ends.

    *unseen* are all new statements on the list; *other_news* are those of them that this end does not settle.
    """

    device: Device
    signer: Identity
    ending: LogEnding
    ends_itself: bool
    unseen: Sequence[Statement]
    other_news: Sequence[Statement]


def find_device(store: Store, typed: str) -> Device:
    """Return the device with the *typed* code. Raises UsageError for a wrong code, NotFound for an unknown one."""
    code = typed.strip().lower()
    if not _DEVICE_CODE.fullmatch(code):
        raise UsageError("usage/device", DEVICE_CODE_MALFORMED, hint=SEE_DEVICE_LIST)
    chain = store.vault.journal.chain
    if not chain.root:
        raise problems.take_over_first_error()
    if code not in chain.devices:
        raise NotFound("device/unknown", DEVICE_NOT_ON_LIST, hint=SEE_DEVICE_LIST)
    return chain.devices[code]


def judge_device_end(chain: Chain, device: Device, own_code: str) -> Finding | None:
    """Return a finding if no device would be left to work with the store, as *own_code* sees it; else None."""
    left = [one for one in chain.devices.values() if one.may_write and not one.ended and one.code != device.code]
    if left and (device.code != own_code or any(chain.may_change_trust(one.code) for one in left)):
        return None
    return Finding(
        code="device/last", message=TwoSentences(LAST_DEVICE, JOIN_ANOTHER_FIRST), facts={"device": device.code}
    )


def plan_device_end(session: Session, device: Device, on: date | None, paper: Identity | None) -> DeviceEndPlan:
    """Plan to shut a device out, as it may be signed here.

    Raises UsageError if neither this computer nor *paper* may sign it, or if *on* is in the future or before the device
    was added; also the error that forbids writing, if any. New statements on the list do not forbid it if the device is
    among them.
    """
    store = session.store
    vault, chain, key = store.vault, store.vault.journal.chain, store.identity
    shown = list_unseen_statements(store)
    others = [one for one in shown if not _needs_no_answer(chain, one, device.code, key.signing_public)]
    new = any(one.kind == "device" and one.fields["device"]["code"] == device.code for one in shown)
    if vault.closed_because and not (vault.closed_because.code == UNSEEN_CHANGE_CODE and new):
        if vault.closed_because.code == UNSEEN_CHANGE_CODE:
            raise Conflict(
                UNSEEN_CHANGE_CODE, vault.closed_because.message, hint=ACCEPT_CHANGE_FIRST, **vault.closed_because.facts
            )
        raise vault.closed_because
    itself = device.code == key.device
    if paper is None and not itself and not chain.may_change_trust(str(key.device)):
        raise UsageError("device/needs-paper", problems.MAY_NOT_CHANGE_TRUST, hint=LET_PAPER_SIGN_END)
    if paper is not None:
        require_paper(chain, paper)
    if on is not None:
        if on > session.today:
            raise UsageError("usage/date", END_DAY_TO_COME)
        if on.isoformat() < device.since:
            raise UsageError("usage/date", END_DAY_TOO_EARLY, since=device.since)
    return DeviceEndPlan(device, paper or key, vault.journal.logs.ending(device.code, on), itself, shown, others)


def require_paper(chain: Chain, paper: Identity) -> None:
    """Raise CannotOpen if the paper is not the one in force, Conflict if it has not signed the store yet."""
    if chain.paper == (paper.recipient, paper.signing_public):
        return
    if paper.signing_public in chain.signed_keys:
        raise problems.paper_replaced_error()
    if chain.paper[0] != paper.recipient:
        raise CannotOpen("check/another-key", NOT_THE_RECOVERY_KEY)
    raise Conflict("trust/paper-cannot", PAPER_CANNOT_ADMIT, hint=LET_PAPER_SIGN_FIRST)


def end_device(session: Session, plan: DeviceEndPlan, why: str, *, known: bool) -> None:
    """Sign that a device is shut out: from now on nothing that it writes counts.

    *known* says whether somebody here knows everything else that is new on the list; if not, it stays new.
    """
    store = session.store
    vault = store.vault
    if plan.unseen:
        store.notices[:] = [error for error in store.notices if error is not vault.closed_because]
        vault.closed_because = None if known else vault.closed_because
    lines = (plan.ending.lines, plan.ending.sha256)
    chain = end_device_in_chain(
        vault.journal.chain, plan.device.code, lines, why, session.journal_staff, session.timestamp, plan.signer
    )
    vault.save_chain(chain, unseen=not known)
    store.acts_saved.append("device")
    if plan.ends_itself:
        vault.closed_because = problems.device_shut_out_error()
    elif plan.ending.dropped and known:
        _sign_dropped_lines(session, plan.device.code)


def _sign_dropped_lines(session: Session, device: str) -> None:
    """Sign that a person knows which lines of a device no longer count, because she chose the day.

    The number for the sheet stays above theirs. If this is interrupted, ``repair journal`` does it.
    """
    store = session.store
    vault, own = store.vault, str(store.identity.device)
    for found in vault.journal.lines_behind_ends():
        if found.last.device == device:
            beyond = vault.journal.heads().get(own, (0, 0, ""))[0] + found.counted
            more = {"behind": found.last._asdict()}
            vault.add_journal_note(more, did="repair", by=session.journal_staff, at=session.timestamp, beyond=beyond)


def list_unseen_statements(store: Store) -> list[Statement]:
    """Return the statements of the list that nobody here has looked at yet; empty if this computer remembers nothing of
    it.
    """
    journal = store.vault.journal
    lines = journal.chain.lines.splitlines()[journal.remembered.trust[0] :] if journal.remembered else []
    return [parse_statement(line, first=False) for line in lines]


def _needs_no_answer(chain: Chain, statement: Statement, code: str, own: str) -> bool:
    """Whether a new statement needs no answer: it adds a device that is shut out by now, or this computer shut one out.

    The device *code* counts as shut out, because it is about to be.
    """
    about: Any = statement.fields.get("device")
    if statement.kind == "device":
        known = chain.devices.get(about["code"])
        return bool(about["code"] == code or known is None or known.ended)
    return statement.kind == "end" and own in statement.signatures
