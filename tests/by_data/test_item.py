"""By data alone: an item for which a day was enough rests on a track of its own: met by its entries, offered at the
terminal, listed once with the deadline of that track, and explained, in two languages."""

from typing import Any

import pytest

from shelterctl.prompts.fill_in import WRITE_DOWN
from tests.support.revised_rulebook import LANGUAGES, Revised

TRACK = """schema: track/1
track: tour
text: {en: a tour of the house, ru: знакомство с домом}
clause: M2.2.2
home: [stay, client]
at: tours
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Shown on, ru: Когда показали}}
  by: {is: party, of: [staff], text: {en: Who showed it, ru: Кто показал}}
  part:
    is: code
    must: true
    text: {en: What she was shown, ru: Что ей показали}
    codes: {rooms: {en: the rooms, ru: комнаты}, yard: {en: the yard, ru: двор}}
rules:
  - {dated: "on", to: today, clause: M2.2.2}
due:
  - {from: arrival, after: {days: 2}, row: X01, owner: social_worker, clause: M2.2.2}
"""
BEFORE = """    clause: M2.2.2
    done: true
    rules:
      - {stands: orientation, where: {understood: ["yes"]}, from: arrival, to: today}
"""
AFTER = """    clause: M2.2.2
    row: X01
    done: former
    rules:
      - {stands: tour, each: {part: [rooms, yard]}, from: arrival, to: today}
"""
SAYS = {
    "en": {
        "{She|He} has not been shown the house and its principles yet": "Not shown yet: {lacking}",
        "When that is done: admit ID --done orientation, or add ID orientation": "Write it down with: add ID tour",
    },
    "ru": {
        "{Ей|Ему} ещё не показали приют и не объяснили его принципы": "Ещё не показано: {lacking}",
        "Когда это сделано: admit ID --done orientation или add ID orientation": "Запишите: add ID tour",
    },
}
ROOMS, YARD = ({"on": "2026-11-23", "by": "s-aida", "part": part} for part in ("rooms", "yard"))
SEEN = {
    "en": (
        "2 Orientation; principles understood",
        "Not written down yet: a tour of the house 1 write it down now 2 later > 1 ",
        "7 What she was shown: the rooms What now?",
        "What she was shown [now: the rooms] 1 the rooms 2 the yard > 1 ",
        "Saved: a tour of the house. Still open. Type a number to answer",
        "Not shown yet: the yard (M2.2.2). Write it down with: add ID tour.",
    ),
    "ru": (
        "2 Знакомство с приютом и его принципами",
        "Ещё не записано: знакомство с домом 1 записать сейчас 2 позже > 1 ",
        "7 Что ей показали: комнаты Что дальше?",
        "Что ей показали [сейчас: комнаты] 1 комнаты 2 двор > 1 ",
        "Запись сохранена: знакомство с домом. Ещё открыто. Чтобы ответить",
        "Ещё не показано: двор (M2.2.2). Запишите: add ID tour.",
    ),
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/tour.yaml", TRACK)
    session.edit("acts/admission.yaml", BEFORE, AFTER)
    for language in LANGUAGES:
        for before, after in SAYS[language].items():
            session.edit("acts/admission.yaml", before, after)
    return session


@pytest.fixture
def earlier(admitted: Any, request: pytest.FixtureRequest) -> Revised:
    """The same where a day was given while one was enough."""
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-22")
    session: Revised = request.getfixturevalue("desk")
    return session


def state(desk: Revised) -> tuple[str, str | None]:
    """How the item stands, and since when."""
    rows = desk.do(f"admit {desk.her}").data["checklist"]
    return next((row["state"], row["on"]) for row in rows if row["item"] == "orientation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_offered_and_written_down(desk: Revised, language: str) -> None:
    shown = "7"  # what the item lacks first stands on the page already, and a number changes it
    seen = desk.sit(language, f"admit {desk.her}", ".", "2", "1", "23.11", "3", shown, "1", WRITE_DOWN, "")
    for words in SEEN[language][:-1]:
        assert words in seen
    assert SEEN[language][-1] in desk.run(f"admit {desk.her} --lang {language}").out
    assert [tour["part"] for tour in desk.record()["stays"][0]["tours"]] == ["rooms"]


def test_by_file_it_is_met_by_both_and_by_no_day(desk: Revised) -> None:
    told = desk.refused(f"admit {desk.her} --done orientation")
    assert (told.code, told.error) == (2, "usage/item")
    assert told.page["error"]["hint"] == f"Add an entry with: shelterctl add {desk.her} tour"
    assert "orientation" not in desk.run("completion --at 4 -- admit 7QF2-M9KD --done ''", today=None).out
    desk.do(f"add {desk.her} tour", ROOMS)
    assert desk.do(f"admit {desk.her}").finding("admission/orientation")["facts"]["lacking"] == ["yard"]
    yard = desk.do(f"add {desk.her} tour", YARD).data["entry"]
    assert state(desk) == ("done", "2026-11-23")
    desk.do(f"void {desk.her} {yard} --reason-code other")
    assert state(desk) == ("open", None)
    day = {"done": [{"item": "orientation", "on": "2026-11-22"}]}
    assert desk.refused(f"admit {desk.her}", day).refusals == ["fragment/by-entry"]


def rows(desk: Revised) -> list[tuple[str, str]]:
    """What is due by the row of the item."""
    found = desk.do(f"due {desk.her}").data["rows"]
    return [(row["what"], row["state"]) for row in found if row["row"] == "X01"]


def test_the_deadline_of_its_row_is_listed_once(desk: Revised) -> None:
    assert rows(desk) == [("tour", "overdue")]


def test_a_day_that_was_given_while_one_was_enough_still_counts(earlier: Revised) -> None:
    assert state(earlier) == ("done", "2026-11-22")
    assert rows(earlier) == []


def test_it_is_explained(desk: Revised) -> None:
    assert desk.ask("explain orientation").data["met_by"] == ["tour"]
    told = desk.run("explain orientation", env={"SHELTERCTL_LANG": "ru"}).out
    for words in ("track tour: знакомство с домом", "shelterctl add ID tour"):
        assert words in told
