"""A file that another program has open: waited for, and then said; nothing is half written."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.support.desk import Desk
from tests.support.processes import patience
from tests.windows import computer

HOLDS = """
import sys
with open(sys.argv[1], "rb"):
    print("held", flush=True)
    sys.stdin.read({bytes})
"""
ALONE = """
import ctypes, sys
handle = ctypes.windll.kernel32.CreateFileW(sys.argv[1], 0x80000000, 0, None, 3, 0, None)
assert handle != -1
print("held", flush=True)
sys.stdin.read({bytes})
"""
"""As a program opens a file that lets nobody else in meanwhile."""

STANDS = """
import ctypes, sys
handle = ctypes.windll.kernel32.CreateFileW(sys.argv[1], 0x80000000, 3, None, 3, 0x02000000, None)
assert handle != -1
print("held", flush=True)
sys.stdin.read(1)
"""
TRIES = """
import os, sys
from pathlib import Path
from shelterctl.platform.disk_errors import retry_if_locked
def once_more():
    print("tried", flush=True)
    os.replace(part, place)
part, place = map(Path, sys.argv[1:])
retry_if_locked(once_more, part, place, folder=part)
"""
"""It says each time that it tries, so that whoever holds the folder lets go after the first."""


@contextmanager
def held(path: Path, how: str = HOLDS) -> Iterator[subprocess.Popen[bytes]]:
    """While another program of Windows has the file open."""
    words = computer.command("-c", how.format(bytes=1), computer.windows(path))
    with subprocess.Popen(words, env=computer.around(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        try:
            yield other
        finally:
            if other.stdin and not other.stdin.closed:
                other.stdin.close()


def test_a_file_that_others_may_read_too_is_put_in_its_place_by_the_next_command(admitted: Desk) -> None:
    """The act is done as soon as the journal says so; until then the new file lies beside the old one."""
    file = admitted.store / "residents" / f"{admitted.her}.yaml.age"
    before = file.read_bytes()
    with held(file):
        admitted.do(f"admit {admitted.her} --done orientation")
        assert file.read_bytes() == before
        assert "orientation" in str(admitted.record()["stays"][0]["done"])
    admitted.do("list", today=None)
    assert file.read_bytes() != before
    assert "Nothing in the store is damaged." in admitted.do("check", today=None).data["said"]


def test_a_file_that_nobody_else_may_read_is_said_to_be_in_use_and_nothing_is_lost(admitted: Desk) -> None:
    file = admitted.store / "residents" / f"{admitted.her}.yaml.age"
    before = file.read_bytes()
    with held(file, ALONE):
        told = admitted.ask(f"admit {admitted.her} --done orientation")
        assert (told.code, told.error) == (8, "disk/in-use"), told.out
        assert file.read_bytes() == before
    assert "Nothing in the store is damaged." in admitted.do("check", today=None).data["said"]
    admitted.do(f"admit {admitted.her} --done orientation")
    assert "orientation" in str(admitted.record()["stays"][0]["done"])


def test_one_that_lets_go_in_time_is_waited_for(admitted: Desk) -> None:
    """It lets go once the new file lies beside it, which is then put in its place by the same command."""
    file = admitted.store / "residents" / f"{admitted.her}.yaml.age"
    before, until = file.read_bytes(), time.monotonic() + patience()
    with held(file) as other, ThreadPoolExecutor(1) as beside:
        done = beside.submit(admitted.do, f"admit {admitted.her} --done orientation")
        while len(list(file.parent.iterdir())) == 1:
            assert time.monotonic() < until
        assert other.stdin is not None
        other.stdin.close()
        done.result()
        assert file.read_bytes() != before
    assert "orientation" in str(admitted.record()["stays"][0]["done"])


def test_a_sheet_that_is_open_in_a_viewer_is_not_replaced_and_said_so(admitted: Desk) -> None:
    sheet = admitted.folder / "blue.txt"
    admitted.do(f"form resident-rights {admitted.her} --out blue.txt")
    before = sheet.read_bytes()
    with held(sheet):
        told = admitted.ask(f"form resident-rights {admitted.her} --out blue.txt --overwrite")
        assert (told.code, told.error) == (8, "disk/in-use")
    assert sheet.read_bytes() == before
    assert {path.name for path in admitted.folder.iterdir() if path.name.startswith(".")} == set()


def test_the_journal_held_by_an_editor_refuses_the_act_and_keeps_the_store_whole(admitted: Desk) -> None:
    (journal,) = (admitted.store / "journal").glob("*.jsonl")
    before = journal.read_bytes()
    with held(journal, ALONE):
        told = admitted.ask(f"admit {admitted.her} --done orientation")
        assert (told.code, told.error) == (8, "disk/in-use")
    assert journal.read_bytes() == before
    assert "Nothing in the store is damaged." in admitted.do("check", today=None).data["said"]


def test_a_folder_in_which_somebody_stands_is_waited_for(tmp_path: Path) -> None:
    part, place = tmp_path / "part", tmp_path / "place"
    part.mkdir()
    (part / "file").write_text("whole")
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    standing = computer.command("-c", STANDS, computer.windows(part))
    trying = computer.command("-c", TRIES, *map(computer.windows, (part, place)))
    with subprocess.Popen(standing, env=computer.around(), stdin=pipe, stdout=pipe, stderr=none) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with subprocess.Popen(trying, env=computer.around(), stdin=none, stdout=pipe, stderr=none) as one:
            assert one.stdout is not None
            assert one.stdout.readline().strip() == b"tried"
            other.communicate(b"x")
            assert one.stdout.readline().strip() == b"tried"
            one.communicate()
    assert one.returncode == 0
    assert (place / "file").read_text() == "whole"
