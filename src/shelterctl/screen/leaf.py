"""What is written between two answers on a screen that cannot be scrolled back: where it is full, it is read first."""

from collections.abc import Callable


class Leaf:
    """How many lines stand there since the last answer; *wait* waits until they are read, on such a screen alone.

    What is typed there is no answer to that: it comes *early*, and answers the question that stands below.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.wait: Callable[[], str] | None = None
        self.early = ""

    def turn(self, room: int) -> None:
        """One more line is to be written, where there is *room* for so many."""
        if self.wait and self.lines >= room:
            wait, self.wait = self.wait, None
            try:
                self.early = wait() or self.early
            finally:
                self.wait, self.lines = wait, 0
        self.lines += 1


leaf = Leaf()
"""The terminal has one."""
