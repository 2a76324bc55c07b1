"""The console of Windows: a line edited on it, a secret typed unseen, what was typed too early, whether it obeys.

Lines are read key by key. The console would read them too, but keeps what was typed in a history that the next program
shows on pressing an arrow, and waits for ever.
"""

import atexit
import ctypes
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import byref, wintypes
from functools import cache
from typing import TextIO

if sys.platform != "win32":
    raise ImportError("this is the console of Windows")
import msvcrt

from shelterctl.machine.keys import console, is_typed, keys, next_event

QUIET = 0.03
"""Seconds without a key after which nothing of what was pasted is still on its way."""

ENDLESS = 5.0
"""Seconds after which nobody waits any longer for a console that goes on sending."""

_ESCAPES, _OUT = 0x0004, -11
_END, _HOME, _LEFT, _RIGHT, _DELETE = 0x23, 0x24, 0x25, 0x27, 0x2E
_ERASES = ("\b", "\x7f")
"""Backspace, and what comes of it with Ctrl."""

_ENDS = "\x04\x1a"
"""Ctrl-D as everywhere else, and Ctrl-Z as on Windows."""

_kernel = ctypes.windll.kernel32
_kernel.GetStdHandle.restype = wintypes.HANDLE
_so_far = [""]


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits behind that stream; NUL, which Windows takes for a terminal, is nobody."""
    if stream is None or not stream.isatty():
        return False
    return bool(_kernel.GetConsoleMode(wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno())), byref(wintypes.DWORD())))


@cache
def obeys() -> bool:
    """Whether the console knows colours, clearing and a second screen; it is asked to, until the program ends."""
    handle, mode = wintypes.HANDLE(_kernel.GetStdHandle(_OUT)), wintypes.DWORD()
    if not _kernel.GetConsoleMode(handle, byref(mode)):
        return False
    if not mode.value & _ESCAPES:
        if not _kernel.SetConsoleMode(handle, mode.value | _ESCAPES):
            return False
        atexit.register(_kernel.SetConsoleMode, handle, mode.value)
    return True


def edits() -> bool:
    """Whether a line can be edited with arrows, and begun with words that stand there already."""
    return obeys()


def line(prompt: str, typed: str = "") -> str:
    """What is typed behind *prompt*, *typed* standing there already where it can be edited.

    Raises EOFError for Ctrl-D and Ctrl-Z, KeyboardInterrupt for Ctrl-C.
    """
    if not edits():
        return input(prompt)
    sys.stdout.flush()
    _so_far[0] = typed
    with open("CONOUT$", "w", encoding="utf-8") as shown:
        row = _Row(shown, prompt, typed)
        for code, letter in keys():
            if letter == "\r":
                row.end()
                return row.text
            if letter and letter in _ENDS and not row.text:
                break
            row.press(code, letter)
            _so_far[0] = row.text
    raise EOFError


def so_far() -> str:
    """What stands in the line that is being typed."""
    return _so_far[0]


def entered() -> str:
    """What is typed until Enter; empty at the end."""
    try:
        return line("") + "\n"
    except EOFError:
        return ""


def more(seconds: float) -> bool:
    """Whether another line waits already, or comes within so many *seconds*: nobody types that fast."""
    if not edits():
        return False
    until = time.monotonic() + seconds
    with console() as handle:
        while True:
            while (event := next_event(handle, take=False)) is not None:
                if is_typed(event):
                    return True
                next_event(handle)
            if time.monotonic() >= until:
                return False
            time.sleep(0.001)


def secret(prompt: str) -> str:
    """A line typed unseen on the console, wherever input comes from; OSError where there is none."""
    with open("CONOUT$", "w", encoding="utf-8") as shown, console():
        shown.write(prompt)
        shown.flush()
        text = ""
        try:
            for _, letter in keys():
                if letter == "\r":
                    return text
                if letter and letter in _ENDS and not text:
                    break
                erased = text[:-1] if letter in _ERASES else "" if letter == "\x1b" else text
                text = text + letter if letter >= " " and letter not in _ERASES else erased
        finally:
            shown.write("\n")
    raise EOFError


def forget(*, settled: bool = False) -> None:
    """Drop what was typed and not read yet; *settled* also what is still on its way, as the rest of a paste is."""
    until = time.monotonic() + ENDLESS
    quiet = time.monotonic() + (QUIET if settled else 0)
    with suppress(OSError), console() as handle:  # where there is none, nobody types
        while True:
            while (event := next_event(handle)) is not None and time.monotonic() < until:
                if isinstance(event, OSError):
                    return
                if is_typed(event):
                    quiet = time.monotonic() + (QUIET if settled else 0)
            if time.monotonic() >= min(quiet, until):
                return
            time.sleep(QUIET / 10)


@contextmanager
def unshown() -> Iterator[None]:
    """What is typed meanwhile is not shown, as Windows shows nothing that no program reads; then it is dropped."""
    try:
        yield
    finally:
        forget()


@contextmanager
def unquitting() -> Iterator[None]:
    """Nothing is to be done: Ctrl-Break is heard where names are shown, elsewhere it ends what runs."""
    yield


def gone() -> bool:
    """Whether the console is there no more: a closed window ends the program by itself there."""
    return False


class _Row:
    """A line as it is edited: drawn anew behind its prompt, over as many rows of the screen as it takes."""

    def __init__(self, shown: TextIO, prompt: str, text: str) -> None:
        self.prompt, self.text, self.place = prompt, text, len(text)
        self._shown, self._above = shown, 0
        self._draw()

    def press(self, code: int, letter: str) -> None:
        """One key: a letter, or one that moves or takes away."""
        text, place = self.text, self.place
        if letter in _ERASES:
            self.text, self.place = text[: max(place - 1, 0)] + text[place:], max(place - 1, 0)
        elif letter in ("\x1b", "\x15"):
            self.text, self.place = "", 0
        elif letter == "\t" or letter >= " ":
            self.text, self.place = text[:place] + letter + text[place:], place + 1
        elif code == _DELETE:
            self.text = text[:place] + text[place + 1 :]
        else:
            self.place = {_HOME: 0, _END: len(text), _LEFT: max(place - 1, 0), _RIGHT: min(place + 1, len(text))}.get(
                code, place
            )
        if (self.text, self.place) != (text, place):
            self._draw()

    def end(self) -> None:
        """The line is done, and what comes next stands below it."""
        self.place = len(self.text)
        self._draw()
        self._shown.write("\n")
        self._shown.flush()

    def _draw(self) -> None:
        columns = max(os.get_terminal_size().columns, 1)
        shown = self.prompt + "".join(each if each.isprintable() else " " for each in self.text)
        there, end = len(self.prompt) + self.place, len(shown)
        up, down = self._above, end // columns - there // columns
        full = " \r" if end and end % columns == 0 else ""  # the cursor goes to the next row only with the next letter
        self._shown.write((f"\x1b[{up}A" if up else "") + f"\r\x1b[J{shown}{full}" + (f"\x1b[{down}A" if down else ""))
        self._shown.write("\r" + (f"\x1b[{there % columns}C" if there % columns else ""))
        self._shown.flush()
        self._above = there // columns
