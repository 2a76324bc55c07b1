"""A folder from which shelterctl is installed without a network; `make kit` makes it, and a zip of it."""

import argparse
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import lock
import sbom
from hatchling.builders.wheel import WheelBuilder

from shelterctl import __version__

PROJECT = Path(__file__).parents[1]
SOURCES = PROJECT / "kit"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


def make(folder: Path, platforms: Sequence[str] = (), pythons: Sequence[str] = (HERE,)) -> Path:
    """The kit in *folder*, for this computer or for others by the names that wheels have."""
    system = lock.system_of(platforms[0]) if platforms else sys.platform
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    own = Path(next(iter(WheelBuilder(str(PROJECT)).build(directory=str(wheels)))))
    for python in pythons:
        pins = [pin for pin in lock.read(lock.RUNTIME).values() if pin.wanted(system, python)]
        fitting = ["--python-version", python, *(word for each in platforms for word in ("--platform", each))]
        _download(wheels, pins, fitting if platforms or python != HERE else [])
        if short := lacking(wheels.glob("*.whl"), lock.around(system, python)):
            raise SystemExit(f"The lock lacks what the wheels need: {', '.join(sorted(short))}. Run: make lock")
    sbom.written(folder, own.name, lock.around(system, pythons[0]))
    for source in sorted(SOURCES.iterdir()):
        shutil.copy(source, folder / source.name)
    about = {"version": __version__, "python": " ".join(pythons), "system": system}
    (folder / "KIT").write_text("".join(f"{name}: {value}\n" for name, value in about.items()), "utf-8", newline="\n")
    seal(folder)
    return folder


def _download(wheels: Path, pins: Iterable[lock.Pin], fitting: Sequence[str]) -> None:
    """The wheels of the lock, each by its hash. Markers are judged already: pip would ask its own system."""
    with TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text("".join(pin._replace(marker=None).requirement for pin in pins), "utf-8")
        words = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
        asking = [sys.executable, "-m", "pip", "download", *words, "--dest", str(wheels), *fitting]
        subprocess.run([*asking, "--requirement", str(wanted)], check=True)


def lacking(wheels: Iterable[Path], around: Mapping[str, str]) -> set[str]:
    """What the wheels require on such a computer and is not among them."""
    every = [sbom.opened(wheel) for wheel in wheels]
    return {name for wheel in every for name in wheel.required(around)} - {wheel.name for wheel in every}


def seal(folder: Path) -> None:
    """Write down every file's hash, by which the installer knows a copy that was damaged."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")


def main() -> None:
    """Make the kit and its zip in dist/."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--platform", nargs="*", default=[], help="as wheels name it: win_amd64, manylinux_2_28_x86_64")
    asked.add_argument("--python", nargs="*", default=[], help="one version or several: 3.11 3.12")
    said = asked.parse_args()
    pythons = said.python or [HERE]
    if beyond := sorted({*pythons} - {*lock.PYTHONS}):
        asked.exit(2, f"The lock is for Python {', '.join(lock.PYTHONS)}, not for {', '.join(beyond)}.\n")
    folder = make(PROJECT / "dist" / "kit", said.platform, pythons)
    about = f"{lock.system_of(said.platform[0]) if said.platform else sys.platform}-py{'-'.join(pythons)}"
    packed = shutil.make_archive(
        str(PROJECT / "dist" / f"shelterctl-{__version__}-kit-{about}"), "zip", folder.parent, folder.name
    )
    sys.stdout.write(f"{folder.relative_to(PROJECT)}\n{Path(packed).relative_to(PROJECT)}\n")


if __name__ == "__main__":
    main()
