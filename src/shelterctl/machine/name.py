"""Names that the system keeps for itself, so that what is written to them is lost, and paths too long for it."""

import os
import sys
from pathlib import Path, PureWindowsPath

from shelterctl import errors
from shelterctl.language import N_

LONGEST = 259
"""Characters of a whole path that every Windows takes, in every program that will want to open it."""


def spelt(path: Path) -> str:
    """A path as a person here reads and types it: what is in her home from there on, where that has a sign."""
    home = Path.home()
    inside = sys.platform != "win32" and path.is_relative_to(home) and path != home
    return f"~/{path.relative_to(home).as_posix()}" if inside else str(path)


def _of_devices(path: Path) -> bool:
    """Whether Windows takes the last name of the path for a device, or cannot write it."""
    if sys.version_info >= (3, 13) and sys.platform == "win32":
        return os.path.isreserved(path.name)
    name = PureWindowsPath(path.name)
    return name.is_reserved() or str(name).endswith((".", " ")) or any(each in str(name) for each in ':*?"<>|')


def kept(path: Path) -> Path:
    """*path*, where a file of that name can be made and found again; Usage where it cannot.

    Windows writes CON to the screen and NUL nowhere, and says that it was done.
    """
    if sys.platform != "win32":
        return path
    if _of_devices(path):
        raise errors.Usage(
            "usage/device-name",
            N_(
                "No file or folder can have that name on this computer: it is that of a device, or has signs that it "
                "forbids."
            ),
            hint=N_(
                "Choose another name, of letters, digits and hyphens; none of : * ? | and no full stop at its end."
            ),
        )
    if len(os.path.abspath(path)) > LONGEST:
        raise errors.Usage(
            "usage/long-path",
            N_("The whole path is longer than {most} characters, which this computer does not take."),
            hint=N_("Choose a folder nearer to the root of the drive, with a shorter name."),
            most=LONGEST,
        )
    return path
