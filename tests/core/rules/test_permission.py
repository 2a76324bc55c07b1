"""What a change of a client's file writes and does: the tracks and acts for which a role is asked."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.role import Task
from shelterctl.core.rules.permission import find_tasks
from shelterctl.rulebook.rulebook import open_rulebook

RULEBOOK = open_rulebook()
TRACKS = RULEBOOK.tracks

HER: Mapping[str, Any] = {
    "schema": "resident/1",
    "id": "AAAA-0001",
    "edition": "kg-2008",
    "notes": "invented",
    "identity": {"first_name": "Примера", "birth_date": "2001"},
    "trafficking": {"exploitation": ["forced_labour_or_services"]},
    "children": [{"id": "K1", "first_name": "Примерчик"}],
    "iom": {
        "instructions": [{"id": "I1", "on": "2026-11-22", "status": "recognised"}],
        "documents": [{"id": "D1", "kind": "application"}],
    },
    "referral": {"received_at": "2026-11-01"},
    "needs": [{"id": "N1", "need": "одежда"}],
    "plans": [{"id": "P1", "kind": "assistance", "on": "2026-11-24"}],
    "disclosures": [{"id": "Z1", "to": "a partner"}],
    "services": [{"id": "V1"}],
    "monitoring": {"scheduled": {"on": "2027-06-01"}, "attempts": [{"id": "T1"}], "reports": [{"id": "R1"}]},
    "stays": [
        {
            "id": "S1",
            "facility": "h1",
            "received": {"at": "2026-11-02T21:00+06:00"},
            "admission": {
                "admitted_on": "2026-11-03",
                "notes": "invented",
                "meeting": {"on": "2026-11-03"},
                "coordinator_agreement": {"at": "2026-11-02"},
            },
            "absences": [{"id": "B1", "left_at": "2026-11-05"}],
            "pocket_money": [{"id": "M1", "amount": 200}],
            "monitoring": {"attempts": [{"id": "T2"}]},
            "done": [{"id": "O1", "item": "orientation"}],
        },
        {"id": "S2", "facility": "h1"},
    ],
    "agreements": [
        {"id": "G1", "form": "pink", "number": "1", "lines": {}, "signed": {"on": "2026-11-25"}},
        {"id": "G2", "form": "blue", "number": "2", "lines": {}},
    ],
    "sealed": {
        "next": {"entries": 5},
        "entries": [
            {"id": "E1", "track": "session", "part": "psychological", "note": "invented"},
            {"id": "E2", "track": "health", "part": "medical", "age": "-----BEGIN AGE ENCRYPTED FILE-----"},
            {"id": "E3", "track": "psychological-plan", "part": "psychological", "aim": "invented"},
        ],
        "hiv": {"on": "2026-11-23", "report": "invented"},
    },
}
"""A file of an invented client, with something at every home of tracks."""


def changed(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The file with other values at these places; a number in a place is an entry of a list."""
    after = deepcopy(dict(HER))
    for place, value in edits:
        *above, last = place.split(".")
        holder: Any = after
        for step in above:
            holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
        if value is GONE:
            del holder[int(last) if isinstance(holder, list) else last]
        elif isinstance(holder, list):
            holder.insert(int(last), value)
        else:
            holder[last] = value
    return after


GONE = object()


def tasks(*edits: tuple[str, Any]) -> list[str]:
    """The tracks and acts of a change, acts behind a +."""
    return sorted(("+" if one.is_act else "") + one.name for one in find_tasks(TRACKS, HER, changed(*edits)))


@pytest.mark.parametrize(
    ("place", "value", "track"),
    [
        ("identification_number", "12345", "person"),
        ("notes", "more", "person"),
        ("notes", GONE, "person"),
        ("identity.first_name", "Образца", "identity"),
        ("identity", GONE, "identity"),
        ("trafficking.countries", ["xx"], "trafficking"),
        ("children.0.first_name", "Иной", "child"),
        ("children.1", {"id": "K2"}, "child"),
        ("children.0.void", {"reason": "typed twice"}, "child"),
        ("children.0", GONE, "child"),
        ("children", GONE, "child"),
        ("iom.instructions.0.status", "refused", "instruction"),
        ("iom.instructions.1", {"id": "I2"}, "instruction"),
        ("iom.documents.0.received_on", "2026-11-24", "document"),
        ("referral.notes", "more", "referral"),
        ("needs.0.need", "обувь", "need"),
        ("needs.1", {"id": "N2"}, "need"),
        ("services.0.on", "2026-11-25", "service"),
        ("consents", [{"id": "C1"}], "consent"),
        ("plans.0.her_goals", "invented", "plan"),
        ("plans.1", {"id": "P2", "kind": "assistance"}, "plan"),
        ("plans.0.void", {"reason": "typed twice"}, "plan"),
        ("monitoring.scheduled.on", "2027-07-01", "schedule"),
        ("monitoring.attempts.0.on", "2027-06-02", "attempt"),
        ("monitoring.reports.0.employed", True, "report"),
        ("monitoring.closed", {"on": "2027-06-03"}, "closing"),
        ("stays.0.facility", "h2", "stay"),
        ("stays.0.notes", "more", "stay"),
        ("stays.0.received.at", "2026-11-02T22:00+06:00", "reception"),
        ("stays.0.admission.notes", "more", "admission"),
        ("stays.0.admission.meeting.on", "2026-11-04", "meeting"),
        ("stays.0.admission.coordinator_agreement.at", "2026-11-03", "coordinator-agreement"),
        ("stays.0.admission.primary_interview", {"by": "s-aida"}, "primary-interview"),
        ("stays.0.admission.rules", {"signed": True}, "rules"),
        ("stays.0.absences.0.back_at", "2026-11-06", "absence"),
        ("stays.0.absences.1", {"id": "B2"}, "absence"),
        ("stays.0.absences.0", GONE, "absence"),
        ("stays.0.pocket_money.0.amount", 300, "pocket-money"),
        ("stays.0.monitoring.attempts.0.on", "2027-06-02", "attempt"),
        ("stays.0.done.1", {"id": "O2"}, "done"),
        ("stays.0.discharge", {"reason": "other"}, "discharge"),
        ("stays.1.referral", {"notes": "more"}, "referral"),
        ("agreements.1.lines", {"4": {}}, "blue"),
        ("agreements.0.number", "7", "pink"),
        ("agreements.0.void", {"reason": "typed twice"}, "pink"),
        ("agreements.2", {"id": "G3", "form": "pink"}, "pink"),
        ("agreements.0", GONE, "pink"),
        ("sealed.entries.0.note", "more", "session"),
        ("sealed.entries.3", {"id": "E4", "track": "legal", "part": "legal"}, "legal"),
        ("sealed.entries.1.void", {"reason": "typed twice"}, "health"),
        ("sealed.entries.0.void", {"reason": "typed twice"}, "session"),
        ("sealed.entries.2.aim", "other", "psychological-plan"),
        ("sealed.hiv", {"on": "2026-11-24", "report": "other"}, "hiv"),
    ],
)
def test_each_place_belongs_to_its_track(place: str, value: object, track: str) -> None:
    assert [name for name in tasks((place, value)) if not name.startswith("+")] == [track]


@pytest.mark.parametrize(
    ("place", "value", "act"),
    [
        ("stays.0.admission.admitted_on", "2026-11-04", "admit"),
        ("stays.0.admission.admitted_on", GONE, "admit"),
        ("stays.1.admission", {"admitted_on": "2026-11-04"}, "admit"),
        ("stays.0.discharge", {"on": "2026-11-30"}, "discharge"),
        ("agreements.1.signed", {"on": "2026-11-30"}, "sign"),
        ("agreements.0.signed", GONE, "sign"),
        ("agreements.0.terminated", {"on": "2026-11-30"}, "terminate"),
        ("agreements.0.corrections", [{"on": "2026-11-30"}], "correct"),
        ("plans.0.approved", {"on": "2026-11-25"}, "approve-plan"),
        ("plans.0.started", {"on": "2026-11-25"}, "start-plan"),
        ("plans.0.closed", {"on": "2026-11-25"}, "close-plan"),
        ("disclosures.0.authorised", {"on": "2026-11-25"}, "authorise-disclosure"),
        ("stays.0.absences.0.permitted", {"by": "manager"}, "permit-absence"),
        ("sealed.entries.1.closed", {"on": "2026-11-25"}, "close-health"),
        ("sealed.entries.2.approved", {"on": "2026-11-25"}, "approve-psychological-plan"),
    ],
)
def test_each_act_is_the_act_alone(place: str, value: object, act: str) -> None:
    assert tasks((place, value)) == [f"+{act}"]


def test_several_changes_are_several_tasks() -> None:
    signed_at_once = ("agreements.2", {"id": "G3", "form": "blue", "signed": {"on": "2026-11-30"}})
    started = ("plans.1", {"id": "P2", "started": {"on": "2026-11-25"}})
    assert tasks(signed_at_once, started, ("stays.1.discharge", {"on": "2026-12-01", "reason": "other"})) == sorted(
        ["blue", "+sign", "plan", "+start-plan", "+discharge", "discharge"]
    )


def test_a_new_file_writes_all_that_is_in_it() -> None:
    found = {one.name for one in find_tasks(TRACKS, {}, HER)}
    tracks = {
        "person", "identity", "trafficking", "child", "instruction", "document", "referral", "need", "plan",
        "disclosure", "service", "schedule", "attempt", "report", "stay", "reception", "admission", "meeting",
        "coordinator-agreement", "absence", "pocket-money", "done", "pink", "blue", "session", "health",
        "psychological-plan", "hiv",
    }  # fmt: skip
    assert found == tracks | {"admit", "sign"}
    assert {one.name for one in find_tasks(TRACKS, HER, {"id": "AAAA-0001"})} >= tracks - {"hiv"}


def test_what_the_program_writes_by_itself_is_nobodys_task() -> None:
    for key in ("edition", "recorded_by", "recorded_at", "unfinished", "printed", "schema"):
        assert tasks((key, {"plan": {"kind": "assistance"}})) == []
    assert tasks(("needs.0.recorded_by", "s-aida"), ("plans.0.printed", [{"on": "2026-11-25"}])) == []


def test_a_closed_block_that_stays_as_it_is_and_one_that_is_closed_again_is_no_change() -> None:
    shut = changed(("sealed.hiv", "-----BEGIN AGE ENCRYPTED FILE-----"))
    assert find_tasks(TRACKS, shut, shut) == set()
    assert find_tasks(TRACKS, HER, shut) == set()  # saving closes it: that is not writing it
    sealed_anew = {**shut, "sealed": {**shut["sealed"], "hiv": "-----BEGIN AGE ENCRYPTED FILE-----\nother"}}
    assert find_tasks(TRACKS, shut, sealed_anew) == set()
    assert find_tasks(TRACKS, shut, changed(("sealed.hiv", {}))) == set()  # opened, and nothing is in it
    assert find_tasks(TRACKS, shut, HER) == {Task("hiv", False)}


KNOWN_ACTS = frozenset(RULEBOOK.acts_of_roles)
PLACES = st.sampled_from(
    [
        "notes", "identity", "identity.first_name", "children", "children.0.first_name", "iom.instructions", "referral",
        "needs.0.need", "plans.0.started", "plans.0.kind", "monitoring", "monitoring.closed", "stays.0.facility",
        "stays.0.admission", "stays.0.admission.meeting", "stays.0.absences.0.permitted", "stays.0.discharge",
        "stays.1", "stays", "agreements.0.signed", "agreements.1.number", "sealed.hiv", "sealed.entries",
        "sealed.entries.0.note", "unfinished", "edition", "stays.0.monitoring", "disclosures.0.authorised",
    ]
)  # fmt: skip
VALUES = st.sampled_from([GONE, {"on": "2026-11-30"}, {}, "invented"])


LISTS = frozenset({"children", "instructions", "stays", "entries"})
"""What is a list in every file; of these an entry, or all, is only taken away here."""


def edited(edits: list[tuple[str, Any]]) -> dict[str, Any]:
    """The file after those of the changes that can be made one after the other; a list stays a list."""
    after: dict[str, Any] = deepcopy(dict(HER))
    for place, value in edits:
        *above, last = place.split(".")
        holder: Any = after
        for step in above:
            held = isinstance(holder, list)
            holder = holder[int(step)] if held and len(holder) > int(step) else holder.get(step) if not held else None
            if not isinstance(holder, list | dict):
                break
        if isinstance(holder, list) and len(holder) > int(last or 0) and value is GONE:
            del holder[int(last)]
        elif isinstance(holder, dict) and value is GONE:
            holder.pop(last, None)
        elif isinstance(holder, dict) and last not in LISTS:
            holder[last] = value
    return after


@given(st.lists(st.tuples(PLACES, VALUES), max_size=5))
def test_a_change_of_nothing_has_no_task_and_every_task_is_one_of_the_rulebook(edits: list[tuple[str, Any]]) -> None:
    after = edited(edits)
    assert find_tasks(TRACKS, after, deepcopy(after)) == set()
    for before, then in ((HER, after), (after, HER), ({}, after)):
        for one in find_tasks(TRACKS, before, then):
            assert one.name in (KNOWN_ACTS if one.is_act else TRACKS)


@given(st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=5))
def test_whatever_differs_is_somebodys_task(edits: list[tuple[str, Any]]) -> None:
    """But for what the program writes by itself, and for a sealed block that is closed or opened."""
    after = edited(edits)
    own = {"unfinished", "edition", "sealed"}
    differs = any(after.get(key) != HER.get(key) for key in {*after, *HER} - own)
    if differs:
        assert find_tasks(TRACKS, HER, after)
