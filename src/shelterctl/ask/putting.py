"""A question put until it is answered, left open, taken away or gone back from."""

from collections.abc import Callable, Container, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from shelterctl import screen
from shelterctl.ask.line import line
from shelterctl.core import notation
from shelterctl.core.notation import Clock, Mistyped
from shelterctl.core.question import Question, said
from shelterctl.language import N_, Sentence

ON_THE_LIST = N_("Write a number from 1 to {count}.")
YES_NO = N_("1 yes, 2 no")
HOW = {
    "time": N_("Day and time, as 14.03 21:30."),
    "clock": N_("Time of day, as 8:00."),
    "clocks": N_("Times of day, as 8:00, 20:30."),
}
"""What is said of kinds that nobody writes alike."""
READ_AS = N_("That is {value}.")
TO_COME = N_("That is {value}, which is still to come. If it is wrong, * goes back.")
MEANT = N_("Did you mean {meant}? Enter takes it.")
MEANT_MOVE = {
    "<": N_("Did you mean to go back? Enter goes back."),
    "?": N_("Did you mean to ask what it means? Enter explains it."),
    ".": N_("Did you mean that it is enough for now? Enter stops here."),
}
"""What is offered where a key of the other layout was pressed."""
STANDS = N_("now: {value}")
OFFER = N_("Enter takes {value}; - leaves it open.")
NOTHING_BEHIND = N_("Nothing is written about this question beyond its words.")

WORDS = notation.MOVES


class Answer(NamedTuple):
    """What came of a question: a value or a Move, and the words that were typed."""

    value: Any
    words: str = ""


class Move(Enum):
    """What was typed instead of an answer."""

    OPEN = "open"
    BACK = "back"
    REMOVE = "remove"
    ENOUGH = "enough"


def question(
    asked: Question,
    clock: Clock,
    *,
    now: Any = None,
    words: str = "",
    offer: str = "",
    why: Callable[[], None] | None = None,
) -> Answer:
    """The answer to one question, or a move away from it; *now* is what stands already, *words* what was typed before.

    *offer* is what Enter alone answers; *why* shows what stands behind the question.
    """
    _head(asked, now, offer)
    before, offered = "", offer
    while True:
        words = line(words) or offered
        move = WORDS.get(words.casefold())
        if not words:
            return Answer(Move.OPEN)
        if move == "?":
            why() if why else screen.tell(NOTHING_BEHIND, indent="  ")
            _head(asked, now, offer)
            offered = offer
        elif move:
            return Answer({"<": Move.BACK, "-": Move.REMOVE, ".": Move.ENOUGH}[move])
        else:
            read = asked.read(words, clock, screen.spoken(), again=words == before)
            if not isinstance(read, Mistyped):
                return Answer(read, words)
            screen.tell(read.sentence, read.facts, indent="  ! ")
            if read.meant:
                screen.tell(MEANT_MOVE.get(read.meant, MEANT), {"meant": read.meant}, indent="    ")
            before, offered = words, read.meant or offer
        words = ""


def _head(asked: Question, now: Any, offer: str) -> None:
    """The question, what stands there now, a hint, the choices with their numbers, and what Enter alone answers."""
    spoken = screen.spoken()
    stands = "" if now is None else f"  [{screen.said(STANDS, {'value': asked.shown(now, spoken)})}]"
    inline = f" ({screen.said(YES_NO)})" if asked.kind == "yes_no" and not asked.choices else ""
    head = said(asked.text, spoken)
    screen.write(["", head[:1].upper() + head[1:] + inline + stands], bold=True)
    if asked.kind in HOW and now is None:
        screen.tell(HOW[asked.kind], indent="  ")
    if asked.hint:
        screen.write([said(asked.hint, spoken)], indent="  ")
    for number, text in enumerate(asked.choices.values(), 1):
        screen.write([f"{number:>2} {said(text, spoken)}"], indent="  ")
    if offer:
        screen.tell(OFFER, {"value": offer}, indent="  ")


def echo(asked: Question, answer: Answer, clock: Clock) -> None:
    """How an answer was understood, where it was not typed out; a day or time still to come is said to be so."""
    value = asked.shown(answer.value, screen.spoken())
    if asked.late(answer.value, clock):
        screen.tell(TO_COME, {"value": value}, indent="  ")
    elif not asked.literal(answer.words, answer.value, screen.spoken()):
        screen.tell(READ_AS, {"value": value}, indent="  ")


def choice(
    title: Sentence,
    options: Sequence[tuple[Sentence, Mapping[str, object]]],
    facts: Mapping[str, object] | None = None,
    *,
    grave: Container[int] = (),
    back: int | None = None,
) -> int | None:
    """Which of *options* is chosen, from 0; None where nothing is, and *back* where somebody goes back.

    What is *grave* is chosen by its number alone.
    """
    screen.write(["", screen.said(title, facts)], bold=True)
    texts = [screen.said(sentence, told) for sentence, told in options]
    for number, text in enumerate(texts, 1):
        screen.write([f"{number:>2} {text}"], indent="  ")
    while True:
        words = line()
        move = WORDS.get(words.casefold())
        if back is not None and move == "<":
            return back
        if not words or not options or move in ("<", ".", "-"):
            return None
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(options):
            return int(words) - 1
        fits = [place for place, text in enumerate(texts) if text.casefold().startswith(words.casefold())]
        if len(fits) == 1 and fits[0] not in grave:
            return fits[0]
        screen.tell(ON_THE_LIST, {"count": len(options)}, indent="  ! ")


def confirm(title: Sentence, facts: Mapping[str, object] | None = None) -> bool:
    """Whether yes is said; an empty answer is no. What may be the other answer, typed on the other layout, is none."""
    screen.write(["", f"{screen.said(title, facts)} ({screen.said(YES_NO)})"], bold=True)
    while words := line():
        read = notation.yes_no(words)
        if not isinstance(read, Mistyped) and words.casefold() != notation.ONE_KEY.get(screen.spoken()):
            return read
        screen.tell(notation.YES_NO, indent="  ! ")
    return False
