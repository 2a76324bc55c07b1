"""What was agreed for a client, line by line, what was spent of it and what is left; and what no agreement pays for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import AMOUNT_KEY, Agreement, line_number, read_agreement
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable
from shelterctl.language import Text

OUTLAY_TRACK = "outlay"
"""The track of what was spent."""

ITEM_KEY, MONTHS_KEY = "item", "months"
"""Fields of an outlay: what it was for, and which months it pays."""

AGREEMENT_STATES = ("signed", "terminated", "draft")
"""How an agreement stands, in the order in which they are told."""


@immutable
class AccountLine:
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
        found: Decimal = (self.agreed_as.values.get(AMOUNT_KEY) if self.agreed_as else None) or ZERO_SOM
        return found

    @property
    def spent(self) -> Decimal:
        """What was spent on it."""
        return sum_outlays(self.outlays)

    @property
    def left(self) -> Decimal:
        """What is left of it; below nothing where more was spent than agreed."""
        return self.agreed - self.spent

    @property
    def without_document(self) -> int:
        """How many of its outlays have no supporting document."""
        return sum(not has_document(one.written) for one in self.outlays)

    @property
    def part(self) -> FormPart | None:
        """The line as the form has it."""
        return self.agreement.form.parts.get(self.number or "")

    @property
    def months_agreed(self) -> int | None:
        """For how many months it was agreed; None for a line that is not paid by the month."""
        name = next((name for name, one in self.part.fields.items() if one.kind == "months"), "") if self.part else ""
        return _count_months_said([self.agreed_as.values.get(name)] if self.agreed_as and name else ())

    @property
    def months_paid(self) -> int | None:
        """How many months its outlays say that they pay, each once; None where that is not asked, or none says it."""
        if self.months_agreed is None:
            return None
        return _count_months_said(one.values.get(MONTHS_KEY) for one in self.outlays) if self.outlays else 0


class AccountTotal(NamedTuple):
    """Several lines together; *drafts* is how much of what is agreed stands in drafts that nobody has signed yet."""

    agreed: Decimal
    spent: Decimal
    left: Decimal
    outlays: int
    without_document: int
    drafts: Decimal


@immutable
class Account:
    """Her money: the lines of her agreements, and what was spent under none of them."""

    lines: tuple[AccountLine, ...]
    outside: tuple[Entry, ...]

    @property
    def total(self) -> AccountTotal:
        """All its lines together."""
        lines = self.lines
        drafts = sum((one.agreed for one in lines if agreement_state(one.agreement) == "draft"), ZERO_SOM)
        agreed = sum((one.agreed for one in lines), ZERO_SOM)
        together = sum((one.spent for one in lines), ZERO_SOM)
        lacking = sum(one.without_document for one in lines)
        outlays = sum(len(one.outlays) for one in lines)
        return AccountTotal(agreed, together, agreed - together, outlays, lacking, drafts)

    def by_item(self, track: Track) -> Iterator[tuple[str | None, tuple[Entry, ...]]]:
        """What was spent under no agreement, by what it was for, in the order of the shelf; without a code at last."""
        codes = outlay_items(track)
        by: dict[object, list[Entry]] = {}
        for one in self.outside:
            said = one.values.get(ITEM_KEY)
            by.setdefault(said if said in codes else None, []).append(one)
        return ((item, tuple(by[item])) for item in (*codes, None) if item in by)


def outlay_items(track: Track) -> Mapping[str, Text]:
    """What an outlay may be for, by code."""
    return track.fields[ITEM_KEY].codes if ITEM_KEY in track.fields else {}


def build_account(client: Client, forms: Mapping[str, Track], track: Track) -> Account:
    """The account of a client: *track* is that of the outlays."""
    entries = tuple(entries_of_client(track, client))
    payers = [find_paying_agreement(client, one.written) for one in entries]
    known = [facts for facts in client.agreements if facts["form"] in forms]
    read = (read_agreement(forms[facts["form"]], facts) for facts in known)
    lines: list[AccountLine] = []
    for agreement in sorted(read, key=partial(_agreement_order, [*forms])):
        paid = [one for one, by in zip(entries, payers, strict=True) if by is agreement.facts]
        lines += _account_lines(agreement, paid, forms)
    outside = (one for one, by in zip(entries, payers, strict=True) if not any(by is facts for facts in known))
    return Account(tuple(lines), tuple(outside))


def sum_outlays(outlays: Iterable[Entry]) -> Decimal:
    """The sum of some outlays, in som; one without an amount adds nothing."""
    return sum((one.values.get(AMOUNT_KEY) or ZERO_SOM for one in outlays), ZERO_SOM)


def agreement_state(agreement: Agreement) -> str:
    """How an agreement stands: a draft until it is signed, and signed until it is terminated."""
    facts = agreement.facts
    return "draft" if "signed" not in facts else "terminated" if "terminated" in facts else "signed"


def _account_lines(agreement: Agreement, outlays: Sequence[Entry], forms: Mapping[str, Track]) -> Iterator[AccountLine]:
    """The lines that were agreed, or on which something was spent, in the order of the form; the unnamed one last."""
    agreed = {line_number(line): line for line in agreement.lines}
    by_line: dict[str | None, list[Entry]] = {}
    for one in outlays:
        by_line.setdefault(find_outlay_line(one.written, agreement.facts, forms), []).append(one)
    for name in (*agreement.form.parts, None):
        if name in agreed or name in by_line:
            yield AccountLine(agreement, name, agreed.get(name or ""), tuple(by_line.get(name, ())))


def _agreement_order(forms: Sequence[str], one: Agreement) -> tuple[object, ...]:
    """Signed ones first; by day, then as the shelf has the forms, and by number."""
    state = AGREEMENT_STATES.index(agreement_state(one))
    return state, one.day, forms.index(one.form.name), str(one.facts.get("number") or "")


def _count_months_said(said: Iterable[object]) -> int | None:
    """How many months several entries say together, listed ones each once; None where none of them says any."""
    known = [one for one in said if one is not None]
    listed = {month for one in known if isinstance(one, tuple) for month in one}
    return len(listed) + sum(one for one in known if isinstance(one, int)) if known else None


def find_paying_agreement(client: Client, outlay: Facts) -> Facts | None:
    """The agreement that an outlay names; none where it names none, or one that is struck through or not hers."""
    named = outlay.get("agreement")
    return next((one for one in client.agreements if named is not None and one.get("id") == named), None)


def find_outlay_line(outlay: Facts, agreement: Facts, forms: Mapping[str, Track]) -> str | None:
    """The line that an outlay names, if the form has such a line at all; whether it was agreed is said elsewhere."""
    form, number = forms.get(agreement["form"]), outlay.get("line")
    return number if form and isinstance(number, str) and number in form.parts else None


def has_document(outlay: Facts) -> bool:
    """Whether a supporting document is there: with its number and its day, as the report lists both (M2.1.10)."""
    number, on = value_at(outlay, "document.number"), value_at(outlay, "document.on")
    return bool(str(number or "").strip()) and read_day(on) is not None
