"""Who may read and write in a store, as it is shown: its devices, its words and number, and what nothing proves."""

from typing import Any

from shelterctl.act.comparison import words_at
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.trust import Chain, four_words

STORE = N_("Store {store}. Its words: {words}.")
NUMBER = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
NUMBER = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
ADOPTED = N_("The store was taken over from 0.1.0 on {on}.")
UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)
UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)


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
    said: Said = ((STORE, facts), (NUMBER, facts), (PAPER if chain.paper[1] else NO_PAPER, {}), *_adopted(chain))
    return Outcome(data={"sheet": {**facts, "paper_signed": chain.paper[1] is not None}, "rows": rows}, said=said)


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
