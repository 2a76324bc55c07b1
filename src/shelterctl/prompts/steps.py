"""Dialogues: questions asked one after another, each answer judged and saved at once, with the way back at any time.
Also the lines printed between questions: findings in words, without the keys of a file, and the manual's page on the
clause of a question, which ? opens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shelterctl.act.change import PLACES_REPLACED as PLACES
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Severity
from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.track import MONITORING
from shelterctl.core.money.agreement import AMOUNT_KEY
from shelterctl.core.record.entries import field_at_path
from shelterctl.errors import Conflict, DiskError, NotFound, ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import Plural, Sentence, TwoSentences, keep_form
from shelterctl.rulebook.rulebook import CLAUSE_WITHOUT_WORDS
from shelterctl.session import Session
from shelterctl.terminal.questions import Move, TypedAnswer, ask_line, ask_question, print_understood
from shelterctl.terminal.screen import (
    clear_screen,
    keep_early_answer,
    print_lines,
    print_sentence,
    screen_language,
    sentence_text,
    split_into_pages,
)
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

FINDINGS_STAY_OPEN = Plural(N_("One thing stays open:"), N_("{count} things stay open:"), "count")

FINDINGS_TO_LOOK_AT = Plural(N_("Please check one thing again:"), N_("Please check {count} things again:"), "count")

FINDINGS_STOP_SAVING = Plural(
    N_("One thing is still to be added or put right:"),
    N_("{count} things are still to be added or put right:"),
    "count",
)


def print_refusals(session: Session, findings: Sequence[Finding], title: Plural = FINDINGS_STOP_SAVING) -> None:
    """Print the findings that refuse the act below a *title*; print nothing where there are none."""
    _print_findings(session, [one for one in findings if one.severity is Severity.REFUSE], title)


def _print_findings(session: Session, found: Sequence[Finding], title: Plural) -> None:
    if found:
        print_sentence(title, {"count": len(found)}, bold=True)
    for finding in found:
        print_lines([finding_text(session, finding)], indent="  - ")


def has_open_findings(findings: Sequence[Finding]) -> bool:
    """Whether any of these findings has the severity OPEN."""
    return any(one.severity is Severity.OPEN for one in findings)


def print_open_findings(session: Session, findings: Sequence[Finding]) -> None:
    """Print the findings that stay open below their title; print nothing where there are none."""
    _print_findings(session, [one for one in findings if one.severity is Severity.OPEN], FINDINGS_STAY_OPEN)


def print_notes(session: Session, findings: Sequence[Finding], fields: Fields) -> None:
    """Print the findings that neither refuse nor stay open, each after the label of its field from *fields* unless the
    sentence says it.
    """
    found = [one for one in findings if one.severity not in (Severity.REFUSE, Severity.OPEN)]
    if found:
        print_sentence(FINDINGS_TO_LOOK_AT, {"count": len(found)}, bold=True)
    for finding in found:
        one = field_at_path(fields, (finding.at or finding.where).strip("/").replace("/", "."))
        said = finding_text(session, finding)
        label = sentence_text(one.text) if one and one.text else ""
        print_lines([f"{label}: {said}" if label and label not in said else said], indent="  - ")


def finding_text(session: Session, finding: Finding) -> str:
    """Return a finding as a sentence, with keys and codes in words and without its place in the file."""
    facts = {name: _fact_in_words(session, finding, value) for name, value in finding.facts.items()}
    return sentence_text(finding.message, keep_form(finding.facts, facts))


def _fact_in_words(session: Session, finding: Finding, value: object) -> Any:
    """Return a fact of a finding with its keys and codes in the words of the rulebook, where it has some."""
    if isinstance(value, list | tuple):
        return [_fact_in_words(session, finding, each) for each in value]
    papers = session.rulebook.places.get("iom.documents.kind")  # another manual may know no such papers
    names = _names_of_keys(session, finding) | dict(papers.codes if papers else {})
    return names.get(value, value) if isinstance(value, str) else value


def _names_of_keys(session: Session, finding: Finding) -> dict[str, Any]:
    """Return names by key, for the line that a finding is about and for the report's general data."""
    _, _, place = finding.where.partition("/lines/")
    number = place.partition("/")[0]
    lines = [form.parts[number] for form in session.rulebook.forms.values() if number in form.parts]
    fields = {name: one for line in lines for name, one in line.fields.items() if name != AMOUNT_KEY}
    if (key := finding.facts.get("key")) and (below := field_at_path(fields, f"{finding.facts.get('inside')}.{key}")):
        fields |= {str(key): below}
    keys = {name: _lower_first_letters(one.text) for name, one in fields.items()}
    report, places = session.rulebook.tracks.serving(MONITORING), session.rulebook.places
    if report is None:
        return keys
    general = {name: report.fields.get(path) or places[path] for name, path in report.sheet.general.items()}
    return keys | {name: _lower_first_letters(one.text) for name, one in general.items()}


def _lower_first_letters(text: Mapping[str, str]) -> dict[str, str]:
    """Return a text with a lower-case first letter in each language, for use inside a sentence."""
    return {spoken: words[:1].lower() + words[1:] for spoken, words in text.items()}


NOT_IN_MANUAL = N_("The manual says nothing about this question.")
ENTER_SHOWS_MORE_OF_CLAUSE = N_("Enter shows more; . goes back to the question.")


def explain_question(session: Session, code: str | None, asked: Question) -> None:
    """Print the manual's clause on a question, or say that it has none. *code* is the step's own clause."""
    from shelterctl.explain.page import explain_name  # noqa: PLC0415 - needed only when ? is typed

    clause = code or asked.clause
    if clause is None:
        print_sentence(NOT_IN_MANUAL, indent="  ")
        return
    try:
        lines = [
            sentence_text(sentence, facts)
            for sentence, facts in explain_name(session.rulebook, clause, session.today).prose
        ]
    except NotFound:  # the clause is newer than the texts of the rulebook
        print_sentence(CLAUSE_WITHOUT_WORDS, indent="  ")
        return
    pieces = list(split_into_pages(lines, indent="  "))
    for number, piece in enumerate(pieces, 1):
        print_lines(piece)
        if number < len(pieces):
            print_sentence(ENTER_SHOWS_MORE_OF_CLAUSE)
            typed = ask_line()
            if typed:
                keep_early_answer(typed)
                break


HOW_TO_ANSWER = N_("Enter skips · ? explains · * goes back · - clears · . stops for now")
HOW_TO_ANSWER_LISTED = N_("Enter skips · ? explains · * goes back · - clears · . shows the whole list")
ANSWERS_SAVED_AT_ONCE = N_("Every answer is saved at once; Ctrl-C loses only what you are typing.")
COMMAND_OF_SCREEN = N_("The command for this screen is: shelterctl {command}")
GO_ON_WITH_COMMAND = N_("Go on with: shelterctl {command}")
IS_FIRST_QUESTION = N_("This is the first question. To stop for now, type a dot.")
TYPED_IS_OFFERED_AGAIN = N_("What you typed is not lost: it is shown below. Press Enter to try again.")
CHANGED_MEANWHILE = N_("Someone else has written here in the meantime: {value}.")
ANSWER_CANNOT_BE_REMOVED = N_("This answer is required. You can change it, not delete it.")
ANSWER_REMOVED = N_("The answer is removed; the question stays open.")
SAVED_AND_STAYS_OPEN = N_("Your answer is saved, and this stays open. To change it, type *.")
SAVED_AS_IT_IS = N_("Your answer is saved. To change it, type *.")
NOTED_AS_GUESS = N_("The date is marked as approximate.")
NO_LONGER_A_GUESS = N_("The date is no longer marked as approximate.")
ANSWER_REPLACED = N_("Saved instead of: {value}.")

PREVIOUS_QUESTION = -1
"""The choice in a list that goes back to the question answered before it."""


def waiting_notice(sentence: Sentence, command: str, **facts: object) -> FilledSentence:
    """Return a notice that answers are kept, followed by the command that goes on with them."""
    return TwoSentences(sentence, GO_ON_WITH_COMMAND), {**facts, "command": command}


def without_commands(said: FilledSentences) -> list[FilledSentence]:
    """Return the sentences without the command that goes on, without the places that were replaced, and each once.

    The menu shows this: the person who answered has just seen those places. Two drafts on one form leave one and the
    same notice.
    """
    told: list[FilledSentence] = []
    for sentence, facts in (each for each in said if each[0] != PLACES):
        one = (sentence, facts)
        if isinstance(sentence, TwoSentences) and sentence.then == GO_ON_WITH_COMMAND:
            one = (sentence.first, {name: fact for name, fact in facts.items() if name != "command"})
        if one not in told:
            told.append(one)
    return told


@immutable(slots=False)
class QuestionStep:
    """One question of a dialogue: its current answer, the function that saves a new one, and its heading.

    *save* saves the answer, or removes it where it is None, and returns the findings that refuse it. *after_answer* is
    called after an answer and may lead back to the question. *after_part* is called at the end of the part, answered or
    not. *offer* is the answer that Enter alone gives. A *settled* step needs no answer, because its part is complete.
    *note_guess* records whether the answer is a guess and returns the sentence that says so.
    """

    name: str
    question: Question
    current: Any
    save: Callable[[Any], Sequence[Finding]]
    heading: FilledSentence | None = None
    clause: str | None = None
    after_answer: Callable[[], Move | None] | None = None
    offer: str = ""
    after_part: Callable[[], None] | None = None
    settled: bool = False
    note_guess: Callable[[Any, bool], Sentence | None] | None = None


@dataclass(repr=False)
class Dialogue:
    """A dialogue through steps that are drawn up anew after every answer, since one answer may bring the next question.

    *numbered* holds the rows of the page of answers in the order of their numbers, each as last seen. *last* is the
    name of the question whose answer was saved last; a list opened after it can go back there.
    """

    session: Session
    command: str
    steps: Callable[[], Sequence[QuestionStep]]
    refresh: Callable[[], None]
    findings_of_last_answer: Callable[[], Sequence[Finding]] = tuple
    unsaved: ShelterError | None = None
    numbered: dict[str, FilledSentence] = field(default_factory=dict)
    last: str | None = None
    _heading: object = None

    def ask_open(self, first: Callable[[], Sequence[QuestionStep]] | None = None) -> bool:
        """Ask every question that is open and still needed; return False if the person ended it early.

        *first* draws up a shorter list of steps to ask.
        """
        drawn = first or self.steps
        steps = drawn()
        reached = max((number for number, step in enumerate(steps) if step.current is not None), default=-1)
        passed = {
            step.name
            for number, step in enumerate(steps)
            if step.current is not None or (step.settled and number < reached)
        }
        return self._ask_from(drawn, 0, passed)

    def ask_part(self, belongs: Callable[[QuestionStep], bool]) -> bool:
        """Ask every question of one part, answered or not; return False if the part has no questions."""
        self._heading = None
        if not self._part(belongs):
            return False
        self._ask_from(lambda: self._part(belongs), 0, lead=True)
        return True

    def ask_once_more(self, name: str) -> None:
        """Ask one question again with its present answer; new questions it brings wait on the page of answers."""
        self._heading = None
        clear_screen()
        for step in self._part(lambda each: each.name == name):
            while self._ask_step(step) is not Move.OPEN and step.after_answer and step.after_answer() is Move.BACK:
                pass
            if step.after_part:
                step.after_part()

    def previous_question(self) -> int | None:
        """Return PREVIOUS_QUESTION if * can go back from a list to the question answered last, else None."""
        return next((PREVIOUS_QUESTION for step in self.steps() if step.name == self.last), None)

    def go_back_to_last(self) -> bool:
        """Ask again from the last question on: * on the page of answers leads here."""
        self._heading = None
        return self._ask_from(self.steps, max(len(self.steps()) - 1, 0))

    def _part(self, belongs: Callable[[QuestionStep], bool]) -> list[QuestionStep]:
        return [step for step in self.steps() if belongs(step)]

    @contextmanager
    def keep_on_interrupt(self, left: Callable[[], FilledSentences]) -> Iterator[None]:
        """Say what is saved when Ctrl-C ends the dialogue; raise the error of an answer that could not be saved.

        *left* returns the sentences to print.
        """
        try:
            yield
        except KeyboardInterrupt:
            for sentence, facts in without_commands(left()) if self.session.in_menu else left():
                print_sentence(sentence, facts)
            if self.unsaved:
                raise self.unsaved from None
            raise

    def _ask_from(
        self,
        drawn: Callable[[], Sequence[QuestionStep]],
        place: int,
        passed: Set[str] = frozenset(),
        *,
        lead: bool = False,
    ) -> bool:
        """Ask from the step number *place* to the end; return False if the person ended it early.

        The *passed* steps are reached only by going back. With *lead*, going back from the first step ends the
        dialogue.
        """
        steps = drawn()
        place = _next_place(steps, place, passed)
        owed: set[str] = set()  # after_answer led back to these: it is called again, even if nothing new is answered
        while place < len(steps):
            step = steps[place]
            move = self._ask_step(step, _question_count(step, steps))
            if move is Move.ENOUGH:
                if step.after_part:
                    step.after_part()
                return False
            if move is Move.BACK:
                if place == 0 and lead:
                    return True
                if place == 0:
                    print_sentence(IS_FIRST_QUESTION, indent="  ")
                place = max(place - 1, 0)
                continue
            back = step.after_answer() if step.after_answer and (move is not Move.OPEN or step.name in owed) else None
            open_ = {each.name for each in steps if each.current is None} - {step.name}
            steps = drawn()
            passed |= {
                each.name for each in steps if each.current is not None
            } & open_  # answered together with this one
            if back is Move.BACK:
                owed.add(step.name)
                continue
            place = _next_place(steps, _place_after(step.name, steps, place), passed)
            if step.after_part and (place == len(steps) or steps[place].heading != step.heading):
                step.after_part()
        return True

    def _ask_step(self, step: QuestionStep, far: tuple[int, int] | None = None) -> Any:
        """Ask one question until an answer is saved or the person moves on.

        *far* is the question's number in its part, and how many questions the part has.
        """
        if step.heading and step.heading != self._heading:
            if step.heading[0] != step.question.text:  # a heading that repeats the question is left out
                print_lines([""])
                print_sentence(*step.heading, bold=True)
            self._heading = step.heading
        behind = partial(self._why, step)
        words, offer = "", step.offer if step.current is None else ""
        while True:
            answer = ask_question(
                step.question,
                self.session.clock,
                current=step.current,
                words=words,
                default=offer,
                explain=behind,
                position=far,
            )
            if answer.value is Move.REMOVE:
                answer = answer._replace(value=None if step.current is not None else Move.OPEN)
            if isinstance(answer.value, Move) or _is_unchanged(step, answer.value):
                self.unsaved = None  # the answer was given up, or it is saved already
                _note_guess(step, answer)
                return answer.value
            words = self._save(step, answer)
            if not words:
                self.last = step.name
                return answer.value
            words = words.strip()
            step = next(
                (each for each in self.steps() if each.name == step.name), step
            )  # its current answer may have changed

    def _why(self, step: QuestionStep) -> None:
        """Print the manual's page on a question, and the command that opens this screen."""
        explain_question(self.session, step.clause, step.question)
        self.print_command()

    def print_command(self) -> None:
        """Print the command that opens this screen."""
        print_sentence(COMMAND_OF_SCREEN, {"command": self.command}, indent="  ")

    def _save(self, step: QuestionStep, answer: TypedAnswer) -> str:
        """Save an answer; return an empty text, or the words that were typed if it could not be saved."""
        try:
            found = step.save(answer.value)
        except (Conflict, DiskError) as error:
            self.refresh()
            theirs = next((each.current for each in self.steps() if each.name == step.name), None)
            if theirs is not None and theirs == answer.value:
                return ""  # both people gave the same answer
            self.unsaved = error
            print_sentence(error.message, error.facts, indent="  ! ")
            if error.hint and isinstance(
                error, DiskError
            ):  # a conflict is settled on this screen, so its hint does not apply
                print_sentence(error.hint, error.facts, indent="    ")
            if theirs is not None and theirs != step.current:
                value = step.question.format_answer(theirs, screen_language())
                print_sentence(CHANGED_MEANWHILE, {"value": value}, indent="  ! ")
            print_sentence(TYPED_IS_OFFERED_AGAIN, indent="    ")
            return answer.words or "-"
        self.unsaved = None
        bare = answer.value is None and any(one.code.startswith("shape/") for one in found)
        told = [sentence_text(ANSWER_CANNOT_BE_REMOVED)] if bare else [finding_text(self.session, one) for one in found]
        print_lines(told, indent="  ! ")
        if found:
            return answer.words if step.question.kind in ("text", "texts") else " "
        if answer.value is None:
            print_sentence(ANSWER_REMOVED, indent="  ")
            return ""
        print_understood(step.question, answer, self.session.clock)
        _note_guess(step, answer)
        if step.current is not None:
            print_sentence(
                ANSWER_REPLACED, {"value": step.question.format_answer(step.current, screen_language())}, indent="  "
            )
        remarks = self.findings_of_last_answer()  # the answer is saved; its findings are shown at once
        print_lines([finding_text(self.session, finding) for finding in remarks], indent="  ! ")
        if remarks:
            print_sentence(SAVED_AND_STAYS_OPEN if has_open_findings(remarks) else SAVED_AS_IT_IS, indent="    ")
        return ""


def _note_guess(step: QuestionStep, answer: TypedAnswer) -> None:
    """Record whether a date that was answered is a guess, and print the sentence about it, if there is one."""
    if step.note_guess is None or answer.value is None or isinstance(answer.value, Move):
        return
    if said := step.note_guess(answer.value, step.question.is_guess(answer.words)):
        print_sentence(said, indent="  ")


def _is_unchanged(step: QuestionStep, value: Any) -> bool:
    """Whether a value is the current answer of the step, even if it was typed in another way."""
    if step.current is None or value is None:
        return False
    return step.question.format_answer(value, "en") == step.question.format_answer(step.current, "en")


def _question_count(step: QuestionStep, steps: Sequence[QuestionStep]) -> tuple[int, int] | None:
    """Return the number of a question in its part and how many the part has; None for the only question."""
    part = [each.name for each in steps if each.heading == step.heading]
    return (part.index(step.name) + 1, len(part)) if len(part) > 1 else None


def _place_after(name: str, steps: Sequence[QuestionStep], place: int) -> int:
    """Return the place after the step of that name; *place* itself if that step has been replaced by another."""
    return next((number + 1 for number, step in enumerate(steps) if step.name == name), place)


def _next_place(steps: Sequence[QuestionStep], place: int, passed: Set[str]) -> int:
    """Return the first place from *place* on whose step is not among those *passed*."""
    return next((number for number in range(place, len(steps)) if steps[number].name not in passed), len(steps))


def print_how_to_answer(*, listed: bool = False) -> None:
    """Print how to answer, before the first question; *listed* where a dot leads to the list of open items."""
    print_sentence(HOW_TO_ANSWER_LISTED if listed else HOW_TO_ANSWER)
    print_sentence(ANSWERS_SAVED_AT_ONCE)
