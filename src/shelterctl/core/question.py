"""One question: a place of a record, the shelf's text for it, and how what is typed is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shelterctl.core import typed
from shelterctl.core.typed import Clock, Mistyped
from shelterctl.language import N_, Sentence, Text, say, shown

YES_NO = (N_("yes"), N_("no"))
UNKNOWN = ("unknown", "неизвестно", "белгисиз")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at one place.

    *choices* are codes with their texts, in order; *several* of them may be named, and where the list is *open* another
    answer of the *kind* may be typed. *ahead* reads a day without a year as the nearest. *unknown* may be answered so.
    """

    path: str
    text: Sentence
    kind: str
    choices: Mapping[Any, Text | str] = field(default_factory=dict)
    several: bool = False
    open: bool = False
    ahead: bool = False
    unknown: bool = False
    clause: str | None = None
    hint: Sentence | None = None
    beside: tuple[str, str] | None = None

    def read(self, words: str, clock: Clock, language: str) -> Any | Mistyped:
        """The answer that *words* mean, or why they mean none."""
        if self.unknown and words.strip().casefold() in UNKNOWN:
            return "unknown"
        if self.choices:
            chosen = self._chosen(words, clock, language)
            if not isinstance(chosen, Mistyped) or not self.open:
                return chosen
        reader = typed.READERS[self.kind]
        if self.kind == "day":
            return typed.day(words, clock, ahead=self.ahead)
        return reader(words, clock)

    def _chosen(self, words: str, clock: Clock, language: str) -> Any | Mistyped:
        texts, codes = [said(text, language) for text in self.choices.values()], list(self.choices)
        if not self.several:
            return typed.choice(words, codes, texts)
        read: list[Any] = []
        for each in re.split(r"[,;\s]+", words.strip()):
            one = typed.choice(each, codes, texts)
            if isinstance(one, Mistyped) and self.open:
                one = typed.READERS[self.kind](each, clock)
            if isinstance(one, Mistyped):
                return Mistyped(typed.SEVERAL, {"count": len(codes)})
            read += [] if one in read else [one]
        return read

    def shown(self, value: Any, language: str) -> str:
        """An answer as a person reads it: texts for codes, a day as the language writes it."""
        if isinstance(value, list):
            return ", ".join(self.shown(each, language) for each in value)
        if value in self.choices and not isinstance(value, float):
            return said(self.choices[value], language)
        if isinstance(value, bool):
            return shown(value, language)
        return str(typed.as_written(value, language))


def said(text: Sentence, language: str) -> str:
    """A text of the shelf, or a sentence of the program, in *language*."""
    return shown(text, language) if isinstance(text, Mapping) else say(text, {}, language)
