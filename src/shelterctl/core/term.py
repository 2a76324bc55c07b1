"""Codes that may be written from a day on, or no more from one: what was written is read for ever, and told of."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from shelterctl.core.around import Around, field_of
from shelterctl.core.days import day_of
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.field import offered, timed
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Facts
from shelterctl.core.sentence import quoted
from shelterctl.core.track import Track
from shelterctl.language import N_, Coded

ENDED = N_("{label}: {value}. From {since} on this is written no more; instead: {codes} ({clause}).")
TO_COME = N_("{label}: {value}. This is written from {since} on, and before it: {codes} ({clause}).")


def judge_terms(entry: Entry, around: Around, day: date | None = None) -> Iterator[Finding]:
    """Codes of an entry or of a part that do not hold on its day, else on the one on which it was recorded, else *day*.

    Where an act rests on the entry they refuse it, elsewhere they stay open.
    """
    names = _timed(entry)
    whole = entry.outer or entry
    on = (whole.day or day_of(whole.written.get("recorded_at")) or day) if names else None
    if on is None:
        return
    for name in names:
        said = entry.values.get(name)
        yield from _broken(entry, name, said if isinstance(said, tuple) else (said,), on, around)


def judge_written(track: Track, before: Facts, after: Facts, where: str, around: Around) -> Iterator[Finding]:
    """Codes out of their time in what is written today, and was not there *before*, where nothing else has a day."""
    if track.many or not track.timed or around.today is None:
        return
    new = {name: _new(before.get(name), said) for name, said in after.items() if before.get(name) != said}
    yield from judge_terms(read_entry(track, new, where), around, around.today)


def _new(before: Any, said: Any) -> Any:
    """What is written; of several codes those that were not."""
    return (
        [each for each in said if each not in before] if isinstance(said, list) and isinstance(before, list) else said
    )


def _timed(entry: Entry) -> Iterable[str]:
    return entry.of.timed if isinstance(entry.of, Track) else tuple(timed(entry.of.fields))


def _broken(entry: Entry, name: str, said: Iterable[Any], on: date, around: Around) -> Iterator[Finding]:
    one, track = field_of(entry, name, around), (entry.outer or entry).of
    for code in said:
        term = one.terms.get(code)
        if term is None or term.holds(on) or not isinstance(track, Track):
            continue
        ended = term.until is not None and term.until <= on
        clause = term.clause or one.clause or track.clause
        facts = {
            "track": track.name,
            "label": quoted(one.text),
            "value": Coded(code, one.codes[code]),
            "since": term.until if ended else term.since,
            "codes": [Coded(each, text) for each, text in offered(one, on).items()],
            "clause": clause,
        }
        yield Finding(
            code="track/not-in-force",
            severity=Severity.REFUSE if track.act in around.acts else Severity.OPEN,
            message=ENDED if ended else TO_COME,
            where=f"{entry.where}/{name.replace('.', '/')}",
            clause=clause,
            facts=facts,
        )
