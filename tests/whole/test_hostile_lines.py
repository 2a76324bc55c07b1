"""What a device signed and is no line of a journal: named, by every command, and never the end of the program."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from shelterctl import errors
from shelterctl.identity.keys import Identity, create_unrelated_identity
from shelterctl.journal.broken_lines import find_broken_lines, put_words_back, split_into_lines
from shelterctl.journal.compare_copies import CopyProgress, find_newest_copy
from shelterctl.journal.device_log import compare_with_note
from shelterctl.journal.line import FileChange, hash_line, is_journal_line, last_line
from shelterctl.journal.store_journal import Journal, announcement_path
from shelterctl.trust.chain import verify_chain
from shelterctl.trust.memory import StoreMemory
from shelterctl.trust.statement import STATEMENT_PURPOSE
from tests.attack.lab import Lab, copied, worlds
from tests.support.desk import Desk
from tests.support.hostile_lines import drawn, fields, sign
from tests.support.sampled import stride
from tests.support.stores import ACT, AT, TwoDevices

RECORD, HERS = "residents/7QF2-M9KD.yaml.age", "residents/2222-2222.yaml.age"
MANY = 10_400 // stride(4)
"""How many lines are drawn for the functions that read; a half of them each device signs."""


class House(TwoDevices):
    """Two devices, each of which wrote down two things, the second having seen what the first wrote."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for writer, file in ((self.me, RECORD), (self.second, HERS), (self.me, RECORD), (self.second, RECORD)):
            base = head.now if (head := self.journal(writer).file_head(file)) else None
            now = hash_line(f"{file}{writer.device}{base}".encode()).decode()
            self.journal(writer).append([FileChange(file, base, now)], **ACT)
        self.whole = {one: self.path(one).read_bytes() for one in (self.me, self.second)}

    def said(self, writer: Identity) -> dict[str, bytes]:
        """What the next line of that device would say."""
        lines = self.whole[writer]
        seq, prev = json.loads(last_line(lines))["seq"] + 1, hash_line(last_line(lines)).decode()
        said = fields(last_line(lines))
        return {**said, "seq": b"%d" % seq, "prev": b'"%s"' % prev.encode(), "base": said["now"]}

    def signed(self, writer: Identity, count: int, seed: int) -> Iterator[bytes]:
        return (sign(head, writer, self.chain.root) for head in drawn(self.said(writer), count, seed))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def read(journal: Journal) -> object:
    return [journal.file_head(RECORD), journal.file_head(HERS), *journal.verify()]


def counted(journal: Journal) -> object:
    return [
        journal.sheet_number(),
        journal.state_hash(3),
        journal.line_at(2),
        journal.latest_time(),
        journal.heads(),
        list(journal.logs.false_claims()),
    ]


def told(journal: Journal) -> object:
    return [
        journal.files(),
        journal.last_line_about(RECORD),
        journal.history(HERS),
        journal.repair_lines(),
        journal.count_lacking_lines(),
    ]


READERS: tuple[Callable[[Journal], object], ...] = (read, counted, told)


@pytest.mark.sampled
def test_thousands_of_lines_with_true_signatures_are_read_or_named_and_nothing_else(house: House) -> None:
    seen, wrong = Counter[str](), list[tuple[str, bytes]]()
    for writer in (house.me, house.second):
        path, before = house.path(writer), house.whole[writer]
        place, number = f"journal/{path.name}", before.count(b"\n") + 1
        for count, line in enumerate(house.signed(writer, MANY // 2, seed=16)):
            path.write_bytes(before + line + b"\n")
            nobody, memory = create_unrelated_identity(), count % 2 == 0
            journal = house.journal() if memory else Journal(path.parent, house.chain, nobody)
            try:
                READERS[count % 3](journal)
                found = list(journal.verify())
            except errors.ShelterError as error:
                found = [error]
            except Exception as crash:
                wrong.append((repr(crash), line))
                continue
            named = [one for one in found if one.code == "journal/malformed"]
            if not is_journal_line(line):
                about = {(one.exit, one.facts["device"], one.facts["place"], one.facts["line"]) for one in named}
                if about != {(6, writer.device, place, number)}:
                    wrong.append((str([one.code for one in found]), line))
            elif named or any(one.exit not in (6, 7) for one in found):
                wrong.append((str([one.code for one in found]), line))
            seen["line" if is_journal_line(line) else "none"] += 1
        path.write_bytes(before)
    assert wrong[:5] == []
    assert seen.total() >= 10_000 // stride(4)
    assert seen["none"] > 9_000 // stride(4)
    assert seen["line"] > 20 // stride(4)  # a time, a code, a number is another: a line all the same


def test_whatever_repairs_or_compares_journals_reads_them_all(house: House) -> None:
    path, before = house.path(house.second), house.whole[house.second]
    device = str(house.second.device)
    good = CopyProgress(house.chain.lines, {device: before})
    for line in house.signed(house.second, 900, seed=17):
        data = before + line + b"\n"
        copy = CopyProgress(house.chain.lines, {device: data})
        assert find_newest_copy([good, copy]) in (0, 1, (0, 1), (1, 0))
        lines = split_into_lines(data)
        found = find_broken_lines(lines, device, house.chain, [data], ())
        assert is_journal_line(line) or [one.number for one in found if one.words is None]
        put_words_back(lines, found)
        path.write_bytes(data)
        compare_with_note(house.root / "journal", house.chain, house.memory.recall())
    path.write_bytes(before)


def test_an_act_of_several_files_goes_on_only_by_lines(house: House) -> None:
    path, before = house.path(house.me), house.whole[house.me]
    beside = announcement_path(path)
    for line in islice(house.signed(house.me, 1200, seed=18), 0, None, 6):
        first = sign(b"{" + b",".join(b'"%s":%s' % (k.encode(), v) for k, v in house.said(house.me).items()),
                     house.me, house.chain.root)  # fmt: skip
        path.write_bytes(before + first + b"\n")
        beside.write_bytes(first + b"\n" + line + b"\n")
        house.journal().finish()
        assert path.read_bytes() == before + first + b"\n"
        assert not beside.exists()
    path.write_bytes(before)


def test_statements_that_whoever_may_signed_are_read_or_named(house: House) -> None:
    said = {key: json.dumps(value, separators=(",", ":")).encode()
            for key, value in {"v": 1, "kind": "end", "root": house.chain.root, "prev": [house.chain.digests[-1]],
            "at": AT, "by": "s-aida", "device": house.second.device, "lines": 1, "sha256": "0" * 64, "why": "left",
            }.items()}  # fmt: skip
    read, ends = 0, set[int]()
    for head in drawn(said, 900, seed=19):
        signature = house.me.sign(STATEMENT_PURPOSE + head + b"}")
        line = head + b',"sigs":{"%s":"%s"}}' % (house.me.signing_public.encode(), signature.encode())
        try:
            verify_chain(house.chain.lines + line + b"\n", 0)
            read += 1
        except errors.ShelterError as error:
            ends.add(error.exit)
    assert ends <= {6, 7}
    assert read < 300


def test_a_note_of_any_kind_is_none_or_one(house: House) -> None:
    before = house.note.read_bytes()
    said = {key: json.dumps(value, separators=(",", ":")).encode()
            for key, value in json.loads(before.rpartition(b" ")[0]).items()}  # fmt: skip
    codes = set[str]()
    for number, head in enumerate(drawn(said, 900, seed=20)):
        text = head + b"}"
        mark = house.me.mark(text) if number % 2 else "x"
        house.note.write_bytes(text + b" " + mark.encode())
        known = StoreMemory(house.heads, house.chain.root, house.me).recall()
        assert known is None or (number % 2 and json.loads(text)["journals"].keys() == known.journals.keys())
        try:
            read(house.journal())
        except errors.ShelterError as error:
            codes.add(error.code)
    assert codes <= {"journal/rolled-back"}
    house.note.write_bytes(before)


# By commands.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, _empty: Desk) -> dict[str, Lab]:
    return worlds(tmp_path_factory.mktemp("attacked"))


COMMANDS = (
    "check", "list", "show {her}", "admit {other}", "backup usb", "trust", "check --remember", "repair journal",
)  # fmt: skip
SAMPLE = 30
"""Lines of each device that every command meets."""


@pytest.mark.parametrize("whose", ["key", "second"])
def test_every_command_names_the_device_and_ends_as_it_should(made: dict[str, Lab], tmp_path: Path, whose: str) -> None:
    lab = copied(made["two"], tmp_path / "lab")
    (lab.folder / "usb").mkdir()
    writer, desk = getattr(lab, whose), lab.desk()
    path = lab.journal(writer)
    before = path.read_bytes()
    last, number = last_line(before), before.count(b"\n") + 1
    said = {**fields(last), "seq": b"%d" % (json.loads(last)["seq"] + 1), "prev": b'"%s"' % hash_line(last)}
    lines = [
        line for head in drawn(said, 700, seed=21) if not is_journal_line(line := sign(head, writer, lab.chain.root))
    ]
    codes = Counter[tuple[str, int, str]]()
    for line in lines[:: len(lines) // SAMPLE]:
        path.write_bytes(before + line + b"\n")
        for command in COMMANDS:
            words = command.format(her=lab.her, other=lab.other)
            given = {"notes": "x"} if command.startswith("admit") else None
            answer = desk.ask(words, given, today=None if command.startswith(("trust", "backup")) else "2026-11-25")
            codes[command, answer.code, answer.error] += 1
            if command in COMMANDS[:4]:
                assert answer.code == 6
                assert str(writer.device) in answer.out
                assert "journal/malformed" in answer.out
                assert f"line {number}." in answer.out
    assert {code for _, code, _ in codes} <= {0, 2, 6}
    assert {command for command, code, _ in codes if code == 0} <= {"trust", "backup usb"}, codes
    path.write_bytes(before)
    desk.do("check")


def test_the_house_goes_on_from_any_such_line(made: dict[str, Lab], tmp_path: Path) -> None:
    """Signed for as broken on the first device, in whichever journal; then both devices write, and the paper reads."""
    for number, whose in enumerate(("second", "key") * 6):
        lab = copied(made["two"], tmp_path / f"{number}")
        writer, desk, path = getattr(lab, whose), lab.desk(), lab.journal(getattr(lab, whose))
        last = last_line(path.read_bytes())
        said = {**fields(last), "seq": b"%d" % (json.loads(last)["seq"] + 1), "prev": b'"%s"' % hash_line(last)}
        heads = [
            head for head in drawn(said, 700, seed=number) if not is_journal_line(sign(head, writer, lab.chain.root))
        ]
        path.write_bytes(path.read_bytes() + sign(heads[number * 53], writer, lab.chain.root) + b"\n")
        assert desk.ask("list").error == "journal/malformed"
        assert desk.ask("repair journal").error == "repair/remembered"
        assert desk.do("repair journal --give-up").data["repaired"]["signed"] == 1
        assert desk.do("check").codes("warn").count("store/repaired") == 1
        desk.do(f"admit {lab.other}", {"notes": "it goes on"})
        desk.do("check --recovery paper")
        desk.do(f"admit {lab.other} --identity second", {"notes": "there too"})
        desk.do("check --identity second")
