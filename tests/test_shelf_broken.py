"""A rule book that is not whole stops everything that would use it, and says in which file and where."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shelterctl.errors import BrokenRulebook, Exit, NotFound
from shelterctl.library import Shelf, open_shelf

PINK, BLUE, ADMISSION, HOUSES, CLAUSES, RECORD = (
    "forms/pink.yaml", "forms/blue.yaml", "checklists/admission.yaml", "houses.yaml", "clauses.yaml", "record.yaml"
)  # fmt: skip
CAP = "{at_most: 2000, times: [], within: stay, clause: A5.2a, reading: X22}"
UNDERWEAR = "en: Underwear – max. {at_most}"
KITCHEN = '"kitchen or canteen"'
NEEDS = "      course: [{clause: A6.1a}]\n    no_longer"

BROKEN = {
    "an unknown key": (PINK, CAP, CAP.replace("at_most", "atmost"), "shape/unknown-key", "/lines/2a/cap/0"),
    "a key of the file": (PINK, "form: pink\n", "form: pink\ncolour: pink\n", "shape/unknown-key", "/"),
    "an unknown word": (PINK, f"cap:\n      - {CAP}", f"limit:\n      - {CAP}", "shape/unknown-key", "/lines/2a"),
    "an unknown condition": (PINK, "  contract_date: [", "  contract_day: [", "shape/unknown-key", "/conditions"),
    "an unknown verb": (ADMISSION, "    place: {}\n", "    bed: {}\n", "shape/unknown-key", "/items/3"),
    "an unknown word of a house": (HOUSES, "women_and_minors", "women", "shape/unknown-key", "/kinds/shelter/admits"),
    "an unknown reach": (PINK, CAP, CAP.replace("stay", "month"), "shape/code", "/lines/2a/cap/0/within"),
    "an unknown strength": (PINK, CAP, CAP.replace("reading: X22", "strength: must"), "shape/code", "/lines/2a/cap/0"),
    "no clause": (PINK, CAP, CAP.replace("clause: A5.2a, ", ""), "shape/missing-key", "/lines/2a/cap/0"),
    "no clause of a line": (PINK, "standing: [{clause: A5.2a}]", "standing: [{}]", "shape/missing-key", "/lines/2a"),
    "no ruling at all": (PINK, "standing: [{clause: A5.2a}]", "standing: []", "shape/count", "/lines/2a/standing"),
    "a first ruling with a day": (PINK, CAP, CAP.replace("{", "{since: 2008-01-01, "), "must increase", "/2a/cap/0"),
    "a second without one": (PINK, CAP, f"{CAP}\n      - {CAP}", "must increase", "/lines/2a/cap/1"),
    "days that go back": (
        ADMISSION, "standing: [{gate: true, clause: M1.2.9}]",
        "standing: [{gate: true, clause: M1.2.9}, {since: 2027-01-01, gate: true, clause: A}, "
        "{since: 2026-01-01, gate: true, clause: B}]", "must increase", "/items/place/standing/2",
    ),
    "the same day twice": (
        HOUSES, "- {at_most: 10, clause: M1.2.9, reading: X04}",
        "- {at_most: 10, clause: A}\n      - {since: 2027-01-01, at_most: 9, clause: B}\n"
        "      - {since: 2027-01-01, at_most: 8, clause: C}", "must increase", "/kinds/shelter/capacity/2",
    ),
    "no such day": (PINK, CAP, f"{CAP}\n      - {{since: 2027-02-30, {CAP[1:]}", "must increase", "/cap/1"),
    "a text without English": (PINK, "  en: pink form\n", "", "shape/missing-key", "/title"),
    "a text in no language": (PINK, "  en: pink form\n", "  de: rosa form\n", "shape/", "/title"),
    "the same key twice": (PINK, "form: pink\n", "form: pink\nform: pink\n", "document/duplicate-key", "3:1"),
    "a bracket left open": (PINK, "heading: [contract_date]", "heading: [contract_date", "document/", ":"),
    "merge marks": (PINK, "form: pink\n", "<<<<<<< ours\nform: pink\n=======\n", "document/merge-marks", "/"),
    "an empty form": (PINK, None, "", "document/empty", "1:1"),
    "another form's name": (PINK, "form: pink\n", "form: blue\n", "named like its file", "/form"),
    "a group that is not there": (BLUE, '  "7": {en: Services', '  "9": {en: Services', "no such group", "/7a/group/7"),
    "a key that the line has not": (BLUE, NEEDS, NEEDS.replace("course", "cours"), "no such key", "/1a/needs/cours"),
    "a code that the key has not": (PINK, "[{codes: [criminal],", "[{codes: [civil],", "no such code", "/5/one_of/"),
    "a limit without ruling": (PINK, UNDERWEAR, UNDERWEAR.replace("at_", ""), "no ruling", "/2c/text/en/most"),
    "a fact that is not known": (ADMISSION, "ng: {lacking}", "ng: {papers}", "does not give", "/iom-documents/"),
    "a reason without words": (ADMISSION, "      full-house:\n", "      no-house:\n", "word", "/items/place/missing/"),
    "an advice for no reason": (ADMISSION, "in_file:\n      place:", "in_file:\n      bed:", "word", "/in_file/bed"),
    "an advice with a fact that is not known": (
        ADMISSION, "them under iom as", "{papers} under iom as", "does not give", "/in_file/iom-documents/"
    ),
    "a verb that needs more": (ADMISSION, "    place: {}\n", "    eligible: {}\n", "unknown word", "/place/missing/"),
    "an item twice": (ADMISSION, "item: rights\n", "item: rules\n", "stands above", "/items/10/item"),
    "a brace left open": (PINK, UNDERWEAR, UNDERWEAR.replace("}", ""), "expected", "/lines/2c/text/en"),
    "a list that is not there": (RECORD, "of: sexes\n", "of: sex\n", "no such list", "/places/identity.sex/of/sex"),
    "two lists of codes": (RECORD, "of: sexes\n", "of: sexes\n    codes: {x: {en: x}}\n", "shape/", "/identity.sex"),
    "a place that is no path": (RECORD, "  referral.other:\n", "  referral/other:\n", "shape/", "/places"),
    "a clause without words": (CLAUSES, f"    text: {KITCHEN}\n", "", "shape/missing-key", "/clauses/M1.2.8a"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(open_shelf().folder, tmp_path / "manual"))


def take_down(folder: Path) -> None:
    """Everything that lies on the shelf."""
    whole = Shelf(folder)
    assert whole.edition
    assert whole.forms
    assert whole.kinds
    assert whole.report
    assert whole.clauses
    assert whole.readings
    assert whole.findings
    assert whole.places
    assert [whole.checklist(name) for name in ("admission", "discharge")]


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
    assert (broken.value.exit, facts["file"]) == (Exit.RULEBOOK, file)
    assert said in str(facts["what"])
    assert place in str(facts["place"])


@pytest.mark.parametrize("what", ["an unknown key", "a second without one", "the same key twice", "an empty form"])
def test_the_program_ends_with_4_and_says_where(what: str, folder: Path) -> None:
    file, old, new, _, place = BROKEN[what]
    revise(folder, file, old, new)

    ended = run(folder, "agreement", "--form", "pink")

    assert (ended.returncode, ended.stdout) == (Exit.RULEBOOK, "")
    assert file in ended.stderr
    assert place in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_file_that_is_gone_is_told_by_name(folder: Path) -> None:
    (folder / "houses.yaml").unlink()
    with pytest.raises(BrokenRulebook) as broken:
        take_down(folder)
    assert broken.value.facts["file"] == "houses.yaml"


def test_a_schema_that_is_gone_is_told_by_name(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shelterctl.library.written.SCHEMAS", tmp_path)
    with pytest.raises(BrokenRulebook) as broken:
        take_down(folder)
    assert broken.value.facts["file"] == "shelf/edition.schema.json"


def test_a_manual_that_is_not_there_is_not_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELTERCTL_MANUAL", str(tmp_path / "none"))
    with pytest.raises(NotFound):
        open_shelf()
