"""Copy the files of a store into another folder, check them against the journal, and read the copy back."""

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
from shelterctl.progress import report_steps
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import Vault, changed_meanwhile_error

_JOURNAL_NAME = re.compile(r"[0-9a-z]{8}\.jsonl")

COPYING_FILES, COMPARING_COPY = N_("Copying the files"), N_("Reading the copy back")
COPY_UNLIKE = N_("{place} could not be read back as it was written.")
TAKE_OTHER_DISK = N_("Take another disk and run the command again. This one may be failing.")


NO_PERMISSION_CODE = "disk/permission"
"""The code of the error that this computer may not write somewhere."""


@contextmanager
def lock_for_copying(vault: Vault) -> Iterator[Callable[[], bool]]:
    """Lock the store while it is copied; where this computer may not write into its folder, copy it without a lock.

    Yields a function that returns whether the lock is held; without the lock it raises Conflict if the store changed
    meanwhile.
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
    """The files that were copied, each with its sha256, and what is wrong with the store they were copied from.

    *notices* are warnings about the store that are not damage. *was_locked* says whether the lock was held; otherwise
    the store was checked to be unchanged.
    """

    versions: dict[str, str] = field(default_factory=dict)
    size: int = 0
    damage: list[errors.ShelterError] = field(default_factory=list)
    notices: list[errors.ShelterError] = field(default_factory=list)
    was_locked: bool = True

    def add(self, folder: Path, name: str, data: bytes) -> None:
        """Write one file of the copy to disk; its name is on disk after ``sync_folders``.

        A file that was already copied stays: a line may name a file that is copied anyway.
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
        """Put the names of all copied files on disk, once for each folder, because a stick is slow."""
        for place in {(folder / name).parent for name in self.versions} | {folder}:
            with translate_disk_errors(place.relative_to(folder).as_posix()):
                sync_folder(place)


def copy_store(vault: Vault, names: Iterable[str], folder: Path, set_aside: str) -> StoreCopy:
    """Copy into *folder* the journals, every file that they name, and those of *names* that exist besides.

    The files that a repair moved into the folder *set_aside* are copied as they are: they may be the only version left.

    A file that is not what the journal vouches for is copied too, and listed in the copy's damage, because there may be
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
    for name in report_steps(sorted(known), COPYING_FILES):
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
    """Return the trust list as it is on disk; if it cannot be read, record that in the copy's damage."""
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
    """Yield the plain files of a folder; nothing else in it can be copied."""
    with suppress(errors.Damaged):
        for name in list_folder(folder) if is_plain_folder(folder) else ():
            with suppress(errors.Damaged, OSError):
                yield name, read_plain_file(folder / name, limits.JOURNAL_BYTES)


def _list_journals(vault: Vault) -> list[str]:
    """Return every journal in the folder, for a store whose trust list is missing."""
    return [name.removesuffix(".jsonl") for name in list_folder(vault.journal.folder) if _JOURNAL_NAME.fullmatch(name)]


def compare_copy(copy: StoreCopy, folder: Path) -> None:
    """Read every file of the copy back. Raises DiskError if one differs from what was written."""
    for name, version in report_steps(copy.versions.items(), COMPARING_COPY):
        with translate_disk_errors(name):
            found = read_from_disk(folder / name, limits.JOURNAL_BYTES)
        if hashlib.sha256(found).hexdigest() != version:
            raise errors.DiskError("vault/unlike", COPY_UNLIKE, hint=TAKE_OTHER_DISK, place=name)
