"""Write the locks: every package in one version, with the hash of each wheel that may be installed: `make lock`.

Version ranges are in pyproject.toml; the lock says which versions the kit and CI use. It names no registry, because a
wheel is identified by its hash, wherever it comes from.
"""

import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

PROJECT = Path(__file__).parents[1]
RUNTIME, TABLES, DEVELOPMENT = (PROJECT / f"{name}.lock" for name in ("requirements", "tables", "development"))
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = {
    "linux x86_64": "manylinux_2_28_x86_64",
    "linux aarch64": "manylinux_2_28_aarch64",
    "macos arm64": "macosx_11_0_arm64",
    "windows x86_64": "win_amd64",
}
"""The systems on which the program is installed, with the fitting wheel platforms; cryptography has no wheel for Intel
Macs.
"""

SYSTEMS = {"manylinux": "linux", "macosx": "darwin", "win": "win32"}
MARKED = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
CPYTHON = {"platform_python_implementation": "CPython", "implementation_name": "cpython", "extra": ""}


class Pin(NamedTuple):
    """One package in one version: its marker, and its wheels by the tags they fit, with their sha256."""

    name: str
    version: str
    marker: str | None
    wheels: tuple[tuple[str, str], ...]

    def wanted(self, system: str, python: str) -> bool:
        """Whether it is installed on that system and Python."""
        return self.marker is None or Marker(self.marker).evaluate(around(system, python))

    def fits(self, platform: str, python: str) -> bool:
        """Whether one of its wheels is for that platform and Python."""
        there = supported(platform, python)
        return any(there & set(tags_of(fitting)) for fitting, _ in self.wheels)

    @property
    def requirement(self) -> str:
        """The line for pip, with every hash."""
        hashes = "".join(f" \\\n    --hash=sha256:{sha256}" for _, sha256 in self.wheels)
        return f"{self.name}=={self.version}{f' ; {self.marker}' if self.marker else ''}{hashes}\n"


def around(system: str, python: str) -> dict[str, str]:
    """Return the values that markers test, for a system by its name in Python."""
    return MARKED[system] | CPYTHON | {"python_version": python, "python_full_version": f"{python}.0"}


def system_of(platform: str) -> str:
    """Return the system of a platform as wheels name it: ``win_amd64`` is win32."""
    return next(system for name, system in SYSTEMS.items() if platform.startswith(name))


def supported(platform: str, python: str) -> set[Tag]:
    """Return the tags of wheels that fit there, including every older version of the platform."""
    version = tuple(map(int, python.split(".")))
    family, _, machine = platform.partition("_")
    older = [platform]
    if family == "manylinux":
        machine = machine.split("_", 2)[2]
        older = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 4, -1)]
        older += [f"manylinux{year}_{machine}" for year in ("2014", "2010", "1")]
    elif family == "macosx":
        machine = platform.split("_", 3)[3]
        older = [f"macosx_{major}_{minor}_{kind}" for kind in (machine, "universal2") for major, minor in _MACOS]
    interpreter = f"cp{version[0]}{version[1]}"
    return {*cpython_tags(version, platforms=older), *compatible_tags(version, interpreter, older)}


_MACOS = [(11, 0), *((10, minor) for minor in range(16, 3, -1))]


def tags_of(fitting: str) -> Iterator[Tag]:
    """Return the tags given by the end of a wheel's name."""
    interpreters, abis, platforms = fitting.split("-")
    for interpreter in interpreters.split("."):
        yield from (Tag(interpreter, abi, one) for abi in abis.split(".") for one in platforms.split("."))


def read_kit_pins(system: str, python: str) -> list[Pin]:
    """Return the pins of all packages that a kit for that system and Python brings: the extra ``tables`` too."""
    pins = read(RUNTIME) | read(TABLES)
    return [pin for pin in pins.values() if pin.wanted(system, python)]


def read(file: Path) -> dict[str, Pin]:
    """Return the pins of a lock, by name."""
    pins, fitting, words = {}, [], ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#   "):
            fitting.append(line[4:])
        elif line and not line.startswith("#"):
            words += line.removesuffix("\\")
            if not line.endswith("\\"):
                stated, *hashes = words.split(" --hash=sha256:")
                requirement, _, marker = stated.strip().partition(" ; ")
                name, version = requirement.split("==")
                wheels = tuple(zip(fitting, (one.strip() for one in hashes), strict=True))
                pins[name], fitting, words = Pin(name, version, marker or None, wheels), [], ""
    return pins


def wanted() -> dict[str, list[str]]:
    """Return the requirements in pyproject.toml: to run, for more kinds of tables, and to develop."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return {"runtime": project["dependencies"], "tables": extras["tables"], "development": extras["development"]}


def digest() -> str:
    """Return the digest by which a lock shows that the requirements in pyproject.toml are unchanged."""
    asked = "\n".join(sorted(one for each in wanted().values() for one in each))
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def head(about: str) -> str:
    """Return the heading of a lock."""
    return (
        f"# {about}. Written by: make lock\n"
        f"# python: {' '.join(PYTHONS)}\n"
        f"# machines: {', '.join(MACHINES)}\n"
        f"# pyproject: {digest()}\n"
    )


def written(file: Path, about: str, pins: Iterable[Pin]) -> None:
    """Return a lock file: above each package the tags that its wheels fit, in the order of the hashes below."""
    blocks = ["".join(f"#   {fitting}\n" for fitting, _ in pin.wheels) + pin.requirement for pin in pins]
    file.write_text("\n".join([head(about), *blocks]), "utf-8", newline="\n")


def resolved(uv: str, *words: str) -> list[Mapping[str, Any]]:
    """Return the packages that fit together on all systems, with their wheels, as uv resolves them."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "pylock.toml"
        universal = ("--universal", "--python-version", PYTHONS[0], "--only-binary", ":all:", "--format", "pylock.toml")
        command = [uv, "pip", "compile", "pyproject.toml", "--quiet", *universal, "--output-file", str(out), *words]
        subprocess.run(command, cwd=PROJECT, check=True)
        packages: list[Mapping[str, Any]] = tomllib.loads(out.read_text("utf-8"))["packages"]
        return packages


def pinned(package: Mapping[str, Any]) -> Pin:
    """Return a package with those of its wheels that fit one of the machines."""
    fitting = set().union(*(supported(platform, python) for platform in MACHINES.values() for python in PYTHONS))
    wheels = {}
    for wheel in package["wheels"]:
        name = unquote(PurePosixPath(urlsplit(wheel["url"]).path).name)
        if parse_wheel_filename(name)[3] & fitting:
            wheels["-".join(name.removesuffix(".whl").split("-")[-3:])] = wheel["hashes"]["sha256"]
    name = canonicalize_name(package["name"])
    return Pin(name, package["version"], _marker(package.get("marker")), tuple(sorted(wheels.items())))


def _marker(marker: str | None) -> str | None:
    """Return a marker; empty if it is true on every machine."""
    everywhere = [around(system, python) for system in MARKED for python in PYTHONS]
    return None if marker is None or all(Marker(marker).evaluate(each) for each in everywhere) else marker


def lacking(pins: Iterable[Pin]) -> list[str]:
    """Return where a package is needed but has no wheel."""
    return [
        f"{pin.name} {pin.version}: no wheel for {machine}, Python {python}"
        for pin in pins
        for machine, platform in MACHINES.items()
        for python in PYTHONS
        if pin.wanted(system_of(platform), python) and not pin.fits(platform, python)
    ]


def main() -> None:
    """Write the three files with the newest versions within the ranges."""
    uv = sys.argv[1]
    every = {pin.name: pin for pin in map(pinned, resolved(uv, "--extra", "development", "--extra", "tables"))}
    with TemporaryDirectory() as folder:
        same = Path(folder) / "same.txt"
        same.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in every.values()), "utf-8")
        runs, tabled = (
            {canonicalize_name(package["name"]) for package in resolved(uv, "--constraint", str(same), *extra)}
            for extra in ((), ("--extra", "tables"))
        )
    for trouble in lacking(every.values()):
        sys.stderr.write(f"{trouble}\n")
    written(RUNTIME, "What shelterctl runs with", (every[name] for name in sorted(runs)))
    written(TABLES, "What more kinds of tables need", (every[one] for one in sorted(tabled - runs)))
    rest = {*every} - tabled - runs
    written(DEVELOPMENT, "What it is developed with besides", (every[name] for name in sorted(rest)))
    sys.exit(1 if lacking(every.values()) else 0)


if __name__ == "__main__":
    main()
