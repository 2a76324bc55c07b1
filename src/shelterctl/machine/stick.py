"""USB sticks and other drives that can be taken out, as the system shows them while they are in."""

import os
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_OF_DESKTOPS = ("/media/", "/run/media/")
"""Where the desktops of Linux open what is plugged in."""

if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes
    from ctypes import byref, wintypes

    _STICK, _NETWORK = 2, 4
    _OUTSIDE = {4, 7, 12, 13}
    """FireWire, USB and cards: a disk behind one of these is taken along, although Windows calls a large one fixed."""

    _WHAT_DISK, _SHARED, _EXISTING, _BUS = 0x2D1400, 3, 3, slice(28, 32)
    """Windows is asked what disk it is; where in its answer stands behind what it is."""

    _kernel = ctypes.WinDLL("kernel32")
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def sticks() -> tuple[Path, ...]:
        """The drives of this computer that can be taken out and hold something now."""
        drives = (f"{letter}:" for letter in string.ascii_uppercase)
        return tuple(Path(f"{each}\\") for each in drives if _plugged_in(each) and _opens(f"{each}\\"))

    def is_carried(path: Path) -> bool:
        """Whether other computers read the disk too: it can be taken out, or is one of the network."""
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        return drive.startswith("\\\\") or _kernel.GetDriveTypeW(f"{drive}\\") == _NETWORK or _plugged_in(drive)

    def _plugged_in(drive: str) -> bool:
        return _kernel.GetDriveTypeW(f"{drive}\\") == _STICK or _bus(drive) in _OUTSIDE

    def _bus(drive: str) -> int:
        """Behind what the disk is, by the number of Windows; 0 where that cannot be told."""
        handle = _kernel.CreateFileW(f"\\\\.\\{drive}", 0, _SHARED, None, _EXISTING, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            return 0
        try:
            asked, told, size = (wintypes.DWORD * 3)(), ctypes.create_string_buffer(1024), wintypes.DWORD()
            of = ctypes.c_void_p(handle)
            done = _kernel.DeviceIoControl(
                of, _WHAT_DISK, byref(asked), ctypes.sizeof(asked), told, len(told), byref(size), None
            )
            return int.from_bytes(told.raw[_BUS], "little") if done and size.value >= _BUS.stop else 0
        finally:
            _kernel.CloseHandle(ctypes.c_void_p(handle))

else:

    def sticks() -> tuple[Path, ...]:
        """The drives of this computer that can be taken out, where its desktop opened them."""
        if sys.platform == "darwin":  # pragma: no cover - of another system
            return tuple(each for each in sorted(Path("/Volumes").glob("*")) if os.path.ismount(each))
        try:
            return tuple(each for each in plugged_in(_MOUNTS.read_text("utf-8", "replace")) if _opens(each))
        except OSError:
            return ()


def plugged_in(mounts: str) -> Iterator[Path]:
    """The folders, in a list of mounts as Linux writes it, under which a desktop opens what is plugged in."""
    for line in mounts.splitlines():
        place = line.split(" ")[1] if line.count(" ") > 1 else ""
        if place.startswith(_OF_DESKTOPS):
            yield Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place))


def _opens(folder: str | Path) -> bool:
    return os.path.isdir(folder) and os.access(folder, os.W_OK)
