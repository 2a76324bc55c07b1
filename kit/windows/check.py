"""Check that the kit is whole and that its folder holds nothing else; install.cmd runs this before anything else.

It runs in its own folder, with copies of the kit's Python, and imports only what comes with that Python.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).absolute().parent
LIBRARY = "program/python/Lib/"


def main() -> int:
    """Report what is wrong with the kit, if anything is, and return the exit code."""
    listed = sums()
    if wrong := [name for name, expected in sorted(listed.items()) if digest(HERE / name) != expected]:
        said(
            f"The kit is damaged or was changed: {named(wrong)}. Nothing was installed. Copy or download it again.",
            f"Набор повреждён или изменён: {named(wrong)}. Ничего не установлено. Скопируйте или скачайте его заново.",
        )
        return 6
    if more := sorted(besides(listed)):
        said(
            f"This is not part of the kit: {named(more)}. Nothing was installed. Take it out of the folder {HERE}, or "
            "copy or download the kit again, into an empty folder.",
            f"Это не из набора: {named(more)}. Ничего не установлено. Уберите это из папки {HERE} или скопируйте "
            "(скачайте) набор заново в пустую папку.",
        )
        return 6
    return 0


def sums() -> dict[str, str]:
    """Return the sum of every file of the kit; if the list itself is damaged, a sum that no file has."""
    try:
        lines = (HERE / "SHA256SUMS").read_text("utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        return {"SHA256SUMS": ""}


def digest(file: Path) -> str | None:
    """Return the SHA-256 of a file; None if it is missing or not a plain file."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
        with open(file, "rb") as one:
            return hashlib.file_digest(one, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def besides(listed: Mapping[str, str]) -> Iterator[str]:
    """Yield everything in the kit's folder that is not listed: files, links and folders, also hidden ones.

    Bytecode that Python compiled when the program was started from the stick is skipped: the installer neither runs nor
    copies it.
    """
    folders = {parent.as_posix() for name in listed for parent in Path(name).parents}
    for folder, below, names in os.walk(HERE):
        for name in list(below):
            path = Path(folder, name)
            place = path.relative_to(HERE).as_posix()
            linked = path.is_symlink() or path.is_junction()
            if linked or place not in folders:
                below.remove(name)
                if linked or not is_compiled(path, place, folders):
                    yield place
        for name in names:
            place = Path(folder, name).relative_to(HERE).as_posix()
            if place not in listed and place != "SHA256SUMS":
                yield place


def is_compiled(path: Path, place: str, folders: set[str]) -> bool:
    """Whether the folder holds only what Python compiled from a folder of the library."""
    beside, _, name = place.rpartition("/")
    if name != "__pycache__" or beside not in folders or not f"{beside}/".startswith(LIBRARY):
        return False
    return all(one.suffix == ".pyc" and one.is_file() and not one.is_symlink() for one in path.iterdir())


def named(names: Sequence[str]) -> str:
    """Return the first of some names, without characters that a console would obey."""
    shown = ["".join(one if one.isprintable() else "?" for one in name) for name in names[:5]]
    return ", ".join(shown + ["..."] * (len(names) > 5))


def said(english: str, russian: str) -> None:
    """Show a text in both languages."""
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(f"\n{english}\n\n{russian}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
