"""The rulebook that shelter.yaml names: a trial one by its name, and the revision that a program must know at least."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shelterctl.trust.readership import REGISTER_PARTS, AccessRules

REVISION_OF_REGISTERS = 6
"""The revision of the rulebook with which programs began to keep registers of houses, staff, NGOs and providers."""

REVISION_OF_LIMITS = 7
"""The revision of the rulebook with which programs began to judge by limits that a house itself set."""


class RulebookOfStore(NamedTuple):
    """The rulebook that shelter.yaml names: its name, None for the shipped one, and the revision that is needed.

    A store whose people have keys needs the revision that roles came with. The file then has a shape that no program
    before roles reads, so that an old program stops at it, instead of taking what it does not know for damage.
    """

    name: str | None = None
    revision: int = 0


def read_rulebook_of_store(shelter: Mapping[str, Any]) -> RulebookOfStore:
    """Return the rulebook that the content of shelter.yaml names."""
    said = shelter.get("shelf")
    return RulebookOfStore(**said) if isinstance(said, Mapping) else RulebookOfStore(said)


def name_rulebook_of_store(shelter: Mapping[str, Any], rulebook: RulebookOfStore) -> dict[str, Any]:
    """Return the content of shelter.yaml that names *rulebook*, in the first version of the file that can."""
    if rulebook.revision:
        said = {key: value for key, value in rulebook._asdict().items() if value}
        return {**shelter, "schema": "shelter/4", "shelf": said}
    return {**shelter, "schema": "shelter/3", "shelf": rulebook.name} if rulebook.name else {**shelter}


def find_needed_revision(
    now: int, access: AccessRules | None, ours: int, *, keeps_registers: bool, has_limits: bool
) -> int:
    """Return the revision of the rulebook that a program must know for a store, where its file names *now*; 0 for any.

    An older program does not know who the files are sealed to, and would call each of them damaged: once people have
    keys or roles decide, and once the store keeps registers. Once the house has set limits of its own, it would judge
    too laxly. No revision later than *ours* is newly named.
    """
    if has_limits:
        now = max(now, min(ours, REVISION_OF_LIMITS))
    named = access is not None and not {*REGISTER_PARTS.values()}.isdisjoint(access.parts)
    if keeps_registers or named:
        return max(now, min(ours, REVISION_OF_REGISTERS))
    return now or (ours if access is not None else 0)
