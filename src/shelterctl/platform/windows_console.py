"""The console of Windows: its keys read one by one, a line edited on it, a secret read without showing it, typed-ahead
input discarded. Python's own reading of lines is not used: Windows would keep what was typed in a history that the
next program shows at the press of an arrow key. Importing this module on another system raises ImportError.
"""

import atexit
import ctypes
import msvcrt
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ctypes import byref, wintypes
from functools import cache
from typing import TextIO

if sys.platform != "win32":
    raise ImportError("this is the console of Windows")

_WAIT_SECONDS = 0.05
"""Seconds after which a wait looks up: for Ctrl-C, and for the alarm."""

_QUIET_SECONDS = 0.03
"""Seconds without a key after which nothing of what was pasted is still on its way."""

_LONGEST_FLUSH_SECONDS = 5.0
"""Seconds after which nobody waits any longer for a console that goes on sending."""

_ALT, _ENHANCED_KEY = 0x2, 0x100
"""Alt is held; the key is none of the number pad, by whose figures a letter is typed while Alt is held."""

_ECHO_LINES, _ESCAPES_MODE, _STDOUT_HANDLE = 0x0006, 0x0004, -11
_KEY, _RELEASED_ALT = 1, 0x12
_END, _HOME, _LEFT, _RIGHT, _DELETE = 0x23, 0x24, 0x25, 0x27, 0x2E
_ERASES = ("\b", "\x7f")
"""Backspace, and what comes of it with Ctrl."""

_ENDS = "\x04\x1a"
"""Ctrl-D as everywhere else, and Ctrl-Z as on Windows."""

_kernel = ctypes.windll.kernel32
_kernel.GetStdHandle.restype = wintypes.HANDLE
_alarms: list[tuple[float, Callable[[], None]]] = []
_line_so_far = [""]


class _ConsoleKey(ctypes.Structure):
    _fields_ = (
        ("down", wintypes.BOOL), ("times", wintypes.WORD), ("code", wintypes.WORD), ("scan", wintypes.WORD),
        ("letter", ctypes.c_wchar), ("state", wintypes.DWORD),
    )  # fmt: skip


class ConsoleEvent(ctypes.Structure):
    """One thing that happened at the console: a key, the mouse, the window."""

    _fields_ = (("kind", wintypes.WORD), ("key", _ConsoleKey))


@contextmanager
def call_while_waiting(seconds: float, callback: Callable[[], None]) -> Iterator[None]:
    """Call *callback*, which may raise, every so many *seconds* inside a wait."""
    _alarms.append((seconds, callback))
    try:
        yield
    finally:
        _alarms.pop()


def read_keys() -> Iterator[tuple[int, str]]:
    """Keys as they are pressed, each by its code and its letter, until the console is gone; half a letter waits."""
    rung = time.monotonic()
    half = ""
    with open_console() as handle, suppress(OSError):
        while True:
            if _alarms and time.monotonic() - rung >= _alarms[-1][0]:
                rung = time.monotonic()
                _alarms[-1][1]()
            if not _wait_for_key(handle, _WAIT_SECONDS) or (event := _next_event(handle)) is None:
                continue
            letter = half + (event.key.letter if event.key.letter != "\0" else "")
            half = letter if letter and "\ud800" <= letter[-1] < "\udc00" else ""
            if not half:
                letter = letter.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                for _ in range(max(event.key.times, 1)):
                    yield event.key.code, letter


@contextmanager
def open_console() -> Iterator[wintypes.HANDLE]:
    """The console, wherever input comes from, which neither shows what is typed nor puts lines together meanwhile."""
    number, mode = os.open("CONIN$", os.O_RDWR), wintypes.DWORD()
    handle = wintypes.HANDLE(msvcrt.get_osfhandle(number))
    try:
        if not _kernel.GetConsoleMode(handle, byref(mode)):
            raise ctypes.WinError()
        _kernel.SetConsoleMode(handle, mode.value & ~_ECHO_LINES)
        try:
            yield handle
        finally:
            _kernel.SetConsoleMode(handle, mode)
    finally:
        os.close(number)


def _wait_for_key(handle: wintypes.HANDLE, seconds: float) -> bool:
    """Whether a key waits to be read, or comes within so many *seconds*; events that are no key are taken out.

    Raises OSError where the console is gone.
    """
    until = time.monotonic() + seconds
    while True:
        while (event := _next_event(handle, take=False)) is not None:
            if _is_key_press(event):
                return True
            _next_event(handle)
        if (left := until - time.monotonic()) <= 0:
            return False
        _kernel.WaitForSingleObject(handle, int(left * 10**3) + 1)


def _next_event(handle: wintypes.HANDLE, *, take: bool = True) -> ConsoleEvent | None:
    """The next event of the console, which stays there unless *take*; None where there is none yet.

    Raises OSError where the console is gone.
    """
    waiting, event, read = wintypes.DWORD(), ConsoleEvent(), wintypes.DWORD()
    if not _kernel.GetNumberOfConsoleInputEvents(handle, byref(waiting)):
        raise ctypes.WinError()
    if not waiting.value:
        return None
    look = _kernel.ReadConsoleInputW if take else _kernel.PeekConsoleInputW
    if not look(handle, byref(event), 1, byref(read)):
        raise ctypes.WinError()
    return event


def _is_key_press(event: ConsoleEvent) -> bool:
    """Whether a key was pressed; of a letter that is typed by its number only letting go of Alt, which brings it."""
    key = event.key
    if event.kind != _KEY:
        return False
    if not key.down:
        return bool(key.code == _RELEASED_ALT and key.letter != "\0")
    return bool(key.state & (_ALT | _ENHANCED_KEY) != _ALT or key.letter != "\0")  # a figure may look like an arrow


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits behind that stream; NUL, which Windows takes for a terminal, is nobody."""
    if stream is None or not stream.isatty():
        return False
    return bool(_kernel.GetConsoleMode(wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno())), byref(wintypes.DWORD())))


@cache
def supports_escapes() -> bool:
    """Whether the console knows colours, clearing and a second screen; it is asked to, until the program ends."""
    handle, mode = wintypes.HANDLE(_kernel.GetStdHandle(_STDOUT_HANDLE)), wintypes.DWORD()
    if not _kernel.GetConsoleMode(handle, byref(mode)):
        return False
    if not mode.value & _ESCAPES_MODE:
        if not _kernel.SetConsoleMode(handle, mode.value | _ESCAPES_MODE):
            return False
        atexit.register(_kernel.SetConsoleMode, handle, mode.value)
    return True


def supports_line_editing() -> bool:
    """Whether a line can be edited with arrows, and begun with words that stand there already."""
    return supports_escapes()


def read_edited_line(prompt: str, typed: str = "") -> str:
    """What is typed behind *prompt*, *typed* standing there already where it can be edited.

    Raises EOFError for Ctrl-D and Ctrl-Z, KeyboardInterrupt for Ctrl-C.
    """
    if not supports_line_editing():
        return input(prompt)
    sys.stdout.flush()
    _line_so_far[0] = typed
    with open("CONOUT$", "w", encoding="utf-8") as shown:
        row = _EditedLine(shown, prompt, typed)
        for code, letter in read_keys():
            if letter == "\r":
                row.end()
                return row.text
            if letter and letter in _ENDS and not row.text:
                break
            row.handle_key(code, letter)
            _line_so_far[0] = row.text
    raise EOFError


def typed_so_far() -> str:
    """What stands in the line that is being typed."""
    return _line_so_far[0]


def read_entered_line() -> str:
    """What is typed until Enter; empty at the end."""
    try:
        return read_edited_line("") + "\n"
    except EOFError:
        return ""


def has_more_input(seconds: float) -> bool:
    """Whether another line waits already, or comes within so many *seconds*: nobody types that fast."""
    if not supports_line_editing():
        return False
    with suppress(OSError), open_console() as handle:
        return _wait_for_key(handle, seconds)
    return False


def read_secret(prompt: str) -> str:
    """A line typed unseen on the console, wherever input comes from; OSError where there is none."""
    with open("CONOUT$", "w", encoding="utf-8") as shown, open_console():
        shown.write(prompt)
        shown.flush()
        text = ""
        try:
            for _, letter in read_keys():
                if letter == "\r":
                    return text
                if letter and letter in _ENDS and not text:
                    break
                erased = text[:-1] if letter in _ERASES else "" if letter == "\x1b" else text
                text = text + letter if letter >= " " and letter not in _ERASES else erased
        finally:
            shown.write("\n")
    raise EOFError


def flush_input(*, settled: bool = False) -> None:
    """Drop what was typed and not read yet; *settled* also what is still on its way, as the rest of a paste is."""
    until = time.monotonic() + _LONGEST_FLUSH_SECONDS
    with suppress(OSError), open_console() as handle:  # where there is none, nobody types
        _kernel.FlushConsoleInputBuffer(handle)
        while settled and _wait_for_key(handle, _QUIET_SECONDS) and time.monotonic() < until:
            _kernel.FlushConsoleInputBuffer(handle)


@contextmanager
def hide_typing() -> Iterator[None]:
    """What is typed meanwhile is not shown, as Windows shows nothing that no program reads; then it is dropped."""
    try:
        yield
    finally:
        flush_input()


@contextmanager
def ignore_quit_key() -> Iterator[None]:
    """Nothing is to be done: Ctrl-Break is heard where names are shown, elsewhere it ends what runs."""
    yield


def is_terminal_gone() -> bool:
    """Whether the console is there no more: a closed window ends the program by itself there."""
    return False


class _EditedLine:
    """A line as it is edited: drawn anew behind its prompt, over as many rows of the screen as it takes."""

    def __init__(self, shown: TextIO, prompt: str, text: str) -> None:
        self.prompt, self.text, self.place = prompt, text, len(text)
        self._shown, self._above = shown, 0
        self._draw()

    def handle_key(self, code: int, letter: str) -> None:
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
