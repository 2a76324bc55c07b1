"""Files that another program has open: Windows lets nobody rename or remove them meanwhile, so they are waited for."""

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Done = TypeVar("Done")

MOMENT = 3.0
"""Seconds for which a file is waited for: whoever looks through files for viruses lets go of them within one."""


def patiently(act: Callable[[], Done], *of: Path) -> Done:
    """What *act* comes to, tried again for a moment while another program holds one of the files that it is about.

    Elsewhere than on Windows nobody can hold a file so, and it is simply done. Raises OSError with EBUSY.
    """
    until, pause = time.monotonic() + MOMENT, 0.01
    while True:
        try:
            return act()
        except PermissionError as trouble:
            if not any(map(_held, of)):
                raise
            if time.monotonic() >= until:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY)) from trouble
        time.sleep(pause)
        pause = min(2 * pause, 0.2)


if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes

    _WRITE, _SHARED, _EXISTING, _NONE = 0x40000000, 0, 3, ctypes.c_void_p(-1).value
    _ELSEWHERE = {32, 33, 1224}
    """What Windows answers of a file that is open elsewhere: in use, in part, or mapped into memory."""

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def _held(path: Path) -> bool:
        """Whether another program has the file open: then nobody can have it alone, whatever he may do with it.

        The refusals of renaming and opening do not tell that from a file that this account may not touch.
        """
        handle = _kernel.CreateFileW(str(path), _WRITE, _SHARED, None, _EXISTING, 0, None)
        if handle == _NONE:
            return ctypes.get_last_error() in _ELSEWHERE
        _kernel.CloseHandle(ctypes.c_void_p(handle))
        return False

else:

    def _held(path: Path) -> bool:
        """Never."""
        return False
