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

    REMOVABLE = 2

    def sticks() -> tuple[Path, ...]:
        """The drives of this computer that can be taken out and hold something now."""
        drives = (f"{letter}:\\" for letter in string.ascii_uppercase)
        return tuple(
            Path(each) for each in drives if ctypes.windll.kernel32.GetDriveTypeW(each) == REMOVABLE and _opens(each)
        )

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
