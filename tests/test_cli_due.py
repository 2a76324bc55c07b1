"""What is due, of all clients or of one: in order, for whom, by whom, and as a calendar."""

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL
from revised import LANGUAGES

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples/accepted"
LEFT = "2027-05-25"
"""Half a year after the example's discharge on 25 November 2026."""


def rows(desk: "Desk", words: str = "", **how: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(f"due {words}", **how).data["rows"]
    return found


def told(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["state"], row["what"]) for row in found]


def test_of_a_referral_the_gate_comes_first_then_whatever_else_is_open(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    found = rows(desk)
    gates = [row["gate"] for row in found]
    assert gates == sorted(gates, reverse=True)
    assert {row["state"] for row in found} == {"open"}
    assert {row["id"] for row in found} == {her}
    assert ("open", "medical-examination") in told(found)


def test_seen_from_a_day_before_she_was_heard_of_nothing_is_due(desk: "Desk") -> None:
    news = {"sources": ["scme"], "received_at": "2026-11-20T12:00"}
    desk.do("admit", {"identity": {"sex": "female"}, "referral": news})
    assert rows(desk)
    assert rows(desk, today="2026-11-19") == []


def test_a_medical_examination_is_open_with_the_days_since_she_came(admitted: "Desk") -> None:
    def examination(**how: Any) -> Any:
        return [row for row in rows(admitted, **how) if row["row"] == "T12"]

    (found,) = examination(today="2026-12-02")
    assert (found["what"], found["owner"], found["state"]) == ("health", "medical_adviser", "open")
    assert (found["due_on"], found["days_since_due"]) == ("2026-11-22", 10)
    admitted.written("health")
    assert examination() == []


def test_pocket_money_that_was_not_paid_when_she_left_is_owed_until_it_is_paid_or_closed(discharged: "Desk") -> None:
    def owed() -> list[tuple[str, int]]:
        return [(row["state"], row["gaps"]) for row in rows(discharged, today="2026-12-20") if row["row"] == "T11"]

    def left() -> str:
        return str(discharged.run(f"agreement {discharged.her} --account", today="2026-12-20").out)

    assert owed() == [("overdue", 3)]
    assert "left to pay 150.00" in left()
    paid = {
        "on": "2026-12-18",
        "span": {"from": "2026-11-22", "to": "2026-11-23"},
        "amount": 100,
        "signed_by_her": True,
    }
    discharged.do(f"add {discharged.her} pocket-money", paid, today="2026-12-20")
    assert owed() == [("overdue", 1)]
    closed = {"on": "2026-12-19", "span": {"from": "2026-11-24", "to": "2026-11-24"}, "amount": 0}
    told = discharged.do(
        f"add {discharged.her} pocket-money", {**closed, "not_paid_reason": "не хочет"}, today="2026-12-20"
    )
    assert "track/amount" not in told.codes()
    assert owed() == []
    assert "left to pay 0.00" in left()


def test_a_day_before_she_came_does_not_do_an_item_and_is_told_at_once(admitted: "Desk") -> None:
    for day in ("2019-01-01", "2031-01-01"):
        answer = admitted.do(f"admit {admitted.her} --done orientation --on {day}")
        assert {"track/dated", "admission/orientation"} <= {*answer.codes("open")}
    assert "orientation" in {row["what"] for row in rows(admitted)}


def test_monitoring_is_the_same_row_as_monitor_due_has(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    for day in ("2027-05-24", LEFT, "2027-06-01"):
        (due,) = discharged.do("monitor due --within 1", today=day).data["rows"]
        (found,) = (row for row in rows(discharged, "--within 1", today=day) if row["what"] == "report")
        assert (found["due_on"], found["days_since_due"]) == (due["due_on"], due["days_since_due"])
        assert found["state"] == ("overdue" if day > LEFT else due["state"])
        assert (found["clause"], found["owner"], found["row"]) == ("A7.D", "social_worker", "T02")
    discharged.do(f"monitor record {discharged.her}", ACCEPTED / "monitoring-report.yaml", today="2027-06-01")
    assert rows(discharged, today="2027-06-01") == []


def test_a_course_of_a_signed_agreement_ends(admitted: "Desk") -> None:
    blue = f"agreement {admitted.her} --form blue"
    admitted.do(f"admit {admitted.her}", {"identification_number": "KG-2026-118"})
    entry = admitted.do(blue, ACCEPTED / "blue.yaml").data["agreement_id"]
    assert "T05" not in {row["row"] for row in rows(admitted, "--within 200")}, "a draft has begun nothing"
    admitted.do(f"{blue} --sign --on 2026-11-25")
    (course,) = (row for row in rows(admitted, "--within 200") if row["row"] == "T05")
    assert (course["state"], course["due_on"], course["entry"]) == ("upcoming", "2027-03-01", entry)
    assert "T05" not in {row["row"] for row in rows(admitted, "--within 200", today="2027-02-28")}, "it is over"


def test_a_planned_discharge_is_due_on_its_day(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"discharge": {"planned_on": "2026-12-01", "social_worker": "s-gulnara"}})
    found = [row for row in rows(admitted, "--within 10") if row["what"] == "discharge"]
    assert [(row["state"], row["due_on"]) for row in found] == [("upcoming", "2026-12-01")]
    assert {row["what"] for row in rows(admitted)} >= {"items-returned", "iom-consulted"}
    mine = rows(admitted, "--mine s-gulnara")
    assert {row["social_worker"] for row in mine} == {"s-gulnara"}


NAMING = {
    "plan": {"on": "2026-11-24", "kind": "assistance", "social_worker": "s-nur"},
    "absence": {"kind": "outing", "planned_at": "2026-11-24T10:00", "escort": "s-nur"},
}


@pytest.mark.parametrize("track", [*NAMING, "item", "discharge"])
def test_whoever_an_entry_names_has_what_is_due_of_her(track: str, admitted: "Desk") -> None:
    admitted.do("staff add s-nur --role social_worker")
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert (rows(admitted, "--mine s-nur"), bool(rows(admitted, other))) == ([], True)
    if track == "item":
        admitted.do(f"admit {admitted.her} --done orientation --by s-nur")
    elif track == "discharge":
        admitted.do(f"admit {admitted.her}", {"discharge": {"planned_on": "2026-12-01", "social_worker": "s-nur"}})
    else:
        admitted.do(f"add {admitted.her} {track}", NAMING[track])
    mine = rows(admitted, "--mine s-nur --within 9")
    assert mine == rows(admitted, f"{admitted.her} --within 9") != []
    if track in ("plan", "discharge"):
        assert {row["social_worker"] for row in mine} == {"s-nur"}


def test_who_is_named_in_no_file_is_told_so_and_not_that_nothing_is_due(admitted: "Desk") -> None:
    admitted.do("staff add s-nur --role social_worker")
    for words in ("due --mine s-nur", f"due {admitted.her} --mine s-nur"):
        told = admitted.do(words)
        assert told.data["rows"] == []
        (said,) = told.data["said"]
        assert said.startswith("No file names s-nur:")
        assert "0" not in said
    assert "s-nur" in admitted.run("due --mine s-nur --lang ru").out


def test_who_was_named_in_an_earlier_stay_has_nothing_of_a_later_one(discharged: "Desk") -> None:
    again = {"referral": {"sources": ["scme"], "received_at": "2026-12-20T10:00+06:00"}}
    discharged.do(f"admit {discharged.her}", again, today="2026-12-20")
    first, second = discharged.do("list --stays", today="2026-12-20").data["rows"]
    mine = rows(discharged, "--mine s-aida --within 300", today="2026-12-20")
    assert {row["stay"] for row in mine} == {first["stay"]}
    assert second["stay"] in {row["stay"] for row in rows(discharged, today="2026-12-20")}


def test_only_what_a_role_sees_to(admitted: "Desk") -> None:
    found = rows(admitted, "--owner psychologist")
    assert [row["what"] for row in found] == ["psychologist"]


def test_of_one_client(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert {row["id"] for row in rows(admitted, other)} == {other}
    assert {row["id"] for row in rows(admitted)} == {other, admitted.her}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("due --owner cook", 2, "usage/role"),
        ("due --mine s-nobody", 2, "usage/staff"),
        ("due --mine Жанара", 2, "usage/code"),
        ("due ZZZZ-9999", 3, "client/unknown"),
        ("due nobody", 2, "usage/id"),
        ("due --format pdf", 2, "usage/format"),
        ("due --within -1", 2, "usage/words"),
    ],
)
def test_what_cannot_be_meant_is_told(desk: "Desk", words: str, code: int, error: str) -> None:
    answer = desk.ask(words) if "--format" not in words else desk.run(words)
    assert answer.code == code
    assert "--format" in words or answer.error == error


def test_a_calendar_has_days_ids_and_clauses_and_nothing_else(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    answer = discharged.run("due --within 400 --format ics")
    lines = answer.out.replace("\r\n", "\n").splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert [line for line in lines if line.startswith("SUMMARY")] == [f"SUMMARY:{discharged.her} A7.D"]
    assert "DTSTART;VALUE=DATE:20270525" in lines
    assert "DTEND;VALUE=DATE:20270526" in lines
    assert max(map(len, lines)) < 75
    known = r"BEGIN|END|VERSION|PRODID|METHOD|UID|DTSTAMP|DTSTART;VALUE=DATE|DTEND;VALUE=DATE|SUMMARY|TRANSP|CLASS| "
    assert all(re.match(rf"({known}):?", line) for line in lines)
    assert discharged.run("due --within 400 --format ics").out.count("\n") == answer.out.count("\n")


def test_a_calendar_names_the_same_row_alike_whenever_it_is_made(discharged: "Desk") -> None:
    one, two = (discharged.run("due --within 400 --format ics", today=day).out for day in ("2026-12-01", "2027-01-15"))
    uid = re.compile(r"^UID:.*$", re.MULTILINE)
    assert uid.findall(one) == uid.findall(two) != []
    assert all(re.fullmatch(r"UID:[0-9a-f]{32}@shelterctl\r?", each) for each in uid.findall(one))


def test_csv_has_every_column_also_without_a_row(desk: "Desk") -> None:
    head = next(csv.reader(io.StringIO(desk.run("due --format csv").out)))
    assert head[:7] == ["id", "state", "what", "due_on", "days_since_due", "clause", "owner"]


def test_nothing_is_due_of_a_file_that_counts_nowhere(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    stay = desk.do(f"show {her}").data["record"]["stays"][0]["id"]
    desk.do(f"void {her} {stay} --reason-code entered_twice")
    assert rows(desk) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_there_is_none_of_is_not_counted(language: str, admitted: "Desk") -> None:
    env = {"SHELTERCTL_LANG": language}
    rows = admitted.do("due --within 30").data["rows"]
    headings = {row["danger"] or row["state"] for row in rows}
    head = admitted.run("due --within 30", env=env).out.splitlines()[0]
    assert not re.search(r"\b0\b", head)
    assert sum(map(int, re.findall(r" (\d+)[,.]", head.partition(":")[2] + " "))) == len(rows)
    assert len(re.findall(r" \d+[,.]", head.partition(":")[2] + " ")) == len(headings)
    none = admitted.run("due --owner data_officer", env=env).out.splitlines()[0]
    assert none == {"en": "On 2026-11-25: nothing is due.", "ru": "На 25.11.2026: сроков нет."}[language]
