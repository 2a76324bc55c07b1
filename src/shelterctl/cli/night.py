"""The walk-through of the demonstration: answers of an invented night, typed at a real terminal and shown."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from shelterctl import machine, screen
from shelterctl.language import N_, current

NO_TERMINAL = N_("  (This system has no pseudo-terminals; try it yourself with: shelterctl admit)")

ANSWERS = (
    "1", "1999.13", "05.1999", "1", "24.11 23:40", "?", "ночь, координатор не отвечает", "Айжан", "Примерова",
    "", "24.11 23:30", ".", "",
)  # fmt: skip
"""A woman is received at night: one answer is mistyped, one question is asked about, and the rest is left for later."""

PACE, READING, LONGEST = 0.07, 0.02, 6.0
"""Seconds a key, seconds a character that was written before the next answer, and the longest pause."""


SCREENS = re.compile(rb"\x1b\[\?1049[hl]")
"""By which a screen of its own is taken and given back."""


def replay(place: Path, env: Mapping[str, str], today: str) -> Iterator[str]:
    """What stands on the screen, line by line, while the answers are typed."""
    try:
        from shelterctl.replay import readable  # noqa: PLC0415 - not there on Windows
    except ImportError:
        yield NO_TERMINAL
        return
    yield from readable(b"".join(_played(place, env, today)), current()).splitlines()


def film(
    place: Path, env: Mapping[str, str], today: str, pace: float = PACE, reading: float = READING
) -> Iterator[bytes]:
    """The same as it would be seen, key by key, with time to read before each answer; nothing where it cannot be."""
    try:
        from shelterctl.replay import readable  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return
    unread = b""
    for piece in _played(place, env, today, pace, screen.size()):
        yield SCREENS.sub(b"", piece).replace(b"\r\n", b"\n")
        unread += piece
        if piece.endswith(b"> "):  # it waits for an answer
            time.sleep(min(len(readable(unread)) * reading, LONGEST))
            unread = b""


def _played(
    place: Path, env: Mapping[str, str], today: str, pace: float = 0, size: tuple[int, int] = (80, 24)
) -> Iterator[bytes]:
    from shelterctl.replay import Ended, replayed  # noqa: PLC0415 - not there on Windows

    command = machine.ourselves("-m", "shelterctl", "admit", "--store", "house", "--as-of", today)
    around = {**env, "TERM": "xterm", "PATH": os.environ.get("PATH", os.defpath)}
    lines = max(size[1], 24), max(size[0], 80)
    for piece in replayed(command, ANSWERS, cwd=place, env=around, size=lines, pace=pace):
        if not isinstance(piece, Ended):
            yield piece
