"""Codes of staff that nobody registered, wherever the schema of a record has a place for one; names and words."""

from typing import Any

import pytest

from shelterctl.core.finding import Severity
from shelterctl.core.rules.leaks import find_name_leaks, find_sealed_words, find_unregistered_staff_codes
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from tests.support.schema_values import EACH_ENTRY, list_places

PLACES = published.record_places(open_rulebook())
WAYS = [way for way, place in list_places(PLACES) if place.notes.get("x-register") == "staff"]
STAFF = {"s-aida", "manager"}


def told(record: dict[str, Any]) -> list[str]:
    return [found.where for found in find_unregistered_staff_codes(record, PLACES, STAFF, "M2.0.1")]


def record_with(path: tuple[str, ...], code: str) -> dict[str, Any]:
    """A file that has nothing but that code at that place."""
    value: Any = code
    for step in reversed(path):
        value = [value] if step == EACH_ENTRY else {step: value}
    found: dict[str, Any] = value
    return found


@pytest.mark.parametrize("path", WAYS, ids=".".join)
def test_an_unregistered_code_is_told_at_every_place_and_a_registered_one_nowhere(path: tuple[str, ...]) -> None:
    (found,) = find_unregistered_staff_codes(record_with(path, "nobody"), PLACES, STAFF, "M2.0.1")
    assert (found.severity, found.clause) == (Severity.OPEN, "M2.0.1")
    assert found.where == "".join(f"/{'0' if step == EACH_ENTRY else step}" for step in path)
    assert "nobody" not in str(found)
    assert told(record_with(path, "s-aida")) == []


def test_people_of_iom_and_texts_are_no_staff_codes() -> None:
    record = {
        "iom": {"instructions": [{"by": "NGO Coordinator"}], "documents": [{"by": "somebody"}]},
        "stays": [{"admission": {"coordinator_agreement": {"by": "nobody"}}}],
        "agreements": [{"drafted_by": ["nobody"], "terminated": {"by": "nobody"}}],
    }
    assert told(record) == []


def test_who_wrote_is_told_once_and_what_is_struck_through_not_at_all() -> None:
    done = [{"by": "nobody", "recorded_by": "night"}, {"by": "nobody", "recorded_by": "night"}]
    assert told({"stays": [{"done": done}]}) == [
        "/stays/0/done/0/recorded_by",
        "/stays/0/done/0/by",
        "/stays/0/done/1/by",
    ]
    done[0]["void"] = {"by": "nobody"}  # type: ignore[assignment]
    assert told({"stays": [{"done": done[:1]}]}) == ["/stays/0/done/0/void/by"]


HER = {"first_name": "Айгуль", "last_name": "Тайнаева"}
NAMED = {
    "identity": {**HER, "languages": ["ky"]},
    "iom": {"documents": [{"kind": "memo", "note": "ВИЧ"}, {"kind": "memo", "note": "ВИЧ", "void": {"by": "s-aida"}}]},
    "identification_number": "KG-тайнаева-7",
    "sealed": {"hiv": "ВИЧ"},
    "printed": [{"form": "ВИЧ"}],
}


@pytest.mark.parametrize(
    ("places", "severity"),
    [
        (None, Severity.OPEN), ({"/identification_number"}, Severity.REFUSE), ({""}, Severity.REFUSE),
        ({"/identification_number", "/identification_number/0"}, Severity.REFUSE), (set(), None), ({"/iom"}, None),
    ],
)  # fmt: skip
def test_her_name_is_found_where_nobody_is_to_be_named(places: set[str] | None, severity: Severity | None) -> None:
    found = [(one.where, one.clause, one.severity) for one in find_name_leaks(NAMED, PLACES, places)]
    assert found == ([("/identification_number", "A6.C1a", severity)] if severity else [])


def test_names_are_told_in_the_order_of_the_schema_and_of_the_entries() -> None:
    child = {"identification_number": "Тайнаева 1"}
    ways = [(way, place) for way, place in list_places(PLACES) if "x-code" in place.notes and len(way) == 1]
    record = {"identity": HER, **{way[0]: "Тайнаева" for way, _ in reversed(ways)}, "other": child}
    assert [one.where for one in find_name_leaks(record, PLACES)] == [f"/{way[0]}" for way, _ in ways]


@pytest.mark.parametrize(
    ("places", "found"),
    [(None, ["/iom/documents/0/note"]), ({"/iom/documents/0"}, ["/iom/documents/0/note"]), ({"/identity"}, [])],
)
def test_a_sealed_word_is_found_in_any_text_but_apart_and_where_nobody_writes(
    places: set[str] | None, found: list[str]
) -> None:
    assert [one.where for one in find_sealed_words(NAMED, ("ВИЧ",), "/sealed/hiv", "M1", places)] == found
    inside = {"identity": {"note": "АрВИЧ"}, "notes": "ВИЧ-статус"}
    assert [one.where for one in find_sealed_words(inside, ("ВИЧ", "x"), "/sealed/hiv", "M1")] == ["/notes"]
