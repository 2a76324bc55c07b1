"""What lies open that should not: a key in the store or for others to read, a link, a name in the clear journal."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity, save_identity
from shelterctl.identity.keys import create_identity, create_recovery_key
from shelterctl.platform.writing import is_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.desk import Desk


SUSPECTS = {"key", "store", "disk", "journal", "vault", "trust", "staff"}
NOBODYS = "aigul-primerova"
"""A code that is a name, as somebody may type it."""


def told(desk: "Desk", words: str = "check") -> list[str]:
    """What is said of the store and the key, not of clients."""
    return [code for code in desk.ask(words).codes("warn") if code.partition("/")[0] in SUSPECTS]


def test_a_store_and_a_key_as_they_are_made_are_told_nothing_of(desk: "Desk") -> None:
    assert told(desk) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_key_that_others_can_read_or_change_is_told(mode: int, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(0o600)
    assert is_private(key)
    key.chmod(mode)
    assert not is_private(key)


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
def test_check_says_that_others_can_read_the_key(desk: "Desk") -> None:
    desk.key.chmod(0o644)
    assert told(desk) == ["key/readable"]
    assert "chmod 600" in desk.ask("check").finding("key/readable")["message"]


@pytest.mark.parametrize("place", ["house", "house/residents", "usb/copy/deep"])
def test_a_key_in_a_store_or_in_a_copy_of_one_is_told_once(place: str, desk: "Desk") -> None:
    shutil.copytree(desk.store, desk.folder / "usb/copy")
    (desk.folder / place).mkdir(exist_ok=True)
    desk.key = desk.key.rename(desk.folder / place / "key")
    assert sorted(told(desk)) == ["key/in-store", "trust/no-memory"]


def test_a_key_that_somebody_left_in_the_store_is_no_mere_stranger(desk: "Desk", tmp_path: Path) -> None:
    save_identity(tmp_path / "sealed", create_identity(), "six words", work_factor=2)
    shutil.copy(tmp_path / "sealed", desk.store / "sealed")
    (desk.store / "residents/paper.txt").write_text(f"# recovery\n{create_recovery_key().key.lower()}\n")
    (desk.store / "residents/in-groups.txt").write_text(create_recovery_key().key.replace("-", " - "))
    (desk.store / "residents/other.txt").write_text("AGE")
    assert sorted(told(desk)) == ["store/key", "store/key", "store/key", "store/stranger"]


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
@pytest.mark.parametrize("place", [".lock", "set-aside", "registers"])
def test_a_link_where_the_stores_own_should_be_is_told(place: str, desk: "Desk", tmp_path: Path) -> None:
    (desk.store / place).unlink(missing_ok=True)
    (desk.store / place).symlink_to(tmp_path)
    assert told(desk) == ["store/link"]


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_a_store_that_is_not_believed_is_told_all_that_is_wrong_with_it(admitted: "Desk") -> None:
    journal = next(admitted.store.glob("journal/*.jsonl"))
    journal.rename(admitted.folder / "away")
    journal.symlink_to(admitted.folder / "away")
    (admitted.store / ".lock").unlink()
    (admitted.store / ".lock").symlink_to(admitted.folder)
    admitted.key.chmod(0o644)
    answer = admitted.ask("check")
    assert (answer.code, answer.error) == (6, "disk/not-a-plain-file")
    assert told(admitted) == ["key/readable", "store/link"]


def test_a_damaged_list_hides_no_journal_that_is_damaged_too(admitted: "Desk") -> None:
    journal = next(admitted.store.glob("journal/*.jsonl"))
    for path in (admitted.store / "trust.jsonl", journal):
        os.link(path, admitted.folder / f"second-name-of-{path.name}")
    answer = admitted.ask("check")
    assert (answer.code, answer.error) == (6, "disk/not-a-plain-file")
    assert answer.page["error"]["message"].startswith("trust.jsonl")
    (found,) = answer.page["findings"]
    assert found["message"].startswith(journal.name)


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_a_key_that_is_a_link_is_said_to_be_one(desk: "Desk") -> None:
    desk.key.rename(desk.folder / "elsewhere")
    desk.key.symlink_to("elsewhere")
    answer = desk.ask("list")
    assert (answer.code, answer.error) == (5, "key/link")


@pytest.mark.parametrize(
    ("named", "code", "error"),
    [
        ("shelter.yaml", 6, "store/part"),
        ("trust.jsonl", 6, "disk/not-a-plain-file"),
        ("journal/*.jsonl", 6, "disk/not-a-plain-file"),
        ("residents/*.age", 6, "store/part"),
        ("../key", 5, "key/link"),
    ],
)
def test_a_folder_in_the_place_of_a_file_is_told_to_be_one(named: str, code: int, error: str, admitted: "Desk") -> None:
    (path,) = admitted.store.glob(named)
    path.unlink()
    path.mkdir()
    answer = admitted.ask("list")
    assert (answer.code, answer.error) == (code, error)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda line: line[:-1] + ("Q" if line[-1] != "Q" else "P"),
        lambda line: line[:-1],
        lambda line: line[:20] + "1B" + line[22:],
        lambda line: line.lower().replace("secret", "sekret"),
        lambda line: line.replace("SECRET", "SECET"),
        lambda line: line.replace("AGE", "\N{CYRILLIC CAPITAL LETTER A}GE"),
        lambda line: line.replace("KEY", "KEJ"),
        lambda line: line[:-1].replace("-", " - "),
    ],
)
def test_a_wrong_letter_of_a_key_is_said_to_be_one(tmp_path: Path, wrong: "Callable[[str], str]") -> None:
    typed = wrong(create_recovery_key().key)
    (tmp_path / "paper").write_text(typed, "utf-8")
    with pytest.raises(CannotOpen) as trouble:
        load_identity(tmp_path / "paper", None)
    assert trouble.value.code == "key/misspelt"
    assert typed[17:] not in repr(trouble.value)


@pytest.mark.parametrize(
    "other",
    [
        "AGE-PLUGIN-YUBIKEY-1QQPQ",
        "her file",
        "KEY-1",
        "",
        "her file\nAGE-SECRET-KEY-1Q",
        "AGE-SECRET-KEY-1Q\nAGE-SECRET-KEY-1P",
    ],
)
def test_what_was_never_meant_for_a_key_is_not_called_misspelt(tmp_path: Path, other: str) -> None:
    (tmp_path / "paper").write_text(other, "utf-8")
    with pytest.raises(CannotOpen) as trouble:
        load_identity(tmp_path / "paper", None)
    assert trouble.value.code == "vault/bad-identity"


def test_an_unregistered_code_is_kept_sealed_and_told(admitted: "Desk") -> None:
    answer = admitted.do(f"admit {admitted.her} --done orientation --staff {NOBODYS}")
    assert answer.codes("warn") == ["staff/unregistered"]
    assert admitted.record()["stays"][0]["done"][-1]["recorded_by"] == NOBODYS
    in_clear = [path for path in admitted.store.rglob("*") if path.is_file() and not path.name.endswith(".age")]
    assert not [path.name for path in in_clear if NOBODYS in path.read_text("utf-8")]
    line = json.loads(next(admitted.store.glob("journal/*.jsonl")).read_text("utf-8").splitlines()[-1])
    assert (line["did"], line["by"]) == ("admit", "manager")


def test_a_registered_code_stands_in_the_journal(admitted: "Desk") -> None:
    assert admitted.do(f"admit {admitted.her} --done orientation --staff s-aida").codes("warn") == []
    line = json.loads(next(admitted.store.glob("journal/*.jsonl")).read_text("utf-8").splitlines()[-1])
    assert line["by"] == "s-aida"


def test_whoever_gives_the_staff_up_is_not_put_into_it_by_an_unregistered_code(admitted: "Desk") -> None:
    (admitted.store / "staff.yaml").write_text("x")
    admitted.do(f"repair staff.yaml --give-up --reason-code no_backup --staff {NOBODYS}")
    assert NOBODYS not in (admitted.store / "staff.yaml").read_text("utf-8")


def test_a_backup_by_a_computer_that_remembers_nothing_or_beside_the_key_says_so(desk: "Desk") -> None:
    (desk.folder / "usb").mkdir()
    assert told(desk, "backup usb") == []
    shutil.rmtree(desk.key.with_name("key.heads"))
    assert told(desk, f"backup {desk.folder}") == ["trust/no-memory", "key/beside-backups"]


def test_what_was_laid_aside_goes_along_with_a_backup_and_back(desk: "Desk") -> None:
    (desk.store / "set-aside").mkdir()
    (desk.store / "set-aside/0123456789abcdef-x.yaml.age~2").write_bytes(b"damaged")
    (desk.store / "set-aside/link").symlink_to("/dev/zero")
    (desk.folder / "usb").mkdir()
    made = desk.folder / desk.do("backup usb").data["folder"]
    assert [path.read_bytes() for path in (made / "set-aside").iterdir()] == [b"damaged"]
    desk.do("restore usb --store again")
    assert (desk.folder / "again/set-aside/0123456789abcdef-x.yaml.age~2").read_bytes() == b"damaged"
