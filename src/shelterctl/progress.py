"""Reports of how far long work has come: the work counts its steps here, and a watcher at the terminal shows them.

Without a watcher nothing happens, so work for a pipe or a program is silent.
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Protocol, TypeVar

from shelterctl.ui_language import Marked

T = TypeVar("T")


class ProgressWatcher(Protocol):
    """Shows one piece of work at a time: what it does, how many steps it has, and how many are done."""

    def begin(self, what: Marked, count: int) -> None:
        """Begin to watch work of *count* steps; *what* says what is done, and names nobody."""

    def reach(self, done: int) -> None:
        """Take note that so many steps are done."""

    def hide(self) -> None:
        """Take away what is shown, because something else is about to be written there."""

    def end(self) -> None:
        """Take away what is shown: the work has ended or failed."""


_watching: list[Callable[[], ProgressWatcher | None] | None] = [None]
_at_work: list[ProgressWatcher] = []


def watch_progress(make_watcher: Callable[[], ProgressWatcher | None] | None) -> None:
    """Let a watcher, made where it is first needed, show each piece of work from now on; with None nobody does."""
    _watching[0] = make_watcher
    _at_work.clear()


def hide_progress() -> None:
    """Let the watcher make room for an answer or a question; work that goes on is shown again."""
    for watcher in _at_work:
        watcher.hide()


def report_steps(items: Iterable[T], what: Marked, count: int | None = None) -> Iterator[T]:
    """Yield each of the *items* as a step of the work; *count* is their number, where they have no length.

    Work inside other work is not reported: the steps of the outer one say how long everything takes.
    """
    make_watcher = _watching[0]
    number = count if count is not None else len(items) if isinstance(items, Sized) else 0
    watcher = make_watcher() if make_watcher and number and not _at_work else None
    if watcher is None:
        yield from items
        return
    _at_work.append(watcher)
    watcher.begin(what, number)
    try:
        for done, each in enumerate(items):
            watcher.reach(done)
            yield each
    finally:
        _at_work.clear()
        watcher.end()
