"""What this is: the version and what it is a version of, told at once and in agreement with the shelf."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl import __version__, edition
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.whole.test_source import HEAVY, loaded

if TYPE_CHECKING:
    from tests.support.desk import Desk


def test_its_few_lines_are_read_as_the_shelf_reads_them_strictly() -> None:
    rulebook = open_rulebook()
    assert edition.read_edition(edition.SHIPPED_MANUAL_PATH) == rulebook.edition
    assert edition.read_languages(edition.SHIPPED_MANUAL_PATH) == {
        code: (dict(known["name"]), not (known.get("original") or known.get("reviewed")))
        for code, known in rulebook.languages.items()
    }
    assert set(SCREEN_LANGUAGES) <= set(rulebook.languages)


def test_it_says_version_edition_and_languages(desk: "Desk") -> None:
    told = desk.run("--version", today=None)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        f"shelterctl {__version__}",
        "Edition of the manual: kg-2008",
        "On the screen: English, Russian (draft)",
        "On paper: English, Russian (draft), Kyrgyz (draft)",
        "A draft is a translation of the manual that is not signed off yet.",
    ]


@pytest.mark.parametrize("words", ["--version --lang ru", "--lang=ru --version"])
def test_it_says_so_in_the_language_of_the_screen(words: str, desk: "Desk") -> None:
    told = desk.run(words, today=None).out
    assert told == desk.run("--version", today=None, env={"LANG": "ru_RU.UTF-8"}).out
    assert "английский, русский (черновик)" in told


def test_a_language_that_is_not_spoken_is_refused(desk: "Desk") -> None:
    assert desk.run("--version --lang xx", today=None).code == 2


def test_a_manual_that_iom_has_signed_off_has_no_drafts(desk: "Desk", tmp_path: Path) -> None:
    manual = tmp_path / "manual"
    shutil.copytree(edition.SHIPPED_MANUAL_PATH, manual)
    file = manual / "languages.yaml"
    reviewed = [
        line + ("    reviewed: {by: IOM, on: 2027-01-15}\n" if "name:" in line and "English" not in line else "")
        for line in file.read_text("utf-8").splitlines(keepends=True)
    ]
    file.write_text("".join(reviewed), "utf-8")
    told = desk.run("--version", today=None, env={"SHELTERCTL_MANUAL": str(manual)}).out
    assert "draft" not in told
    assert "On paper: English, Russian, Kyrgyz" in told


def test_nothing_is_lost_where_another_manual_does_not_say_its_languages(desk: "Desk", tmp_path: Path) -> None:
    told = desk.run("--version", today=None, env={"SHELTERCTL_MANUAL": str(tmp_path)})
    assert (told.code, told.out.splitlines()[0]) == (0, f"shelterctl {__version__}")


@pytest.mark.parametrize("words", ["--version", "--version --lang ru"])
def test_it_loads_nothing_heavy(words: str) -> None:
    held = loaded(*words.split())
    assert not held & {*HEAVY, "typer"}
    assert "lang" in words or not held & {"decimal", "gettext", "pathlib", "typing"}
