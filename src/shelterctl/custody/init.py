"""Making a new store: the key of this computer, found or made, a new recovery paper, then the list of who may read and
write, which brings the store into being, and its first files. An interrupted founding goes on where it stopped.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.custody.recovery_paper import NewPaper, read_sealed_note, write_sealed_note
from shelterctl.document.subset import Unreadable
from shelterctl.document.writing import format_document
from shelterctl.errors import CannotOpen, Conflict, Damaged, DiskError
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key, parse_recovery_key
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, remove_file, write_new_file_atomically
from shelterctl.session import Session
from shelterctl.store.folder import DIRECTORY_FILE, FOUNDING_FILE, SECRETS_FILE, SHELTER_FILE, STAFF_FILE, make_secrets
from shelterctl.store.needed_rulebook import RulebookOfStore, name_rulebook_of_store
from shelterctl.store.opening import find_memory_name
from shelterctl.trust.chain import found_chain, verify_chain
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Chain
from shelterctl.trust.memory import StoreMemory
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import FileToSave, Vault


def find_or_make_key(
    session: Session,
    ask_passphrase: Callable[[], str] | None,
    show_locking: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> tuple[Identity, bool]:
    """Return the key of this computer, and whether it was made just now; a new key gets the passphrase that is asked
    for.
    """
    if session.identity_file.exists():
        return session.device_key, False
    phrase = ask_passphrase() if ask_passphrase else None
    with show_locking():
        key = create_identity()
        save_identity(session.identity_file, key, phrase)
    return key, True


def is_store_known_here(session: Session) -> bool:
    """Whether the key file of this computer exists and the computer remembers this store."""
    return session.identity_file.exists() and (session.memory_folder / find_memory_name(session.root)).exists()


BEGUN_WITH_OTHER_KEY = N_("A store was begun in this folder with another key; this one cannot finish it.")
NAME_KEY_IT_BEGAN_WITH = N_("Name the key that it was begun with: --identity FILE. Or choose another folder.")
STORE_MADE_NOT_NOTED = N_(
    "The store is made, but cannot be written to yet: this computer could not save what it has to remember about it."
)
MAKE_ROOM_THEN_REMEMBER = N_("Make room on the disk, then run: shelterctl check --remember")


FOUNDER_ROLE = "manager"
HOUSE_MANAGER_FIELD = "manager"
"""The field of a house that names who manages it; a rulebook may do without it."""
"""The role of the person who founds a store, until another one is recorded."""

EMPTY_DIRECTORY: Mapping[str, Any] = {"schema": "directory/1"}


class Founding(NamedTuple):
    """A store that is being made: its chain, and the paper that opens everything if the device is lost."""

    chain: Chain
    paper: NewPaper


def begin_founding(folder: Path, key: Identity, staff: str, at: str) -> Founding:
    """Return the founding that was begun in *folder*, or begin a new one and note it there.

    The note is encrypted to this device, so that after an interruption the same paper is shown. Raises Conflict if
    another key began it.
    """
    try:
        said = read_sealed_note(folder / FOUNDING_FILE, key)
    except CannotOpen as trouble:
        raise Conflict("init/begun", BEGUN_WITH_OTHER_KEY, hint=NAME_KEY_IT_BEGAN_WITH) from trouble
    except (Damaged, Unreadable):
        said = None  # half a note: nothing was shown yet
    if said is None:
        paper = create_recovery_key()
        store = "S" + "".join(secrets.choice(ID_ALPHABET) for _ in range(12))
        chain = found_chain(store, key, staff, paper, at)
        note = {"schema": "founding/1", "paper": paper.key, "root": chain.lines.decode()}
        write_sealed_note(folder / FOUNDING_FILE, key, note)
    else:
        chain, paper = verify_chain(said["root"].encode(), 0), parse_recovery_key(said["paper"])
    return Founding(chain, NewPaper(paper, chain.store, fingerprint_words(chain.root)))


def finish_founding(
    folder: Path,
    heads: Path,
    key: Identity,
    founding: Founding,
    files: Mapping[str, Mapping[str, Any]],
    *,
    by: str,
    at: str,
) -> int:
    """Write the root, which brings the store into being, then its *files*; return the number for the sheet.

    Parts that an interrupted founding wrote already stay as they are.
    """
    chain = founding.chain
    with translate_disk_errors(TRUST_LIST_FILE):
        create_private_folder(folder / "residents")
        with suppress(FileExistsError):
            write_new_file_atomically(folder / TRUST_LIST_FILE, chain.lines)
        if read_plain_file(folder / TRUST_LIST_FILE, len(chain.lines)) != chain.lines:
            raise Conflict("init/begun", BEGUN_WITH_OTHER_KEY, hint=NAME_KEY_IT_BEGAN_WITH)
    memory = StoreMemory(heads, chain.root, key)
    journal = Journal(folder / "journal", chain, key, memory)
    vault = Vault(folder, key, journal)
    vault.recover()
    known = journal.files()
    changes = [
        FileToSave(name, format_document(value).encode(), None) for name, value in files.items() if name not in known
    ]
    vault.write_all(changes, did="init", by=by, at=at)
    if not memory.remember(chain, journal.heads(), at):
        raise DiskError("init/no-note", STORE_MADE_NOT_NOTED, hint=MAKE_ROOM_THEN_REMEMBER)
    with translate_disk_errors(FOUNDING_FILE):
        remove_file(folder / FOUNDING_FILE)
    return journal.sheet_number()


def make_first_files(
    store: str,
    house: Mapping[str, Any],
    facility: str,
    staff: str,
    day: str,
    offset: str,
    rulebook_name: str | None,
    *,
    is_managed: bool = False,
    languages: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the first files of a new store, by name. shelter.yaml, by which a store is recognised, comes last; it
    names the rulebook, if any, and the *languages* of the house. With *is_managed* the directory says that the first
    person manages the house.
    """
    directory = {**EMPTY_DIRECTORY, **({"facilities": {facility: {HOUSE_MANAGER_FIELD: staff}}} if is_managed else {})}
    return {
        STAFF_FILE: make_staff_file(staff, day),
        DIRECTORY_FILE: directory,
        SECRETS_FILE: make_secrets(day),
        SHELTER_FILE: make_shelter_file(store, {facility: house}, offset, rulebook_name, languages=[*languages]),
    }


def make_shelter_file(
    store: str, houses: Mapping[str, Any], offset: str, rulebook_name: str | None, **more: Any
) -> dict[str, Any]:
    """Return the content of shelter.yaml for a store with these *houses*, and with a rulebook of its own, if any."""
    first = {"schema": "shelter/1", "store": store, "facilities": houses, "time_zone": offset, **more}
    return name_rulebook_of_store(first, RulebookOfStore(rulebook_name))


def make_staff_file(manager: str, day: str) -> dict[str, Any]:
    """Return the content of staff.yaml with a *manager* since that day and nobody else."""
    return {"schema": "staff/2", "staff": {manager: {"role": FOUNDER_ROLE, "since": day}}}
