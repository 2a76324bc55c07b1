"""The terminal as a screen.

Sentences are wrapped at words and freed of control codes, texts folded or cut to columns, and the cells of a table
aligned. A message shows for as long as something takes. On the alternate screen no name can be scrolled back to once it
is left. Waiting for a person is here too: input typed too early, the lines shown since the last answer, and the idle
time after which a key is locked.
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
from shelterctl.progress import hide_progress
from shelterctl.ui_language import N_, Marked


class Pager:
    """Counter of the lines shown since the last answer.

    On a screen that disappears when it is left, *wait_when_full* waits until they are read. Text typed there is kept as
    an early answer to the question that follows below.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.wait_when_full: Callable[[], str] | None = None
        self.early_answer = ""

    def count_line(self, room: int) -> None:
        """Count one more line before it is written, on a screen with *room* for that many."""
        if self.wait_when_full and self.lines >= room:
            wait, self.wait_when_full = self.wait_when_full, None
            try:
                self.early_answer = wait() or self.early_answer
            finally:
                self.wait_when_full, self.lines = wait, 0
        self.lines += 1


pager = Pager()
"""The pager of the only terminal."""


EXIT_HUNG_UP = 129
"""Exit code of a program whose terminal is gone: that of the signal that reports it."""


class Idle(Exception):
    """Raised when nobody has typed anything for as long as a key may stay unlocked."""


_idle_limit: list[float] = [0.0]
_discards: list[bool] = [False]
_questions_begun: list[bool] = []
_ends: deque[float] = deque(maxlen=50)


def begin_question() -> None:
    """Begin a question: after a mistake, discard what was typed before it; at the end of the program, discard the rest.

    So neither the question nor the shell reads keys that were typed too early or once too often.
    """
    hide_progress()
    if not _questions_begun:
        _questions_begun.append(True)
        atexit.register(partial(keyboard.flush_input, settled=True))
    if _discards[0]:
        keyboard.flush_input()
    _discards[0] = False


def discard_typeahead() -> None:
    """Note that something went wrong, so that the next question discards what was typed before it."""
    _discards[0], pager.early_answer = True, ""


def handle_end_of_input() -> None:
    """Handle the end of input: the key Ctrl-D at a terminal; otherwise nobody is there, and the program ends.

    Fifty ends within a second are no key.
    """
    _ends.append(time.monotonic())
    if keyboard.is_terminal_gone() or (len(_ends) == _ends.maxlen and _ends[-1] - _ends[0] < 1):
        raise SystemExit(EXIT_HUNG_UP)
    discard_typeahead()


@contextmanager
def limit_idle_time(minutes: float) -> Iterator[None]:
    """Let a question inside the block raise Idle if it waits for longer than *minutes*."""
    before, _idle_limit[0] = _idle_limit[0], minutes * 60
    try:
        yield
    finally:
        _idle_limit[0] = before


LOOK_INTERVAL = 5.0
"""Most seconds between two looks at whether somebody is typing."""


@dataclass(repr=False)
class IdleWatch:
    """A watch over idle time: the text in the line, since when it is unchanged, and the *limit*, all in seconds.

    A lock is late by two looks at most: one until a key is noticed, another until the time is found to be over.
    """

    limit: float
    typed: str
    since: float

    @property
    def looks(self) -> float:
        """Seconds between two looks."""
        return min(self.limit / 4, LOOK_INTERVAL)

    def is_idle(self, typed: str, now: float) -> bool:
        """Whether nothing was typed for as long as the limit; *typed* is the text in the line at the time *now*."""
        if typed != self.typed:
            self.typed, self.since = typed, now
        return now - self.since >= self.limit


@contextmanager
def wait_for_input(typed: str = "") -> Iterator[None]:
    """Limit the time of a wait, counted from the last key, so that a person who is typing is not interrupted."""
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
"""The beginning of a line about an answer that is not accepted."""

_HANGING_MARK = re.compile(r"(?:[-!] | +(?:[-!·] |\d+ )?)?")
"""The mark at the beginning of a line; its continuation lines are indented by the width of it."""


def is_interactive() -> bool:
    """Whether a person uses the program: both input and output are a terminal."""
    return all(map(keyboard.is_terminal, (sys.stdin, sys.stdout)))


def screen_size() -> tuple[int, int]:
    """Return the number of columns and of lines; 80 and 24 if unknown."""
    found = shutil.get_terminal_size()
    return max(found.columns, 20), max(found.lines, 10)


def escape_controls(line: str) -> str:
    """Return a line that a terminal cannot obey: control characters and bidirectional marks are shown as escapes."""
    if line.replace("\N{NO-BREAK SPACE}", " ").isprintable():  # nearly every line is
        return line
    return "".join(
        character if character.isprintable() or character in "\t\N{NO-BREAK SPACE}" else f"\\x{ord(character):02x}"
        for character in line.replace("\n", " ")
    )


def screen_language() -> str:
    """Return the language of the screen."""
    return language.current_language()


def sentence_text(sentence: Sentence, facts: Mapping[str, object] | None = None) -> str:
    """Return a sentence in the language of the screen."""
    return language.format_sentence(sentence, facts or {}, screen_language())


def fact_text(fact: object) -> str:
    """Return a fact as the language of the screen writes it."""
    return language.format_fact(fact, screen_language())


def print_sentence(
    sentence: Sentence, facts: Mapping[str, object] | None = None, *, indent: str = "", bold: bool = False
) -> None:
    """Write a sentence on the screen, wrapped at words."""
    print_lines([sentence_text(sentence, facts)], indent=indent, bold=bold)


def print_lines(lines: Sequence[str], *, indent: str = "", bold: bool = False) -> None:
    """Write lines on the screen, wrapped at words; continuation lines of an indented line are indented too."""
    if indent == REFUSAL_INDENT and lines:  # once for all lines: keys typed meanwhile answer the question that follows
        discard_typeahead()
    for line in lines:
        for part in wrap_line(indent + escape_controls(line)):
            pause_if_full()
            sys.stdout.write((f"\x1b[1m{part}\x1b[0m" if bold and part and has_colours() else part) + "\n")
    sys.stdout.flush()


def pause_if_full() -> None:
    """Make room for one more line: if the screen is full, wait until it is read."""
    pager.count_line(screen_size()[1] - 2)


TERMINAL_COLUMNS = 79
"""Number of columns that a terminal of 80 shows without breaking a line."""

FOLDED_ROWS = 2
"""Number of lines into which a text is folded at most, unless the caller wants more."""

ELLIPSIS_MARGIN = 2
"""Columns kept free after …, which an older terminal writes as three dots."""


def fold_to_columns(text: str, room: int, rows: int = FOLDED_ROWS, under: str = "  ") -> list[str]:
    """Return the text on at most *rows* lines, broken at blanks; the last is cut, later ones begin with *under*."""
    text, told = _printable(text), list[str]()
    while text_width(text) > room and len(told) < rows - 1:
        whole = _beginning_in_columns(text, room)
        end = text.rfind(" ", len(under) + 1, len(whole) + 1)
        end = end if end > 0 else len(whole)
        told.append(text[:end].rstrip())
        text = under + text[end:].lstrip()
    return [*told, cut_to_columns(text, room)]


def cut_to_columns(text: str, room: int = TERMINAL_COLUMNS) -> str:
    """Return the text in at most *room* columns, without control codes; a longer text ends with …."""
    return truncate_line(_printable(text), room, ELLIPSIS_MARGIN)


def truncate_line(line: str, room: int, margin: int = 0) -> str:
    """Return a line of at most *room* columns; a longer one ends with … and *margin* free columns."""
    if text_width(line) <= room:
        return line
    return _beginning_in_columns(line, max(room - 1 - margin, 0)).rstrip() + "…"


def _printable(text: str) -> str:
    """Return the text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)


def _beginning_in_columns(text: str, room: int) -> str:
    """Return the beginning of the text that fits in that many columns."""
    for place, letter in enumerate(text):
        room -= text_width(letter)
        if room < 0:
            return text[:place]
    return text


def text_width(text: str) -> int:
    """Return the number of columns of a terminal that the text takes."""
    if not _UNUSUAL.search(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


_UNUSUAL = re.compile(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027№]")
"""Characters that may take no column or two; Latin, Greek and Cyrillic letters and common signs take one."""

COLUMN_GAP = "  "


def column_widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """Return the width of each column: that of its widest cell."""
    return [max(map(text_width, column)) for column in zip(*rows, strict=True)]


def join_cells(
    cells: Sequence[str], widths: Sequence[int], numbers: Collection[int] = (), gap: str = COLUMN_GAP
) -> str:
    """Return one row of a table, each cell padded to its column; cells of the columns *numbers* are right-aligned."""
    told = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        blanks = " " * (width - text_width(cell))
        told.append(blanks + cell if place in numbers else cell + blanks)
    return gap.join(told)


def wrap_line(line: str) -> list[str]:
    """Return one line broken into lines that fit the screen."""
    columns = screen_size()[0]
    if len(line) < columns:
        return [line]
    mark = _HANGING_MARK.match(line)
    hanging = " " * min(len(mark[0]) if mark else 0, columns // 2)
    return textwrap.wrap(line, columns - 1, subsequent_indent=hanging, break_on_hyphens=False) or [""]


def line_height(line: str) -> int:
    """Return the number of screen lines that one line takes."""
    return len(wrap_line(escape_controls(line)))


def lines_that_fit(lines: Sequence[str], room: int) -> Sequence[str]:
    """Return the first lines that fit in *room* when wrapped, but at least one; one line is kept free for a note.

    The note says how many lines are left out.
    """
    heights = [*accumulate(map(line_height, lines))]
    if not heights or heights[-1] <= room:
        return lines
    return lines[: max(sum(each < room for each in heights), 1)]


def split_into_pages(lines: Sequence[str], indent: str = "", above: int = 0) -> Iterator[Sequence[str]]:
    """Yield the lines in pieces that fit the screen, below *above* other lines."""
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
    """Write lines unchanged, black on white, so that a camera can read them in any colours of a terminal.

    A text *beside* them is written to their right, from the third line on.
    """
    texts = ["", "", *beside, *[""] * len(lines)]
    for line, text in zip(lines, texts, strict=False):
        sys.stdout.write(f"\x1b[0;30;47;107m{line}\x1b[0m{f'   {text}' if text else ''}\n")
    sys.stdout.flush()


def has_colours() -> bool:
    """Whether bold and colours may be written: the terminal knows them, and NO_COLOR is not set."""
    return keyboard.supports_escapes() and "NO_COLOR" not in os.environ and keyboard.is_terminal(sys.stdout)


@contextmanager
def show_busy(sentence: Marked, *, quiet: bool = False) -> Iterator[None]:
    """Show a sentence at the terminal while the block runs, and erase it after; write nothing for programs."""
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
"""Not empty while a separate screen is shown; a screen inside another one only clears it."""
_title = [""]
"""The first line of every screen."""


def set_screen_title(line: str) -> None:
    """Set the first line of every screen from now on; an empty text removes it."""
    _title[0] = line


def clear_screen() -> None:
    """Clear the screen and its scrollback, and write the screen's first line, which says where the user is."""
    if keyboard.supports_escapes():
        sys.stdout.write(_CLEAR)
        sys.stdout.flush()
        pager.lines = 0
    if _title[0]:
        print_lines([_title[0]] if keyboard.supports_escapes() else ["", _title[0]])


@contextmanager
def alternate_screen(head: str = "") -> Iterator[None]:
    """Show a separate screen that disappears when it is left, so that no name can be scrolled back to.

    *head* is its first line. Ctrl-Z is ignored in the meantime, because it would leave the names in sight; a request to
    end the program closes the screen properly first.
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
    """Ignore Ctrl-Z while a secret is asked for, which would otherwise be typed into the shell."""
    return handle_signals({"SIGTSTP": signal.SIG_IGN})


def show_paged(lines: Sequence[str]) -> None:
    """Show lines on a separate screen, page by page, until the last Enter or until the user closes it."""
    from shelterctl.typed.words import MOVE_WORDS  # noqa: PLC0415 - imports ten modules that help does not need

    with alternate_screen():
        pieces = list(split_into_pages(lines, above=bool(_title[0])))
        for number, piece in enumerate(pieces, 1):
            clear_screen()
            print_lines(piece)
            typed = _wait_for_enter(ENTER_CLOSES_PAGE if number == len(pieces) else ENTER_SHOWS_MORE_OF_PAGE).strip()
            if MOVE_WORDS.get(typed.casefold()) in (".", "<"):
                return


SIGNS_KEPT = ("?", "*", "<")
"""Signs that may be typed to a question that is not fully visible; others would delete an answer or end everything."""


def keep_early_answer(typed: str) -> None:
    """Keep what was typed before a question was shown as its answer, unless it is a single sign."""
    if len(typed) > 1 or typed.isalnum():
        pager.early_answer = typed


def has_early_answer() -> bool:
    """Whether an answer was typed while the screen was full; the rest of a list need not be shown then."""
    return bool(pager.early_answer)


def take_early_answer() -> str:
    """Return, once, what was typed while the screen was full: it is for the question that follows."""
    typed, pager.early_answer = pager.early_answer, ""
    return typed


def _pause_when_full() -> str:
    """Wait until a full screen is read, and return what was typed there.

    A single sign is no answer to a question that is not visible yet, but it may ask for its meaning or go back.
    """
    typed = _wait_for_enter(ENTER_SHOWS_MORE).strip()
    if typed in SIGNS_KEPT:
        pager.early_answer = typed
    keep_early_answer(typed)
    return pager.early_answer


def _wait_for_enter(sentence: Marked) -> str:
    """Say what Enter does, wait for it, and return what was typed before it."""
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
"""Answers to signals: Ctrl-Z is ignored; a request to end, such as a closed window, closes the screen properly."""
