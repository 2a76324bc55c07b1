"""By data alone (h): a review thirty days after her admission is due, overdue, done, and explained."""

from typing import Any

import pytest

from shelterctl.prompts.fill_in import WRITE_DOWN
from tests.support.revised_rulebook import LANGUAGES, Revised

REVIEW = """schema: track/1
track: review
text: {en: a review, ru: пересмотр плана}
clause: R5.3.7e
home: stay
at: reviews
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Reviewed on, ru: Когда пересмотрели}}
  held: {is: yes_no, text: {en: It was held with her, ru: Вместе с ней}}
rules:
  - {dated: "on", to: today, clause: R5.3.7e}
due:
  - {from: admission, after: {days: 30}, where: {held: ["yes"]}, row: T91, owner: psychologist,
     text: {en: Review after thirty days, ru: Пересмотр через тридцать дней}, clause: R5.3.7e}
"""
DAY = "2026-12-22"
"""Thirty days after the admission of the example."""


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/review.yaml", REVIEW)
    return session


def states(desk: Revised, today: str, words: str = "") -> list[tuple[str, int]]:
    found = desk.do(f"due {words}", today=today).data["rows"]
    return [(row["state"], row["days_since_due"]) for row in found if row["what"] == "review"]


def test_it_is_upcoming_due_overdue_and_done(desk: Revised) -> None:
    assert states(desk, "2026-12-21") == []
    assert states(desk, "2026-12-21", "--within 1") == [("upcoming", -1)]
    assert states(desk, DAY) == [("due", 0)]
    assert states(desk, "2027-01-05") == [("overdue", 14)]
    (row,) = (row for row in desk.do("due --owner psychologist", today=DAY).data["rows"] if row["row"] == "T91")
    assert (row["clause"], row["due_on"]) == ("R5.3.7e", DAY)
    desk.do(f"admit {desk.her}", {"reviews": [{"on": "2026-12-20", "held": True}]}, today="2027-01-05")
    desk.do(f"admit {desk.her}", {"reviews": [{"on": "2026-12-23", "held": False}]}, today="2027-01-05")
    assert states(desk, "2027-01-05") == [("overdue", 14)], "too early, and not with her"
    desk.do(f"add {desk.her} review", {"on": "2026-12-28", "held": True}, today="2027-01-05")
    assert states(desk, "2027-01-05") == []


def test_a_revision_holds_for_whoever_is_admitted_from_then_on(desk: Revised) -> None:
    old = "after: {days: 30},"
    desk.edit("tracks/review.yaml", old, f"{old} later: [{{since: 2026-11-22, after: {{days: 10}}}}],")
    assert states(desk, "2026-12-02") == [("due", 0)]
    desk.edit("tracks/review.yaml", "since: 2026-11-22", "since: 2026-11-23")
    assert states(desk, "2026-12-02") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_and_explained_in_words(desk: Revised, language: str) -> None:
    title = {"en": "Review after thirty days", "ru": "Пересмотр через тридцать дней"}[language]
    assert title in desk.run(f"due {desk.her} --lang {language}", today="2027-01-05").out
    page = desk.run(f"explain T91 --lang {language}").out
    words = {
        "en": (title, "after days: 30", "psychologist", "a review"),
        "ru": (title, "в днях: 30", "психолог", "пересмотр плана"),
    }
    assert all(word in page for word in words[language])
    assert title in desk.run(f"explain track review --lang {language}").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_a_terminal_it_is_told_and_answered(desk: Revised, language: str) -> None:
    title = {"en": "Review after thirty days", "ru": "Пересмотр через тридцать дней"}[language]
    assert title in desk.sit(language, "due", today="2027-01-05")
    desk.sit(
        language,
        f"add {desk.her} review",
        "28.12.2026",
        {"en": "yes", "ru": "да"}[language],
        WRITE_DOWN,
        today="2027-01-05",
    )
    assert states(desk, "2027-01-05") == []


EXPLAINED = {
    "en": "Review after thirty days (R5.3.7e). It starts with: Admission. Due after days: 30. "
    "Met by: a review. An entry counts only if the answer to “It was held with her” is: yes. "
    "Responsible: psychologist. It applies only if the answer to “It was held with her” is: yes. "
    "It applies only until this has happened: Discharge.",
    "ru": "Пересмотр через тридцать дней (R5.3.7e). Начало отсчёта: Приём. Срок в днях: 30. "
    "Чем закрывается: пересмотр плана. Запись засчитывается, только если на вопрос «Вместе с ней» ответ: да. "
    "Отвечает: психолог. Нужно, только если на вопрос «Вместе с ней» ответ: да. "
    "Нужно, только пока этого не было: Выбытие.",
}
NEEDED = {"en": "Not filled in: “Why” (R5.3.7e).", "ru": "Не заполнено: «Почему» (R5.3.7e)."}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_track_has_its_days_owner_and_clause_and_asks_no_period_of_a_text(
    desk: Revised, language: str
) -> None:
    desk.edit("tracks/review.yaml", "where: {held", 'when: {held: ["yes"], discharge: [absent]}, where: {held')
    desk.edit("tracks/review.yaml", "rules:\n", "  why: {is: text, text: {en: Why, ru: Почему}}\nrules:\n")
    desk.edit("tracks/review.yaml", "due:\n", "  - {needs: why, clause: R5.3.7e}\ndue:\n")
    lines = desk.run(f"explain track review --lang {language}").out.splitlines()
    assert EXPLAINED[language] in lines
    assert NEEDED[language] in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deadline_of_an_entry_is_explained_by_its_fields(desk: Revised, language: str) -> None:
    first = '  - {from: "on", never: listed, clause: R5.3.7e}\n'
    desk.edit("tracks/review.yaml", "due:\n", f"due:\n{first}")
    words = {
        "en": "a review (R5.3.7e). It starts with: “Reviewed on”. It is not listed among what is due.",
        "ru": "пересмотр плана (R5.3.7e). Начало отсчёта: «Когда пересмотрели». В списке сроков его нет.",
    }
    assert words[language] in desk.run(f"explain track review --lang {language}").out.splitlines()
