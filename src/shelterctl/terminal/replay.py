"""A program at a terminal of its own, with answers typed to it: what a person would see, for demonstration and tests.

Only where the system has pseudo-terminals; Windows has none.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from shelterctl.language import format_sentence
from shelterctl.ui_language import N_

if sys.platform == "win32":
    raise ImportError("Windows has no pseudo-terminals")


PROMPT_AT_END = re.compile(rb"(?:^|[\r\n])(?:> [^\r\n]*|[^\r\n]+: )$")
"""What stands last when the program waits for a person."""

OWN_SCREEN = N_("( a screen of its own )")
SCREEN_GONE = N_("( the screen is gone, and all that was on it )")
SCREEN_WIPED = N_("( the screen is wiped )")
_WIPE = r"(?:\x1b\[2J\x1b\[3J\x1b\[H)"
_MARKS = (
    (re.compile(r"(?:(?<![^\r\n])|(?<=\x1b\[K))[^\r\n]*\r\x1b\[K"), ""),  # a line that was taken away again
    (re.compile(rf"\x1b\[\?1049h{_WIPE}*"), "{own}\n"),
    (re.compile(rf"{_WIPE}*\x1b\[\?1049l"), "{gone}\n"),
    (re.compile(rf"{_WIPE}+"), "\n{wiped}\n"),
    (re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07"), ""),
    (re.compile(r" \r(?!\n)|\r"), ""),
)
"""What a terminal obeys, in words or left out."""

_CONTROL_CODE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
CONTROL_KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}
_SETTLED = 0.03


class ProgramEnd(NamedTuple):
    """How the program ended: its exit code, or minus the signal."""

    code: int


def replay_program(
    command: Sequence[str],
    typed: Iterable[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    size: tuple[int, int] = (24, 80),
    patience: float = 20,
    pace: float = 0,
) -> Iterator[bytes | ProgramEnd]:
    """What the program writes, piece by piece as it waits for an answer, and at last how it ended.

    Each answer is typed with Enter behind it; ``^C``, ``^D`` and ``^Z`` are keys. When they are used up the terminal
    is closed, as if its window was. With a *pace*, in seconds a key, they are typed as a person types.
    """
    ending, held = os.pipe()
    os.set_inheritable(held, True)  # by the program alone, so that it is closed when that ends
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - another program from here on
        try:
            os.chdir(cwd)
            os.execve(command[0], list(command), dict(env))  # noqa: S606 - the program that we were given
        finally:
            os._exit(127)
    os.close(held)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    try:
        answers, answer = iter(typed), None
        while True:
            entered = answer is not None and answer not in CONTROL_KEYS
            piece, waits = _read_until_prompt(terminal, patience, entered)
            yield piece
            answer = next(answers, None) if waits else None
            if answer is None:
                break
            keys = CONTROL_KEYS.get(answer) or answer.encode() + b"\r"
            for key in (each.encode() for each in keys.decode()) if pace else (keys,):
                os.write(terminal, key)
                if pace and key != b"\r":
                    time.sleep(pace)
                    yield _read_echo(terminal)
    finally:
        os.close(terminal)
    yield ProgramEnd(_wait_for_exit(child, ending, patience))


def _read_echo(terminal: int) -> bytes:
    """What is written by now, without waiting for more."""
    return os.read(terminal, 65536) if select.select([terminal], [], [], 0)[0] else b""


def _wait_for_exit(child: int, ending: int, patience: float) -> int:
    """How the program ended, which it may take some time for; whoever does not end is ended."""
    if not select.select([ending], [], [], patience)[0]:
        os.kill(child, signal.SIGKILL)
    os.close(ending)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _read_until_prompt(terminal: int, patience: float, entered: bool) -> tuple[bytes, bool]:
    """What was written until the program waits or has ended, and whether it waits.

    Once an answer was *entered*, its own line must have ended: it may be drawn anew before.
    """
    read, last = b"", time.monotonic()
    while time.monotonic() - last < patience:
        if not select.select([terminal], [], [], _SETTLED)[0]:
            if PROMPT_AT_END.search(_CONTROL_CODE.sub(b"", read)) and (b"\n" in read or not entered):
                return read, True
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # so ends a pseudo-terminal on Linux
            more = b""
        if not more:
            return read, False
        read, last = read + more, time.monotonic()
    return read, True


def readable_text(written: bytes, language: str = "en") -> str:
    """The same as lines of text: screens that begin and end are told in brackets."""
    words = {
        name: format_sentence(mark, {}, language)
        for name, mark in (("own", OWN_SCREEN), ("gone", SCREEN_GONE), ("wiped", SCREEN_WIPED))
    }
    text = written.decode("utf-8", errors="replace").replace("\r\n", "\n")
    for pattern, mark in _MARKS:
        text = pattern.sub(mark.format_map(words), text)
    return text
