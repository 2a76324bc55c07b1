"""Backups that cannot be taken as they are: named with the reason, and nothing older is taken in their place unseen."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from backups import backed_up, files
from conftest import Desk
from terminal import At

if TYPE_CHECKING:
    from started import Answer


Harm = Callable[[Path], object]


def changed(desk: Desk, words: str) -> None:
    desk.do(f"admit {desk.her}", {"identification_number": words})


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
    backup.rename(backup.with_name(re.sub(r"(T\d{4}).*", r"\1-damaged", backup.name)))


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
        place.rename(usb / re.sub(r"T\d{4}.*", f"T{time}", place.name))
    (broken,) = usb.glob("*0001" if first else "*2359")
    a_bit_of_the_list(broken)
    named_with(admitted.ask("restore usb --store again", today=None), "trust/changed")


def test_at_a_terminal_it_is_refused_too_in_plain_words(admitted: Desk, two: tuple[Path, Path]) -> None:
    older, newer = two
    a_bit_of_the_list(newer)
    told = At(admitted, today=None).run("restore usb --store again --lang ru", [])
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
    assert "no whole backup lies there" in told.page["error"]["hint"]


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
    assert f"the next one, {older.name};" in told.page["error"]["hint"]
    assert "lacks: 2" in told.page["error"]["hint"]
    named = admitted.refused(f"restore usb/{newer.name} --store again", today=None)
    assert "Take another backup" in named.page["error"]["hint"]


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
