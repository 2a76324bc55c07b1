"""How an input merges into a file: key by key, entries by id, and every replaced place is told."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.core.money import read_som
from shelterctl.core.record import Client, Facts
from shelterctl.language import N_

UNKNOWN_ENTRY = N_("No entry of this list has the id that is named here.")
UNKNOWN_ENTRY_IN_FILE = N_("Leave the id out to add a new entry.")
CANNOT_REMOVE = N_("Nothing but erase removes an entry. Strike a wrong entry through with: void ID ENTRY.")
NO_STAY = N_("This belongs to a stay, and the client has none. A referral opens one; without it, leave this out.")

_LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


class Keys(NamedTuple):
    """Keys at the top of a fragment that mean the client's open *stay*, else her last one; of a *client* as well."""

    stay: Collection[str]
    client: Collection[str]


@dataclass(frozen=True, slots=True, repr=False)
class Stamp:
    """What the tool adds to every new entry: a fresh id, the real clock's time, and who is at the device."""

    new_id: Callable[[], str]
    at: str
    by: str

    def entry(self, facts: Facts) -> dict[str, Any]:
        """*facts* as a new entry, with an id and with who recorded it when."""
        return {"id": self.new_id(), **facts, "recorded_at": self.at, "recorded_by": self.by}


@dataclass(slots=True, repr=False, eq=False)
class Merge:
    """One merge as it goes on: the places that were replaced or filled, and what cannot be merged.

    *entries* are the ids of the entries that were given, in their order, whether each is new or was there already.
    """

    stamp: Stamp
    replaced: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the file is other than before."""
        return bool(self.replaced or self.added)

    def mapping(self, old: Facts, new: Facts, where: str = "") -> dict[str, Any]:
        """*old* with every key of *new* merged in."""
        merged = dict(old)
        for name, value in new.items():
            place = f"{where}/{name}"
            if value is None:
                self._removed(merged, name, place)
            elif isinstance(value, Mapping):
                below = merged.get(name)
                merged[name] = self.mapping(below if isinstance(below, Mapping) else {}, value, place)
            elif _of_entries(value) or (value == [] and _of_entries(merged.get(name))):
                merged[name] = self.list(merged.get(name) or [], value, place)
            elif name not in merged:
                merged[name] = value
                self.added.append(place)
            elif not same(merged[name], value):
                merged[name] = value
                self.replaced.append(place)
        return merged

    def list(self, old: list[Facts], new: list[Facts], where: str) -> list[Facts]:
        """*old* with the entries of *new*: a known id is updated, equal values are there already, others are added."""
        merged = list(old)
        for number, entry in enumerate(new):
            if "id" in entry:
                places = [place for place, known in enumerate(merged) if known.get("id") == entry["id"]]
                if not places:
                    self.findings.append(_unknown_entry(f"{where}/{number}"))
                for place in places:
                    merged[place] = self.mapping(merged[place], entry, f"{where}/{place}")
                self.entries.append(entry["id"])
                continue
            fresh = self.nested(entry, f"{where}/{number}")
            live = (known for known in merged if "void" not in known)
            kept = next((known for known in live if same(content(known), content(fresh))), None)
            if kept is None:
                kept = self.stamp.entry(fresh)
                self.added.append(f"{where}/{len(merged)}")
                merged.append(kept)
            self.entries.append(kept["id"])
        return merged

    def nested(self, entry: Facts, where: str = "") -> dict[str, Any]:
        """A new entry with its own lists of entries stamped, told as one addition."""
        going = Merge(self.stamp, findings=self.findings)
        return going.mapping({}, entry, where)

    def _removed(self, merged: dict[str, Any], name: str, place: str) -> None:
        if name not in merged:
            return
        if isinstance(merged[name], Mapping | list):
            self.findings.append(Finding(code="fragment/cannot-remove", message=CANNOT_REMOVE, where=place))
            return
        del merged[name]
        self.replaced.append(place)


def _unknown_entry(where: str) -> Finding:
    return Finding(code="fragment/unknown-entry", message=UNKNOWN_ENTRY, in_file=UNKNOWN_ENTRY_IN_FILE, where=where)


def _of_entries(written: object) -> bool:
    return isinstance(written, list) and any(isinstance(each, Mapping) for each in written)


def content(written: Any) -> Any:
    """An entry without what the tool added to it, at any depth."""
    own = ("id", "recorded_at", "recorded_by")
    if isinstance(written, Mapping):
        return {name: content(value) for name, value in written.items() if name not in own}
    return [content(each) for each in written] if isinstance(written, list) else written


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same at any depth; true is not 1, and a list of codes is a set.

    An amount with places may be a number or text: a number is how it is given, text how it is saved.
    """
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        if _of_entries(one + other):
            return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
        return sorted(map(str, one)) == sorted(map(str, other))
    if isinstance(one, Decimal) is not isinstance(other, Decimal):
        one, other = (each if (som := read_som(each)) is None else som for each in (one, other))
    return bool(one == other)


def merge(
    record: Facts, fragment: Facts, stamp: Stamp, keys: Keys, *, without_stay: bool = False
) -> tuple[dict[str, Any], Merge]:
    """The file with the fragment in it, and what the merge did; the given file is left as it was."""
    going = Merge(stamp)
    own = {name: value for name, value in fragment.items() if name not in keys.stay}
    stays = {name: value for name, value in fragment.items() if name in keys.stay}
    merged = going.mapping(_copied(record), own)
    if stays:
        _into_stay(merged, stays, going, keys, without_stay)
    return merged, going


def _copied(value: Any) -> Any:
    """The same mappings and lists anew, with the same values in them, which nobody changes."""
    if isinstance(value, Mapping):
        return {name: _copied(each) if isinstance(each, (dict, list)) else each for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _into_stay(merged: dict[str, Any], given: dict[str, Any], going: Merge, keys: Keys, without_stay: bool) -> None:
    """Keys of a stay go into the open stay, else the last; another referral, when none is open, opens one (LC19)."""
    stay = Client(merged).stay
    known = (stay.facts if stay else merged).get("referral") or {}
    referral = given.get("referral") or {}
    fresh = bool(referral) and not _repeats(known, referral)
    if without_stay or (stay is None and not fresh):
        misplaced = [name for name in given if name not in keys.client]
        going.findings += [Finding(code="fragment/no-stay", message=NO_STAY, where=f"/{name}") for name in misplaced]
        whole = going.mapping(merged, given)
        merged.clear()  # what was taken away is gone here too
        merged.update(whole)
        return
    stays: list[Any] = merged.setdefault("stays", [])
    if stay is None or (not stay.open and fresh):
        going.added.append(f"/stays/{len(stays)}")
        stays.append(going.stamp.entry(going.nested(given)))
        return
    stays[stay.index] = going.mapping(stay.facts, given, f"/stays/{stay.index}")


def _repeats(known: Facts, given: Facts) -> bool:
    """Whether the referral says nothing that the last one did not say."""
    return all(same(known.get(name), value) for name, value in given.items())


def with_offset(value: Any, offset: str) -> Any:
    """The same fragment with the store's offset on every time that was written without one."""
    if isinstance(value, Mapping):
        return {
            name: below + offset
            if (name == "at" or name.endswith("_at")) and isinstance(below, str) and _LOCAL_TIME.fullmatch(below)
            else with_offset(below, offset)
            for name, below in value.items()
        }
    return [with_offset(each, offset) for each in value] if isinstance(value, list) else value
