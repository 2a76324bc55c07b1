"""The verb ``dated``: a day not before another, not after another, or inside a period.

A partly known day is held only to what is certain about it. The other day is that of a field or an event, plus calendar
months and days.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, TypeGuard

from shelterctl.core.manual.field import PossibleSpan
from shelterctl.core.manual.rule import Bound, BoundWritten, Rule, Violation
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name
from shelterctl.core.rules.verbs.verb import (
    DAY_KINDS,
    Binding,
    Check,
    Key,
    RuleVerb,
    Way,
)
from shelterctl.core.values.days import Span, add_days, add_months, calendar_months
from shelterctl.core.values.moments import add_hours, first_moment, is_certainly_earlier, last_moment
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_


@immutable
class BoundDay:
    """A limit for a day, bound to its name."""

    name: Name
    months: int
    days: int
    hours: int = 0

    def read(self, entry: Entry, context: Context, *, last: bool = False) -> date | None:
        """Return the day of the limit; None where it is unknown.

        A negative offset is added to the day under test instead of being taken from the named day, because a year back
        from 29 February would be a different day: the result is the first day, or with *last* the last one, from which
        that many months lead to the named day.
        """
        found = self.name.read_days(entry, context)
        on = found.last if isinstance(found, Span) else found
        if not isinstance(on, date):
            return None
        if not self.months and not self.days:
            return on
        if self.months >= 0:
            return add_days(add_months(on, self.months), self.days)
        back = add_months(on, self.months)
        near = [day for step in range(-3, 4) if _is_reached(day := add_days(back, step), -self.months, on, last=last)]
        return add_days(max(near) if last else min(near), self.days) if near else add_days(back, self.days)


def bind_day(binding: Binding, key: Key, bound: Bound | None, *, timed: bool = False) -> BoundDay | None:
    """Return a limit of a rule with its offset and its name resolved, or None; a *timed* one can be moved by hours."""
    if bound is None:
        return None
    if bound.hours and not timed:
        binding.add_idle((*key, "hours"), binding.rule.verb)
    name = binding.bind((*key, "of"), bound.of, *DAY_KINDS, alone=True, label=True)
    if bound.hours and (bound.months or bound.days):
        binding.add_idle((*key, "hours"), "months" if bound.months else "days")
    return BoundDay(name, bound.months, bound.days, bound.hours)


def _is_reached(day: date, months: int, to: date, *, last: bool) -> bool:
    there = add_months(day, months)
    return there <= to if last else there >= to


DAY_FACTS = "key day bound other months latest"


@immutable
class Dated(RuleVerb):
    """Days must be *from* one day on, up *to* another, or *in* a period.

    A bound that is moved by hours compares times. Where only a day is known, it is broken only if it is broken at every
    hour of that day.
    """

    from_: Annotated[Bound, BoundWritten] | None = None
    to: Annotated[Bound, BoundWritten] | None = None
    in_: str | None = None

    word = "dated"
    WAYS: ClassVar[Mapping[str, Way]] = {
        "early": Way(N_("{label}: {day}. {other}: {bound}. The first cannot be earlier ({clause})."), DAY_FACTS),
        "late": Way(N_("{label}: {day}. {other}: {bound}. The first cannot be later ({clause})."), DAY_FACTS),
        "too-early": Way(
            N_("{label}: {day}. {other}: {base}. First possible day: {bound} ({clause})."), f"{DAY_FACTS} base"
        ),
        "too-late": Way(
            N_("{label}: {day}. {other}: {base}. Last possible day: {bound} ({clause})."), f"{DAY_FACTS} base"
        ),
        "hours-early": Way(
            N_("{label}: {day}. {other}: {base}. Earliest possible time: {bound} ({clause})."), f"{DAY_FACTS} base"
        ),
        "hours-late": Way(
            N_("{label}: {day}. {other}: {base}. Latest possible time: {bound} ({clause})."), f"{DAY_FACTS} base"
        ),
        "ahead": Way(N_("{label}: {day}. That day is still to come ({clause})."), DAY_FACTS),
        "outside": Way(
            N_("{label}: {day}. {other}: {first} – {last}. The first must lie within the second ({clause})."),
            f"{DAY_FACTS} first last outside",
        ),
    }
    WANTED = ("from", "to", "in")
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {"in": ("from", "to")}

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports nothing where a day is unknown."""
        names = binding.bind_names(*DAY_KINDS, *(["months"] if self.in_ else []), alone=True)
        first, last = (
            bind_day(binding, ("from",), self.from_, timed=True),
            bind_day(binding, ("to",), self.to, timed=True),
        )
        if self.in_ is not None:
            kinds = () if self.in_ == "stay" else ("span",)
            period = binding.bind(("in",), self.in_, *kinds, alone=True, label=True)
            return lambda entry, context: _check_period(names, period, entry, context)

        def check(entry: Entry, context: Context) -> list[Violation]:
            found: list[Violation] = []
            for name in names:
                on = name.read_days(entry, context)
                if on is None:
                    continue
                begins, ends = (on.first, on.last) if isinstance(on, Span) else (on, on)
                if isinstance(on, PossibleSpan):
                    begins, ends = ends, begins
                for bound, day, early in ((first, begins, True), (last, ends, False)):
                    describe = _describe_breach_of_hours if bound and bound.hours else _describe_breach
                    breach = describe(bound, day, name, early, entry, context) if bound else None
                    if breach:
                        reason, facts = breach
                        key = name.text.partition(".")[0]
                        found.append(Violation(name.text, reason, {"key": key, "day": on, **facts}))
            return found

        return check

    def reasons(self, rule: Rule) -> Iterator[str]:
        """Yield the reasons that its bounds make possible, each with an offset or without."""
        found = {"outside"} if self.in_ else set()
        if bound := self.from_:
            found.add("hours-early" if bound.hours else "too-early" if bound.months or bound.days else "early")
        if bound := self.to:
            late = "ahead" if bound.of == "today" else "late"
            found.add("hours-late" if bound.hours else "too-late" if bound.months or bound.days else late)
        yield from (reason for reason in self.WAYS if reason in found)


def _describe_breach(
    bound: BoundDay, day: date, name: Name, early: bool, entry: Entry, context: Context
) -> tuple[str, dict[str, Any]] | None:
    """Return the reason and the facts of a day beyond its bound, or None; on one day the times are compared."""
    limit = bound.read(entry, context, last=not early)
    if limit is None:
        return None
    moved, beyond = bound.months or bound.days, day < limit if early else day > limit
    if not beyond and (moved or day != limit):
        return None
    other = bound.name.text
    facts: dict[str, Any] = {"bound": limit, "other": other, "months": bound.months, "latest": limit}
    if not beyond:
        at, theirs = name.read(entry, context), bound.name.read(entry, context)
        if not is_earlier(*((at, theirs) if early else (theirs, at))):
            return None
        facts |= {"day": at, "bound": theirs}
    if moved:
        base = bound.name.read_days(entry, context)
        return "too-early" if early else "too-late", {**facts, "base": base}
    return "early" if early else "ahead" if other == "today" else "late", facts


def _describe_breach_of_hours(
    bound: BoundDay, day: date, name: Name, early: bool, entry: Entry, context: Context
) -> tuple[str, dict[str, Any]] | None:
    """Return the reason and the facts of a time that is certainly beyond its bound, or None."""
    said, base = name.read(entry, context), bound.name.read(entry, context)
    at = said if isinstance(said, datetime) else day
    if not isinstance(base, datetime):
        days = bound.name.read_days(entry, context)
        base = (days.first if early and isinstance(days, PossibleSpan) else days.last) if _is_span(days) else days
    if not isinstance(base, date):
        return None
    zone = context.zone
    pair, hours = ((at, base), -bound.hours) if early else ((base, at), bound.hours)
    if not is_certainly_earlier(*pair, zone, hours):
        return None
    limit = add_hours((first_moment if early else last_moment)(base, zone), bound.hours)
    facts = {"bound": limit, "other": bound.name.text, "months": 0, "latest": limit, "day": at, "base": base}
    return "hours-early" if early else "hours-late", facts


def _is_span(days: Any) -> TypeGuard[Span]:
    return isinstance(days, Span)


def is_earlier(at: Any, theirs: Any) -> bool:
    """Return whether the first of two times is earlier; a time without an offset is local time."""
    if not (isinstance(at, datetime) and isinstance(theirs, datetime)):
        return False
    if at.tzinfo is None or theirs.tzinfo is None:
        at, theirs = at.replace(tzinfo=None), theirs.replace(tzinfo=None)
    return bool(at < theirs)


def _check_period(names: tuple[Name, ...], period: Name, entry: Entry, context: Context) -> Iterator[Violation]:
    """Yield violations for days or listed months outside a period; an open stay has no end.

    A mere number of months is never outside.
    """
    stay = context.stay if period.text == "stay" else None
    for name in names:
        on = name.read_days(entry, context)
        if on is None:
            continue
        whole = stay_span(context) if period.text == "stay" else period.read(entry, context)
        first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
        if whole is None and stay and stay.arrived_on and isinstance(first, date):
            if first < stay.arrived_on:
                yield Violation(name.text, "early", {"day": on, "bound": stay.arrived_on, "other": "arrival"})
            continue
        if not isinstance(whole, Span) or isinstance(on, int):
            continue
        facts = {"first": whole.first, "last": whole.last, "other": period.text, "day": on}
        if isinstance(on, tuple) and not isinstance(on, Span):
            outside = [month for month in on if month not in calendar_months(whole)]
            if outside:
                yield Violation(name.text, "outside", {**facts, "outside": outside})
        elif first < whole.first or last > whole.last:
            yield Violation(name.text, "outside", facts)


def stay_span(context: Context) -> Span | None:
    """Return the days of her stay, where both its ends are known."""
    stay = context.stay
    if stay is None or stay.arrived_on is None or stay.discharged_on is None:
        return None
    return Span(stay.arrived_on, stay.discharged_on)
