"""Fields of tracks as questions: of her file as it stands, or of an entry that is still in the making."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import beside
from shelterctl.core import around as core
from shelterctl.core.around import ASKED, asked
from shelterctl.core.entry import read_entry
from shelterctl.core.field import Field, Fields
from shelterctl.core.finding import Finding
from shelterctl.core.question import Question
from shelterctl.core.track import Track
from shelterctl.walk.step import Head, Step
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

Put = Callable[[str, Any], Sequence[Finding]]


def of_file(table: Table, names: Sequence[str], head: Head, besides: frozenset[str] = frozenset()) -> Iterator[Step]:
    """The step of each field, or of every field of a track, that is asked of her; not of those *besides*."""
    for name in _fields(table, names):
        if name not in besides and is_asked(table, name):
            yield step(table, table.here.shelf.path(name), head)


def step(table: Table, path: str, head: Head | None = None, **more: Any) -> Step:
    """The step of one place of her file."""
    return Step(path, table.question(path), table.at(path), partial(table.put, path), head, **more)


def _fields(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Names of fields as they stand; of a track all that is asked at a terminal, in its order."""
    for name in names:
        if "." in name:
            yield name
        else:
            yield from _leaves(name, table.here.shelf.tracks[name].fields)


def _leaves(above: str, fields: Fields) -> Iterator[str]:
    """What is asked of these fields, and in the place of a group of what stands inside it."""
    for name, one in fields.items():
        if one.fields and not one.by_file:
            yield from _leaves(f"{above}.{name}", one.fields)
        elif not one.by_file:
            yield f"{above}.{name}"


def is_asked(table: Table, name: str) -> bool:
    """Whether a field of her file is asked beside what the file says."""
    track, _, field = name.partition(".")
    of = table.here.shelf.tracks[track]
    around = beside(table.here, table.client, table.stay, table.here.today)
    entry = next(iter(around.entries(track)), read_entry(of, {})) if table.record else read_entry(of, {})
    return core.is_asked(entry, field, around)


def in_making(
    table: Table, track: Track, answers: Unfinished, put: Put, head: Head, question: Callable[[Field], Question]
) -> Iterator[Step]:
    """A step for each field of an entry that is asked beside its other answers; its own day is offered as today.

    A day that is still to come is not; what an older version took, and is no code now, is asked anew.
    """
    entry = read_entry(track, answers.facts)
    around = beside(table.here, table.client, table.stay, table.here.today)
    for one in track.fields.values():
        if asked(one, entry, around) == ASKED:
            to_ask, now = question(one), answers.at(one.name)
            offer = screen.shown(table.here.today) if one.name == track.day and not to_ask.ahead else ""
            yield Step(
                one.name, to_ask, now if _stands(now, to_ask) else None, partial(put, one.name), head, offer=offer
            )


def _stands(now: Any, question: Question) -> bool:
    """Whether what was answered before is an answer still."""
    listed = now if isinstance(now, list) else [now]
    return not question.choices or question.open or question.unknown or all(one in question.choices for one in listed)
