"""A client on one screen: who she is, where she is on the manual's way, what is open first, what is due, the money."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from shelterctl.core.notation import as_written
from shelterctl.language import N_, Plural, Sentence, Text, say, shown

COLUMNS, ROWS = 79, 20
"""What a terminal of 80 × 24 holds, with room for the line that closes the page."""

ENDLESS = 1 << 20
"""Columns of a pipe, where nothing is cut."""

HANDFUL = 4
"""So many open things are read; the rest are counted."""

BESIDE = 49
"""So much of the first line is kept from a long name at most."""

MARGIN = 2
"""An older terminal writes … as three dots."""

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
    agreements: int
    drafts: int
    total: Decimal
    spent: Decimal = NO_SOM
    changed: tuple[str, str] | None
    columns: int = COLUMNS


def lines(card: Card, language: str) -> list[str]:
    """The card as at most ROWS lines of its columns; what is too long is cut, and what is vital is not."""
    room = card.columns
    told = [
        _who(card, language),
        cut(_joined(card.id, say(NUMBER, {"number": card.number}, language) if card.number else ""), room),
        *_beside(card, language),
        "",
        _where(card, language),
        *_then(card, language),
        *_steps(card.steps, room, language),
        "",
        *_open(card, language),
        "",
        cut(_due(*card.due, room, language), room),
        cut(_money(card, language), room),
        *([cut(_changed(*card.changed, language), room)] if card.changed else []),
        cut(say(ALL, {"id": card.id}, language), room),
    ]
    return [line.rstrip() for line in told]


def _who(card: Card, language: str) -> str:
    """Her name, which gives way to her sex and age where it is long."""
    rest = cut(_joined("", say(card.sex, {}, language), _born(card, language)), card.columns - COLUMNS + BESIDE)
    name = say(UNNAMED, {}, language) if card.name is None else card.name or say(NAMELESS, {}, language)
    return cut(name, card.columns - width(rest)) + rest


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
    spoken = cut(", ".join(shown(each, language) for each in card.languages), max(card.columns - width(beside) - 3, 0))
    if beside or spoken:
        yield cut(_joined(*filter(None, (spoken, beside))), card.columns)


def _where(card: Card, language: str) -> str:
    state = say(WAY, {"state": say(card.state, {}, language)}, language)
    if card.away:
        away, since = card.away
        told = {"state": say(away, {}, language), "since": as_written(since, language)}
        state = _joined(state, say(AWAY, told, language))
    since = say(SINCE, {"since": card.since}, language) if card.since else ""
    number, count = card.stay
    stay = say(STAY, {"number": number, "count": count}, language) if count > 1 else ""
    return cut(_joined(state, card.facility or "", since, stay), card.columns)


def _then(card: Card, language: str) -> Iterator[str]:
    """Why she is where she is, and what leads on: the first sentence of that; the rest is told by explain."""
    told = {"why": say(card.why, {}, language), "next": leading(card.next, language).replace("ID", card.id, 1)}
    yield cut(say(NEXT, told, language), card.columns)


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


def _open(card: Card, language: str) -> Iterator[str]:
    """The gate's things first, at most a handful of all."""
    if not card.open:
        yield cut(say(NOTHING_OPEN, {}, language), card.columns)
        return
    gate = sum(one.gate for one in card.open)
    yield cut(say(AT_GATE if gate else OPEN, {"count": len(card.open), "gate": gate}, language), card.columns)
    for one in islice(sorted(card.open, key=lambda one: not one.gate), HANDFUL):
        clause = f" ({one.clause})" if one.clause else ""
        text = cut(say(one.text, one.facts, language), card.columns - MARGIN - 4 - len(clause))
        yield f"  {'!' if one.gate else '-'} {text}{clause}"
    if len(card.open) > HANDFUL:
        yield cut("  " + say(MORE, {"count": len(card.open) - HANDFUL, "id": card.id}, language), card.columns)


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


def cut(text: str, room: int = COLUMNS) -> str:
    """The text in so many columns at most; one that is longer ends with …, and nothing in it is obeyed."""
    text = "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)
    if width(text) <= room:
        return text
    kept, left = "", room - 1 - MARGIN
    for letter in text:
        left -= width(letter)
        if left < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
