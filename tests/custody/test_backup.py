"""A store copied, wherever it may go, also onto the stick that is in; nothing bad takes the place of what is good."""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from shelterctl.custody import safeguards
from shelterctl.identity.key_file import change_passphrase
from shelterctl.platform.drives import removable_mounts
from shelterctl.store.folder import BACKUP_FOLDER_NAME
from tests.support.processes import patience
from tests.support.stores import backed_up, files, seat
from tests.support.terminal import BACKUP

if TYPE_CHECKING:
    from tests.support.desk import Desk


PHRASE = "orchard lantern river"


@pytest.mark.posix("the bits of POSIX", "windows/test_rights.py")
def test_a_backup_is_the_store_as_it_lies_counted_and_in_a_folder_of_its_own(admitted: "Desk", usb: Path) -> None:
    store = files(admitted.store)
    answer = admitted.do("backup usb", today=None)
    place = Path(admitted.folder, answer.data["folder"])
    assert files(place) == store == files(admitted.store)
    size = sum((place / name).stat().st_size for name in store)
    assert (answer.data["clients"], answer.data["files"], answer.data["bytes"]) == (1, len(store), size)
    for path in place.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert BACKUP_FOLDER_NAME.fullmatch(place.name)
    assert str(datetime.now().year) in place.name
    assert list(usb.iterdir()) == [place]
    second = backed_up(admitted)
    assert second != place
    assert files(second) == files(place) == store
    assert "the same disk" in answer.out
    number = answer.data["sheet"]["number"]
    assert number == admitted.do("trust").data["sheet"]["number"]
    assert admitted.do("check").data["sheet"]["number"] == number


def test_it_needs_no_passphrase_and_takes_no_key_and_nothing_that_is_not_the_stores(
    admitted: "Desk", usb: Path
) -> None:
    change_passphrase(admitted.key, lambda: "", lambda: PHRASE, work_factor=10)
    shutil.copy(admitted.key, admitted.store / "key")
    (admitted.store / "residents" / "her name.txt").write_text("Айгуль")
    (admitted.store / "residents" / "copy.yaml.age").write_text("Айгуль")
    (admitted.store / ".git").mkdir()
    place = Path(admitted.folder, admitted.do("backup usb").data["folder"])
    assert set(files(place)) == set(files(admitted.store)) - {
        "key",
        "residents/her name.txt",
        "residents/copy.yaml.age",
    }
    assert not [path for path in place.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]


def test_this_device_knows_when_it_was_made(admitted: "Desk", usb: Path) -> None:
    assert safeguards.last_backup_day(seat(admitted)) is None
    place = backed_up(admitted)
    made = BACKUP_FOLDER_NAME.fullmatch(place.name)
    assert made
    assert safeguards.last_backup_day(seat(admitted)) == date.fromisoformat(made["made"][:10])
    note = admitted.key.with_name("key.heads")
    (file,) = note.glob("*.copies")
    file.write_text("once upon a time\n{}\n[[")
    assert safeguards.last_backup_day(seat(admitted)) is None


def test_where_it_cannot_go(admitted: "Desk", usb: Path) -> None:
    (admitted.store / "inside").mkdir()
    (usb / "link").symlink_to(admitted.store)
    for place in ("house", "house/inside", "usb/link", "."):
        told = admitted.ask(f"backup {place}", today=None, cwd=admitted.store if place == "." else admitted.folder)
        assert (told.code, told.error) == (2, "backup/inside")
    (admitted.store / "inside").rmdir()
    for place in ("absent", "key"):
        told = admitted.refused(f"backup {place}", today=None)
        assert (told.code, told.error) == (2, "backup/no-folder")
    assert safeguards.last_backup_day(seat(admitted)) is None
    assert list(usb.iterdir()) == [usb / "link"]


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_on_a_full_disk_nothing_is_left_and_nothing_remembered(admitted: "Desk", usb: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    told = admitted.run("backup usb --json", today=None, preexec_fn=limited)
    assert (told.code, told.error) == (8, "disk/full")
    assert not list(usb.iterdir())
    assert safeguards.last_backup_day(seat(admitted)) is None


@pytest.mark.posix("the lock held by this process of POSIX", "windows/test_two.py")
def test_while_another_command_is_at_work_it_waits_and_then_says_so(admitted: "Desk", usb: Path) -> None:
    code = "import filelock, sys; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print(flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, admitted.store / ".lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert admitted.ask("backup usb", today=None).code == 7
    holder.communicate(b"\n")
    assert not list(usb.iterdir())
    backed_up(admitted)


def test_what_was_saved_and_not_yet_in_its_place_is_in_the_backup_and_half_a_line_is_not(
    admitted: "Desk", usb: Path
) -> None:
    file = admitted.store / f"residents/{admitted.her}.yaml.age"
    before = file.read_bytes()
    admitted.do(f"admit {admitted.her}", {"identification_number": "later"})
    version = hashlib.sha256(file.read_bytes()).hexdigest()
    whole = files(admitted.store)
    file.rename(file.with_name(f".{file.name}.{version[:16]}.tmp"))
    file.write_bytes(before)
    (journal,) = admitted.store.glob("journal/*.jsonl")
    with journal.open("ab") as tail:
        tail.write(b'{"seq":99,"pre')
    assert files(backed_up(admitted)) == whole


def a_byte(desk: "Desk") -> str:
    file = desk.store / f"residents/{desk.her}.yaml.age"
    *sealed, last = file.read_bytes()
    file.write_bytes(bytes([*sealed, last ^ 1]))
    return f"residents/{desk.her}.yaml.age"


def gone(desk: "Desk") -> str:
    (desk.store / f"residents/{desk.her}.yaml.age").unlink()
    return f"residents/{desk.her}.yaml.age"


def a_stranger(desk: "Desk") -> str:
    shutil.copy(desk.store / "directory.yaml.age", desk.store / "residents/0000-0000.yaml.age")
    return "residents/0000-0000.yaml.age"


def a_key(desk: "Desk") -> str:
    file = desk.store / "staff.yaml"
    file.write_text(file.read_text().replace("since:", "since :"))
    return "staff.yaml"


def no_staff(desk: "Desk") -> str:
    (desk.store / "staff.yaml").write_text("")
    return "staff.yaml"


def no_list(desk: "Desk") -> str:
    (desk.store / "trust.jsonl").unlink()
    return "trust.jsonl"


def a_list(desk: "Desk") -> str:
    file = desk.store / "trust.jsonl"
    file.write_text(file.read_text().replace('"manager"', '"manages"'))
    return "trust.jsonl"


def a_line(desk: "Desk") -> str:
    (journal,) = desk.store.glob("journal/*.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join([*lines[:2], *lines[3:]]))
    return f"journal/{journal.name}"


def an_old_folder(desk: "Desk") -> str:
    shutil.copytree(desk.store, desk.folder / "old")
    desk.do(f"admit {desk.her}", {"identification_number": "later"})
    shutil.rmtree(desk.store)
    (desk.folder / "old").rename(desk.store)
    (journal,) = desk.store.glob("journal/*.jsonl")
    return f"journal/{journal.name}"


HARMS = [a_byte, gone, a_stranger, a_key, no_staff, no_list, a_list, a_line, an_old_folder]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_store_is_copied_told_and_takes_the_place_of_no_good_backup(
    admitted: "Desk", usb: Path, harm: Callable[["Desk"], str]
) -> None:
    good = backed_up(admitted)
    whole, day = files(good), safeguards.last_backup_day(seat(admitted))
    place = harm(admitted)
    told = admitted.ask("backup usb", today=None)
    assert (told.code, told.error) == (6, "backup/damaged")
    assert place in told.page["error"]["message"]
    (bad,) = set(usb.iterdir()) - {good}
    assert "-damaged" in bad.name
    assert bad.name in told.page["error"]["message"]
    assert files(good) == whole
    assert set(files(bad)) == set(files(admitted.store))
    shutil.rmtree(admitted.store)
    assert admitted.do("restore usb --store house", today=None).data["from"] == good.name
    admitted.do("list")
    assert safeguards.last_backup_day(seat(admitted)) == day
    if harm is not an_old_folder:  # which is whole in itself, and only older
        named = admitted.ask(f"restore usb/{bad.name} --store again", today=None)
        assert (named.code, named.error) == (6, "restore/damaged")
        assert not (admitted.folder / "again").exists()


def test_only_a_damaged_backup_is_none(admitted: "Desk", usb: Path) -> None:
    a_byte(admitted)
    admitted.ask("backup usb", today=None)
    (bad,) = usb.iterdir()
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (6, "restore/passed-over")
    assert bad.name in told.page["error"]["message"]
    assert "there is no whole backup" in told.page["error"]["hint"]
    told = admitted.refused(f"restore usb/{bad.name} --store again", today=None)
    assert (told.code, told.error) == (6, "restore/damaged")
    assert "Use another backup" in told.page["error"]["hint"]


def test_a_backup_can_be_read_where_it_lies_and_is_not_written_into(admitted: "Desk", usb: Path) -> None:
    place = backed_up(admitted)
    before = files(place)
    assert admitted.do(f"show {admitted.her} --store usb/{place.name}").data["record"]["id"] == admitted.her
    told = admitted.ask(
        f"admit {admitted.her}", {"identification_number": "x"}, cwd=place, env={"SHELTERCTL_STORE": ""}
    )
    assert (told.code, told.error) == (2, "vault/backup")
    assert files(place) == before


def test_the_journal_of_a_backup_speaks_of_every_file_in_it(admitted: "Desk", usb: Path) -> None:
    """So that whoever has stock tools only can verify it: each last hash is the sha256 of the file."""
    place = backed_up(admitted)
    (journal,) = place.glob("journal/*.jsonl")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    said = {line["file"]: line["now"] for line in lines}
    found = files(place)
    assert found == said | {name: found[name] for name in (f"journal/{journal.name}", "trust.jsonl")}
    root = (place / "trust.jsonl").read_bytes().splitlines()[0]
    assert lines[0]["prev"] == hashlib.sha256(root).hexdigest()


MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
/dev/sda2 /media ext4 rw 0 0
/dev/sdb1 /media/aida/STICK\\0401 vfat rw,nosuid 0 0
/dev/sdc1 /run/media/aida/\u041a\u043e\u043f\u0438\u0438 exfat rw 0 0
tmpfs /run/mediate tmpfs rw 0 0
broken
"""
PLUGGED = 'mount -t tmpfs none /media && mkdir "/media/STICK 1" && mount -t tmpfs none "/media/STICK 1" && exec "$@"'
"""A stick as the desktop of Linux opens it, seen by one program alone."""


def test_what_a_desktop_opened_is_a_stick_and_nothing_else() -> None:
    assert list(removable_mounts(MOUNTS)) == [Path("/media/aida/STICK 1"), Path("/run/media/aida/Копии")]


def alone(*command: str) -> list[str]:
    """The command in a world in which a stick is in."""
    return ["unshare", "-rm", "sh", "-c", PLUGGED, "sh", *command]


@pytest.fixture
def plugged() -> None:
    """Some machines let nobody mount anything, not even for himself: there only the list above is held."""
    try:
        subprocess.run(alone("true"), check=True, capture_output=True, timeout=patience())
    except subprocess.CalledProcessError:
        pytest.skip("nothing can be mounted here")


@pytest.mark.program("unshare", "mount")
@pytest.mark.usefixtures("plugged")
def test_the_stick_that_is_in_is_offered_and_holds_the_backup(admitted: "Desk") -> None:
    command, *words = alone(sys.executable, "-m", "shelterctl")
    env = {**admitted.env, "TERM": "xterm", "SHELTERCTL_LANG": "en"}
    child = pexpect.spawn(
        command, words, env=env, cwd=str(admitted.folder), encoding="utf-8", timeout=patience(), dimensions=(24, 80)
    )
    child.expect("leave and close the program")
    child.sendline(BACKUP)
    child.expect("1 onto the connected stick: /media/STICK 1")
    child.sendline("1")
    child.expect("The backup is made")
    child.expect("Enter goes back")
    (copy,) = Path(f"/proc/{child.pid}/root/media/STICK 1").iterdir()
    assert {each.name for each in copy.iterdir()} >= {"shelter.yaml", "residents", "journal"}
    child.close(force=True)
