"""What a device signs of other lines and of other devices, held against what it names."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from ground import ACT, AT, Ground
from hostile_lines import fields, sign, spelt

from shelterctl import errors, limits
from shelterctl.identity.keys import Identity, create_identity, create_unrelated_identity
from shelterctl.journal.claims import LineReference
from shelterctl.journal.device_log import DeviceLog
from shelterctl.journal.line import FileChange, hash_line, last_line
from shelterctl.journal.store_journal import Journal
from shelterctl.language import format_sentence
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain

MINE, THEIRS = "residents/7QF2-M9KD.yaml.age", "residents/2222-2222.yaml.age"


def digest(word: object) -> str:
    return hashlib.sha256(str(word).encode()).hexdigest()


class Two(Ground):
    """Two devices; the first wrote four lines about one file, the second two about another, having seen the first's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.second = create_identity()
        self.wrote(add_device_to_chain(self.chain, self.second, "s-nina", "s-aida", AT, self.me))
        self.memory.remember(self.chain, {}, AT)
        for number in range(4):
            self.step(self.me, MINE, number)
        for number in range(2):
            self.step(self.second, THEIRS, number)

    def step(self, writer: Identity, file: str, number: int) -> None:
        change = FileChange(file, digest((file, number - 1)) if number else None, digest((file, number)))
        self.journal(writer).append([change], **ACT)

    def path(self, writer: Identity) -> Path:
        return self.root / "journal" / f"{writer.device}.jsonl"

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

    def nobody(self) -> Journal:
        """The journals as whoever remembers nothing reads them."""
        return Journal(self.root / "journal", self.chain, create_unrelated_identity())

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
    assert "or the line is not true" in " ".join(format_sentence(error.message, error.facts, "en").split())


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
