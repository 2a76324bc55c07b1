"""The page of answers before an act: each behind a number, by which it is asked again with what stands there."""

from collections.abc import Callable, Iterator
from functools import partial

from shelterctl import screen
from shelterctl.core.question import said
from shelterctl.language import N_
from shelterctl.walk.step import Head, Step, Walk

CHECK = N_("Check the answers. A number changes one.")
ROW = N_("{question}: {answer}")
REST = N_("answer what has no answer yet ({count})")
LINES = 2
"""So many lines of the screen an answer may take on the page; all of it is seen where it is asked again."""

Redo = tuple[Head, Callable[[], object]]
"""A row of the page, and what its number leads to."""


def rows(going: Walk) -> Iterator[Redo]:
    """Every answer of the way, and behind them the questions that have none."""
    steps = going.steps()
    for step in steps:
        if step.now is not None:
            yield (ROW, _row(step)), partial(going.again, step.name)
    if left := sum(step.now is None for step in steps):
        yield (REST, {"count": left}), going.go


def _row(step: Step) -> dict[str, object]:
    spoken, columns = screen.spoken(), screen.size()[0]
    question = said(step.question.text, spoken)
    room = max(LINES * (columns - 8) - len(question), columns // 2)
    return {"question": question, "answer": screen.cut(step.question.shown(step.now, spoken), room)}
