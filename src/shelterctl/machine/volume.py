"""On which disk something lies: a name by which a stick is known again in any slot and under any letter."""

import os
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes
    from ctypes import byref, wintypes

    _WHAT_NUMBER, _SHARED, _EXISTING, _SERIAL = 0x2D1080, 3, 3, 0xFFFF_FFFF
    """Windows is asked for the number of a drive's disk. Of its serial number older versions know only the low half."""

    _OWN = (2, 3)
    """The numbers by which Windows calls a drive that can be taken out, and a fixed one."""

    _kernel = ctypes.WinDLL("kernel32")
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def disk_of(path: Path) -> str:
        """The disk that a folder lies on, by the least serial number of its drives: C: and D: of one disk are one.

        A disk of the network is known by its drive where it has no number. Raises OSError.
        """
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        number = _number(drive)
        alike = [] if number is None else [each for each in _drives() if _number(each) == number]
        serials = sorted(filter(None, map(_serial, [*alike, drive])))
        return f"{serials[0]:x}" if serials else drive.casefold()

    def _drives() -> Iterator[str]:
        """The drives of this computer itself: one of the network that is gone would be waited for."""
        there = _kernel.GetLogicalDrives()
        drives = (f"{letter}:" for at, letter in enumerate(string.ascii_uppercase) if there >> at & 1)
        return (each for each in drives if _kernel.GetDriveTypeW(f"{each}\\") in _OWN)

    def _serial(drive: str) -> int:
        """The serial number of what the drive holds; 0 where it holds nothing that can be opened."""
        try:
            return os.stat(f"{drive}\\").st_dev & _SERIAL
        except OSError:
            return 0

    def _number(drive: str) -> tuple[int, int] | None:
        """The kind and the number of the disk behind a drive, by Windows; None where it has none."""
        handle = _kernel.CreateFileW(f"\\\\.\\{drive}", 0, _SHARED, None, _EXISTING, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            return None
        try:
            told, size = (wintypes.DWORD * 3)(), wintypes.DWORD()
            of = ctypes.c_void_p(handle)
            done = _kernel.DeviceIoControl(
                of, _WHAT_NUMBER, None, 0, byref(told), ctypes.sizeof(told), byref(size), None
            )
            return (told[0], told[1]) if done and size.value >= ctypes.sizeof(told) else None
        finally:
            _kernel.CloseHandle(ctypes.c_void_p(handle))

else:

    def disk_of(path: Path) -> str:
        """The disk that a folder lies on, by the least uuid of its partitions: two partitions of one disk are one.

        A disk of the network is known by what was mounted, and what has neither by its number. Raises OSError.
        """
        device = os.stat(path).st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        return _LINUX.disk(Path(os.path.realpath(path)), number) if sys.platform == "linux" else number


class Linux(NamedTuple):
    """Where Linux tells of its disks: links by uuid, block devices by name and by number, and what is mounted."""

    uuids: Path
    by_name: Path
    by_number: Path
    mounts: Path

    def disk(self, path: Path, number: str) -> str:
        """The disk of a path that has no links in it, *number* being that of its device."""
        try:
            if (self.by_number / number).exists():
                name = (self.by_number / number).resolve().name
            else:
                source = _source(self.mounts.read_text("utf-8", "surrogateescape"), path)
                if not source.startswith("/dev/"):
                    # A share keeps its name when it is mounted again, and not its number.
                    return source if ":" in source or source.startswith("//") else number
                name = Path(source).resolve().name
            return self._uuid(name) or number
        except OSError:
            return number

    def _uuid(self, name: str) -> str | None:
        """The least uuid of the partitions of the disk behind a block device, else its own."""
        whole = self._whole(name)
        volumes = {link.name: link.resolve().name for link in self.uuids.glob("*")}
        parts = [uuid for uuid, part in volumes.items() if self._whole(part) == whole and not self._below(part)]
        # What is opened of a part that is locked comes and goes: it names the disk only where nothing else does.
        return min(parts or [uuid for uuid, part in volumes.items() if part == name], default=None)

    def _whole(self, name: str) -> str:
        """The disk that holds a block device: of a partition, of what was unlocked, of a volume of several."""
        if below := self._below(name):
            return min(map(self._whole, below))
        place = (self.by_name / name).resolve()
        return place.parent.name if (place / "partition").exists() else name

    def _below(self, name: str) -> list[str]:
        """The block devices that one is made of."""
        return [each.name for each in (self.by_name / name / "slaves").glob("*")]


_LINUX = Linux(
    Path("/dev/disk/by-uuid"), Path("/sys/class/block"), Path("/sys/dev/block"), Path("/proc/self/mountinfo")
)


def _source(mounts: str, path: Path) -> str:
    """The device that is mounted where a path lies, by the mounts as Linux lists them; empty where they do not say."""
    best, found = -1, ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        place, named = fields.split(" ")[4:5], rest.split(" ")[1:2]
        if place and named and (folder := Path(_plain(place[0]))) in (path, *path.parents):
            depth = len(folder.parts)
            best, found = (depth, _plain(named[0])) if depth >= best else (best, found)  # the last one lies on top
    return found


def _plain(written: str) -> str:
    """A path of that list as it is: blanks stand in it by their number."""
    return re.sub(r"\\([0-7]{3})", lambda said: chr(int(said[1], 8)), written)
