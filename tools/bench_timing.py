"""How an act is timed: its median, or several in turn so that what the machine does meanwhile is shared by all."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROUNDS = 15
PYTHON_NAMES = ("python", "python.exe")
Act = Callable[[], object]


class Row(NamedTuple):
    """What was measured, its milliseconds, its ratio, the one that it should not pass, and that of an older version."""

    what: str
    took: float
    ratio: float | None = None
    target: float | None = None
    before: float | None = None


def against(floor: float, what: str, took: float, target: float) -> Row:
    """A row that is held against another time of the same run."""
    return Row(what, took, took / floor, target)


def once(act: Act, clock: Callable[[], float] = time.perf_counter) -> float:
    """How long an act takes, in milliseconds of that clock."""
    begun = clock()
    act()
    return (clock() - begun) * 1000


def median(act: Act, rounds: int = ROUNDS) -> float:
    """The median time of an act, after one that is not counted."""
    act()
    return statistics.median(once(act) for _ in range(rounds))


class Heat:
    """Acts that are timed one behind the other, round after round; the first is what the others are held against.

    What runs in this process may be timed by the *clock* of the process, which stands while others are at work.
    """

    def __init__(self, *acts: Act, clock: Callable[[], float] = time.perf_counter) -> None:
        self._acts, self._clock = acts, clock
        self._rounds: list[list[float]] = []

    def run(self, *, counts: bool = True) -> None:
        """One round."""
        times = [once(act, self._clock) for act in self._acts]
        self._rounds += [times] if counts else []

    def took(self, which: int = 0) -> float:
        """The median time of an act."""
        return statistics.median(times[which] for times in self._rounds)

    def ratio(self, which: int = 1) -> float | None:
        """The median, over all rounds, of how often the first act goes into this one; None where there is none."""
        if which >= len(self._acts):
            return None
        return statistics.median(times[which] / times[0] for times in self._rounds)


def race(heats: Iterable[Heat], rounds: int = ROUNDS) -> None:
    """Every heat in turn, after one round that is not counted."""
    for number in range(rounds + 1):
        for heat in heats:
            heat.run(counts=number > 0)


def process(*words: str, **variables: str) -> Callable[[], subprocess.CompletedProcess[bytes]]:
    """A whole process, its output thrown away."""
    return lambda: subprocess.run(words, capture_output=True, check=False, env={**os.environ, **variables})


@dataclass(frozen=True)
class Ground:
    """A checkout of the program with a store of its own, in which there is one invented client, and its *python*."""

    project: Path
    folder: Path
    python: str = sys.executable

    @property
    def variables(self) -> dict[str, str]:
        """What of the environment leads to the program and to the store."""
        return {
            "PYTHONPATH": str(self.project / "src"),
            "SHELTERCTL_IDENTITY": str(self.folder / "key"),
            "SHELTERCTL_STORE": str(self.folder / "house"),
        }

    @property
    def example(self) -> Path:
        """The examples of that version."""
        return self.project / "examples" / "accepted"

    @property
    def agreement(self) -> tuple[str, ...]:
        """The words that save an agreement of hers as a draft."""
        return "agreement", self.id, "--form", "blue", "--from", str(self.example / "blue.yaml")

    @property
    def file(self) -> Path:
        """Her file."""
        return next((self.folder / "house" / "residents").glob("*.age"))

    @property
    def id(self) -> str:
        """The id by which she is known."""
        return self.file.name.removesuffix(".yaml.age")

    def act(self, *words: str, **variables: str) -> Act:
        """A command of that program as an act to be measured, which does not fail."""
        done = process(self.python, "-m", "shelterctl", *words, **self.variables, **variables)
        return lambda: done().check_returncode()

    def run(self, *words: str) -> None:
        """A command of that program that has to succeed."""
        command = (self.python, "-m", "shelterctl", *words)
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **self.variables})


def founded(project: Path, folder: Path) -> Ground:
    """A store in *folder*, made by the program in *project*, with the environment of that checkout if it has one."""
    own = next((path for path in (project / ".venv").glob("*/python*") if path.name in PYTHON_NAMES), None)
    ground = Ground(project, folder, str(own or sys.executable))
    unasked = ("--no-passphrase", "--recovery", str(folder / "paper"))
    folder.mkdir()
    ground.run("init", str(folder / "house"), "--shelter", "bishkek", *unasked)
    ground.run("admit", "--from", str(ground.example / "referral.yaml"))
    return ground
