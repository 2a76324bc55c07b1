"""Entries of the registers of a house, the files in which they lie, and what is sealed in them."""

from pathlib import Path
from typing import Any

from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import RECORDS_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.document.reading import read_compact_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.identity.keys import Identity
from shelterctl.vault.sealed_bytes import strip_padding

SHIFT = {"kind": "shift", "staff": "s-gulnara", "starts_at": "2026-11-25T08:00", "ends_at": "2026-11-25T20:00"}
VISIT = {"kind": "utility", "name": "Сантехников", "at": "2026-11-25T10:00", "justification": "вода"}
INCIDENT = {"kind": "mass_public_event", "at": "2026-11-25T10:00", "description": "шум на улице"}
COMPLAINT = {
    "kind": "complaint", "source": "observed", "at": "2026-11-25T10:00", "description": "грубость",
    "behaviour": ["rudeness"],
}  # fmt: skip


def about(*staff: str) -> dict[str, Any]:
    """A complaint that names these members of staff."""
    return {**COMPLAINT, "named_staff": [*staff]}


def register_files(store: Path) -> list[str]:
    """The names of the files of the registers of a store."""
    return sorted(path.relative_to(store).as_posix() for path in store.glob("registers/*/*/*.age"))


def read_register(data: bytes, key: Identity) -> dict[str, Any]:
    """What a file of a register says, as a key opens it; what is sealed in it stays closed."""
    return read_compact_document(strip_padding(key.open(data)), LARGEST_STORED)


def blocks_of(value: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The sealed blocks of a file of a register, each with its part, by the id of the entry or the addition."""
    found = {}
    for record in value[RECORDS_KEY].values():
        entries = (record.get(SEALED_KEY) or {}).get(SEALED_ENTRIES_KEY) or ()
        for one in (*entries, *record.get(ADDITIONS_KEY, ())):
            if "age" in one:
                found[str(one["id"])] = (str(one["part"]), str(one["age"]))
    return found
