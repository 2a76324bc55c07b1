"""What staff, NGOs and houses share when they are registered: the names behind their codes."""

from collections.abc import Mapping
from typing import Any

from shelterctl import contract
from shelterctl.act.input import must_agree, read_input
from shelterctl.core.finding import Finding
from shelterctl.core.fragment import Merge
from shelterctl.desk import Desk
from shelterctl.store import DIRECTORY

Changes = list[tuple[str, Mapping[str, Any], str | None]]


def named(
    here: Desk, register: str, code: str, source: str | None, more: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Changes, tuple[Finding, ...]]:
    """The directory with what --from and the flags say of this code; nothing to write where nothing is said."""
    held = here.store.directory
    given: dict[str, Any] = {name: dict(facts) for name, facts in (more or {}).items()}
    if source is not None:
        read = read_input(source, contract.called(here.shelf, register))
        if read.findings:
            return [], read.findings
        for option, dates in given.items():
            written = read.value.get(option) or {}
            must_agree(dates, written, option)
            given[option] = {**written, **dates}
        given = {**read.value, **given}
    entries = held.value.get(register) or {}
    merging = Merge(here.stamp)
    entry = merging.mapping(entries.get(code) or {}, given)
    if code in entries and not merging.changed:
        return [], ()
    return [(DIRECTORY, {**held.value, register: {**entries, code: entry}}, held.version)], ()
