"""Commands that are killed, or refused by the disk, at each call they make of the operating system.

`support/faults.py MODE FOLDER STRIDE`: each run is a fork in which the N-th call of `os` goes wrong, one of so many of
them; prints JSON.
"""

import errno
import hashlib
import itertools
import json
import os
import resource
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from shelterctl import errors
from shelterctl.identity.key_file import save_identity
from shelterctl.journal.line import FileChange
from shelterctl.language import format_sentence
from shelterctl.vault.protocol import FileToSave, Vault
from tests.support import processes
from tests.support.stores import ACT, Ground, reopened

CHANGING = ("open", "mkdir", "write", "fsync", "close", "link", "replace", "unlink", "ftruncate")
CALLS = (*CHANGING, "read", "fstat", "stat", "lstat")
RECORD, DIRECTORY, FRESH = "residents/7QF2-M9KD.yaml.age", "directory.yaml.age", "residents/0ABC-1DEF.yaml.age"
OLD, NEW = b"stays: [] # old\n" * 40, b"stays: [] # new\n" * 250
Work = Callable[[Vault], object]
Works = dict[Work, tuple[str, ...]]
Strike = Callable[[str, tuple[Any, ...]], None]
real_write = os.write


def opened(folder: Path) -> Vault:
    """The store in *folder*, as a new process opens it: everything comes from the disk."""
    return reopened(folder)


def founded(folder: Path, *names: str) -> None:
    """A store in which each of *names* was written twice."""
    ground = Ground(folder)
    save_identity(folder / "key", ground.me, None)
    vault = opened(folder)
    for name in names:
        vault.write(name, OLD, vault.write(name, b"", None, **ACT).version, **ACT)


def overwrite(vault: Vault) -> object:
    return vault.write(RECORD, NEW, vault.read(RECORD)[1], **ACT)


def first(vault: Vault) -> object:
    return vault.write(FRESH, NEW, None, **ACT)


def founding(vault: Vault) -> object:
    """The first write of all, where there is not even a journal."""
    return first(vault)


def several(vault: Vault) -> object:
    return vault.write_all([FileToSave(name, NEW, vault.read(name)[1]) for name in (RECORD, DIRECTORY)], **ACT)


def in_place(vault: Vault) -> object:
    """What the protocol is there to avoid: the tests must see it fail."""
    base, stored = vault.read(RECORD)[1], vault._encrypt(RECORD, NEW)
    with vault.lock():
        descriptor = os.open(vault.root / RECORD, os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, stored)
        os.fsync(descriptor)
        os.close(descriptor)
        vault.journal.append([FileChange(RECORD, base, hashlib.sha256(stored).hexdigest())], **ACT)
    return None


DAILY: Works = {overwrite: (RECORD,), several: (RECORD, DIRECTORY)}
WORKS: Works = {**DAILY, first: (FRESH,), founding: (FRESH,)}


def kill(name: str, args: tuple[Any, ...]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_half_way(name: str, args: tuple[Any, ...]) -> None:
    if name == "write":
        real_write(args[0], bytes(args[1])[: len(args[1]) // 2])
    kill(name, args)


def kill_short_of_the_end(name: str, args: tuple[Any, ...]) -> None:
    """The first of several lines is there whole, the last is not."""
    if name == "write":
        real_write(args[0], bytes(args[1])[:-9])
    kill(name, args)


def interrupt(name: str, args: tuple[Any, ...]) -> None:
    raise KeyboardInterrupt


def refuse(number: int, name: str, args: tuple[Any, ...]) -> None:
    raise OSError(number, os.strerror(number))


class Fault:
    """At the *at*-th call, and where *lasting* at every later one, `os` does not do as it is told."""

    def __init__(self, at: int, strike: Strike, lasting: bool = False) -> None:
        self.count = 0
        # Killed at a call that changes nothing, or at the next: it is the same.
        calls = CHANGING if strike in {kill, kill_half_way, kill_short_of_the_end} else CALLS
        self.real = {name: getattr(os, name) for name in calls}
        for name, function in self.real.items():
            setattr(os, name, self._wrapped(name, function, at, strike, lasting))

    def _wrapped(self, name: str, function: Callable[..., Any], at: int, strike: Strike, lasting: bool) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == at or (lasting and self.count > at > 0):
                if name == "close":  # a close that fails has closed all the same
                    function(*args)
                strike(name, args)
            return function(*args, **kwargs)

        return call

    def lift(self) -> None:
        for name, function in self.real.items():
            setattr(os, name, function)


def forked(folder: Path, work: Work, prepare: Callable[[], object]) -> dict[str, Any]:
    """What *work* came to in a process of its own, once *prepare* has put a fault there."""
    reading, writing = os.pipe()
    processes.posix_only("a fork that is struck down", "windows/test_two.py")
    if (child := os.fork()) == 0:
        said: dict[str, Any] = {}
        vault, fault = opened(folder), prepare()
        try:
            said["done"] = str(work(vault))
        except errors.ShelterError as trouble:
            spoken = format_sentence(trouble.message, trouble.facts) + format_sentence(
                trouble.hint or "", trouble.facts
            )
            said["error"] = trouble.code if str(folder) not in spoken else "names a folder of the user"
        except KeyboardInterrupt:
            said["error"] = "interrupted"
        except BaseException as trouble:
            said["crash"] = repr(trouble)
        if isinstance(fault, Fault):
            said["calls"] = fault.count
            fault.lift()
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(told)) if told else {"killed": True}


def struck(work: Callable[[], object], at: int, strike: Strike, lasting: bool = False) -> tuple[str, int]:
    """How *work* ended in a process of its own whose *at*-th call of the system goes wrong, and how many it made.

    That is done, killed or interrupted, the code of an error, or crash with the name of an exception. Of a process that
    is killed nobody counts the calls.
    """
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        fault, said = Fault(at, strike, lasting), "done"
        try:
            work()
        except errors.ShelterError as trouble:
            said = trouble.code
        except KeyboardInterrupt:
            said = "interrupted"
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


def aftermath(folder: Path, names: tuple[str, ...], said: dict[str, Any], *, lasting: bool, wait: bool) -> list[str]:
    """What is wrong with the store, and with the next command, which comes after a recovery or without."""
    happened = lines(folder) > said.pop("lines")
    complaints = [said["crash"]] if "crash" in said else []
    if "error" in said and not lasting:
        complaints += [f"left by an error: {name}" for name in _on_its_way(folder)]
    try:
        early = [_read(opened(folder), name) for name in names]
        if wait:
            opened(folder).recover()
        vault = opened(folder)
        late = [_read(vault, name) for name in names]
        if not {*early, *late} <= {OLD, NEW, None}:
            complaints.append("neither the old nor the new version")
        if ("done" in said or happened) and late[0] != NEW:
            complaints.append("what was saved is lost")
        opened(folder).recover()
        if len({_read(opened(folder), name) == NEW for name in names}) > 1:
            complaints.append("half of an act")
        said |= {"error": said["error"] + ", yet written"} if "error" in said and NEW in late else {}
        for name, there in zip(names, late, strict=True):
            vault.write(name, b"next", None if there is None else vault.read(name)[1], **ACT)
        complaints += [f"journal: {problem.code}" for problem in opened(folder).journal.verify()]
        complaints += [f"left: {name}" for name in _on_its_way(folder)]
    except errors.ShelterError as trouble:
        complaints.append(f"then: {trouble.code}")
    return complaints


def lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (folder / "store/journal").glob("*.jsonl"))


def _on_its_way(folder: Path) -> list[str]:
    return [file.name for ending in ("tmp", "act") for file in (folder / "store").rglob(f"*.{ending}")]


def _read(vault: Vault, name: str) -> bytes | None:
    try:
        return vault.read(name)[0]
    except errors.NotFound:
        return None


class Trial:
    """Runs on copies of one store, and what was seen."""

    def __init__(self, folder: Path, stride: int = 1) -> None:
        self.folder, self.stride = folder, stride
        founded(folder / "kept", RECORD, DIRECTORY)
        founded(folder / "bare")
        self.bad: list[str] = []
        self.outcomes: Counter[str] = Counter()

    def run(self, title: str, work: Work, names: tuple[str, ...], prepare: Callable[[], object]) -> dict[str, Any]:
        copy = self.folder / "copy"
        shutil.copytree(self.folder / ("bare" if work is founding else "kept"), copy)
        said = {"lines": lines(copy)} | forked(copy, work, prepare)
        complaints = aftermath(copy, names, said, lasting=title == "lasting", wait=self.outcomes.total() % 2 == 0)
        self.bad += [f"{title} {work} {prepare}: {complaint}" for complaint in complaints]
        shutil.rmtree(copy)
        self.outcomes[title + " " + said.get("error", "done" if "done" in said else "killed")] += 1
        return said

    def struck(self, *strikes: Strike, works: Works = WORKS, lasting: bool = False) -> None:
        """A run for one of so many calls that each of the works makes when nothing goes wrong, and each strike; in the
        next work other ones.
        """
        for number, (work, strike) in enumerate(itertools.product(works, strikes)):
            calls = self.run("whole", work, works[work], partial(Fault, 0, strike))["calls"]
            for step in range(1 + number % self.stride, 1 + calls, self.stride):
                self.run("lasting" if lasting else "once", work, works[work], partial(Fault, step, strike, lasting))

    def in_turn(self, work: Work, strikes: Sequence[Strike], *, lasting: bool) -> None:
        """A run for each call of one work, each with the next of the strikes."""
        calls = self.run("whole", work, WORKS[work], partial(Fault, 0, strikes[0]))["calls"]
        for step, strike in zip(range(1, 1 + calls), itertools.cycle(strikes), strict=False):
            self.run("lasting" if lasting else "once", work, WORKS[work], partial(Fault, step, strike, lasting))


def kills(trial: Trial) -> None:
    trial.struck(kill_half_way)
    trial.struck(kill, works=DAILY)
    trial.struck(kill_short_of_the_end, works={several: DAILY[several]})


def refusals(trial: Trial) -> None:
    # One call differs from another, one error hardly: the others are met in turn, by the work that is done daily.
    others = [partial(refuse, number) for number in (errno.ENOSPC, errno.EACCES, errno.EDQUOT, errno.EROFS)]
    for lasting in (False, True):
        trial.struck(partial(refuse, errno.EIO), works=DAILY if lasting else WORKS, lasting=lasting)
        trial.in_turn(overwrite, others, lasting=lasting)


def limits(trial: Trial) -> None:
    for most in [*range(0, 2048, 32), *range(2048, 9000, 256)]:
        lower = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        trial.run("limit", overwrite, (RECORD,), lower)


MODES: dict[str, Callable[[Trial], None]] = {
    "kills": kills,
    "interrupts": lambda trial: trial.struck(interrupt, works=DAILY),
    "refusals": refusals,
    "limits": limits,
    "careless": lambda trial: trial.struck(kill, works={in_place: (RECORD,)}),
}

if __name__ == "__main__":
    trial = Trial(Path(sys.argv[2]), int(sys.argv[3]))
    MODES[sys.argv[1]](trial)
    sys.stdout.write(json.dumps({"bad": trial.bad, "outcomes": trial.outcomes}))
