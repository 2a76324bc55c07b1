"""The sections of a sheet that has no template of its own: labels with answers or lines, headings, tables, words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from shelterctl.core.agreement import printed
from shelterctl.core.around import CONTRADICTED, asked
from shelterctl.core.entry import Entry, read_entry, read_parts
from shelterctl.core.field import ENDS, Field, Fields, offered
from shelterctl.core.record import at
from shelterctl.core.track import Part, Track
from shelterctl.language import Text
from shelterctl.paper.answer import Answer, Answers
from shelterctl.paper.grid import MOST, Grid, earlier, grid_of

BOXES = 10
"""So many codes are printed as boxes to be ticked; of more, the answer is written down."""

TEXT, LETTER = 2, 7
"""So many lines has a text to be written by hand, on a card and in a letter."""

ROWS, COPIES = 5, 2
"""So many empty rows has a list in a blank sheet; where its fields are too many for a row, it has so many copies."""


class Line(NamedTuple):
    """A label, and what stands behind it: an *answer*, or *boxes* and *lines* for a pen.

    A box is True for yes, False for no, None for unknown, else the text of a code. An answer that was changed since
    stood there *until* that day.
    """

    label: Text
    answer: Answer | None = None
    boxes: tuple[object, ...] = ()
    lines: int = 0
    until: date | None = None


@dataclass(slots=True, repr=False)
class Section:
    """A stretch of the sheet: lines under a *heading*, or a text under its *label*, or a table.

    A text stands in *paragraphs*, or has *room* of so many lines.
    """

    heading: Text | None = None
    mark: str = ""
    lines: list[Line] = field(default_factory=list)
    label: Text | None = None
    paragraphs: tuple[str, ...] = ()
    room: int = 0
    grid: Grid | None = None
    inner: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Sections:
    """How an entry of a track becomes sections; without *answers* everything is left blank.

    *hidden* fields tell who she is, and stay blank; *skipped* stand elsewhere on the sheet. A *letter* consists of its
    texts. On a *copy* nothing is to be filled in.
    """

    track: Track
    day: date
    language: str
    answers: Answers | None = None
    hidden: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    letter: bool = False
    copy: bool = False

    def of(self, entry: Entry) -> list[Section]:
        """Everything of an entry, in the order of the shelf."""
        now = [each for each in self._fields(self.track.fields, entry, "", "") if each.lines or not _idle(each)]
        told = earlier(self.track.fields, entry, self.answers, self.hidden)
        changes = [Line(label, answer, until=day) for label, answer, day in told]
        return [*now, Section(lines=changes)] if self.copy and changes else now

    def _fields(self, fields: Fields, entry: Entry, place: str, inside: str) -> Iterator[Section]:
        now = Section(inner=bool(inside or place))
        for name, one in fields.items():
            path = f"{inside}.{name}" if inside else name
            if path in self.skipped or not self._wanted(one, entry, inside):
                continue
            if one.kind in ("group", "parts"):
                yield now
                now = Section(inner=now.inner)
                yield from self._parts(name, entry) if one.kind == "parts" else self._group(one, entry, place, path)
                continue
            found = self._line(one, entry, place, path)
            if isinstance(found, Section):
                found.inner = now.inner
                yield from (now, found)
                now = Section(inner=now.inner)
                continue
            now.lines += self._span(one, found, entry, place, path) if one.kind == "span" else [found]
        yield now

    def _span(self, one: Field, found: Line, entry: Entry, place: str, path: str) -> list[Line]:
        """A period and what stands beside its days; not known yet, each day has a line where the shelf has two."""
        if not found.answer and {*ENDS} <= one.fields.keys():
            return [line for each in self._fields(one.fields, entry, place, path) for line in each.lines]
        beside = {name: below for name, below in one.fields.items() if name not in ENDS}
        return [found, *(line for each in self._fields(beside, entry, place, path) for line in each.lines)]

    def _wanted(self, one: Field, entry: Entry, inside: str) -> bool:
        """Whether a field stands on the sheet; on a blank one every field does."""
        if self.answers is None or entry.written is BLANK:
            return True
        return asked(one, entry, self.answers.around, inside) != CONTRADICTED

    def _line(self, one: Field, entry: Entry, place: str, path: str) -> Line | Section:
        written = None if path in self.hidden else at(entry.written, path)
        answer = self.answers.of(one, written, f"{place}/{path.replace('.', '/')}") if self.answers else None
        if answer and answer.paragraphs:
            return Section(label=None if self.letter else one.text, paragraphs=answer.paragraphs)
        if answer:
            return Line(one.text, answer)
        if self.letter and one.kind == "text":
            return Section(label=one.text, room=LETTER)
        boxes = () if self.copy else _boxes(one, self.day)
        lines = int(one.open) if boxes else TEXT if one.kind == "text" and not one.letters else 1
        return Line(one.text, boxes=boxes, lines=lines)

    def _group(self, one: Field, entry: Entry, place: str, path: str) -> Iterator[Section]:
        """What stands inside a group, under its heading; of several, each in a row or under a heading of its own."""
        if not one.several:
            inner = [each for each in self._fields(one.fields, entry, place, path) if each.lines or not _idle(each)]
            yield from (Section(heading=one.text), *inner) if inner else ()
            return
        where = f"{place}/{path.replace('.', '/')}"
        part = Part("", one.text, one.fields, (), ())
        written = at(entry.written, path) if self.answers else None
        items = [read_entry(part, each, f"{where}/{number}", entry) for number, each in enumerate(written or ())]
        if len(one.fields) <= MOST:
            columns = tuple(one.fields)
            yield Section(heading=one.text)
            empty = 0 if items else ROWS
            yield Section(grid=grid_of(one.fields, columns, items, self.answers, self.language, empty=empty))
            return
        for number, item in enumerate(items or [read_entry(part, BLANK, where, entry)] * COPIES, 1):
            yield Section(heading=one.text, mark=str(number))
            yield from self._fields(one.fields, item, item.where if items else where, "")

    def _parts(self, name: str, entry: Entry) -> Iterator[Section]:
        """The parts of an entry, each under its number and words; in a blank sheet all that stand that day."""
        parts = [*read_parts(entry).parts] if self.answers else []
        if not parts:
            standing = (self.track.standing(number, self.day) for number in self.track.parts)
            parts = [read_entry(part, BLANK, "", entry) for part in standing if part]
        for one in parts:
            if isinstance(part := one.of, Part):
                yield Section(heading=printed(part, self.day), mark=part.number)
                yield from self._fields(part.fields, one, f"/{name}/{part.number}", "")


BLANK: Mapping[str, object] = {}
"""What stands in an entry that is to be written by hand."""


def _idle(section: Section) -> bool:
    """Whether nothing of it would be seen."""
    return not (section.heading or section.paragraphs or section.room or section.grid)


def _boxes(one: Field, day: date) -> tuple[object, ...]:
    """What may be ticked; nothing where the answer has to be written."""
    unknown = (None,) if one.unknown else ()
    if one.kind == "yes_no":
        return (True, False, *unknown)
    codes = offered(one, day) if one.kind == "code" else {}
    return (*codes.values(), *unknown) if 0 < len(codes) <= BOXES else ()
