"""Reading a store is linear: journals, their mending and their order, the folder; and rubbish costs next to nothing."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl import limits
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_identity, create_unrelated_identity
from shelterctl.journal.broken_lines import find_broken_lines, put_words_back, split_into_lines
from shelterctl.journal.compare_copies import CopyProgress, find_newest_copy
from shelterctl.journal.device_log import DeviceLog
from shelterctl.journal.file_heads import FileLine, find_unfollowed_lines
from shelterctl.journal.line import FileChange, LinePlace, hash_line, last_line, sign_line
from shelterctl.journal.store_journal import Journal
from shelterctl.trust.chain import add_device_to_chain, verify_chain
from shelterctl.vault.paths import find_unfinished, find_unsettled
from tests.support import processes
from tests.support.hostile_lines import sign
from tests.support.killed_acts import house
from tests.support.processes import Cost, doubled
from tests.support.stores import ACT, AT, Ground, digest

if TYPE_CHECKING:
    from tests.support.desk import Desk


RECORD = "residents/7QF2-M9KD.yaml.age"


# Which lines nobody went on from: the definition, word for word, which takes the cube of the lines.


def ends_by_definition(lines: Sequence[FileLine], *, gaps: bool) -> list[FileLine]:
    def saw(line: FileLine, other: FileLine) -> bool:
        if other.device == line.device:
            return bool(other.fields["seq"] < line.fields["seq"])
        return bool((line.fields.get("seen") or {}).get(other.device, (-1, ""))[0] >= other.fields["seq"])

    def ends(among: Sequence[FileLine]) -> list[FileLine]:
        return [line for line in among if not any(saw(other, line) for other in among)]

    def ends_seen(line: FileLine) -> set[str | None]:
        return {end.fields["now"] for end in ends([other for other in lines if saw(line, other)])} or {None}

    known = {line.fields["now"] for line in lines} | {None}
    honest = [
        line for line in lines if line.fields["base"] in ends_seen(line) or (gaps and line.fields["base"] not in known)
    ]
    aside = [line for line in lines if line not in honest]
    return [*ends(honest), *aside]


VERSIONS = st.sampled_from([None, "1", "2", "3"])
GLIMPSES = st.dictionaries(st.sampled_from("abcd"), st.integers(-1, 7).map(lambda seq: [seq, "x"]))
LINES = st.fixed_dictionaries(
    {"seq": st.integers(0, 6), "base": VERSIONS, "now": VERSIONS}, optional={"seen": st.none() | GLIMPSES}
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), st.lists(LINES, max_size=6), min_size=1), st.booleans())
def test_the_last_lines_are_those_of_the_definition_whatever_devices_say(
    said: dict[str, list[dict[str, Any]]], gaps: bool
) -> None:
    """Numbers that go back or come twice, and glimpses that do, too."""
    strands = {
        device: DeviceLog.from_lines(
            b"".join(json.dumps({"file": "x", **line}, separators=(",", ":")).encode() + b"\n" for line in lines)
        )
        for device, lines in said.items()
    }
    told = [FileLine(device, {"file": "x", **line}) for device, lines in said.items() for line in lines]
    assert find_unfollowed_lines("x", strands, gaps=gaps) == ends_by_definition(told, gaps=gaps)


def taking_turns(count: int) -> dict[str, DeviceLog]:
    """Two devices that change one file by turns."""
    lines: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
    for number in range(count):
        me, other = "ab"[number % 2], "ba"[number % 2]
        seen = {other: [len(lines[other]) - 1, "x"]} if lines[other] else {}
        base = digest(number - 1) if number else None
        lines[me].append({"seq": len(lines[me]), "file": RECORD, "base": base, "now": digest(number), "seen": seen})
    return {
        device: DeviceLog.from_lines(
            b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in said)
        )
        for device, said in lines.items()
    }


def test_two_devices_that_take_turns_cost_twice_as_much_for_twice_as_many_changes() -> None:
    turns = [taking_turns(count) for count in (1000, 2000, 4000)]
    assert [line.fields["now"] for line in find_unfollowed_lines(RECORD, turns[0])] == [digest(999)]
    assert doubled(lambda strands: find_unfollowed_lines(RECORD, strands), turns) == []


# Journals.


class Long(Ground):
    """A device whose journal is as long as it is to be."""

    def filled(self, count: int, files: int = 40) -> bytes:
        """So many lines of its journal, which change these many files by turns."""
        lines, line = bytearray(), b""
        for seq in range(count):
            base = digest(seq - files) if seq >= files else None
            change = FileChange(f"residents/{seq % files:04}-M9KD.yaml.age", base, digest(seq))
            place = LinePlace(seq, hash_line(line, self.chain.root), self.chain.root, self.chain.last_mark, {})
            line = sign_line(change, place, self.me, **ACT)
            lines += line + b"\n"
        return bytes(lines)

    def of(self, lines: bytes) -> Journal:
        """The journals with these lines on disk, nothing of them remembered."""
        self.lines.parent.mkdir(exist_ok=True)
        self.lines.write_bytes(lines)
        return Journal(self.root / "journal", self.chain, create_unrelated_identity())


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[Long, list[bytes]]:
    made = Long(tmp_path_factory.mktemp("long"))
    whole = made.filled(4000)
    ends = [place for place, sign in enumerate(whole) if sign == ord("\n")]
    return made, [whole[: ends[count - 1] + 1] for count in (1000, 2000, 4000)]


READERS: dict[str, Callable[[Journal], object]] = {
    "every file": lambda journal: [journal.file_head(name) for name in sorted(journal.files())],
    "every file's last": lambda journal: [journal.last_line_about(name) for name in sorted(journal.files())],
    "every file's versions": lambda journal: [journal.history(name) for name in sorted(journal.files())],
    "number": lambda journal: (journal.sheet_number(), journal.latest_time(), journal.repair_lines(), journal.heads()),
    "a number's moment": lambda journal: journal.state_hash(10),
}


@pytest.mark.parametrize("what", READERS)
def test_a_journal_of_twice_the_lines_costs_twice_as_much(long: tuple[Long, list[bytes]], what: str) -> None:
    made, lines = long
    assert doubled(lambda data: READERS[what](made.of(data)), lines) == []


def test_twice_as_many_files_in_twice_as_many_lines_cost_twice_as_much(tmp_path: Path) -> None:
    made = Long(tmp_path)
    inputs = [made.filled(count, count) for count in (500, 1000, 2000)]
    assert doubled(lambda data: READERS["every file"](made.of(data)), inputs) == []


def test_a_journal_is_laid_out_and_compared_in_one_go(long: tuple[Long, list[bytes]]) -> None:
    made, lines = long
    device = str(made.me.device)
    assert [split_into_lines(data) == data for data in lines] == [True] * 3
    assert doubled(split_into_lines, lines) == []
    spoilt = [data.replace(b"s-aida", b"s-aide", 40) for data in lines]
    assert (
        doubled(
            lambda data: find_newest_copy([CopyProgress(b"", {device: data}), CopyProgress(b"", {device: lines[-1]})]),
            spoilt,
        )
        == []
    )


RUBBISH: dict[str, Callable[[int], bytes]] = {
    "ends": lambda size: b"\n" * size,
    "one sign": lambda size: b"x" * (size - 1) + b"\n",
    "beginnings": lambda size: b'{"\n' * (size // 3),
    "joined": lambda size: b'"}x{"v' * (size // 6) + b"\n",
    "files": lambda size: b'"file":"x"\n' * (size // 11),
    "mends": lambda size: b'"mend":\n' * (size // 8),
    "given up": lambda size: b'{"v":2,"beyond":{\n' * (size // 18),
    "zeros": lambda size: b"\0" * (size - 1) + b"\n",
    "whole mends": lambda size: (
        b'"more":{"mend":{"device":"x","line":1,"sha256":"%b"}},"sig":"%b"}\n' % (b"0" * 64, b"A" * 88)
    ) * (size // 200),
}  # fmt: skip


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_read_in_one_go_by_whatever_reads_a_journal(long: tuple[Long, list[bytes]], what: str) -> None:
    made, (lines, *_) = long
    device = str(made.me.device)

    def read(data: bytes) -> None:
        assert [problem.code for problem in made.of(data).verify()] in ([], ["journal/edited"])
        kept = split_into_lines(data)
        broken = find_broken_lines(kept, device, made.chain, [data], {})
        assert put_words_back(kept, broken).startswith(lines[:100])
        find_newest_copy([CopyProgress(b"", {device: data}), CopyProgress(b"", {device: lines})])

    assert doubled(read, [lines + RUBBISH[what](size << 20) for size in (1, 2, 4)]) == []


def test_the_journals_of_many_devices_are_each_read_once(tmp_path: Path) -> None:
    made, devices = Ground(tmp_path), [create_identity() for _ in range(18)]
    for one in devices:
        made.wrote(add_device_to_chain(made.chain, one, "s-nina", "s-aida", AT, made.me))
    folder = made.root / "journal"
    folder.mkdir()
    for one in (made.me, *devices):
        (folder / f"{one.device}.jsonl").write_bytes(b"x" * 1000 + b"\n")
    begun = time.process_time()
    told = Journal(folder, made.chain, create_unrelated_identity()).verify()
    assert len(told) == 19
    assert time.process_time() - begun < 2


# Whole commands on as much rubbish as a journal may have, in processes of their own.

SECONDS, MEMORY = 4.0, 300
"""Seconds of a processor, twice what a slow one takes, and megabytes: whatever lies in a file of the store."""


def cost(desk: "Desk", words: str) -> Cost:
    """A command in a process of its own."""
    variables = {"SHELTERCTL_STORE": str(desk.store), "SHELTERCTL_IDENTITY": str(desk.key)}
    return processes.cost(words, desk.folder, {**os.environ, **variables})


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    return house(tmp_path_factory.mktemp("made") / "desk")


@pytest.fixture
def desk(_house: "Desk", tmp_path: Path) -> "Desk":
    shutil.copytree(_house.folder, tmp_path / "desk")
    return type(_house)(tmp_path / "desk", _house.her)


def one_line(desk: "Desk", size: int) -> bytes:
    """A line of that size, which its own device signed."""
    me, journal = load_identity(desk.key, None), next((desk.store / "journal").glob("*.jsonl"))
    root = verify_chain((desk.store / "trust.jsonl").read_bytes(), 0).root
    head = b'{"v":2,"prev":"%s","x":"' % hash_line(last_line(journal.read_bytes()))
    return sign(head + b"x" * (size - len(head) - 100) + b'"', me, root) + b"\n"


@pytest.mark.posix("processes are counted by POSIX", "the same by the program")
@pytest.mark.parametrize("what", ["ends", "copies", "one line"])
def test_a_full_journal_of_rubbish_costs_no_command_its_computer(desk: "Desk", what: str) -> None:
    journal = next((desk.store / "journal").glob("*.jsonl"))
    whole, last = journal.read_bytes(), last_line(journal.read_bytes()) + b"\n"
    room = limits.JOURNAL_BYTES - len(whole)
    rubbish: dict[str, Callable[[int], bytes]] = {
        "ends": RUBBISH["ends"],
        "copies": lambda size: last * (size // len(last)),
        "one line": partial(one_line, desk),
    }
    journal.write_bytes(whole + rubbish[what](room))
    costs = {words: cost(desk, words) for words in ("list", "backup usb", "restore house --store again")}
    assert {words: one.code for words, one in costs.items()} == dict.fromkeys(costs, 6)
    assert str(whole.count(b"\n") + 1) in costs["list"].out  # the line is named
    assert ("signed a line that is not valid" in costs["list"].out) == (what == "one line")
    costs["check"], costs["show"] = cost(desk, "check"), cost(desk, f"show {desk.her}")
    costs["repair"] = cost(desk, "repair journal")
    assert costs["repair"].code == 0
    assert journal.read_bytes().startswith(whole)
    assert cost(desk, "check").code == 0
    assert [one for one in costs.values() if one.seconds > SECONDS or one.megabytes > MEMORY] == []


# The folder.


def test_what_commands_left_is_looked_through_in_one_go(tmp_path: Path) -> None:
    made = Long(tmp_path)
    journal, folders = made.of(made.filled(3)), []
    for count in (500, 1000, 2000):
        root = tmp_path / str(count)
        (root / "residents").mkdir(parents=True)
        for number in range(count):
            data = str(number).encode()
            (root / "residents" / f".X.yaml.age.{hashlib.sha256(data).hexdigest()[:16]}.tmp").write_bytes(data)
        folders.append(root)
    assert [len(list(find_unsettled(root))) for root in folders] == [500, 1000, 2000]
    assert doubled(lambda root: list(find_unfinished(root, journal)), folders) == []


def test_what_commands_left_is_read_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind it a leaving is taken at its name, as unfinished: then nobody is told to take it out."""
    made = Long(tmp_path)
    journal, folder = made.of(made.filled(3)), made.root / "residents"
    folder.mkdir()
    for number in range(8):
        (folder / f".X.yaml.age.{number:016}.tmp").write_bytes(b"x" * 100)
    assert list(find_unfinished(made.root, journal)) == []
    monkeypatch.setattr(limits, "LEFTOVER_BYTES", 500)
    assert len(list(find_unfinished(made.root, journal))) == 3


def test_thousands_of_leavings_are_taken_away_in_one_go(desk: "Desk") -> None:
    """Each folder is put on disk once, not once for each of them."""
    for number in range(5000):
        (desk.store / "residents" / f".{desk.her}.yaml.age.{number:016x}.tmp").write_bytes(b"half")
    wrote = cost(desk, "staff add s-x --role psychologist")
    assert (wrote.code, wrote.seconds < SECONDS) == (0, True), wrote
    assert list((desk.store / "residents").glob(".*")) == []
    assert cost(desk, "check").code == 0
