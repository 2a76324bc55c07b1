"""The coverage of the manual is whole and true: each row once, each command, file and test that it names is there.

`rows.txt` has the manual's rows in their order: clauses and their parts, documents, deadlines, the life cycle.
"""

import ast
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from shelterctl.act.typed_track import list_addable_tracks
from shelterctl.cli.commands import load_command
from shelterctl.cli.options import common_options
from shelterctl.core.manual.coverage import CoverageRow, chapter_of_row
from shelterctl.explain.coverage import title_of_row
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.paths import TESTS

RULEBOOK = open_rulebook()
ROWS = (TESTS / "rulebook" / "rows.txt").read_text("utf-8").split()
EXPECTED = {
    "front": 32, "I": 141, "II": 139, "III": 30, "IV": 7, "annexes": 143, "documents": 94, "deadlines": 24,
    "life-cycle": 32,
}  # fmt: skip
"""The rows of each chapter; 642 in all."""

CASES = "tests/cases/"
LETTERS_WITHOUT_CLAUSE = ("D", "F", "LC")
"""Rows of documents, of the front matter and of the life cycle are no clauses, so no rule cites them."""


def parts_of(row: CoverageRow) -> Iterator[str]:
    """The names under which a row may be cited: itself, its clause, and the clause without a letter behind it."""
    yield from (row.name, row.clause, row.clause.rstrip("abcdefghi"))
    duty = next((duty for duty in RULEBOOK.duties.values() if duty["row"] == row.name), {})
    yield from ([duty["clause"]] if "clause" in duty else [])


def mentions(text: str, names: Collection[str]) -> bool:
    """Whether a text has one of these names as a word, and not only the beginning of a longer one."""
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w|\.\w)", text) for name in names)


def no_such_tests(rows: Mapping[str, CoverageRow]) -> list[str]:
    """What is wrong with the tests that rows name."""
    listed = [(row, [wrong_with(test) for test in row.done.test]) for row in rows.values() if row.done]
    wrong = [f"{row.name}: {each}" for row, found in listed for each in found if each]
    return [*wrong, *(f"{row.name}: no case is about it" for row, _ in listed if not has_its_case(row))]


def wrong_with(test: str) -> str | None:
    file, _, name = test.partition("::")
    path = TESTS.parent / file
    if not file.startswith("tests/") or not path.is_file():
        return f"no such file: {file}"
    if file.startswith(CASES) and not name:
        return None
    found = functions_of(path).get(name)
    if found is None:
        return f"no such test: {test}"
    skipped = [ast.unparse(each) for each in found.decorator_list if "mark.skip" in ast.unparse(each)]
    return f"always skipped: {test}" if any("skipif" not in each for each in skipped) else None


def has_its_case(row: CoverageRow) -> bool:
    """Whether another test than a file of cases is named, or one of these files has a case about the row's clause."""
    tests = row.done.test if row.done else ()
    if row.letters in LETTERS_WITHOUT_CLAUSE or not all(test.startswith(CASES) for test in tests):
        return True
    paths = (TESTS.parent / test for test in tests)
    return any(path.is_file() and mentions(path.read_text("utf-8"), {*parts_of(row)}) for path in paths)


@cache
def functions_of(path: Path) -> Mapping[str, ast.FunctionDef]:
    """The tests of a module that pytest collects; none where the whole module is skipped."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    whole = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign)]
    if any(line.startswith("pytestmark") and "mark.skip(" in line for line in whole):
        return {}
    return {name: node for name, node in names.items() if name.startswith("test_")}


def cited_names(node: Any) -> Iterator[str]:
    """Every clause and deadline that something in the rulebook cites."""
    for key, below in node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ():
        if key in ("clause", "row") and isinstance(below, str):
            yield below
        yield from cited_names(below)


def cited_without_row(rulebook: Rulebook) -> set[str]:
    """The clauses and deadlines that a track, an act or another file cites, and no row is about."""
    covered = {*ROWS, *(name for name in ROWS for name in (name.partition("/")[0], name.rstrip("abc")))}
    files = [path for path in rulebook.folder.glob("**/*.yaml") if "coverage" not in path.as_posix()]
    names = (path.relative_to(rulebook.folder).as_posix() for path in files)
    return {cited for name in names for cited in cited_names(rulebook.read_file(name).value)} - covered


def no_such_command(rows: Mapping[str, CoverageRow]) -> list[str]:
    """What is wrong with the commands that rows name."""
    return [f"{row.name}: {by}: {wrong}" for row in rows.values() if row.done for by in row.done.by
            if (wrong := wrong_with_command(by))]  # fmt: skip


def wrong_with_command(by: str) -> str | None:
    words = by.split()
    command: Any = typer.main.get_command(app_of(words[0]))
    if isinstance(command, TyperGroup):
        named = words[1] if len(words) > 1 else ""
        if named not in command.commands:
            return f"no such command: {named}"
        command = command.commands[named]
    known = {option for param in (*command.params, *common_options()) for option in param.opts}
    if unknown := [word for word in words if word.startswith("--") and word not in known]:
        return f"no such option: {unknown}"
    if words[0] == "add" and words[2] not in addable(client=words[1] == "ID"):
        return f"add {words[1]} does not write it: {words[2]}"
    return None


@cache
def app_of(name: str) -> Any:
    return load_command(name)


@cache
def addable(*, client: bool) -> frozenset[str]:
    """The tracks that ``add ID`` writes, or ``add CODE``: of the registers, and what a whole house is given."""
    if client:
        return frozenset(list_addable_tracks(RULEBOOK))
    homes = ("house", "staff", "ngo", "provider")
    at_once = (name for name, track in RULEBOOK.tracks.items() if track.at_once)
    return frozenset([*at_once, *(name for home in homes for name in list_addable_tracks(RULEBOOK, home))])


def uncited(rows: Mapping[str, CoverageRow]) -> list[str]:
    """The rows that are cited in the rulebook, but in no file that they name.

    A row that is cited nowhere rests on another clause there, as the meeting at an airport does.
    """
    found = []
    for row in rows.values():
        if row.done and row.done.files and row.letters not in LETTERS_WITHOUT_CLAUSE:
            citing = {name for name, text in texts_of_rulebook().items() if mentions(text, {*parts_of(row)})}
            if citing and citing.isdisjoint(row.done.files):
                found.append(f"{row.name}: {sorted(citing)}")
    return found


@cache
def texts_of_rulebook() -> Mapping[str, str]:
    """What tracks, acts, annexes, reports and the files of houses and roles cite, by file."""
    patterns = ("tracks/*.yaml", "acts/*.yaml", "annexes/*.yaml", "reports/*.yaml", "houses.yaml", "roles.yaml")
    paths = (path for pattern in patterns for path in RULEBOOK.folder.glob(pattern))
    names = (path.relative_to(RULEBOOK.folder).as_posix() for path in paths)
    return {name: " ".join(cited_names(RULEBOOK.read_file(name).value)) for name in names}


@pytest.mark.parametrize("file", RULEBOOK.coverage_files)
def test_a_file_has_the_rows_of_its_chapters_in_the_manual_s_order(file: str) -> None:
    rows = RULEBOOK.coverage_rows(file)
    letters = {row.letters for row in rows.values()}
    expected = [name for name in ROWS if re.match("[A-Z]+", name)[0] in letters]  # type: ignore[index]
    assert [*rows] == expected


@pytest.mark.parametrize("file", RULEBOOK.coverage_files)
def test_every_test_that_a_row_names_is_there_and_runs(file: str) -> None:
    assert no_such_tests(RULEBOOK.coverage_rows(file)) == []


@pytest.mark.parametrize("file", RULEBOOK.coverage_files)
def test_every_command_that_a_row_names_can_be_typed(file: str) -> None:
    assert no_such_command(RULEBOOK.coverage_rows(file)) == []


@pytest.mark.parametrize("file", RULEBOOK.coverage_files)
def test_a_file_that_a_row_names_says_something_of_it(file: str) -> None:
    assert uncited(RULEBOOK.coverage_rows(file)) == []


@pytest.mark.parametrize("file", RULEBOOK.coverage_files)
def test_every_row_has_a_name_in_both_languages(file: str) -> None:
    rows = RULEBOOK.coverage_rows(file).values()
    assert [row.name for row in rows if not {*SCREEN_LANGUAGES} <= {*title_of_row(RULEBOOK, row)}] == []
    told = [text for row in rows for text in (row.text, row.because, row.not_yet) if text]
    assert [text["en"] for text in told if not {*SCREEN_LANGUAGES} <= {*text}] == []


def test_every_clause_and_deadline_that_the_rulebook_cites_has_a_row() -> None:
    assert cited_without_row(RULEBOOK) == set()


def test_a_rule_that_cites_what_no_row_is_about_is_noticed(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(RULEBOOK.folder, tmp_path / "manual"))
    track = copy / "tracks" / "service.yaml"
    track.write_text(track.read_text("utf-8").replace("clause: I.reh.3", "clause: I.reh.9"), "utf-8")
    assert cited_without_row(Rulebook(copy)) == {"I.reh.9"}


@pytest.mark.parametrize(
    ("test", "wrong"),
    [
        ("tests/cli/test_report.py::test_services_are_counted_by_three_groups", "no such test"),
        ("tests/cli/test_reports.py::test_services_are_counted_by_the_three_groups", "no such file"),
        ("tests/cli/test_report.py", "no such test"),
        ("tests/cases/tracks/consent.yaml", "no case is about it"),
        ("tests/cases/tracks/service.yaml", None),
    ],
)
def test_a_test_that_was_renamed_is_noticed(test: str, wrong: str | None) -> None:
    row = RULEBOOK.coverage["I.6"]
    assert row.done is not None
    assert no_such_tests({"I.6": row}) == []
    found = no_such_tests({"I.6": replace(row, done=row.done._replace(test=(test,)))})
    assert [each.partition(": ")[2].partition(":")[0] for each in found] == ([wrong] if wrong else [])


@pytest.mark.parametrize("by", ["add ID discharge", "add ID visit", "due --overdue", "monitor records ID"])
def test_a_command_that_does_not_exist_is_noticed(by: str) -> None:
    assert wrong_with_command(by)


def test_every_row_of_the_manual_is_there_once_and_no_other() -> None:
    found = Counter(chapter_of_row(row, RULEBOOK.coverage_order.chapters) for row in RULEBOOK.coverage.values())
    assert sorted(RULEBOOK.coverage) == sorted(ROWS)
    assert found == EXPECTED
