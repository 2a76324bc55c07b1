"""After the shelter: discharge, reports, attempts, dates set by hand, a report that is signed later, and the end."""

from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.act.change import save_client_file
from shelterctl.act.monitor import merge_monitoring
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.prompts.monitor import REPORT_GO_ON, REPORT_SAVE, REPORT_WRITE_ANOTHER
from shelterctl.prompts.sign import SIGN_RECORD
from tests.cli.test_agreement import signed_as
from tests.support.answering import open_session
from tests.support.inputs import REFERRAL
from tests.support.paths import ACCEPTED
from tests.support.terminal import Terminal, seen_text

if TYPE_CHECKING:
    from tests.support.desk import Desk


REPORT = ACCEPTED / "monitoring-report.yaml"
LATER = "2027-06-01"


def row(desk: "Desk", words: str = "", **how: Any) -> dict[str, Any] | None:
    """Her row in what is due, if she has one."""
    rows = desk.do(f"monitor due {words}", **how).data["rows"]
    return next((row for row in rows if row["id"] == desk.her), None)


def test_a_discharge_needs_iom_unless_she_decides_herself(admitted: "Desk") -> None:
    without = admitted.refused(f"discharge {admitted.her} --on 2026-11-24")
    assert without.refusals == ["discharge/iom-consulted"]
    assert without.codes("open") == [
        "discharge/planned-date",
        "discharge/social-worker",
        "discharge/items-returned",
        "discharge/handover",
        "discharge/release-provisions",
        "discharge/interim-review",
    ]
    before = admitted.digest()
    admitted.do(f"discharge {admitted.her} --on 2026-11-24 --own-decision --check")
    assert admitted.digest() == before
    own = admitted.do(f"discharge {admitted.her} --on 2026-11-24 --own-decision")
    assert own.data["state"] == "left_by_own_decision"


def test_she_leaves_after_she_came_and_not_in_the_future(admitted: "Desk", desk: "Desk") -> None:
    words, given = f"discharge {admitted.her} --on", ACCEPTED / "discharge.yaml"
    early = admitted.refused(f"{words} 2026-11-21", given).refusals
    assert early == ["discharge/before-arrival", "discharge/dated-after"]
    assert admitted.refused(f"{words} 2026-11-26", given).refusals == ["discharge/in-future"]
    her = desk.do("admit", REFERRAL).data["id"]
    assert desk.refused(f"discharge {her} --on 2026-11-25 --own-decision").refusals == ["discharge/not-in-house"]


@pytest.mark.parametrize("words", ["--on 2026-11-24", "--own-decision", "--on 2026-11-25 --own-decision"])
def test_who_has_left_is_not_discharged_once_more_and_undo_takes_the_first_back(discharged: "Desk", words: str) -> None:
    before = discharged.digest()
    again = discharged.refused(f"discharge {discharged.her} {words}")
    assert again.refusals == ["discharge/left-already"]
    assert f"discharge {discharged.her} --undo" in again.page["findings"][0]["message"]
    assert discharged.digest() == before
    assert discharged.do(f"discharge {discharged.her} --undo").data["discharged_on"] is None
    (was,) = discharged.record()["stays"][0]["was"]
    assert was["before"]["discharge"]["on"] == "2026-11-25"
    assert discharged.refused(f"discharge {discharged.her} --undo").error == "discharge/nothing"
    assert discharged.do("list").data["rows"][0]["state"] == "discharge_planned"


def test_her_discharge_given_once_more_changes_nothing_and_what_it_lacks_is_added(discharged: "Desk") -> None:
    before = discharged.digest()
    discharged.do(f"discharge {discharged.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    assert discharged.digest() == before
    discharged.do(f"discharge {discharged.her} --from -", {"discharge": {"at": "2026-11-25T10:00+06:00"}})
    stay = discharged.record()["stays"][0]
    assert (stay["discharge"]["on"], stay["discharge"]["at"]) == ("2026-11-25", "2026-11-25T10:00+06:00")
    assert "was" not in stay


def test_a_report_holds_the_discharge_fast_until_it_is_void(discharged: "Desk") -> None:
    discharged.do(f"monitor record {discharged.her}", REPORT, today=LATER)
    again = discharged.refused(f"discharge {discharged.her} --on 2026-11-24", today=LATER)
    assert again.refusals == ["discharge/reported"]
    assert discharged.refused(f"discharge {discharged.her} --undo", today=LATER).refusals == ["discharge/reported"]
    report = discharged.record()["stays"][0]["monitoring"]["reports"][0]["id"]
    discharged.do(f"void {discharged.her} {report} --reason-code wrong_client")
    discharged.do(f"discharge {discharged.her} --undo", today=LATER)


def test_who_leaves_on_31_august_is_due_on_28_february(admitted: "Desk") -> None:
    left = admitted.do(f"discharge {admitted.her} --on 2027-08-31 --own-decision", today="2027-08-31")
    assert left.data["monitoring_due_on"] == "2028-02-29"
    admitted.do(f"discharge {admitted.her} --undo", today="2028-08-31")
    left = admitted.do(f"discharge {admitted.her} --on 2028-08-31 --own-decision", today="2028-08-31")
    assert left.data["monitoring_due_on"] == "2029-02-28"
    assert row(admitted, today="2029-02-27") is None
    upcoming, due = row(admitted, "--within 1", today="2029-02-27"), row(admitted, today="2029-03-01")
    assert upcoming
    assert due
    assert (upcoming["state"], upcoming["days_since_due"]) == ("upcoming", -1)
    assert (due["state"], due["days_since_due"], due["discharged_on"]) == ("due", 1, "2028-08-31")


def test_a_complete_report_answers_the_duty(discharged: "Desk") -> None:
    assert row(discharged, today=LATER)
    recorded = discharged.do(f"monitor record {discharged.her}", REPORT, today=LATER)
    assert recorded.data["monitored"] is True
    assert recorded.codes("open") == ["monitoring/general-data"]
    assert row(discharged, today=LATER) is None
    before = discharged.digest()
    discharged.do(f"monitor record {discharged.her}", REPORT, today=LATER)
    assert discharged.digest() == before
    assert discharged.do("list", today=LATER).data["rows"][0]["state"] == "monitored"


def test_a_report_that_is_not_enough_is_kept_and_leaves_the_duty_open(discharged: "Desk") -> None:
    early = {"social_worker": "s-aida", "date": "2027-01-10", "employed": True, "job_paid": "not_paid", "threats": True}
    kept = discharged.do(f"monitor record {discharged.her}", early, today=LATER)
    assert kept.data["monitored"] is False
    lacking = {"monitoring/social-worker", "monitoring/unsigned", "monitoring/interim", "monitoring/unanswered"}
    assert lacking < set(kept.codes("open"))
    due = discharged.do("monitor due", today=LATER)
    assert due.codes("open") == ["monitoring/alarm", "monitoring/alarm"]
    assert due.finding("monitoring/alarm")["record"] == discharged.her
    assert [one["id"] for one in due.data["rows"]] == [discharged.her]


def test_a_threat_in_a_report_is_first_of_all_that_is_due_until_her_monitoring_is_closed(discharged: "Desk") -> None:
    told = {"social_worker": "s-gulnara", "date": "2027-01-10", "threats": True}
    discharged.do(f"monitor record {discharged.her}", told, today=LATER)
    first, *rest = discharged.do("due", today=LATER).data["rows"]
    assert (first["row"], first["what"], first["owner"], first["clause"]) == ("T18", "report", "manager", "A7.Q6")
    assert (first["state"], first["due_on"]) == ("open", "2027-01-10")
    assert "T02" in {row["row"] for row in rest}
    lines = discharged.run("due --lang ru", today=LATER).out.splitlines()
    at = next(number for number, line in enumerate(lines) if "из её отчёта видно, что вербовщики" in line)
    assert at < next(number for number, line in enumerate(lines) if "Мониторинг реинтеграции" in line)
    text = discharged.run("monitor due", today=LATER).out
    assert text.index("Speak to the manager and IOM at once (A7.Q6).") < text.index("2027-05-25")
    assert "T18" not in {row["row"] for row in discharged.do("due", today="2027-01-09").data["rows"]}
    reason = {"reason": "она так просила"}
    discharged.do("staff add s-boss --role manager")
    discharged.do(f"monitor close {discharged.her}", {**reason, "by": "s-boss"}, today=LATER)
    assert "T18" not in {row["row"] for row in discharged.do("due", today=LATER).data["rows"]}
    assert "monitoring/alarm" not in discharged.do("monitor due", today=LATER).codes()


def test_only_the_manager_ends_the_duty_without_a_report(discharged: "Desk") -> None:
    told = discharged.do(f"monitor close {discharged.her}", {"reason": "не хочет", "by": "s-gulnara"}, today=LATER)
    found = told.finding("track/by")
    assert (found["clause"], found["severity"], found["facts"]["reading"]) == ("A7.D", "open", "X106")
    assert "track/by" in discharged.do(f"check {discharged.her}", today=LATER).codes("open")


def test_monitoring_begins_after_discharge(admitted: "Desk") -> None:
    assert admitted.refused(f"monitor record {admitted.her}", REPORT, today=LATER).refusals == [
        "monitoring/not-discharged"
    ]
    assert admitted.refused(f"monitor attempt {admitted.her}").refusals == ["monitoring/not-discharged"]


def test_an_attempt_is_noted_and_does_not_close(discharged: "Desk") -> None:
    words = f"monitor attempt {discharged.her} --on 2027-05-30 --how phone --outcome not_reached"
    discharged.do(words, today=LATER)
    before = discharged.digest()
    discharged.do(words, today=LATER)
    assert discharged.digest() == before
    assert row(discharged, today=LATER)
    (noted,) = discharged.record()["stays"][0]["monitoring"]["attempts"]
    assert (noted["by"], noted["how"], noted["outcome"]) == ("manager", "phone", "not_reached")


def test_an_option_that_is_empty_or_says_something_else_than_the_file_is_told(discharged: "Desk") -> None:
    for what, given, option in (
        ("attempt", {"how": "visit"}, "--how phone"),
        ("attempt", {"outcome": "reached"}, "--outcome moved"),
        ("attempt", {"on": "2026-12-02"}, "--on 2026-12-03"),
        ("close", {"on": "2026-12-02", "reason": "Invented."}, "--on 2026-12-03"),
    ):
        told = discharged.refused(f"monitor {what} {discharged.her} {option}", given, today=LATER)
        assert (told.code, told.error) == (2, "usage/differs")
        assert told.page["error"]["message"].startswith(f"{option.split()[0]} and the --from file")
    for option in ("--how", "--outcome", "--on", "--staff", "--store", "--from"):
        told = discharged.refused(f"monitor attempt {discharged.her} {option} ''", today=LATER)
        assert (told.code, told.error) == (2, "usage/words")
        assert told.page["error"]["message"].startswith(f"{option} needs a value")
    noted = {"how": "phone", "on": "2026-12-02"}
    made, again = (
        discharged.do(f"monitor attempt {discharged.her} --how phone", noted, today=LATER).data["entry"] for _ in "12"
    )
    assert made == again == discharged.record()["stays"][0]["monitoring"]["attempts"][0]["id"]
    discharged.do(f"void {discharged.her} {made} --reason-code entered_twice")


def test_an_attempt_takes_codes_and_other_its_words_from_a_file_alone(discharged: "Desk") -> None:
    session = f"monitor attempt {discharged.her}"
    for words in ("--how pigeon", "--outcome maybe", "--how 'Her sister'"):
        told = discharged.refused(f"{session} {words}", today=LATER)
        assert (told.code, told.error) == (2, "usage/attempt")
        assert not any(word in told.out for word in ("pigeon", "maybe", "sister"))
    assert "no_contact_wished (she wishes no contact)" in discharged.run(f"{session} --outcome maybe").err
    assert discharged.refused(session, {"how": "pigeon"}, today=LATER).refusals == ["shape/code"]
    wordless = discharged.refused(f"{session} --how other", {"outcome": "other", "how_other": "x"}, today=LATER)
    assert wordless.refusals == ["monitoring/other-words"]
    assert wordless.finding("monitoring/other-words")["where"] == "/outcome_other"
    needless = discharged.refused(f"{session} --how phone", {"how_other": "Invented words."}, today=LATER)
    assert (needless.refusals, needless.finding("monitoring/other-words")["where"]) == (wordless.refusals, "/how_other")
    assert needless.finding("monitoring/other-words")["record"] == discharged.her
    discharged.do(f"{session} --how other", {"how_other": "Invented words.", "outcome": "moved"}, today=LATER)
    (noted,) = discharged.record()["stays"][0]["monitoring"]["attempts"]
    assert (noted["how_other"], noted["outcome"]) == ("Invented words.", "moved")
    merged = {"monitoring": {"attempts": [{"on": "2026-11-25", "how": "pigeon"}]}}
    assert discharged.refused(f"admit {discharged.her}", merged).refusals == ["shape/code"]


def test_words_of_before_in_an_attempt_are_read_and_shown_and_refused_nowhere(discharged: "Desk") -> None:
    session = open_session(discharged, LATER)
    her, held = session.store.client(discharged.her)
    words = {"on": "2027-05-30", "by": "manager", "how": "by telephone", "outcome": "nobody answered"}
    record, _ = merge_monitoring(session, held, her.stay, {"attempts": [words]})
    save_client_file(session, record, held.version, "monitor")
    assert not discharged.ask(f"check {discharged.her}", today=LATER).refusals
    assert "by telephone" in discharged.run(f"show {discharged.her} --all --names").out
    discharged.do(f"admit {discharged.her}", {"notes": "Invented."})
    (kept,) = discharged.record()["stays"][0]["monitoring"]["attempts"]
    assert (kept["how"], kept["outcome"]) == (words["how"], words["outcome"])


def test_a_day_is_set_by_hand_only_for_a_client_without_a_stay(discharged: "Desk") -> None:
    told = discharged.refused(f"monitor schedule {discharged.her} --on 2027-03-01", today=LATER)
    assert (told.code, told.refusals) == (1, ["monitoring/has-stay"])
    assert told.finding("monitoring/has-stay")["facts"]["due"] == "2027-05-25"
    discharged.do(f"admit {discharged.her}", {"monitoring": {"scheduled": {"on": "2027-03-01"}}})
    assert "monitoring/has-stay" in discharged.do(f"check {discharged.her}", today=LATER).codes("open")


def test_closing_needs_a_reason(discharged: "Desk") -> None:
    words = f"monitor close {discharged.her} --on 2027-06-01"
    assert discharged.refused(words, today=LATER).refusals == ["monitoring/no-reason"]
    discharged.do(words, {"reason": "She asked not to be contacted."}, today=LATER)
    assert row(discharged, today=LATER) is None


def test_a_client_without_a_stay_is_unscheduled_until_a_day_is_set(desk: "Desk") -> None:
    desk.her = desk.do("admit --without-stay", {"identity": {"sex": "female"}, "notes": "invented"}).data["id"]
    unscheduled = row(desk)
    assert unscheduled
    assert (unscheduled["state"], unscheduled["stay"], unscheduled["due_on"]) == ("unscheduled", None, None)
    desk.do(f"monitor schedule {desk.her} --on 2027-02-01")
    assert row(desk) is None
    scheduled = row(desk, today="2027-02-03")
    assert scheduled
    assert (scheduled["state"], scheduled["days_since_due"]) == ("due", 2)
    assert desk.do(f"monitor record {desk.her}", REPORT, today=LATER).data["monitored"] is True
    assert row(desk, today=LATER) is None


@pytest.mark.parametrize(("format_", "first"), [("csv", "id,stay,"), ("ndjson", '{"id": "')])
def test_what_is_due_is_a_list(format_: str, first: str, discharged: "Desk") -> None:
    told = discharged.run(f"monitor due --format {format_}", today=LATER)
    assert told.out.startswith(first)
    assert discharged.her in told.out


def test_monitoring_is_not_closed_before_she_left(discharged: "Desk") -> None:
    reason = {"reason": "she moved away"}
    early = discharged.refused(f"monitor close {discharged.her} --on 2026-11-24", reason)
    assert early.refusals == ["monitoring/before-discharge"]
    assert early.finding("monitoring/before-discharge")["facts"]["left"] == "2026-11-25"
    discharged.do(f"monitor close {discharged.her} --on 2026-11-25", reason)


AGAIN = {"referral": {"sources": ["scme"], "received_at": "2027-05-27T10:00"}}


@pytest.mark.parametrize(
    ("what", "given"), [("record", REPORT), ("close", {"on": "2027-05-29", "reason": "Invented."})]
)
def test_what_is_written_down_twice_is_written_once_though_she_was_referred_again(
    discharged: "Desk", what: str, given: Any
) -> None:
    """The first run answers the duty of the stay that she left; the second is of that stay too."""
    discharged.do(f"admit {discharged.her}", AGAIN, today=LATER)
    asked = (("attempt", {"on": "2027-05-28", "how": "phone", "outcome": "reached"}), (what, given))
    for each, file in asked:
        discharged.do(f"monitor {each} {discharged.her}", file, today=LATER)
    kept = discharged.record()["stays"]
    assert ["monitoring" in stay for stay in kept] == [True, False]
    for each, file in asked:
        again = discharged.do(f"monitor {each} {discharged.her}", file, today=LATER)
        assert again.data["said"][0] == "This is already recorded; nothing changed."
    by_options = "--on 2027-05-28 --how phone --outcome reached"
    again = discharged.do(f"monitor attempt {discharged.her} {by_options}", today=LATER)
    assert again.data["said"][0] == "This is already recorded; nothing changed."
    assert discharged.record()["stays"] == kept


@pytest.mark.parametrize(
    ("language", "words"), [("en", "about the stay that she left on"), ("ru", "из которого она выбыла")]
)
def test_at_the_terminal_it_is_said_which_of_several_stays_a_report_is_about(
    discharged: "Desk", language: str, words: str
) -> None:
    with Terminal(discharged, language, LATER).live(f"monitor record {discharged.her}") as alone:
        assert words not in seen_text(alone.raw, language)
    discharged.do(f"admit {discharged.her}", AGAIN, today=LATER)
    with Terminal(discharged, language, LATER).live(f"monitor record {discharged.her}") as again:
        assert words in seen_text(again.raw, language)


def test_a_report_says_that_another_stay_is_still_to_be_monitored(discharged: "Desk") -> None:
    discharged.do(
        f"admit {discharged.her}", {**AGAIN, "received": {"at": "2027-05-27T12:00", "by": "s-aida"}}, today=LATER
    )
    discharged.do(f"discharge {discharged.her} --on 2027-05-28 --own-decision", today=LATER)
    report = discharged.run(f"monitor record {discharged.her} --from {REPORT}", today=LATER)
    assert "It completes the monitoring." in report.out
    assert "Monitoring of the stay that she left on 2027-05-28 is still due." in report.out


def test_a_report_about_whoever_was_not_admitted_is_judged(desk: "Desk") -> None:
    her = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    evaluated = {"on": "2026-11-24", "by": "s-aida", "outcome": "not_admit"}
    decided = {"on": "2026-11-24", "reason": "an invented reason"}
    turned_away = {"admission": {"primary_evaluation": evaluated, "not_admitted": decided}}
    desk.her = desk.do("admit", her | turned_away).data["id"]
    told = desk.do(f"monitor record {desk.her}", {"date": "2026-11-25"})
    assert "monitoring/unsigned" in told.codes("open")
    assert desk.do(f"check {desk.her}").codes() == told.codes()


def test_an_attempt_is_chosen_from_lists_and_other_asks_for_its_words(discharged: "Desk") -> None:
    with Terminal(discharged, today=LATER).live(f"monitor attempt {discharged.her}") as live:
        live.type("")
        assert live.asked == "How it was tried"
        assert "Write a number from 1 to 6" in live.type("by pigeon")
        live.type("6")
        assert live.asked == "The other way in words"
        live.type("Invented words")
        assert live.asked == "What came of it"
        live.type("2")
        live.type(WRITE_DOWN)
        assert live.end().code == 0
    (noted,) = discharged.record()["stays"][0]["monitoring"]["attempts"]
    assert (noted["how"], noted["how_other"], noted["outcome"]) == ("other", "Invented words", "not_reached")


def test_a_day_for_whoever_had_a_stay_is_refused_before_it_is_asked_for(discharged: "Desk") -> None:
    seen = Terminal(discharged, today=LATER).run(f"monitor schedule {discharged.her}", [])
    assert (seen.code, "monitoring/has-stay" in seen.text) == (1, True)


def test_a_signature_that_was_prepared_is_offered(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, signed_as(language="ru", copies=2, iom_name="В. Образцов"))
    seen = Terminal(admitted).run(f"{pink} --sign", ["", "", "", "", SIGN_RECORD])
    assert (seen.code, "Press Enter for В. Образцов" in seen.text) == (0, True)
    assert admitted.record()["agreements"][0]["signed"]["iom_name"] == "В. Образцов"


UNSIGNED_REPORT = {
    "date": "2027-05-28", "social_worker": "s-gulnara", "contact_duration": "a call a month",
    "last_meeting_on": "2027-05-27", "problems": "none", "employed": False, "threats": False,
    "law_enforcement_contact": False, "agrees_to_cooperate": False, "plans": "a workshop",
}  # fmt: skip


def test_a_report_that_was_saved_unsigned_is_signed_without_being_typed_again(discharged: "Desk") -> None:
    told = discharged.do(f"monitor record {discharged.her}", UNSIGNED_REPORT, today="2027-05-28")
    assert told.data["monitored"] is False
    with Terminal(discharged, today="2027-05-30", size=(60, 80)).live(f"monitor record {discharged.her}") as live:
        assert live.asked == "The report of 2027-05-28 is saved but not signed yet. Enter goes back."
        live.type(REPORT_GO_ON)
        assert live.asked.startswith("The report is signed")
        live.type("yes")
        assert live.asked == "What now?"
        assert "It completes the monitoring." in " ".join(live.type(REPORT_SAVE).split())
    (report,) = discharged.record()["stays"][-1]["monitoring"]["reports"]
    assert (report["id"], report["signed"]) == (told.data["entry"], True)


def test_another_report_may_be_written_beside_it(discharged: "Desk") -> None:
    discharged.do(f"monitor record {discharged.her}", UNSIGNED_REPORT, today="2027-05-28")
    with Terminal(discharged, today="2027-05-30", size=(60, 80)).live(f"monitor record {discharged.her}") as live:
        live.type(REPORT_WRITE_ANOTHER)
        assert not live.asked.startswith("The report is signed")
