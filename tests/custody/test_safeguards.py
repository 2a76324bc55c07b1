"""Backups counted and the recovery paper tried: how many, how old, who can open them, and when a quarter has passed."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from shelterctl import limits
from shelterctl.core.values.days import add_months
from shelterctl.custody.safeguards import (
    Drill,
    NotedBackup,
    _format_backup_line,
    backups_on_other_disks,
    backups_open_to_shut_out,
    is_backup_current,
    last_backup_day,
    note_backup,
    read_drill,
    read_noted_backups,
)
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_recovery_key
from shelterctl.language import format_sentence
from shelterctl.platform.drives import LinuxDisks, disk_id
from shelterctl.trust.chain import end_device_in_chain, replace_paper_in_chain, verify_chain
from shelterctl.ui_language import SCREEN_LANGUAGES
from shelterctl.view.safeguards import (
    BACKUPS_TOO_OLD,
    ENOUGH_BACKUPS,
    FEW_BACKUPS_ON_OTHER_DISKS,
    LAST_BACKUP_OLD,
    LAST_BACKUP_OLD_AND_FEW,
    NO_BACKUP_ON_OTHER_DISK,
    NO_BACKUP_YET,
    TRY_RECOVERY_PAPER,
    overview_reminder,
)
from tests.support.clock import house_day
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.stores import backed_up, seat
from tests.support.terminal import LEAVE, Terminal

JOIN = "trust --join --recovery paper --no-passphrase --identity second"
TODAY = date(2026, 11, 25)
RUN = Path("/dev/shm")  # noqa: S108 - it is another disk, and no more than that


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with a client, its paper in a file, and a second computer that the first one knows of."""
    return make_house_with_paper(tmp_path_factory.mktemp("made") / "desk")


@pytest.fixture
def house(made: Desk, tmp_path: Path) -> Desk:
    return copied(made, tmp_path / "desk")


def copies_note_of(desk: Desk) -> Path:
    (note,) = desk.key.with_name("key.heads").glob("*.copies")
    return note


def row(desk: Desk, folder: str = "/media/one/a", disk: str = "1A2B", on: date = TODAY, number: int = 9) -> NotedBackup:
    """What the note says of a backup on another disk, which no test has."""
    return NotedBackup(folder, disk, on, number, verify_chain((desk.store / "trust.jsonl").read_bytes(), 0).last_mark)


def write(desk: Desk, *rows: NotedBackup) -> None:
    heads = desk.key.with_name("key.heads")
    name = next(path.stem for path in heads.glob("*.trust"))
    (heads / f"{name}.copies").write_text("".join(map(_format_backup_line, rows)))


def end(desk: Desk, device: str = "") -> None:
    """The device is shut out, or a new paper takes the place of the old one: what the list says of it."""
    key, file = load_identity(desk.key, None), desk.store / "trust.jsonl"
    chain, at = verify_chain(file.read_bytes(), 0), "2026-11-25T10:00+06:00"
    if device:
        journal = desk.store / f"journal/{device}.jsonl"
        lines = journal.read_bytes() if journal.exists() else b""
        ended = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
        chain = end_device_in_chain(chain, device, ended, "lost", "manager", at, key)
    else:
        chain = replace_paper_in_chain(chain, create_recovery_key(), "manager", at, key)
    file.write_bytes(chain.lines)


def test_a_backup_is_noted_with_its_folder_its_disk_its_day_and_its_number(admitted: Desk, usb: Path) -> None:
    assert read_noted_backups(seat(admitted)) == []
    answer = admitted.do("backup usb", today=None)
    place = admitted.folder / answer.data["folder"]
    mark = verify_chain((admitted.store / "trust.jsonl").read_bytes(), 0).last_mark
    disk = disk_id(admitted.store)
    day = date.fromisoformat(place.name[-15:-5])
    assert read_noted_backups(seat(admitted)) == [
        NotedBackup(str(place), disk, day, answer.data["sheet"]["number"], mark)
    ]
    assert backups_on_other_disks(seat(admitted)) == []  # it lies on the store's own
    assert copies_note_of(admitted).stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_damaged_store_is_copied_and_not_noted(admitted: Desk, usb: Path) -> None:
    file = admitted.store / f"residents/{admitted.her}.yaml.age"
    file.write_bytes(file.read_bytes()[:-1])
    assert admitted.ask("backup usb", today=None).code == 6
    assert read_noted_backups(seat(admitted)) == []


def test_the_day_that_0_3_3_noted_counts_until_a_backup_is_made(admitted: Desk, usb: Path) -> None:
    heads = admitted.key.with_name("key.heads")
    name = next(path.stem for path in heads.glob("*.trust"))
    (heads / f"{name}.backup").write_text("2026-11-09")
    assert last_backup_day(seat(admitted)) == date(2026, 11, 9)
    assert read_noted_backups(seat(admitted)) == []
    place = backed_up(admitted)
    assert last_backup_day(seat(admitted)) == date.fromisoformat(place.name[-15:-5])


def test_a_note_that_says_nothing_is_no_error_and_one_line_of_it_spoils_no_other(admitted: Desk, usb: Path) -> None:
    good = row(admitted)
    write(admitted, good)
    with copies_note_of(admitted).open("ab") as note:
        note.write(b'[[[\n{}\n\xff\n{"folder": 1, "disk": "", "on": "2026-11-25", "number": 1, "mark": ""}\n')
        note.write(b'{"folder": "", "disk": "", "on": "someday", "number": 1, "mark": ""}\n' + b"[" * 5000 + b"\n")
    assert read_noted_backups(seat(admitted)) == [good]
    copies_note_of(admitted).write_bytes(b"x" * (limits.STORE_NOTE_BYTES + 1))
    assert read_noted_backups(seat(admitted)) == []
    assert last_backup_day(seat(admitted)) is None
    backed_up(admitted)
    assert len(read_noted_backups(seat(admitted))) == 1


def test_where_it_cannot_be_kept_the_backup_is_made_all_the_same(admitted: Desk, usb: Path) -> None:
    write(admitted)
    note = copies_note_of(admitted)
    note.unlink()
    (note / "a folder").mkdir(parents=True)
    place = backed_up(admitted)
    assert place.is_dir()
    assert read_noted_backups(seat(admitted)) == []


def test_the_note_stays_small_and_the_oldest_are_forgotten_first(admitted: Desk, usb: Path) -> None:
    session, days = seat(admitted), range(400, 0, -1)
    many = [row(admitted, f"/media/{'x' * 200}{at}", on=TODAY - timedelta(days=at)) for at in days]
    full = limits.STORE_NOTE_BYTES // len(_format_backup_line(many[0]))
    write(admitted, *many[:full])
    note_backup(session, usb, TODAY, 7, "")
    kept = read_noted_backups(session)
    assert copies_note_of(admitted).stat().st_size <= limits.STORE_NOTE_BYTES
    assert kept[:-1] == many[full - len(kept) + 1 : full]
    assert kept[-1].number == 7
    assert 0 < len(kept) - 1 < full


def test_of_a_folder_that_is_not_there_nothing_is_noted(admitted: Desk) -> None:
    note_backup(seat(admitted), Path("/not/here/a"), TODAY, 7, "")
    assert read_noted_backups(seat(admitted)) == []


def test_the_newest_on_each_disk_counts_while_it_is_not_older_than_a_quarter(admitted: Desk) -> None:
    session = seat(admitted)
    session.options = replace(session.options, as_of=TODAY.isoformat())
    own = disk_id(admitted.store)
    old, new = (
        row(admitted, f"/media/one/{at}", on=TODAY - timedelta(days=days)) for at, days in (("a", 20), ("b", 3))
    )
    last_day, past = (row(admitted, f"/m/{at}", f"{at}", TODAY - timedelta(days=at)) for at in (92, 93))
    write(admitted, old, new, last_day, past, row(admitted, "/home/x", own))
    assert backups_on_other_disks(session) == [new, last_day, past]
    chain = session.store.vault.journal.chain
    assert [is_backup_current(one, TODAY, chain) for one in (new, last_day, past)] == [True, True, False]


def test_a_backup_counts_no_more_once_the_paper_in_force_does_not_open_it(admitted: Desk) -> None:
    """The computers may be lost with the paper in the safe: it has to open what lies on the sticks."""
    write(admitted, row(admitted, on=house_day()), row(admitted, "/media/two/a", "3C4D", house_day()))
    assert admitted.do("check", today=None).data["copies"]["verified"] == 2
    admitted.do("recovery renew --recovery new-paper", today=None)
    data = admitted.do("check", today=None).data["copies"]
    assert (data["verified"], [disk["counts"] for disk in data["disks"]]) == (0, [False, False])
    write(admitted, row(admitted, on=house_day()), row(admitted, "/media/two/a", "3C4D", house_day()))
    assert admitted.do("check", today=None).data["copies"]["verified"] == 2


def test_a_backup_that_was_erased_is_forgotten_when_the_next_one_is_made_on_its_disk(admitted: Desk, usb: Path) -> None:
    first, second = backed_up(admitted), backed_up(admitted)
    elsewhere = row(admitted, "/media/not/here")
    write(admitted, *read_noted_backups(seat(admitted)), elsewhere)
    shutil.rmtree(first)
    third = backed_up(admitted)
    assert [Path(one.folder) for one in read_noted_backups(seat(admitted))] == [second, Path("/media/not/here"), third]


def test_a_backup_from_before_somebody_was_shut_out_is_what_he_can_open(house: Desk) -> None:
    house.do(JOIN, today=None)
    second = load_identity(house.folder / "second", None)
    house.do("trust --accept", today=None)
    before, session = backed_up(house), seat(house)
    assert backups_open_to_shut_out(session) == []
    end(house, str(second.device))
    assert [Path(one.folder) for one in backups_open_to_shut_out(session)] == [before]
    # Her file is not sealed anew yet: a backup of today opens for him too.
    between = backed_up(house)
    assert [Path(one.folder) for one in backups_open_to_shut_out(session)] == [before, between]


def test_a_backup_from_before_another_paper_is_what_the_old_one_opens(admitted: Desk, usb: Path) -> None:
    before, session = backed_up(admitted), seat(admitted)
    end(admitted)
    assert [Path(one.folder) for one in backups_open_to_shut_out(session)] == [before]


def test_a_computer_that_was_let_in_makes_no_backup_open_to_a_stranger(house: Desk) -> None:
    backed_up(house)
    house.do(JOIN, today=None)
    assert backups_open_to_shut_out(seat(house)) == []


@pytest.mark.skipif(not os.access(RUN, os.W_OK), reason="no second disk here")
def test_a_backup_on_another_disk_counts(admitted: Desk) -> None:
    usb = RUN / f"shelterctl-{os.getpid()}"
    usb.mkdir()
    try:
        assert disk_id(usb) != disk_id(admitted.store)
        admitted.do(f"backup {usb}", today=None)
        (one,) = backups_on_other_disks(seat(admitted))
        assert Path(one.folder).parent == usb
    finally:
        shutil.rmtree(usb)


class Computer:
    """What Linux says of the disks of a computer, as it lies under /dev, /sys and /proc, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.says = LinuxDisks(*(folder / name for name in ("uuid", "class", "block", "mountinfo")))
        for each in self.says[:3]:
            each.mkdir(parents=True)
        self.dev, self.sys = folder / "dev", folder / "devices"
        self.dev.mkdir()

    def device(self, name: str, number: str, uuid: str = "", of: str = "", made_of: str = "") -> None:
        place = self.sys / of / name
        place.mkdir(parents=True)
        if of:
            (place / "partition").touch()
        if made_of:
            (place / "slaves" / made_of).mkdir(parents=True)
        (self.says.by_name / name).symlink_to(place)
        (self.says.by_number / number).symlink_to(place)
        (self.dev / name).touch()
        if uuid:
            (self.says.uuids / uuid).symlink_to(self.dev / name)

    def disk(self, number: str, path: str = "/x") -> str:
        return self.says.disk(Path(path), number)


def test_two_sticks_in_one_slot_are_two_and_one_stick_in_two_slots_is_one(tmp_path: Path) -> None:
    first, second, again = (Computer(tmp_path / name) for name in ("first", "second", "again"))
    for computer, stick, name, number in (
        (first, "AAAA", "sdb", "8:16"),
        (second, "BBBB", "sdb", "8:16"),
        (again, "AAAA", "sdc", "8:32"),
    ):
        computer.device("sda", "8:0")
        computer.device("sda1", "8:1", "0001", of="sda")
        computer.device(name, number)
        computer.device(f"{name}1", f"{number}1", stick, of=name)
    assert first.disk("8:161") == again.disk("8:321") == "AAAA"
    assert second.disk("8:161") == "BBBB"
    assert first.disk("8:1") == "0001"


def test_partitions_of_one_disk_are_one_also_where_one_is_unlocked_or_of_several_volumes(tmp_path: Path) -> None:
    laptop = Computer(tmp_path / "laptop")
    laptop.device("sda", "8:0")
    for at, uuid in ((1, "EFI"), (2, "DATA"), (3, "LOCKED"), (4, "")):
        laptop.device(f"sda{at}", f"8:{at}", uuid, of="sda")
    laptop.device("dm-0", "253:0", "AAAA", made_of="sda3")
    laptop.device("dm-1", "253:1", "BBBB", made_of="dm-0")
    laptop.device("sdb", "8:16", "STICK")  # without partitions
    for number in ("8:1", "8:2", "8:3", "8:4", "253:0", "253:1"):
        assert laptop.disk(number) == "DATA", number
    assert laptop.disk("8:16") == "STICK"


def test_a_disk_without_a_uuid_is_its_number_and_a_volume_that_alone_has_one_is_known_by_it(tmp_path: Path) -> None:
    server = Computer(tmp_path / "server")
    server.device("vda", "254:0")
    assert server.disk("254:0") == "254:0"
    server.device("vdb", "254:16")
    server.device("dm-0", "253:0", "ROOT", made_of="vdb")
    assert server.disk("253:0") == "ROOT"


def test_a_share_is_known_by_its_name_and_what_has_no_device_by_what_is_mounted(tmp_path: Path) -> None:
    office = Computer(tmp_path / "office")
    office.device("sda", "8:0")
    office.device("sda1", "8:1", "AAAA", of="sda")
    office.says.mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/root rw\n"
        "30 22 0:50 / /mnt/the\\040share rw - cifs //server/the\\040house rw\n"
        "31 22 0:51 / /mnt/nfs rw shared:7 - nfs4 server:/export rw\n"
        f"32 22 0:52 / /mnt/snapshots rw - btrfs {office.dev}/sda1 rw\n"
        "33 22 0:53 / /run rw - tmpfs tmpfs rw\n"
    )
    assert office.disk("0:50", "/mnt/the share/backups") == "//server/the house"
    assert office.disk("0:51", "/mnt/nfs") == "server:/export"
    assert office.disk("0:53", "/run/user") == "0:53"
    assert office.disk("0:99", "/mnt/nfs/below") == "server:/export"
    office.says.mounts.unlink()
    assert office.disk("0:50", "/mnt/nfs") == "0:50"


def days(number: int) -> date:
    return TODAY - timedelta(days=number)


CASES = {
    "none was ever made": ([], [NO_BACKUP_YET], 0),
    "on the store's disk alone": ([("own", 3)], [NO_BACKUP_ON_OTHER_DISK], 0),
    "one": ([("1A2B", 3)], [FEW_BACKUPS_ON_OTHER_DISKS], 1),
    "two on one stick": ([("1A2B", 3), ("1A2B", 1)], [FEW_BACKUPS_ON_OTHER_DISKS], 1),
    "two": ([("1A2B", 3), ("3C4D", 20)], [], 2),
    "two, of which one is too old": ([("1A2B", 3), ("3C4D", 93)], [BACKUPS_TOO_OLD], 1),
    "two, both a week old": ([("1A2B", 7), ("3C4D", 8)], [LAST_BACKUP_OLD], 2),
    "one, a week old": ([("1A2B", 7)], [LAST_BACKUP_OLD_AND_FEW], 1),
    "two of long ago": ([("1A2B", 100), ("3C4D", 93)], [LAST_BACKUP_OLD_AND_FEW], 0),
}


@pytest.mark.parametrize("case", CASES)
def test_in_one_line_the_first_screen_says_what_is_lacking(admitted: Desk, case: str) -> None:
    made, sentences, verified = CASES[case]
    own = disk_id(admitted.store)
    disks = [(own if disk == "own" else disk, ago) for disk, ago in made]
    write(admitted, *(row(admitted, f"/media/user/{disk}/a", disk, days(ago)) for disk, ago in disks))
    session = seat(admitted)
    session.options = replace(session.options, as_of=TODAY.isoformat())
    told = overview_reminder(session)
    assert [sentence for sentence, _ in told] == sentences
    for language in SCREEN_LANGUAGES:
        assert all(len(f"! {format_sentence(sentence, facts, language)}") < 80 for sentence, facts in told)
    answer = admitted.do("check")
    assert (answer.data["copies"]["verified"], answer.data["copies"]["wanted"]) == (verified, 2)
    assert {disk["disk"] for disk in answer.data["copies"]["disks"]} == {disk for disk, _ in disks} - {own}
    assert any("Backups made here, on other disks" in said for said in answer.data["said"]) == (verified < 2)


def test_at_a_terminal_the_line_stands_on_the_first_screen(admitted: Desk) -> None:
    write(admitted, row(admitted, on=days(1)))
    seen = Terminal(admitted).run(f"menu --as-of {TODAY}", [LEAVE])
    assert "! Backups made here, on other disks: 1 of 2. Make one on a second stick." in seen.text


def test_a_backup_says_how_many_there_are_now(admitted: Desk, usb: Path) -> None:
    one, two = row(admitted, on=house_day()), row(admitted, "/media/two/b", "3C4D", house_day())
    for rows, said, verified in (
        ([], NO_BACKUP_ON_OTHER_DISK, 0),
        ([one], FEW_BACKUPS_ON_OTHER_DISKS, 1),
        ([one, two], ENOUGH_BACKUPS, 2),
    ):
        write(admitted, *rows)
        answer = admitted.do("backup usb", today=None)
        assert str(said).format(verified=verified, wanted=2).replace("0 of", "none of") in answer.data["said"]
        assert answer.data["copies"]["verified"] == verified


def test_what_somebody_who_is_out_can_open_is_said_by_disk_until_it_is_erased(house: Desk) -> None:
    house.do(JOIN, today=None)
    house.do("trust --accept", today=None)
    before, second = backed_up(house), load_identity(house.folder / "second", None)
    write(house, *read_noted_backups(seat(house)), row(house, "/media/one/a"), row(house, "/media/two/b", "3C4D"))
    end(house, str(second.device))
    house.do("trust --accept", today=None)
    answer = house.do("check", today=None)
    (said,) = (one for one in answer.data["said"] if "shut out" in one)
    assert "can still open: 3, on disks: 3 (" in said
    assert all(folder in said for folder in ("/media/one", "/media/two", "usb"))
    assert len(answer.data["copies"]["open_to_who_is_out"]) == 3
    assert answer.data["copies"]["verified"] == 2  # they are backups all the same
    shutil.rmtree(before)
    answer = house.do("backup usb", today=None)
    assert "can still open: 3," in " ".join(answer.data["said"])  # that one is sealed to him as well


@pytest.fixture
def begun(house: Desk) -> date:
    """The day on which the store was made."""
    return date.fromisoformat(json.loads((house.store / "trust.jsonl").read_bytes().splitlines()[0])["at"][:10])


def told(desk: Desk, day: date) -> bool:
    """Whether a check of that day tells to try the paper; data says the same."""
    answer = desk.ask("check", today=day.isoformat())
    said = TRY_RECOVERY_PAPER in answer.data["said"]
    assert said == (day.isoformat() >= answer.data["recovery"]["due_on"])
    return said


def drill_note_of(desk: Desk) -> Path:
    (note,) = desk.key.with_name("key.heads").glob("*.drill")
    return note


def test_a_new_house_is_asked_after_a_quarter_and_not_on_its_first_day(house: Desk, begun: date) -> None:
    due = add_months(begun, 3)
    assert read_drill(seat(house)) == Drill(None, due)
    assert not told(house, begun)
    assert not told(house, date.fromordinal(due.toordinal() - 1))
    assert told(house, due)
    assert house.ask("check", today=due.isoformat()).data["recovery"] == {"tried_on": None, "due_on": due.isoformat()}


def test_a_paper_that_opened_everything_is_asked_for_a_quarter_later(house: Desk, begun: date) -> None:
    tried = add_months(begun, 4)
    assert told(house, tried)
    house.do("check --recovery paper", today=tried.isoformat())
    due = add_months(tried, 3)
    assert read_drill(seat(house)) == Drill(tried, due)
    assert not told(house, tried)
    assert told(house, due)
    assert drill_note_of(house).stat().st_mode & 0o777 == 0o600
    assert b"AGE" not in drill_note_of(house).read_bytes().upper()


def test_a_paper_that_does_not_open_everything_was_not_tried(house: Desk) -> None:
    file = house.store / f"residents/{house.her}.yaml.age"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert house.ask("check --recovery paper").code == 6
    file.write_bytes(whole)
    assert read_drill(seat(house)).tried_on is None  # type: ignore[union-attr]


def test_a_new_paper_was_never_tried_and_is_due_a_quarter_after_it_was_made(house: Desk, begun: date) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    end(house)
    assert read_drill(seat(house)) == Drill(None, date(2027, 2, 25))


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b"\xff", b"[" * 200, b'{"paper": 1, "on": 2}', b"x" * 500])
def test_a_note_that_says_nothing_is_no_error_and_no_drill(house: Desk, begun: date, said: bytes) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    drill_note_of(house).write_bytes(said)
    assert read_drill(seat(house)) == Drill(None, add_months(begun, 3))
    house.do("check", today=begun.isoformat())


def test_where_it_cannot_be_kept_the_paper_is_told_to_open_everything(house: Desk, begun: date) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    note = drill_note_of(house)
    note.unlink()
    (note / "a folder").mkdir(parents=True)
    house.do("check --recovery paper", today=begun.isoformat())
    assert read_drill(seat(house)).tried_on is None  # type: ignore[union-attr]


def test_a_computer_that_remembers_nothing_of_the_store_keeps_no_note_and_is_not_told(house: Desk, begun: date) -> None:
    heads = house.key.with_name("key.heads")
    (house.folder / "elsewhere").mkdir()
    house.do("check --recovery paper --identity elsewhere/key", today=begun.isoformat())
    assert not any((house.folder / "elsewhere").iterdir())
    for path in [*heads.iterdir()]:
        path.unlink()
    late = add_months(begun, 4).isoformat()
    answer = house.ask("check", today=late)
    assert "recovery" not in answer.data
    assert "copies" not in answer.data
    assert TRY_RECOVERY_PAPER not in answer.data["said"]
    paper = house.ask("check --identity paper", today=late)
    assert "recovery" not in paper.data
