"""A store founded: its paper, then the root, by which it comes to be, then its files; taken up where it was left."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import document, identity, machine
from shelterctl.act.paper import NewPaper, keep_sealed, read_sealed
from shelterctl.core.identifier import ALPHABET
from shelterctl.errors import CannotOpen, Conflict, Damaged, Disk
from shelterctl.identity import Identity
from shelterctl.journal import Journal
from shelterctl.language import N_
from shelterctl.store import DIRECTORY, FOUNDING, SECRETS, SHELTER, STAFF, TRUST, new_entry_id
from shelterctl.trust import Chain, Memory, followed, founded, four_words
from shelterctl.vault import Change, Vault

BEGUN = N_("A store was begun in this folder with another key; this one cannot finish it.")
FINISH = N_("Name the key that it was begun with: --identity FILE. Or take another folder.")
NO_NOTE = N_(
    "The computer could not note what it has to remember of the store: the store is made, and cannot be written yet."
)
REMEMBER = N_("Make room on the disk, then run: shelterctl check --remember")


class Founding(NamedTuple):
    """A store that is being made: its chain, and the paper that opens everything if the device is lost."""

    chain: Chain
    paper: NewPaper


def begun(folder: Path, key: Identity, staff: str, at: str) -> Founding:
    """The store that was begun in the folder and is to be finished, or a new one, noted so that it can be.

    The note is sealed to the device: whoever is interrupted, and begins again, is shown the same paper.
    """
    try:
        said = read_sealed(folder / FOUNDING, key)
    except CannotOpen as trouble:
        raise Conflict("init/begun", BEGUN, hint=FINISH) from trouble
    except (Damaged, document.Unreadable):
        said = None  # half a note: nothing was shown yet
    if said is None:
        paper = identity.new_paper()
        store = "S" + "".join(secrets.choice(ALPHABET) for _ in range(12))
        chain = founded(store, key, staff, paper, at)
        note = {"schema": "founding/1", "paper": paper.key, "root": chain.lines.decode()}
        keep_sealed(folder / FOUNDING, key, note)
    else:
        chain, paper = followed(said["root"].encode(), 0), identity.paper(said["paper"])
    return Founding(chain, NewPaper(paper, chain.store, four_words(chain.root)))


def finish(
    folder: Path,
    heads: Path,
    key: Identity,
    founding: Founding,
    files: Mapping[str, Mapping[str, Any]],
    *,
    by: str,
    at: str,
) -> int:
    """Write the root, which is the moment the store comes to be, then its *files*; the number for the sheet.

    What an interrupted founding wrote already stays as it is.
    """
    chain = founding.chain
    with machine.disk(TRUST):
        machine.private_folder(folder / "residents")
        with suppress(FileExistsError):
            machine.write_whole(folder / TRUST, chain.lines)
        if machine.read_regular(folder / TRUST, len(chain.lines)) != chain.lines:
            raise Conflict("init/begun", BEGUN, hint=FINISH)
    memory = Memory(heads, chain.root, key)
    journal = Journal(folder / "journal", chain, key, memory)
    vault = Vault(folder, key, chain.recipients, journal)
    vault.recover()
    known = journal.files()
    changes = [Change(name, document.write(value).encode(), None) for name, value in files.items() if name not in known]
    vault.write_all(changes, did="init", by=by, at=at)
    if not memory.keep(chain, journal.heads(), at):
        raise Disk("init/no-note", NO_NOTE, hint=REMEMBER)
    with machine.disk(FOUNDING):
        machine.remove(folder / FOUNDING)
    return journal.number()


def first_files(
    store: str, house: Mapping[str, Any], facility: str, staff: str, day: str, offset: str, shelf: str | None
) -> dict[str, Any]:
    """What a new store says; shelter.yaml, by which it is known, comes last. It names the *shelf*, if any."""
    return {
        STAFF: {"schema": "staff/2", "staff": {staff: {"role": "manager", "since": day}}},
        DIRECTORY: {"schema": "directory/1"},
        SECRETS: secrets_of(day),
        SHELTER: {
            "schema": "shelter/3" if shelf else "shelter/1",
            "store": store,
            "facilities": {facility: house},
            "time_zone": offset,
            "languages": ["ru", "ky"],
            **({"shelf": shelf} if shelf else {}),
        },
    }


def secrets_of(day: str) -> dict[str, Any]:
    """A new key for the codes of sheets."""
    return {"schema": "secrets/1", "sheet_codes": [{"id": new_entry_id(), "since": day, "key": secrets.token_hex(32)}]}
