"""Measure how fast the program is, as ratios of times from one run: ``make bench``. Never a test: machines are noisy.

With ``--before CHECKOUT`` an older version is timed in turn, and its ratios are printed beside these.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.support import crowd
from tools import bench_columns, bench_long, bench_memory, bench_paper, bench_roles, bench_stream, bench_terminal
from tools.bench_timing import Act, Ground, Heat, Row, founded, process, race
from tools.bench_tracks import COUNT, PROJECT, with_invented_tracks

NOTHING, TYPER = "pass", "import typer"
"""Python programs for comparison: an empty one, and one that imports typer, which every command needs."""

TARGETS = (
    ("--version", NOTHING, 2.0),
    ("--help", TYPER, 1.5),
    ("admit ID", TYPER, 2.4),
    ("agreement --check", TYPER, 2.4),
    (f"admit ID, {COUNT} tracks more", TYPER, 2.5),
    (f"agreement --check, {COUNT} tracks more", TYPER, 2.5),
    ("form blue --blank to PDF", TYPER, 4.0),
    ("form blue ID to PDF", TYPER, 4.5),
)
"""Each command, the program it is compared with, and the highest ratio it should have."""

RECORDS = (("a small file", 0, 1.7), ("200 entries", 200, 2.0))
"""Files checked in a running process: the number of additional entries, and the highest ratio to the minimum work."""


def main() -> None:
    """Measure everything, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a folder with an older version of the program")
    before: Path | None = parser.parse_args().before
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    os.environ.pop("SHELTERCTL_MANUAL", None)
    with ExitStack() as rooms:
        folder = Path(rooms.enter_context(tempfile.TemporaryDirectory()))
        ours = founded(PROJECT, folder / "ours")
        os.environ |= ours.variables
        sys.path.insert(0, ours.variables["PYTHONPATH"])
        older = founded(before.resolve(), folder / "before") if before else None
        rows = [
            *commands(ours, with_invented_tracks(folder / "more"), older),
            *records(founded(PROJECT, folder / "one")),
        ]
        rows += bench_paper.on_paper(ours)
        rows += bench_paper.by_hand(ours)
        rows += bench_stream.of_streams(ours)
        rows += bench_columns.over_many(founded(PROJECT, folder / "many"))
        rows += bench_long.of_years(founded(PROJECT, folder / "years"))
        rows += bench_long.due_of_many(founded(PROJECT, folder / "thousand"))
        rows += bench_long.of_rekey(founded(PROJECT, folder / "rekeyed"))
        rows += bench_long.of_turns(founded(PROJECT, folder / "few"))
        rows += bench_terminal.at_a_terminal(ours.folder, next(row.took for row in rows if row.what == TYPER))
        rows += bench_roles.of_roles(founded(PROJECT, folder / "roles"))
        rows += bench_memory.of_many(founded(PROJECT, folder / "crowd"))
        write(rows)


def commands(ours: Ground, tracks: Path | None, older: Ground | None) -> Iterator[Row]:
    """Time commands in their own processes, each in turn with the program it is compared with."""
    mine, theirs = of(ours, tracks), of(older) if older else {}
    floors = {words: process(sys.executable, "-c", words) for words in (NOTHING, TYPER)}
    heats = {words: Heat(floor) for words, floor in floors.items()}
    heats |= {
        name: Heat(floors[floor], mine[name], *([theirs[name]] if name in theirs else []))
        for name, floor, _ in TARGETS
        if name in mine
    }
    race(heats.values())
    yield from (Row(words, heats[words].took()) for words in floors)
    yield from (
        Row(name, heats[name].took(1), heats[name].ratio(), target, heats[name].ratio(2))
        for name, _, target in TARGETS
        if name in mine
    )


def of(ground: Ground, tracks: Path | None = None) -> dict[str, Act]:
    """Return the commands to measure, including those for the project in *tracks*, which has more tracks, and on paper
    of another store.
    """
    checked = {"admit ID": ("admit", ground.id), "agreement --check": (*ground.agreement, "--check")}
    more = {f"{name}, {COUNT} tracks more": words for name, words in checked.items()} if tracks else {}
    papers = founded(ground.project, ground.folder / "papers")
    papers.run(*papers.agreement)
    out = ("--out", str(ground.folder / "form.pdf"), "--overwrite")
    return {
        "--version": ground.act("--version"),
        "--help": ground.act("--help"),
        **{name: ground.act(*words) for name, words in checked.items()},
        **{name: Ground(tracks or ground.project, ground.folder).act(*words) for name, words in more.items()},
        "form blue --blank to PDF": papers.act("form", "blue", "--blank", *out),
        "form blue ID to PDF": papers.act("form", "blue", papers.id, *out),
    }


def records(ground: Ground) -> Iterator[Row]:
    """Measure a record in a running process, as it is and grown to each size; the process is started several times."""
    for size, entries, target in RECORDS:
        if entries:
            crowd.grow(bench_long.opened(ground), ground.id, entries)
        words = (sys.executable, "-m", "tools.bench_record", str(ground.file))
        told: list[dict[str, float]] = []
        for _ in range(5):
            done = subprocess.run(
                words, check=True, capture_output=True, env={**os.environ, **ground.variables}, cwd=PROJECT
            )
            told.append(json.loads(done.stdout))
        floor, whole, ratio = (statistics.median(each[name] for each in told) for name in ("floor", "whole", "ratio"))
        yield Row(f"decrypt + strict parse + blocks, {size}", floor)
        yield Row(f"check in one process, {size}", whole, ratio, target)


def write(rows: list[Row]) -> None:
    """Print the table, with the figures of an older version if there are any."""
    older = any(row.before for row in rows)
    lines = [f"{'what':48}{'ms':>9}{'ratio':>8}{'target':>8}" + (f"{'before':>8}" if older else "")]
    for row in rows:
        figures = (
            f"{figure:8.{places}f}" if figure else " " * 8 for figure, places in zip(row[2:], (2, 1, 2), strict=True)
        )
        lines.append(f"{row.what:48}{row.took:9.3f}{''.join(figures)}".rstrip())
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
