"""A folder from which shelterctl is installed without a network; `make kit` makes it, and a zip of it."""

import argparse
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from email import message_from_bytes
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shelterctl import __version__

PROJECT = Path(__file__).parents[1]
SOURCES = PROJECT / "kit"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"

SYSTEMS = {"win": "win32", "macosx": "darwin", "manylinux": "linux", "musllinux": "linux", "linux": "linux"}
"""What Python calls the system for which a wheel of that platform was made."""

MARKED = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


def make(folder: Path, platforms: Sequence[str] = (), pythons: Sequence[str] = (HERE,)) -> Path:
    """The kit in *folder*, for this computer or for others by the names that wheels have."""
    system = system_of(platforms[0]) if platforms else sys.platform
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    own = Path(next(iter(WheelBuilder(str(PROJECT)).build(directory=str(wheels)))))
    for python in pythons:
        fitting = ["--python-version", python, *(word for each in platforms for word in ("--platform", each))]
        wanted: Iterable[str] = [str(own)]
        while wanted := list(wanted):
            _download(wheels, wanted, fitting if platforms or python != HERE else [])
            wanted = lacking(wheels.glob("*.whl"), system, python)
    for source in sorted(SOURCES.iterdir()):
        shutil.copy(source, folder / source.name)
    about = {"version": __version__, "python": " ".join(pythons), "system": system}
    (folder / "KIT").write_text("".join(f"{name}: {value}\n" for name, value in about.items()), "utf-8", newline="\n")
    seal(folder)
    return folder


def system_of(platform: str) -> str:
    """The system of a platform as wheels name it: ``win_amd64`` is win32."""
    return next((system for name, system in SYSTEMS.items() if platform.startswith(name)), platform)


def _download(wheels: Path, wanted: Sequence[str], fitting: Sequence[str]) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--only-binary", ":all:", "--dest", str(wheels), "--find-links", str(wheels)),
            *fitting,
            *wanted,
        ],
        check=True,
    )


def lacking(wheels: Iterable[Path], system: str, python: str) -> set[str]:
    """What the wheels require there and is not among them: pip asks only what its own system requires."""
    there, required = set(), {}
    around = MARKED[system] | {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    for wheel in wheels:
        there.add(canonicalize_name(wheel.name.partition("-")[0]))
        with zipfile.ZipFile(wheel) as packed:
            name = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
            stated = message_from_bytes(packed.read(name)).get_all("Requires-Dist") or []
        for one in map(Requirement, stated):
            if one.marker is None or one.marker.evaluate(around):
                required[canonicalize_name(one.name)] = f"{one.name}{one.specifier}"
    return {wanted for name, wanted in required.items() if name not in there}


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
    folder = make(PROJECT / "dist" / "kit", said.platform, said.python or [HERE])
    about = f"{system_of(said.platform[0]) if said.platform else sys.platform}-py{'-'.join(said.python or [HERE])}"
    packed = shutil.make_archive(
        str(PROJECT / "dist" / f"shelterctl-{__version__}-kit-{about}"), "zip", folder.parent, folder.name
    )
    sys.stdout.write(f"{folder.relative_to(PROJECT)}\n{Path(packed).relative_to(PROJECT)}\n")


if __name__ == "__main__":
    main()
