"""What the tests of backups share: a backup made at a desk, and the files of a store by their hashes."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from shelterctl.session import Options
from shelterctl.session import Session as Seat

if TYPE_CHECKING:
    from conftest import Desk


def files(folder: Path) -> dict[str, str]:
    """Every file of a store by its hash, but for the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def backed_up(desk: "Desk") -> Path:
    return Path(desk.folder, desk.do("backup usb", today=None).data["folder"])


def seat(desk: "Desk", store: Path | None = None) -> Seat:
    return Seat(options=Options(identity=str(desk.key), store=str(store or desk.store)))
