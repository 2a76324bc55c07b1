"""Blind matching of clients in two houses: who of a house's clients may also be known to another one.

Each house blinds keys of the clients who agreed, and the other house blinds them again. A house can compare only once
the other one has answered its list, and it answers one list a matching. So nothing can be tried against a list without
the other house, and no name leaves a house. Each step is in the signed journal, with numbers alone.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shelterctl.act.matching_lists import (
    ListedClients,
    blind_their_list,
    count_listed_clients,
    find_matches,
    make_own_list,
    split_points,
)
from shelterctl.act.output_path import OutputTarget, judge_target, writing_output
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.manual.export_rules import MatchingRule
from shelterctl.core.name_keys import KeyKind
from shelterctl.custody.matching import (
    Matching,
    find_matching,
    forget_matching,
    keep_matching,
    list_matchings,
    unknown_matching_error,
)
from shelterctl.custody.matching_letter import (
    LIST_SIZES,
    HouseKeys,
    Invitation,
    Letter,
    LetterKind,
    ListEntry,
    PointList,
    SealedLetter,
    TokenPair,
    own_keys,
    read_invitation,
    read_letter,
    read_pairs,
    read_points,
    seal_letter,
    write_invitation,
    write_pairs,
    write_points,
)
from shelterctl.errors import ShelterError, UsageError
from shelterctl.identity.blinding import draw_blinding_number
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.session import Session
from shelterctl.store.folder import new_entry_id
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import is_public_key

MATCHING_FACT = "matching"
"""The fact of a journal line about a step of a matching."""

NOT_A_MATCHING_KEY = N_("--with takes the public key of the other house, which begins with age1. This is none.")
SHOWN_BY_OTHER_HOUSE = N_("The other house sees its key with: shelterctl hub match")
KEY_IS_OWN = N_("That is the key of this house. Name the key of the other one.")
NO_MATCHING_HERE = N_("The rulebook in use has no rule for matching, so nobody is compared.")
LETTER_OF_ANOTHER_KIND = N_("This file is {found}; needed is {wanted}.")
LETTER_IS_OWN = N_("This file was written by this house. Give the one that the other house sent.")
WHICH_MATCHING = N_("Several matchings are open here. Name one of them with --matching.")
INVITED_ALREADY = N_("This invitation was accepted here before.")

DAY_IS_PAST = N_("The last day of a matching cannot be in the past.")
DAYS_TOO_MANY = N_("A matching lasts at most {days} days. Name an earlier day.")
MATCHING_IS_OVER = N_(
    "This matching was until {ends_on}. Begin another one; end this one with: shelterctl hub match --end"
)
INVENTED_MIXED = N_("This invitation is for invented clients. Accept it in a trial store alone, with --invented.")
NOT_INVENTED = N_("This invitation is for real clients. Leave out --invented, and never use it in a trial store.")
TOO_MANY_AGREED = N_("Clients who agreed: {count}. A list holds at most {most}.")
LIST_FIRST = N_("Make your own list first: shelterctl hub match --list")
ANSWER_FIRST = N_("Answer the list of the other house first: shelterctl hub match --answer FILE")
RESULT_FIRST = N_("Open the answer of the other house first: shelterctl hub match --result FILE")
ANOTHER_LIST_ANSWERED = N_("Another list was answered in this matching. Each matching answers one; begin another one.")
ANSWER_TO_OTHER_LIST = N_(
    "This answer is to another list than this house sent, or goes with another list than was answered here. Begin "
    "another matching."
)
CONSENTS_ENDED = N_(
    "Clients on your list whose consent is over: {count}. If you answered now, the other house would still find them. "
    "End this matching and begin another one."
)
NOT_MATCHED = N_("{id} is not among the matches of this matching.")
CONSENT_OVER = N_("{id} does not agree any more, so the other house is not told the id.")

LETTER_WORDS = {
    LetterKind.INVITATION: N_("an invitation"),
    LetterKind.LIST: N_("a list"),
    LetterKind.ANSWER: N_("an answer"),
    LetterKind.IDS: N_("ids of matches"),
}


def find_matching_rule(session: Session) -> MatchingRule:
    """Return the rule of the rulebook for matching. Raises UsageError where it has none, CannotOpen for a person whose
    role opens no client's file: as an export, a matching is for those who may read what it is made of.
    """
    session.store.require_files_open()
    rule = session.rulebook.export_rules.matching
    if rule is None:
        raise UsageError("match/no-rule", NO_MATCHING_HERE)
    return rule


def begin_matching(
    session: Session, key: str, recipient: str, ends_on: str, to: OutputTarget, *, invented: bool
) -> Outcome:
    """Invite another house, whose public key is given: write a letter with a new secret that only this key opens."""
    rule = find_matching_rule(session)
    if not is_public_key(key):
        raise UsageError("match/not-a-key", NOT_A_MATCHING_KEY, hint=SHOWN_BY_OTHER_HOUSE)
    identity = session.store.identity
    if key == identity.recipient:
        raise UsageError("match/not-a-key", KEY_IS_OWN)
    if stopped := (*_judge_last_day(session, rule, ends_on), *judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    said = Invitation(secrets.token_bytes(32), ends_on, invented)
    kept = _new_matching(new_entry_id(), recipient, said, own_keys(identity), HouseKeys(key, ""), invited=False)
    letter = seal_letter(LetterKind.INVITATION, kept.id, write_invitation(said), identity, key, said.secret)
    _forget_those_over(session)
    facts = {"words": kept.words, "ends_on": ends_on}
    return _write_step(session, kept, "begin", to, letter.data, facts)


def accept_invitation(session: Session, file: Path, recipient: str, *, invented: bool) -> Outcome:
    """Keep the secret of an invitation by another house."""
    rule = find_matching_rule(session)
    letter = _read_letter_of(session, file, LetterKind.INVITATION)
    said = read_invitation(letter)
    if stopped := (*_judge_last_day(session, rule, said.ends_on), *_judge_invented(said, invented=invented)):
        return Outcome(findings=stopped)
    if any(one["matching"] == letter.matching for one in list_steps(session)):
        raise UsageError("match/again", INVITED_ALREADY)
    kept = _new_matching(letter.matching, recipient, said, letter.sender, letter.sender, invited=True)
    _forget_those_over(session)
    return _write_step(session, kept, "accept", None, b"", {"words": kept.words, "ends_on": said.ends_on})


def write_own_list(session: Session, matching: str | None, to: OutputTarget) -> Outcome:
    """Write the list of the clients who agreed, blinded, for the other house; again as it was if it was made before."""
    rule, kept = find_matching_rule(session), choose_matching(session, matching)
    counted = count_listed_clients(session, rule, kept.recipient, _last_known_day(session))
    if stopped := (
        *_judge_open(session, kept),
        *_judge_number(counted, rule),
        *(_judge_consents(session, rule, kept) if kept.own else ()),
        *judge_target(to, session.identity_file),
    ):
        return Outcome(findings=stopped)
    own = kept.own or make_own_list(kept, counted.agreed)
    entries = [ListEntry(one.token, split_points(points)) for one, points in zip(own.entries, own.points, strict=True)]
    letter = _seal(session, kept, LetterKind.LIST, write_points(PointList(tuple(entries))))
    count = sum(one.client is not None for one in own.entries)
    facts = {
        "count": count,
        "withheld": counted.withheld,
        "consent_over": counted.ended,
        "incomplete": counted.incomplete,
    }
    return _write_step(session, kept._replace(own=own._replace(digest=letter.digest)), "list", to, letter.data, facts)


def answer_their_list(session: Session, file: Path, to: OutputTarget) -> Outcome:
    """Blind the list of the other house again, and write it for that house: only so can it compare.

    One list is answered in a matching. Nothing is answered while a client is on the own list who no longer agrees.
    """
    rule, letter = find_matching_rule(session), _read_letter_of(session, file, LetterKind.LIST)
    kept = find_matching(session, letter.matching).require_sender(letter)
    said = read_points(letter)
    if stopped := (
        *_judge_open(session, kept),
        *([] if kept.own else [_not_yet(LIST_FIRST)]),
        *_judge_list(kept, letter),
        *(_judge_consents(session, rule, kept) if kept.own else ()),
        *judge_target(to, session.identity_file),
    ):
        return Outcome(findings=stopped)
    theirs = kept.theirs or blind_their_list(kept, said, letter.digest)
    entries = [
        ListEntry(token, split_points(points)) for token, points in zip(theirs.tokens, theirs.points, strict=True)
    ]
    own = kept.own.digest if kept.own else ""
    answer = _seal(session, kept, LetterKind.ANSWER, write_points(PointList(tuple(entries), own, theirs.digest)))
    return _write_step(session, kept._replace(theirs=theirs), "answer", to, answer.data, {})


def open_their_answer(session: Session, file: Path) -> Outcome:
    """Compare by the answer of the other house, once this house has answered too; return the matches."""
    rule, letter = find_matching_rule(session), _read_letter_of(session, file, LetterKind.ANSWER)
    kept = find_matching(session, letter.matching).require_sender(letter)
    said = read_points(letter)
    if stopped := _judge_open(session, kept):
        return Outcome(findings=stopped)
    if kept.own is None or kept.theirs is None:
        return Outcome(findings=(_not_yet(ANSWER_FIRST if kept.own else LIST_FIRST),))
    tokens = tuple(one.token for one in kept.own.entries)
    if (said.of, said.own) != (kept.own.digest, kept.theirs.digest) or tokens != tuple(
        one.token for one in said.entries
    ):
        return Outcome(findings=(Finding(code="match/other-list", message=ANSWER_TO_OTHER_LIST),))
    kept = kept._replace(matches=tuple(find_matches(kept.own, kept.theirs, said)))
    rows = match_rows(session, rule, kept)
    return _write_step(session, kept, "result", None, b"", {"count": len(rows), "rows": rows})


def tell_ids(session: Session, matching: str | None, ids: Sequence[str], to: OutputTarget) -> Outcome:
    """Write the ids of some matched clients for the other house, as a person decided."""
    rule, kept = find_matching_rule(session), choose_matching(session, matching)
    if kept.matches is None:
        return Outcome(findings=(*_judge_open(session, kept), _not_yet(RESULT_FIRST)))
    agreed = _agreed_among(session, rule, kept)
    matched = {one.client for one in kept.matches}
    wrong = [
        Finding(code="match/not-matched", message=NOT_MATCHED, facts={"id": id_})
        if id_ not in matched
        else Finding(code="match/consents", message=CONSENT_OVER, facts={"id": id_}, record=id_)
        for id_ in dict.fromkeys(ids)
        if id_ not in matched & agreed
    ]
    if stopped := (*_judge_open(session, kept), *wrong, *judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    pairs = [TokenPair(one.own, one.other, one.client) for one in kept.matches if one.client in ids]
    letter = _seal(session, kept, LetterKind.IDS, write_pairs(pairs))
    told = tuple(dict.fromkeys((*kept.told, *((one.own, one.other) for one in pairs))))
    return _write_step(session, kept._replace(told=told), "tell", to, letter.data, {"count": len({*ids})})


def hear_ids(session: Session, file: Path) -> Outcome:
    """Keep the ids that the other house told; return the matches, with its id where this house told its own too."""
    rule, letter = find_matching_rule(session), _read_letter_of(session, file, LetterKind.IDS)
    kept = find_matching(session, letter.matching).require_sender(letter)
    said = read_pairs(letter)
    if kept.matches is None:
        return Outcome(findings=(*_judge_open(session, kept), _not_yet(RESULT_FIRST)))
    if stopped := _judge_open(session, kept):
        return Outcome(findings=stopped)
    known = {(one.own, one.other) for one in kept.matches}
    heard = {one.own: one.id for one in said if (one.other, one.own) in known}
    kept = kept._replace(heard={**kept.heard, **heard})
    rows = match_rows(session, rule, kept)
    waiting = len({*kept.heard} - {other for _, other in kept.told})
    facts = {"count": len(heard), "waiting": waiting, "rows": rows}
    return _write_step(session, kept, "hear", None, b"", facts)


def end_matching(session: Session, matching: str | None) -> Outcome:
    """Forget a matching: its secret, its lists and its matches."""
    id_ = matching or choose_matching(session, None).id
    forget_matching(session, id_)
    _forget_those_over(session)
    _note_step(session, {"step": "end", "matching": id_})
    return Outcome(data={"matching": id_})


def choose_matching(session: Session, matching: str | None) -> Matching:
    """Return the matching of this id, or the only one. Raises UsageError where there are several, NotFound for none."""
    if matching is not None:
        return find_matching(session, matching.upper())
    known = [*list_matchings(session)]
    if len(known) > 1:
        raise UsageError("match/which", WHICH_MATCHING)
    if not known:
        raise unknown_matching_error()
    return find_matching(session, known[0])


def matching_rows(session: Session) -> list[dict[str, Any]]:
    """Return the matchings that this device keeps, and how far each has come."""
    rows = []
    for id_ in list_matchings(session):
        kept = find_matching(session, id_)
        done = {"list": kept.own, "answer": kept.theirs, "result": kept.matches is not None, "tell": kept.told}
        rows.append(
            {"matching": kept.id, "for": kept.recipient, "invited": kept.invited, "ends_on": kept.ends_on,
             "done": [step for step, it in done.items() if it], "words": kept.words}
        )  # fmt: skip
    return rows


def match_rows(session: Session, rule: MatchingRule, kept: Matching) -> list[dict[str, Any]]:
    """Return the matches of clients who still agree: what both houses share, and whether it may be several people."""
    agreed = _agreed_among(session, rule, kept)
    found = kept.matches or ()
    clients, others = Counter(one.client for one in found), Counter(one.other for one in found)
    told = {other for _, other in kept.told}
    return [
        {"id": one.client, "token": one.other, "match": one.kind.value,
         "several": clients[one.client] > 1 or others[one.other] > 1, "id_sent": one.other in told,
         "other_id": kept.heard.get(one.other) if one.other in told else None}
        for one in sorted(found, key=lambda one: ([*KeyKind].index(one.kind), one.client))
        if one.client in agreed
    ]  # fmt: skip


def list_steps(session: Session) -> Sequence[Mapping[str, Any]]:
    """Return every step of a matching that a journal of this store has, the oldest first."""
    lines = session.store.vault.journal.lines_with_fact(MATCHING_FACT)
    return [{"at": line["at"], "by": line["by"], **line["more"][MATCHING_FACT]} for line in lines]


def _new_matching(
    id_: str, recipient: str, said: Invitation, host: HouseKeys, others: HouseKeys, *, invited: bool
) -> Matching:
    """Return a new matching; its words come from the secret and the key of the house that invited."""
    drawn = hashlib.sha256(b"\n".join((said.secret, host.age.encode(), host.sign.encode()))).hexdigest()
    number = draw_blinding_number().hex()
    return Matching(
        id_,
        recipient,
        invited,
        said.ends_on,
        said.invented,
        fingerprint_words(drawn),
        said.secret.hex(),
        number,
        others,
    )


def _read_letter_of(session: Session, file: Path, wanted: LetterKind) -> Letter:
    """Return the letter in a file. Raises UsageError for one of another kind, or written by this house."""
    identity = session.store.identity
    letter = read_letter(file, identity)
    if letter.sender.sign == identity.signing_public:
        raise UsageError("match/wrong-letter", LETTER_IS_OWN)
    if letter.kind is not wanted:
        words = {"found": LETTER_WORDS[letter.kind], "wanted": LETTER_WORDS[wanted]}
        raise UsageError("match/wrong-letter", LETTER_OF_ANOTHER_KIND, **words)
    return letter


def _seal(session: Session, kept: Matching, kind: LetterKind, content: Mapping[str, Any]) -> SealedLetter:
    identity, secret = session.store.identity, bytes.fromhex(kept.secret)
    return seal_letter(kind, kept.id, content, identity, kept.others.age, secret)


def _write_step(
    session: Session, kept: Matching, did: str, to: OutputTarget | None, data: bytes, facts: Mapping[str, Any]
) -> Outcome:
    """Keep a matching as it is after a step, note the step in the journal, and write the letter if there is one."""
    session.store.vault.require_writable()
    note = {"step": did, "matching": kept.id, "for": kept.recipient}
    note |= {name: facts[name] for name in ("count",) if name in facts}
    stream = None
    if to is None:
        keep_matching(session, kept)
        _note_step(session, note)
    else:
        with writing_output(to, data) as stream:
            keep_matching(session, kept)
            _note_step(session, note)
    return Outcome(data={"matching": kept.id, "for": kept.recipient, **facts}, stream=stream)


def _note_step(session: Session, facts: Mapping[str, Any]) -> None:
    more = {MATCHING_FACT: dict(facts)}
    session.store.vault.add_journal_note(more, did="match", by=session.journal_staff, at=session.timestamp)


def _forget_those_over(session: Session) -> None:
    """Forget every matching whose last day has passed."""
    for id_ in [*list_matchings(session)]:
        try:
            over = find_matching(session, id_).is_over(_last_known_day(session))
        except ShelterError:  # a damaged one is ended by its id
            continue
        if over:
            forget_matching(session, id_)


def _last_known_day(session: Session) -> date:
    """Return the day taken as today, but none before the real day: --as-of brings back no consent and no secret."""
    return max(session.today, session.now.date())


def _judge_last_day(session: Session, rule: MatchingRule, ends_on: str) -> tuple[Finding, ...]:
    if ends_on < _last_known_day(session).isoformat():
        return (Finding(code="match/over", message=DAY_IS_PAST, facts={"ends_on": ends_on}),)
    if ends_on > (_last_known_day(session) + timedelta(rule.longest_days)).isoformat():
        return (Finding(code="match/over", message=DAYS_TOO_MANY, facts={"days": rule.longest_days}),)
    return ()


def _judge_open(session: Session, kept: Matching) -> tuple[Finding, ...]:
    if not kept.is_over(_last_known_day(session)):
        return ()
    return (Finding(code="match/over", message=MATCHING_IS_OVER, facts={"ends_on": kept.ends_on}),)


def _judge_invented(said: Invitation, *, invented: bool) -> tuple[Finding, ...]:
    if said.invented == invented:
        return ()
    return (Finding(code="match/invented", message=INVENTED_MIXED if said.invented else NOT_INVENTED),)


def _judge_number(counted: ListedClients, rule: MatchingRule) -> tuple[Finding, ...]:
    count, most = len(counted.agreed), min(rule.most_clients, LIST_SIZES[-1])
    if count <= most:
        return ()
    return (Finding(code="match/too-many", message=TOO_MANY_AGREED, facts={"count": count, "most": most}),)


def _judge_list(kept: Matching, letter: Letter) -> tuple[Finding, ...]:
    if kept.theirs is None or kept.theirs.digest == letter.digest:
        return ()
    return (Finding(code="match/other-list", message=ANOTHER_LIST_ANSWERED),)


def _judge_consents(session: Session, rule: MatchingRule, kept: Matching) -> tuple[Finding, ...]:
    """Return a finding where a client on the own list does not agree any more."""
    listed = {one.client for one in kept.own.entries if one.client} if kept.own else set()
    over = len(
        listed
        - {her.id for her in count_listed_clients(session, rule, kept.recipient, _last_known_day(session)).agreed}
    )
    return (Finding(code="match/consents", message=CONSENTS_ENDED, facts={"count": over}),) if over else ()


def _not_yet(sentence: str) -> Finding:
    return Finding(code="match/not-yet", message=sentence)


def _agreed_among(session: Session, rule: MatchingRule, kept: Matching) -> set[str]:
    return {her.id for her in count_listed_clients(session, rule, kept.recipient, _last_known_day(session)).agreed}
