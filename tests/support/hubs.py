"""Exports of many houses for tests: real ones of a store, taken apart, changed, and put together as an export is."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shelterctl.tabular.package import pack_files

Files = dict[str, bytes]


def unpack_export(archive: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return {name: files.read(name) for name in files.namelist()}


def about(files: Files) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(files["datapackage.json"])
    return described


def repacked(archive: bytes, change: Callable[[dict[str, Any], Files], None]) -> bytes:
    """The archive with something changed by a person who knows how it is made: its digests are right again."""
    files = unpack_export(archive)
    described = about(files)
    change(described, files)
    for one in described["resources"]:
        data = files[one["path"]]
        one["bytes"], one["hash"] = len(data), f"sha256:{hashlib.sha256(data).hexdigest()}"
    files["datapackage.json"] = json.dumps(described).encode()
    return pack_files(files)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a dataset but its lock, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }
