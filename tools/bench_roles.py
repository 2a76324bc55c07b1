"""Time a house of twelve people with a key on each of three computers, against a house with one key for all."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.support import crowd
from tools.bench_columns import COUNT
from tools.bench_timing import Ground, Heat, Row, process, race

STAFF = ("social_worker",) * 4 + ("psychologist",) * 2 + ("medical_adviser", "legal_adviser") + ("security",) * 3
COMPUTERS, ROUNDS = 3, 7
TARGETS = {"house, for security": 2.5, "list": 1.1, "admit ID": 1.1}
"""The highest ratio of each: to importing typer for security, to the house with one key for the others."""


def of_roles(ground: Ground) -> Iterator[Row]:
    """Time what a manager and a guard do, in a house by role and in the same house with one key."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    plain = _copied(ground, ground.folder.with_name(f"{ground.folder.name}-one-key"))
    guard = _with_keys(ground)
    floor = process(sys.executable, "-c", "import typer")
    for name, words in (("list", ("list", "--json")), ("admit ID", ("admit", ground.id, "--json"))):
        heat = Heat(plain.act(*words), ground.act(*words))
        race([heat], ROUNDS)
        yield Row(f"{name}, {len(STAFF) * COMPUTERS + 1} keys", heat.took(1), heat.ratio(1), TARGETS[name])
    heat = Heat(floor, ground.act("house", "--json", SHELTERCTL_IDENTITY=str(guard)))
    race([heat], ROUNDS)
    yield Row("house, for security", heat.took(1), heat.ratio(1), TARGETS["house, for security"])


def _copied(ground: Ground, folder: Path) -> Ground:
    """Return a copy of a store with its key, as another computer would have both."""
    shutil.copytree(ground.folder, folder)
    return replace(ground, folder=folder)


def _with_keys(ground: Ground) -> Path:
    """Give each person a key for each computer and let roles decide; return a guard's key."""
    for number, role in enumerate(STAFF):
        ground.run("staff", "add", f"s-{number}", "--role", role)
        for computer in range(COMPUTERS):
            device = replace(ground, folder=ground.folder / f"computer-{computer}")
            device.folder.mkdir(exist_ok=True)
            request = device.folder / f"s-{number}.request"
            key = str(device.folder / f"s-{number}")
            at = {"SHELTERCTL_IDENTITY": key, "SHELTERCTL_STORE": str(ground.folder / "house")}
            words = ("staff", "key", f"s-{number}", "--no-passphrase", "--out", str(request))
            device.act(*words, **at)()
            ground.run("staff", "key", f"s-{number}", "--accept", "--from", str(request))
    ground.run("roles", "--give", "manager=medical_adviser", "--give", "manager=manager")
    ground.run("roles", "--begin")
    guard = ground.folder / "computer-0" / f"s-{len(STAFF) - 1}"
    ground.act("trust", "--accept", SHELTERCTL_IDENTITY=str(guard))()
    return guard
