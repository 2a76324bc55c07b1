"""The line on stderr that shows how far long work has come and how much is left of it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from shelterctl.platform import keyboard
from shelterctl.terminal.screen import screen_size, sentence_text, text_width, truncate_line
from shelterctl.ui_language import N_, Marked

SHOWN_AFTER = 1.0
"""The seconds for which work goes on before anything is shown: a quick step shows nothing."""

DRAWN_EVERY = 0.2
"""The seconds between two drawings of the line."""

FEW_SECONDS = 90
"""The most seconds that are not counted in minutes."""

COUNTED = N_("{what}: {done} of {count}")
SECONDS_LEFT = N_("{what}: {done} of {count}, about {left} s left")
MINUTES_LEFT = N_("{what}: {done} of {count}, about {left} min left")


@dataclass(repr=False)
class Progress:
    """The progress of work of *count* steps that began at the second *began* of some clock."""

    what: Marked
    count: int
    began: float
    _drawn: float = field(default=float("-inf"), init=False)

    def text_at(self, done: int, now: float) -> str | None:
        """Return the line to show once so many steps are *done* at the second *now*; None if it is too early for a
        line, or for another one.
        """
        spent = now - self.began
        if spent < SHOWN_AFTER or now - self._drawn < DRAWN_EVERY:
            return None
        self._drawn = now
        facts = {"what": self.what, "done": done, "count": self.count}
        if not done:
            return sentence_text(COUNTED, facts)
        left = spent / done * (self.count - done)
        if left <= FEW_SECONDS:
            return sentence_text(SECONDS_LEFT, {**facts, "left": max(round(left), 1)})
        return sentence_text(MINUTES_LEFT, {**facts, "left": round(left / 60)})


@dataclass(repr=False)
class ProgressLine:
    """A line of the terminal on which one piece of work at a time is shown; it is wiped when the work ends."""

    clock: Callable[[], float] = monotonic
    _progress: Progress | None = None
    _width: int = 0

    def begin(self, what: Marked, count: int) -> None:
        """Begin to watch work of *count* steps."""
        self._progress = Progress(what, count, self.clock())

    def reach(self, done: int) -> None:
        """Draw the line anew, if it is time."""
        text = self._progress.text_at(done, self.clock()) if self._progress else None
        if text is not None:
            line = truncate_line(text, screen_size()[0] - 1)
            self._write("\r" + line + " " * (self._width - text_width(line)))
            self._width = text_width(line)

    def hide(self) -> None:
        """Wipe the line, if one is shown."""
        if self._width:
            self._write("\r" + " " * self._width + "\r")
        self._width = 0

    def end(self) -> None:
        """Wipe the line, and show nothing until other work begins."""
        self.hide()
        self._progress = None

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def progress_watcher() -> ProgressLine | None:
    """Return the watcher for a person at a terminal; None where the answer goes into a pipe or a file."""
    return ProgressLine() if keyboard.is_terminal(sys.stderr) and keyboard.is_terminal(sys.stdout) else None
