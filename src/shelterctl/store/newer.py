"""What a newer program or shelf wrote: how a file says with what it was written, and whether ours is older."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.tree import REGISTERS, VERSIONS
from shelterctl.language import N_

NEWER = N_("{place} was written by a newer shelterctl; it can be read here, not changed.")
UPDATE = N_("Install the newer shelterctl to go on with it.")

KNOWN = {"resident": len(VERSIONS), **{name: int(versions[-1]) for name, versions in REGISTERS.items()}}
"""The newest version of each schema that is known here; 1 where none is named."""


def newer(value: Mapping[str, Any]) -> bool:
    """Whether a file says that it has a later version of its schema than we know."""
    kind, _, version = str(value.get("schema", "")).partition("/")
    return version.isdigit() and int(version) > KNOWN.get(kind, 1)


def headed(record: Mapping[str, Any], shelf: Mapping[str, Any]) -> dict[str, Any]:
    """A client's file with its version and the newest *shelf* that it was written with, ahead of all else."""
    before = record.get("edition") or {}
    head = {"schema": VERSIONS[-1], "edition": before if before.get("revision", 0) > shelf["revision"] else shelf}
    return {**head, **record, **head}
