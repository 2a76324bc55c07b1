"""What is asked of the system about this process and this computer."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


def harden_process() -> None:
    """Keep what this process holds out of core dumps, debuggers and the files of other users."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  (4 ms, and of use on Linux only)

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


@contextmanager
def handle_signals(answers: Mapping[str, Any]) -> Iterator[None]:
    """These signals, by name, answered so meanwhile; those that this system has not got are left out."""
    before: dict[int, Any] = {}
    for name, answer in answers.items():
        with suppress(AttributeError, ValueError):  # not every thread may listen
            number = getattr(signal, name)
            before[number] = signal.signal(number, answer)
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


def file_opener_command() -> str:
    """The command that shows a file or folder with whatever program the computer has for it."""
    return {"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open")


def python_command(*words: str) -> list[str]:
    """How the interpreter that runs now is started once more: with no code of the folder in which somebody stands."""
    return [sys.executable, "-I" if sys.flags.isolated else "-P", *words]
