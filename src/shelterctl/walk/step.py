"""One step after the other: put, judged, saved; back and forth at will, and nothing lost on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.file import REPLACED as PLACES
from shelterctl.core.finding import Finding, Said
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.errors import Conflict, Disk, ShelterError
from shelterctl.language import N_, Both, Sentence
from shelterctl.walk.explanation import why
from shelterctl.walk.remark import remark

HOW = N_("Enter leaves it open · ? explains · * goes back · - takes away · . ends for now")
HOW_LISTED = N_("Enter leaves it open · ? explains · * goes back · - takes away · . lists it all")
LEAVING = N_("Every answer is saved at once; Ctrl-C loses only what is being typed.")
HERE = N_("The command for this screen is: shelterctl {command}")
GO_ON = N_("Go on with: shelterctl {command}")
FIRST = N_("This is the first question; there is nothing before it. A dot ends it for now.")
OFFERED_AGAIN = N_("What you typed is not lost: it stands below. Enter tries again.")
CHANGED = N_("Meanwhile someone else wrote here: {value}.")
STANDS = N_("Her file is nothing without this answer. It can be changed, and not taken away.")
TAKEN_AWAY = N_("Taken away; it stands open.")
KEPT_SO = N_("It is written down so, and stays open; * goes back to it.")
GUESSED = N_("It is noted that this is a guess.")
CERTAIN = N_("It is no longer noted as a guess.")
REPLACED = N_("Saved in place of: {value}.")

BEFORE = -1
"""What is chosen of a list by whoever goes back from it to the question that was answered before."""

Head = tuple[Sentence, Mapping[str, object]]
"""What stands over the questions of one part."""


def waits(sentence: Sentence, command: str, **facts: object) -> Head:
    """What is said of answers that wait, and the command that goes on with them: the menu leaves that out."""
    return Both(sentence, GO_ON), {**facts, "command": command}


def in_words(said: Said) -> list[Head]:
    """The same without the command that goes on, and without places in a file: whoever answers saw what stood there.

    Two drafts are then signed in one way, which is said once.
    """
    told: list[Head] = []
    for sentence, facts in (each for each in said if each[0] != PLACES):
        one = (sentence, facts)
        if isinstance(sentence, Both) and sentence.then == GO_ON:
            one = (sentence.first, {name: fact for name, fact in facts.items() if name != "command"})
        if one not in told:
            told.append(one)
    return told


@dataclass(frozen=True, repr=False)
class Step:
    """One question on the way: what stands there now, how the answer is saved, and the heading of its part.

    *put* saves the answer, or None to take it away, and returns what refuses it. *then* comes after the answer, and may
    lead back to the question; *last* when its part is over, answered or not; *offer* is what Enter alone answers. What
    is *settled* needs no answer any more, for its part is complete. *guessed* notes whether an answer is a guess, and
    returns what is said of that.
    """

    name: str
    question: Question
    now: Any
    put: Callable[[Any], Sequence[Finding]]
    head: Head | None = None
    code: str | None = None
    then: Callable[[], ask.Move | None] | None = None
    offer: str = ""
    last: Callable[[], None] | None = None
    settled: bool = False
    guessed: Callable[[Any, bool], Sentence | None] | None = None


@dataclass(repr=False)
class Walk:
    """A way through steps that are drawn up anew after every answer, for one answer may ask for the next.

    *numbered* are the rows of its page of answers in the order of their numbers, as each was seen last.
    *last* is the question whose answer was saved last: from a list behind it one goes back there.
    """

    here: Desk
    command: str
    steps: Callable[[], Sequence[Step]]
    refresh: Callable[[], None]
    remarks: Callable[[], Sequence[Finding]] = tuple
    unsaved: ShelterError | None = None
    numbered: dict[str, Head] = field(default_factory=dict)
    last: str | None = None
    _head: object = None

    def go(self, first: Callable[[], Sequence[Step]] | None = None) -> bool:
        """Through every question that is open and still needed; False where it was enough for now.

        *first* draws up the beginning of the way, where no more than that is asked at once.
        """
        drawn = first or self.steps
        steps = drawn()
        reached = max((number for number, step in enumerate(steps) if step.now is not None), default=-1)
        passed = {
            step.name
            for number, step in enumerate(steps)
            if step.now is not None or (step.settled and number < reached)
        }
        return self._on(drawn, 0, passed)

    def part(self, belongs: Callable[[Step], bool]) -> bool:
        """Through one part of the way from its beginning, answered or not; False where it has no questions."""
        self._head = None
        return bool(part := self._part(belongs)) and (self._on(lambda: self._part(belongs), 0, lead=True) or bool(part))

    def again(self, name: str) -> None:
        """One question once more, with what stands there; what it gives rise to stands on the page behind it."""
        self._head = None
        screen.clear()
        for step in self._part(lambda each: each.name == name):
            while self._one(step) is not ask.Move.OPEN and step.then and step.then() is ask.Move.BACK:
                pass
            if step.last:
                step.last()

    def before(self) -> int | None:
        """Where `*` leads from a list: to the question answered last, where it stands there still."""
        return next((BEFORE for step in self.steps() if step.name == self.last), None)

    def back(self) -> bool:
        """From the last question on: so far `<` leads where all of them are answered."""
        self._head = None
        return self._on(self.steps, max(len(self.steps()) - 1, 0))

    def _part(self, belongs: Callable[[Step], bool]) -> list[Step]:
        return [step for step in self.steps() if belongs(step)]

    @contextmanager
    def kept(self, left: Callable[[], Said]) -> Iterator[None]:
        """Whoever leaves in the middle is told what is saved; an answer that could not be saved ends as its error."""
        try:
            yield
        except KeyboardInterrupt:
            for sentence, facts in in_words(left()) if self.here.stays else left():
                screen.tell(sentence, facts)
            if self.unsaved:
                raise self.unsaved from None
            raise

    def _on(
        self, drawn: Callable[[], Sequence[Step]], place: int, passed: Set[str] = frozenset(), *, lead: bool = False
    ) -> bool:
        """From *place* to the end; what is *passed* is come to only by going back, which may *lead* out before all."""
        steps = drawn()
        place = _next(steps, place, passed)
        owed: set[str] = set()  # where what comes after the answer led back: it comes again, answered anew or not
        while place < len(steps):
            step = steps[place]
            move = self._one(step, _far(step, steps))
            if move is ask.Move.ENOUGH:
                if step.last:
                    step.last()
                return False
            if move is ask.Move.BACK:
                if place == 0 and lead:
                    return True
                if place == 0:
                    screen.tell(FIRST, indent="  ")
                place = max(place - 1, 0)
                continue
            back = step.then() if step.then and (move is not ask.Move.OPEN or step.name in owed) else None
            open_ = {each.name for each in steps if each.now is None} - {step.name}
            steps = drawn()
            passed |= {each.name for each in steps if each.now is not None} & open_  # this answer filled them in
            if back is ask.Move.BACK:
                owed.add(step.name)
                continue
            place = _next(steps, _after(step.name, steps, place), passed)
            if step.last and (place == len(steps) or steps[place].head != step.head):
                step.last()
        return True

    def _one(self, step: Step, far: tuple[int, int] | None = None) -> Any:
        """One question until something comes of it: an answer that is saved, or a move; *far* is how far one is."""
        if step.head and step.head != self._head:
            if step.head[0] != step.question.text:  # a part of one question is not said twice
                screen.write([""])
                screen.tell(*step.head, bold=True)
            self._head = step.head
        behind = partial(self._why, step)
        words, offer = "", step.offer if step.now is None else ""
        while True:
            answer = ask.question(
                step.question, self.here.clock, now=step.now, words=words, offer=offer, why=behind, far=far
            )
            if answer.value is ask.Move.REMOVE:
                answer = answer._replace(value=None if step.now is not None else ask.Move.OPEN)
            if isinstance(answer.value, ask.Move) or _stands(step, answer.value):
                self.unsaved = None  # whatever could not be saved was given up, or stands there
                _note_guess(step, answer)
                return answer.value
            words = self._save(step, answer)
            if not words:
                self.last = step.name
                return answer.value
            words = words.strip()
            step = next((each for each in self.steps() if each.name == step.name), step)  # it may stand otherwise now

    def _why(self, step: Step) -> None:
        """What stands behind a question, and the command that opens this screen."""
        why(self.here, step.code, step.question)
        self.named()

    def named(self) -> None:
        """Say which command opens this screen."""
        screen.tell(HERE, {"command": self.command}, indent="  ")

    def _save(self, step: Step, answer: ask.Answer) -> str:
        """Save an answer; what was typed comes back where it could not be."""
        try:
            found = step.put(answer.value)
        except (Conflict, Disk) as error:
            self.refresh()
            theirs = next((each.now for each in self.steps() if each.name == step.name), None)
            if theirs is not None and theirs == answer.value:
                return ""  # both answered the same
            self.unsaved = error
            screen.tell(error.message, error.facts, indent="  ! ")
            if error.hint and isinstance(error, Disk):  # a conflict is settled here, not by running it again
                screen.tell(error.hint, error.facts, indent="    ")
            if theirs is not None and theirs != step.now:
                screen.tell(CHANGED, {"value": step.question.shown(theirs, screen.spoken())}, indent="  ! ")
            screen.tell(OFFERED_AGAIN, indent="    ")
            return answer.words or "-"
        self.unsaved = None
        bare = answer.value is None and any(one.code.startswith("shape/") for one in found)
        told = [screen.said(STANDS)] if bare else [remark(self.here, one) for one in found]
        screen.write(told, indent="  ! ")
        if found:
            return answer.words if step.question.kind in ("text", "texts") else " "
        if answer.value is None:
            screen.tell(TAKEN_AWAY, indent="  ")
            return ""
        ask.echo(step.question, answer, self.here.clock)
        _note_guess(step, answer)
        if step.now is not None:
            screen.tell(REPLACED, {"value": step.question.shown(step.now, screen.spoken())}, indent="  ")
        remarks = self.remarks()  # it is written down; what is wrong with it is said at once
        screen.write([remark(self.here, finding) for finding in remarks], indent="  ! ")
        if remarks:
            screen.tell(KEPT_SO, indent="    ")
        return ""


def _note_guess(step: Step, answer: ask.Answer) -> None:
    """Note whether a date that was answered is a guess, and say what came of it."""
    if step.guessed is None or answer.value is None or isinstance(answer.value, ask.Move):
        return
    if said := step.guessed(answer.value, step.question.is_guess(answer.words)):
        screen.tell(said, indent="  ")


def _stands(step: Step, value: Any) -> bool:
    """Whether this is what stands there already, however it is written."""
    return (
        step.now is not None
        and value is not None
        and step.question.shown(value, "en") == step.question.shown(step.now, "en")
    )


def _far(step: Step, steps: Sequence[Step]) -> tuple[int, int] | None:
    """Which question of its part it is, and of how many; nothing where it is the only one."""
    part = [each.name for each in steps if each.head == step.head]
    return (part.index(step.name) + 1, len(part)) if len(part) > 1 else None


def _after(name: str, steps: Sequence[Step], place: int) -> int:
    """The place behind the step of that name; where it is gone from the way, what has come in its place."""
    return next((number + 1 for number, step in enumerate(steps) if step.name == name), place)


def _next(steps: Sequence[Step], place: int, passed: Set[str]) -> int:
    """The first place from there on that is not passed over."""
    return next((number for number in range(place, len(steps)) if steps[number].name not in passed), len(steps))


def introduce(*, listed: bool = False) -> None:
    """How to answer, said once before the first question; *listed* is where a dot leads to all that is open."""
    screen.tell(HOW_LISTED if listed else HOW)
    screen.tell(LEAVING)
