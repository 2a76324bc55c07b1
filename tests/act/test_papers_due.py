"""The papers that staff and NGOs owe: since when they are missing, and of whom they are not asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.desk import Desk

PAPER = {"kind": "functional_duties", "on": "2026-11-20"}


def missing(desk: "Desk", whom: str, today: str = "2026-11-27") -> list[str]:
    """Since when papers of a code are missing."""
    rows = desk.do(f"due {whom}", today=today).data["rows"]
    return [row["due_on"] for row in rows if row["what"].endswith("-paper")]


def test_papers_are_missing_from_the_first_day_of_work_though_nothing_is_recorded(admitted: "Desk") -> None:
    admitted.do("staff add s-night --role security --since 2026-10-05")
    assert missing(admitted, "s-night") == ["2026-10-05"] * 3
    assert missing(admitted, "sezim") == ["2026-01-15"]  # since the memorandum


def test_a_paper_signed_before_the_first_day_of_work_counts(admitted: "Desk") -> None:
    assert missing(admitted, "s-aida") == ["2026-11-25"] * 3
    admitted.do("add s-aida staff-paper", PAPER)
    assert missing(admitted, "s-aida") == ["2026-11-20"] * 2


def test_whoever_has_left_owes_nothing(admitted: "Desk") -> None:
    admitted.do("staff add s-night --role security --since 2026-10-05")
    admitted.do("staff end s-night --on 2026-11-26", today="2026-11-26")
    assert missing(admitted, "s-night", "2026-11-26") == ["2026-10-05"] * 3
    assert missing(admitted, "s-night", "2026-11-27") == []
    rows = admitted.do("due", today="2026-11-27").data["rows"]
    assert not [row for row in rows if row["id"] == "s-night"]


def test_an_ngo_whose_memorandum_is_over_owes_nothing(admitted: "Desk") -> None:
    admitted.do("ngo add sezim", {"memorandum": {"terminated_on": "2026-11-20"}})
    assert missing(admitted, "sezim") == []


def test_people_of_iom_owe_the_house_no_papers(admitted: "Desk") -> None:
    for role in ("iom_coordinator", "data_officer"):
        admitted.do(f"staff add s-other --role {role} --since 2026-10-05")
        assert missing(admitted, "s-other") == []
    admitted.do("staff add s-other --role other")
    assert len(missing(admitted, "s-other")) == 3
