"""A question in SQL over what `export` would release: it reads, adds up, and shows persons at a terminal alone."""

from typing import TYPE_CHECKING

import pytest

from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


def test_sums_and_counts_are_answered_anywhere(admitted: "Desk") -> None:
    answer = admitted.do('query "select state, count(*) as n from stays group by state"')
    assert answer.data["rows"] == [{"state": "admitted", "n": 1}]
    assert admitted.do("query \"select count(*) as n from stays where state = 'id'\"").data["rows"] == [{"n": 0}]
    assert "1" in admitted.run('query "select count(*) as n from clients" --format csv').out
    assert admitted.do("query \"select count(*) as n from stays where state = 'nowhere'\"").data["rows"] == [{"n": 0}]


@pytest.mark.parametrize(
    "sql",
    [
        "select state from stays",
        "select state, age_group from clients",
        "select 1 from stays group by state",
        "select group_concat(age_group) from stays",
        "select count(*) from stays union all select nights from stays",
        "select nights, (select count(*) from stays) from stays",
        "select nights, count(*) from stays group by rowid",
        "select nights, sum(nights) over () from stays",
        "with a as (select nights from stays) select count(*) from a",
        "select count(distinct id) from stays",
        "select count(*) from stays join services using (stay)",
        "select json_group_array(nights) from stays",
        'select nights, count(*) from stays group by "rowid"',
    ],
)
def test_rows_of_persons_are_for_a_terminal(admitted: "Desk", sql: str) -> None:
    assert admitted.refused(f'query "{sql}"').error == "usage/rows-of-persons"


def test_at_a_terminal_rows_are_shown_with_ids_of_this_question_alone(admitted: "Desk") -> None:
    seen = Terminal(admitted, size=(40, 120)).run('query "select id, state from stays"', [])
    assert "admitted" in seen.text
    assert admitted.her not in seen.text
    assert admitted.her.replace("-", "") not in seen.text


@pytest.mark.parametrize(
    "sql",
    [
        "delete from stays", "attach 'x.db' as x", "pragma writable_schema = 1", "select load_extension('x')",
        "create table x (y)", "select count(*) from stays; drop table stays", "vacuum into 'x.db'",
        "select count(*) from sqlite_master_",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        "select count(*) from journal", "select count(*) from clients where first_name = 'A'", "Примерова", "",
    ],
)  # fmt: skip
def test_a_question_that_does_more_than_read_or_never_ends_is_refused(admitted: "Desk", sql: str) -> None:
    answer = admitted.refused(f'query "{sql}"')
    assert (answer.code, answer.error) == (2, "usage/sql")
    assert "Примерова" not in answer.out
    assert {path.name for path in admitted.folder.iterdir()} <= {
        "house",
        "key",
        "key.heads",
        "given.yaml",
        "recovery.txt",
    }


def test_the_tables_and_columns_of_questions_are_those_of_export(admitted: "Desk") -> None:
    asked = {one["table"].replace("_", "-") for one in admitted.do("query --tables").data["rows"]}
    released = {one["table"] for one in admitted.do("export --tables").data["rows"]}
    assert asked == released
    columns = {one["column"] for one in admitted.do("query --tables").data["rows"]}
    assert not columns & {"age", "arrived_on", "first_name", "last_name", "phone"}
