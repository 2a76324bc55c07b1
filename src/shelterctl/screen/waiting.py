"""Waiting for a person, but not for longer than a key may lie open."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Idle(Exception):
    """Nobody has typed anything for as long as the key may lie open."""


_seconds: list[float] = [0.0]


@contextmanager
def locking(minutes: float) -> Iterator[None]:
    """While this lasts, a question that waits for longer than *minutes* raises Idle."""
    before, _seconds[0] = _seconds[0], minutes * 60
    try:
        yield
    finally:
        _seconds[0] = before


_typed: list[str] = [""]
"""What stood in the line when it was looked at last."""


@contextmanager
def waiting(typed: str = "") -> Iterator[None]:
    """A time limit on waiting, where the system can set one; whoever is still typing is not interrupted."""
    _typed[0] = typed
    if not _seconds[0] or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _expired)
    signal.setitimer(signal.ITIMER_REAL, _seconds[0])
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _typed[0] = ""


def _expired(number: int, frame: object) -> None:
    editor = sys.modules.get("readline")
    typed = editor.get_line_buffer() if editor else _typed[0]
    if typed == _typed[0]:
        raise Idle
    _typed[0] = typed
    signal.setitimer(signal.ITIMER_REAL, _seconds[0])
