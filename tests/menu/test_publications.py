"""Tables for people outside in the menu: published, printed again, refused before they are entered, and agreed to."""

import re
from typing import TYPE_CHECKING

import pytest

from shelterctl.menu import house_registers, publications
from shelterctl.ui_language import Marked
from tests.menu.test_persons import said, seen_last
from tests.support.desk import copied
from tests.support.revised_rulebook import LANGUAGES, Trial, copy_of_the_manual
from tests.support.terminal import REGISTERS, LiveTerminal, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

PUBLISH = Marked(house_registers.PUBLISH_TABLES)
QUARTERLY, YEARLY, SEE = "1", "2", "3"
RECORDED = "facility add bishkek --registers-since 2018-01-01"
IDLE = {"SHELTERCTL_IDLE": "10"}
PLAN = """schema: plan/1
plan: {name}
text: {{en: trial by {grid}, ru: проба, ky: сыноо}}
clause: A4.2
audience: partner
grid: {grid}
houses: {houses}
least: least_shown
tables:
  came: {{count: stay, dated: admitted_on, by: [sex], text: {{en: Admitted, ru: Принято, ky: Кабыл алынды}}}}
"""


def choose(live: LiveTerminal, *typed: str) -> str:
    """What is seen after the last of these answers."""
    seen = ""
    for each in typed:
        seen = live.type(each)
    return " ".join(seen.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_is_published_printed_again_and_its_quarter_refused(admitted: "Desk", language: str) -> None:
    paper = admitted.folder / "year.pdf"
    admitted.do(RECORDED)
    with Terminal(admitted, language, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        choose(live, REGISTERS, PUBLISH)
        assert live.asked == said(publications.PUBLICATIONS_QUESTION, language)
        periods = choose(live, YEARLY)
        assert re.findall(r"\d (20\d\d)", periods) == [str(2025 - back) for back in range(8)]
        sure = choose(live, "1")
        assert {"en": "Admitted in the year: shown", "ru": "Принято за год: показано"}[language] in sure
        assert admitted.do("publish --log", today=None).data["rows"] == []
        choose(live, "1", str(paper))
        assert {"en": "2025: published on", "ru": "2025 г.: опубликовано"}[language] in choose(live, "")
        again = choose(live, "1", str(admitted.folder / "again.pdf"))
        assert "again.pdf" in again
        stopped = choose(live, "", "", QUARTERLY, "4")  # the last quarter of 2025
        assert {"en": "could be subtracted", "ru": "вычесть"}[language] in stopped
        assert "shelterctl" not in stopped
        seen = choose(live, "", "", "", SEE)
        assert {"en": "yearly figures", "ru": "годовые сведения"}[language] in seen.lower()
        assert seen.count("2025") == 1
    assert paper.read_bytes() == (admitted.folder / "again.pdf").read_bytes()
    assert [row["release"] for row in admitted.do("publish --log", today=None).data["rows"]] == [
        "plan.public-year.2025.all"
    ]


def test_what_is_not_confirmed_is_not_entered(admitted: "Desk") -> None:
    admitted.do(RECORDED)
    with Terminal(admitted, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        answer = choose(live, REGISTERS, PUBLISH, YEARLY, "1", "2")
        assert said(publications.NOTHING_PUBLISHED) in answer
    assert admitted.do("publish --log", today=None).data["rows"] == []


@pytest.fixture
def trial(tmp_path: "Path") -> Trial:
    """A house by a manual with plans by quarter and by year that join no answers; a second computer has joined."""
    manual = copy_of_the_manual(tmp_path / "manual")
    for path in (manual / "plans").glob("*.yaml"):
        path.unlink()
    for name, grid, houses in (("a", "quarter", "all"), ("b", "year", "all"), ("c", "month", "each")):
        (manual / f"plans/{name}.yaml").write_text(PLAN.format(name=name, grid=grid, houses=houses), "utf-8")
    desk = Trial(tmp_path / "desk", manual)
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    desk.do(RECORDED)
    desk.do("staff add s-aida --role psychologist")
    desk.do("trust --join --recovery ../recovery --no-passphrase --identity other --staff s-aida", today=None)
    desk.do("trust --accept", today=None)
    return desk


def test_an_exception_is_asked_for_and_agreed_to_by_another_person(trial: Trial) -> None:
    trial.do("publish b --period 2025", today=None)
    begin = (REGISTERS, PUBLISH)
    with Terminal(trial, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        why = choose(live, *begin, QUARTERLY, "4")
        assert "could be subtracted" in why
        assert said(publications.WHY_EXCEPTION) == live.asked
        assert said(publications.ASKED_NOW) in choose(live, "1")
        assert "waits for a second person" in choose(live, "")
        own = choose(live, "", "5")
        assert "You asked for this exception yourself" in own
    other = Trial(trial.folder, trial.manual)
    other.key = trial.folder / "other"
    with Terminal(other, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        offered = choose(live, *begin)
        assert "agree to an exception: trial by quarter" in offered
        assert "correction of what was published" in offered
        choose(live, "5")
        assert "Do you agree" in live.asked
        assert "published and entered in the ledger" in choose(live, "1")
    rows = trial.do("publish --log", today=None).data["rows"]
    assert {(row["plan"], row["asked_by"], row["published_by"]) for row in rows} == {
        ("b", None, "manager"),
        ("a", "manager", "s-aida"),
    }


def test_where_the_rulebook_has_no_plans_the_line_is_not_there(trial: Trial) -> None:
    bare = copied(trial, trial.folder.with_name("bare"))
    for path in (trial.manual / "plans").glob("*.yaml"):
        path.unlink()
    bare = Trial(bare.folder, trial.manual)
    with Terminal(bare, size=(40, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        choose(live, REGISTERS)
        assert said(PUBLISH) not in seen_last(live)
