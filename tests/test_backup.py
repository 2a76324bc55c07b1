"""A store copied, lost and put back: nothing half is taken for whole, nothing bad takes the place of what is good."""

import errno
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from faults import Fault, Strike, kill, kill_half_way, refuse

from shelterctl import errors, identity
from shelterctl.act import reminder
from shelterctl.cli import backup as making
from shelterctl.cli import restore as putting
from shelterctl.desk import Desk as Seat
from shelterctl.store import BACKUP

if TYPE_CHECKING:
    from conftest import Desk

ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
PHRASE = "orchard lantern river"


def files(folder: Path) -> dict[str, str]:
    """Every file of a store by its hash, but for the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture
def usb(admitted: "Desk") -> Path:
    """Another disk."""
    usb = admitted.folder / "usb"
    usb.mkdir()
    return usb


@pytest.fixture
def quick(admitted: "Desk") -> Iterator["Desk"]:
    """The same desk in memory, and another disk beside it: the disk is slow, and not what is looked for."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(admitted.folder, Path(folder, "desk"))
        (Path(folder, "desk") / "usb").mkdir()
        yield type(admitted)(Path(folder, "desk"), admitted.her)


def backed_up(desk: "Desk") -> Path:
    return Path(desk.folder, desk.do("backup usb", today=None).data["folder"])


def seat(desk: "Desk", store: Path | None = None) -> Seat:
    return Seat({"shelterctl.identity": str(desk.key), "shelterctl.store": str(store or desk.store)})


def test_a_backup_is_the_store_as_it_lies_counted_and_in_a_folder_of_its_own(admitted: "Desk", usb: Path) -> None:
    store = files(admitted.store)
    answer = admitted.do("backup usb", today=None)
    place = Path(admitted.folder, answer.data["folder"])
    assert files(place) == store == files(admitted.store)
    size = sum((place / name).stat().st_size for name in store)
    assert (answer.data["clients"], answer.data["files"], answer.data["bytes"]) == (1, len(store), size)
    for path in place.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert BACKUP.fullmatch(place.name)
    assert str(datetime.now().year) in place.name
    assert list(usb.iterdir()) == [place]
    second = backed_up(admitted)
    assert second != place
    assert files(second) == files(place) == store
    assert "the same disk" in answer.out


def test_it_needs_no_passphrase_and_takes_no_key_and_nothing_that_is_not_the_stores(
    admitted: "Desk", usb: Path
) -> None:
    identity.change(admitted.key, lambda: "", lambda: PHRASE, work_factor=10)
    shutil.copy(admitted.key, admitted.store / "key")
    (admitted.store / "residents" / "her name.txt").write_text("Айгуль")
    (admitted.store / "residents" / "copy.yaml.age").write_text("Айгуль")
    (admitted.store / ".git").mkdir()
    place = Path(admitted.folder, admitted.do("backup usb", stdin=subprocess.DEVNULL).data["folder"])
    assert set(files(place)) == set(files(admitted.store)) - {
        "key",
        "residents/her name.txt",
        "residents/copy.yaml.age",
    }
    assert not [path for path in place.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]


def test_this_device_knows_when_it_was_made(admitted: "Desk", usb: Path) -> None:
    assert reminder.last_backup(seat(admitted)) is None
    place = backed_up(admitted)
    assert reminder.last_backup(seat(admitted)) == date.fromisoformat(BACKUP.fullmatch(place.name)["made"][:10])  # type: ignore[index]
    note = admitted.key.with_name("key.heads")
    (file,) = note.glob("*.backup")
    file.write_text("once upon a time")
    assert reminder.last_backup(seat(admitted)) is None


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
    assert reminder.last_backup(seat(admitted)) is None
    assert list(usb.iterdir()) == [usb / "link"]


def test_on_a_full_disk_nothing_is_left_and_nothing_remembered(admitted: "Desk", usb: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    told = admitted.run("backup usb --json", today=None, preexec_fn=limited)
    assert (told.code, told.error) == (8, "disk/full")
    assert not list(usb.iterdir())
    assert reminder.last_backup(seat(admitted)) is None


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
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
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
    return "journal/"


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


HARMS = [a_byte, gone, a_stranger, a_key, no_staff, a_line, an_old_folder]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_store_is_copied_told_and_takes_the_place_of_no_good_backup(
    admitted: "Desk", usb: Path, harm: Callable[["Desk"], str]
) -> None:
    good = backed_up(admitted)
    whole, day = files(good), reminder.last_backup(seat(admitted))
    place = harm(admitted)
    told = admitted.ask("backup usb", today=None)
    assert (told.code, told.error) == (6, "backup/damaged")
    assert place in told.page["error"]["message"]
    (bad,) = set(usb.iterdir()) - {good}
    assert "-damaged" in bad.name
    assert bad.name in told.page["error"]["message"]
    assert files(good) == whole
    assert set(files(bad)) == set(files(admitted.store))
    assert reminder.last_backup(seat(admitted)) == day
    shutil.rmtree(admitted.store)
    assert admitted.do("restore usb --store house", today=None).data["from"] == good.name
    admitted.do("list")
    if harm is not an_old_folder:  # which is whole in itself, and only older
        named = admitted.ask(f"restore usb/{bad.name} --store again", today=None)
        assert (named.code, named.error) == (6, "restore/damaged")
        assert not (admitted.folder / "again").exists()


def test_only_a_damaged_backup_is_none(admitted: "Desk", usb: Path) -> None:
    a_byte(admitted)
    admitted.ask("backup usb", today=None)
    told = admitted.refused("restore usb --store again", today=None)
    assert (told.code, told.error) == (3, "restore/none")


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


def test_a_backup_can_be_read_where_it_lies_and_is_not_written_into(admitted: "Desk", usb: Path) -> None:
    place = backed_up(admitted)
    before = files(place)
    assert admitted.do(f"show {admitted.her} --store usb/{place.name}").data["record"]["id"] == admitted.her
    told = admitted.ask(
        f"admit {admitted.her}", {"identification_number": "x"}, cwd=place, env={"SHELTERCTL_STORE": ""}
    )
    assert (told.code, told.error) == (2, "vault/backup")
    assert files(place) == before


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


def forked(work: Callable[[], object], at: int, strike: Strike, lasting: bool = False) -> tuple[str, int]:
    """What *work* came to in a process of its own in which the *at*-th call of the system goes wrong."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        fault, said = Fault(at, strike, lasting), "done"
        try:
            work()
        except errors.ShelterError as trouble:
            said = trouble.code
        except BaseException as trouble:
            said = f"crash {type(trouble).__name__}"
        fault.lift()
        os.write(writing, f"{said} {fault.count}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read() or "killed 0"
    os.waitpid(child, 0)
    said, _, count = told.rpartition(" ")
    return said, int(count)


KILLS: list[tuple[Strike, bool]] = [(kill, False), (kill_half_way, False)]
REFUSALS: list[tuple[Strike, bool]] = [(partial(refuse, errno.EIO), False), (partial(refuse, errno.ENOSPC), True)]


def test_onto_a_disk_that_is_read_only_nothing_goes(quick: "Desk") -> None:
    heads, usb = seat(quick).heads, quick.folder / "usb"
    mkdir = os.mkdir

    def read_only(path: str, *how: Any) -> None:
        if str(path).startswith(str(usb)):
            refuse(errno.EROFS, "mkdir", ())
        mkdir(path, *how)

    def work() -> None:
        os.mkdir = read_only  # type: ignore[assignment]
        making._made(quick.store, usb, heads, datetime.now())

    assert forked(work, 0, kill)[0] == "disk/permission"
    assert not list(usb.iterdir())


@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_backup_what_has_its_name_is_whole(quick: "Desk", strikes: list[tuple[Strike, bool]]) -> None:
    usb = quick.folder / "usb"
    heads, store = seat(quick).heads, files(quick.store)
    now = datetime(2026, 11, 25, 21, 30)

    def work() -> object:
        return making._made(quick.store, usb, heads, now)

    outcomes = set()
    for strike, lasting in strikes:
        for at in range(1, 1 + forked(work, 0, strike)[1]):
            said = forked(work, at, strike, lasting)[0]
            outcomes.add(said)
            named = [path for path in usb.iterdir() if BACKUP.fullmatch(path.name)]
            for place in named:
                damaged = "damaged" in place.name  # the store's own disk refused to read: that is told, not hidden
                assert damaged or files(place) == store
                shutil.rmtree(place)
            assert said == "killed" or lasting or not list(usb.iterdir())
            assert named or said != "done"
        assert forked(work, 0, strike)[0] == "done"
        (place,) = usb.iterdir()  # and nothing of those that were interrupted
        assert files(place) == store
        shutil.rmtree(place)
    assert outcomes <= {"killed", "done", "disk/io", "disk/full"}
    assert len(outcomes) > 1 or strikes is KILLS
    assert files(quick.store) == store


@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_restore_what_is_there_is_whole_and_it_can_be_done_again(
    quick: "Desk", strikes: list[tuple[Strike, bool]]
) -> None:
    place, again = backed_up(quick), quick.folder / "again"
    store = files(place)

    def work() -> object:
        return putting._put_back(seat(quick, again), place, again)

    outcomes = set()
    for strike, lasting in strikes:
        for at in range(1, 1 + forked(work, 0, strike)[1]):
            shutil.rmtree(again, ignore_errors=True)
            said = forked(work, at, strike, lasting)[0]
            outcomes.add(said)
            assert again.exists() or said != "done"
            if again.exists():
                assert files(again) == store
            assert said == "killed" or lasting or not list(quick.folder.glob(".*.part"))
        shutil.rmtree(again, ignore_errors=True)
        assert forked(work, 0, strike)[0] == "done"
        assert files(again) == store
        assert not list(quick.folder.glob(".*.part"))
    assert not {each for each in outcomes if each.startswith("crash")}
    assert files(place) == store
    assert quick.do("list --store again").data["rows"]


def test_killed_at_any_moment_from_outside_nothing_half_has_a_name(admitted: "Desk", usb: Path) -> None:
    command = [sys.executable, "-m", "shelterctl", "backup", "usb", "--json"]
    store, killed = files(admitted.store), 0
    begun = time.monotonic()
    subprocess.run(command, cwd=admitted.folder, env=admitted.env, capture_output=True, check=True)
    takes = time.monotonic() - begun
    for moment in range(20):
        process = subprocess.Popen(command, cwd=admitted.folder, env=admitted.env, stdout=subprocess.DEVNULL)
        time.sleep(takes * (0.5 + moment / 40))
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    assert killed
    backed_up(admitted)
    assert all(BACKUP.fullmatch(path.name) and files(path) == store for path in usb.iterdir())


def test_the_journal_of_a_backup_speaks_of_every_file_in_it(admitted: "Desk", usb: Path) -> None:
    """So that whoever has stock tools only can verify it: each last hash is the sha256 of the file."""
    place = backed_up(admitted)
    (journal,) = place.glob("journal/*.jsonl")
    said = {line["file"]: line["now"] for line in map(json.loads, journal.read_text().splitlines())}
    assert files(place) == said | {f"journal/{journal.name}": hashlib.sha256(journal.read_bytes()).hexdigest()}
