"""What is asked of the system about this process and this computer."""

import os
import sys
from contextlib import suppress


def harden() -> None:
    """Keep what this process holds out of core dumps, debuggers and the files of other users."""
    os.umask(0o077)
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  (not there on Windows)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  (4 ms, and of use on Linux only)

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def opener() -> str:
    """The command that shows a file or folder with whatever program the computer has for it."""
    return {"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open")
