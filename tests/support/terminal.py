"""The program at a real terminal, as a person has it before her: what she types, and what she sees."""

import fcntl
import os
import pty
import re
import select
import shlex
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pexpect

from shelterctl.language import format_sentence
from shelterctl.terminal.recording import readable_text
from shelterctl.ui_language import Marked
from tests.support import processes
from tests.support.command import become_program
from tests.support.processes import patience, wait_for_exit

if TYPE_CHECKING:
    from tests.support.desk import Desk


CONTROL_KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}
PROMPT_AT_END = re.compile(rb"(?:^|[\r\n])(?:> [^\r\n]*|[^\r\n]+: )$")
"""What stands last when the program waits for a person."""
SETTLED, LAST = 0.03, 8192
"""After how many seconds of silence it is looked whether it waits, and at how many bytes of what was written last."""
RESIZED = {signal.SIGWINCH}
AT_NIGHT = {
    "identity": {"sex": "female", "birth_date": "1999-03-14"},
    "referral": {"sources": ["iom_ngo_coordinator"]},
    "received": {"at": "2026-11-24T22:00"},
}
"""Who was received at night; the next question is why before the papers are ready."""

FAR = re.compile(r" +\(\d+ (?:of|из) \d+\)$")
"""How far one is, behind the question."""

SHELL = "the shell goes on"

OPEN, HOUSE, BLANK, BACKUP, REGISTERS, FOR_ALL, PARTNERS = "2", "4", "5", "6", "7", "8", "9"
SHIFT, LOCK, OTHER, LEAVE = "10", "11", "12", "13"
"""Lines of the menu."""
SEE, WRITE, ADMISSION, AGREEMENT, PRINT_PAPERS, DISCHARGE = "1", "2", "3", "4", "5", "6"
"""What is offered in her file, once it is opened."""


def seen_text(raw: bytes, language: str = "en") -> str:
    """What was written on a terminal as lines of text."""
    return readable_text(raw.decode("utf-8", errors="replace"), language)


@dataclass(frozen=True)
class Seen:
    """What was on the terminal from first to last, and how the program ended."""

    raw: bytes
    code: int
    language: str = "en"

    @property
    def text(self) -> str:
        """The same as lines, without what only a terminal understands."""
        lines = seen_text(self.raw, self.language).split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"

    @property
    def left(self) -> str:
        """What can still be read when it is over: nothing that was on a screen of its own."""
        return seen_text(re.sub(rb"\x1b\[\?1049h.*?(?:\x1b\[\?1049l|$)", b"", self.raw, flags=re.DOTALL))


def anew_as(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> NoReturn:
    """In a child: another program, which hears Ctrl-C; a job in the background is started with it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.chdir(cwd)
    os.execve(command[0], [*command], {**env})  # noqa: S606


class LiveTerminal:
    """A program at a terminal that stays open between answers: asked step by step, resized, killed."""

    def __init__(self, program: Callable[[], NoReturn], size: tuple[int, int], language: str = "en") -> None:
        processes.posix_only("a terminal of POSIX", "windows/test_console.py")
        self.language = language
        self.raw, self.code, self.over = b"", 0, False
        seen, sized = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, RESIZED)
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:  # pragma: no cover - another program from here on
            os.close(sized)
            os.read(seen, 1)  # what it writes first is as wide as the window
            signal.sigtimedwait(RESIZED, 0)  # that was before it began: a prompt would be drawn a second time for it
            signal.pthread_sigmask(signal.SIG_UNBLOCK, RESIZED)
            program()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, RESIZED)
        os.close(seen)
        self.resize(*size)
        os.close(sized)
        self.begun = self.wait()

    def resize(self, lines: int, columns: int) -> None:
        """The window made larger or smaller."""
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, answer: str | bytes, enter: bytes = b"\r") -> str:
        """An answer with Enter behind it, or one of ``^C``, ``^D``, ``^Z``; what is seen until it waits again.

        A sentence of the program is typed as it stands on the screen.
        """
        assert not self.over, "nobody is there any more to be answered"
        if isinstance(answer, Marked):
            answer = format_sentence(answer, {}, self.language)
        if isinstance(answer, str):
            answer, enter = (CONTROL_KEYS[answer], b"") if answer in CONTROL_KEYS else (answer.encode(), enter)
        return self.wait(answer + enter, entered=enter == b"\r")

    def until(self, question: str, answers: Mapping[str, str] | None = None, key: str = "") -> None:
        """Go on with *answers* by their questions, else with *key*, until that is asked."""
        for _ in range(120):
            self.type((answers or {}).get(self.asked, key))
            if self.asked.startswith(question):
                return
        raise AssertionError(f"never asked: {question}")

    def press(self, keys: bytes) -> str:
        """Keys without Enter behind them; what is seen until they stand there."""
        return self.wait(keys, b"" if keys in CONTROL_KEYS.values() else re.escape(keys))

    def wait(self, sending: bytes = b"", until: bytes = PROMPT_AT_END.pattern, *, entered: bool = False) -> str:
        """What is seen until the program waits for an answer or has ended, while *sending* is typed.

        Once an answer was *entered*, its own line must have ended: it may be drawn anew before.
        """
        before, last = len(self.raw), time.monotonic()
        while time.monotonic() - last < patience():
            reads, writes, _ = select.select([self._terminal], [self._terminal] * bool(sending), [], SETTLED)
            if writes:
                sending = sending[os.write(self._terminal, sending[:1024]) :]
            if reads:
                more = b""
                with suppress(OSError):  # so ends a pseudo-terminal on Linux
                    more = os.read(self._terminal, 65536)
                if not more:
                    self.over = True
                    break
                self.raw, last = self.raw + more, time.monotonic()
            elif not sending:
                seen = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", self.raw[max(before, len(self.raw) - LAST) :])
                if (b"\n" in seen or not entered) and re.search(until, seen):
                    break
        else:
            raise AssertionError(f"it never came: {until!r}; seen last: {self.raw[-LAST:]!r}")
        return seen_text(self.raw[before:])

    @property
    def asked(self) -> str:
        """The question that was put last: what is in bold before its hint and choices, without how far one is."""
        bold = re.findall(rb"(?:\x1b\[1m[^\x1b]*\x1b\[0m\r\n)+", self.raw)
        return FAR.sub("", seen_text(bold[-1]).replace("\n", " ").strip()) if bold else ""

    def send(self, number: signal.Signals) -> str:
        """A signal to the program; what is seen after it."""
        os.kill(self.pid, number)
        return self.wait()

    def rouse(self, number: signal.Signals) -> None:
        """A signal to the program while it waits for a key, until it waits again."""
        status, waits = Path(f"/proc/{self.pid}/status"), re.compile(r"(?<=\nvoluntary_ctxt_switches:\t)\d+")
        (before,), last = waits.findall(status.read_text()), time.monotonic()
        os.kill(self.pid, number)
        while waits.findall(status.read_text()) == [before] and time.monotonic() - last < patience():
            select.select([self._terminal], [], [], SETTLED)

    def end(self) -> Seen:
        """What it came to: the window is closed if the program still waits."""
        with suppress(OSError):
            os.close(self._terminal)
        if self.pid:
            code = wait_for_exit(self.pid)
            if code is None:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError("it does not end when its window is closed")
            self.code, self.pid = code, 0
        return Seen(self.raw, self.code)


@dataclass(frozen=True)
class Terminal:
    """A person at a desk, at a terminal of so many lines and columns."""

    desk: "Desk"
    language: str = "en"
    today: str | None = "2026-11-25"
    size: tuple[int, int] = (24, 80)
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, words: str, typed: Iterable[str]) -> Seen:
        """The command, and each answer typed when the program waits for it."""
        with self.live(words) as live:
            for answer in typed:
                if live.over:
                    break
                live.type(answer)
            return replace(live.end(), language=self.language)

    @contextmanager
    def live(self, words: str, *, in_shell: bool = False, anew: bool = False) -> Iterator[LiveTerminal]:
        """The command, to be answered step by step; *in_shell* which goes on when the command ends or is stopped.

        It is begun *anew* also where Python itself is told something by its environment.
        """
        typed = shlex.split(words)
        if self.today and words and not words.startswith(("menu", "passphrase")):
            typed += ["--as-of", self.today]
        env = {**self.desk.env, "TERM": "xterm", "SHELTERCTL_LANG": self.language, **self.env}

        def program() -> NoReturn:
            if not (anew or in_shell or any(name.startswith(("PYTHON", "LANG", "LC_")) for name in self.env)):
                become_program(typed, self.desk.folder, env, lambda: None)
            command = [sys.executable, "-m", "shelterctl", *typed]
            if in_shell:
                command = ["/bin/sh", "-m", "-c", f'"$@"; echo "{SHELL}"', "sh", *command]
            anew_as(command, self.desk.folder, env)

        self.desk.read_ahead()
        live = LiveTerminal(program, self.size, self.language)
        try:
            yield live
        finally:
            live.end()


def spawned(desk: "Desk", words: str, **env: str) -> "pexpect.spawn[str]":
    """The command at a terminal of 24 by 80, where what is asked does not look like a question: a passphrase."""
    around = {**desk.env, "TERM": "xterm", **env}

    def program() -> NoReturn:
        become_program(words.split(), desk.folder, around, lambda: os.closerange(3, 256))

    return pexpect.spawn(
        "/bin/false", cwd=str(desk.folder), env=around, dimensions=(24, 80), encoding="utf-8", timeout=patience(),
        preexec_fn=program,
    )  # fmt: skip


def broken_off(child: "pexpect.spawn[str]") -> None:
    """Ctrl-C once the program waits: one that comes between its prompt and its reading Python does not hear."""
    stat, last = Path(f"/proc/{child.pid}/stat"), time.monotonic()
    while stat.read_text().rpartition(")")[2].split()[0] != "S" and time.monotonic() - last < patience():
        select.select([], [], [], SETTLED)
    child.sendintr()


def reason(desk: "Desk") -> str | None:
    """The answer to the question why she is received."""
    return desk.record()["stays"][0]["received"].get("provisional_reason")  # type: ignore[no-any-return]


def heard_by_others(live: LiveTerminal) -> bytes:
    """What another process can read of this one: its words and its environment, where they are to be read at all."""
    heard = b""
    for name in ("cmdline", "comm", "environ"):
        with suppress(PermissionError, FileNotFoundError):  # it hides itself, or this is not Linux
            heard += Path(f"/proc/{live.pid}/{name}").read_bytes()
    return heard
