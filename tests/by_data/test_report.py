"""By data alone: a report of three rows with a chart and a deadline, shown, printed, closed, compared and traced."""

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.register_files import VISIT
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.terminal import Terminal

DOOR = """schema: report/1
report: door
text: {en: report of the door, ru: отчёт о посетителях}
clause: M2.1.9
rows:
  came: {count: visit, dated: at, by: [kind], clause: M2.1.9, text: {en: Visitors who came, ru: Пришло посетителей}}
  slept: {count: client, standing: any, by: [sex], text: {en: Persons who slept here, ru: Ночевало}}
  narrative: {typed: narrative, text: {en: What was noticed, ru: Что заметили}}
sheet: {title: {en: The door of the house, ru: Двери приюта}, signed_by: manager, chart: came}
"""
DUE = """  - {from: opened, every: month, calendar: true, during: house, where: {report: [door]}, until: [closed.on],
     owner: security, clause: M2.1.9, text: {en: Report of the door, ru: Отчёт о посетителях}}
sheet:
"""
NOVEMBER, AFTER = "report door --month 2026-11", "2026-12-03"
WORDS = {
    "en": ("Report of the door", "Visitors who came", "a utility provider", "Persons who slept here"),
    "ru": ("Отчёт о посетителях", "Пришло посетителей", "коммунальная служба", "Ночевало"),
}


@pytest.fixture
def desk(admitted: Desk) -> Revised:
    session = Revised(admitted)
    session.add("reports/door.yaml", DOOR)
    session.edit("tracks/monthly-report.yaml", "sheet:\n", DUE)
    session.do("facility add bishkek", {"registers_since": "2026-11-01"})
    session.do("add bishkek visit", VISIT)
    return session


def numbers(answer: Any) -> dict[str, int]:
    return {row["row"]: row["number"] for row in answer.data["rows"] if row["by"] is None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_shown_printed_explained_and_listed(desk: Desk, language: str) -> None:
    shown = desk.run(f"{NOVEMBER} --lang {language}", today=AFTER).out
    bars = [line for line in shown.splitlines() if line.endswith("##")]
    assert bars, "a pipe gets the chart in plain signs"
    assert max(map(len, bars)) <= 80
    assert [words for words in WORDS[language] if words.casefold() not in shown.casefold()] == []
    desk.do(f"{NOVEMBER} --out door.html --lang {language}", today=AFTER)
    page = (desk.folder / "door.html").read_text("utf-8")
    title = {"en": "The door of the house", "ru": "Двери приюта"}[language]
    assert [words for words in (title, *WORDS[language][1:3]) if words not in page] == []
    explained = desk.run(f"explain door --lang {language}").out
    assert [
        words for words in (WORDS[language][1], "shelterctl report door --month last") if words not in explained
    ] == []
    assert "door" in [row["report"] for row in desk.do("report list --month 2026-11", today=AFTER).data["rows"]]
    offered = desk.ask("completion report --at 2", today=None).data["rows"]
    assert "door" in [row["word"] for row in offered]


def test_it_is_closed_compared_corrected_and_traced(desk: Desk) -> None:
    assert numbers(desk.do(NOVEMBER, today=AFTER)) == {"came": 1, "slept": 1}
    desk.do(NOVEMBER, {"narrative": "спокойно"}, today=AFTER)
    assert desk.do(f"{NOVEMBER} --close", today=AFTER).data["digest"]
    assert desk.refused(f"{NOVEMBER} --close", today=AFTER).refusals == ["report/closed"]
    desk.do("add bishkek visit", {**VISIT, "at": "2026-11-24T12:00"}, today=AFTER)
    changed = desk.do(f"{NOVEMBER} --compare", today=AFTER).data["rows"]
    assert [(row["row"], row["answer"], row["closed"], row["now"]) for row in changed] == [
        ("came", None, "1", "2"), ("came", "utility", "1", "2"),
    ]  # fmt: skip
    later = desk.do("report door --month 2026-12", today="2027-01-04").data
    assert [(row["month"], row["row"], row["now"]) for row in later["corrections"]] == [
        ("2026-11", "came", "2"), ("2026-11", "came", "2"),
    ]  # fmt: skip
    traced = Terminal(desk, today=AFTER).run(f"{NOVEMBER} --trace came", [""])
    assert (traced.code, traced.text.count("bishkek") >= 2) == (0, True)
    assert desk.do("check", today=AFTER).code == 0


def test_its_deadline_is_one_line_of_the_track(desk: Desk) -> None:
    def due() -> list[tuple[str, str]]:
        rows = desk.do("due bishkek", today=AFTER).data["rows"]
        return [
            (row["state"], row["due_on"])
            for row in rows
            if (row["clause"], row["what"]) == ("M2.1.9", "monthly-report")
        ]

    assert due() == [("overdue", "2026-11-30")]
    desk.do(f"{NOVEMBER} --close", today=AFTER)
    assert due() == [("due", AFTER)]  # the month that runs
