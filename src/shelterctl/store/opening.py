"""A store opened with a key, believed only as far as that key has reason to."""

import hashlib
from contextlib import suppress
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.identity import Identity, nobody
from shelterctl.journal import Copy, Journal, read, wrote_later
from shelterctl.language import N_
from shelterctl.library import Shelf, shelf_name
from shelterctl.store.folder import BACKUP, FOUNDING, SHELTER, is_store
from shelterctl.store.old import head_in, name_of, said_by, standing_of, words_of
from shelterctl.store.store import Store
from shelterctl.trust import Chain, Remembered, followed, stand, verdict
from shelterctl.trust.memory import unproven as without_key
from shelterctl.trust.standing import read_chain
from shelterctl.vault import Vault

UNPROVEN = N_(
    "Nothing proves that this store of 0.1.0 is the one that the paper belongs to. You can read it; "
    "rely on nothing in it."
)
KEPT = N_("This is the folder of a backup: it can be read, and nothing is written into it.")
REAL = N_(
    "The rules in SHELTERCTL_MANUAL are not those of this store: with them it is only read, and nothing is written."
)
UNSET = N_(
    "To work in it, unset SHELTERCTL_MANUAL. To try these rules, make a store of their own while it is set: "
    "shelterctl demo run, or init."
)
ON_TRIAL = N_("This store is for trying rules of another folder ({shelf}). With the rules read here it is only read.")
NAME_SHELF = N_("To work in it, name the folder of those rules in SHELTERCTL_MANUAL.")
GO_BACK = N_("Go back to the store, or make one of the backup with: shelterctl restore DIR --store NEW")


def open_store(root: Path, key: Identity, shelf: Shelf, heads: Path | None, *, words: str | None = None) -> Store:
    """The store in *root*, an interrupted write finished first where that can be done at once.

    *heads* is the folder in which this computer remembers stores; *words* are four that were read off the paper.
    Raises Damaged where the key has no reason to believe it: whatever else is damaged closes its own file alone.
    """
    standing = stand(root, key, heads, words=words) or standing_of(root, key, heads)
    chain = standing.chain
    vault = Vault(root, key, chain.recipients, Journal(root / "journal", chain, key, standing.memory))
    vault.closed = standing.closed
    if BACKUP.fullmatch(root.resolve().name) and key.device:
        vault.closed = errors.Usage("vault/backup", KEPT, hint=GO_BACK)
    store = Store(root, vault, shelf, key)
    if not chain.root and key.device is None:
        store.told.append(errors.Conflict("trust/unproven", UNPROVEN))
    elif standing.closed:
        store.told.append(standing.closed)
    if key.device and not standing.closed:
        vault.tidy()
        _finish_founding(root)
    vault.journal.head(SHELTER)  # damage of the journal closes all, and is told before anything else
    store.told.extend(map(wrote_later, vault.journal.behind()))
    try:
        if store.shelter.value["store"] != chain.store:
            raise_other(store)
    except errors.NotFound:
        pass
    except errors.Damaged as trouble:  # every command rests on it, so each says so
        store.wrong[SHELTER] = trouble
    if key.device:
        _keep(store)
    return store


def _keep(store: Store) -> None:
    """Write no file into a store with another shelf than its own: it may seal less, or know fewer words.

    Where shelter.yaml does not say, the store is one of the shipped shelf.
    """
    own, ours = None, shelf_name(store.shelf)
    with suppress(errors.ShelterError):
        own = store.shelter.value.get("shelf")
    if own != ours:
        said, hint = (REAL, UNSET) if own is None else (ON_TRIAL, NAME_SHELF)
        store.vault.kept = errors.Conflict("shelf/other", said, hint=hint, **({"shelf": own} if own else {}))
        store.told.append(store.vault.kept)


def raise_other(store: Store) -> None:
    """Remember that shelter.yaml is another store's: whoever reads it is told so."""
    store.wrong[SHELTER] = verdict.other_store()
    del store.__dict__["shelter"]


def sealed(root: Path) -> tuple[Vault, list[errors.ShelterError]]:
    """The files of the store as they lie, for whoever has no key: held against the journal, never opened.

    With them what is wrong with the list of who may write: then nothing vouches for anything.
    """
    chain, trouble = Chain(b"", (), "", {}, ("", None), None, {}, frozenset()), []
    try:
        chain = unproven(root)
    except errors.ShelterError as error:
        trouble.append(error)
    return Vault(root, nobody(), [], Journal(root / "journal", chain, nobody())), trouble


def unproven(root: Path) -> Chain:
    """Who writes in a store as it says itself, for whoever has no key to believe it by."""
    lines = read_chain(root)
    return said_by(root) if lines is None else followed(lines, 0)


def copy_of(root: Path) -> Copy:
    """How far the copy of a store in that folder has come, for whoever has no key: its chain and its journals."""
    chain = unproven(root)
    devices = chain.devices.values()
    journals = {device: read(root / "journal" / f"{device}.jsonl").lines for device in chain.devices}
    return Copy(chain.lines, journals, {device.code: end.lines for device in devices if (end := device.ended)})


def root_of(root: Path) -> str:
    """By what this computer remembers the store in that folder: its root, or the name that one of 0.1.0 has."""
    lines = None
    with suppress(errors.ShelterError):
        lines = read_chain(root)
    return name_of(root) if lines is None else hashlib.sha256(lines.partition(b"\n")[0]).hexdigest()[:16]


def _finish_founding(root: Path) -> None:
    """Erase what lay there while the store was made, once it is: the paper is outside the house by now."""
    with suppress(OSError):
        if is_store(root) and (root / SHELTER).is_file():
            machine.remove(root / FOUNDING)


def noted(heads: Path, chain: Chain) -> Remembered | None:
    """What this computer noted of a store, for whoever has no key to prove the note: enough to doubt."""
    if chain.root:
        return without_key(heads, chain.root, chain.lines)
    words = words_of(heads / chain.store, None) if chain.store else []
    return without_key(heads, words[1]) if words[:1] == ["begun"] else head_in(words)
