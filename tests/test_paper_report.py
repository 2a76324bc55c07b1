"""The monitoring report on paper: the annex's numbers and boxes, what has no box in words, and whose report it is."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from sheets import LANGUAGES, filled, seated, words

from shelterctl.core.record.client import Client
from shelterctl.paper.monitor import last_report_paper as report
from shelterctl.paper.request import PaperRequest, PreparedPaper

if TYPE_CHECKING:
    from conftest import Desk


FORM = "monitoring-report"
LATER = "2027-06-01"


def of(desk: "Desk", answers: dict[str, Any], language: str = "en", *, names: bool = False) -> PreparedPaper:
    """The sheet as it would be printed with these answers in the place of her report's."""
    session = seated(desk)
    her, _ = session.store.client(desk.her)
    stay = her.facts["stays"][-1]
    answered = {"id": "K7M2QA", "date": "2027-05-28", **answers}
    stays = [{**stay, "monitoring": {**stay["monitoring"], "reports": [answered]}}]
    return report(session, Client({**her.facts, "stays": stays}), PaperRequest(FORM, language, names=names))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_the_annexs_with_its_gap(language: str, papers: "Desk") -> None:
    told = words(filled(papers, FORM, language))
    places = [told.index(f" {number}. ") for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)]
    assert places == sorted(places)
    assert " 7. " not in told


def test_a_box_is_ticked_or_the_answer_stands_in_words(papers: "Desk") -> None:
    told = words(of(papers, {"employed": True, "job_paid": "partial", "threats": False, "agrees_to_cooperate": True}))
    assert "4. Was the individual employed? yes 5." in told
    assert "was the job paid? [ ] Regularly [x] Partial 6." in told
    assert "return home? [ ] yes [x] no 8." in told
    assert "authorities? [x] yes [ ] no 11." in told


def test_work_that_is_not_paid_has_no_box_and_is_written(papers: "Desk") -> None:
    told = words(of(papers, {"employed": True, "job_paid": "not_paid"}))
    assert "was the job paid? [ ] Regularly [ ] Partial not paid at all 6." in told


def test_yes_and_its_note_are_written_where_the_annex_has_no_box(papers: "Desk") -> None:
    told = words(of(papers, {"law_enforcement_contact": True, "law_enforcement_note": "a call", "employed": False}))
    assert "authorities after return home? yes; a call 10." in told
    assert "4. Was the individual employed? no 5." in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_written_so_and_what_is_not_answered_is_left_to_write(
    language: str, papers: "Desk"
) -> None:
    unknown = {"en": "unknown", "ru": "неизвестно", "ky": "белгисиз"}[language]
    told = words(of(papers, {"contact_duration": "unknown", "threats": "unknown"}, language))
    assert told.count(unknown) == 2
    assert "[x]" not in told
    assert len(re.findall("(?<!_)_{40}(?!_)", told)) == 2 * 3 + 3  # texts have two lines, what has no boxes one


def test_the_duration_is_whatever_was_written(papers: "Desk") -> None:
    assert "1. How long have the contacts lasted with the shelter residents? three visits, then letters 2." in words(
        of(papers, {"contact_duration": "three visits, then letters"})
    )


def test_the_social_worker_is_named_and_the_day_is_in_words(papers: "Desk") -> None:
    told = words(of(papers, {"social_worker": "s-gulnara", "last_meeting_on": "2027-05-27"}, "ru"))
    assert "Социальный работник: Гульнара Образцова Дата и подпись: 28 мая 2027 г. _" in told
    assert "2. Дата последней встречи: 27 мая 2027 г. 3." in told
    assert "Social worker: ____" in words(of(papers, {"social_worker": "s-other"}))


def test_her_general_data_without_what_tells_who_she_is(papers: "Desk") -> None:
    told = words(of(papers, {}))
    assert "Marital status: не замужем Children: нет Address: _" in told
    assert "First Name: Айгуль Last Name: Примерова Birth date: March 1999 " in words(of(papers, {}, names=True))
    assert "Дата рождения: март 1999 г. " in words(of(papers, {}, "ru", names=True))


def test_before_there_is_a_report_the_form_is_taken_along_with_her_data(discharged: "Desk") -> None:
    discharged.do(f"admit {discharged.her}", {"identity": {"marital_status": "married"}})
    told = words(filled(discharged, FORM, "en"))
    assert "Marital status: married" in told
    assert "[x]" not in told
    assert f"{discharged.her} · code of this sheet: " in told


def test_a_sheet_of_an_earlier_report_is_held_against_that_report(printing: "Desk") -> None:
    her = printing.her
    first = printing.do(f"form {FORM} {her} --out 1.txt", today=LATER).data["printed"][0]["code"]
    second = {"social_worker": "s-gulnara", "date": "2027-09-01", "plans": "to study", "threats": True}
    printing.do(f"monitor record {her}", second, today="2027-09-02")
    assert printing.do(f"paper {first}", today="2027-09-02").data["state"] == "same"
    assert printing.do(f"form {FORM} {her} --out 2.txt", today="2027-09-02").data["printed"][0]["code"] != first
    reports = printing.record()["stays"][0]["monitoring"]["reports"]
    printing.do(f"void {her} {reports[0]['id']} --reason-code entered_twice")
    assert printing.do(f"paper {first}", today="2027-09-02").data["state"] == "struck"


def test_a_form_that_was_taken_along_stays_right_until_her_data_change(discharged: "Desk") -> None:
    code = discharged.do(f"form {FORM} {discharged.her} --out 1.txt").data["printed"][0]["code"]
    answers = {"social_worker": "s-gulnara", "date": "2027-05-28", "plans": "to study"}
    discharged.do(f"monitor record {discharged.her}", answers, today=LATER)
    assert discharged.do(f"paper {code}", today=LATER).data["state"] == "same"
    discharged.do(f"admit {discharged.her}", {"identity": {"marital_status": "married"}})
    changed = discharged.do(f"paper {code}", today=LATER).data
    assert (changed["state"], changed["changed"]) == ("changed", ["/identity/marital_status"])


def test_a_signed_report_is_a_copy_and_no_day_stands_over_an_empty_line(papers: "Desk") -> None:
    signed = words(of(papers, {"signed": True}))
    assert "COPY of a signed sheet. Signed on: 28 May 2027" in signed
    assert "Date and signature: 28 May 2027, the signature stands on the original" in signed
    unsigned = words(of(papers, {"signed": False}))
    assert "COPY" not in unsigned
    assert re.search("Date and signature: 28 May 2027 _+", unsigned)
