"""The drives of this computer: which can be removed, and an id of each disk that is the same in any slot and letter."""

import os
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_MOUNT_LIST = Path("/proc/self/mounts")
_OF_DESKTOPS = ("/media/", "/run/media/")
"""Folders in which the desktops of Linux open what is plugged in."""

if sys.platform == "win32":  # pragma: no cover - another system
    import ctypes
    from ctypes import byref, wintypes

    _REMOVABLE, _FIXED, _NETWORK = 2, 3, 4
    """Windows numbers for kinds of drives."""

    _OUTSIDE_BUSES = {4, 7, 12, 13}
    """FireWire, USB and cards: disks on these can be carried away, though Windows calls a large one fixed."""

    _WHAT_DISK, _BUS, _WHAT_NUMBER = 0x2D1400, slice(28, 32), 0x2D1080
    """Questions to Windows about a drive: its disk, where the answer has the bus, and the number of the disk."""

    _SERIAL_MASK = 0xFFFF_FFFF
    """Older versions of Windows know only the low half of a drive's serial number."""

    _SHARED, _EXISTING = 3, 3
    _kernel = ctypes.WinDLL("kernel32")
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def removable_drives() -> tuple[Path, ...]:
        """Return the drives of this computer that can be removed and have a disk in them now."""
        drives = (f"{letter}:" for letter in string.ascii_uppercase)
        return tuple(Path(f"{each}\\") for each in drives if _is_removable(each) and _is_writable_folder(f"{each}\\"))

    def is_removable_or_network(path: Path) -> bool:
        """Whether other computers may read the disk too: it can be removed, or is on the network."""
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        return drive.startswith("\\\\") or _kernel.GetDriveTypeW(f"{drive}\\") == _NETWORK or _is_removable(drive)

    def _is_removable(drive: str) -> bool:
        return _kernel.GetDriveTypeW(f"{drive}\\") == _REMOVABLE or _bus_number(drive) in _OUTSIDE_BUSES

    def _bus_number(drive: str) -> int:
        """Return the Windows number of the bus of a disk; 0 if unknown."""
        answer = _ask_drive(drive, _WHAT_DISK, bytes(12), 1024)
        return int.from_bytes(answer[_BUS], "little") if len(answer) >= _BUS.stop else 0

    def _ask_drive(drive: str, what: int, question: bytes, most: int) -> bytes:
        """Return the answer of Windows to a question about a drive, at most *most* bytes; empty if there is none."""
        handle = _kernel.CreateFileW(f"\\\\.\\{drive}", 0, _SHARED, None, _EXISTING, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            return b""
        try:
            answer, size, opened = ctypes.create_string_buffer(most), wintypes.DWORD(), ctypes.c_void_p(handle)
            done = _kernel.DeviceIoControl(
                opened, what, question or None, len(question), answer, most, byref(size), None
            )
            return answer.raw[: size.value] if done else b""
        finally:
            _kernel.CloseHandle(ctypes.c_void_p(handle))

    def disk_id(path: Path) -> str:
        """Return the disk of a folder, by the lowest serial number of its drives: C: and D: of one disk count as one.

        A network disk without a number is known by its drive. Raises OSError.
        """
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        number = _disk_number(drive)
        alike = [] if number is None else [each for each in _local_drives() if _disk_number(each) == number]
        serials = sorted(filter(None, map(_serial_number, [*alike, drive])))
        return f"{serials[0]:x}" if serials else drive.casefold()

    def _local_drives() -> Iterator[str]:
        """Yield the drives of this computer itself, since a lost network drive would be waited for."""
        there = _kernel.GetLogicalDrives()
        drives = (f"{letter}:" for at, letter in enumerate(string.ascii_uppercase) if there >> at & 1)
        return (each for each in drives if _kernel.GetDriveTypeW(f"{each}\\") in (_REMOVABLE, _FIXED))

    def _serial_number(drive: str) -> int:
        """Return the serial number of the volume in a drive; 0 if nothing there can be opened."""
        try:
            return os.stat(f"{drive}\\").st_dev & _SERIAL_MASK
        except OSError:
            return 0

    def _disk_number(drive: str) -> bytes | None:
        """Return the kind and number of a drive's disk, as Windows gives them; None if it has none."""
        answer = _ask_drive(drive, _WHAT_NUMBER, b"", 12)
        return answer[:8] if len(answer) == 12 else None

else:

    def removable_drives() -> tuple[Path, ...]:
        """Return the drives of this computer that can be removed and that its desktop has opened."""
        if sys.platform == "darwin":  # pragma: no cover - another system
            return tuple(each for each in sorted(Path("/Volumes").glob("*")) if os.path.ismount(each))
        try:
            mounts = removable_mounts(_MOUNT_LIST.read_text("utf-8", "replace"))
            return tuple(each for each in mounts if _is_writable_folder(each))
        except OSError:
            return ()

    def disk_id(path: Path) -> str:
        """Return the disk of a folder, by the lowest uuid of its partitions: two partitions of one disk count as one.

        A network disk is known by what was mounted, a disk without either by its device number. Raises OSError.
        """
        device = os.stat(path).st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        return _LINUX_DISKS.disk(Path(os.path.realpath(path)), number) if sys.platform == "linux" else number


def removable_mounts(mounts: str) -> Iterator[Path]:
    """Yield the folders, in a list of mounts from Linux, in which a desktop opens what is plugged in."""
    for line in mounts.splitlines():
        place = line.split(" ")[1] if line.count(" ") > 1 else ""
        if place.startswith(_OF_DESKTOPS):
            yield Path(_unescape_mount(place))


def _is_writable_folder(folder: str | Path) -> bool:
    return os.path.isdir(folder) and os.access(folder, os.W_OK)


class LinuxDisks(NamedTuple):
    """Places where Linux describes its disks: links by uuid, block devices by name and by number, and mounts."""

    uuids: Path
    by_name: Path
    by_number: Path
    mounts: Path

    def disk(self, path: Path, number: str) -> str:
        """Return the disk of a path without links; *number* is that of its device."""
        try:
            if (self.by_number / number).exists():
                name = (self.by_number / number).resolve().name
            else:
                source = _mounted_device(self.mounts.read_text("utf-8", "surrogateescape"), path)
                if not source.startswith("/dev/"):
                    # A share that is mounted again keeps its name, but not its number.
                    return source if ":" in source or source.startswith("//") else number
                name = Path(source).resolve().name
            return self._uuid(name) or number
        except OSError:
            return number

    def _uuid(self, name: str) -> str | None:
        """Return the lowest uuid of the partitions on the disk of a block device, else its own."""
        whole = self._whole(name)
        volumes = {link.name: link.resolve().name for link in self.uuids.glob("*")}
        parts = [uuid for uuid, part in volumes.items() if self._whole(part) == whole and not self._below(part)]
        # An unlocked volume comes and goes, so it names the disk only if nothing else does.
        return min(parts or [uuid for uuid, part in volumes.items() if part == name], default=None)

    def _whole(self, name: str) -> str:
        """Return the disk of a block device, which may be a partition, an unlocked volume, or a volume of several
        disks.
        """
        if below := self._below(name):
            return min(map(self._whole, below))
        place = (self.by_name / name).resolve()
        return place.parent.name if (place / "partition").exists() else name

    def _below(self, name: str) -> list[str]:
        """Return the block devices that a block device consists of."""
        return [each.name for each in (self.by_name / name / "slaves").glob("*")]


_LINUX_DISKS = LinuxDisks(
    Path("/dev/disk/by-uuid"), Path("/sys/class/block"), Path("/sys/dev/block"), Path("/proc/self/mountinfo")
)


def _mounted_device(mounts: str, path: Path) -> str:
    """Return the device mounted at a path, by the list of mounts from Linux; empty if the list does not say."""
    deepest, found = 0, ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        place, device = fields.split(" ")[4:5], rest.split(" ")[1:2]
        if not (place and device):
            continue
        folder = Path(_unescape_mount(place[0]))
        if folder in (path, *path.parents) and len(folder.parts) >= deepest:  # the last mount covers earlier ones
            deepest, found = len(folder.parts), _unescape_mount(device[0])
    return found


def _unescape_mount(written: str) -> str:
    """Return a path of that list with its escapes decoded: blanks are written there as numbers."""
    return re.sub(r"\\([0-7]{3})", lambda said: chr(int(said[1], 8)), written)
