"""Waiting for a person: not for longer than a key may lie open, and for nobody where the terminal is gone."""

import atexit
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from shelterctl import machine
from shelterctl.screen.leaf import leaf

HUNG_UP = 129
"""How a program ends whose terminal is gone: as the signal that says so would end it."""


class Idle(Exception):
    """Nobody has typed anything for as long as the key may lie open."""


_seconds: list[float] = [0.0]
_stumbled: list[bool] = [False]
_asked: list[bool] = []
_ends: deque[float] = deque(maxlen=50)


def expect() -> None:
    """A question begins. What was typed before something went wrong is no answer to it; nor is it one for the shell.

    So whoever was asked anything leaves nothing behind that was typed too early or once too often.
    """
    if not _asked:
        _asked.append(True)
        atexit.register(partial(machine.forget, settled=True))
    if _stumbled[0]:
        machine.forget()
    _stumbled[0] = False


def stumble() -> None:
    """Something went wrong: the next question begins anew."""
    _stumbled[0], leaf.early = True, ""


def ended() -> None:
    """The end of input was read: the key Ctrl-D where somebody sits, else the program ends, for nobody is there.

    No key repeats fifty times a second.
    """
    _ends.append(time.monotonic())
    if machine.gone() or (len(_ends) == _ends.maxlen and _ends[-1] - _ends[0] < 1):
        raise SystemExit(HUNG_UP)
    stumble()


@contextmanager
def locking(minutes: float) -> Iterator[None]:
    """While this lasts, a question that waits for longer than *minutes* raises Idle."""
    before, _seconds[0] = _seconds[0], minutes * 60
    try:
        yield
    finally:
        _seconds[0] = before


LOOKS = 5.0
"""At most so many seconds pass until it is looked again whether somebody types."""


@dataclass(repr=False)
class Watch:
    """How long nobody has typed: what stands in the line, since which second, and after how many seconds that is idle.

    A lock is late by two looks at most, however a line was begun: one look may pass until a key is seen, another until
    the time is seen to be over.
    """

    limit: float
    typed: str
    since: float

    @property
    def looks(self) -> float:
        """After how many seconds it is looked again."""
        return min(self.limit / 4, LOOKS)

    def is_idle(self, typed: str, now: float) -> bool:
        """Whether nobody typed anything for so long, where *typed* stands in the line *now*."""
        if typed != self.typed:
            self.typed, self.since = typed, now
        return now - self.since >= self.limit


@contextmanager
def waiting(typed: str = "") -> Iterator[None]:
    """A time limit on waiting, counted from the last key; whoever is still typing is not interrupted."""
    expect()
    leaf.lines = 0
    if not _seconds[0]:
        yield
        return
    watch = Watch(_seconds[0], typed, time.monotonic())

    def look() -> None:
        if watch.is_idle(machine.so_far(), time.monotonic()):
            stumble()
            raise Idle

    with machine.alarm(watch.looks, look):
        yield
