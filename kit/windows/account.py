"""The current user's account on Windows: its folder for programs, its PATH, its shortcuts and its list of programs."""

import ctypes
import os
import struct
import winreg
from contextlib import suppress
from ctypes import HRESULT, POINTER, byref, c_int, c_void_p, c_wchar_p, wintypes
from pathlib import Path

HOME = Path(os.environ["LOCALAPPDATA"]) / "Programs" / "shelterctl"
NAME = "shelterctl"
LINK = "Приют.lnk"
LISTED = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{NAME}"
FONT = "Courier New"
"""A font on every Windows that has Ө, Ү and ң; a user can choose another one in the properties of the window."""

END = b"\0\0\0\0"
"""The bytes that end the file of a shortcut."""


class Guid(ctypes.Structure):
    """A Windows identifier (GUID) of a kind of object."""

    _fields_ = (("data", ctypes.c_ubyte * 16),)

    def __init__(self, text: str) -> None:
        ctypes.oledll.ole32.CLSIDFromString(text, byref(self))


def _call(it: c_void_p, place: int, *words: object) -> None:
    """Call the method at *place* in the table of a COM object; OSError if it fails."""
    table = ctypes.cast(ctypes.cast(it, POINTER(c_void_p))[0], POINTER(c_void_p))
    kinds = [c_wchar_p if isinstance(word, str) else c_int if isinstance(word, int) else c_void_p for word in words]
    ctypes.WINFUNCTYPE(HRESULT, c_void_p, *kinds)(table[place])(it, *words)


def _console(columns: int = 100, rows: int = 32) -> bytes:
    """Return the window settings in the format of a shortcut file: size, font, and pasting with the mouse."""
    colours = (0x0C0C0C, 0xDA3700, 0x0EA113, 0xDD963A, 0x1F0FC5, 0x981788, 0x009CC1, 0xCCCCCC)
    bright = (0x767676, 0xFF783B, 0x0CC616, 0xD6D661, 0x5648E7, 0x9E00B4, 0xA5F1F9, 0xF2F2F2)
    size = struct.pack("<HH hh hh hh II hh II", 0x07, 0xF5, columns, 300, columns, rows, 0, 0, 0, 0, 0, 18, 0x36, 700)
    face = FONT.encode("utf-16-le").ljust(64, b"\0")
    rest = struct.pack("<IIIIIIIi16I", 25, 0, 1, 1, 1, 0, 0, 1, *colours, *bright)
    return struct.pack("<II", 8 + len(size + face + rest), 0xA0000002) + size + face + rest


def link(place: Path, target: Path, about: str) -> None:
    """Make a shortcut at *place* that opens *target* in its own console window, starting in the user's own folder."""
    ole, shell, file = ctypes.oledll.ole32, c_void_p(), c_void_p()
    ole.CoInitialize(None)
    kind, mine = Guid("{00021401-0000-0000-C000-000000000046}"), Guid("{000214F9-0000-0000-C000-000000000046}")
    ole.CoCreateInstance(byref(kind), None, 1, byref(mine), byref(shell))
    _call(shell, 20, str(target))  # SetPath
    _call(shell, 9, os.environ["USERPROFILE"])  # SetWorkingDirectory
    _call(shell, 7, about)  # SetDescription
    _call(shell, 0, byref(Guid("{0000010B-0000-0000-C000-000000000046}")), byref(file))
    place.parent.mkdir(parents=True, exist_ok=True)
    _call(file, 6, str(place), 1)  # Save
    saved = place.read_bytes()
    if saved.endswith(END):
        place.write_bytes(saved.removesuffix(END) + _console() + END)


def links() -> tuple[Path, ...]:
    """Return the paths of the shortcuts: on the desktop and in the start menu, wherever this account has them."""
    return tuple(_folder(number) / LINK for number in (0x10, 0x02))


def _folder(number: int) -> Path:
    found = ctypes.create_unicode_buffer(wintypes.MAX_PATH)
    ctypes.windll.shell32.SHGetFolderPathW(None, number, None, 0, found)
    return Path(found.value)


def searched(place: Path | None) -> None:
    """Put *place* on the PATH of this account, and remove every other folder of the program from it."""
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, "Environment", 0, winreg.KEY_READ | winreg.KEY_WRITE) as key:
        try:
            known, kind = winreg.QueryValueEx(key, "Path")
        except FileNotFoundError:
            known, kind = "", winreg.REG_EXPAND_SZ
        others = [each for each in known.split(";") if each and not Path(os.path.expandvars(each)).is_relative_to(HOME)]
        winreg.SetValueEx(key, "Path", 0, kind, ";".join([*others, *([str(place)] if place else [])]))
    ctypes.windll.user32.SendMessageTimeoutW(0xFFFF, 0x1A, 0, "Environment", 2, 1000, byref(wintypes.DWORD()))


def listed(version: str, kilobytes: int) -> None:
    """Add the program to this account's list of programs, with the command that uninstalls it."""
    said = {"DisplayName": f"{NAME} {version}", "DisplayVersion": version}
    said["UninstallString"] = f'"{HOME / "uninstall.cmd"}"'
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, LISTED) as key:
        for name, text in said.items():
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, text)
        for name, number in {"EstimatedSize": kilobytes, "NoModify": 1, "NoRepair": 1}.items():
            winreg.SetValueEx(key, name, 0, winreg.REG_DWORD, number)


def left() -> None:
    """Remove everything of the program from this account, except its folder."""
    searched(None)
    for place in links():
        place.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, LISTED)
