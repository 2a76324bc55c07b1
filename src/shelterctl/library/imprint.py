"""Fingerprints of a shelf: of all its files, and of those that say what may stand in a client's file."""

import hashlib
from collections.abc import Callable
from pathlib import Path

SHAPING = ("tracks/*.yaml", "acts/*.yaml", "tracks.yaml", "lists.yaml", "houses.yaml")
"""Whatever says what may stand in a file: fields of tracks, and where their codes are listed."""

LETTERS = 16
"""How many letters a fingerprint has."""


def of_all(folder: Path, read: Callable[[str], bytes]) -> str:
    """The fingerprint of every file of the shelf in *folder*, whose bytes *read* gives; folders below are one deep."""
    sum_ = hashlib.sha256()
    for file in sorted(path for pattern in ("*.yaml", "*/*.yaml") for path in folder.glob(pattern)):
        name = file.relative_to(folder).as_posix()
        sum_.update(name.encode(errors="surrogateescape") + b"\0" + read(name) + b"\0")
    return sum_.hexdigest()[:LETTERS]


def of_shape(folder: Path, read: Callable[[str], bytes]) -> str:
    """The fingerprint of all that says what may stand in a file; *read* gives the bytes of a file of the shelf."""
    files = (file.relative_to(folder) for pattern in SHAPING for file in sorted(folder.glob(pattern)))
    return hashlib.sha256(b"\0".join(read(file.as_posix()) for file in files)).hexdigest()[:LETTERS]
