"""Two commands at one store: the second waits as long as it was told, says so, and goes on when the first is done."""

from typing import TYPE_CHECKING

import filelock
import pexpect
import pytest
from terminal import spawned

if TYPE_CHECKING:
    from conftest import Desk


@pytest.mark.parametrize("seconds", ["-1", "abc", "nan", "1e400", "inf", "3601", "0x5", "٥", "''", "1_0", "0.0001"])
def test_what_is_no_number_of_seconds_is_exit_2(seconds: str, desk: "Desk") -> None:
    told = desk.refused(f"list --wait {seconds}")
    assert (told.code, told.error) == (2, "usage/wait")
    assert "from 0 to 3600" in told.page["error"]["message"]


@pytest.mark.parametrize("seconds", ["0", "0.01"])
def test_who_does_not_wait_is_told_how_to(seconds: str, desk: "Desk") -> None:
    with filelock.FileLock(desk.store / ".lock"):
        told = desk.refused(f"ngo add late --wait {seconds}")
    assert (told.code, told.error) == (7, "vault/locked")
    assert f"after {seconds} seconds" in told.page["error"]["message"]
    assert "--wait SECONDS" in told.page["error"]["hint"]
    desk.do("ngo add late --wait 0")


@pytest.mark.parametrize("words", ["ngo add late", "backup usb", "trust"])
def test_whatever_takes_the_lock_waits_as_long_as_it_was_told(words: str, desk: "Desk") -> None:
    (desk.folder / "usb").mkdir()
    with filelock.FileLock(desk.store / ".lock"):
        told = desk.ask(f"{words} --wait 0")
    assert (told.code, told.error) == ((0, "None") if words == "trust" else (7, "vault/locked"))


def test_a_command_that_waits_says_so_and_goes_on_when_the_other_is_done(admitted: "Desk") -> None:
    lock = filelock.FileLock(admitted.store / ".lock")
    lock.acquire()
    child = spawned(admitted, f"admit {admitted.her} --done orientation --wait 3600 --as-of 2026-11-25")
    child.expect("Another command is at work in this store; waiting for it")
    lock.release()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "orientation" in [done["item"] for done in admitted.record()["stays"][0]["done"]]


def test_what_only_reads_does_not_wait(desk: "Desk") -> None:
    with filelock.FileLock(desk.store / ".lock"):
        desk.do("list --wait 3600")
