"""A paper whose making is killed, or refused by the disk, at any moment: whole under its name, or nowhere."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Desk
from faults import Strike, kill, refuse
from test_backup_killed import KILLS, REFUSALS, called, forked

from shelterctl.act.output_path import OutputTarget, writing_output
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import write_new_file, write_unnamed_file

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
    descriptor = write_unnamed_file(tmp_path, b"")
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
    said, calls = forked(writing(folder, overwrite=over, without=without), at, strike, lasting)
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
    assert forked(work, 0, kill)[0] == "done"
    assert not left(folder)


def test_where_the_system_forbids_links_it_is_written_all_the_same(folder: Path) -> None:
    def work() -> None:
        os.link = lambda *args, **how: refuse(errno.EPERM, "link", args)
        writing(folder, overwrite=True)()

    emptied(folder, overwrite=True)
    assert forked(work, 0, kill)[0] == "done"
    assert (folder / "blue.txt").read_bytes() == NEW
    assert not left(folder)


def test_a_file_that_came_meanwhile_is_left_alone(folder: Path) -> None:
    def there(path: Path, data: bytes) -> None:
        (folder / "blue.txt").write_bytes(OLD)

    for without in (0, errno.EOPNOTSUPP):
        emptied(folder, overwrite=False)
        assert forked(writing(folder, overwrite=False, without=without, note=there), 0, kill)[0] == "disk/io"
        assert (folder / "blue.txt").read_bytes() == OLD
        assert not left(folder)


@pytest.mark.posix("another limit of POSIX", "windows/test_names.py")
def test_a_name_that_is_too_long_is_told_before_anything_is_noted(printing: Desk) -> None:
    told = printing.refused(f"form blue {printing.her} --as txt --out {'b' * 300}")
    assert (told.code, told.error) == (8, "disk/io")


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
    assert forked(work, 0, kill)[0] == "done"  # and its code is noted, so that the next is the same once more
    (_, calls), whole = forked(work, 0, kill), path.read_bytes()
    for at in range(calls, calls // 3, -max(calls // 12, 1)):
        assert forked(work, at, kill)[0] == "killed"
        assert {*printing.folder.iterdir()} <= before
        assert not path.exists() or path.read_bytes() == whole
