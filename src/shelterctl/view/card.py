"""A client on one screen: who she is, where she is on the manual's way, what is open first, what is due, the money."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from shelterctl.core.notation import as_written
from shelterctl.language import N_, Plural, Sentence, Text, say, shown
from shelterctl.view.line import COLUMNS, MARGIN, TALL, cut, folded, width

ROWS = 20
"""So many lines a terminal of 80 × 24 holds, with room for the line that closes the page."""

ENDLESS = 1 << 20
"""Columns of a pipe, where nothing is cut."""

HANDFUL = 4
"""So many open things are read; the rest are counted."""

SPARE = 24
"""So many columns may stay empty where a line is folded."""

NO_SOM = Decimal(0)
LINE = "{line}"
"""A line as it stands: nothing in it is a sentence."""

NAMELESS, UNNAMED = N_("no name yet"), N_("name left out")
AGE = Plural(N_("{age} year old"), N_("{age} years old"), by="age")
BETWEEN = Plural(N_("{youngest} or {age} year old"), N_("{youngest} or {age} years old"), by="age")
BORN = N_("born {birth}")
GUESSED = N_("born about {birth}")
UNBORN = N_("date of birth unknown")
NUMBER = N_("identification number {number}")
CHILDREN = Plural(N_("{count} child with her"), N_("{count} children with her"), by="count")
SINCE = N_("since {since}")
STAY = N_("stay {number} of {count}")
WAY = N_("Now: {state}")
AWAY = N_("{state} since {since}")
NEXT = N_("Why: {why}. Next: {next}")
STEPS = (N_("referral"), N_("arrival"), N_("admission"), N_("discharge"), N_("monitoring"))
OPEN = N_("OPEN ({count})")
AT_GATE = N_("OPEN ({count}), before she can be admitted: {gate}")
NOTHING_OPEN = N_("Nothing is open.")
MORE = N_("… and {count} more: admit {id}")
MORE_HERE = N_("… and {count} more: line “{line}”")
ADMISSION = N_("her admission: go on, or correct it")
"""The line of the menu on which everything that is open is answered."""
MONEY = Plural(
    N_("Money: {count} agreement, not signed: {drafts}, together {total} som"),
    N_("Money: {count} agreements, not signed: {drafts}, together {total} som"),
    by="count",
)
SPENT = Plural(
    N_("Money: {count} agreement, not signed: {drafts}, {spent} of {total} som spent"),
    N_("Money: {count} agreements, not signed: {drafts}, {spent} of {total} som spent"),
    by="count",
)
NO_MONEY = N_("Money: no agreement yet")
CHANGED = N_("Last change: {at}, by {by}")
ALL = N_("All that is written down: show {id} --all")


class Milestone(NamedTuple):
    """The day of a milestone on a client's way, such as her admission; *expected* where it is still to come."""

    on: date | None
    expected: bool = False


class Open(NamedTuple):
    """One open thing in words, its clause, and whether the gate asks for it."""

    text: Sentence
    facts: Mapping[str, object]
    clause: str | None
    gate: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Card:
    """Everything that one screen tells of a client, in so many *columns*."""

    id: str
    name: str | None
    sex: Sentence
    ages: tuple[int, int] | None
    birth: str | int | None
    guessed: bool
    languages: Sequence[Text | str]
    more: Sequence[tuple[Text, Sequence[object]]] = ()
    number: str | None
    children: int
    state: Sentence
    why: Sentence
    next: Sentence
    away: tuple[Sentence, str] | None
    facility: str | None
    since: date | None
    stay: tuple[int, int]
    steps: Sequence[Milestone]
    open: Sequence[Open]
    due: tuple[Sentence, Mapping[str, object]]
    command: Sentence = ""
    agreements: int
    drafts: int
    total: Decimal
    spent: Decimal = NO_SOM
    changed: tuple[str, str] | None
    columns: int = COLUMNS
    in_menu: bool = False


class Room(NamedTuple):
    """What a card has room for: empty lines, lines that say why, when it was changed last, and open things."""

    gaps: int
    why: int
    changed: bool
    listed: int


ROOMS = (
    Room(3, 2, True, HANDFUL),
    Room(2, 2, True, HANDFUL),
    Room(1, 2, True, HANDFUL),
    Room(1, 2, False, HANDFUL),
    Room(0, 2, False, HANDFUL),
    *(Room(0, 2, False, listed) for listed in (3, 2)),
    Room(0, 1, False, 2),
    Room(0, 1, False, 1),
)
"""What gives way on a card that is too long for one screen, in this order; the last one always fits."""


def lines(card: Card, language: str) -> list[str]:
    """The card as at most ROWS lines of its columns: what is long is folded, and what matters least gives way to it."""
    drawn = (list(_lines(card, room, language)) for room in ROOMS)
    told = next(each for each in drawn if len(each) <= ROWS)
    return [line.rstrip() for line in told]


def _lines(card: Card, room: Room, language: str) -> Iterator[str]:
    columns = card.columns
    yield from _who(card, language)
    yield cut(_joined(card.id, say(NUMBER, {"number": card.number}, language) if card.number else ""), columns)
    yield from _beside(card, language)
    yield from [""] * (room.gaps > 2)
    yield from _where(card, language)
    yield from _then(card, room.why, language)
    yield from _steps(card.steps, columns, language)
    yield from [""] * (room.gaps > 1)
    yield from _open(card, room.listed, language)
    yield from [""] * (room.gaps > 0)
    command = f"; {say(card.command, card.due[1], language)}" if card.command and not card.in_menu else ""
    yield from folded(_due(*card.due, TALL * columns - len(command) - SPARE, language) + command, columns)
    yield cut(_money(card, language), columns)
    if card.changed and room.changed:
        yield cut(_changed(*card.changed, language), columns)
    if not card.in_menu:
        yield cut(say(ALL, {"id": card.id}, language), columns)


def _who(card: Card, language: str) -> list[str]:
    """Her name, sex and age; only a name that no screen could hold gives way to the others."""
    rest = _joined("", say(card.sex, {}, language), _born(card, language))
    name = say(UNNAMED, {}, language) if card.name is None else card.name or say(NAMELESS, {}, language)
    return folded(
        cut(name, max((TALL + 1) * card.columns - width(rest) - SPARE, MARGIN + 1)) + rest, card.columns, TALL + 1
    )


def _born(card: Card, language: str) -> str:
    if card.birth is None or card.ages is None:
        return say(UNBORN, {}, language)
    youngest, oldest = card.ages
    age = say(AGE if youngest == oldest else BETWEEN, {"youngest": youngest, "age": oldest}, language)
    born = {"birth": as_written(card.birth, language)}
    return f"{age}, {say(GUESSED if card.guessed else BORN, born, language)}"


def _beside(card: Card, language: str) -> Iterator[str]:
    """The languages that she understands, the children who stay with her, and what the shelf wants seen at once."""
    children = say(CHILDREN, {"count": card.children}, language) if card.children else ""
    more = [
        f"{shown(label, language)}: {shown([as_written(each, language) for each in facts], language)}"
        for label, facts in card.more
    ]
    beside = _joined(*filter(None, (children, *more)))
    left = max(TALL * card.columns - width(beside) - SPARE, MARGIN + 1)
    spoken = cut(", ".join(shown(each, language) for each in card.languages), left)
    if beside or spoken:
        yield from folded(_joined(*filter(None, (spoken, beside))), card.columns)


def _where(card: Card, language: str) -> list[str]:
    state = say(WAY, {"state": say(card.state, {}, language)}, language)
    if card.away:
        away, since = card.away
        told = {"state": say(away, {}, language), "since": as_written(since, language)}
        state = _joined(state, say(AWAY, told, language))
    since = say(SINCE, {"since": card.since}, language) if card.since else ""
    number, count = card.stay
    stay = say(STAY, {"number": number, "count": count}, language) if count > 1 else ""
    return folded(_joined(state, card.facility or "", since, stay), card.columns)


def _then(card: Card, rows: int, language: str) -> list[str]:
    """Why she is where she is, and what leads on: the first sentence of that; the rest is told by explain."""
    told = {"why": say(card.why, {}, language), "next": leading(card.next, language).replace("ID", card.id, 1)}
    return folded(say(NEXT, told, language), card.columns, rows)


def leading(sentences: Sentence, language: str) -> str:
    """The first of several sentences, without its end: what leads on, and not by which command."""
    return re.split(r"(?<=[.:])\s", say(sentences, {}, language))[0].rstrip(".:")


def _steps(steps: Sequence[Milestone], columns: int, language: str) -> Iterator[str]:
    """The way as two lines, names over days; a day in brackets is still to come."""
    names = [say(name, {}, language) for name in STEPS]
    days = [f"({_day(each.on, language)})" if each.expected else _day(each.on, language) for each in steps]
    rooms = [max(map(width, column)) for column in zip(names, days, strict=True)]
    for row, between in ((names, " > "), (days, "   ")):
        told = (cell + " " * (room - width(cell)) for cell, room in zip(row, rooms, strict=True))
        yield cut(between.join(told), columns)


def _day(on: date | None, language: str) -> str:
    return shown(on, language) if on else "-"


def _open(card: Card, listed: int, language: str) -> Iterator[str]:
    """The gate's things first, as many as are *listed*; of the rest it is said how many there are, and where."""
    if not card.open:
        yield cut(say(NOTHING_OPEN, {}, language), card.columns)
        return
    gate = sum(one.gate for one in card.open)
    yield cut(say(AT_GATE if gate else OPEN, {"count": len(card.open), "gate": gate}, language), card.columns)
    for one in islice(sorted(card.open, key=lambda one: not one.gate), listed):
        clause = f" ({one.clause})" if one.clause else ""
        text = cut(say(one.text, one.facts, language), (TALL + 1) * card.columns - SPARE - len(clause))
        yield from folded(f"  {'!' if one.gate else '-'} {text}{clause}", card.columns, TALL + 1, under="    ")
    if (rest := len(card.open) - listed) > 0:
        facts = {"count": rest, "id": card.id, "line": say(ADMISSION, {}, language)}
        yield cut("  " + say(MORE_HERE if card.in_menu else MORE, facts, language), card.columns)


def _due(sentence: Sentence, facts: Mapping[str, object], room: int, language: str) -> str:
    """What is due; where that is too long, it is what it is called that gives way, and not since when."""
    told = say(sentence, facts, language)
    if "what" not in facts or (over := width(told) - room) <= 0:
        return told
    what = shown(facts["what"], language)
    return say(sentence, {**facts, "what": cut(what, max(width(what) - over, MARGIN))}, language)


def _money(card: Card, language: str) -> str:
    if not card.agreements:
        return say(NO_MONEY, {}, language)
    facts = {"count": card.agreements, "drafts": card.drafts, "total": card.total, "spent": card.spent}
    return say(SPENT if card.spent else MONEY, facts, language)


def _changed(at: str, by: str, language: str) -> str:
    return say(CHANGED, {"at": as_written(at, language), "by": by}, language)


def _joined(*parts: str) -> str:
    return " · ".join(part for number, part in enumerate(parts) if part or not number)
