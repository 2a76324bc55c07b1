"""What was spent for her: which agreement and line pay for it, its receipt, and the columns that are made of these."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.column import Row
from shelterctl.core.days import read_day
from shelterctl.core.derived import AGREEMENT, Derived, Sight, derived
from shelterctl.core.record import Client, Facts, at
from shelterctl.core.track import Track
from shelterctl.language import N_

OUTLAY: dict[str, Derived] = {name: AGREEMENT[name] for name in ("client", "id")}
"""The columns of money that was spent for her, besides those of its fields."""


def paying(client: Client, outlay: Facts) -> Facts | None:
    """The agreement that an outlay names; none where it names none, or one that is struck through or not hers."""
    named = outlay.get("agreement")
    return next((one for one in client.agreements if named is not None and one.get("id") == named), None)


def line_of(outlay: Facts, agreement: Facts, forms: Mapping[str, Track]) -> str | None:
    """The line that an outlay names, if the form has such a line at all; whether it was agreed is said elsewhere."""
    form, number = forms.get(agreement["form"]), outlay.get("line")
    return number if form and isinstance(number, str) and number in form.parts else None


def documented(outlay: Facts) -> bool:
    """Whether a supporting document is there: with its number and its day, as the report lists both (M2.1.10)."""
    number, on = at(outlay, "document.number"), at(outlay, "document.on")
    return bool(str(number or "").strip()) and read_day(on) is not None


@derived(OUTLAY, "day")
def on(row: Row, _: Sight) -> Any:
    """The day on which it was spent."""
    return read_day(row.entry.get("on"))


NO_AGREEMENT = N_("outside an agreement")


@derived(OUTLAY, "code", of="form_names", nothing=NO_AGREEMENT)
def form(row: Row, _: Sight) -> Any:
    """The form of the agreement that pays for it; empty where none does."""
    return (paying(row.client, row.entry) or {}).get("form")


@derived(OUTLAY, "text", nothing=N_("without a number"))
def number(row: Row, _: Sight) -> Any:
    """The number of the agreement that pays for it, as IOM gives it."""
    return (paying(row.client, row.entry) or {}).get("number")


@derived(OUTLAY, "code", of="line_numbers", nothing=NO_AGREEMENT)
def line(row: Row, sight: Sight) -> Any:
    """The line of that agreement, as it is printed on the form."""
    agreement = paying(row.client, row.entry)
    return line_of(row.entry, agreement, sight.forms) if agreement else None


@derived(OUTLAY, "yes_no", always=True)
def document(row: Row, _: Sight) -> Any:
    """Whether a receipt is there, with its number and its day."""
    return documented(row.entry)
