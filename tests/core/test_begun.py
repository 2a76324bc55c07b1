"""What is begun towards an open item: which entries, and what each lacks; what is sealed tells nothing from inside."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client
from shelterctl.core.rules.checklist import checklist_rows, find_begun_entries, judge_items
from shelterctl.core.rules.context import Context
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
TODAY = date(2026, 11, 25)
HALF = {"id": "E1", "on": "2026-11-23", "items": ["underwear", "hygiene_set"]}
REST = {"id": "E2", "on": "2026-11-24", "items": ["footwear"], "season": "winter", "signed_by_her": False}
VOID = {"void": {"on": "2026-11-24", "by": "s-boss", "reason": "entered_twice"}}


def around(*given: Mapping[str, Any], before: Mapping[str, Any] | None = None, **hers: Any) -> Context:
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


def half(item: str, held: Context) -> list[tuple[str, str | None, list[str]]]:
    act = "discharge" if item in {each.name for each in SHELF.acts["discharge"].items} else "admission"
    of = next(each for each in SHELF.acts[act].items if each.name == item)
    return [(one.track.name, one.entry, [*map(str, one.lacks)]) for one in find_begun_entries(of, held)]


def test_it_lacks_kinds_and_what_its_own_rules_miss() -> None:
    assert half("clothes", around(HALF)) == [
        ("clothing", "E1", ["everyday_clothes", "footwear", "signed_by_her"]),
    ]


def test_several_are_all_named_the_newest_first() -> None:
    assert half("clothes", around(HALF, REST)) == [
        ("clothing", "E2", ["everyday_clothes", "signed_by_her"]),
        ("clothing", "E1", ["everyday_clothes", "signed_by_her"]),
    ]


@pytest.mark.parametrize(
    "held",
    [
        around(),
        around({**HALF, **VOID}),
        around(before={**HALF, "on": "2026-10-02"}),
        around({**HALF, "on": "2026-11-20"}),  # before she came
        around({**HALF, "items": ["winter_clothes"]}),  # nothing of it counts for this item
        around({**HALF, "items": ["underwear", "hygiene_set", "everyday_clothes", "footwear"]}),  # it is met
        around(HALF, stay={"done": [{"id": "D1", "item": "clothes", "on": "2026-11-23"}]}),  # a day that counted once
    ],
    ids=["nothing", "struck", "another stay", "too early", "something else", "met", "a day"],
)
def test_what_is_no_half_of_it_is_not_begun(held: Context) -> None:
    assert half("clothes", held) == []


def test_an_entry_that_is_still_to_come_is_begun_and_its_day_is_what_is_wrong() -> None:
    ((_, entry, lacks),) = half("clothes", around({**HALF, "on": "2026-11-26"}))
    assert (entry, "on" in lacks) == ("E1", True)


def test_what_she_signed_for_is_begun_and_not_filled_in() -> None:
    (signed,) = find_begun_entries(SHELF.items["clothes"], around({**HALF, "signed_by_her": True}))
    (unsigned,) = find_begun_entries(SHELF.items["clothes"], around(HALF))
    assert (signed.is_signed, unsigned.is_signed) == (True, False)


def test_answers_that_wait_are_begun_with_what_they_must_still_say() -> None:
    waits = {"unfinished": {"clothing": {"on": "2026-11-24"}}}
    ((track, entry, lacks),) = half("clothes", around(**waits))
    assert (track, entry) == ("clothing", None)
    assert "items" in lacks
    assert half("plan", around(unfinished={"plan": {"kind": "reintegration"}})) == []  # another plan than is wanted
    assert half("clothes", around(unfinished={"clothing E1": {"on": "2026-11-24"}})) == []  # that is of an entry


def test_of_what_is_sealed_only_fields_outside_are_named() -> None:
    assert half("health-record", around(unfinished={"health": {"age": "-----BEGIN AGE ENCRYPTED FILE-----"}})) == [
        ("health", None, []),
    ]
    later = {"id": "E1", "track": "health", "part": "medical", "kind": "checkup", "on": "2026-11-26",
             "age": "-----BEGIN AGE ENCRYPTED FILE-----"}  # fmt: skip
    ((_, _, lacks),) = half("health-record", around(sealed={"entries": [later]}))
    assert {*lacks} <= {*SHELF.tracks["health"].seal.marker}  # type: ignore[union-attr]


def test_what_is_in_the_way_of_an_item_is_named_with_the_day_that_takes_it_out() -> None:
    kept = {"id": "E1", "kind": "personal_item", "what": "кольцо", "received_on": "2026-11-23"}
    held = around(stay={"belongings": [kept], "discharge": {"items_returned": True}})
    assert half("items-returned", held) == [("belonging", "E1", ["returned_on"])]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Begun: clothes and hygiene goods given to her, 2026-11-23. Still open in it: “everyday clothes”, "
         "“footwear”, “She signed for it” (R1.0.1)."),
        ("ru", "Начато: выдача одежды и средств гигиены, 23.11.2026. Осталось: «повседневная одежда», «обувь», "
         "«Она расписалась в получении» (R1.0.1)."),
    ],
)  # fmt: skip
def test_the_open_item_says_so_and_how_that_entry_is_filled_in(language: str, said: str) -> None:
    found = next(one for one in judge_items(SHELF.acts["admission"], around(HALF)) if one.facts["item"] == "clothes")
    assert format_sentence(found.message, found.facts, language) == said
    assert "add ID clothing --from" in format_sentence(found.whole, found.facts, language)
    assert "E1" in format_sentence(found.whole, found.facts, language)


def test_the_checklist_has_it_for_programs_beside_the_open_item_alone() -> None:
    found = {str(row["item"]): row for row in checklist_rows(SHELF.acts["admission"], around(HALF))}
    assert [name for name, row in found.items() if "begun" in row] == ["clothes"]
    assert found["clothes"]["begun"] == [
        {"track": "clothing", "entry": "E1", "on": date(2026, 11, 23),
         "lacks": ("everyday_clothes", "footwear", "signed_by_her")},
    ]  # fmt: skip


def test_of_two_tracks_what_is_not_begun_is_said_as_before() -> None:
    held = around(unfinished={"plan": {"kind": "assistance"}})
    found = next(one for one in judge_items(SHELF.acts["admission"], held) if one.facts["item"] == "plan")
    said = format_sentence(found.message, found.facts, "en")
    assert said.startswith("Not written down yet: ")
    assert said.endswith("Begun, and the answers wait: an individual plan (R5.3.7c).")
