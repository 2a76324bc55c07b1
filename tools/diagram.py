"""Draw the picture of the packages, docs/packages.svg: their layers by pyproject.toml, and the route of one command.

    python -m tools.diagram

A package may import from the rows below its own. The numbers are the steps of the command that
``docs/topics/en/carrying-on.md`` follows first, in order, shown at the packages that they pass through.
"""

import re
import tomllib
from html import escape
from pathlib import Path

from shelterctl.core.values.facts import Facts

PROJECT = Path(__file__).parents[1]
PICTURE = PROJECT / "docs" / "packages.svg"
PAGE = PROJECT / "docs" / "topics" / "en" / "carrying-on.md"

WIDTH, ROW, BOX, GAP, MARGIN = 880, 42, 34, 10, 16
"""Sizes in pixels: the picture, a row, a box in it, the space between boxes, and the margin."""

LAYER_COLOURS = ("#e8eef7", "#eef5ea")
"""The colours of packages for people at a terminal or on paper, and of packages for files and keys. The core has its
own.
"""

CORE_COLOUR, INK, STEP_COLOUR = "#fbf0d9", "#222222", "#b3261e"
BELOW = "store"
"""The first package, from the top, that has the second colour."""


def read_layers(project: Path = PROJECT) -> list[list[str]]:
    """Return the packages in rows from top to bottom, as the layers contract lists them."""
    settings: Facts = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["id"] == "packages")
    return [re.split(r" *\| *", layer) for layer in layers]


def read_route(page: Path = PAGE) -> tuple[str, list[str]]:
    """Return the first command that the page follows, and the files that it names, in order."""
    text = page.read_text("utf-8").partition("## From what is typed to what is printed")[2]
    command = re.search(r"`([^`]+)`", text)
    block = re.search(r"\n\n((?:    .*\n)+)", text)
    if command is None or block is None:
        raise SystemExit(f"{page.name}: no command and no files are listed under its heading")
    return " ".join(command[1].split()), [name for name in re.split(r"[,\s]+", block[1]) if name]


def number_packages(files: list[str]) -> dict[str, list[int]]:
    """Return the steps at which the route enters each package, counted from 1 at each change of package."""
    steps: dict[str, list[int]] = {}
    last, number = "", 0
    for file in files:
        package = file.partition("/")[0]
        if package != last:
            number += 1
            steps.setdefault(package, []).append(number)
        last = package
    return steps


def draw_packages(layers: list[list[str]], command: str, steps: dict[str, list[int]]) -> str:
    """Return the picture as SVG, with its content as text for readers who cannot see it."""
    height = MARGIN * 2 + ROW * len(layers) + 40
    described = ". ".join(", ".join(row) for row in layers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        "<title>The packages of shelterctl</title>",
        f"<desc>From top to bottom: {escape(described)}. Each may import from those below it.</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    lower = False
    for index, row in enumerate(layers):
        lower = lower or BELOW in row
        wide = (WIDTH - MARGIN * 2 - GAP * (len(row) - 1)) / len(row)
        for place, package in enumerate(row):
            left, top = MARGIN + place * (wide + GAP), MARGIN + index * ROW
            colour = CORE_COLOUR if package == "core" else LAYER_COLOURS[lower]
            parts += [
                f'<rect x="{left:.0f}" y="{top}" width="{wide:.0f}" height="{BOX}" rx="6" fill="{colour}" '
                f'stroke="{INK}"/>',
                f'<text x="{left + wide / 2:.0f}" y="{top + 23}" text-anchor="middle" font-size="17" fill="{INK}">'
                f"{escape(package)}</text>",
            ]
            for count, step in enumerate(steps.get(package, ())):
                x = left + 20 + count * 30
                parts += [
                    f'<circle cx="{x:.0f}" cy="{top + BOX / 2:.0f}" r="11" fill="{STEP_COLOUR}"/>',
                    f'<text x="{x:.0f}" y="{top + 22}" text-anchor="middle" font-size="13" fill="#ffffff">'
                    f"{step}</text>",
                ]
    below = MARGIN + ROW * len(layers) + 22
    parts += [
        f'<text x="{MARGIN}" y="{below}" font-size="15" fill="{INK}">A package may import from the rows below its own. '
        f"Numbers: the route of “shelterctl {escape(command)}”.</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def make_picture() -> str:
    """Return the picture as it has to be in docs."""
    command, files = read_route()
    return draw_packages(read_layers(), command, number_packages(files))


if __name__ == "__main__":
    PICTURE.write_text(make_picture(), "utf-8")
