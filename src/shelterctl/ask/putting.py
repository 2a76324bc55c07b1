"""A question put until it is answered, left open, taken away or gone back from."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from shelterctl import screen
from shelterctl.ask.line import line
from shelterctl.core import notation
from shelterctl.core.notation import Clock, Mistyped
from shelterctl.core.question import Question, said
from shelterctl.language import N_, Sentence

YES_NO = N_("1 yes, 2 no")
HOW = {
    "time": N_("Day and time, as 14.03 21:30."),
    "clock": N_("Time of day, as 8:00."),
    "clocks": N_("Times of day, as 8:00, 20:30."),
}
"""What is said of kinds that nobody writes alike."""
SHORT = 30
"""What has no more letters is named again by the sentence that says what Enter writes."""
READ_AS = N_("That is {value}.")
TO_COME = N_("That is {value}, which is still to come. If it is wrong, * goes back.")
MEANT = N_("Did you mean {meant}? Enter writes {meant}.")
MEANT_LONG = N_("Did you mean {meant}? Enter writes it so.")
MEANT_MOVE = {
    "<": N_("Did you mean to go back? Enter goes back."),
    "?": N_("Did you mean to ask what it means? Enter explains it."),
    ".": N_("Did you mean that it is enough for now? Enter stops here."),
}
"""What is offered where a key of the other layout was pressed."""
IF_UNKNOWN = N_("If nobody knows it: unknown.")
LEFT_OPEN = N_("What nobody knows is left open: write -.")
OTHERWISE = N_("Did you mean {meant}? Then write that; Enter alone is no.")
"""What is offered where Enter alone is an answer already."""
KEYBOARD = N_("Is the keyboard in the language that you write in?")
STANDS = N_("now: {value}")
WHOLE = N_("What you write takes the place of what stands there now: write all of it.")
FAR = N_("{number} of {all}")
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
    far: tuple[int, int] | None = None,
) -> Answer:
    """The answer to one question, or a move away from it; *now* is what stands already, *words* what was typed before.

    *offer* is what Enter alone answers; *why* shows what stands behind the question; *far* is which one it is of how
    many.
    """
    _head(asked, now, offer, far)
    before, offered = "", offer
    while True:
        words = line(words) or offered
        move = WORDS.get(words.casefold())
        if not words:
            return Answer(Move.OPEN)
        if move == "?":
            why() if why else screen.tell(NOTHING_BEHIND, indent="  ")
            _head(asked, now, offer, far)
            offered = offer
        elif move:
            return Answer({"<": Move.BACK, "-": Move.REMOVE, ".": Move.ENOUGH}[move])
        else:
            again = words == before
            read = asked.read(words, clock, screen.spoken(), again=again)
            if not isinstance(read, Mistyped):
                return Answer(read, words)
            opens = read.sentence == notation.NOT_KNOWN and (offer or now is not None)
            fit = read.facts.get("lines")
            screen.write(fit if isinstance(fit, list) else (), indent="    ")
            screen.tell(LEFT_OPEN if opens else read.sentence, read.facts, indent="  ! ")
            if read.meant:
                plain = MEANT if len(read.meant) <= SHORT else MEANT_LONG
                screen.tell(MEANT_MOVE.get(read.meant, plain), {"meant": read.meant}, indent="    ")
            elif notation.layout.unlike(words):
                screen.tell(KEYBOARD, indent="    ")
            before, offered = words, read.meant or offer
        words = ""


def _head(asked: Question, now: Any, offer: str, far: tuple[int, int] | None) -> None:
    """The question, what stands there now, a hint, the choices with their numbers, and what Enter alone answers."""
    spoken = screen.spoken()
    stands = "" if now is None else f"  [{screen.said(STANDS, {'value': asked.shown(now, spoken)})}]"
    inline = f" ({screen.said(YES_NO)})" if asked.kind == "yes_no" and not asked.choices else ""
    head = said(asked.text, spoken)
    counted = f"  ({screen.said(FAR, {'number': far[0], 'all': far[1]})})" if far else ""
    screen.write(["", head[:1].upper() + head[1:] + inline + stands + counted], bold=True)
    if asked.kind in HOW and now is None:
        screen.tell(HOW[asked.kind], indent="  ")
    if asked.unknown and not asked.choices and now is None:
        screen.tell(IF_UNKNOWN, indent="  ")
    if asked.hint:
        screen.write([said(asked.hint, spoken)], indent="  ")
    if asked.several and now is not None:
        screen.tell(WHOLE, indent="  ")
    before = screen.is_answered()
    for number, text in enumerate(asked.choices.values(), 1):
        if before or not screen.is_answered():  # whoever answers half-way down the list has seen enough of it
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


def confirm(title: Sentence, facts: Mapping[str, object] | None = None) -> bool:
    """Whether yes is said; an empty answer is no. What may be the other answer, typed on the other layout, is none.

    A word of the other layout is named and asked for again: Enter cannot take it, for Enter says no.
    """
    screen.write(["", f"{screen.said(title, facts)} ({screen.said(YES_NO)})"], bold=True)
    while words := line():
        read = notation.yes_no(words)
        if not isinstance(read, Mistyped) and words.casefold() != notation.ONE_KEY.get(screen.spoken()):
            return read
        screen.tell(notation.YES_NO, indent="  ! ")
        others = (other for other in notation.layout.other(words) if isinstance(read, Mistyped))
        if meant := next((each for each in others if not isinstance(notation.yes_no(each), Mistyped)), ""):
            screen.tell(OTHERWISE, {"meant": meant}, indent="    ")
    return False
