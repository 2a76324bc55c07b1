"""What people begin by mistake, leave for later and come to again at the terminal, and how they get there."""

from typing import TYPE_CHECKING, Any

import pytest
from sheets import PAPERS
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


AS_OF = "menu --as-of 2026-11-25"


def said(typed: str) -> str:
    return " ".join(typed.split())


def test_a_report_that_was_begun_by_mistake_is_thrown_away(discharged: "Desk") -> None:
    with At(discharged, today=None).live("menu --as-of 2027-06-01") as live:
        for answer in (discharged.her, "a monitoring report", "", "."):
            live.type(answer)
        assert "monitoring-report" in discharged.record()["unfinished"]
        live.type("throw these answers away")
        assert "her file is as it was" in said(live.type("1"))
    assert "unfinished" not in discharged.record()


def test_answers_that_were_all_taken_away_wait_for_nothing(discharged: "Desk") -> None:
    with At(discharged, today="2027-06-01").live(f"monitor record {discharged.her}") as live:
        live.type("2027-05-28")
        assert "monitoring-report" in discharged.record()["unfinished"]
        for answer in ("*", "-", "."):
            live.type(answer)
        live.type("leave it for later")
    assert "unfinished" not in discharged.record()


@pytest.mark.parametrize("act", ["an agreement", "she leaves"])
def test_whatever_is_asked_for_before_an_act_can_be_thrown_away(act: str, admitted: "Desk") -> None:
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, act, *(["blue", ""] if act == "an agreement" else [""]), "."):
            live.type(answer)
        assert "throw these answers away" in live.raw.decode()
        live.type("throw these answers away")
        live.type("1")
    assert "unfinished" not in admitted.record()


def test_an_agreement_without_a_number_is_not_offered_to_be_recorded_as_signed(admitted: "Desk") -> None:
    facts = {name: said for name, said in PAPERS["blue"].items() if name != "number"}
    admitted.do(f"agreement {admitted.her} --form blue", facts)
    with At(admitted, today="2026-11-25").live(f"agreement {admitted.her} --form blue --sign") as live:
        assert "without one nothing is signed" in said(live.raw.decode())
        seen = said("".join(live.type(each) for each in ("", "", "", "")))
        assert "The agreement has no number" in seen
        assert "1 (record it as signed)" in seen
        live.type("answer what has no answer yet")
        assert "S-NGO" in said(live.type("17/26"))  # told while it can be mended, and not refused
        assert "1 record it as signed" in live.raw.decode()
        live.type("record it as signed")
    assert admitted.record()["agreements"][0]["signed"]["on"] == "2026-11-25"


def test_a_signature_whose_answers_are_thrown_away_is_not_said_to_wait(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    with At(admitted, today="2026-11-25", size=(60, 80)).live(f"agreement {admitted.her} --form blue --sign") as live:
        live.type("24.11")
        live.type(".")
        live.type("throw these answers away")
        live.type("1")
        told = said(live.end().text)
    assert "her file is as it was" in told
    assert "the answers are kept" not in told.rpartition("What now?")[2].partition("Throw them away?")[2]
    assert "unfinished" not in admitted.record()


def test_what_is_typed_where_enter_goes_back_is_the_next_answer(admitted: "Desk") -> None:
    with At(admitted, today=None).live(AS_OF) as live:
        live.type("who sleeps here")
        live.type("")
        live.type("make a backup")
        live.type(str(admitted.folder))
        live.type(admitted.her)
        assert live.asked == "What is to be done in her file? Enter goes back."


def test_ctrl_c_in_the_menu_names_no_command(admitted: "Desk") -> None:
    with At(admitted, today=None).live(AS_OF) as live:
        for answer in (admitted.her, "her admission", "one question after the other"):
            live.type(answer)
        seen = said(live.type("^C"))
        assert "What was answered is saved in file" in seen
        assert "shelterctl admit" not in seen


def test_a_backup_goes_into_a_folder_that_is_made_for_it(admitted: "Desk") -> None:
    folder = admitted.folder / "copies"
    with At(admitted, today=None).live(AS_OF) as live:
        live.type("make a backup")
        assert "There is no folder" in said(live.type(str(folder)))
        live.type("yes")
    assert len(list(folder.iterdir())) == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_answers_that_wait_open_on_their_page(admitted: "Desk") -> None:
    with At(admitted, today="2026-11-25").live(f"add {admitted.her} need") as live:
        live.type("24.11")
        live.type(".")
    with At(admitted, today=None).live(AS_OF) as live:
        live.type(admitted.her)
        assert "go on with the answers that wait" in live.raw.decode()
        live.type("go on with the answers that wait")
        assert live.asked == "What now?"


def test_whoever_was_not_admitted_at_once_is_admitted_from_the_list(desk: "Desk") -> None:
    from test_stumbled import ACCEPTED, READY, admitted_on

    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    with At(desk, today="2026-11-27").live(f"admit {desk.her}") as live:
        live.until(READY)
        live.type("no")
        live.type("")
        assert "admit her: everything for that is there" in live.raw.decode()
        assert READY in live.type("admit her")
        live.type("yes")
    assert admitted_on(desk) == "2026-11-27"


def test_whoever_has_left_is_not_offered_to_leave(discharged: "Desk") -> None:
    with At(discharged, today=None).live(AS_OF) as live:
        assert "that she left: correct it, or take it back" in live.type(discharged.her)


def test_a_line_of_which_the_manual_asks_more_is_no_draft(admitted: "Desk") -> None:
    rent = {"rate": 1500, "months": 2, "exceptional_reason": "no home", "grounds": ["no_permanent_residence"]}
    papers = {**PAPERS["blue"], "period": {"from": "2026-12-01", "to": "2027-02-28"}, "lines": {"6": rent}}
    found = admitted.do(f"agreement {admitted.her} --form blue", papers)
    assert found.codes("open").count("agreement/missing-key") == 1  # the time of study
    assert any(one["code"].startswith("track/") for one in found.page["findings"])
    admitted.do(f"form blue {admitted.her} --lang en --names --out a.txt")
    assert "DRAFT" not in (admitted.folder / "a.txt").read_text("utf-8")


def test_the_last_day_of_a_period_is_the_first_such_day_after_its_beginning(admitted: "Desk") -> None:
    with At(admitted, today="2026-11-28", size=(60, 80)).live(f"add {admitted.her} plan") as live:
        live.until("First day of the plan", {"Which plan": "1"})
        live.type("today")
        assert "2027-05-31" in said(live.type("31 May"))  # as near behind as ahead, and not meant


def test_she_is_expected_back_on_the_day_on_which_she_went(admitted: "Desk") -> None:
    with At(admitted, today="2026-11-24", size=(60, 80)).live(f"add {admitted.her} absence") as live:
        live.until("When she wishes to leave", {"What takes her out": "1"})
        live.type("22.11 10:00")
        assert live.asked.startswith("When she will be back")
        assert "2026-11-22 14:00" in said(live.type("14:00"))


def test_a_period_that_ends_before_it_begins_is_told_as_that(admitted: "Desk") -> None:
    given = {"kind": "assistance", "on": "2026-11-24", "span": {"from": "2026-11-24", "to": "2026-05-31"}}
    told = admitted.do(f"add {admitted.her} plan --check", given)
    (found,) = [one for one in told.page["findings"] if one["clause"] == "R5.3.7d"]
    assert "a first and a last day are wanted, in this order" in found["message"]


@pytest.mark.parametrize(
    ("act", "typed", "line"),
    [
        ("an agreement", ["blue", "", "."], "go on with the answers that wait: blue form"),
        ("she leaves", ["2", "."], "go on with the answers that wait: discharge"),
    ],
)
def test_whatever_waits_has_a_line_in_her_file(act: str, typed: list[str], line: str, admitted: "Desk") -> None:
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, act, *typed, "leave it for later", ""):
            live.type(answer)
        assert line in live.raw.decode()
        live.type(line)
        assert live.asked != "What is to be done in her file? Enter goes back."


def stay(desk: "Desk") -> dict[str, Any]:
    (one,) = desk.record()["stays"]
    return dict(one)


def test_the_list_of_what_may_be_struck_through_says_what_stands_now(admitted: "Desk") -> None:
    for by in ("B. Earlier", "A. Invented"):
        admitted.do(f"admit {admitted.her}", {"stays": [{"id": stay(admitted)["id"], "notes": by}]})
    assert stay(admitted)["was"]
    seen = said(At(admitted).run(f"void {admitted.her}", [""]).text)
    assert "A. Invented" in seen
    assert "B. Earlier" not in seen
    assert "; ;" not in seen


def test_an_attempt_that_waits_is_gone_on_with_from_her_file(discharged: "Desk") -> None:
    with At(discharged, today="2027-06-01").live(f"monitor attempt {discharged.her}") as live:
        live.type("1.06.2027")
        live.type(".")
        live.type("leave it for later")
    assert "monitoring-attempt" in discharged.record()["unfinished"]
    with At(discharged, today=None).live("menu --as-of 2027-06-01") as live:
        live.type(discharged.her)
        assert "Someone tried to reach her" in live.type("go on with the answers that wait: attempt")
