"""A line of a form as it is asked for: its amount and keys read, and what cannot be, under the line's own clause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from shelterctl.core.entry import Entry, product, read_entry, with_made
from shelterctl.core.field import ENDS, Field, called
from shelterctl.core.finding import Finding
from shelterctl.core.track import Part
from shelterctl.language import N_

NOT_A_LINE = N_("Line {line} takes an amount and the keys of its form, indented below it ({clause}).")
UNKNOWN_KEY = N_("Line {line} has a key that the form does not know ({clause}). Known are: {known}.")
NEAR_KEY = N_("Line {line} has a key that the form does not know ({clause}). Did you mean {near}?")
BAD_VALUE = N_("{key} of line {line} cannot be read as {kind} ({clause}). Correct it.")
BAD_PERIOD = N_(
    "{key} of line {line} cannot be read as a period, from a date, to the same or a later date, with {beside} as text "
    "beside them ({clause}). Correct it."
)
BAD_AMOUNT = N_(
    "The amount of line {line} must be more than zero, in som, with at most two places: 750 or 750.50 ({clause})."
)
NO_AMOUNT = N_("Line {line} has no amount ({clause}).")
NO_AMOUNT_IN_FILE = N_("Write the amount, or take the line out.")
DISAGREE = N_(
    "Line {line} says {amount} som, but {product} make {computed} ({clause}). "
    "Correct one of them, or leave the amount out."
)

AMOUNT = "amount"


def read_line(part: Part, written: object, day: date, whole: Entry | None) -> tuple[Entry | None, tuple[Finding, ...]]:
    """One line's amount and keys; what cannot be read is said under the line's own clause."""
    where, clause = f"/lines/{part.number}", part.clause(day)
    say = _Malformed(part.number, clause)
    if not isinstance(written, Mapping):
        return None, (say("line", NOT_A_LINE, where),)
    found = list(_unknown(part, written, say))
    line = read_entry(part, written, where, whole)
    broken = [name for name in line.malformed if name != AMOUNT and "." not in name]
    found += (_unread(name, part.fields[name], f"{where}/{name}", say) for name in broken)
    computed = product(line)
    if written.get(AMOUNT) is None:
        if computed is None and not found:
            found.append(replace(say("no-amount", NO_AMOUNT, where), in_file=NO_AMOUNT_IN_FILE))
        return (line if computed is None else with_made(line, amount=computed)), tuple(found)
    amount = line.values.get(AMOUNT)
    place = f"{where}/{AMOUNT}"
    if amount is None:
        found.append(say("bad-amount", BAD_AMOUNT, place))
    elif computed is not None and computed != amount:
        facts = {"product": " × ".join(part.product), "amount": amount, "computed": computed}
        found.append(say("sums-disagree", DISAGREE, place, **facts))
        line = replace(line, doubted=(AMOUNT,))
    return line, tuple(found)


def number(line: Entry) -> str:
    """The number of a line, as the form prints it."""
    return line.of.number if isinstance(line.of, Part) else ""


def _unread(name: str, one: Field, where: str, say: "_Malformed") -> Finding:
    """What a key wants that cannot be read; of a period that carries more, the names of that too."""
    beside = [each for each in one.fields if each not in ENDS]
    more: dict[str, Any] = {"beside": beside} if beside else {}
    return say("bad-value", BAD_PERIOD if beside else BAD_VALUE, where, key=name, kind=called(one), **more)


def _unknown(part: Part, written: Mapping[str, Any], say: "_Malformed") -> Iterator[Finding]:
    known = list(part.fields)
    for name in written:
        if name not in known:
            near = get_close_matches(name, known, 1)
            place = f"/lines/{part.number}"
            sentence = NEAR_KEY if near else UNKNOWN_KEY
            yield say("unknown-key", sentence, place, at=f"{place}/{name}", known=known, near=near)


@dataclass(frozen=True, slots=True, repr=False)
class _Malformed:
    """What is wrong with one line, always under its own clause."""

    line: str
    clause: str

    def __call__(self, code: str, message: str, where: str, at: str | None = None, **facts: object) -> Finding:
        named = {"line": self.line, "clause": self.clause, **facts}
        return Finding(code=f"agreement/{code}", message=message, where=where, at=at, clause=self.clause, facts=named)
