"""A power button, a full disk, two hands on the keyboard: what is in the store afterwards."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ground import ACT, Ground, reopened
from patience import patience

import shelterctl
from shelterctl import errors
from shelterctl.identity.key_file import save_identity
from shelterctl.vault.protocol import Vault

FAULTS = Path(__file__).with_name("faults.py")
RECORD = "residents/7QF2-M9KD.yaml.age"
Seen = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What each mode of the harness saw; all of them are started at once, for the time they take."""
    modes = ("refusals", "kills", "interrupts", "limits", "careless")
    environment = {**os.environ, "PYTHONPATH": str(Path(shelterctl.__file__).parents[1])}
    memory = Path("/dev/shm")  # noqa: S108  (what is looked for is not on a disk, and the disk is slow)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        running = {
            mode: subprocess.Popen(
                [sys.executable, FAULTS, mode, Path(folder, mode)], stdout=subprocess.PIPE, env=environment
            )
            for mode in modes
        }

        def report(mode: str) -> dict[str, Any]:
            output, _ = running[mode].communicate(timeout=patience(300))
            assert running[mode].returncode == 0
            return dict(json.loads(output))

        yield report
        for process in running.values():
            process.kill()
            process.communicate()


def test_killed_at_any_call_the_store_holds_the_old_or_the_new_version_whole(seen: Seen) -> None:
    report = seen("kills")
    assert report["bad"] == []
    assert report["outcomes"]["once killed"] >= 250


def test_the_harness_sees_a_careless_write_fail(seen: Seen) -> None:
    """Without this, no complaint would only mean that nobody looked."""
    report = seen("careless")
    assert len(report["bad"]) >= 5
    assert all("vault/" in complaint for complaint in report["bad"])


def test_refused_by_the_disk_at_any_call_an_error_of_the_disk_is_told_and_the_old_version_kept(seen: Seen) -> None:
    report = seen("refusals")
    assert report["bad"] == []
    outcomes = dict(report["outcomes"])
    assert sum(outcomes.values()) > 700
    for told in ("disk/io", "disk/full", "disk/permission"):
        assert outcomes.pop(f"once {told}") > 20
        assert outcomes.pop(f"lasting {told}") > 20
        # A disk that fails for good within the append does not let the line be taken back either.
        assert outcomes.pop(f"lasting {told}, yet written", 0) <= 5
    assert set(outcomes) == {"once done", "lasting done", "whole done"}


def test_interrupted_at_any_call_the_store_is_whole(seen: Seen) -> None:
    report = seen("interrupts")
    assert report["bad"] == []
    assert report["outcomes"]["once interrupted"] > 100


def test_no_file_may_grow_beyond_a_limit_and_nothing_is_lost(seen: Seen) -> None:
    report = seen("limits")
    assert report["bad"] == []
    assert set(report["outcomes"]) == {"limit disk/full", "limit done"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store as the harness founds it, with the number 0 in its record."""
    ground = Ground(tmp_path / "desk")
    save_identity(tmp_path / "desk/key", ground.me, None)
    ground.vault().write(RECORD, b"0", None, **ACT)
    return tmp_path / "desk"


def opened(folder: Path, timeout: float = 0.1) -> Vault:
    return reopened(folder, timeout)


def add(folder: Path, times: int) -> None:
    vault = opened(folder, timeout=patience())
    while times:
        number, version = vault.read(RECORD)
        with suppress(errors.Conflict):
            vault.write(RECORD, b"%d" % (int(number) + 1), version, **ACT)
            times -= 1


def test_four_processes_count_one_number_up_and_no_step_is_lost(folder: Path) -> None:
    running = [multiprocessing.get_context("fork").Process(target=add, args=(folder, 25)) for _ in range(4)]
    for process in running:
        process.start()
    counts = []
    while any(process.is_alive() for process in running):
        counts.append(int(opened(folder).read(RECORD)[0]))
    assert [process.exitcode for process in running] == [0] * 4
    assert opened(folder).read(RECORD)[0] == b"100"
    assert counts == sorted(counts)
    assert opened(folder).journal.verify() == []
    assert not opened(folder).needs_recovery()


def test_a_store_held_by_another_process_is_locked_until_that_one_dies(folder: Path) -> None:
    code = "import filelock, sys; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print(flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, folder / "store/.lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    version = opened(folder).read(RECORD)[1]
    with pytest.raises(errors.Conflict) as refused:
        opened(folder).write(RECORD, b"1", version, **ACT)
    assert refused.value.code == "vault/locked"
    assert not opened(folder).recover(wait=False)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert opened(folder).write(RECORD, b"1", version, **ACT).finished


def test_a_reader_needs_no_lock_to_see_what_was_saved_but_not_renamed(folder: Path) -> None:
    before, version = (folder / "store" / RECORD).read_bytes(), opened(folder).read(RECORD)[1]
    new = opened(folder).write(RECORD, b"1", version, **ACT).version
    place = folder / "store" / RECORD
    beside = place.with_name(f".{place.name}.{new[:16]}.tmp")
    place.rename(beside)
    place.write_bytes(before)
    assert opened(folder).needs_recovery()
    assert opened(folder).read(RECORD) == (b"1", new)
    opened(folder).recover_if_possible()
    assert not beside.exists()
    assert opened(folder).read(RECORD) == (b"1", new)


def test_what_was_on_its_way_and_never_saved_is_removed(folder: Path) -> None:
    place = folder / "store" / RECORD
    (place.with_name(f".{place.name}.{'0' * 16}.tmp")).write_bytes(b"half a reco")
    (folder / "store" / f".shelter.yaml.{'1' * 16}.tmp").symlink_to(folder / "key")
    opened(folder).recover_if_possible()
    assert not opened(folder).needs_recovery()
    assert (folder / "key").exists()
    assert opened(folder).read(RECORD)[0] == b"0"
