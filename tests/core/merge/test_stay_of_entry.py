"""Into which stay of a client a day, an entry or a referral goes, and when a new stay is opened."""

from datetime import date
from itertools import count
from typing import Any

import pytest

from shelterctl.core.merge.changes import Merge, Stamp
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.core.record.client import Client
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


def merge_entry(fragment: dict[str, Any], *stays: dict[str, Any], again: bool = False, **top: Any) -> tuple[Any, Merge]:
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
    record, going = merge_entry({"services": [service(on)]})
    assert (placed(record, "services"), going.findings) == ([where], [])


def test_entries_of_one_document_go_each_into_its_own_stay() -> None:
    given = [service("2025-03-21"), service("2026-11-22"), service("2025-03-21"), service("2025-03-22")]
    record, _ = merge_entry({"services": given})
    assert placed(record, "services") == ["OLDONE", "OLDONE", "OLDONE", "NEWONE"]
    again, going = merge_entry({"services": given}, **{"stays": record["stays"]})
    assert (again["stays"], going.changed, len(going.left_out)) == (record["stays"], False, 4)


def test_an_entry_of_the_very_stay_that_a_document_opens_goes_into_that() -> None:
    given = {
        "referral": {"received_at": "2027-02-01T10:00+06:00"},
        "services": [service("2027-02-02"), service("2026-11-21")],
    }
    record, going = merge_entry(given, OLD)
    assert [len(stay["services"]) for stay in record["stays"]] == [1, 1]
    assert record["stays"][1]["services"][0]["on"] == "2027-02-02"
    assert going.findings == []


def test_a_day_in_two_stays_is_refused_with_both_named() -> None:
    record, going = merge_entry({"services": [service("2025-05-31")]}, OLD, SAME_DAY)
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
        record, going = merge_entry(given, OLD, SAME_DAY)
        assert (placed(record, "services"), going.findings) == ([stay], [])
        assert "stay" not in str(record["stays"][0].get("services", record["stays"][1].get("services")))


def test_a_stay_that_is_none_of_hers_is_refused_with_those_that_are() -> None:
    for given in ({"services": [service("2025-03-21", stay="NONE00")]}, {"stay": "NONE00", "notes": "x"}):
        _, going = merge_entry(given)
        assert [(one.code, one.facts["stays"]) for one in going.findings] == [
            ("fragment/unknown-stay", ["OLDONE", "NEWONE"])
        ]


def test_days_before_the_first_stay_of_several_decide_nothing_where_the_client_has_no_such_list() -> None:
    paid = {"on": "2025-01-10", "span": {"from": "2025-01-10", "to": "2025-01-10"}, "amount": 50}
    _, going = merge_entry({"pocket_money": [paid]})
    assert [(one.code, one.facts["stays"]) for one in going.findings] == [("fragment/which-stay", ["OLDONE", "NEWONE"])]
    record, going = merge_entry({"pocket_money": [paid]}, NEW)
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
    record, going = merge_entry({"outlays": [outlay(on, agreement="BLUE01")]}, agreements=[BLUE])
    assert placed(record, "outlays") == where
    assert [(one.code, one.facts["stays"]) for one in going.findings] == refused


def test_what_was_put_into_another_stay_by_an_older_program_is_there_already() -> None:
    wrong = {**NEW, "services": [{"id": "WRONG1", **service("2025-03-21")}]}
    record, going = merge_entry({"services": [service("2025-03-21")]}, OLD, wrong)
    assert (placed(record, "services"), going.changed) == (["NEWONE"], False)
    record, _ = merge_entry({"services": [service("2025-03-21")]}, OLD, wrong, again=True)
    assert placed(record, "services") == ["OLDONE", "NEWONE"]


def test_an_entry_with_an_id_stays_where_it_stands() -> None:
    there = {**NEW, "services": [{"id": "THERE1", **service("2026-11-22")}]}
    record, _ = merge_entry({"services": [{"id": "THERE1", "on": "2025-03-21"}]}, OLD, there)
    assert placed(record, "services") == ["NEWONE"]
    assert record["stays"][1]["services"][0]["was"][0]["before"] == {"on": "2026-11-22"}
    _, going = merge_entry({"services": [{"id": "NOTHER", "on": "2025-03-21"}]}, OLD, there)
    assert [(one.code, one.where) for one in going.findings] == [("fragment/unknown-entry", "/services/0")]


def test_what_is_given_inside_a_stay_names_no_other() -> None:
    record, going = merge_entry({"stays": [{"id": "OLDONE", "services": [service("2026-11-22", stay="OLDONE")]}]})
    assert (placed(record, "services"), going.findings) == (["OLDONE"], [])
    _, going = merge_entry({"stays": [{"id": "OLDONE", "services": [service("2026-11-22", stay="NEWONE")]}]})
    assert [(one.code, one.where) for one in going.findings] == [("fragment/which-stay", "/stays/0/services/0/stay")]


FIRST = {"id": "FIRST", "referral": {"received_at": "2024-02-27T10:00"}, "received": {"at": "2024-03-01T21:00+06:00"}}
LEFT = {**FIRST, "discharge": {"on": "2024-05-20"}}
SECOND = {"id": "SECOND", "referral": {"received_at": "2026-10-30"}, "admission": {"admitted_on": "2026-11-02"}}
AWAY = {"id": "AWAY", "received": {"at": "2025-06-10"}, "admission": {"not_admitted": {"on": "2025-06-12"}}}
REFERRED = {"id": "REFERRED", "referral": {"received_at": "2026-11-20"}}
STRUCK = {**AWAY, "id": "STRUCK", "void": {"on": "2025-06-13"}}


def stay_on(day: str, *stays: Any) -> str | None:
    stay = Client({"id": "7QF2-M9KD", "stays": [*stays]}).stay_on(date.fromisoformat(day))
    return stay.id if stay else None


@pytest.mark.parametrize(
    ("day", "stay"),
    [
        ("2020-01-01", None),
        ("2024-02-26", None),
        ("2024-02-27", "FIRST"),
        ("2024-03-01", "FIRST"),
        ("2024-05-20", "FIRST"),
        ("2025-01-01", "FIRST"),
        ("2026-10-29", "FIRST"),
        ("2026-10-30", "SECOND"),
        ("2026-11-02", "SECOND"),
        ("2099-01-01", "SECOND"),
    ],
)
def test_a_day_belongs_to_the_last_stay_that_had_begun(day: str, stay: str | None) -> None:
    assert (stay_on(day, LEFT, SECOND), stay_on(day, SECOND, LEFT)) == (stay, stay)


def test_a_stay_begins_with_her_referral_whether_she_has_come_or_not() -> None:
    days = ("2026-11-19", "2026-11-20")
    assert [stay_on(day, REFERRED) for day in days] == [None, "REFERRED"]
    assert [stay_on(day, LEFT, REFERRED) for day in days] == ["FIRST", "REFERRED"]


def test_a_stay_that_she_was_turned_away_from_ends_with_that_day() -> None:
    days = ("2025-06-09", "2025-06-10", "2025-06-12", "2025-06-13")
    assert [stay_on(day, LEFT, AWAY) for day in days] == ["FIRST", "AWAY", "AWAY", "FIRST"]
    assert [stay_on(day, AWAY) for day in days] == [None, "AWAY", "AWAY", None]


def test_a_day_on_which_one_stay_ends_and_the_next_begins_belongs_to_the_next() -> None:
    again = {"id": "AGAIN", "received": {"at": "2024-05-20"}}
    assert stay_on("2024-05-20", LEFT, again) == "AGAIN"


def test_stays_that_are_struck_through_or_of_no_day_hold_none() -> None:
    assert [stay_on("2026-12-01", *stays) for stays in ([], [STRUCK], [{"id": "BARE"}])] == [None, None, None]
    assert stay_on("2025-06-11", LEFT, STRUCK) == "FIRST"


def test_a_day_on_which_she_left_and_came_back_lies_in_both_stays() -> None:
    again = {"id": "AGAIN", "received": {"at": "2024-05-20"}}
    her = Client({"id": "7QF2-M9KD", "stays": [LEFT, again]})
    held = {
        day: [stay.id for stay in her.stays_holding(date.fromisoformat(day))]
        for day in ("2024-05-19", "2024-05-20", "2024-05-21")
    }
    assert held == {"2024-05-19": ["FIRST"], "2024-05-20": ["FIRST", "AGAIN"], "2024-05-21": ["AGAIN"]}
    assert not Client({"id": "7QF2-M9KD", "stays": [LEFT]}).stays_holding(date(2024, 5, 21))


BY = {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-gulnara"}
REFERRAL = {"sources": ["partner_ngo", "other"], "partner_ngo": "ulybka", "received_at": "2026-01-10T10:00+06:00"}
AGAIN = {"sources": ["scme"], "received_at": "2026-11-20T10:00+06:00"}
FIRST_STAY = {"id": "STAY1", "facility": "bishkek", "referral": REFERRAL, **BY}
FIRST_STAY_LEFT = {**FIRST_STAY, "discharge": {"on": "2026-05-01"}}
TURNED_AWAY = {**FIRST_STAY, "admission": {"not_admitted": {"on": "2026-01-11", "reason": "another house"}}}
WAS: Any = [{"at": BY["recorded_at"], "by": BY["recorded_by"], "before": {"referral": {"partner_ngo": "ulybka"}}}]
FIRST_STAY_VOID = {**FIRST_STAY, "void": {"on": "2026-01-11", "by": "s-gulnara", "reason": "mistyped"}}


def merge_referral(
    fragment: dict[str, Any], *stays: dict[str, Any], without_stay: bool = False, **top: Any
) -> tuple[Client, Merge]:
    numbers = count(2)
    stamp = Stamp(lambda: f"STAY{next(numbers)}", BY["recorded_at"], BY["recorded_by"])
    record, going = merge_fragment(
        {"id": "7QF2-M9KD", "stays": list(stays), **top}, fragment, stamp, KEYS, without_stay=without_stay
    )
    return Client(record), going


def test_a_referral_opens_the_first_stay_with_all_that_stands_beside_it() -> None:
    fragment = {"facility": "bishkek", "referral": REFERRAL, "received": {"by": "s-aida"}, "done": [{"item": "needs"}]}
    her, going = merge_referral(fragment)
    (stay,) = her.facts["stays"]
    assert stay == {
        "id": "STAY2",
        "facility": "bishkek",
        "referral": REFERRAL,
        "received": {"by": "s-aida"},
        "done": [{"id": "STAY3", "item": "needs", **BY}],
        **BY,
    }
    assert (going.added, going.replaced) == (["/stays/0"], [])


@pytest.mark.parametrize("over", [FIRST_STAY_LEFT, TURNED_AWAY])
def test_a_different_referral_opens_a_new_stay_when_none_is_open(over: dict[str, Any]) -> None:
    her, going = merge_referral({"facility": "osh", "referral": AGAIN}, over)
    assert her.facts["stays"] == [over, {"id": "STAY2", "facility": "osh", "referral": AGAIN, **BY}]
    assert going.added == ["/stays/1"]


def test_a_client_who_had_no_stay_gets_one_by_another_referral() -> None:
    her, _ = merge_referral({"referral": AGAIN}, referral=REFERRAL)
    assert her.facts["referral"] == REFERRAL
    assert her.facts["stays"] == [{"id": "STAY2", "referral": AGAIN, **BY}]


def test_a_stay_that_is_struck_through_does_not_keep_a_referral_from_opening_one() -> None:
    her, _ = merge_referral({"referral": REFERRAL}, FIRST_STAY_VOID)
    assert her.facts["stays"] == [FIRST_STAY_VOID, {"id": "STAY2", "referral": REFERRAL, **BY}]


@pytest.mark.parametrize(
    "referral",
    [REFERRAL, {**REFERRAL, "sources": ["other", "partner_ngo"]}, {"partner_ngo": "ulybka"}, {"other": None}, {}],
)
def test_an_equal_referral_changes_nothing_though_the_stay_is_over(referral: dict[str, Any]) -> None:
    her, going = merge_referral({"referral": referral}, FIRST_STAY_LEFT)
    assert (her.facts["stays"], going.changed) == ([FIRST_STAY_LEFT], False)


def test_an_equal_referral_changes_nothing_for_a_client_without_a_stay() -> None:
    her, going = merge_referral({"referral": REFERRAL}, referral=REFERRAL)
    assert (her.facts["stays"], her.facts["referral"], going.changed) == ([], REFERRAL, False)


def test_a_different_referral_replaces_while_the_stay_is_open() -> None:
    her, going = merge_referral({"referral": {"partner_ngo": "sezim"}}, FIRST_STAY)
    assert her.facts["stays"] == [{**FIRST_STAY, "referral": {**REFERRAL, "partner_ngo": "sezim"}, "was": WAS}]
    assert going.replaced == ["/stays/0/referral/partner_ngo"]


def test_keys_of_a_stay_go_into_the_open_stay_not_the_last() -> None:
    over = {**FIRST_STAY_LEFT, "id": "STAY9"}
    her, going = merge_referral({"admission": {"rules": {"signed": True}}}, FIRST_STAY, over)
    assert her.facts["stays"] == [{**FIRST_STAY, "admission": {"rules": {"signed": True}}}, over]
    assert going.added == ["/stays/0/admission/rules/signed"]


def test_keys_of_a_stay_go_into_the_last_one_when_none_is_open() -> None:
    her, _ = merge_referral(
        {"discharge": {"items_returned": True}}, FIRST_STAY_LEFT, {**FIRST_STAY_LEFT, "id": "STAY9"}
    )
    assert [stay["discharge"].get("items_returned") for stay in her.facts["stays"]] == [None, True]


def test_a_past_referral_is_corrected_by_the_id_of_its_stay() -> None:
    her, going = merge_referral({"stays": [{"id": "STAY1", "referral": {"partner_ngo": "sezim"}}]}, FIRST_STAY_LEFT)
    assert her.facts["stays"] == [{**FIRST_STAY_LEFT, "referral": {**REFERRAL, "partner_ngo": "sezim"}, "was": WAS}]
    assert going.replaced == ["/stays/0/referral/partner_ngo"]


def test_without_stay_a_referral_stands_at_the_top_and_opens_none() -> None:
    her, going = merge_referral({"referral": REFERRAL, "identity": {"sex": "male"}}, without_stay=True)
    assert (her.facts["referral"], her.facts["stays"]) == (REFERRAL, [])
    assert going.added == ["/identity/sex", "/referral/sources", "/referral/partner_ngo", "/referral/received_at"]


def test_without_stay_another_referral_opens_none_for_one_who_left() -> None:
    her, _ = merge_referral({"referral": AGAIN}, FIRST_STAY_LEFT, without_stay=True)
    assert (her.facts["referral"], her.facts["stays"]) == (AGAIN, [FIRST_STAY_LEFT])


@pytest.mark.parametrize(("without_stay", "referral"), [(True, {"referral": REFERRAL}), (False, {})])
@pytest.mark.parametrize("key", ["facility", "received", "admission", "discharge"])
def test_what_belongs_to_a_stay_is_refused_where_there_is_none(
    without_stay: bool, referral: dict[str, Any], key: str
) -> None:
    _, going = merge_referral({**referral, key: {"at": "2026-11-20"}}, without_stay=without_stay)
    assert [f"{finding.code} {finding.where}" for finding in going.findings] == [f"fragment/no-stay /{key}"]


def test_monitoring_of_a_client_without_a_stay_stands_at_the_top() -> None:
    her, _ = merge_referral({"monitoring": {"scheduled": {"on": "2027-01-10"}}}, referral=REFERRAL)
    assert her.facts["monitoring"] == {"scheduled": {"on": "2027-01-10"}}
