"""The answers to one question for every client, and the days for which each holds."""

import json
from array import array
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

NOTHING_KNOWN = 0
"""The number of the value, and of the days, that stand where no answer is known."""

_NO_VALUE = ["no value"]
"""The first value of a column, which no answer has: it stands where nothing is known."""

_SIZES = ("B", "H", "I")
"""The kinds of arrays for whole numbers, the smallest first."""


class Held(NamedTuple):
    """The ordinals of the first and the last day for which an answer holds."""

    since: int
    until: int


class SharedValues:
    """JSON values that are kept once each, in the order in which they came."""

    def __init__(self, values: list[Any] | None = None) -> None:
        self.values = values if values is not None else []
        self._number_of: dict[str, int] = {}

    def add(self, value: Any) -> int:
        """Keep a value if it is not there yet, and return its number."""
        if len(self._number_of) < len(self.values):
            self._number_of = {dump_value(one): number for number, one in enumerate(self.values)}
        text = dump_value(value)
        number = self._number_of.setdefault(text, len(self.values))
        if number == len(self.values):
            self.values.append(json.loads(text))
        return number


class AnswerColumn:
    """The answers to one question by the place of each client: a number of *values* and a number of *spans* of days.

    Many clients have one answer, so an answer takes two or three bytes.
    """

    def __init__(self, count: int) -> None:
        self.values, self.spans = SharedValues([_NO_VALUE]), SharedValues([[1, 0]])
        self.value_numbers, self.span_numbers = array("I", bytes(4 * count)), array("I", bytes(4 * count))

    @classmethod
    def unpack(cls, data: bytes) -> "AnswerColumn":
        """Return the column that was packed. Raises ValueError, KeyError or TypeError for other bytes."""
        head, _, body = data.partition(b"\n")
        said, found, at = json.loads(head), cls(0), 0
        found.values, found.spans = SharedValues(said["values"]), SharedValues(said["spans"])
        for numbers, kind in zip((found.value_numbers, found.span_numbers), said["kinds"], strict=True):
            packed = array(kind)
            end = at + packed.itemsize * said["count"]
            packed.frombytes(body[at:end])
            numbers.extend(packed.tolist())
            at = end
        return found

    def pack(self) -> bytes:
        """Return the column as bytes: a line of JSON, and two arrays of whole numbers."""
        slim = self._without_unused()
        numbers = [
            (slim.value_numbers, _smallest_kind(len(slim.values.values))),
            (slim.span_numbers, _smallest_kind(len(slim.spans.values))),
        ]
        head = {
            "count": len(slim.value_numbers), "kinds": [kind for _, kind in numbers], "values": slim.values.values,
            "spans": slim.spans.values,
        }  # fmt: skip
        return dump_value(head).encode() + b"\n" + b"".join(array(kind, each).tobytes() for each, kind in numbers)

    def places_lacking(self, day: int) -> list[int]:
        """Return the places of the clients for whom no answer is known that holds on the day of that ordinal."""
        spans = [(number, Held(*self.spans.values[number])) for number in set(self.span_numbers)]
        there = {number for number, span in spans if span.since <= day <= span.until}
        if there.issuperset(self.span_numbers):
            return []
        return [at for at, number in enumerate(self.span_numbers) if number not in there]

    def places_having(self, is_wanted: Callable[[Any], bool]) -> list[int]:
        """Return the places of the clients whose answer *is wanted*, on whatever day it holds."""
        known = range(NOTHING_KNOWN + 1, len(self.values.values))
        wanted = {number for number in known if is_wanted(self.values.values[number])}
        return [at for at, number in enumerate(self.value_numbers) if number in wanted]

    def is_known(self, at: int) -> bool:
        """Return whether the client at a place has an answer, on whatever day it holds."""
        return self.value_numbers[at] != NOTHING_KNOWN

    def keep(self, at: int, value: Any, span: Held) -> None:
        """Keep the answer for the client at a place, for these days."""
        self.value_numbers[at], self.span_numbers[at] = self.values.add(value), self.spans.add(span)

    def forget(self, at: int) -> None:
        """Forget the answer for the client at a place."""
        self.value_numbers[at] = self.span_numbers[at] = NOTHING_KNOWN

    def reordered(self, places: Sequence[int | None]) -> "AnswerColumn":
        """Return the column for other clients: each has the answer at her place here, and a new client has none."""
        made = AnswerColumn(len(places))
        made.values, made.spans = self.values, self.spans
        for at, old in enumerate(places):
            if old is not None:
                made.value_numbers[at], made.span_numbers[at] = self.value_numbers[old], self.span_numbers[old]
        return made

    def _without_unused(self) -> "AnswerColumn":
        """Return the column without the values and days that no client has any more."""
        values, spans = (sorted({NOTHING_KNOWN, *each}) for each in (self.value_numbers, self.span_numbers))
        made = AnswerColumn(0)
        made.values = SharedValues([self.values.values[one] for one in values])
        made.spans = SharedValues([self.spans.values[one] for one in spans])
        new_value, new_span = ({old: new for new, old in enumerate(each)} for each in (values, spans))
        made.value_numbers = array("I", map(new_value.__getitem__, self.value_numbers))
        made.span_numbers = array("I", map(new_span.__getitem__, self.span_numbers))
        return made


def dump_value(value: Any) -> str:
    """Return a JSON value as text, short and in its own letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _smallest_kind(count: int) -> str:
    """Return the kind of the smallest array that holds the numbers below *count*."""
    return next(kind for kind in _SIZES if count <= 1 << 8 * array(kind).itemsize)
