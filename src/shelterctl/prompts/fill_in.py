"""A paper that is filled in at a terminal: its questions on a separate screen, then the page of all answers with their
findings, until the act is done, left for later, or the answers are thrown away.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import Any

from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, Severity, has_refusal
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.track import Track
from shelterctl.immutable import immutable
from shelterctl.language import Plural, Sentence
from shelterctl.prompts.client_file import ClientFile, PendingAnswers, is_overtaken
from shelterctl.prompts.fields import entry_steps
from shelterctl.prompts.steps import (
    FINDINGS_STOP_SAVING,
    Dialogue,
    QuestionStep,
    has_open_findings,
    print_how_to_answer,
    print_notes,
    print_open_findings,
    print_refusals,
    waiting_notice,
)
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import (
    clear_screen,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
    truncate_line,
)
from shelterctl.typed.question import Question, say_text
from shelterctl.ui_language import N_

CHECK_THE_ANSWERS = N_("Check the answers. Type a number to change one.")
ANSWER_ROW = N_("{question}: {answer}")
NO_ANSWER_YET = N_("no answer yet")
ANSWER_THE_REST = N_("answer the remaining questions ({count})")
ANSWER_THE_REST_CLOSED = N_("answer the remaining questions")
ANSWERS_WHAT_NOW = N_("What now?")
ACT_IS_STOPPED = N_("Not yet: first do what is listed above.")
ALL_QUESTIONS_ANSWERED = N_("Every question is answered.")
ROW_HAS_NO_QUESTION = N_("There is nothing left to do here.")
GO_ON_THOUGH_OPEN = N_("Some things stay open (see above). Go on all the same?")
ENTER_DOES_NOT_ACT = N_("Enter does not confirm; to confirm, type {number}. Enter again leaves it for later.")
LEAVE_FOR_LATER = N_("leave it for later; the answers are kept")
THROW_ANSWERS_AWAY = N_("throw these answers away")
THROW_AWAY_SURE = N_("Throw these answers away? Everything saved before them stays.")
ANSWERS_THROWN_AWAY = N_("The answers are thrown away; {her file|his file|the register} has not changed.")
WRITE_DOWN = N_("write it down")
ANSWERS_NEEDED = N_("To write it down, answer first: {labels}.")
NOT_WRITTEN_YET = N_("The answers are kept, but not written down yet.")
NOTHING_ANSWERED = N_("Nothing was answered; {her file|his file|the register} has not changed.")

LINES_OF_AN_ANSWER = 2
"""The most lines that an answer takes on the page of answers; it is shown whole where it is asked again."""

ReviewRow = tuple[str, FilledSentence, Callable[[], object]]
"""A row of the page of answers: its name, its words, and the function that its number runs."""


@immutable(slots=False)
class JudgedAnswers:
    """The result of judging the answers of a paper: the findings, and the act that the page of answers offers.

    *needed* holds the labels of missing answers that the act requires, by the dotted names of their questions. The act
    can be chosen if it is *ready* and nothing refuses it. *first* holds acts that have to come before it.
    """

    act: FilledSentence = (WRITE_DOWN, {})
    findings: Sequence[Finding] = ()
    needed: Mapping[str, Sentence] = field(default_factory=dict)
    ready: bool = True
    first: Sequence[ReviewRow] = ()


class PaperToFill:
    """The answers for one act on a client's file: the questions, the judgement, and the act.

    *command* goes on with it later. *opening* is printed before the first question. *kept* is printed when the paper is
    left with answers, *untouched* when it is left without any. *title*, *stops* and *later* are sentences of the page
    of answers. *notes_of* holds the fields whose labels go before findings that are only worth a look.
    """

    title: Sentence = CHECK_THE_ANSWERS
    stops: Plural = FINDINGS_STOP_SAVING
    later: Sentence = LEAVE_FOR_LATER
    notes_of: Fields | None = None

    def __init__(self, file: ClientFile, answers: PendingAnswers, command: str) -> None:
        self.file, self.session, self.answers, self.command = file, file.session, answers, command
        self.opening: FilledSentences = ()
        self.kept: FilledSentences = (waiting_notice(NOT_WRITTEN_YET, command),)
        self.untouched: FilledSentences = ((NOTHING_ANSWERED, {}),)
        self._remarks: Sequence[Finding] = ()

    def draw_first_steps(self) -> Sequence[QuestionStep]:
        """Return the steps that are asked before the page of answers: all, unless a paper leaves some to that page."""
        return self.draw_steps()

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions in order, given the answers so far."""
        raise NotImplementedError

    def judge(self) -> JudgedAnswers:
        """Return the judgement of the answers so far."""
        raise NotImplementedError

    def write(self) -> Outcome:
        """Do the act with these answers."""
        raise NotImplementedError

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """Return the findings about the answer at a dotted *path*, if the answers were *told*.

        There are none unless a paper overrides this; most findings appear on the page of answers only.
        """
        return ()

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print the findings about the answers."""
        if judged.needed:
            print_sentence(ANSWERS_NEEDED, {"labels": [*judged.needed.values()]})
        print_refusals(self.session, judged.findings, self.stops)
        print_open_findings(self.session, judged.findings)
        if self.notes_of is not None:
            print_notes(self.session, judged.findings, self.notes_of)

    def draw_rows(self, dialogue: Dialogue, judged: JudgedAnswers) -> Sequence[ReviewRow]:
        """Return the rows of the page, each of which opens its question."""
        return [*answer_rows(dialogue, judged.findings, judged.needed)]

    def save_answer(self, path: str, value: Any) -> Sequence[Finding]:
        """Keep one answer, or remove it where it is None; return the findings that refuse it."""
        told = self.answers.with_answer(tuple(path.split(".")), value)
        found = () if value is None else self.find_at(path, told)
        refused = [one for one in found if one.severity is Severity.REFUSE]
        if not refused:
            self.answers.save(told)
            self._remarks = found
        return refused

    def take_remarks(self) -> Sequence[Finding]:
        """Return the findings about the last answer, each once."""
        told, self._remarks = self._remarks, ()
        return told

    @property
    def left(self) -> FilledSentences:
        """The sentences for a paper that was left without doing the act."""
        return self.kept if self.answers.are_waiting else self.untouched

    def fill_in(self, *, over: bool = False, only: Collection[str] = (), page: bool = False) -> Outcome:
        """Ask what is open, show the page of answers, and do the act if it is chosen there.

        With *over*, answered questions are asked too. With *only*, just those questions are asked before the page. With
        *page*, none are.
        """
        dialogue = Dialogue(self.session, self.command, self.draw_steps, self.file.refresh, self.take_remarks)
        with dialogue.keep_on_interrupt(lambda: self.left), self.session.own_screen():
            for number, (sentence, facts) in enumerate(self.opening):
                print_sentence(sentence, facts, bold=number == 0)
            print_how_to_answer()
            if over or only:
                dialogue.ask_part(lambda step: over or any(f"{step.name}.".startswith(f"{name}.") for name in only))
            elif not page:
                dialogue.ask_open(self.draw_first_steps)
            ended = None
            while ended is None:
                ended = self._review(dialogue)
        return ended if ended.said or ended.findings else Outcome(data={"id": self.file.id}, said=self.left)

    def _review(self, dialogue: Dialogue) -> Outcome | None:
        """Show the page of answers; return None while answers are changed, an empty outcome if it is left for later."""
        clear_screen()
        judged = self.judge()
        self.print_page(judged)
        return self._choose(dialogue, judged)

    def _choose(self, dialogue: Dialogue, judged: JudgedAnswers) -> Outcome | None:
        """Do what is chosen on the page of answers.

        The four acts come first in the count and keep their numbers, as every row does; an act that cannot be done now
        is in brackets. Enter leaves the paper for later. Where the act is ready, and Enter might be meant as a yes,
        that is said first.
        """
        ready = judged.ready and not (judged.needed or has_refusal(judged.findings))
        left = sum(step.current is None for step in dialogue.steps())
        write, rest, later, away = range(4)
        the_rest = (ANSWER_THE_REST if left else ANSWER_THE_REST_CLOSED, {"count": left})
        acts: list[FilledSentence] = [judged.act, the_rest, (self.later, {}), (THROW_ANSWERS_AWAY, {})]
        before = {name for name, _, _ in judged.first}
        rows = {name: (row, do) for name, row, do in (*self.draw_rows(dialogue, judged), *judged.first)}
        dialogue.numbered |= {name: row for name, (row, _) in rows.items()}
        names, first = list(dialogue.numbered), len(acts)
        closed: dict[int, FilledSentence] = {} if ready else {write: (ACT_IS_STOPPED, {})}
        closed |= {} if left else {rest: (ALL_QUESTIONS_ANSWERED, {})}
        closed |= {first + n: (ROW_HAS_NO_QUESTION, {}) for n, name in enumerate(names) if name not in rows}
        asks_once_more = ready and has_open_findings(judged.findings)
        chosen = choose_option(
            ANSWERS_WHAT_NOW,
            [*acts, *dialogue.numbered.values()],
            back=first + len(names),
            explain=dialogue.print_command,
            unavailable=closed,
            above=(self.title, [first + n for n, name in enumerate(names) if name not in before]),
            on_enter=(ENTER_DOES_NOT_ACT, {"number": write + 1}) if ready else None,
            confirm_first={write: (GO_ON_THOUGH_OPEN, {})} if asks_once_more else {},
        )
        if chosen == write:
            return None if is_overtaken(self.file) else self._write()
        if chosen in (None, later):
            return Outcome()
        if chosen == away:
            return self._throw_away()
        if chosen == rest:
            dialogue.ask_open()
        elif chosen == first + len(names):
            dialogue.go_back_to_last()
        else:
            rows[names[chosen - first]][1]()
        return None

    def _write(self) -> Outcome:
        done = self.write()
        return (
            done if has_refusal(done.findings) else replace(done, findings=())
        )  # open findings were shown on the page

    def _throw_away(self) -> Outcome | None:
        """Forget the answers once that is confirmed."""
        if not confirm(THROW_AWAY_SURE):
            return None
        self.answers.discard()
        return Outcome(data={"id": self.file.id}, said=((ANSWERS_THROWN_AWAY, {}),))


def answer_rows(
    dialogue: Dialogue, findings: Collection[Finding] = (), lacking: Collection[str] = ()
) -> Iterator[ReviewRow]:
    """Yield a row for every answer, and for unanswered questions that are *lacking* or that findings name.

    A row that was on this page before stays on it.
    """
    places = {(one.at or one.where) for one in findings}
    for step in dialogue.steps():
        named = step.name in lacking or any(_is_about(place, step.name) for place in places)
        if step.current is not None or named or step.name in dialogue.numbered:
            yield step.name, (ANSWER_ROW, _answer_facts(step)), partial(dialogue.ask_once_more, step.name)


def _is_about(place: str, name: str) -> bool:
    """Whether a finding is about the answer of this dotted name, or about the period or group around it."""
    whole, _, _ = name.rpartition(".")
    return any(place.endswith("/" + one.replace(".", "/")) for one in (name, whole) if one)


def _answer_facts(step: QuestionStep) -> dict[str, object]:
    spoken, columns = screen_language(), screen_size()[0]
    question = say_text(step.question.text, spoken)
    room = max(LINES_OF_AN_ANSWER * (columns - 8) - len(question), columns // 2)
    answer = sentence_text(NO_ANSWER_YET) if step.current is None else step.question.format_answer(step.current, spoken)
    return {"question": question, "answer": truncate_line(answer, room)}


class FieldsToFill(PaperToFill):
    """A paper of the few fields of a track that one act takes, without those *besides*; the act itself judges them.

    *act* does the act with the answers, or only judges it with ``check=True``.
    """

    def __init__(
        self,
        file: ClientFile,
        answers: PendingAnswers,
        command: str,
        track: Track,
        heading: FilledSentence,
        make_question: Callable[[str, Field], Question],
        besides: Collection[str],
        act: Callable[..., Outcome],
    ) -> None:
        super().__init__(file, answers, command)
        self._draw = partial(entry_steps, file, track, answers, self.save_answer, heading, make_question)
        self._besides, self._act, self._heading = besides, act, heading
        self._day = track.fields.get(track.day) if isinstance(track.day, str) else None

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print the heading and the findings."""
        print_sentence(*self._heading, bold=True)
        super().print_page(judged)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions of the track's fields."""
        return [step for step in self._draw() if step.name not in self._besides]

    def judge(self) -> JudgedAnswers:
        """Return the judgement of the act itself; the act requires its day."""
        told, wanted = self.answers.facts, {self._day.name: self._day.text} if self._day else {}
        needed = {name: text for name, text in wanted.items() if name not in told}
        return JudgedAnswers(findings=self._act(told, check=True).findings, needed=needed)

    def write(self) -> Outcome:
        """Do the act."""
        return self._act(self.answers.facts)
