"""The questions of the command device end, which shuts out a computer or a person's own key: it shows the consequences,
asks, shuts it out and seals the files anew. Where nobody can be asked, this is done at once. Whether it is allowed, and
the signed line, are in custody.device; the list of devices is elsewhere.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.device import DeviceEndPlan, end_device, find_device, judge_device_end, plan_device_end
from shelterctl.custody.recovery import read_paper
from shelterctl.custody.rekey import rekey_and_answer
from shelterctl.language import Sentence
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.trust.chain_state import Chain, Device
from shelterctl.ui_language import N_
from shelterctl.view import trust
from shelterctl.view.revocation import (
    CHECK_ASKED_NOTHING_WRITTEN,
    answer_shut_out,
    first_call_sentence,
    shut_out_consequences,
)


class _EndSentences(NamedTuple):
    """The sentences about what is shut out: a computer of the house, or one person's own key."""

    wrote_last: Sentence
    wrote_nothing: Sentence
    sure: Sentence
    still_listed: Sentence
    is_shut_out: Sentence
    was_shut_out: Sentence


COMPUTER_SENTENCES = _EndSentences(
    N_("Computer {device} of {staff}. It last wrote on {last}; changes of it that count: {lines}."),
    N_("Computer {device} of {staff}. It has written nothing."),
    N_("Shut this computer out permanently?"),
    N_("Nothing was changed: the computer is still on the list."),
    N_("Computer {device} is shut out."),
    N_("Computer {device} was shut out on {on}."),
)
KEY_SENTENCES = _EndSentences(
    N_("Key {device} of {staff}. It last wrote on {last}; changes with it that count: {lines}."),
    N_("Key {device} of {staff}. Nothing was written with it."),
    N_("Shut this key out permanently?"),
    N_("Nothing was changed: the key is still on the list."),
    N_("Key {device} is shut out."),
    N_("Key {device} was shut out on {on}."),
)
DEVICE_LINES_DROPPED = N_("Its changes after {on} will not count: {dropped}. Files concerned: {files}.")
DEVICE_IS_THIS_ONE = N_(
    "That is this computer. It will write nothing here any more. It can still open the files here until "
    "another computer seals them anew."
)
DEVICE_OTHER_NEWS = N_("There are other changes to the list. Do you know of them, and are they right?")
DEVICE_REKEY_ELSEWHERE = N_("Now seal the files anew on another computer: shelterctl rekey")


def ask_device_end(
    session: Session, typed: str, why: str, on: date | None, recovery: Path | None, *, check: bool
) -> Outcome:
    """Shut out the device with that code, once a person has seen the consequences.

    For a device that is shut out already, it finishes what is left. *why* is lost, left or copied. The device's lines
    after the day *on* do not count. The paper in *recovery*, if given, signs.
    """
    # Gather.
    store = session.store
    chain, device = store.vault.journal.chain, find_device(store, typed)
    if device.ended:
        return _finish_device_end(session, device.code, (), {}, check=check)
    paper = read_paper(recovery)[0] if recovery else None
    plan = plan_device_end(session, device, on, paper)

    # Decide.
    if refused := judge_device_end(chain, device, str(store.identity.device)):
        return Outcome(findings=(refused,))
    own = chain.readership.is_own_key(device)
    means = shut_out_consequences(session, "key" if own else "device", [device.age])
    told: FilledSentences = (
        *first_call_sentence(session, "device"),
        *trust.trust_list_news(session),
        *_device_sentences(chain, plan, on),
        *means.said,
    )
    lines = {"lines": plan.ending.lines, "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    data = {"device": device.code, "staff": device.staff, "why": why, **lines, "keeps": means.data}
    if check:
        return answer_shut_out(session, data, (*told, (CHECK_ASKED_NOTHING_WRITTEN, {})))
    known = not plan.other_news
    if may_ask(session):
        for sentence, facts in told:
            print_sentence(sentence, facts)
        known = known or confirm(DEVICE_OTHER_NEWS)
        if not confirm(_sentences_about(chain, device).sure):
            store.notices.clear()
            return Outcome(said=((_sentences_about(chain, device).still_listed, {}),))
        told = ()

    # Act.
    end_device(session, plan, why, known=known)
    done = (_sentences_about(chain, device).is_shut_out, {"device": device.code})
    return _finish_device_end(session, device.code, (*told, done), data)


def _finish_device_end(
    session: Session, code: str, said: FilledSentences, data: Mapping[str, Any], *, check: bool = False
) -> Outcome:
    """Return the outcome for a device that is shut out, after sealing the files anew if it can be done here.

    *said* is empty where the device was shut out before this command.
    """
    store = session.store
    chain = store.vault.journal.chain
    device, itself = chain.devices[code], code == store.identity.device
    if end := device.ended:
        said = said or ((_sentences_about(chain, device).was_shut_out, {"device": code, "on": end.on}),)
        out = {"device": code, "staff": device.staff, "why": end.why, "ended_on": end.on, "ended_by": end.by or None}
        data = {**data, **out}
    if itself and not check:
        store.vault.journal.remember()  # an earlier run may have been cut off
    if check or itself:
        return answer_shut_out(session, data, (*said, *(((DEVICE_REKEY_ELSEWHERE, {}),) if itself else ())))
    done = rekey_and_answer(session)
    return answer_shut_out(session, data, (*said, *done.said), done)


def _sentences_about(chain: Chain, device: Device) -> _EndSentences:
    return KEY_SENTENCES if chain.readership.is_own_key(device) else COMPUTER_SENTENCES


def _device_sentences(chain: Chain, plan: DeviceEndPlan, on: date | None) -> FilledSentences:
    """Return the sentences about the device and about those of its lines that would not count."""
    facts = {"device": plan.device.code, "staff": plan.device.staff, "lines": plan.ending.lines}
    dropped = {"on": on.isoformat() if on else "", "dropped": plan.ending.dropped, "files": list(plan.ending.files)}
    last = plan.ending.last
    about = _sentences_about(chain, plan.device)
    return (
        (about.wrote_last, {**facts, "last": last[:10]}) if last else (about.wrote_nothing, facts),
        *([(DEVICE_LINES_DROPPED, dropped)] if plan.ending.dropped else []),
        *([(DEVICE_IS_THIS_ONE, {})] if plan.ends_itself else []),
    )
