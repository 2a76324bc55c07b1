"""One set of questions in SQL, one answer: by DuckDB, embedded here, and by Ballista, whose scheduler and executor are
processes of their own.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.ballista_cluster import ballista_client
from tests.support.desk import Desk

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pytest.importorskip("ballista", reason="Ballista is not installed: pip install 'ballista==54.*'")

QUESTIONS = (
    "select year, identity_sex, count(*) as n from stays group by year, identity_sex order by year, identity_sex",
    "select sender, count(*) as n, sum(nights) as nights from stays group by sender order by sender",
    "select arrived_month, state, count(*) as n from stays group by arrived_month, state order by arrived_month, state",
    "select form, sum(total) as total, count(*) as n from agreements group by form order by form",
    "select count(*) as n from stays where array_has(identity_languages, 'ky')",
    "select kind, month, count(*) as n from visit where year = 2026 group by kind, month order by kind, month",
    "select avg(nights) as nights from stays where year >= 2025",
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A dataset of two houses of invented clients, of two years."""
    desk = Desk(tmp_path_factory.mktemp("country"), anew=True)
    key = desk.do("hub init country --no-passphrase", today=None).data["recipient"]
    for seed in (1, 2):
        desk.run(f"demo generate --years 1 --clients 30 --seed {seed} made-{seed}", today=None)
        store, own = (next((desk.folder / f"made-{seed}").glob(name)) for name in ("house", "key"))
        desk.run(
            f"export stays,needs,visits,agreements --format parquet --for hub --key {key} --out {seed}.zip.age "
            f"--store {store} --identity {own}", today=None,
        )  # fmt: skip
    desk.do("hub add 1.zip.age 2.zip.age --to country", today=None)
    return desk


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def test_both_engines_give_one_answer(country: Desk) -> None:
    made = country.do("hub sql country --engine datafusion", today=None).data["rows"]
    with ballista_client() as client:
        for one in made:
            client.sql(one["sql"])
        answers = [[{name: plain(cell) for name, cell in row.items()} for row in client.sql(question).to_pylist()]
                   for question in QUESTIONS]  # fmt: skip
    for question, answer in zip(QUESTIONS, answers, strict=True):
        assert answer, question
        own = country.do(f'hub query "{question}" {Path("country")}', today=None).data["rows"]
        assert own == answer, question
