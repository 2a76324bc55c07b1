"""One sitting over a paper: its own screen, the questions, and the page of answers until something comes of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from shelterctl import ask, screen
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.language import N_, Sentence
from shelterctl.walk.answers import CHECK, Redo, rows
from shelterctl.walk.remark import wrong
from shelterctl.walk.step import Head, Walk, introduce
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished, overtaken

WHAT_NOW = N_("What now?")
ALONE = N_("Enter alone does not do it: {number} does. Enter once more leaves it for later.")
LATER = N_("leave it for later; the answers are kept")
THROW_AWAY = N_("throw these answers away")
SURE = N_("Throw them away? What was saved before stays.")
GONE = N_("The answers are thrown away; her file is as it was.")


def sit(
    going: Walk, opening: Said, kept: Outcome, review: Callable[[], Outcome | None], *, over: bool = False,
    only: Collection[str] = (), page: bool = False,
) -> Outcome:  # fmt: skip
    """Ask, then review; *kept* is said where nothing more came of it, or where someone left in the middle.

    *opening* begins with the title. *review* answers None while something is still being changed, and an empty
    outcome where it is left for later. *over* asks what is answered already too; *only* these questions are put first,
    where they are named. With *page* no question comes before the page of answers.
    """
    with going.kept(lambda: kept.said), going.here.alone():
        for number, (sentence, facts) in enumerate(opening):
            screen.tell(sentence, facts, bold=number == 0)
        introduce()
        if over or only:
            going.part(lambda step: over or any(f"{step.name}.".startswith(f"{name}.") for name in only))
        elif not page:
            going.go()
        ended = None
        while ended is None:
            ended = review()
    return ended if ended.said or ended.findings else kept


def settled(
    going: Walk, opening: Said, left: Said, done: Head, *, over: bool = False, answers: Unfinished | None = None,
    stops: Callable[[], Sequence[Finding]] = tuple,
) -> bool:  # fmt: skip
    """Ask, then show the page of answers; whether the act is chosen there, or it is *left* for later.

    While something *stops* it the act is not offered; where *answers* are named they may be thrown away.
    """
    chosen = Outcome(said=(done,))

    def review() -> Outcome | None:
        screen.clear()
        found = stops()
        wrong(going.here, found)
        acts = [*([] if found else [done]), (LATER, {}), *([(THROW_AWAY, {})] if answers else [])]
        act = offered(going, acts)
        if act == THROW_AWAY and answers:
            return thrown_away(answers)
        return None if act is None else chosen if act == done[0] else Outcome()

    return sit(going, opening, Outcome(said=left), review, over=over) is chosen


def choose(
    table: Table, going: Walk, done: Head | None, act: Callable[[], Outcome], answers: Unfinished | None = None,
    redo: Sequence[Redo] | None = None, title: Sentence = CHECK,
) -> Outcome | None:  # fmt: skip
    """What is to become of the answers: the act, where it is offered, one of them anew, or later.

    None while they are still being changed; an empty outcome where they are left for later. Where *answers* are named
    they may be thrown away too. *redo* are the rows of the page where they are not simply the answers.
    """
    acts = [*([done] if done else []), (LATER, {}), *([(THROW_AWAY, {})] if answers else [])]
    what = offered(going, acts, redo, title)
    if done and what == done[0]:
        if overtaken(table):
            return None
        saved = act()
        return saved if refused(saved.findings) else replace(saved, findings=())  # what is open was on the screen
    if what == THROW_AWAY and answers:
        return thrown_away(answers)
    return Outcome() if what else None


def offered(
    going: Walk, acts: Sequence[Head], redo: Sequence[Redo] | None = None, title: Sentence = CHECK
) -> Sentence | None:
    """Which of the acts is chosen below the page of answers; None where an answer was given anew.

    Enter is later; where something can be done, and she may take it for a yes, that is said before.
    """
    known = list(rows(going)) if redo is None else redo
    places = len(known) + len(acts)
    above = (title, [head for head, _ in known])
    alone = None if acts[0][0] == LATER else (ALONE, {"number": len(known) + 1})
    chosen = ask.choice(WHAT_NOW, acts, above=above, back=places, why=going.named, alone=alone)
    if chosen == places:
        going.back()
        return None
    if chosen is None:
        return LATER
    if chosen < len(known):
        known[chosen][1]()
        return None
    return acts[chosen - len(known)][0]


def thrown_away(answers: Unfinished) -> Outcome | None:
    """The answers are forgotten, once that is said yes to."""
    if not ask.confirm(SURE):
        return None
    answers.drop()
    return Outcome(data={"id": answers.table.id}, said=((GONE, {}),))
