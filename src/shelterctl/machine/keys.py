"""Keys as they are pressed at the console of Windows, read one by one while nothing else is done with them."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref, wintypes

if sys.platform != "win32":
    raise ImportError("this is the console of Windows")
import msvcrt

SLICE = 50
"""Milliseconds after which a wait looks up: for Ctrl-C, and for the alarm."""

_ALT, _OF_ITS_OWN = 0x2, 0x100
"""Alt is held; the key is none of the number pad, by whose figures a letter is typed while Alt is held."""

_ECHO_LINES = 0x0006
_KEY, _RELEASED_ALT = 1, 0x12

_kernel = ctypes.windll.kernel32
_alarm: list[tuple[float, Callable[[], None]]] = []


class _Key(ctypes.Structure):
    _fields_ = (
        ("down", wintypes.BOOL), ("times", wintypes.WORD), ("code", wintypes.WORD), ("scan", wintypes.WORD),
        ("letter", ctypes.c_wchar), ("state", wintypes.DWORD),
    )  # fmt: skip


class Event(ctypes.Structure):
    """One thing that happened at the console: a key, the mouse, the window."""

    _fields_ = (("kind", wintypes.WORD), ("key", _Key))


@contextmanager
def alarm(seconds: float, rings: Callable[[], None]) -> Iterator[None]:
    """Every so many *seconds* it *rings* inside a wait, which may raise."""
    _alarm.append((seconds, rings))
    try:
        yield
    finally:
        _alarm.pop()


def keys() -> Iterator[tuple[int, str]]:
    """Keys as they are pressed, each by its code and its letter, until the console is gone; half a letter waits."""
    rung = time.monotonic()
    half = ""
    with console() as handle:
        while True:
            while (event := next_event(handle)) is None:
                _kernel.WaitForSingleObject(handle, SLICE)
                if _alarm and time.monotonic() - rung >= _alarm[-1][0]:
                    rung = time.monotonic()
                    _alarm[-1][1]()
            if isinstance(event, OSError):
                return
            if not is_typed(event) or _by_number(event):
                continue
            letter = half + (event.key.letter if event.key.letter != "\0" else "")
            half = letter if letter and "\ud800" <= letter[-1] < "\udc00" else ""
            if not half:
                letter = letter.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                for _ in range(max(event.key.times, 1)):
                    yield event.key.code, letter


@contextmanager
def console() -> Iterator[wintypes.HANDLE]:
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


def next_event(handle: wintypes.HANDLE, *, take: bool = True) -> "Event | OSError | None":
    """What happened next at the console, left there unless it is to be taken; none yet, or that it is gone."""
    waiting, event, read = wintypes.DWORD(), Event(), wintypes.DWORD()
    if not _kernel.GetNumberOfConsoleInputEvents(handle, byref(waiting)):
        return ctypes.WinError()
    if not waiting.value:
        return None
    look = _kernel.ReadConsoleInputW if take else _kernel.PeekConsoleInputW
    return event if look(handle, byref(event), 1, byref(read)) else ctypes.WinError()


def _by_number(event: Event) -> bool:
    """Whether it is a figure of a letter that is typed by its number, which may look like an arrow."""
    held = event.key.state & (_ALT | _OF_ITS_OWN) == _ALT
    return bool(event.key.down) and held and event.key.letter == "\0"


def is_typed(event: "Event | OSError") -> bool:
    """Whether a key was pressed; a letter that was typed by its number comes as Alt is let go."""
    if isinstance(event, OSError) or event.kind != _KEY:
        return False
    key = event.key
    return bool(key.down) or (key.code == _RELEASED_ALT and key.letter != "\0")
