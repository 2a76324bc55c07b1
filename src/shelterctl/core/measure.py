"""Verbs that measure: days against days, numbers against their limits, and what may stand once alone."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from shelterctl.core.around import Around, field_of, moments, value
from shelterctl.core.days import Span, months_in, months_touched
from shelterctl.core.entry import Entry, one_name
from shelterctl.core.field import UNKNOWN, Possible
from shelterctl.core.reach import count, counted, day_from, offset, reached, whole_stay
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Track

if TYPE_CHECKING:
    from fractions import Fraction

TYIYN = Decimal("0.01")


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
        for word, day in (("from", first), ("to", last)):
            if word in asks and (found := _beyond(word, day, asks[word], name, entry, around)):
                reason, facts = found
                yield Broken(name, reason, {"key": name.partition(".")[0], "day": on, **facts})


def _beyond(
    word: str, day: date, wanted: Any, name: str, entry: Entry, around: Around
) -> tuple[str, dict[str, Any]] | None:
    """How a day lies beyond its bound, with the facts of that; times of one day are held against each other."""
    other, months, days = offset(wanted)
    bound = day_from(wanted, entry, around, last=word == "to")
    if bound is None:
        return None
    early = word == "from"
    facts = {"bound": bound, "other": other, "months": months, "latest": bound}
    if not (day < bound if early else day > bound):
        one, two = value(entry, name, around), value(entry, other, around)
        if months or days or day != bound or not _crossed(*((one, two) if early else (two, one))):
            return None
        facts |= {"day": one, "bound": two}
    if months or days:
        base = moments(entry, other, around)
        return "too-early" if early else "too-late", {**facts, "base": base}
    ahead = not early and other == "today"
    return "early" if early else "ahead" if ahead else "late", facts


def _crossed(one: Any, two: Any) -> bool:
    """Whether of two times the first is the earlier one; without an offset they are of the house's own clock."""
    if not (isinstance(one, datetime) and isinstance(two, datetime)):
        return False
    if one.tzinfo is None or two.tzinfo is None:
        one, two = one.replace(tzinfo=None), two.replace(tzinfo=None)
    return bool(one < two)


def _inside(name: str, on: Any, wanted: str, entry: Entry, around: Around) -> Iterator[Broken]:
    """Days or listed months that do not lie in a period; a number of months lies anywhere, an open stay has no end."""
    whole = whole_stay(around) if wanted == "stay" else value(entry, wanted, around)
    first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
    if whole is None and wanted == "stay" and around.stay and around.stay.arrived_on and isinstance(first, date):
        if first < around.stay.arrived_on:
            yield Broken(name, "early", {"day": on, "bound": around.stay.arrived_on, "other": "arrival"})
        return
    if not isinstance(whole, Span) or isinstance(on, int):
        return
    told = {"first": whole.first, "last": whole.last, "other": wanted, "day": on}
    if isinstance(on, tuple) and not isinstance(on, Span):
        outside = [month for month in on if month not in months_touched(whole)]
        if outside:
            yield Broken(name, "outside", {**told, "outside": outside})
    elif first < whole.first or last > whole.last:
        yield Broken(name, "outside", told)


def amount(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """A number is no more, no less or exactly so much; and together with what the reach counts no more either."""
    asks, name = ruling.asks, rule.names[0]
    mine = amount_of(entry, name, around)
    if mine is None:
        return
    for word, wrong in (("at_least", "under"), ("exactly", "differs")):
        wanted = limit(ruling, entry, around, word)
        if wanted is not None and (mine < wanted if word == "at_least" else mine != wanted):
            yield Broken(name, wrong, {**_counts(ruling, entry, around), "value": mine, word: wanted, name: mine})
    most = limit(ruling, entry, around)
    if most is None:
        return
    most = int(most) if isinstance(mine, int) else most  # a count has no tyiyn
    told = {"value": mine, "amount": mine, "cap": most, "at_most": asks["at_most"], **_counts(ruling, entry, around)}
    if mine > most:
        yield Broken(name, "over", {**told, "most": most, **_period(asks["at_most"], entry, around), name: mine})
        return
    others = reached(ruling, entry, around)
    if "each" in asks:
        yield from _each_month(name, ruling, entry, others, around)
        return
    theirs = sum((amount_of(other, name, around) or 0 for other in others), type(mine)(0))
    if asks.get("times"):
        most += sum((limit(ruling, other, around) or 0 for other in others), type(most)(0))
    if theirs and mine + theirs > most:
        yield Broken(name, "together", {name: mine, **told, "together": theirs, "sum": mine + theirs, "cap": most})


def _each_month(name: str, ruling: Ruling, entry: Entry, others: list[Entry], around: Around) -> Iterator[Broken]:
    """What a month gets from all of them together is no more than one month may have.

    Of a number of months any one may be meant: where that could be too much, the list is asked for.
    """
    months, most = value(entry, ruling.asks["each"], around), Decimal(count(ruling.asks["at_most"], entry, around))
    theirs = by_month(name, ruling, others, around)
    if not theirs or not months:
        return
    mine = share(amount_of(entry, name, around), months)
    over = [month for month in paid(entry, ruling, around) if month in theirs and mine + theirs[month] > most]
    if over and isinstance(months, int):
        yield Broken(name, "number")
    elif over:
        first = max(over, key=lambda month: theirs[month])
        amount, together, total = (rounded(each) for each in (mine, theirs[first], mine + theirs[first]))
        told = {"value": amount, "amount": amount, "together": together, "sum": total, "cap": most}
        yield Broken(name, "together", {**told, "months": over})


def by_month(name: str, ruling: Ruling, others: list[Entry], around: Around) -> "dict[str, Fraction]":
    """What each month gets from these entries; of a number of months any one of the period may be meant."""
    found: dict[str, Fraction] = {}
    for other in others:
        months, part = value(other, ruling.asks["each"], around), amount_of(other, name, around)
        if not months or part is None:
            continue
        for month in paid(other, ruling, around):
            found[month] = found.get(month, 0) + share(part, months)
    return found


def share(amount: Any, months: int | tuple[str, ...]) -> "Fraction":
    """What each of so many months gets of an amount, exactly: a third has no end in decimals."""
    from fractions import Fraction  # noqa: PLC0415 - only where several agreements pay one month

    return Fraction(amount) / (months if isinstance(months, int) else len(months))


def rounded(som: "Fraction", how: str = ROUND_HALF_UP) -> Decimal:
    """A share in som and tyiyn."""
    return (Decimal(som.numerator) / som.denominator).quantize(TYIYN, how)


def paid(entry: Entry, ruling: Ruling, around: Around) -> tuple[str, ...]:
    """The months of an entry as a ruling counts each: those that are listed, else any of its period."""
    return _paid(entry, ruling.asks["each"], ruling.asks.get("overlaps"), around)


def amount_of(entry: Entry, name: str, around: Around) -> Any:
    """What a name counts for: a number itself, a list by how many there are, 0 if it is absent; nothing if unknown."""
    if name.startswith("count:"):
        return counted(name.removeprefix("count:"), around)
    found, one = value(entry, name, around), field_of(entry, name, around)
    if found in (None, UNKNOWN):
        return 0 if one is not None and one.several else None
    return len({one_name(each) for each in found}) if isinstance(found, tuple) else found


def limit(ruling: Ruling, entry: Entry, around: Around, word: str = "at_most") -> Any:
    """What a ruling allows or wants: its number times the entry's own numbers that it names; None if unknown."""
    wanted = count(ruling.asks.get(word), entry, around)
    if wanted is None:
        return None
    counts = list(_counts(ruling, entry, around).values())
    if None in counts:
        return None
    if word == "at_most" and isinstance(ruling.asks[word], int | str):
        wanted = Decimal(wanted)
    for number in counts:
        wanted *= number
    return wanted


def _counts(ruling: Ruling, entry: Entry, around: Around) -> dict[str, Any]:
    """What a limit is multiplied by: a number of the entry, or the days or months of a period, each by its name."""
    return {
        name: amount_of(entry, of, around) if name == of else count(one, entry, around)
        for name, of, one in multipliers(ruling)
    }


def multipliers(ruling: Ruling) -> Iterator[tuple[str, str, Any]]:
    """What a number is multiplied by: its name, the field that it is read off, and as the ruling has it."""
    for one in ruling.asks.get("times") or ():
        kind, of = next(iter(one.items())) if isinstance(one, Mapping) else (one, one)
        yield kind.removesuffix("_of"), of, one


def _period(wanted: Any, entry: Entry, around: Around) -> dict[str, Any]:
    """The period whose months are counted, for whoever is told that there are too many."""
    span = value(entry, wanted["months_of"], around) if isinstance(wanted, Mapping) and "months_of" in wanted else None
    if not isinstance(span, Span) or isinstance(span, Possible):
        return {}
    return {"first": span.first, "last": span.last, "most": months_in(span)}


def once(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """No other entry in reach has it too; of months each is paid once, and a number of them does only alone (X29).

    Of two periods no day may lie in both, and none of two that are written as a beginning and an end, if it has come.
    """
    entry, name = _whose(entry, rule.names[0], around)
    if len(rule.names) > 1:
        yield from _at_once(rule, ruling, entry, around)
        return
    mine = value(entry, name, around)
    if mine is None:
        return
    if ruling.asks.get("within") == "store":
        yield from _elsewhere(name, mine, rule.names[0], entry, around)
        return
    others = [other for other in reached(ruling, entry, around) if value(other, name, around) is not None]
    if not others:
        return
    if isinstance(mine, Span):
        shared = [(other, _shared(mine, value(other, name, around))) for other in others]
        yield from (Broken(name, "", {"value": days, "other_entry": other}) for other, days in shared if days)
    elif isinstance(mine, int):
        yield Broken(name, "number")
    elif isinstance(mine, tuple):
        paid = {month: other for other in others for month in _paid(other, name, ruling.asks.get("overlaps"), around)}
        if twice := sorted({*paid} & {*mine}):
            yield Broken(name, "months", {"months": twice, "other_entry": paid[twice[0]]})
    else:
        same = (other for other in others if value(other, name, around) == mine)
        yield from (Broken(name, "", {"other_entry": other}) for other in [*same][:1])


def _at_once(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """That another entry has begun and not ended while this one lasts: two names are the beginning and the end."""
    begin, end = rule.names[:2]
    first, last = value(entry, begin, around), value(entry, end, around)
    if first is None:
        return
    for other in reached(ruling, entry, around):
        others, ended = value(other, begin, around), value(other, end, around)
        apart = (
            others is None
            or (last is not None and not _crossed(others, last))
            or (ended is not None and not _crossed(first, ended))
        )
        if not apart:
            yield Broken(begin, "", {"other_entry": other})
            return


def _whose(entry: Entry, name: str, around: Around) -> tuple[Entry, str]:
    """The entry in which a name is written, and its name there: her file's own, where another track is named."""
    first, _, rest = name.partition(".")
    last = around.last(first) if rest and first not in entry.fields and first in around.tracks else None
    return (last, rest) if last else (entry, name)


def _elsewhere(name: str, mine: Any, called: str, entry: Entry, around: Around) -> Iterator[Broken]:
    """That somebody else's file has the same, if the files are there to be looked at."""
    track, her = (entry.outer or entry).of, around.client.id if around.client else None
    if isinstance(track, Track) and around.everyone is not None:
        found = next(around.everyone.having(track, name, mine, her), None)
        if found is not None:
            yield Broken(called, "elsewhere", {"whose": found})


def _shared(one: Span, other: Any) -> Span | None:
    """The days that lie in both periods."""
    if not isinstance(other, Span) or not one.overlaps(other):
        return None
    return Span(max(one.first, other.first), min(one.last, other.last))


def _paid(other: Entry, name: str, period: str | None, around: Around) -> tuple[str, ...]:
    """The listed months; where only a number was written, any month of the period may be meant."""
    months = value(other, name, around)
    if isinstance(months, tuple):
        return months
    span = value(other, period, around) if period else None
    return months_touched(span) if isinstance(span, Span) else ()
