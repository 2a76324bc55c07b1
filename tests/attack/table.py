"""The table of attacks as it is read: who does what, and what every observer is told by every command."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.attack import (
    forks,
    former_device,
    insider_files,
    insider_registers,
    insider_roles,
    insider_statements,
    older,
    without_key,
)
from tests.attack.lab import Lab, copied
from tests.attack.observers import Observers, Seen
from tests.support.paths import TESTS

TABLE = TESTS / "attacks.yaml"
STEPS = (without_key, insider_files, insider_statements, insider_roles, insider_registers, former_device, older, forks)


@dataclass(frozen=True, eq=False)
class Attack:
    """One row: what is done, and the answer for each observer and command."""

    name: str
    who: str
    holds: str
    does: str
    store: str
    at: str
    cells: Mapping[tuple[str, str], str]

    @property
    def id(self) -> str:
        return self.name + f" ({self.store})" * (self.store != "one") + f" at {self.at}" * bool(self.at)

    @property
    def step(self) -> Callable[[Lab], None]:
        name = self.name.replace(" ", "_")
        step: Callable[[Lab], None] = next(vars(module)[name] for module in STEPS if name in vars(module))
        return step

    def begun(
        self, worlds: Mapping[str, Lab], folder: Path, before: Callable[[Lab], object] = lambda lab: None
    ) -> Observers:
        """The attack carried out on a copy of its store, and whoever looks at it now; something is done *before*."""
        lab = copied(worlds[self.store], folder / "lab", self.at)
        before(lab)
        if any(who == "W" for who, _ in self.cells):
            lab.read_the_words()
        self.step(lab)
        return Observers(lab, folder / "seats")

    def seen(self, observers: Observers) -> dict[tuple[str, str], Seen]:
        return {(who, command): observers.seen(who, command) for who, command in self.cells}


@cache
def _table() -> Any:
    return yaml.load(TABLE.read_text("utf-8"), yaml.CSafeLoader)


@cache
def attacks() -> list[Attack]:
    """Every row of the table."""
    table = _table()
    return [
        Attack(row["name"], part["who"], part["holds"], row["does"], str(part.get("store", "one")), at, cells)
        for part in table["attacks"]
        for row in part["attacks"]
        for at, seen in (row["at"].items() if "at" in row else [("", row["seen"])])
        for cells in [dict(_cells(seen, part.get("run", table["run"])))]
    ]


def unseen() -> dict[str, str]:
    """The attacks that neither the device nor the paper sees, each with the reason."""
    found: dict[str, str] = _table()["unseen"]
    return found


def named(id_: str) -> Attack:
    return next(attack for attack in attacks() if attack.id == id_)


def _cells(seen: Mapping[str, Any], run: Mapping[str, list[str]]) -> Iterator[tuple[tuple[str, str], str]]:
    for who, said in seen.items():
        told = said if isinstance(said, dict) else {"all": said}
        for command in dict.fromkeys([*run.get(who, ()), *(set(told) - {"all"})]):
            yield (who, command), str(told.get(command, told.get("all")))


def printed(rows: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """The table for a closing note: attack, observer, and the exit code of every command."""
    lines = []
    for name, cells in rows.items():
        by: dict[str, list[str]] = {}
        for (who, command), said in cells.items():
            by.setdefault(who, []).append(f"{command} {said.split()[0]}")
        codes = sorted({code for said in cells.values() for code in said.split()[1:]} - {"store/part"})
        lines.append(
            f"{name:58} {' | '.join(f'{who}: ' + ' '.join(told) for who, told in by.items())}  {' '.join(codes)}"
        )
    return "\n".join(lines) + "\n"
