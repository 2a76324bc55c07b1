"""The files with rows of a dataset: written into a hidden folder, named by their content, and given to readers together
with the manifest that names them.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from shelterctl.hub.manifest import MANIFEST_FILE, DataFile
from shelterctl.platform.writing import (
    create_private_file,
    create_private_folder,
    remove_file,
    rename_file,
    replacing_file,
    sync_folder,
    sync_name,
)

INCOMING_FOLDER = ".incoming"
"""The hidden folder of files that no manifest names yet."""

PIECE_BYTES = 1 << 20


def write_part(folder: Path, table: str, year: int, rows: int, write: Callable[[BinaryIO], None]) -> DataFile:
    """Write a file with the rows of a table and a year into the hidden folder of a dataset; *write* gets the open "
    "file."""
    fresh = folder / INCOMING_FOLDER / "part.tmp"
    remove_file(fresh)
    with os.fdopen(create_private_file(fresh), "wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    size, digest = hash_file(fresh)
    path = f"{table}/year={year}/part-{digest[:16]}.parquet"
    rename_file(fresh, fresh.with_name(path.rpartition("/")[2]))
    return DataFile(path, rows, size, digest)


def hash_file(path: Path) -> tuple[int, str]:
    """Return the size of a file and the sha256 of its bytes, read piece by piece."""
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()


def publish_manifest(folder: Path, data: bytes, paths: set[str]) -> None:
    """Give the new files their names, and put the new manifest in the place of the old one, in one step."""
    with replacing_file(folder / MANIFEST_FILE, data):
        sync_folder(folder)
        for path in sorted(paths):
            create_private_folder((folder / path).parent)
            rename_file(folder / INCOMING_FOLDER / path.rpartition("/")[2], folder / path)
        for parent in {(folder / path).parent for path in paths}:
            sync_folder(parent)
    sync_name(folder / MANIFEST_FILE)
