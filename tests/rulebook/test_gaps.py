"""What has a slip is left out and the rest is checked: no slip hides another one, and none is told that comes of it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.lint.whole import FILES_NEEDED, SINGLE_FILES, check_rulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tests.support.sampled import stride

Slips = list[tuple[str, str]]

TINT = '  tint: "#ffdce8"'
PINK, REPORT, PROVIDER = "tracks/pink.yaml", "tracks/report.yaml", "tracks/provider.yaml"
ADMIT = "acts/admission.yaml"
CAP = "{amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}"
NO_YAML = "\n: [\n"
TRACKS = sorted(f"tracks/{name}.yaml" for name in open_rulebook().track_names)
ACTS = ["acts/admission.yaml", "acts/discharge.yaml"]

ALONE: dict[str, tuple[str, str, str]] = {
    "a key of a field that rules name": ("tracks/child.yaml", "with_her:\n    is: ", "with_her:\n    iss: "),
    "a key of a group that an act writes": ("tracks/plan.yaml", " by: {is: party, of: [", " by: {is: party, off: ["),
    "the verb of a rule that an item has words for": (ADMIT, "{suits: identity, sex: fem", "{suit: identity, sex: fem"),
    "the key of a track": ("tracks/rights.yaml", "clause: M3.0.5b\nhome", "clauses: M3.0.5b\nhome"),
    "a field of a family": ("tracks/agreement.yaml", "  number:\n    is: text", "  number:\n    is: txt"),
    "a code of a list": ("lists.yaml", "    social_worker: {en: ", "    social_worker: {enn: "),
    "a code of a finding": ("findings.yaml", "  agreement/lines:\n", "  agreement/lines:\n    sayz: {en: No}\n"),
    "the day of a family": ("tracks/agreement.yaml", "\nday: ", "\ndayy: "),
    "how a register is kept": ("tracks/ngo.yaml", "keeps: coded", "keeps: codded"),
    "where a family lies": ("tracks/agreement.yaml", "home: ", "hom: "),
    "a field in which the signature of an annex is recorded": (
        "tracks/rules.yaml",
        "signed_on:\n    is: ",
        "signed_on:\n    iss: ",
    ),
    "the register of a field": ("tracks/closing.yaml", "of: [staff]", "of: [staf]"),
    "a name of capital letters": ("tracks/trip.yaml", "  provider:\n", "  Provider:\n"),
}
"""Slips of which others could come: in each file the words, and what is written instead."""

TOGETHER: dict[str, tuple[list[tuple[str, str | None, str]], Slips]] = {
    "a slip of keys beside one of names in the same file": (
        [(PINK, TINT, "  tint: pinc"), (PINK, "days_of: stay", "days_of: stey")],
        [(PINK, "/sheet/tint"), (PINK, "/parts/3/rules/4/at_most/days_of")],
    ),
    "slips of keys beside those of names in other files": (
        [
            (REPORT, "{when: {job_paid: [", "{wen: {job_paid: ["),
            ("tracks.yaml", "order: [\n  person, ", "order: [\n  persn, "),
            ("acts/discharge.yaml", "rests: report", "rests: reports"),
            ("duties.yaml", "    row: ", "    rowe: "),
        ],
        [
            (REPORT, "/alarms/1/wen"), ("duties.yaml", "/duties/kit-corrected/rowe"),
            ("tracks.yaml", "/order/0"), ("acts/discharge.yaml", "/rests"),
        ],
    ),
    "all slips of one rule": (
        [(PINK, CAP, "{amount: amont, at_most: 2000, within: sty, clause: A5.2a, strength: shalt, foo: 1}")],
        [(PINK, "/parts/2a/rules/0/foo"), (PINK, "/parts/2a/rules/0/strength"),
         (PINK, "/parts/2a/rules/0/amount"), (PINK, "/parts/2a/rules/0/within")],
    ),
    "what is no YAML beside slips of others": (
        [("tracks/trip.yaml", "track: trip\n", "track: trip\ntrack: trip\n"), (PINK, TINT, "  tint: pinc"),
         ("acts/discharge.yaml", "rests: report", "rests: reports")],
        [("tracks/trip.yaml", ""), (PINK, "/sheet/tint"), ("acts/discharge.yaml", "/rests")],
    ),
    "a file that is missing beside a slip of another": (
        [("tracks/staff.yaml", None, ""), (PINK, TINT, "  tint: pinc")],
        [("tracks/staff.yaml", ""), (PINK, "/sheet/tint")],
    ),
    "all that does nothing in a register": (
        [(PROVIDER, "keeps: coded\n", "keeps: coded\nadvice: {en: Nothing}\n"
          "rules:\n  - {needs: identity.sex, clause: M1}\n  - {needs: nam, clause: M1}\n")],
        [(PROVIDER, "/advice"), (PROVIDER, "/rules/0/needs"), (PROVIDER, "/rules/1/needs")],
    ),
}  # fmt: skip
"""What is written, and the places of all slips that are told."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(open_rulebook().folder, tmp_path / "manual"))


@pytest.fixture
def slips(folder: Path) -> Callable[[], Slips]:
    """File and place of each slip that is told of the folder, in its order."""

    def told() -> Slips:
        try:
            check_rulebook(Rulebook(folder))
        except BrokenRulebook as error:
            return [(str(one.facts["file"]), one.position[0] if one.position else "") for one in error.slips]
        return []

    return told


def write(folder: Path, file: str, old: str | None, new: str) -> None:
    path = folder / file
    if old is None:
        path.unlink()
        return
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("what", TOGETHER)
def test_slips_are_told_at_once(what: str, folder: Path, slips: Callable[[], Slips]) -> None:
    written, places = TOGETHER[what]
    for one in written:
        write(folder, *one)
    assert sorted(slips()) == sorted(places)


@pytest.mark.parametrize("what", ALONE)
def test_no_slip_is_told_that_comes_of_another_one(what: str, folder: Path, slips: Callable[[], Slips]) -> None:
    write(folder, *ALONE[what])
    (one,) = slips()
    assert one[0] == ALONE[what][0]


@pytest.mark.sampled
@pytest.mark.parametrize("file", [*TRACKS[:: stride(5)], *ACTS, *SINGLE_FILES])
def test_of_a_file_that_is_no_yaml_nothing_else_is_told(file: str, folder: Path, slips: Callable[[], Slips]) -> None:
    (folder / file).write_bytes((folder / file).read_bytes() + NO_YAML.encode())
    assert slips() == [(file, "")]


@pytest.mark.sampled
@pytest.mark.parametrize("name", [*open_rulebook().read_file("lists.yaml").value["lists"]][:: stride(3)])
def test_of_a_list_that_is_none_nothing_else_is_told(name: str, folder: Path, slips: Callable[[], Slips]) -> None:
    write(folder, "lists.yaml", f"\n  {name}:\n", f"\n  {name}: []\n  {name}_once:\n")
    assert slips() == [("lists.yaml", f"/lists/{name}")]


@pytest.mark.parametrize("file", FILES_NEEDED)
def test_of_a_file_that_is_missing_nothing_else_is_told(file: str, folder: Path, slips: Callable[[], Slips]) -> None:
    (folder / file).unlink()
    assert slips() == [(file, "")]


def test_a_slip_behind_a_rule_that_is_left_out_keeps_its_place(folder: Path, slips: Callable[[], Slips]) -> None:
    """The places of a list are those of the whole file."""
    text = (folder / "tracks/trip.yaml").read_text("utf-8")
    rules = re.sub(
        r"\nrules:\n", "\nrules:\n  - {need: provider, clause: M1}\n  - {needs: provdier, clause: M1}\n", text
    )
    (folder / "tracks/trip.yaml").write_text(rules, "utf-8")
    assert slips() == [("tracks/trip.yaml", "/rules/0/need"), ("tracks/trip.yaml", "/rules/1/needs")]


def test_a_field_without_a_text_is_told_once(folder: Path, slips: Callable[[], Slips]) -> None:
    write(folder, "tracks/trip.yaml", "fields:\n", "fields:\n  nameless_one: {is: whole}\n")
    write(folder, "tracks/trip.yaml", "\nrules:\n", "\nrules:\n  - {needs: nameless_one, clause: M1}\n")
    assert slips() == [("tracks/trip.yaml", "/fields/nameless_one")]
