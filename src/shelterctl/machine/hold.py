"""Files that another program has open: Windows lets nobody rename or remove them meanwhile, so they are waited for."""

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Done = TypeVar("Done")

MOMENT, WHILE = 3.0, 10.0
"""Seconds for which a file is waited for, and a folder: whoever looks for viruses lets go of a file within one."""

TRIES = 3 if sys.platform == "win32" else 1
"""How often one after the other it is refused while nobody holds it, until that is taken to be for good."""


def patiently(act: Callable[[], Done], *of: Path, folder: Path | None = None) -> Done:
    """What *act* comes to, tried again for a moment while another program holds one of the files that it is about.

    A *folder* is neither renamed nor removed while anything in it is open, which nobody can tell: it is waited for.
    Elsewhere than on Windows nobody can hold a file so, and it is simply done. Raises OSError with EBUSY.
    """
    begun, pause, in_vain = time.monotonic(), 0.03, 0
    while True:
        try:
            return act()
        except PermissionError as trouble:
            longest = MOMENT * any(map(_held, of)) or WHILE * _is_folder(folder)
            in_vain = 0 if longest else in_vain + 1
            if in_vain == TRIES:  # who held it may have let go between the try and the question
                raise
            if longest and time.monotonic() - begun >= longest:
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

    def _is_folder(path: Path | None) -> bool:
        return path is not None and os.path.isdir(path)

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

    def _is_folder(path: Path | None) -> bool:
        """Nor is any folder."""
        return False
