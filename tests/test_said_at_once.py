"""What is said where it happens: an answer that leaves a thing open, a course too long, a name that is none."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import ASKING, CLOCK
from seated import table
from terminal import AT_NIGHT, LEAVE, OPEN, PAPERS, At

from shelterctl.prompts.agreement import AgreementDraft
from shelterctl.prompts.sign import SIGN_RECORD
from shelterctl.typed.doubts import NAME_LOOKS_LIKE_DATE
from shelterctl.typed.question import Question
from shelterctl.typed.readers import NAME_HAS_LETTERS, NAME_OR_LINE_NUMBER
from shelterctl.typed.words import Mistyped

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
WHO = AT_NIGHT | {"identity": {"sex": "female", "birth_date": "1999-03-14", "languages": ["uz"]}}
SIGNED = "The Rights of Shelter Residents are signed (1 yes, 2 no)"
DRAFT = {"number": "S-1", "date": "2026-11-25", "ngo": "sezim", "period": {"from": "2026-12-01", "to": "2027-02-28"}}
NAMES = [
    "identity.first_name", "identity.last_name", "admission.rights.interpreter", "admission.rights.witness",
    "admission.coordinator_agreement.by", "agreement.ngo_representative", "agreement.iom_representative",
    "agreement.drafted_by", "agreement.signed.ngo_name", "agreement.signed.iom_name", "course.provider",
    "directory.ngos.name", "directory.staff.name", "discharge.iom_representative",
]  # fmt: skip


def plain(told: str) -> str:
    """What was seen, wherever its lines break."""
    return " ".join(told.split())


# A signature under the rights in a language that she does not understand.


@pytest.mark.parametrize(
    ("language", "interpreter", "complete"), [("3", "", True), ("1", "", False), ("1", ".", False), ("1", "Б.", True)]
)
def test_rights_in_a_language_that_is_not_hers_are_not_called_complete(
    language: str, interpreter: str, complete: bool, desk: "Desk"
) -> None:
    her = desk.do("admit", WHO).data["id"]
    with At(desk).live(f"admit {her}") as live:
        live.until("Language of the signed rights", {SIGNED: "yes", "Rights signed on": "24.11.2026"})
        live.type(language)
        told = plain(live.type(interpreter))
    assert ("That is complete" in told) is complete
    assert ("Answered, but this stays open: Her rights were explained" in told) is not complete
    assert ("(A3.7)" in told) is not complete


def test_it_is_said_after_printing_too_when_the_screen_is_gone(desk: "Desk") -> None:
    her = desk.do("admit", WHO).data["id"]
    seen = At(desk, today=None).run(
        "menu --as-of 2026-11-25", [OPEN, "1", PAPERS, "3", "1", "", "1", "", "1", "", "", "", "", "", LEAVE]
    )
    assert desk.record(her)["stays"][0]["admission"]["rights"]["signed"] is True
    assert "Answered, but this stays open: Her rights were explained" in plain(seen.text)


# A course: its length at its last day, its profession by its own name.

COURSE = {"Date of the agreement": "25.11.2026", "Period: from": "01.12.2026", "Period: to": "28.02.2027"}
COURSE |= {"Amount in som": "500", "Course begins on": "01.12.2026", "Profession of the course": ""}


def test_a_course_without_a_profession_is_too_long_at_its_last_day(admitted: "Desk") -> None:
    with At(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until("Course ends on", COURSE | {"Who gives the course": "Lyceum 12"})
        told = plain(live.type("15.04.2027"))
        assert "runs longer than 3 months" in told
        assert live.asked == "Course ends on"
        live.type("28.02.2027")
        assert live.asked != "Course ends on"
        live.type(".")
    kept = admitted.record()["unfinished"]["blue"]["lines"]["1a"]["course"]
    assert kept == {"provider": "Lyceum 12", "from": "2026-12-01", "to": "2027-02-28"}


def test_a_profession_is_taken_whatever_else_is_wrong_with_the_course(admitted: "Desk") -> None:
    course = {"provider": "Lyceum 12", "from": "2026-12-01", "to": "2027-04-15"}
    lines = {"1a": {"amount": 500, "course": course}}
    begun: dict[str, Any] = {**DRAFT, "lines": lines}
    hers = table(admitted, admitted.her)
    draft = AgreementDraft(hers, hers.session.rulebook.form("blue"), None)
    draft.answers.save(begun)
    assert draft.save_answer(("lines", "1a", "course", "profession"), "sewing") == ()
    assert [one.code for one in draft.save_answer(("lines", "1a", "course", "to"), "2027-04-16")] == [
        "agreement/too-long"
    ]
    assert draft.save_answer(("lines", "1a", "course", "to"), "2027-02-28") == ()


def test_a_file_is_told_that_the_profession_is_missing(admitted: "Desk") -> None:
    course = {"provider": "Lyceum 12", "from": "2026-12-01", "to": "2027-02-28"}
    asked = {**DRAFT, "lines": {"1a": {"amount": 500, "course": course}}}
    found = admitted.refused(f"agreement {admitted.her} --form blue", asked).finding("agreement/missing-key")
    assert (found["facts"]["key"], found["where"]) == ("profession", "/lines/1a/course")
    assert found["message"] == "Line 1a needs profession (A6.1a). Write it under course."


# A name has letters.


@pytest.mark.parametrize("path", NAMES)
@pytest.mark.parametrize("typed", ["2001", "25.12.2026", "99", "№ 7", "–"])
def test_figures_alone_are_no_name(path: str, typed: str) -> None:
    asked = ASKING.for_place(path)
    read = asked.read_answer(typed, CLOCK, "en")
    assert isinstance(read, Mistyped)
    assert read.sentence == (NAME_OR_LINE_NUMBER if asked.choices else NAME_HAS_LETTERS)
    right = asked.read_answer("Лицей № 12", CLOCK, "ru", again=True)
    assert right == (["Лицей № 12"] if asked.several else "Лицей № 12")


@pytest.mark.parametrize("path", NAMES)
@pytest.mark.parametrize("typed", ["сегодня в 12:30", "вчера", "yesterday at 9", "бүгүн саат 9да"])
def test_a_day_or_a_time_is_taken_for_a_name_only_when_it_is_typed_again(path: str, typed: str) -> None:
    asked = ASKING.for_place(path)
    read = asked.read_answer(typed, CLOCK, "ru")
    assert isinstance(read, Mistyped)
    assert (read.sentence, read.suggestion) == (NAME_LOOKS_LIKE_DATE, "")
    assert asked.read_answer(typed, CLOCK, "ru", again=True) == ([typed] if asked.several else typed)
    assert asked.read_answer("Май", CLOCK, "ru") == (["Май"] if asked.several else "Май")


def test_a_number_of_the_list_is_still_taken_and_other_texts_may_be_figures() -> None:
    asked: Question = ASKING.for_place("agreement.ngo_representative")
    assert asked.read_answer("1", CLOCK, "en") == "Аида Примерова"
    assert ASKING.for_place("agreement.number").read_answer("2001", CLOCK, "en") == "2001"
    assert ASKING.for_place("identity.phone").read_answer("0555 12 34 56", CLOCK, "en") == "0555 12 34 56"


# The language of the signature.


def test_the_one_language_of_a_form_is_not_asked_for(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", ACCEPTED / "pink.yaml")
    seen = At(admitted).run(f"agreement {admitted.her} --form pink --sign", ["", "", "", "2", SIGN_RECORD])
    assert "Language of the signed paper" not in seen.text
    assert admitted.record()["agreements"][0]["signed"]["language"] == "ru"


def test_a_language_is_called_by_its_name_on_the_screen_and_by_its_code_on_the_page(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", ACCEPTED / "pink.yaml")
    words = f"agreement {admitted.her} --form pink --sign"
    wrong = {"signed": {"language": "ky", "copies": 2}}
    refused = admitted.run(words, wrong)
    assert "This form is signed in Russian (A5.L)" in refused.out + refused.err
    assert admitted.refused(words, wrong).finding("agreement/language")["facts"]["codes"] == ["ru"]


# Signed already, and the order of the form.


@pytest.mark.parametrize("what", ["--sign", "--check"])
def test_what_is_signed_is_said_to_be_with_its_number_and_without(what: str, admitted: "Desk") -> None:
    her = f"agreement {admitted.her} --form blue"
    admitted.do(her, ACCEPTED / "blue.yaml")
    admitted.do(f"{her} --sign --on 2026-11-25")
    for number in ("", "--number S-NGO-12"):
        again = admitted.refused(f"{her} {number} {what}")
        assert (again.code, again.refusals) == (1, ["agreement/signed"])
        assert again.finding("agreement/signed")["facts"]["on"] == "2026-11-25"
    assert admitted.refused(f"{her} --number S-NGO-13 {what}").error == "agreement/unknown"


def test_lines_come_in_the_order_of_the_form(admitted: "Desk") -> None:
    lines = {"7a": {"amount": 800}, "4": {"rate": 500, "months": 3}, "1c": {"amount": 100, "justification": "a bus"}}
    saved = admitted.do(f"agreement {admitted.her} --form blue", {**DRAFT, "lines": lines})
    assert [row["line"] for row in saved.data["lines"]] == ["1c", "4", "7a"]
    shown = At(admitted, size=(200, 80)).run(f"show {admitted.her} --all", [""]).text
    found = [shown.index(text) for text in ("1c  Other assistance", "4  Educational scholarship", "7a  Communication")]
    assert found == sorted(found)


def test_a_printed_sheet_that_may_be_struck_is_called_by_its_form_and_code(admitted: "Desk") -> None:
    for form in ("shelter-rules", "resident-rights", "monitoring-report"):
        admitted.do(f"form {form} {admitted.her} --out {form}.txt")
    codes = {entry["form"]: entry["code"] for entry in admitted.record()["printed"]}
    told = plain(At(admitted).run(f"void {admitted.her}", [""]).text)
    assert f"a printed sheet: General shelter rules, {codes['shelter-rules']}, " in told
    assert f"a printed sheet: Monitoring implementation report, {codes['monitoring-report']}, " in told


# More than there can be.


def test_a_year_in_the_place_of_a_number_of_months_is_asked_about_at_once(admitted: "Desk") -> None:
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.until("How many months it lasted")
        told = plain(live.type("2025"))
        assert "Months: 2025, longer than it can have lasted (I.3). Is it a year, or one figure too many?" in told
    assert admitted.record()["trafficking"]["months_trafficked"] == 2025


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_sum_in_the_place_of_days_of_food_is_asked_about_and_not_printed_on_the_form(
    language: str, admitted: "Desk"
) -> None:
    given = {"number": "S-7", "date": "2026-11-25", "ngo": "sezim", "contract_date": "2026-01-15"}
    lines = {"3": {"amount": 2000, "days": 12000, "persons": 1}}
    told = admitted.run(f"agreement {admitted.her} --form pink --check --lang {language}", {**given, "lines": lines})
    assert "12000" in told.out + told.err
    assert "366" not in told.out + told.err
    assert "200" in told.out
