"""Measure how fast the program starts on Windows, as ratios from one run: medians of processes that take turns."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.support.inputs import REFERRAL
from tests.windows import computer
from tests.windows.door import there

ROUNDS = 15
PASS, TYPER = "python -c pass", "import typer"
TARGETS = (("--version", PASS, 2.0), ("--help", TYPER, 1.6), ("admit ID", TYPER, 3.5))
"""The commands, each with the highest ratio it should have."""


def main() -> None:
    """Make a store with one client, then time every command in turn."""
    if why := computer.lacking():
        sys.stdout.write(f"Windows: {why}\n")
        return
    computer.ready()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        own = {"SHELTERCTL_STORE": str(place / "house"), "SHELTERCTL_IDENTITY": str(place / "key")}
        env = {**there({**own, "SHELTERCTL_LANG": "en"}), **computer.around()}
        base = ("-m", "shelterctl")
        _run(env, place, *base, "init", "house", "--shelter", "bishkek", "--no-passphrase", "--recovery", "r")
        her = _run(env, place, *base, "admit", "--from", computer.windows(REFERRAL), "--as-of", "2026-11-25").split()
        id_ = next(word.strip(".,:") for word in her if len(word.strip(".,:")) == 9 and word[4] == "-")
        words = {
            PASS: ("-c", "pass"),
            TYPER: ("-c", "import typer"),
            "--version": (*base, "--version"),
            "--help": (*base, "--help"),
            "admit ID": (*base, "admit", id_),
        }
        took: dict[str, list[float]] = {name: [] for name in words}
        for number in range(ROUNDS + 1):
            for name, typed in words.items():
                begun = time.perf_counter()
                _run(env, place, *typed)
                if number:  # the first run finds nothing in memory yet
                    took[name].append(time.perf_counter() - begun)
    for name, of, most in TARGETS:
        ratio = median(took[name]) / median(took[of])
        sys.stdout.write(f"Windows: {name} {ratio:.2f} × {of} ({1000 * median(took[of]):.0f} ms), at most {most}\n")


def _run(env: dict[str, str], cwd: Path, *words: str) -> str:
    told = subprocess.run(computer.command(*words), cwd=cwd, env=env, capture_output=True, check=True)
    return told.stdout.decode()


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
