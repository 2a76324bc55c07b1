"""The record of a code joined from the files of several devices: alike in whatever order, and nothing typed is lost."""

from collections.abc import Iterator
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.record.file_tree import ADDITIONS_KEY, UNFINISHED_KEY
from shelterctl.core.record.register import (
    RECORDS_KEY,
    AdditionStamp,
    JoinedRecord,
    RegisterFile,
    Writer,
    apply_change,
    blank_register_file,
    join_record,
    split_change,
)
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.core.values.facts import Facts

HOME, CODE, MONTH = "house", "bishkek", "2026-11"
DEVICES = ("aaaa", "bbbb", "cccc")
TEXTS = ("kind", "words", "staff")


class Device:
    """A computer with its own copies of the files of a register; it reads the files of others when they come over."""

    def __init__(self, name: str, numbers: Iterator[int]) -> None:
        self.name, self._numbers = name, numbers
        self.files: dict[RegisterFile, dict[str, Any]] = {}

    def read(self) -> tuple[JoinedRecord, dict[str, Any]]:
        joined = join_record(HOME, CODE, self.files.items(), Writer(self.name, ""))
        return joined, joined.give_out(joined.raw, lambda _: None)

    def entries(self) -> list[dict[str, Any]]:
        return list(self.read()[1].get("visits", ()))

    def write(self, entries: list[dict[str, Any]], at: str) -> None:
        joined, now = self.read()
        stamp = AdditionStamp(lambda: f"N{next(self._numbers):04}", at, self.name)
        changes = split_change(joined, {**now, "visits": entries}, Writer(self.name, ""), lambda *_: MONTH, stamp)
        for file, change in changes.items():
            assert file.device == self.name
            self.files[file] = apply_change(self.files.get(file) or blank_register_file(file), CODE, change)

    def adds(self, at: str = "2026-11-25T10:00", **said: Any) -> str:
        entry = {"id": f"E{next(self._numbers):04}", **said, "recorded_at": at, "recorded_by": self.name}
        self.write([*self.entries(), entry], at)
        return str(entry["id"])

    def changes(self, id_: str, at: str = "2026-11-25T11:00", **said: Any) -> None:
        """Give an entry other values, and keep those before as the program does."""
        entries = self.entries()
        place = next(number for number, one in enumerate(entries) if one["id"] == id_)
        old = entries[place]
        gone = {
            name: old[name] for name, value in said.items() if name in old and old[name] != value and name != "parts"
        }
        new = {name: value for name, value in {**old, **said}.items() if value is not None}
        if gone := {name: value for name, value in gone.items() if name != "void"}:
            new[CHANGES_KEY] = [*old.get(CHANGES_KEY, ()), {"at": at, "by": self.name, BEFORE_KEY: gone}]
        self.write([*entries[:place], new, *entries[place + 1 :]], at)

    def gets(self, other: "Device") -> None:
        """The other computer's own files come over; nobody carries what a third one wrote."""
        self.files |= {file: value for file, value in other.files.items() if file.device == other.name}


def desks(several: int = 2) -> list[Device]:
    numbers = count()
    return [Device(name, numbers) for name in DEVICES[:several]]


def share(devices: list[Device]) -> None:
    for one in devices:
        for other in devices:
            one.gets(other)


def all_values(entry: Facts, name: str) -> set[Any]:
    """What an entry says or said under a name."""
    return {entry.get(name), *(one[BEFORE_KEY].get(name) for one in entry.get(CHANGES_KEY, ()))} - {None}


def test_what_two_devices_record_in_one_month_is_read_alike_by_both() -> None:
    one, two = desks()
    one.adds(kind="iom")
    two.adds(kind="other")
    share([one, two])
    assert one.entries() == two.entries()
    assert [entry["kind"] for entry in one.entries()] == ["iom", "other"]


def test_a_device_writes_its_own_files_alone() -> None:
    one, two = desks()
    id_ = one.adds(kind="iom")
    share([one, two])
    two.changes(id_, kind="other")
    written = {file.device: value[RECORDS_KEY][CODE] for file, value in two.files.items()}
    assert {file.device for file in two.files} == {"aaaa", "bbbb"}
    assert "visits" not in written["bbbb"]
    assert written["aaaa"] == one.files[RegisterFile(HOME, MONTH, "aaaa")][RECORDS_KEY][CODE]
    share([one, two])
    assert one.entries()[0]["kind"] == "other"
    assert all_values(one.entries()[0], "kind") == {"iom", "other"}


def test_a_later_change_follows_what_it_saw_whatever_the_clocks_say() -> None:
    one, two = desks()
    id_ = one.adds(kind="iom")
    share([one, two])
    two.changes(id_, at="2026-11-25T12:00", kind="other")
    share([one, two])
    one.changes(id_, at="2026-11-25T09:00", kind="official")
    share([one, two])
    assert one.entries()[0]["kind"] == two.entries()[0]["kind"] == "official"
    assert all_values(one.entries()[0], "kind") == {"iom", "other", "official"}


def test_what_two_devices_changed_at_once_is_kept() -> None:
    one, two, three = desks(3)
    id_ = three.adds(kind="iom", words="came")
    share([one, two, three])
    one.changes(id_, kind="other")
    two.changes(id_, kind="official", words="left")
    share([one, two, three])
    assert one.entries() == two.entries() == three.entries()
    entry = one.entries()[0]
    assert all_values(entry, "kind") == {"iom", "other", "official"}
    assert all_values(entry, "words") == {"came", "left"}


def test_the_writer_changes_her_own_entry_while_another_device_adds_to_it() -> None:
    one, two = desks()
    id_ = one.adds(kind="iom")
    share([one, two])
    one.changes(id_, kind="utility")
    two.changes(id_, kind="official")
    share([one, two])
    assert one.entries() == two.entries()
    assert all_values(one.entries()[0], "kind") == {"iom", "utility", "official"}


def test_parts_of_an_entry_that_two_devices_add_are_both_there() -> None:
    one, two = desks()
    first = {"id": "P0", "what": "agreed", "done": "no"}
    id_ = one.adds(parts=[first])
    share([one, two])
    one.changes(id_, parts=[first, {"id": "P1", "what": "by one"}])  # in place
    two.changes(id_, parts=[{**first, "done": "yes"}, {"id": "P2", "what": "by two"}])
    share([one, two])
    parts = {part["id"]: part for part in one.entries()[0]["parts"]}
    assert {*parts} == {"P0", "P1", "P2"}
    assert parts["P0"]["done"] == "yes"
    assert all_values(parts["P0"], "done") == {"no", "yes"}
    assert one.entries() == two.entries()


def test_groups_are_joined_key_by_key() -> None:
    one, two, three = desks(3)
    id_ = three.adds(told={"at": "9"})
    share([one, two, three])
    one.changes(id_, told={"at": "9", "to": "iom"})
    two.changes(id_, told={"at": "9", "by": "manager"})
    share([one, two, three])
    assert one.entries()[0]["told"] == {"at": "9", "to": "iom", "by": "manager"}


def test_an_entry_that_two_strike_out_keeps_the_first_reason() -> None:
    one, two, three = desks(3)
    id_ = three.adds(kind="iom")
    share([one, two, three])
    one.changes(id_, void={"on": "2026-11-25", "by": "one", "reason": "other"})
    two.changes(id_, void={"on": "2026-11-26", "by": "two", "reason": "entered_twice"})
    share([one, two, three])
    assert one.entries()[0]["void"]["by"] == "one"
    assert one.entries() == two.entries()


def test_what_one_took_away_is_gone_and_kept() -> None:
    one, two = desks()
    id_ = one.adds(kind="iom", words="came")
    share([one, two])
    two.changes(id_, words=None)
    share([one, two])
    assert "words" not in one.entries()[0]
    assert all_values(one.entries()[0], "words") == {"came"}


@pytest.mark.parametrize("where", ["entry", "addition"])
def test_what_is_in_two_files_counts_once_and_is_told(where: str) -> None:
    one, two = desks()
    id_ = one.adds(kind="iom")
    share([one, two])
    two.changes(id_, kind="other")
    share([one, two])
    whose = "aaaa" if where == "entry" else "bbbb"
    copied = one.files[RegisterFile(HOME, MONTH, whose)]
    one.files[RegisterFile(HOME, MONTH, "zzzz")] = copied
    joined, _ = one.read()
    assert one.entries() == two.entries()
    assert [(trouble.kind, trouble.file.device) for trouble in joined.troubles] == [("twice", whose), ("twice", "zzzz")]


def test_a_sealed_entry_that_its_file_counts_and_lacks_is_told_even_where_another_file_has_it() -> None:
    one, _ = desks()
    sealed = {"entries": [{"id": "S1", "track": "visit", "age": "…"}], "revisions": {"S1": 1}}
    here, there = (RegisterFile(HOME, MONTH, name) for name in DEVICES[:2])
    for file, part in ((here, {"revisions": {"S1": 2}}), (there, sealed)):
        one.files[file] = {**blank_register_file(file), RECORDS_KEY: {CODE: {"sealed": part}}}
    joined, _ = one.read()
    assert [(trouble.kind, trouble.file) for trouble in joined.troubles] == [("gone", here)]
    assert joined.raw["sealed"]["revisions"] == {"S1": 1}


def test_an_addition_whose_entry_is_nowhere_is_kept_and_told() -> None:
    one, two = desks()
    id_ = one.adds(kind="iom")
    share([one, two])
    two.changes(id_, kind="other")
    del two.files[RegisterFile(HOME, MONTH, "aaaa")]
    joined, _ = two.read()
    assert [placed.facts["entry"] for placed in joined.list_orphans()] == [id_]


STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), st.sampled_from(TEXTS)),
    st.tuples(st.just("change"), st.integers(0, 2), st.sampled_from(TEXTS)),
    st.tuples(st.just("part"), st.integers(0, 2), st.just("")),
    st.tuples(st.just("void"), st.integers(0, 2), st.just("")),
    st.tuples(st.just("get"), st.integers(0, 2), st.integers(0, 2)),
)


def carried_out(steps: list[tuple[str, int, Any]]) -> tuple[list[Device], set[tuple[str, str, str]]]:
    """Three devices after these steps, and all that was typed: the entry, the name and the text."""
    devices, typed, texts = desks(3), set[tuple[str, str, str]](), count()
    for number, (what, who, how) in enumerate(steps):
        one, text, at = devices[who], f"t{next(texts)}", f"2026-11-25T{10 + number % 3:02}:00"
        entries = one.entries()
        if what == "get":
            one.gets(devices[how])
        elif what == "add" or not entries:
            name = how or "kind"
            typed.add((one.adds(at, **{str(name): text}), str(name), text))
        else:
            entry = entries[number % len(entries)]
            if what == "part":
                one.changes(entry["id"], at, parts=[*entry.get("parts", ()), {"id": f"P{text}", "what": text}])
                typed.add((entry["id"], "parts", text))
            elif what == "void" and "void" not in entry:
                one.changes(entry["id"], at, void={"on": "2026-11-25", "by": one.name, "reason": text})
            elif what == "change":
                one.changes(entry["id"], at, **{how: text})
                typed.add((entry["id"], how, text))
    return devices, typed


@given(st.lists(STEP, max_size=25))
def test_nothing_typed_is_ever_lost_and_all_read_the_same(steps: list[tuple[str, int, Any]]) -> None:
    devices, typed = carried_out(steps)
    share(devices)
    first, *others = (one.entries() for one in devices)
    assert all(other == first for other in others)
    by_id = {entry["id"]: entry for entry in first}
    for id_, name, text in typed:
        if name == "parts":
            assert text in {part["what"] for part in by_id[id_]["parts"]}
        else:
            assert text in all_values(by_id[id_], name)


@given(st.lists(STEP, max_size=15))
def test_joining_is_independent_of_the_order_of_files(steps: list[tuple[str, int, Any]]) -> None:
    devices, _ = carried_out(steps)
    share(devices)
    files = devices[0].files
    found = []
    for order in permutations(files):
        joined = join_record(HOME, CODE, ((file, files[file]) for file in order), Writer("", ""))
        found.append(joined.give_out(joined.raw, lambda _: None))
        assert not joined.troubles
    assert all(one == found[0] for one in found)


@given(st.lists(STEP, max_size=20))
def test_nobody_writes_into_anothers_file(steps: list[tuple[str, int, Any]]) -> None:
    devices, _ = carried_out(steps)
    for one in devices:
        for file, value in one.files.items():
            own: Facts = value[RECORDS_KEY].get(CODE) or {}
            assert {entry["recorded_by"] for entry in own.get("visits", ())} <= {file.device}
            assert {entry["by"] for entry in own.get(ADDITIONS_KEY, ())} <= {file.device}


def begun(month: str, **drafts: dict[str, Any]) -> tuple[RegisterFile, dict[str, Any]]:
    """A file in which these answers wait, by their key; __ stands for the mark before a person's code."""
    file = RegisterFile(HOME, month, "aaaa")
    kept = {key.replace("__", " @"): draft for key, draft in drafts.items()}
    return file, {**blank_register_file(file), RECORDS_KEY: {CODE: {UNFINISHED_KEY: kept}}}


ANNA, BELA, ABOUT = "anna", "bela", "2026-11-25T10:00"


@pytest.mark.parametrize(("person", "name"), [(ANNA, "of Anna"), (BELA, "of Bela"), ("cara", None)])
def test_unfinished_answers_are_read_by_who_began_them_alone(person: str, name: str | None) -> None:
    files = dict([begun(MONTH, visit__anna={"name": "of Anna"}, visit__bela={"name": "of Bela"})])
    joined = join_record(HOME, CODE, files.items(), Writer("aaaa", person, ANNA))
    assert joined.raw.get(UNFINISHED_KEY) == (None if name is None else {"visit": {"name": name}})


def test_unfinished_answers_without_a_code_belong_to_whose_key_wrote_the_file() -> None:
    files = dict([begun(MONTH, visit={"name": "older"})])
    for person, seen in ((ANNA, {"visit": {"name": "older"}}), (BELA, None)):
        joined = join_record(HOME, CODE, files.items(), Writer("aaaa", person, ANNA))
        assert joined.raw.get(UNFINISHED_KEY) == seen


def test_unfinished_answers_under_one_name_are_offered_one_after_another_the_newest_first() -> None:
    old, (file, value) = begun("2026-10", visit__anna={"n": 3}), begun(MONTH, visit={"n": 2}, visit__anna={"n": 1})
    files, writer, seen = dict([old, (file, value)]), Writer("aaaa", ANNA, ANNA), []
    stamp = AdditionStamp(lambda: "N0001", ABOUT, ANNA)
    while draft := (joined := join_record(HOME, CODE, files.items(), writer)).raw.get(UNFINISHED_KEY):
        seen.append(draft["visit"]["n"])
        rest = {key: said for key, said in joined.raw.items() if key != UNFINISHED_KEY}
        for changed, change in split_change(joined, rest, writer, lambda *_: MONTH, stamp).items():
            files[changed] = apply_change(files[changed], CODE, change)
    assert seen == [1, 2, 3]


def test_answers_of_one_person_leave_those_of_another() -> None:
    file, value = begun(MONTH, visit__anna={"n": 1})
    writer = Writer("aaaa", BELA, ANNA)
    joined = join_record(HOME, CODE, [(file, value)], writer)
    after = {**joined.raw, UNFINISHED_KEY: {"visit": {"n": 2}}}
    change = split_change(joined, after, writer, lambda *_: MONTH, AdditionStamp(lambda: "N0001", ABOUT, BELA))[file]
    kept = apply_change(value, CODE, change)[RECORDS_KEY][CODE][UNFINISHED_KEY]
    assert kept == {"visit @anna": {"n": 1}, "visit @bela": {"n": 2}}
