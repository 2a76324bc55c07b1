"""The terminal as a screen: sentences wrapped at words and free of control codes, text folded or cut to columns and
the cells of a table under each other, a message for as long as something takes, and the alternate screen, from which
no name can be scrolled back to once it is left. Also waiting for a person there: what was typed too early, how many
lines stand since the last answer, and how long nobody may type before a key is locked.
"""

import atexit
import os
import re
import shutil
import signal
import sys
import textwrap
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any

from shelterctl import language
from shelterctl.language import Sentence
from shelterctl.platform import keyboard
from shelterctl.platform.process import handle_signals
from shelterctl.ui_language import N_, Marked


class Pager:
    """How many lines stand there since the last answer.

    *wait_when_full* waits until they are read, on a screen that is gone when it is left. What is typed there is no
    answer to that: it comes early, and answers the question that stands below.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.wait_when_full: Callable[[], str] | None = None
        self.early_answer = ""

    def count_line(self, room: int) -> None:
        """One more line is to be written, where there is *room* for so many."""
        if self.wait_when_full and self.lines >= room:
            wait, self.wait_when_full = self.wait_when_full, None
            try:
                self.early_answer = wait() or self.early_answer
            finally:
                self.wait_when_full, self.lines = wait, 0
        self.lines += 1


pager = Pager()
"""The terminal has one."""


EXIT_HUNG_UP = 129
"""How a program ends whose terminal is gone: as the signal that says so would end it."""


class Idle(Exception):
    """Nobody has typed anything for as long as the key may lie open."""


_idle_limit: list[float] = [0.0]
_discards: list[bool] = [False]
_questions_begun: list[bool] = []
_ends: deque[float] = deque(maxlen=50)


def begin_question() -> None:
    """A question begins. What was typed before something went wrong is no answer to it; nor is it one for the shell.

    So whoever was asked anything leaves nothing behind that was typed too early or once too often.
    """
    if not _questions_begun:
        _questions_begun.append(True)
        atexit.register(partial(keyboard.flush_input, settled=True))
    if _discards[0]:
        keyboard.flush_input()
    _discards[0] = False


def discard_typeahead() -> None:
    """Something went wrong: the next question begins anew."""
    _discards[0], pager.early_answer = True, ""


def handle_end_of_input() -> None:
    """The end of input was read: the key Ctrl-D where somebody sits, else the program ends, for nobody is there.

    No key repeats fifty times a second.
    """
    _ends.append(time.monotonic())
    if keyboard.is_terminal_gone() or (len(_ends) == _ends.maxlen and _ends[-1] - _ends[0] < 1):
        raise SystemExit(EXIT_HUNG_UP)
    discard_typeahead()


@contextmanager
def limit_idle_time(minutes: float) -> Iterator[None]:
    """While this lasts, a question that waits for longer than *minutes* raises Idle."""
    before, _idle_limit[0] = _idle_limit[0], minutes * 60
    try:
        yield
    finally:
        _idle_limit[0] = before


LOOK_INTERVAL = 5.0
"""At most so many seconds pass until it is looked again whether somebody types."""


@dataclass(repr=False)
class IdleWatch:
    """How long nobody has typed: what stands in the line, since which second, and after how many seconds that is idle.

    A lock is late by two looks at most, however a line was begun: one look may pass until a key is seen, another until
    the time is seen to be over.
    """

    limit: float
    typed: str
    since: float

    @property
    def looks(self) -> float:
        """After how many seconds it is looked again."""
        return min(self.limit / 4, LOOK_INTERVAL)

    def is_idle(self, typed: str, now: float) -> bool:
        """Whether nobody typed anything for so long, where *typed* stands in the line *now*."""
        if typed != self.typed:
            self.typed, self.since = typed, now
        return now - self.since >= self.limit


@contextmanager
def wait_for_input(typed: str = "") -> Iterator[None]:
    """A time limit on waiting, counted from the last key; whoever is still typing is not interrupted."""
    begin_question()
    pager.lines = 0
    if not _idle_limit[0]:
        yield
        return
    watch = IdleWatch(_idle_limit[0], typed, time.monotonic())

    def look() -> None:
        if watch.is_idle(keyboard.typed_so_far(), time.monotonic()):
            discard_typeahead()
            raise Idle

    with keyboard.call_while_waiting(watch.looks, look):
        yield


REFUSAL_INDENT = "  ! "
"""What begins a line on an answer that cannot be taken."""

_HANGING_MARK = re.compile(r"(?:[-!] | +(?:[-!·] |\d+ )?)?")
"""What a line begins with that its next lines stand under."""


def is_interactive() -> bool:
    """Whether a person sits there: both what we read and what we write is a terminal."""
    return all(map(keyboard.is_terminal, (sys.stdin, sys.stdout)))


def screen_size() -> tuple[int, int]:
    """How many columns and lines there are; 80 × 24 where nobody says."""
    found = shutil.get_terminal_size()
    return max(found.columns, 20), max(found.lines, 10)


def escape_controls(line: str) -> str:
    """A line without anything that a terminal would obey: controls and bidirectional marks are shown, not sent."""
    if line.replace("\N{NO-BREAK SPACE}", " ").isprintable():  # as nearly every line is
        return line
    return "".join(
        character if character.isprintable() or character in "\t\N{NO-BREAK SPACE}" else f"\\x{ord(character):02x}"
        for character in line.replace("\n", " ")
    )


def screen_language() -> str:
    """The language of the screen."""
    return language.current_language()


def sentence_text(sentence: Sentence, facts: Mapping[str, object] | None = None) -> str:
    """A sentence in the language of the screen."""
    return language.format_sentence(sentence, facts or {}, screen_language())


def fact_text(fact: object) -> str:
    """A fact as the language of the screen writes it."""
    return language.format_fact(fact, screen_language())


def print_sentence(
    sentence: Sentence, facts: Mapping[str, object] | None = None, *, indent: str = "", bold: bool = False
) -> None:
    """Say a sentence on the screen, wrapped at words."""
    print_lines([sentence_text(sentence, facts)], indent=indent, bold=bold)


def print_lines(lines: Sequence[str], *, indent: str = "", bold: bool = False) -> None:
    """Write lines on the screen, wrapped at words; an indented line goes on under its own beginning."""
    if indent == REFUSAL_INDENT and lines:  # once for all of them: what is typed meanwhile answers what comes behind
        discard_typeahead()
    for line in lines:
        for part in wrap_line(indent + escape_controls(line)):
            pause_if_full()
            sys.stdout.write((f"\x1b[1m{part}\x1b[0m" if bold and part and has_colours() else part) + "\n")
    sys.stdout.flush()


def pause_if_full() -> None:
    """One more line is to be written; on a screen that is full, what stands there is read first."""
    pager.count_line(screen_size()[1] - 2)


TERMINAL_COLUMNS = 79
"""So many columns a terminal of 80 holds without breaking a line."""

FOLDED_ROWS = 2
"""A text is folded into so many lines at most, unless more are asked for."""

ELLIPSIS_MARGIN = 2
"""An older terminal writes … as three dots."""


def fold_to_columns(text: str, room: int, rows: int = FOLDED_ROWS, under: str = "  ") -> list[str]:
    """The text on so many *rows* at most, broken at its blanks; the last row is cut, later ones begin with *under*."""
    text, told = _printable(text), list[str]()
    while text_width(text) > room and len(told) < rows - 1:
        whole = _beginning_in_columns(text, room)
        end = text.rfind(" ", len(under) + 1, len(whole) + 1)
        end = end if end > 0 else len(whole)
        told.append(text[:end].rstrip())
        text = under + text[end:].lstrip()
    return [*told, cut_to_columns(text, room)]


def cut_to_columns(text: str, room: int = TERMINAL_COLUMNS) -> str:
    """The text in so many columns at most; one that is longer ends with …, and nothing in it is obeyed."""
    return truncate_line(_printable(text), room, ELLIPSIS_MARGIN)


def truncate_line(line: str, room: int, margin: int = 0) -> str:
    """A line that takes no more than *room* columns; one that is longer ends with … and *margin* columns of nothing."""
    if text_width(line) <= room:
        return line
    return _beginning_in_columns(line, max(room - 1 - margin, 0)).rstrip() + "…"


def _printable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)


def _beginning_in_columns(text: str, room: int) -> str:
    """The beginning of the text that so many columns hold."""
    for place, letter in enumerate(text):
        room -= text_width(letter)
        if room < 0:
            return text[:place]
    return text


def text_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if not _UNUSUAL.search(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


_UNUSUAL = re.compile(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027№]")
"""What may take no column or two: nothing of Latin, Greek and Cyrillic letters, nor the signs between them."""

COLUMN_GAP = "  "


def column_widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """The width of each column: that of its widest cell."""
    return [max(map(text_width, column)) for column in zip(*rows, strict=True)]


def join_cells(
    cells: Sequence[str], widths: Sequence[int], numbers: Collection[int] = (), gap: str = COLUMN_GAP
) -> str:
    """One row of a table, each cell as wide as its column; those of *numbers* stand at the right edge of theirs."""
    told = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        blanks = " " * (width - text_width(cell))
        told.append(blanks + cell if place in numbers else cell + blanks)
    return gap.join(told)


def wrap_line(line: str) -> list[str]:
    """One line as the screen can hold it."""
    columns = screen_size()[0]
    if len(line) < columns:
        return [line]
    mark = _HANGING_MARK.match(line)
    hanging = " " * min(len(mark[0]) if mark else 0, columns // 2)
    return textwrap.wrap(line, columns - 1, subsequent_indent=hanging, break_on_hyphens=False) or [""]


def line_height(line: str) -> int:
    """How many lines of the screen one line takes."""
    return len(wrap_line(escape_controls(line)))


def lines_that_fit(lines: Sequence[str], room: int) -> Sequence[str]:
    """The first of the lines, one at least, as many as *room* holds wrapped, less one line to tell of the rest."""
    heights = [*accumulate(map(line_height, lines))]
    if not heights or heights[-1] <= room:
        return lines
    return lines[: max(sum(each < room for each in heights), 1)]


def split_into_pages(lines: Sequence[str], indent: str = "", above: int = 0) -> Iterator[Sequence[str]]:
    """The lines in pieces that the screen can hold at once, below so many others."""
    held: list[str] = []
    room = screen_size()[1] - 3 - above
    for line in lines:
        parts = wrap_line(indent + escape_controls(line))
        if held and len(held) + len(parts) > room:
            yield held
            held = []
        held += parts
    yield held


def print_picture(lines: Sequence[str], beside: Sequence[str] = ()) -> None:
    """Write lines as they are, black on white: what a camera reads must not depend on the colours of a terminal.

    A text *beside* them stands to their right, from the third line on.
    """
    texts = ["", "", *beside, *[""] * len(lines)]
    for line, text in zip(lines, texts, strict=False):
        sys.stdout.write(f"\x1b[0;30;47;107m{line}\x1b[0m{f'   {text}' if text else ''}\n")
    sys.stdout.flush()


def has_colours() -> bool:
    """Whether bold and colours may be written: a terminal that knows them, and no NO_COLOR."""
    return keyboard.supports_escapes() and "NO_COLOR" not in os.environ and keyboard.is_terminal(sys.stdout)


@contextmanager
def show_busy(sentence: Marked, *, quiet: bool = False) -> Iterator[None]:
    """Say on the terminal what is being done, and take it away again; programs are told nothing."""
    if quiet or not is_interactive() or not keyboard.supports_escapes() or not keyboard.is_terminal(sys.stderr):
        yield
        return
    sys.stderr.write(truncate_line(sentence_text(sentence), screen_size()[0] - 1))
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


CANNOT_HIDE = N_("This terminal cannot hide what was shown. Close its window when you are done.")
ENTER_SHOWS_MORE = N_("Enter shows more.")
ENTER_SHOWS_MORE_OF_PAGE = N_("Enter shows more; . closes the page.")
ENTER_CLOSES_PAGE = N_("Enter closes this page.")

_IN, _OUT, _CLEAR = "\x1b[?1049h", "\x1b[?1049l", "\x1b[2J\x1b[3J\x1b[H"
_depth: list[int] = []
"""Not empty while a screen of our own is shown: one inside another is only wiped."""
_title = [""]
"""The first line of every screen."""


def set_screen_title(line: str) -> None:
    """What stands in the first line of every screen from now on, until it is left; nothing where it is empty."""
    _title[0] = line


def clear_screen() -> None:
    """Wipe the screen, and what it keeps above itself; its first line says where one is."""
    if keyboard.supports_escapes():
        sys.stdout.write(_CLEAR)
        sys.stdout.flush()
        pager.lines = 0
    if _title[0]:
        print_lines([_title[0]] if keyboard.supports_escapes() else ["", _title[0]])


@contextmanager
def alternate_screen(head: str = "") -> Iterator[None]:
    """A screen of its own, gone when it is left, so that no name stays to be scrolled back to.

    *head* is its first line. Ctrl-Z is put off meanwhile, for it would leave the names in sight; a request to end
    leaves in order.
    """
    before = _title[0]
    set_screen_title(head or before)
    try:
        yield from _switch_screens()
    finally:
        set_screen_title(before)


def _switch_screens() -> Iterator[None]:
    if _depth or not keyboard.supports_escapes():
        if not _depth and not keyboard.supports_escapes():
            print_sentence(CANNOT_HIDE)
        clear_screen()
        yield
        return
    _depth.append(1)
    with handle_signals(_SIGNALS):
        sys.stdout.write(_IN)
        pager.wait_when_full = _pause_when_full if is_interactive() else None
        clear_screen()
        try:
            yield
        finally:
            _depth.clear()
            pager.wait_when_full, pager.early_answer = None, ""
            with suppress(OSError, ValueError):  # the terminal may be gone
                sys.stdout.write(_CLEAR + _OUT)
                sys.stdout.flush()


def ignore_suspend() -> AbstractContextManager[None]:
    """Ctrl-Z is put off where a secret is asked for: it would be typed into the shell that comes up."""
    return handle_signals({"SIGTSTP": signal.SIG_IGN})


def show_paged(lines: Sequence[str]) -> None:
    """Show lines on a screen of their own, a piece at a time, until Enter is pressed or they are enough."""
    from shelterctl.typed.words import MOVE_WORDS  # noqa: PLC0415 - ten modules, which help needs not

    with alternate_screen():
        pieces = list(split_into_pages(lines, above=bool(_title[0])))
        for number, piece in enumerate(pieces, 1):
            clear_screen()
            print_lines(piece)
            typed = _wait_for_enter(ENTER_CLOSES_PAGE if number == len(pieces) else ENTER_SHOWS_MORE_OF_PAGE).strip()
            if MOVE_WORDS.get(typed.casefold()) in (".", "<"):
                return


SIGNS_KEPT = ("?", "*", "<")
"""What may be typed to a question that is not seen whole: other signs take an answer away, or end it all."""


def keep_early_answer(typed: str) -> None:
    """What was typed on the way to a question is its answer; a sign alone is none."""
    if len(typed) > 1 or typed.isalnum():
        pager.early_answer = typed


def has_early_answer() -> bool:
    """Whether an answer was typed where the screen was full: of a list nothing more need be shown then."""
    return bool(pager.early_answer)


def take_early_answer() -> str:
    """What was typed where the screen was full, once: it was meant for the question that came behind it."""
    typed, pager.early_answer = pager.early_answer, ""
    return typed


def _pause_when_full() -> str:
    """The screen is full: it is read before more comes. A sign alone is no answer to what is not seen yet; it may be
    asked what that means, and gone back from it.
    """
    typed = _wait_for_enter(ENTER_SHOWS_MORE).strip()
    if typed in SIGNS_KEPT:
        pager.early_answer = typed
    keep_early_answer(typed)
    return pager.early_answer


def _wait_for_enter(sentence: Marked) -> str:
    """Say what Enter does, and wait for it; whatever was typed before it."""
    print_sentence(sentence)
    sys.stdout.write("> ")
    sys.stdout.flush()
    with wait_for_input():
        return keyboard.read_entered_line()


def _exit_on_signal(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


_SIGNALS: Mapping[str, Any] = {
    "SIGTSTP": signal.SIG_IGN,
    **dict.fromkeys(("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"), _exit_on_signal),
}
"""Ctrl-Z is put off; whatever asks the program to end, a closed window too, finds the screen left in order."""
