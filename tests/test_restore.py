"""A store lost and put back: the newest good backup, with a key that opens it, to where nothing is."""

import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from backups import backed_up, files
from gate import REFERRAL
from terminal import At

from shelterctl import session as seating
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.session import now_at

if TYPE_CHECKING:
    from conftest import Desk
    from started import Answer


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"


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
        names.append(re.sub(r"T\d{4}.*", f"T{time}", (place := backed_up(admitted)).name))
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
        place.rename(usb / re.sub(r"T\d{4}.*", f"T{name}", place.name))
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
    assert "works with the restored store alone" in answer.data["said"][1]
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
    asked = At(admitted, today=None).run("restore usb --store tried", ["no"])
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
    assert "This key opens the files and cannot change them" in answer.data["said"][-1]
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
    """One write in 2099 used to be taken, and from then on every command said that the clock is behind (K26)."""
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
    assert "nothing to put right" in admitted.do("check --clock", today=None).data["said"][0]
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
        assert "counts no more" in told.finding("store/repaired")["message"]
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
