"""Make the environment in which shelterctl is developed: what the lock names, verified by hash, then the project
itself.

`make` runs it with the Python of a new environment that has only pip.
"""

import platform
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LOCKS = [PROJECT / f"{name}.lock" for name in ("requirements", "tables", "development")]
OTHERWISE = (
    "Take one that is: make PYTHON=python3.13 VENV=.venv-3.13 demo\n"
    "Or install by the ranges of pyproject.toml, without hashes: make LOCKED=no demo\n"
)


def covered(lock: str, python: str) -> bool:
    """Whether the lock covers that Python version, such as 3.12."""
    stated = next(line for line in lock.splitlines() if line.startswith("# python: "))
    return python in stated.split()[2:]


def pip(*words: str) -> int:
    """Run pip once in this environment."""
    return subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *words], check=False).returncode


def main() -> int:
    """Install everything, and say what to do if the lock has nothing for this computer."""
    if sys.argv[1:] == ["--ranges"]:
        return pip("--editable", f"{PROJECT}[development,tables]")
    session = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not covered(LOCKS[0].read_text("utf-8"), session):
        sys.stderr.write(f"Python {session} is not in the lock.\n{OTHERWISE}")
        return 2
    locked = [word for lock in LOCKS for word in ("--requirement", str(lock))]
    if code := pip("--require-hashes", "--only-binary", ":all:", "--no-deps", *locked):
        sys.stderr.write(
            "The packages of the lock could not be installed; the reason is above. Without a network nothing can "
            "be\nfetched; for this computer "
            f"({platform.system()} {platform.machine()}) the lock may have no wheel.\n{OTHERWISE}"
        )
        return code
    # The build tools are in the lock too, so nothing else is fetched.
    return pip("--no-deps", "--no-build-isolation", "--editable", str(PROJECT))


if __name__ == "__main__":
    sys.exit(main())
