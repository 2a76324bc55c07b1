"""Commands that are killed, or refused by the disk, at each call they make of the operating system.

Run as a script, in a process of its own: every run is a fork in which the N-th call of `os` goes wrong. It prints
what it saw as JSON. `faults.py kills|refusals|interrupts|limits|in-place FOLDER`, `faults.py add STORE TIMES`.
"""

import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from shelterctl import errors
from shelterctl.identity import Identity, load, make, recovery, save
from shelterctl.journal import Journal, Step
from shelterctl.vault import Change, Vault

CALLS = ("open", "read", "fstat", "stat", "lstat", "mkdir", "write", "fsync", "close", "replace", "unlink", "ftruncate")
RECORD, DIRECTORY, FRESH = "residents/7QF2-M9KD.yaml.age", "directory.yaml.age", "residents/0ABC-1DEF.yaml.age"
OLD, NEW = b"stays: [] # old\n" * 40, b"stays: [] # new\n" * 250
ACT = {"did": "admit", "by": "s-aida", "at": "2026-11-25T10:00:00+06:00"}
Work = Callable[[Vault], object]


def opened(folder: Path, timeout: float = 5.0) -> Vault:
    """The store in *folder*, as a new process opens it: everything comes from the disk."""
    identity = load(folder / "key", None)
    public = (folder / "public").read_text()
    journal = Journal(folder / "store/journal", {str(identity.device): public}, identity, folder / "state/head")
    return Vault(folder / "store", identity, [identity.recipient], journal, timeout=timeout)


def founded(folder: Path) -> None:
    """A store with two files, each written twice."""
    (folder / "store").mkdir(parents=True)
    identity = make()
    save(folder / "key", identity, None)
    (folder / "public").write_text(identity.signing_public)
    vault = opened(folder)
    for name in (RECORD, DIRECTORY):
        first = vault.write(name, b"", None, **ACT)
        vault.write(name, OLD, first.version, **ACT)


def overwrite(vault: Vault) -> object:
    return vault.write(RECORD, NEW, vault.read(RECORD)[1], **ACT)


def first(vault: Vault) -> object:
    return vault.write(FRESH, NEW, None, **ACT)


def several(vault: Vault) -> object:
    changes = [Change(name, NEW, vault.read(name)[1]) for name in (RECORD, DIRECTORY)]
    return vault.write_all(changes, **ACT)


def in_place(vault: Vault) -> object:
    """What the protocol is there to avoid: the tests must see it fail."""
    base, stored = vault.read(RECORD)[1], vault._sealed(NEW)
    with vault.lock():
        descriptor = os.open(vault.root / RECORD, os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, stored)
        os.fsync(descriptor)
        os.close(descriptor)
        vault.journal.append([Step(RECORD, base, hashlib.sha256(stored).hexdigest())], **ACT)
    return None


WORKS: dict[str, tuple[Work, tuple[str, ...]]] = {
    "overwrite": (overwrite, (RECORD,)),
    "first": (first, (FRESH,)),
    "several": (several, (RECORD, DIRECTORY)),
}


class Fault:
    """From the *at*-th call on, or there only, `os` does something else."""

    def __init__(self, at: int, strike: Callable[[str, tuple[Any, ...]], None], *, persistent: bool = False) -> None:
        self.count = 0
        self.real = {name: getattr(os, name) for name in CALLS}
        for name in CALLS:
            setattr(os, name, self._wrapped(name, at, strike, persistent))

    def _wrapped(self, name: str, at: int, strike: Callable[[str, tuple[Any, ...]], None], persistent: bool) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == at or (persistent and self.count > at):
                if name == "close":
                    self.real["close"](*args)
                strike(name, args)
                if name == "close":
                    return None
            return self.real[name](*args, **kwargs)

        return call

    def lift(self) -> None:
        for name, function in self.real.items():
            setattr(os, name, function)


def forked(folder: Path, work: Work, prepare: Callable[[], object]) -> dict[str, Any]:
    """What *work* came to in a process of its own, in which *prepare* has put a fault."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        said: dict[str, Any] = {}
        try:
            vault = opened(folder)
            fault = prepare()
            try:
                said["done"] = str(work(vault))
            finally:
                if isinstance(fault, Fault):
                    said["calls"] = fault.count
                    fault.lift()
        except errors.ShelterError as trouble:
            said |= {"error": trouble.code, "exit": int(trouble.exit)}
        except KeyboardInterrupt:
            said["error"] = "interrupted"
        except BaseException as trouble:
            said["crash"] = repr(trouble)
        with suppress(OSError):
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(told)) if told else {"killed": True}


def aftermath(folder: Path, names: tuple[str, ...], said: dict[str, Any]) -> list[str]:
    """What is wrong with the store after the fact, and whether the next command goes well: a list of complaints."""
    before = opened(folder)
    committed = _lines(folder) > 4
    complaints = []
    try:
        early = [_read(before, name) for name in names]
        before.recover()
        vault = opened(folder)
        late = [_read(vault, name) for name in names]
        if not all(each in {OLD, NEW, None} for each in early + late):
            complaints.append("neither the old nor the new version")
        if ("done" in said or committed) and late[0] != NEW:
            complaints.append("what was saved is lost")
        if "error" in said and NEW in late:
            said["written"] = True
            complaints += [] if committed else ["written without a line in the journal"]
        complaints += [f"journal: {problem.code}" for problem in vault.journal.verify()]
        complaints += [f"left: {file.name}" for file in (folder / "store").rglob("*.tmp")]
        for name, there in zip(names, late, strict=True):
            vault.write(name, b"next", None if there is None else vault.read(name)[1], **ACT)
    except errors.ShelterError as trouble:
        complaints.append(f"then: {trouble.code}")
    return complaints


def _read(vault: Vault, name: str) -> bytes | None:
    try:
        return vault.read(name)[0]
    except errors.NotFound:
        return None


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (folder / "store/journal").iterdir())


real_write = os.write


def kill(name: str, args: tuple[Any, ...]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_half_way(name: str, args: tuple[Any, ...]) -> None:
    if name == "write":
        real_write(args[0], bytes(args[1])[: len(args[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(number: int) -> Callable[[str, tuple[Any, ...]], None]:
    def strike(name: str, args: tuple[Any, ...]) -> None:
        raise OSError(number, os.strerror(number))

    return strike


def interrupt(name: str, args: tuple[Any, ...]) -> None:
    raise KeyboardInterrupt


class Trial:
    """Runs on copies of one store, and what was seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template"
        founded(self.template)
        self.seen: dict[str, Any] = {"runs": 0, "bad": [], "outcomes": {}}

    def run(self, title: str, work: Work, names: tuple[str, ...], prepare: Callable[[], object]) -> dict[str, Any]:
        copy = self.folder / "copy"
        shutil.copytree(self.template, copy)
        said = forked(copy, work, prepare)
        complaints = aftermath(copy, names, said)
        shutil.rmtree(copy)
        if "crash" in said:
            complaints.append(said["crash"])
        self.seen["runs"] += 1
        self.seen["bad"] += [f"{title}: {complaint}" for complaint in complaints]
        outcome = said.get("error") or ("killed" if "killed" in said else "done")
        outcome += ", yet written" if "written" in said else ""
        self.seen["outcomes"][outcome] = self.seen["outcomes"].get(outcome, 0) + 1
        return said

    def steps(self, work: Work, names: tuple[str, ...]) -> range:
        """One for each call that the work makes when nothing goes wrong."""
        return range(1, self.run("whole", work, names, lambda: Fault(0, kill))["calls"] + 1)


def kills(trial: Trial) -> None:
    for title, (work, names) in WORKS.items():
        for step in trial.steps(work, names):
            for strike in (kill, kill_half_way):
                trial.run(f"{title} {step}", work, names, lambda s=strike, n=step: Fault(n, s))


def refusals(trial: Trial) -> None:
    for number in (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
        # One call differs from another, one error hardly: the other works meet the first error only.
        for title, (work, names) in WORKS.items() if number == errno.EIO else [("overwrite", WORKS["overwrite"])]:
            for step in trial.steps(work, names):
                for lasting in (False, True):
                    what = f"{title} {step} {errno.errorcode[number]} {'from then on' if lasting else 'once'}"
                    trial.run(what, work, names, lambda n=step, e=number, p=lasting: Fault(n, refuse(e), persistent=p))


def interrupts(trial: Trial) -> None:
    for title, (work, names) in WORKS.items():
        for step in trial.steps(work, names):
            trial.run(f"{title} {step} Ctrl-C", work, names, lambda n=step: Fault(n, interrupt))


def limits(trial: Trial) -> None:
    for most in [*range(0, 2048, 16), *range(2048, 9000, 128)]:
        lowered = (most, resource.RLIM_INFINITY)
        trial.run(f"limit {most}", overwrite, (RECORD,), lambda m=lowered: resource.setrlimit(resource.RLIMIT_FSIZE, m))


def broken(trial: Trial) -> None:
    for step in trial.steps(in_place, (RECORD,)):
        trial.run(f"in place {step}", in_place, (RECORD,), lambda n=step: Fault(n, kill))


def add(folder: Path, times: int) -> None:
    """Count a number in a record up, *times* times, beside others who do the same."""
    vault = opened(folder, timeout=60)
    while times:
        text, version = vault.read(RECORD)
        with suppress(errors.Conflict):
            vault.write(RECORD, b"%d" % (int(text) + 1), version, **ACT)
            times -= 1


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "add":
        add(where, int(sys.argv[3]))
    else:
        trial = Trial(where)
        modes = {"kills": kills, "refusals": refusals, "interrupts": interrupts, "limits": limits, "in-place": broken}
        modes[what](trial)
        sys.stdout.write(json.dumps(trial.seen))
