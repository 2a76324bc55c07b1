"""A question in SQL reads and does nothing else; its words are never repeated."""

import os
import re
from decimal import Decimal

import pytest

from shelterctl.errors import UsageError
from shelterctl.language import format_sentence
from shelterctl.tabular.sql import Answer, ask, find_tables
from shelterctl.tabular.table import TableColumn

COLUMNS = [TableColumn(name, kind, {"en": name}) for name, kind in (
    ("id", "string"), ("month", "yearmonth"), ("nights", "integer"), ("spent", "number"), ("minor", "boolean"),
)]  # fmt: skip
ROWS = [
    ("A", "2026-01", 3, Decimal("1.50"), True),
    ("B", "2026-01", 4, Decimal("2.25"), False),
    ("C", None, None, None, None),
]


def answer(sql: str) -> Answer:
    return ask(sql, [("stays", COLUMNS, ROWS)])


def refusal(sql: str) -> str:
    with pytest.raises(UsageError) as refused:
        answer(sql)
    return format_sentence(refused.value.message, refused.value.facts)


def test_rows_are_counted_and_added_up() -> None:
    told = answer("select month, count(*), sum(spent), sum(nights) from stays group by month order by month")
    assert told.rows == [(None, 1, None, None), ("2026-01", 2, 3.75, 7)]
    assert told.columns == ("month", "count(*)", "sum(spent)", "sum(nights)")
    assert told.is_sum


def test_rows_of_persons_are_told_from_sums() -> None:
    assert not answer("select * from stays").is_sum
    assert not answer("select month from stays group by month").is_sum
    assert not answer("with them as (select * from stays) select count(*) from them").is_sum  # two questions


@pytest.mark.parametrize(
    "sql",
    [
        "insert into stays values ('D', '2026-02', 1, 1, 1)",
        "delete from stays",
        "update stays set nights = 0",
        "create temp table copy as select * from stays",
        "drop table stays",
        "attach 'there.db' as there",
        "vacuum into 'there.db'",
        "pragma database_list",
        "pragma temp_store_directory = '/'",
        "begin",
        "reindex",
    ],
)
def test_a_question_that_does_more_than_read_is_refused(
    sql: str, tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(sql).startswith("A question only reads")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    "sql", ["select load_extension('x')", "select randomblob(9)", "select readfile('/etc/passwd')"]
)
def test_a_function_that_reaches_outside_is_refused(sql: str) -> None:
    assert refusal(sql) == "A function of this question is not there, or not allowed."


def test_a_question_without_an_end_is_stopped() -> None:
    endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
    assert refusal(endless).startswith("The question took too long")


@pytest.mark.parametrize("sql", ["select 1; select 2", "select 1; drop table stays"])
def test_one_question_at_a_time(sql: str) -> None:
    assert refusal(sql) == "Ask one question at a time."


@pytest.mark.parametrize(
    "sql", ["", "Примерова", "select Примерова from stays", "select * from Примерова", "select 'Примерова"]
)
def test_what_is_no_question_is_told_without_its_words(sql: str) -> None:
    assert not re.search("Пример", refusal(sql) if sql else "")


def test_a_column_that_is_nearly_there_is_offered() -> None:
    assert refusal("select night from stays").endswith("Did you mean nights?")


def test_tables_are_found_by_either_word() -> None:
    names = ["stays", "service", "house-paper"]
    assert find_tables("select * from services join stays using (stay)", names) == {
        "stays": "stays",
        "services": "service",
    }
    assert find_tables("select * from house_paper", names) == {"house_paper": "house-paper"}


def test_a_table_goes_before_another_with_an_s_more() -> None:
    assert find_tables("select count(*) from stays", ["stays", "stay"]) == {"stays": "stays"}
    assert find_tables("select count(*) from stays", ["stay", "stays"]) == {"stays": "stays"}
