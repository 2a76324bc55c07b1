"""A financial agreement as it is asked for: its lines read, its sums, and what its form says to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from shelterctl.core.days import read_day
from shelterctl.core.entry import Around, Entry, read_entry
from shelterctl.core.field import called
from shelterctl.core.finding import Finding
from shelterctl.core.judgement import judge as judge_rules
from shelterctl.core.measure import limit
from shelterctl.core.reach import reached
from shelterctl.core.record import Client, Facts
from shelterctl.core.ruling import latest_clause
from shelterctl.core.track import Part, Track
from shelterctl.language import N_, Text

NOT_A_LINE = N_("Line {line} takes an amount and the keys of its form, indented below it ({clause}).")
UNKNOWN_KEY = N_("Line {line} has a key that the form does not know ({clause}). Known are: {known}.")
NEAR_KEY = N_("Line {line} has a key that the form does not know ({clause}). Did you mean {near}?")
BAD_VALUE = N_("{key} of line {line} cannot be read as {kind} ({clause}). Correct it.")
BAD_AMOUNT = N_(
    "The amount of line {line} must be more than zero, in som, with at most two places: 750 or 750.50 ({clause})."
)
NO_AMOUNT = N_("Line {line} has no amount ({clause}).")
NO_AMOUNT_IN_FILE = N_("Write the amount, or take the line out.")
DISAGREE = N_(
    "Line {line} says {amount} som, but {product} make {computed} ({clause}). "
    "Correct one of them, or leave the amount out."
)
UNKNOWN_LINE = N_("The {form} has no such line ({clause}). Its lines are {lines}. Move the amount, or take it out.")

AMOUNT = "amount"


def read_agreement(form: Track, facts: Facts) -> tuple[Entry, tuple[Finding, ...]]:
    """The agreement with every line read, and what of its lines cannot be read, each under its own clause."""
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
    whole = replace(whole, parts=tuple(lines))
    return replace(whole, parts=tuple(replace(line, outer=whole) for line in lines)), tuple(found)


def read_line(part: Part, written: object, day: Any, whole: Entry | None) -> tuple[Entry | None, tuple[Finding, ...]]:
    """One line's amount and keys; what cannot be read is said under the line's own clause."""
    where, clause = f"/lines/{part.number}", part.clause(day)
    say = _Malformed(part.number, clause)
    if not isinstance(written, Mapping):
        return None, (say("line", NOT_A_LINE, where),)
    found = list(_unknown(part, written, say))
    line = read_entry(part, written, where, whole)
    broken = [name for name in line.malformed if name != AMOUNT and "." not in name]
    found += (
        say("bad-value", BAD_VALUE, f"{where}/{name}", key=name, kind=called(part.fields[name])) for name in broken
    )
    computed = product(line)
    if written.get(AMOUNT) is None:
        if computed is None and not found:
            found.append(replace(say("no-amount", NO_AMOUNT, where), in_file=NO_AMOUNT_IN_FILE))
        return (line if computed is None else _with_amount(line, computed)), tuple(found)
    amount = line.values.get(AMOUNT)
    place = f"{where}/{AMOUNT}"
    if amount is None:
        found.append(say("bad-amount", BAD_AMOUNT, place))
    elif computed is not None and computed != amount:
        facts = {"product": " × ".join(part.product), "amount": amount, "computed": computed}
        found.append(say("sums-disagree", DISAGREE, place, **facts))
        line = replace(line, malformed=(*line.malformed, AMOUNT))
    return line, tuple(found)


def _with_amount(line: Entry, amount: Decimal) -> Entry:
    return replace(line, values={**line.values, AMOUNT: amount})


def product(line: Entry) -> Decimal | None:
    """What the line's own numbers make together, where it has such a product and all of it is written."""
    names = line.of.product if isinstance(line.of, Part) else ()
    if not names or not all(name in line.values for name in names):
        return None
    total = Decimal(1)
    for name in names:
        value = line.values[name]
        total *= len(value) if isinstance(value, tuple) else value
    return total


def total(agreement: Entry) -> Decimal:
    """The sum of its lines, in som."""
    return sum((line.values[AMOUNT] for line in agreement.parts if AMOUNT in line.values), Decimal(0))


def judge(form: Track, agreement: Entry, malformed: tuple[Finding, ...], around: Around) -> tuple[Finding, ...]:
    """Everything in which the agreement and its form disagree on the agreement's own day."""
    return (
        *_unlisted(form, agreement, around),
        *malformed,
        *(found for line in agreement.parts for found in _of_line(line, around)),
        *judge_rules(form.rules, agreement, around),
    )


def _of_line(line: Entry, around: Around) -> Iterator[Finding]:
    """What breaks a line's rules; one whose field cannot be read has been told of that already."""
    rules = line.of.rules if isinstance(line.of, Part) else ()
    broken = {name.partition(".")[0] for name in line.malformed}
    yield from judge_rules(
        (rule for rule in rules if not {name.partition(".")[0] for name in rule.names} & broken), line, around
    )


def _unlisted(form: Track, agreement: Entry, around: Around) -> Iterator[Finding]:
    for number in agreement.written.get("lines") or {}:
        if form.standing(number, around.day):
            continue
        known = form.parts.get(number)
        clause = (latest_clause(known.standing, around.day) if known else None) or form.unlisted
        standing = [name for name in form.parts if form.standing(name, around.day)]
        yield Finding(
            code="agreement/unknown-line",
            message=UNKNOWN_LINE,
            where="/lines",
            at=f"/lines/{number}",
            clause=clause,
            facts={"form": form.text, "lines": standing, "clause": clause},
        )


def _unknown(part: Part, written: Mapping[str, Any], say: "_Malformed") -> Iterator[Finding]:
    known = list(part.fields)
    for name in written:
        if name not in known:
            near = get_close_matches(name, known, 1)
            place = f"/lines/{part.number}"
            sentence = NEAR_KEY if near else UNKNOWN_KEY
            yield say("unknown-key", sentence, place, at=f"{place}/{name}", known=known, near=near)


@dataclass(frozen=True, slots=True)
class _Malformed:
    """What is wrong with one line, always under its own clause."""

    line: str
    clause: str

    def __call__(self, code: str, message: str, where: str, at: str | None = None, **facts: object) -> Finding:
        named = {"line": self.line, "clause": self.clause, **facts}
        return Finding(code=f"agreement/{code}", message=message, where=where, at=at, clause=self.clause, facts=named)


def others_of(client: Client, tracks: Mapping[str, Track], besides: str | None) -> tuple[Entry, ...]:
    """Her live agreements, drafts and terminated ones among them, besides the one with this id."""
    return tuple(
        read_agreement(tracks[facts["form"]], facts)[0]
        for facts in client.agreements
        if facts["id"] != besides and facts["form"] in tracks
    )


def room(line: Entry, around: Around) -> tuple[Decimal, Decimal] | None:
    """A line's cap and what her other agreements leave of it, in som; None where there is no cap, or not yet."""
    for rule in line.of.caps() if isinstance(line.of, Part) else ():
        ruling = rule.on(around.day)
        most = limit(ruling, line, around) if ruling else None
        if ruling is None or not most:
            continue
        others = reached(ruling, line, around)
        together = sum((other.values[AMOUNT] for other in others if AMOUNT in other.values), Decimal(0))
        theirs = sum((limit(ruling, other, around) or 0 for other in others if ruling.asks.get("times")), Decimal(0))
        return most, max(min(most, most + theirs - together), Decimal(0))
    return None


def table(agreement: Entry, around: Around) -> Iterator[dict[str, object]]:
    """The agreement's lines as the form prints them, each with its amount and, where it has one, its cap."""
    for line in agreement.parts:
        if isinstance(line.of, Part):
            caps = [ruling for rule in line.of.caps() if (ruling := rule.on(around.day))]
            yield {
                "line": line.of.number,
                "amount": line.values.get(AMOUNT),
                "cap": (limit(caps[0], line, around) or None) if caps else None,
                "clause": line.of.clause(around.day),
                "text": printed(line.of, around.day),
            }


def printed(part: Part, day: date) -> Text:
    """The line's text as the form prints it on *day*, with the limits in force; one that is repealed is a dash."""
    limits = defaultdict(lambda: "—", {name: str(value) for name, value in part.limits(day).items()})
    return {language: text.format_map(limits) for language, text in part.text.items()}
