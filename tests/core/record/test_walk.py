"""A mapping walked along the places of its schema: what is known of each, and what of it is looked at."""

from collections.abc import Collection
from typing import Any

import pytest

from shelterctl.core.record.walk import UNKNOWN, Place
from shelterctl.core.values.facts import json_pointer

SCHEMA: dict[str, Any] = {
    "properties": {
        "on": {"x-is": "date", "title": "Day"},
        "by": {"$ref": "#/$defs/code", "x-register": "staff"},
        "also": {"items": {"$ref": "#/$defs/code", "x-registers": ["ngos", "staff"]}},
        "note": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "null"}], "x-code": True, "x-clause": "M1"},
        "entries": {"items": {"$ref": "#/$defs/entry"}},
        "codes": {"additionalProperties": {"$ref": "#/$defs/entry"}},
    },
    "$defs": {
        "code": {"type": "string"},
        "text": {"type": "string"},
        "inner": {"properties": {"on": {"x-is": "date"}}},
        "entry": {"properties": {"on": {"x-is": "date"}, "entry": {"$ref": "#/$defs/inner"}}},
    },
}
PLACES = Place(SCHEMA, SCHEMA)
FACTS: dict[str, Any] = {
    "on": 1,
    "entries": [{"on": 2, "odd": 3}, {"on": 4, "void": {"on": 5, "why": 6}}, {"entry": {"on": 7}}],
    "odd": {"on": 8, "odd": [9]},
    "codes": {"s-aida": {"on": 10}},
}


def found(**how: Any) -> list[str]:
    return [json_pointer(path) for path, _ in PLACES.find(None, FACTS, lambda _, value: value, **how)]


def test_each_place_is_known_by_the_notes_of_its_schema_and_of_what_it_refers_to() -> None:
    dated = (PLACES["on"], PLACES["entries"].entries["on"], PLACES["codes"]["any"]["on"])
    assert [place.notes["x-is"] for place in dated] == ["date"] * 3
    named = {"x-register": "staff", "x-registers": ("staff",)}  # one register is one of several
    assert PLACES["by"].notes == {"$ref": "#/$defs/code", "type": "string", **named}
    assert PLACES["also"].entries.notes["x-registers"] == ["ngos", "staff"]
    assert (PLACES["note"].notes["x-clause"], PLACES["note"].notes["type"]) == ("M1", "string")
    assert PLACES["entries"].entries["entry"]["on"].order == (4, 1, 0)
    assert [*PLACES.known] == ["on", "by", "also", "note", "entries", "codes"]


def test_of_a_key_that_no_schema_has_nothing_is_known_and_neither_of_what_is_inside() -> None:
    assert PLACES["odd"] is PLACES["odd"]["on"] is PLACES["on"].entries is UNKNOWN["on"].entries is UNKNOWN
    assert (UNKNOWN.known, UNKNOWN.notes, dict(UNKNOWN)) == ({}, {}, {})


def test_every_value_is_asked_for_with_its_path_and_none_is_no_answer() -> None:
    assert found() == [
        "/on", "/entries/0/on", "/entries/0/odd", "/entries/1/on", "/entries/1/void/on", "/entries/1/void/why",
        "/entries/2/entry/on", "/odd/on", "/odd/odd/0", "/codes/s-aida/on",
    ]  # fmt: skip


def test_of_values_at_places_with_a_note_each_is_found_and_no_other() -> None:
    dated = PLACES.find("x-is", FACTS, lambda place, value: (place.notes["x-is"], value))
    assert [said for _, said in dated] == [("date", number) for number in (1, 2, 4, 7, 10)]
    assert [PLACES[name].leads_to("x-is") for name in PLACES.known] == [True, False, False, False, True, True]
    assert [PLACES[name].leads_to("x-registers") for name in PLACES.known] == [False, True, True, False, False, False]
    assert (UNKNOWN.leads_to("x-is"), UNKNOWN.leads_to(None)) == (False, True)


@pytest.mark.parametrize(
    ("struck", "looked_at"),
    [(None, ["/entries/1/on", "/entries/1/void/on", "/entries/1/void/why"]), ((), []),
     (("void",), ["/entries/1/void/on", "/entries/1/void/why"])],
)  # fmt: skip
def test_of_an_entry_that_is_struck_through_some_keys_are_looked_at(
    struck: Collection[str] | None, looked_at: list[str]
) -> None:
    assert [where for where in found(struck=struck) if where.startswith("/entries/1")] == looked_at


def test_below_some_keys_nothing_is_looked_at() -> None:
    assert found(but=("entries", "codes", "on")) == ["/odd/odd/0"]
