"""The page of whatever has a name in the manual or in the program, for ``explain`` and for the ``?`` of a question."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from shelterctl.core.finding import Outcome
from shelterctl.core.letter import capitals
from shelterctl.errors import NotFound
from shelterctl.explained import choice, deadline, meaning, topic, track, trouble, word
from shelterctl.language import N_
from shelterctl.library import Shelf

NOTHING = N_("There is no such clause, code, state, deadline, line or word of the program.")
NEAR = N_("Did you mean {near}?")
LOOK = N_("A clause is named like A6.4, a finding like agreement/over-cap; every finding says its own.")
ALSO = N_("What may be written down there: explain {name}")
TOPIC = N_("There is help on that: shelterctl help {topic}")

REVISED = ("shelf/", "track/")
"""How codes begin of which only whoever revises the manual is told: nobody who works by it means one."""

SURE = 0.8
"""How much alike two names are of which one was hardly meant otherwise."""

Names = Callable[[Shelf], Iterable[str]]
Explain = Callable[[Shelf, str, date], Outcome]

KINDS: tuple[tuple[Names, Explain], ...] = (
    (lambda shelf: shelf.clauses, meaning.clause),
    (lambda shelf: shelf.readings, meaning.reading),
    (lambda shelf: shelf.states, meaning.state),
    (lambda shelf: shelf.duties, meaning.duty),
    (deadline.deadlines, deadline.deadline),
    (trouble.items, trouble.item),
    (trouble.codes, trouble.code),
    (meaning.lines, meaning.line),
    (word.words, word.word),
    (choice.choices, choice.choice),
    (track.tracks, track.track),
)
"""What can be explained: how to come by the names of a kind, and the page of one of them."""


def page(shelf: Shelf, what: str, day: date) -> Outcome:
    """The page of whatever is called *what*; NotFound, with the nearest names, where nothing is."""
    asked = folded(what)
    rows = {duty["row"]: name for name, duty in shelf.duties.items()}
    known: dict[str, tuple[str, Explain]] = {}
    for names, explain in KINDS:
        for name in names(shelf):
            known.setdefault(folded(name), (name, explain))
    known |= {folded(row): known[folded(name)] for row, name in rows.items()}
    for other, name in word.also():
        known.setdefault(folded(other), (name, word.word))
    for name in shelf.track_names:
        known.setdefault(folded(name), (track.NAMED.format(name), track.track))
    if asked not in known:
        raise _unknown(shelf, asked, {key: name for key, (name, _) in known.items()})
    name, explain = known[asked]
    told = explain(shelf, name, day)
    namesake = track.NAMED.format(asked.replace(" ", "-"))
    if namesake == name or folded(namesake) not in known or explain is track.track:
        return told
    return replace(told, prose=(*told.prose, ("", {}), (ALSO, {"name": namesake})))


def names(shelf: Shelf) -> list[str]:
    """Everything that can be explained, by the names under which it is asked for."""
    return list(dict.fromkeys((*(name for of_a_kind, _ in KINDS for name in of_a_kind(shelf)), *shelf.track_names)))


def word_of(shelf: Shelf, asked: str, day: date) -> Outcome | None:
    """The page of a word of the program, however it is called; none where it is no such word."""
    called = {folded(other): name for other, name in word.also()} | {folded(name): name for name in word.words(shelf)}
    name = called.get(folded(asked))
    return word.word(shelf, name, day) if name else None


def folded(name: str) -> str:
    """A name as it is looked up: however its letters are written, with spaces or underscores, in either alphabet."""
    return " ".join(capitals(name.replace("_", " ")).casefold().split())


def _unknown(shelf: Shelf, asked: str, known: dict[str, str]) -> NotFound:
    """What is nearest to it: names written nearly so, titles that have the word, then names written somewhat alike."""
    if topics := get_close_matches(asked, topic.TOPICS, 1, SURE):
        return NotFound("explain/unknown", NOTHING, hint=TOPIC, topic=topics[0])
    meant = [key for key in known if asked.startswith(REVISED) or not key.startswith(REVISED)]
    surely, alike = ([known[key] for key in get_close_matches(asked, meant, 3, much)] for much in (SURE, 0.6))
    near = list(dict.fromkeys((*surely, *_titled(shelf, asked), *alike)))[:3]
    return NotFound("explain/unknown", NOTHING, hint=NEAR if near else LOOK, near=near)


def _titled(shelf: Shelf, asked: str) -> list[str]:
    """Clauses and items whose title has a word, unless that is too short to mean anything."""
    titles = {name: it["heading"] for name, it in shelf.clauses.items()}
    titles |= {name: it.item.text for name, it in trouble.items(shelf).items()}
    return [name for name, title in titles.items() if len(asked) > 3 and asked in folded(" ".join(title.values()))]
