"""A store that is opened: once as long as it is what was read, and on a disk that can only be read."""

import os
import shlex
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from shelterctl import errors
from shelterctl.identity.keys import Identity
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.store.folder import DIRECTORY_FILE
from shelterctl.vault.copy import lock_for_copying
from tests.support.answering import open_session
from tests.support.desk import TODAY
from tests.support.processes import patience

if TYPE_CHECKING:
    from tests.support.desk import Desk


@pytest.fixture
def session(admitted: "Desk") -> Sitting:
    return sitting(admitted)


def sitting(desk: "Desk") -> Sitting:
    """A process that goes on in the store."""
    return Sitting(options=Options(store=str(desk.store), identity=str(desk.key)))


def test_what_lies_as_it_was_read_is_opened_once(session: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    _ = session.store
    monkeypatch.setattr(Identity, "open", _counting(opened))
    names = [{**session.store.registers[name]} for name in ("ngos", "providers", "ngos")]
    assert session.store.directory is session.store.directory
    assert (len(opened), names[0]) == (1, names[2])


def _counting(opened: list[int]) -> object:
    before = Identity.open

    def counted(self: Identity, ciphertext: bytes) -> bytes:
        opened.append(len(ciphertext))
        return before(self, ciphertext)

    return counted


def test_what_another_process_writes_is_seen_at_once(session: Sitting, admitted: "Desk") -> None:
    assert "elsewhere" not in session.store.registers["ngos"]
    other = sitting(admitted)
    held = other.store.directory
    ngos = {**other.store.ngos, "elsewhere": {"name": "Elsewhere"}}
    other.save([(DIRECTORY_FILE, {**held.value, "ngos": ngos}, held.version)], "ngo")
    assert session.store.registers["ngos"]["elsewhere"] == {"name": "Elsewhere"}
    assert other.store.ngos == session.store.ngos


APART = ("unshare", "--mount"), ("unshare", "--map-root-user", "--mount")
"""Ways to a process that mounts for itself alone, as root and as anybody where the system allows it."""
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && ! touch "$0/probe" 2>&- && exec "$@"'


def apart(desk: "Desk") -> list[str]:
    """The words before a command by which it finds the store on a disk that is only read."""
    for way in APART:
        words = [*way, "sh", "-c", READ_ONLY, str(desk.store)]
        if subprocess.run([*words, "true"], capture_output=True, check=False, timeout=patience()).returncode == 0:
            return words
    pytest.skip("this system lets nobody mount a folder read only for one process")


def read_only(desk: "Desk", words: str) -> tuple[int, str]:
    command = [*apart(desk), sys.executable, "-m", "shelterctl", *shlex.split(words), "--as-of", TODAY]
    told = subprocess.run(
        command, capture_output=True, text=True, env=desk.env, cwd=desk.folder, check=False, timeout=patience()
    )
    return told.returncode, told.stdout + told.stderr


@pytest.mark.program("unshare", "mount")
def test_a_store_that_can_only_be_read_is_copied_as_it_lies(admitted: "Desk") -> None:
    (admitted.folder / "usb").mkdir()
    code, said = read_only(admitted, "backup usb")
    assert (code, "nobody wrote meanwhile" in " ".join(said.split())) == (0, True)
    admitted.do("restore usb --store again")
    assert admitted.do("list --store again").data == admitted.do("list").data
    assert list((admitted.folder / "usb").glob(".*.part")) == []


@pytest.mark.program("unshare", "mount")
def test_it_is_printed_from_and_the_code_is_not_noted(printing: "Desk") -> None:
    code, said = read_only(printing, f"form shelter-rules {printing.her} --out rules.txt --names")
    assert (code, "read-only" in said) == (0, True)
    assert (printing.folder / "rules.txt").read_text("utf-8")
    code, said = read_only(printing, f"admit {printing.her} --done orientation")
    assert (code, "does not let you" in said) == (8, True)


@pytest.mark.posix("the lock held by this process of POSIX", "windows/test_two.py")
def test_whoever_wrote_meanwhile_is_a_conflict(admitted: "Desk") -> None:
    lying, lock = open_session(admitted).store.vault, admitted.store / ".lock"
    lying.journal.file_head("staff.yaml")
    lock.chmod(0)
    is_root = os.geteuid() == 0
    with ExitStack() as still:
        try:
            if is_root:
                os.seteuid(65534)  # root may lock whatever it likes
            alone = still.enter_context(lock_for_copying(lying))
        finally:
            if is_root:
                os.seteuid(0)
        assert alone() is False
        lock.chmod(0o600)
        admitted.do("ngo add late")
        with pytest.raises(errors.Conflict) as told:
            alone()
    assert told.value.code == "vault/changed"
