"""Commands carried out in one warm process, and their forks that are killed, or refused by the disk, at a call."""

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
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import system
from carrying import carried_out
from conftest import Desk
from faults import Strike, kill, kill_half_way, kill_short_of_the_end, refuse
from served import dismissed
from started import Answer, become_ready, known_already

from shelterctl import errors
from shelterctl.identity.key_file import load_identity, needs_passphrase
from shelterctl.identity.keys import Identity
from shelterctl.vault.sealed_bytes import strip_armour

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
        code = carried_out([*words, *handed], cwd, env)
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
        system.posix_only("a fork that is struck down", "windows/test_two.py")
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
    system.posix_only("a fork that carries out commands", "windows/test_two.py")
    if (child := os.fork()) == 0:
        code = 1
        try:
            become_ready()
            known_already()
            for number in (0, 1, 2):
                os.dup2(os.memfd_create(f"stream {number}"), number)
            with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
                said = work(Path(folder))
                os.chdir("/")
                dismissed()
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


IDS = re.compile(rb"""["']?\b[0-9A-Z]{4}-[0-9A-Z]{4}\b["']?|["']?\b[0-9A-Z]{6}\b["']?""")
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
    lines = "".join(f"{line.strip()}\n" for line in found[0].decode().splitlines())
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
