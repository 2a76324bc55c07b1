"""Answers at a terminal that were once taken wrongly, and what is said where one leaves a thing open."""

from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.prompts.agreement import AgreementToFill
from shelterctl.prompts.sign import SIGN_RECORD
from shelterctl.prompts.void import VOID_SURE
from shelterctl.typed.doubts import NAME_LOOKS_LIKE_DATE
from shelterctl.typed.question import Question
from shelterctl.typed.readers import NAME_HAS_LETTERS, NAME_OR_LINE_NUMBER
from shelterctl.typed.words import Mistyped
from tests.support.answering import client_file_of
from tests.support.command import one_line
from tests.support.papers import PAPERS
from tests.support.paths import ACCEPTED
from tests.support.terminal import AT_NIGHT, LEAVE, OPEN, PRINT_PAPERS, Terminal
from tests.support.typed_words import ASKING, CLOCK

if TYPE_CHECKING:
    from tests.support.desk import Desk


READY = "All conditions of admission are met"
MEANT = {"en": "Did you mean take someone in?", "ru": "Может быть, «принять кого-то»?"}
WHEN = "On which day was she admitted?"


@pytest.fixture
def ready(desk: "Desk") -> "Desk":
    """The gate asks for nothing more of her."""
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    return desk


def admitted_on(desk: "Desk") -> str | None:
    return desk.record()["stays"][0]["admission"].get("admitted_on")  # type: ignore[no-any-return]


def test_whoever_was_not_admitted_today_is_asked_on_which_day(ready: "Desk") -> None:
    with Terminal(ready, today="2026-11-27").live(f"admit {ready.her}") as live:
        live.until(READY)
        live.type("no")
        assert live.asked == WHEN
        assert "! " in live.type("1.11.2026")  # she was not even referred
        assert live.asked == WHEN
        live.type("26.11")
    assert admitted_on(ready) == "2026-11-26"


def test_whoever_is_not_admitted_yet_is_not(ready: "Desk") -> None:
    with Terminal(ready, today="2026-11-27").live(f"admit {ready.her}") as live:
        live.until(READY)
        live.type("no")
        live.type("")
        assert "She is not admitted yet" in live.raw.decode()
    assert admitted_on(ready) is None


def test_an_entry_with_nothing_left_in_it_is_offered_to_be_struck_through(admitted: "Desk") -> None:
    admitted.do(f"add {admitted.her} child", {"birth_date": 2020})
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("everything else")
        live.type("Children")
        assert live.asked.startswith("Child's date of birth  [now: 2020]")
        live.type("-")
        assert live.asked == "Why are you striking through this entry?"
        live.type("3")
        assert live.asked.startswith(VOID_SURE.partition("{")[0])
        live.type("yes")
    (child,) = admitted.record()["children"]
    assert child["void"]["reason"] == "wrong_value"


def test_an_answer_that_is_an_entry_is_struck_through_where_it_is_taken_away(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-25")
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("everything else")
        rows = live.raw.decode().rpartition("Her file.")[2]
        number = next(line.split()[0] for line in rows.splitlines() if "Orientation" in line)
        live.type(number)
        assert live.asked.startswith("Done on  [now: 2026-11-25]")
        live.type("-")
        live.type("")  # no reason: it stays
        assert "The entry stays as it is." in live.raw.decode()
        live.type("-")
        live.type("3")
        live.type("yes")
    (done,) = [one for one in admitted.record()["stays"][0]["done"] if one["item"] == "orientation"]
    assert done["void"]["reason"] == "wrong_value"


def test_who_did_it_is_asked_and_whoever_types_is_offered(admitted: "Desk") -> None:
    desk, her = admitted, admitted.her
    with Terminal(desk).live(f"admit {her} --staff s-gulnara") as live:
        live.until("Done on")
        live.type("25.11")
        assert live.asked == "Who did it"
        assert "Press Enter for s-gulnara" in live.raw.decode()
        live.type("s-aida")
    (done,) = desk.record(her)["stays"][0]["done"]
    assert done["by"] == "s-aida"


def test_going_back_from_the_first_question_of_a_part_leads_to_the_list(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        gate = live.asked
        live.type("1")
        live.type("<")
        assert live.asked == gate


def test_the_gist_stands_before_the_words_of_the_manual(admitted: "Desk") -> None:
    with Terminal(admitted, "ru", size=(60, 80)).live("admit") as live:
        told = live.type("?")
    assert told.index("Что делает программа") < told.index("Слова руководства, по-английски")


@pytest.mark.parametrize(("language", "typed"), [("ru", "ghbyznm"), ("en", "ефлу")])
def test_a_line_of_a_menu_typed_on_the_other_layout_is_offered(admitted: "Desk", language: str, typed: str) -> None:
    with Terminal(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
        assert {"en": "Did you mean take someone in?", "ru": "Может быть, «принять кого-то»?"}[language] in live.type(
            typed
        )
        live.type("")
        assert live.asked in ("Sex", "Пол")


def test_a_name_typed_on_the_other_layout_opens_her_file(admitted: "Desk") -> None:
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        assert "On the other keyboard layout that is: Примерова." in live.type("Ghbvthjdf")
        live.type("1")
        assert live.asked == "What would you like to do in her file? Enter goes back."


def test_when_she_will_be_back_lies_ahead_and_that_she_is_back_has_a_line(admitted: "Desk") -> None:
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        for answer in ("2", "1", "2", "every day", "an outing", "1"):
            live.type(answer)
        live.until("When she will be back")
        live.type("завтра 9:00")
        live.until("When she left")
        live.type("25.11 8:00")
        live.type("1")
        live.until("What now?")
        live.type("write it down")
        live.type("")
        assert "she is back: record it" in live.raw.decode().rpartition("What would you like to do in her file?")[2]
        live.type("she is back")
        assert live.asked == "When she came back"  # nothing else is asked of whoever stands at the door
        live.type("25.11 9:30")
        assert live.asked == "Who let her in"
        live.type("manager")
        assert live.asked == "What now?"
        live.type("write it down")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["expected_back_at"], absence["back_at"]) == ("2026-11-26T09:00+06:00", "2026-11-25T09:30+06:00")


def test_in_the_menu_her_admission_opens_with_what_is_open(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with Terminal(desk, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(her)
        assert "all open questions, one after another" in live.type("her admission")
        assert "Before she can be admitted, " in live.asked
        live.type("all open questions")
        assert live.asked.startswith("Why she is received before")


def test_whoever_types_is_offered_as_who_did_it_where_the_manual_lets_her(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} need --staff s-gulnara") as live:
        live.until("Who wrote it down")
        assert "Press Enter for s-gulnara" in live.raw.decode().rpartition("Who wrote it down")[2]
    with Terminal(admitted).live(f"add {admitted.her} session --staff s-gulnara") as live:
        live.until("Which psychologist")
        assert "Press Enter for s-gulnara" not in live.raw.decode().rpartition("Which psychologist")[2]


def test_whoever_is_none_of_the_staff_is_told_where_somebody_new_is_registered(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} session") as live:
        live.until("Which psychologist")
        told = " ".join(live.type("Образцова").split())
        assert "First register a new person in the menu, under the house, staff." in told
        assert "from 1 to" not in told
        assert "new person" not in live.type("99")


@pytest.mark.parametrize("typed", ["сегодня", "14 марта 2024", "yesterday"])
def test_a_day_is_hardly_a_name(typed: str, desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female", "birth_date": 1999}, "referral": {"sources": ["scme"]}}).data
    with Terminal(desk).live(f"admit {her['id']}") as live:
        live.until("First name")
        assert "That looks like a day or a time, not like a name." in live.type(typed)
    assert "first_name" not in desk.record(her["id"])["identity"]


def test_rights_without_their_language_are_not_called_complete(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with Terminal(desk).live(f"admit {her}") as live:
        live.type(".")
        live.type("Shelter Resident Rights")
        for answer in ("yes", "25.11", "1", "", ""):
            seen = " ".join(live.type(answer).split())
        assert "Saved, but this stays open: Not filled in: “Language of the signed rights”" in seen
        assert "Complete: " not in seen


@pytest.mark.parametrize("typed", ["{half}", "{other}"])
def test_half_an_id_or_one_on_the_other_layout_opens_her_file(typed: str, admitted: "Desk") -> None:
    keys = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))
    whole = admitted.her.replace("-", "")
    figure = next((place for place, each in enumerate(whole) if each.isdigit()), len(whole))
    half = whole[: max(figure + 1, 3)]  # a name has no figure
    words = {"half": half.lower(), "other": "".join(keys.get(each, each) for each in admitted.her).lower()}
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(typed.format(**words))
        assert live.asked == "What would you like to do in her file? Enter goes back."


def test_answers_that_wait_have_a_line_in_her_file(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} need") as live:
        live.type("25.11")
        live.type(".")
        live.type("leave it for later")
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        assert "finish what you began: a need" in live.type(admitted.her)
        live.type("finish what you began")
        assert live.asked != "What would you like to do in her file? Enter goes back."


def test_why_a_sheet_is_a_draft_is_said_before_it_is_printed(admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("ngo: sezim", "ngo: ulybka")
    admitted.do(f"agreement {admitted.her} --form blue", text)
    with Terminal(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(admitted.her)
        assert "a draft that cannot be signed yet" in " ".join(live.type("print her papers").split())
        seen = " ".join(live.type("blue form").split())
        assert "is printed as a draft, not to be signed, until this is put right: - The NGO" in seen


def test_a_sheet_that_may_be_signed_and_lacks_something_says_so_in_the_list(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    with Terminal(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(admitted.her)
        seen = " ".join(live.type("print her papers").split())
        assert "to be signed; a draft until nothing is missing" in seen
        assert "until this is put right: - " in " ".join(live.type("pink form").split())


def test_of_a_sheet_that_was_never_printed_nothing_is_said(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"form blue --blank --out {admitted.folder / 'blank.pdf'}")
    admitted.do(f"form resident-rights {admitted.her} --out {admitted.folder / 'rights.pdf'}")
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    with Terminal(admitted, today=None, size=(60, 80)).live(f"{pink} --sign --as-of 2026-11-25") as live:
        assert "printed before" not in " ".join(live.raw.decode().split())
    assert "paper/draft-signed" not in admitted.do(f"{pink} --sign --on 2026-11-25").codes("warn")


def test_a_signature_on_a_sheet_that_was_a_draft_is_doubted_and_recorded(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    admitted.do(f"form pink {admitted.her} --out {admitted.folder / 'draft.pdf'}")
    with Terminal(admitted, today=None, size=(60, 80)).live(f"{pink} --sign --as-of 2026-11-25") as live:
        seen = " ".join(live.raw.decode().split())
        assert "is marked as a draft, not for signature. If it was signed" in seen
        assert "- Her file has no identification number" in seen
    signed = admitted.do(f"{pink} --sign --on 2026-11-25")
    assert signed.codes("warn") == ["agreement/code-of-conduct", "paper/draft-signed"]
    assert "signed" in admitted.record()["agreements"][0]


WHO = AT_NIGHT | {"identity": {"sex": "female", "birth_date": "1999-03-14", "languages": ["uz"]}}
SIGNED = "The Rights of Shelter Residents are signed (1 yes, 2 no)"
DRAFT = {"number": "S-1", "date": "2026-11-25", "ngo": "sezim", "period": {"from": "2026-12-01", "to": "2027-02-28"}}
NAMES = [
    "identity.first_name", "identity.last_name", "admission.rights.interpreter", "admission.rights.witness",
    "admission.coordinator_agreement.by", "agreement.ngo_representative", "agreement.iom_representative",
    "agreement.drafted_by", "agreement.signed.ngo_name", "agreement.signed.iom_name", "course.provider",
    "directory.ngos.name", "directory.staff.name", "discharge.iom_representative",
]  # fmt: skip


# A signature under the rights in a language that she does not understand.


@pytest.mark.parametrize(
    ("language", "interpreter", "complete"), [("3", "", True), ("1", "", False), ("1", ".", False), ("1", "Б.", True)]
)
def test_rights_in_a_language_that_is_not_hers_are_not_called_complete(
    language: str, interpreter: str, complete: bool, desk: "Desk"
) -> None:
    her = desk.do("admit", WHO).data["id"]
    with Terminal(desk).live(f"admit {her}") as live:
        live.until("Language of the signed rights", {SIGNED: "yes", "Rights signed on": "24.11.2026"})
        live.type(language)
        told = one_line(live.type(interpreter))
    assert ("Complete: " in told) is complete
    assert ("Saved, but this stays open: Her rights were explained" in told) is not complete
    assert ("(A3.7)" in told) is not complete


def test_it_is_said_after_printing_too_when_the_screen_is_gone(desk: "Desk") -> None:
    her = desk.do("admit", WHO).data["id"]
    seen = Terminal(desk, today=None).run(
        "menu --as-of 2026-11-25", [OPEN, "1", PRINT_PAPERS, "3", "1", "", "1", "", "1", "", "", "", "", "", LEAVE]
    )
    assert desk.record(her)["stays"][0]["admission"]["rights"]["signed"] is True
    assert "Saved, but this stays open: Her rights were explained" in one_line(seen.text)


# A course: its length at its last day, its profession by its own name.

COURSE = {"Date of the agreement": "25.11.2026", "Period: from": "01.12.2026", "Period: to": "28.02.2027"}
COURSE |= {"Amount in som": "500", "Course begins on": "01.12.2026", "Profession of the course": ""}


def test_a_course_without_a_profession_is_too_long_at_its_last_day(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until("Course ends on", COURSE | {"Who gives the course": "Lyceum 12"})
        told = one_line(live.type("15.04.2027"))
        assert "the longest is 3 months" in told
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
    hers = client_file_of(admitted, admitted.her)
    draft = AgreementToFill(hers, hers.session.rulebook.form("blue"), None)
    draft.answers.save(begun)
    assert draft.save_at(("lines", "1a", "course", "profession"), "sewing") == ()
    assert [one.code for one in draft.save_at(("lines", "1a", "course", "to"), "2027-04-16")] == ["agreement/too-long"]
    assert draft.save_at(("lines", "1a", "course", "to"), "2027-02-28") == ()


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
    seen = Terminal(admitted).run(f"agreement {admitted.her} --form pink --sign", ["", "", "", "2", SIGN_RECORD])
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
    shown = Terminal(admitted, size=(200, 80)).run(f"show {admitted.her} --all", [""]).text
    found = [shown.index(text) for text in ("1c  Other assistance", "4  Educational scholarship", "7a  Communication")]
    assert found == sorted(found)


def test_a_printed_sheet_that_may_be_struck_is_called_by_its_form_and_code(admitted: "Desk") -> None:
    for form in ("shelter-rules", "resident-rights", "monitoring-report"):
        admitted.do(f"form {form} {admitted.her} --out {form}.txt")
    codes = {entry["form"]: entry["code"] for entry in admitted.record()["printed"]}
    told = one_line(Terminal(admitted).run(f"void {admitted.her}", [""]).text)
    assert f"a printed sheet: General shelter rules, {codes['shelter-rules']}, " in told
    assert f"a printed sheet: Monitoring implementation report, {codes['monitoring-report']}, " in told


# More than there can be.


def test_a_year_in_the_place_of_a_number_of_months_is_asked_about_at_once(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.until("How many months it lasted")
        told = one_line(live.type("2025"))
        assert (
            "Months: 2025, which is too long to be possible (I.3). Is this a year, or is there one digit too many?"
            in told
        )
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
