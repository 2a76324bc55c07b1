"""Codes of staff that nobody registered, wherever the schema of a record has a place for one."""

from typing import Any

import pytest

from shelterctl.core.finding import Severity
from shelterctl.core.rules.leaks import find_unregistered_staff_codes
from shelterctl.core.values.facts import EACH_ENTRY
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published

WAYS, PLACES = published.places_of_codes(open_rulebook(), "staff"), published.tree_of_codes(open_rulebook(), "staff")
STAFF = {"s-aida", "manager"}


def told(record: dict[str, Any]) -> list[str]:
    return [found.where for found in find_unregistered_staff_codes(record, PLACES, STAFF)]


def record_with(path: tuple[str, ...], code: str) -> dict[str, Any]:
    """A file that has nothing but that code at that place."""
    value: Any = code
    for step in reversed(path):
        value = [value] if step == EACH_ENTRY else {step: value}
    found: dict[str, Any] = value
    return found


@pytest.mark.parametrize("path", WAYS, ids=".".join)
def test_an_unregistered_code_is_told_at_every_place_and_a_registered_one_nowhere(path: tuple[str, ...]) -> None:
    (found,) = find_unregistered_staff_codes(record_with(path, "nobody"), PLACES, STAFF)
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
