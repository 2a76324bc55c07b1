"""A table of entries on paper: what its columns are called and how wide they are, its cells, and the sums below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shelterctl.core.around import CONTRADICTED, asked
from shelterctl.core.days import day_of
from shelterctl.core.entry import Entry, field_at, read_entry
from shelterctl.core.field import ENDS, Field, Fields
from shelterctl.core.record import at
from shelterctl.core.sameness import said_before
from shelterctl.core.sheet import LEDGER, Printed
from shelterctl.core.track import Part
from shelterctl.language import Text, shown
from shelterctl.paper.answer import Answer, Answers

MOST = 6
"""So many columns have room beside each other; a table of more stands on a page turned sideways."""

DEFAULT = 5
"""So many fields are columns where the shelf names none."""

NOT_ASKED = Answer("–")
"""What stands in a cell that the answer in another one made idle."""

SIGNED_ALREADY = Answer(True)
"""What stands where a row is signed, if the record says that she signed it: the template has the words."""

ACROSS, SIDEWAYS, MARGIN, LETTER = 174, 261, 4, 2
"""Millimetres: what all columns share, the same sideways, what is left free beside words, and a letter."""

NAME = 40
"""So many letters a part of a name has at most; of a longer word no column gets wider, and it is broken anywhere."""

NARROWEST: Mapping[str, int] = {
    "day": 22, "time": 22, "clock": 18, "partial": 22, "som": 28, "yes_no": 14, "whole": 16, "months": 22, "span": 24,
    "code": 24, "party": 26, "entry": 26, "text": 30,
}  # fmt: skip
SIGNATURE, SIGNED = "signature", 30
"""How wide a column is at least, by what stands in it, and one to sign in."""

TAKES: Mapping[str, int] = {"text": 4, "code": 2, "party": 1, "entry": 1}
"""Who has a share of the width that is left, and how great it is."""


class Column(NamedTuple):
    """The head of a column; one that *signs* is for the *signer* to sign in, and says so where it has no *label*."""

    label: Text | None
    width: int
    number: bool = False
    signer: str | None = None
    signs: bool = False


class Grid(NamedTuple):
    """Columns with their rows; *sums* stand below those of amounts, and an empty cell is one to write in.

    What an entry answers and has no column for stands *below* its row, and what a row that she signed said before it
    was changed, until that day. As many *spare* rows follow as there is room for on the page, which is turned sideways
    for a *wide* one.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Answer | None, ...], ...]
    sums: tuple[Decimal | None, ...] = ()
    below: tuple[tuple[tuple[Text, Answer, date | None], ...], ...] = ()
    spare: int = 0
    wide: bool = False

    @property
    def lead(self) -> int:
        """How many columns stand before the first that has a sum, over which its label goes."""
        return next((place for place, each in enumerate(self.sums) if each is not None), 0)


def askable(fields: Fields) -> tuple[str, ...]:
    """The fields that are columns where the shelf names none."""
    plain = (name for name, one in fields.items() if one.kind not in ("group", "parts") and not one.by_file)
    return tuple(plain)[:DEFAULT]


def grid_of(
    fields: Fields, names: Sequence[str], entries: Iterable[Entry], answers: Answers | None, language: str, *,
    empty: int = 0, spare: int = 0, sheet: Printed | None = None, hidden: frozenset[str] = frozenset(),
) -> Grid:  # fmt: skip
    """The table of these entries, or with *empty* rows, and *spare* ones to go on by hand.

    A *sheet* that is signed row by row has a column for that, or those that it names, where a row that she signed
    already has no room to sign.
    """
    signer = next(iter(sheet.signed_by), None) if sheet else None
    signs = sheet.signs if sheet else ()
    signed = sheet if sheet and sheet.kind == LEDGER and not signs else None
    found = [(name, one) for name in names if (one := field_at(fields, name))]
    last = ((None, SIGNATURE),) if signed else ()
    labels = [(one.text, SIGNATURE if name in signs else one.kind) for name, one in found] + [*last]
    listed = [*entries]
    rows = [
        (
            *(
                _signed(name, entry) if name in signs else _cell(name, one, entry, answers, hidden)
                for name, one in found
            ),
            *([SIGNED_ALREADY if signed.has_hers(entry.values) else None] if signed else []),
        )
        for entry in listed
    ]
    needed = needs(labels, rows, language)
    movable = [place for place, (name, one) in enumerate(found) if place and name not in signs and one.kind in TAKES]
    if sheet and movable and sum(needed) > SIDEWAYS:  # no page has room for it beside the rest, and it stands below
        most = max(movable, key=lambda place: (needed[place], place))
        left = [name for place, (name, _) in enumerate(found) if place != most]
        return grid_of(fields, left, listed, answers, language, empty=empty, spare=spare, sheet=sheet, hidden=hidden)
    wide = len(labels) > MOST or sum(needed) > ACROSS
    columns = tuple(
        Column(label, width, kind == "som", signer if kind == SIGNATURE else None, kind == SIGNATURE)
        for (label, kind), width in zip(labels, widths(labels, needed, wide=wide), strict=True)
    )
    blank = ((None,) * len(columns),) * empty
    sums = _sums(found, listed) if rows else []
    sums += [None for _ in last] if sums else []
    more = [*_beside(fields, names, sheet)] if sheet else []
    below = tuple(
        (
            *((one, cell, None) for one, cell in _below(more, entry, answers, hidden)),
            *(earlier(fields, entry, answers, hidden) if sheet and sheet.has_hers(entry.values) else ()),
        )
        for entry in listed
    )
    return Grid(columns, (*rows, *blank), tuple(sums), (*below, *((),) * empty), spare, wide)


def _beside(fields: Fields, columns: Sequence[str], sheet: Printed) -> Iterator[tuple[str, Field]]:
    """The fields of a log or ledger that have no column, are signed for in none, and not left out by the shelf."""
    elsewhere = {*columns, *sheet.leaves_out, *(sheet.signed if sheet.kind == LEDGER else ())}
    yield from ((name, one) for name, one in answerable(fields) if name not in elsewhere)


def answerable(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field that can be answered by itself, with its dotted name, those inside a group too.

    A group of several stands for what is answered inside each of them.
    """
    for name, one in fields.items():
        path = f"{above}{name}"
        if one.kind != "group" or one.several:
            yield path, one
        if not one.several:
            inside = {inner: each for inner, each in one.fields.items() if one.kind != "span" or inner not in ENDS}
            yield from answerable(inside, f"{path}.")


def _below(
    more: Iterable[tuple[str, Field]], entry: Entry, answers: Answers | None, hidden: frozenset[str]
) -> Iterator[tuple[Text, Answer]]:
    """What an entry answers at these fields, each behind its label."""
    for name, one in more:
        if one.kind == "group":
            part = Part("", one.text, one.fields, (), ())
            for number, each in enumerate(at(entry.written, name) or ()):
                inner = read_entry(part, each, f"{entry.where}/{name.replace('.', '/')}/{number}", entry)
                yield from _below(answerable(one.fields), inner, answers, hidden)
        elif (cell := _cell(name, one, entry, answers, hidden)) and cell != NOT_ASKED:
            yield one.text, cell


def earlier(
    fields: Fields, entry: Entry, answers: Answers | None, hidden: frozenset[str]
) -> Iterator[tuple[Text, Answer, date | None]]:
    """What an entry said before it was changed: label, answer, and the day of the change."""
    for number, (at_, name, value) in enumerate(said_before(entry.written)):
        one = field_at(fields, name)
        if one and answers and name not in hidden:
            answer = answers.of(one, value, f"{entry.where}/was/{number}/{name.replace('.', '/')}")
            yield from [(one.text, answer, day_of(at_))] if answer else []


def needs(
    labels: Sequence[tuple[Text | None, str]], rows: Iterable[Sequence[Answer | None]], language: str
) -> list[int]:
    """How many millimetres each column needs, so that no word in it is broken but at its own hyphens."""
    needed = [_longest(shown(label, language) if label else "") for label, _ in labels]
    for row in rows:
        told = (_longest(cell.said) if cell and isinstance(cell.said, str) else 0 for cell in row)
        needed = [max(least, word) for least, word in zip(needed, told, strict=True)]
    return needed


def widths(labels: Sequence[tuple[Text | None, str]], needed: Sequence[int], *, wide: bool) -> list[int]:
    """How many millimetres each column gets: what it needs, and a share of what is left, as its kind takes one."""
    least = [max(NARROWEST.get(kind, SIGNED), word) for (_, kind), word in zip(labels, needed, strict=True)]
    left = (SIDEWAYS if wide else ACROSS) - sum(least)
    takes = [TAKES.get(kind, 0) for _, kind in labels]
    if left < 0:  # whoever has more than it needs gives
        takes = [width - word for width, word in zip(least, needed, strict=True)]
    takes = takes if any(takes) else [1] * len(labels)
    return [max(width + left * take // sum(takes), 1) for width, take in zip(least, takes, strict=True)]


def _longest(words: str) -> int:
    """How wide the longest part of a text is that has no space and no hyphen in it."""
    parts = (part for word in words.split() for part in word.split("-"))
    return max((min(len(part), NAME) * LETTER + MARGIN for part in parts), default=0)


def _signed(name: str, entry: Entry) -> Answer | None:
    """What stands where she signs in a row; to be signed, nothing."""
    return SIGNED_ALREADY if entry.values.get(name) is True else None


def _cell(name: str, one: Field, entry: Entry, answers: Answers | None, hidden: frozenset[str]) -> Answer | None:
    if answers is None or name in hidden:
        return None
    if _idle(name, entry, answers):
        return NOT_ASKED
    return answers.of(one, at(entry.written, name), f"{entry.where}/{name.replace('.', '/')}")


def _idle(name: str, entry: Entry, answers: Answers) -> bool:
    """Whether another answer says that a field, or a group around it, is not asked at all."""
    steps = name.split(".")
    paths = (".".join(steps[: depth + 1]) for depth in range(len(steps)))
    around = ((one, path.rpartition(".")[0]) for path in paths if (one := field_at(entry.fields, path)))
    return any(asked(one, entry, answers.around, above) == CONTRADICTED for one, above in around)


def _sums(columns: Sequence[tuple[str, Field]], entries: Sequence[Entry]) -> list[Decimal | None]:
    """What each column of amounts makes together; nothing at all where there is none."""
    if all(one.kind != "som" for _, one in columns):
        return []
    return [
        sum((entry.values.get(name) or Decimal(0) for entry in entries), Decimal(0)) if one.kind == "som" else None
        for name, one in columns
    ]
