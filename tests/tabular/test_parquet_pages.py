"""The pages of a Parquet file are found as Arrow writes them, and what unpacks to too much, or is cut, is not read."""

import io
from contextlib import suppress
from typing import Any

import pytest

from shelterctl.tabular.parquet import write_parquet_file
from shelterctl.tabular.parquet_pages import PagesTooLarge, find_largest_dictionary, list_pages
from shelterctl.tabular.table import Table, TableColumn

core = pytest.importorskip("arro3.core", reason="the extra packages of tables are not installed")
arrow_io = pytest.importorskip("arro3.io", reason="the extra packages of tables are not installed")


def packed(values: list[str], **how: Any) -> bytes:
    written = io.BytesIO()
    table = core.Table.from_pydict({"a": core.Array(values, core.DataType.string())})
    arrow_io.write_parquet(table, written, **how)
    return written.getvalue()


def test_every_page_of_a_table_of_ours_is_found() -> None:
    columns = [TableColumn("id", "string", {}), TableColumn("n", "integer", {}), TableColumn("l", "string", {}, True)]
    rows = [(f"{place:08}", place, [f"code-{place % 7}"] * (place % 3)) for place in range(60_000)]
    pages = [*list_pages(write_parquet_file(Table("t", {}, columns, rows)))]
    assert sum(page.values for page in pages if not page.is_dictionary) >= 3 * 60_000
    assert {page.is_dictionary for page in pages} == {True, False}
    assert 8 * 50_000 < find_largest_dictionary(write_parquet_file(Table("t", {}, columns, rows))) < 2 << 20
    assert find_largest_dictionary(write_parquet_file(Table("t", {}, columns, []))) == 0


def test_a_page_that_unpacks_to_too_much_is_told_before_it_is_unpacked() -> None:
    bomb = packed(["x" * (40 << 20)], compression="snappy")
    assert len(bomb) < 4 << 20
    with pytest.raises(PagesTooLarge):
        find_largest_dictionary(bomb)


@pytest.mark.parametrize(
    "how",
    [
        {"compression": "zstd(3)"},
        {"compression": "gzip(6)"},
        {"encoding": "delta_byte_array", "dictionary_enabled": False},
    ],
)
def test_what_export_does_not_write_is_not_read(how: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        find_largest_dictionary(packed(["x" * 1000] * 50, **how))


def test_a_file_that_is_cut_or_changed_is_refused_or_read_within_the_limits() -> None:
    whole = packed([f"code-{place % 5}" for place in range(2000)], compression="snappy")
    for at in range(0, len(whole), 7):
        with pytest.raises((ValueError, KeyError)):
            find_largest_dictionary(whole[:at])
        for bit in (1, 128):
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                find_largest_dictionary(bytes((*whole[:at], whole[at] ^ bit, *whole[at + 1 :])))
