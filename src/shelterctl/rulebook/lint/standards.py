"""Checks of a standard: every column is filled from a place that is there, by codes that are there, and every field of
the tracks that it covers is mapped or said to be lost.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.tables.columns import flatten_fields
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

FIELD_WITHOUT_COLUMN = N_(
    "the standard covers this track, but has no column for {field}; map it, or name it in loses with the reason"
)
SOURCE_OR_UNFILLED = N_("write either from, or unfilled: true, for a column that nothing here fills")
LOST_AND_MAPPED = N_("this field is mapped to a column, so it is not lost; leave it out here")


def check_standard(file: RulebookFile, standard: Standard, rulebook: "Rulebook") -> None:
    """Collect the mistakes of a standard in its file."""
    for name, at in words_with_places("/covers", standard.covers):
        file.collect(file.require_known, at, name, rulebook.tracks)
    fields = dict(standard_fields(standard, rulebook))
    columns = make_level_builder(rulebook, _no_day)("client")
    for name, column in standard.columns.items():
        at = pointer_below("/columns", name)
        if column.unfilled == bool(column.source):
            file.errors.append(file.error_at("rule", at, SOURCE_OR_UNFILLED))
        for source, place in words_with_places(f"{at}/from", column.source):
            file.collect(file.require_known, place, source, {**fields, **columns})
        _check_codes(file, at, column, [fields[one] for one in column.source if one in fields])
    mapped = {source for column in standard.columns.values() for source in column.source}
    for reason, names in standard.loses.items():
        at = pointer_below("/loses", reason)
        file.collect(file.require_known, at, reason, rulebook.lists["losses"])
        for name, place in words_with_places(at, names):
            file.collect(file.require_known, place, name, fields)
            if name in mapped:
                file.errors.append(file.error_at("rule", place, LOST_AND_MAPPED))
    for name in fields:
        if name not in mapped and name not in standard.lost:
            file.errors.append(file.error_at("rule", "/covers", FIELD_WITHOUT_COLUMN, field=name))


def standard_fields(standard: Standard, rulebook: "Rulebook") -> Iterator[tuple[str, Field]]:
    """Yield every field of the tracks that a standard covers, by its dotted name."""
    for name in standard.covers:
        if name in rulebook.tracks:
            for path, one in flatten_fields(rulebook.tracks[name].fields):
                yield f"{name}.{path}", one


def _check_codes(file: RulebookFile, at: str, column: StandardColumn, fields: list[Field]) -> None:
    """Collect codes that no field of the column has, where its fields have codes of their own."""
    known = {code for one in fields for code in one.codes}
    if not known:
        return
    for key, codes in (("codes", column.codes), ("any", column.any)):
        for number, code in enumerate(codes):
            place = pointer_below(f"{at}/{key}", code) if key == "codes" else f"{at}/{key}/{number}"
            file.collect(file.require_known, place, code, known)


def _no_day() -> None:
    """The day of columns that need one: none is read here."""
