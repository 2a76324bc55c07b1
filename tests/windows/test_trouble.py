"""A disk that is full, a stick that is pulled out in the middle, a clock in another zone."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.windows import computer, door
from tests.windows.door import there

BLURRED = """
import errno, sys
from pathlib import Path
from shelterctl.errors import ShelterError
from shelterctl.platform.disk_errors import clarify_windows_errors, translate_disk_errors
for place in (Path("Q:/house/file"), Path(sys.argv[1])):
    for number, opened in ((errno.EACCES, False), (errno.EINVAL, False), (errno.EACCES, True)):
        try:
            with translate_disk_errors("file"), clarify_windows_errors(place, already_open=opened):
                raise OSError(number, "as the C library says it")
        except ShelterError as told:
            print(told.code)
"""


def moved(desk: Desk, disk: Path) -> dict[str, str]:
    """The store on that disk; the environment that names it."""
    shutil.copytree(desk.store, disk / "house")
    return {"SHELTERCTL_STORE": str(disk / "house")}


def filled(disk: Path) -> Path:
    """The disk without any room left."""
    rest = disk / "rest"
    number = os.open(rest, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while os.write(number, b"\0" * 4096):
            pass
    os.close(number)
    return rest


def test_on_a_full_disk_nothing_is_lost_and_it_is_said(admitted: Desk, small_disk: Path) -> None:
    env = moved(admitted, small_disk)
    rest = filled(small_disk)
    for words in (
        f"admit {admitted.her} --done orientation",
        f"form resident-rights {admitted.her} --out {small_disk}/blue.pdf",
    ):
        told = admitted.ask(words, env=env)
        assert (told.code, told.error) == (8, "disk/full"), told.out
    assert not [path for path in small_disk.rglob("*") if path.name.endswith(".pdf") or ".tmp" in path.name]
    rest.unlink()
    assert "Nothing in the store is damaged." in admitted.do("check", env=env, today=None).data["said"]
    admitted.do(f"admit {admitted.her} --done orientation", env=env)


def test_a_stick_that_is_pulled_out_in_the_middle_is_said_and_goes_on_where_it_was(
    admitted: Desk, small_disk: Path, tmp_path: Path
) -> None:
    """The store, and a program that has read it and waits for its input, while the stick is pulled out and put in."""
    env = {**admitted.env, **moved(admitted, small_disk)}
    words = ["admit", admitted.her, "--from", "-", "--json", "--as-of", "2026-11-25"]
    door.dismissed()
    with subprocess.Popen(
        computer.command("-m", "shelterctl", *words), cwd=admitted.folder, env={**there(env), **computer.around()},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as one:  # fmt: skip
        before = tmp_path / "kept"
        shutil.copytree(small_disk / "house", before)
        subprocess.run(["umount", "-l", str(small_disk)], check=True)
        out, err = one.communicate(b"identification_number: later\n")
    assert one.returncode in (3, 8), out + err
    assert b"Traceback" not in out + err
    gone = admitted.ask("list", env=env, today=None)
    assert (gone.code, gone.page["error"]["hint"] is not None) == (3, True)
    shutil.copytree(before, small_disk / "house")
    assert "Nothing in the store is damaged." in admitted.do("check", env=env, today=None).data["said"]
    admitted.do(f"admit {admitted.her} --done orientation", env=env)
    shutil.rmtree(small_disk / "house")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_a_clock_in_another_zone_changes_no_day(zone: str, anew: Desk) -> None:
    """Days are those of the house, whatever zone the computer is set to."""
    told = anew.ask("house", env={"TZ": zone}, today=None)
    assert told.code == 0
    anew.do(f"admit {anew.her} --done orientation", env={"TZ": zone}, today=None)
    (entry,) = anew.record()["stays"][0]["done"]
    assert entry["recorded_at"].endswith("+06:00")


def test_what_the_c_library_blurs_is_said_as_it_is(desk: Desk) -> None:
    """Of a disk that is gone, and of one that is there: refused, failing, and failing in a file that was open."""
    told = computer.run("-c", BLURRED, computer.windows(desk.key)).stdout.decode().split()
    assert told == [*["disk/gone"] * 3, "disk/permission", "disk/io", "disk/io"]
