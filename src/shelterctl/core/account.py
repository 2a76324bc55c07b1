"""What was agreed for a client, line by line, what was spent of it and what is left; and what no agreement pays for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from shelterctl.core.agreement import Agreement, read_agreement
from shelterctl.core.entry import Entry
from shelterctl.core.everyone import of_client
from shelterctl.core.line import AMOUNT, number
from shelterctl.core.outlay import documented, line_of, paying
from shelterctl.core.record import Client
from shelterctl.core.track import Part, Track
from shelterctl.language import Text

ITEM, MONTHS = "item", "months"
"""Fields of an outlay: what it was for, and which months it pays."""

STATES = ("signed", "terminated", "draft")
"""How an agreement stands, in the order in which they are told."""

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line of an agreement with what was spent on it.

    Without *agreed_as* the agreement has no such line, and without a *number* none is named that the form knows: money
    was spent on it all the same.
    """

    agreement: Agreement
    number: str | None
    agreed_as: Entry | None
    outlays: tuple[Entry, ...]

    @property
    def agreed(self) -> Decimal:
        """What the agreement allows for it, in som."""
        found: Decimal = (self.agreed_as.values.get(AMOUNT) if self.agreed_as else None) or NOTHING
        return found

    @property
    def spent(self) -> Decimal:
        """What was spent on it."""
        return spent(self.outlays)

    @property
    def left(self) -> Decimal:
        """What is left of it; below nothing where more was spent than agreed."""
        return self.agreed - self.spent

    @property
    def without_document(self) -> int:
        """How many of its outlays have no supporting document."""
        return sum(not documented(one.written) for one in self.outlays)

    @property
    def part(self) -> Part | None:
        """The line as the form has it."""
        return self.agreement.form.parts.get(self.number or "")

    @property
    def months_agreed(self) -> int | None:
        """For how many months it was agreed; None for a line that is not paid by the month."""
        name = next((name for name, one in self.part.fields.items() if one.kind == "months"), "") if self.part else ""
        return _how_many([self.agreed_as.values.get(name)] if self.agreed_as and name else ())

    @property
    def months_paid(self) -> int | None:
        """How many months its outlays say that they pay, each once; None where that is not asked, or none says it."""
        if self.months_agreed is None:
            return None
        return _how_many(one.values.get(MONTHS) for one in self.outlays) if self.outlays else 0


class Sum(NamedTuple):
    """Several lines together; *drafts* is how much of what is agreed stands in drafts that nobody has signed yet."""

    agreed: Decimal
    spent: Decimal
    left: Decimal
    outlays: int
    without_document: int
    drafts: Decimal


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Her money: the lines of her agreements, and what was spent under none of them."""

    lines: tuple[Line, ...]
    outside: tuple[Entry, ...]

    @property
    def total(self) -> Sum:
        """All its lines together."""
        lines = self.lines
        drafts = sum((one.agreed for one in lines if state(one.agreement) == "draft"), NOTHING)
        agreed, together = (sum((getattr(one, name) for one in lines), NOTHING) for name in ("agreed", "spent"))
        lacking = sum(one.without_document for one in lines)
        return Sum(agreed, together, agreed - together, sum(len(one.outlays) for one in lines), lacking, drafts)

    def by_item(self, track: Track) -> Iterator[tuple[str | None, tuple[Entry, ...]]]:
        """What was spent under no agreement, by what it was for, in the order of the shelf; without a code at last."""
        codes = items(track)
        by: dict[object, list[Entry]] = {}
        for one in self.outside:
            said = one.values.get(ITEM)
            by.setdefault(said if said in codes else None, []).append(one)
        return ((item, tuple(by[item])) for item in (*codes, None) if item in by)


def items(track: Track) -> Mapping[str, Text]:
    """What an outlay may be for, by code."""
    return track.fields[ITEM].codes if ITEM in track.fields else {}


def account(client: Client, forms: Mapping[str, Track], track: Track) -> Account:
    """The account of a client: *track* is that of the outlays."""
    entries = tuple(of_client(track, client))
    payers = [paying(client, one.written) for one in entries]
    known = [facts for facts in client.agreements if facts["form"] in forms]
    agreements = sorted((read_agreement(forms[facts["form"]], facts) for facts in known), key=partial(_order, [*forms]))
    lines = [
        line
        for each in agreements
        for line in _lines(each, [one for one, by in zip(entries, payers, strict=True) if by is each.facts], forms)
    ]
    outside = (one for one, by in zip(entries, payers, strict=True) if not any(by is facts for facts in known))
    return Account(tuple(lines), tuple(outside))


def spent(outlays: Iterable[Entry]) -> Decimal:
    """The sum of some outlays, in som; one without an amount adds nothing."""
    return sum((one.values.get(AMOUNT) or NOTHING for one in outlays), NOTHING)


def state(agreement: Agreement) -> str:
    """How an agreement stands: a draft until it is signed, and signed until it is terminated."""
    facts = agreement.facts
    return "draft" if "signed" not in facts else "terminated" if "terminated" in facts else "signed"


def _lines(agreement: Agreement, outlays: Sequence[Entry], forms: Mapping[str, Track]) -> Iterator[Line]:
    """The lines that were agreed, or on which something was spent, in the order of the form; the unnamed one last."""
    agreed = {number(line): line for line in agreement.lines}
    by_line: dict[str | None, list[Entry]] = {}
    for one in outlays:
        by_line.setdefault(line_of(one.written, agreement.facts, forms), []).append(one)
    for name in (*agreement.form.parts, None):
        if name in agreed or name in by_line:
            yield Line(agreement, name, agreed.get(name or ""), tuple(by_line.get(name, ())))


def _order(forms: Sequence[str], one: Agreement) -> tuple[object, ...]:
    """Signed ones first; by day, then as the shelf has the forms, and by number."""
    return STATES.index(state(one)), one.day, forms.index(one.form.name), str(one.facts.get("number") or "")


def _how_many(said: Iterable[object]) -> int | None:
    """How many months several entries say together, listed ones each once; None where none of them says any."""
    known = [one for one in said if one is not None]
    listed = {month for one in known if isinstance(one, tuple) for month in one}
    return len(listed) + sum(one for one in known if isinstance(one, int)) if known else None
