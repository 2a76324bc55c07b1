"""A screen of its own, and what is shown on it: gone when it is left, so that no name can be scrolled back to."""

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

from shelterctl import machine
from shelterctl.language import N_, Marked
from shelterctl.screen.leaf import leaf
from shelterctl.screen.line import interactive, obeys, paged, tell, write
from shelterctl.screen.waiting import waiting

CANNOT_HIDE = N_("This terminal cannot hide what was shown. Close its window when you are done.")
MORE = N_("Enter shows more.")
MORE_OF_A_PAGE = N_("Enter shows more; . closes the page.")
LEAVE = N_("Enter closes this page.")

_IN, _OUT, _CLEAR = "\x1b[?1049h", "\x1b[?1049l", "\x1b[2J\x1b[3J\x1b[H"
_depth: list[int] = []
"""Not empty while a screen of our own is shown: one inside another is only wiped."""
_head = [""]
"""The first line of every screen."""


def headed(line: str) -> None:
    """What stands in the first line of every screen from now on, until it is left; nothing where it is empty."""
    _head[0] = line


def clear() -> None:
    """Wipe the screen, and what it keeps above itself; its first line says where one is."""
    if obeys():
        sys.stdout.write(_CLEAR)
        sys.stdout.flush()
        leaf.lines = 0
    if _head[0]:
        write([_head[0]] if obeys() else ["", _head[0]])


@contextmanager
def alone(head: str = "") -> Iterator[None]:
    """A screen of its own, gone when it is left, so that no name stays to be scrolled back to.

    *head* is its first line. Ctrl-Z is put off meanwhile, for it would leave the names in sight; a request to end
    leaves in order.
    """
    before = _head[0]
    headed(head or before)
    try:
        yield from _alone()
    finally:
        headed(before)


def _alone() -> Iterator[None]:
    if _depth or not obeys():
        if not _depth and not obeys():
            tell(CANNOT_HIDE)
        clear()
        yield
        return
    _depth.append(1)
    with machine.heard(_SIGNALS):
        sys.stdout.write(_IN)
        leaf.wait = _turned if interactive() else None
        clear()
        try:
            yield
        finally:
            _depth.clear()
            leaf.wait, leaf.early = None, ""
            with suppress(OSError, ValueError):  # the terminal may be gone
                sys.stdout.write(_CLEAR + _OUT)
                sys.stdout.flush()


def staying() -> AbstractContextManager[None]:
    """Ctrl-Z is put off where a secret is asked for: it would be typed into the shell that comes up."""
    return machine.heard({"SIGTSTP": signal.SIG_IGN})


def hold(lines: Sequence[str]) -> None:
    """Show lines on a screen of their own, a piece at a time, until Enter is pressed or they are enough."""
    from shelterctl.core.notation import MOVES  # noqa: PLC0415 - ten modules, which help needs not

    with alone():
        pieces = list(paged(lines, above=bool(_head[0])))
        for number, piece in enumerate(pieces, 1):
            clear()
            write(piece)
            typed = _entered(LEAVE if number == len(pieces) else MORE_OF_A_PAGE).strip()
            if MOVES.get(typed.casefold()) in (".", "<"):
                return


def answered(typed: str) -> None:
    """What was typed on the way to a question is its answer; a sign alone is none."""
    if len(typed) > 1 or typed.isalnum():
        leaf.early = typed


def is_answered() -> bool:
    """Whether an answer was typed where the screen was full: of a list nothing more need be shown then."""
    return bool(leaf.early)


def early() -> str:
    """What was typed where the screen was full, once: it was meant for the question that came behind it."""
    typed, leaf.early = leaf.early, ""
    return typed


def _turned() -> str:
    """The screen is full: it is read before more comes. A sign alone is no answer to what is not seen yet."""
    answered(_entered(MORE).strip())
    return leaf.early


def _entered(sentence: Marked) -> str:
    """Say what Enter does, and wait for it; whatever was typed before it."""
    tell(sentence)
    sys.stdout.write("> ")
    sys.stdout.flush()
    with waiting():
        return machine.entered()


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


_SIGNALS: Mapping[str, Any] = {
    "SIGTSTP": signal.SIG_IGN,
    **dict.fromkeys(("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"), _end),
}
"""Ctrl-Z is put off; whatever asks the program to end, a closed window too, finds the screen left in order."""
