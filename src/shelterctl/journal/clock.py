"""When a journal says that something was written, as far as its times are believed.

A line under a wrong time cannot be taken back. A later line may say that such times count no more for the clock: which
line each journal ended with then, and that whatever is dated after the saying itself was written under a wrong time.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shelterctl.journal.strand import Strand

SLACK = timedelta(minutes=10)
"""How far the clocks of two computers may differ."""

_SAID = b'"more":{"clock":'

Journals = Mapping[str, Strand]
Said = Mapping[str, Any]
"""What a line says."""


def believed(journals: Journals) -> str | None:
    """The latest time that counts; None where no line does."""
    said = list(_said(journals))
    times = (_last(device, strand, said) for device, strand in journals.items())
    return max(filter(None, times), default=None)


def doubted(journals: Journals, time: str) -> bool:
    """Whether that time is one of those that count no more."""
    said = list(_said(journals))
    return bool(said) and any(
        line["at"] == time and _set_aside(device, line, said)
        for device, strand in journals.items()
        for line in map(json.loads, strand.whole())
    )


def _last(device: str, strand: Strand, said: Sequence[Said]) -> str | None:
    """The time of the last line of a journal that counts."""
    if not said:
        return str(json.loads(strand.final)["at"]) if strand.final else None
    lines = (json.loads(line) for line in reversed(list(strand.whole())))
    return next((str(line["at"]) for line in lines if not _set_aside(device, line, said)), None)


def _said(journals: Journals) -> Iterator[Said]:
    """Every line that says so."""
    return (json.loads(line) for strand in journals.values() for _, line in strand.notable if _SAID in line)


def _set_aside(device: str, line: Said, said: Sequence[Said]) -> bool:
    """Whether a line is one of those of which a later line says that their time is wrong."""
    return any(
        line["seq"] <= each["more"]["clock"].get(device, -1)
        and datetime.fromisoformat(line["at"]) > datetime.fromisoformat(each["at"]) + SLACK
        for each in said
    )
