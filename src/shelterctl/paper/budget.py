"""The rows of a form: its lines with what each asks for and how that comes about, and what has no room in a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any, NamedTuple

from shelterctl.core.agreement import Agreement, printed
from shelterctl.core.entry import Entry
from shelterctl.core.field import ENDS, Field, read_field
from shelterctl.core.line import AMOUNT
from shelterctl.core.line import number as number_of
from shelterctl.core.track import Part, Track
from shelterctl.language import Text, shown
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.mark import behind
from shelterctl.press import long_day

ROOM = 100
"""So many letters of a text have room in a row; a longer one stands on the annex."""

RATE, CENT = "som", Decimal("0.01")


class Factor(NamedTuple):
    """One number of what makes an amount, as paper has it, and its *unit*; without a number it is to be written."""

    said: str | None
    unit: Text | None = None


class Stated(NamedTuple):
    """What the record says to a line beyond its amount, behind its label."""

    label: Text
    paragraphs: tuple[str, ...]


@dataclass(slots=True, repr=False)
class PrintedLine:
    """A line of the form as it is printed: its mark, its words, what is said *beside* them, and its amount.

    *factors* are what the amount is made of, *stated* is what the form has no room for.
    """

    mark: str
    text: Text
    beside: str = ""
    amount: Decimal | None = None
    factors: tuple[Factor, ...] = ()
    stated: tuple[Stated, ...] = ()


@dataclass(slots=True, repr=False)
class Group(PrintedLine):
    """A numbered row of the form: a line by itself, or a heading over several, and their sum."""

    lines: list[PrintedLine] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """What the lines of this number make together (X33)."""
        amounts = [amount for amount in (self.amount, *(line.amount for line in self.lines)) if amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None


@dataclass(frozen=True, slots=True, repr=False)
class Budget:
    """The lines of a form on one day, blank without an *agreement*; each fact is told once."""

    form: Track
    day: date
    language: str
    agreement: Agreement | None
    told: SheetFacts

    def groups(self) -> Iterator[Group]:
        """The rows of the form in its order, whatever lines stand on it that day."""
        asked = {number_of(each): each for each in self.agreement.lines} if self.agreement else {}
        group: Group | None = None
        begun: str | None = None
        for number, line in self.form.parts.items():
            if self.form.standing(number, self.day) is None:
                continue
            if group and begun != line.group:
                yield group
                group = None
            made = self._line(line, asked.get(number))
            if line.group is None:
                yield Group(f"{number}.", made.text, made.beside, made.amount, made.factors, made.stated)
                continue
            if group is None:
                group, begun = Group(f"{line.group}.", self.form.groups[line.group]), line.group
            group.lines.append(made)
        if group:
            yield group

    def _line(self, line: Part, mine: Entry | None) -> PrintedLine:
        amount = self.told.som(f"/lines/{line.number}/amount", mine.values.get(AMOUNT)) if mine else None
        beside, stated = self._facts(line, mine) if mine else ("", ())
        open_ = not self.agreement and not line.product  # a rate by the month is known from its months
        factors = tuple(self._factors(line, mine, amount)) if mine or open_ else ()
        return PrintedLine(self._mark(line), printed(line, self.day), beside, amount, factors, stated)

    def _mark(self, line: Part) -> str:
        """What is printed before a line of a group: its own mark, else the letter or number behind the group's."""
        if line.mark:
            return line.mark
        last = line.number.removeprefix(line.group or "").lstrip(".")
        return behind(last, self.language)

    def _factors(self, line: Part, mine: Entry | None, amount: Decimal | None) -> Iterator[Factor]:
        """What is multiplied, in the order of the shelf; a rate that nobody wrote is what the rest makes it (X20)."""
        numbers: list[Decimal] = []
        units = {name: one.unit for name, one in line.fields.items() if one.unit}
        for name, unit in units.items():
            value = mine.values.get(name) if mine else None
            count = len(value) if isinstance(value, tuple) else value
            numbers += [Decimal(count)] if isinstance(count, int | Decimal) else []
            said = self.told.text(f"/lines/{line.number}/{name}", None if count is None else self._said(count))
            yield Factor(said, unit)
        rated = any(line.fields[name].kind == RATE for name in units)
        if amount is not None and len(numbers) == len(units) and units and not rated and (whole := prod(numbers)):
            rate = amount / whole
            if rate == rate.quantize(CENT):
                yield Factor(shown(rate.quantize(CENT), self.language))

    def _facts(self, line: Part, mine: Entry) -> tuple[str, tuple[Stated, ...]]:
        """What the form prints behind its words, such as where she was met (X24), and what is left for the annex."""
        beside = ""
        stated: list[Stated] = []
        for name, one in line.fields.items():
            place, written = f"/lines/{line.number}/{name}", mine.written.get(name)
            if one.unit or name == AMOUNT or written in (None, "", []):
                continue
            if one.printed and len(str(written)) <= ROOM:
                beside += f" – {text}" if (text := self.told.text(place, written)) else ""
            else:
                stated += self._stated(one, written, place)
        return beside, tuple(stated)

    def _stated(self, one: Field, written: Any, place: str) -> Iterator[Stated]:
        if one.kind == "span" and isinstance(written, Mapping):
            span = read_field(one, written)
            if span and any(span):  # of one that is begun a day is still to come
                days = " – ".join(self._said(day) if day else "…" for day in span)
                yield Stated(_named(one.text), (self.told.text(place, days) or "",))
            for name, below in one.fields.items():
                if name not in ENDS and written.get(name) not in (None, ""):
                    yield from self._stated(below, written[name], f"{place}/{name}")
            return
        if one.kind == "text" and not one.several and (len(str(written)) > ROOM or "\n" in str(written)):
            if paragraphs := self.told.paragraphs(place, written, None):
                yield Stated(_named(one.text), tuple(paragraphs))
            return
        value = read_field(one, written)
        listed = value if isinstance(value, tuple) and one.kind != "span" else (written if value is None else value,)
        if said := self.told.text(place, ", ".join(self._said(one.codes.get(str(each), each)) for each in listed)):
            yield Stated(_named(one.text), (said,))

    def _said(self, value: Any) -> str:
        return long_day(value, self.language) if isinstance(value, date) else str(shown(value, self.language))


def _named(text: Text) -> Text:
    """What a field is called, without what is said to it besides, as a label begins."""
    return {language: said[:1].upper() + said.partition(":")[0][1:] for language, said in text.items()}
