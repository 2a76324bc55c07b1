"""What is due, in order, for whom and by whom; who is not back in time stands first."""

import csv
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.act.due import list_due
from shelterctl.core.record.client import Client
from shelterctl.core.rules.obligation import Obligation, order_by_danger
from shelterctl.view.client import ClientPriority
from shelterctl.view.due import DUE_COLUMNS, gather_undated
from tests.support.answering import open_session
from tests.support.clock import house_now
from tests.support.command import one_line
from tests.support.desk import TODAY
from tests.support.inputs import REFERRAL
from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LEAVE, OPEN, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


LEFT = "2027-05-25"
"""Half a year after the example's discharge on 25 November 2026."""


def due_rows(desk: "Desk", words: str = "", **how: Any) -> list[dict[str, Any]]:
    """What is due of clients: without the papers that staff and NGOs owe from their first day on."""
    found: list[dict[str, Any]] = desk.do(f"due {words}", **how).data["rows"]
    return [row for row in found if not row["what"].endswith("-paper")]


def told(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["state"], row["what"]) for row in found]


def test_of_a_referral_the_gate_comes_first_then_whatever_else_is_open(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    found = due_rows(desk)
    gates = [row["gate"] for row in found]
    assert gates == sorted(gates, reverse=True)
    assert {row["state"] for row in found} == {"open"}
    assert {row["id"] for row in found} == {her}
    assert ("open", "medical-examination") in told(found)


def test_seen_from_a_day_before_she_was_heard_of_nothing_is_due(desk: "Desk") -> None:
    news = {"sources": ["scme"], "received_at": "2026-11-20T12:00"}
    desk.do("admit", {"identity": {"sex": "female"}, "referral": news})
    assert due_rows(desk)
    assert due_rows(desk, today="2026-11-19") == []


def test_a_medical_examination_is_open_with_the_days_since_she_came(admitted: "Desk") -> None:
    def examination(**how: Any) -> Any:
        return [row for row in due_rows(admitted, **how) if row["row"] == "T12"]

    (found,) = examination(today="2026-12-02")
    assert (found["what"], found["owner"], found["state"]) == ("health", "medical_adviser", "open")
    assert (found["due_on"], found["days_since_due"]) == ("2026-11-22", 10)
    admitted.written("health")
    assert examination() == []


def test_pocket_money_that_was_not_paid_when_she_left_is_owed_until_it_is_paid_or_closed(discharged: "Desk") -> None:
    def owed() -> list[tuple[str, int]]:
        return [(row["state"], row["gaps"]) for row in due_rows(discharged, today="2026-12-20") if row["row"] == "T11"]

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
    assert "track/too-little" not in told.codes()
    assert owed() == []
    assert "left to pay 0.00" in left()


def test_a_day_before_she_came_does_not_do_an_item_and_is_told_at_once(admitted: "Desk") -> None:
    for day, code in (("2019-01-01", "track/dated"), ("2031-01-01", "track/in-future")):
        answer = admitted.do(f"admit {admitted.her} --done orientation --on {day}")
        assert {code, "admission/orientation"} <= {*answer.codes("open")}
    assert "orientation" in {row["what"] for row in due_rows(admitted)}


def test_monitoring_is_the_same_row_as_monitor_due_has(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    for day in ("2027-05-24", LEFT, "2027-06-01"):
        (due,) = discharged.do("monitor due --within 1", today=day).data["rows"]
        (found,) = (row for row in due_rows(discharged, "--within 1", today=day) if row["what"] == "report")
        assert (found["due_on"], found["days_since_due"]) == (due["due_on"], due["days_since_due"])
        assert found["state"] == ("overdue" if day > LEFT else due["state"])
        assert (found["clause"], found["owner"], found["row"]) == ("A7.D", "social_worker", "T02")
    discharged.do(f"monitor record {discharged.her}", ACCEPTED / "monitoring-report.yaml", today="2027-06-01")
    assert due_rows(discharged, today="2027-06-01") == []


def test_a_course_of_a_signed_agreement_ends(admitted: "Desk") -> None:
    blue = f"agreement {admitted.her} --form blue"
    admitted.do(f"admit {admitted.her}", {"identification_number": "KG-2026-118"})
    entry = admitted.do(blue, ACCEPTED / "blue.yaml").data["agreement_id"]
    assert "T05" not in {row["row"] for row in due_rows(admitted, "--within 200")}, "a draft has begun nothing"
    admitted.do(f"{blue} --sign --on 2026-11-25")
    (course,) = (row for row in due_rows(admitted, "--within 200") if row["row"] == "T05")
    assert (course["state"], course["due_on"], course["entry"]) == ("upcoming", "2027-03-01", entry)
    assert "T05" not in {row["row"] for row in due_rows(admitted, "--within 200", today="2027-02-28")}, "it is over"


def test_a_planned_discharge_is_due_on_its_day(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"discharge": {"planned_on": "2026-12-01", "social_worker": "s-gulnara"}})
    found = [row for row in due_rows(admitted, "--within 10") if row["what"] == "discharge"]
    assert [(row["state"], row["due_on"]) for row in found] == [("upcoming", "2026-12-01")]
    assert {row["what"] for row in due_rows(admitted)} >= {"items-returned", "iom-consulted"}
    mine = due_rows(admitted, "--mine s-gulnara")
    assert {row["social_worker"] for row in mine} == {"s-gulnara"}


NAMING = {
    "plan": {"on": "2026-11-24", "kind": "assistance", "social_worker": "s-nur"},
    "absence": {"kind": "outing", "planned_at": "2026-11-24T10:00", "escort": "s-nur"},
}


@pytest.mark.parametrize("track", [*NAMING, "item", "discharge"])
def test_whoever_an_entry_names_has_what_is_due_of_her(track: str, admitted: "Desk") -> None:
    admitted.do("staff add s-nur --role social_worker")
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert (due_rows(admitted, "--mine s-nur"), bool(due_rows(admitted, other))) == ([], True)
    if track == "item":
        admitted.do(f"admit {admitted.her} --done orientation --by s-nur")
    elif track == "discharge":
        admitted.do(f"admit {admitted.her}", {"discharge": {"planned_on": "2026-12-01", "social_worker": "s-nur"}})
    else:
        admitted.do(f"add {admitted.her} {track}", NAMING[track])
    mine = due_rows(admitted, "--mine s-nur --within 9")
    assert mine == due_rows(admitted, f"{admitted.her} --within 9") != []
    if track in ("plan", "discharge"):
        assert {row["social_worker"] for row in mine} == {"s-nur"}


def test_who_is_named_in_no_file_is_told_so_and_not_that_nothing_is_due(admitted: "Desk") -> None:
    admitted.do("staff add s-nur --role data_officer")  # of others it says which papers are missing
    for words in ("due --mine s-nur", f"due {admitted.her} --mine s-nur"):
        told = admitted.do(words)
        assert told.data["rows"] == []
        (said,) = told.data["said"]
        assert said.startswith("No open entry of any file names s-nur.")
        assert "0" not in said
    assert "s-nur" in admitted.run("due --mine s-nur --lang ru").out


def test_who_was_named_in_an_earlier_stay_has_nothing_of_a_later_one(discharged: "Desk") -> None:
    again = {"referral": {"sources": ["scme"], "received_at": "2026-12-20T10:00+06:00"}}
    discharged.do(f"admit {discharged.her}", again, today="2026-12-20")
    first, second = discharged.do("list --stays", today="2026-12-20").data["rows"]
    mine = due_rows(discharged, "--mine s-aida --within 300", today="2026-12-20")
    assert {row["stay"] for row in mine} == {first["stay"]}
    assert second["stay"] in {row["stay"] for row in due_rows(discharged, today="2026-12-20")}


def test_only_what_a_role_sees_to(admitted: "Desk") -> None:
    found = due_rows(admitted, "--owner psychologist")
    assert [row["what"] for row in found] == ["examination", "psychologist"]


def test_of_one_client(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert {row["id"] for row in due_rows(admitted, other)} == {other}
    assert {row["id"] for row in due_rows(admitted)} == {other, admitted.her}


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
    assert [line for line in lines if line.startswith(f"SUMMARY:{discharged.her}")] == [
        f"SUMMARY:{discharged.her} R5.4.10", f"SUMMARY:{discharged.her} A7.D",
    ]  # fmt: skip
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


def test_each_row_of_a_calendar_has_a_uid_of_its_own(discharged: "Desk") -> None:
    written = discharged.run("due --within 400 --format ics").out
    uids = re.findall(r"^UID:(.*)$", written, re.MULTILINE)
    assert written.count("SUMMARY:manager M2.1.7") > 1  # several papers of one register
    assert len(uids) == len(set(uids))


def test_csv_has_every_column_also_without_a_row(desk: "Desk") -> None:
    head = next(csv.reader(io.StringIO(desk.run("due --format csv").out)))
    assert head[:7] == ["id", "state", "what", "due_on", "days_since_due", "clause", "owner"]


def test_a_table_has_what_a_person_reads_and_programs_have_every_column(admitted: "Desk") -> None:
    table = next(line for line in admitted.run("due").out.splitlines() if line.startswith("id "))
    assert re.split(r" {2,}", table) == ["id", "state", "what", "due on", "when", "clause", "owner", "due at", "danger"]
    assert admitted.run("due --format csv").out.splitlines()[0].split(",") == [*DUE_COLUMNS]
    assert {*admitted.do("due").data["rows"][0]} == {*DUE_COLUMNS}


def test_nothing_is_due_of_a_file_that_counts_nowhere(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    stay = desk.do(f"show {her}").data["record"]["stays"][0]["id"]
    desk.do(f"void {her} {stay} --reason-code entered_twice")
    assert due_rows(desk) == []


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


OUT = {
    "kind": "outing", "left_at": "2026-11-25T14:00", "expected_back_at": "2026-11-25T21:00", "permitted_by": "manager",
    "purpose": "рынок",
}  # fmt: skip
LONG = {
    "first_name": "Айгуль-Нурсултанбековна-Абдыкадыроваааааа",
    "last_name": "Токтогулова-Сатыбалдиева-Джумабаевааааааа",
}
"""Names of forty letters with two hyphens."""

EXPECTED = {"en": "Coming back: expected at {at}, {time} late", "ru": "Возвращение: ждали к {at}, опоздание {time}"}
EVENING = {"en": "2 h 59 min", "ru": "2 ч 59 мин"}
"""From 21:00 to the last minute of the day, as which another day is taken."""
NEXT = {"en": ("2026-11-25 21:00", "1 d 2 h 59 min"), "ru": ("25.11.2026 21:00", "1 дн. 2 ч 59 мин")}
FIRST_HEAD = {"en": "NOT BACK IN TIME", "ru": "НЕ ВЕРНУЛИСЬ ВОВРЕМЯ"}


def said(language: str, at: str, time: str) -> str:
    return EXPECTED[language].format(at=at, time=time)


def due_rows_on(desk: "Desk", day: str, words: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(f"due {words}", today=day).data["rows"]
    return found


@pytest.fixture
def late(admitted: "Desk") -> "Desk":
    """A house in which one woman is out since 14:00 and was expected at 21:00; she has a long name."""
    admitted.do(f"admit {admitted.her}", {"identity": LONG})
    admitted.do(f"add {admitted.her} absence", OUT)
    return admitted


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_begins_with_who_is_late_and_cuts_neither_name_nor_hour(late: "Desk", language: str) -> None:
    gate = late.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    for day, told in ((TODAY, ("21:00", EVENING[language])), ("2026-11-26", NEXT[language])):
        at = Terminal(late, language, today=None, env={"SHELTERCTL_IDLE": "10"})
        seen = at.run(f"menu --as-of {day}", [OPEN, "1", "", LEAVE])
        assert max(map(len, seen.text.splitlines())) < 80
        screens = re.split(r"\n\( [^)]+ \)\n", seen.text)
        first, whose, file = screens[1:4]
        begins = first.splitlines()[1]
        assert begins.startswith(f"! {late.her}"), first
        for screen in (first, whose, file):
            assert said(language, *told) in one_line(screen)
            assert LONG["first_name"] in one_line(screen)
        assert one_line(first).index(late.her) < one_line(first).index(gate)
        assert "…" not in first + whose + file


def test_a_full_first_screen_keeps_who_is_late_and_is_no_longer_than_the_terminal(late: "Desk") -> None:
    for _ in range(7):
        late.do("admit --new-person", {"identity": {"sex": "female", **LONG}, "referral": {"sources": ["scme"]}})
    seen = Terminal(late, "ru", today=None, env={"SHELTERCTL_IDLE": "10"}).run(f"menu --as-of {TODAY}", [LEAVE])
    first = re.split(r"\n\( [^)]+ \)\n", seen.text)[1]
    page = first.partition("\n> ")[0].splitlines()
    assert len(page) < 24
    assert page[1].startswith(f"! {late.her}  {LONG['first_name']}")
    assert said("ru", "21:00", EVENING["ru"]) in one_line(first)
    assert "и ещё" in one_line(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_due_and_the_card_say_the_hour_first(late: "Desk", language: str) -> None:
    at = Terminal(late, language, today="2026-11-26")
    due = at.run("due", ["", "", ""]).text
    heads = [line for line in due.splitlines() if line.isupper() and line.strip()]
    assert heads[0] == FIRST_HEAD[language]
    when, time = NEXT[language]
    assert said(language, when, time) in one_line(due)
    card = at.run(f"show {late.her}", [""]).text
    assert when in card
    assert time in card
    house = at.run("house", [""]).text
    since = {"en": "2026-11-25T14:00+06:00", "ru": "25.11.2026 14:00"}[language]
    assert since in house, "the hour since when she is out is not cut"


def test_rows_for_programs_keep_their_keys_and_say_the_hour_and_the_minutes(late: "Desk") -> None:
    row = due_rows_on(late, TODAY)[0]
    assert {name: row[name] for name in ("id", "state", "what", "due_on", "days_since_due", "clause", "owner")} == {
        "id": late.her, "state": "overdue", "what": "absence", "due_on": TODAY, "days_since_due": 0, "clause": "A2.7",
        "owner": "security",
    }  # fmt: skip
    assert (row["due_at"], row["minutes_since_due"], row["danger"]) == (f"{TODAY}T21:00+06:00", 179, "late")
    lines = late.run("due --format csv", today=TODAY).out.splitlines()
    assert lines[0].endswith(",gate,due_at,minutes_since_due,danger,owner_codes,text")
    assert f",{TODAY}T21:00+06:00,179,late,," in lines[1]


def test_danger_stands_before_money_and_who_is_back_is_late_no_more(late: "Desk") -> None:
    late.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}})
    dangers = [row["danger"] for row in due_rows_on(late, "2026-11-26")]
    ranks = [("late", "at_once", "gate", "health", None).index(danger) for danger in dangers]
    assert ranks == sorted(ranks)
    assert {"late", "gate", "health", None} == {*dangers}
    money = next(row for row in due_rows_on(late, "2026-11-26") if row["what"] == "pocket-money")
    assert money["danger"] is None
    entry = late.record()["stays"][0]["absences"][0]["id"]
    back = {"back_at": "2026-11-25T22:30", "entry_permitted_by": "manager"}
    late.do(f"add {late.her} absence {entry}", back, today="2026-11-26")
    assert "late" not in {row["danger"] for row in due_rows_on(late, "2026-11-26")}


def test_the_first_screen_orders_by_danger_then_by_age_then_by_arrival() -> None:
    def one(
        id_: str, *owed: tuple[str | None, int], arrived: str = "2026-11-20", admitted: bool = True
    ) -> ClientPriority:
        stay = {"received": {"at": f"{arrived}T10:00+06:00"}}
        her = Client({"id": id_, "stays": [{**stay, **({"admission": {"admitted_on": arrived}} if admitted else {})}]})
        rows = [Obligation(id_, None, "overdue", "x", {}, None, days, "Z1", danger=danger) for danger, days in owed]
        return ClientPriority(her, sorted(rows, key=order_by_danger))

    rows = [
        one("money-90", (None, 90)), one("money-2", (None, 2), ("health", 0)), one("nothing", arrived="2026-11-02"),
        one("gate-later", ("gate", 4), (None, 300), admitted=False), one("gate", ("gate", 9), admitted=False),
        one("nothing-later"), one("health", ("health", 5), (None, 1)), one("threat", ("at_once", 1)),
        one("late", ("late", 0), (None, 1)), one("late-longer", ("late", 1), ("gate", 9), admitted=False),
    ]  # fmt: skip
    assert [row.client.id for row in sorted(rows, key=lambda row: row.urgency)] == [
        "late-longer", "late", "threat", "gate", "gate-later", "health", "money-2", "money-90", "nothing",
        "nothing-later",
    ]  # fmt: skip


def test_who_is_late_is_told_before_answers_that_wait(late: "Desk") -> None:
    session = open_session(late)
    stored, _ = session.store.client(late.her)
    her = Client({**stored.facts, "unfinished": {"blue": {}}})
    assert ClientPriority(her, list_due(session, her)).first_thing(session).startswith("Coming back: expected at ")
    assert not ClientPriority(her, []).first_thing(session).startswith("Coming back: expected at ")


def test_an_outing_that_was_struck_through_or_only_asked_for_makes_nobody_late(admitted: "Desk") -> None:
    asked = {"kind": "outing", "planned_at": "2026-11-25T14:00", "expected_back_at": "2026-11-25T21:00"}
    admitted.do(f"add {admitted.her} absence", {**asked, "purpose": "рынок"})
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    assert [row["entry"] for row in due_rows_on(admitted, TODAY) if row["danger"] == "late"] == [entry]
    admitted.do(f"void {admitted.her} {entry} --reason-code entered_twice")
    assert "late" not in {row["danger"] for row in due_rows_on(admitted, TODAY)}


def test_on_the_real_day_the_real_clock_says_for_how_long(admitted: "Desk") -> None:
    now = house_now()
    expected = now - timedelta(minutes=130)
    hours = {"left_at": expected - timedelta(hours=1), "expected_back_at": expected}
    times = {name: hour.isoformat(timespec="minutes") for name, hour in hours.items()}
    admitted.do(f"add {admitted.her} absence", {**OUT, **times}, today=str(now.date()))
    (row,) = (row for row in admitted.ask("due", today=None).data["rows"] if row["danger"] == "late")
    assert 129 <= row["minutes_since_due"] <= 135


def test_monitoring_stands_before_unpaid_days_and_whoever_left_has_no_gate(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-12-02 --own-decision", today="2026-12-02")
    found = due_rows_on(admitted, "2027-06-20")
    dangers = [row["danger"] for row in found]
    assert "gate" not in dangers
    assert "pocket-money" in [row["what"] for row in found]
    assert found[dangers.index("aftercare")]["what"] == "report"
    assert dangers.index("aftercare") < [row["what"] for row in found].index("pocket-money")
    assert "aftercare" not in {row["danger"] for row in due_rows_on(admitted, "2027-05-20", "--within 60")}, (
        "not due yet"
    )


def test_answers_that_wait_do_not_hide_what_her_health_is_owed(admitted: "Desk") -> None:
    day = "2026-12-20"
    assert "health" in {row["danger"] for row in due_rows_on(admitted, day)}
    at = Terminal(admitted, "en", today=None, env={"SHELTERCTL_IDLE": "10"})
    at.run(f"add {admitted.her} clothing --as-of {day}", ["20.12", "", ".", ""])
    assert "unfinished" in admitted.record()
    seen = at.run(f"menu --as-of {day}", [LEAVE])
    first = one_line(re.split(r"\n\( [^)]+ \)\n", seen.text)[1])
    assert 0 < first.index("medical examination") < first.index("answers not finished")


def test_what_a_discharge_lacks_is_not_counted_as_missing_before_an_admission() -> None:
    text = {"en": "Agreed with IOM", "ru": "Согласовано с МОМ"}
    two = [Obligation("A", None, "open", what, text, None, 3, "M2.1.4", gate=True) for what in ("iom", "review")]
    (after,) = gather_undated(two)
    assert after.text["en"] == "on her list: 2"
    (before,) = gather_undated([one._replace(danger="gate") for one in two])
    assert before.text["en"] == "before her admission: 2"
