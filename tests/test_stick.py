"""A backup goes onto the stick that is in, without a path being typed."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
from patience import patience
from terminal import BACKUP

from shelterctl.platform.drives import removable_mounts

if TYPE_CHECKING:
    from conftest import Desk


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
    child.expect("leave, and close the program")
    child.sendline(BACKUP)
    child.expect("1 onto the stick that is in: /media/STICK 1")
    child.sendline("1")
    child.expect("The backup is made")
    child.expect("Enter goes back")
    (copy,) = Path(f"/proc/{child.pid}/root/media/STICK 1").iterdir()
    assert {each.name for each in copy.iterdir()} >= {"shelter.yaml", "residents", "journal"}
    child.close(force=True)
