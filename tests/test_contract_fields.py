"""A schema is made of fields: whatever is added to the shelf by data appears in it, called as the shelf calls it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.manual.field import FIELD_KINDS, Field
from shelterctl.core.values.facts import EACH_ENTRY, PathTree, RecordPath
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.fields import Definitions
from shelterctl.schemas.input import agreement_schema, tracks_with_entries
from shelterctl.validation import SchemaValidator

SHELF = open_rulebook()
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
STAMP = {"id": "K7M2QA", "recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-aida"}


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

    whole = {"outlays": [{**STAMP, **outlay}]}
    at_her, at_the_stay = record(**whole), record(stays=[{**STAMP, **whole}])
    assert (wrong(resident, at_her) == []) is (home != "stay")
    assert (wrong(resident, at_the_stay) == []) is (home != "client")
    assert wrong(fragment, {"outlays": [outlay]}) == []
    assert wrong(fragment, {"outlays": [{"id": "K7M2QA", "amount": 3}]}) == []  # one that stands there, by its id
    assert wrong(fragment, {"outlays": [{**outlay, "recorded_by": "s-aida"}]}) == ["shape/unknown-key /outlays/0"]
    assert wrong(resident, record(**{"stays" if home == "stay" else "outlays": [{"size": {"feet": 3}}]}))
    ways = {".".join(way) for way in published.places_of_codes(rulebook, "staff")}
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
    assert dict(_ends(published.tree_without_names(rulebook))) == written
    keys = published.stay_keys(rulebook)
    own = [name for name in rulebook.record.fields["stays"].fields if name not in (*STAMP, "void", "was")]
    assert (keys.stay, keys.client) == (own, [name for name in own if name in rulebook.record.fields])


def _nameless(one: Field, way: RecordPath) -> Iterator[tuple[RecordPath, str | None]]:
    way = (*way, EACH_ENTRY) if one.several else way
    if one.nameless:
        yield way, one.clause
    for name, below in one.fields.items():
        yield from _nameless(below, (*way, name))


def _ends(tree: PathTree) -> Iterator[tuple[RecordPath, str]]:
    for step, below in tree.items():
        if step is None:
            yield below[1], below[0]
        else:
            yield from _ends(below)


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


@pytest.mark.parametrize("name", published.all_schemas(SHELF))
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
