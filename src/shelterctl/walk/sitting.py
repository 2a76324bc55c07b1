"""One sitting over a paper: its own screen, the questions, and the review until something comes of it."""

from collections.abc import Callable
from dataclasses import replace

from shelterctl import ask, screen
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.language import N_
from shelterctl.walk.step import Head, Walk, introduce
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished, overtaken

WHAT_NOW = N_("What now?")
AGAIN = N_("go through the questions again")
LATER = N_("leave it for later; the answers are kept")
THROW_AWAY = N_("throw these answers away")
SURE = N_("Throw them away? What was saved before stays.")
GONE = N_("The answers are thrown away; her file is as it was.")


def sit(
    going: Walk, opening: Said, command: str, kept: Outcome, review: Callable[[], Outcome | None], *, over: bool = False
) -> Outcome:
    """Ask, then review; *kept* is said where nothing more came of it, or where someone left in the middle.

    *opening* begins with the title. *review* answers None while something is still being changed, and an empty
    outcome where it is left for later. *over* asks what is answered already too.
    """
    with going.kept(lambda: kept.said), screen.alone():
        for number, (sentence, facts) in enumerate(opening):
            screen.tell(sentence, facts, bold=number == 0)
        introduce(command)
        if over:
            going.part(lambda step: True)
        else:
            going.go()
        ended = None
        while ended is None:
            ended = review()
    return ended if ended.said else kept


def choose(
    table: Table, going: Walk, done: Head | None, act: Callable[[], Outcome], answers: Unfinished | None = None
) -> Outcome | None:
    """What is to become of the answers: the act, where it is offered, once more through them, or later.

    None while they are still being changed; an empty outcome where they are left for later. Where *answers* are named
    they may be thrown away too.
    """
    options: list[Head] = [*([done] if done else []), (AGAIN, {}), (LATER, {})]
    options += [(THROW_AWAY, {})] if answers else []
    chosen = ask.choice(WHAT_NOW, options, back=len(options))
    if chosen == len(options):
        going.back()
        return None
    what = LATER if chosen is None else options[chosen][0]
    if done and what == done[0]:
        if overtaken(table):
            return None
        saved = act()
        return saved if refused(saved.findings) else replace(saved, findings=())  # what is open was on the screen
    if what == AGAIN:
        screen.clear()
        going.part(lambda step: True)
        return None
    if what == THROW_AWAY and answers:
        return thrown_away(answers)
    return Outcome()


def thrown_away(answers: Unfinished) -> Outcome | None:
    """The answers are forgotten, once that is said yes to."""
    if not ask.confirm(SURE):
        return None
    answers.drop()
    return Outcome(data={"id": answers.table.id}, said=((GONE, {}),))
