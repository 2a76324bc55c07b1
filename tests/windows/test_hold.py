"""A file that another program has open: waited for, and then said; nothing is half written."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import Desk
from windows import computer

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

STANDS = "import time; print('held', flush=True); time.sleep(1)"
RENAMED = (
    "import sys; from pathlib import Path; from shelterctl import machine; machine.rename(*map(Path, sys.argv[1:]))"
)


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
    file = admitted.store / "residents" / f"{admitted.her}.yaml.age"
    lets_go = HOLDS.format(bytes=0) + "    import time\n    time.sleep(1)\n"
    with held(file, lets_go):
        admitted.do(f"admit {admitted.her} --done orientation")
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
    none = subprocess.DEVNULL
    with subprocess.Popen(
        computer.command("-c", STANDS), cwd=part, env=computer.around(), stdin=none, stdout=subprocess.PIPE, stderr=none
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        told = computer.run("-c", RENAMED, computer.windows(part), computer.windows(place))
    assert told.returncode == 0, told.stderr.decode()
    assert (place / "file").read_text() == "whole"
