"""The losses of a standard: fields and codes of our files that it has no place for, or a coarser one, and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.manual.track import Track
from shelterctl.core.tables.columns import flatten_fields

LOSS_REASONS = NO_CODE, COARSER, ONE_VALUE, NOT_EXACT = ("no_code", "coarser", "one_value", "not_exact")
"""Reasons that follow from the columns; those of whole fields are written in the standard."""

COARSE_CONVERSIONS = ("year", "band")
DAY_CONVERSIONS = ("day", "english_day")


class StandardLoss(NamedTuple):
    """A field of ours, or one *value* of it, that a standard loses, and the *reason*, a code of the list of losses."""

    field: str
    value: str | None
    reason: str


def standard_fields(standard: Standard, tracks: Mapping[str, Track]) -> Iterator[tuple[str, Field]]:
    """Yield every field of the tracks that a standard covers, by its dotted name; unknown tracks have none."""
    for name in standard.covers:
        if name in tracks:
            for path, one in flatten_fields(tracks[name].fields):
                yield f"{name}.{path}", one


def list_losses(standard: Standard, fields: Mapping[str, Field], *, exact: bool) -> Iterator[StandardLoss]:
    """Yield what a file of a standard loses of these fields, in their order; *exact* says that columns which may name
    her are filled.
    """
    for name, one in fields.items():
        columns = [column for column in standard.columns.values() if name in column.source]
        if name in standard.lost:
            yield StandardLoss(name, None, standard.lost[name])
        elif columns:
            if reason := _find_loss(one, columns, exact=exact):
                yield StandardLoss(name, None, reason)
            if reason != NOT_EXACT:
                yield from _list_lost_codes(name, one, columns)


def _find_loss(one: Field, columns: Sequence[StandardColumn], *, exact: bool) -> str | None:
    """Return why a mapped field is not written as it is, or None."""
    if not exact and all(column.person for column in columns):
        return NOT_EXACT
    if one.several and all(column.several != "all" for column in columns):
        return ONE_VALUE
    if all(column.write in COARSE_CONVERSIONS for column in columns):
        return COARSER
    if one.kind in ("partial", "time") and all(column.write in DAY_CONVERSIONS for column in columns):
        return COARSER  # a year alone, or the hour
    return None


def _list_lost_codes(name: str, one: Field, columns: Sequence[StandardColumn]) -> Iterator[StandardLoss]:
    """Yield the codes of a field that no column tells apart, if its columns translate codes."""
    if not all(column.codes or column.any for column in columns):
        return
    for code in one.codes:
        if not any(_tells_apart(column, code, one) for column in columns):
            known = any(code in column.codes or code in column.any for column in columns)
            yield StandardLoss(name, code, COARSER if known else NO_CODE)


def _tells_apart(column: StandardColumn, code: str, one: Field) -> bool:
    """Whether a cell of the column says this code of the field and no other one."""
    if column.any:
        return [each for each in column.any if each in one.codes] == [code]
    theirs = column.codes.get(code)
    return theirs is not None and [column.codes.get(each, column.otherwise) for each in one.codes].count(theirs) == 1
