"""The page of answers before an act: each behind a number that it keeps, by which it is asked again."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

from shelterctl import screen
from shelterctl.core.finding import Finding
from shelterctl.core.question import said
from shelterctl.language import N_
from shelterctl.walk.step import Head, Step, Walk

CHECK = N_("Check the answers. A number changes one.")
ROW = N_("{question}: {answer}")
NO_ANSWER = N_("no answer yet")
REST = N_("answer what has no answer yet ({count})")
NO_REST = N_("answer what has no answer yet")
LINES = 2
"""So many lines of the screen an answer may take on the page; all of it is seen where it is asked again."""

Redo = tuple[str, Head, Callable[[], object]]
"""A row of the page: its name, its words, and what its number leads to."""


def rows(going: Walk, findings: Collection[Finding] = (), lacking: Collection[str] = ()) -> Iterator[Redo]:
    """Every answer of the way, and of the questions that have none those that are *lacking* or that findings name.

    One that had an answer on this page before keeps its row.
    """
    places = {(one.at or one.where) for one in findings}
    for step in going.steps():
        named = step.name in lacking or any(_is_about(place, step.name) for place in places)
        if step.now is not None or named or step.name in going.numbered:
            yield step.name, (ROW, _row(step)), partial(going.again, step.name)


def _is_about(place: str, name: str) -> bool:
    """Whether a finding is about the answer of this dotted name, or about the period or group in which it stands."""
    whole, _, _ = name.rpartition(".")
    return any(place.endswith("/" + one.replace(".", "/")) for one in (name, whole) if one)


def _row(step: Step) -> dict[str, object]:
    spoken, columns = screen.spoken(), screen.size()[0]
    question = said(step.question.text, spoken)
    room = max(LINES * (columns - 8) - len(question), columns // 2)
    answer = screen.said(NO_ANSWER) if step.now is None else step.question.shown(step.now, spoken)
    return {"question": question, "answer": screen.cut(answer, room)}
