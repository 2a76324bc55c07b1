"""Verbs that measure: days against days, numbers against their limits, and what may stand once alone."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shelterctl.core.days import Span, months_in, months_touched
from shelterctl.core.entry import Around, Entry, field_of, moments, value
from shelterctl.core.field import Possible
from shelterctl.core.reach import count, counted, day_from, offset, reached, too_early
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling


def dated(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """A day is not before one, not after another, or lies inside a period; what is only partly known must certainly."""
    asks = ruling.asks
    for name in rule.names:
        on = moments(entry, name, around)
        if on is None:
            continue
        if "in" in asks:
            yield from _inside(name, on, asks["in"], entry, around)
            continue
        first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
        if isinstance(on, Possible):
            first, last = last, first
        told = {"key": name.partition(".")[0], "day": on}
        if "from" in asks and (bound := too_early(first, asks["from"], entry, around)):
            yield Broken(name, "early", {**told, "bound": bound, "other": offset(asks["from"])[0]})
        bound = day_from(asks["to"], entry, around) if "to" in asks else None
        if bound and last > bound:
            base, months, _ = offset(asks["to"])
            yield Broken(name, "late", {**told, "bound": bound, "other": base, "months": months, "latest": bound})


def _inside(name: str, on: Any, wanted: str, entry: Entry, around: Around) -> Iterator[Broken]:
    """Days or listed months that do not lie in a period; a number of months lies anywhere."""
    whole = value(entry, wanted, around)
    if not isinstance(whole, Span) or isinstance(on, int):
        return
    told = {"first": whole.first, "last": whole.last, "other": wanted, "day": on}
    if isinstance(on, tuple) and not isinstance(on, Span):
        outside = [month for month in on if month not in months_touched(whole)]
        if outside:
            yield Broken(name, "outside", {**told, "outside": outside})
        return
    first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
    if first < whole.first or last > whole.last:
        yield Broken(name, "outside", told)


def amount(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """A number is no more, no less or exactly so much; and together with what the reach counts no more either."""
    asks, name = ruling.asks, rule.names[0]
    mine = amount_of(entry, name, around)
    if mine is None:
        return
    for word, wrong in (("at_least", "under"), ("exactly", "differs")):
        wanted = count(asks[word], entry, around) if word in asks else None
        if wanted is not None and (mine < wanted if word == "at_least" else mine != wanted):
            yield Broken(name, wrong, {"value": mine, word: wanted, name: mine})
    most = limit(ruling, entry, around)
    if most is None:
        return
    told = {"amount": mine, "cap": most, "at_most": asks["at_most"], **_counts(ruling, entry, around)}
    if mine > most:
        yield Broken(name, "over", {**told, **_period(asks["at_most"], entry, around), name: mine, "most": most})
        return
    others = reached(ruling, entry, around)
    theirs = sum((amount_of(other, name, around) or 0 for other in others), type(mine)(0))
    if asks.get("times"):
        most += sum((limit(ruling, other, around) or 0 for other in others), type(most)(0))
    if theirs and mine + theirs > most:
        yield Broken(name, "together", {**told, "together": theirs, "sum": mine + theirs, "cap": most})


def amount_of(entry: Entry, name: str, around: Around) -> Any:
    """What a name counts for: a number itself, a list or months by how many there are; an absent list counts 0."""
    if name.startswith("count:"):
        return counted(name.removeprefix("count:"), around)
    found, one = value(entry, name, around), field_of(entry, name, around)
    if found is None:
        return 0 if one is not None and one.several else None
    return len({*found}) if isinstance(found, tuple) else found


def limit(ruling: Ruling, entry: Entry, around: Around) -> Any:
    """The most that a ruling allows: its number times the entry's own numbers that it names; None if unknown."""
    if "at_most" not in ruling.asks:
        return None
    most = count(ruling.asks["at_most"], entry, around)
    counts = list(_counts(ruling, entry, around).values())
    if most is None or None in counts:
        return None
    most = Decimal(most) if isinstance(ruling.asks["at_most"], int | str) else most
    for number in counts:
        most *= number
    return most


def _counts(ruling: Ruling, entry: Entry, around: Around) -> dict[str, Any]:
    return {name: amount_of(entry, name, around) for name in ruling.asks.get("times") or ()}


def _period(wanted: Any, entry: Entry, around: Around) -> dict[str, Any]:
    """The period whose months are counted, for whoever is told that there are too many."""
    span = value(entry, wanted["months_of"], around) if isinstance(wanted, Mapping) and "months_of" in wanted else None
    return {"first": span.first, "last": span.last, "most": months_in(span)} if isinstance(span, Span) else {}


def once(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """No other entry in reach has it too; of months each is paid once, and a number of them does only alone (X29)."""
    name = rule.names[0]
    mine = value(entry, name, around)
    if mine is None:
        return
    others = [other for other in reached(ruling, entry, around) if value(other, name, around) is not None]
    if not others:
        return
    if isinstance(mine, int):
        yield Broken(name, "number")
    elif isinstance(mine, tuple):
        paid = {month for other in others for month in _paid(other, name, ruling.asks.get("overlaps"), around)}
        if twice := sorted(paid & set(mine)):
            yield Broken(name, "months", {"months": twice})
    elif any(value(other, name, around) == mine for other in others):
        yield Broken(name)


def _paid(other: Entry, name: str, period: str | None, around: Around) -> tuple[str, ...]:
    """The listed months; where only a number was written, any month of the period may be meant."""
    months = value(other, name, around)
    if isinstance(months, tuple):
        return months
    span = value(other, period, around) if period else None
    return months_touched(span) if isinstance(span, Span) else ()
