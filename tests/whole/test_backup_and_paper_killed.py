"""A backup, a restore or a paper that is killed at any moment: nothing half is taken for whole."""

import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shelterctl import __main__
from shelterctl.act.output_path import OutputTarget, writing_output
from shelterctl.cli import backup as making
from shelterctl.cli import restore as putting
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import _write_unnamed_file, write_new_file
from shelterctl.store.folder import BACKUP_FOLDER_NAME
from tests.support.desk import Desk
from tests.support.faults import Strike, kill, kill_half_way, refuse, struck
from tests.support.sampled import stride
from tests.support.stores import backed_up, files, seat


@pytest.fixture
def quick(admitted: "Desk") -> Iterator["Desk"]:
    """The same desk in memory, and another disk beside it: the disk is slow, and not what is looked for."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(admitted.folder, Path(folder, "desk"))
        (Path(folder, "desk") / "usb").mkdir()
        yield type(admitted)(Path(folder, "desk"), admitted.her)


def called(desk: "Desk", words: list[str]) -> Callable[[], None]:
    """The whole command, as a process of its own carries it out."""

    def work() -> None:
        os.chdir(desk.folder)
        env = desk.env
        os.environ.clear()
        os.environ.update(env)
        sys.stdout, sys.argv = open(os.devnull, "w"), ["shelterctl", *words]  # noqa: SIM115
        try:
            __main__.main()
        except SystemExit as end:
            assert not end.code, end.code  # noqa: PT017

    return work


NOTHING_TO_COMPARE = putting.BackupProof(None, None, unproven=False)
STRIDE = 6
"""Of so many calls of a backup or a restore one is struck."""

KILLS: list[tuple[Strike, bool]] = [(kill_half_way, False), (kill, False)]
REFUSALS: list[tuple[Strike, bool]] = [(partial(refuse, errno.EIO), False), (partial(refuse, errno.ENOSPC), True)]


def calls(count: int, strike: Strike, lasting: bool) -> range:
    """At which calls it is struck: a kill at each, and where it hardly differs from the one before at some; of these a
    sample in `make check`.
    """
    step = 1 if strike is kill_half_way else 4 if lasting else 3
    return range(1, 1 + count, step * stride(STRIDE))


def test_onto_a_disk_that_is_read_only_nothing_goes(quick: "Desk") -> None:
    heads, usb = seat(quick).memory_folder, quick.folder / "usb"
    mkdir = os.mkdir

    def read_only(path: str, *how: Any) -> None:
        if str(path).startswith(str(usb)):
            refuse(errno.EROFS, "mkdir", ())
        mkdir(path, *how)

    def work() -> None:
        os.mkdir = read_only  # type: ignore[assignment]
        making._write_backup(quick.store, usb, heads, datetime.now())

    assert struck(work, 0, kill)[0] == "disk/permission"
    assert not list(usb.iterdir())


@pytest.mark.sampled
@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_backup_what_has_its_name_is_whole(quick: "Desk", strikes: list[tuple[Strike, bool]]) -> None:
    usb = quick.folder / "usb"
    heads, store = seat(quick).memory_folder, files(quick.store)
    now = datetime(2026, 11, 25, 21, 30)

    def work() -> object:
        return making._write_backup(quick.store, usb, heads, now)

    outcomes = set()
    for strike, lasting in strikes:
        for at in calls(struck(work, 0, strike)[1], strike, lasting):
            said = struck(work, at, strike, lasting)[0]
            outcomes.add(said)
            named = [path for path in usb.iterdir() if BACKUP_FOLDER_NAME.fullmatch(path.name)]
            for place in named:
                damaged = "damaged" in place.name  # the store's own disk refused to read: that is told, not hidden
                assert damaged or files(place) == store
                shutil.rmtree(place)
            assert said == "killed" or lasting or not list(usb.iterdir())
            assert named or said != "done"
        assert struck(work, 0, strike)[0] == "done"
        (place,) = usb.iterdir()  # and nothing of those that were interrupted
        assert files(place) == store
        shutil.rmtree(place)
    assert outcomes <= {"killed", "done", "disk/io", "disk/full"}
    assert len(outcomes) > 1 or strikes is KILLS
    assert files(quick.store) == store


@pytest.mark.sampled
@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_restore_what_is_there_is_whole_and_it_can_be_done_again(
    quick: "Desk", strikes: list[tuple[Strike, bool]]
) -> None:
    place, again = backed_up(quick), quick.folder / "again"
    store = files(place)

    def work() -> object:
        return putting._restore_copy(seat(quick, again), place, again, NOTHING_TO_COMPARE)

    outcomes = set()
    for strike, lasting in strikes:
        for at in calls(struck(work, 0, strike)[1], strike, lasting):
            shutil.rmtree(again, ignore_errors=True)
            said = struck(work, at, strike, lasting)[0]
            outcomes.add(said)
            assert again.exists() or said != "done"
            if again.exists():
                assert files(again) == store
            assert said == "killed" or lasting or not list(quick.folder.glob(".*.part"))
        shutil.rmtree(again, ignore_errors=True)
        assert struck(work, 0, strike)[0] == "done"
        assert files(again) == store
        assert not list(quick.folder.glob(".*.part"))
    assert not {each for each in outcomes if each.startswith("crash")}
    assert files(place) == store
    assert quick.do("list --store again").data["rows"]


@pytest.mark.sampled
@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_restore_of_an_older_backup_the_loss_is_told_and_no_number_falls(
    quick: "Desk", strikes: list[tuple[Strike, bool]]
) -> None:
    place, again, heads = backed_up(quick), quick.folder / "again", quick.folder / "key.heads"
    quick.do("staff add s-nina --role psychologist")
    number = quick.do("check").data["sheet"]["number"]
    shutil.copytree(heads, quick.folder / "before")
    old = files(place)

    def work() -> object:
        return putting._restore_copy(seat(quick, again), place, again, NOTHING_TO_COMPARE)

    def fresh() -> None:
        for folder in (again, heads):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(quick.folder / "before", heads)

    for strike, lasting in strikes:
        fresh()
        for at in range(1, 1 + struck(work, 0, strike)[1], 15 * stride(2)):
            fresh()
            said = struck(work, at, strike, lasting)[0]
            assert not said.startswith("crash")
            if not again.exists():
                assert said != "done"
                assert struck(work, 0, strike)[0] == "done"
            there = files(again)
            assert {name for name, sum_ in there.items() if old.get(name) != sum_} == {f"journal/{own(quick)}.jsonl"}
            last = json.loads((again / "journal" / f"{own(quick)}.jsonl").read_bytes().splitlines()[-1])
            assert (last["did"], last["more"]["lost"] in (1, 2)) == ("restore", True)
            assert seat(quick, again).store.vault.journal.sheet_number() > number
        fresh()
        assert struck(work, 0, strike)[0] == "done"
    quick.do(f"check --store again --number {number}")
    quick.do("staff add s-nina --role psychologist --store again")


def own(desk: "Desk") -> str:
    return str(seat(desk).device_key.device)


def test_a_command_that_is_killed_at_any_moment_gives_nothing_half_a_name(quick: "Desk") -> None:
    store, usb = files(quick.store), quick.folder / "usb"
    work = called(quick, ["backup", "usb", "--json"])
    said, calls = struck(work, 0, kill)
    assert said == "done"
    for at in range(calls, calls // 3, -max(calls // 12, 1)):
        assert struck(work, at, kill)[0] == "killed"
    backed_up(quick)
    assert all(BACKUP_FOLDER_NAME.fullmatch(path.name) and files(path) == store for path in usb.iterdir())


Note = Callable[[Path, bytes], None]


class Tried(NamedTuple):
    """What one try came to."""

    said: str
    there: bytes | None
    calls: int


OLD, NEW = b"the sheet of yesterday\n" * 400, b"the sheet of today\n" * 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder on a disk that knows files without a name."""
    descriptor = _write_unnamed_file(tmp_path, b"")
    if descriptor is None:
        pytest.skip("this disk knows no files without a name")
    os.close(descriptor)
    return tmp_path


def writing(folder: Path, *, overwrite: bool, without: int = 0, note: Note = write_new_file) -> Callable[[], object]:
    """A paper put into *folder*, and noted before it has its name; *without* is what a poorer disk would say."""
    real = os.open

    def poor(path: Path, flags: int, *how: Any, **more: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            refuse(without, "open", ())
        return real(path, flags, *how, **more)

    def work() -> None:
        nonlocal real
        if without:
            real, os.open = os.open, poor  # type: ignore[assignment]
        with (
            writing_output(OutputTarget(str(folder / "blue.txt"), "txt", overwrite), NEW),
            translate_disk_errors("noted"),
        ):
            note(folder / "noted", b"code")

    return work


def emptied(folder: Path, *, overwrite: bool) -> None:
    """The folder as it was before each try."""
    for path in folder.iterdir():
        path.unlink()
    if overwrite:
        (folder / "blue.txt").write_bytes(OLD)


def tried(folder: Path, at: int, strike: Strike, *, over: bool, without: int = 0, lasting: bool = False) -> Tried:
    """What was said when the *at*-th call goes wrong, what then has the name, and how many calls there were."""
    emptied(folder, overwrite=over)
    said, calls = struck(writing(folder, overwrite=over, without=without), at, strike, lasting)
    path = folder / "blue.txt"
    return Tried(said, path.read_bytes() if path.exists() else None, calls)


def left(folder: Path) -> set[str]:
    """What lies in the folder besides the paper and the note of it."""
    return {path.name for path in folder.iterdir()} - {"blue.txt", "noted"}


@pytest.mark.parametrize("over", [False, True], ids=["new", "over"])
def test_killed_at_any_call_it_is_whole_under_its_name_or_nowhere(folder: Path, over: bool) -> None:
    seen = set()
    for strike, _ in KILLS:
        for at in range(1, 1 + tried(folder, 0, strike, over=over).calls):
            said, there, _ = tried(folder, at, strike, over=over)
            assert (said, left(folder)) == ("killed", set())
            assert there in {NEW, None, OLD if over else None}
            assert there != NEW or (folder / "noted").read_bytes() == b"code"
            seen.add(there)
    assert seen >= {NEW, OLD if over else None}


@pytest.mark.parametrize("without", [0, errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT], ids=str)
@pytest.mark.parametrize("over", [False, True], ids=["new", "over"])
def test_refused_at_any_call_nothing_hidden_is_left_and_nothing_is_cut(folder: Path, over: bool, without: int) -> None:
    outcomes = set()
    for strike, lasting in REFUSALS:
        for at in range(1, 1 + tried(folder, 0, strike, over=over, without=without).calls):
            said, there, _ = tried(folder, at, strike, over=over, without=without, lasting=lasting)
            outcomes.add(said)
            whole = {NEW} if said == "done" else {None, OLD, NEW} if over else {None}
            assert there in whole | ({NEW} if lasting else set())  # nothing can be taken away any more
            assert not left(folder) or (without and lasting)
    assert {"disk/io", "disk/full"} <= outcomes <= {"disk/io", "disk/full", "done"}


@pytest.mark.parametrize("over", [False, True], ids=["new", "over"])
def test_killed_on_a_disk_without_such_files_the_name_is_still_that_of_a_whole_one(folder: Path, over: bool) -> None:
    for strike, _ in KILLS:
        for at in range(1, 1 + tried(folder, 0, strike, over=over, without=errno.EOPNOTSUPP).calls):
            said, there, _ = tried(folder, at, strike, over=over, without=errno.EOPNOTSUPP)
            assert said == "killed"
            assert there in {NEW, OLD if over else None}
            assert left(folder) <= {".blue.txt.tmp"}
    work = writing(folder, overwrite=True, without=errno.EOPNOTSUPP)
    (folder / ".blue.txt.tmp").write_bytes(OLD[:100])
    (folder / "noted").unlink()
    assert struck(work, 0, kill)[0] == "done"
    assert not left(folder)


def test_where_the_system_forbids_links_it_is_written_all_the_same(folder: Path) -> None:
    def work() -> None:
        os.link = lambda *args, **how: refuse(errno.EPERM, "link", args)
        writing(folder, overwrite=True)()

    emptied(folder, overwrite=True)
    assert struck(work, 0, kill)[0] == "done"
    assert (folder / "blue.txt").read_bytes() == NEW
    assert not left(folder)


def test_a_file_that_came_meanwhile_is_left_alone(folder: Path) -> None:
    def there(path: Path, data: bytes) -> None:
        (folder / "blue.txt").write_bytes(OLD)

    for without in (0, errno.EOPNOTSUPP):
        emptied(folder, overwrite=False)
        assert struck(writing(folder, overwrite=False, without=without, note=there), 0, kill)[0] == "disk/io"
        assert (folder / "blue.txt").read_bytes() == OLD
        assert not left(folder)


@pytest.mark.posix("another limit of POSIX", "windows/test_names.py")
def test_a_name_that_is_too_long_is_told_before_anything_is_noted(printing: Desk) -> None:
    told = printing.refused(f"form blue {printing.her} --as txt --out {'b' * 300}")
    assert (told.code, told.error) == (8, "disk/name-too-long")


@pytest.mark.posix("links of POSIX, which Wine shows as what they lead to", "windows/test_rights.py")
def test_a_name_as_long_as_can_be_and_a_folder_that_is_linked(printing: Desk) -> None:
    (printing.folder / "papers").mkdir()
    (printing.folder / "linked").symlink_to("papers")
    name = f"{'b' * 251}.txt"
    for how in ("", "--overwrite"):
        printing.do(f"form blue {printing.her} --out linked/{name} {how}")
    assert [path.name for path in (printing.folder / "papers").iterdir()] == [name]


@pytest.mark.parametrize("command", ["form blue HER --out blue.txt", "house --out blue.svg"])
def test_a_command_that_is_killed_at_any_moment_leaves_it_whole_or_not_there(command: str, printing: Desk) -> None:
    words = [*command.replace("HER", printing.her).split(), "--as-of", "2026-11-25", "--overwrite"]
    path = printing.folder / words[words.index("--out") + 1]
    before, work = {*printing.folder.iterdir(), path}, called(printing, words)
    assert struck(work, 0, kill)[0] == "done"  # and its code is noted, so that the next is the same once more
    (_, calls), whole = struck(work, 0, kill), path.read_bytes()
    for at in range(calls, calls // 3, -max(calls // 12, 1)):
        assert struck(work, at, kill)[0] == "killed"
        assert {*printing.folder.iterdir()} <= before
        assert not path.exists() or path.read_bytes() == whole
