"""Into which stay a fragment goes, and when a referral opens a new one (LC19)."""

from itertools import count
from typing import Any

import pytest

from shelterctl.core.merge.changes import Merge, Stamp
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.core.record.client import Client
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published

KEYS = published.stay_keys(open_rulebook())
BY = {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-gulnara"}
REFERRAL = {"sources": ["partner_ngo", "other"], "partner_ngo": "ulybka", "received_at": "2026-01-10T10:00+06:00"}
AGAIN = {"sources": ["scme"], "received_at": "2026-11-20T10:00+06:00"}
FIRST = {"id": "STAY1", "facility": "bishkek", "referral": REFERRAL, **BY}
LEFT = {**FIRST, "discharge": {"on": "2026-05-01"}}
TURNED_AWAY = {**FIRST, "admission": {"not_admitted": {"on": "2026-01-11", "reason": "another house"}}}
WAS: Any = [{"at": BY["recorded_at"], "by": BY["recorded_by"], "before": {"referral": {"partner_ngo": "ulybka"}}}]
STRUCK = {**FIRST, "void": {"on": "2026-01-11", "by": "s-gulnara", "reason": "mistyped"}}


def merged(
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
    her, going = merged(fragment)
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


@pytest.mark.parametrize("over", [LEFT, TURNED_AWAY])
def test_a_different_referral_opens_a_new_stay_when_none_is_open(over: dict[str, Any]) -> None:
    her, going = merged({"facility": "osh", "referral": AGAIN}, over)
    assert her.facts["stays"] == [over, {"id": "STAY2", "facility": "osh", "referral": AGAIN, **BY}]
    assert going.added == ["/stays/1"]


def test_a_client_who_had_no_stay_gets_one_by_another_referral() -> None:
    her, _ = merged({"referral": AGAIN}, referral=REFERRAL)
    assert her.facts["referral"] == REFERRAL
    assert her.facts["stays"] == [{"id": "STAY2", "referral": AGAIN, **BY}]


def test_a_stay_that_is_struck_through_does_not_keep_a_referral_from_opening_one() -> None:
    her, _ = merged({"referral": REFERRAL}, STRUCK)
    assert her.facts["stays"] == [STRUCK, {"id": "STAY2", "referral": REFERRAL, **BY}]


@pytest.mark.parametrize(
    "referral",
    [REFERRAL, {**REFERRAL, "sources": ["other", "partner_ngo"]}, {"partner_ngo": "ulybka"}, {"other": None}, {}],
)
def test_an_equal_referral_changes_nothing_though_the_stay_is_over(referral: dict[str, Any]) -> None:
    her, going = merged({"referral": referral}, LEFT)
    assert (her.facts["stays"], going.changed) == ([LEFT], False)


def test_an_equal_referral_changes_nothing_for_a_client_without_a_stay() -> None:
    her, going = merged({"referral": REFERRAL}, referral=REFERRAL)
    assert (her.facts["stays"], her.facts["referral"], going.changed) == ([], REFERRAL, False)


def test_a_different_referral_replaces_while_the_stay_is_open() -> None:
    her, going = merged({"referral": {"partner_ngo": "sezim"}}, FIRST)
    assert her.facts["stays"] == [{**FIRST, "referral": {**REFERRAL, "partner_ngo": "sezim"}, "was": WAS}]
    assert going.replaced == ["/stays/0/referral/partner_ngo"]


def test_keys_of_a_stay_go_into_the_open_stay_not_the_last() -> None:
    over = {**LEFT, "id": "STAY9"}
    her, going = merged({"admission": {"rules": {"signed": True}}}, FIRST, over)
    assert her.facts["stays"] == [{**FIRST, "admission": {"rules": {"signed": True}}}, over]
    assert going.added == ["/stays/0/admission/rules/signed"]


def test_keys_of_a_stay_go_into_the_last_one_when_none_is_open() -> None:
    her, _ = merged({"discharge": {"items_returned": True}}, LEFT, {**LEFT, "id": "STAY9"})
    assert [stay["discharge"].get("items_returned") for stay in her.facts["stays"]] == [None, True]


def test_a_past_referral_is_corrected_by_the_id_of_its_stay() -> None:
    her, going = merged({"stays": [{"id": "STAY1", "referral": {"partner_ngo": "sezim"}}]}, LEFT)
    assert her.facts["stays"] == [{**LEFT, "referral": {**REFERRAL, "partner_ngo": "sezim"}, "was": WAS}]
    assert going.replaced == ["/stays/0/referral/partner_ngo"]


def test_without_stay_a_referral_stands_at_the_top_and_opens_none() -> None:
    her, going = merged({"referral": REFERRAL, "identity": {"sex": "male"}}, without_stay=True)
    assert (her.facts["referral"], her.facts["stays"]) == (REFERRAL, [])
    assert going.added == ["/identity/sex", "/referral/sources", "/referral/partner_ngo", "/referral/received_at"]


def test_without_stay_another_referral_opens_none_for_one_who_left() -> None:
    her, _ = merged({"referral": AGAIN}, LEFT, without_stay=True)
    assert (her.facts["referral"], her.facts["stays"]) == (AGAIN, [LEFT])


@pytest.mark.parametrize(("without_stay", "referral"), [(True, {"referral": REFERRAL}), (False, {})])
@pytest.mark.parametrize("key", ["facility", "received", "admission", "discharge"])
def test_what_belongs_to_a_stay_is_refused_where_there_is_none(
    without_stay: bool, referral: dict[str, Any], key: str
) -> None:
    _, going = merged({**referral, key: {"at": "2026-11-20"}}, without_stay=without_stay)
    assert [f"{finding.code} {finding.where}" for finding in going.findings] == [f"fragment/no-stay /{key}"]


def test_monitoring_of_a_client_without_a_stay_stands_at_the_top() -> None:
    her, _ = merged({"monitoring": {"scheduled": {"on": "2027-01-10"}}}, referral=REFERRAL)
    assert her.facts["monitoring"] == {"scheduled": {"on": "2027-01-10"}}
