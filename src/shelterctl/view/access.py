"""Who may read and write in a store, as it is shown: its devices, its words and number, and what nothing proves."""

from collections.abc import Mapping
from typing import Any

from shelterctl.act import ending
from shelterctl.act.comparison import words_at
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk
from shelterctl.journal import WHY_ENDED, Journal
from shelterctl.language import N_
from shelterctl.trust import Chain, Device, four_words
from shelterctl.trust.statement import Statement
from shelterctl.trust.verdict import NOBODY

COLUMNS = ("device", "staff", "may", "lines", "state")
OF_DEVICES = (*COLUMNS, "last", "ended_on", "why", "ended_by")
WIDE = ("may", "lines", "ended_by")
"""The columns for which a screen has no room in the list of devices."""

STORE = N_("Store {store}. Its words: {words}.")
NUMBER = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
RENEWED = N_("It is the paper of {on}. An older one opens only what was saved before that.")
ADOPTED = N_("The store was taken over from 0.1.0 on {on}.")
UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)
MORE = N_("More about each computer: shelterctl device list")
OPENED_BY = N_("The store is opened by computers: {devices}, and by the recovery paper.")
ALONE = N_(
    "If this computer is lost now, no other one can take its place: a paper that has not signed admits none. If the "
    "paper is lost already, make a new one: shelterctl recovery renew"
)
NEW = {
    "device": N_("New on the list: computer {device} may read and write; admitted by {by} on {at}."),
    "end": N_("New on the list: computer {device} is shut out; by {by} on {at}."),
    "recovery": N_("New on the list: another recovery paper takes the place of the old one; by {by} on {at}."),
    "accept": N_("New on the list: the recovery paper has signed; by {by} on {at}."),
    "settle": N_(
        "New on the list: it had parted, and the recovery paper made it one again. Computers that stay of those in "
        "dispute: {stay}; by {by} on {at}."
    ),
}
NEWER = N_("New on the list: something that only a newer shelterctl knows; by {by} on {at}.")


def sheet(here: Desk) -> dict[str, Any]:
    """What stands on the sheet in the safe: the store, its words and its number."""
    journal = here.store.vault.journal
    return {"store": journal.chain.store, "words": four_words(journal.chain.root), "number": journal.number()}


def access(here: Desk) -> Outcome:
    """The devices of the store, and by what a person can tell that it is hers."""
    journal, chain = here.store.vault.journal, here.store.vault.journal.chain
    rows = [{name: row[name] for name in COLUMNS} for row in rows_of(here)]
    facts = {**sheet(here), "moment": words_at(journal, journal.number())}
    said: Said = (
        (STORE, facts),
        (NUMBER, facts),
        (PAPER if chain.paper[1] else NO_PAPER, {}),
        *_renewed(chain),
        *_adopted(chain),
        (MORE, {}),
        *news(here),
    )
    data = {"sheet": {**facts, "paper_signed": chain.paper[1] is not None}, "rows": rows}
    return Outcome(data=data, columns=COLUMNS, said=said)


def devices(here: Desk) -> Outcome:
    """Every device that is or was on the list; what else opens the store, and what is missing for the day of a loss."""
    chain, rows = here.store.vault.journal.chain, rows_of(here)
    working, signed = sum(row["state"] != "ended" for row in rows), chain.paper[1] is not None
    said: Said = (
        (OPENED_BY, {"devices": working}),
        *(() if signed else ((NO_PAPER, {}),)),
        *(() if signed or working > 1 else ((ALONE, {}),)),
        *news(here),
    )
    return Outcome(data={"rows": rows}, columns=OF_DEVICES, wide=WIDE, said=said)


def rows_of(here: Desk) -> list[dict[str, Any]]:
    """A row for each device: whose it is, what it may, how far its journal goes, when it wrote last, and its end."""
    store = here.store
    journal = store.vault.journal
    heads = {device: head[0] for device, head in journal.heads().items()}
    return [_row(journal, one, str(store.identity.device), heads) for one in journal.chain.devices.values()]


def _row(journal: Journal, one: Device, here: str, heads: Mapping[str, int]) -> dict[str, Any]:
    end = one.ended
    return {
        "device": one.code,
        "staff": one.staff,
        "may": [] if end else list(one.may),
        "lines": heads.get(one.code, 0),
        "state": "ended" if end else "here" if one.code == here else "in_force",
        "last": journal.ending(one.code).last[:10] or None,
        "ended_on": end.on if end else None,
        "why": WHY_ENDED[end.why] if end else None,
        "ended_by": end.by or None if end else None,
    }


def news(here: Desk) -> Said:
    """The sentences on what is new on the list since this computer saw it last; none where it remembers nothing."""
    return tuple((NEW.get(one.kind, NEWER), _codes(one)) for one in ending.news(here.store))


def _codes(statement: Statement) -> dict[str, Any]:
    """The device, the person and the day of a statement, by codes."""
    said = statement.said
    about = said.get("device")
    whose = about["code"] if isinstance(about, dict) else about or ""
    kept = {"kept": said["keep"], "stay": said["keep"] or [NOBODY]} if statement.kind == "settle" else {}
    return {"kind": statement.kind, "device": whose, "by": said["by"], "at": statement.day, **kept}


def doubts(chain: Chain) -> Said:
    """What the list does not prove: said by every check for as long as it is so."""
    unsigned = bool(chain.root) and not chain.paper[1]
    unremembered = bool(chain.adopts) and not (chain.adopts or {})["remembered"]
    return (*(((NO_PAPER, {}),) if unsigned else ()), *(_adopted(chain) if unremembered else ()))


def _renewed(chain: Chain) -> Said:
    """On which day the paper in force took the place of an older one, for papers that are taken for each other."""
    return ((RENEWED, {"on": chain.renewed_on}),) if chain.renewed_on else ()


def _adopted(chain: Chain) -> Said:
    """That a store was taken over, and what nobody could know then; said for ever."""
    if not chain.adopts:
        return ()
    said: Said = ((ADOPTED, {"on": chain.begun_on}),)
    return said if chain.adopts["remembered"] else (*said, (UNREMEMBERED, {}))
