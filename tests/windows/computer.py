"""A computer with Windows, as far as Wine has one: the real CPython, what the lock names, and the project's code."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from tools import embedded, lock

PLACE = lock.PROJECT / ".windows"
SOURCES = (lock.PROJECT / "src", lock.PROJECT)
DRIVE = "Z:"
"""Where Wine has this computer's own root."""

TESTING = ("pytest", "pluggy", "iniconfig", "packaging", "hypothesis", "sortedcontainers")
"""What tests inside Windows need besides what the program needs."""

STAYS = 300
"""Seconds for which a computer stays awake after its last program."""

RUSSIAN = "ru_RU.UTF-8"
"""Under it Windows has the code pages of a Russian computer: 1251, and 866 on its consoles."""


def lacking() -> str | None:
    """Why there is no such computer here, if there is none."""
    return None if shutil.which("wine") else "Wine is not installed"


def windows(path: Path) -> str:
    """A path of this computer as Windows names it."""
    return DRIVE + str(path.absolute()).replace("/", "\\")


def python() -> Path:
    """The interpreter."""
    return PLACE / "python" / "python.exe"


def around(prefix: Path = PLACE / "prefix") -> dict[str, str]:
    """The environment in which Wine runs, quiet and in Russian; nothing of whoever runs the tests."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(PLACE),
        "XDG_RUNTIME_DIR": str(PLACE / "run"),
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=d;mshtml=d",
        "LOCPATH": str(PLACE / "locale"),
        "LC_ALL": RUSSIAN,
    }


def command(*words: str | Path) -> list[str]:
    """What Linux runs so that Windows runs its Python with these words."""
    return ["wine", str(python()), *map(str, words)]


def run(*words: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """The Python of that computer, to its end."""
    return subprocess.run(command(*words), env={**around(), **(env or {})}, capture_output=True, check=False)


def ready() -> None:
    """The computer put together, once for as long as the locks stay as they are."""
    locks = (lock.RUNTIME, lock.TABLES, lock.DEVELOPMENT, embedded.LOCK)
    stated = "".join(path.read_text("utf-8") for path in locks)
    digest = hashlib.sha256(stated.encode()).hexdigest()
    PLACE.mkdir(exist_ok=True)
    with FileLock(PLACE / "lock"):
        known = PLACE / "digest"
        if known.is_file() and known.read_text() == digest:
            awake(around())
            return
        for part in ("python", "prefix"):
            shutil.rmtree(PLACE / part, ignore_errors=True)
        (PLACE / "run").mkdir(mode=0o700, exist_ok=True)
        (PLACE / "locale").mkdir(exist_ok=True)
        spoken = ["localedef", "-i", "ru_RU", "-f", "UTF-8", str(PLACE / "locale" / RUSSIAN)]
        subprocess.run(spoken, check=True, capture_output=True)
        _python()
        booted(around())
        known.write_text(digest)


def booted(env: Mapping[str, str]) -> None:
    """A computer on which nothing was installed."""
    subprocess.run(["wineboot", "-i"], env=env, check=True, capture_output=True)
    awake(env)


def awake(env: Mapping[str, str]) -> None:
    """Keep what serves all programs of that computer for a while: to begin it anew takes each of them two seconds."""
    # It goes on, as do the services that the first program begins, and all hold open what they are given to write to.
    none = subprocess.DEVNULL
    for typed in (["wineserver", f"-p{STAYS}"], ["wine", "cmd", "/c", "exit"]):
        subprocess.run(typed, env=env, check=False, stdin=none, stdout=none, stderr=none)


def ended(prefix: Path = PLACE / "prefix") -> None:
    """End whatever runs on that computer."""
    subprocess.run(["wineserver", "-k"], env=around(prefix), check=False, capture_output=True)


def _python() -> None:
    folder = PLACE / "python"
    folder.mkdir(parents=True)
    embedded.interpreter(folder)
    (paths,) = folder.glob("python*._pth")
    own = "".join(f"{windows(source)}\n" for source in SOURCES)
    paths.write_text(f"{paths.read_text('ascii')}{own}", "utf-8", newline="\r\n")
    pins = lock.read_kit_pins("win32", embedded.PYTHON)
    testing = lock.read(lock.DEVELOPMENT)
    with TemporaryDirectory() as around_:
        found = embedded.wheels(Path(around_), [*pins, *(testing[name] for name in TESTING)])
        embedded.packages(folder / "Lib", found)
