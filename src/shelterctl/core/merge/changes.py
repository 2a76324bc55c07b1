"""Merging of given values into a file, key by key and entries by id; replaced values are kept in the entry."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from types import MappingProxyType
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment_keys import NO_KEYS, FragmentKeys, ValueToSeal
from shelterctl.core.record.entries import Values
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, EntryMatcher, is_entry_list, is_same, lost_values
from shelterctl.core.rules.leaks import compile_words
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

ENTRY_ID_UNKNOWN = N_("No entry in this list has the id given here.")
ENTRY_ID_UNKNOWN_IN_FILE = N_("Leave the id out to add a new entry.")
ENTRY_CANNOT_BE_REMOVED = N_("Entries cannot be removed from a file. Strike a wrong entry through: void ID ENTRY.")
SHE_SIGNED_FOR_THIS = N_(
    "{She|He} signed for this entry, so it cannot be changed ({clause}). Strike it through and record a new one."
)
SHE_SIGNED_FOR_THIS_IN_FILE = N_("First strike it through: void ID ENTRY. Then give the whole entry without an id.")


@immutable(eq=True)
class Stamp:
    """The id, time and author of new entries: a fresh id, the time of the real clock, and the user of the device.

    *words* reveal a part that is sealed in every file: earlier texts that contain one of them are not kept; null is
    kept instead.
    """

    new_id: Callable[[], str]
    at: str
    by: str
    words: Collection[str] = ()

    def stamp_entry(self, facts: Facts) -> dict[str, Any]:
        """Return *facts* as a new entry, with an id, its author and its time."""
        return {"id": self.new_id(), **facts, "recorded_at": self.at, "recorded_by": self.by}

    def keep_changes(self, old: Facts, new: Facts, later: Collection[str] | None = None) -> dict[str, Any]:
        """Return a changed entry that keeps its earlier values: ``was: [{at, by, before}]``.

        If the keys that come *later* are known, null is kept for every other key that had no value before.
        """
        gone = lost_values(old, new, filled=later is not None)
        gone = {name: value for name, value in gone.items() if value is not None or name not in (later or ())}
        gone = _without_words(gone, compile_words(self.words)) if gone and self.words else gone
        kept = {name: value for name, value in new.items() if name != CHANGES_KEY}
        earlier = [*(old.get(CHANGES_KEY) or ()), *([{"at": self.at, "by": self.by, BEFORE_KEY: gone}] if gone else [])]
        return {**kept, CHANGES_KEY: earlier} if earlier else kept


@dataclass(slots=True, repr=False, eq=False)
class Merge:
    """One merge in progress: the places that were replaced or added, and the findings.

    *entries* are the ids of the given entries, in order, both new ones and known ones. *left_out* are the places of
    entries that were in the file already and are not written again, *struck* those of them that are struck through;
    with *again* all are written. *stay* is the id of the stay named for all of them; *values_to_seal* are the values
    that belong in a sealed track.
    """

    stamp: Stamp
    keys: FragmentKeys = NO_KEYS
    again: bool = False
    stay: str | None = None
    replaced: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    values_to_seal: list[ValueToSeal] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the merge changed the file."""
        return bool(self.replaced or self.added)

    def merge_mapping(self, old: Facts, new: Facts, where: str = "") -> dict[str, Any]:
        """Return *old* with every key of *new* merged in."""
        merged = dict(old)
        for name, value in new.items():
            place = f"{where}/{name}"
            if value is None:
                self._remove(merged, name, place)
            elif isinstance(value, Mapping):
                below = merged.get(name)
                merged[name] = self.merge_mapping(below if isinstance(below, Mapping) else {}, value, place)
            elif is_entry_list(value) or (value == [] and is_entry_list(merged.get(name))):
                merged[name] = self.merge_entries(merged.get(name) or [], value, place)
            elif name not in merged:
                merged[name] = value
                self.added.append(place)
            elif not is_same(merged[name], value):
                merged[name] = value
                self.replaced.append(place)
        return merged

    def match_entries(
        self, given: Sequence[Facts], known: Mapping[str, Facts], where: str,
        within: Sequence[Collection[str] | None] = (),
    ) -> list[str | None]:  # fmt: skip
        """Return for each given entry without an id the pointer of the *known* entry that it means, or None for a new
        one.

        Where *within* has ids for a given entry, only entries with one of these ids match.
        """
        named = {entry["id"] for entry in given if "id" in entry}
        if self.again or len(named) == len(given):
            return [None] * len(given)
        track = next((found for entry in given if (found := self.keys.find_track(where, entry))), None)
        given = [self.keys.without_moved(where, entry) for entry in given]
        pointers = {id(entry): pointer for pointer, entry in known.items()}
        unmeant = (one for one in known.values() if one.get("id") not in named)
        standing = EntryMatcher(unmeant, track.later if track else ())
        unnamed = [number for number, entry in enumerate(given) if "id" not in entry]
        limits = [within[number] for number in unnamed] if within else ()
        paired = standing.pair([given[number] for number in unnamed], limits)
        by_number = dict(zip(unnamed, paired, strict=True))
        return [pointers[id(one)] if (one := by_number.get(number)) else None for number in range(len(given))]

    def merge_entries(
        self, old: list[Facts], new: Sequence[Facts], where: str, meant: Sequence[str | None] | None = None,
        known: Mapping[str, Facts] = MappingProxyType({}),
    ) -> list[Facts]:  # fmt: skip
        """Return *old* with the entries of *new*: known ids are changed, repeated entries are left out, others are
        added.

        For entries that may be in another list too, *meant* gives the pointers of the *known* entries that they mean.
        """
        merged, places = list(old), {one.get("id"): place for place, one in enumerate(old)}
        if meant is None:
            known = {f"{where}/{place}": one for place, one in enumerate(old)}
            meant = self.match_entries(new, known, where)
        for number, each in enumerate(new):
            entry = self.keys.without_moved(where, each)
            if "id" in entry:
                place = places.get(entry["id"])
                if place is None or entry.get("track", merged[place].get("track")) != merged[place].get("track"):
                    self.findings.append(refuse_unknown_entry(f"{where}/{number}"))
                else:
                    at = f"{where}/{place}"
                    merged[place] = self.change_entry(merged[place], entry, at, self.keys.find_track(where, entry))
                    self.values_to_seal += self.keys.find_values_to_seal(where, each, merged[place], at, True)
                self.entries.append(entry["id"])
                continue
            if pointer := meant[number]:
                kept = known[pointer]
                self.left_out.append(pointer)
                self.struck += [pointer] if "void" in kept else []
            else:
                kept = self.stamp.stamp_entry(self.stamp_nested(entry, f"{where}/{number}"))
                self.added.append(f"{where}/{len(merged)}")
                merged.append(kept)
            self.values_to_seal += self.keys.find_values_to_seal(where, each, kept, f"{where}/{number}", False)
            self.entries.append(kept["id"])
        return merged

    def change_entry(self, old: Facts, given: Facts, where: str, track: Track | None = None) -> dict[str, Any]:
        """Return an entry with the given values; earlier values are kept, and what she signed for does not change.

        A later act or event may be added to a signed entry and corrected, but not removed.
        """
        before = len(self.replaced)
        new = self.merge_mapping(old, given, where)
        if track and track.sheet.signed and not track.sheet.awaits_her_signature(Values(track.fields, old)):
            kept = track.later & new.keys()
            fixed = [one for one in self.replaced[before:] if one.removeprefix(f"{where}/").split("/")[0] not in kept]
            self.findings += [_refuse_signed(track, old, place) for place in fixed]
        return self.stamp.keep_changes(old, new, track.later if track else None)

    def stamp_nested(self, entry: Facts, where: str = "") -> dict[str, Any]:
        """Return a new entry with its own lists of entries stamped; the merge counts it as one addition."""
        return Merge(self.stamp, findings=self.findings).merge_mapping({}, entry, where)

    def _remove(self, merged: dict[str, Any], name: str, place: str) -> None:
        if name not in merged:
            return
        if isinstance(merged[name], Mapping | list):
            self.findings.append(Finding(code="fragment/cannot-remove", message=ENTRY_CANNOT_BE_REMOVED, where=place))
        else:
            del merged[name]
            self.replaced.append(place)


def _without_words(said: Any, words: Pattern[str]) -> Any:
    """Return values with null in place of each text that contains one of the words."""
    if isinstance(said, Mapping):
        return {name: _without_words(below, words) for name, below in said.items()}
    if isinstance(said, list):
        return [_without_words(each, words) for each in said]
    return None if isinstance(said, str) and words.search(said) else said


def refuse_unknown_entry(where: str) -> Finding:
    """Return the refusal of an id that no entry has."""
    return Finding(
        code="fragment/unknown-entry", message=ENTRY_ID_UNKNOWN, in_file=ENTRY_ID_UNKNOWN_IN_FILE, where=where
    )


def _refuse_signed(track: Track, entry: Facts, where: str) -> Finding:
    return Finding(
        code="fragment/signed",
        message=SHE_SIGNED_FOR_THIS,
        in_file=SHE_SIGNED_FOR_THIS_IN_FILE,
        where=where,
        clause=track.clause,
        facts={"clause": track.clause, "entry": entry.get("id")},
    )
