"""The manual page: what is committed is what the tree of commands gives, it is whole, and `man` shows it."""

import re
import subprocess
from pathlib import Path

import man
import pytest
from test_house import SOURCE, commands

from shelterctl.cli.options import common_options
from shelterctl.errors import ExitCode

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
