"""Where the files of a store lie, and what lies beside them while they are written."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.language import N_

_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_NAME = re.compile(f"{_PART}(/{_PART})*")
_BESIDE = re.compile(rf"\.({_PART})\.[0-9a-f]{{16}}\.tmp")


def path_of(root: Path, name: str) -> Path:
    """Where the file lies: within the store, with no link on the way."""
    if not _NAME.fullmatch(name):
        raise errors.Usage(
            "vault/bad-name",
            N_("That cannot be the name of a file in a store."),
            hint=N_("Name a client by the id that 'shelterctl list' shows."),
        )
    folder = path = root / name
    for _ in range(name.count("/")):  # the store's own folder may be a link: the user named it
        folder = folder.parent
        if not machine.is_plain_folder(folder):
            raise errors.Damaged(
                "vault/strange-folder",
                N_("The folder {place} of the store is a link to another place, or no folder at all."),
                hint=N_(
                    "Do not open it. Ask who else can write to the store's folder, take out what lies there in its "
                    "place, and put the folder back; or restore a whole backup: shelterctl restore BACKUP --store NEW"
                ),
                place=folder.relative_to(root).as_posix(),
            )
    return path


def version_of(stored: bytes) -> str:
    """The version of a file: the sha256 of its bytes as they lie."""
    return hashlib.sha256(stored).hexdigest()


def version_at(path: Path, name: str) -> str:
    """The version of a file that is on its way to be *name*; none, where something else has its name."""
    try:
        return version_of(machine.read_regular(path, bound.of(name)))
    except errors.Damaged:
        return ""


def beside(path: Path, version: str) -> Path:
    """Where a new version lies before it takes the place of the old one."""
    return path.with_name(f".{path.name}.{version[:16]}.tmp")


def places(path: Path, version: str | None) -> Iterator[Path]:
    """Where a version may lie: in its place, or beside it between its line in the journal and its rename."""
    yield path
    if version:
        yield beside(path, version)
        yield path


def unsettled(root: Path) -> Iterator[tuple[Path, str]]:
    """New versions that are not in their place, and whose they are; in no other folder does a command leave any.

    What is no plain file was not left by a command, whatever its name.
    """
    for folder in (root, root / "residents", *_below(root / "registers", 2)):
        within = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
        for name in machine.names_in(folder) if machine.is_plain_folder(folder) else ():
            found = _BESIDE.fullmatch(name) if name.startswith(".") else None
            whose = f"{within}{found[1]}" if found else ""
            if _NAME.fullmatch(whose) and machine.is_plain_file(fresh := folder / name):
                yield fresh, whose


def _below(folder: Path, depth: int) -> list[Path]:
    """The folders that lie *depth* below one; links are not followed."""
    if not depth:
        return [folder]
    names = machine.names_in(folder) if machine.is_plain_folder(folder) else []
    return [deeper for name in names if name[0] != "." for deeper in _below(folder / name, depth - 1)]
