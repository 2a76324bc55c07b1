"""Into which stay a given entry goes: by its day, by the agreement that it names, by what is said beside it."""

from typing import Any

import pytest

from shelterctl.core.merge.changes import Merge, Stamp
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published

KEYS = published.stay_keys(open_rulebook())
OLD: dict[str, Any] = {
    "id": "OLDONE",
    "referral": {"received_at": "2025-02-28T10:00+06:00"},
    "received": {"at": "2025-03-01T21:00+06:00"},
    "discharge": {"on": "2025-05-31"},
}
NEW: dict[str, Any] = {
    "id": "NEWONE",
    "referral": {"received_at": "2026-11-20T10:00+06:00"},
    "received": {"at": "2026-11-20T22:00+06:00"},
}
SAME_DAY = {**NEW, "id": "SAMEDA", "received": {"at": "2025-05-31T22:00+06:00"}, "referral": {}}
BLUE = {"id": "BLUE01", "form": "blue", "stay": "OLDONE", "number": "S-1"}


def merged(fragment: dict[str, Any], *stays: dict[str, Any], again: bool = False, **top: Any) -> tuple[Any, Merge]:
    numbers = iter(range(1000))
    stamp = Stamp(lambda: f"E{next(numbers):05}", "2026-11-25T10:00+06:00", "s-gulnara")
    listed = [dict(stay) for stay in stays or (OLD, NEW)]
    return merge_fragment(
        {"id": "7QF2-M9KD", "identity": {}, "stays": listed, **top}, fragment, stamp, KEYS, again=again
    )


def placed(record: Any, name: str) -> list[str]:
    """Where the entries of a list lie: the id of the stay, or ``client``."""
    homes = [("client", record), *((stay["id"], stay) for stay in record["stays"])]
    return [where for where, facts in homes for _ in facts.get(name) or ()]


def service(on: str, **own: Any) -> dict[str, Any]:
    return {"kind": "lawyer", "on": on, **own}


@pytest.mark.parametrize(
    ("on", "where"),
    [
        ("2025-02-27", "client"),
        ("2025-02-28", "OLDONE"),
        ("2025-03-21", "OLDONE"),
        ("2025-05-31", "OLDONE"),
        ("2025-06-01", "OLDONE"),
        ("2026-11-19", "OLDONE"),
        ("2026-11-20", "NEWONE"),
        ("2027-01-01", "NEWONE"),
    ],
)
def test_an_entry_goes_into_the_stay_to_which_its_day_belongs(on: str, where: str) -> None:
    record, going = merged({"services": [service(on)]})
    assert (placed(record, "services"), going.findings) == ([where], [])


def test_entries_of_one_document_go_each_into_its_own_stay() -> None:
    given = [service("2025-03-21"), service("2026-11-22"), service("2025-03-21"), service("2025-03-22")]
    record, _ = merged({"services": given})
    assert placed(record, "services") == ["OLDONE", "OLDONE", "OLDONE", "NEWONE"]
    again, going = merged({"services": given}, **{"stays": record["stays"]})
    assert (again["stays"], going.changed, len(going.left_out)) == (record["stays"], False, 4)


def test_an_entry_of_the_very_stay_that_a_document_opens_goes_into_that() -> None:
    given = {
        "referral": {"received_at": "2027-02-01T10:00+06:00"},
        "services": [service("2027-02-02"), service("2026-11-21")],
    }
    record, going = merged(given, OLD)
    assert [len(stay["services"]) for stay in record["stays"]] == [1, 1]
    assert record["stays"][1]["services"][0]["on"] == "2027-02-02"
    assert going.findings == []


def test_a_day_in_two_stays_is_refused_with_both_named() -> None:
    record, going = merged({"services": [service("2025-05-31")]}, OLD, SAME_DAY)
    (found,) = going.findings
    assert (found.code, found.where, found.facts["stays"]) == (
        "fragment/which-stay",
        "/services/0",
        ["OLDONE", "SAMEDA"],
    )
    assert placed(record, "services") == []


@pytest.mark.parametrize("stay", ["OLDONE", "SAMEDA"])
def test_the_stay_that_is_said_beside_an_entry_decides(stay: str) -> None:
    for given in (
        {"services": [service("2025-05-31", stay=stay)]},
        {"stay": stay, "services": [service("2025-05-31")]},
    ):
        record, going = merged(given, OLD, SAME_DAY)
        assert (placed(record, "services"), going.findings) == ([stay], [])
        assert "stay" not in str(record["stays"][0].get("services", record["stays"][1].get("services")))


def test_a_stay_that_is_none_of_hers_is_refused_with_those_that_are() -> None:
    for given in ({"services": [service("2025-03-21", stay="NONE00")]}, {"stay": "NONE00", "notes": "x"}):
        _, going = merged(given)
        assert [(one.code, one.facts["stays"]) for one in going.findings] == [
            ("fragment/unknown-stay", ["OLDONE", "NEWONE"])
        ]


def test_days_before_the_first_stay_of_several_decide_nothing_where_the_client_has_no_such_list() -> None:
    paid = {"on": "2025-01-10", "span": {"from": "2025-01-10", "to": "2025-01-10"}, "amount": 50}
    _, going = merged({"pocket_money": [paid]})
    assert [(one.code, one.facts["stays"]) for one in going.findings] == [("fragment/which-stay", ["OLDONE", "NEWONE"])]
    record, going = merged({"pocket_money": [paid]}, NEW)
    assert (placed(record, "pocket_money"), going.findings) == (["NEWONE"], [])


def outlay(on: str, **own: Any) -> dict[str, Any]:
    return {"on": on, "item": "food", "amount": 100, **own}


@pytest.mark.parametrize(
    ("on", "where", "refused"),
    [
        ("2025-04-01", ["OLDONE"], []),
        ("2026-02-01", ["OLDONE"], []),
        ("2025-01-01", ["OLDONE"], []),
        ("2026-11-22", [], [("fragment/which-stay", ["NEWONE", "OLDONE"])]),
    ],
)
def test_the_agreement_that_an_outlay_names_says_to_which_stay_it_belongs(
    on: str, where: list[str], refused: list[Any]
) -> None:
    record, going = merged({"outlays": [outlay(on, agreement="BLUE01")]}, agreements=[BLUE])
    assert placed(record, "outlays") == where
    assert [(one.code, one.facts["stays"]) for one in going.findings] == refused


def test_what_was_put_into_another_stay_by_an_older_program_is_there_already() -> None:
    wrong = {**NEW, "services": [{"id": "WRONG1", **service("2025-03-21")}]}
    record, going = merged({"services": [service("2025-03-21")]}, OLD, wrong)
    assert (placed(record, "services"), going.changed) == (["NEWONE"], False)
    record, _ = merged({"services": [service("2025-03-21")]}, OLD, wrong, again=True)
    assert placed(record, "services") == ["OLDONE", "NEWONE"]


def test_an_entry_with_an_id_stays_where_it_stands() -> None:
    there = {**NEW, "services": [{"id": "THERE1", **service("2026-11-22")}]}
    record, _ = merged({"services": [{"id": "THERE1", "on": "2025-03-21"}]}, OLD, there)
    assert placed(record, "services") == ["NEWONE"]
    assert record["stays"][1]["services"][0]["was"][0]["before"] == {"on": "2026-11-22"}
    _, going = merged({"services": [{"id": "NOTHER", "on": "2025-03-21"}]}, OLD, there)
    assert [(one.code, one.where) for one in going.findings] == [("fragment/unknown-entry", "/services/0")]


def test_what_is_given_inside_a_stay_names_no_other() -> None:
    record, going = merged({"stays": [{"id": "OLDONE", "services": [service("2026-11-22", stay="OLDONE")]}]})
    assert (placed(record, "services"), going.findings) == (["OLDONE"], [])
    _, going = merged({"stays": [{"id": "OLDONE", "services": [service("2026-11-22", stay="NEWONE")]}]})
    assert [(one.code, one.where) for one in going.findings] == [("fragment/which-stay", "/stays/0/services/0/stay")]
