"""The record of a house, a member of staff, an NGO or a provider: joined from one file a device and month, and a change
of it split into the files in which it is written.

A device writes its own files alone. What it changes in an entry of another device is an *addition* in its own file that
names the entry; a reader of the record joins them. So two computers never write one file, and nothing is lost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeGuard

from shelterctl.core.manual.field import as_day
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.file_tree import ADDITIONS_KEY, REVISIONS_KEY, SEALED_LIST, UNFINISHED_KEY
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, is_entry_list, is_same, lost_values
from shelterctl.core.values.facts import Facts

REGISTER_SCHEMA = "register/1"
RECORDS_KEY = "records"
HOME_KEY = "home"

HELD_MONTHS_KEY = "months"
"""The key under which a joined record says which months it holds, the first and the last; without it it holds all."""

SEALED_KEY, _, SEALED_ENTRIES_KEY = SEALED_LIST.partition(".")
BLOCK_KEY = "age"
"""The key of the sealed block of an entry or an addition."""


class RegisterFile(NamedTuple):
    """One file of a register: the *home* whose entries it holds, the *month* of their days, and the *device* that
    writes it.
    """

    home: str
    month: str
    device: str

    @property
    def name(self) -> str:
        """The name of the file in the store."""
        return f"registers/{self.home}/{self.month}/{self.device}.yaml.age"


def blank_register_file(file: RegisterFile) -> dict[str, Any]:
    """Return the content of a file without entries."""
    return {"schema": REGISTER_SCHEMA, HOME_KEY: file.home, "month": file.month, RECORDS_KEY: {}}


NAMED_KEY, WHOLE_KEY = "named", "whole"
"""The keys in the block of an addition: of the staff whom the entry names and who may not read it; and of all that the
entry says, where the readers of the addition do not open the entry itself.
"""


class Placed(NamedTuple):
    """An addition, the file in which it is, and its place there."""

    file: RegisterFile
    place: int
    facts: Facts

    @property
    def order(self) -> tuple[int, str, RegisterFile, int]:
        """The order in which additions are applied, the same on every computer: one comes after all that it saw."""
        return int(self.facts["number"]), str(self.facts["at"]), self.file, self.place


class Trouble(NamedTuple):
    """Something wrong in a *file*: a sealed entry of that id is ``gone``, or one is in two places (``twice``)."""

    kind: str
    file: RegisterFile
    entry: str


class PlacedDraft(NamedTuple):
    """Where unfinished answers are: in which file, and under which key."""

    file: RegisterFile
    key: str


@dataclass(slots=True, repr=False)
class JoinedRecord:
    """The entries of one *code* of a home from several files, before additions are applied (*raw*) and after.

    *origins* says in which file each entry is, *additions* holds those about each entry in their order. *troubles* is
    what the files contradict each other or themselves in. *given* are the entries as they were last handed out, by
    their id and whether they were sealed. *drafts* says where the person's own unfinished answers are, by the name of
    their paper.
    """

    home: str
    code: str
    raw: dict[str, Any]
    origins: dict[str, RegisterFile] = field(default_factory=dict)
    additions: dict[str, list[Placed]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    given: dict[tuple[str, bool], Facts] = field(default_factory=dict)
    drafts: dict[str, PlacedDraft] = field(default_factory=dict)

    def give_out(self, record: Facts, inside: Callable[[Placed], Facts | None]) -> dict[str, Any]:
        """Return a record with the additions applied to each entry; *inside* returns what is sealed in one, or None."""
        found = dict(record)
        for path, entries in entry_lists(record):
            listed = [self._with_additions(entry, inside) for entry in entries]
            self.given.update({(str(one["id"]), BLOCK_KEY in one): one for one in listed})
            found = _with_list(found, path, listed)
        return found

    def _with_additions(self, entry: Facts, inside: Callable[[Placed], Facts | None]) -> Facts:
        for one in self.additions.get(str(entry["id"]), ()):
            sealed = inside(one) if BLOCK_KEY in one.facts else None
            if sealed is not None and BLOCK_KEY in entry and WHOLE_KEY in sealed:
                entry = {**{name: said for name, said in entry.items() if name != BLOCK_KEY}, **sealed[WHOLE_KEY]}
            if BLOCK_KEY in entry:
                entry = put_in(entry, one.facts["values"], one.facts)
            elif sealed is None:
                entry = apply_addition(entry, one.facts)
            else:
                whole = {**one.facts, **sealed, "values": {**one.facts["values"], **sealed["values"]}}
                entry = {**apply_addition(entry, whole), "part": one.facts["part"]}
        return entry

    def next_number(self, entry: str) -> int:
        """Return the number of a new addition to an entry, which has seen all that are there."""
        return 1 + max((int(one.facts["number"]) for one in self.additions.get(entry, ())), default=0)

    def list_orphans(self) -> Iterator[Placed]:
        """Yield the additions whose entry is in none of the files."""
        for entry, listed in self.additions.items():
            yield from listed if entry not in self.origins else ()


class Writer(NamedTuple):
    """Who reads and writes a record: at which *device*, and by which code of staff. *bound* is the code of the device's
    key, to whom unfinished answers without a code belong: older ones have none.
    """

    device: str
    person: str
    bound: str = ""

    def draft_key(self, name: str) -> str:
        """Return the key under which a file keeps the person's unfinished answers to the paper *name*."""
        return f"{name} @{self.person}" if self.person else name

    def draft_name(self, key: str) -> str | None:
        """Return the name of the paper of unfinished answers; None if they are somebody else's."""
        name, _, person = key.partition(" @")
        return name if (person or self.bound) == self.person else None


def join_record(home: str, code: str, files: Iterable[tuple[RegisterFile, Facts]], writer: Writer) -> JoinedRecord:
    """Return the entries of one code from the files of its register, whatever the order in which they are given, and
    the unfinished answers of the *writer*.
    """
    joined = JoinedRecord(home, code, {"schema": REGISTER_SCHEMA, HOME_KEY: home, "id": code})
    later: dict[str, Placed] = {}
    ordered = sorted(files, key=lambda each: each[0])
    for file, value in ordered:
        own: Facts = value[RECORDS_KEY].get(code) or {}
        for place, one in enumerate(own.get(ADDITIONS_KEY) or ()):
            placed = Placed(file, place, one)
            if (first := later.setdefault(str(one["id"]), placed)) is not placed:
                joined.troubles += [Trouble("twice", each, str(one["id"])) for each in (first.file, file)]
        _join_entries(joined, file, own)
    for file, value in reversed(ordered):
        if file.device == writer.device:
            _join_drafts(joined, file, (value[RECORDS_KEY].get(code) or {}).get(UNFINISHED_KEY) or {}, writer)
    for each in sorted(later.values(), key=lambda one: one.order):
        joined.additions.setdefault(str(each.facts["entry"]), []).append(each)
    return joined


def _join_entries(joined: JoinedRecord, file: RegisterFile, own: Facts) -> None:
    """Add the entries of one file. An entry that another file has too counts once, and no other file counts for it."""
    new = set[str]()
    for path, entries in entry_lists(own):
        kept = []
        for one in entries:
            if (id_ := str(one["id"])) in joined.origins:
                joined.troubles += [Trouble("twice", each, id_) for each in (joined.origins[id_], file)]
                continue
            new.add(id_)
            joined.origins[id_] = file
            kept.append(one)
        joined.raw = _with_list(joined.raw, path, [*_list_at(joined.raw, path), *kept])
    counted = (own.get(SEALED_KEY) or {}).get(REVISIONS_KEY) or {}
    there = {str(one["id"]) for one in _list_at(own, SEALED_LIST)}
    joined.troubles += [Trouble("gone", file, id_) for id_ in sorted(counted.keys() - there)]
    if hers := {id_: number for id_, number in counted.items() if id_ in new}:
        sealed = joined.raw.get(SEALED_KEY) or {}
        joined.raw[SEALED_KEY] = {**sealed, REVISIONS_KEY: {**(sealed.get(REVISIONS_KEY) or {}), **hers}}


def _join_drafts(joined: JoinedRecord, file: RegisterFile, kept: Facts, writer: Writer) -> None:
    """Add the writer's unfinished answers of one file, those with her code first. Answers under a name that is there
    already wait in their file until those are done with.
    """
    for key in sorted(kept, key=lambda each: each != writer.draft_key(each.partition(" @")[0])):
        name = writer.draft_name(key)
        if name is not None and name not in joined.drafts:
            joined.drafts[name] = PlacedDraft(file, key)
            joined.raw[UNFINISHED_KEY] = {**(joined.raw.get(UNFINISHED_KEY) or {}), name: kept[key]}


def entry_lists(record: Facts) -> Iterator[tuple[str, Sequence[Facts]]]:
    """Yield every list of entries of a record with its place; additions are not entries."""
    for key, value in record.items():
        if isinstance(value, list) and key != ADDITIONS_KEY:
            yield key, value
    if listed := (record.get(SEALED_KEY) or {}).get(SEALED_ENTRIES_KEY):
        yield SEALED_LIST, listed


def _list_at(record: Facts, path: str) -> Sequence[Facts]:
    if path == SEALED_LIST:
        return (record.get(SEALED_KEY) or {}).get(SEALED_ENTRIES_KEY) or ()
    return record.get(path) or ()


def _with_list(record: Facts, path: str, entries: Sequence[Facts]) -> dict[str, Any]:
    if path == SEALED_LIST:
        return {**record, SEALED_KEY: {**(record.get(SEALED_KEY) or {}), SEALED_ENTRIES_KEY: [*entries]}}
    return {**record, path: [*entries]}


def apply_addition(entry: Facts, addition: Facts) -> dict[str, Any]:
    """Return an entry with the values of an addition; what these replace is kept, also what its writer did not see."""
    values = addition.get("values") or {}
    changed = {name: said for name, said in put_in(entry, values, addition).items() if name != CHANGES_KEY}
    was = [*(entry.get(CHANGES_KEY) or ()), *_complete_changes(entry, changed, addition)]
    return {**changed, CHANGES_KEY: was} if was else changed


def put_in(before: Facts, values: Facts, addition: Facts) -> dict[str, Any]:
    """Return a mapping with values put in, key by key; null takes one away. The first reason to strike it through
    stays.
    """
    found = dict(before)
    for name, said in values.items():
        if name == "void" and name in before:
            continue
        there = found.get(name)
        if said is None:
            found.pop(name, None)
        elif isinstance(said, Mapping):
            found[name] = put_in(there if isinstance(there, Mapping) else {}, said, addition)
        elif _has_ids(said) and (there is None or _has_ids(there)):
            found[name] = _put_in_list(there or [], said, addition)
        else:
            found[name] = said
    return found


def _put_in_list(before: Sequence[Facts], given: Sequence[Facts], addition: Facts) -> list[Facts]:
    """Return the parts of an entry with what was given about some of them, by id; a new one is put at the end."""
    known = {one["id"]: dict(one) for one in before}
    for one in given:
        own = {name: said for name, said in one.items() if name not in ("id", CHANGES_KEY)}
        told = {"values": own, **{name: one[name] for name in (CHANGES_KEY,) if name in one}}
        stamped = {name: addition[name] for name in ("at", "by") if name in addition}
        there = known.get(one["id"])
        known[one["id"]] = dict(one) if there is None else apply_addition(there, {**told, **stamped})
    return [*known.values()]


def _complete_changes(before: Facts, after: Facts, addition: Facts) -> list[Facts]:
    """Return the earlier values that an addition names, with those that it replaced although its writer did not see
    them.
    """
    named: list[Facts] = [*(addition.get(CHANGES_KEY) or ())]
    said = [one[BEFORE_KEY] for one in named]
    unseen = _values_unseen(lost_values(before, after), said)
    if not unseen:
        return named
    return [*named, {"at": addition["at"], "by": addition["by"], BEFORE_KEY: unseen}]


def _values_unseen(gone: Facts, said: Sequence[Facts]) -> dict[str, Any]:
    """Return the values that were replaced and that none of the changes names."""
    found: dict[str, Any] = {}
    for name, value in gone.items():
        told = [one[name] for one in said if name in one]
        if isinstance(value, Mapping):
            if below := _values_unseen(value, [one for one in told if isinstance(one, Mapping)]):
                found[name] = below
        elif not any(is_same(value, one) for one in told):
            found[name] = value
    return found


def _has_ids(value: object) -> TypeGuard[list[Facts]]:
    """Whether a value is a list of parts of an entry that have ids."""
    return isinstance(value, list) and is_entry_list(value) and all("id" in one for one in value)


def describe_change(before: Facts, after: Facts) -> dict[str, Any]:
    """Return what changed in an entry: the new values by key, None for one that is gone, and the new earlier values."""
    values = _find_changed(before, after)
    was = [*(after.get(CHANGES_KEY) or ())][len(before.get(CHANGES_KEY) or ()) :]
    return {"values": values, **({CHANGES_KEY: was} if was else {})}


def _find_changed(before: Facts, after: Facts) -> dict[str, Any]:
    """Return the values that differ, key by key: of a group those inside it, of its parts those with another id or
    other values.
    """
    found: dict[str, Any] = {}
    for name in sorted({*before, *after} - {CHANGES_KEY}):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            found[name] = _find_changed(was, now)
        elif _has_ids(was) and _has_ids(now) and {one["id"] for one in was} <= {one["id"] for one in now}:
            known = {one["id"]: one for one in was}
            changed = ((known.get(one["id"]), one) for one in now)
            found[name] = [_describe_part(old, new) for old, new in changed if old != new]
        else:
            found[name] = now
    return found


def _describe_part(before: Facts | None, after: Facts) -> Facts:
    if before is None:
        return after
    said = describe_change(before, after)
    return {"id": after["id"], **said["values"], **{name: said[name] for name in (CHANGES_KEY,) if name in said}}


class AdditionStamp(NamedTuple):
    """The stamp of an addition: a function for its id, the time, and the author."""

    new_id: Callable[[], str]
    at: str
    by: str


class RegisterChange(NamedTuple):
    """The part of a change that goes into one file: entries by the place of their list, additions, and unfinished
    answers by their key, None for those that are gone.

    *whole* are the entries that additions are about, as they are from then on, by the id of the addition.
    """

    new: dict[str, list[Facts]]
    replaced: dict[str, Facts]
    additions: list[dict[str, Any]]
    whole: dict[str, Facts]
    drafts: dict[str, Facts | None]


def split_change(
    joined: JoinedRecord, after: Facts, writer: Writer, month_of: Callable[[str, Facts], str], stamp: AdditionStamp
) -> dict[RegisterFile, RegisterChange]:
    """Return what a changed record writes into each file of the *writer*'s device, by file.

    A new entry goes into the file of its month. An entry that the device wrote, and that nobody else added to, is
    replaced; for any other one an addition is written beside it in time: in the month in which the entry is.
    Unfinished answers stay where they were begun; new ones go into the present month.
    """
    found: dict[RegisterFile, RegisterChange] = {}
    device = writer.device

    def change_of(month: str) -> RegisterChange:
        return found.setdefault(RegisterFile(joined.home, month, device), RegisterChange({}, {}, [], {}, {}))

    for name, draft in _changed_drafts(joined.raw, after).items():
        placed = joined.drafts.get(name)
        change = change_of(placed.file.month if placed else stamp.at[: len("2026-12")])
        change.drafts[placed.key if placed else writer.draft_key(name)] = draft

    for path, entries in entry_lists(after):
        for entry in entries:
            id_ = str(entry["id"])
            before = joined.given.get((id_, BLOCK_KEY in entry))
            if before is None:
                change_of(month_of(path, entry)).new.setdefault(path, []).append(entry)
            elif before != entry:
                origin = joined.origins[id_]
                change = change_of(origin.month)
                if origin.device == device and id_ not in joined.additions:
                    change.replaced[id_] = entry
                else:
                    own: dict[str, Any] = {"id": stamp.new_id(), "entry": id_, "number": joined.next_number(id_)}
                    own |= {"at": stamp.at, "by": stamp.by}
                    head = {key: entry[key] for key in ("track", "part") if key in entry}
                    change.additions.append({**own, **head, **describe_change(before, entry)})
                    change.whole[str(own["id"])] = entry
    return found


def _changed_drafts(before: Facts, after: Facts) -> dict[str, Facts | None]:
    """Return the unfinished answers that differ, by the name of their paper, None for those that are gone."""
    was, now = (one.get(UNFINISHED_KEY) or {} for one in (before, after))
    return {name: now.get(name) for name in (*was, *now) if was.get(name) != now.get(name)}


def apply_change(value: Facts, code: str, change: RegisterChange) -> dict[str, Any]:
    """Return the content of a file with a change of one code's record in it."""
    record: Facts = value[RECORDS_KEY].get(code) or {}
    for path, entries in [*entry_lists(record)]:
        record = _with_list(record, path, [change.replaced.get(str(one["id"]), one) for one in entries])
    for path, entries in change.new.items():
        record = _with_list(record, path, [*_list_at(record, path), *entries])
    if change.additions:
        record = {**record, ADDITIONS_KEY: [*(record.get(ADDITIONS_KEY) or ()), *change.additions]}
    if change.drafts:
        drafts = {**(record.get(UNFINISHED_KEY) or {}), **change.drafts}
        kept = {key: draft for key, draft in drafts.items() if draft is not None}
        rest = {name: said for name, said in record.items() if name != UNFINISHED_KEY}
        record = {**rest, UNFINISHED_KEY: kept} if kept else rest
    return {**value, RECORDS_KEY: dict(sorted({**value[RECORDS_KEY], code: record}.items()))}


def month_of_entry(track: Track, entry: Facts, otherwise: str) -> str:
    """Return the month ``YYYY-MM`` in which an entry is kept: that of its day, *otherwise* where it has none."""
    day = as_day(read_entry(track, entry).day)
    return f"{day:%Y-%m}" if day else otherwise


def entry_pointers(record: Facts, ids: Iterable[str]) -> Iterator[str]:
    """Yield the JSON pointer to each entry of a record with one of these ids."""
    wanted = {*ids}
    for path, entries in entry_lists(record):
        place = path.replace(".", "/")
        yield from (f"/{place}/{number}" for number, one in enumerate(entries) if one["id"] in wanted)


def empty_entries(record: Facts, places: Iterable[str]) -> dict[str, Any]:
    """Return a record in which the entries at other places than these JSON pointers are empty, each in its place.

    A change of one entry is looked through by its words; thousands of others were looked through when they came.
    """
    sealed = f"/{SEALED_KEY}/"
    kept = {tuple(place.split("/")[1 : 4 if place.startswith(sealed) else 3]) for place in places}
    found = dict(record)
    for path, entries in entry_lists(record):
        steps = tuple(path.split("."))
        blank = {BLOCK_KEY: ""} if path == SEALED_LIST else {}
        found = _with_list(found, path, [one if (*steps, str(n)) in kept else blank for n, one in enumerate(entries)])
    return found
