"""The only module that prints the answer of a command, an Outcome or an error: as text or JSON, on stdout or stderr."""

import io
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from itertools import islice

from shelterctl.core.finding import Outcome, Severity
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence
from shelterctl.output.page import (
    LIST_FORMATS,
    Format,
    OutputSettings,
    dump_json,
    find_exit_code,
    format_rows,
    make_page,
)
from shelterctl.output.text import format_error, format_outcome, severity_heading
from shelterctl.platform import keyboard
from shelterctl.progress import hide_progress
from shelterctl.terminal.screen import (
    discard_typeahead,
    escape_controls,
    is_interactive,
    pause_if_full,
    screen_size,
    sentence_text,
    show_paged,
    wrap_line,
)

LINES_AT_ONCE = 1024

HEADING_STYLES = {Severity.REFUSE: "bold red", Severity.OPEN: "bold yellow", Severity.WARN: "bold"}
"""The colours of headings; without colour they say the same."""


def print_answer(said: Outcome | ShelterError, settings: OutputSettings) -> int:
    """Print what a command returned or raised, once, and return the exit code."""
    if isinstance(said, Outcome) and said.stream is not None:
        write_bytes(said.stream)
        _write_text("\n".join(format_outcome(replace(said, data={}), settings.language)), error=True)
    elif settings.format is Format.JSON:
        _write_text(dump_json(make_page(said, settings), 2), program=True)
    elif isinstance(said, ShelterError):
        lines = format_error(said, settings.language).splitlines()
        if keyboard.is_terminal(sys.stderr):
            lines = [part for line in lines for part in wrap_line(line)]
        _write_text("\n".join(lines), error=True)
    elif settings.format in LIST_FORMATS:
        _print_rows(said, settings)
    else:
        print_outcome(said, settings.language)
    return int(find_exit_code(said))


def _print_rows(said: Outcome, settings: OutputSettings) -> None:
    """Print the rows and nothing else on stdout, for a program; print the rest on stderr."""
    if said.refused or "rows" not in said.data:
        _write_text("\n".join(format_outcome(said, settings.language)), error=True)
        return
    rows = make_page(said, settings)["data"]["rows"]
    _write_text(format_rows(rows, said.columns, settings.format), end="", program=True)
    if said.harm:
        _write_text(format_error(said.harm, settings.language), error=True)


def print_outcome(outcome: Outcome, language: str, *, codes: bool = True) -> None:
    """Print an outcome for a person; private data is shown at a terminal until Enter is pressed, then removed.

    Without *codes* findings are printed in words alone.
    """
    if outcome.refused or outcome.harm:
        discard_typeahead()
    lines = format_outcome(
        outcome, language, screen_size()[0] - 1 if keyboard.is_terminal(sys.stdout) else None, codes=codes
    )
    if outcome.private and is_interactive():
        show_paged([*lines])
    else:
        _print_lines(lines, language)


def _print_lines(lines: Iterable[str], language: str) -> None:
    """Print lines for a person: at a terminal wrapped at words, and coloured where something is refused or open.

    Elsewhere a thousand lines are written at a time, since the findings of a whole store have many.
    """
    hide_progress()
    if not keyboard.is_terminal(sys.stdout):
        rest = iter(lines)
        some = [*islice(rest, LINES_AT_ONCE)]
        _write_text("\n".join(some))
        while some := [*islice(rest, LINES_AT_ONCE)]:
            _write_text("\n".join(some))
        return
    from rich.console import Console  # noqa: PLC0415 - costs as much as typer
    from rich.text import Text  # noqa: PLC0415

    from shelterctl.output.columns import BAR_COLOURS  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        found = (
            style for one, style in HEADING_STYLES.items() if line.startswith(f"{severity_heading(one, language)} (")
        )
        style = next(found, "")
        for part in wrap_line(line):
            text = Text(part, style=style)
            for sign, colour in BAR_COLOURS.items():
                text.highlight_regex(f"{sign}+", colour)
            pause_if_full()
            console.print(text)


def print_error(error: ShelterError, language: str) -> None:
    """Print on the screen why there is no answer, and what to do."""
    discard_typeahead()
    _print_lines(format_error(error, language).splitlines(), language)


def print_note(sentence: Sentence, facts: Mapping[str, object]) -> None:
    """Print a line on stderr about how a command works, which is no part of its answer."""
    _write_text(escape_controls(sentence_text(sentence, facts)), error=True)


def print_narration(text: str) -> None:
    """Print a line of the demonstration when it happens."""
    _write_text("\n".join(escape_controls(line) for line in text.splitlines()))


def write_bytes(data: bytes) -> None:
    """Write bytes unchanged on stdout, and nothing else."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _write_text(text: str, *, error: bool = False, end: str = "\n", program: bool = False) -> None:
    """Write text for people in the encoding of their terminal, and pages for programs in UTF-8."""
    hide_progress()
    stream = sys.stderr if error else sys.stdout
    if program and isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")
    with suppress(OSError) if error else nullcontext():  # the exit code reports a failure too
        stream.write(text + end)
        stream.flush()
