"""What a device signs of other lines and devices, and where the journal of a device ends that is shut out."""

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl import errors, limits
from shelterctl.identity.keys import Identity, create_identity
from shelterctl.journal.claims import LineReference
from shelterctl.journal.compare_copies import CopyProgress, count_lines_beyond, covers_copy, find_newest_copy
from shelterctl.journal.device_log import DeviceLog, LogEnding, compare_with_note
from shelterctl.journal.line import FileChange, hash_line, last_line
from shelterctl.journal.store_journal import Journal
from shelterctl.language import format_sentence
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain
from tests.support.hostile_lines import fields, sign, spelt
from tests.support.stores import ACT, AT, TwoDevices, digest

MINE, THEIRS = "residents/7QF2-M9KD.yaml.age", "residents/2222-2222.yaml.age"


class Two(TwoDevices):
    """Two devices; the first wrote four lines about one file, the second two about another, having seen the first's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(4):
            self.step(self.me, MINE, number)
        for number in range(2):
            self.step(self.second, THEIRS, number)

    def step(self, writer: Identity, file: str, number: int) -> None:
        change = FileChange(file, digest((file, number - 1)) if number else None, digest((file, number)))
        self.journal(writer).append([change], **ACT)

    def mend(self, whose: Identity, line: int) -> dict[str, object]:
        """What is signed for that line, as the journal lies."""
        sum_ = DeviceLog.from_lines(self.path(whose).read_bytes()).hash_up_to(line)
        return {"mend": LineReference(str(whose.device), line, sum_)._asdict()}

    def signs(self, writer: Identity, *facts: dict[str, object]) -> None:
        """Lines with these facts, whatever they are worth, as a repair appends them."""
        beyond = self.path(writer).read_bytes().count(b"\n")
        Journal(self.root / "journal", self.chain, writer).sign_for(facts, by="s-nina", at=AT, beyond=beyond)

    def spoil(self, whose: Identity, line: int) -> None:
        lines = self.path(whose).read_bytes().split(b"\n")
        lines[line - 1] = lines[line - 1].replace(b"s-aida", b"s-nina")
        self.path(whose).write_bytes(b"\n".join(lines))

    def told(self, journal: Journal | None = None) -> Sequence[errors.ShelterError]:
        return (journal or self.nobody()).verify()

    def codes(self, journal: Journal | None = None) -> list[str]:
        return [error.code for error in self.told(journal)]


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


@pytest.mark.parametrize("line", [1, 2, 4])
def test_a_whole_line_that_another_device_signs_for_as_broken_keeps_its_word(two: Two, line: int) -> None:
    two.signs(two.second, two.mend(two.me, line))
    for journal in (two.journal(), two.nobody()):
        assert journal.file_head(MINE)[0] == digest((MINE, 3))  # type: ignore[index]
        (error,) = two.told(journal)
        assert (error.code, error.exit) == ("journal/false-mend", 6)
        place = f"journal/{two.me.device}.jsonl"
        assert error.facts == {"device": two.second.device, "place": place, "line": line, "number": 3}
        assert journal.count_lacking_lines() == 0  # no file may be vouched for on its account
        assert journal.repair_lines() == []
    two.step(two.me, MINE, 4)
    assert two.nobody().file_head(MINE)[0] == digest((MINE, 4))  # type: ignore[index]


def test_a_device_does_not_unsay_its_own_whole_line_either(two: Two) -> None:
    two.signs(two.me, two.mend(two.me, 4))
    assert two.nobody().file_head(MINE)[0] == digest((MINE, 3))  # type: ignore[index]
    assert two.codes() == ["journal/false-mend"]


def test_what_is_signed_of_lines_that_are_not_there_is_told_and_closes_nothing(two: Two) -> None:
    two.signs(two.second, {"mend": LineReference(str(two.me.device), 50, "0" * 64)._asdict()})
    assert two.nobody().file_head(MINE)
    (error,) = two.told()
    assert (error.code, error.facts["line"]) == ("journal/false-mend", 50)
    assert "no such line" in format_sentence(error.message, error.facts, "en")


def test_a_false_word_on_an_honest_one_does_not_undo_it(two: Two) -> None:
    """The first device signed that a line of its own is broken, and the second one that this very word is."""
    two.note.unlink()
    two.spoil(two.me, 2)
    two.signs(two.me, two.mend(two.me, 2))
    assert two.codes() == []
    two.signs(two.second, two.mend(two.me, 5))
    assert two.codes() == ["journal/false-mend"]
    assert two.nobody().count_lacking_lines() == 1
    assert two.nobody().file_head(MINE)[0] == digest((MINE, 3))  # type: ignore[index]


def test_another_sum_than_the_line_has_mends_nothing_and_an_honest_one_behind_it_does(two: Two) -> None:
    two.note.unlink()
    two.spoil(two.me, 2)
    two.signs(two.second, {"mend": LineReference(str(two.me.device), 2, "0" * 64)._asdict()})
    assert two.codes() == ["journal/edited"]
    two.signs(two.second, two.mend(two.me, 2))
    assert two.codes() == []


def test_an_older_device_signs_only_for_what_the_younger_one_signed_itself(two: Two) -> None:
    whole = two.path(two.second).read_bytes()
    last = last_line(whole)
    said = {**fields(last), "seq": b"2", "prev": b'"%s"' % hash_line(last), "at": b'"zzz"'}
    two.path(two.second).write_bytes(whole + sign(spelt(said), two.second, two.chain.root) + b"\n")
    assert two.codes() == ["journal/malformed"]
    two.signs(two.me, two.mend(two.second, 3))
    assert two.codes() == []
    assert two.nobody().sheet_number() == 2 + (4 + 1) + 3
    two.path(two.second).write_bytes(whole)
    two.spoil(two.second, 1)
    two.signs(two.me, two.mend(two.second, 1))
    assert two.codes() == ["journal/edited"]


def test_what_a_person_knows_of_is_told_no_more_and_noted_for_ever(two: Two) -> None:
    two.signs(two.second, two.mend(two.me, 4))
    (known,) = two.nobody().logs.false_claims()
    assert known[:2] == (two.second.device, 3)
    two.signs(two.second, {"refused": known._asdict()})  # whoever signed it does not excuse himself
    assert two.codes() == ["journal/false-mend"]
    two.signs(two.me, {"refused": {**known._asdict(), "sha256": "0" * 64}})
    assert two.codes() == ["journal/false-mend"]
    two.signs(two.me, {"refused": known._asdict()})
    assert two.codes() == []
    assert two.nobody().file_head(MINE)[0] == digest((MINE, 3))  # type: ignore[index]
    assert [list(line["more"]) for line in two.nobody().repair_lines()].count(["refused"]) == 3


def test_more_claims_than_anybody_makes_are_not_looked_at(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JOURNAL_LINES_SEARCHED", 3)
    two.signs(two.second, *[two.mend(two.me, 1 + number % 4) for number in range(9)])
    assert two.codes() == ["journal/false-mend"] * 3
    assert two.nobody().file_head(MINE)


# Ends.


def test_a_long_line_that_many_claims_name_is_held_against_its_device_once(two: Two) -> None:
    path = two.path(two.second)
    path.write_bytes(
        path.read_bytes() + sign(b'{"v":2,"x":"' + b"x" * (4 << 20) + b'"', two.me, two.chain.root) + b"\n"
    )
    two.signs(two.me, *[two.mend(two.second, 3)] * 400)
    begun = time.process_time()
    assert two.codes() == ["journal/edited"]
    assert time.process_time() - begun < 2


def ended(two: Two, whose: Identity, by: Identity, lines: int, sha256: str) -> None:
    two.wrote(end_device_in_chain(two.chain, str(whose.device), (lines, sha256), "left", "s-aida", AT, by))


def first_error(journal: Journal) -> errors.ShelterError:
    with pytest.raises(errors.Damaged) as told:
        journal.file_head(MINE)
    return told.value


@pytest.mark.parametrize("lines", [4, 999])
def test_an_end_that_does_not_fit_says_who_signed_it_where(two: Two, lines: int) -> None:
    """The second device shuts the first one out: which knows its own journal, and is not misled."""
    two.path(two.second).write_bytes(two.path(two.second).read_bytes().splitlines(keepends=True)[0])  # it saw all
    two.memory.remember(two.chain, two.nobody().heads(), AT)
    ended(two, two.me, two.second, lines, "0" * 64)
    error = first_error(two.journal())
    assert (error.code, error.exit) == ("journal/false-end", 6)
    named = {key: error.facts[key] for key in ("device", "by", "line", "named", "lines")}
    assert named == {"device": two.me.device, "by": two.second.device, "line": 3, "named": lines, "lines": 4}
    # Whoever remembers nothing goes by what the other device saw: enough, unless more lines are named.
    assert first_error(two.nobody()).code == ("journal/shut-out" if lines == 999 else "journal/false-end")


def test_where_nobody_saw_the_lines_both_are_said_to_be_possible(two: Two) -> None:
    two.path(two.second).unlink()
    ended(two, two.me, two.second, 4, "0" * 64)
    error = first_error(two.nobody())
    assert error.code == "journal/shut-out"
    assert "or the line is false" in " ".join(format_sentence(error.message, error.facts, "en").split())


def test_a_device_that_changed_its_journal_after_its_end_is_not_excused_by_its_own_word(two: Two) -> None:
    lines = two.path(two.second).read_bytes()
    ended(two, two.second, two.me, 2, hashlib.sha256(lines).hexdigest())
    assert two.codes() == []
    two.path(two.second).write_bytes(lines.splitlines(keepends=True)[0])
    said = {**fields(lines.splitlines()[1]), "now": b'"%s"' % digest("x").encode()}
    two.path(two.second).write_bytes(
        lines.splitlines(keepends=True)[0] + sign(spelt(said), two.second, two.chain.root) + b"\n"
    )
    error = first_error(two.nobody())
    assert (error.code, error.facts["by"]) == ("journal/shut-out", two.me.device)


def test_the_paper_that_signed_an_end_is_named(two: Two) -> None:
    two.wrote(end_device_in_chain(two.chain, str(two.second.device), (9, "0" * 64), "lost", "s-aida", AT, two.paper))
    error = first_error(two.nobody())
    assert "the recovery paper" in format_sentence(error.message, error.facts, "en")
    assert "бумага восстановления" in format_sentence(error.message, error.facts, "ru")


class House(TwoDevices):
    """A store with a second device, which remembers nothing."""

    def step(self, writer: Identity, file: str, day: str = "2026-11-24", hour: str = "10:00") -> str:
        """One more version of a file, as that device saves it on that day."""
        return self.saves(self.journal(writer), file, day, hour)

    def saves(self, journal: Journal, file: str, day: str = "2026-11-24", hour: str = "10:00") -> str:
        """The version that these journals have next of a file."""
        head = journal.file_head(file)
        now = digest((file, journal.writer.device, day, hour, head, journal.heads()))
        change = FileChange(file, head.now if head else None, now)
        journal.append([change], did="admit", by="s-aida", at=f"{day}T{hour}+06:00")
        return now

    def missed(self, file: str) -> str:
        """A file saved by the second device in a copy that never heard of its end; its journal comes back here."""
        now = self.saves(Journal(self.away, self.chain_before, self.second), file)
        shutil.copy(self.away / self.path(self.second).name, self.path(self.second))
        return now

    def ends(self, lines: int) -> None:
        """The second device is shut out, and so many lines of it count."""
        self.chain_before, self.away = self.chain, self.root.with_name("away")
        shutil.copytree(self.root / "journal", self.away)
        device = str(self.second.device)
        self.wrote(end_device_in_chain(self.chain, device, (lines, self.sum_of(lines)), "lost", "s-aida", AT, self.me))
        self.memory.remember(self.chain, self.journal().heads(), AT)

    def knows(self) -> None:
        """A line of the first device that a person knows what lies behind the end, as a repair signs it."""
        for found in self.journal().lines_behind_ends():
            own = FileChange(f"journal/{self.me.device}.jsonl", None, None, {"behind": found.last._asdict()})
            beyond = self.journal().heads().get(str(self.me.device), (0, 0, ""))[0] + found.lines
            self.journal().append([own], did="repair", by="s-aida", at=AT, beyond=beyond)

    def copy(self) -> CopyProgress:
        """How far this store has come, as backups are compared."""
        journals = {str(one.device): self.path(one).read_bytes() for one in (self.me, self.second)}
        ends = {device.code: device.ended.lines for device in self.chain.devices.values() if device.ended}
        return CopyProgress(self.chain.lines, journals, ends)

    def codes(self) -> list[str]:
        return [error.code for journal in (self.journal(), self.nobody()) for error in journal.verify()]

    def sum_of(self, count: int) -> str:
        lines = self.path(self.second).read_bytes().splitlines(keepends=True)
        return hashlib.sha256(b"".join(lines[:count])).hexdigest()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The second device wrote on three days, the first one once on the second of them."""
    house = House(tmp_path)
    house.step(house.second, THEIRS, "2026-11-21")
    house.step(house.second, THEIRS, "2026-11-22")
    house.step(house.me, MINE, "2026-11-22")
    house.step(house.second, MINE, "2026-11-23")
    house.step(house.second, THEIRS, "2026-11-23", "11:00")
    return house


@pytest.mark.parametrize(
    ("on", "lines", "files", "last"),
    [
        (None, 4, (), "2026-11-23T11:00+06:00"),
        (date(2026, 11, 23), 4, (), "2026-11-23T11:00+06:00"),
        (date(2026, 11, 22), 2, (THEIRS, MINE), "2026-11-22T10:00+06:00"),
        (date(2026, 11, 21), 2, (THEIRS, MINE), "2026-11-22T10:00+06:00"),  # the second line was gone on from
        (date(2026, 11, 1), 2, (THEIRS, MINE), "2026-11-22T10:00+06:00"),
    ],
)
def test_a_journal_ends_with_all_its_lines_or_behind_those_of_a_day_and_those_gone_on_from(
    house: House, on: date | None, lines: int, files: tuple[str, ...], last: str
) -> None:
    found = house.journal().logs.ending(str(house.second.device), on)
    assert found == LogEnding(lines, house.sum_of(lines), 4 - lines, files, last)


def test_a_journal_that_nobody_went_on_from_may_end_before_its_first_line(house: House) -> None:
    house.path(house.me).unlink()
    house.note.unlink()
    found = house.nobody().logs.ending(str(house.second.device), date(2026, 11, 20))
    assert found == LogEnding(0, digest(""), 4, (THEIRS, MINE), "")


def test_an_earlier_date_behind_a_later_one_brings_nothing_back(house: House) -> None:
    """A clock that was set back makes no line older than the one before it."""
    house.step(house.second, THEIRS, "2026-11-20")
    assert house.journal().logs.ending(str(house.second.device), date(2026, 11, 22)).lines == 2


def test_a_line_that_was_signed_for_as_broken_ends_nothing(house: House) -> None:
    house.note.unlink()
    house.step(house.me, MINE, "2026-11-23", "12:00")
    path, device = house.path(house.me), str(house.me.device)
    path.write_bytes(path.read_bytes().replace(b'"at":"2026-11-22T10', b'"at":"2026-12-24T10'))
    first, whole = path.read_bytes().splitlines(keepends=True)[0], hashlib.sha256(path.read_bytes()).hexdigest()
    mend = {"mend": {"device": device, "line": 1, "sha256": hashlib.sha256(first).hexdigest()}}
    Journal(house.root / "journal", house.chain, house.second).sign_for([mend], by="s-nina", at=AT, beyond=4)
    found = house.nobody().logs.ending(device, date(2026, 11, 23))
    assert found == LogEnding(2, whole, 0, (), "2026-11-23T12:00+06:00")


def test_what_lies_behind_an_end_counts_for_nothing_and_is_told_until_a_person_knows_of_it(house: House) -> None:
    """The last two lines of the second device were counted here until its end arrived."""
    before, device = house.journal().sheet_number(), str(house.second.device)
    old = house.nobody().file_head(MINE)
    house.ends(2)
    assert house.codes() == []
    assert house.nobody().file_head(MINE) != old
    (found,) = house.journal().lines_behind_ends()
    assert (found.lines, found.last.device, found.last.line, found.end.why) == (2, device, 4, "lost")
    house.knows()
    assert house.journal().lines_behind_ends() == house.nobody().lines_behind_ends() == []
    assert house.journal().sheet_number() > before  # what was written on the sheet is never more than is here
    assert house.codes() == []
    house.missed(THEIRS)
    (found,) = house.journal().lines_behind_ends()
    assert (found.lines, found.last.line) == (3, 5)


def test_a_device_that_was_shut_out_does_not_sign_that_a_person_knows(house: House) -> None:
    house.ends(2)
    (found,) = house.nobody().lines_behind_ends()
    own = Journal(house.root / "journal", house.chain, house.second)
    own.sign_for([{"behind": found.last._asdict()}], by="s-nina", at=AT, beyond=4)
    assert [one.last.line for one in house.nobody().lines_behind_ends()] == [5]


def test_lines_behind_an_end_may_be_gone_again_or_be_others(house: House) -> None:
    """This computer remembers them, another one sealed that it saw them: neither is held against the journal."""
    house.step(house.me, MINE)
    whole = house.path(house.second).read_bytes()
    house.ends(2)
    counted = b"".join(whole.splitlines(keepends=True)[:2])
    for lies in (counted, counted + b"rubbish\n", whole + b"half a line"):
        house.path(house.second).write_bytes(lies)
        assert house.codes() == []
        assert compare_with_note(house.root / "journal", house.chain, house.memory.recall()) is None
        house.step(house.me, THEIRS)
    house.path(house.second).write_bytes(whole.splitlines(keepends=True)[0])
    with pytest.raises(errors.Damaged) as told:
        house.nobody().file_head(MINE)
    assert (told.value.code, told.value.facts["named"], told.value.facts["lines"]) == ("journal/shut-out", 2, 1)


def test_a_line_in_force_that_went_on_from_one_behind_an_end_stands(house: House) -> None:
    now = house.step(house.me, MINE)
    house.ends(2)
    head = house.nobody().file_head(MINE)
    assert head is not None
    assert (head.now, head.device) == (now, house.me.device)
    later = house.step(house.me, MINE, "2026-11-25")
    assert house.nobody().file_head(MINE)[0] == later  # type: ignore[index]


def test_a_backup_with_more_or_fewer_lines_behind_an_end_has_not_parted(house: House) -> None:
    older, whole = house.copy(), house.path(house.second).read_bytes()
    house.ends(2)
    newer = house.copy()
    counted = b"".join(whole.splitlines(keepends=True)[:2])
    for lies in (counted, counted + b"rubbish\n", whole + whole):
        house.path(house.second).write_bytes(lies)
        copy = house.copy()
        assert covers_copy(copy, older)
        assert covers_copy(copy, newer)
        assert not covers_copy(older, copy)
        assert (count_lines_beyond(newer, copy), count_lines_beyond(copy, newer)) == (0, 0)
        assert find_newest_copy([older, copy]) == 1


def test_no_line_behind_an_end_gives_up_what_another_backup_has(house: House) -> None:
    house.ends(2)
    older = house.copy()
    house.step(house.me, MINE)
    full = house.copy()
    beyond = {"lost": 1, "beyond": {str(house.me.device): 99}}
    Journal(house.root / "journal", house.chain, house.second).sign_for([beyond], by="s-nina", at=AT, beyond=4)
    behind = {**older.journals, str(house.second.device): house.path(house.second).read_bytes()}
    assert not covers_copy(CopyProgress(house.chain.lines, behind, older.ends), full)


def test_what_was_signed_of_a_line_behind_an_end_is_no_false_word(house: House) -> None:
    house.note.unlink()
    house.step(house.second, THEIRS)
    third = create_identity()
    house.wrote(add_device_to_chain(house.chain, third, "s-nina", "s-aida", AT, house.me))
    path, lines = house.path(house.second), house.path(house.second).read_bytes().split(b"\n")
    lines[4] = lines[4].replace(b"s-aida", b"s-nina")
    path.write_bytes(b"\n".join(lines))
    mend = {"mend": {"device": house.second.device, "line": 5, "sha256": house.sum_of(5)}}
    Journal(house.root / "journal", house.chain, third).sign_for([mend], by="s-nina", at=AT, beyond=0)
    assert [error.code for error in house.nobody().verify()] == []
    house.ends(4)
    assert [error.code for error in house.nobody().verify()] == []


STEPS = st.lists(st.tuples(st.sampled_from(("me", "second")), st.sampled_from((MINE, THEIRS))), max_size=9)


@settings(max_examples=60)
@given(STEPS, st.integers(0, 9), STEPS, st.booleans())
def test_what_counts_are_the_lines_up_to_the_end_whoever_writes_what_and_when(
    first: Sequence[tuple[str, str]], end: int, then: Sequence[tuple[str, str]], gone: bool
) -> None:
    """Two devices take turns, the one is shut out at some line, and both go on, the one by the list that it knows."""
    with TemporaryDirectory(prefix="ending") as folder:
        house = House(Path(folder))
        wrote = [(who, file, house.step(getattr(house, who), file)) for who, file in first]
        theirs = [place for place, (who, *_) in enumerate(wrote) if who == "second"]
        end = min(end, len(theirs))
        before = house.journal().sheet_number()
        if not house.path(house.second).exists():
            house.path(house.second).parent.mkdir(exist_ok=True)
            house.path(house.second).touch()
        house.ends(end)
        for who, file in then:
            wrote.append((who, file, house.missed(file) if who == "second" else house.step(house.me, file)))
        if gone:
            lines = house.path(house.second).read_bytes().splitlines(keepends=True)
            house.path(house.second).write_bytes(b"".join(lines[:end]))
        behind = [place for place, (who, *_) in enumerate(wrote) if who == "second"][end:]
        counted = {file: now for place, (_, file, now) in enumerate(wrote) if place not in behind}
        for journal in (house.journal(), house.nobody()):
            assert {file: journal.file_head(file).now for file in journal.files()} == counted  # type: ignore[union-attr]
            assert journal.verify() == []
            assert [found.lines for found in journal.lines_behind_ends()] == (
                [len(behind)] if behind and not gone else []
            )
        house.knows()
        assert house.nobody().lines_behind_ends() == []
        assert gone or house.journal().sheet_number() >= before
        lines = house.path(house.me).read_bytes().splitlines() if house.path(house.me).exists() else []
        assert [json.loads(line)["seq"] for line in lines] == sorted({json.loads(line)["seq"] for line in lines})
