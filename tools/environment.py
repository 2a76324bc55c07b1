"""The environment in which shelterctl is developed: what the lock names, held to its hashes, then the project itself.

`make` calls it with the Python of a new environment, in which there is nothing but pip.
"""

import platform
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LOCKS = [PROJECT / "requirements.lock", PROJECT / "development.lock"]
OTHERWISE = (
    "Take one that is: make PYTHON=python3.13 VENV=.venv-3.13 demo\n"
    "Or install by the ranges of pyproject.toml, without hashes: make LOCKED=no demo\n"
)


def covered(lock: str, python: str) -> bool:
    """Whether the lock is for that Python, such as 3.12."""
    stated = next(line for line in lock.splitlines() if line.startswith("# python: "))
    return python in stated.split()[2:]


def pip(*words: str) -> int:
    """One call of pip in this environment."""
    return subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *words], check=False).returncode


def main() -> int:
    """Install, and say what to do where the lock has nothing for this computer."""
    if sys.argv[1:] == ["--ranges"]:
        return pip("--editable", f"{PROJECT}[development]")
    session = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not covered(LOCKS[0].read_text("utf-8"), session):
        sys.stderr.write(f"Python {session} is not in the lock.\n{OTHERWISE}")
        return 2
    locked = [word for lock in LOCKS for word in ("--requirement", str(lock))]
    if code := pip("--require-hashes", "--only-binary", ":all:", "--no-deps", *locked):
        sys.stderr.write(
            "The packages of the lock could not be installed; the reason stands above. Without a network nothing can "
            "be\nfetched; on this computer "
            f"({platform.system()} {platform.machine()}) the lock may have no wheel.\n{OTHERWISE}"
        )
        return code
    # What builds the project is in the lock too, so that nothing is fetched besides.
    return pip("--no-deps", "--no-build-isolation", "--editable", str(PROJECT))


if __name__ == "__main__":
    sys.exit(main())
