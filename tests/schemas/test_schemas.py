"""The published schemas: generated from the rulebook, explained key by key, one meaning to every validator."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import INPUT_SCHEMAS
from shelterctl.core.manual.field import FIELD_KINDS, Field
from shelterctl.core.manual.track import REGISTER_HOMES
from shelterctl.document.reading import read_document
from shelterctl.errors import NotFound
from shelterctl.rulebook.rulebook import FILES_SHAPING_RECORDS, Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.fields import Definitions
from shelterctl.schemas.input import agreement_schema, duty_schema, register_input_schema, tracks_with_entries
from shelterctl.schemas.list_rows import COMMANDS_OF_LISTS
from shelterctl.schemas.page import COMMAND_ANSWERS
from shelterctl.schemas.stored import SCHEMA_DIALECT, register_tracks, shelter_schema
from shelterctl.validation import SchemaValidator
from shelterctl.view.lists import data_dictionary
from tests.support.paths import PROJECT
from tests.support.schema_values import EACH_ENTRY, list_places
from tools import generated

SCHEMAS = PROJECT / "schemas"
SHELF = open_rulebook()
GENERATED = generated.make_schemas(SHELF)
PUBLISHED = sorted(path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.schema.json"))

OPEN = {("outcome", "/properties/data"), ("outcome", "/$defs/finding/properties/facts")} | {
    ("outcome", "/$defs/record"),
    ("outcome", "/$defs/schema"),
    ("resident", "/$defs/agreement/properties/lines"),
    ("resident", "/$defs/papers/additionalProperties"),
    *((name, "/$defs/before") for name in ("resident", "directory", "staff", "shelter")),
    *((f"register-{home}", f"/$defs/{what}") for home in REGISTER_HOMES for what in ("before", "changed")),
    *((f"register-{home}", "/$defs/papers/additionalProperties") for home in REGISTER_HOMES),
}
"""Maps that are left open: what a command answers, which is told by its name; facts; records and schemas in a page;
lines, which the core judges by their clauses, answers that are judged by the act that they are given for, and what an
entry said before it was changed, or what a device adds to it, which was judged when it was written."""

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
    generated.write_schemas(tmp_path)

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
    # The file of `staff key` is a signed statement, which nobody writes by hand; with `export` it is a day.
    assert reads - {"staff key", "export"} == set(INPUT_SCHEMAS)
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
    for register, name in register_tracks(SHELF).items():
        assert register_input_schema(SHELF, register) == GENERATED[f"{name}-entry"]
    assert published.fragment_schema(SHELF) == GENERATED["fragment"]


OUTLAY = """\
schema: track/1
track: outlay
text: {en: an outlay}
clause: R1.0.2
home: HOME
at: outlays
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day of the outlay}, hint: {en: As the receipt says.}}
  amount: {is: som, text: {en: Amount}}
  by: {is: party, of: [staff], text: {en: Who paid}}
  for: {is: text, several: true, text: {en: What for}}
  size: {is: group, text: {en: How large}, fields: {metres: {is: whole, zero: true, text: {en: Metres}}}}
"""
ENTRY_STAMP = {"id": "K7M2QA", "recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-aida"}


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    return Rulebook(Path(shutil.copytree(SHELF.folder, tmp_path / "manual")))


def record(**parts: Any) -> dict[str, Any]:
    return {"schema": "resident/1", "id": "7QF2-M9KD", "identity": {"sex": "female"}, "stays": [], **parts}


def wrong(schema: dict[str, Any], value: dict[str, Any]) -> list[str]:
    return [f"{found.code} {found.where}" for found in SchemaValidator(schema).findings(value)]


@pytest.mark.parametrize("home", ["client", "stay", "[stay, client]"])
def test_a_track_is_a_file_more_and_stands_in_a_record_and_in_what_is_given(rulebook: Rulebook, home: str) -> None:
    (rulebook.folder / "tracks/outlay.yaml").write_text(OUTLAY.replace("HOME", home))
    outlay = {"on": "2026-11-25", "amount": "12.50", "by": "s-aida", "for": ["shoes"], "size": {"metres": 0}}
    resident, fragment = published.resident_schema(rulebook), published.fragment_schema(rulebook)

    whole = {"outlays": [{**ENTRY_STAMP, **outlay}]}
    at_her, at_the_stay = record(**whole), record(stays=[{**ENTRY_STAMP, **whole}])
    assert (wrong(resident, at_her) == []) is (home != "stay")
    assert (wrong(resident, at_the_stay) == []) is (home != "client")
    assert wrong(fragment, {"outlays": [outlay]}) == []
    assert wrong(fragment, {"outlays": [{"id": "K7M2QA", "amount": 3}]}) == []  # one that stands there, by its id
    assert wrong(fragment, {"outlays": [{**outlay, "recorded_by": "s-aida"}]}) == ["shape/unknown-key /outlays/0"]
    assert wrong(resident, record(**{"stays" if home == "stay" else "outlays": [{"size": {"feet": 3}}]}))
    places = list_places(published.record_places(rulebook))
    ways = {".".join(way) for way, place in places if place.notes.get("x-register") == "staff"}
    assert ("outlays.*.by" in ways, "stays.*.outlays.*.by" in ways) == (home != "stay", home != "client")


def test_the_keys_of_a_stay_and_where_nobody_is_named_are_read_off_the_schema_as_the_tracks_say_them(
    rulebook: Rulebook,
) -> None:
    (rulebook.folder / "tracks/outlay.yaml").write_text(OUTLAY.replace("HOME", "[stay, client]").replace(
        "  for: {is: text, several: true,", "  for: {is: text, several: true, nameless: true, clause: R1.0.2,"
    ))  # fmt: skip
    written = {way: said for way, said in _nameless(rulebook.record, ()) if way[-1:] != ("void",)}
    assert {
        ("outlays", EACH_ENTRY, "for", EACH_ENTRY): "R1.0.2",
        ("identification_number",): "A6.C1a",
    }.items() <= written.items()
    places = list_places(published.record_places(rulebook))
    assert {way: place.notes["x-clause"] for way, place in places if "x-code" in place.notes} == written
    keys = published.stay_keys(rulebook)
    own = [name for name in rulebook.record.fields["stays"].fields if name not in (*ENTRY_STAMP, "void", "was")]
    assert (keys.stay, keys.client) == (own, [name for name in own if name in rulebook.record.fields])


def _nameless(one: Field, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str | None]]:
    way = (*way, EACH_ENTRY) if one.several else way
    if one.nameless:
        yield way, one.clause
    for name, below in one.fields.items():
        yield from _nameless(below, (*way, name))


def test_an_entry_of_any_track_is_given_by_itself(rulebook: Rulebook) -> None:
    more = OUTLAY.replace("HOME", "[stay, client]").replace("  amount: {is: som,", "  amount: {is: som, must: true,")
    (rulebook.folder / "tracks/outlay.yaml").write_text(more)
    assert {"outlay", "attempt", "identity"} <= {*tracks_with_entries(rulebook)}
    assert not {"report", "agreement", "pink", "staff"} & {
        *tracks_with_entries(rulebook)
    }  # acts write those, or no client
    outlay = published.schema_by_name(rulebook, "track-outlay")
    assert (outlay["$id"], outlay["title"]) == ("urn:shelterctl:schema:track-outlay:1", "An outlay")
    assert wrong(outlay, {"on": "2026-11-25", "amount": 3, "size": {"metres": 0}}) == []
    assert wrong(outlay, {"id": "K7M2QA", "by": None}) == []  # a part of one that stands there
    assert wrong(outlay, {"on": "2026-11-25"}) == ["shape/missing-key "]  # its day alone may be said by the command
    assert wrong(outlay, {"amount": 3, "recorded_by": "s-aida"}) == ["shape/unknown-key "]


def test_a_field_is_called_in_a_schema_as_on_the_shelf(rulebook: Rulebook) -> None:
    (rulebook.folder / "tracks/outlay.yaml").write_text(OUTLAY.replace("HOME", "client"))
    outlay = published.resident_schema(rulebook)["$defs"]["outlay"]
    day = {"$ref": "#/$defs/day", "title": "Day of the outlay", "description": "As the receipt says."}
    assert (outlay["title"], outlay["required"]) == ("An outlay", ["on"])
    assert outlay["properties"]["on"] == day
    assert outlay["properties"]["for"]["title"] == "What for"
    assert outlay["properties"]["size"]["properties"]["metres"]["title"] == "Metres"
    assert outlay["properties"]["by"]["x-register"] == "staff"


def test_a_line_of_an_agreement_is_named_by_its_number_and_an_entry_by_its_id() -> None:
    outlay, number = published.schema_by_name(SHELF, "track-outlay"), {"line": "2a", "agreement": "K7M2QA"}
    spent = {"on": "2026-11-25", "item": "clothes", "amount": 400}
    for form in SHELF.forms.values():
        assert all(wrong(outlay, {**spent, **number, "line": line}) == [] for line in form.parts)
    assert wrong(outlay, {**spent, **number, "line": "зимняя одежда"}) == ["shape/one-of /line"]
    assert wrong(outlay, {**spent, **number, "agreement": "2a"}) == ["shape/one-of /agreement"]
    assert wrong(outlay, {**spent, **number, "id": "2a"}) == ["shape/pattern /id"]
    assert wrong(outlay, {**spent, "agreement": None, "line": None}) == []
    assert [place.partition(" ")[2] for place in wrong(outlay, {**spent, "id": None})] == ["/id"]


@pytest.mark.parametrize("name", generated.make_schemas(SHELF))
def test_a_published_schema_has_a_name_of_its_own(name: str) -> None:
    schema = published.schema_by_name(SHELF, name)
    assert schema["$id"].startswith(f"urn:shelterctl:schema:{name}:")


def test_what_is_expected_in_a_place_is_said_by_its_kind_and_not_by_its_name() -> None:
    found = SchemaValidator(published.fragment_schema(SHELF)).findings(
        {"identity": {"birth_date": "May", "estimated": "perhaps"}}
    )
    assert [one.facts.get("expected") for one in found] == [
        "a year, a month YYYY-MM or a date YYYY-MM-DD, or null to take it away", None
    ]  # fmt: skip


@pytest.mark.parametrize("kind", FIELD_KINDS)
@pytest.mark.parametrize("more", [{}, {"several": True}, {"unknown": True}, {"zero": True}, {"letters": True}])
def test_every_kind_of_field_has_a_schema(kind: str, more: dict[str, Any]) -> None:
    one = Field("x", kind, {"en": "X"}, codes={"a": {}}, **more)
    for defs in (Definitions(), Definitions(nulls=True), Definitions(line=True)):
        schema = defs.object_schema(Field("", "group", {}, fields={"x": one}))
        assert wrong({**schema, "$defs": defs.used}, {}) == []
        assert schema["properties"]["x"]["title"] == "X"


def test_what_a_line_needs_is_a_duty_that_was_never_softened(rulebook: Rulebook) -> None:
    blue = agreement_schema(rulebook, "blue")["properties"]["lines"]["properties"]
    assert [blue[number].get("required", []) for number in ("1a", "3", "4", "7a")] == [
        ["course"], ["purpose"], ["months"], []
    ]  # fmt: skip


ROW = {"id": "7QF2-M9KD", "state": "admitted", "nights": 12, "arrived_on": "2026-11-20", "left": None}
EACH = {"document": 1, "id": "7QF2-M9KD", "state": "admitted", "status": "ok", "exit_code": 0, "written": True}
ADMITTED = {**EACH, "replaced": [], "left_out": [], "entries": []}
IMPORTED = {"sheet_row": 2, "id": "7QF2-M9KD", "state": "admitted", "status": "ok", "written": True}
RELEASED = {
    "at": "2026-12-02T10:00+06:00",
    "exported_by": "s-aida",
    "for": None,
    "tables": ["stays"],
    "count": 3,
    "exact": False,
}
RELEASED |= {"anonymised": False, "why": None, "sha256": "0" * 64}
OUTCOME = jsonschema_rs.validator_for(GENERATED["outcome"])


def is_page(command: str, data: Any, **more: Any) -> bool:
    return OUTCOME.is_valid({**PAGE, "command": command, "data": data, **more})


@pytest.mark.parametrize(
    ("command", "row", "wrong"),
    [
        ("list", ROW, {"nights": "abc"}),
        ("list", ROW, {"nights": "12"}),
        ("list", ROW, {"state": None}),
        ("list", ROW, {"arrived_on": "20.11.2026"}),
        ("list", ROW, {"id": None}),
        ("list", ROW, {"a.column.of.another.rulebook": {"x": 1}}),
        ("list", {"identity.sex": "female", "count": 3, "service.kind": ["medical"]}, {"identity.sex": 1}),
        ("list", {"count": 3, "kind": ["medical"]}, {"count": "3"}),
        ("agreements", {"client": "7QF2-M9KD", "id": "K7M2QA", "total": "800.00"}, {"total": 800}),
        ("agreements", {"client": "7QF2-M9KD", "line": "7a", "amount": "800.00"}, {"amount": "eight hundred"}),
        ("agreements", {"client": "7QF2-M9KD", "left": "-1.00", "outlays": 2}, {"outlays": "2"}),
        ("monitor reports", {"client": "7QF2-M9KD", "id": "K7M2QA", "employed": True}, {"employed": "yes"}),
        ("query", {"sex": "female", "n": 3, "half": 1.5, "none": None}, {"n": [3]}),
        ("import", IMPORTED, {"sheet_row": "B7"}),
        ("import", IMPORTED, {"status": "fine"}),
        ("export", {"table": "stays", "title": "Stays", "of_persons": True, "columns": 12}, {"columns": "12"}),
        ("export", RELEASED, {"count": None}),
        ("admit", ADMITTED, {"status": "fine"}),
        ("admit", ADMITTED, {"exit_code": "0"}),
    ],
)
def test_a_row_with_one_wrong_cell_is_refused(command: str, row: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert is_page(command, {"rows": [row]})
    assert not is_page(command, {"rows": [row, row | wrong]})


@pytest.mark.parametrize(
    ("command", "row", "key"),
    [
        ("import", IMPORTED, "id"),
        ("export", RELEASED, "sha256"),
        ("admit", ADMITTED, "id"),
        ("admit", ADMITTED, "status"),
    ],
)
def test_a_row_without_a_key_that_every_row_has_is_refused(command: str, row: dict[str, Any], key: str) -> None:
    assert not is_page(command, {"rows": [{name: one for name, one in row.items() if name != key}]})


@pytest.mark.parametrize("command", ["list", "agreements", "monitor reports", "query", "due"])
def test_a_list_that_succeeded_has_rows(command: str) -> None:
    """An error page has none; a list without any has an empty one."""
    assert is_page(command, {"rows": []})
    assert not is_page(command, {})
    assert is_page(command, {}, status="error", exit_code=3)


def test_a_new_column_of_the_rulebook_is_typed_without_further_words() -> None:
    """Every name of a column that the data dictionary has is a key of the rows of its list."""
    rows = {name: GENERATED["outcome"]["$defs"][f"data-{name.replace(' ', '-')}"] for name in COMMANDS_OF_LISTS}
    for told in data_dictionary(SHELF):
        command = str(told["table"]).partition(" --")[0]
        command = "list" if command.startswith("list ") else command
        if command in rows:
            known = rows[command]["properties"]["rows"]["items"]["properties"]
            assert {told["name"], told["column"]} <= known.keys(), told
