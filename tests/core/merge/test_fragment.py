"""How an input merges into a file: mappings, values, entries by id, and running a fragment twice."""

from copy import deepcopy
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.merge.changes import Merge, Stamp
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.core.record.sameness import entry_content, is_same
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published

KEYS = published.stay_keys(open_rulebook())
BY = {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-gulnara"}
CHILD = {"id": "KNOWN1", "birth_date": 2020, "stays_with_her": True, **BY}
HER = {
    "id": "7QF2-M9KD",
    "identity": {"first_name": "Айгуль", "sex": "female", "birth_date": "1999-03", "languages": ["ky", "ru"]},
    "trafficking": {"exploitation": ["slavery"], "months_trafficked": 3},
    "children": [CHILD],
    "stays": [],
}


def stamp() -> Stamp:
    numbers = count(1)
    return Stamp(lambda: f"NEW{next(numbers)}", BY["recorded_at"], BY["recorded_by"])


def merged(fragment: dict[str, Any], record: dict[str, Any] | None = None) -> tuple[dict[str, Any], Merge]:
    return merge_fragment(HER if record is None else record, fragment, stamp(), KEYS)


def told(going: Merge) -> dict[str, list[str]]:
    findings = [f"{finding.code} {finding.where}" for finding in going.findings]
    told = {"added": going.added, "replaced": going.replaced, "refused": findings}
    return {name: places for name, places in told.items() if places}


def test_mappings_merge_key_by_key() -> None:
    record, going = merged({"identity": {"middle_name": "Б."}, "trafficking": {"means": ["threat"]}})
    assert record == {
        **HER,
        "identity": {**HER["identity"], "middle_name": "Б."},  # type: ignore[dict-item]
        "trafficking": {**HER["trafficking"], "means": ["threat"]},  # type: ignore[dict-item]
    }
    assert told(going) == {"added": ["/identity/middle_name", "/trafficking/means"]}


def test_the_given_file_is_left_as_it_was() -> None:
    before = deepcopy(HER)
    merged({"identity": {"sex": "male"}, "children": [{"id": "KNOWN1", "birth_date": 2021}, {"birth_date": 2022}]})
    assert before == HER


@pytest.mark.parametrize(
    ("fragment", "place"),
    [
        ({"identity": {"birth_date": "1999-04"}}, "/identity/birth_date"),
        ({"identity": {"languages": ["ky"]}}, "/identity/languages"),
        ({"identity": {"languages": []}}, "/identity/languages"),
        ({"trafficking": {"months_trafficked": 4}}, "/trafficking/months_trafficked"),
    ],
)
def test_a_value_or_a_list_of_codes_replaces_and_the_place_is_told(fragment: dict[str, Any], place: str) -> None:
    record, going = merged(fragment)
    _, part, key = place.split("/")
    assert record[part][key] == fragment[part][key]
    assert told(going) == {"replaced": [place]}


@pytest.mark.parametrize(
    "fragment",
    [
        {},
        {"identity": {"sex": "female"}},
        {"identity": {"languages": ["ru", "ky"]}},
        {"trafficking": {"months_trafficked": Decimal(3)}},
        {"children": [{"birth_date": 2020, "stays_with_her": True}]},
        {"children": [CHILD]},
        {"children": []},
        {"identity": {"phone": None}},
    ],
)
def test_what_is_there_already_changes_nothing(fragment: dict[str, Any]) -> None:
    record, going = merged(fragment)
    assert (record, told(going), going.changed) == (HER, {}, False)


@pytest.mark.parametrize("identity", [{"phone": "0555 123456"}, {"sex": "male"}, {"birth_date": None}])
def test_something_added_replaced_or_removed_is_a_change(identity: dict[str, Any]) -> None:
    assert merged({"identity": identity})[1].changed is True


def test_null_removes_a_scalar_and_says_so() -> None:
    record, going = merged({"identity": {"birth_date": None}})
    assert record["identity"] == {"first_name": "Айгуль", "sex": "female", "languages": ["ky", "ru"]}
    assert told(going) == {"replaced": ["/identity/birth_date"]}


@pytest.mark.parametrize(
    ("fragment", "place"),
    [
        ({"identity": None}, "/identity"),
        ({"children": None}, "/children"),
        ({"identity": {"languages": None}}, "/identity/languages"),
    ],
)
def test_null_on_a_list_or_a_mapping_is_refused(fragment: dict[str, Any], place: str) -> None:
    record, going = merged(fragment)
    assert (record, told(going)) == (HER, {"refused": [f"fragment/cannot-remove {place}"]})


def test_an_entry_with_a_known_id_updates_it_and_keeps_its_stamp() -> None:
    record, going = merged({"children": [{"id": "KNOWN1", "birth_date": 2021, "sex": "male"}]})
    was = [{"at": "2026-11-25T10:00+06:00", "by": "s-gulnara", "before": {"birth_date": 2020, "sex": None}}]
    assert record["children"] == [{**CHILD, "birth_date": 2021, "sex": "male", "was": was}]
    assert told(going) == {"added": ["/children/0/sex"], "replaced": ["/children/0/birth_date"]}


def test_an_entry_without_id_is_appended_and_stamped() -> None:
    record, going = merged({"children": [{"birth_date": 2022}]})
    assert record["children"] == [CHILD, {"id": "NEW1", "birth_date": 2022, **BY}]
    assert told(going) == {"added": ["/children/1"]}


@pytest.mark.parametrize(
    ("fragment", "place"),
    [
        ({"children": [{"birth_date": 2022}, {"id": "STRANGE", "birth_date": 2020}]}, "/children/1"),
        ({"stays": [{"facility": "osh", "done": [{"id": "STRANGE", "item": "needs"}]}]}, "/stays/0/done/0"),
    ],
)
def test_an_unknown_id_is_refused_with_its_place(fragment: dict[str, Any], place: str) -> None:
    _, going = merged(fragment)
    assert told(going)["refused"] == [f"fragment/unknown-entry {place}"]


def test_true_is_not_one_also_inside_an_entry() -> None:
    _, going = merged({"children": [{"birth_date": 2020, "stays_with_her": 1}]})
    assert told(going) == {"added": ["/children/1"]}


def test_an_equal_entry_that_is_struck_through_is_there_already() -> None:
    struck = {**CHILD, "void": {"on": "2026-11-25", "by": "s-gulnara", "reason": "mistyped"}}
    record, going = merged({"children": [{"birth_date": 2020, "stays_with_her": True}]}, {**HER, "children": [struck]})
    assert record["children"] == [struck]
    assert (told(going), going.left_out) == ({}, ["/children/0"])


def test_codes_of_an_entry_are_a_set() -> None:
    fragment = {"iom": {"instructions": [{"on": "2026-11-22", "status": "recognised", "needs": ["a", "b"]}]}}
    record, _ = merged(fragment)
    fragment["iom"]["instructions"][0]["needs"] = ["b", "a"]
    assert merged(fragment, record)[0] == record


def test_twins_of_one_document_are_two_children_and_stay_two() -> None:
    twins = {"children": [{"birth_date": 2022}, {"birth_date": 2022}]}
    record, going = merged(twins)
    assert [child["birth_date"] for child in record["children"]] == [2020, 2022, 2022]
    assert going.left_out == []
    again, going = merged(twins, record)
    assert (again, told(going), going.left_out) == (record, {}, ["/children/1", "/children/2"])


def test_three_equal_entries_where_two_are_there_make_three() -> None:
    record, _ = merged({"children": [{"birth_date": 2022}] * 2})
    after, going = merged({"children": [{"birth_date": 2022}] * 3}, record)
    assert [child["birth_date"] for child in after["children"]] == [2020, 2022, 2022, 2022]
    assert (going.left_out, going.added) == (["/children/1", "/children/2"], ["/children/3"])


def test_what_is_to_be_written_again_is_written_whatever_stands_there() -> None:
    given = {"children": [{"birth_date": 2020, "stays_with_her": True}]}
    record, going = merge_fragment(HER, given, stamp(), KEYS, again=True)
    assert (len(record["children"]), going.left_out) == (2, [])


def test_an_entry_that_said_it_before_a_change_is_there_already() -> None:
    changed, _ = merged({"children": [{"id": "KNOWN1", "birth_date": 2021}]})
    record, going = merged({"children": [{"birth_date": 2020, "stays_with_her": True}]}, changed)
    assert (record, going.left_out) == (changed, ["/children/0"])


def test_an_entry_that_an_act_was_done_to_is_still_the_one_that_was_given() -> None:
    plan = {"kind": "assistance", "on": "2026-11-22"}
    record, _ = merged({"plans": [plan]})
    approved = {**record["plans"][0], "approved": {"on": "2026-11-23", "by": "manager"}}
    after, going = merged({"plans": [plan]}, {**record, "plans": [approved]})
    assert (after["plans"], going.left_out) == ([approved], ["/plans/0"])


def test_an_entry_that_is_named_by_its_id_is_not_also_the_equal_one() -> None:
    given = [{"id": "KNOWN1", "sex": "male"}, {"birth_date": 2020, "stays_with_her": True}]
    record, going = merged({"children": given})
    assert [child.get("sex") for child in record["children"]] == ["male", None]
    assert going.left_out == []


def test_a_null_in_a_new_entry_is_left_out_and_does_not_make_it_new_again() -> None:
    fragment = {"children": [{"birth_date": 2022, "sex": None}]}
    record, _ = merged(fragment)
    assert record["children"][1] == {"id": "NEW1", "birth_date": 2022, **BY}
    assert merged(fragment, record)[0] == record


def test_the_content_of_an_entry_is_without_stamps_at_any_depth() -> None:
    entry = {"id": "A", "item": "needs", **BY, "monitoring": {"attempts": [{"id": "B", "how": "phone", **BY}]}}
    assert entry_content(entry) == {"item": "needs", "monitoring": {"attempts": [{"how": "phone"}]}}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["a", "b"], ["b", "a"], True),
        ([{"a": 1}, {"b": 1}], [{"b": 1}, {"a": 1}], False),
        ({"a": True}, {"a": 1}, False),
        (Decimal("2000.00"), 2000, True),
        ("2000", 2000, True),
        ("2000.00", "2000", False),
        ("2022-05", 2022, False),
        (Decimal("450.50"), "450.50", True),
        ({"1a": {"amount": Decimal("450.5")}}, {"1a": {"amount": "450.50"}}, True),
        (Decimal("450.50"), "450.05", False),
        (Decimal("1.125"), "1,125", False),
        (Decimal("1.00"), True, False),
        (["a"], ["a", "b"], False),
        ([], [{"a": 1}], False),
        (None, False, False),
        ({"a": 1}, "a", False),
        (["a"], "a", False),
    ],
)
def test_same_is_strict_about_kinds_and_easy_about_order_of_codes(one: object, other: object, expected: bool) -> None:
    assert (expected, expected) == (is_same(one, other), is_same(other, one))


WORDS = st.sampled_from(["a", "b", "true"])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), WORDS, st.lists(WORDS, max_size=2, unique=True))
ENTRIES = st.dictionaries(st.sampled_from(["item", "on", "by"]), VALUES, max_size=3)
DONE = ENTRIES.flatmap(lambda entry: st.lists(ENTRIES, max_size=2).map(lambda below: {**entry, "deeper": below}))
FRAGMENTS = st.fixed_dictionaries(
    {},
    optional={
        "identity": st.dictionaries(st.sampled_from(["phone", "marital_status"]), VALUES, max_size=2),
        "children": st.lists(DONE, max_size=3),
        "referral": st.dictionaries(st.sampled_from(["received_at", "other"]), WORDS, max_size=2),
        "done": st.lists(DONE, max_size=3),
        "admission": st.fixed_dictionaries({"rules": st.dictionaries(WORDS, WORDS, max_size=2)}),
    },
)


@given(FRAGMENTS)
def test_running_a_fragment_twice_changes_nothing(fragment: dict[str, Any]) -> None:
    once, _ = merge_fragment(HER, fragment, stamp(), KEYS)
    twice, going = merge_fragment(once, fragment, stamp(), KEYS)
    assert (once, [], []) == (twice, going.added, going.replaced)


@given(FRAGMENTS)
def test_nothing_written_once_is_lost_by_adding_entries(fragment: dict[str, Any]) -> None:
    record, _ = merge_fragment(HER, fragment, stamp(), KEYS)
    assert record["children"][0] == CHILD


PAID = {"on": "2026-11-25", "span": {"from": "2026-11-24", "to": "2026-11-25"}, "amount": 100, "signed_by_her": True}
STAYING = {"id": "STAY1", "referral": {"received_at": "2026-11-20T10:00+06:00"}, **BY}


def signed(given: dict[str, Any], **own: Any) -> tuple[dict[str, Any], Merge]:
    entry = {"id": "PAID01", **PAID, **own, **BY}
    her = {**HER, "stays": [{**STAYING, "pocket_money": [entry]}]}
    return merged({"pocket_money": [{"id": "PAID01", **given}]}, her)


@pytest.mark.parametrize(
    "given", [{"amount": 9000}, {"on": "2026-11-24"}, {"signed_by_her": False}, {"span": {"to": "2026-11-26"}}]
)
def test_what_she_signed_for_is_not_changed(given: dict[str, Any]) -> None:
    _, going = signed(given)
    assert [(one.code, one.clause) for one in going.findings] == [("fragment/signed", "R1.0.2")]


def test_what_was_empty_when_she_signed_is_filled() -> None:
    record, going = signed({"by": "s-gulnara"})
    assert going.findings == []
    assert record["stays"][0]["pocket_money"][0]["by"] == "s-gulnara"


def test_what_she_did_not_sign_yet_is_changed_and_what_stood_there_is_kept() -> None:
    record, going = signed({"amount": 90, "signed_by_her": True}, signed_by_her=False)
    assert going.findings == []
    (was,) = record["stays"][0]["pocket_money"][0]["was"]
    assert was["before"] == {"amount": 100, "signed_by_her": False}


def test_a_consent_that_she_signed_is_withdrawn_and_else_stays() -> None:
    consent = {"id": "CONSNT", "kind": "plan", "given_on": "2026-11-20", "signed": True, **BY}
    record, going = merged(
        {"consents": [{"id": "CONSNT", "withdrawn_on": "2026-11-24"}]}, {**HER, "consents": [consent]}
    )
    assert (going.findings, record["consents"]) == ([], [{**consent, "withdrawn_on": "2026-11-24"}])
    _, going = merged({"consents": [{"id": "CONSNT", "kind": "treatment"}]}, record)
    assert [one.code for one in going.findings] == ["fragment/signed"]


@given(
    there=st.lists(st.sampled_from([2020, 2021, 2022]), max_size=6),
    given_=st.lists(st.sampled_from([2020, 2021, 2022]), max_size=6),
    struck=st.sets(st.integers(0, 5)),
)
def test_of_m_entries_there_and_n_equal_ones_given_the_more_are_there(
    there: list[int], given_: list[int], struck: set[int]
) -> None:
    void = {"void": {"on": "2026-11-25", "by": "s-gulnara", "reason": "mistyped"}}
    children = [
        {"id": f"C{number}", "birth_date": year, **BY, **(void if number in struck else {})}
        for number, year in enumerate(there)
    ]
    document = {"children": [{"birth_date": year} for year in given_]}
    record, going = merged(document, {**HER, "children": children})
    said = [child["birth_date"] for child in record["children"]]
    for year in (2020, 2021, 2022):
        assert said.count(year) == max(there.count(year), given_.count(year))
        left = [place for place in going.left_out if said[int(place.rpartition("/")[2])] == year]
        assert len(left) == min(there.count(year), given_.count(year))
    again, second = merged(document, record)
    assert (again, second.changed) == (record, False)
