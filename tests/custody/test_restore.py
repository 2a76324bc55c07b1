"""A store put back from the newest good backup, and backups that cannot be taken, each named with the reason."""

import os
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl import session as seating
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.session import now_at
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.stores import backed_up, files
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.command import Answer


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
def test_a_store_that_was_deleted_is_restored_and_goes_on(admitted: "Desk", usb: Path) -> None:
    known, place = admitted.record(), backed_up(admitted)
    number = admitted.do("check").data["sheet"]["number"]
    shutil.rmtree(admitted.store)
    assert admitted.ask("list").code == 3
    answer = admitted.do("restore usb --store house", today=None)
    assert answer.data | {"said": 0} == {
        "from": place.name, "folder": "house", "clients": 1, "files": len(files(place)),
        "bytes": sum(path.stat().st_size for path in place.rglob("*") if path.is_file()),
        "opened": len(files(place)) - 2, "lacking": None, "said": 0, "sheet": {"compared": True, "number": number},
    }  # fmt: skip
    assert f"The number of this copy is {number}." in answer.data["said"]
    assert files(admitted.store) == files(place)
    assert admitted.record() == known
    assert admitted.do("check").data["records"] == 1
    admitted.do(f"admit {admitted.her}", {"identification_number": "and on"})
    assert admitted.record()["identification_number"] == "and on"
    assert {path.stat().st_mode & 0o777 for path in admitted.store.rglob("*.age")} == {0o600}


def changed(desk: "Desk", words: str) -> None:
    desk.do(f"admit {desk.her}", {"identification_number": words})


@pytest.mark.parametrize("times", ["0001 1200 2359", "2359 1200 0001", "1200 2359 0001", "1200 1200-10 1200-2"])
def test_the_newest_of_several_is_taken_by_its_journal_whatever_the_clock_said(
    times: str, admitted: "Desk", usb: Path
) -> None:
    names = []
    for number, time in enumerate(times.split()):
        changed(admitted, f"version {number}")
        names.append(re.sub(r"(?<=-\d\d)T\d{4}.*", f"T{time}", (place := backed_up(admitted)).name))
        place.rename(usb / names[-1])
    (usb / "photographs").mkdir()
    newest = admitted.do("restore usb --store again", today=None)
    assert (newest.data["from"], newest.data["lacking"]) == (names[-1], None)
    assert admitted.do(f"show {admitted.her} --store again").data["record"]["identification_number"] == "version 2"
    named = admitted.do(f"restore usb/{names[1]} --store named", today=None)
    assert (named.data["from"], named.data["lacking"]) == (names[1], 1)


def test_of_two_that_have_parted_a_person_names_the_one(admitted: "Desk", usb: Path) -> None:
    heads = admitted.key.with_name("key.heads")
    for what in (admitted.store, heads):
        shutil.copytree(what, admitted.folder / f"twin of {what.name}")
    changed(admitted, "here")
    first = backed_up(admitted)
    for what in (admitted.store, heads):
        shutil.rmtree(what)
        (admitted.folder / f"twin of {what.name}").rename(what)
    changed(admitted, "there")
    second = backed_up(admitted)
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (7, "restore/parted")
    assert first.name in told.page["error"]["message"]
    assert second.name in told.page["error"]["message"]
    admitted.do(f"restore usb/{second.name} --store again", today=None)


def test_what_a_restore_gave_up_is_older_than_what_came_after_it(admitted: "Desk", usb: Path) -> None:
    older = backed_up(admitted)
    for words in ("one", "two"):
        changed(admitted, words)
    given_up, number = backed_up(admitted), admitted.do("check").data["sheet"]["number"]
    shutil.rmtree(admitted.store)
    restored = admitted.do(f"restore usb/{older.name} --store house", today=None).data
    assert restored["lacking"] == 2
    assert restored["sheet"]["number"] > number
    assert admitted.do("check").data["sheet"]["number"] == restored["sheet"]["number"]
    after = backed_up(admitted)
    for place, name in ((older, "2359"), (given_up, "1200"), (after, "0001")):
        place.rename(usb / re.sub(r"(?<=-\d\d)T\d{4}.*", f"T{name}", place.name))
    newest = admitted.do("restore usb --store again", today=None).data
    assert newest["from"].endswith("T0001")
    assert newest["sheet"]["number"] == restored["sheet"]["number"]
    assert "store/repaired" in admitted.do("check --store again").codes("warn")
    (older,) = usb.glob("*T2359")
    told = admitted.refused(f"restore {older} --store last --number {number}", today=None)
    assert (told.code, told.error) == (6, "trust/behind-number")


def test_an_older_state_is_said_to_be_one_and_then_accepted(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    for words in ("one", "two"):
        admitted.do(f"admit {admitted.her}", {"identification_number": words})
    shutil.rmtree(admitted.store)
    answer = admitted.do("restore usb --store house", today=None)
    assert answer.data["lacking"] == 2
    assert answer.data["said"][0] == "2 changes that this computer saw are not in this backup."
    assert "works only with the restored store" in answer.data["said"][1]
    assert admitted.record()["identification_number"] == "KG-2026-118"
    admitted.do(f"admit {admitted.her}", {"identification_number": "three"})
    admitted.do("check")
    # What it did after that is remembered as before: an old copy put back by hand is still noticed.
    (older,) = usb.iterdir()
    shutil.rmtree(admitted.store)
    shutil.copytree(older, admitted.store)
    assert admitted.ask("list").error == "journal/rolled-back"


def test_a_backup_that_was_restored_to_try_it_gives_the_live_store_back(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    changed(admitted, "live")
    before = admitted.digest()
    asked = Terminal(admitted, today=None).run("restore usb --store tried", ["no"])
    assert "1 change that this computer saw is not in this backup." in asked.text
    assert asked.text.rstrip().endswith("Nothing was restored.")
    assert (asked.code, admitted.digest()) == (0, before)
    admitted.do("restore usb --store tried", today=None)
    admitted.do("list --store tried")
    told = admitted.refused("list")
    assert (told.code, told.error) == (6, "journal/rolled-back")
    assert "left when a backup was restored" in told.page["error"]["hint"]
    assert admitted.do("repair journal --give-up").data["repaired"]["lost"] == 1
    assert admitted.record()["identification_number"] == "live"
    changed(admitted, "on")
    assert admitted.refused("list --store tried").error == "journal/rolled-back"


def test_without_what_was_remembered_or_with_a_newer_state_nothing_is_said_to_lack(admitted: "Desk", usb: Path) -> None:
    heads = admitted.key.with_name("key.heads")
    shutil.copytree(heads, admitted.folder / "heads before")
    admitted.do(f"admit {admitted.her}", {"identification_number": "one"})
    backed_up(admitted)
    shutil.rmtree(heads)
    (admitted.folder / "heads before").rename(heads)
    assert admitted.do("restore usb --store newer", today=None).data["lacking"] is None
    shutil.rmtree(heads)
    assert admitted.do("restore usb --store alone", today=None).data["lacking"] is None
    assert list(heads.iterdir())


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_where_a_store_cannot_be_restored_to(admitted: "Desk", usb: Path) -> None:
    place = backed_up(admitted)
    (admitted.folder / "empty").mkdir()
    (admitted.folder / "link").symlink_to("empty")
    expected = {"house": "not-empty", "link": "not-empty", "key": "not-empty", f"usb/{place.name}/new": "within"}
    for target, code in expected.items():
        told = admitted.refused(f"restore usb --store {target}", today=None)
        assert (told.code, told.error) == (2, f"restore/{code}")
    told = admitted.ask("restore ../usb --store .", today=None, cwd=admitted.folder / "empty")
    assert (told.code, told.error) == (2, "restore/not-empty")
    nowhere = admitted.refused("restore usb", today=None, env={"SHELTERCTL_STORE": ""})
    assert (nowhere.code, nowhere.error) == (2, "restore/where")
    admitted.do("restore usb --store empty", today=None)


def test_where_no_backup_is(admitted: "Desk", usb: Path) -> None:
    for folder in ("usb", "absent", "key"):
        told = admitted.refused(f"restore {folder} --store again", today=None)
        assert (told.code, told.error) == (3, "restore/none")


def test_backups_of_two_stores_are_not_mistaken_for_each_other(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    admitted.do("init other --shelter osh --no-passphrase --recovery paper-of-osh --store other", today=None)
    admitted.do("backup usb --store other", today=None)
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (2, "restore/several")
    assert told.page["error"]["message"].count(" S") == 2


def test_a_key_that_does_not_open_it_restores_nothing(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    save_identity(admitted.folder / "another", create_identity(), None)
    for key, answer in {"another": (6, "trust/not-mine"), "absent": (5, "vault/no-key")}.items():
        told = admitted.refused(f"restore usb --store again --identity {key}", today=None)
        assert (told.code, told.error) == answer


def test_with_the_recovery_key_a_new_device_restores_and_reads(admitted: "Desk", usb: Path) -> None:
    new = admitted.folder / "new"
    new.mkdir()
    env = {"SHELTERCTL_STORE": str(new / "house"), "SHELTERCTL_IDENTITY": str(new / "key")}
    admitted.do("init new/house --shelter osh --no-passphrase --recovery paper", today=None, env=env)
    her = admitted.do("admit", REFERRAL, env=env).data["id"]
    admitted.do("backup usb", env=env, today=None)
    shutil.rmtree(new)
    paper = env | {"SHELTERCTL_IDENTITY": str(admitted.folder / "paper")}
    answer = admitted.do("restore usb --store new/house", env=paper, today=None)
    assert answer.data["opened"] == 5
    assert "This key opens the files but cannot change them" in answer.data["said"][-1]
    number = answer.data["sheet"]["number"]
    for copy, sheet, code in (("right", number, 0), ("beyond", number + 1, 6)):
        told = admitted.ask(f"restore usb --store new/{copy} --number {sheet}", env=paper, today=None)
        assert told.code == code
    (words,) = re.findall("(?m)^# words: (.*)$", (admitted.folder / "paper").read_text())
    admitted.do(f"restore usb --store new/words --words '{words}'", env=paper, today=None)
    told = admitted.refused("restore usb --store new/other --words 'anapa anapa anapa anapa'", env=paper, today=None)
    assert (told.code, told.error) == (6, "trust/other-words")
    assert admitted.do(f"show {her} --names", env=paper).data["record"]["identity"]["last_name"] == "Примерова"
    assert admitted.ask(f"admit {her}", {"identification_number": "x"}, env=paper).code == 5


YEAR = timedelta(days=365)


@pytest.mark.parametrize("wrong", [-YEAR, YEAR], ids=["a year back", "a year ahead"])
@pytest.mark.parametrize("restoring", [False, True])
def test_a_clock_that_is_wrong_is_told_at_the_next_write_and_by_check(
    restoring: bool, wrong: timedelta, admitted: "Desk", usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "store/clock-behind" if wrong < timedelta() else "store/clock-ahead"
    changed(admitted, "one")
    backed_up(admitted)
    assert clock_told(admitted.do("check", today=None)) == []
    monkeypatch.setattr(seating, "now_at", lambda offset: now_at(offset) + wrong)
    if restoring:
        shutil.rmtree(admitted.store)
        admitted.do("restore usb --store house", today=None)
    assert clock_told(admitted.ask("check", today=None)) == [code]
    assert clock_told(admitted.do(f"admit {admitted.her}", {"identification_number": "two"})) == [code]
    # From here on only somebody who was there knows which was wrong: what lies behind is told as long as it does.
    monkeypatch.setattr(seating, "now_at", lambda offset: now_at(offset) + min(wrong, timedelta()))
    assert clock_told(admitted.ask("check", today=None)) == ["store/clock-behind"]
    assert clock_told(admitted.do(f"admit {admitted.her}", {"identification_number": "three"})) == [
        "store/clock-behind"
    ]


def test_a_time_far_ahead_is_written_only_where_somebody_is_sure_of_it(
    admitted: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    """One write in 2099 used to be taken, and from then on every command said that the clock is behind."""
    changed(admitted, "one")
    monkeypatch.setattr(seating, "now_at", lambda offset: now_at(offset) + 73 * YEAR)
    told = admitted.refused(f"admit {admitted.her}", {"identification_number": "two"}, today=None)
    assert (told.code, told.error) == (7, "store/clock-ahead")
    assert "--as-of" in told.page["error"]["message"]
    assert admitted.ask("list", today=None).code == 0
    # A house that was closed for so long goes on: a script says the day.
    admitted.do(f"admit {admitted.her}", {"identification_number": "two"})
    assert clock_told(admitted.do(f"admit {admitted.her}", {"identification_number": "three"}, today=None)) == []


def test_a_time_that_was_wrong_counts_no_more_once_that_is_signed(
    admitted: "Desk", usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(admitted, "one")
    backed_up(admitted)
    number = admitted.ask("check", today=None).data["sheet"]["number"]
    assert "nothing has to be corrected" in admitted.do("check --clock", today=None).data["said"][0]
    assert admitted.ask("check", today=None).data["sheet"]["number"] == number
    with monkeypatch.context() as wrong:
        wrong.setattr(seating, "now_at", lambda offset: now_at(offset) + 73 * YEAR)
        admitted.do(f"admit {admitted.her}", {"identification_number": "two"})
    monkeypatch.setattr(seating, "now_at", now_at)
    assert clock_told(admitted.ask("check", today=None)) == ["store/clock-behind"]
    admitted.do("check --clock", today=None)
    for later in range(2):
        told = admitted.do("check", today=None)
        assert clock_told(told) == []
        assert told.data["sheet"]["number"] == number + 2 + later
        assert "are ignored when the clock" in told.finding("store/repaired")["message"]
        assert clock_told(admitted.do(f"admit {admitted.her}", {"identification_number": "three"}, today=None)) == []
    # What is dated later still, by whoever has a key, is told anew.
    with monkeypatch.context() as wrong:
        wrong.setattr(seating, "now_at", lambda offset: now_at(offset) + 73 * YEAR)
        admitted.do(f"admit {admitted.her}", {"identification_number": "four"})
    assert clock_told(admitted.ask("check", today=None)) == ["store/clock-behind"]
    # An older copy is found out by the heads, whatever was said of the clock.
    shutil.rmtree(admitted.store)
    shutil.copytree(next(usb.iterdir()), admitted.store)
    assert admitted.ask("list", today=None).code == 6


def clock_told(answer: "Answer") -> list[str]:
    """What is said of the clock."""
    return [code for code in answer.codes("warn") if code.startswith("store/clock")]


CANARY = "Канарейка"
TYPED = [
    "backup {}", "backup house/{}", "restore {}", "restore usb --store {}/x --identity {}", "restore {} --store usb",
    "restore usb --store house --identity {}", "check --recovery {}", "passphrase --identity {}",
    "backup usb --store {}", "passphrase --new-passphrase-fd {}", "backup usb {}",
]  # fmt: skip


@pytest.mark.parametrize("words", TYPED)
def test_no_refusal_repeats_a_word_that_was_typed(words: str, admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    before = admitted.digest()
    answer = admitted.run(words.replace("{}", CANARY), today=None)
    assert answer.code != 0
    assert CANARY not in answer.out + answer.err
    assert admitted.digest() == before


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_a_link_that_someone_laid_for_what_is_left_over_leads_nowhere(admitted: "Desk", usb: Path) -> None:
    place = backed_up(admitted)
    (admitted.folder / "elsewhere").mkdir()
    (admitted.folder / ".again.part").symlink_to("elsewhere")
    (usb / f".{place.name}.part").symlink_to("../elsewhere")
    admitted.do("restore usb --store again", today=None)
    backed_up(admitted)
    assert not (admitted.folder / "again").is_symlink()
    assert not list((admitted.folder / "elsewhere").iterdir())


Harm = Callable[[Path], object]


@pytest.fixture
def two(admitted: Desk, usb: Path) -> tuple[Path, Path]:
    """An older backup, and one with two changes more."""
    older = backed_up(admitted)
    changed(admitted, "one")
    changed(admitted, "two")
    return older, backed_up(admitted)


def flipped(path: Path, place: int = -40) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def journal_of(backup: Path) -> Path:
    (journal,) = (backup / "journal").iterdir()
    return journal


def a_bit_of_the_list(backup: Path) -> None:
    flipped(backup / "trust.jsonl")


def a_bit_of_the_journal(backup: Path) -> None:
    flipped(journal_of(backup))


def an_earlier_bit_of_the_journal(backup: Path) -> None:
    flipped(journal_of(backup), 300)


def the_end_of_the_journal(backup: Path) -> None:
    path = journal_of(backup)
    path.write_bytes(path.read_bytes()[:-200])


def no_journal(backup: Path) -> None:
    journal_of(backup).unlink()


def an_empty_journal(backup: Path) -> None:
    journal_of(backup).write_bytes(b"")


def no_list(backup: Path) -> None:
    (backup / "trust.jsonl").unlink()


def half_of_it(backup: Path) -> None:
    """As a stick that was pulled out while the files were copied by hand."""
    for name in ("trust.jsonl", "shelter.yaml", "journal"):
        (shutil.rmtree if (backup / name).is_dir() else Path.unlink)(backup / name)


def begun(backup: Path) -> None:
    """As a stick that was pulled out while the program made it."""
    half_of_it(backup)
    backup.rename(backup.with_name(f".{backup.name}.part"))


def renamed(backup: Path) -> None:
    backup.rename(backup.with_name("monday"))


def marked(backup: Path) -> None:
    backup.rename(backup.with_name(re.sub(r"(?<=-\d\d)(T\d{4}).*", r"\1-damaged", backup.name)))


def a_file_in_its_place(backup: Path) -> None:
    shutil.rmtree(backup)
    backup.write_bytes(b"")


def a_pipe_for_its_list(backup: Path) -> None:
    (backup / "trust.jsonl").unlink()
    os.mkfifo(backup / "trust.jsonl")


def a_link_in_its_place(backup: Path) -> None:
    backup.rename(backup.parent.parent / "elsewhere")
    backup.symlink_to("../elsewhere")


HARMS: dict[Harm, str] = {
    a_bit_of_the_list: "trust/changed",
    a_bit_of_the_journal: "journal/edited",
    an_earlier_bit_of_the_journal: "journal/edited",
    the_end_of_the_journal: "restore/half",
    no_journal: "restore/half",
    an_empty_journal: "restore/half",
    no_list: "trust/lost",
    half_of_it: "restore/half",
    begun: "restore/half",
    renamed: "restore/renamed",
    marked: "restore/marked",
    a_file_in_its_place: "restore/half",
}
OF_POSIX: dict[Harm, str] = {a_pipe_for_its_list: "disk/not-a-plain-file", a_link_in_its_place: "restore/half"}


def named_with(told: "Answer", code: str) -> None:
    assert (told.code, told.error) == (6, "restore/passed-over")
    (row,) = told.data["passed_over"]
    assert (row["reason"], row["may_be_newer"]) == (code, True)
    assert row["backup"] in told.page["error"]["message"]
    (found,) = told.page["findings"]
    assert (found["code"], found["facts"]["backup"]) == (code, row["backup"])
    assert row["backup"] in found["message"]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_newer_backup_that_cannot_be_taken_is_named_and_the_older_one_is_not_taken_for_it(
    harm: Harm, admitted: Desk, two: tuple[Path, Path]
) -> None:
    older, newer = two
    harm(newer)
    told = admitted.ask("restore usb --store again", today=None)
    named_with(told, HARMS[harm])
    assert f"is {older.name}:" in told.page["error"]["hint"]
    assert not (admitted.folder / "again").exists()
    assert admitted.do(f"restore usb/{older.name} --store again", today=None).data["lacking"] == 2


@pytest.mark.posix("pipes and links of POSIX", "windows/test_rights.py")
@pytest.mark.parametrize("harm", OF_POSIX, ids=lambda harm: harm.__name__)
def test_a_link_or_a_pipe_is_not_followed_and_named(harm: Harm, admitted: Desk, two: tuple[Path, Path]) -> None:
    harm(two[1])
    named_with(admitted.ask("restore usb --store again", today=None), OF_POSIX[harm])


ROTTEN = [
    a_bit_of_the_list, an_earlier_bit_of_the_journal, no_journal, no_list, half_of_it, begun, renamed, marked,
]  # fmt: skip


@pytest.mark.parametrize("harm", ROTTEN, ids=lambda harm: harm.__name__)
def test_an_older_one_that_has_nothing_more_stops_nobody_and_is_named(
    harm: Harm, admitted: Desk, two: tuple[Path, Path]
) -> None:
    older, newer = two
    if harm is not marked:  # what was sealed then is not what is named since, and may be anything
        shutil.rmtree(older)
        shutil.copytree(newer, older)
    harm(older)
    told = admitted.do("restore usb --store again", today=None)
    assert told.data["from"] == newer.name
    (row,) = told.data["passed_over"]
    assert (row["reason"], row["may_be_newer"]) == (HARMS[harm], False)
    assert [found["code"] for found in told.page["findings"]] == [HARMS[harm]]


def test_an_old_backup_with_a_bad_bit_stops_nobody(admitted: Desk, two: tuple[Path, Path]) -> None:
    older, newer = two
    a_bit_of_the_list(older)
    assert admitted.do("restore usb --store again", today=None).data["from"] == newer.name


@pytest.mark.parametrize("first", [True, False])
def test_neither_names_nor_the_order_of_a_folder_decide(
    first: bool, admitted: Desk, two: tuple[Path, Path], usb: Path
) -> None:
    older, newer = two
    for place, time in ((older, "1300"), (newer, "0001" if first else "2359")):
        place.rename(usb / re.sub(r"(?<=-\d\d)T\d{4}.*", f"T{time}", place.name))
    (broken,) = usb.glob("*0001" if first else "*2359")
    a_bit_of_the_list(broken)
    named_with(admitted.ask("restore usb --store again", today=None), "trust/changed")


def test_at_a_terminal_it_is_refused_too_in_plain_words(admitted: Desk, two: tuple[Path, Path]) -> None:
    older, newer = two
    a_bit_of_the_list(newer)
    told = Terminal(admitted, today=None).run("restore usb --store again --lang ru", [])
    assert told.code == 6
    assert newer.name in told.text
    assert older.name in told.text
    assert "Ничего не восстановлено" in told.text
    assert not (admitted.folder / "again").exists()


def test_where_none_can_be_taken_each_is_named(admitted: Desk, two: tuple[Path, Path]) -> None:
    for place in two:
        a_bit_of_the_list(place)
    told = admitted.ask("restore usb --store again", today=None)
    assert (told.code, told.error) == (6, "restore/passed-over")
    assert [row["backup"] for row in told.data["passed_over"]] == sorted(place.name for place in two)
    assert "there is no whole backup" in told.page["error"]["hint"]


@pytest.mark.posix("links of POSIX", "windows/test_rights.py")
def test_a_link_beside_the_backup_that_it_leads_to_is_that_backup(
    admitted: Desk, two: tuple[Path, Path], usb: Path
) -> None:
    (usb / "latest").symlink_to(two[1].name)
    told = admitted.do("restore usb --store again", today=None)
    assert (told.data["from"], "passed_over" in told.data) == (two[1].name, False)


def test_a_damaged_one_of_another_store_is_none_of_ours(admitted: Desk, two: tuple[Path, Path], usb: Path) -> None:
    admitted.do("init other --shelter osh --no-passphrase --recovery paper-of-osh --store other", today=None)
    place = Path(admitted.folder, admitted.do("backup usb --store other", today=None).data["folder"])
    marked(place)
    told = admitted.do("restore usb --store again", today=None)
    assert (told.data["from"], "passed_over" in told.data) == (two[1].name, False)


def test_the_next_one_is_named_where_files_of_the_newest_are_damaged(admitted: Desk, two: tuple[Path, Path]) -> None:
    older, newer = two
    flipped(newer / "residents" / f"{admitted.her}.yaml.age")
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (6, "restore/damaged")
    assert f"the next backup, {older.name};" in told.page["error"]["hint"]
    assert "lacks: 2" in told.page["error"]["hint"]
    named = admitted.refused(f"restore usb/{newer.name} --store again", today=None)
    assert "Use another backup" in named.page["error"]["hint"]


def test_a_restore_that_was_interrupted_beside_the_backups_is_not_taken_for_one(
    admitted: Desk, two: tuple[Path, Path], usb: Path
) -> None:
    shutil.copytree(two[0], usb / ".again.part")
    (usb / ".again.part" / "trust.jsonl").unlink()
    assert admitted.do("restore usb --store usb/again", today=None).data["from"] == two[1].name


def test_a_file_is_not_put_back_in_an_older_version_while_a_damaged_backup_may_have_the_newer(
    admitted: Desk, two: tuple[Path, Path]
) -> None:
    older, newer = two
    record = f"residents/{admitted.her}.yaml.age"
    for place in (newer, admitted.store):
        flipped(place / record)
    before = files(admitted.store)
    told = admitted.refused(f"repair {admitted.her} --from usb")
    assert (told.code, told.error) == (6, "repair/passed-over")
    assert newer.name in told.page["error"]["message"]
    assert f"{older.name} (" not in told.page["error"]["message"]
    assert files(admitted.store) == before
    assert admitted.do(f"repair {admitted.her} --from usb/{older.name}").data["repaired"]["lost"] == 2


def test_a_file_is_put_back_out_of_half_a_backup_where_it_is_the_newest(admitted: Desk, two: tuple[Path, Path]) -> None:
    half_of_it(two[1])
    flipped(admitted.store / f"residents/{admitted.her}.yaml.age")
    assert admitted.do(f"repair {admitted.her} --from usb").data["repaired"]["lost"] == 0
    assert admitted.record()["identification_number"] == "two"


@pytest.mark.usefixtures("_empty")
def test_no_older_list_is_put_back_while_a_damaged_one_may_be_the_newer(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    (tmp_path / "usb").mkdir()
    older = backed_up(desk)
    desk.do("staff add s-aida --role psychologist")
    desk.do("trust --join --recovery paper --identity second --no-passphrase --staff s-aida")
    newer = backed_up(desk)
    shutil.rmtree(desk.key.with_name("key.heads"))
    (desk.store / "trust.jsonl").unlink()
    a_bit_of_the_list(newer)
    told = desk.refused("repair --trust --from usb")
    assert (told.code, told.error) == (6, "repair/passed-over")
    assert newer.name in told.page["error"]["message"]
    assert not (desk.store / "trust.jsonl").exists()
    assert desk.do(f"repair --trust --from usb/{older.name}").data["repaired"]["statements"] == 1


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_no_line_is_given_up_while_a_journal_of_a_backup_cannot_be_read(admitted: Desk, two: tuple[Path, Path]) -> None:
    older, newer = two
    path = journal_of(newer)
    path.rename(admitted.folder / "elsewhere")
    path.symlink_to("../../../elsewhere")
    shutil.copy(journal_of(older), journal_of(admitted.store))
    told = admitted.refused("repair journal --give-up --from usb")
    assert (told.code, told.error) == (6, "repair/passed-over")
    assert newer.name in told.page["error"]["message"]
    assert admitted.do(f"repair journal --give-up --from usb/{older.name}").data["repaired"]["lost"] == 2
