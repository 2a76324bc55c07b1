"""The check of a dataset: each file is read and held to the signed manifest, and nothing else lies there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shelterctl.hub.adding import FRESH_MANIFEST, leftover_paths
from shelterctl.hub.manifest import MANIFEST_FILE, DataFile, SignedManifest
from shelterctl.hub.parts import INCOMING_FOLDER, hash_file
from shelterctl.platform.disk_errors import translate_disk_errors

LOCK_FILE = ".lock"

LEFTOVER = "leftover"
"""The state of a file that an interrupted command left behind."""


class FileState(NamedTuple):
    """A file of a dataset, and what is the matter with it: missing, changed, extra or leftover."""

    file: str
    state: str


def check_files(folder: Path, found: SignedManifest) -> list[FileState]:
    """Return every file that is not as the manifest says, each with what is the matter; empty if all are whole."""
    states = check_names(folder, found)
    gone = {one.file for one in states if one.state == "missing"}
    with translate_disk_errors(MANIFEST_FILE):
        rest = (file for path, file in found.manifest.files.items() if path not in gone)
        states += [FileState(one.path, "changed") for one in rest if not _is_whole(folder, one)]
    return sorted(states)


def check_names(folder: Path, found: SignedManifest) -> list[FileState]:
    """Return every file that is missing, or that the manifest does not name; none is read."""
    named = found.manifest.files
    with translate_disk_errors(MANIFEST_FILE):
        left = leftover_paths(folder, found)
        there = set(_list_files(folder))
    states = [FileState(path, LEFTOVER if path in left else "extra") for path in there - named.keys()]
    return [*states, *(FileState(path, "missing") for path in named.keys() - there)]


def _is_whole(folder: Path, file: DataFile) -> bool:
    path = folder / file.path
    return not path.is_symlink() and path.stat().st_nlink == 1 and hash_file(path) == (file.bytes, file.sha256)


def _list_files(folder: Path) -> Iterator[str]:
    """Yield the path of every file, link or other thing that is no folder, but for those that a dataset has besides."""
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        if inside == Path():
            folders[:] = [name for name in folders if name != INCOMING_FOLDER]
            files[:] = [name for name in files if name not in (MANIFEST_FILE, FRESH_MANIFEST, LOCK_FILE)]
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from ((inside / name).as_posix() for name in (*files, *links))
