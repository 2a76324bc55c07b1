"""Rows of accounts: each som once, by line and by month, held against sums that are counted another way."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shelterctl.core.money.account import build_account
from shelterctl.core.money.account_rows import AccountRow, list_account_rows, name_quarter
from shelterctl.core.record.client import Client
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
PINK = {"id": "P1", "form": "pink", "number": "SH-1", "date": "2026-11-05", "lines": {"3": {"amount": 600}}}


def rows_of(outlays: list[dict[str, Any]], *agreements: dict[str, Any], by_month: bool = False) -> list[AccountRow]:
    listed = [{"id": f"O{number}", "item": "food", "on": "2026-11-20", **one} for number, one in enumerate(outlays)]
    her = Client({"id": "7QF2-M9KD", "stays": [{"id": "S1", "outlays": listed}], "agreements": [*agreements]})
    return [*list_account_rows(build_account(her, SHELF.forms, SHELF.tracks["outlay"]), by_month=by_month)]


def told(row: AccountRow) -> tuple[Any, ...]:
    month = f"{row.month:%Y-%m}" if row.month else None
    return row.line, month, *map(str, (row.agreed, row.spent, row.left, row.over)), row.without_document


def paid(amount: Any, on: str = "2026-11-20", **more: Any) -> dict[str, Any]:
    return {"agreement": "P1", "line": "3", "amount": amount, "on": on, **more}


def test_a_struck_out_agreement_pays_nothing_and_a_line_that_was_not_agreed_is_above_from_the_first_som() -> None:
    struck = {**PINK, "id": "P0", "void": {"on": "2026-11-06"}}
    found = rows_of([paid(11, agreement="P0"), paid(5, line="2b"), paid(7)], struck, PINK)
    assert [told(row) for row in found] == [
        ("2b", None, "0", "5", "-5", "5", 1),
        ("3", None, "600", "7", "593", "0", 1),
        (None, None, "0", "11", "0", "0", 0),
    ]


def test_by_month_what_was_agreed_is_in_the_month_of_the_agreement_and_what_is_above_in_that_of_the_outlay() -> None:
    found = rows_of([paid(500, "2027-01-10"), paid(400, "2026-12-31"), paid(1, agreement=None)], PINK, by_month=True)
    assert [told(row) for row in found] == [
        ("3", "2026-11", "600", "0", "600", "0", 0),
        ("3", "2026-12", "0", "400", "-400", "0", 1),
        ("3", "2027-01", "0", "500", "-500", "300", 1),
        (None, "2026-11", "0", "1", "0", "0", 0),
    ]


@pytest.mark.parametrize(("day", "quarter"), [
    (date(2026, 1, 1), "2026-Q1"), (date(2026, 3, 31), "2026-Q1"), (date(2026, 4, 1), "2026-Q2"),
    (date(2026, 12, 31), "2026-Q4"),
])  # fmt: skip
def test_a_quarter_of_the_calendar(day: date, quarter: str) -> None:
    assert name_quarter(day) == quarter


def test_each_som_is_in_one_row_whatever_was_agreed_and_spent() -> None:
    draw = random.Random(5)  # noqa: S311 - nothing is kept secret by it
    for _ in range(150):
        lines = {name: {"amount": draw.randrange(1, 900)} for name in draw.sample(("1.1", "2b", "3", "4a"), 2)}
        agreements: list[dict[str, Any]] = [
            {**PINK, "id": f"P{number}", "lines": lines, "date": f"2026-{draw.randrange(1, 13):02}-05"}
            for number in range(draw.randrange(3))
        ]
        outlays = [
            paid(Decimal(draw.randrange(1, 60_000)) / 100, f"2026-{draw.randrange(1, 13):02}-10",
                 agreement=draw.choice(("P0", "P1", "P9", None)), line=draw.choice(("1.1", "2b", "9", None)))
            for _ in range(draw.randrange(6))
        ]  # fmt: skip
        agreed = sum((Decimal(line["amount"]) for one in agreements for line in one["lines"].values()), Decimal(0))
        spent = sum((one["amount"] for one in outlays), Decimal(0))
        whole, monthly = rows_of(outlays, *agreements), rows_of(outlays, *agreements, by_month=True)
        for rows in (whole, monthly):
            assert (sum(row.agreed for row in rows), sum(row.spent for row in rows)) == (agreed, spent)
            assert sum(row.outlays for row in rows) == len(outlays)
        for name in ("left", "over", "without_document"):
            assert sum(getattr(row, name) for row in whole) == sum(getattr(row, name) for row in monthly)
