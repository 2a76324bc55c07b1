"""Who may read and write in a store, as it is shown: its devices, its words and number, and what nothing proves."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody import device
from shelterctl.custody.recovery import words_of_number
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.journal.problems import WHY_ENDED
from shelterctl.journal.store_journal import Journal
from shelterctl.session import Session
from shelterctl.trust.chain_state import Chain, Device
from shelterctl.trust.problems import NO_DEVICE_CONCERNED
from shelterctl.trust.statement import Statement
from shelterctl.ui_language import N_

ACCESS_COLUMNS = ("device", "staff", "may", "lines", "state")
DEVICE_COLUMNS = (*ACCESS_COLUMNS, "last", "ended_on", "why", "ended_by")
WIDE_DEVICE_COLUMNS = ("may", "lines", "ended_by")
"""The columns for which a screen has no room in the list of devices."""

STORE_AND_WORDS = N_("Store {store}. Its words: {words}.")
NUMBER_FOR_SAFE_SHEET = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
RECOVERY_PAPER_SIGNED = N_("The recovery paper has signed.")
RECOVERY_PAPER_UNSIGNED = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
PAPER_IS_OF_DAY = N_("It is the paper of {on}. An older one opens only what was saved before that.")
STORE_TAKEN_OVER = N_("The store was taken over from 0.1.0 on {on}.")
TAKEN_OVER_UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)
MORE_ON_COMPUTERS = N_("More about each computer: shelterctl device list")
STORE_OPENED_BY = N_("The store is opened by computers: {devices}, and by the recovery paper.")
ONLY_COMPUTER_AND_UNSIGNED_PAPER = N_(
    "If this computer is lost now, no other one can take its place: a paper that has not signed admits none. If the "
    "paper is lost already, make a new one: shelterctl recovery renew"
)
TRUST_LIST_NEWS = {
    "device": N_("New on the list: computer {device} may read and write; admitted by {by} on {at}."),
    "end": N_("New on the list: computer {device} is shut out; by {by} on {at}."),
    "recovery": N_("New on the list: another recovery paper takes the place of the old one; by {by} on {at}."),
    "accept": N_("New on the list: the recovery paper has signed; by {by} on {at}."),
    "settle": N_(
        "New on the list: it had parted, and the recovery paper made it one again. Computers that stay of those in "
        "dispute: {stay}; by {by} on {at}."
    ),
}
TRUST_LIST_NEWS_UNKNOWN = N_("New on the list: something that only a newer shelterctl knows; by {by} on {at}.")


def safe_sheet_facts(session: Session) -> dict[str, Any]:
    """What stands on the sheet in the safe: the store, its words and its number."""
    journal = session.store.vault.journal
    return {
        "store": journal.chain.store,
        "words": fingerprint_words(journal.chain.root),
        "number": journal.sheet_number(),
    }


def answer_access(session: Session) -> Outcome:
    """The devices of the store, and by what a person can tell that it is hers."""
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
    """Every device that is or was on the list; what else opens the store, and what is missing for the day of a loss."""
    chain, rows = session.store.vault.journal.chain, device_rows(session)
    working, signed = sum(row["state"] != "ended" for row in rows), chain.paper[1] is not None
    said: FilledSentences = (
        (STORE_OPENED_BY, {"devices": working}),
        *(() if signed else ((RECOVERY_PAPER_UNSIGNED, {}),)),
        *(() if signed or working > 1 else ((ONLY_COMPUTER_AND_UNSIGNED_PAPER, {}),)),
        *trust_list_news(session),
    )
    return Outcome(data={"rows": rows}, columns=DEVICE_COLUMNS, wide=WIDE_DEVICE_COLUMNS, said=said)


def device_rows(session: Session) -> list[dict[str, Any]]:
    """A row for each device: whose it is, what it may, how far its journal goes, when it wrote last, and its end."""
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
    """The sentences on what is new on the list since this computer saw it last; none where it remembers nothing."""
    return tuple(
        (TRUST_LIST_NEWS.get(one.kind, TRUST_LIST_NEWS_UNKNOWN), _statement_facts(one))
        for one in device.list_unseen_statements(session.store)
    )


def _statement_facts(statement: Statement) -> dict[str, Any]:
    """The device, the person and the day of a statement, by codes."""
    said = statement.fields
    about = said.get("device")
    whose = about["code"] if isinstance(about, dict) else about or ""
    kept = {"kept": said["keep"], "stay": said["keep"] or [NO_DEVICE_CONCERNED]} if statement.kind == "settle" else {}
    return {"kind": statement.kind, "device": whose, "by": said["by"], "at": statement.day, **kept}


def trust_list_doubts(chain: Chain) -> FilledSentences:
    """What the list does not prove: said by every check for as long as it is so."""
    unsigned = bool(chain.root) and not chain.paper[1]
    unremembered = bool(chain.adopts) and not (chain.adopts or {})["remembered"]
    return (
        *(((RECOVERY_PAPER_UNSIGNED, {}),) if unsigned else ()),
        *(_adoption_sentences(chain) if unremembered else ()),
    )


def _adoption_sentences(chain: Chain) -> FilledSentences:
    """That a store was taken over, and what nobody could know then; said for ever."""
    if not chain.adopts:
        return ()
    said: FilledSentences = ((STORE_TAKEN_OVER, {"on": chain.begun_on}),)
    return said if chain.adopts["remembered"] else (*said, (TAKEN_OVER_UNREMEMBERED, {}))
