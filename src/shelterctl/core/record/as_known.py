"""A file as it was known on an earlier day: without the entries, changes and strikes that were recorded later.

This is another question than how things stood on a day: something that happened in November and was recorded in
December was not known in November.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, restore_values
from shelterctl.core.values.days import Span, local_day, read_partial
from shelterctl.core.values.facts import Facts

_DAY_OR_MONTH_OR_YEAR = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)


def facts_as_known(facts: Facts, day: date) -> dict[str, Any] | None:
    """Return a file, a joined record or an entry as it was known at the end of *day*; None if it was recorded later.

    What has no time of its own, such as an act on an entry, counts as known since its entry was recorded.
    """
    recorded = local_day(facts.get("recorded_at"))
    if recorded is not None and recorded > day:
        return None
    known = _without_later_changes(facts, day)
    shown = {name: _value_as_known(value, day) for name, value in known.items()}
    return {name: value for name, value in shown.items() if value != {}}


def _value_as_known(value: Any, day: date) -> Any:
    if isinstance(value, Mapping):
        return facts_as_known(value, day) or {}
    if isinstance(value, list):
        kept = (facts_as_known(each, day) if isinstance(each, Mapping) else each for each in value)
        return [each for each in kept if each is not None]
    return value


def _without_later_changes(facts: Facts, day: date) -> dict[str, Any]:
    """Return an entry without the changes made after *day*, the last one first, and without a later strike."""
    known = dict(facts)
    struck = known.get("void")
    if isinstance(struck, Mapping) and (on := local_day(struck.get("on"))) and on > day:
        known.pop("void")
    changes = [*(known.get(CHANGES_KEY) or ())]
    while changes and (at := local_day(changes[-1]["at"])) and at > day:
        known = {**known, **_values_before(known, changes.pop()[BEFORE_KEY])}
        known = {name: value for name, value in known.items() if value is not None}
    known.pop(CHANGES_KEY, None)
    return {**known, CHANGES_KEY: changes} if changes else known


def _values_before(known: Facts, before: Facts) -> dict[str, Any]:
    """Return the values that an entry had before a change, None where there was none."""
    restored = restore_values(known, before)
    return {name: restored.get(name) for name in before}


def group_days_known_alike(facts: Facts, days: Iterable[date]) -> list[list[date]]:
    """Return days in groups, the earliest first: a file was known alike on all days of one group.

    Whatever makes a difference has a day that is written in the file, so it was known alike on two days if the file
    names no day after the first one up to the second.
    """
    ordered = sorted(set(days))
    if len(ordered) < 2:
        return [ordered]
    named = [span for span in _days_named(facts) if ordered[0] < span.last and span.first <= ordered[-1]]
    groups = [ordered[:1]]
    for before, day in pairwise(ordered):
        if any(before < span.last and span.first <= day for span in named):
            groups.append([])
        groups[-1].append(day)
    return groups


def _days_named(value: Any) -> Iterator[Span]:
    """Yield the days that each text or number may name: a month or a year may mean any of its days."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _days_named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _days_named(each)
    elif isinstance(value, str | int):
        yield from filter(None, map(read_partial, _DAY_OR_MONTH_OR_YEAR.findall(str(value))))
