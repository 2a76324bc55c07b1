"""Every slip in a track, an act or a rule book that is not whole ends with 4 and says file, place and the nearest
word.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shelterctl.cli.commands import COMMAND_SUMMARIES, ENTRY_ACT_COMMANDS, REGISTER_COMMANDS
from shelterctl.cli.form import FORM_LIST
from shelterctl.errors import BrokenRulebook, ExitCode, NotFound
from shelterctl.language import format_sentence
from shelterctl.paper.request import PACK_FORM, REPORT_FORM
from shelterctl.rulebook.lint.commands import COMMANDS_OF_PROGRAM, SHEETS_OF_PROGRAM
from shelterctl.rulebook.lint.whole import FILES_NEEDED
from shelterctl.rulebook.rulebook import CLAUSE_WITHOUT_WORDS, Rulebook, open_rulebook
from tests.rulebook.slips import OF_COVERAGE, OF_IMPORT, OF_PLANS, OF_REPORTS, OF_ROLES, OF_RULES, OF_TRACKS, TINT
from tests.support.sampled import stride

HERE = "¦"
"""Stands in what is written anew where the slip is told to be."""

PINK, BLUE, AGREEMENT, REPORT = "tracks/pink", "tracks/blue", "tracks/agreement", "tracks/report"
ADMIT, LEAVE = "acts/admission", "acts/discharge"
STAYS, PAPER, LAST = "tracks/stay", "tracks/document", "tracks/instruction"
LINES = "{needs: lines, act: sign, clause: A5.C2, code: agreement/lines}"
WANTED = "{needs: [discharge.iom_representative, discharge.iom_consulted_on]}"
RULES = "\nrules:\n"

SLIPS = {**OF_RULES, **OF_TRACKS, **OF_ROLES, **OF_REPORTS, **OF_COVERAGE, **OF_IMPORT, **OF_PLANS}
STRIDE = 12
"""Of so many slips one is written, since each reads the whole rulebook again; with --every-place each is."""


@dataclass(frozen=True)
class Trial:
    """A copy of the shelf, and the real program before which it is laid."""

    folder: Path
    desk: Any

    def write(self, file: str, old: str, new: str) -> str:
        """The slip written; line and column of the sign in what is new."""
        path = self.folder / f"{file}.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1, old
        before, sign, after = text.replace(old, new).partition(HERE)
        path.write_text(before + after, "utf-8")
        return f"({before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1})" if sign else ""

    def said(self, words: str = "agreement --form pink") -> str:
        """What the program says, which ends with 4."""
        answer = self.desk.ask(words, env={"SHELTERCTL_MANUAL": str(self.folder)})
        assert answer.code == ExitCode.RULEBOOK, answer.out
        assert re.search(r" at /\S* \(\d+:\d+\): ", answer.page["error"]["message"])
        return str(answer.page["error"]["message"])


@pytest.fixture
def trial(tmp_path: Path, desk: Any) -> Trial:
    return Trial(Path(shutil.copytree(open_rulebook().folder, tmp_path / "manual")), desk)


@pytest.mark.sampled
@pytest.mark.parametrize("what", [*SLIPS][:: stride(STRIDE)])
def test_a_slip_is_told_by_file_and_place_with_the_nearest_word(what: str, trial: Trial) -> None:
    file, old, new, words = SLIPS[what]
    place = trial.write(file, old, new)

    said = trial.said()

    assert f" in {file}.yaml at " in said
    assert f"{place}: " in said
    assert words in said.partition("): ")[2]


def test_all_slips_of_a_shelf_are_told_at_once(trial: Trial) -> None:
    places = [
        trial.write(REPORT, "{when: {job_paid: [", "{wen: ¦{job_paid: ["),
        trial.write(PINK, LINES, LINES.replace("needs: ", "need: ¦")),
        trial.write(PINK, TINT, "  paint: ¦pink"),
    ]
    env = {"SHELTERCTL_MANUAL": str(trial.folder)}

    page = trial.desk.ask("agreement --form pink", env=env).page
    told = trial.desk.run("agreement --form pink", env=env)

    assert (page["exit_code"], page["error"]["code"]) == (ExitCode.RULEBOOK, "shelf/word")
    lines = [line.removeprefix("shelterctl: ") for line in told.err.splitlines()]
    assert lines == [one["message"] for one in page["findings"]]
    assert lines[0] == page["error"]["message"]
    found = [(one["code"], one["facts"]["file"], one["where"]) for one in page["findings"]]
    assert found == [
        ("shelf/word", f"{REPORT}.yaml", "/alarms/1/wen"),
        *(("shelf/word", f"{PINK}.yaml", where) for where in ("/rules/0/need", "/sheet/paint")),
    ]
    assert f"{REPORT}.yaml at /alarms/1/wen {places[0]}: " in lines[0]
    assert [f"({one['line']}:{one['column']})" for one in page["findings"]] == places
    assert all(f"did you mean {near}?" in line for near, line in zip(("when", "needs", "tint"), lines, strict=True))


def test_a_slip_that_is_the_only_one_is_a_finding_too(trial: Trial) -> None:
    place = trial.write(PINK, LINES, LINES.replace("needs: ", "need: ¦"))
    page = trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)}).page
    (one,) = page["findings"]
    assert (one["code"], one["message"]) == (page["error"]["code"], page["error"]["message"])
    assert (one["facts"]["file"], one["where"]) == (f"{PINK}.yaml", "/rules/0/need")
    assert f"({one['line']}:{one['column']})" == place


def test_what_is_no_yaml_is_a_finding_with_its_line_and_column(trial: Trial) -> None:
    trial.write(PINK, "track: pink\n", "track: pink\ntrack: pink\n")
    page = trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)}).page
    (one,) = page["findings"]
    assert (one["code"], one["facts"]["file"], one["line"], one["column"]) == ("shelf/file", f"{PINK}.yaml", 3, 1)
    assert page["error"]["message"] == one["message"]


def test_a_comment_is_told_as_one_of_a_rulebook(trial: Trial) -> None:
    """No record is saved here, and there are no notes."""
    trial.write(PINK, "track: pink\n", "track: pink # said of it\n")
    answer = trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)})
    assert "at 2:13: A comment is not allowed in a rulebook. Delete it" in answer.page["error"]["message"]


def test_names_of_two_tracks_are_looked_up_at_once(trial: Trial) -> None:
    trial.write(PINK, "family: agreement\n", "family: agreement\nunasked: ¦nothing\n")
    trial.write(LEAVE, "rests: report", "rests: ¦reports")

    assert "unasked" in trial.said()
    answer = trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)})
    assert [one["where"] for one in answer.page["findings"]] == ["/unasked", "/rests"]


def test_of_many_known_words_the_most_similar_are_told(trial: Trial) -> None:
    trial.write(REPORT, "unasked: monitoring/contradiction", "unasked: ¦zzz")
    assert re.search(r"unknown word; \d+ are known here, and the most similar are: \S+, ", trial.said())


def test_a_language_in_which_nothing_is_printed_is_not_announced(trial: Trial) -> None:
    trial.write("languages", "  ky:\n", "  uz:\n    name: {en: Uzbek}\n  ky:\n")
    said = trial.desk.run("--version", today=None, env={"SHELTERCTL_MANUAL": str(trial.folder)})
    assert "Kyrgyz" in said.out
    assert "Uzbek" not in said.out


def test_a_field_at_the_place_of_another_track_is_told_of_the_later_one(trial: Trial) -> None:
    trial.write(STAYS, "  notes: ", "  received: {is: text, text: {en: Received}}\n  notes: ")
    assert "reception.yaml at /at (6:5): the place stays.received already belongs to the track stay" in trial.said()


def test_tracks_whose_rules_stand_on_one_another_are_refused(trial: Trial) -> None:
    trial.write(PAPER, RULES, RULES + "  - {stands: instruction, clause: M3.0.6}\n")
    trial.write(LAST, RULES, RULES + "  - {stands: document, clause: M3.0.6}\n")

    assert "in a circle: instruction → document → instruction" in trial.said()


def test_an_act_that_stands_on_what_it_is_needed_for_is_refused(trial: Trial) -> None:
    trial.write(LEAVE, WANTED, WANTED + "\n      - {stands: report}")
    trial.write(REPORT, "\nrules:\n", "\nrules:\n  - {stands: discharge, clause: A7.D}\n")

    assert "in a circle: discharge → act discharge → report → discharge" in trial.said()


def test_what_holds_nobody_up_makes_no_circle(trial: Trial) -> None:
    trial.write(PAPER, RULES, RULES + "  - {stands: instruction, strength: should, clause: M3.0.6}\n")
    trial.write(LAST, RULES, RULES + "  - {stands: document, clause: M3.0.6}\n")

    assert trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)}).code == ExitCode.OK


def test_the_slip_is_said_in_russian_too(trial: Trial) -> None:
    place = trial.write(PINK, LINES, LINES.replace("needs: ", "need: ¦"))

    answer = trial.desk.run("agreement --form pink --lang ru", env={"SHELTERCTL_MANUAL": str(trial.folder)})

    assert (answer.code, len(answer.err.splitlines())) == (ExitCode.RULEBOOK, 1)
    assert f"tracks/pink.yaml, место /rules/0/need {place}: неизвестное слово" in answer.err
    assert "needs?" in answer.err


def test_a_shelf_is_held_again_once_it_is_revised(trial: Trial) -> None:
    ask = {"env": {"SHELTERCTL_MANUAL": str(trial.folder)}}
    assert trial.desk.ask("agreement --form pink", **ask).code == ExitCode.OK
    trial.write(PINK, LINES, LINES.replace("needs: ", "need: ¦"))
    assert trial.desk.ask("agreement --form pink", **ask).code == ExitCode.RULEBOOK


@pytest.mark.parametrize("text", ["", "- a\n", "track: [\n", "track: referral\ntrack: referral\n", "{}\n"])
def test_what_cannot_be_read_is_told_by_file(text: str, trial: Trial) -> None:
    (trial.folder / "tracks/referral.yaml").write_text(text)
    answer = trial.desk.ask("agreement --form pink", env={"SHELTERCTL_MANUAL": str(trial.folder)})
    assert answer.code == ExitCode.RULEBOOK
    assert "tracks/referral.yaml" in answer.page["error"]["message"]


def test_a_track_that_is_taken_down_alone_is_held_by_its_keys(trial: Trial) -> None:
    trial.write(PINK, LINES, LINES.replace("needs: ", "need: ¦"))
    with pytest.raises(BrokenRulebook) as broken:
        Rulebook(trial.folder).tracks["pink"]
    assert "did you mean needs?" in format_sentence(broken.value.message, broken.value.facts)


@pytest.mark.parametrize("file", FILES_NEEDED)
def test_a_file_that_the_program_names_is_missed_by_its_own_name(file: str, trial: Trial) -> None:
    (trial.folder / file).unlink()
    answer = trial.desk.ask("list", env={"SHELTERCTL_MANUAL": str(trial.folder)})
    assert answer.code == ExitCode.RULEBOOK
    assert f"in {file} at /: this file is missing" in answer.page["error"]["message"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "words"),
    [
        ("annexes", "shelter-rules", "rules", "rename the annex and its file"),
        ("annexes", "shelter-rules", "pink", "rename the annex and its file"),
        ("annexes", "shelter-rules", "due", "choose another one"),
        ("annexes", "shelter-rules", "monitoring-report", "choose another one"),
        ("tracks", "pink", "list", "choose another one"),
    ],
)
def test_what_is_printed_has_a_name_of_its_own(kind: str, old: str, new: str, words: str, trial: Trial) -> None:
    key = {"annexes": "annex", "tracks": "track"}[kind]
    trial.write(f"{kind}/{old}", f"\n{key}: {old}\n", f"\n{key}: {new}\n")
    file = (trial.folder / kind / f"{old}.yaml").rename(trial.folder / kind / f"{new}.yaml")
    file.write_text(file.read_text("utf-8").replace(f"form: {old}", f"form: {new}"), "utf-8")
    page = trial.desk.ask("list", env={"SHELTERCTL_MANUAL": str(trial.folder)}).page
    told = [one for one in page["findings"] if one["facts"]["file"] == f"{kind}/{new}.yaml"]
    assert [one["where"] for one in told] == [f"/{key}"]
    assert words in told[0]["message"]


def test_the_words_of_form_that_are_no_form_are_known_to_the_rulebook() -> None:
    assert {*SHEETS_OF_PROGRAM} == {FORM_LIST, PACK_FORM, REPORT_FORM}


def test_what_is_of_no_track_is_held_too(trial: Trial) -> None:
    trial.write("states", "  interviewed:", "  interveiwed:")
    assert "/states (2:1): a key is missing: interviewed" in trial.said()


def test_a_deadline_is_told_with_the_facts_that_there_are(trial: Trial) -> None:
    months = 'en: "Due from the day {months}'
    place = trial.write("duties", months, months.replace("en: ", "en: ¦").replace("months", "month"))
    assert f"{place}: unknown word; did you mean months?" in trial.said()


def test_days_of_an_annex_that_are_in_no_order_are_told_by_line(trial: Trial) -> None:
    place = trial.write("annexes/shelter-rules", "[{clause: A2.1}]", "[¦{since: 2027-01-01, clause: A2.1}]")
    assert f"/entries/1/standing/0 {place}: put the days of a history in order" in trial.said()


def test_a_clause_that_is_newer_than_the_texts_is_explained_as_that(trial: Trial) -> None:
    trial.write(BLUE, "clause: A6.4\n    product", "clause: IOM-2027-8\n    product")
    trial.write(ADMIT, "clause: M3.0.2\n", "clause: IOM-2027-9\n")
    for name in ("blue 4", "meeting"):
        answer = trial.desk.run(f"explain {name}", env={"SHELTERCTL_MANUAL": str(trial.folder)})
        assert answer.code == ExitCode.OK
        assert CLAUSE_WITHOUT_WORDS in answer.out


PINK_FILE, HOUSES, CLAUSES = "tracks/pink.yaml", "houses.yaml", "clauses.yaml"
IDENTITY, DISCHARGE, STAY = "tracks/identity.yaml", "tracks/discharge.yaml", "tracks/stay.yaml"
KITCHEN = '"kitchen or canteen"'

BROKEN = {
    "the same day twice": (
        HOUSES, "- {at_most: 10, at_least: 8, clause: M1.2.9, reading: X04}",
        "- {at_most: 10, clause: A}\n      - {since: 2027-01-01, at_most: 9, clause: B}\n"
        "      - {since: 2027-01-01, at_most: 8, clause: C}", "days of a history in order", "/kinds/shelter/capacity/2",
    ),
    "the same key twice": (PINK_FILE, "track: pink\n", "track: pink\ntrack: pink\n", "key occurs twice", "3:1"),
    "a bracket left open": (PINK_FILE, "tells: {form: pink}", "tells: {form: pink", "Close those that are open", ":"),
    "merge marks": (PINK_FILE, "track: pink\n", "<<<<<<< ours\ntrack: pink\n=======\n", "a merge mark at", "/"),
    "an empty form": (PINK_FILE, None, "", "There is nothing here", "1:1"),
    "a list that is not there": (IDENTITY, "of: sexes", "of: sex", "did you mean sexes", "/fields/sex/of"),
    "a kind that is not there": (IDENTITY, "is: partial", "is: parcial", "did you mean partial", "/birth_date/is"),
    "a place that another track has": (DISCHARGE, "at: discharge\n", "at: notes\n", "another track", "/at (6:"),
    "a key of the program's own": (STAY, "  notes: {", "  void: {", "another track", "/fields/void (20:"),
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


def test_the_names_that_no_track_may_take_are_the_commands_that_are_made_from_none() -> None:
    assert {*COMMAND_SUMMARIES} - {*REGISTER_COMMANDS, *ENTRY_ACT_COMMANDS} == COMMANDS_OF_PROGRAM
