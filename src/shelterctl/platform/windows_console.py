"""The console of Windows: keys read one by one, a line edited on it, a secret read unseen, early input discarded.

Python's own reading of lines is not used: Windows would keep what was typed in a history that the next program shows at
the press of an arrow key. Importing this module on another system raises ImportError.
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
"""Seconds after which a wait checks for Ctrl-C and for the alarm."""

_QUIET_SECONDS = 0.03
"""Seconds without a key after which a paste is complete."""

_LONGEST_FLUSH_SECONDS = 5.0
"""Most seconds to wait for a console that goes on sending."""

_ALT, _ENHANCED_KEY = 0x2, 0x100
"""Flags of a key: Alt is held; it is not on the number pad, whose digits type a letter while Alt is held."""

_ECHO_LINES, _ESCAPES_MODE, _STDOUT_HANDLE = 0x0006, 0x0004, -11
_KEY, _RELEASED_ALT = 1, 0x12
_END, _HOME, _LEFT, _RIGHT, _DELETE = 0x23, 0x24, 0x25, 0x27, 0x2E
_ERASES = ("\b", "\x7f")
"""Backspace, alone and with Ctrl."""

_ENDS = "\x04\x1a"
"""Ctrl-D as on other systems, and Ctrl-Z as on Windows."""

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
    """One event at the console: a key, the mouse, the window."""

    _fields_ = (("kind", wintypes.WORD), ("key", _ConsoleKey))


@contextmanager
def call_while_waiting(seconds: float, callback: Callable[[], None]) -> Iterator[None]:
    """Call *callback*, which may raise, every *seconds* during a wait inside the block."""
    _alarms.append((seconds, callback))
    try:
        yield
    finally:
        _alarms.pop()


def read_keys() -> Iterator[tuple[int, str]]:
    """Yield keys as they are pressed, each by its code and letter, until the console is gone.

    The first half of a letter waits for the second.
    """
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
    """Open the console, wherever input comes from; inside the block it neither shows nor collects what is typed."""
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
    """Whether a key is waiting, or comes within *seconds*; other events are removed.

    Raises OSError if the console is gone.
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
    """Return the next event of the console, and remove it if *take*; None if there is none yet.

    Raises OSError if the console is gone.
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
    """Whether a key was pressed; for a letter typed by its number, whether Alt was released, which produces it."""
    key = event.key
    if event.kind != _KEY:
        return False
    if not key.down:
        return bool(key.code == _RELEASED_ALT and key.letter != "\0")
    return bool(key.state & (_ALT | _ENHANCED_KEY) != _ALT or key.letter != "\0")  # a digit may look like an arrow key


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person uses that stream; NUL, which Windows takes for a terminal, does not count."""
    if stream is None or not stream.isatty():
        return False
    return bool(_kernel.GetConsoleMode(wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno())), byref(wintypes.DWORD())))


@cache
def supports_escapes() -> bool:
    """Whether the console knows colours, clearing and a second screen; they are switched on for the program."""
    handle, mode = wintypes.HANDLE(_kernel.GetStdHandle(_STDOUT_HANDLE)), wintypes.DWORD()
    if not _kernel.GetConsoleMode(handle, byref(mode)):
        return False
    if not mode.value & _ESCAPES_MODE:
        if not _kernel.SetConsoleMode(handle, mode.value | _ESCAPES_MODE):
            return False
        atexit.register(_kernel.SetConsoleMode, handle, mode.value)
    return True


def supports_line_editing() -> bool:
    """Whether a line can be edited with arrow keys, and can start with given words."""
    return supports_escapes()


def read_edited_line(prompt: str, typed: str = "") -> str:
    """Return the line typed after *prompt*; *typed* is in it from the start, if it can be edited.

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
    """Return the text in the line that is being typed."""
    return _line_so_far[0]


def read_entered_line() -> str:
    """Return what is typed until Enter; empty at the end of input."""
    try:
        return read_edited_line("") + "\n"
    except EOFError:
        return ""


def has_more_input(seconds: float) -> bool:
    """Whether another line is waiting, or comes within *seconds*: nobody types that fast."""
    if not supports_line_editing():
        return False
    with suppress(OSError), open_console() as handle:
        return _wait_for_key(handle, seconds)
    return False


def read_secret(prompt: str) -> str:
    """Return a line typed unseen on the console, wherever input comes from; OSError if there is no console."""
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
    """Discard what was typed and not read; with *settled* also what is still arriving, such as the rest of a paste."""
    until = time.monotonic() + _LONGEST_FLUSH_SECONDS
    with suppress(OSError), open_console() as handle:  # where there is none, nobody types
        _kernel.FlushConsoleInputBuffer(handle)
        while settled and _wait_for_key(handle, _QUIET_SECONDS) and time.monotonic() < until:
            _kernel.FlushConsoleInputBuffer(handle)


@contextmanager
def hide_typing() -> Iterator[None]:
    """Discard what is typed inside the block; Windows does not show it, because no program reads it."""
    try:
        yield
    finally:
        flush_input()


@contextmanager
def ignore_quit_key() -> Iterator[None]:
    """Do nothing: Ctrl-Break is handled where names are shown, and elsewhere it ends what runs."""
    yield


def is_terminal_gone() -> bool:
    """Return False: on Windows a closed window itself ends the program."""
    return False


class _EditedLine:
    """A line being edited, redrawn after its prompt over as many rows of the screen as it takes."""

    def __init__(self, shown: TextIO, prompt: str, text: str) -> None:
        self.prompt, self.text, self.place = prompt, text, len(text)
        self._shown, self._above = shown, 0
        self._draw()

    def handle_key(self, code: int, letter: str) -> None:
        """Handle one key: a letter, or a key that moves or deletes."""
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
        """End the line, so that output goes on below it."""
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
