"""The consequences where somebody is shut out: what is kept, what ends, what still opens, what is to be changed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from shelterctl.act.copies import copies, places
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence
from shelterctl.trust import Chain
from shelterctl.view.call import Who

KEEPS = N_(
    "What cannot be taken back: everything that could be read since {since}: every file as it is now (clients: "
    "{clients}); names, addresses and telephones of the house; codes of sheets printed until now."
)
OF_PAPER = N_(
    "Whoever had the old paper since {since}, and the folder or a backup too, could read everything: every file as it "
    "is now (clients: {clients}); names, addresses and telephones of the house. It could admit a computer as well."
)
NO_LONGER: Mapping[Who, Sentence] = {
    "device": N_(
        "What ends: from now on that computer opens nothing that is saved here, and nothing that it writes counts."
    ),
    "staff": N_(
        "What ends: from now on those computers open nothing that is saved here, and nothing that they write counts."
    ),
    "paper": N_("What ends: from now on the old paper opens nothing that is saved here, and admits no computer."),
}
STILL = N_("What still opens: every backup from before, wherever it is, until it is erased.")
KNOWN = N_("Backups from before that this computer knows of: {count} ({folders}).")
BESIDES = N_(
    "To be changed outside of the program, today: addresses of houses if they may be known, telephone numbers, code "
    "words, the passphrase, and who may open the folder if it is shared."
)

CHECKED = N_("As --check asked, nothing was written.")


class Consequences(NamedTuple):
    """The consequences where somebody is shut out: in sentences for a person, and as data for a program."""

    said: Said
    data: Mapping[str, Any]


def consequences(here: Desk, who: Who, keys: Collection[str]) -> Consequences:
    """The consequences where these *keys* (age recipients) read no more; *who* had them: a device, staff or a paper."""
    store = here.store
    chain = store.vault.journal.chain
    facts = {"since": _since(chain, keys), "clients": sum(1 for _ in store.ids())}
    opened = [one for one in copies(here) if {*keys} & {*chain.readers.get(one.mark, ())}]
    folders = places(opened)
    said: Said = (
        (OF_PAPER if who == "paper" else KEEPS, facts),
        (NO_LONGER[who], {}),
        (STILL, {}),
        *(((KNOWN, {"count": len(opened), "folders": folders}),) if opened else ()),
        (BESIDES, {}),
    )
    return Consequences(said, {**facts, "backups": [one.folder for one in opened]})


def answer(here: Desk, data: Mapping[str, Any], said: Said, done: Outcome | None = None) -> Outcome:
    """The answer of a command that shuts somebody out, with what else was *done*.

    A program is given the data beside the sentences, which say all of it to a person.
    """
    done = done or Outcome()
    return replace(done, data={**data, **done.data}, said=said if here.json else (), prose=() if here.json else said)


def _since(chain: Chain, keys: Collection[str]) -> str:
    """The day from which on one of these keys could read."""
    days = [device.since for device in chain.devices.values() if device.age in keys]
    return min([*days, *([chain.paper_since] if chain.paper[0] in keys else [])], default=chain.begun_on)
