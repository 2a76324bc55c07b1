"""Tables drawn by chance, with every kind of cell that an export has; and one whose cells are known to go wrong."""

import string
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from shelterctl.tabular.table import Table, TableColumn

TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "yearmonth", "list")

LETTERS = string.ascii_letters + string.digits + "АБВЖЙЩЪЫЭЮЯабвжйщъыэюяЁё" + "ӨҮҢөүң" + "\"'«»;,|=+-@./:\t\n №"

texts = st.text(LETTERS, max_size=12) | st.sampled_from(
    ["1.1", "2026-01", "007", "12E45678", "+996700123456", "+996 700 12-34-56", "-5", "=1+1", "=cmd|'/c calc'!A0",
     "@SUM(A1)", "\t=1", "true", "NULL", "NA", "nan", "#N/A", "1/2", "_x000D_", " с пробелом ", '"', "'=1", "Өлүм, үйң"]
)  # fmt: skip
codes = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8)
moments = st.datetimes().map(lambda when: f"{when:%m-%dT%H:%M}")

CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": texts,
    "integer": st.integers(-(2**31), 2**31),
    "number": st.decimals(-(10**9), 10**9, allow_nan=False, places=2),
    "boolean": st.booleans(),
    "date": st.dates(date(1800, 1, 1), date(2200, 1, 1)),
    "datetime": st.builds("{}-{}".format, st.integers(1905, 2100), moments),
    "yearmonth": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat()[:7]),
    "list": st.lists(codes, min_size=1, max_size=3),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of one to eight columns, in which any cell may be empty."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=8))
    rows = draw(st.lists(st.tuples(*(st.none() | CELLS[kind] for kind in kinds)), max_size=8))
    return make_table(kinds, rows)


def make_table(kinds: "list[str] | tuple[str, ...]", rows: list[tuple[Any, ...]]) -> Table:
    columns = [
        TableColumn(f"c{place}_{kind}", "string" if kind == "list" else kind, {"en": kind}, several=kind == "list")
        for place, kind in enumerate(kinds)
    ]
    return Table("drawn", {"en": "drawn"}, columns, rows)


KNOWN = make_table(
    TYPES,
    [
        ("1.1", 3, Decimal("-1.50"), True, date(2026, 1, 2), "2026-01-02T03:04", "2026-01", ["need", "plan"]),
        ("2026-01", -7, Decimal("750.55"), False, date(1999, 12, 31), "2026-12-31T23:59", "1999-12", ["need"]),
        ("Өлүм, үй; «ңң»", 0, Decimal(0), None, None, None, None, None),
        (None, None, None, None, None, None, None, None),
    ],
)
"""Cells that spreadsheets take for something else, and empty ones."""
