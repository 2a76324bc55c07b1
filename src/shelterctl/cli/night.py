"""The walk-through of the demonstration: answers of an invented night, typed at a real terminal and shown."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from shelterctl.language import N_, current

NO_TERMINAL = N_("  (This system has no pseudo-terminals; try it yourself with: shelterctl admit)")

ANSWERS = (
    "1", "1999.13", "05.1999", "1", "24.11 23:40", "?", "ночь, координатор не отвечает", "Айжан", "Примерова",
    "", "24.11 23:30", ".", "",
)  # fmt: skip
"""A woman is received at night: one answer is mistyped, one question is asked about, and the rest is left for later."""


def replay(place: Path, env: Mapping[str, str], today: str) -> Iterator[str]:
    """What stands on the screen, line by line, while the answers are typed."""
    try:
        from shelterctl.replay import Ended, readable, replayed  # noqa: PLC0415 - not there on Windows
    except ImportError:
        yield NO_TERMINAL
        return
    command = [sys.executable, "-m", "shelterctl", "admit", "--store", "house", "--as-of", today]
    around = {**env, "TERM": "xterm", "PATH": os.environ.get("PATH", os.defpath)}
    written = b"".join(
        piece for piece in replayed(command, ANSWERS, cwd=place, env=around) if not isinstance(piece, Ended)
    )
    yield from readable(written, current()).splitlines()
