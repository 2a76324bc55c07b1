"""An agreement as it is asked for: heading and lines read, before anyone judges what is asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.core.days import Span, read_day, read_month
from shelterctl.core.finding import Finding
from shelterctl.core.form import Form, Line
from shelterctl.core.money import read_som
from shelterctl.core.record import Facts
from shelterctl.language import N_

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


class Course(NamedTuple):
    """A course as line 1a of the blue form asks for it."""

    profession: str | None
    provider: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """One line as asked: *values* holds what could be read of its keys, *amount* is som or None."""

    line: Line
    amount: Decimal | None
    values: Mapping[str, Any] = field(default_factory=dict)
    written: bool = True

    @property
    def where(self) -> str:
        """The line's place in the agreement."""
        return f"/lines/{self.line.number}"

    @property
    def at_amount(self) -> str:
        """The place of the amount, or of the rate where no amount is written."""
        return f"{self.where}/amount" if self.written else f"{self.where}/{self.line.product[0]}"

    def count(self, name: str) -> int:
        """A number of the line's own: days, persons, or months given as a number or a list; 0 where none is."""
        value = self.values.get(name, 0)
        return len(value) if isinstance(value, tuple) else int(value)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement, draft or signed, with its lines read."""

    facts: Facts
    day: date
    lines: tuple[Asked, ...] = ()
    malformed: tuple[Finding, ...] = ()

    @property
    def form(self) -> str:
        """The name of its form."""
        return str(self.facts["form"])

    @property
    def period(self) -> Span | None:
        """From when to when it runs; None where either day is missing or they stand backwards."""
        return read_span(self.facts.get("period"))

    @property
    def total(self) -> Decimal:
        """The sum of its lines, in som."""
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))


def read_span(written: object) -> Span | None:
    """``{from: DATE, to: DATE}`` in this order; None if it is not."""
    if not isinstance(written, Mapping):
        return None
    first, last = read_day(written.get("from")), read_day(written.get("to"))
    return Span(first, last) if first and last and first <= last else None


def _text(written: object) -> str | None:
    return written if isinstance(written, str) and written.strip() else None


def _texts(written: object) -> tuple[str, ...] | None:
    whole = isinstance(written, list) and all(_text(each) for each in written)
    return tuple(written) if whole and isinstance(written, list) else None


def _whole(written: object) -> int | None:
    return written if isinstance(written, int) and not isinstance(written, bool) and written > 0 else None


def _months(written: object) -> int | tuple[str, ...] | None:
    if isinstance(written, list):
        whole = written and all(read_month(month) for month in written) and len(set(written)) == len(written)
        return tuple(sorted(written)) if whole else None
    return _whole(written)


def _som(written: object) -> Decimal | None:
    som = read_som(written)
    return som if som is not None and som > 0 else None


def _course(written: object) -> Course | None:
    span = read_span(written)
    if span is None or not isinstance(written, Mapping) or set(written) - {"profession", "provider", "from", "to"}:
        return None
    if not all(isinstance(written.get(name), str | None) for name in ("profession", "provider")):
        return None
    return Course(_text(written.get("profession")), _text(written.get("provider")), span)


KINDS: Mapping[str, tuple[Callable[[object], Any], str]] = {
    "text": (_text, N_("text")),
    "texts": (_texts, N_("a list of texts")),
    "code": (_text, N_("a code")),
    "whole": (_whole, N_("a whole number, 1 or more")),
    "months": (_months, N_("a number of months, or a list of months YYYY-MM, each once")),
    "som": (_som, N_("an amount of som")),
    "span": (read_span, N_("a period: from a date, to the same or a later date")),
    "course": (_course, N_("a course: profession, provider, from a date, to the same or a later date")),
}
"""The kinds of keys that a line may have, each with its reader and what it is called."""


def read_agreement(facts: Facts, form: Form) -> Agreement:
    """The agreement with every line read; lines that the form does not know are left to the judge."""
    day = read_day(facts["date"])
    if day is None:
        raise ValueError("the schema vouches for the date")
    asked: list[Asked] = []
    findings: list[Finding] = []
    lines = facts.get("lines") or {}
    for number in form.lines:  # in the form's order, however they were typed
        line = form.standing(number, day) if number in lines else None
        if line is not None:
            read, malformed = read_line(line, lines[number], day)
            findings += malformed
            asked += [read] if read else []
    return Agreement(facts, day, tuple(asked), tuple(findings))


def read_line(line: Line, written: object, day: date) -> tuple[Asked | None, tuple[Finding, ...]]:
    """One line's amount and keys; what cannot be read is said under the line's own clause."""
    where, clause = f"/lines/{line.number}", line.clause(day)
    say = _Malformed(line.number, clause)
    if not isinstance(written, Mapping):
        return None, (say("line", NOT_A_LINE, where),)
    findings = list(_unknown(line, written, say))
    values: dict[str, Any] = {}
    for name, key in line.keys.items():
        if written.get(name) is None:
            continue
        read, kind = KINDS[key.kind]
        values[name] = read(written[name])
        if values[name] is None:
            del values[name]
            findings.append(say("bad-value", BAD_VALUE, f"{where}/{name}", key=name, kind=kind))
    asked = Asked(line, None, values)
    computed = _product(asked)
    if written.get("amount") is None:
        if computed is None and not findings:
            findings.append(replace(say("no-amount", NO_AMOUNT, where), in_file=NO_AMOUNT_IN_FILE))
        return Asked(line, computed, values, written=False), tuple(findings)
    amount = _som(written["amount"])
    if amount is None:
        findings.append(say("bad-amount", BAD_AMOUNT, f"{where}/amount"))
    elif computed is not None and computed != amount:
        product = " × ".join(line.product)
        place = f"{where}/amount"
        findings.append(say("sums-disagree", DISAGREE, place, product=product, amount=amount, computed=computed))
    return Asked(line, amount, values), tuple(findings)


def _product(asked: Asked) -> Decimal | None:
    """Rate times months, where the line has such a product and all of it is written."""
    names = asked.line.product
    if not names or not all(name in asked.values for name in names):
        return None
    total = Decimal(1)
    for name in names:
        value = asked.values[name]
        total *= value if isinstance(value, Decimal) else asked.count(name)
    return total


def _unknown(line: Line, written: Mapping[str, Any], say: "_Malformed") -> Iterator[Finding]:
    known = ["amount", *line.keys]
    for name in written:
        if name not in known:
            near = get_close_matches(name, known, 1)
            place = f"/lines/{line.number}"
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
