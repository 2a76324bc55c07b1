"""The files that one opens to follow a command are few, stand on a page of help, and lead to each other."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_docs import SOURCE, block, blocks, written

from shelterctl.ui_language import SCREEN_LANGUAGES

if TYPE_CHECKING:
    from conftest import Desk


FEW = 12
WAYS = {
    "cli/agreement": "agreement --form blue --from blue.yaml --check",
    "cli/admit": "admit HER --done orientation",
    "cli/entry_act": "approve HER plan --check",
}
"""What is typed, by the file in which it begins."""

LOADED = """import sys
from shelterctl.__main__ import main
sys.argv[0] = "shelterctl"
try:
    main()
finally:
    print(*sys.modules)
"""
EXAMPLES = Path(__file__).parents[1] / "examples" / "accepted"


def files(beginning: str) -> list[str]:
    """The files of one way, in the order of the page."""
    return [name.strip() for name in re.split(r"[,\n]+", block("carrying-on", beginning)) if name.strip()]


def module(file: str) -> Path:
    """Where a file lies; a room with several is opened at its door."""
    return next(path for path in (SOURCE / f"{file}.py", SOURCE / file / "__init__.py") if path.is_file())


def named(file: str) -> set[str]:
    """The files that one imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(module(file).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shelterctl"):
            inside = "/".join((node.module or "").split(".")[1:])
            found |= {inside, *(f"{inside}/{one.name}".lstrip("/") for one in node.names)}
    return found


@pytest.mark.parametrize("beginning", WAYS)
def test_whoever_follows_a_command_opens_few_files_and_each_leads_to_the_next(beginning: str) -> None:
    way = files(beginning)
    assert len(way) <= FEW
    for number, file in enumerate(way[1:], 1):
        assert any(file in named(before) for before in way[:number]), file


@pytest.mark.parametrize("beginning", WAYS)
def test_the_command_imports_every_file_that_is_followed(beginning: str, admitted: "Desk") -> None:
    (admitted.folder / "blue.yaml").write_bytes((EXAMPLES / "blue.yaml").read_bytes())
    words = WAYS[beginning].replace("HER", admitted.her).split()
    env = {**admitted.env, "PYTHONPATH": str(SOURCE.parent)}
    command = [sys.executable, "-c", LOADED, *words]
    ended = subprocess.run(command, env=env, cwd=admitted.folder, capture_output=True, text=True, check=False)
    loaded = set(ended.stdout.split())
    assert not [file for file in files(beginning) if f"shelterctl.{file.replace('/', '.')}" not in loaded], ended.stderr


@pytest.mark.parametrize("beginning", WAYS)
def test_the_page_says_the_same_in_every_language(beginning: str) -> None:
    for language in SCREEN_LANGUAGES:
        assert block("carrying-on", beginning) in blocks(written("carrying-on", language))
