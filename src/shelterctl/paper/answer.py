"""Answers as paper has them: what is written at a field of an entry, in words, and noted by its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from shelterctl.act.discretion import in_words
from shelterctl.core.around import Around
from shelterctl.core.days import day_of
from shelterctl.core.entry import title_of
from shelterctl.core.field import UNKNOWN, Field, Possible, read_field
from shelterctl.core.notation import as_written
from shelterctl.core.record import Facts
from shelterctl.desk import Desk
from shelterctl.language import shown
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.mark import called
from shelterctl.press import long_day, long_partial
from shelterctl.questionnaire import TITLE

LONG = 240
"""A text of more letters stands in paragraphs of its own."""

CALLED = ("staff", "ngos", "providers")
"""The registers whose names stand on paper; where a house is, paper does not tell."""

LINES = "agreement.lines"
"""What is pointed at by the number of a line of a form, and not by an id."""

COORDINATOR, OF_IOM = "coordinator", "iom_ngo_coordinator"
"""What is offered where somebody of IOM agrees or instructs, the title without a name; and its code on the shelf."""


class Answer(NamedTuple):
    """What stands behind a label: a text, an amount, yes, no, or None for what nobody knows; or *paragraphs*."""

    said: object = None
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """How the answers of one sheet are told, and where they are noted.

    *her* is given where the sheet is to be without her names: her own words may have them. A *bare* sheet names nobody
    and has no words of anybody; a *brief* one has days in figures.
    """

    here: Desk
    told: SheetFacts
    language: str
    around: Around
    her: Facts | None = None
    bare: bool = False
    brief: bool = False

    def of(self, one: Field, written: Any, place: str) -> Answer | None:
        """What is written at a field; None where nothing is, or nothing that this sheet may show."""
        if written is None or written in ("", []):
            return None
        value = read_field(one, written)
        if one.unknown and value == UNKNOWN:
            self.told.facts[place] = UNKNOWN
            return Answer()
        if one.offers == COORDINATOR and written == str(TITLE):  # whoever it is, it is no name
            self.told.facts[place] = str(written)
            return Answer(shown(self.here.shelf.places["referral.sources"].codes[OF_IOM], self.language))
        if self.bare and one.kind != "span" and in_words(one):  # the days of a period are no words
            self.told.left = True
            return None
        if one.kind == "text" or value is None:
            return None if isinstance(written, Mapping) else self._words(written, place)
        said = self._said(one, written, value, place)
        return None if said is None else Answer(said)

    def _words(self, written: Any, place: str) -> Answer | None:
        """Somebody's own words; several texts in one line, as long as they are short."""
        several = isinstance(written, list)
        words = [str(each) for each in written] if several else str(written).splitlines()
        text = ("; " if several else "\n").join(words)
        if len(text) <= LONG and (several or len(words) == 1):
            said = self.told.answer(place, text, self.her)
            return Answer(said) if said else None
        paragraphs = self.told.paragraphs(place, text, self.her)
        return Answer(paragraphs=tuple(paragraphs)) if paragraphs else None

    def _said(self, one: Field, written: Any, value: Any, place: str) -> object:
        """What is no text: as it is, or in the words of the shelf and of the language."""
        facts = self.told.facts
        if one.kind == "som":
            return self.told.som(place, value)
        facts[place] = str(written)
        if isinstance(value, bool):
            facts[place] = "yes" if value else "no"
            return value
        listed = value if one.several or (one.kind == "months" and isinstance(value, tuple)) else (value,)
        said = [self._one(one, each, place) for each in listed]
        if None in said:  # a name that nobody wrote down yet is written by hand, and no code stands for it
            return None
        words = ", ".join(str(each) for each in said)
        return self.told.text(place, words) if one.kind in ("code", "entry") else words

    def _one(self, one: Field, value: Any, place: str) -> str | None:
        """One value as the language writes it; None where only a code is known of what is meant."""
        if one.kind == "party":
            return self._party(one, value, place)
        if one.kind == "entry":
            return called(value, self.language) if one.of == (LINES,) else next(self._pointed(one, value), None)
        if one.kind in ("span", "partial"):
            return self._span(value)
        if isinstance(value, datetime):
            return f"{self.day(value.date())}{' ' if self.brief else ', '}{value:%H:%M}"
        if isinstance(value, date):
            return self.day(value)
        return shown(one.codes.get(value) or as_written(value, self.language), self.language)

    def day(self, day: date) -> str:
        """A day in words, or in the figures of a column."""
        return shown(day, self.language) if self.brief else long_day(day, self.language)

    def _span(self, span: Any) -> str:
        """A period by its two days; of a day that is only partly known what is."""
        if not isinstance(span, Possible):
            return f"{self.day(span.first)} – {self.day(span.last)}"
        if span.first == span.last:
            return self.day(span.first)
        known = f"{span.first:%Y-%m}" if span.first.month == span.last.month else f"{span.first:%Y}"
        return str(as_written(known, self.language)) if self.brief else long_partial(known, self.language)

    def _party(self, one: Field, code: str, place: str) -> str | None:
        """The name of the person or partner that a code means; in an open field a word that no register knows.

        None where the register has no name for the code, or paper may not have it.
        """
        meant = (*one.of, *(each for each in CALLED if one.open and each not in one.of))
        directory = self.here.store.directory.value if {*CALLED} & {*meant} else {}
        known = ((directory.get(register) or {}).get(code) or {} for register in meant if register in CALLED)
        if name := next((each["name"] for each in known if each.get("name")), None):
            if self.bare:
                self.told.left = True
                return None
            return self.told.text(f"{place}/name", name)
        registers = self.around.registers or {}
        registered = any(code in (registers.get(name) or {}) for name in meant)
        return None if registered or not one.open else self.told.answer(place, code, self.her)

    def _pointed(self, one: Field, id_: str) -> Iterator[str]:
        """The entry of hers that an id means, by its noun and its day."""
        for track in (self.around.tracks[name] for name in one.of if name in self.around.tracks):
            for entry in self.around.hers(track.name):
                if entry.written.get("id") == id_:
                    day = entry.day or day_of(entry.written.get("recorded_at"))
                    noun = shown(title_of(track, entry.written), self.language)
                    yield f"{noun}, {self.day(day)}" if day else noun
