"""Where a rulebook names a clause, the stubs of a new one, and what is wrong in the folder afterwards."""

import shutil
import sys
from pathlib import Path

import pytest

from shelterctl.document.reading import read_document
from shelterctl.rulebook.files import MANUAL_FOLDER
from shelterctl.rulebook.new_clause import find_lines_about, source_tree
from tests.support.desk import Desk
from tests.support.terminal import Terminal

ROWS = """schema: coverage/1
rows:
  A5.2a:
    done: {by: agreement ID --form pink, test: tests/cases/agreement/pink-lines.yaml}
  A6.4/1:
    done: {by: agreement ID --form blue, test: tests/cases/agreement/blue-lines.yaml}
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    shutil.copytree(MANUAL_FOLDER, folder)
    rows = folder / "coverage" / "trial.yaml"
    rows.parent.mkdir(exist_ok=True)
    for other in rows.parent.glob("*.yaml"):
        other.unlink()
    rows.write_text(ROWS, "utf-8")
    return folder


def new(desk: Desk, draft: Path, clause: str) -> dict[str, object]:
    return dict(desk.ask(f"rules new {clause} --in {draft}", today=None).data)


def test_it_says_file_and_line_of_everything_about_a_clause(admitted: Desk, draft: Path) -> None:
    rows = admitted.ask(f"rules new A5.2a --in {draft}", today=None).data["rows"]
    for row in rows:
        place, _, line = row["place"].rpartition(":")
        assert "A5.2a" in Path(place).read_text("utf-8").splitlines()[int(line) - 1]
    kinds = {row["kind"] for row in rows}
    assert kinds == {"entry", "citation", "coverage", "reading"}
    assert rows[0]["kind"] == "entry"
    assert any(row["place"].startswith(str(draft / "tracks" / "pink.yaml")) for row in rows)


def test_in_the_source_tree_the_invented_cases_are_told_too() -> None:
    assert source_tree(MANUAL_FOLDER)
    files = {one.file for one in find_lines_about(MANUAL_FOLDER, "A5.2a") if one.kind == "case"}
    assert "tests/cases/agreement/pink-lines.yaml" in files


def test_a_name_is_not_found_inside_a_longer_one(draft: Path) -> None:
    track = draft / "tracks" / "pink.yaml"
    track.write_text(track.read_text("utf-8").replace("clause: A5.1.1", "clause: A5.1.1b"), "utf-8")
    assert not [one for one in find_lines_about(draft, "A5.1.1") if one.kind == "citation"]


@pytest.mark.parametrize(
    ("clause", "before", "after"),
    [("A5.2aa", "A5.2a", "A5.2b"), ("A6.30", "A6.7c", "A6.TW"), ("M1.2.11", "M1.2.10", "M1.3"), ("IOM-2027-1", "", "")],
)
def test_stubs_are_added_in_their_order_and_nothing_else_is_changed(
    admitted: Desk, draft: Path, clause: str, before: str, after: str
) -> None:
    old = (draft / "clauses.yaml").read_text("utf-8")
    answer = admitted.ask(f"rules new {clause} --in {draft}", today=None)
    assert answer.code == 0
    new_ = (draft / "clauses.yaml").read_text("utf-8")
    stub = f'  {clause}:\n    heading:\n      en: ""\n    gist:\n      en: ""\n    text: ""\n'
    assert new_.replace(stub, "") == old
    keys = list(read_document(new_.encode(), 1 << 22).value["clauses"])
    at = keys.index(clause)
    if before:
        assert (keys[at - 1], keys[at + 1]) == (before, after)
    wrong = [(one["code"], one["facts"]["file"]) for one in answer.page["findings"]]
    assert wrong == [("shelf/shape", "clauses.yaml")] * 3  # until somebody fills them in
    assert admitted.ask("explain A6.4", today=None, env={"SHELTERCTL_MANUAL": str(draft)}).code == 4
    seen = (draft / "clauses.yaml").read_bytes()
    assert new(admitted, draft, clause)["added"] == []  # nothing is written twice
    assert (draft / "clauses.yaml").read_bytes() == seen


def test_the_coverage_gets_a_row_where_it_has_rows_of_these_letters(admitted: Desk, draft: Path) -> None:
    assert new(admitted, draft, "A5.2d")["added"] == ["clauses.yaml", "coverage/trial.yaml"]
    rows = read_document((draft / "coverage" / "trial.yaml").read_bytes(), 1 << 20).value["rows"]
    assert [*rows] == ["A5.2a", "A5.2d", "A6.4/1"]
    assert {*rows["A5.2d"]} == {"not_yet"}
    assert new(admitted, draft, "A6.4")["added"] == []  # a part of it is there
    assert new(admitted, draft, "M9.9")["added"] == ["clauses.yaml"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("rules new A5..2", 2, "rules/clause"),
        ("rules new a5.2", 2, "rules/clause"),
        ("rules new A5.2a/1", 2, "rules/clause"),
        ("rules new Пункт1", 2, "rules/clause"),
        ("rules new A5.2z", 2, "rules/shipped"),
        ("rules new A5.2a --in nowhere", 3, "rules/no-rulebook"),
        ("rules new A5.2a --edit", 2, "usage/terminal"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(admitted: Desk, words: str, code: int, error: str) -> None:
    shipped = (MANUAL_FOLDER / "clauses.yaml").read_bytes()
    answer = admitted.refused(words, today=None)
    assert (answer.code, answer.error) == (code, error)
    assert (MANUAL_FOLDER / "clauses.yaml").read_bytes() == shipped


def test_a_file_laid_out_otherwise_is_left_as_it_is(admitted: Desk, draft: Path) -> None:
    place = draft / "coverage" / "trial.yaml"
    place.write_text("schema: coverage/1\nrows: {A5.2a: {done: {by: due}}}\n", "utf-8")
    assert new(admitted, draft, "A5.2d")["added"] == ["clauses.yaml"]
    clauses = draft / "clauses.yaml"
    clauses.write_text("schema: clauses/1\nclauses: {}\nreadings: {}\n", "utf-8")
    answer = admitted.refused(f"rules new A5.2e --in {draft}", today=None)
    assert answer.error == "rules/layout"


EDITOR = """import sys
*_, name = sys.argv
text = open(name, encoding="utf-8").read()
open(name, "w", encoding="utf-8", newline="").write(text.replace('""', '"Invented words."'))
"""


@pytest.mark.posix("an editor at a terminal", "cli/test_new_clause.py")
def test_at_a_terminal_the_editor_opens_the_entry_and_then_the_folder_is_checked(
    admitted: Desk, draft: Path, tmp_path: Path
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(EDITOR, "utf-8")
    terminal = Terminal(admitted, today=None, env={"EDITOR": f"{sys.executable} {script}"})
    assert (
        "The rulebook in this folder has no mistakes." in terminal.run(f"rules new A5.2aa --in {draft} --edit", ()).text
    )
