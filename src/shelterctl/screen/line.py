"""Lines on a terminal: what it must never be told, how wide it is, and sentences wrapped at words."""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from shelterctl import language, machine
from shelterctl.language import Sentence
from shelterctl.screen.leaf import leaf
from shelterctl.screen.waiting import stumble

WRONG = "  ! "
"""What begins a line on an answer that cannot be taken."""

_MARK = re.compile(r"(?:[-!] | +(?:[-!·] |\d+ )?)?")
"""What a line begins with that its next lines stand under."""


def interactive() -> bool:
    """Whether a person sits there: both what we read and what we write is a terminal."""
    return all(map(machine.is_terminal, (sys.stdin, sys.stdout)))


def obeys() -> bool:
    """Whether the terminal knows colours, clearing and a second screen."""
    return machine.obeys()


def size() -> tuple[int, int]:
    """How many columns and lines there are; 80 × 24 where nobody says."""
    found = shutil.get_terminal_size()
    return max(found.columns, 20), max(found.lines, 10)


def clean(line: str) -> str:
    """A line without anything that a terminal would obey: controls and bidirectional marks are shown, not sent."""
    if line.replace("\N{NO-BREAK SPACE}", " ").isprintable():  # as nearly every line is
        return line
    return "".join(
        character if character.isprintable() or character in "\t\N{NO-BREAK SPACE}" else f"\\x{ord(character):02x}"
        for character in line.replace("\n", " ")
    )


def spoken() -> str:
    """The language of the screen."""
    return language.current()


def said(sentence: Sentence, facts: Mapping[str, object] | None = None) -> str:
    """A sentence in the language of the screen."""
    return language.say(sentence, facts or {}, spoken())


def shown(fact: object) -> str:
    """A fact as the language of the screen writes it."""
    return language.shown(fact, spoken())


def tell(
    sentence: Sentence, facts: Mapping[str, object] | None = None, *, indent: str = "", bold: bool = False
) -> None:
    """Say a sentence on the screen, wrapped at words."""
    write([said(sentence, facts)], indent=indent, bold=bold)


def write(lines: Sequence[str], *, indent: str = "", bold: bool = False) -> None:
    """Write lines on the screen, wrapped at words; an indented line goes on under its own beginning."""
    if indent == WRONG and lines:  # together, so that what is typed half-way through them answers what comes behind
        stumble()
    for line in lines:
        for part in wrapped(indent + clean(line)):
            turn()
            sys.stdout.write((f"\x1b[1m{part}\x1b[0m" if bold and part and _coloured() else part) + "\n")
    sys.stdout.flush()


def turn() -> None:
    """One more line is to be written; on a screen that is full, what stands there is read first."""
    leaf.turn(size()[1] - 2)


def cut(line: str, room: int) -> str:
    """A line that is no longer than *room*, cut with a sign that it is."""
    return line if len(line) <= room else line[: max(room - 1, 0)].rstrip() + "…"


def wrapped(line: str) -> list[str]:
    """One line as the screen can hold it."""
    columns = size()[0]
    if len(line) < columns:
        return [line]
    mark = _MARK.match(line)
    hanging = " " * min(len(mark[0]) if mark else 0, columns // 2)
    return textwrap.wrap(line, columns - 1, subsequent_indent=hanging, break_on_hyphens=False) or [""]


def height(line: str) -> int:
    """How many lines of the screen one line takes."""
    return len(wrapped(clean(line)))


def fitting(lines: Sequence[str], room: int) -> Sequence[str]:
    """The first of the lines, one at least, as many as *room* holds wrapped, less one line to tell of the rest."""
    heights = [*accumulate(map(height, lines))]
    if not heights or heights[-1] <= room:
        return lines
    return lines[: max(sum(each < room for each in heights), 1)]


def paged(lines: Sequence[str], indent: str = "", above: int = 0) -> Iterator[Sequence[str]]:
    """The lines in pieces that the screen can hold at once, below so many others."""
    held: list[str] = []
    room = size()[1] - 3 - above
    for line in lines:
        parts = wrapped(indent + clean(line))
        if held and len(held) + len(parts) > room:
            yield held
            held = []
        held += parts
    yield held


def picture(lines: Sequence[str], beside: Sequence[str] = ()) -> None:
    """Write lines as they are, black on white: what a camera reads must not depend on the colours of a terminal.

    A text *beside* them stands to their right, from the third line on.
    """
    texts = ["", "", *beside, *[""] * len(lines)]
    for line, text in zip(lines, texts, strict=False):
        sys.stdout.write(f"\x1b[0;30;47;107m{line}\x1b[0m{f'   {text}' if text else ''}\n")
    sys.stdout.flush()


def _coloured() -> bool:
    return obeys() and "NO_COLOR" not in os.environ and machine.is_terminal(sys.stdout)
