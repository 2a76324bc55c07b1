"""What somebody who is shut out keeps, what ends for him, what still opens, and what is to be changed besides."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from shelterctl import machine
from shelterctl.act.copies import copies
from shelterctl.act.damage import shortened
from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence
from shelterctl.trust import MARK, Chain

Who = Literal["device", "staff", "paper"]

FIRST_CALL = N_(
    "First of all call the NGO Coordinator of IOM and the manager of the house. Nobody is blamed; silence is what "
    "harms. Whoever is in danger is moved and warned before anything is typed here."
)
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


class Consequences(NamedTuple):
    """What it means that somebody is shut out: in sentences for a person, and as data for a program."""

    said: Said
    data: Mapping[str, Any]


def consequences(here: Desk, who: Who, keys: Collection[str]) -> Consequences:
    """What it means that these *keys* (age recipients) read no more; *who* had them: a device, staff or a paper."""
    store = here.store
    chain = store.vault.journal.chain
    facts = {"since": since(chain, keys), "clients": sum(1 for _ in store.ids())}
    opened = [one.folder for one in copies(here) if {*keys} & {*chain.readers.get(one.mark, ())}]
    folders = shortened(sorted({machine.spelt(Path(folder).parent) for folder in opened}))
    said: Said = (
        (OF_PAPER if who == "paper" else KEEPS, facts),
        (NO_LONGER[who], {}),
        (STILL, {}),
        *(((KNOWN, {"count": len(opened), "folders": folders}),) if opened else ()),
        (BESIDES, {}),
    )
    return Consequences(said, {**facts, "backups": opened})


def since(chain: Chain, keys: Collection[str]) -> str:
    """The day of the first statement under which one of these keys could read."""
    for line, digest in zip(chain.lines.splitlines(), chain.digests, strict=True):
        if set(keys) & set(chain.readers[digest[:MARK]]):
            return str(json.loads(line)["at"])[:10]
    return chain.begun_on
