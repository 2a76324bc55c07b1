"""A recovery paper renewed: noted on this computer, shown, signed into the list, and every file sealed anew for it."""

import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

from shelterctl import document, errors, identity, machine
from shelterctl.act.paper import NewPaper, keep_sealed, read_sealed
from shelterctl.act.rekey import Rekeyed, rekey
from shelterctl.desk import Desk
from shelterctl.store import Store, root_of
from shelterctl.trust import four_words, replaced, verdict

SCHEMA = "renewal/1"


class Renewal(NamedTuple):
    """A renewal that is under way on this computer: the new paper, and how far it has come.

    It is only noted, or in force, or overtaken by another paper, and then it is worth nothing.
    """

    paper: NewPaper
    state: Literal["noted", "in_force", "overtaken"]


def note_of(here: Desk) -> Path:
    """The file in which this computer keeps the new paper until it is in force and every file is sealed for it.

    That is beside its own key and not in the folder of the store: whoever can write there could put an older note back.
    """
    return here.heads / f"{root_of(here.root)[:16]}.renewal"


def is_begun(here: Desk) -> bool:
    """Whether a renewal was begun on this computer and not finished; needs no key."""
    return os.path.lexists(note_of(here))


def begun(here: Desk) -> Renewal | None:
    """The renewal that was begun on this computer, none where there is none; a note of somebody else's is none."""
    store, key = here.store, here.store.identity
    chain = store.vault.journal.chain
    try:
        said = read_sealed(note_of(here), key) or {}
    except (errors.Damaged, errors.CannotOpen, document.Unreadable):
        said = {}
    secret, before = str(said.get("paper")), str(said.get("instead_of"))
    if said.get("schema") != SCHEMA or said.get("mark") != _mark(store, secret, before):
        return None
    paper = NewPaper(identity.paper(secret), chain.store, four_words(chain.root))
    if paper.key.recipient == chain.paper[0]:
        return Renewal(paper, "in_force")
    return Renewal(paper, "noted" if before == chain.paper[0] else "overtaken")


def begin(here: Desk) -> Renewal:
    """Begin a renewal: the new paper is noted before anybody sees it, so that it is shown again, and no other one."""
    store = here.store
    chain = store.vault.journal.chain
    paper = identity.new_paper()
    note = {"schema": SCHEMA, "paper": paper.key, "instead_of": chain.paper[0]}
    note["mark"] = _mark(store, note["paper"], note["instead_of"])
    keep_sealed(note_of(here), store.identity, note)
    return Renewal(NewPaper(paper, chain.store, four_words(chain.root)), "noted")


def may(here: Desk) -> None:
    """Raise why this computer may not put a new paper in force, if so."""
    store = here.store
    store.vault.writable()
    if "trust" not in store.vault.journal.chain.devices[str(store.identity.device)].may:
        raise verdict.may_not()


def sign(here: Desk, renewal: Renewal) -> None:
    """Put the new paper in force: from this statement on files are sealed for it, and not for the old one."""
    vault, key = here.store.vault, here.store.identity
    vault.extend(replaced(vault.journal.chain, renewal.paper.key, here.signs, here.at, key))
    here.store.acts.append("recovery")


def finish(here: Desk) -> Rekeyed:
    """Seal every file for the paper in force alone, and forget the note: a damaged file waits until it is repaired."""
    done = rekey(here)
    forget(here)
    return done


def forget(here: Desk) -> None:
    """Forget the renewal that was begun on this computer: it is finished, or given up."""
    note = note_of(here)
    with machine.disk(note.name):
        machine.remove(note)


def _mark(store: Store, paper: str, before: str) -> str:
    """The mark that only this computer's key can set below a note, for anybody can seal a note to that key."""
    return store.identity.mark(json.dumps([SCHEMA, store.vault.journal.chain.root, before, paper]).encode())
