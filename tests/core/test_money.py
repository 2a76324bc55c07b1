"""Som and tyiyn: read exactly, written with two places."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.values.money import read_som, write_som

SOM = st.decimals(Decimal(-(10**12)), Decimal(10**12), places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (2000, "2000"),
        ("2000", "2000"),
        ("2000.5", "2000.50"),
        ("2000.01", "2000.01"),
        (Decimal("2000.01"), "2000.01"),
        (Decimal("2E+3"), "2000"),
        ("-1", "-1"),
        (0, "0"),
    ],
)
def test_an_amount_is_read_as_it_was_written(written: object, expected: str) -> None:
    assert Decimal(expected) == read_som(written)


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        2000.5,
        "2000.001",
        Decimal("0.001"),
        "2,000",
        "2 000",
        "2000,50",
        ".5",
        "5.",
        "1e3",
        "+5",
        "",
        "2000\n",
        "NaN",
        Decimal("NaN"),
        Decimal("Infinity"),
        "٢٠٠٠",
        10**13,
    ],
)
def test_what_is_no_amount_is_none(written: object) -> None:
    assert read_som(written) is None


@pytest.mark.parametrize(("som", "expected"), [("2000", "2000.00"), ("0.5", "0.50"), ("1E+3", "1000.00")])
def test_an_amount_is_written_with_two_places(som: str, expected: str) -> None:
    assert expected == write_som(Decimal(som))


@given(SOM)
def test_what_is_written_reads_back_the_same(som: Decimal) -> None:
    assert som == read_som(write_som(som))


@given(SOM)
def test_text_and_decimal_read_the_same(som: Decimal) -> None:
    assert read_som(som) == read_som(f"{som:f}")
