"""Files of years: what adding to one and showing it takes, what its sealed part adds, and what is due of a thousand."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import crowd
import long
from bench_columns import COUNT, read_only
from bench_timing import Act, Ground, Heat, Row, median, process, race

from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store

SIZES = ((200, 3.5), (3000, 6.0))
"""So many entries, and how often typer may go into adding to them, and into showing her."""

EACH, DUE_TARGET, ROUNDS = 24, 3.0, 9
NEED = "class: primary\nneed: нужда {number}\non: 2026-11-24\nsource: resident\n"


def of_years(ground: Ground) -> Iterator[Row]:
    """One file, grown to each size in turn."""
    for size, target in SIZES:
        long.grow(opened(ground), ground.id, size)
        heat = Heat(
            process(sys.executable, "-c", "import typer"), ground.act("show", ground.id), _added(ground),
            ground.act("show", ground.id, "service"), ground.act("show", ground.id, "session"),
        )  # fmt: skip
        race([heat], ROUNDS)
        yield Row(f"show ID, {size} entries", heat.took(1), heat.ratio(1), target)
        yield Row(f"add ID need, {size} entries", heat.took(2), heat.ratio(2), target)
    store = opened(ground)
    unsealed = median(partial(store.unsealed, store.read(ground.id), "psychological"), 5)
    more = heat.took(4) - heat.took(3)
    yield Row(f"open {size // 6} sealed entries", unsealed)
    yield Row("show ID session, more than show ID service", more, more / unsealed, 1.2)


def due_of_many(ground: Ground) -> Iterator[Row]:
    """What is due of a thousand files with entries of six kinds, against opening and parsing them."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    store = opened(ground)
    held = {id_: store.read(id_) for id_ in store.ids()}
    grown = [(record_file(id_), long.grown(dict(one.value), EACH), one.version) for id_, one in held.items()]
    long.write(store, grown)
    floor = process(sys.executable, __file__, **ground.variables)
    heat = Heat(lambda: floor().check_returncode(), ground.act("due", "--format", "csv"))
    race([heat], 5)
    yield Row(f"open and parse {COUNT} full files", heat.took())
    yield Row("due, full files", heat.took(1), heat.ratio(), DUE_TARGET)


def opened(ground: Ground) -> Store:
    """The store of that ground, as a program has it."""
    key = ground.folder / "key"
    return open_store(ground.folder / "house", load_identity(key, None), open_rulebook(), Path(f"{key}.heads"))


def _added(ground: Ground) -> Act:
    """Another need each time."""
    file, number = ground.folder / "need.yaml", 0

    def add() -> None:
        nonlocal number
        number += 1
        file.write_text(NEED.format(number=number), "utf-8")
        ground.run("add", ground.id, "need", "--from", str(file))

    return add


if __name__ == "__main__":
    read_only()
