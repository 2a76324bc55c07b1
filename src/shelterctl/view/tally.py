"""How many rows there are of each kind, with what is added up; and a cell as whoever reads it is told."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from shelterctl.core.column import IN_WORDS, UNREGISTERED, Column
from shelterctl.core.field import UNKNOWN
from shelterctl.core.finding import Outcome
from shelterctl.language import N_, Coded, Nothing

SMALL = N_("Numbers from 1 to {most} may tell who somebody is. They stay in the house.")

FEW = 10
"""Of so many people in a group nobody is told outside the house, as IOM's global dataset has it."""

COUNT = "count"
WORDS = {UNKNOWN: N_("unknown"), IN_WORDS: N_("in words"), UNREGISTERED: N_("not registered")}
"""What is told where no code of the field itself stands."""

Columns = Mapping[str, Column]
Cells = Mapping[str, Any]


def cell_of(column: Column, value: Any) -> Any:
    """A cell for whoever reads it: a code with its words beside it."""
    if isinstance(value, tuple):
        return [cell_of(column, each) for each in value]
    text = (column.codes.get(value) or WORDS.get(value)) if isinstance(value, str) else None
    return Coded(value, text) if text else value


def tallied(shown: Columns, rows: Iterable[Cells]) -> Outcome:
    """The rows counted by the columns that are shown; those that add are added up instead."""
    by = {name: column for name, column in shown.items() if not column.adds}
    sums = {name: column for name, column in shown.items() if column.adds}
    together: dict[tuple[Any, ...], list[Cells]] = {} if by else {(): []}
    for row in rows:
        together.setdefault(tuple(_in_order(column, row[name]) for name, column in by.items()), []).append(row)
    ranked = sorted(together, key=lambda kind: [_rank(column, value) for column, value in _pairs(by, kind)])
    told = [
        {name: _cell(column, value) for (name, column), value in zip(by.items(), kind, strict=True)}
        | {COUNT: len(together[kind])}
        | {name: _sum(column, (row[name] for row in together[kind])) for name, column in sums.items()}
        for kind in ranked
    ]
    few = any(0 < len(rows) <= FEW for rows in together.values())
    last = ((SMALL, {"most": FEW}),) if few else ()
    return Outcome(data={"rows": told}, columns=(*by, COUNT, *sums), last=last)


def _cell(column: Column, value: Any) -> Any:
    """A cell of a counted row, in which a person is told in words that nothing stands there."""
    return Nothing(column.nothing) if value in (None, ()) else cell_of(column, value)


def _pairs(by: Columns, kind: tuple[Any, ...]) -> Iterator[tuple[Column, Any]]:
    return zip(by.values(), kind, strict=True)


def _sum(column: Column, values: Iterable[Any]) -> Any:
    return sum((value for value in values if value is not None), Decimal(0) if column.kind == "som" else 0)


def _in_order(column: Column, value: Any) -> Any:
    """Several codes in the order of the shelf, so that the same ones are one kind however they were written."""
    return tuple(sorted(value, key=lambda each: _rank(column, each))) if isinstance(value, tuple) else value


def _rank(column: Column, value: Any) -> tuple[Any, ...]:
    """Where a value stands among others: codes as the shelf has them, anything else by itself, nothing at last."""
    if isinstance(value, tuple):
        return 0, tuple(_rank(column, each) for each in value)
    codes = [*column.codes]
    if value in codes:
        return 0, codes.index(value)
    return (2, "") if value is None else (1, type(value).__name__, value)
