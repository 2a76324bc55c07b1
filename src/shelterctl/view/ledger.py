"""An account as lines of a screen: a row for each line of an agreement, its numbers first and a bar at its end."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from shelterctl.core.account import Account, Line, Sum, state
from shelterctl.core.agreement import Agreement, printed
from shelterctl.core.allowance import Allowance
from shelterctl.core.days import Span, read_day
from shelterctl.core.record import at
from shelterctl.language import N_, Sentence, say, shown
from shelterctl.output.bars import Signs
from shelterctl.output.grid import BETWEEN
from shelterctl.screen import cut

TITLE = N_("Money of {id} on {day}, in som: agreed, spent of it, and left.")
HOW: Mapping[str, Sentence] = {
    "signed": N_("{form}, {number}: signed on {on}"),
    "terminated": N_("{form}, {number}: terminated on {on}"),
    "draft": N_("{form}, {number}: a draft of {on}"),
}
PERIOD = N_("{how}; {first} – {last}")
UNNUMBERED = N_("no number yet")
HEADS = (N_("Line"), N_("Agreed"), N_("Spent"), N_("Left"))
ALL, EVERYTHING = N_("all"), N_("Together")
NO_LINE = N_("no line is named")
LEGEND = N_("{every} spent  {some} left  {over} more than was agreed")
PAID = N_("months paid: {paid} of {agreed}")
UNTOLD = N_("months: {agreed}; which of them are paid is not written")
UNDOCUMENTED = N_("without a receipt: {count}")
OUTSIDE = N_("Spent under no agreement")
BY_ITEM = N_("{item}: {spent} ({outlays})")
UNNAMED = N_("not said for what")
POCKET = N_("Pocket money")
DAYS = N_("{first} – {last}: days {days}, of them paid for: {covered}")
OWED = N_("at least {owed}, paid {paid}, left to pay {left}")
BEYOND = N_("paid over the least, or again for a day: {more}")
NO_DAYS = N_("No day of this stay is known; paid {paid}")
DRAFTS = N_("Of what is agreed, {drafts} som stand in drafts that are not signed yet.")

BAR, OVER = 12, "+"
"""How long a bar is, and what stands behind one where more was spent than agreed."""

NARROWEST = 12
"""A text that would be shorter is left out, and the bar before it."""


class Look(NamedTuple):
    """How it is drawn: in which language, in how many columns, and with what bars."""

    language: str
    room: int
    signs: Signs

    def say(self, sentence: Sentence, **facts: object) -> str:
        """A sentence in that language."""
        return say(sentence, facts, self.language)


class Row(NamedTuple):
    """A row of the table: what heads it, its three amounts, and the text behind them; the bar is drawn off these."""

    head: str
    agreed: Decimal
    spent: Decimal
    left: Decimal
    text: str = ""


def lines(
    id_: str, day: date, told: Account, outside: Sequence[Mapping[str, Any]], paid: Sequence[Allowance], look: Look
) -> list[str]:
    """The whole account, line by line; what is empty is left out."""
    written = [look.say(TITLE, id=id_, day=day)]
    if told.lines:
        signs = look.signs
        written += [look.say(LEGEND, every=signs.every, some=signs.some, over=OVER), *_tables(told, look)]
    if outside:
        written += ["", look.say(OUTSIDE), *(f"  {_item(row, look)}" for row in outside)]
    if paid:
        written += ["", look.say(POCKET), *(f"  {line}" for one in paid for line in _days(one, look))]
    return written


def _tables(told: Account, look: Look) -> Iterator[str]:
    """A table for each agreement, all of one width, and a row for everything together."""
    groups = [(agreement, list(each)) for agreement, each in groupby(told.lines, lambda line: line.agreement)]
    total = _sum(look.say(EVERYTHING), told.total)
    rows = [_row(line, look) for line in told.lines]
    grid = _Grid(look, [*rows, total])
    for agreement, each in groups:
        yield from ("", cut(_how(agreement, look), look.room), grid.head())
        for line in each:
            yield grid.drawn(_row(line, look))
            yield from (f"{BETWEEN}{BETWEEN}{note}" for note in _notes(line, look))
        if len(each) > 1:
            yield grid.drawn(_sum(look.say(ALL), Account(tuple(each), ()).total))
    if len(groups) > 1:
        yield from ("", grid.drawn(total))
    if told.total.drafts:
        yield from textwrap.wrap(look.say(DRAFTS, drafts=told.total.drafts), look.room)


def _sum(head: str, total: Sum) -> Row:
    return Row(head, total.agreed, total.spent, total.left)


def _row(line: Line, look: Look) -> Row:
    text = shown(printed(line.part, line.agreement.day), look.language) if line.part else look.say(NO_LINE)
    return Row(line.number or "–", line.agreed, line.spent, line.left, text)


def _how(agreement: Agreement, look: Look) -> str:
    """An agreement by its form and number, with how it stands and its period."""
    facts, how = agreement.facts, state(agreement)
    on = read_day(at(facts, f"{how}.on")) if how != "draft" else agreement.day
    form = shown(agreement.form.text, look.language)
    number = facts.get("number") or look.say(UNNUMBERED)
    told = look.say(HOW[how], form=form[:1].upper() + form[1:], number=number, on=on or "?")
    period = agreement.entry.values.get("period")
    return look.say(PERIOD, how=told, first=period.first, last=period.last) if isinstance(period, Span) else told


def _notes(line: Line, look: Look) -> Iterator[str]:
    """What else is to be said of a line: its months, and outlays without a receipt."""
    said = []
    if line.months_agreed is not None:
        months = PAID if line.months_paid is not None else UNTOLD
        said.append(look.say(months, paid=line.months_paid, agreed=line.months_agreed))
    if line.without_document:
        said.append(look.say(UNDOCUMENTED, count=line.without_document))
    if said:
        yield " · ".join(said)


def _item(row: Mapping[str, Any], look: Look) -> str:
    return look.say(BY_ITEM, **{**row, "item": row["item"] or look.say(UNNAMED)})


def _days(one: Allowance, look: Look) -> Iterator[str]:
    if one.present is None:
        yield look.say(NO_DAYS, paid=one.paid)
        return
    first, last = one.present
    yield look.say(DAYS, first=first, last=last, days=one.days, covered=one.covered)
    yield BETWEEN + look.say(OWED, owed=one.owed, paid=one.paid, left=one.left)
    if one.beyond:
        yield BETWEEN + look.say(BEYOND, more=one.beyond)


class _Grid:
    """The columns of a table: as wide as their widest number, with what room there is for text and bar."""

    def __init__(self, look: Look, rows: Iterable[Row]) -> None:
        self.look = look
        self.heads = [look.say(head) for head in HEADS]
        cells = [self.heads, *(self._cells(row) for row in rows)]
        self.widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        room = look.room - sum(self.widths) - len(BETWEEN) * len(self.widths)
        with_bar = room - len(BETWEEN) - BAR - len(OVER)
        self.bar = with_bar >= NARROWEST
        self.text = with_bar if self.bar else room if room >= NARROWEST else 0

    def _cells(self, row: Row) -> list[str]:
        return [row.head, *(shown(som, self.look.language) for som in (row.agreed, row.spent, row.left))]

    def head(self) -> str:
        """The headings."""
        return self._line(self.heads).rstrip()

    def drawn(self, row: Row) -> str:
        """One row: numbers to the right, then the text, then the bar."""
        behind = [cut(row.text, self.text).ljust(self.text)] if self.text else []
        behind += [self._bar(row)] if self.bar else []
        return BETWEEN.join([self._line(self._cells(row)), *behind]).rstrip()

    def _line(self, cells: Sequence[str]) -> str:
        first, *rest = zip(cells, self.widths, strict=True)
        return BETWEEN.join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])

    def _bar(self, row: Row) -> str:
        """How much of what was agreed is spent: a little is seen, and it is full only where all of it is."""
        signs = self.look.signs
        if row.spent > row.agreed:
            return signs.every * BAR + OVER
        part = int(row.spent * BAR / row.agreed) if row.agreed else 0
        part = max(part, 1) if row.spent else 0
        return signs.every * part + signs.some * (BAR - part)
