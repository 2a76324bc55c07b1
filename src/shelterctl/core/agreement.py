"""A financial agreement with what stands around it: its lines read, its sums, and what its form says to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from shelterctl.core.around import Around, value
from shelterctl.core.days import read_day
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.finding import Finding
from shelterctl.core.judgement import judge as judge_rules
from shelterctl.core.judgement import judge_entry
from shelterctl.core.line import AMOUNT, read_line
from shelterctl.core.measure import by_month, limit, paid, rounded, share
from shelterctl.core.reach import count, reached
from shelterctl.core.record import Client, Facts
from shelterctl.core.ruling import Ruling, latest_clause
from shelterctl.core.term import judge_terms
from shelterctl.core.track import Part, Track
from shelterctl.language import N_, Text

UNKNOWN_LINE = N_("The {form} has no such line ({clause}). Its lines are {lines}. Move the amount, or take it out.")

WRITES, SIGNS = "agreement", "sign"
"""The acts that rest on an agreement: it is saved, and it is signed."""


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """One agreement, draft or signed, with its lines read and everything that stands around it."""

    form: Track
    entry: Entry
    around: Around
    malformed: tuple[Finding, ...] = ()

    @property
    def facts(self) -> Facts:
        """What is written in it."""
        return self.entry.written

    @property
    def day(self) -> date:
        """The agreement's own date: it decides which rules are in force."""
        return self.around.day

    @property
    def lines(self) -> tuple[Entry, ...]:
        """Its lines, in the form's order."""
        return self.entry.parts

    @property
    def total(self) -> Decimal:
        """The sum of its lines, in som."""
        return sum((line.values[AMOUNT] for line in self.lines if AMOUNT in line.values), Decimal(0))


def read_agreement(form: Track, facts: Facts, *, signing: bool | None = None, **around: Any) -> Agreement:
    """The agreement with every line read; *around* it whatever is known: client, stay, registers, today, others.

    *signing* says that it is being signed; else that is told by whether it is.
    """
    day = read_day(facts["date"])
    if day is None:
        raise ValueError("the schema vouches for the date")
    whole = read_entry(form, facts)
    found: list[Finding] = []
    lines: list[Entry] = []
    for number in form.parts:  # in the form's order, however they were typed
        part = form.standing(number, day) if number in (facts.get("lines") or {}) else None
        if part is not None:
            line, wrong = read_line(part, facts["lines"][number], day, whole)
            found += wrong
            lines += [line] if line else []
    signs = "signed" in facts if signing is None else signing
    stands = Around(day=day, acts=frozenset({WRITES, SIGNS} if signs else {WRITES}), **around)
    return Agreement(form, replace(whole, parts=tuple(lines)), stands, tuple(found))


def sum_of(forms: Mapping[str, Track], facts: Facts) -> Decimal | None:
    """The sum of an agreement, in som; None where its form or a line of it is not one of *forms*."""
    form = forms.get(facts["form"])
    if form is None or (facts.get("lines") or {}).keys() - form.parts.keys():
        return None
    return read_agreement(form, facts).total


def judge(agreement: Agreement) -> tuple[Finding, ...]:
    """Everything in which the agreement and its form disagree on the agreement's own day."""
    return (
        *_unlisted(agreement),
        *agreement.malformed,
        *(found for line in agreement.lines for found in _of_line(line, agreement.around)),
        *judge_entry(agreement.entry, agreement.around),
    )


def _of_line(line: Entry, around: Around) -> Iterator[Finding]:
    """What breaks a line's rules; one whose field cannot be read has been told of that already."""
    rules = line.of.rules if isinstance(line.of, Part) else ()
    broken = {name.partition(".")[0] for name in line.malformed}
    yield from judge_terms(line, around)
    yield from judge_rules(
        (rule for rule in rules if not {name.partition(".")[0] for name in rule.names} & broken), line, around
    )


def _unlisted(agreement: Agreement) -> Iterator[Finding]:
    form, day = agreement.form, agreement.day
    for number in agreement.facts.get("lines") or {}:
        if form.standing(number, day):
            continue
        known = form.parts.get(number)
        clause = (latest_clause(known.standing, day) if known else None) or form.unlisted
        standing = [name for name in form.parts if form.standing(name, day)]
        yield Finding(
            code="agreement/unknown-line",
            message=UNKNOWN_LINE,
            where="/lines",
            at=f"/lines/{number}",
            clause=clause,
            facts={"form": form.text, "lines": standing, "clause": clause},
        )


def others_of(client: Client, forms: Mapping[str, Track], besides: Facts) -> tuple[Entry, ...]:
    """Her live agreements, drafts and terminated ones among them, besides this one, as it is saved or will be."""
    return tuple(
        read_agreement(forms[facts["form"]], facts).entry
        for facts in client.agreements
        if not _same(facts, besides) and facts["form"] in forms
    )


def _same(one: Facts, other: Facts) -> bool:
    """Whether it is the same agreement: the very entry, or another version of what has its id."""
    return one is other or ("id" in one and one["id"] == other.get("id"))


def room(line: Entry, around: Around) -> tuple[Decimal, Decimal] | None:
    """A line's cap and what her other agreements leave of it, in som; None where there is no cap, or not yet."""
    for rule in line.of.caps() if isinstance(line.of, Part) else ():
        ruling = rule.on(around.day)
        most = limit(ruling, line, around) if ruling else None
        if ruling is None or not most:
            continue
        others = reached(ruling, line, around)
        if "each" in ruling.asks:
            return most, _left_of_months(ruling, line, others, around)
        together = sum((other.values[AMOUNT] for other in others if AMOUNT in other.values), Decimal(0))
        theirs = sum((limit(ruling, other, around) or 0 for other in others if ruling.asks.get("times")), Decimal(0))
        return most, max(min(most, most + theirs - together), Decimal(0))
    return None


def _left_of_months(ruling: Ruling, line: Entry, others: list[Entry], around: Around) -> Decimal:
    """What her other agreements leave of a cap that holds for each month; of a number of months as if of any."""
    theirs, months = by_month(AMOUNT, ruling, others, around), value(line, ruling.asks["each"], around)
    one = share(count(ruling.asks["at_most"], line, around), 1)
    left = [max(one - theirs.get(month, 0), one * 0) for month in paid(line, ruling, around)]
    return rounded(min([*left, one]) * (len(months) if isinstance(months, tuple) else months or 0), ROUND_DOWN)


def table(agreement: Agreement) -> Iterator[dict[str, object]]:
    """The agreement's lines as the form prints them, each with its amount and, where it has one, its cap."""
    for line in agreement.lines:
        if isinstance(line.of, Part):
            caps = [ruling for rule in line.of.caps() if (ruling := rule.on(agreement.day))]
            yield {
                "line": line.of.number,
                "amount": line.values.get(AMOUNT),
                "cap": (limit(caps[0], line, agreement.around) or None) if caps else None,
                "clause": line.of.clause(agreement.day),
                "text": printed(line.of, agreement.day),
            }


def printed(part: Part, day: date) -> Text:
    """The line's text as the form prints it on *day*, with the limits in force; one that is repealed is a dash."""
    limits = defaultdict(lambda: "—", {name: str(value) for name, value in part.limits(day).items()})
    return {language: text.format_map(limits) for language, text in part.text.items()}
