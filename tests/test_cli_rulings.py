"""What rulings of the shelf say to what is written down: dates, who may sign as what, and words that are missing."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL
from terminal import At

from shelterctl.document.reading import read_document

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples/accepted"
STAY = "/stays/0"

CASES = read_document((Path(__file__).parent / "cases" / "told.yaml").read_bytes()).value["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_has_happened_is_stored_and_what_does_not_fit_is_told(admitted: "Desk", case: Mapping[str, Any]) -> None:
    for staff in ("s-boss --role manager", "s-cook --role other"):
        admitted.do(f"staff add {staff}")
    told = admitted.do(f"admit {admitted.her}", case["given"])
    held = admitted.ask(f"check {admitted.her}")
    for answer in (told, held):
        found = {(one["where"], one["clause"], one["severity"]) for one in answer.page["findings"]}
        assert (case["where"], case["clause"], "open") in found


def test_the_language_of_her_rights_is_asked_for(desk: "Desk") -> None:
    given = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    her = desk.do("admit", {**given, "admission": {"rights": {"signed": True, "signed_on": "2026-11-25"}}}).data["id"]
    assert f"{STAY}/admission/rights/language" in {one["where"] for one in desk.do(f"check {her}").page["findings"]}


def test_an_evaluation_without_day_and_author_stays_open(desk: "Desk") -> None:
    given = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    answer = desk.do("admit", {**given, "admission": {"primary_evaluation": {"outcome": "admit"}}})
    wheres = {one["where"] for one in answer.page["findings"] if one["code"] == "track/needs"}
    assert {f"{STAY}/admission/primary_evaluation/on", f"{STAY}/admission/primary_evaluation/by"} <= wheres


@pytest.mark.parametrize(
    ("given", "clause"),
    [
        ({"admission": {"coordinator_agreement": {"by": "s-boss"}}}, "M3.0.3"),
        ({"identity": {"birth_date": 2031}, "admission": {"exceptional_minor_reason": "x"}}, "M1.2.7"),
    ],
    ids=["agreed by the manager of the shelter", "not born yet"],
)
def test_what_refuses_her_admission(ready: "Desk", given: dict[str, Any], clause: str) -> None:
    ready.do("staff add s-boss --role manager")
    ready.do(f"admit {ready.her}", given)
    answer = ready.refused(f"admit {ready.her} --complete --on 2026-11-22")
    assert clause in {one["clause"] for one in answer.page["findings"] if one["severity"] == "refuse"}


@pytest.fixture
def ready(desk: "Desk") -> "Desk":
    """Everything of the gate is there, and she is not admitted."""

    desk.her = desk.do("admit", REFERRAL).data["id"]
    return desk


def test_a_number_that_holds_her_name_is_malformed_wherever_it_is_written(admitted: "Desk") -> None:
    name = admitted.record()["identity"]["last_name"]
    for number in (f"KG-{name}-1", f"{name.upper()}", "KG-PRIMEROVA"):
        assert admitted.refused(f"admit {admitted.her}", {"identification_number": number}).refusals == [
            "fragment/names-her"
        ]
    blue = {"number": f"S-NGO-{name}", "date": "2026-11-25", "lines": {"7a": {"amount": 100}}}
    blue |= {"period": {"from": "2026-12-01", "to": "2026-12-31"}}
    assert "fragment/names-her" in admitted.refused(f"agreement {admitted.her} --form blue", blue).refusals


def test_a_number_that_another_client_has_is_open_refused_at_signing_and_found_by_check(admitted: "Desk") -> None:
    number = {"identification_number": "KG-2026-118"}
    other = {"identity": {"sex": "female", "first_name": "Жанара"}, "referral": {"sources": ["scme"]}, **number}
    admitted.do(f"admit {admitted.her}", number)
    told = admitted.do("admit --new-person", other)
    assert [one["where"] for one in told.page["findings"] if one["code"] == "track/once"] == ["/identification_number"]
    found = [one for one in admitted.ask("check").page["findings"] if one["code"] == "track/once"]
    assert {one["record"] for one in found} == {admitted.her, told.data["id"]}
    assert {one["facts"]["whose"] for one in found} == {admitted.her, told.data["id"]}
    third = admitted.do("admit --new-person", {"identity": {"sex": "female", "first_name": "Бурул"}}).data["id"]
    added = admitted.do(f"add {third} person", number).finding("track/once")
    assert added["facts"]["whose"] in (admitted.her, told.data["id"])
    blue = f"agreement {admitted.her} --form blue"
    assert "track/once" in admitted.do(blue, ACCEPTED / "blue.yaml").codes("open")
    assert admitted.refused(f"{blue} --sign --on 2026-11-25").refusals == ["track/once"]


def test_an_agreements_number_of_another_client_is_found_in_the_same_way(admitted: "Desk") -> None:
    blue = ACCEPTED / "blue.yaml"
    given = {"identity": {"sex": "female", "first_name": "Жанара"}, "referral": {"sources": ["scme"]}}
    other = admitted.do("admit --new-person", given).data["id"]
    admitted.do(f"agreement {admitted.her} --form blue", blue)
    assert "agreement/number-free" in admitted.do(f"agreement {other} --form blue", blue).codes("open")
    found = [one for one in admitted.ask("check").page["findings"] if one["code"] == "agreement/number-free"]
    assert {one["record"] for one in found} == {admitted.her, other}


@pytest.mark.parametrize(("places", "codes"), [("7", ["facility/capacity"]), ("8", []), ("10", [])])
def test_a_shelter_of_fewer_places_than_the_manual_speaks_of_is_noticed(
    desk: "Desk", places: str, codes: list[str]
) -> None:
    answer = desk.do(f"facility add osh --capacity {places}")
    assert answer.codes("warn") == codes
    kept = {row["facility"]: row["capacity"] for row in desk.do("facility list").data["rows"]}
    assert kept["osh"] == int(places)


def test_an_attempt_in_the_future_or_before_she_left_is_kept_and_told(discharged: "Desk") -> None:
    for day in ("2031-01-01", "2026-11-24"):
        answer = discharged.do(f"monitor attempt {discharged.her} --on {day} --how phone --outcome reached")
        assert answer.codes("open") == ["track/dated"]


def test_once_she_is_admitted_only_check_counts_who_sleeps_beside_her_and_hers(admitted: "Desk") -> None:
    admitted.do("facility add bishkek --capacity 1")
    child = {"birth_date": 2020, "sex": "male", "exceptional_reason": "no one else"}
    admitted.do(f"add {admitted.her} child", child)
    assert "admission/full-house" not in admitted.ask(f"admit {admitted.her}").codes()
    assert "admission/full-house" not in admitted.ask(f"show {admitted.her}").codes()
    assert "house/overfull" in admitted.ask("house").codes()


def test_times_of_one_day_are_told_with_the_time_of_day(admitted: "Desk") -> None:
    out = {"kind": "outing", "left_at": "2026-11-24T14:00", "permitted_by": "s-aida", "purpose": "рынок"}
    back = {"expected_back_at": "2026-11-24T15:00", "back_at": "2026-11-24T16:30", "entry_permitted_by": "s-aida"}
    late = admitted.run(f"add {admitted.her} absence", {**out, **back})
    assert "She came back later than she was expected, 2026-11-24 15:00 (A2.7)." in late.out
    wrong = {**out, "back_at": "2026-11-24T13:00", "entry_permitted_by": "s-aida"}
    told = admitted.run(f"add {admitted.her} absence", wrong)
    assert "2026-11-24 13:00. “When she left”: 2026-11-24 14:00. The first cannot be earlier" in told.out


def test_who_may_be_told_and_what_plan_she_agreed_to_is_said_with_how_to_write_it_down(admitted: "Desk") -> None:
    paper = {"kind": "media", "at": "2026-11-25T10:00", "recipient": "Газета", "what": ["age"]}
    entry = admitted.do(f"add {admitted.her} disclosure", paper).data["entry"]
    told = admitted.run(f"authorise {admitted.her} disclosure {entry} --check")
    assert "no consent of hers by then that names this recipient" in told.out
    assert "Ask her, and write it down first. With: add ID consent." in told.out


def test_a_word_of_a_sealed_part_is_noted_at_the_terminal_before_it_is_written(admitted: "Desk") -> None:
    with At(admitted).live(f"add {admitted.her} need") as live:
        live.until("What now?", {"What she needs": "зубной врач, ВИЧ", "How pressing it is": "1"})
        seen = live.end().text
    _, _, noted = seen.partition("One thing to look at once more:")
    assert "What she needs: A word stands here that belongs into a sealed part" in " ".join(noted.split())


BEFORE = {
    "session": ({"approach": "individual", "at": "2020-03-01T10:00", "by": "s-aida"}, "/at", "M2.3.2"),
    "examination": ({"kind": "evaluation", "on": "2020-03-01", "by": "s-aida"}, "/on", "M2.3.1"),
    "health": (
        {"kind": "initial_complete", "on": "2020-03-01", "items": ["physician"], "finding": "none"},
        "/on",
        "M3.0.7",
    ),
}


@pytest.mark.parametrize("track", BEFORE)
def test_what_lies_beside_her_stays_and_before_the_first_is_told_when_it_is_added_and_by_check(
    admitted: "Desk", track: str
) -> None:
    entry, where, clause = BEFORE[track]
    told = admitted.do(f"add {admitted.her} {track}", entry).finding("track/dated")
    assert (told["where"].endswith(where), told["clause"]) == (True, clause)
    assert "sealed/inside" in admitted.ask(f"check {admitted.her}").codes()
    held = admitted.ask(f"show {admitted.her} {track}").finding("track/dated")
    assert (held["where"].endswith(where), held["clause"]) == (True, clause)
