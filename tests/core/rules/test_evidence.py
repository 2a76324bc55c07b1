"""By which entries items of admission and discharge are met, and what is begun towards an item that is open."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shelterctl.core.manual.act import Item
from shelterctl.core.record.client import Client
from shelterctl.core.rules.checklist import (
    BegunEntry,
    checklist_rows,
    find_begun_entries,
    find_evidence,
    judge_items,
    lacking_tracks,
    met_since,
)
from shelterctl.core.rules.context import Context
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
TODAY = date(2026, 11, 25)
HALF = {"id": "E1", "on": "2026-11-23", "items": ["underwear", "hygiene_set"]}
REST = {"id": "E2", "on": "2026-11-24", "items": ["footwear"], "season": "winter", "signed_by_her": False}
VOID = {"void": {"on": "2026-11-24", "by": "s-boss", "reason": "entered_twice"}}


def context_of_two_stays(*given: Mapping[str, Any], before: Mapping[str, Any] | None = None, **hers: Any) -> Context:
    """Two stays, with what she was *given* in the last one, and *before* in the one that she left."""
    first: dict[str, Any] = {
        "id": "S1",
        "received": {"at": "2026-10-01T12:00+06:00"},
        "discharge": {"on": "2026-10-31"},
    }
    last = {"id": "S2", "admission": {"admitted_on": "2026-11-22"}, "clothing": [*given]}
    if before:
        first["clothing"] = [before]
    stay = hers.pop("stay", {})
    client = Client({"id": "7QF2-M9KD", "identity": {}, "stays": [first, {**last, **stay}], **hers})
    return Context(day=TODAY, today=TODAY, client=client, stay=client.stays[-1], tracks=SHELF.tracks)


def begun_of(item: Item, held: Context) -> list[BegunEntry]:
    return find_begun_entries(find_evidence(item, held), held)


def lacking_of(item: Item, held: Context) -> tuple[str, ...]:
    return lacking_tracks(item, find_evidence(item, held))


def half(item: str, held: Context) -> list[tuple[str, str | None, list[str]]]:
    act = "discharge" if item in {each.name for each in SHELF.acts["discharge"].items} else "admission"
    of = next(each for each in SHELF.acts[act].items if each.name == item)
    return [(one.track.name, one.entry, [*map(str, one.lacks)]) for one in begun_of(of, held)]


def test_it_lacks_kinds_and_what_its_own_rules_miss() -> None:
    assert half("clothes", context_of_two_stays(HALF)) == [
        ("clothing", "E1", ["everyday_clothes", "footwear", "signed_by_her"]),
    ]


def test_several_are_all_named_the_newest_first() -> None:
    assert half("clothes", context_of_two_stays(HALF, REST)) == [
        ("clothing", "E2", ["everyday_clothes", "signed_by_her"]),
        ("clothing", "E1", ["everyday_clothes", "signed_by_her"]),
    ]


@pytest.mark.parametrize(
    "held",
    [
        context_of_two_stays(),
        context_of_two_stays({**HALF, **VOID}),
        context_of_two_stays(before={**HALF, "on": "2026-10-02"}),
        context_of_two_stays({**HALF, "on": "2026-11-20"}),  # before she came
        context_of_two_stays({**HALF, "items": ["winter_clothes"]}),  # nothing of it counts for this item
        context_of_two_stays(
            {**HALF, "items": ["underwear", "hygiene_set", "everyday_clothes", "footwear"]}
        ),  # it is met
        context_of_two_stays(
            HALF, stay={"done": [{"id": "D1", "item": "clothes", "on": "2026-11-23"}]}
        ),  # a day that counted once
    ],
    ids=["nothing", "struck", "another stay", "too early", "something else", "met", "a day"],
)
def test_what_is_no_half_of_it_is_not_begun(held: Context) -> None:
    assert half("clothes", held) == []


def test_an_entry_that_is_still_to_come_is_begun_and_its_day_is_what_is_wrong() -> None:
    ((_, entry, lacks),) = half("clothes", context_of_two_stays({**HALF, "on": "2026-11-26"}))
    assert (entry, "on" in lacks) == ("E1", True)


def test_what_she_signed_for_is_begun_and_not_filled_in() -> None:
    (signed,) = begun_of(SHELF.items["clothes"], context_of_two_stays({**HALF, "signed_by_her": True}))
    (unsigned,) = begun_of(SHELF.items["clothes"], context_of_two_stays(HALF))
    assert (signed.is_signed, unsigned.is_signed) == (True, False)


def test_answers_that_wait_are_begun_with_what_they_must_still_say() -> None:
    waits = {"unfinished": {"clothing": {"on": "2026-11-24"}}}
    ((track, entry, lacks),) = half("clothes", context_of_two_stays(**waits))
    assert (track, entry) == ("clothing", None)
    assert "items" in lacks
    assert (
        half("plan", context_of_two_stays(unfinished={"plan": {"kind": "reintegration"}})) == []
    )  # another plan than is wanted
    assert (
        half("clothes", context_of_two_stays(unfinished={"clothing E1": {"on": "2026-11-24"}})) == []
    )  # that is of an entry


def test_of_what_is_sealed_only_fields_outside_are_named() -> None:
    assert half(
        "health-record", context_of_two_stays(unfinished={"health": {"age": "-----BEGIN AGE ENCRYPTED FILE-----"}})
    ) == [
        ("health", None, []),
    ]
    later = {"id": "E1", "track": "health", "part": "medical", "kind": "checkup", "on": "2026-11-26",
             "age": "-----BEGIN AGE ENCRYPTED FILE-----"}  # fmt: skip
    ((_, _, lacks),) = half("health-record", context_of_two_stays(sealed={"entries": [later]}))
    assert {*lacks} <= {*SHELF.tracks["health"].seal.marker}  # type: ignore[union-attr]


def test_what_is_in_the_way_of_an_item_is_named_with_the_day_that_takes_it_out() -> None:
    kept = {"id": "E1", "kind": "personal_item", "what": "кольцо", "received_on": "2026-11-23"}
    held = context_of_two_stays(stay={"belongings": [kept], "discharge": {"items_returned": True}})
    assert half("items-returned", held) == [("belonging", "E1", ["returned_on"])]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Begun: clothes and hygiene goods given to her, 2026-11-23. Still to fill in: “everyday clothes”, "
         "“footwear”, “She signed for it” (R1.0.1)."),
        ("ru", "Начато: выдача одежды и средств гигиены, 23.11.2026. Осталось: «повседневная одежда», «обувь», "
         "«Она расписалась в получении» (R1.0.1)."),
    ],
)  # fmt: skip
def test_the_open_item_says_so_and_how_that_entry_is_filled_in(language: str, said: str) -> None:
    found = next(
        one
        for one in judge_items(SHELF.acts["admission"], context_of_two_stays(HALF))
        if one.facts["item"] == "clothes"
    )
    assert format_sentence(found.message, found.facts, language) == said
    assert "add ID clothing --from" in format_sentence(found.whole, found.facts, language)
    assert "E1" in format_sentence(found.whole, found.facts, language)


def test_the_checklist_has_it_for_programs_beside_the_open_item_alone() -> None:
    found = {str(row["item"]): row for row in checklist_rows(SHELF.acts["admission"], context_of_two_stays(HALF))}
    assert [name for name, row in found.items() if "begun" in row] == ["clothes"]
    assert found["clothes"]["begun"] == [
        {"track": "clothing", "entry": "E1", "on": date(2026, 11, 23),
         "lacks": ("everyday_clothes", "footwear", "signed_by_her")},
    ]  # fmt: skip


def test_of_two_tracks_what_is_not_begun_is_said_as_before() -> None:
    held = context_of_two_stays(unfinished={"plan": {"kind": "assistance"}})
    found = next(one for one in judge_items(SHELF.acts["admission"], held) if one.facts["item"] == "plan")
    said = format_sentence(found.message, found.facts, "en")
    assert said.startswith("Not recorded yet: ")
    assert said.endswith("Begun and not finished: an individual plan (R5.3.7c).")


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


def context_of_entries(*entries: Entry, stay: int = 0, day: str = "2026-11-22", **more: Any) -> Context:
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
    assert met(item, context_of_entries(*entries))
    assert str(met_since(SHELF.items[item], context_of_entries(*entries))) == max(str(_day(each)) for each in entries)
    assert lacking_of(SHELF.items[item], context_of_entries(*entries)) == ()
    assert lacking_of(SHELF.items[item], context_of_entries()) == tuple(dict.fromkeys(track for track, _ in entries))
    for number in range(len(entries)):
        assert not met(item, context_of_entries(*entries[:number], *entries[number + 1 :]))


def _day(entry: Entry) -> str:
    return str(next(said for name, said in entry[1].items() if name.endswith("on") and name != "returned_on"))


@pytest.mark.parametrize("item", MET)
def test_what_was_before_her_arrival_in_another_stay_or_is_to_come_does_not_count(item: str) -> None:
    for day in ("2026-10-10", "2026-11-21", "2026-11-26"):
        assert not met(item, context_of_entries(*(moved(each, day) for each in MET[item])))
    of_a_stay = any(track in OF_A_STAY for track, _ in MET[item])
    assert met(item, context_of_entries(*MET[item], stay=1)) is not of_a_stay


@pytest.mark.parametrize("item", MET)
def test_while_she_has_not_come_again_what_was_in_her_last_stay_does_not_count(item: str) -> None:
    before = context_of_entries(*(moved(each, "2026-10-10") for each in MET[item]), stay=1, admission={})
    assert not met(item, before)


@pytest.mark.parametrize("item", MET)
def test_what_is_struck_through_does_not_count(item: str) -> None:
    track, facts = MET[item][0]
    assert not met(item, context_of_entries((track, {**facts, "void": {"on": "2026-11-24"}}), *MET[item][1:]))


@pytest.mark.parametrize("item", MET)
def test_a_day_of_an_older_store_meets_it_for_ever(item: str) -> None:
    done: dict[str, Any] = {"done": [{"id": "D1", "item": item, "on": "2026-11-23"}]}
    assert met(item, context_of_entries(**done))
    assert str(met_since(SHELF.items[item], context_of_entries(**done))) == "2026-11-23"
    assert not met(item, context_of_entries(done=[{**done["done"][0], "on": "2026-10-10"}]))


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
    assert met(item, context_of_entries(*entries)) is expected


def test_a_finding_that_is_open_is_told_apart_from_no_examination() -> None:
    item = SHELF.items["medical-examination"]
    assert [find_evidence(item, context_of_entries(*each)).reason for each in ([], [TO_DO])] == [
        "medical-examination",
        "examination-open",
    ]


def test_things_are_returned_when_she_says_so_and_none_is_kept() -> None:
    item, left = SHELF.items["items-returned"], dict[str, Any](discharge={"items_returned": True, "on": "2026-11-24"})
    told = find_evidence(item, context_of_entries(RING, RING, BACK, day="2026-11-24", **left))
    assert (told.met, told.reason, told.facts) == (False, "still-kept", {"count": 2})
    assert met("items-returned", context_of_entries(("belonging", {**RING[1], "returned_on": "2026-11-25"}), **left))
    assert met("items-returned", context_of_entries(RING, stay=1, **left))
    assert find_evidence(item, context_of_entries(BACK)).reason == "items-returned"
