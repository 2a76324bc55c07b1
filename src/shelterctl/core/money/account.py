"""The account of a client: what was agreed, spent and left for each line, and what no agreement pays for."""

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

ITEM_KEY, MONTHS_KEY = "item", "months"
"""The field of an outlay with the months that it pays; `ITEM_KEY` is the field for its purpose."""

AGREEMENT_STATES = ("signed", "terminated", "draft")
"""The states of an agreement, in the order in which they are listed."""


@immutable
class AccountLine:
    """One line of an agreement with the outlays on it.

    Without *agreed_as* the agreement has no such line; without a *number* its outlays name no line that the form knows.
    Outlays were recorded on it all the same.
    """

    agreement: Agreement
    number: str | None
    agreed_as: Entry | None
    outlays: tuple[Entry, ...]

    @property
    def agreed(self) -> Decimal:
        """The amount that the agreement allows for it, in som."""
        found: Decimal = (self.agreed_as.values.get(AMOUNT_KEY) if self.agreed_as else None) or ZERO_SOM
        return found

    @property
    def spent(self) -> Decimal:
        """The sum of its outlays, in som."""
        return sum_outlays(self.outlays)

    @property
    def left(self) -> Decimal:
        """The amount that is left, in som; negative where more was spent than agreed."""
        return self.agreed - self.spent

    @property
    def without_document(self) -> int:
        """The number of its outlays without a supporting document."""
        return sum(not has_document(one.written) for one in self.outlays)

    @property
    def part(self) -> FormPart | None:
        """The line as the form has it, or None."""
        return self.agreement.form.parts.get(self.number or "")

    @property
    def months_agreed(self) -> int | None:
        """The number of months for which it was agreed; None for a line that is not paid by the month."""
        name = next((name for name, one in self.part.fields.items() if one.kind == "months"), "") if self.part else ""
        return _count_months_said([self.agreed_as.values.get(name)] if self.agreed_as and name else ())

    @property
    def months_paid(self) -> int | None:
        """The number of months that its outlays pay, each once; None where that is not asked or not written."""
        if self.months_agreed is None:
            return None
        return _count_months_said(one.values.get(MONTHS_KEY) for one in self.outlays) if self.outlays else 0


class AccountTotal(NamedTuple):
    """Several lines together; *drafts* is the part of the agreed sum that is in unsigned drafts."""

    agreed: Decimal
    spent: Decimal
    left: Decimal
    outlays: int
    without_document: int
    drafts: Decimal


@immutable
class Account:
    """A client's money: the lines of her agreements, and the outlays outside all of them."""

    lines: tuple[AccountLine, ...]
    outside: tuple[Entry, ...]

    @property
    def total(self) -> AccountTotal:
        """The sum of all its lines."""
        lines = self.lines
        drafts = sum((one.agreed for one in lines if agreement_state(one.agreement) == "draft"), ZERO_SOM)
        agreed = sum((one.agreed for one in lines), ZERO_SOM)
        together = sum((one.spent for one in lines), ZERO_SOM)
        lacking = sum(one.without_document for one in lines)
        outlays = sum(len(one.outlays) for one in lines)
        return AccountTotal(agreed, together, agreed - together, outlays, lacking, drafts)

    def by_item(self, track: Track | None) -> Iterator[tuple[str | None, tuple[Entry, ...]]]:
        """Return the outlays outside agreements by purpose, in the order of the rulebook; those without a code last."""
        codes = outlay_items(track)
        by: dict[object, list[Entry]] = {}
        for one in self.outside:
            said = one.values.get(ITEM_KEY)
            by.setdefault(said if said in codes else None, []).append(one)
        return ((item, tuple(by[item])) for item in (*codes, None) if item in by)


def outlay_items(track: Track | None) -> Mapping[str, Text]:
    """Return the possible purposes of an outlay, by code."""
    return track.fields[ITEM_KEY].codes if track and ITEM_KEY in track.fields else {}


def build_account(client: Client, forms: Mapping[str, Track], track: Track | None) -> Account:
    """Return the account of a client; *track* is the track of outlays, None in a rulebook without one."""
    entries = tuple(entries_of_client(track, client)) if track else ()
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
    """Return the sum of outlays, in som; one without an amount adds nothing."""
    return sum((one.values.get(AMOUNT_KEY) or ZERO_SOM for one in outlays), ZERO_SOM)


def agreement_state(agreement: Agreement) -> str:
    """Return the state of an agreement: draft until it is signed, signed until it is terminated."""
    facts = agreement.facts
    return "draft" if "signed" not in facts else "terminated" if "terminated" in facts else "signed"


def _account_lines(agreement: Agreement, outlays: Sequence[Entry], forms: Mapping[str, Track]) -> Iterator[AccountLine]:
    """Yield the lines that were agreed or have outlays, in the order of the form; the unnamed one last."""
    agreed = {line_number(line): line for line in agreement.lines}
    by_line: dict[str | None, list[Entry]] = {}
    for one in outlays:
        by_line.setdefault(find_outlay_line(one.written, agreement.facts, forms), []).append(one)
    for name in (*agreement.form.parts, None):
        if name in agreed or name in by_line:
            yield AccountLine(agreement, name, agreed.get(name or ""), tuple(by_line.get(name, ())))


def _agreement_order(forms: Sequence[str], one: Agreement) -> tuple[object, ...]:
    """Return the sort key of an agreement: by state, signed ones first, then by day, form and number."""
    state = AGREEMENT_STATES.index(agreement_state(one))
    return state, one.day, forms.index(one.form.name), str(one.facts.get("number") or "")


def _count_months_said(said: Iterable[object]) -> int | None:
    """Return the number of months that several entries name together, each once; None where none names any."""
    known = [one for one in said if one is not None]
    listed = {month for one in known if isinstance(one, tuple) for month in one}
    return len(listed) + sum(one for one in known if isinstance(one, int)) if known else None


def find_paying_agreement(client: Client, outlay: Facts) -> Facts | None:
    """Return the agreement that an outlay names; None where it names none that is hers and not struck through."""
    named = outlay.get("agreement")
    return next((one for one in client.agreements if named is not None and one.get("id") == named), None)


def find_outlay_line(outlay: Facts, agreement: Facts, forms: Mapping[str, Track]) -> str | None:
    """Return the line that an outlay names, if the form has such a line, whether or not it was agreed."""
    form, number = forms.get(agreement["form"]), outlay.get("line")
    return number if form and isinstance(number, str) and number in form.parts else None


def has_document(outlay: Facts) -> bool:
    """Return whether there is a supporting document, with number and day, as the report lists both (M2.1.10)."""
    number, on = value_at(outlay, "document.number"), value_at(outlay, "document.on")
    return bool(str(number or "").strip()) and read_day(on) is not None
