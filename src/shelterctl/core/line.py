"""The words by which a form binds one line, each a small function; together.py looks across agreements."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from shelterctl.core.asked import Asked, Course
from shelterctl.core.days import Span, months_after, months_in, months_touched
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.ruling import Ruling, Strength
from shelterctl.core.setting import Setting
from shelterctl.language import N_, Plural, Sentence

WEIGHT = {Strength.SHALL: Severity.REFUSE, Strength.SHOULD: Severity.OPEN, Strength.NOTE: Severity.WARN}

OVER_CAP: Mapping[tuple[str, ...], Sentence] = {
    (): N_("Line {line} asks {amount} som; the {form} allows {at_most} ({clause}). {advice}"),
    ("months",): Plural(
        N_("Line {line} asks {amount} som; the {form} allows {at_most} a month ({clause}), 1 month. {advice}"),
        N_(
            "Line {line} asks {amount} som; the {form} allows {at_most} a month ({clause}), "
            "{months} months make {cap}. {advice}"
        ),
        "months",
    ),
    ("days", "persons"): N_(
        "Line {line} asks {amount} som; the {form} allows {at_most} a day and person ({clause}), "
        "days {days} × persons {persons} make {cap}. {advice}"
    ),
}
NEEDS = N_("Line {line} needs {key} ({clause}).")
NEEDS_IN_FILE = N_("Write it beside the amount.")
INSIDE_IN_FILE = N_("Write it under {inside}.")
ONE_OF = N_("{key} of line {line} must be one of {codes} ({clause}). Correct it, or take the line out.")
TOO_LONG = Plural(
    N_("{key} of line {line} runs longer than {months} month: it may end by {latest} ({clause}). Shorten it."),
    N_("{key} of line {line} runs longer than {months} months: it may end by {latest} ({clause}). Shorten it."),
    "months",
)
TOO_MANY = N_(
    "Line {line} asks for {months} months, but the period from {first} to {last} has {most} ({clause}). "
    "Lower the months, or lengthen the period."
)
OUTSIDE = N_("Line {line} names {outside}, outside the period from {first} to {last} ({clause}). Take it out.")
PERSONS = N_(
    "Line {line} counts {persons} persons; her file has her and {children} children who stay with her ({clause}). "
    "Correct the number, or record the children."
)
BEYOND = N_("Line {line} counts {days} days; her stay has {stayed} ({clause}). Lower the days.")

Word = Callable[[Asked, str, Ruling, Setting], Iterator[Finding]]


def found(code: str, asked: Asked, ruling: Ruling, message: Sentence, where: str, **facts: object) -> Finding:
    """A finding on a line, as heavy as its ruling is strong, under the ruling's clause."""
    named = {"line": asked.line.number, "clause": ruling.clause, **facts}
    if ruling.reading:
        named["reading"] = ruling.reading
    weight = WEIGHT[ruling.strength]
    return Finding(
        code=f"agreement/{code}", severity=weight, message=message, where=where, clause=ruling.clause, facts=named
    )


def limit(asked: Asked, ruling: Ruling) -> Decimal:
    """The cap in som: the ruling's amount times the line's own numbers that it names."""
    cap = Decimal(ruling.asks["at_most"])
    for name in ruling.asks["times"]:
        cap *= asked.count(name)
    return cap


def cap(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The line asks no more than its cap."""
    times = tuple(ruling.asks["times"])
    if asked.amount is None or any(name not in asked.values for name in times):
        return
    most = limit(asked, ruling)
    if asked.amount > most:
        counts = {name: asked.count(name) for name in times}
        facts = {"amount": asked.amount, "cap": most, "at_most": Decimal(ruling.asks["at_most"]), **counts}
        titles = {"form": setting.form_title, "advice": setting.advice}
        yield found("over-cap", asked, ruling, OVER_CAP[times], asked.at_amount, **facts, **titles)


def needs(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The key stands beside the amount; a course names its profession."""
    value = asked.values.get(key)
    if value is None:
        yield _lacking(asked, key, ruling)
    elif isinstance(value, Course) and value.profession is None:
        lacking = found("missing-key", asked, ruling, NEEDS, f"{asked.where}/{key}", key="profession", inside=key)
        yield replace(lacking, in_file=INSIDE_IN_FILE)


def _lacking(asked: Asked, key: str, ruling: Ruling) -> Finding:
    return replace(found("missing-key", asked, ruling, NEEDS, asked.where, key=key), in_file=NEEDS_IN_FILE)


def one_of(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The key, where it stands, is one of these codes."""
    if key in asked.values and asked.values[key] not in ruling.asks["codes"]:
        place = f"{asked.where}/{key}"
        yield found("bad-code", asked, ruling, ONE_OF, place, key=key, codes=ruling.asks["codes"])


def spells_out(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """Where the key says ``other``, the text of *in* says what."""
    if asked.values.get(key) == "other" and ruling.asks["in"] not in asked.values:
        yield _lacking(asked, ruling.asks["in"], ruling)


def no_longer_than(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The key's period ends no later than so many calendar months after its first day."""
    value = asked.values.get(key)
    span: Span | None = value.span if isinstance(value, Course) else value
    if span is None:
        return
    latest = months_after(span.first, ruling.asks["months"])
    if span.last > latest:
        place = f"{asked.where}/{key}/to"
        yield found("too-long", asked, ruling, TOO_LONG, place, key=key, months=ruling.asks["months"], latest=latest)


def within_period(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The months are no more than the agreement's period has, and lie in it (X81)."""
    period, months = setting.period, asked.values.get(key)
    if period is None or months is None:
        return
    facts: dict[str, object] = {"first": period.first, "last": period.last}
    most, place = months_in(period), f"{asked.where}/{key}"
    if asked.count(key) > most:
        facts |= {"months": asked.count(key), "most": most}
        yield found("too-many-months", asked, ruling, TOO_MANY, place, **facts)
    if isinstance(months, tuple) and (outside := [m for m in months if m not in months_touched(period)]):
        yield found("month-outside", asked, ruling, OUTSIDE, place, outside=outside, **facts)


def month_inside(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """Listed months lie inside the period named beside them, such as the time of study (X29)."""
    span, months = asked.values.get(ruling.asks["of"]), asked.values.get(key)
    if not isinstance(span, Span) or not isinstance(months, tuple):
        return
    outside = [month for month in months if month not in months_touched(span)]
    if outside:
        facts = {"outside": outside, "first": span.first, "last": span.last}
        yield found("month-outside", asked, ruling, OUTSIDE, f"{asked.where}/{key}", **facts)


def persons_of_file(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The persons counted are the client and the children who stay with her (X20)."""
    if setting.client and key in asked.values and asked.count(key) != len(setting.client.children) + 1:
        facts = {"persons": asked.count(key), "children": len(setting.client.children)}
        yield found("persons-differ", asked, ruling, PERSONS, f"{asked.where}/{key}", **facts)


def days_of_stay(asked: Asked, key: str, ruling: Ruling, setting: Setting) -> Iterator[Finding]:
    """The days are no more than the stay had, where its end is known (X20)."""
    stay = setting.stay
    if stay is None or stay.arrived_on is None or stay.discharged_on is None:
        return
    stayed = (stay.discharged_on - stay.arrived_on).days + 1
    if asked.count(key) > stayed:
        facts = {"days": asked.count(key), "stayed": stayed}
        yield found("days-beyond-stay", asked, ruling, BEYOND, f"{asked.where}/{key}", **facts)


WORDS: Mapping[str, Word] = {
    "cap": cap,
    "needs": needs,
    "one_of": one_of,
    "spells_out": spells_out,
    "no_longer_than": no_longer_than,
    "within_period": within_period,
    "month_inside": month_inside,
    "persons_of_file": persons_of_file,
    "days_of_stay": days_of_stay,
}
"""The words of one line. A new kind of rule is one small function and one word here."""
