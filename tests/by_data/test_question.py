"""By data alone: questions of Annex 7 that follow a no, one a number and one with a note, judged as its others are."""

from typing import Any

import pytest
from pypdf import PdfReader

from shelterctl.prompts.monitor import REPORT_SAVE
from tests.support.command import Answer, one_line
from tests.support.revised_rulebook import LANGUAGES, Revised

QUESTIONS = """  idle_for:
    is: whole
    zero: true
    number: "4a"
    unknown: true
    with: {employed: ["no"]}
    note: idle_note
    clause: A7.Q4
    text: {en: "If not, for how many months?", ru: "Если нет, сколько месяцев?"}
  idle_note: {is: text, clause: A7.Q4, text: {en: What she lived on, ru: На что жила}}
  seeks_work:
    is: yes_no
    number: "4b"
    unknown: true
    with: {employed: ["no"]}
    boxes: ["yes", "no"]
    note: seeks_note
    clause: A7.Q4
    text: {en: "Does she look for work?", ru: "Ищет ли лицо работу?"}
  seeks_note: {is: text, with: {seeks_work: ["no"]}, clause: A7.Q4, text: {en: Why not, ru: Почему нет}}
"""
REPORT: dict[str, Any] = {
    "social_worker": "s-gulnara", "date": "2027-05-28", "signed": True, "contact_duration": "six months",
    "last_meeting_on": "2027-05-27", "problems": "none", "employed": False, "threats": False,
    "law_enforcement_contact": False, "agrees_to_cooperate": "unknown", "plans": "to sew",
}  # fmt: skip
IDLE = {"idle_for": 3, "idle_note": "alms", "seeks_work": False, "seeks_note": "she is ill"}
TODAY = "2027-06-01"
TYPED = ("28.5.2027", "s-gulnara", "six months", "27.5.2027", "none")
REST = ("2", "2", "unknown", "to sew", "", "", "", "", "1", REPORT_SAVE)
"""Behind what follows: no threats, no contact, her plans, nothing of the general data; signed, and saved."""
ASKED = {
    "en": (
        "Was the individual employed? Question 4. 1 yes 2 no 3 unknown > 2 "
        "If not, for how many months? If nobody knows, write: unknown. Question 4a. > 3 What she lived on > alms "
        "Does she look for work? Question 4b. 1 yes 2 no 3 unknown > 2 "
        "Why not > she is ill Were there any threats,"
    ),
    "ru": (
        "Работала ли она? Вопрос 4. 1 да 2 нет 3 неизвестно > 2 "
        "Если нет, сколько месяцев? Если никто не знает, напишите: неизвестно. Вопрос 4a. > 3 На что жила > alms "
        "Ищет ли лицо работу? Вопрос 4b. 1 да 2 нет 3 неизвестно > 2 "
        "Почему нет > she is ill Были ли угрозы,"
    ),
}
PRINTED = {
    "en": "4a. If not, for how many months? 3; alms 4b. Does she look for work? [ ] yes [x] no she is ill ",
    "ru": "4a. Если нет, сколько месяцев? 3; alms 4b. Ищет ли лицо работу? [ ] да [x] нет she is ill ",
}
SAID = {
    "en": ("Question 4a has no answer: If not, for how many months? (A7.Q4).", "4a has an answer, although question 4"),
    "ru": ("На вопрос 4a нет ответа: Если нет, сколько месяцев? (A7.Q4).", "На вопрос 4a есть ответ, хотя на вопрос 4"),
}


@pytest.fixture
def desk(discharged: Any) -> Revised:
    session = Revised(discharged)
    session.edit("tracks/report.yaml", "  job_paid:\n", f"{QUESTIONS}  job_paid:\n")
    session.edit(
        "tracks/report.yaml", "employed, job_paid, threats", "employed, idle_for, seeks_work, job_paid, threats"
    )
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_they_are_asked_after_a_no_alone(desk: Revised, language: str) -> None:
    seen = desk.sit(language, f"monitor record {desk.her}", *TYPED, "1", today=TODAY)
    assert {"en": "If employed, was the job paid?", "ru": "Платили ли ей за работу?"}[language] in seen
    assert "4a" not in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_they_are_asked_in_their_order_saved_and_shown(desk: Revised, language: str) -> None:
    after_no = ("2", "3", "alms", "2", "she is ill")
    seen = desk.sit(language, f"monitor record {desk.her}", *TYPED, *after_no, *REST, today=TODAY)
    assert ASKED[language] in seen

    (report,) = desk.record()["stays"][0]["monitoring"]["reports"]
    assert (REPORT | IDLE).items() <= report.items()
    shown = desk.sit(language, f"show {desk.her} --all", today=TODAY)
    assert {"en": "If not, for how many months? 3", "ru": "Если нет, сколько месяцев? 3"}[language] in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_file_they_are_judged_as_the_others(desk: Revised, language: str) -> None:
    record, how = f"monitor record {desk.her}", {"today": TODAY}
    assert desk.refused(record, REPORT, **how).refusals == ["monitoring/unanswered"] * 2
    lacking = desk.refused(record, REPORT, **how).finding("monitoring/unanswered")
    assert (lacking["facts"]["printed"], lacking["clause"]) == ("4a", "A7.Q4")
    against = REPORT | {"employed": True, "job_paid": "regularly", "idle_for": 3}
    assert desk.refused(record, against, **how).refusals == ["monitoring/contradiction"]
    speaks = {"SHELTERCTL_LANG": language}
    assert SAID[language][0] in desk.run(record, REPORT, env=speaks, **how).out
    assert SAID[language][1] in desk.run(record, against, env=speaks, **how).out

    assert desk.refused(record, REPORT | IDLE | {"idle_for": -1}, **how).refusals == ["shape/range"]
    assert desk.do(record, REPORT | {"idle_for": 0, "seeks_work": "unknown"}, **how).data["monitored"]


TOLD = {
    "no": {
        "en": "Question 5 has an answer, although question 4 is answered with no (A7.Q5). Correct one of them.",
        "ru": "На вопрос 5 есть ответ, хотя на вопрос 4 ответили «нет» (A7.Q5). Исправьте один из них.",
    },
    "yes": {
        "en": "Question 4a has an answer, although question 4 is answered with yes (A7.Q4). Correct one of them.",
        "ru": "На вопрос 4a есть ответ, хотя на вопрос 4 ответили «да» (A7.Q4). Исправьте один из них.",
    },
    "code": {
        "en": "Question 5a has an answer, but it is not asked after the answer to question 5 (A7.Q5). Correct",
        "ru": "На вопрос 5a есть ответ, хотя после ответа на вопрос 5 его не задают (A7.Q5). Исправьте",
    },
    "second": {
        "en": "Question 5b has an answer, although question 6 is answered with no (A7.Q5). Correct one of them.",
        "ru": "На вопрос 5b есть ответ, хотя на вопрос 6 ответили «нет» (A7.Q5). Исправьте один из них.",
    },
    "note": {
        "en": "“Why not” has an answer, but another answer means that it is not asked (A7.Q4). Correct one of the two.",
        "ru": "На «Почему нет» есть ответ, хотя при другом ответе об этом не спрашивают (A7.Q4). Исправьте один",
    },
    "beside": {
        "en": "Question 5c has an answer, but another answer means that it is not asked (A7.Q5). Correct one of",
        "ru": "На вопрос 5c есть ответ, хотя при другом ответе его не задают (A7.Q5). Исправьте один из двух.",
    },
}
FOLLOWING = """  paid_in:
    {is: text, number: "5a", unknown: true, with: {job_paid: [partial]}, clause: A7.Q5, text: {en: In what, ru: Чем}}
  threatened_at:
    {is: text, number: "5b", unknown: true, with: {employed: ["yes"], threats: ["yes"]}, clause: A7.Q5,
     text: {en: Where, ru: Где}}
  lived_on:
    {is: text, number: "5c", unknown: true, with: {idle_note: [absent]}, clause: A7.Q5, text: {en: On what, ru: На что}}
"""
WORKS = {"employed": True, "job_paid": "regularly"}
BESIDE: dict[str, dict[str, Any]] = {
    "no": IDLE | {"job_paid": "partial"},
    "yes": WORKS | {"idle_for": 3},
    "code": WORKS | {"paid_in": "bread"},
    "second": WORKS | {"threatened_at": "at home"},
    "note": {**IDLE, "seeks_work": True},
    "beside": IDLE | {"lived_on": "bread"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answered", BESIDE)
def test_a_follow_up_that_is_not_asked_is_told_with_the_answer_that_says_so(
    desk: Revised, answered: str, language: str
) -> None:
    desk.edit("tracks/report.yaml", "  address:\n    is: text\n", f"{FOLLOWING}  address:\n    is: text\n")
    told = desk.run(
        f"monitor record {desk.her}", REPORT | BESIDE[answered], env={"SHELTERCTL_LANG": language}, today=TODAY
    )
    assert told.code == 1
    assert TOLD[answered][language] in one_line(told.out)


def test_both_may_be_unknown(desk: Revised) -> None:
    unknown = REPORT | {"idle_for": "unknown", "seeks_work": "unknown"}
    assert desk.do(f"monitor record {desk.her}", unknown, today=TODAY).data["monitored"]
    printed = desk.paper(f"monitoring-report {desk.her} --names", "en", today=TODAY)
    assert "4a. If not, for how many months? unknown 4b. " in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_each_has_its_number_and_its_note(desk: Revised, language: str) -> None:
    blank = desk.paper("monitoring-report --blank", language, today=TODAY)
    assert PRINTED[language].partition("?")[0] in blank
    desk.do(f"monitor record {desk.her}", REPORT | IDLE, today=TODAY)
    assert PRINTED[language] in desk.paper(f"monitoring-report {desk.her} --names", language, today=TODAY)
    assert PRINTED[language].partition("[")[0] in desk.paper(
        f"monitoring-report {desk.her} --names", language, "paper.pdf", today=TODAY
    )


def test_they_are_in_the_schema(desk: Revised) -> None:
    asked = desk.ask("schema monitoring-report").data["schema"]["properties"]
    assert (asked["idle_for"]["title"], asked["idle_for"]["x-with"]) == (
        "If not, for how many months?",
        {"employed": "no"},
    )
    assert asked["seeks_work"]["enum"] == [True, False, "unknown"]


MORE = """  schooled:
    is: yes_no
    number: "12"
    unknown: true
    note: school_note
    clause: A7.Q4
    text: {en: "Does she go to school?", ru: "Учится ли она?", ky: "Ал окуйбу?"}
  school_note: {is: text, clause: A7.Q4, text: {en: About the school, ru: Об учёбе, ky: Окуу жөнүндө}}
  why_not:
    is: text
    number: "13"
    unknown: true
    with: {schooled: ["no"]}
    clause: A7.Q4
    text: {en: "If not, why not?", ru: "Если нет, почему?", ky: "Эгер жок болсо, эмне үчүн?"}
  calls:
    is: whole
    zero: true
    number: "14"
    unknown: true
    clause: A7.Q4
    text: {en: "How many calls?", ru: "Сколько было звонков?", ky: "Канча чалуу болду?"}
"""
"""More than has room on the page of Annex 7."""

WHY_NOT = {"en": "13. If not, why not?", "ru": "13. Если нет, почему?", "ky": "13. Эгер жок болсо, эмне үчүн?"}
ON_PAPER = (*LANGUAGES, "ky")


@pytest.fixture
def longer(discharged: Any) -> Revised:
    session = Revised(discharged)
    session.edit("tracks/report.yaml", "  address:\n    is: text\n", f"{MORE}  address:\n    is: text\n")
    session.edit("tracks/report.yaml", "to_cooperate, plans]", "to_cooperate, plans, schooled, why_not, calls]")
    return session


def pages(desk: Revised, words: str, language: str) -> tuple[Answer, list[str]]:
    """What is said of a report in a PDF, and each of its pages."""
    said = desk.do(f"monitor form {words} --lang {language} --out report.pdf --overwrite", today=TODAY)
    found = PdfReader(desk.folder / "report.pdf").pages
    assert said.data["printed"][0]["pages"] == len(found)
    return said, [one_line(page.extract_text()) for page in found]


@pytest.mark.parametrize("paper", ["", "--paper letter"])
@pytest.mark.parametrize("language", ON_PAPER)
def test_the_blank_of_more_questions_than_have_room_goes_on(longer: Revised, language: str, paper: str) -> None:
    _, (first, second) = pages(longer, f"--blank {paper}", language)
    assert WHY_NOT[language] in second, "where its lines are"
    assert WHY_NOT[language] not in first
    foot = {"en": "blank of 1 June 2027", "ru": "бланк от 1 июня 2027 г.", "ky": "бланк, күнү 2027-жылдын 1-июну"}
    for number, page in enumerate((first, second), 1):
        assert foot[language] in page
        assert f"{number} / 2" in page


@pytest.mark.parametrize("language", ON_PAPER)
def test_filled_it_goes_on_as_far_as_its_blank_with_its_code_on_each_page(longer: Revised, language: str) -> None:
    more = REPORT | {"schooled": False, "school_note": "three years", "why_not": "she works", "calls": 0}
    longer.do(f"monitor record {longer.her}", more | {"plans": "to sew " * 500}, today=TODAY)
    said, printed = pages(longer, f"{longer.her} --names", language)
    assert not said.page["findings"]
    assert len(printed) == 2
    assert f"{WHY_NOT[language]} she works" in printed[1]
    assert all(said.data["printed"][0]["code"] in page for page in printed)


def test_a_text_for_which_that_has_no_room_either_is_named(longer: Revised) -> None:
    more = REPORT | {"schooled": True, "calls": 0, "plans": "to sew " * 1200}
    longer.do(f"monitor record {longer.her}", more, today=TODAY)
    said, printed = pages(longer, f"{longer.her} --names", "en")
    found = said.finding("paper/too-long")
    assert (found["where"], found["facts"]["pages"]) == ("/plans", len(printed))


@pytest.mark.parametrize("language", ON_PAPER)
def test_as_it_is_the_annex_has_one_page(discharged: Any, language: str) -> None:
    said = discharged.do(f"monitor form --blank --lang {language} --out report.pdf", today=TODAY)
    assert said.data["printed"][0]["pages"] == 1
