"""Who may read and write in a store, for display: its devices, its words and number, and what is not proved."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from shelterctl.act.permission import NO_ROLE
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.custody import device
from shelterctl.custody.recovery import words_of_number
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.journal.problems import WHY_ENDED
from shelterctl.journal.store_journal import Journal
from shelterctl.language import LabelledCode
from shelterctl.session import Session
from shelterctl.trust.chain_state import Chain, Device
from shelterctl.trust.problems import NO_DEVICE_CONCERNED
from shelterctl.trust.statement import Statement
from shelterctl.ui_language import N_

ACCESS_COLUMNS = ("device", "staff", "may", "lines", "state")
DEVICE_COLUMNS = (*ACCESS_COLUMNS, "last", "ended_on", "why", "ended_by")
WIDE_DEVICE_COLUMNS = ("may", "lines", "ended_by")
"""The columns for which the list of devices has no room on a screen."""

STORE_AND_WORDS = N_("Store {store}. Its words: {words}.")
NUMBER_FOR_SAFE_SHEET = N_("The number for the sheet in the safe: {number}. The words at this moment: {moment}.")
RECOVERY_PAPER_SIGNED = N_("The recovery paper has signed.")
RECOVERY_PAPER_UNSIGNED = N_(
    "The recovery paper has not signed yet. Write the store's words on it, then sign with it: shelterctl "
    "check --recovery FILE"
)
PAPER_IS_OF_DAY = N_("The valid recovery paper is of {on}. An older one opens only what was saved before that day.")
STORE_TAKEN_OVER = N_("The store was taken over from 0.1.0 on {on}.")
TAKEN_OVER_UNREMEMBERED = N_(
    "The computer that took it over did not remember the store: a person compared the number of clients and "
    "the last day."
)
MORE_ON_COMPUTERS = N_("More about each computer: shelterctl device list")
STORE_OPENED_BY = N_("Computers that open the store: {devices}. The recovery paper opens it too.")
STORE_OPENED_BY_ROLE = N_(
    "Keys that are not shut out: {devices}. Each opens what the role of its person reads, and the recovery paper "
    "opens everything."
)
ONLY_COMPUTER_AND_UNSIGNED_PAPER = N_(
    "If this computer is lost now, no other can take its place, because a paper that has not signed cannot "
    "admit one. If the paper is lost too, make a new one: shelterctl recovery renew"
)
TRUST_LIST_NEWS = {
    "device": N_("New on the list: computer {device} may read and write; admitted by {by} on {at}."),
    "end": N_("New on the list: computer {device} is shut out; by {by} on {at}."),
    "key-end": N_("New on the list: the key {device} of {staff} is shut out; by {by} on {at}."),
    "recovery": N_("New on the list: a new recovery paper replaces the old one; by {by} on {at}."),
    "accept": N_("New on the list: the recovery paper has signed; by {by} on {at}."),
    "settle": N_(
        "New on the list: it had split in two, and the recovery paper joined it again. Disputed computers "
        "that stay: {stay}; by {by} on {at}."
    ),
    "person": N_("New on the list: since {at} {staff} has a key of her own, {device}."),
    "roles": N_("New on the list: {staff} has these roles: {roles}; by {by} on {at}."),
    "access": N_("New on the list: who reads and records what was set by role; by {by} on {at}."),
    "limit": N_("New on the list: a limit of the house itself was set or ended; by {by} on {at}."),
    "one-key": N_(
        "New on the list: the keys of computers open everything, and keys of persons open nothing; by {by} on {at}."
    ),
}
REPLACED_NEWS = {
    "access": N_(
        "New on the list, but replaced on {until}: who reads and records what was set by role; by {by} on {at}."
    ),
    "one-key": N_(
        "New on the list, but replaced on {until}: the keys of computers opened everything, and keys of persons opened "
        "nothing; by {by} on {at}."
    ),
}
"""The news on who reads what that a later statement of the list has replaced: it is no longer in force."""
TRUST_LIST_NEWS_UNKNOWN = N_("New on the list: an entry that only a newer shelterctl understands; by {by} on {at}.")


def safe_sheet_facts(session: Session) -> dict[str, Any]:
    """Return what is printed on the sheet for the safe: the id of the store, its words and its number."""
    journal = session.store.vault.journal
    return {
        "store": journal.chain.store,
        "words": fingerprint_words(journal.chain.root),
        "number": journal.sheet_number(),
    }


def answer_access(session: Session) -> Outcome:
    """Return the devices of the store, and the words and number by which a person recognises it."""
    journal = session.store.vault.journal
    chain = journal.chain
    rows = [{name: row[name] for name in ACCESS_COLUMNS} for row in device_rows(session)]
    facts = {**safe_sheet_facts(session), "moment": words_of_number(journal, journal.sheet_number())}
    said: FilledSentences = (
        (STORE_AND_WORDS, facts),
        (NUMBER_FOR_SAFE_SHEET, facts),
        (RECOVERY_PAPER_SIGNED if chain.paper[1] else RECOVERY_PAPER_UNSIGNED, {}),
        *(((PAPER_IS_OF_DAY, {"on": chain.renewed_on}),) if chain.renewed_on else ()),
        *_adoption_sentences(chain),
        (MORE_ON_COMPUTERS, {}),
        *trust_list_news(session),
    )
    data = {"sheet": {**facts, "paper_signed": chain.paper[1] is not None}, "rows": rows}
    return Outcome(data=data, columns=ACCESS_COLUMNS, said=said)


def answer_devices(session: Session) -> Outcome:
    """Return every device that is or was on the list, what else opens the store, and what is missing if a device is
    lost.
    """
    chain, rows = session.store.vault.journal.chain, device_rows(session)
    working, signed = len(chain.readership.everyone) - 1, chain.paper[1] is not None
    said: FilledSentences = (
        (STORE_OPENED_BY_ROLE if chain.readership.is_by_role else STORE_OPENED_BY, {"devices": working}),
        *(() if signed else ((RECOVERY_PAPER_UNSIGNED, {}),)),
        *(() if signed or working > 1 else ((ONLY_COMPUTER_AND_UNSIGNED_PAPER, {}),)),
        *trust_list_news(session),
    )
    return Outcome(data={"rows": rows}, columns=DEVICE_COLUMNS, wide=WIDE_DEVICE_COLUMNS, said=said)


def device_rows(session: Session) -> list[dict[str, Any]]:
    """Return a row for each device: its holder, its rights, the length of its journal, the last day on which it wrote,
    and its end.
    """
    store = session.store
    journal = store.vault.journal
    heads = {device: head[0] for device, head in journal.heads().items()}
    return [_device_row(journal, one, str(store.identity.device), heads) for one in journal.chain.devices.values()]


def _device_row(journal: Journal, one: Device, own: str, heads: Mapping[str, int]) -> dict[str, Any]:
    end = one.ended
    return {
        "device": one.code,
        "staff": one.staff,
        "may": [] if end else list(one.rights),
        "lines": heads.get(one.code, 0),
        "state": "ended" if end else "here" if one.code == own else "in_force",
        "last": journal.logs.ending(one.code).last[:10] or None,
        "ended_on": end.on if end else None,
        "why": WHY_ENDED[end.why] if end else None,
        "ended_by": end.by or None if end else None,
    }


def trust_list_news(session: Session) -> FilledSentences:
    """Return the sentences on what is new on the list since this computer last saw it; none if it remembers nothing.

    Of several that set who reads what only the last is in force, and the others say when it was replaced.
    """
    unseen = device.list_unseen_statements(session.store)
    kept = {*session.store.vault.journal.chain.digests}  # a branch that was given up replaces nothing
    setting = [one for one in unseen if one.kind == "access" and one.digest in kept]
    until = {one.digest: later.day for one, later in pairwise(setting)}
    return tuple(_news_sentence(session, one, until.get(one.digest)) for one in unseen)


def _news_sentence(session: Session, one: Statement, until: str | None) -> FilledSentence:
    """Return the sentence on a statement; *until* is the day of the one that replaced it, if any."""
    news, facts = _news_of(session.store.vault.journal.chain, one), _statement_facts(session, one)
    if until is not None:
        return REPLACED_NEWS[news], {**facts, "until": until}
    return TRUST_LIST_NEWS.get(news, TRUST_LIST_NEWS_UNKNOWN), facts


def _news_of(chain: Chain, statement: Statement) -> str:
    """Return which of the sentences of TRUST_LIST_NEWS is about a statement."""
    if statement.kind == "device" and "trust" not in statement.fields["device"]["may"]:
        return "person"
    if statement.kind == "end":
        ended = chain.devices.get(statement.fields["device"])
        return "end" if ended is None or "trust" in ended.rights else "key-end"
    if statement.kind == "access" and not statement.fields["parts"]:
        return "one-key"
    return statement.kind


def _statement_facts(session: Session, statement: Statement) -> dict[str, Any]:
    """Return the device, the person and the day of a statement, as codes; and the roles that it grants."""
    said = statement.fields
    about = said.get("device")
    whose = about["code"] if isinstance(about, dict) else about or ""
    kept = {"kept": said["keep"], "stay": said["keep"] or [NO_DEVICE_CONCERNED]} if statement.kind == "settle" else {}
    if statement.kind == "roles":
        names = session.rulebook.lists["roles"]
        roles = [LabelledCode(one, names.get(one, {"en": one})) for one in said["roles"]] or [NO_ROLE]
        kept = {"staff": said["staff"], "roles": roles}
    elif statement.kind == "device":
        kept = {"staff": about["staff"]} if isinstance(about, dict) else {}
    elif statement.kind == "end" and (ended := session.store.vault.journal.chain.devices.get(whose)):
        kept = {"staff": ended.staff}
    return {"kind": statement.kind, "device": whose, "by": said["by"], "at": statement.day, **kept}


def trust_list_doubts(chain: Chain) -> FilledSentences:
    """Return the sentences on what the list does not prove; every check repeats them while they hold."""
    unsigned = bool(chain.root) and not chain.paper[1]
    unremembered = bool(chain.adopts) and not (chain.adopts or {})["remembered"]
    return (
        *(((RECOVERY_PAPER_UNSIGNED, {}),) if unsigned else ()),
        *(_adoption_sentences(chain) if unremembered else ()),
    )


def _adoption_sentences(chain: Chain) -> FilledSentences:
    """Return the sentences on a store that was taken over from 0.1.0; they are repeated permanently."""
    if not chain.adopts:
        return ()
    said: FilledSentences = ((STORE_TAKEN_OVER, {"on": chain.begun_on}),)
    return said if chain.adopts["remembered"] else (*said, (TAKEN_OVER_UNREMEMBERED, {}))
