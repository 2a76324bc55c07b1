"""Caps that count over several agreements of one client: the reading that cannot overspend (X22, X27, X29)."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from shelterctl.core.asked import Agreement, Asked, Course
from shelterctl.core.days import months_touched
from shelterctl.core.finding import Finding
from shelterctl.core.line import Word, found, limit
from shelterctl.core.ruling import Ruling
from shelterctl.core.setting import Setting
from shelterctl.language import N_

TOGETHER = N_(
    "Line {line} asks {amount} som; with {together} in her other agreements that makes {sum}, and {cap} is allowed "
    "({clause}). Lower the line. Adding them up is our reading ({reading}); IOM may confirm it."
)
TWICE = N_(
    "Line {line} asks for {months} again; another of her agreements has it already ({clause}). Take it out. "
    "That no month is paid twice over several agreements is our reading ({reading}); IOM may confirm it."
)
LIST_THEM = N_(
    "Another of her agreements has line {line} in an overlapping period ({clause}). Instead of a number of months "
    "write the list, such as [2026-12, 2027-01], so that no month is paid twice. This is our reading ({reading})."
)

Reach = Callable[[Asked, Setting], Iterator[Asked]]


def _lines(asked: Asked, setting: Setting) -> Iterator[tuple[Agreement, Asked]]:
    """The same line in her other agreements of the same form."""
    for other in setting.others:
        for line in other.lines:
            if other.form == setting.form and line.line.number == asked.line.number:
                yield other, line


def _agreement(asked: Asked, setting: Setting) -> Iterator[Asked]:
    """This agreement alone."""
    return iter(())


def _stay(asked: Asked, setting: Setting) -> Iterator[Asked]:
    """Agreements of the same stay."""
    stay = setting.stay.id if setting.stay else None
    return (line for other, line in _lines(asked, setting) if other.facts.get("stay") == stay)


def _client(asked: Asked, setting: Setting) -> Iterator[Asked]:
    """Agreements since her last referral, and before the next one; all of them where no referral is dated."""
    her = setting.client
    since = her.referred_on(setting.day) if her else None
    return (
        line for other, line in _lines(asked, setting) if not her or not since or her.referred_on(other.day) == since
    )


def _period(asked: Asked, setting: Setting) -> Iterator[Asked]:
    """Agreements whose periods overlap."""
    return (line for other, line in _lines(asked, setting) if _overlaps(other, setting))


def _course(asked: Asked, setting: Setting) -> Iterator[Asked]:
    """The same course: the same profession, on overlapping dates."""
    for _, line in _lines(asked, setting):
        for one in line.values.values():
            for mine in asked.values.values():
                if isinstance(one, Course) and isinstance(mine, Course) and _same(one, mine):
                    yield line


def _same(one: Course, other: Course) -> bool:
    if one.profession is None or other.profession is None:
        return False
    return one.profession.strip().casefold() == other.profession.strip().casefold() and one.span.overlaps(other.span)


def _overlaps(other: Agreement, setting: Setting) -> bool:
    return bool(other.period and setting.period and other.period.overlaps(setting.period))


REACHES: Mapping[str, Reach] = {
    "agreement": _agreement,
    "stay": _stay,
    "client": _client,
    "period": _period,
    "course": _course,
}
"""How far a cap reaches: the words that ``within`` may be."""


def cap_together(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The line and the same line of every agreement in reach ask no more than one cap."""
    others = list(REACHES[ruling.asks["within"]](asked, setting))
    together = sum((line.amount for line in others if line.amount), Decimal(0))
    if not together or asked.amount is None or asked.amount > limit(asked, ruling):
        return
    most = limit(asked, ruling) + sum((limit(line, ruling) for line in others if ruling.asks["times"]), Decimal(0))
    if asked.amount + together > most:
        amounts = {"amount": asked.amount, "together": together, "sum": asked.amount + together, "cap": most}
        yield found("over-cap-together", asked, ruling, TOGETHER, asked.at_amount, **{"reading": "X22", **amounts})


def room(asked: Asked, setting: Setting) -> tuple[Decimal, Decimal] | None:
    """A line's cap and what her other agreements leave of it, in som; None where there is no cap, or not yet."""
    for word, _, ruling in asked.line.ruled(setting.day):
        if word == "cap" and all(asked.count(name) for name in ruling.asks["times"]):
            others = list(REACHES[ruling.asks["within"]](asked, setting))
            most = limit(asked, ruling)
            together = sum((line.amount for line in others if line.amount), Decimal(0))
            theirs = sum((limit(line, ruling) for line in others if ruling.asks["times"]), Decimal(0))
            return most, max(min(most, most + theirs - together), Decimal(0))
    return None


def month_once(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """No month is paid twice; a number of months will do only while no other agreement overlaps (X29)."""
    months = asked.values.get(key)
    others = [
        (other, line.values[key])
        for other, line in _lines(asked, setting)
        if _overlaps(other, setting) and key in line.values
    ]
    if months is None or not others:
        return
    place, reading = f"{asked.where}/{key}", {"reading": ruling.reading or "X29"}
    if not isinstance(months, tuple):
        yield found("list-months", asked, ruling, LIST_THEM, place, **reading)
        return
    paid = {month for other, listed in others for month in _paid(other, listed)}
    if twice := sorted(paid & set(months)):
        yield found("month-twice", asked, ruling, TWICE, place, months=twice, **reading)


def _paid(agreement: Agreement, months: object) -> tuple[str, ...]:
    """The listed months; where only a number was written, any month of the period may be meant."""
    if isinstance(months, tuple):
        return months
    return months_touched(agreement.period) if agreement.period else ()


WORDS: Mapping[str, Word] = {"cap": cap_together, "month_once": month_once}
"""The words that look across agreements; ``cap`` does both, alone and together."""
