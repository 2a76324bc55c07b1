"""The voice that answers: an Outcome or an error, as text or as JSON, from one page. Nothing else prints."""

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from time import monotonic
from typing import TypeVar

from shelterctl import machine, screen
from shelterctl.core.finding import Outcome, Severity
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence
from shelterctl.output.page import LISTS, Format, Page, Voice, as_json, page_of, rows_of
from shelterctl.output.text import error_of, head, text_of

__all__ = [
    "LISTS",
    "Format",
    "Voice",
    "answer",
    "mention",
    "narrate",
    "page_of",
    "pour",
    "regret",
    "tell",
    "watched",
]

T = TypeVar("T")

STYLES = {Severity.REFUSE: "bold red", Severity.OPEN: "bold yellow", Severity.WARN: "bold"}
"""How a heading is coloured; it says the same without colour."""


def answer(said: Outcome | ShelterError, voice: Voice) -> int:
    """Say what a command returned or raised, once, and give the exit code."""
    page = page_of(said, voice)
    if isinstance(said, Outcome) and said.stream is not None:
        pour(said.stream)
        _print("\n".join(text_of(replace(said, data={}), voice.language)), error=True)
        return int(page["exit_code"])
    if voice.format is Format.JSON:
        _print(as_json(page, 2), program=True)
    elif isinstance(said, ShelterError):
        lines = error_of(said, voice.language).splitlines()
        if machine.is_terminal(sys.stderr):
            lines = [part for line in lines for part in screen.wrapped(line)]
        _print("\n".join(lines), error=True)
    elif voice.format in LISTS:
        _listed(said, page, voice)
    else:
        tell(said, voice.language)
    return int(page["exit_code"])


def _listed(said: Outcome, page: Page, voice: Voice) -> None:
    """The rows and nothing else, for a program; what else there is to say goes beside them."""
    if said.refused or "rows" not in said.data:
        _print("\n".join(text_of(said, voice.language)), error=True)
        return
    _print(rows_of(page["data"]["rows"], said.columns, voice.format), end="", program=True)
    if said.harm:
        _print(error_of(said.harm, voice.language), error=True)


def tell(outcome: Outcome, language: str, *, codes: bool = True) -> None:
    """Say an outcome to a person; what is private is shown at a terminal until Enter is pressed, and is gone then.

    Without *codes* findings stand in words alone.
    """
    if outcome.refused or outcome.harm:
        screen.stumble()
    lines = text_of(outcome, language, screen.size()[0] - 1 if machine.is_terminal(sys.stdout) else None, codes=codes)
    if outcome.private and screen.interactive():
        screen.hold(lines)
    else:
        _show(lines, language)


def _show(lines: Sequence[str], language: str) -> None:
    """Lines for a person: at a terminal wrapped at words, with a colour for what is refused or open."""
    if not machine.is_terminal(sys.stdout):
        _print("\n".join(lines))
        return
    from rich.console import Console  # noqa: PLC0415 - costs as much as typer
    from rich.text import Text  # noqa: PLC0415

    from shelterctl.output.bars import COLOURS  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        found = (style for one, style in STYLES.items() if line.startswith(f"{head(one, language)} ("))
        style = next(found, "")
        for part in screen.wrapped(line):
            text = Text(part, style=style)
            for sign, colour in COLOURS.items():
                text.highlight_regex(f"{sign}+", colour)
            screen.turn()
            console.print(text)


def regret(error: ShelterError, language: str) -> None:
    """Say on the screen why there is no answer, and what to do."""
    screen.stumble()
    _show(error_of(error, language).splitlines(), language)


def mention(sentence: Sentence, facts: Mapping[str, object]) -> None:
    """A line on stderr about how a command works, which is no part of its answer."""
    _print(screen.clean(screen.said(sentence, facts)), error=True)


def narrate(text: str) -> None:
    """A line of the demonstration, said as it happens."""
    _print("\n".join(screen.clean(line) for line in text.splitlines()))


def watched(files: Iterator[T], count: int, what: Sentence, after: float = 1) -> Iterator[T]:
    """The same one after the other, with a bar on the screen once it takes longer than *after* seconds."""
    began, bar = monotonic(), None
    for number, each in enumerate(files, 1):
        yield each
        if bar is None and monotonic() - began > after:
            from rich.progress import Progress  # noqa: PLC0415 - most stores are open before it is needed

            bar = Progress(transient=True)
            bar.start()
            task = bar.add_task(screen.said(what), total=count)
        if bar:
            bar.update(task, completed=number)
    if bar:
        bar.stop()


def pour(data: bytes) -> None:
    """Bytes as they are, into the pipe or onto the screen, and nothing with them."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _print(text: str, *, error: bool = False, end: str = "\n", program: bool = False) -> None:
    """Text for people as their terminal writes it, pages for programs in UTF-8 whatever the locale."""
    stream = sys.stderr if error else sys.stdout
    if program and isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")
    with suppress(OSError) if error else nullcontext():  # what goes wrong is told by the exit code too
        stream.write(text + end)
        stream.flush()
