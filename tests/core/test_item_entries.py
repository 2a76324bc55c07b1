"""By which entries each item of admission and discharge is met; what is sealed is seen by its markers alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client
from shelterctl.core.rules.checklist import find_evidence, lacking_tracks, met_since
from shelterctl.core.rules.context import Context
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
TODAY = date(2026, 11, 25)
OF_A_STAY = {"clothing": "clothing", "pocket-money": "pocket_money", "belonging": "belongings"}
OF_HERS = {"need": "needs", "plan": "plans", "consent": "consents"}
PARTS = {"health": "medical", "examination": "psychological", "opinion": "psychological"}

Entry = tuple[str, Mapping[str, Any]]
NEED: Entry = ("need", {"need": "тёплая одежда", "class": "primary", "on": "2026-11-23"})
WORN: Entry = ("clothing", {"on": "2026-11-23", "items": ["underwear", "hygiene_set", "everyday_clothes"]})
SHOES: Entry = ("clothing", {"on": "2026-11-24", "items": ["footwear"]})
WINTER: Entry = ("clothing", {"on": "2026-11-23", "items": ["underwear", "hygiene_set", "winter_clothes", "footwear"]})
PAID: Entry = ("pocket-money", {"on": "2026-11-23", "span": {"from": "2026-11-22", "to": "2026-11-23"}, "amount": 100})
RING: Entry = ("belonging", {"kind": "personal_item", "what": "кольцо", "received_on": "2026-11-23"})
BACK: Entry = ("belonging", {**RING[1], "returned_on": "2026-11-24"})
SEEN: Entry = ("health", {"kind": "initial_complete", "on": "2026-11-23"})
TO_DO: Entry = ("health", {**SEEN[1], "follow_up": True})
SETTLED: Entry = ("health", {**TO_DO[1], "closed": {"on": "2026-11-24"}})
CHECKED: Entry = ("health", {"kind": "checkup", "on": "2026-11-24", "follow_up": True})
TALK: Entry = ("examination", {"kind": "primary_interview", "on": "2026-11-23"})
TEST: Entry = ("examination", {"kind": "test", "on": "2026-11-23"})
RATED: Entry = ("examination", {"kind": "evaluation", "on": "2026-11-24"})
PLAN: Entry = ("plan", {"kind": "assistance", "on": "2026-11-23"})
AFTERWARDS: Entry = ("plan", {"kind": "reintegration", "on": "2026-11-23"})
AGREED: Entry = ("consent", {"kind": "plan", "given_on": "2026-11-24"})
REFUSED: Entry = ("consent", {"kind": "plan", "refused_on": "2026-11-25"})
TAKEN_BACK: Entry = ("consent", {**AGREED[1], "withdrawn_on": "2026-11-25"})
OTHERWISE: Entry = ("consent", {"kind": "treatment", "given_on": "2026-11-24"})
REVIEW: Entry = ("opinion", {"kind": "interim_review", "on": "2026-11-24"})
COURT: Entry = ("opinion", {"kind": "court", "on": "2026-11-24"})

MET: Mapping[str, list[Entry]] = {
    "needs": [NEED],
    "clothes": [WORN, SHOES],
    "pocket-money": [PAID],
    "safekeeping": [RING],
    "medical-examination": [SEEN],
    "health-record": [SEEN],
    "psychologist": [TALK, RATED],
    "plan": [PLAN, AGREED],
    "interim-review": [REVIEW],
}
"""Of each item the entries by which it is met."""


def around(*entries: Entry, stay: int = 0, day: str = "2026-11-22", **more: Any) -> Context:
    """Two stays: one that she left in October, and the last; entries of a stay lie in the one of that number."""
    stays: list[dict[str, Any]] = [
        {
            "id": "S1",
            "referral": {"received_at": "2026-09-30T12:00+06:00"},
            "admission": {"admitted_on": "2026-10-01"},
            "discharge": {"on": "2026-10-31"},
        },
        {"id": "S2", "referral": {"received_at": "2026-11-20T12:00+06:00"}, "admission": {"admitted_on": "2026-11-22"}},
    ]
    her: dict[str, Any] = {"id": "7QF2-M9KD", "identity": {}, "stays": stays}
    stays[1] |= more
    for number, (track, facts) in enumerate(entries):
        entry = {"id": f"E{number}", **facts}
        if track in PARTS:
            closed = {"track": track, "part": PARTS[track], "age": "-----BEGIN AGE ENCRYPTED FILE-----\n"}
            her.setdefault("sealed", {}).setdefault("entries", []).append({**entry, **closed})
        else:
            home = stays[stay - 1] if track in OF_A_STAY else her
            home.setdefault((OF_A_STAY | OF_HERS)[track], []).append(entry)
    client = Client(her)
    day_ = date.fromisoformat(day)
    return Context(day=day_, today=TODAY, client=client, stay=client.stays[-1], tracks=SHELF.tracks)


def met(item: str, held: Context) -> bool:
    return find_evidence(SHELF.items[item], held).met


def moved(entry: Entry, day: str) -> Entry:
    """The same on another day."""
    track, facts = entry
    return track, {name: day if name.endswith("on") and name != "returned_on" else said for name, said in facts.items()}


@pytest.mark.parametrize("item", MET)
def test_it_is_met_by_its_entries_and_by_no_fewer(item: str) -> None:
    entries = MET[item]
    assert met(item, around(*entries))
    assert str(met_since(SHELF.items[item], around(*entries))) == max(str(_day(each)) for each in entries)
    assert lacking_tracks(SHELF.items[item], around(*entries)) == ()
    assert lacking_tracks(SHELF.items[item], around()) == tuple(dict.fromkeys(track for track, _ in entries))
    for number in range(len(entries)):
        assert not met(item, around(*entries[:number], *entries[number + 1 :]))


def _day(entry: Entry) -> str:
    return str(next(said for name, said in entry[1].items() if name.endswith("on") and name != "returned_on"))


@pytest.mark.parametrize("item", MET)
def test_what_was_before_her_arrival_in_another_stay_or_is_to_come_does_not_count(item: str) -> None:
    for day in ("2026-10-10", "2026-11-21", "2026-11-26"):
        assert not met(item, around(*(moved(each, day) for each in MET[item])))
    of_a_stay = any(track in OF_A_STAY for track, _ in MET[item])
    assert met(item, around(*MET[item], stay=1)) is not of_a_stay


@pytest.mark.parametrize("item", MET)
def test_while_she_has_not_come_again_what_was_in_her_last_stay_does_not_count(item: str) -> None:
    before = around(*(moved(each, "2026-10-10") for each in MET[item]), stay=1, admission={})
    assert not met(item, before)


@pytest.mark.parametrize("item", MET)
def test_what_is_struck_through_does_not_count(item: str) -> None:
    track, facts = MET[item][0]
    assert not met(item, around((track, {**facts, "void": {"on": "2026-11-24"}}), *MET[item][1:]))


@pytest.mark.parametrize("item", MET)
def test_a_day_of_an_older_store_meets_it_for_ever(item: str) -> None:
    done: dict[str, Any] = {"done": [{"id": "D1", "item": item, "on": "2026-11-23"}]}
    assert met(item, around(**done))
    assert str(met_since(SHELF.items[item], around(**done))) == "2026-11-23"
    assert not met(item, around(done=[{**done["done"][0], "on": "2026-10-10"}]))


@pytest.mark.parametrize(
    ("item", "entries", "expected"),
    [
        ("clothes", [WINTER], False),
        ("medical-examination", [CHECKED], False),
        ("medical-examination", [TO_DO], False),
        ("medical-examination", [SETTLED], True),
        ("medical-examination", [SEEN, CHECKED], True),
        ("health-record", [CHECKED], True),
        ("safekeeping", [BACK], True),
        ("psychologist", [TALK, TEST], False),
        ("plan", [AFTERWARDS, AGREED], False),
        ("plan", [PLAN, OTHERWISE], False),
        ("plan", [PLAN, AGREED, REFUSED], False),
        ("plan", [PLAN, TAKEN_BACK], False),
        ("interim-review", [COURT], False),
    ],
)
def test_near_entries(item: str, entries: list[Entry], expected: bool) -> None:
    assert met(item, around(*entries)) is expected


def test_a_finding_that_is_open_is_told_apart_from_no_examination() -> None:
    item = SHELF.items["medical-examination"]
    assert [find_evidence(item, around(*each)).reason for each in ([], [TO_DO])] == [
        "medical-examination",
        "examination-open",
    ]


def test_things_are_returned_when_she_says_so_and_none_is_kept() -> None:
    item, left = SHELF.items["items-returned"], dict[str, Any](discharge={"items_returned": True, "on": "2026-11-24"})
    told = find_evidence(item, around(RING, RING, BACK, day="2026-11-24", **left))
    assert (told.met, told.reason, told.facts) == (False, "still-kept", {"count": 2})
    assert met("items-returned", around(("belonging", {**RING[1], "returned_on": "2026-11-25"}), **left))
    assert met("items-returned", around(RING, stay=1, **left))
    assert find_evidence(item, around(BACK)).reason == "items-returned"
