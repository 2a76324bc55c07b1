"""The drives of this computer: which of them can be taken out, and an id by which one disk is recognised again in any
slot and under any letter.
"""

import os
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_MOUNT_LIST = Path("/proc/self/mounts")
_OF_DESKTOPS = ("/media/", "/run/media/")
"""Where the desktops of Linux open what is plugged in."""

if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes
    from ctypes import byref, wintypes

    _REMOVABLE, _FIXED, _NETWORK = 2, 3, 4
    """The numbers by which Windows calls kinds of drives."""

    _OUTSIDE_BUSES = {4, 7, 12, 13}
    """FireWire, USB and cards: a disk behind one of these is taken along, although Windows calls a large one fixed."""

    _WHAT_DISK, _BUS, _WHAT_NUMBER = 0x2D1400, slice(28, 32), 0x2D1080
    """What Windows is asked of a drive: what disk it is, where in its answer stands behind what; its disk's number."""

    _SERIAL_MASK = 0xFFFF_FFFF
    """Of a drive's serial number older versions of Windows know only the low half."""

    _SHARED, _EXISTING = 3, 3
    _kernel = ctypes.WinDLL("kernel32")
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def removable_drives() -> tuple[Path, ...]:
        """The drives of this computer that can be taken out and hold something now."""
        drives = (f"{letter}:" for letter in string.ascii_uppercase)
        return tuple(Path(f"{each}\\") for each in drives if _is_removable(each) and _is_writable_folder(f"{each}\\"))

    def is_removable_or_network(path: Path) -> bool:
        """Whether other computers read the disk too: it can be taken out, or is one of the network."""
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        return drive.startswith("\\\\") or _kernel.GetDriveTypeW(f"{drive}\\") == _NETWORK or _is_removable(drive)

    def _is_removable(drive: str) -> bool:
        return _kernel.GetDriveTypeW(f"{drive}\\") == _REMOVABLE or _bus_number(drive) in _OUTSIDE_BUSES

    def _bus_number(drive: str) -> int:
        """Behind what the disk is, by the number of Windows; 0 where that cannot be told."""
        answer = _ask_drive(drive, _WHAT_DISK, bytes(12), 1024)
        return int.from_bytes(answer[_BUS], "little") if len(answer) >= _BUS.stop else 0

    def _ask_drive(drive: str, what: int, question: bytes, most: int) -> bytes:
        """What Windows answers of a drive, at *most* so many bytes; nothing where it cannot tell."""
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
        """The disk that a folder lies on, by the least serial number of its drives: C: and D: of one disk are one.

        A disk of the network is known by its drive where it has no number. Raises OSError.
        """
        drive = os.path.splitdrive(os.path.abspath(path))[0]
        number = _disk_number(drive)
        alike = [] if number is None else [each for each in _local_drives() if _disk_number(each) == number]
        serials = sorted(filter(None, map(_serial_number, [*alike, drive])))
        return f"{serials[0]:x}" if serials else drive.casefold()

    def _local_drives() -> Iterator[str]:
        """The drives of this computer itself: one of the network that is gone would be waited for."""
        there = _kernel.GetLogicalDrives()
        drives = (f"{letter}:" for at, letter in enumerate(string.ascii_uppercase) if there >> at & 1)
        return (each for each in drives if _kernel.GetDriveTypeW(f"{each}\\") in (_REMOVABLE, _FIXED))

    def _serial_number(drive: str) -> int:
        """The serial number of what the drive holds; 0 where it holds nothing that can be opened."""
        try:
            return os.stat(f"{drive}\\").st_dev & _SERIAL_MASK
        except OSError:
            return 0

    def _disk_number(drive: str) -> bytes | None:
        """The kind and the number of the disk behind a drive, by Windows; None where it has none."""
        answer = _ask_drive(drive, _WHAT_NUMBER, b"", 12)
        return answer[:8] if len(answer) == 12 else None

else:

    def removable_drives() -> tuple[Path, ...]:
        """The drives of this computer that can be taken out, where its desktop opened them."""
        if sys.platform == "darwin":  # pragma: no cover - of another system
            return tuple(each for each in sorted(Path("/Volumes").glob("*")) if os.path.ismount(each))
        try:
            mounts = removable_mounts(_MOUNT_LIST.read_text("utf-8", "replace"))
            return tuple(each for each in mounts if _is_writable_folder(each))
        except OSError:
            return ()

    def disk_id(path: Path) -> str:
        """The disk that a folder lies on, by the least uuid of its partitions: two partitions of one disk are one.

        A disk of the network is known by what was mounted, and what has neither by its number. Raises OSError.
        """
        device = os.stat(path).st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        return _LINUX_DISKS.disk(Path(os.path.realpath(path)), number) if sys.platform == "linux" else number


def removable_mounts(mounts: str) -> Iterator[Path]:
    """The folders, in a list of mounts as Linux writes it, under which a desktop opens what is plugged in."""
    for line in mounts.splitlines():
        place = line.split(" ")[1] if line.count(" ") > 1 else ""
        if place.startswith(_OF_DESKTOPS):
            yield Path(_unescape_mount(place))


def _is_writable_folder(folder: str | Path) -> bool:
    return os.path.isdir(folder) and os.access(folder, os.W_OK)


class LinuxDisks(NamedTuple):
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
                source = _mounted_device(self.mounts.read_text("utf-8", "surrogateescape"), path)
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


_LINUX_DISKS = LinuxDisks(
    Path("/dev/disk/by-uuid"), Path("/sys/class/block"), Path("/sys/dev/block"), Path("/proc/self/mountinfo")
)


def _mounted_device(mounts: str, path: Path) -> str:
    """The device that is mounted where a path lies, by the mounts as Linux lists them; empty where they do not say."""
    deepest, found = 0, ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        place, device = fields.split(" ")[4:5], rest.split(" ")[1:2]
        if not (place and device):
            continue
        folder = Path(_unescape_mount(place[0]))
        if folder in (path, *path.parents) and len(folder.parts) >= deepest:  # the last one lies on top
            deepest, found = len(folder.parts), _unescape_mount(device[0])
    return found


def _unescape_mount(written: str) -> str:
    """A path of that list as it is: blanks stand in it by their number."""
    return re.sub(r"\\([0-7]{3})", lambda said: chr(int(said[1], 8)), written)
