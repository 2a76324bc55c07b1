"""One sitting over a paper: its own screen, the questions, and the page of answers until something comes of it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from shelterctl import ask, screen
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.language import N_, Sentence
from shelterctl.walk.answers import CHECK, NO_REST, REST, Redo, rows
from shelterctl.walk.remark import wrong
from shelterctl.walk.step import Head, Walk, introduce
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished, overtaken

WHAT_NOW = N_("What now?")
STOPPED = N_("Not yet: what stands above comes first.")
ALL_ANSWERED = N_("Every question has its answer.")
NO_MORE = N_("There is nothing to do here any more.")
STAYS_OPEN = N_("It is said above what stays open. Go on all the same?")
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
    going: Walk, opening: Said, left: Said, done: Head, answers: Unfinished, *, over: bool = False,
    stops: Callable[[], Sequence[Finding]] = tuple,
) -> Outcome | None:  # fmt: skip
    """Ask, then show the page of answers; None where the act is chosen there, else what is said of it.

    While something *stops* it the act cannot be chosen. What is *left* for later says so.
    """
    chosen = Outcome(said=(done,))

    def review() -> Outcome | None:
        screen.clear()
        found = stops()
        wrong(going.here, found)
        act = offered(going, Page(done, ready=not found), rows(going, found))
        if act == THROW_AWAY:
            return thrown_away(answers)
        return None if act is None else chosen if act == done[0] else Outcome()

    ended = sit(going, opening, Outcome(said=left), review, over=over)
    return None if ended is chosen else ended


@dataclass(frozen=True, repr=False)
class Page:
    """What may become of the answers on a page: *done* where it is *ready*; with *open_* its number asks once more.

    The four acts stand first in the count and keep their numbers, whatever is answered; in brackets stands what cannot
    be done now. *more* acts have numbers behind them, as rows have.
    """

    done: Head
    ready: bool = True
    open_: bool = False
    title: Sentence = CHECK
    more: Sequence[tuple[str, Head]] = ()
    later: Sentence = LATER


def choose(
    table: Table, going: Walk, page: Page, act: Callable[[], Outcome], answers: Unfinished, redo: Iterable[Redo]
) -> Outcome | None:
    """What is to become of the answers: the act, one of them anew, the rest of them, later, or nothing.

    None while they are still being changed; an empty outcome where they are left for later. *redo* are the rows.
    """
    what = offered(going, page, redo)
    if what == page.done[0]:
        if overtaken(table):
            return None
        saved = act()
        return saved if refused(saved.findings) else replace(saved, findings=())  # what is open was on the screen
    if what == THROW_AWAY:
        return thrown_away(answers)
    return Outcome() if what else None


def offered(going: Walk, page: Page, redo: Iterable[Redo]) -> Sentence | None:
    """Which of the acts is chosen below the page of answers; None where an answer was given anew.

    Enter is later; where something can be done, and she may take it for a yes, that is said before.
    """
    left = sum(step.now is None for step in going.steps())
    acts: list[Head] = [page.done, (REST if left else NO_REST, {"count": left}), (page.later, {}), (THROW_AWAY, {})]
    known, more = {name: (head, again) for name, head, again in redo}, dict(page.more)
    going.numbered |= {name: head for name, (head, _) in known.items()} | more
    names, first = list(going.numbered), len(acts)
    places = first + len(names)
    closed: dict[int, Head] = {} if page.ready else {0: (STOPPED, {})}
    closed |= {} if left else {1: (ALL_ANSWERED, {})}
    closed |= {first + n: (NO_MORE, {}) for n, name in enumerate(names) if name not in known | more}
    chosen = ask.choice(
        WHAT_NOW, [*acts, *going.numbered.values()], back=places, why=going.named, closed=closed,
        above=(page.title, [first + n for n, name in enumerate(names) if name not in more]),
        alone=(ALONE, {"number": 1}) if page.ready else None,
        sure={0: (STAYS_OPEN, {})} if page.open_ and page.ready else {},
    )  # fmt: skip
    if chosen == places:
        going.back()
    elif chosen is None:
        return LATER
    elif chosen == 1:
        going.go()
    elif chosen < first:
        return acts[chosen][0]
    elif (name := names[chosen - first]) in more:
        return more[name][0]
    else:
        known[name][1]()
    return None


def thrown_away(answers: Unfinished) -> Outcome | None:
    """The answers are forgotten, once that is said yes to."""
    if not ask.confirm(SURE):
        return None
    answers.drop()
    return Outcome(data={"id": answers.table.id}, said=((GONE, {}),))
