"""Questions asked on a screen of their own, then the page of all answers, each behind a number that it keeps: there an
answer is changed, or the act is done, left for later, or the answers are thrown away.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.immutable import immutable
from shelterctl.language import Sentence
from shelterctl.prompts.client_file import ClientFile, PendingAnswers, is_overtaken
from shelterctl.prompts.fields import MakeQuestion, entry_steps
from shelterctl.prompts.steps import Dialogue, QuestionStep, print_how_to_answer, print_refusals, waiting_notice
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import (
    clear_screen,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
    truncate_line,
)
from shelterctl.typed.question import say_text
from shelterctl.ui_language import N_

CHECK_THE_ANSWERS = N_("Check the answers. A number changes one.")
ANSWER_ROW = N_("{question}: {answer}")
NO_ANSWER_YET = N_("no answer yet")
ANSWER_THE_REST = N_("answer what has no answer yet ({count})")
ANSWER_THE_REST_CLOSED = N_("answer what has no answer yet")
LINES_OF_AN_ANSWER = 2
"""So many lines of the screen an answer may take on the page; all of it is seen where it is asked again."""

ReviewRow = tuple[str, FilledSentence, Callable[[], object]]
"""A row of the page: its name, its words, and what its number leads to."""


def answer_rows(
    dialogue: Dialogue, findings: Collection[Finding] = (), lacking: Collection[str] = ()
) -> Iterator[ReviewRow]:
    """Every answer of the way, and of the questions that have none those that are *lacking* or that findings name.

    One that had an answer on this page before keeps its row.
    """
    places = {(one.at or one.where) for one in findings}
    for step in dialogue.steps():
        named = step.name in lacking or any(_is_about(place, step.name) for place in places)
        if step.current is not None or named or step.name in dialogue.numbered:
            yield step.name, (ANSWER_ROW, _answer_facts(step)), partial(dialogue.ask_once_more, step.name)


def _is_about(place: str, name: str) -> bool:
    """Whether a finding is about the answer of this dotted name, or about the period or group in which it stands."""
    whole, _, _ = name.rpartition(".")
    return any(place.endswith("/" + one.replace(".", "/")) for one in (name, whole) if one)


def _answer_facts(step: QuestionStep) -> dict[str, object]:
    spoken, columns = screen_language(), screen_size()[0]
    question = say_text(step.question.text, spoken)
    room = max(LINES_OF_AN_ANSWER * (columns - 8) - len(question), columns // 2)
    answer = sentence_text(NO_ANSWER_YET) if step.current is None else step.question.format_answer(step.current, spoken)
    return {"question": question, "answer": truncate_line(answer, room)}


ANSWERS_WHAT_NOW = N_("What now?")
ACT_IS_STOPPED = N_("Not yet: what stands above comes first.")
ALL_QUESTIONS_ANSWERED = N_("Every question has its answer.")
ROW_HAS_NO_QUESTION = N_("There is nothing to do here any more.")
GO_ON_THOUGH_OPEN = N_("It is said above what stays open. Go on all the same?")
ENTER_DOES_NOT_ACT = N_("Enter alone does not do it: {number} does. Enter once more leaves it for later.")
LEAVE_FOR_LATER = N_("leave it for later; the answers are kept")
THROW_ANSWERS_AWAY = N_("throw these answers away")
THROW_AWAY_SURE = N_("Throw them away? What was saved before stays.")
ANSWERS_THROWN_AWAY = N_("The answers are thrown away; her file is as it was.")


def ask_and_review(
    dialogue: Dialogue,
    opening: FilledSentences,
    outcome_if_left: Outcome,
    review: Callable[[], Outcome | None],
    *,
    over: bool = False,
    only: Collection[str] = (),
    page: bool = False,
) -> Outcome:
    """Ask, then review; *outcome_if_left* is said where nothing more came of it, or where someone left in the middle.

    *opening* begins with the title. *review* answers None while something is still being changed, and an empty
    outcome where it is left for later. *over* asks what is answered already too; *only* these questions are put first,
    where they are named. With *page* no question comes before the page of answers.
    """
    with dialogue.keep_on_interrupt(lambda: outcome_if_left.said), dialogue.session.own_screen():
        for number, (sentence, facts) in enumerate(opening):
            print_sentence(sentence, facts, bold=number == 0)
        print_how_to_answer()
        if over or only:
            dialogue.ask_part(lambda step: over or any(f"{step.name}.".startswith(f"{name}.") for name in only))
        elif not page:
            dialogue.ask_open()
        ended = None
        while ended is None:
            ended = review()
    return ended if ended.said or ended.findings else outcome_if_left


def ask_and_choose(
    dialogue: Dialogue,
    opening: FilledSentences,
    left: FilledSentences,
    done: FilledSentence,
    answers: PendingAnswers,
    *,
    over: bool = False,
    stops: Callable[[], Sequence[Finding]] = tuple,
) -> Outcome | None:
    """Ask, then show the page of answers; None where the act is chosen there, else what is said of it.

    While something *stops* it the act cannot be chosen. What is *left* for later says so.
    """
    chosen = Outcome(said=(done,))

    def review() -> Outcome | None:
        clear_screen()
        found = stops()
        print_refusals(dialogue.session, found)
        act = choose_act(dialogue, ReviewPage(done, ready=not found), answer_rows(dialogue, found))
        if act == THROW_ANSWERS_AWAY:
            return throw_away(answers)
        return None if act is None else chosen if act == done[0] else Outcome()

    ended = ask_and_review(dialogue, opening, Outcome(said=left), review, over=over)
    return None if ended is chosen else ended


WRITE_DOWN = N_("write it down")
NOT_WRITTEN_YET = N_("It is not written down yet.")


def ask_fields(
    file: ClientFile,
    track: Track,
    answers: PendingAnswers,
    heading: FilledSentence,
    command: str,
    make_question: MakeQuestion,
    besides: Container[str],
) -> Outcome | None:
    """Ask the few fields of a track, but those *besides*; None where the answers are to be written down.

    Else the outcome of leaving them for later, or of throwing them away. *command* goes on with them.
    """

    def save(name: str, value: Any) -> tuple[Finding, ...]:
        answers.save(answers.with_answer((name,), value))
        return ()

    def steps() -> list[QuestionStep]:
        drawn = entry_steps(file, track, answers, save, heading, make_question)
        return [step for step in drawn if step.name not in besides]

    dialogue = Dialogue(file.session, command, steps, file.refresh)
    ended = ask_and_choose(dialogue, (), (waiting_notice(NOT_WRITTEN_YET, command),), (WRITE_DOWN, {}), answers)
    return Outcome(data={"id": file.id}, said=ended.said) if ended else None


@immutable(slots=False)
class ReviewPage:
    """What may become of the answers on a page: *act* where it is *ready*; its number may ask once more.

    The four acts stand first in the count and keep their numbers, whatever is answered; in brackets stands what cannot
    be done now. *more* acts have numbers behind them, as rows have.
    """

    act: FilledSentence
    ready: bool = True
    asks_once_more: bool = False
    title: Sentence = CHECK_THE_ANSWERS
    more: Sequence[tuple[str, FilledSentence]] = ()
    later: Sentence = LEAVE_FOR_LATER


def choose_outcome(
    file: ClientFile,
    dialogue: Dialogue,
    page: ReviewPage,
    act: Callable[[], Outcome],
    answers: PendingAnswers,
    redo: Iterable[ReviewRow],
    before_it: Callable[[], None] | None = None,
) -> Outcome | None:
    """What is to become of the answers: the act, one of them anew, the rest of them, later, or nothing.

    None while they are still being changed; an empty outcome where they are left for later. *redo* are the rows.
    *before_it* does what the page offers to do first.
    """
    what = choose_act(dialogue, page, redo)
    if before_it and what in [sentence for _, (sentence, _) in page.more]:
        return before_it()
    if what == page.act[0]:
        if is_overtaken(file):
            return None
        saved = act()
        return saved if has_refusal(saved.findings) else replace(saved, findings=())  # what is open was on the screen
    if what == THROW_ANSWERS_AWAY:
        return throw_away(answers)
    return Outcome() if what else None


def choose_act(dialogue: Dialogue, page: ReviewPage, redo: Iterable[ReviewRow]) -> Sentence | None:
    """Which of the acts is chosen below the page of answers; None where an answer was given anew.

    Enter is later; where something can be done, and she may take it for a yes, that is said before.
    """
    left = sum(step.current is None for step in dialogue.steps())
    acts: list[FilledSentence] = [
        page.act,
        (ANSWER_THE_REST if left else ANSWER_THE_REST_CLOSED, {"count": left}),
        (page.later, {}),
        (THROW_ANSWERS_AWAY, {}),
    ]
    rows, more = {name: (heading, again) for name, heading, again in redo}, dict(page.more)
    dialogue.numbered |= {name: heading for name, (heading, _) in rows.items()} | more
    names, first = list(dialogue.numbered), len(acts)
    places = first + len(names)
    closed: dict[int, FilledSentence] = {} if page.ready else {0: (ACT_IS_STOPPED, {})}
    closed |= {} if left else {1: (ALL_QUESTIONS_ANSWERED, {})}
    closed |= {first + n: (ROW_HAS_NO_QUESTION, {}) for n, name in enumerate(names) if name not in rows | more}
    chosen = choose_option(
        ANSWERS_WHAT_NOW,
        [*acts, *dialogue.numbered.values()],
        back=places,
        explain=dialogue.print_command,
        unavailable=closed,
        above=(page.title, [first + n for n, name in enumerate(names) if name not in more]),
        on_enter=(ENTER_DOES_NOT_ACT, {"number": 1}) if page.ready else None,
        confirm_first={0: (GO_ON_THOUGH_OPEN, {})} if page.asks_once_more and page.ready else {},
    )
    if chosen == places:
        dialogue.go_back_to_last()
    elif chosen is None:
        return LEAVE_FOR_LATER
    elif chosen == 1:
        dialogue.ask_open()
    elif chosen < first:
        return acts[chosen][0]
    elif (name := names[chosen - first]) in more:
        return more[name][0]
    else:
        rows[name][1]()
    return None


def throw_away(answers: PendingAnswers) -> Outcome | None:
    """The answers are forgotten, once that is said yes to."""
    if not confirm(THROW_AWAY_SURE):
        return None
    answers.discard()
    return Outcome(data={"id": answers.file.id}, said=((ANSWERS_THROWN_AWAY, {}),))
