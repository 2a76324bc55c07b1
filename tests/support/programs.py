"""Programs of others that tests start, each with the package that brings it, and a PATH on which there is none of them.

A test says which it needs: `@pytest.mark.program("age")`. It is skipped where one of them is not installed. Every other
test finds none of them, on any computer, and so shows what it shows where Python, git and make are all there is.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

PACKAGES = {
    "age": "age",
    "age-keygen": "age",
    "fish": "fish",
    "gojq": "gojq",
    "jq": "jq",
    "localedef": "locales",
    "man": "man-db",
    "osslsigncode": "osslsigncode",
    "pdfinfo": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pwsh": "",
    "strace": "strace",
    "tmux": "tmux",
    "wine": "wine",
    "Rscript": "",
    "soffice": "",
    "/usr/lib/wine/wine64": "wine64",
    "yq": "yq",
    "zsh": "zsh",
}
"""Programs and their packages in Debian. PowerShell has none there; those of R and LibreOffice are large for one test
each, and are used where somebody has installed them.
"""

OF_LINUX = frozenset({"mount", "unshare"})
"""Programs of Linux itself: no test is kept from finding them, and one that needs them is skipped elsewhere."""


def lacking(names: Iterable[str], path: str | None = None) -> list[str]:
    """Those of these programs that are not on *path*, or on that of this process."""
    return [name for name in names if shutil.which(name, path=path) is None]


def bare(folder: Path, path: str) -> str:
    """A PATH with every program of *path*, but for those that have a package above: links in one *folder*."""
    there = folder / "bare"
    there.mkdir()
    for place in path.split(os.pathsep):
        for name in os.listdir(place) if os.path.isdir(place) else ():
            if name not in PACKAGES and not (there / name).is_symlink():
                (there / name).symlink_to(Path(place).absolute() / name)
    return str(there)


def beside(folder: Path, names: Iterable[str], path: str) -> list[str]:
    """Folders in each of which one of these programs lies alone, where *path* has it."""
    own = {name: folder / f"{name} alone" for name in names if name in PACKAGES}
    for name, place in own.items():
        if (found := shutil.which(name, path=path)) and not place.is_dir():
            place.mkdir()
            (place / name).symlink_to(found)
    return [str(place) for place in own.values()]


def main() -> None:
    """The packages of those that are not installed, a line each: what `.ci/run` installs."""
    packages = {package for name in lacking(PACKAGES) if (package := PACKAGES[name])}
    sys.stdout.writelines(f"{package}\n" for package in sorted(packages))


if __name__ == "__main__":
    main()
