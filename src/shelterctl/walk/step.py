"""One step after the other: put, judged, saved; back and forth at will, and nothing lost on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.core.finding import Finding, Said
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.errors import Conflict, Disk, ShelterError
from shelterctl.language import N_, Sentence
from shelterctl.walk.explanation import why

HOW = N_("Enter leaves it open · ? explains · * goes back · - takes away · . ends for now")
HOW_LISTED = N_("Enter leaves it open · ? explains · * goes back · - takes away · . lists it all")
LEAVING = N_("Every answer is saved at once; Ctrl-C loses only what is being typed.")
HERE = N_("The command for this screen is: shelterctl {command}")
FIRST = N_("This is the first question; there is nothing before it.")
OFFERED_AGAIN = N_("What you typed is not lost: it stands below. Enter tries again.")
CHANGED = N_("Meanwhile someone else wrote here: {value}.")
TAKEN_AWAY = N_("Taken away; it stands open.")
REPLACED = N_("Saved in place of: {value}.")


Head = tuple[Sentence, Mapping[str, object]]
"""What stands over the questions of one part."""


@dataclass(frozen=True, repr=False)
class Step:
    """One question on the way: what stands there now, how the answer is saved, and the heading of its part.

    *put* saves the answer, or None to take it away, and returns what refuses it. *then* comes after the answer, and may
    lead back to the question; *last* when its part is over, answered or not; *offer* is what Enter alone answers. What
    is *settled* needs no answer any more, for its part is complete.
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


@dataclass(repr=False)
class Walk:
    """A way through steps that are drawn up anew after every answer, for one answer may ask for the next."""

    here: Desk
    steps: Callable[[], Sequence[Step]]
    refresh: Callable[[], None]
    remarks: Callable[[], Sequence[Finding]] = tuple
    unsaved: ShelterError | None = None
    _head: object = None

    def go(self) -> bool:
        """Through every question that is open and still needed; False where it was enough for now."""
        steps = self.steps()
        reached = max((number for number, step in enumerate(steps) if step.now is not None), default=-1)
        passed = {
            step.name
            for number, step in enumerate(steps)
            if step.now is not None or (step.settled and number < reached)
        }
        return self._on(self.steps, 0, passed)

    def part(self, belongs: Callable[[Step], bool]) -> bool:
        """Through one part of the way from its beginning, answered or not; False where it has no questions."""
        self._head = None
        return bool(part := self._part(belongs)) and (self._on(lambda: self._part(belongs), 0) or bool(part))

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
            for sentence, facts in left():
                screen.tell(sentence, facts)
            if self.unsaved:
                raise self.unsaved from None
            raise

    def _on(self, drawn: Callable[[], Sequence[Step]], place: int, passed: Set[str] = frozenset()) -> bool:
        """From *place* to the end; what is *passed* is come to only by going back."""
        steps = drawn()
        place = _next(steps, place, passed)
        owed: set[str] = set()  # where what comes after the answer led back: it comes again, answered anew or not
        while place < len(steps):
            step = steps[place]
            move = self._one(step)
            if move is ask.Move.ENOUGH:
                if step.last:
                    step.last()
                return False
            if move is ask.Move.BACK:
                if place == 0:
                    screen.tell(FIRST, indent="  ")
                place = max(place - 1, 0)
                continue
            back = step.then() if step.then and (move is not ask.Move.OPEN or step.name in owed) else None
            steps = drawn()
            if back is ask.Move.BACK:
                owed.add(step.name)
                continue
            place = _next(steps, _after(step.name, steps, place), passed)
            if step.last and (place == len(steps) or steps[place].head != step.head):
                step.last()
        return True

    def _one(self, step: Step) -> Any:
        """One question until something comes of it: an answer that is saved, or a move."""
        if step.head and step.head != self._head:
            if step.head[0] != step.question.text:  # a part of one question is not said twice
                screen.write([""])
                screen.tell(*step.head, bold=True)
            self._head = step.head
        behind = partial(why, self.here, step.code, step.question)
        words, offer = "", step.offer if step.now is None else ""
        while True:
            answer = ask.question(step.question, self.here.clock, now=step.now, words=words, offer=offer, why=behind)
            if answer.value is ask.Move.REMOVE:
                answer = answer._replace(value=None if step.now is not None else ask.Move.OPEN)
            if isinstance(answer.value, ask.Move) or _stands(step, answer.value):
                self.unsaved = None  # whatever could not be saved was given up, or stands there
                return answer.value
            words = self._save(step, answer)
            if not words:
                return answer.value
            words = words.strip()
            step = next((each for each in self.steps() if each.name == step.name), step)  # it may stand otherwise now

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
        for finding in found:
            screen.tell(finding.message, finding.facts, indent="  ! ")
        if found:
            return answer.words if step.question.kind in ("text", "texts") else " "
        if answer.value is None:
            screen.tell(TAKEN_AWAY, indent="  ")
            return ""
        ask.echo(step.question, answer, self.here.clock)
        if step.now is not None:
            screen.tell(REPLACED, {"value": step.question.shown(step.now, screen.spoken())}, indent="  ")
        for finding in self.remarks():  # it is written down; what is wrong with it is said at once
            screen.tell(finding.message, finding.facts, indent="  ! ")
        return ""


def _stands(step: Step, value: Any) -> bool:
    """Whether this is what stands there already, however it is written."""
    return (
        step.now is not None
        and value is not None
        and step.question.shown(value, "en") == step.question.shown(step.now, "en")
    )


def _after(name: str, steps: Sequence[Step], place: int) -> int:
    """The place behind the step of that name; where it is gone from the way, what has come in its place."""
    return next((number + 1 for number, step in enumerate(steps) if step.name == name), place)


def _next(steps: Sequence[Step], place: int, passed: Set[str]) -> int:
    """The first place from there on that is not passed over."""
    return next((number for number in range(place, len(steps)) if steps[number].name not in passed), len(steps))


def introduce(command: str, *, listed: bool = False) -> None:
    """How to answer, and the command that opens this screen, said once before the first question.

    *listed* is where enough for now leads to the list of all that is open.
    """
    screen.tell(HOW_LISTED if listed else HOW)
    screen.tell(LEAVING)
    screen.tell(HERE, {"command": command})
