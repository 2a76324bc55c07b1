"""What is signed, stored or scripted stays to the letter, however the source is arranged: tests/frozen.yaml lists it.

A text may be added to; one that a release had stays. With SHELTERCTL_FROZEN=write the list is written anew.
"""

import ast
import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import yaml

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.errors import ExitCode
from tests.support.paths import PROJECT, SOURCE

LIST = PROJECT / "tests/frozen.yaml"
FROZEN: dict[str, Any] = yaml.load(LIST.read_text("utf-8"), yaml.CSafeLoader)
COMMON = ("--json", "--format", "--store", "--identity", "--as-of", "--staff", "--lang", "--wait", "--passphrase-fd")


@cache
def literals() -> frozenset[str]:
    """Every text and every run of bytes that the program has, its docstrings aside."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said]
        found |= {text for text in texts if isinstance(text, str)}
        found |= {text.decode("latin-1") for text in texts if isinstance(text, bytes)}
        found |= {
            word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords if word.arg
        }
    return frozenset(found)


def commands() -> dict[str, list[str]]:
    """What each command takes, by its words; and what all of them take."""
    group, found = app.CommandGroup(name="shelterctl"), {"(all)": sorted(COMMON)}
    for name in COMMAND_SUMMARIES:
        command: Any = group.get_command(None, name)
        below = getattr(command, "commands", None) or {"": command}
        for word, each in below.items():
            taken = {option for param in each.params for option in (*param.opts, *param.secondary_opts)}
            assert set(COMMON) <= taken
            found[f"{name} {word}".strip()] = sorted(taken - set(COMMON))
    return found


def keys() -> dict[str, list[str]]:
    """Every key that a published schema knows, by the schema."""
    return {
        path.relative_to(PROJECT).as_posix(): sorted(properties(json.loads(path.read_text("utf-8"))))
        for path in sorted((PROJECT / "schemas").rglob("*.json"))
    }


def properties(schema: Any) -> set[str]:
    """The keys of all mappings that a schema speaks of."""
    if isinstance(schema, list):
        return {key for each in schema for key in properties(each)}
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return set(own if isinstance(own, dict) else ()) | {key for each in schema.values() for key in properties(each)}


def lists() -> dict[str, str]:
    """The lists of words and letters on which what was written on paper rests, by their sha256."""
    return {
        path.relative_to(SOURCE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(SOURCE.rglob("*.txt"))
    }


def exits() -> dict[str, int]:
    """What a process may end with."""
    return {each.name: int(each) for each in ExitCode}


SCRIPTED: dict[str, Callable[[], dict[str, Any]]] = {"commands": commands, "keys": keys, "exits": exits, "lists": lists}


@pytest.mark.parametrize("what", ["signed", "stored", "variables"])
def test_each_text_that_was_signed_stored_or_set_is_there_to_the_letter(what: str) -> None:
    assert FROZEN[what]
    named = set(keys()["schemas/resident.schema.json"])  # by the rulebook: the sealed block that every file has
    assert sorted(set(FROZEN[what]) - literals() - named) == []


@pytest.mark.parametrize("what", ["commands", "keys"])
def test_each_word_of_a_script_is_there(what: str) -> None:
    there = SCRIPTED[what]()
    assert sorted(set(FROZEN[what]) - set(there)) == []
    gone = {name: sorted(set(words) - set(there[name])) for name, words in FROZEN[what].items()}
    assert {name: words for name, words in gone.items() if words} == {}


@pytest.mark.parametrize("what", ["exits", "lists"])
def test_numbers_and_lists_of_words_are_as_they_were(what: str) -> None:
    there = {name.rpartition("/")[2]: value for name, value in SCRIPTED[what]().items()}
    assert {name.rpartition("/")[2]: value for name, value in FROZEN[what].items()}.items() <= there.items()


@pytest.mark.skipif(os.environ.get("SHELTERCTL_FROZEN") != "write", reason="the list is written when it is asked for")
def test_the_list_is_written_anew() -> None:
    anew = {**FROZEN, **{name: make() for name, make in SCRIPTED.items()}}
    LIST.write_text(yaml.safe_dump(anew, width=118, default_flow_style=None), "utf-8")
