"""A recovery paper renewed: noted on this computer, shown, signed into the list, and every file sealed anew for it."""

import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

from shelterctl import errors
from shelterctl.custody.init import NewPaper, read_sealed_note, write_sealed_note
from shelterctl.custody.rekey import Rekeyed, rekey_files
from shelterctl.document.subset import Unreadable
from shelterctl.identity.keys import create_recovery_key, parse_recovery_key
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import remove_file
from shelterctl.session import Session
from shelterctl.store.opening import find_memory_name
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import replace_paper_in_chain

RENEWAL_SCHEMA = "renewal/1"


class Renewal(NamedTuple):
    """A renewal that is under way on this computer: the new paper, and how far it has come.

    It is only noted, or in force, or overtaken by another paper, and then it is worth nothing.
    """

    paper: NewPaper
    state: Literal["noted", "in_force", "overtaken"]


def renewal_note_path(session: Session) -> Path:
    """The file in which this computer keeps the new paper until it is in force and every file is sealed for it.

    That is beside its own key and not in the folder of the store: whoever can write there could put an older note back.
    """
    return session.heads / f"{find_memory_name(session.root)[:16]}.renewal"


def is_renewal_begun(session: Session) -> bool:
    """Whether a renewal was begun on this computer and not finished; needs no key."""
    return os.path.lexists(renewal_note_path(session))


def read_renewal(session: Session) -> Renewal | None:
    """The renewal that was begun on this computer, none where there is none; a note of somebody else's is none."""
    store, key = session.store, session.store.identity
    chain = store.vault.journal.chain
    try:
        said = read_sealed_note(renewal_note_path(session), key) or {}
    except (errors.Damaged, errors.CannotOpen, Unreadable):
        said = {}
    secret, before = str(said.get("paper")), str(said.get("instead_of"))
    if said.get("schema") != RENEWAL_SCHEMA or said.get("mark") != _mark(store, secret, before):
        return None
    paper = NewPaper(parse_recovery_key(secret), chain.store, fingerprint_words(chain.root))
    if paper.key.recipient == chain.paper[0]:
        return Renewal(paper, "in_force")
    return Renewal(paper, "noted" if before == chain.paper[0] else "overtaken")


def begin_renewal(session: Session) -> Renewal:
    """Begin a renewal: the new paper is noted before anybody sees it, so that it is shown again, and no other one."""
    store = session.store
    chain = store.vault.journal.chain
    paper = create_recovery_key()
    note = {"schema": RENEWAL_SCHEMA, "paper": paper.key, "instead_of": chain.paper[0]}
    note["mark"] = _mark(store, note["paper"], note["instead_of"])
    write_sealed_note(renewal_note_path(session), store.identity, note)
    return Renewal(NewPaper(paper, chain.store, fingerprint_words(chain.root)), "noted")


def require_may_renew(session: Session) -> None:
    """Raise why this computer may not put a new paper in force, if so."""
    store = session.store
    store.vault.require_writable()
    if "trust" not in store.vault.journal.chain.devices[str(store.identity.device)].rights:
        raise problems.may_not_change_trust_error()


def sign_renewal(session: Session, renewal: Renewal) -> None:
    """Put the new paper in force: from this statement on files are sealed for it, and not for the old one."""
    vault, key = session.store.vault, session.store.identity
    vault.save_chain(replace_paper_in_chain(vault.journal.chain, renewal.paper.key, session.signs, session.at, key))
    session.store.acts_saved.append("recovery")


def finish_renewal(session: Session) -> Rekeyed:
    """Seal every file for the paper in force alone, and forget the note: a damaged file waits until it is repaired."""
    done = rekey_files(session)
    forget_renewal(session)
    return done


def forget_renewal(session: Session) -> None:
    """Forget the renewal that was begun on this computer: it is finished, or given up."""
    note = renewal_note_path(session)
    with translate_disk_errors(note.name):
        remove_file(note)


def _mark(store: Store, paper: str, before: str) -> str:
    """The mark that only this computer's key can set below a note, for anybody can seal a note to that key."""
    return store.identity.mark(json.dumps([RENEWAL_SCHEMA, store.vault.journal.chain.root, before, paper]).encode())
