"""Where the journal of a device ends that is shut out, and what of it counts from then on."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from ground import AT, Ground

from shelterctl import identity
from shelterctl.identity import Identity
from shelterctl.journal import Ending, FileChange, Journal
from shelterctl.trust import admitted

MINE, THEIRS = "residents/7QF2-M9KD.yaml.age", "residents/2222-2222.yaml.age"


def digest(word: object) -> str:
    return hashlib.sha256(str(word).encode()).hexdigest()


class House(Ground):
    """A store with a second device, which remembers nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.second = identity.make()
        self.wrote(admitted(self.chain, self.second, "s-nina", "s-aida", AT, self.me))
        self.memory.keep(self.chain, {}, AT)

    def path(self, writer: Identity) -> Path:
        return self.root / "journal" / f"{writer.device}.jsonl"

    def step(self, writer: Identity, file: str, day: str, hour: str = "10:00") -> str:
        """One more version of a file, as that device saves it on that day."""
        head = self.nobody().head(file)
        now = digest((file, writer.device, day, hour, head))
        change = FileChange(file, head.now if head else None, now)
        self.journal(writer).append([change], did="admit", by="s-aida", at=f"{day}T{hour}+06:00")
        return now

    def nobody(self) -> Journal:
        """The journals as whoever remembers nothing reads them."""
        return Journal(self.root / "journal", self.chain, identity.nobody())

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
    found = house.journal().ending(str(house.second.device), on)
    assert found == Ending(lines, house.sum_of(lines), 4 - lines, files, last)


def test_a_journal_that_nobody_went_on_from_may_end_before_its_first_line(house: House) -> None:
    house.path(house.me).unlink()
    house.note.unlink()
    found = house.nobody().ending(str(house.second.device), date(2026, 11, 20))
    assert found == Ending(0, digest(""), 4, (THEIRS, MINE), "")


def test_an_earlier_date_behind_a_later_one_brings_nothing_back(house: House) -> None:
    """A clock that was set back makes no line older than the one before it."""
    house.step(house.second, THEIRS, "2026-11-20")
    assert house.journal().ending(str(house.second.device), date(2026, 11, 22)).lines == 2


def test_a_line_that_was_signed_for_as_broken_ends_nothing(house: House) -> None:
    house.note.unlink()
    house.step(house.me, MINE, "2026-11-23", "12:00")
    path, device = house.path(house.me), str(house.me.device)
    path.write_bytes(path.read_bytes().replace(b'"at":"2026-11-22T10', b'"at":"2026-12-24T10'))
    first, whole = path.read_bytes().splitlines(keepends=True)[0], hashlib.sha256(path.read_bytes()).hexdigest()
    mend = {"mend": {"device": device, "line": 1, "sha256": hashlib.sha256(first).hexdigest()}}
    Journal(house.root / "journal", house.chain, house.second).sign_for([mend], by="s-nina", at=AT, beyond=4)
    found = house.nobody().ending(device, date(2026, 11, 23))
    assert found == Ending(2, whole, 0, (), "2026-11-23T12:00+06:00")
