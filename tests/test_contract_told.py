"""The schemas tell whoever scripts what each key and code is, what each command reads, and what it answers."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from test_contract import GENERATED, SHELF, objects, read

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import INPUT_SCHEMAS
from shelterctl.schemas import published
from shelterctl.schemas.input import duty_schema, register_input_schema
from shelterctl.schemas.page import COMMAND_ANSWERS
from shelterctl.schemas.stored import TRACK_OF_REGISTER


@pytest.mark.parametrize("name", GENERATED)
def test_whatever_may_be_written_is_called_something(name: str) -> None:
    schema = read(f"{name}.schema.json")
    assert schema["$id"].startswith(f"urn:shelterctl:schema:{name}:")
    assert schema["title"]
    assert schema["description"]
    untitled = {
        f"{place}/{key}"
        for place, part in objects(schema)
        for key, one in part.get("properties", {}).items()
        if not (one.get("title") and one["title"][0] == one["title"].capitalize()[0])
    }
    assert untitled == set()
    assert "{" not in "".join(texts(schema))  # limits are filled in


def texts(schema: Any) -> Iterator[str]:
    """Whatever a person reads of a schema."""
    if isinstance(schema, dict):
        yield from (said for name, said in schema.items() if name in ("title", "description") and isinstance(said, str))
    for below in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from texts(below)


@pytest.mark.parametrize("name", sorted(set(GENERATED) - {"secrets", "directory", "outcome"}))
def test_every_code_says_what_it_means(name: str) -> None:
    def coded(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            yield from [part] if isinstance(part.get("enum"), list) and "not" not in part else []
            yield from (found for word, below in part.items() if word != "if" for found in coded(below))
        elif isinstance(part, list):
            yield from (found for below in part for found in coded(below))

    for part in coded(read(f"{name}.schema.json")):
        answers = {code for code in part["enum"] if isinstance(code, str)} - {"unknown"}
        assert answers == set(part.get("x-labels", {})), part["title"]
        assert all(part.get("x-labels", {}).values())


def test_what_an_older_version_took_is_told_from_what_is_written_now() -> None:
    how = GENERATED["resident"]["$defs"]["attempt"]["properties"]["how"]
    assert (how["$ref"], how["x-codes"]) == ("#/$defs/text", list(how["x-labels"]))
    assert (how["if"], how["then"]) == ({"not": {"enum": how["x-codes"]}}, {"deprecated": True})
    assert GENERATED["attempt"]["properties"]["how"]["enum"] == how["x-codes"]


def commands(group: Any, typed: str = "") -> Iterator[tuple[str, Any]]:
    """Every command as it is typed."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        yield from commands(command, f"{name} ") if hasattr(command, "commands") else [(f"{typed}{name}", command)]


def test_whatever_reads_a_file_names_the_schema_of_it(desk: Any) -> None:
    reads = {
        typed
        for typed, command in commands(CommandGroup(name="shelterctl"))
        for param in command.params
        if "--from" in param.opts
    }
    assert reads == set(INPUT_SCHEMAS)
    for typed, name in INPUT_SCHEMAS.items():
        told = " ".join(desk.run(f"{typed} --help", today=None).out.split())
        assert f"schema {name}." in told
        stem = name.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert name in GENERATED or len([each for each in GENERATED if each.startswith(stem)]) > 1, name


def test_what_every_command_answers_is_told(desk: Any) -> None:
    assert {typed for typed, _ in commands(CommandGroup(name="shelterctl"))} == set(COMMAND_ANSWERS)
    held = jsonschema_rs.validator_for(GENERATED["outcome"])
    page = desk.do("ngo list").page
    assert held.is_valid(page)
    wrong: list[dict[str, Any]] = [{"rows": [{}]}, {"rows": {}}, {"rows": [], "names": []}]
    assert not any(held.is_valid({**page, "data": data}) for data in wrong)
    assert not held.is_valid({**page, "command": "ngo add", "data": {"rows": []}})


def test_what_is_published_is_what_a_command_holds_its_file_against() -> None:
    told = {"attempt": "attempt", "closed": "closing", "scheduled": "schedule"}
    assert {name: duty_schema(SHELF, what) for what, name in told.items()} == {
        name: GENERATED[name] for name in told.values()
    }
    for register, name in TRACK_OF_REGISTER.items():
        assert register_input_schema(SHELF, register) == GENERATED[f"{name}-entry"]
    assert published.fragment_schema(SHELF) == GENERATED["fragment"]
