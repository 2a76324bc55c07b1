"""The page of the house's own limits in the menu: seen, set and ended in words, and only by somebody who may."""

from typing import TYPE_CHECKING

import pytest

from shelterctl.menu import house, house_limits
from shelterctl.ui_language import Marked
from tests.menu.test_persons import said, seen_last
from tests.support.desk import copied, make_house_with_paper
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import PARTNERS, LiveTerminal, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

LIMITS = Marked("the house's own limits, stricter than the manual's")
SEE, SET, END = (Marked(line.label) for line in house_limits.LIMIT_PAGE_LINES)
IDLE = {"SHELTERCTL_IDLE": "10"}


def choose(live: LiveTerminal, *typed: str) -> str:
    """What is seen after the last of these answers; every screen on the way has at most 24 lines."""
    seen = ""
    for each in typed:
        seen = live.type(each)
        assert len(seen_last(live).strip("\n").split("\n")) <= 24 or live.language != "en"
    return " ".join(seen.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_sets_sees_and_ends_a_limit_without_a_command(admitted: "Desk", language: str) -> None:
    assert house.HOUSE_PAGE_LINES[-1].label == LIMITS
    with Terminal(admitted, language, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        choose(live, PARTNERS, LIMITS, SET)
        assert live.asked == said(house_limits.WHAT_IS_LIMITED, language)
        listed = choose(live, "2")  # the pink form
        assert "2a" in listed
        assert "2000" in choose(live, "3")
        again = choose(live, "2500", "", "")  # looser than the manual: asked again
        assert "2500" in again
        assert "shelterctl" not in again
        means = choose(live, "1500", "", "3")
        assert "1500" in means
        assert "A5.2a" in means
        choose(live, "1", "")
        assert "1500" in choose(live, SEE)
        choose(live, "", END, "1", "", "1")
    (row,) = admitted.do("rules overlay").data["rows"]
    assert (row["what"], row["line"], row["number"], row["reason"]) == ("pink", "2a", "1500", "donor")
    assert (row["since"], row["until"]) == ("2026-11-25", "2026-11-25")


def test_the_places_of_a_house_are_limited_and_one_that_has_not_begun_ends_before_it_holds(admitted: "Desk") -> None:
    with Terminal(admitted, size=(24, 80), today=None, env=IDLE).live("menu --as-of 2026-11-25") as live:
        means = choose(live, PARTNERS, LIMITS, SET, "3", "6", "15.01.2027", "")
        assert "number of places" in means
        choose(live, "1", "", END, "1", "", "1")
    (row,) = admitted.do("rules overlay").data["rows"]
    assert (row["what"], row["line"], row["number"], row["until"]) == ("shelter", "capacity", "6", "2027-01-14")


def test_who_is_no_manager_sees_the_limits_and_changes_none(tmp_path: "Path") -> None:
    desk = make_house_with_paper(tmp_path / "made")
    people = {"s-aida": None, "s-med": "medical_adviser", "s-law": "legal_adviser"}
    for code, role in people.items():
        if role:
            desk.do(f"staff add {code} --role {role}")
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    desk.do("roles --begin")
    desk.do("rules overlay add pink 2a --at-most 1500 --since 2026-11-25")
    desk = copied(desk, tmp_path / "copy")
    with Terminal(desk, size=(24, 80), env=IDLE).live("menu") as live:
        live.type("s-aida")
        live.type("1")  # what is new on the list is known
        seen = choose(live, PARTNERS, LIMITS)
        assert "1500 instead of the manual's 2000" in seen
        assert said(SET) not in seen_last(live)
