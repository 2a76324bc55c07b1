"""The topics of help: in both languages, short, of nothing that does not exist, and there at once."""

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hints import misread, typed

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.errors import ExitCode
from shelterctl.explain import topic
from shelterctl.ui_language import SCREEN_LANGUAGES

if TYPE_CHECKING:
    from conftest import Desk


PROJECT = Path(__file__).parents[1]
EVERY = [(name, language) for name in topic.TOPICS for language in SCREEN_LANGUAGES]
LONG = ("security", "scripting", "data-officers", "carrying-on", "shelf")
"""Topics for those who look after the program, and read at a desk."""

HEAVY = ("typer", "yaml", "rich", "pyrage", "cryptography", "jsonschema")


def written(name: str, language: str) -> str:
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
    assert 40 <= len(lines) <= (270 if name in LONG else 80)
    assert max(map(len, lines)) <= 80
    assert not re.search(r"[#`]", "\n".join(line for line in lines if not line.startswith("    ")))


@pytest.mark.parametrize("name", topic.TOPICS)
def test_both_languages_say_the_same(name: str) -> None:
    english, russian = (written(name, language) for language in ("en", "ru"))
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
        line for line in typed(written(name, language)) if line.startswith("--") and line.split()[0] not in known
    ]


@pytest.mark.parametrize("line", ["admitt", "admit --frm FILE", "list --lang", "show 1 2 3"])
def test_what_does_not_exist_would_be_noticed(line: str) -> None:
    assert misread(line.split())


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_exit_codes_are_those_of_the_program(language: str) -> None:
    listed = re.findall(r"^- (\d+): ", written("exit-codes", language), re.MULTILINE)
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
