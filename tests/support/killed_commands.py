"""Commands carried out in one warm process, their forks killed or refused by the disk at a call, and what is left."""

import errno
import gc
import json
import os
import re
import shutil
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from shelterctl import errors
from shelterctl.identity.key_file import load_identity, needs_passphrase
from shelterctl.identity.keys import Identity
from shelterctl.vault.sealed_bytes import strip_armour
from tests.support import processes
from tests.support.command import Answer, end_server, import_everything, prepare_child
from tests.support.desk import TODAY, Desk
from tests.support.faults import Strike, kill, kill_half_way, kill_short_of_the_end, refuse
from tests.support.in_process import run_here
from tests.support.killable_commands import WORKS, stages
from tests.support.killed_acts import ACTS
from tests.support.passphrases import NEW, OLD
from tests.support.sampled import stride

MEMORY = Path("/dev/shm")  # noqa: S108  (the disk is slow, and not what is looked for)
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGING: Final = ("mkdir", "write", "fsync", "close", "link", "replace", "rename", "rmdir", "unlink", "ftruncate")
KILLED: Final = -signal.SIGKILL
ENDS: Final = {0, 1, 2, 3, 5, 6, 7, 8, KILLED}
"""How a command may end that is killed or refused; 70 would be a bug."""

KILLS: Final[Sequence[tuple[Strike, bool]]] = ((kill, False), (kill_half_way, False), (kill_short_of_the_end, False))
FULL: Final[Sequence[tuple[Strike, bool]]] = tuple(
    (partial(refuse, number), lasting) for lasting in (False, True) for number in (errno.ENOSPC, errno.EDQUOT)
)


class Fault:
    """At the *at*-th call that changes a disk, and where *lasting* at each later one, `os` does not do as it is told.

    What is opened to be read, and closed again, is not counted: killed there it is as if killed at the next call.
    """

    def __init__(self, at: int, strike: Strike, lasting: bool) -> None:
        self.at, self.strike, self.lasting = at, strike, lasting
        self.names: list[str] = []
        self.written: set[int] = set()
        self.open = os.open
        self.real = {name: getattr(os, name) for name in ("open", *CHANGING)}
        for name in CHANGING:
            setattr(os, name, partial(self._called, name, self.real[name]))
        os.open = self._opened

    def lift(self) -> None:
        """The system does again as it is told."""
        for name, function in self.real.items():
            setattr(os, name, function)

    def _opened(self, path: Any, flags: int, *how: Any, **more: Any) -> int:
        if not flags & WRITING:
            return self.open(path, flags, *how, **more)
        self._counted("open", (path, flags))
        descriptor = self.open(path, flags, *how, **more)
        self.written.add(descriptor)
        return descriptor

    def _called(self, name: str, real: Callable[..., Any], *args: Any, **how: Any) -> Any:
        if name == "close":
            descriptor = args[0]
            real(descriptor)  # a close that fails has closed all the same
            if descriptor in self.written and self.strike not in dict(KILLS):
                self._counted(name, args)
            self.written.discard(descriptor)
            return None
        self._counted(name, args)
        return real(*args, **how)

    def _counted(self, name: str, args: tuple[Any, ...]) -> None:
        self.names.append(name)
        if len(self.names) == self.at or (self.lasting and len(self.names) > self.at > 0):
            self.strike(name, args)


class Here(Desk):
    """A desk whose commands are carried out in this very process, which a fork of the tests has become."""

    secrets: Mapping[str, str] = {}
    """Passphrases that the next command is handed, by the option that names the descriptor."""

    wrong: tuple[int, Strike, bool] | None = None
    """What goes wrong in the next command: at which call, how, and whether for good."""

    calls: Sequence[str] = ()

    def _how(self, how: Mapping[str, Any]) -> Callable[..., Answer]:
        return self._carried

    def _carried(self, words: Sequence[str], *, cwd: Path, env: Mapping[str, str], **how: Any) -> Answer:
        for number in (1, 2):
            os.ftruncate(number, 0)
            os.lseek(number, 0, os.SEEK_SET)
        handed = self._handed()
        fault = Fault(*self.wrong) if self.wrong else None
        code = run_here([*words, *handed], cwd, env)
        if fault:
            fault.lift()
            self.calls = fault.names
        gc.collect()  # as at the end of a process: what was opened is closed
        gc.freeze()  # and what is kept is not looked through after each of them
        return Answer(code, _said(1), _said(2))

    def _handed(self) -> list[str]:
        words = []
        for option, text in self.secrets.items():
            reading, writing = os.pipe()
            os.write(writing, text.encode() + b"\n")
            os.close(writing)
            words += [option, str(reading)]
        return words

    def struck(self, words: str, given: object, at: int, strike: Strike, lasting: bool, today: str | None) -> "Struck":
        """The command in which that call goes wrong; one that is to be killed in a fork."""
        if strike not in dict(KILLS):
            self.wrong = (at, strike, lasting)
            try:
                answer = self.run(f"{words} --json", given, today=today)
            finally:
                self.wrong = None
            return Struck(answer.code, answer.out, answer.err, tuple(self.calls))
        reading, writing = os.pipe()
        processes.posix_only("a fork that is struck down", "windows/test_two.py")
        if (child := os.fork()) == 0:
            code = 70
            try:
                real, self.wrong = os.write, (at, strike, lasting)
                code = self.run(f"{words} --json", given, today=today).code
                real(writing, json.dumps(self.calls).encode())
            finally:
                os._exit(code)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        status = os.waitpid(child, 0)[1]
        code = os.waitstatus_to_exitcode(status)
        return Struck(code, _said(1), _said(2), tuple(json.loads(told)) if told else ())


class Struck:
    """What a command came to in which a call went wrong, and the calls that it made, unless it was killed."""

    def __init__(self, code: int, out: str, err: str, calls: tuple[str, ...]) -> None:
        self.code, self.out, self.err, self.calls = code, out, err, calls

    @property
    def error(self) -> str:
        """The code that it ended with."""
        try:
            page = json.loads(self.out)
        except ValueError:
            return "?"
        return str((page["error"] or {}).get("code") or next((found["code"] for found in page["findings"]), ""))


def _said(number: int) -> str:
    return os.pread(number, 1 << 24, 0).decode()


def carried(work: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """What *work* saw in a fork of this process that is warm and in memory; it gets a folder of its own."""
    reading, writing = os.pipe()
    processes.posix_only("a fork that carries out commands", "windows/test_two.py")
    if (child := os.fork()) == 0:
        code = 1
        try:
            prepare_child()
            import_everything()
            for number in (0, 1, 2):
                os.dup2(os.memfd_create(f"stream {number}"), number)
            with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
                said = work(Path(folder))
                os.chdir("/")
                end_server()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(said).encode())
            code = 0
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    assert os.waitpid(child, 0)[1] == 0, told.decode()
    return dict(json.loads(told))


STRIDE: Final = 6
"""Of so many calls of a command one is struck, in the next command another one; the first and the last of each."""

STRIDE_OF_FULL_DISK: Final = 5
STRIDE_OF_ACTS: Final = {"killed": 6, "full": 10}
SEEN_BEFORE: Final = 6
"""Of so many calls one meets a full disk where another command made the same calls."""

IDS = re.compile(rb"""["']?\b[0-9A-Z]{4}-[0-9A-Z]{4}\b["']?|["']?\b[0-9A-Z]{6}(?:[0-9A-Z]{2})?\b["']?""")
ARMOUR = re.compile(rb"-----BEGIN AGE.*?-----END AGE ENCRYPTED FILE-----", re.DOTALL)
PADDING = re.compile(rb'^padding: "\.*"$', re.MULTILINE)
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?[+-]\d\d:\d\d")


def state(desk: Desk) -> str:
    """What the store says, and nothing that differs between two runs of the same words: ids, moments, lengths."""
    key = load_identity(desk.key, None) if (desk.key.exists() and not needs_passphrase(desk.key)) else None
    said = []
    for path in sorted(desk.store.rglob("*")):
        name = path.relative_to(desk.store).as_posix()
        if not path.is_file() or path.parent.name == "journal" or path.name == ".lock" or path.name.endswith(".tmp"):
            continue
        data = path.read_bytes()
        if name == "trust.jsonl":
            whole = data[: data.rfind(b"\n") + 1]  # what a cut-off write left behind it is no statement
            data = b" ".join(json.loads(line)["kind"].encode() for line in whole.splitlines())
        elif name == "secrets.yaml.age":
            data = b"there"
        elif name.endswith(".age") and key:
            try:
                data = key.open(data).rstrip(b"\n")  # each file is as much longer as it happens
            except errors.ShelterError:
                data = b"damaged"
        data = IDS.sub(b"<id>", MOMENT.sub(b"<at>", ARMOUR.sub(partial(_block, key), data)))
        said.append(IDS.sub(b"<id>", name.encode()) + b"\n" + data)
    return b"\n".join(sorted(said)).decode(errors="backslashreplace")


def _block(key: Identity | None, found: re.Match[bytes]) -> bytes:
    """What a sealed entry says."""
    written = found[0].decode().replace("\\n", "\n")  # a register has a line for each entry
    lines = "".join(f"{line.strip()}\n" for line in written.splitlines())
    return b"<%s>" % (PADDING.sub(b"", key.open(strip_armour(lines))) if key else b"age")


def left(folder: Path) -> list[str]:
    """What a command put on a disk on its way to something else."""
    ways = ("*.tmp", "*.act", "*.part", ".founding*")
    return sorted(path.name for way in ways for path in folder.rglob(way))


def fresh(kept: Path, copy: Path) -> None:
    """The folder once more as it was kept."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy, symlinks=True)


def counted(reports: Sequence[Mapping[str, Any]], what: str) -> Counter[str]:
    """The sums over several reports."""
    return sum((Counter(report[what]) for report in reports), Counter())


ADD: Final = "staff add s-nina --role psychologist"
"""What is written next, and can be written into any store."""


class Trials:
    """Runs of one work on copies of one store, and what was seen."""

    def __init__(self, folder: Path, title: str) -> None:
        self.title, self.kept, self.copy = title, folder / "kept", folder / "copy"
        self.bad: list[str] = []
        self.seen: Counter[str] = Counter()

    def run(self, at: int, strike: Strike, lasting: bool) -> Sequence[str]:
        """One run in which the *at*-th call goes wrong; the calls that it made, unless it was killed."""
        fresh(self.kept, self.copy)
        struck = self.struck(at, strike, lasting)
        how = "killed" if struck.code == KILLED else f"{struck.code} {struck.error}".strip()
        self.seen[how] += 1
        said = struck.out + struck.err
        complaints = [] if struck.code in ENDS else [f"ended with {struck.code}: {struck.err[-200:]}"]
        complaints += ["a traceback"] * ("Traceback" in said) + ["names a folder"] * (str(self.copy) in struck.err)
        try:
            complaints += self.aftermath(struck, lasting)
        except AssertionError as trouble:
            complaints.append(f"and then: {trouble}"[:300])
        how = f"{self.title} {getattr(strike, '__name__', 'full')}{' for good' * lasting} at {at} ({how})"
        self.bad += [f"{how}: {complaint}" for complaint in complaints]
        return struck.calls

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        """The command in a fork in which that call goes wrong."""
        raise NotImplementedError

    def aftermath(self, struck: Struck, lasting: bool) -> Iterable[str]:
        """What is wrong with what is there afterwards, and with what can be done next."""
        raise NotImplementedError

    def killed(self, seen: set[tuple[str, ...]], number: int, step: int) -> None:
        """Killed at every *step*-th call, and at the first and the last; half-way through writes too, if nothing was so
        far that makes the same calls."""
        calls = tuple(self.run(0, kill, False))
        for strike, lasting in KILLS[: None if calls not in seen else 1]:
            for at in sorted({1, len(calls), *range(1 + number % step, 1 + len(calls), step)}):
                if strike is kill or calls[at - 1] == "write":
                    self.run(at, strike, lasting)
        seen.add(calls)

    def filled(self, seen: set[tuple[str, ...]], first: int, step: int) -> None:
        """No room at every *step*-th call, each time in another way; where the same were made before, at fewer."""
        calls = tuple(self.run(0, *FULL[0]))
        step = max(step, stride(SEEN_BEFORE)) if calls in seen else step
        for number, at in enumerate(sorted({1, len(calls), *range(1 + first % step, 1 + len(calls), step)})):
            self.run(at, *FULL[(first + number) % len(FULL)])
        seen.add(calls)


class OfWork(Trials):
    """All of it has happened, or nothing; what was acknowledged has."""

    def __init__(self, folder: Path, title: str, begun: dict[str, Any]) -> None:
        super().__init__(folder, title)
        self.work = work = WORKS[title]
        fresh(begun[work.stage].folder, self.kept)
        desk = Here(self.kept, begun[work.stage].her)
        self.names = {"her": desk.her}
        for words, given in work.before:
            done = desk.do(words.format(**self.names), given).data
            self.names |= {"entry": str(done.get("entry")), "made": str(done.get("id"))}
        if work.made:
            work.made(desk)
        if "{number}" in work.words:
            self.names["number"] = str(desk.ask("check").data["sheet"]["number"])
        if "{words}" in work.words:
            self.names["words"] = desk.ask("trust").data["sheet"]["words"]
        if "{other}" in work.words:
            self.names["other"] = str(load_identity(desk.folder / "other", None).device)
        if "{own}" in work.words:
            self.names["own"] = str(load_identity(desk.key, None).device)
        if "{sum}" in work.words:
            (waiting,) = desk.do("repair journal --names").data["repaired"]["waiting"]
            self.names |= {"file": waiting["place"], "sum": waiting["sha256"]}
        self.words = work.words.format(**self.names)
        self.given = work.given
        if isinstance(self.given, dict):
            self.given = {key: said.format(**self.names) if said == "{entry}" else said for key, said in
                          self.given.items()}  # fmt: skip
        self.old = self._state(self.kept)
        fresh(self.kept, self.copy)
        self.desk = Here(self.copy, desk.her)
        struck = self.struck(0, kill, False)
        assert struck.code == 0, (title, struck.out, struck.err)
        self.new = self._state(self.copy)
        assert self.new != self.old, title

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        """The command, with its passphrases."""
        self.desk.secrets = self.work.secrets
        return self.desk.struck(self.words, self.given, at, strike, lasting, self.work.today)

    def _state(self, folder: Path) -> str:
        desk = Here(folder, self.names["her"])
        return f"{self.work.look(desk)}\n{state(desk)}"

    def aftermath(self, struck: Struck, lasting: bool) -> Iterator[str]:
        """As promised: old or new, whole; what was said to be done is; the next command works, and clears up."""
        desk, work = self.desk, self.work
        refused = struck.code not in (0, KILLED)
        if refused and not lasting:
            yield from (f"left by an error: {name}" for name in left(self.copy))
        if work.secrets:
            desk.secrets = {"--passphrase-fd": NEW if work.look(desk) == NEW else OLD}
        check = desk.ask("check", today=work.today)
        if check.code not in work.checks:
            yield f"check: {check.code} {check.error} {check.codes()}"
        there = self._state(self.copy)
        if there not in (self.old, self.new) and not work.finishes:
            yield f"neither the old nor the new: {_difference(there, self.old, self.new)}"
        if struck.code == 0 and there != self.new:
            yield "what was saved is lost"
        if refused and not lasting and there != self.old and not work.finishes:
            yield "refused, and yet there is something new"
        yield from self._next(there)
        yield from (f"left: {name}" for name in left(self.copy))

    def _next(self, there: str) -> Iterator[str]:
        """What is wrong with the next command, which is the same one if it did not happen; it clears up too."""
        desk, work = self.desk, self.work
        if there == self.new:
            written = desk.ask(ADD, today=TODAY)
        else:
            desk.secrets = work.secrets
            written = desk.ask(self.words, self.given, today=work.today)
            if written.code == 0 and self._state(self.copy) != self.new:
                yield "given again, it is not what it was to be"
        if work.accepts and written.error == "trust/new-device":
            desk.do("trust --accept")
            written = desk.ask(ADD, today=TODAY)
        if written.code:
            yield f"the next command: {written.code} {written.error}"
        if left(self.copy):  # what the computer remembers is written anew with the store, not with what changed nothing
            desk.secrets = {"--passphrase-fd": NEW} if work.secrets else {}
            desk.do(ADD)
            if work.finishes:
                desk.ask(self.words, self.given, today=work.today)


class OfAct(Trials):
    """Something between may be there; the same words finish it."""

    def __init__(self, folder: Path, title: str) -> None:
        super().__init__(folder, title)
        self.act = ACTS[title]
        self.her = self.act.before(self.kept).her
        self.words = self.act.words.format(her=self.her)

    @property
    def desk(self) -> Here:
        return Here(self.copy, self.her)

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        return self.desk.struck(self.words, None, at, strike, lasting, TODAY)

    def aftermath(self, struck: Struck, lasting: bool) -> Iterator[str]:
        """As promised: the same words again, and it is as if nothing had been in the way."""
        second = self.desk.ask(self.words)
        error = Struck(second.code, second.out, second.err, ()).error
        if second.code and error not in self.act.again:
            yield f"again: {second.code} {error}"
            return
        if struck.code == 0 and second.code == 0 and "init/exists" in self.act.again:
            yield "what was said to be done is done once more"
        yield from self.act.after(self.desk)


def tried(folder: Path, titles: Sequence[str], how: str) -> dict[str, Any]:
    """What was seen of these works, one after the other, killed or with a full disk."""
    (folder / "begun").mkdir()
    begun = stages(folder / "begun") if set(titles) & set(WORKS) else {}
    bad: list[str] = []
    ends: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    for number, title in enumerate(titles):
        place = folder / str(number)
        place.mkdir()
        each: Trials = OfWork(place, title, begun) if title in WORKS else OfAct(place, title)
        if how == "killed":
            each.killed(seen, number, stride(STRIDE if title in WORKS else STRIDE_OF_ACTS[how]))
        else:
            each.filled(seen, number, stride(STRIDE_OF_FULL_DISK if title in WORKS else STRIDE_OF_ACTS[how]))
        bad += each.bad
        for end, times in each.seen.items():
            ends[end.split()[0]] += times
    return {"bad": bad, "ends": ends}


def _difference(there: str, *others: str) -> str:
    """The first line in which it differs from each; invented people only."""
    lines = [set(other.split("\n")) for other in others]
    return " | ".join(next((line for line in there.split("\n") if line not in other), "") for other in lines)[:300]
