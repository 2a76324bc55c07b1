"""How fast the tool is, as ratios measured in one run: ``make bench``. Never a test: machines are noisy.

What 0.1.0 takes is measured in turn with it, from a checkout of that commit, and stands beside it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tools import bench_columns, bench_long, bench_paper, bench_stream, bench_terminal
from tools.bench_before import LEFT_OUT, PROJECT, released
from tools.bench_timing import Act, Ground, Heat, Row, founded, process, race
from tools.bench_tracks import COUNT, with_invented_tracks

NOTHING, TYPER = "pass", "import typer"
"""Programs of Python without which no command can do."""

TARGETS = (
    ("--version", NOTHING, 2.0),
    ("--help", TYPER, 1.5),
    ("admit ID", TYPER, 3.0),
    ("agreement --check", TYPER, 3.0),
    (f"admit ID, {COUNT} tracks more", TYPER, 3.1),
    (f"agreement --check, {COUNT} tracks more", TYPER, 3.1),
    ("form blue --blank to PDF", TYPER, 4.0),
    ("form blue ID to PDF", TYPER, 4.5),
)
"""Each command, against what it is held, and how often that may go into it."""


def main() -> None:
    """Measure, and print one table."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    os.environ.pop("SHELTERCTL_MANUAL", None)
    with ExitStack() as rooms:
        folder = Path(rooms.enter_context(tempfile.TemporaryDirectory()))
        checkout = rooms.enter_context(released())
        ours = founded(PROJECT, folder / "ours")
        theirs = founded(checkout, folder / "theirs") if checkout else None
        os.environ |= ours.variables
        sys.path.insert(0, ours.variables["PYTHONPATH"])
        rows = [*commands(ours, theirs, with_invented_tracks(folder / "more")), *record(ours, theirs)]
        rows += bench_paper.on_paper(ours)
        rows += bench_paper.by_hand(ours)
        rows += bench_stream.of_streams(ours)
        rows += bench_columns.over_many(founded(PROJECT, folder / "many"))
        rows += bench_long.of_years(founded(PROJECT, folder / "years"))
        rows += bench_long.due_of_many(founded(PROJECT, folder / "thousand"))
        rows += bench_long.of_rekey(founded(PROJECT, folder / "rekeyed"))
        rows += bench_long.of_turns(founded(PROJECT, folder / "few"))
        rows += bench_terminal.at_a_terminal(ours.folder, next(row.took for row in rows if row.what == TYPER))
        write(rows, compared=theirs is not None)


def commands(ours: Ground, theirs: Ground | None, tracks: Path | None) -> Iterator[Row]:
    """Commands in processes of their own: each behind what it is held against, and that of 0.1.0 behind it."""
    mine, before = of(ours, tracks), of(theirs) if theirs else {}
    floors = {words: process(sys.executable, "-c", words) for words in (NOTHING, TYPER)}
    heats = {words: Heat(floor) for words, floor in floors.items()}
    for name, floor, _ in TARGETS:
        if name in mine:
            heats[name] = Heat(floors[floor], mine[name], *([before[name]] if name in before else []))
    race(heats.values())
    yield from (Row(words, heats[words].took()) for words in floors)
    for name, _, target in TARGETS:
        if heat := heats.get(name):
            yield Row(name, heat.took(1), heat.ratio(), target, heat.ratio(2))


def of(ground: Ground, tracks: Path | None = None) -> dict[str, Act]:
    """The commands that are measured, also of the project in *tracks*, which has more; paper from another store."""
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


def record(ours: Ground, theirs: Ground | None) -> Iterator[Row]:
    """One record in a running process, which is begun a few times for each program in turn."""
    told: dict[bool, list[dict[str, float]]] = {True: [], False: []}
    for _ in range(5):
        for ground in (ours, theirs):
            if ground:
                words, environment = (
                    (sys.executable, "-m", "tools.bench_record", str(ground.file)),
                    {**os.environ, **ground.variables},
                )
                done = subprocess.run(words, check=True, capture_output=True, env=environment)
                told[ground is ours].append(json.loads(done.stdout))
    floor, whole, ratio = (statistics.median(each[name] for each in told[True]) for name in ("floor", "whole", "ratio"))
    before = statistics.median(each["ratio"] for each in told[False]) if theirs else None
    yield Row("decrypt + strict parse, a record", floor)
    yield Row("check, a record in one process", whole, ratio, 2.0, before)


def write(rows: list[Row], *, compared: bool) -> None:
    """The table."""
    lines = [f"{'what':48}{'ms':>9}{'ratio':>8}{'target':>8}{'0.1.0':>8}"]
    for row in rows:
        figures = (
            f"{figure:8.{places}f}" if figure else " " * 8 for figure, places in zip(row[2:], (2, 1, 2), strict=True)
        )
        lines.append(f"{row.what:48}{row.took:9.3f}{''.join(figures)}".rstrip())
    sys.stdout.write("\n".join([*lines, *([] if compared else [LEFT_OUT])]) + "\n")


if __name__ == "__main__":
    main()
