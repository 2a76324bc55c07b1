"""The data of an invented house: who works there, and how often and with which answers entries of each track occur."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from shelterctl.core.manual.track import Track
from shelterctl.document.reading import read_document
from shelterctl.immutable import immutable
from shelterctl.platform.reading import read_program_file
from shelterctl.rulebook.files import PACKAGE_FOLDER

DATA_FOLDER = PACKAGE_FOLDER / "invented"
WHOLE_TIME = "whole"
"""The period of entries that occur so often in a stay, or for a code in all months."""

DAYTIME = (9, 18)
DEFAULT_PERIODS = {"house": "month"}
"""The period of a track that the data does not name, by its home; else the whole time."""


@cache
def read_data(name: str) -> Mapping[str, Any]:
    """Return a file with data about the invented house."""
    return read_document(read_program_file(DATA_FOLDER / f"{name}.yaml")).value


@immutable
class Turn:
    """An entry that occurs in every period at the same time of day, with its answers.

    *lasts* are fields that lie so many hours later.
    """

    at: str
    lasts: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@immutable
class Frequency:
    """The number and the contents of a track's entries.

    Entries occur so many *times* in a period (*per*), at *hours* of the day; or at each of the *turns*; or once *for
    each* code of a field. *at* says from which event of a stay, and how many hours after it; *odds* in how many stays
    of a hundred. Of *answers* one is drawn for a field; *patterns* are texts with a number, a day or a year. *always*
    and *never* name fields; *lasts* are fields that lie so many hours later, *for_period* those that hold the days to
    the end of the period.
    """

    times: tuple[int, int] = (1, 2)
    per: str = WHOLE_TIME
    hours: tuple[int, int] = DAYTIME
    turns: tuple[Turn, ...] = ()
    for_each: str | None = None
    at: Mapping[str, Any] | None = None
    odds: int = 100
    answers: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    for_period: frozenset[str] = frozenset()
    lasts: Mapping[str, int] = field(default_factory=dict)

    def for_codes(self, track: Track) -> "Iterator[Frequency]":
        """Yield the frequency for each code of the field that *for_each* names, with this answer; else itself."""
        if self.for_each is None:
            yield self
        else:
            for code in track.fields[self.for_each].codes:
                yield replace(self, answers={**self.answers, self.for_each: [code]})


def read_frequencies(track: Track, more: Mapping[str, Any] | None = None) -> list[Frequency]:
    """Return how often entries of a track occur, several times where they are of several kinds.

    A track that the data does not name has a usual frequency.
    """
    named = read_data("house")["tracks"].get(track.name, {})
    return [_read_frequency(track, {**one, **(more or {})}) for one in (named if isinstance(named, list) else [named])]


def _read_frequency(track: Track, written: dict[str, Any]) -> Frequency:
    written.setdefault("per", DEFAULT_PERIODS.get(track.of_register or "", WHOLE_TIME))
    for name in ("times", "hours"):
        if name in written:
            written[name] = tuple(written[name])
    for name in ("always", "never", "for_period"):
        written[name] = frozenset(written.get(name, ()))
    written["turns"] = tuple(Turn(**one) for one in written.get("turns", ()))
    if written.get("for_each") not in track.fields:
        written.pop("for_each", None)
    return Frequency(**written)


class Occurrence(NamedTuple):
    """The time of an entry, the last day of the period in which it lies, and its turn where there are turns."""

    moment: datetime
    ends: date | None = None
    turn: Turn | None = None


def list_moments(frequency: Frequency, first: datetime, last: datetime, lot: Random) -> Iterator["Occurrence"]:
    """Yield the times of a track's entries from *first* to *last*."""
    for begins, ends in _periods(frequency.per, first.date(), last.date()):
        if frequency.turns:
            yield from (
                Occurrence(datetime.combine(begins, time.fromisoformat(one.at)), ends, one) for one in frequency.turns
            )
            continue
        for _ in range(lot.randint(*frequency.times)):
            day = begins + timedelta(lot.randint(0, (ends - begins).days))
            at = datetime.combine(day, time(lot.randint(*frequency.hours) % 24, lot.randrange(0, 60, 5)))
            yield Occurrence(min(max(at, first), last), ends)


def _periods(per: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each period, cut to the days from *first* to *last*."""
    begins = first
    while begins <= last:
        ends = min(_last_day(per, begins, last), last)
        yield begins, ends
        begins = ends + timedelta(1)


def _last_day(per: str, day: date, last: date) -> date:
    if per == "day":
        return day
    if per == "week":
        return day + timedelta(6 - day.weekday())
    if per == "month":
        return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    return day.replace(month=12, day=31) if per == "year" else last
