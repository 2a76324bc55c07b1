"""What the program does of the manual: counted by chapter, listed by row, and explained."""

import shutil
from pathlib import Path

import pytest

from shelterctl.errors import ExitCode
from tests.support.desk import Desk
from tests.support.revised_rulebook import Revised


def test_the_rows_of_each_chapter_are_counted_and_make_the_sum(desk: Desk) -> None:
    data = desk.do("coverage").data
    annexes = next(row for row in data["rows"] if row["chapter"] == "annexes")
    assert annexes["total"] == annexes["done"] + annexes["not_done"] + annexes["not_yet"] == 143
    assert data["sum"] == {name: sum(row[name] for row in data["rows"]) for name in data["sum"]}


def test_a_chapter_is_listed_with_what_does_each_row(desk: Desk) -> None:
    rows = {row["row"]: row for row in desk.do("coverage --chapter FRONT").data["rows"]}
    assert (rows["I.6"]["status"], rows["I.6"]["by"]) == ("done", ["report services --month MONTH"])
    assert (rows["F.2"]["status"], rows["F.2"]["reason"], rows["F.2"]["by"]) == ("not_done", "heading", [])
    assert {row["row"][0] for row in rows.values()} == {"F", "I"}


def test_what_is_missing_is_said_in_words(desk: Desk) -> None:
    rows = desk.do("coverage --missing --chapter life-cycle").data["rows"]
    assert {row["status"] for row in rows} == {"not_yet"}
    assert "No command deletes a file" in next(row["answer"] for row in rows if row["row"] == "LC18")
    assert "Команды, которая удаляет дело, нет" in desk.run("coverage --missing --lang ru").out


def test_it_needs_no_store_and_a_chapter_that_exists(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("coverage --format csv", env={"SHELTERCTL_STORE": str(tmp_path)}).out.startswith(
        "chapter,text,done"
    )
    answer = desk.ask("coverage --chapter V")
    assert (answer.code, answer.page["error"]["code"]) == (ExitCode.USAGE, "usage/chapter")
    assert "annexes (Annexes)" in answer.page["error"]["message"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "D49",
            [
                "Request to see the own file, and an extract",
                "In part, with: shelterctl add ID disclosure",
                "Still missing: ",
            ],
        ),
        ("F.2", ["No: a heading, or words that only lead in to a list."]),
        ("A5.2a", ["Yes, with: shelterctl agreement ID --form pink", "In the rulebook: tracks/pink.yaml"]),
        ("T12", ["Yes, with: shelterctl add ID health"]),
    ],
)
def test_a_row_is_explained_with_what_does_it(desk: Desk, name: str, words: list[str]) -> None:
    said = desk.run(f"explain {name}").out
    assert [each for each in words if each not in said] == []


def test_a_rulebook_may_have_no_coverage(desk: Desk) -> None:
    trial = Revised(desk)
    shutil.rmtree(trial.manual / "coverage")
    (trial.manual / "coverage.yaml").unlink()
    assert trial.do("coverage").data["rows"] == []
    assert "does not say which rows of the manual are done" in trial.run("coverage --missing").out
    assert "Whether the program does it" not in trial.run("explain A5.2a").out
