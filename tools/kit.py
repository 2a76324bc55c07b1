"""Make the folder from which shelterctl is installed without a network, and a zip of it: `make kit`.

For Linux and macOS it holds wheels for an installed Python; for Windows the program with its own Python, ready to run.
"""

import argparse
import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.wheel import WheelBuilder

from shelterctl import __version__
from tools import embedded, lock, sbom

PROJECT = Path(__file__).parents[1]
SOURCES = PROJECT / "kit"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
MAIN = "from shelterctl.__main__ import main\n\nmain()\n"
DATED = (2026, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same kit gives the same bytes."""


def make(folder: Path, platforms: Sequence[str] = (), pythons: Sequence[str] = (HERE,)) -> Path:
    """Make the kit of wheels in *folder*, for this computer or for others, named as wheels name platforms."""
    system = lock.system_of(platforms[0]) if platforms else sys.platform
    wheels = emptied(folder) / "wheels"
    own = built(wheels)
    for python in pythons:
        pins = lock.read_kit_pins(system, python)
        fitting = ["--python-version", python, *(word for each in platforms for word in ("--platform", each))]
        only = ("--only-binary", ":all:", *(fitting if platforms or python != HERE else ()))
        embedded.downloaded(wheels, pins, *only)
        complete(wheels.glob("*.whl"), around(system, python))
    sbom.written(folder, wheels.glob("*.whl"), own.name, around(system, pythons[0]))
    for source in sorted((SOURCES / "posix").iterdir()):
        shutil.copy(source, folder / source.name)
    about(folder, python=" ".join(pythons), system=system)
    seal(folder)
    return folder


def make_for_windows(folder: Path, archive: Path | None = None) -> Path:
    """Make the kit for computers without Python in *folder*, with CPython from the lock or from an *archive*."""
    here = around("win32", embedded.PYTHON)
    pins = lock.read_kit_pins("win32", embedded.PYTHON)
    program = emptied(folder) / "program"
    embedded.interpreter(program / "python", archive)
    unsigned = embedded.unsigned(program / "python")
    if unsigned:
        raise SystemExit(f"These files do not match the signature of the Python developers: {', '.join(unsigned)}.")
    with TemporaryDirectory() as beside:
        wheels = Path(beside)
        own = built(wheels)
        embedded.wheels(wheels, pins)
        found = sorted(wheels.glob("*.whl"))
        complete(found, here)
        embedded.packages(program / "python" / "Lib", found)
        sbom.written(folder, found, own.name, here, embedded.components(program / "python", archive))
    menu = SOURCES / "windows" / "menu.py"
    embedded.launcher(program / "shelterctl.exe", r"python\python.exe", MAIN)
    embedded.launcher(program / "menu.exe", r"python\python.exe", menu.read_text("utf-8"))
    for source in sorted({*menu.parent.iterdir()} - {menu}):
        ends = "\n" if source.suffix == ".py" else "\r\n"
        (folder / source.name).write_text(source.read_text("utf-8"), "utf-8", newline=ends)
    signatures = "not looked at" if unsigned is None else "whole"
    about(folder, python=embedded.PYTHON, system="win32", signatures=signatures)
    seal(folder)
    return folder


def around(system: str, python: str) -> dict[str, str]:
    """Return the values that markers test there; a kit brings what the extra ``tables`` needs."""
    return lock.around(system, python) | {"extra": "tables"}


def emptied(folder: Path) -> Path:
    """Make the folder anew and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def built(wheels: Path) -> Path:
    """Build the wheel of the program itself in that folder."""
    wheels.mkdir(exist_ok=True)
    return Path(next(iter(WheelBuilder(str(PROJECT)).build(directory=str(wheels)))))


def complete(wheels: Iterable[Path], around: Mapping[str, str]) -> None:
    """Raise SystemExit if a package that the wheels need is missing."""
    if short := lacking(wheels, around):
        raise SystemExit(f"The lock lacks what the wheels need: {', '.join(sorted(short))}. Run: make lock")


def lacking(wheels: Iterable[Path], around: Mapping[str, str]) -> set[str]:
    """Return the packages that the wheels require on such a computer and that are not among them."""
    every = [sbom.opened(wheel) for wheel in wheels]
    return {name for wheel in every for name in wheel.required(around)} - {wheel.name for wheel in every}


def about(folder: Path, **facts: str) -> None:
    """Write the file KIT with the version and the systems that the kit fits."""
    lines = "".join(f"{name}: {value}\n" for name, value in {"version": __version__, **facts}.items())
    (folder / "KIT").write_text(lines, "utf-8", newline="\n")


def seal(folder: Path) -> None:
    """Write the hash of every file, by which the installer recognises a damaged copy."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")


def packed(folder: Path, file: Path) -> Path:
    """Pack the folder into a zip, as small as possible."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            one = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", DATED)
            one.compress_type, one.external_attr = zipfile.ZIP_DEFLATED, (path.stat().st_mode & 0o777) << 16
            archive.writestr(one, path.read_bytes())
    return file


def main() -> None:
    """Make the kit and its zip in dist/."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--platform", nargs="*", default=[], help="as wheels name it: win_amd64, manylinux_2_28_x86_64")
    asked.add_argument("--python", nargs="*", default=[], help="one version or several: 3.11 3.12; of Windows none")
    asked.add_argument("--embed", type=Path, help="for Windows: python.org's embeddable zip, checked by you")
    said = asked.parse_args()
    dist = PROJECT / "dist"
    if said.platform == [embedded.PLATFORM]:
        if said.python not in ([], [embedded.PYTHON]):
            asked.exit(2, f"The kit for Windows brings its own Python, {embedded.PYTHON}.\n")
        folder = make_for_windows(dist / f"shelterctl-{__version__}-windows", said.embed)
        zipped = packed(folder, dist / f"{folder.name}.zip")
    else:
        pythons = said.python or [HERE]
        if beyond := sorted({*pythons} - {*lock.PYTHONS}):
            asked.exit(2, f"The lock is for Python {', '.join(lock.PYTHONS)}, not for {', '.join(beyond)}.\n")
        folder = make(dist / "kit", said.platform, pythons)
        system = lock.system_of(said.platform[0]) if said.platform else sys.platform
        zipped = packed(folder, dist / f"shelterctl-{__version__}-kit-{system}-py{'-'.join(pythons)}.zip")
    digest = hashlib.sha256(zipped.read_bytes()).hexdigest()
    sys.stdout.write(f"{folder.relative_to(PROJECT)}\n{zipped.relative_to(PROJECT)}\n{digest}\n")


if __name__ == "__main__":
    main()
