"""Measure how commands grow with the number of clients' files, with and without the index, and draw it.

    python -m tools.bench_growth measure RESULTS FOLDER… [--states off,cold,warm,written] [--commands due,list,…]
    python -m tools.bench_growth draw RESULTS PICTURE

Each FOLDER is one that `tools.many_files` made; it is copied first, since a state of the index needs writes. A time is
a ratio to `import typer` in the same round. What is measured is added to RESULTS at once, a JSON line a cell, so that a
long run may be interrupted. `draw` prints the table and writes the picture, in SVG, with both axes by powers of ten.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from math import ceil, floor, log10
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.session import Options, Session
from tools.bench_memory import KIBIBYTES
from tools.bench_terminal import waits
from tools.bench_timing import once, process

OFF = "SHELTERCTL_INDEX"
"""The variable that turns the index off, with the value ``off``."""

INDEX_FILES = "*.index"
"""The files of the index, in the folder that a device keeps beside its key."""

COLUMNS = "facility,sex,left"
COMMANDS: dict[str, tuple[str, ...]] = {
    "due": ("due", "--format", "csv"),
    "list": ("list", "--columns", COLUMNS, "--count", "--format", "csv"),
    "find": ("find", "--from", "name.json", "--json"),
    "house": ("house", "--json"),
    "today": ("today", "--json"),
    "menu": (),
    "check": ("check",),
}
"""The commands, each with its words; that of the menu is timed at a terminal to its first screen."""

STATES = ("off", "cold", "warm", "written")
"""Without the index; with an index that has to be made; with a whole one; and after one write."""

READS_FILES = "check"
"""The command that never reads the index: it is measured without it alone."""

LONG, ROUNDS = 20_000.0, 5
"""A command that takes more milliseconds than this is run once; the others in so many rounds."""

NEED = {"class": "primary", "on": "2026-12-01", "source": "resident"}
EXIT_CODES = (0, 1)
"""A check that finds something ends with 1."""


class Cell(NamedTuple):
    """One figure: a command in a state of the index over so many *files*, its *ratio* to importing typer, the
    milliseconds that it *took*, and its *peak* memory in mebibytes.
    """

    command: str
    state: str
    files: int
    ratio: float
    took: float
    peak: float | None


class Grown:
    """A copy of a store of many files, in which one state of the index after the other is made."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder = place
        shutil.copytree(folder, place)
        self.files = sum(1 for _ in (place / "house" / "residents").iterdir())
        self.variables = {"SHELTERCTL_STORE": str(place / "house"), "SHELTERCTL_IDENTITY": str(place / "key")}
        session = Session(options=Options(store=str(place / "house"), identity=str(place / "key")))
        her, other = self._choose_clients(session)
        self.her = her
        (place / "name.json").write_text(json.dumps(other, ensure_ascii=False), "utf-8")
        self._written = 0

    def _choose_clients(self, session: Session) -> tuple[str, dict[str, Any]]:
        """Return the id of a client in the house, who gets an entry more, and the name of somebody to be found."""
        name: dict[str, Any] = {}
        for her in session.store.clients():
            name = name or {key: her.facts["identity"].get(key, "") for key in ("first_name", "last_name")}
            if her.stay is not None and her.stay.is_open and her.stay.admitted_on:
                return her.id, name
        raise AssertionError("nobody is in the house")

    def prepare(self, state: str) -> None:
        """Bring the index into a state, before each run."""
        if state == "cold":
            for file in self.folder.glob(f"key.heads/**/{INDEX_FILES}"):
                file.unlink()
        if state == "written":
            self._written += 1
            given = self.folder / "need.json"
            given.write_text(json.dumps({**NEED, "need": f"invented {self._written}"}), "utf-8")
            self.run("add", self.her, "need", "--from", str(given), off=False)

    def run(self, *words: str, off: bool) -> float:
        """Run a command, which has to succeed; return its peak memory in mebibytes."""
        command = (sys.executable, "-m", "shelterctl", *words)
        variables = {**os.environ, **self.variables, OFF: "off" if off else ""}
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=variables, cwd=self.folder
        ) as begun:
            _, status, used = os.wait4(begun.pid, 0)
            begun.returncode = os.waitstatus_to_exitcode(status)
        if begun.returncode not in EXIT_CODES:
            raise AssertionError(f"{words}: {begun.returncode}")
        return used.ru_maxrss / (KIBIBYTES if sys.platform == "linux" else KIBIBYTES**2)

    def measure(self, command: str, state: str) -> Cell:
        """Measure a command in one state of the index: medians of rounds, each with an import of typer before it."""
        typer = process(sys.executable, "-c", "import typer")
        if state in ("warm", "written"):
            self._wait_for_menu(state)
            self.run(*(COMMANDS[command] or COMMANDS["due"]), off=False)
        peaks: list[float] = []

        def act() -> None:
            peaks.append(self.run(*COMMANDS[command], off=state == "off"))

        rounds: list[tuple[float, float]] = []
        while len(rounds) < ROUNDS:
            self.prepare(state)
            base = once(lambda: typer().check_returncode())
            took = once(act) if COMMANDS[command] else self._wait_for_menu(state)
            rounds.append((took, took / base))
            if took > LONG:
                break
        took, ratio = (statistics.median(one[place] for one in rounds) for place in (0, 1))
        return Cell(command, state, self.files, round(ratio, 2), round(took), round(max(peaks)) if peaks else None)

    def _wait_for_menu(self, state: str) -> float:
        """Return the milliseconds until the menu shows its first screen."""
        os.environ |= {**self.variables, OFF: "off" if state == "off" else ""}
        return waits(self.folder)[0]


def measure(results: Path, folders: Iterable[Path], states: Iterable[str], commands: Iterable[str]) -> None:
    """Measure every cell that RESULTS does not have yet, and add it there."""
    for folder in folders:
        with tempfile.TemporaryDirectory(dir=folder.parent) as room:
            grown = Grown(folder, Path(room) / "store")
            known = {(one.command, one.state, one.files) for one in read_cells(results)}
            for command in commands:
                for state in states:
                    if (command, state, grown.files) in known or (command == READS_FILES and state != "off"):
                        continue
                    cell = grown.measure(command, state)
                    with results.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(cell._asdict()) + "\n")
                    sys.stderr.write(f"{cell}\n")


def read_cells(results: Path) -> list[Cell]:
    """Return the figures that were measured."""
    lines = results.read_text("utf-8").splitlines() if results.exists() else []
    return [Cell(**json.loads(line)) for line in lines]


def table_lines(cells: list[Cell]) -> Iterator[str]:
    """Yield the table: a line for each command and state, with its ratio and its peak memory by number of files."""
    sizes = sorted({one.files for one in cells})
    yield f"{'× import typer (peak MiB)':28}" + "".join(f"{size:>16,}" for size in sizes)
    found = {(one.command, one.state, one.files): one for one in cells}
    for command, state in ((command, state) for command in COMMANDS for state in STATES):
        row = [found.get((command, state, size)) for size in sizes]
        if any(row):
            told = (f"{one.ratio:.1f}" + (f" ({one.peak:.0f})" if one.peak else "") if one else "" for one in row)
            yield (f"{command}, {state}".ljust(28) + "".join(f"{each:>16}" for each in told)).rstrip()


WIDTH, HEIGHT, GAP = 300, 260, 60
COLOURS = {"off": "#8c2d04", "cold": "#d97706", "warm": "#0b6e4f", "written": "#2563eb"}


def draw(cells: list[Cell]) -> str:
    """Return the picture: a field for each command, a line for each state, both axes by powers of ten."""
    commands = [name for name in COMMANDS if any(one.command == name for one in cells)]
    across = 3
    down = ceil(len(commands) / across)
    right, bottom = across * (WIDTH + GAP) + GAP, down * (HEIGHT + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right} {bottom}" role="img" '
        'aria-label="Time of commands by number of files" font-family="sans-serif" font-size="12">',
        f'<rect width="{right}" height="{bottom}" fill="#fff"/>',
    ]
    low, high = floor(log10(min(one.ratio for one in cells))), ceil(log10(max(one.ratio for one in cells)))
    first, last = log10(min(one.files for one in cells)), log10(max(one.files for one in cells))

    def at(files: float, ratio: float) -> tuple[float, float]:
        x = (log10(files) - first) / max(last - first, 1) * WIDTH
        return x, HEIGHT - (log10(ratio) - low) / max(high - low, 1) * HEIGHT

    for number, command in enumerate(commands):
        x, y = GAP + number % across * (WIDTH + GAP), GAP + number // across * (HEIGHT + GAP)
        parts.append(f'<g transform="translate({x},{y})"><text x="0" y="-10" font-weight="bold">{command}</text>')
        parts += _axes(at, range(low, high + 1), range(ceil(first), floor(last) + 1))
        for state in STATES:
            line = sorted((one.files, one.ratio) for one in cells if (one.command, one.state) == (command, state))
            parts += _line([at(*point) for point in line], COLOURS[state])
        parts.append("</g>")
    for number, (state, colour) in enumerate(COLOURS.items()):
        x = GAP + number * 110
        parts.append(f'<line x1="{x}" x2="{x + 18}" y1="18" y2="18" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 24}" y="22" fill="{colour}">{state}</text>')
    parts.append(f'<text x="{GAP + 4 * 110}" y="22" fill="#444">times import typer, by number of files</text></svg>')
    return "\n".join(parts) + "\n"


def _axes(at: Callable[[float, float], tuple[float, float]], ratios: range, sizes: range) -> Iterator[str]:
    """Yield the lines of one field, each with its number."""
    for power in ratios:
        y = at(10.0 ** sizes[0], 10.0**power)[1]
        yield f'<line x1="0" x2="{WIDTH}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>'
        yield f'<text x="-6" y="{y + 4:.0f}" text-anchor="end" fill="#444">{10**power:g}</text>'
    for power in sizes:
        x = at(10.0**power, 10.0 ** ratios[0])[0]
        yield f'<line x1="{x:.0f}" x2="{x:.0f}" y1="0" y2="{HEIGHT}" stroke="#ddd"/>'
        yield f'<text x="{x:.0f}" y="{HEIGHT + 16}" text-anchor="middle" fill="#444">{10**power:,}</text>'


def _line(points: list[tuple[float, float]], colour: str) -> Iterator[str]:
    """Yield one line with a dot for each figure."""
    if points:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)


def main() -> None:
    """Measure or draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="what", required=True)
    measuring = parts.add_parser("measure")
    measuring.add_argument("results", type=Path)
    measuring.add_argument("folders", type=Path, nargs="+")
    measuring.add_argument("--states", default=",".join(STATES))
    measuring.add_argument("--commands", default=",".join(COMMANDS))
    drawing = parts.add_parser("draw")
    drawing.add_argument("results", type=Path)
    drawing.add_argument("picture", type=Path)
    given = parser.parse_args()
    if given.what == "measure":
        measure(given.results, given.folders, given.states.split(","), given.commands.split(","))
    else:
        cells = read_cells(given.results)
        given.picture.write_text(draw(cells), "utf-8")
        sys.stdout.write("\n".join(table_lines(cells)) + "\n")


if __name__ == "__main__":
    main()
