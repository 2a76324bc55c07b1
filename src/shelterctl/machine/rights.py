"""Who may open a file or folder: its owner alone, by the bits of POSIX or by the access list of Windows."""

import os
import re
import stat
import sys
from functools import cache
from pathlib import Path

if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes
    from ctypes import byref, wintypes

    from shelterctl.machine.stick import is_carried

    SYSTEM = {"SY", "BA", "OW"}
    """The system itself, its administrators, whoever owns the file: those whom nothing can be kept from there."""

    ALONE = 'icacls FILE /inheritance:r /grant:r "%USERNAME%:F"'
    """The command that lets a file be its owner's alone."""

    _DACL, _FILE, _QUERY, _USER, _KEEPS_LISTS = 4, 1, 8, 1, 8

    def keep_private(path: Path) -> None:
        """Let nobody but this account open it, nor what is made in it later; OSError where no such list is kept.

        What is carried to another computer has no list: there, this account is nobody, and a backup would be lost.
        """
        if is_carried(path):
            return
        advapi, descriptor = ctypes.windll.advapi32, ctypes.c_void_p()
        inherited = "OICI" if os.path.isdir(path) else ""
        said = f"D:P(A;{inherited};FA;;;{_account()})"
        _did(advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(said, 1, byref(descriptor), None))
        try:
            _did(advapi.SetFileSecurityW(str(path), _DACL, descriptor))
        finally:
            ctypes.windll.kernel32.LocalFree(descriptor)

    def is_private(path: Path) -> bool:
        """Whether nobody but this account and the system may open it; on a disk without such lists anybody may."""
        if not _keeps_lists(path):
            return False
        advapi, descriptor, text = ctypes.windll.advapi32, ctypes.c_void_p(), wintypes.LPWSTR()
        owner = ctypes.c_void_p()
        code = advapi.GetNamedSecurityInfoW(str(path), _FILE, _DACL, byref(owner), None, None, None, byref(descriptor))
        if code:
            raise ctypes.WinError(code)
        try:
            _did(advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, 1, _DACL, byref(text), None))
            allowed = set(re.findall(r"\(A;[^)]*;([^;)]*)\)", text.value or ""))
            return "NO_ACCESS_CONTROL" not in (text.value or "") and allowed <= {*SYSTEM, *_names()}
        finally:
            ctypes.windll.kernel32.LocalFree(text)
            ctypes.windll.kernel32.LocalFree(descriptor)

    def _names() -> set[str]:
        """How a list that is read back names this account: that of the administrator has a name of two letters."""
        return {_account()} | ({"LA"} if _account().endswith("-500") else set())

    def _keeps_lists(path: Path) -> bool:
        """Whether the disk keeps access lists: sticks as they are sold do not."""
        root, flags = os.path.splitdrive(os.path.abspath(path))[0] + "\\", wintypes.DWORD()
        kernel = ctypes.windll.kernel32
        _did(kernel.GetVolumeInformationW(root, None, 0, None, None, byref(flags), None, 0))
        return bool(flags.value & _KEEPS_LISTS)

    @cache
    def _account() -> str:
        """The account that this process runs under, as access lists name it."""
        advapi, kernel = ctypes.windll.advapi32, ctypes.windll.kernel32
        token, size, text = wintypes.HANDLE(), wintypes.DWORD(), wintypes.LPWSTR()
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        _did(advapi.OpenProcessToken(wintypes.HANDLE(kernel.GetCurrentProcess()), _QUERY, byref(token)))
        try:
            advapi.GetTokenInformation(token, _USER, None, 0, byref(size))
            held = ctypes.create_string_buffer(size.value)
            _did(advapi.GetTokenInformation(token, _USER, held, size, byref(size)))
            sid = ctypes.cast(held, ctypes.POINTER(ctypes.c_void_p))[0]
            _did(advapi.ConvertSidToStringSidW(ctypes.c_void_p(sid), byref(text)))
            return text.value or ""
        finally:
            kernel.LocalFree(text)
            kernel.CloseHandle(token)

    def _did(done: int) -> None:
        if not done:
            raise ctypes.WinError()

else:
    ALONE = "chmod 600 FILE"
    """The command that lets a file be its owner's alone."""

    def keep_private(path: Path) -> None:
        """Nothing is to be done: what is made there is made for its owner alone."""

    def is_private(path: Path) -> bool:
        """Whether nobody but its owner may read or change what is there."""
        return not stat.S_IMODE(os.stat(path).st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
