"""One sitting over a paper: its own screen, the questions, and the review until something comes of it."""

from collections.abc import Callable

from shelterctl import screen
from shelterctl.core.finding import Outcome, Said
from shelterctl.language import N_
from shelterctl.walk.step import Walk, introduce

WHAT_NOW = N_("What now?")
AGAIN = N_("go through the questions again")
LATER = N_("leave it for later; the answers are kept")


def sit(going: Walk, opening: Said, command: str, kept: Outcome, review: Callable[[], Outcome | None]) -> Outcome:
    """Ask, then review; *kept* is said where nothing more came of it, or where someone left in the middle.

    *opening* begins with the title. *review* answers None while something is still being changed, and an empty
    outcome where it is left for later.
    """
    with going.kept(lambda: kept.said), screen.alone():
        for number, (sentence, facts) in enumerate(opening):
            screen.tell(sentence, facts, bold=number == 0)
        introduce(command)
        going.go()
        ended = None
        while ended is None:
            ended = review()
    return ended if ended.said else kept
