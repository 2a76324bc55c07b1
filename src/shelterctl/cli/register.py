"""What staff, NGOs and houses share when they are registered: the names behind their codes."""

from collections.abc import Mapping
from typing import Any

from shelterctl.cli.options import Desk, read_input, walked
from shelterctl.cli.walk import register as walk
from shelterctl.contract import SINGULAR
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.fragment import Merge
from shelterctl.library import read_schema
from shelterctl.store import DIRECTORY

Changes = list[tuple[str, Mapping[str, Any], str | None]]


def named(
    here: Desk, register: str, code: str, source: str | None, more: Mapping[str, Any] | None = None
) -> tuple[Changes, tuple[Finding, ...]]:
    """The directory with what --from and the flags say of this code; nothing to write where nothing is said."""
    held = here.store.directory
    given: dict[str, Any] = dict(more or {})
    if source is not None:
        frame = read_schema("directory")
        read = read_input(source, {**frame["$defs"][SINGULAR[register]], "$defs": frame["$defs"]})
        if read.findings:
            return [], read.findings
        given = {**given, **read.value}
    entries = held.value.get(register) or {}
    merging = Merge(here.stamp)
    entry = merging.mapping(entries.get(code) or {}, given)
    if code in entries and not merging.changed:
        return [], ()
    return [(DIRECTORY, {**held.value, register: {**entries, code: entry}}, held.version)], ()


def asked_too(here: Desk, register: str, code: str, saved: Outcome, source: str | None) -> Outcome:
    """What was saved; at a terminal the names behind the code are asked for then, where no file holds them."""
    if source is None and walked(here):
        walk.walk(here, register, code)
    return saved
