"""Answers about the registers of a store as a whole, and the files from which they were made.

Registers have few files, so an answer is about all of them: it holds while each of them is as it was, and no new line
of a journal is about one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from shelterctl.index.column import Held, dump_value

REGISTERS_BEGIN = "registers/"
"""The beginning of the name of each file of a register."""

_NOTHING_READ: Sequence[Sequence[Any]] = ()


class RegisterAnswers:
    """The answers to named questions about the registers, each with the days for which it holds; *files* are the names
    of their files, each with its stamp.
    """

    def __init__(
        self, files: Sequence[Sequence[Any]] = _NOTHING_READ, answers: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        self.files = [[*one] for one in files]
        self.answers = dict(answers or {})

    def look(self, files: Iterable[Sequence[Any]]) -> None:
        """Take the files as they are now; forget all answers if one of them is another."""
        now = [[*one] for one in files]
        if now != self.files:
            self.answers.clear()
        self.files = now

    def forget_changed(self, names: Collection[str]) -> None:
        """Forget all answers if one of the files that changed is of a register."""
        if any(name.startswith(REGISTERS_BEGIN) for name in names):
            self.answers.clear()

    def known(self, question: str, day: int) -> Sequence[Any]:
        """Return the answer that holds on the day of that ordinal, alone in a list; nothing if there is none."""
        since, until, answer = self.answers.get(question, (1, 0, None))
        return [answer] if since <= day <= until else []

    def keep(self, question: str, answer: Any, span: Held) -> None:
        """Keep an answer for these days."""
        self.answers[question] = [*span, answer]

    def pack(self) -> bytes:
        """Return the answers as bytes."""
        return dump_value([self.files, self.answers]).encode()
