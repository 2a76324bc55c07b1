"""Two files of one person: which of them goes on, and what is never lost or replaced."""

from typing import Any

import pytest

from shelterctl.core.merge.two_files import (
    build_carried_fragment,
    choose_kept_file,
    is_known_outside,
    is_struck_as_twice,
    list_differing_places,
    strip_struck_file,
)
from shelterctl.core.record.client import Client

VOID = {"on": "2026-11-25", "by": "manager", "reason": "entered_twice"}
ADMITTED = {"stays": [{"id": "S1", "admission": {"admitted_on": "2026-11-22"}}]}
SIGNED = {"stays": [{"id": "S1", "admission": {"rules": {"signed": True}}}]}
RECEIVED = {"stays": [{"id": "S1", "received": {"at": "2026-11-22T22:00+06:00"}}]}
AGREEMENT = {"agreements": [{"id": "A1"}]}
PRINTED = {"printed": [{"code": "1"}]}
REPORTED = {"monitoring": {"reports": [{"id": "R1"}]}}
NOTHING: dict[str, Any] = {}
WITHDRAWN = {"agreements": [{"id": "A1", "void": VOID}]}


def client(id_: str, *facts: dict[str, Any], at: str = "2026-11-25T10:00+06:00") -> Client:
    both: dict[str, Any] = {"id": id_, "identity": {"sex": "female"}, "stays": [], "recorded_at": at}
    for each in facts:
        both |= each
    return Client(both)


@pytest.mark.parametrize(
    ("known", "new", "goes_on"),
    [
        (ADMITTED, RECEIVED, "known"),
        (RECEIVED, ADMITTED, "new"),
        (NOTHING, PRINTED, "new"),
        (NOTHING, REPORTED, "new"),
        (RECEIVED, SIGNED, "new"),
        (RECEIVED, AGREEMENT, "new"),
        (RECEIVED, WITHDRAWN, "known"),
        (ADMITTED, SIGNED, None),
        (ADMITTED, ADMITTED, None),
        (PRINTED, AGREEMENT, None),
        (NOTHING, RECEIVED, "new"),
        (RECEIVED, NOTHING, "known"),
        (RECEIVED, RECEIVED, "known"),
        (NOTHING, NOTHING, "known"),
    ],
)
def test_the_file_with_her_papers_goes_on(known: dict[str, Any], new: dict[str, Any], goes_on: str | None) -> None:
    chosen = choose_kept_file(client("known", known), client("new", new))
    assert (chosen.id if chosen else None) == goes_on


def test_of_two_without_papers_the_older_one_goes_on() -> None:
    chosen = choose_kept_file(client("known", at="2026-11-25T10:01+06:00"), client("new"))
    assert chosen
    assert chosen.id == "new"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"stays": [{"void": VOID}]}, True),
        ({"stays": [{"void": VOID}, {"void": VOID}]}, True),
        ({"stays": [{"void": VOID}, {}]}, False),
        ({"stays": [{"void": {**VOID, "reason": "wrong_value"}}]}, False),  # her only file, with a stay that was none
        ({"stays": [{"void": VOID}], "referral": {"sources": ["scme"]}}, False),
        (NOTHING, False),
    ],
)
def test_a_file_whose_stays_are_all_in_another_one_is_nobodys(facts: dict[str, Any], expected: bool) -> None:
    assert is_struck_as_twice(client("one", facts)) is expected
    assert not is_known_outside(client("one", facts))


def test_nothing_of_hers_is_replaced_and_nothing_of_the_other_is_lost() -> None:
    hers = client(
        "hers",
        {
            "identity": {"first_name": "Айгүл", "last_name": "Примерова", "languages": ["ky"], "phone": "0555"},
            "stays": [
                {"id": "S1", "referral": {"sources": ["scme"]}, "admission": {"meeting": {"at": "A"}}, "notes": "a"}
            ],
        },
    )
    gone = client(
        "gone",
        {
            "identity": {"first_name": "Aigul", "last_name": "Primerova", "languages": ["ru"], "phone": "0777",
                         "education": "school"},
            "stays": [
                {"id": "S8", "referral": {"sources": ["other"]}, "admission": {"not_admitted": {"on": "2026-11-01"}}},
                {"id": "S9", "referral": {"sources": ["other"]}, "received": {"at": "B"}, "notes": "b",
                 "admission": {"meeting": {"at": "C"}, "rules": {"read_aloud": True}}},
            ],
            "children": [{"id": "C1", "sex": "male"}],
        },
    )  # fmt: skip
    assert build_carried_fragment(gone, hers) == {
        "children": [{"sex": "male"}],
        "identity": {"languages": ["ky", "ru"], "education": "school", "also_known_as": ["Aigul Primerova"]},
        "stays": [
            {"referral": {"sources": ["other"]}, "admission": {"not_admitted": {"on": "2026-11-01"}}},
            {"id": "S1", "received": {"at": "B"}, "admission": {"rules": {"read_aloud": True}}, "notes": "a\nb",
             "referral": {"sources": ["scme", "other"]}},
        ],
    }  # fmt: skip
    left = strip_struck_file(gone, hers, VOID, "elsewhere")
    assert left["identity"] == {"languages": ["ru"], "phone": "0777", "education": "school"}
    assert strip_struck_file(gone, client("hers", {"identity": gone.facts["identity"]}), VOID, "")["identity"] == {}
    assert [stay["void"] for stay in left["stays"]] == [VOID, VOID]


def test_of_clients_without_a_stay_the_newer_referral_counts() -> None:
    old = client("old", {"referral": {"sources": ["scme"]}, "notes": "a"})
    new = client("new", {"referral": {"sources": ["other"]}, "notes": "b"}, at="2026-11-26T10:00+06:00")
    assert build_carried_fragment(new, old) == {"identity": {}, "referral": {"sources": ["other"]}, "notes": "a\nb"}
    assert "referral" not in build_carried_fragment(old, new)
    assert strip_struck_file(new, old, VOID, "elsewhere")["monitoring"]["closed"]["reason"] == "elsewhere"


INTERVIEW = {"at": "2026-11-21T10:00+06:00", "by": "s-aida"}


def test_an_open_stay_lacks_nothing_that_the_other_says_and_what_differs_is_named() -> None:
    hers = client(
        "hers",
        {
            "identity": {"birth_date": 1999},
            "stays": [{"id": "S1", "received": {"at": "2026-11-22T21:00+06:00"}, "referral": {"sources": ["scme"]},
                       "admission": {"primary_interview": INTERVIEW, "rules": {"signed": True}}}],
        },
    )  # fmt: skip
    gone = client(
        "gone",
        {
            "identity": {"birth_date": 1998, "estimated": True},
            "stays": [{"id": "S9", "received": {"at": "2026-11-22T22:00+06:00", "provisional_reason": "ночь"},
                       "referral": {"sources": ["scme"], "received_at": "2026-11-22T20:00+06:00"},
                       "admission": {"primary_interview": {**INTERVIEW, "by": "s-bakyt", "safety_assured": True},
                                     "rules": {"signed": True, "signed_on": "2026-11-22"}}}],
        },
    )  # fmt: skip
    into = build_carried_fragment(gone, hers)
    assert into["identity"] == {"estimated": True}
    assert into["stays"][0] == {
        "id": "S1",
        "received": {"provisional_reason": "ночь"},
        "referral": {"sources": ["scme"], "received_at": "2026-11-22T20:00+06:00"},
        "admission": {"rules": {"signed_on": "2026-11-22"}},  # two interviews do not become one
    }
    stay = {**hers.stays[0].facts}
    stay |= {name: {**stay[name], **into["stays"][0][name]} for name in ("received", "referral")}
    stay["admission"] = {**stay["admission"], "rules": {"signed": True, "signed_on": "2026-11-22"}}
    now = client("hers", {"identity": {**hers.facts["identity"], **into["identity"]}, "stays": [stay]})
    assert list_differing_places(gone, now) == [
        "identity.birth_date", "received.at", "admission.primary_interview.by",
        "admission.primary_interview.safety_assured",
    ]  # fmt: skip


def test_who_was_admitted_did_not_come_later_than_that() -> None:
    hers = client("hers", {"stays": [{"id": "S1", "admission": {"admitted_on": "2026-11-22"}}]})
    late = {"at": "2026-11-23T22:00+06:00"}
    stay = {"id": "S9", "received": late, "referral": {"sources": ["scme"], "received_at": late["at"]}}
    gone = client("gone", {"stays": [{**stay, "admission": {"meeting": late}}]})
    assert build_carried_fragment(gone, hers)["stays"] == [{"id": "S1", "referral": {"sources": ["scme"]}}]
    early = client("gone", {"stays": [{"id": "S9", "received": {"at": "2026-11-21T22:00+06:00"}}]})
    assert "received" in build_carried_fragment(early, hers)["stays"][0]


def test_what_was_struck_through_in_one_file_stays_struck_through_in_the_other() -> None:
    void = {"on": "2026-11-25", "by": "manager", "reason": "wrong_value"}
    child = {"id": "CHILD1", "sex": "male", "birth_date": "2020", "void": void}
    gone = Client({"id": "A", "identity": {"sex": "female"}, "children": [child], "stays": []})
    hers = Client({"id": "B", "identity": {"sex": "female"}, "stays": []})
    assert build_carried_fragment(gone, hers)["children"] == [{"sex": "male", "birth_date": "2020", "void": void}]
