"""Cells of lists as JSON: days and sums of money are marked, so that each comes back as what it was."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shelterctl.core.tables.columns import Cell

_DAY, _SUM, _SEVERAL = "day", "sum", "several"


def pack_cells(cells: Sequence["Cell"]) -> list[Any] | None:
    """Return cells as JSON; None if one is of a kind that JSON does not give back."""
    packed = [_pack(cell) for cell in cells]
    return None if NotImplemented in packed else packed


def _pack(cell: "Cell") -> Any:
    if cell is None or type(cell) in (bool, int, str):
        return cell
    if isinstance(cell, tuple):
        several = [_pack(each) for each in cell]
        return NotImplemented if NotImplemented in several else {_SEVERAL: several}
    if isinstance(cell, Decimal):
        return {_SUM: str(cell)}
    return {_DAY: cell.isoformat()} if isinstance(cell, date) and not hasattr(cell, "hour") else NotImplemented


def unpack_cells(packed: Sequence[Any]) -> Sequence["Cell"]:
    """Return the cells that were packed."""
    return [_unpack(each) if isinstance(each, dict) else each for each in packed]


def _unpack(packed: dict[str, Any]) -> "Cell":
    ((kind, said),) = packed.items()
    if kind == _SEVERAL:
        return tuple(unpack_cells(said))
    return Decimal(said) if kind == _SUM else _read_day(said)


@lru_cache(maxsize=1024)
def _read_day(said: str) -> date:
    return date.fromisoformat(said)
