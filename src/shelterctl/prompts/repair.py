"""The questions of joining trust lists that were continued separately: who did what, which computers stay, and what the
recovery paper signs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.recovery import TAKE_KEY_FILE_AWAY, read_paper
from shelterctl.custody.trust import (
    PartedList,
    Settlement,
    find_settlement,
    propose_settlement,
    read_parted_list,
    require_papers,
    write_settlement,
)
from shelterctl.errors import ShelterError, UsageError
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_lines, print_sentence
from shelterctl.trust.problems import NO_DEVICE_CONCERNED, RECOVERY_PAPER
from shelterctl.ui_language import N_

LIST_HAS_PARTED = N_("The list of who may read and write was continued separately in {count} ways.")
LIST_BRANCH = N_("Continued by {by}, from {on}.")
LIST_STATEMENTS = {
    "device": N_("{at}: computer {device} of {staff} was admitted."),
    "end": N_("{at}: computer {device} of {staff} was shut out."),
    "recovery": N_("{at}: the recovery paper was replaced by a new one."),
    "accept": N_("{at}: the recovery paper signed the list."),
    "settle": N_("{at}: the recovery paper joined lists that had differed before."),
}
LIST_NEWER_STATEMENT = N_("{at}: an action that only a newer shelterctl can read.")
WHAT_STAYING_MEANS = N_(
    "A computer that stays reads and writes as before, and everything it saved counts. A computer that is "
    "shut out opens nothing saved from now on, and what it saved after that does not count. Nothing is "
    "erased."
)
BOTH_WROTE_ONE_FILE = N_(
    "If both have written to one file since then, neither version of it opens while both stay. In that case "
    "keep one, and let the other join again afterwards."
)
DOES_COMPUTER_STAY = N_("Does computer {device} of {staff} stay?")
DOES_THIS_COMPUTER_STAY = N_("Does computer {device} of {staff} stay? It is the one you are using.")
SETTLE_SURE = N_("These stay: {stay}. These are shut out: {out}. Sign this with the recovery paper?")
SETTLE_SURE_ALL = N_(
    "No list shuts out a computer that the other keeps, so everything on both will count. Sign this with the "
    "recovery paper?"
)
SETTLE_NOT_SIGNED = N_("Nothing was signed or changed.")
SETTLE_SAY_WHO_STAYS = N_(
    "Name each computer that stays with --keep DEVICE, or use --keep none. In dispute: {devices}."
)
SETTLE_NOT_DISPUTED = N_(
    "These computers are not in dispute: {devices}. A computer that the recovery paper shut out stays out. "
    "Leave them out of --keep."
)
LIST_IS_ONE_AGAIN = N_("There is one list of who may read and write again; entries on it: {statements}.")
SETTLE_WHO_STAYS = N_("Computers that stay: {stay}. Shut out: {out}.")
SETTLE_UNDONE = N_(
    "These computers were admitted by one that is now shut out, and are therefore out too: {devices}. To "
    "come back, each must join again."
)
SETTLE_PAPER_GONE = N_("Of the two recovery papers, only the one named first is valid from now on.")
SETTLE_NEXT = N_(
    "Next, on each other computer that stays, run: shelterctl trust --accept. Then on each of them, and "
    "here, run: shelterctl rekey"
)
SETTLE_NEXT_WHEN_OUT = N_(
    "This computer is shut out. Next, on each computer that stays, run: shelterctl trust --accept, then "
    "shelterctl rekey"
)
SETTLE_NONE_WRITES = N_(
    "No computer can write any more. Let one join with the paper: shelterctl trust --join --recovery FILE"
)
GO_ON_WITH_OWN_LIST = N_(
    "You can go on with this computer's own list alone. Then what the others did to the list does not count "
    "here, and their computers report that the lists differ. This is right only if a stranger did it. Do you "
    "want that?"
)
KEEP_NONE = "none"


def ask_settlement(session: Session, recovery: Sequence[Path], keep: Sequence[str], source: Path | None) -> Outcome:
    """Join trust lists that were continued separately, once a person has seen who did what and chosen who stays.

    The recovery paper signs the result.
    """
    # Gather.
    papers = [read_paper(file)[0] for file in recovery]
    lists = read_parted_list(session, source)
    require_papers(lists, papers)
    if len(lists.branches) < 2:
        return _settlement_outcome(session, lists, Settlement(find_settlement(lists), (), (), ends_paper=False), ())

    # Decide.
    chosen = _devices_to_keep(lists, keep) if keep else None
    if may_ask(session):
        _print_branches(lists)
        chosen = _ask_who_stays(session, lists) if chosen is None else chosen
    if chosen is None and lists.disputed:
        raise UsageError("repair/keep", SETTLE_SAY_WHO_STAYS, devices=list(lists.disputed))
    stay = tuple(sorted(chosen or ()))
    done = propose_settlement(session, lists, stay, papers)
    if may_ask(session) and not _confirm_settlement(lists, done, stay):
        return Outcome(said=((SETTLE_NOT_SIGNED, {}),))

    # Act.
    write_settlement(session, lists, done.chain)
    return _settlement_outcome(session, lists, done, stay)


def confirm_own_list(session: Session, trouble: ShelterError) -> bool:
    """Ask whether to go on with this computer's own list as if nobody else had continued it."""
    if not may_ask(session):
        return False
    print_sentence(trouble.message, trouble.facts)
    return confirm(GO_ON_WITH_OWN_LIST)


def _devices_to_keep(lists: PartedList, keep: Sequence[str]) -> set[str]:
    """Return the devices named with --keep. Raises UsageError for a device that is not in dispute."""
    named = {code.strip().lower() for code in keep} - {KEEP_NONE}
    if strange := sorted(named - set(lists.disputed)):
        known = _devices_listed(lists)
        devices = [code if code in known else "…" for code in strange]
        raise UsageError("repair/not-disputed", SETTLE_NOT_DISPUTED, devices=devices)
    return named


def _devices_listed(lists: PartedList) -> set[str]:
    return {code for branch in lists.branches for code in branch.state.devices}


def _print_branches(lists: PartedList) -> None:
    print_sentence(LIST_HAS_PARTED, {"count": len(lists.branches)})
    for branch in lists.branches:
        by: list[Any] = [f"{code} ({lists.staff(code)})" if code else RECOVERY_PAPER for code in branch.made_by()]
        print_lines([""])
        print_sentence(LIST_BRANCH, {"by": by, "on": branch.since}, bold=True)
        for statement in branch.statements:
            sentence = LIST_STATEMENTS.get(statement.kind, LIST_NEWER_STATEMENT)
            print_sentence(sentence, _statement_facts(lists, statement.fields), indent="  ")
    if lists.disputed:
        print_lines([""])
        print_sentence(WHAT_STAYING_MEANS)
    if len(lists.disputed) > 1:
        print_sentence(BOTH_WROTE_ONE_FILE)


def _statement_facts(lists: PartedList, said: Mapping[str, Any]) -> dict[str, Any]:
    about = said.get("device")
    device = str(about["code"] if isinstance(about, dict) else about or "")
    staff = lists.staff(device) if device in _devices_listed(lists) else ""
    return {"at": str(said["at"]), "device": device, "staff": staff}


def _ask_who_stays(session: Session, lists: PartedList) -> set[str]:
    """Return the devices that stay; each disputed one is asked for."""
    own = str(session.key.device)
    stay = set()
    for code in lists.disputed:
        question = DOES_THIS_COMPUTER_STAY if code == own else DOES_COMPUTER_STAY
        if confirm(question, {"device": code, "staff": lists.staff(code)}):
            stay.add(code)
    return stay


def _confirm_settlement(lists: PartedList, done: Settlement, stay: Sequence[str]) -> bool:
    for sentence, facts in _undone_sentences(done):
        print_sentence(sentence, facts)
    return confirm(
        SETTLE_SURE if lists.disputed else SETTLE_SURE_ALL,
        {"stay": _codes_or_nobody(stay), "out": _codes_or_nobody(done.shut_out)},
    )


def _undone_sentences(done: Settlement) -> FilledSentences:
    """Return the sentences about admissions and papers that have no effect once the paper has signed."""
    gone: FilledSentences = ((SETTLE_UNDONE, {"devices": list(done.without_effect)}),) if done.without_effect else ()
    return (*gone, *(((SETTLE_PAPER_GONE, {}),) if done.ends_paper else ()))


def _settlement_outcome(session: Session, lists: PartedList, done: Settlement, stay: Sequence[str]) -> Outcome:
    facts = {"statements": len(done.chain.digests)}
    data = {**facts, "kept": list(stay), "ended": list(done.shut_out), "undone": list(done.without_effect)}
    said: FilledSentences = ((LIST_IS_ONE_AGAIN, facts),)
    if lists.disputed:
        said = (*said, (SETTLE_WHO_STAYS, {"stay": _codes_or_nobody(stay), "out": _codes_or_nobody(done.shut_out)}))
    left = [device.code for device in done.chain.devices.values() if device.may_write and not device.ended]
    then = SETTLE_NEXT if str(session.key.device) in left else SETTLE_NEXT_WHEN_OUT if left else SETTLE_NONE_WRITES
    said = (*said, *_undone_sentences(done), (then, {}), (TAKE_KEY_FILE_AWAY, {}))
    return Outcome(data={"repaired": data}, said=said)


def _codes_or_nobody(codes: Sequence[str]) -> list[Any]:
    return list(codes) or [NO_DEVICE_CONCERNED]
