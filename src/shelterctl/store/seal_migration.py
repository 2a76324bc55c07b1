"""Move fields that older files keep in the open, and that are sealed now: sealed when a file is read, moved when it is
saved.

The rulebook names each such place (``moved: {needs.effects: after-effects}`` in ``tracks.yaml``). The content becomes
an entry of the sealed track, which points at the entry from which it was taken. Adding to a part takes no right to read
it, so anyone who saves the file moves it. The new entry's id is derived from its source, so every reading finds the
same entry.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.changes import ENTRY_CANNOT_BE_REMOVED, Merge
from shelterctl.core.merge.fragment_keys import ValueToSeal
from shelterctl.core.record.client import entries_with_ids, value_at
from shelterctl.core.record.file_tree import REVISIONS_KEY, SEALED_LIST, STAYS_KEY, UNFINISHED_KEY
from shelterctl.core.record.register import BLOCK_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, entry_versions, is_same
from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.immutable import immutable
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.store.compatibility import add_version_heading
from shelterctl.store.sealed_entries import RecordFacts, SealedEntries

KEPT_FIELDS = ("recorded_at", "recorded_by", "void")
"""The fields that a moved entry keeps from its source, besides the fields that both tracks have."""


@immutable
class _Move:
    """One place in older files: the *key* of the entries in a list, and the sealed track *into* which it moves."""

    above: str
    key: str
    into: Track
    of: Track
    link: str

    @property
    def common(self) -> tuple[str, ...]:
        """The names of the fields that the track *of* the old entry and the sealed track share, of equal kind, except
        *key*.
        """
        known = self.of.fields
        alike = (name for name, one in self.into.fields.items() if name in known and known[name].kind == one.kind)
        return tuple(name for name in alike if name != self.key)

    def content(self, entry: RecordFacts) -> dict[str, Any]:
        """Return the content of the new sealed entry, without the moved value itself."""
        link = {self.link: entry["id"]} if "id" in entry else {}
        return {**{name: entry[name] for name in self.common if name in entry}, **link}

    @property
    def head(self) -> dict[str, str]:
        """The track and the part of the new sealed entry."""
        return {"track": self.into.name, "part": self.into.seal.part if self.into.seal else ""}


@immutable(slots=False)
class SealMigration:
    """Moves content that is sealed now in the files of one store, and knows whose files still have it open on disk."""

    rulebook: Rulebook
    seals: SealedEntries
    still_open: set[str] = field(default_factory=set)

    def migrate_on_reading(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a file as read, with all that is sealed now sealed; note whether it was open on disk."""
        moved = self.migrate(record)
        (self.still_open.discard if moved is record else self.still_open.add)(str(record.get("id")))
        return moved

    def prepare_record(self, record: RecordFacts, *, anew: bool = False) -> dict[str, Any]:
        """Return the file ready for saving: migrated, sealed, and marked with the rulebook that it is written with.

        With *anew*, every sealed part that this key opens is sealed again.
        """
        return self.seals.closed(add_version_heading(self.migrate(dict(record)), self.rulebook.version), anew=anew)

    def migrate(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the file with all that is sealed now in entries of sealed tracks; the same object if nothing has to
        move.
        """
        for move in list(self._standing(record)):
            record = _strip_drafts(self._drafts(record, move), move)
            taken, lists = list[dict[str, Any]](), list[tuple[Sequence[str], list[Any]]]()
            for path, listed in _entry_lists(record, move.above):
                pairs = [_split_entry(entry, move) for entry in listed]
                lists.append((path, [rest for rest, _ in pairs]))
                taken += [one for _, one in pairs if one]
            for path, listed in lists:
                record = _replace_at(record, path, listed)
            ids = {entry["id"] for _, entry in entries_with_ids(record)}
            for one in taken:
                id_ = _derive_entry_id(str(record["id"]), str(one.get(move.link)), move.key, ids)
                ids.add(id_)
                record = _add_entry(record, *self.seals.close_entry(record, {"id": id_, **one}))
        return record

    def merged(self, record: dict[str, Any], merge: Merge) -> dict[str, Any]:
        """Return the file with the values of a merge that belong in a sealed track; the merge records them."""
        for apart in merge.values_to_seal:
            place = next(place for place, into in self._places if (into, _last_step(place)) == (apart.track, apart.key))
            record = self._merged(record, self._find_move(place, apart.track), apart, merge)
        return record

    def renewed(self, data: bytes) -> bytes:
        """Return the bytes of a file sealed anew for the current readers of each part, migrated if necessary."""
        may_have = any(f"{_last_step(place)}:".encode() in data for place, _ in self._places)
        record = read_document(data, LARGEST_STORED).value if may_have else {}
        moved = self.migrate(record) if "id" in record else record
        if moved is not record:
            data = format_document(add_version_heading(moved, self.rulebook.version)).encode()
        return self.seals.renewed(data)

    @cached_property
    def _places(self) -> Sequence[tuple[str, str]]:
        return tuple(self.rulebook.moved_places.items())

    def _standing(self, record: RecordFacts) -> Iterator[_Move]:
        """Yield the moves that a file needs; tracks are read only if there are any."""
        for place, into in self._places:
            if _has_unsealed(record, place.rpartition(".")[0], _last_step(place)) or any(
                _drafts_with_key(record, _last_step(place))
            ):
                move = self._find_move(place, into)
                if _has_unsealed(record, move.above, move.key) or any(_drafts_to_move(record, move)):
                    yield move

    def _find_move(self, place: str, name: str) -> _Move:
        above, into = place.rpartition(".")[0], self.rulebook.tracks[name]
        links = ((one.name, of) for one in into.fields.values() if one.kind == "entry" for of in one.of)
        link, of = next((link, track) for link, each in links if (track := self.rulebook.tracks[each]).at == above)
        return _Move(above, _last_step(place), into, of, link)

    def _drafts(self, record: dict[str, Any], move: _Move) -> dict[str, Any]:
        """Return the file with unfinished answers that are sealed now moved to a sealed draft of their track."""
        waiting = dict(_drafts_to_move(record, move))
        said = [code for draft in waiting.values() if isinstance(draft[move.key], list) for code in draft[move.key]]
        if not said:
            return record
        name, first = next(iter(waiting.items()))
        of = name.partition(" ")[2]
        kept = (record.get(UNFINISHED_KEY) or {}).get(move.into.name)
        there = (self.seals.open_draft(record, move.into.name, kept) or {}) if kept else {}
        own = {each: first[each] for each in move.common if each in first} | ({move.link: of} if of else {})
        facts = {**own, **there, move.key: [*dict.fromkeys((*(there.get(move.key) or ()), *said))]}
        sealed = self.seals.draft(record, move.into.name, facts)
        return {**record, UNFINISHED_KEY: {**(record.get(UNFINISHED_KEY) or {}), move.into.name: sealed}}

    def _merged(self, record: dict[str, Any], move: _Move, apart: ValueToSeal, merge: Merge) -> dict[str, Any]:
        if not apart.value:
            if apart.changed:
                lacking, place = ENTRY_CANNOT_BE_REMOVED, f"{apart.where}/{move.key}"
                merge.findings.append(Finding(code="fragment/cannot-remove", message=lacking, where=place))
            return record
        record = self.seals.opened(record, [move.head["part"]])
        listed = list(value_at(record, SEALED_LIST) or ())
        theirs = [number for number, one in enumerate(listed) if self._is_of(one, move, apart.entry)]
        said = [each.get(move.key) for number in theirs for each in entry_versions(listed[number])]
        if not merge.again and any(is_same(one, apart.value) for one in said):
            return record
        live = [number for number in theirs if "void" not in listed[number]]
        if apart.changed and live:
            listed[live[-1]] = merge.stamp.keep_changes(old := listed[live[-1]], {**old, move.key: apart.value}, ())
            merge.replaced.append(f"/{SEALED_LIST.replace('.', '/')}/{live[-1]}/{move.key}")
            return {**record, SEALED_KEY: {**record[SEALED_KEY], SEALED_ENTRIES_KEY: listed}}
        merge.added.append(f"/{SEALED_LIST.replace('.', '/')}/{len(listed)}")
        facts = {**move.head, **move.content(apart.entry), move.key: apart.value}
        return _add_entry(record, merge.stamp.stamp_entry(facts))

    def _is_of(self, sealed: RecordFacts, move: _Move, entry: RecordFacts) -> bool:
        """Whether a sealed entry that this key can read was taken from this entry."""
        return sealed["track"] == move.into.name and BLOCK_KEY not in sealed and sealed.get(move.link) == entry["id"]


def _last_step(place: str) -> str:
    return place.rpartition(".")[2]


def _entry_lists(record: RecordFacts, above: str) -> Iterator[tuple[Sequence[str], Sequence[Any]]]:
    """Yield the lists at a place, the client's and each stay's, with the path to each."""
    steps = above.split(".")
    homes = [((), record), *(((STAYS_KEY, str(n)), stay) for n, stay in enumerate(record.get(STAYS_KEY) or ()))]
    for path, home in homes:
        if listed := value_at(home, above):
            yield (*path, *steps), listed


def _drafts_to_move(record: RecordFacts, move: _Move) -> Iterator[tuple[str, RecordFacts]]:
    """Yield the unfinished answers to entries of this track that include the moved key, each with its name."""
    return (
        (name, draft) for name, draft in _drafts_with_key(record, move.key) if name.partition(" ")[0] == move.of.name
    )


def _drafts_with_key(record: RecordFacts, key: str) -> Iterator[tuple[str, RecordFacts]]:
    """Yield the unfinished answers that include this key, each with its name."""
    for name, draft in (record.get(UNFINISHED_KEY) or {}).items():
        if isinstance(draft, Mapping) and key in draft:
            yield name, draft


def _strip_drafts(record: dict[str, Any], move: _Move) -> dict[str, Any]:
    bare = {
        name: {key: said for key, said in draft.items() if key != move.key}
        for name, draft in _drafts_to_move(record, move)
    }
    return {**record, UNFINISHED_KEY: {**record[UNFINISHED_KEY], **bare}} if bare else record


def _has_unsealed(record: RecordFacts, above: str, key: str) -> bool:
    """Whether an entry at a place has that key, or had it before a change."""
    listed = (entry for _, entries in _entry_lists(record, above) for entry in entries)
    return any(
        key in entry or any(key in change[BEFORE_KEY] for change in entry.get(CHANGES_KEY) or ()) for entry in listed
    )


def _split_entry(entry: RecordFacts, move: _Move) -> tuple[RecordFacts, dict[str, Any] | None]:
    """Return an entry without the part that is sealed now, and the part to be sealed; None if there is none."""
    if not any(move.key in one for one in (entry, *(change[BEFORE_KEY] for change in entry.get(CHANGES_KEY) or ()))):
        return entry, None
    moved, left = list[dict[str, Any]](), list[dict[str, Any]]()
    for change in entry.get(CHANGES_KEY) or ():
        before = change[BEFORE_KEY]
        if move.key in before:
            moved.append({**change, BEFORE_KEY: {move.key: before[move.key]}})
        if rest := {name: value for name, value in before.items() if name != move.key}:
            left.append({**change, BEFORE_KEY: rest})
    bare = {name: value for name, value in entry.items() if name not in (move.key, CHANGES_KEY)}
    bare |= {CHANGES_KEY: left} if left else {}
    if not entry.get(move.key) and not any(change[BEFORE_KEY][move.key] for change in moved):
        return bare, None  # an empty list means the same as no value
    said = {move.key: entry[move.key]} if move.key in entry else {}
    kept = {name: entry[name] for name in KEPT_FIELDS if name in entry}
    return bare, {**move.head, **move.content(entry), **said, **kept, **({CHANGES_KEY: moved} if moved else {})}


def _replace_at(value: Any, path: Sequence[str], new: Any) -> Any:
    """Return a file with another value at a path; everything else is unchanged."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, list):
        return [_replace_at(each, rest, new) if number == int(first) else each for number, each in enumerate(value)]
    return {**value, first: _replace_at(value[first], rest, new)}


def _add_entry(record: RecordFacts, entry: RecordFacts, revision: int | None = None) -> dict[str, Any]:
    """Return the file with one more entry, open, or sealed with its *revision*."""
    sealed = record.get(SEALED_KEY) or {}
    counted = {REVISIONS_KEY: {**(sealed.get(REVISIONS_KEY) or {}), entry["id"]: revision}} if revision else {}
    listed = [*(sealed.get(SEALED_ENTRIES_KEY) or ()), entry]
    return {**record, SEALED_KEY: {**sealed, SEALED_ENTRIES_KEY: listed, **counted}}


def _derive_entry_id(record: str, entry: str, key: str, taken: set[str]) -> str:
    """Return the id for a moved entry, the same at each reading of a file; it looks like any other and is not yet
    *taken*.
    """
    number = 0
    while True:
        drawn = hashlib.sha256("\0".join((record, entry, key, str(number))).encode()).digest()
        first, rest = ID_ALPHABET[10:], drawn[1:6]
        id_ = first[drawn[0] % len(first)] + "".join(ID_ALPHABET[byte % len(ID_ALPHABET)] for byte in rest)
        if id_ not in taken:
            return id_
        number += 1


def reseal_and_count(rulebook: Rulebook, seals: SealedEntries, data: bytes) -> tuple[bytes, int]:
    """Return the bytes of a file sealed anew, and the number of its blocks without a number that the file counts."""
    counting = seals.counting()
    return SealMigration(rulebook, counting).renewed(data), len(counting.uncounted or ())
