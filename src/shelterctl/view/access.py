"""Who may read and write in a store, as it is shown: its devices, its words and number, and what nothing proves."""

from collections.abc import Mapping
from typing import Any

from shelterctl.act.comparison import words_at
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.trust import Chain, four_words
from shelterctl.trust.statement import read

COLUMNS = ("device", "staff", "may", "lines", "state")

STORE = N_("Store {store}. Its words: {words}.")
NUMBER = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
ADOPTED = N_("The store was taken over from 0.1.0 on {on}.")
UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)
NEW = {
    "device": N_("New on the list: computer {device} may read and write; admitted by {by} on {at}."),
    "end": N_("New on the list: computer {device} is shut out; by {by} on {at}."),
    "recovery": N_("New on the list: another recovery paper takes the place of the old one; by {by} on {at}."),
    "accept": N_("New on the list: the recovery paper has signed; by {by} on {at}."),
}
NEWER = N_("New on the list: something that only a newer shelterctl knows; by {by} on {at}.")


def sheet(here: Desk) -> dict[str, Any]:
    """What stands on the sheet in the safe: the store, its words and its number."""
    journal = here.store.vault.journal
    return {"store": journal.chain.store, "words": four_words(journal.chain.root), "number": journal.number()}


def access(here: Desk) -> Outcome:
    """The devices of the store, and by what a person can tell that it is hers."""
    store = here.store
    journal, chain = store.vault.journal, store.vault.journal.chain
    heads = journal.heads()
    rows = [
        {
            "device": one.code,
            "staff": one.staff,
            "may": list(one.may),
            "lines": heads[one.code][0] if one.code in heads else 0,
            "state": "ended" if one.ended else "here" if one.code == store.identity.device else "in_force",
        }
        for one in chain.devices.values()
    ]
    facts = {**sheet(here), "moment": words_at(journal, journal.number())}
    said: Said = (
        (STORE, facts),
        (NUMBER, facts),
        (PAPER if chain.paper[1] else NO_PAPER, {}),
        *_adopted(chain),
        *news(here),
    )
    data = {"sheet": {**facts, "paper_signed": chain.paper[1] is not None}, "rows": rows}
    return Outcome(data=data, columns=COLUMNS, said=said)


def news(here: Desk) -> Said:
    """What is on the list since this computer saw it last; nothing where it remembers nothing."""
    journal = here.store.vault.journal
    lines = journal.chain.lines.splitlines()[journal.known.trust[0] :] if journal.known else []
    said = [read(line, first=False).said for line in lines]
    return tuple((NEW.get(one["kind"], NEWER), _codes(one)) for one in said)


def _codes(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a statement says, by codes."""
    about = said.get("device")
    whose = about["code"] if isinstance(about, dict) else about or ""
    return {"kind": said["kind"], "device": whose, "by": said["by"], "at": said["at"][:10]}


def doubts(chain: Chain) -> Said:
    """What the list does not prove: said by every check for as long as it is so."""
    unsigned = bool(chain.root) and not chain.paper[1]
    unremembered = bool(chain.adopts) and not (chain.adopts or {})["remembered"]
    return (*(((NO_PAPER, {}),) if unsigned else ()), *(_adopted(chain) if unremembered else ()))


def _adopted(chain: Chain) -> Said:
    """That a store was taken over, and what nobody could know then; said for ever."""
    if not chain.adopts:
        return ()
    said: Said = ((ADOPTED, {"on": chain.begun_on}),)
    return said if chain.adopts["remembered"] else (*said, (UNREMEMBERED, {}))
