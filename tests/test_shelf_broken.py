"""A rule book that is not whole stops everything that would use it, and says in which file and where."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shelterctl.errors import BrokenRulebook, ExitCode, NotFound
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook

PINK, HOUSES, CLAUSES = "tracks/pink.yaml", "houses.yaml", "clauses.yaml"
IDENTITY, DISCHARGE, STAY = "tracks/identity.yaml", "tracks/discharge.yaml", "tracks/stay.yaml"
KITCHEN = '"kitchen or canteen"'

BROKEN = {
    "the same day twice": (
        HOUSES, "- {at_most: 10, at_least: 8, clause: M1.2.9, reading: X04}",
        "- {at_most: 10, clause: A}\n      - {since: 2027-01-01, at_most: 9, clause: B}\n"
        "      - {since: 2027-01-01, at_most: 8, clause: C}", "must increase", "/kinds/shelter/capacity/2",
    ),
    "the same key twice": (PINK, "track: pink\n", "track: pink\ntrack: pink\n", "for the second time", "3:1"),
    "a bracket left open": (PINK, "tells: {form: pink}", "tells: {form: pink", "Close what is open", ":"),
    "merge marks": (PINK, "track: pink\n", "<<<<<<< ours\ntrack: pink\n=======\n", "a merge mark stands at", "/"),
    "an empty form": (PINK, None, "", "nothing to read here", "1:1"),
    "a list that is not there": (IDENTITY, "of: sexes", "of: sex", "did you mean sexes", "/fields/sex/of"),
    "a kind that is not there": (IDENTITY, "is: partial", "is: parcial", "did you mean partial", "/birth_date/is"),
    "a place that another track has": (DISCHARGE, "at: discharge\n", "at: notes\n", "another track", "/at (6:"),
    "a key of the program's own": (STAY, "  notes: {", "  void: {", "another track", "/fields/void (14:"),
    "a list of the program's own": (IDENTITY, "at: identity\n", "at: unfinished\n", "another track", "/at (6:"),
    "a clause without words": (CLAUSES, f"    text: {KITCHEN}\n", "", "The key text is missing", "/clauses/M1.2.8a"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(open_rulebook().folder, tmp_path / "manual"))


def take_down(folder: Path) -> None:
    """Everything that lies on the shelf."""
    whole = Rulebook(folder)
    assert whole.edition
    assert whole.forms
    assert whole.house_kinds
    assert whole.report
    assert whole.clauses
    assert whole.readings
    assert whole.findings
    assert whole.places
    assert [*whole.acts.values()]
    assert [*whole.tracks.values()]
    assert whole.record


def revise(folder: Path, file: str, old: str | None, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old is None or text.count(old) == 1
    (folder / file).write_text(new if old is None else text.replace(old, new), "utf-8")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.defpath, "HOME": str(folder), "SHELTERCTL_MANUAL": str(folder)}
    command = [sys.executable, "-m", "shelterctl", *words]
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)


def test_the_shelf_as_it_is_shipped_is_whole(folder: Path) -> None:
    take_down(folder)


@pytest.mark.parametrize("what", BROKEN)
def test_broken_data_is_told_by_file_and_place(what: str, folder: Path) -> None:
    file, old, new, said, place = BROKEN[what]
    revise(folder, file, old, new)

    with pytest.raises(BrokenRulebook) as broken:
        take_down(folder)

    facts = broken.value.facts
    assert (broken.value.exit, facts["file"]) == (ExitCode.RULEBOOK, file)
    assert said in str(facts["what"])
    assert place in str(facts["place"])


@pytest.mark.parametrize("what", ["the same key twice", "a bracket left open", "an empty form"])
def test_the_program_ends_with_4_and_says_where(what: str, folder: Path) -> None:
    file, old, new, _, place = BROKEN[what]
    revise(folder, file, old, new)

    ended = run(folder, "agreement", "--form", "pink")

    assert (ended.returncode, ended.stdout) == (ExitCode.RULEBOOK, "")
    assert file in ended.stderr
    assert place in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_file_that_is_gone_is_told_by_name(folder: Path) -> None:
    (folder / "houses.yaml").unlink()
    with pytest.raises(BrokenRulebook) as broken:
        take_down(folder)
    assert broken.value.facts["file"] == "houses.yaml"
    assert "this file is missing" in str(broken.value.facts["what"])


def test_a_schema_that_is_gone_is_told_by_name(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revise(folder, "edition.yaml", None, (folder / "edition.yaml").read_text("utf-8") + "\n")
    monkeypatch.setattr("shelterctl.rulebook.files.SCHEMAS_FOLDER", tmp_path)
    with pytest.raises(BrokenRulebook) as broken:
        take_down(folder)
    assert broken.value.facts["file"] == "shelf/edition.schema.json"


def test_a_manual_that_is_not_there_is_not_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELTERCTL_MANUAL", str(tmp_path / "none"))
    with pytest.raises(NotFound):
        open_rulebook()
