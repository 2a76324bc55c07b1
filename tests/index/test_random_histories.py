"""Histories of a house drawn at random: after each deed every answer with the index is the answer without it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from shelterctl.edition import MANUAL_VARIABLE
from tests.support.histories import DEEDS, PassingHouse, begin_house, begin_house_by_role, copy_of
from tests.support.index_questions import ASKED, FORMS, Question, difference
from tests.support.moved_clock import ClockServer
from tests.support.revised_rulebook import copy_of_the_manual
from tests.support.sampled import EVERY_PLACE

pytestmark = pytest.mark.posix("a process whose clock is moved", "index/test_index_faults.py")

PERSONS = {
    "one key": ("", "--identity other"),
    "by role": ("", "--staff s-gulnara", "--staff s-aida", "--staff s-med", "--staff s-guard", "--staff s-data"),
}
"""Who asks, in a house of one key and in a house by role."""

DAYS = (None, "2026-11-23", "2026-12-24", "2027-06-30", "2025-08-01")
EXAMPLES = 500 if EVERY_PLACE[0] else 10


@pytest.fixture(scope="module")
def server() -> Iterator[ClockServer]:
    server = ClockServer()
    yield server
    server.end()


@pytest.fixture(scope="module")
def houses(server: ClockServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PassingHouse]:
    """Both houses at their first day."""
    folder = tmp_path_factory.mktemp("histories")
    return {
        "one key": begin_house(folder / "one", server),
        "by role": begin_house_by_role(folder / "roles", server),
    }


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rulebook in which monitoring is due after three months, and a state has another name."""
    manual = copy_of_the_manual(tmp_path_factory.mktemp("revised") / "manual")
    report = manual / "tracks" / "report.yaml"
    text = report.read_text("utf-8")
    assert text.count("{from: discharge, after: {months: 6}") == 1
    report.write_text(
        text.replace("{from: discharge, after: {months: 6}", "{from: discharge, after: {months: 3}"), "utf-8"
    )
    return manual


def questions(kind: str) -> st.SearchStrategy[Question]:
    return st.builds(
        Question,
        st.sampled_from(ASKED),
        st.sampled_from(PERSONS[kind]),
        st.sampled_from(DAYS),
        st.sampled_from(("", "", "", "revised")),
    )


def steps(kind: str) -> st.SearchStrategy[list[tuple[str, int, Question, str]]]:
    """Deeds, each with a number and with what is asked after it."""
    return st.lists(
        st.tuples(st.sampled_from([*DEEDS]), st.integers(0, 5), questions(kind), st.sampled_from(FORMS)),
        min_size=1,
        max_size=12,
    )


@pytest.mark.parametrize("kind", [*PERSONS])
def test_an_answer_with_the_index_is_the_answer_without(
    kind: str, houses: dict[str, PassingHouse], revised: Path
) -> None:
    @settings(max_examples=EXAMPLES)
    @given(steps(kind))
    def history(drawn: list[tuple[str, int, Question, str]]) -> None:
        house = copy_of(houses[kind], Path(mkdtemp(prefix="history-")) / "house")
        try:
            for words in ("list", "due"):
                _asked(house, Question(words), "", revised)
            for deed, number, question, form in drawn:
                DEEDS[deed](house, number)
                _asked(house, question, form, revised)
        finally:
            house.end()

    history()


def _asked(house: PassingHouse, question: Question, form: str, revised: Path) -> None:
    """The question, both ways; what differs is said with all that happened before."""
    env = {MANUAL_VARIABLE: str(revised)} if question.manual else {}
    if differs := difference(house, question, form, env):
        rules = " by the revised rulebook" if question.manual else ""
        house.tell(f"{question.typed} {form} as of {question.as_of or 'now'}{rules}: differs")
        note("\n".join([*house.log, differs]))
        pytest.fail("\n".join([*house.log, differs]), pytrace=False)
