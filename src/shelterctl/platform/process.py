"""Calls to the system about this process and this computer."""

import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


def harden_process() -> None:
    """Keep the memory of this process out of core dumps and debuggers, and its files out of reach of other users."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  - takes 4 ms, and only Linux needs it

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


@contextmanager
def handle_signals(answers: Mapping[str, Any]) -> Iterator[None]:
    """Handle these signals, given by name, inside the block; signals that this system does not have are left out."""
    before: dict[int, Any] = {}
    for name, answer in answers.items():
        with suppress(AttributeError, ValueError):  # only the main thread may handle signals
            number = getattr(signal, name)
            before[number] = signal.signal(number, answer)
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


def file_opener_command() -> str:
    """Return the command that shows a file or folder with the computer's own program for it."""
    return {"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open")


def split_command(written: str) -> list[str]:
    """Return the words of a command as a variable of this system names it; none if its quotes do not match."""
    with suppress(ValueError):
        return shlex.split(written, posix=os.name == "posix")
    return []


def python_command(*words: str) -> list[str]:
    """Return the command that starts the running interpreter again, without code from the current folder."""
    return [sys.executable, "-I" if sys.flags.isolated else "-P", *words]
