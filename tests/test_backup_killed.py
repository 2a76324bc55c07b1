"""A backup or a restore that is killed, or refused by the disk, at any moment: nothing half is taken for whole."""

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
from typing import TYPE_CHECKING, Any

import pytest
from backups import backed_up, files, seat
from faults import Fault, Strike, kill, kill_half_way, refuse

from shelterctl import __main__, errors
from shelterctl.cli import backup as making
from shelterctl.cli import restore as putting
from shelterctl.store.folder import BACKUP_FOLDER_NAME

if TYPE_CHECKING:
    from conftest import Desk


@pytest.fixture
def quick(admitted: "Desk") -> Iterator["Desk"]:
    """The same desk in memory, and another disk beside it: the disk is slow, and not what is looked for."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(admitted.folder, Path(folder, "desk"))
        (Path(folder, "desk") / "usb").mkdir()
        yield type(admitted)(Path(folder, "desk"), admitted.her)


def forked(work: Callable[[], object], at: int, strike: Strike, lasting: bool = False) -> tuple[str, int]:
    """What *work* came to in a process of its own in which the *at*-th call of the system goes wrong."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        fault, said = Fault(at, strike, lasting), "done"
        try:
            work()
        except errors.ShelterError as trouble:
            said = trouble.code
        except BaseException as trouble:
            said = f"crash {type(trouble).__name__}"
        fault.lift()
        os.write(writing, f"{said} {fault.count}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read() or "killed 0"
    os.waitpid(child, 0)
    said, _, count = told.rpartition(" ")
    return said, int(count)


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
KILLS: list[tuple[Strike, bool]] = [(kill_half_way, False), (kill, False)]
REFUSALS: list[tuple[Strike, bool]] = [(partial(refuse, errno.EIO), False), (partial(refuse, errno.ENOSPC), True)]


def calls(count: int, strike: Strike, lasting: bool) -> range:
    """At which calls it is struck: a kill at each, and where it hardly differs from the one before at some."""
    return range(1, 1 + count, 1 if strike is kill_half_way else 4 if lasting else 3)


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

    assert forked(work, 0, kill)[0] == "disk/permission"
    assert not list(usb.iterdir())


@pytest.mark.parametrize("strikes", [KILLS, REFUSALS], ids=["killed", "refused"])
def test_at_any_call_of_a_backup_what_has_its_name_is_whole(quick: "Desk", strikes: list[tuple[Strike, bool]]) -> None:
    usb = quick.folder / "usb"
    heads, store = seat(quick).memory_folder, files(quick.store)
    now = datetime(2026, 11, 25, 21, 30)

    def work() -> object:
        return making._write_backup(quick.store, usb, heads, now)

    outcomes = set()
    for strike, lasting in strikes:
        for at in calls(forked(work, 0, strike)[1], strike, lasting):
            said = forked(work, at, strike, lasting)[0]
            outcomes.add(said)
            named = [path for path in usb.iterdir() if BACKUP_FOLDER_NAME.fullmatch(path.name)]
            for place in named:
                damaged = "damaged" in place.name  # the store's own disk refused to read: that is told, not hidden
                assert damaged or files(place) == store
                shutil.rmtree(place)
            assert said == "killed" or lasting or not list(usb.iterdir())
            assert named or said != "done"
        assert forked(work, 0, strike)[0] == "done"
        (place,) = usb.iterdir()  # and nothing of those that were interrupted
        assert files(place) == store
        shutil.rmtree(place)
    assert outcomes <= {"killed", "done", "disk/io", "disk/full"}
    assert len(outcomes) > 1 or strikes is KILLS
    assert files(quick.store) == store


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
        for at in calls(forked(work, 0, strike)[1], strike, lasting):
            shutil.rmtree(again, ignore_errors=True)
            said = forked(work, at, strike, lasting)[0]
            outcomes.add(said)
            assert again.exists() or said != "done"
            if again.exists():
                assert files(again) == store
            assert said == "killed" or lasting or not list(quick.folder.glob(".*.part"))
        shutil.rmtree(again, ignore_errors=True)
        assert forked(work, 0, strike)[0] == "done"
        assert files(again) == store
        assert not list(quick.folder.glob(".*.part"))
    assert not {each for each in outcomes if each.startswith("crash")}
    assert files(place) == store
    assert quick.do("list --store again").data["rows"]


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
        for at in range(1, 1 + forked(work, 0, strike)[1], 15):
            fresh()
            said = forked(work, at, strike, lasting)[0]
            assert not said.startswith("crash")
            if not again.exists():
                assert said != "done"
                assert forked(work, 0, strike)[0] == "done"
            there = files(again)
            assert {name for name, sum_ in there.items() if old.get(name) != sum_} == {f"journal/{own(quick)}.jsonl"}
            last = json.loads((again / "journal" / f"{own(quick)}.jsonl").read_bytes().splitlines()[-1])
            assert (last["did"], last["more"]["lost"] in (1, 2)) == ("restore", True)
            assert seat(quick, again).store.vault.journal.sheet_number() > number
        fresh()
        assert forked(work, 0, strike)[0] == "done"
    quick.do(f"check --store again --number {number}")
    quick.do("staff add s-nina --role psychologist --store again")


def own(desk: "Desk") -> str:
    return str(seat(desk).device_key.device)


def test_a_command_that_is_killed_at_any_moment_gives_nothing_half_a_name(quick: "Desk") -> None:
    store, usb = files(quick.store), quick.folder / "usb"
    work = called(quick, ["backup", "usb", "--json"])
    said, calls = forked(work, 0, kill)
    assert said == "done"
    for at in range(calls, calls // 3, -max(calls // 12, 1)):
        assert forked(work, at, kill)[0] == "killed"
    backed_up(quick)
    assert all(BACKUP_FOLDER_NAME.fullmatch(path.name) and files(path) == store for path in usb.iterdir())
