"""A store lost and put back: the newest good backup, with a key that opens it, to where nothing is."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from backups import backed_up, files

from shelterctl import identity

if TYPE_CHECKING:
    from conftest import Desk

ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"


def test_a_store_that_was_deleted_is_restored_and_goes_on(admitted: "Desk", usb: Path) -> None:
    known, place = admitted.record(), backed_up(admitted)
    shutil.rmtree(admitted.store)
    assert admitted.ask("list").code == 3
    answer = admitted.do("restore usb --store house", today=None)
    assert answer.data | {"said": 0} == {
        "from": place.name, "folder": "house", "clients": 1, "files": len(files(place)),
        "bytes": sum(path.stat().st_size for path in place.rglob("*") if path.is_file()),
        "opened": len(files(place)) - 1, "lacking": None, "said": 0,
    }  # fmt: skip
    assert files(admitted.store) == files(place)
    assert admitted.record() == known
    assert admitted.do("check").data["records"] == 1
    admitted.do(f"admit {admitted.her}", {"identification_number": "and on"})
    assert admitted.record()["identification_number"] == "and on"
    assert {path.stat().st_mode & 0o777 for path in admitted.store.rglob("*.age")} == {0o600}


def test_the_newest_of_several_is_taken_and_one_that_is_named(admitted: "Desk", usb: Path) -> None:
    first = backed_up(admitted)
    names = [re.sub(r"T\d{4}", f"T{time}", first.name) for time in ("0001", "2359", "2359-2", "2359-10")]
    for number, name in enumerate(names):
        admitted.do(f"admit {admitted.her}", {"identification_number": f"version {number}"})
        shutil.rmtree(first, ignore_errors=True)
        backed_up(admitted).rename(usb / name)
    (usb / "photographs").mkdir()
    newest = admitted.do("restore usb --store again", today=None)
    assert newest.data["from"] == names[-1]
    assert admitted.do(f"show {admitted.her} --store again").data["record"]["identification_number"] == "version 3"
    named = admitted.do(f"restore usb/{names[1]} --store named", today=None)
    assert named.data["from"] == names[1]


def test_an_older_state_is_said_to_be_one_and_then_accepted(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    for words in ("one", "two"):
        admitted.do(f"admit {admitted.her}", {"identification_number": words})
    shutil.rmtree(admitted.store)
    answer = admitted.do("restore usb --store house", today=None)
    assert answer.data["lacking"] == 2
    assert "2 changes that were saved after it are not in it" in answer.data["said"][1]
    assert admitted.record()["identification_number"] == "KG-2026-118"
    admitted.do(f"admit {admitted.her}", {"identification_number": "three"})
    admitted.do("check")
    # What it did after that is remembered as before: an old copy put back by hand is still noticed.
    (older,) = usb.iterdir()
    shutil.rmtree(admitted.store)
    shutil.copytree(older, admitted.store)
    assert admitted.ask("list").error == "journal/rolled-back"


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
    admitted.do("init other --shelter osh --no-passphrase --store other", today=None)
    admitted.do("backup usb --store other", today=None)
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (2, "restore/several")
    assert told.page["error"]["message"].count(" S") == 2


def test_a_key_that_does_not_open_it_restores_nothing(admitted: "Desk", usb: Path) -> None:
    backed_up(admitted)
    identity.save(admitted.folder / "another", identity.make(), None)
    for key, code in (("another", "vault/not-a-recipient"), ("absent", "vault/no-key")):
        told = admitted.refused(f"restore usb --store again --identity {key}", today=None)
        assert (told.code, told.error) == (5, code)


def test_with_the_recovery_key_a_new_device_restores_and_reads(admitted: "Desk", usb: Path) -> None:
    new = admitted.folder / "new"
    new.mkdir()
    env = {"SHELTERCTL_STORE": str(new / "house"), "SHELTERCTL_IDENTITY": str(new / "key")}
    admitted.do("init new/house --shelter osh --no-passphrase --recovery paper", today=None, env=env)
    her = admitted.do("admit", ACCEPTED / "referral.yaml", env=env).data["id"]
    admitted.do("backup usb", env=env, today=None)
    shutil.rmtree(new)
    paper = env | {"SHELTERCTL_IDENTITY": str(admitted.folder / "paper")}
    answer = admitted.do("restore usb --store new/house", env=paper, today=None)
    assert answer.data["opened"] == 4
    assert "This key opens the files and cannot change them" in answer.data["said"][1]
    assert admitted.do(f"show {her}", env=paper).data["record"]["identity"]["last_name"] == "Примерова"
    assert admitted.ask(f"admit {her}", {"identification_number": "x"}, env=paper).code == 5


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


def test_a_link_that_someone_laid_for_what_is_left_over_leads_nowhere(admitted: "Desk", usb: Path) -> None:
    place = backed_up(admitted)
    (admitted.folder / "elsewhere").mkdir()
    (admitted.folder / ".again.part").symlink_to("elsewhere")
    (usb / f".{place.name}.part").symlink_to("../elsewhere")
    admitted.do("restore usb --store again", today=None)
    backed_up(admitted)
    assert not (admitted.folder / "again").is_symlink()
    assert not list((admitted.folder / "elsewhere").iterdir())
