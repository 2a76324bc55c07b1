"""A store's files as they lie, copied into another folder, held against the journal and read back."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shelterctl import errors, limits
from shelterctl.journal.device_log import wrote_later_error
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_folder, list_folder, read_from_disk, read_plain_file
from shelterctl.platform.writing import create_private_folder, sync_folder, write_new_file
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import Vault, changed_meanwhile_error

_JOURNAL_NAME = re.compile(r"[0-9a-z]{8}\.jsonl")

COPY_UNLIKE = N_("What was written as {place} did not come back as it was.")
TAKE_OTHER_DISK = N_("The disk that it was written to may be failing. Take another one, and run the command again.")


NO_PERMISSION_CODE = "disk/permission"
"""How it is told that this computer may not write somewhere."""


@contextmanager
def lock_for_copying(vault: Vault) -> Iterator[Callable[[], bool]]:
    """The store while it is copied: under its lock, or as it lies where this computer may not write into its folder.

    What is given says whether the lock is held; without it, whoever wrote meanwhile is a Conflict.
    """
    with ExitStack() as lock:
        try:
            lock.enter_context(vault.lock())
        except errors.DiskError as trouble:
            if trouble.code != NO_PERMISSION_CODE:
                raise
            yield partial(_require_unchanged, vault)
        else:
            yield lambda: True


def _require_unchanged(vault: Vault) -> bool:
    if vault.journal.has_changed():
        raise changed_meanwhile_error("journal")
    return False


@dataclass(repr=False, eq=False)
class StoreCopy:
    """What was copied, each file by its hash, and what is wrong with the store that it was copied from.

    *notices* are what has to be known of the store besides, no damage of it. *was_locked* says whether nobody could
    write meanwhile; else nobody did.
    """

    versions: dict[str, str] = field(default_factory=dict)
    size: int = 0
    damage: list[errors.ShelterError] = field(default_factory=list)
    notices: list[errors.ShelterError] = field(default_factory=list)
    was_locked: bool = True

    def add(self, folder: Path, name: str, data: bytes) -> None:
        """Write one file of the copy, on disk; its name is, once ``sync_folders`` was called.

        One that is there already stays: a line may speak of a file that is no file of clients, and is copied anyway.
        """
        if name in self.versions:
            return
        path = folder / name
        with translate_disk_errors(name):
            create_private_folder(path.parent)
            write_new_file(path, data)
        self.versions[name] = hashlib.sha256(data).hexdigest()
        self.size += len(data)

    def sync_folders(self, folder: Path) -> None:
        """Put the names of all files of the copy on disk: once for each folder, for a stick takes its time."""
        for place in {(folder / name).parent for name in self.versions} | {folder}:
            with translate_disk_errors(place.relative_to(folder).as_posix()):
                sync_folder(place)


def copy_store(vault: Vault, names: Iterable[str], folder: Path, set_aside: str) -> StoreCopy:
    """Copy the journals, every file that they speak of, and those *names* that lie there besides, into *folder*.

    What a repair laid into the folder *set_aside* goes along as it lies: it may be all that there is of something.

    A file that is not what the journal vouches for is copied all the same, and told in the copy's damage: there may be
    no better one. What an interrupted command had saved is copied as saved.
    """
    copy = StoreCopy(
        damage=list(vault.journal.verify()), notices=list(map(wrote_later_error, vault.journal.lines_behind_ends()))
    )
    known = set(names)
    try:
        known |= vault.journal.files()
    except errors.ShelterError as trouble:
        copy.damage.append(trouble)
    for name in sorted(known):
        data: bytes | None = None
        try:
            data = vault.read_stored(name, counted=True)[0]
        except errors.ShelterError as trouble:
            copy.damage.append(trouble)
            with suppress(errors.ShelterError, OSError):
                data = read_plain_file(vault.root / name, limits.largest_file_size(name))
        if data is not None:
            copy.add(folder, name, data)
    for journal in vault.journal.journal_names() if vault.journal.chain.devices else _list_journals(vault):
        try:
            place, lines = vault.journal.whole_lines(journal)
        except errors.ShelterError as trouble:
            copy.damage.append(trouble)
        else:
            copy.add(folder, place, lines)
    if (trust := _read_trust_list(vault, copy)) is not None:
        copy.add(folder, TRUST_LIST_FILE, trust)
    for name, data in _read_plain_files(vault.root / set_aside):
        copy.add(folder, f"{set_aside}/{name}", data)
    copy.sync_folders(folder)
    return copy


def _read_trust_list(vault: Vault, copy: StoreCopy) -> bytes | None:
    """The list of who may read and write, as it lies; where it cannot be read, that is told in the copy's damage."""
    try:
        with translate_disk_errors(TRUST_LIST_FILE):
            return read_plain_file(vault.root / TRUST_LIST_FILE, limits.TRUST_CHAIN_BYTES)
    except errors.NotFound as trouble:
        if vault.journal.chain.root:
            copy.damage.append(trouble)
    except errors.ShelterError as trouble:
        copy.damage.append(trouble)
    return None


def _read_plain_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The plain files of a folder; what else lies there cannot be copied."""
    with suppress(errors.Damaged):
        for name in list_folder(folder) if is_plain_folder(folder) else ():
            with suppress(errors.Damaged, OSError):
                yield name, read_plain_file(folder / name, limits.JOURNAL_BYTES)


def _list_journals(vault: Vault) -> list[str]:
    """Every journal that lies there, where nothing says any more whose they may be."""
    return [name.removesuffix(".jsonl") for name in list_folder(vault.journal.folder) if _JOURNAL_NAME.fullmatch(name)]


def compare_copy(copy: StoreCopy, folder: Path) -> None:
    """Read every file of the copy back. Raises DiskError where one is not what was written."""
    for name, version in copy.versions.items():
        with translate_disk_errors(name):
            found = read_from_disk(folder / name, limits.JOURNAL_BYTES)
        if hashlib.sha256(found).hexdigest() != version:
            raise errors.DiskError("vault/unlike", COPY_UNLIKE, hint=TAKE_OTHER_DISK, place=name)
