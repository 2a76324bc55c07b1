"""What is in the store after a kill or a full disk, and how what an interrupted command left is told from a
stranger's.
"""

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import shelterctl
from shelterctl import errors
from shelterctl.identity.key_file import save_identity
from shelterctl.vault.paths import find_unfinished
from shelterctl.vault.protocol import Vault
from tests.support.killed_acts import JOIN, house
from tests.support.paths import PROJECT
from tests.support.processes import patience
from tests.support.sampled import stride
from tests.support.stores import ACT, Ground, reopened

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


RECORD = "residents/7QF2-M9KD.yaml.age"
Seen = Callable[[str], dict[str, Any]]


STRIDE = 5
"""Of so many calls one is struck; with --every-place each."""


def of_mode(mode: str) -> int:
    return 1 if mode == "careless" else stride(STRIDE)


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What each mode of the harness saw; all of them are started at once, for the time they take."""
    modes = ("refusals", "kills", "interrupts", "limits", "careless")
    own = (Path(shelterctl.__file__).parents[1], PROJECT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, own))}
    memory = Path("/dev/shm")  # noqa: S108  (what is looked for is not on a disk, and the disk is slow)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        running = {
            mode: subprocess.Popen(
                [sys.executable, "-m", "tests.support.faults", mode, Path(folder, mode), str(of_mode(mode))],
                stdout=subprocess.PIPE,
                env=environment,
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


@pytest.mark.sampled
def test_killed_at_any_call_the_store_holds_the_old_or_the_new_version_whole(seen: Seen) -> None:
    report = seen("kills")
    assert report["bad"] == []
    assert report["outcomes"]["once killed"] >= 250 // stride(STRIDE)


def test_the_harness_sees_a_careless_write_fail(seen: Seen) -> None:
    """Without this, no complaint would only mean that nobody looked."""
    report = seen("careless")
    assert len(report["bad"]) >= 5
    assert all("vault/" in complaint for complaint in report["bad"])


@pytest.mark.sampled
def test_refused_by_the_disk_at_any_call_an_error_of_the_disk_is_told_and_the_old_version_kept(seen: Seen) -> None:
    report = seen("refusals")
    assert report["bad"] == []
    outcomes = dict(report["outcomes"])
    assert sum(outcomes.values()) > 700 // stride(STRIDE)
    for told in ("disk/io", "disk/full", "disk/permission"):
        assert outcomes.pop(f"once {told}") > 20
        assert outcomes.pop(f"lasting {told}") > 20
        # A disk that fails for good within the append does not let the line be taken back either.
        assert outcomes.pop(f"lasting {told}, yet written", 0) <= 5
    assert set(outcomes) == {"once done", "lasting done", "whole done"}


@pytest.mark.sampled
def test_interrupted_at_any_call_the_store_is_whole(seen: Seen) -> None:
    report = seen("interrupts")
    assert report["bad"] == []
    assert report["outcomes"]["once interrupted"] > 100 // stride(STRIDE)


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


@pytest.fixture(scope="module")
def _joining(tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """A store that a second computer joins; it was switched off when all was saved, and nothing in its place."""
    desk = house(tmp_path_factory.mktemp("made") / "desk")
    before = desk.folder / "before"
    shutil.copytree(desk.store, before)
    desk.do(JOIN)
    for fresh in [path for path in desk.store.rglob("*.age") if path.is_file()]:
        old = before / fresh.relative_to(desk.store)
        sha = hashlib.sha256(fresh.read_bytes()).hexdigest()
        fresh.rename(fresh.with_name(f".{fresh.name}.{sha[:16]}.tmp"))
        shutil.copy(old, fresh)
    return desk


@pytest.fixture
def joining(_joining: "Desk", tmp_path: Path) -> "Desk":
    shutil.copytree(_joining.folder, tmp_path / "desk", symlinks=True)
    return type(_joining)(tmp_path / "desk", _joining.her)


def fresh(desk: "Desk") -> Iterator[Path]:
    """What lies beside the files of the store."""
    return desk.store.rglob("*.tmp")


def noted(checked: "Answer") -> set[str]:
    """What is noted of the store; its two clients are the same woman, which is noted too."""
    return {*checked.codes("warn")} - {"admission/same-person"}


def test_what_was_saved_and_is_not_in_its_place_is_unfinished_and_no_stranger_s(joining: "Desk") -> None:
    checked = joining.do("check")
    assert noted(checked) == {"trust/new-device", "store/unfinished"}
    told = checked.finding("store/unfinished")["facts"]
    assert told["count"] == 4
    assert "directory.yaml.age" in told["places"]
    assert len(list(fresh(joining))) == 4
    russian = joining.run("check --lang ru").out
    assert "Не трогайте их" in russian
    # The next command that may write finishes it.
    joining.do("trust --accept")
    checked = joining.do("check")
    assert noted(checked) == set()
    assert list(fresh(joining)) == []
    assert len(joining.do("list --identity other").data["rows"]) == 2


@pytest.mark.parametrize("name", [".{her}.yaml.age.0123456789abcdef.tmp", ".{her}.yaml.age.tmp", "{her}.yaml.age~"])
def test_beside_it_a_stranger_s_file_is_told_and_can_be_taken_out(joining: "Desk", name: str) -> None:
    path = joining.store / "residents" / name.format(her=joining.her)
    path.write_bytes(b"age-encryption.org/v1\nnot ours")
    checked = joining.do("check")
    assert noted(checked) == {"store/stranger", "store/unfinished", "trust/new-device"}
    path.rename(joining.folder / "moved out")
    assert noted(joining.do("check")) == {"store/unfinished", "trust/new-device"}
    joining.do("trust --accept")
    assert noted(joining.do("check")) == set()
    assert len(joining.do("list").data["rows"]) == 2


def test_a_new_version_of_which_nothing_was_written_yet_is_unfinished_too(joining: "Desk") -> None:
    """A computer that is switched off leaves such a file where it had just begun one."""
    path = joining.store / "residents" / f".{joining.her}.yaml.age.0123456789abcdef.tmp"
    path.write_bytes(b"")
    checked = joining.do("check")
    assert noted(checked) == {"store/unfinished", "trust/new-device"}
    assert checked.finding("store/unfinished")["facts"]["count"] == 5
    joining.do("trust --accept")
    assert noted(joining.do("check")) == set()
    assert not path.exists()


def test_lines_that_are_to_come_into_a_journal_are_unfinished_too(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.vault().write("shelter.yaml", b"kind: shelter\n", None, **ACT)
    journal = next((ground.root / "journal").iterdir())
    beside = journal.with_name(f".{journal.stem}.act")
    beside.write_bytes(journal.read_bytes())
    assert dict(find_unfinished(ground.root, ground.journal())) == {beside: f"journal/{journal.name}"}


def test_a_founding_that_is_not_finished_is_no_stranger_s(joining: "Desk") -> None:
    (joining.store / ".founding.yaml.age").write_bytes(b"the paper, sealed")
    told = joining.do("check").finding("store/unfinished")["facts"]
    assert "shelter.yaml" in told["places"]
