"""On a computer with Python, git and make alone: what needs another program is skipped for that reason, and no more.

Every test runs on such a computer: it finds no program but those that it says it needs (conftest, programs). Here is
shown that this is so, and that a test is skipped where a program that it needs is not installed.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import programs
import pytest

PROJECT = Path(__file__).parents[1]
NAMED = {"age", "zsh", "fish", "man", "pdfinfo", "pdftotext", "pdftoppm", "strace", "yq", "gojq", "jq", "wine", "tmux",
         "osslsigncode"}  # fmt: skip
"""Programs without which `make demo` and `make test` are green."""


def test_no_test_finds_a_program_that_it_does_not_say_it_needs() -> None:
    assert programs.PACKAGES.keys() >= NAMED
    assert {*programs.lacking(NAMED)} == NAMED
    assert programs.lacking(["sh", "git", "make"]) == []


@pytest.mark.program("age")
def test_a_test_that_says_so_finds_that_program_alone() -> None:
    assert NAMED - {*programs.lacking(NAMED)} == {"age"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[ElementTree.Element]]:
    """What pytest said where none of them is installed, of every test that needs one; and each of these tests."""
    report = tmp_path_factory.mktemp("bare") / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--lacking",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        f"--junitxml={report}",
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    told = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout, list(ElementTree.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own


def lacking(case: ElementTree.Element) -> Iterator[str]:
    """The programs for want of which a test was skipped."""
    for skipped in case.iter("skipped"):
        said = re.fullmatch("not installed: (.+)", skipped.get("message", ""))
        assert said, skipped.get("message")
        yield from said[1].split(", ")


def test_what_needs_a_program_is_skipped_and_says_which(run: tuple[str, list[ElementTree.Element]]) -> None:
    told, cases = run
    skipped = Counter(name for case in cases for name in lacking(case))
    used = {"age", "fish", "gojq", "jq", "man", "pdfinfo", "pdftotext", "strace", "yq", "zsh"}
    assert used <= skipped.keys() <= programs.PACKAGES.keys() | programs.OF_LINUX
    section = told.partition("skipped: ")[2]
    assert {
        name: int(number) for number, name in re.findall(r"^ +(\d+)  (\S+) is not installed$", section, re.MULTILINE)
    } == skipped


def test_the_demonstration_of_the_readme_runs(tmp_path: Path) -> None:
    (line,) = re.findall(
        r"^demo:.*\n\t\$\(BIN\)/shelterctl (.*)$", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    words = line.replace("$(DIR)", str(tmp_path / "shown")).split()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(PROJECT / "src")}
    told = subprocess.run(
        [sys.executable, "-m", "shelterctl", *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert (tmp_path / "shown/house/shelter.yaml").is_file()


def test_the_check_installs_every_one_of_them() -> None:
    assert "< <(python3 tests/programs.py)" in (PROJECT / ".ci/run").read_text("utf-8")
    command = [sys.executable, "tests/programs.py"]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert {programs.PACKAGES[name] for name in NAMED} <= {*told} <= {*programs.PACKAGES.values()} - {""}
