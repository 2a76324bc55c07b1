"""A store's files as they lie, copied into another folder, held against the journal and read back."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.journal import wrote_later
from shelterctl.language import N_
from shelterctl.trust import FILE as TRUST
from shelterctl.vault.change import changed_meanwhile
from shelterctl.vault.protocol import Vault

_JOURNAL = re.compile(r"[0-9a-z]{8}\.jsonl")

UNLIKE = N_("What was written as {place} did not come back as it was.")
OTHER_DISK = N_("The disk that it was written to may be failing. Take another one, and run the command again.")


FORBIDDEN = "disk/permission"
"""How it is told that this computer may not write somewhere."""


@contextmanager
def still(vault: Vault) -> Iterator[Callable[[], bool]]:
    """The store while it is copied: under its lock, or as it lies where this computer may not write into its folder.

    What is given says whether the lock is held; without it, whoever wrote meanwhile is a Conflict.
    """
    with ExitStack() as lock:
        try:
            lock.enter_context(vault.lock())
        except errors.Disk as trouble:
            if trouble.code != FORBIDDEN:
                raise
            yield partial(_unchanged, vault)
        else:
            yield lambda: True


def _unchanged(vault: Vault) -> bool:
    if vault.journal.changed():
        raise changed_meanwhile("journal")
    return False


@dataclass(repr=False, eq=False)
class Copy:
    """What was copied, each file by its hash, and what is wrong with the store that it was copied from.

    *told* is what has to be known of the store besides, which is no damage of it. *alone* says whether nobody could
    write meanwhile; else nobody did.
    """

    versions: dict[str, str] = field(default_factory=dict)
    size: int = 0
    damage: list[errors.ShelterError] = field(default_factory=list)
    told: list[errors.ShelterError] = field(default_factory=list)
    alone: bool = True

    def add(self, folder: Path, name: str, data: bytes) -> None:
        """Write one file of the copy, on disk; its name is, once ``settled`` was called.

        One that is there already stays: a line may speak of a file that is no file of clients, and is copied anyway.
        """
        if name in self.versions:
            return
        path = folder / name
        with machine.disk(name):
            machine.private_folder(path.parent)
            machine.write_new(path, data)
        self.versions[name] = hashlib.sha256(data).hexdigest()
        self.size += len(data)

    def settled(self, folder: Path) -> None:
        """Put the names of all files of the copy on disk: once for each folder, for a stick takes its time."""
        for place in {(folder / name).parent for name in self.versions} | {folder}:
            with machine.disk(place.relative_to(folder).as_posix()):
                machine.sync_folder(place)


def copied(vault: Vault, names: Iterable[str], folder: Path, aside: str) -> Copy:
    """Copy the journals, every file that they speak of, and those *names* that lie there besides, into *folder*.

    What a repair laid into the folder *aside* goes along as it lies: it may be all that there is of something.

    A file that is not what the journal vouches for is copied all the same, and told in the copy's damage: there may be
    no better one. What an interrupted command had saved is copied as saved.
    """
    copy = Copy(damage=list(vault.journal.verify()), told=list(map(wrote_later, vault.journal.behind())))
    known = set(names)
    try:
        known |= vault.journal.files()
    except errors.ShelterError as trouble:
        copy.damage.append(trouble)
    for name in sorted(known):
        data: bytes | None = None
        try:
            data = vault.stored(name, counted=True)[0]
        except errors.ShelterError as trouble:
            copy.damage.append(trouble)
            with suppress(errors.ShelterError, OSError):
                data = machine.read_regular(vault.root / name, bound.of(name))
        if data is not None:
            copy.add(folder, name, data)
    for journal in vault.journal.names() if vault.journal.chain.devices else _named(vault):
        try:
            place, lines = vault.journal.whole_lines(journal)
        except errors.ShelterError as trouble:
            copy.damage.append(trouble)
        else:
            copy.add(folder, place, lines)
    if (trust := _list_of(vault, copy)) is not None:
        copy.add(folder, TRUST, trust)
    for name, data in _laid(vault.root / aside):
        copy.add(folder, f"{aside}/{name}", data)
    copy.settled(folder)
    return copy


def _list_of(vault: Vault, copy: Copy) -> bytes | None:
    """The list of who may read and write, as it lies; where it cannot be read, that is told in the copy's damage."""
    try:
        with machine.disk(TRUST):
            return machine.read_regular(vault.root / TRUST, bound.TRUST)
    except errors.NotFound as trouble:
        if vault.journal.chain.root:
            copy.damage.append(trouble)
    except errors.ShelterError as trouble:
        copy.damage.append(trouble)
    return None


def _laid(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The plain files of a folder; what else lies there cannot be copied."""
    with suppress(errors.Damaged):
        for name in machine.names_in(folder) if machine.is_plain_folder(folder) else ():
            with suppress(errors.Damaged, OSError):
                yield name, machine.read_regular(folder / name, bound.JOURNAL)


def _named(vault: Vault) -> list[str]:
    """Every journal that lies there, where nothing says any more whose they may be."""
    return [name.removesuffix(".jsonl") for name in machine.names_in(vault.journal.folder) if _JOURNAL.fullmatch(name)]


def compared(copy: Copy, folder: Path) -> None:
    """Read every file of the copy back. Raises Disk where one is not what was written."""
    for name, version in copy.versions.items():
        with machine.disk(name):
            found = machine.read_back(folder / name, bound.JOURNAL)
        if hashlib.sha256(found).hexdigest() != version:
            raise errors.Disk("vault/unlike", UNLIKE, hint=OTHER_DISK, place=name)
