"""One command as a process: begun anew, forked from here, or carried out by a process that serves many."""

import fcntl
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryFile
from typing import Any, NoReturn

import jsonschema_rs

from shelterctl import __main__
from shelterctl.cli.commands import COMMAND_SUMMARIES, load_command
from shelterctl.explain.codes import read_errors
from shelterctl.identity import memorable_words
from shelterctl.rulebook import rulebook as rulebooks
from shelterctl.rulebook.files import read_glossary, read_schema_file
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.page import COMMAND_ANSWERS
from shelterctl.schemas.stored import shelter_schema
from shelterctl.store.compatibility import compile_shape
from tests.support import processes
from tests.support.in_process import make_passphrases_cheap, run_here
from tests.support.processes import patience, wait_for_exit

PAGE = jsonschema_rs.validator_for(dict(read_schema_file("outcome")))

memorable_words._FINGERPRINT_COST = 1 << 10  # what makes guessing slow makes nobody wait
# One process carries out commands by several manuals here, and need not check each of them again and again.
rulebooks._open_folder = lru_cache(6)(rulebooks._open_folder.__wrapped__)
LATE = (
    "cryptography.hazmat.primitives.asymmetric.ed25519", "ctypes", "encodings.utf_8_sig", "filelock", "jinja2.ext",
    "jsonschema", "jsonschema_rs", "pyrage", "readline", "resource", "rich.console", "rich.progress", "rich.text",
    "typer._click.decorators",
)  # fmt: skip
"""What the program imports only when it is needed; Typst has threads, which do not come along."""


@dataclass(frozen=True)
class Answer:
    """What one process left behind."""

    code: int
    out: str
    err: str
    seconds: float = 0.0
    """What it took of a processor."""

    @property
    def page(self) -> dict[str, Any]:
        """The page, which is what its schema tells of that command."""
        page: dict[str, Any] = json.loads(self.out)
        if page["command"] in (None, *COMMAND_ANSWERS):  # a rulebook of one's own has commands and a schema of its own
            PAGE.validate(page)
        return page

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.page["data"]
        return data

    @property
    def error(self) -> str:
        return str((self.page["error"] or {}).get("code"))

    def codes(self, *severities: str) -> list[str]:
        """The codes of the findings, of these severities or of any."""
        return [found["code"] for found in self.page["findings"] if not severities or found["severity"] in severities]

    @property
    def refusals(self) -> list[str]:
        return self.codes("refuse")

    def finding(self, code: str) -> dict[str, Any]:
        """The first finding of that code."""
        return next(found for found in self.page["findings"] if found["code"] == code)


def one_line(text: str) -> str:
    """What was printed or shown, wherever its lines break."""
    return " ".join(text.split())


def run_new(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], **how: Any) -> Answer:
    """The command as a new program: what a person waits for, 150 ms of it for Python and what is imported."""
    processes.posix_only("a process of POSIX", "windows/test_job.py")
    command = [sys.executable, "-m", "shelterctl", *words]
    how = how if "input" in how else {"stdin": subprocess.DEVNULL} | how
    before = _spent()
    told = subprocess.run(command, capture_output=True, cwd=cwd, env=env, timeout=patience(), check=False, **how)
    return Answer(told.returncode, told.stdout.decode(), told.stderr.decode(), _spent() - before)


def run_forked(
    words: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    input: bytes = b"",
    pass_fds: Sequence[int] = (),
    start_new_session: bool = False,
) -> Answer:
    """The command in a process that begins with everything imported: the same, in a tenth of the time."""
    with TemporaryFile() as stdin, TemporaryFile() as out, TemporaryFile() as err:
        stdin.write(input)
        stdin.seek(0)

        processes.posix_only("a fork", "the same by processes")

        def streams() -> None:
            for number, stream in enumerate((stdin, out, err)):
                os.dup2(stream.fileno(), number)
            if start_new_session:
                os.setsid()

        before = _spent()
        if (child := os.fork()) == 0:
            become_program(words, cwd, env, streams)
        code = wait_for_exit(child)
        assert code is not None, "it does not end"
        encoding = env.get("PYTHONIOENCODING", "utf-8")
        texts = [(stream.seek(0), stream.read().decode(encoding))[1] for stream in (out, err)]
        return Answer(code, texts[0], texts[1], _spent() - before)


def _spent() -> float:
    """Seconds that children which have ended took of a processor."""
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def become_program(words: Sequence[str], cwd: Path, env: Mapping[str, str], first: Callable[[], object]) -> NoReturn:
    """In a child: the program as ``python -m shelterctl`` finds the world, to its end; *first* is done before."""
    code = 70
    try:
        assert "typst" not in sys.modules, "its threads do not come along: press with media.pressed"
        prepare_child()
        first()
        code = run_here(words, cwd, env)
    finally:
        os._exit(code)


def prepare_child() -> None:
    """In a child: Ctrl-C is heard, no window is held open, and what makes guessing slow makes nobody wait."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):  # a terminal is only gone once nobody holds the side of its window any more
            if os.readlink(f"/proc/self/fd/{number}").endswith("/ptmx"):
                os.close(int(number))
    make_passphrases_cheap()


def import_everything() -> None:
    """Everything that a command imports or reads of the shelf, once: whatever is forked from here has it."""
    for name in COMMAND_SUMMARIES:
        load_command(name)
    for name in LATE:
        import_module(name)
    read_errors()
    read_glossary()
    rulebook = open_rulebook()
    for name in ("edition", "forms", "annexes", "languages", "house_kinds", "places", "report", "states", "findings"):
        getattr(rulebook, name)
    for shape in (
        *(compile_shape(made, rulebook) for made in (shelter_schema, published.resident_schema)),
        *(compile_shape(read_schema_file, name) for name in ("staff", "directory", "secrets")),
    ):
        shape.findings({})
    gc.collect()
    gc.freeze()


MAIN = __main__.main
CHANGED_HERE: list[str] = []
"""Not empty while a test changes what is imported, which a fork has and a process that serves has not."""

LONGEST = 1 << 20
"""Bytes of the words and the environment of one command."""

MOST = 400
"""Commands that one process carries out, before it has kept too much of them."""


class CommandServer:
    """A process that was forked from here once, when everything was imported."""

    def __init__(self) -> None:
        self.owner, self.answered = os.getpid(), 0
        self.asks, answers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self.asks.close()
            _serve(answers)
        answers.close()

    def answer(self, words: Sequence[str], cwd: Path, env: Mapping[str, str], input: bytes) -> Answer:
        """What the command came to."""
        with TemporaryFile() as stdin, TemporaryFile() as out, TemporaryFile() as err:
            stdin.write(input)
            stdin.seek(0)
            told = json.dumps([list(words), str(cwd), dict(env)], ensure_ascii=False).encode("utf-8", "surrogateescape")
            socket.send_fds(self.asks, [told], [stdin.fileno(), out.fileno(), err.fileno()])
            said = self.asks.recv(64) if select.select([self.asks], [], [], patience())[0] else b""
            if not said:
                self.end()
                raise AssertionError("it does not end, or took the process with it")
            encoding = env.get("PYTHONIOENCODING", "utf-8")
            texts = [(stream.seek(0), stream.read().decode(encoding))[1] for stream in (out, err)]
            self.answered += 1
            code, seconds = said.split()
            return Answer(int(code), texts[0], texts[1], float(seconds))

    def end(self) -> None:
        """The process ended, whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.asks.close()
        _here.clear()


_here: list[CommandServer] = []


def run_served(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], input: bytes = b"") -> Answer:
    """The command carried out where others were before it, and others will be."""
    if _here and _here[0].answered == MOST:
        end_server()
    if not _here or _here[0].owner != os.getpid():
        _here[:] = [CommandServer()]
    return _here[0].answer(words, cwd, env, input)


def end_server() -> None:
    """Nobody serves any more: what it took of the processor is this process's own."""
    if _here and _here[0].owner == os.getpid():
        _here[0].end()


def _serve(asked: socket.socket) -> NoReturn:
    """In the child: command after command, until nobody asks any more."""
    try:
        prepare_child()
        gc.freeze()
        while True:
            told, streams, _, _ = socket.recv_fds(asked, LONGEST, 3)
            if not told:
                break
            apart = [
                fcntl.fcntl(stream, fcntl.F_DUPFD, 10) for stream in streams
            ]  # a command may have closed one of 0 to 2
            for stream in streams:
                os.close(stream)
            for number, stream in enumerate(apart):
                os.dup2(stream, number)
                os.close(stream)
            words, cwd, env = json.loads(told.decode("utf-8", "surrogateescape"))
            begun = time.process_time()
            code = run_here(words, Path(cwd), env)
            gc.collect()  # as at the end of a process: what was opened is closed
            gc.freeze()  # and what is kept for the next command is not looked through after each of them
            asked.send(b"%d %f" % (code, time.process_time() - begun))
    finally:
        sys.stdout = sys.stderr = sys.__stdout__
        os._exit(0)
