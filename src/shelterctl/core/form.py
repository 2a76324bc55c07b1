"""The financial forms of the manual as they lie on the shelf: lines, keys and dated rulings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl.core.printed import Printed
from shelterctl.core.ruling import History, Ruling, in_force
from shelterctl.language import Text

Rules = Mapping[str, Mapping[str, History]]
"""Rulings by word and by the key that they bind: ``{"needs": {"course": [...]}}``."""


@dataclass(frozen=True, slots=True)
class Key:
    """What may be written beside a line's amount: its kind, text and codes, and whether paper shows it."""

    kind: str
    text: Text
    codes: Mapping[str, Text]
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form, by the number that is printed on it.

    *product* names the numbers whose product is the amount where no amount is written (``rate``, ``months``); *mark* is
    what is printed before it where that is not its number.
    """

    number: str
    group: str | None
    text: Text
    keys: Mapping[str, Key]
    product: tuple[str, ...]
    standing: History
    rules: Rules
    mark: str | None = None

    def clause(self, day: date) -> str:
        """The line's own clause on *day*."""
        ruling = in_force(self.standing, day)
        return ruling.clause if ruling else self.standing[0].clause

    def ruled(self, day: date) -> Iterator[tuple[str, str, Ruling]]:
        """Every word that binds this line on *day*, with its key and its ruling."""
        for word, histories in self.rules.items():
            for key, history in histories.items():
                ruling = in_force(history, day)
                if ruling is not None:
                    yield word, key, ruling

    def limits(self, day: date) -> dict[str, Any]:
        """The numbers in force on *day*, by name, with which the line's text is filled."""
        return {name: value for _, _, ruling in self.ruled(day) for name, value in ruling.asks.items()}


@dataclass(frozen=True, slots=True)
class Form:
    """A financial agreement's form: its heading, its lines, and the conditions of the whole.

    *unlisted* is the clause that knows no other lines; *advice* says what to do about a line over its cap.
    """

    name: str
    clause: str
    title: Text
    heading: tuple[str, ...]
    unlisted: str
    advice: Text
    groups: Mapping[str, Text]
    lines: Mapping[str, Line]
    conditions: Mapping[str, History]
    printed: Printed

    def standing(self, number: str, day: date) -> Line | None:
        """The line of that number, if it stands on the form on *day*."""
        line = self.lines.get(number)
        return line if line and in_force(line.standing, day) else None
