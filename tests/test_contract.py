"""The published schemas are what the shelf generates, hold together, and mean one thing to every validator."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from shelterctl.document.reading import read_document
from shelterctl.errors import NotFound
from shelterctl.rulebook.rulebook import FILES_SHAPING_RECORDS, Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import agreement_schema
from shelterctl.schemas.stored import SCHEMA_DIALECT, shelter_schema
from shelterctl.validation import SchemaValidator

PROJECT = Path(__file__).parents[1]
SCHEMAS = PROJECT / "schemas"
SHELF = open_rulebook()
GENERATED = published.all_schemas(SHELF)
PUBLISHED = sorted(path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.schema.json"))

OPEN = {("outcome", "/properties/data"), ("outcome", "/$defs/finding/properties/facts")} | {
    ("outcome", "/$defs/record"),
    ("outcome", "/$defs/schema"),
    ("resident", "/$defs/agreement/properties/lines"),
    ("resident", "/$defs/papers/additionalProperties"),
    *((name, "/$defs/before") for name in ("resident", "directory", "staff", "shelter")),
}
"""Maps that are left open: what a command answers, which is told by its name; facts; records and schemas in a page;
lines, which the core judges by their clauses, answers that are judged by the act that they are given for, and what an
entry said before it was changed, which was judged when it was written."""

STAMP = {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-aida"}
RECORD: dict[str, Any] = {
    "schema": "resident/1",
    "id": "7QF2-M9KD",
    "identity": {"sex": "female", "birth_date": "1999-03"},
    "stays": [],
    **STAMP,
}
LINES = {"4": {"rate": 1000, "months": 3, "study": {"from": "2026-12-01", "to": "2027-02-28"}}}
PAGE = {"shelterctl": 1, "status": "ok", "exit_code": 0, "manual": {"edition": None, "digest": None}} | {
    "findings": [],
    "error": None,
}
SAMPLES: list[tuple[str, Any]] = [
    ("resident", RECORD),
    ("resident", RECORD | {"favourite": "x"}),
    ("resident", RECORD | {"identity": {"sex": "other"}}),
    ("resident", RECORD | {"agreements": [{"id": "K7M2QA", "form": "green", "date": "2026-11-25", **STAMP}]}),
    ("resident", {}),
    ("fragment", {"identity": {"first_name": None}}),
    ("fragment", {"stays": [{"id": "K7M2QA", "done": [{"item": "clothes", "on": "2026-11-25"}]}]}),
    ("fragment", {"done": [{"item": "dancing", "on": "2026-11-25"}]}),
    ("fragment", {"agreements": []}),
    ("agreement-blue", {"date": "2026-11-25", "lines": LINES}),
    ("agreement-blue", {"date": "2026-11-25", "lines": {"7d": {"amount": 1}}}),
    ("agreement-blue", {"date": "2026-11-25", "lines": {"7a": {"amount": -1}}}),
    ("agreement-blue", {"date": "2026-11-25", "lines": {"7a": {"amount": "12.345"}}}),
    ("agreement-blue", {"date": "2026-11-25", "contract_date": "2026-01-20"}),
    ("agreement-blue", {"lines": {}}),
    ("agreement-pink", {"date": "2026-11-25", "contract_date": "2026-01-20", "lines": {"2a": {"amount": "2000.00"}}}),
    ("agreement-pink", {"date": "2026-11-25", "lines": {"3": {"amount": 1, "days": 1.0, "persons": True}}}),
    ("agreement-pink", {"date": "2026-11-25", "lines": {"5": {"amount": 1, "proceeding": "civil"}}}),
    ("agreement-pink", {"date": "2026-11-25\n"}),
    ("monitoring-report", {"date": "2027-05-26", "employed": True, "job_paid": "regularly", "signed": True}),
    ("monitoring-report", {"date": "2027-05-26", "employed": "yes", "job_paid": "often"}),
    ("monitoring-report", {"date": "2027-05-26", "last_meeting_on": "unknown"}),
    ("track-done", {"item": "clothes", "on": "2026-11-25", "by": None}),
    ("track-done", {"id": "K7M2QA", "on": "2026-11-25"}),
    ("track-done", {"on": "2026-11-25"}),
    ("attempt", {"how": "phone"}),
    ("attempt", {"how": "pigeon"}),
    ("ngo-entry", {"name": "Улыбка", "memorandum": {"signed_on": "2026-01-15"}}),
    ("ngo-entry", {"memorandum": "2026-01-15"}),
    ("outcome", PAGE | {"command": "ngo add", "data": {"ngo": "sezim", "said": ["It is."]}}),
    ("outcome", PAGE | {"command": "ngo add", "data": {"name": "Улыбка"}}),
    ("outcome", PAGE | {"command": "ngo list", "data": {"rows": [{"ngo": "sezim", "founded": [1999, None]}]}}),
    ("outcome", PAGE | {"command": "monitor", "data": {}}),
    ("outcome", PAGE | {"command": None, "data": {"ngo": "sezim"}}),
]


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text("utf-8"))
    return found


def objects(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that describes a mapping, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" or ("properties" in schema and "type" not in schema):
            yield place, schema
        for name, below in schema.items():
            yield from objects(below, f"{place}/{name}") if name not in ("if", "then", "else") else ()
    elif isinstance(schema, list):
        for number, below in enumerate(schema):
            yield from objects(below, f"{place}/{number}")


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (below for name, below in schema.items() if name == "$ref")
        for below in schema.values():
            yield from references(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from references(below)


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_published_is_what_the_shelf_generates(name: str) -> None:
    assert read(f"{name}.schema.json") == GENERATED[name], "make schemas"


def test_a_record_has_the_shape_that_was_published_unless_anything_that_shapes_it_is_revised(tmp_path: Path) -> None:
    for file in (file for pattern in FILES_SHAPING_RECORDS for file in SHELF.folder.glob(pattern)):
        copy = tmp_path / file.relative_to(SHELF.folder)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(file, copy)
    assert published.MAKERS_OF_STORED["resident"](Rulebook(tmp_path)) == GENERATED["resident"]  # nothing else shapes it

    codes = tmp_path / "lists.yaml"
    codes.write_text(codes.read_text("utf-8").replace("    male: {", "    man: {", 1), "utf-8")
    revised = Rulebook(tmp_path)
    assert (
        published.resident_schema(revised) == published.MAKERS_OF_STORED["resident"](revised) != GENERATED["resident"]
    )
    assert published.resident_schema(SHELF) == GENERATED["resident"]


def test_nothing_is_published_that_is_not_generated() -> None:
    published = {Path(name).name.removesuffix(".schema.json") for name in PUBLISHED if "/" not in name}
    assert published == set(GENERATED)


def test_publishing_writes_every_generated_schema_as_text_that_a_person_can_read(tmp_path: Path) -> None:
    published.write_schemas(tmp_path)

    written = {path.name.removesuffix(".schema.json"): path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert set(written) == set(GENERATED) - set(published.HANDWRITTEN_SCHEMAS)
    for name, text in written.items():
        assert text == (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
        assert text.endswith("}\n")


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_schema_is_valid_draft_2020_12(name: str) -> None:
    schema = read(name)
    assert schema["$schema"] == SCHEMA_DIALECT
    assert schema["title"]
    Draft202012Validator.check_schema(schema)
    jsonschema_rs.validator_for(schema)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_mapping_is_closed_but_those_that_are_declared_open(name: str) -> None:
    stem = Path(name).name.removesuffix(".schema.json")
    ajar = {place for place, part in objects(read(name)) if "additionalProperties" not in part}
    assert {(stem, place) for place in ajar} == {
        (each, place) for each, place in OPEN if "/" not in name and each == stem
    }


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_reference_leads_somewhere_and_nothing_waits_to_be_filled(name: str) -> None:
    schema = read(name)
    assert "x-from" not in json.dumps(schema)
    for reference in references(schema):
        part: Any = schema
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


@pytest.mark.parametrize(("name", "value"), SAMPLES, ids=lambda part: part if isinstance(part, str) else "")
def test_validators_agree(name: str, value: Any) -> None:
    schema = GENERATED[name]
    ours = not [found for found in SchemaValidator(schema).findings(value) if found.code != "shape/date"]
    assert ours == jsonschema_rs.validator_for(schema).is_valid(value)
    if "\\n" not in json.dumps(value):  # Python's $ takes a line's end for the text's
        assert ours == jsonschema.Draft202012Validator(schema).is_valid(value)


def test_samples_stand_on_both_sides() -> None:
    fits = {(name, jsonschema_rs.validator_for(GENERATED[name]).is_valid(value)) for name, value in SAMPLES}
    assert fits == {(name, fit) for name, _ in SAMPLES for fit in (True, False)}


@pytest.mark.parametrize(
    ("example", "name"),
    [
        ("referral", "fragment"), ("discharge", "fragment"), ("blue", "agreement-blue"), ("pink", "agreement-pink"),
        ("monitoring-report", "monitoring-report"),
    ],
)  # fmt: skip
def test_examples_fit_their_published_schema(example: str, name: str) -> None:
    value = read_document((PROJECT / "examples/accepted" / f"{example}.yaml").read_bytes()).value
    assert not SchemaValidator(GENERATED[name]).findings(value)
    jsonschema.validate(value, GENERATED[name], Draft202012Validator)


def test_a_third_kind_of_house_is_an_entry_more_on_the_shelf(tmp_path: Path) -> None:
    rulebook = Rulebook(Path(shutil.copytree(SHELF.folder, tmp_path / "manual")))
    flat = "kinds:\n  flat: {text: {en: flat}, capacity: [{at_most: 4, clause: IOM-2027-7}]}\n"
    houses = rulebook.folder / "houses.yaml"
    houses.write_text(houses.read_text("utf-8").replace("kinds:\n", flat), "utf-8")

    facility = shelter_schema(rulebook)["properties"]["facilities"]["additionalProperties"]["properties"]
    assert facility["kind"]["enum"] == ["flat", "shelter", "carc"]


def test_a_line_that_is_not_on_the_form_is_left_to_the_core(admitted: Any) -> None:
    agreement = {"date": "2026-11-25", "lines": {"9": {"amount": 1}}}
    open_ = agreement_schema(SHELF, "pink", lines=False)
    assert not SchemaValidator(open_).findings(agreement)
    assert SchemaValidator(GENERATED["agreement-pink"]).findings(agreement)
    assert admitted.refused(f"agreement {admitted.her} --form pink", agreement).refusals == ["agreement/unknown-line"]


def test_the_program_prints_what_is_published(desk: Any) -> None:
    rows = desk.ask("schema").data["rows"]
    assert {row["name"] for row in rows} == set(GENERATED)
    assert desk.ask("schema resident").data["schema"] == GENERATED["resident"]
    with pytest.raises(NotFound):
        published.schema_by_name(SHELF, "client")
