"""Time acts: the median of one, or several in turn, so that the load of the machine affects all alike."""

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
    """One measurement: its name, milliseconds, ratio, the highest ratio wanted, and the ratio of an older version."""

    what: str
    took: float
    ratio: float | None = None
    target: float | None = None
    before: float | None = None


def against(floor: float, what: str, took: float, target: float) -> Row:
    """Return a row that compares a time with another time of the same run."""
    return Row(what, took, took / floor, target)


def once(act: Act, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the duration of an act in milliseconds, by that clock."""
    begun = clock()
    act()
    return (clock() - begun) * 1000


def median(act: Act, rounds: int = ROUNDS) -> float:
    """Return the median duration of an act, after one run that is not counted."""
    act()
    return statistics.median(once(act) for _ in range(rounds))


class Heat:
    """Acts timed one after another, round after round; the others are compared with the first.

    Acts in this process may be timed by the *clock* of the process, which stops while other processes run.
    """

    def __init__(self, *acts: Act, clock: Callable[[], float] = time.perf_counter) -> None:
        self._acts, self._clock = acts, clock
        self._rounds: list[list[float]] = []

    def run(self, *, counts: bool = True) -> None:
        """Time each act once."""
        times = [once(act, self._clock) for act in self._acts]
        self._rounds += [times] if counts else []

    def took(self, which: int = 0) -> float:
        """Return the median duration of an act."""
        return statistics.median(times[which] for times in self._rounds)

    def ratio(self, which: int = 1) -> float | None:
        """Return the median ratio of this act to the first over all rounds; None if there is none."""
        if which >= len(self._acts):
            return None
        return statistics.median(times[which] / times[0] for times in self._rounds)


def race(heats: Iterable[Heat], rounds: int = ROUNDS) -> None:
    """Run every heat in turn, after one round that is not counted."""
    for number in range(rounds + 1):
        for heat in heats:
            heat.run(counts=number > 0)


def process(*words: str, **variables: str) -> Callable[[], subprocess.CompletedProcess[bytes]]:
    """Return an act that runs a whole process and discards its output."""
    return lambda: subprocess.run(words, capture_output=True, check=False, env={**os.environ, **variables})


@dataclass(frozen=True)
class Ground:
    """A checkout of the program with its own store and one invented client in it, and its *python*."""

    project: Path
    folder: Path
    python: str = sys.executable

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that lead to the program and to the store."""
        return {
            "PYTHONPATH": str(self.project / "src"),
            "SHELTERCTL_IDENTITY": str(self.folder / "key"),
            "SHELTERCTL_STORE": str(self.folder / "house"),
        }

    @property
    def example(self) -> Path:
        """The folder of examples of that version."""
        return self.project / "examples" / "accepted"

    @property
    def agreement(self) -> tuple[str, ...]:
        """The words of the command that saves an agreement of the client as a draft."""
        return "agreement", self.id, "--form", "blue", "--from", str(self.example / "blue.yaml")

    @property
    def file(self) -> Path:
        """The client's file."""
        return next((self.folder / "house" / "residents").glob("*.age"))

    @property
    def id(self) -> str:
        """The client's id."""
        return self.file.name.removesuffix(".yaml.age")

    def act(self, *words: str, **variables: str) -> Act:
        """Return a command of that program as an act to be measured, which must not fail."""
        done = process(self.python, "-m", "shelterctl", *words, **{**self.variables, **variables})
        return lambda: done().check_returncode()

    def run(self, *words: str) -> None:
        """Run a command of that program, which has to succeed."""
        command = (self.python, "-m", "shelterctl", *words)
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **self.variables})


def founded(project: Path, folder: Path) -> Ground:
    """Make a store in *folder* with the program in *project*, and with that checkout's environment if it has one."""
    own = next((path for path in (project / ".venv").glob("*/python*") if path.name in PYTHON_NAMES), None)
    ground = Ground(project, folder, str(own or sys.executable))
    unasked = ("--no-passphrase", "--recovery", str(folder / "paper"))
    folder.mkdir()
    ground.run("init", str(folder / "house"), "--shelter", "bishkek", *unasked)
    ground.run("admit", "--from", str(ground.example / "referral.yaml"))
    return ground
