"""What a schema does not allow, said without what was typed."""

import json
import sys
from collections.abc import Mapping
from dataclasses import astuple
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shelterctl import validation
from shelterctl.core.finding import Finding, Severity
from shelterctl.document.reading import read_document
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.validation import (
    FEW_PARTS,
    MOST_FINDINGS_LISTED,
    READ_WORDS,
    SchemaReader,
    SchemaValidator,
    days_exist,
    deciding_validator,
    has_few_parts,
)
from tests.support.paths import PROJECT
from tests.support.schema_values import draw_value, spoil_value
from tools import generated

CANARY = "Канарейка"
DAY = "2026-11-25"
SCHEMAS = PROJECT / "schemas"
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "first_name"],
    "properties": {
        "schema": {"const": "client/1"},
        "first_name": {"$ref": "#/$defs/text"},
        "last_name": {"$ref": "#/$defs/text"},
        "sex": {"enum": ["female", "male"]},
        "estimated": {"type": "boolean"},
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "children": {"type": "integer", "minimum": 0, "maximum": 12},
        "birth_date": {"$ref": "#/$defs/partial"},
        "languages": {"type": "array", "items": {"$ref": "#/$defs/code"}, "uniqueItems": True},
        "months": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#/$defs/month"}}]},
        "stays": {"type": "array", "items": {"$ref": "#/$defs/stay"}, "minItems": 1},
        "staff": {
            "type": "object",
            "propertyNames": {"$ref": "#/$defs/code"},
            "additionalProperties": {"$ref": "#/$defs/stay"},
        },
        "ngos": {"type": "object", "additionalProperties": {"$ref": "#/$defs/stay"}},
        "never": False,
        "free": {"type": ["string", "null"]},
    },
    "$defs": {
        "text": {"type": "string", "minLength": 1, "maxLength": 20, "description": "text"},
        "code": {"type": "string", "pattern": r"^[a-z][a-z\d-]{0,15}$", "description": "a short code"},
        "partial": {
            "x-is": "partial-date",
            "description": "a year, a month or a day",
            "anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}],
        },
        "month": {"type": "string", "x-is": "month"},
        "stay": {
            "type": "object",
            "additionalProperties": False,
            "required": ["on"],
            "properties": {
                "on": {"type": "string", "x-is": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "a date"},
                "at": {"type": "string", "x-is": "time"},
                "note": {"$ref": "#/$defs/text"},
                "other": {"type": "string"},
            },
            "if": {"required": ["note"]},
            "then": {"required": ["other"]},
        },
    },
}
SHAPE = SchemaValidator(SCHEMA)

GOOD: list[dict[str, Any]] = [
    {}, {"amount": Decimal("2000.10")}, {"amount": 1}, {"children": 0}, {"children": Decimal("2.00")}, {"free": None},
    {"birth_date": 1994}, {"birth_date": "1994-05"}, {"birth_date": "2024-02-29"}, {"languages": ["ky", "ru"]},
    {"months": 3}, {"months": ["2026-12"]}, {"stays": [{"on": DAY, "at": "2026-11-20T21:30+06:00"}]},
    {"staff": {"s-gulnara": {"on": DAY}}}, {"estimated": True}, {"last_name": "Ж" * 20}, {"sex": "male"},
]  # fmt: skip

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"first_nmae": 1}, "unknown-key", ""), ({"stays": [{"on": DAY, CANARY: 1}]}, "unknown-key", "/stays/0"),
    ({"stays": [{}]}, "missing-key", "/stays/0"), ({"stays": [{"on": DAY, "note": "x"}]}, "missing-key", "/stays/0"),
    ({"sex": "Femal"}, "code", "/sex"), ({"sex": 1}, "code", "/sex"), ({"schema": "client/2"}, "code", "/schema"),
    ({"first_name": 555123}, "kind", "/first_name"), ({"first_name": True}, "kind", "/first_name"),
    ({"estimated": 1}, "kind", "/estimated"), ({"estimated": "true"}, "kind", "/estimated"),
    ({"amount": CANARY}, "kind", "/amount"), ({"amount": True}, "kind", "/amount"), ({"stays": {}}, "kind", "/stays"),
    ({"children": Decimal("1.50")}, "kind", "/children"), ({"staff": []}, "kind", "/staff"),
    ({"free": 1}, "kind", "/free"), ({"first_name": ""}, "empty", "/first_name"),
    ({"first_name": CANARY * 3}, "length", "/first_name"),
    ({"amount": 0}, "range", "/amount"), ({"amount": Decimal("-0.01")}, "range", "/amount"),
    ({"children": -1}, "range", "/children"), ({"children": 13}, "range", "/children"),
    ({"stays": []}, "count", "/stays"),
    ({"languages": ["ky", "ky"]}, "twice", "/languages"),
    ({"languages": [CANARY]}, "pattern", "/languages/0"), ({"languages": ["ky\n"]}, "pattern", "/languages/0"),
    ({"languages": ["k١"]}, "pattern", "/languages/0"), ({"languages": [1]}, "kind", "/languages/0"),
    ({"birth_date": CANARY}, "one-of", "/birth_date"), ({"birth_date": None}, "one-of", "/birth_date"),
    ({"months": "3"}, "one-of", "/months"), ({"never": CANARY}, "unexpected", ""),
    ({"staff": {CANARY: {"on": DAY}}}, "key", "/staff"),
    ({"ngos": {CANARY: {"on": CANARY}}}, "pattern", "/ngos"),
    ({"ngos": {"sezim": {"on": 1}}}, "kind", "/ngos/sezim/on"),
]  # fmt: skip

NO_DAYS: list[tuple[dict[str, Any], str]] = [
    ({"birth_date": "2026-02-30"}, "/birth_date"), ({"birth_date": "1994-13"}, "/birth_date"),
    ({"birth_date": 99999}, "/birth_date"), ({"months": ["2026-12", "2026-13"]}, "/months/1"),
    ({"stays": [{"on": "2026-02-29"}]}, "/stays/0/on"), ({"ngos": {CANARY: {"on": "2026-02-30"}}}, "/ngos"),
    ({"stays": [{"on": DAY, "at": "2026-11-20T25:30"}]}, "/stays/0/at"),
    ({"staff": {"s-aida": {"on": "2026-04-31"}}}, "/staff/s-aida/on"),
]  # fmt: skip


BAD_VALUES = [*(value for value, *_ in BAD), *(value for value, _ in NO_DAYS)]


def whole(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"schema": "client/1", "first_name": "Айгуль", **value}


def found(value: Mapping[str, Any]) -> tuple[Finding, ...]:
    return SHAPE.findings(whole(value))


@pytest.mark.parametrize("value", GOOD)
def test_what_fits_has_no_findings(value: dict[str, Any]) -> None:
    assert found(value) == ()


@pytest.mark.parametrize(("value", "what", "where"), BAD)
def test_what_does_not_fit_is_one_finding_at_its_place(value: dict[str, Any], what: str, where: str) -> None:
    assert [(each.code, each.where, each.severity) for each in found(value)] == [
        (f"shape/{what}", where, Severity.REFUSE)
    ]


@pytest.mark.parametrize(("value", "where"), NO_DAYS)
def test_a_day_that_does_not_exist_is_refused(value: dict[str, Any], where: str) -> None:
    assert [(each.code, each.where) for each in found(value)] == [("shape/date", where)]


@pytest.mark.parametrize(
    "wrong", ["2026-02-30", "2026-13", "2026-02-30T10:00+06:00", "2026-02-28T25:00+06:00", "2026-02-28T24:00"]
)
@pytest.mark.parametrize(
    "text", ["on: {}\n", "- {}\n", "on: '{}'\n", 'on: "{}"\n', "[2026-01-01, {}]", '{{"on": "{}"}}']
)
def test_a_day_that_does_not_exist_is_seen_in_the_text_of_a_file(text: str, wrong: str) -> None:
    assert days_exist(text.format("2026-02-28T10:00+06:00") + text.format("2026-02") + text.format("2026-02-28"))
    assert not days_exist(text.format("2026-02-28") + text.format(wrong))


@pytest.mark.parametrize("value", BAD_VALUES)
def test_no_finding_repeats_what_was_typed(value: dict[str, Any]) -> None:
    for each in found(value):
        shown = (each.code, each.message, each.facts, each.where, format_sentence(each.message, each.facts))
        assert CANARY not in repr(shown)
        assert "first_nmae" not in repr(shown)
        assert format_sentence(each.message, each.facts)[-1] in ".?"


@pytest.mark.parametrize("value", [*GOOD, *BAD_VALUES])
def test_what_decides_and_what_explains_agree(value: dict[str, Any]) -> None:
    assert deciding_validator(SCHEMA)(whole(value)) is SchemaReader(SCHEMA).fits(SCHEMA, whole(value))


def test_without_the_fast_validator_the_findings_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    slow, fits = SchemaValidator(SCHEMA), deciding_validator(SCHEMA)
    for value in (*GOOD, *BAD_VALUES):
        assert slow.findings(whole(value)) == found(value)
        assert fits(whole(value)) is SchemaReader(SCHEMA).fits(SCHEMA, whole(value))


def test_a_small_value_is_judged_before_the_fast_validator_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "deciding_validator", lambda _: pytest.fail("loaded"))
    for value in (*GOOD, *BAD_VALUES):
        assert not has_few_parts(whole(value)) or SchemaValidator(SCHEMA).findings(whole(value)) == found(value)
    shape = SchemaValidator(SCHEMA)
    assert shape.fits(whole({}))
    with pytest.raises(pytest.fail.Exception):
        shape.fits(whole({}))


def test_parts_of_a_value_are_counted_at_every_depth_and_not_beyond_the_few() -> None:
    assert has_few_parts({"a": [1] * (FEW_PARTS - 2)})
    assert not has_few_parts({"a": [1] * (FEW_PARTS - 1)})
    assert not has_few_parts([[[1] * 9] * 9] * 9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("first_nmae", "first_name"),
        ("First name", "first_name"),
        ("langauges", "languages"),
        ("bird-date", "birth_date"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(typed: str, meant: str) -> None:
    (finding,) = found({typed: 1})
    assert format_sentence(finding.message, finding.facts) == f"This key is not known here; did you mean {meant}?"


def test_what_is_far_from_everything_known_gets_the_list() -> None:
    (key,) = found({"stays": [{"on": DAY, "zzz": 1}]})
    known = "on, at, note, other"
    assert format_sentence(key.message, key.facts) == f"This key is not known here. The known ones are: {known}."
    (code,) = found({"sex": "zzz"})
    assert format_sentence(code.message, code.facts) == "There is no such code here. Write one of: female, male."


def test_a_broken_pattern_is_answered_with_what_is_expected() -> None:
    (finding,) = found({"languages": ["Kyrgyz"]})
    assert format_sentence(finding.message, finding.facts) == "Expected here: a short code."


def test_a_text_beyond_its_limit_is_told_the_limit_where_null_could_stand_too() -> None:
    text = {"type": "string", "minLength": 1, "maxLength": 5}
    shape = SchemaValidator(
        {"type": "object", "properties": {"note": {"title": "text", "anyOf": [text, {"type": "null"}]}}}
    )
    (long,), (empty,), (other,) = (shape.findings({"note": value}) for value in ("Invented", "", 1))
    assert (long.code, empty.code, other.code) == ("shape/length", "shape/empty", "shape/one-of")
    assert format_sentence(long.message, long.facts) == "This text is too long. Shorten it to 5 letters or fewer."


def test_an_unknown_key_is_located_by_itself_and_shown_by_what_holds_it() -> None:
    document = read_document(f"schema: client/1\nfirst_name: Айгуль\nstays:\n  - on: 2026-11-25\n    {CANARY}: x\n")
    (finding,) = SHAPE.findings(document.value)
    assert finding.where == "/stays/0"
    assert document.position_of(finding.at or finding.where) == (5, 16)


def test_a_key_that_is_known_elsewhere_is_named() -> None:
    (own,) = found({"on": DAY})
    assert (own.code, own.where, own.at) == ("shape/unknown-key", "/on", None)
    assert format_sentence(own.message, own.facts).startswith(
        "The key on does not belong here. Keys that do: schema, first_name,"
    )
    (others,) = SchemaValidator(SCHEMA, lambda: {"referral"}).findings(whole({"referral": {CANARY: 1}}))
    assert (others.where, others.facts["key"]) == ("/referral", "referral")


def test_everything_wrong_is_said_at_once_but_not_without_end() -> None:
    codes = [each.code for each in SHAPE.findings({"sex": "x", "birth_date": "2026-02-30"})]
    assert sorted(codes) == ["shape/code", "shape/date", "shape/missing-key", "shape/missing-key"]
    assert len(found({f"k{number}": 1 for number in range(20_000)})) == MOST_FINDINGS_LISTED


@pytest.mark.parametrize(
    "file", sorted(file for file in SCHEMAS.rglob("*.json") if file.parent.name != "shelf"), ids=lambda file: file.name
)
def test_every_published_schema_is_read_whole(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    assert _words(schema) <= READ_WORDS | ANNOTATIONS
    assert deciding_validator(schema)({CANARY: 1}) is SchemaReader(schema).fits(schema, {CANARY: 1})
    assert CANARY not in repr([astuple(each)[:6] for each in SchemaValidator(schema).findings({CANARY: 1})])


ANNOTATIONS = {"$schema", "$id", "$comment", "$defs", "title", "description", "deprecated", "then", "else"}
"""Words of a schema that decide nothing, or belong to another."""


def _words(schema: Any) -> set[str]:
    """Every word of a schema, but the notes that are ours."""
    if not isinstance(schema, dict):
        return set()
    below: list[Any] = [schema.get(word) for word in ("additionalProperties", "propertyNames", "items", "if", "then")]
    below += [schema.get("else"), schema.get("not")]
    for word in ("properties", "$defs"):
        below += schema.get(word, {}).values()
    for word in ("anyOf", "oneOf", "allOf"):
        below += schema.get(word, [])
    return {word for word in schema if not word.startswith("x-")}.union(*map(_words, below))


PUBLISHED = {name: schema for name, schema in generated.make_schemas(open_rulebook()).items() if name != "outcome"}
DECIDE = {name: jsonschema_rs.validator_for(schema).is_valid for name, schema in PUBLISHED.items()}


@given(st.sampled_from(sorted(PUBLISHED)), st.integers(0, 2**32), st.integers(0, 4))
def test_whatever_goes_wrong_in_a_file_is_refused_by_all_that_read_its_schema(name: str, seed: int, slips: int) -> None:
    random, schema = Random(seed), PUBLISHED[name]  # noqa: S311 - examples, and no secrets
    value = draw_value(random, schema, schema)
    for _ in range(slips):
        spoil_value(random, value)

    fits = DECIDE[name](value)

    assert SchemaReader(schema).fits(schema, value) is fits
    if "\\n" not in json.dumps(value, default=str):  # Python's $ takes a line's end for the text's
        assert Draft202012Validator(schema).is_valid(_without_decimals(value)) is fits
    told = [found for found in SchemaValidator(schema).findings(value) if found.code != "shape/date"]
    assert (not told) is fits


def _without_decimals(value: Any) -> Any:
    """A value as JSON has it, in which a whole number is one however it is written."""
    return json.loads(json.dumps(value, default=lambda number: int(number) if number == int(number) else float(number)))
