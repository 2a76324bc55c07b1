"""The topics of help: short, in both languages, of nothing that does not exist, with every word that their grammar
knows.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.coverage import CoverageOrder, CoverageRow, CoveredChapter, CoveringWork
from shelterctl.core.manual.field import FIELD_KINDS, OFFERED_ANSWERS, UNKNOWN_ANSWER, Field
from shelterctl.core.manual.report import (
    HOUSE_FIGURES,
    NIGHTS_SUBJECTS,
    ROW_KINDS,
    STANDINGS,
    Report,
    ReportOrder,
    ReportRow,
    ReportSheet,
)
from shelterctl.core.manual.rule import Strength
from shelterctl.core.manual.sheet import PrintedForm
from shelterctl.core.manual.standard import CONVERSIONS, SEVERAL_VALUES, STANDARD_ROWS, Standard, StandardColumn
from shelterctl.core.manual.track import DANGER_HEALTH, DANGER_LATE, HOMES, KEEPS_VALUES, FormPart, Track, TrackOrder
from shelterctl.core.rules.names import RESERVED_NAMES
from shelterctl.core.rules.verbs.reach import REACHES
from shelterctl.core.rules.verbs.verb import COUNTABLE_KINDS, PRESENCE_ANSWERS
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.core.tables.lists import SUBJECTS_OF_LISTS
from shelterctl.document.reading import read_document
from shelterctl.edition import LARGEST_RULEBOOK_FILE
from shelterctl.errors import ExitCode
from shelterctl.explain import topic
from shelterctl.rulebook.lint.acts import FACTS_OF_EVERY_ITEM, PARTS_OF_ACT
from shelterctl.rulebook.lint.rules import FACTS_OF_EVERY_SENTENCE
from shelterctl.rulebook.lint.tracks import FACTS_OF_EVERY_FORM
from shelterctl.rulebook.lint.whole import ACTS_WITHOUT_ITEMS, check_rulebook
from shelterctl.rulebook.reader import MODIFIERS, RULING_KEYS, keys_written
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.ui_language import PAPER_LANGUAGES, SCREEN_LANGUAGES
from tests.whole.hints import misread, typed
from tests.whole.test_docs import block, blocks, written

if TYPE_CHECKING:
    from tests.support.desk import Desk


EVERY = [(name, language) for name in topic.TOPICS for language in SCREEN_LANGUAGES]
LONG = (
    "security",
    "scripting",
    "commands",
    "data-officers",
    "exports",
    "formats",
    "recipes",
    "carrying-on",
    "rulebook",
)
"""Topics for those who look after the program, and read at a desk."""

HEAVY = ("typer", "yaml", "rich", "pyrage", "cryptography", "jsonschema")


def help_text(name: str, language: str) -> str:
    return (topic.TOPICS_FOLDER / language / f"{name}.md").read_text("utf-8")


def options(one: Any) -> set[str]:
    return {name for param in one.params for name in getattr(param, "opts", ()) if name.startswith("--")} | {"--help"}


def all_options() -> set[str]:
    found: set[str] = set()
    for name in COMMAND_SUMMARIES:
        one: Any = app.CommandGroup(name="shelterctl").get_command(None, name)
        for each in [one, *getattr(one, "commands", {}).values()]:
            found |= options(each)
    return found


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_topic_fits_a_terminal_and_a_tired_reader(name: str, language: str) -> None:
    lines = topic.topic_lines(name, language)
    assert 40 <= len(lines) <= (520 if name in LONG else 80)
    assert max(map(len, lines)) <= 80
    assert not re.search(r"[#`]", "\n".join(line for line in lines if not line.startswith("    ")))


@pytest.mark.parametrize("name", topic.TOPICS)
def test_both_languages_say_the_same(name: str) -> None:
    english, russian = (help_text(name, language) for language in ("en", "ru"))
    for sign in (r"^## ", r"^- ", r"^\d\. "):
        assert len(re.findall(sign, english, re.M)) == len(re.findall(sign, russian, re.M)), sign
    assert [line for line in english.splitlines() if line.startswith("    ")] == [
        line for line in russian.splitlines() if line.startswith("    ")
    ]
    assert sorted(typed(english)) == sorted(typed(russian))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_option_that_is_named_exists(name: str, language: str) -> None:
    known = all_options()
    assert not [
        line for line in typed(help_text(name, language)) if line.startswith("--") and line.split()[0] not in known
    ]


@pytest.mark.parametrize("line", ["admitt", "admit --frm FILE", "list --lang", "show 1 2 3"])
def test_what_does_not_exist_would_be_noticed(line: str) -> None:
    assert misread(line.split())


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_exit_codes_are_those_of_the_program(language: str) -> None:
    listed = re.findall(r"^- (\d+): ", help_text("exit-codes", language), re.MULTILINE)
    assert [int(number) for number in listed] == [int(code) for code in ExitCode]


def test_there_is_a_file_for_every_topic_and_none_besides() -> None:
    files = {path.relative_to(topic.TOPICS_FOLDER).as_posix() for path in topic.TOPICS_FOLDER.rglob("*.md")}
    assert files == {f"{language}/{name}.md" for name, language in EVERY}


@pytest.mark.parametrize(
    "words", [("help", "admission"), ("help", "backup", "--lang", "ru"), ("--lang=en", "help", "privacy")]
)
def test_a_topic_is_told_before_anything_heavy_is_imported(words: tuple[str, ...]) -> None:
    code = (
        "import sys, shelterctl.__main__ as m\ntry: m.main()\nexcept SystemExit as e: print('|', e.code, *sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    told, _, end = ended.stdout.rpartition("|")
    number, *modules = end.split()
    assert (number, len(told.splitlines()) > 40) == ("0", True)
    assert not {module.partition(".")[0] for module in modules} & set(HEAVY)


def test_help_alone_lists_the_topics(desk: "Desk") -> None:
    answer = desk.do("help", today=None)
    assert [row["topic"] for row in answer.data["rows"]] == list(topic.TOPICS)
    for language in SCREEN_LANGUAGES:
        listed = desk.run(f"help --lang {language}", today=None).out
        assert all(topic.topic_title(name, language) in listed for name in topic.TOPICS)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_topic_reads_the_same_at_once_and_as_a_command(name: str, language: str, desk: "Desk") -> None:
    at_once = desk.run(f"help {name} --lang {language}", today=None)
    assert (at_once.code, at_once.out.splitlines()) == (0, topic.topic_lines(name, language))
    assert desk.run(f"help {name} --lang {language}").out == at_once.out  # --as-of makes it a command like others
    assert desk.do(f"help {name}", today=None).data == {"topic": name, "text": "\n".join(topic.topic_lines(name, "en"))}


@pytest.mark.parametrize(
    ("words", "shown"), [("help shelf", "rulebook"), ("help Печать --lang ru", "print"), ("help первый час", "start")]
)
def test_a_topic_is_found_by_its_earlier_name_and_by_russian_words(words: str, shown: str, desk: "Desk") -> None:
    assert desk.do(words, today=None).data["topic"] == shown


def test_every_topic_has_one_reader_and_an_alias_leads_to_a_topic() -> None:
    assert len({*topic.TOPICS}) == len(topic.TOPICS)
    assert {*topic.TOPIC_ALIASES.values()} <= {*topic.TOPICS}
    assert not {*topic.TOPIC_ALIASES} & {*topic.TOPICS}


def test_exit_codes_may_be_written_as_two_words(desk: "Desk") -> None:
    assert desk.do("help exit codes", today=None).data["topic"] == "exit-codes"


@pytest.mark.parametrize("words", ["admit", "monitor", "monitor record", "help"])
def test_help_of_a_command_is_its_own(words: str, desk: "Desk") -> None:
    asked, own = desk.run(f"help {words}", today=None), desk.run(f"{words} --help", today=None)
    assert asked.code == 0
    assert asked.out.strip() == own.out.strip()


@pytest.mark.parametrize("words", ["admision", "monitor nothing", "Примерова", "show show"])
def test_what_is_no_topic_is_not_found_and_not_repeated(words: str, desk: "Desk") -> None:
    answer = desk.refused(f"help {words}", today=None)
    assert (answer.code, answer.error) == (3, "help/unknown")
    assert "Примерова" not in answer.out


TOLD = {each.name.rstrip("_") for verb in VERBS.values() for each in fields(verb)}
OFFSET, MEASURED = {"months", "days", "of"}, {"count", "of", "days_of", "months_of"}
TRACK, FIELD, RULE, ACT, TEXTS = range(1, 6)
STANDARD = 10
REPORT, COVERAGE = 8, 9
WORDS: dict[str, tuple[int, Iterable[str]]] = {
    "the keys of a track": (TRACK, {"schema", *keys_written(Track)}),
    "the keys of a part": (TRACK, keys_written(FormPart)),
    "the keys of a deadline": (TRACK, {"from", "after", "row", "first", "danger", "never", DANGER_LATE, DANGER_HEALTH}),
    "the keys of all tracks": (TRACK, keys_written(TrackOrder)),
    "where a track lies": (TRACK, HOMES),
    "how a track is kept": (TRACK, KEEPS_VALUES),
    "the kinds of a field": (FIELD, FIELD_KINDS),
    "the keys of a field": (FIELD, keys_written(Field)),
    "what a field may offer": (FIELD, OFFERED_ANSWERS),
    "answers that are no codes": (FIELD, {"yes", "no", "part", UNKNOWN_ANSWER, *PRESENCE_ANSWERS}),
    "lists that lie elsewhere": (FIELD, {"items", "forms", "houses"}),
    "the verbs": (RULE, VERBS),
    "what a verb is told": (RULE, TOLD),
    "what stands beside a verb": (RULE, {*MODIFIERS, *RULING_KEYS, "later", "since"}),
    "how strong a rule is": (RULE, set(Strength)),
    "how far a verb looks": (RULE, {"within", "same", "overlaps", *REACHES}),
    "what is counted": (RULE, {*MEASURED, *COUNTABLE_KINDS, "count: sleeping"}),
    "how a day is moved": (RULE, OFFSET),
    "names that are no fields": (RULE, RESERVED_NAMES),
    "the keys of a standard": (STANDARD, keys_written(Standard)),
    "the keys of a column of a standard": (STANDARD, keys_written(StandardColumn)),
    "how a column is written": (STANDARD, {*CONVERSIONS, *SEVERAL_VALUES, *STANDARD_ROWS}),
    "the keys of an act": (ACT, {"schema", *keys_written(Act)}),
    "the keys of an item": (ACT, keys_written(Item)),
    "the acts of the program": (ACT, PARTS_OF_ACT),
    "the keys of a sheet": (TEXTS, keys_written(PrintedForm)),
    "what fills a sheet": (TEXTS, FACTS_OF_EVERY_FORM),
    "what fills the words of a rule": (TEXTS, FACTS_OF_EVERY_SENTENCE),
    "what fills the words of an item": (TEXTS, {*FACTS_OF_EVERY_ITEM, "lacking"}),
    "the keys of a report": (REPORT, {"schema", *keys_written(Report), *keys_written(ReportOrder)}),
    "the keys of a row": (REPORT, keys_written(ReportRow)),
    "the sheet of a report": (REPORT, keys_written(ReportSheet)),
    "the values of a row": (REPORT, {*HOUSE_FIGURES, *NIGHTS_SUBJECTS, *STANDINGS, *SUBJECTS_OF_LISTS}),
    "the keys of a row of the manual": (COVERAGE, {*keys_written(CoverageRow), *keys_written(CoveringWork)}),
    "the chapters of the manual": (COVERAGE, {*keys_written(CoverageOrder), *keys_written(CoveredChapter)}),
    "the keys of a clause": (TEXTS, {"clauses", "heading", "gist", "text", "readings"}),
}
"""Words that the code knows, with the section of the page in which each must stand."""


def said(node: Any) -> Iterator[str]:
    """Every key and every answer of an example."""
    for key, below in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield str(key)
        yield from said(below)
    if not isinstance(node, dict | list):
        yield str(node)


def words_of(language: str, section: int) -> set[str]:
    """What a section has in backticks, whole and word by word, and in its examples."""
    text = re.split(r"^## ", written("rulebook", language), flags=re.MULTILINE)[section]
    shown = [one for each in blocks(text) for one in said(read_document(each.encode(), LARGEST_RULEBOOK_FILE).value)]
    marked = [one.strip("{}") for one in re.findall(r"`([^`]+)`", text)]
    return {*shown, *marked, *(word for one in marked for word in re.findall(r"[\w-]+", one))}


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@pytest.mark.parametrize("what", WORDS)
def test_the_page_has_every_word_that_the_code_knows(what: str, language: str) -> None:
    section, known = WORDS[what]
    assert {*known} - words_of(language, section) == set()


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_page_names_the_acts_that_may_write_a_track_and_the_languages(language: str) -> None:
    assert {*ACTS_WITHOUT_ITEMS} - {"sign"} <= words_of(language, TRACK)
    assert {*PAPER_LANGUAGES} <= words_of(language, 0)


def revised(folder: Path) -> Rulebook:
    """A copy of the shelf with every example of the page in its place."""
    draft = folder / "draft"
    shutil.copytree(open_rulebook().folder, draft)
    track = "".join(block("rulebook", f"{first}:") for first in ("schema", "fields", "rules", "due"))
    (draft / "tracks" / "doctor-visit.yaml").write_text(track, "utf-8")
    added = ("tracks/vehicle", "tracks/duty", "reports/door")
    for name, shown in zip(added, blocks(written("rulebook", "en"))[-len(added) - 1 : -1], strict=True):
        (draft / f"{name}.yaml").write_text(shown, "utf-8")
    put(draft / "tracks" / "blue.yaml", "parts:\n", block("rulebook", "parts:"))
    put(draft / "coverage" / "front.yaml", "rows:\n", block("rulebook", "rows:"))
    put(draft / "clauses.yaml", "clauses:\n", block("rulebook", "clauses:"))
    act = draft / "acts" / "discharge.yaml"
    head = re.search(r"^of: (?:.|\n)*?(?=^rules:)", act.read_text("utf-8"), re.MULTILINE)
    put(act, head[0] if head else "", block("rulebook", "of:"))
    put(act, "items:\n", block("rulebook", "items:"))
    return Rulebook(draft)


def put(path: Path, old: str, new: str) -> None:
    """Put *new* in the place of *old*, which begins a line there once."""
    before, found, after = f"\n{path.read_text('utf-8')}".partition(f"\n{old}")
    assert found
    path.write_text(f"{before}\n{new}{after}".removeprefix("\n"), "utf-8")


def test_what_the_page_shows_is_whole(tmp_path: Path) -> None:
    rulebook = revised(tmp_path)
    check_rulebook(rulebook)

    assert len(blocks(written("rulebook", "en"))) == 13
    assert [rulebook.coverage[f"M9.{number}"].status for number in range(1, 5)] == [
        "done", "not_done", "not_done", "not_yet",
    ]  # fmt: skip
    assert {row.kind for row in rulebook.house_reports["door"].rows.values()} == {*ROW_KINDS}
    assert [rule.verb for rule in rulebook.tracks["doctor-visit"].rules] == [verb for verb in VERBS if verb != "covers"]
    assert [rule.verb for rule in rulebook.tracks["duty"].rules] == ["covers", "once"]
    assert rulebook.tracks["doctor-visit"].keeps == "many"
    assert [track.name for track in rulebook.registers][-1] == "vehicle"
    assert rulebook.tracks["blue"].parts["8"].standing[0].clause == "IOM-1"
    assert [item.name for item in rulebook.acts["discharge"].items][:2] == ["visits", "iom-consulted"]
    assert rulebook.acts["discharge"].asks["after"] == ("discharge.on",)
    assert rulebook.clauses["IOM-1"]["text"] == "As it was written down."


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_whoever_changes_a_cap_is_led_to_it(language: str) -> None:
    assert "`shelterctl help rulebook`" in written("carrying-on", language)
