"""A recovery paper: its text, the file that it is written to, and the sealed note that keeps it until it is in force.
Also its renewal: the new paper is noted on this computer, signed into the list, and every file is re-encrypted for
it.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

from shelterctl import errors, limits
from shelterctl.custody.rekey import Rekeyed, rekey_files
from shelterctl.document.reading import read_document
from shelterctl.document.subset import Unreadable
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import Identity, create_recovery_key, parse_recovery_key
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, remove_file, replace_file, write_new_file_atomically
from shelterctl.session import Session
from shelterctl.store.opening import find_memory_name
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import replace_paper_in_chain
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import read_age_header

KEY_FILE_OUTSIDE_STORE = N_("The recovery key must be written outside the store, to a file that does not exist yet.")
KEY_FILE_IS_TEXT = N_(
    "The recovery key is saved as plain text. Name a file that ends in .txt; a sheet for printing is made "
    "where the key is shown at a terminal."
)
KEY_SHOWN_AT_TERMINAL_ONLY = N_(
    "The recovery key is shown only to a person at a terminal, because a log would keep it. Here add "
    "--recovery FILE, a file outside the store that does not exist yet."
)
KEY_IS_IN_FILE = N_("The recovery key is in the file that you named. Take it out of the house, then erase the file.")

PRINTED_FILE_ENDINGS = (".pdf", ".htm", ".html", ".doc", ".docx", ".odt")
"""File extensions that the key's file may not have, because no viewer would open plain text under them."""

RENEWAL_SCHEMA = "renewal/1"


class NewPaper(NamedTuple):
    """The text of a recovery paper: its key, the id of the store, and the four words of the store."""

    key: Identity
    store: str
    words: str

    @property
    def text(self) -> str:
        """The paper as a file that stock age reads: the key on a line of its own, the rest as comments."""
        return f"# shelterctl recovery paper/1\n# store: {self.store}\n# words: {self.words}\n{self.key.key}\n"


def paper_path(named: str | None, store: Path, *, begun: bool) -> Path | None:
    """Return the path of the file for a recovery paper; None if none is *named*.

    Raises UsageError if it is inside the folder of the *store*, if it exists already (unless an interrupted command has
    *begun* to write it), or if its name is not that of a plain text file.
    """
    path = Path(named) if named else None
    if path and (store.resolve() in path.resolve().parents or (os.path.lexists(path) and not begun)):
        raise errors.UsageError("init/recovery", KEY_FILE_OUTSIDE_STORE)
    if path and path.suffix.lower() in PRINTED_FILE_ENDINGS:
        raise errors.UsageError("init/recovery", KEY_FILE_IS_TEXT)
    return path


def write_paper(path: Path, paper: NewPaper) -> None:
    """Write the paper to a new file; a file with this very paper, from an interrupted command, stays as it is."""
    text = paper.text.encode()
    with translate_disk_errors(path.name):
        try:
            write_new_file_atomically(path, text)
        except FileExistsError as trouble:
            if not _has_bytes(path, text):
                raise errors.UsageError("init/recovery", KEY_FILE_OUTSIDE_STORE) from trouble


def _has_bytes(path: Path, text: bytes) -> bool:
    with suppress(errors.Damaged):  # longer, or no plain file
        return read_plain_file(path, len(text)) == text
    return False


def write_sealed_note(path: Path, key: Identity, note: Mapping[str, Any]) -> None:
    """Write a private file with a note that only *key* opens."""
    with translate_disk_errors(path.name):
        create_private_folder(path.parent)
        replace_file(path, key.seal(format_document(note).encode()))


def read_sealed_note(path: Path, key: Identity) -> dict[str, Any] | None:
    """Return the note in a sealed file; None if there is none. Raises CannotOpen if another key wrote it, Damaged."""
    with suppress(errors.NotFound), translate_disk_errors(path.name):
        data = read_plain_file(path, limits.SEALED_FILE_BYTES)
        read_age_header(data, path.name)  # a file made for the purpose could keep the program busy for minutes
        said = read_document(key.open(data)).value
        return said if isinstance(said, dict) else None
    return None


class Renewal(NamedTuple):
    """A renewal under way on this computer: the new paper and its state.

    The paper is only noted, or in force, or overtaken by another paper and so worth nothing.
    """

    paper: NewPaper
    state: Literal["noted", "in_force", "overtaken"]


def renewal_note_path(session: Session) -> Path:
    """Return the path of the note with the new paper, kept until it is in force and every file is encrypted for it.

    It is beside this computer's key, not in the folder of the store, where others could put an older note back.
    """
    return session.memory_folder / f"{find_memory_name(session.root)[:16]}.renewal"


def is_renewal_begun(session: Session) -> bool:
    """Whether a renewal was begun on this computer and not finished; needs no key."""
    return os.path.lexists(renewal_note_path(session))


def read_renewal(session: Session) -> Renewal | None:
    """Return the renewal that was begun on this computer; None without one, or if another key made the note."""
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
    """Begin a renewal. The new paper is noted before anybody sees it, so that after an interruption the same one is
    shown.
    """
    store = session.store
    chain = store.vault.journal.chain
    paper = create_recovery_key()
    note = {"schema": RENEWAL_SCHEMA, "paper": paper.key, "instead_of": chain.paper[0]}
    note["mark"] = _mark(store, note["paper"], note["instead_of"])
    write_sealed_note(renewal_note_path(session), store.identity, note)
    return Renewal(NewPaper(paper, chain.store, fingerprint_words(chain.root)), "noted")


CHANGE_TRUST_ELSEWHERE = N_("Do it on a computer that may. To see which ones may: shelterctl trust")


def require_may_renew(session: Session) -> None:
    """Raise the error if this computer may not put a new paper in force."""
    store = session.store
    store.vault.require_writable()
    if "trust" not in store.vault.journal.chain.devices[str(store.identity.device)].rights:
        raise errors.CannotOpen("trust/may-not", problems.MAY_NOT_CHANGE_TRUST, hint=CHANGE_TRUST_ELSEWHERE)


def sign_renewal(session: Session, renewal: Renewal) -> None:
    """Put the new paper in force: from this statement on, files are encrypted for it and not for the old one."""
    vault, key = session.store.vault, session.store.identity
    vault.save_chain(
        replace_paper_in_chain(vault.journal.chain, renewal.paper.key, session.journal_staff, session.timestamp, key)
    )
    session.store.acts_saved.append("recovery")


def finish_renewal(session: Session) -> Rekeyed:
    """Re-encrypt every file for the paper in force and forget the note. A damaged file waits until it is repaired."""
    done = rekey_files(session)
    forget_renewal(session)
    return done


def forget_renewal(session: Session) -> None:
    """Forget the renewal that was begun on this computer: it is finished, or given up."""
    note = renewal_note_path(session)
    with translate_disk_errors(note.name):
        remove_file(note)


def _mark(store: Store, paper: str, before: str) -> str:
    """Return the mark below a note that only this computer's key can make: anybody can encrypt a note to that key."""
    return store.identity.mark(json.dumps([RENEWAL_SCHEMA, store.vault.journal.chain.root, before, paper]).encode())
