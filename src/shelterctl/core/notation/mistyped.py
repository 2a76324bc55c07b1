"""By what typed words are read, and what comes of those that cannot be read as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple


class Mistyped(NamedTuple):
    """Why what was typed is not read as it stands, as a sentence that says how to write it.

    *meant* are the words that may have been meant: they are offered, and never taken for what was typed.
    """

    sentence: str
    facts: Mapping[str, object] = {}
    meant: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Clock:
    """The day taken as today and the local time of day, by which ``yesterday`` and ``21:30`` are read.

    With *since* a day without its year and a time without its day are the first from then on.
    """

    today: date
    now: time
    since: datetime | None = None

    @property
    def moment(self) -> datetime:
        """Now, without an offset."""
        return datetime.combine(self.today, self.now)
