"""What people begin by mistake, leave for later and come to again, and what they type beside the numbers of a list."""

from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.form_notation import find_line_number
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.papers import PAPERS
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


AS_OF = "menu --as-of 2026-11-25"


def said(typed: str) -> str:
    return " ".join(typed.split())


def test_a_report_that_was_begun_by_mistake_is_thrown_away(discharged: "Desk") -> None:
    with Terminal(discharged, today=None).live("menu --as-of 2027-06-01") as live:
        for answer in (discharged.her, "a monitoring report", "", "."):
            live.type(answer)
        assert "monitoring-report" in discharged.record()["unfinished"]
        live.type("throw these answers away")
        assert "her file has not changed" in said(live.type("1"))
    assert "unfinished" not in discharged.record()


def test_answers_that_were_all_taken_away_wait_for_nothing(discharged: "Desk") -> None:
    with Terminal(discharged, today="2027-06-01").live(f"monitor record {discharged.her}") as live:
        live.type("2027-05-28")
        assert "monitoring-report" in discharged.record()["unfinished"]
        for answer in ("*", "-", "."):
            live.type(answer)
        live.type("leave it for later")
    assert "unfinished" not in discharged.record()


@pytest.mark.parametrize("act", ["an agreement", "she leaves"])
def test_whatever_is_asked_for_before_an_act_can_be_thrown_away(act: str, admitted: "Desk") -> None:
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, act, *(["blue", ""] if act == "an agreement" else [""]), "."):
            live.type(answer)
        assert "throw these answers away" in live.raw.decode()
        live.type("throw these answers away")
        live.type("1")
    assert "unfinished" not in admitted.record()


def test_an_agreement_without_a_number_is_not_offered_to_be_recorded_as_signed(admitted: "Desk") -> None:
    facts = {name: said for name, said in PAPERS["blue"].items() if name != "number"}
    admitted.do(f"agreement {admitted.her} --form blue", facts)
    with Terminal(admitted, today="2026-11-25").live(f"agreement {admitted.her} --form blue --sign") as live:
        assert "without one the signature cannot be recorded" in said(live.raw.decode())
        seen = said("".join(live.type(each) for each in ("", "", "", "")))
        assert "The agreement has no number" in seen
        assert "1 (record it as signed)" in seen
        live.type("answer the remaining questions")
        assert "S-NGO" in said(live.type("17/26"))  # told while it can be mended, and not refused
        assert "1 record it as signed" in live.raw.decode()
        live.type("record it as signed")
    assert admitted.record()["agreements"][0]["signed"]["on"] == "2026-11-25"


def test_a_signature_whose_answers_are_thrown_away_is_not_said_to_wait(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    with Terminal(admitted, today="2026-11-25", size=(60, 80)).live(
        f"agreement {admitted.her} --form blue --sign"
    ) as live:
        live.type("24.11")
        live.type(".")
        live.type("throw these answers away")
        live.type("1")
        told = said(live.end().text)
    assert "her file has not changed" in told
    assert "the answers are kept" not in told.rpartition("What now?")[2].partition("Throw these answers away?")[2]
    assert "unfinished" not in admitted.record()


def test_what_is_typed_where_enter_goes_back_is_the_next_answer(admitted: "Desk") -> None:
    with Terminal(admitted, today=None).live(AS_OF) as live:
        live.type("who sleeps here")
        live.type("")
        live.type("make a backup")
        live.type(str(admitted.folder))
        live.type(admitted.her)
        assert live.asked == "What would you like to do in her file? Enter goes back."


def test_ctrl_c_in_the_menu_names_no_command(admitted: "Desk") -> None:
    with Terminal(admitted, today=None).live(AS_OF) as live:
        for answer in (admitted.her, "her admission", "all open questions"):
            live.type(answer)
        seen = said(live.type("^C"))
        assert "Your answers are saved in file" in seen
        assert "shelterctl admit" not in seen


def test_a_backup_goes_into_a_folder_that_is_made_for_it(admitted: "Desk") -> None:
    folder = admitted.folder / "copies"
    with Terminal(admitted, today=None).live(AS_OF) as live:
        live.type("make a backup")
        assert "There is no folder" in said(live.type(str(folder)))
        live.type("yes")
    assert len(list(folder.iterdir())) == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_answers_that_wait_open_on_their_page(admitted: "Desk") -> None:
    with Terminal(admitted, today="2026-11-25").live(f"add {admitted.her} need") as live:
        live.type("24.11")
        live.type(".")
    with Terminal(admitted, today=None).live(AS_OF) as live:
        live.type(admitted.her)
        assert "finish what you began" in live.raw.decode()
        live.type("finish what you began")
        assert live.asked == "What now?"


def test_whoever_was_not_admitted_at_once_is_admitted_from_the_list(desk: "Desk") -> None:
    from tests.prompts.test_answers import READY, admitted_on
    from tests.support.paths import ACCEPTED

    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    with Terminal(desk, today="2026-11-27").live(f"admit {desk.her}") as live:
        live.until(READY)
        live.type("no")
        live.type("")
        assert "admit her: all conditions are met" in live.raw.decode()
        assert READY in live.type("admit her")
        live.type("yes")
    assert admitted_on(desk) == "2026-11-27"


def test_whoever_has_left_is_not_offered_to_leave(discharged: "Desk") -> None:
    with Terminal(discharged, today=None).live(AS_OF) as live:
        assert "her discharge: correct it or take it back" in live.type(discharged.her)


def test_a_line_of_which_the_manual_asks_more_is_no_draft(admitted: "Desk") -> None:
    rent = {"rate": 1500, "months": 2, "exceptional_reason": "no home", "grounds": ["no_permanent_residence"]}
    papers = {**PAPERS["blue"], "period": {"from": "2026-12-01", "to": "2027-02-28"}, "lines": {"6": rent}}
    found = admitted.do(f"agreement {admitted.her} --form blue", papers)
    assert found.codes("open").count("agreement/missing-key") == 1  # the time of study
    assert any(one["code"].startswith("track/") for one in found.page["findings"])
    admitted.do(f"form blue {admitted.her} --lang en --names --out a.txt")
    assert "DRAFT" not in (admitted.folder / "a.txt").read_text("utf-8")


def test_the_last_day_of_a_period_is_the_first_such_day_after_its_beginning(admitted: "Desk") -> None:
    with Terminal(admitted, today="2026-11-28", size=(60, 80)).live(f"add {admitted.her} plan") as live:
        live.until("First day of the plan", {"Which plan": "1"})
        live.type("today")
        assert "2027-05-31" in said(live.type("31 May"))  # as near behind as ahead, and not meant


def test_of_a_period_that_is_over_as_a_rule_a_day_still_to_come_is_said_to_be_one(admitted: "Desk") -> None:
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} pocket-money") as live:
        live.until("For which days: from")
        assert "in the future" not in said(live.type("24.11"))
        assert "That is 2027-11-22, in the future. If it is wrong, type * to go back." in said(live.type("22.11"))
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} plan") as live:
        live.until("First day of the plan", {"Which plan": "1"})
        assert "in the future" not in said(live.type("1.12"))  # plans begin later


def test_she_is_expected_back_on_the_day_on_which_she_went(admitted: "Desk") -> None:
    with Terminal(admitted, today="2026-11-24", size=(60, 80)).live(f"add {admitted.her} absence") as live:
        live.until("When she wishes to leave", {"What takes her out": "1"})
        live.type("22.11 10:00")
        assert live.asked.startswith("When she will be back")
        assert "2026-11-22 14:00" in said(live.type("14:00"))


def test_a_period_that_ends_before_it_begins_is_told_as_that(admitted: "Desk") -> None:
    given = {"kind": "assistance", "on": "2026-11-24", "span": {"from": "2026-11-24", "to": "2026-05-31"}}
    told = admitted.do(f"add {admitted.her} plan --check", given)
    (found,) = [one for one in told.page["findings"] if one["clause"] == "R5.3.7d"]
    assert "give a first and a last day, in this order" in found["message"]


@pytest.mark.parametrize(
    ("act", "typed", "line"),
    [
        ("an agreement", ["blue", "", "."], "finish what you began: blue form"),
        ("she leaves", ["2", "."], "finish what you began: discharge"),
    ],
)
def test_whatever_waits_has_a_line_in_her_file(act: str, typed: list[str], line: str, admitted: "Desk") -> None:
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, act, *typed, "leave it for later", ""):
            live.type(answer)
        assert line in live.raw.decode()
        live.type(line)
        assert live.asked != "What would you like to do in her file? Enter goes back."


def stay(desk: "Desk") -> dict[str, Any]:
    (one,) = desk.record()["stays"]
    return dict(one)


def test_the_list_of_what_may_be_struck_through_says_what_stands_now(admitted: "Desk") -> None:
    for by in ("B. Earlier", "A. Invented"):
        admitted.do(f"admit {admitted.her}", {"stays": [{"id": stay(admitted)["id"], "notes": by}]})
    assert stay(admitted)["was"]
    seen = said(Terminal(admitted).run(f"void {admitted.her}", [""]).text)
    assert "A. Invented" in seen
    assert "B. Earlier" not in seen
    assert "; ;" not in seen


def test_an_attempt_that_waits_is_gone_on_with_from_her_file(discharged: "Desk") -> None:
    with Terminal(discharged, today="2027-06-01").live(f"monitor attempt {discharged.her}") as live:
        live.type("1.06.2027")
        live.type(".")
        live.type("leave it for later")
    assert "monitoring-attempt" in discharged.record()["unfinished"]
    with Terminal(discharged, today=None).live("menu --as-of 2027-06-01") as live:
        live.type(discharged.her)
        assert "An attempt to reach her" in live.type("finish what you began: attempt")


REVIEW = "The agreement as it would be saved"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2b", "2b"), ("2 b)", "2b"), ("2B", "2b"), ("2б", "2b"), ("2 Б)", "2b"), ("2в", "2c"), ("2с", "2c"),
        ("2а", "2a"), ("2A.", "2a"), ("3", "3"), ("3.", "3"), ("1.1", "1.1"), ("11", None), ("2г", None),
        ("food", None), ("б", None),
    ],
)  # fmt: skip
def test_a_line_is_meant_by_its_number_as_any_language_prints_it(typed: str, number: str | None) -> None:
    assert find_line_number(typed, open_rulebook().form("pink").parts) == number


def test_a_line_of_the_form_is_found_by_its_words(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"])
    with Terminal(admitted, size=(60, 80)).live(f"agreement {admitted.her} --form pink") as live:
        live.type(".")
        live.type("another line of the form")
        assert "1 3 Food, purchase personal hygiene goods" in said(live.type("food"))
        live.type("1")
        assert "3. Food" in live.raw.decode().rpartition("\x1b[2J")[2]


def test_whoever_sits_here_now_is_named_by_name(admitted: "Desk") -> None:
    admitted.do("staff add s-gulnara --role social_worker", PAPERS["names"]["staff add s-gulnara --role social_worker"])
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        live.type("someone else")
        assert live.asked == "Who is using this computer?"
        assert "Did you mean s-gulnara" in said(live.type("Гульнара"))
        live.type("")
        assert "s-gulnara" in live.raw.decode().rpartition("\x1b[2J")[2].splitlines()[0]


def test_esc_eats_no_answer(admitted: "Desk") -> None:
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        live.wait(b"\x1b", until=b"")  # nothing is seen of it
        assert "arg" not in live.type("4")
        assert "sleeps here" in said(live.raw.decode()).rpartition("> 4")[2]


def test_a_page_that_was_read_long_enough_is_closed(admitted: "Desk") -> None:
    with Terminal(admitted, today=None, size=(12, 80)).live(AS_OF) as live:
        live.type(admitted.her)
        assert "shows more; . closes the page" in said(live.type("read the whole"))
        live.type(".")
        assert live.asked == "What would you like to do in her file? Enter goes back."


def test_what_only_the_signature_would_be_refused_for_is_told_before_it_is_printed(admitted: "Desk") -> None:
    alone = {**PAPERS["blue"], "ngo_representative": "А. Примеров"}
    admitted.do(f"agreement {admitted.her} --form blue", alone)
    with Terminal(admitted, size=(60, 80)).live(f"agreement {admitted.her} --form blue") as live:
        seen = said(live.type("."))
        assert "The NGO and IOM have the same name as their representative" in seen
        assert "save it as a draft" in seen


def test_what_a_line_lacks_is_named_in_words_wherever_it_is_told(admitted: "Desk") -> None:
    course = {"profession": "seamstress", "provider": "Lyceum 12"}
    begun = {**PAPERS["blue"], "lines": {"1a": {"amount": 2000, "course": course}}}
    admitted.do(f"agreement {admitted.her} --form blue", begun)
    with Terminal(admitted, today=None, size=(60, 80), language="ru").live(AS_OF) as live:
        for answer in (admitted.her, "напечатать", "голубая"):
            live.type(answer)
        seen = said(live.raw.decode())
        assert "«начало курсов»" in seen
        assert "«from»" not in seen


def test_whoever_drafted_it_is_named_in_the_language_of_the_screen(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"])
    with Terminal(admitted, size=(200, 80), language="ru").live(f"show {admitted.her} --all --names") as live:
        assert "координатор по работе с НПО, руководитель" in said(live.raw.decode())


def test_a_backup_into_a_folder_without_a_place_goes_into_ones_own(admitted: "Desk") -> None:
    with Terminal(admitted, today=None, env={"HOME": str(admitted.folder)}).live(AS_OF) as live:
        live.type("make a backup")
        assert "There is no folder" in said(live.type("stick"))
        live.type("yes")
    assert len(list((admitted.folder / "stick").iterdir())) == 1


def test_a_signature_that_was_left_and_then_recorded_waits_for_nothing(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, "print", "blue"):
            live.type(answer)
        live.until("blue form", {"Into which file?": "", "In which language": "1"})
        for answer in ("1", "", ".", "leave it for later", "1"):
            live.type(answer)
        live.until("What now?")
        live.type("record it as signed")
        told = said(live.raw.decode()).rpartition("record it as signed")[2]
    assert admitted.record()["agreements"][0]["signed"]["on"] == "2026-11-25"
    assert "is signed on" in told
    assert "not recorded" not in told


def test_whoever_corrects_an_entry_is_told_no_places_in_a_file(admitted: "Desk") -> None:
    given = {"on": "2026-11-24", "items": ["footwear"], "season": "winter"}
    admitted.do(f"add {admitted.her} clothing", given)
    with Terminal(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, "write an entry", "every day", "clothes", "2", ".", "5", "23.11"):
            live.type(answer)
        told = said(live.type("write it down"))
    assert "Changed: clothes and hygiene goods given to her." in told
    assert "/clothing/" not in told


def test_enter_alone_before_an_act_says_once_what_does_it(admitted: "Desk") -> None:
    given = {"on": "2026-11-24", "items": ["footwear"], "season": "winter"}
    entry = admitted.do(f"add {admitted.her} clothing", given).data["entry"]
    before = admitted.digest()
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} clothing {entry}") as live:
        live.type(".")
        assert "Enter does not confirm; to confirm, type 1." in said(live.type(""))
        assert live.asked == "What now?"
        assert not live.over
        live.type("")
        assert live.over
    assert admitted.digest() == before


def test_where_nothing_can_be_done_yet_enter_leaves_at_once(admitted: "Desk") -> None:
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} clothing") as live:
        live.type(".")
        live.type("")
        assert live.over


def test_an_act_done_once_more_keeps_the_day_that_its_page_shows(admitted: "Desk") -> None:
    people = {"manager": "manager", "social_worker": "s-gulnara", "psychologist": "s-aida"}
    term = {"on": "2026-11-23", "span": {"from": "2026-11-23", "to": "2027-02-22"}}
    plan = {"kind": "assistance", **term, **people, "her_goals": "to live with her son"}
    entry = admitted.do(f"add {admitted.her} plan", plan).data["entry"]
    admitted.do(f"approve {admitted.her} plan {entry} --on 2026-11-24")
    with Terminal(admitted, size=(60, 80)).live(f"approve {admitted.her} plan {entry}") as live:
        page = said(live.raw.decode()).partition("Check the answers")[2]
        assert "2026-11-24" in page
        assert "2026-11-25" not in page
        live.type("1")
        if not live.over:  # something stays open with it
            live.type("yes")
    (one,) = admitted.record()["plans"]
    assert one["approved"] == {"by": "manager", "on": "2026-11-24"}


@pytest.mark.parametrize(("number", "kept"), [("SH-2026-8", "SH-2026-8"), ("-", None)])
def test_a_draft_whose_number_is_changed_on_its_page_stays_that_draft(
    number: str, kept: str | None, admitted: "Desk"
) -> None:
    at_cap = {**PAPERS["pink"], "lines": {"2b": {"amount": 2500}}}
    entry = admitted.do(f"agreement {admitted.her} --form pink", at_cap).data["agreement_id"]
    with Terminal(admitted, size=(60, 80)).live(f"agreement {admitted.her} --form pink") as live:
        for answer in (".", "heading", "", number, "."):
            live.type(answer)
        live.type("save it as a draft")
        assert "saved in place of its draft" in said(live.raw.decode())
    (one,) = admitted.record()["agreements"]
    assert (one["id"], one.get("number"), one["lines"]) == (entry, kept, {"2b": {"amount": "2500.00"}})
