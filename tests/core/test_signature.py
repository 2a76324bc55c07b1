"""Which draft an agreement replaces, when it is closed, and whose names stand under it."""

from typing import Any

import pytest

from shelterctl.core.money import agreement as signature
from shelterctl.core.record.client import Client
from shelterctl.rulebook.rulebook import open_rulebook

BLUE = open_rulebook().form("blue")


@pytest.mark.parametrize(
    ("kept", "number", "expected"),
    [
        ({}, None, "A0"),
        ({"number": "12"}, "12", "A0"),
        ({"number": "12", "stay": "STAY1"}, "12", "A0"),
        ({"number": "12", "signed": {"on": "2026-11-25"}}, "12", "A0"),
        ({"number": "12"}, "13", None),
        ({"number": "12"}, None, None),
        ({"stay": "STAY1"}, None, None),
        ({"signed": {"on": "2026-11-25"}}, None, None),
        ({"form": "pink"}, None, None),
        ({"number": "12", "form": "pink"}, "12", None),
        ({"number": "12", "void": {"on": "2026-11-25"}}, "12", None),
        ({"number": "12", "terminated": {"on": "2026-11-25"}}, "12", None),
    ],
)
def test_an_agreement_replaces_the_draft_of_its_number_or_the_only_one_without(
    kept: dict[str, Any], number: str | None, expected: str | None
) -> None:
    her = Client({"id": "7QF2-M9KD", "agreements": [{"id": "A0", "form": "blue", **kept}]})
    found = signature.find_draft(her, "blue", number, None)
    assert (found["id"] if found else None) == expected


def test_a_signed_agreement_is_closed_under_the_clause_of_its_form() -> None:
    found = signature.refuse_signed_agreement(BLUE, {"number": "12", "signed": {"on": "2026-11-25"}})
    assert found is not None
    assert (found.code, found.clause, found.where) == ("agreement/signed", "A6.0", "/number")
    assert signature.refuse_signed_agreement(BLUE, {"number": "12"}) is None


def test_the_names_of_a_signature_default_to_the_representatives() -> None:
    facts = {"number": "12", "ngo_representative": "Б.", "iom_representative": "А."}
    assert signature.add_signature(BLUE, facts, {"on": "2026-11-25", "iom_name": "В."}) == {
        **facts,
        "signed": {"ngo_name": "Б.", "iom_name": "В.", "on": "2026-11-25"},
    }


def test_no_name_is_made_up_for_a_signature() -> None:
    assert signature.add_signature(BLUE, {"number": "12"}, {"on": "2026-11-25"})["signed"] == {"on": "2026-11-25"}
