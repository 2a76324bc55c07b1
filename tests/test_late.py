"""Who is not back in time stands first wherever something is due, with her hour and for how long; nothing is cut."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from conftest import TODAY
from revised import LANGUAGES
from seated import sit
from terminal import LEAVE, OPEN, At

from shelterctl.act.due import list_due
from shelterctl.core.record.client import Client
from shelterctl.core.rules.deadlines import Obligation, order_by_danger
from shelterctl.view.client import ClientPriority
from shelterctl.view.due import gather_undated

if TYPE_CHECKING:
    from conftest import Desk


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


def joined(text: str) -> str:
    """Every line in one, as a sentence goes on in the next line."""
    return " ".join(text.split())


def rows(desk: "Desk", day: str, words: str = "") -> list[dict[str, Any]]:
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
        at = At(late, language, today=None, env={"SHELTERCTL_IDLE": "10"})
        seen = at.run(f"menu --as-of {day}", [OPEN, "1", "", LEAVE])
        assert max(map(len, seen.text.splitlines())) < 80
        screens = re.split(r"\n\( [^)]+ \)\n", seen.text)
        first, whose, file = screens[1:4]
        begins = first.splitlines()[1]
        assert begins.startswith(f"! {late.her}"), first
        for screen in (first, whose, file):
            assert said(language, *told) in joined(screen)
            assert LONG["first_name"] in joined(screen)
        assert joined(first).index(late.her) < joined(first).index(gate)
        assert "…" not in first + whose + file


def test_a_full_first_screen_keeps_who_is_late_and_is_no_longer_than_the_terminal(late: "Desk") -> None:
    for _ in range(7):
        late.do("admit --new-person", {"identity": {"sex": "female", **LONG}, "referral": {"sources": ["scme"]}})
    seen = At(late, "ru", today=None, env={"SHELTERCTL_IDLE": "10"}).run(f"menu --as-of {TODAY}", [LEAVE])
    first = re.split(r"\n\( [^)]+ \)\n", seen.text)[1]
    page = first.partition("\n> ")[0].splitlines()
    assert len(page) < 24
    assert page[1].startswith(f"! {late.her}  {LONG['first_name']}")
    assert said("ru", "21:00", EVENING["ru"]) in joined(first)
    assert "и ещё" in joined(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_due_and_the_card_say_the_hour_first(late: "Desk", language: str) -> None:
    at = At(late, language, today="2026-11-26")
    due = at.run("due", ["", "", ""]).text
    heads = [line for line in due.splitlines() if line.isupper() and line.strip()]
    assert heads[0] == FIRST_HEAD[language]
    when, time = NEXT[language]
    assert said(language, when, time) in joined(due)
    card = at.run(f"show {late.her}", [""]).text
    assert when in card
    assert time in card
    house = at.run("house", [""]).text
    since = {"en": "2026-11-25T14:00+06:00", "ru": "25.11.2026 14:00"}[language]
    assert since in house, "the hour since when she is out is not cut"


def test_rows_for_programs_keep_their_keys_and_say_the_hour_and_the_minutes(late: "Desk") -> None:
    row = rows(late, TODAY)[0]
    assert {name: row[name] for name in ("id", "state", "what", "due_on", "days_since_due", "clause", "owner")} == {
        "id": late.her, "state": "overdue", "what": "absence", "due_on": TODAY, "days_since_due": 0, "clause": "A2.7",
        "owner": "security",
    }  # fmt: skip
    assert (row["due_at"], row["minutes_since_due"], row["danger"]) == (f"{TODAY}T21:00+06:00", 179, "late")
    lines = late.run("due --format csv", today=TODAY).out.splitlines()
    assert lines[0].endswith(",gate,due_at,minutes_since_due,danger")
    assert lines[1].endswith(f",{TODAY}T21:00+06:00,179,late")


def test_danger_stands_before_money_and_who_is_back_is_late_no_more(late: "Desk") -> None:
    late.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}})
    dangers = [row["danger"] for row in rows(late, "2026-11-26")]
    ranks = [("late", "at_once", "gate", "health", None).index(danger) for danger in dangers]
    assert ranks == sorted(ranks)
    assert {"late", "gate", "health", None} == {*dangers}
    money = next(row for row in rows(late, "2026-11-26") if row["what"] == "pocket-money")
    assert money["danger"] is None
    entry = late.record()["stays"][0]["absences"][0]["id"]
    back = {"back_at": "2026-11-25T22:30", "entry_permitted_by": "manager"}
    late.do(f"add {late.her} absence {entry}", back, today="2026-11-26")
    assert "late" not in {row["danger"] for row in rows(late, "2026-11-26")}


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
    session = sit(late)
    stored, _ = session.store.client(late.her)
    her = Client({**stored.facts, "unfinished": {"blue": {}}})
    assert ClientPriority(her, list_due(session, [her])).first_thing(session).startswith("Coming back: expected at ")
    assert not ClientPriority(her, []).first_thing(session).startswith("Coming back: expected at ")


def test_an_outing_that_was_struck_through_or_only_asked_for_makes_nobody_late(admitted: "Desk") -> None:
    asked = {"kind": "outing", "planned_at": "2026-11-25T14:00", "expected_back_at": "2026-11-25T21:00"}
    admitted.do(f"add {admitted.her} absence", {**asked, "purpose": "рынок"})
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    assert [row["entry"] for row in rows(admitted, TODAY) if row["danger"] == "late"] == [entry]
    admitted.do(f"void {admitted.her} {entry} --reason-code entered_twice")
    assert "late" not in {row["danger"] for row in rows(admitted, TODAY)}


def test_on_the_real_day_the_real_clock_says_for_how_long(admitted: "Desk") -> None:
    now = datetime.now(UTC).astimezone(timezone(timedelta(hours=6)))
    expected = now - timedelta(minutes=130)
    hours = {"left_at": expected - timedelta(hours=1), "expected_back_at": expected}
    times = {name: hour.isoformat(timespec="minutes") for name, hour in hours.items()}
    admitted.do(f"add {admitted.her} absence", {**OUT, **times}, today=str(now.date()))
    (row,) = (row for row in admitted.ask("due", today=None).data["rows"] if row["danger"] == "late")
    assert 129 <= row["minutes_since_due"] <= 135


def test_monitoring_stands_before_unpaid_days_and_whoever_left_has_no_gate(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-12-02 --own-decision", today="2026-12-02")
    found = rows(admitted, "2027-06-20")
    dangers = [row["danger"] for row in found]
    assert "gate" not in dangers
    assert "pocket-money" in [row["what"] for row in found]
    assert found[dangers.index("aftercare")]["what"] == "report"
    assert dangers.index("aftercare") < [row["what"] for row in found].index("pocket-money")
    assert "aftercare" not in {row["danger"] for row in rows(admitted, "2027-05-20", "--within 60")}, "not due yet"


def test_answers_that_wait_do_not_hide_what_her_health_is_owed(admitted: "Desk") -> None:
    day = "2026-12-20"
    assert "health" in {row["danger"] for row in rows(admitted, day)}
    at = At(admitted, "en", today=None, env={"SHELTERCTL_IDLE": "10"})
    at.run(f"add {admitted.her} clothing --as-of {day}", ["20.12", "", ".", ""])
    assert "unfinished" in admitted.record()
    seen = at.run(f"menu --as-of {day}", [LEAVE])
    first = joined(re.split(r"\n\( [^)]+ \)\n", seen.text)[1])
    assert 0 < first.index("medical examination") < first.index("answers wait")


def test_what_a_discharge_lacks_is_not_counted_as_missing_before_an_admission() -> None:
    text = {"en": "Agreed with IOM", "ru": "Согласовано с МОМ"}
    two = [Obligation("A", None, "open", what, text, None, 3, "M2.1.4", gate=True) for what in ("iom", "review")]
    (after,) = gather_undated(two)
    assert after.text["en"] == "on her list: 2"
    (before,) = gather_undated([one._replace(danger="gate") for one in two])
    assert before.text["en"] == "before her admission: 2"
