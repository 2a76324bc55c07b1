"""Answers that were begun and not written down: what they say in one line, and the choice between going on with them
and beginning a new entry of a register. Each of several such entries has answers of its own: ``visit``, ``visit +2``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from shelterctl.core.finding import FilledSentence
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import value_at
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.language import Sentence, TwoSentences
from shelterctl.prompts.client_file import ClientFile
from shelterctl.prompts.fill_in import PaperToFill
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import screen_language, screen_size, sentence_text, truncate_line
from shelterctl.ui_language import N_

GO_ON_WITH_ANSWERS = N_("finish what you began:")
BEGUN_ANSWERS = N_("{answers}")
BEGUN_BEFORE = N_("{what}: there is something that you began and did not write down. Enter goes back.")
BEGIN_ANEW = N_("begin a new entry; what you began is kept")
GOING_ON = N_("You go on with what you began: {answers}")

ROOM_BESIDE_ANSWERS = 12
"""The columns beside the answers in a line of a list, besides the words before them."""


def new_entry_name(track: Track, taken: Collection[str]) -> str:
    """Return the name under which the answers to one more new entry of a track are kept."""
    names = (track.name, *(f"{track.name} +{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def begun_entry_names(file: ClientFile, track: Track) -> Sequence[str]:
    """Return the names of the unfinished answers to new entries of a track."""
    kept = file.record.get(UNFINISHED_KEY) or {}
    return [name for name in kept if name_without_number(name) == track.name]


def name_without_number(name: str) -> str:
    """Return the name of unfinished answers without the number that tells several new entries of a track apart."""
    return name.partition(" +")[0]


def answers_in_words(form: PaperToFill, before: Mapping[str, Any], room: int) -> str:
    """Return the answers of a paper in a line of at most *room* columns, without those that were there *before*."""
    spoken = screen_language()
    given = (
        step.question.format_answer(step.current, spoken)
        for step in form.draw_steps()
        if step.current is not None and step.current != value_at(before, step.name)
    )
    return truncate_line("; ".join(given), room)


def choose_begun(forms: Sequence[PaperToFill], what: Sentence) -> int | None:
    """Ask whether to go on with one of these papers or to begin anew, which is the place after the last; None to go
    back.
    """
    go_on = TwoSentences(GO_ON_WITH_ANSWERS, BEGUN_ANSWERS)
    beside = len(sentence_text(GO_ON_WITH_ANSWERS)) + ROOM_BESIDE_ANSWERS
    room = max(screen_size()[0] - beside, screen_size()[0] // 2)
    rows: list[FilledSentence] = [(go_on, {"answers": answers_in_words(form, {}, room)}) for form in forms]
    with forms[0].session.own_screen():
        return choose_option(BEGUN_BEFORE, [*rows, (BEGIN_ANEW, {})], {"what": what})
