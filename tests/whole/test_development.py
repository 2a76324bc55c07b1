"""What development needs: the lock, a computer with Python, git and make alone, and the manual page."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shelterctl.cli.options import common_options
from shelterctl.errors import ExitCode
from tests.support import programs
from tests.support.paths import PROJECT, SOURCE, TESTS
from tests.whole.test_source import commands
from tools import audit, environment, lock, man

FILES = [lock.RUNTIME, lock.TABLES, lock.DEVELOPMENT]
RUNTIME, TABLES, DEVELOPMENT = map(lock.read, FILES)
EVERY = RUNTIME | TABLES | DEVELOPMENT
PINS = {"runtime": RUNTIME, "tables": RUNTIME | TABLES, "development": RUNTIME | DEVELOPMENT}
"""The pins among which the requirements of each kind must be."""


@pytest.mark.parametrize(("kind", "asked"), [(kind, one) for kind, each in lock.wanted().items() for one in each])
def test_what_is_asked_for_is_locked_within_its_range(kind: str, asked: str) -> None:
    wanted = Requirement(asked)
    assert wanted.specifier.contains(PINS[kind][canonicalize_name(wanted.name)].version)


def test_each_package_is_in_one_lock_and_all_locks_are_installed_to_develop() -> None:
    assert len(EVERY) == len(RUNTIME) + len(TABLES) + len(DEVELOPMENT)
    assert environment.LOCKS == FILES
    assert [lock.PROJECT / name for name in audit.LOCKS] == FILES
    assert all(path.name in (PROJECT / "Makefile").read_text("utf-8") for path in FILES)


def test_whatever_needs_something_finds_it_in_the_lock() -> None:
    """By what is installed here: its own needs are those of the same ranges."""
    for kind, names in lock.wanted().items():
        pins, waiting, seen = PINS[kind], [Requirement(each) for each in names], set()
        while waiting:
            one = waiting.pop()
            name = canonicalize_name(one.name)
            if name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
                continue
            seen.add(name)
            assert name in pins
            waiting += [Requirement(each) for each in distribution(name).requires or ()]


def test_every_machine_and_python_of_ours_has_a_wheel_of_everything_that_is_wanted_there() -> None:
    assert lock.lacking(EVERY.values()) == []
    assert EVERY["colorama"].wanted("win32", "3.12")
    assert not EVERY["colorama"].wanted("linux", "3.12")


def test_a_wheel_that_is_lacking_is_told() -> None:
    pin = RUNTIME["pyrage"]
    short = pin._replace(wheels=tuple(one for one in pin.wheels if "win" not in one[0]))
    assert lock.lacking([short]) == [
        f"pyrage {pin.version}: no wheel for windows x86_64, Python {each}" for each in lock.PYTHONS
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_lock_is_what_pyproject_asks_for_now(file: Path) -> None:
    assert f"# pyproject: {lock.digest()}\n" in file.read_text("utf-8"), "run: make lock"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_lock_holds_hashes_and_names_no_place_to_fetch_from(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"://|--(index|extra|find|trusted)", text)
    pins = lock.read(file)
    assert all(pin.wheels and all(re.fullmatch("[0-9a-f]{64}", one) for _, one in pin.wheels) for pin in pins.values())


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    lock.written(tmp_path / "lock", "What shelterctl runs with", RUNTIME.values())
    assert (tmp_path / "lock").read_bytes() == lock.RUNTIME.read_bytes()


def test_a_python_that_the_lock_does_not_know_is_told_before_anything_is_fetched() -> None:
    text = lock.RUNTIME.read_text("utf-8")
    assert [environment.covered(text, python) for python in ("3.11", "3.13", "3.1", "3.99")] == [
        True,
        True,
        False,
        False,
    ]


def test_where_nobody_could_be_asked_it_is_no_clean_bill() -> None:
    whole: dict[str, Any] = {"name": "one", "version": "1", "vulns": []}
    unknown: dict[str, Any] = {"name": "two", "skip_reason": "not found"}
    hole: dict[str, Any] = {"name": "three", "version": "3", "vulns": [{"id": "X-1", "fix_versions": ["3.1"]}]}
    assert [audit.told(each)[0] for each in ([whole], [whole, unknown], [whole, hole, unknown])] == [
        audit.NONE, audit.UNASKED, audit.SOME,
    ]  # fmt: skip
    assert audit.told([hole])[1][0] == "three 3: X-1, fixed in 3.1"


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
    files = sorted(path for path in TESTS.rglob("test_*.py") if "mark.program(" in path.read_text("utf-8"))
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
        *map(str, files),
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
    assert "< <(python3 tests/support/programs.py)" in (PROJECT / ".ci/run").read_text("utf-8")
    command = [sys.executable, "tests/support/programs.py"]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert {programs.PACKAGES[name] for name in NAMED} <= {*told} <= {*programs.PACKAGES.values()} - {""}


PAGE = man.PAGE.read_text("utf-8")


def test_the_page_is_what_the_commands_say() -> None:
    assert man.page() == PAGE, "run: make man"


def test_every_command_option_variable_and_exit_code_is_on_it() -> None:
    plain = PAGE.replace("\\-", "-").replace("\\fR", "").replace("\\fB", "")
    for words, command in commands():
        assert f".SS shelterctl {words}" in plain
        assert all(param.opts[0] in plain for param in command.params if param.opts[0].startswith("--"))
    assert all(option.opts[0] in plain for option in common_options())
    source = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    read = set(re.findall(r"SHELTERCTL_[A-Z]+\b", source))
    assert all(name in plain for name in read)
    assert all(re.search(rf"^{int(code)}$", plain, re.MULTILINE) for code in ExitCode)


def test_the_day_on_it_is_the_day_of_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(man, "PROJECT", tmp_path)
    monkeypatch.setattr(man, "__version__", "9.9.0")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 9.9.0 · 2027-03-01\n\n## 0.1.0 · 2026-11-25\n")
    assert man.released() == "2027-03-01"
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0 · 2026-11-25\n")
    assert man.released() == ""


@pytest.mark.program("man")
def test_man_shows_it_without_a_complaint() -> None:
    shown = subprocess.run(
        ["man", "--warnings=w", "-E", "UTF-8", "-l", str(man.PAGE)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "MANROFFOPT": ""},
    )
    assert shown.stderr == ""
    for heading in ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES"):
        assert re.search(rf"^{heading}$", shown.stdout, re.MULTILINE)
    assert max(map(len, shown.stdout.splitlines())) <= 100
