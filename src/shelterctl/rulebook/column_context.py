"""The context in which computed columns of lists are read: the tracks, forms and lists of codes of a rulebook."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from shelterctl.core.tables.derived_columns import ColumnContext
from shelterctl.core.tables.lists import ColumnLevel, build_level
from shelterctl.language import Text
from shelterctl.rulebook.files import LazyMapping

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


def make_column_context(rulebook: "Rulebook", today: Callable[[], date]) -> ColumnContext:
    """Return what columns are computed from; *today* returns the day for columns that need one."""

    def codes(name: str) -> Mapping[str, Text]:
        if name == "states":
            return {code: one["text"] for code, one in rulebook.states.items()}
        if name == "form_names":
            return {code: {"en": code} for code in rulebook.forms}
        if name == "line_numbers":
            return {number: {"en": number} for form in rulebook.forms.values() for number in form.parts}
        if name == "form_lines":
            forms = rulebook.forms.items()
            return {
                f"{form} {number}": {language: f"{said}, {number}" for language, said in track.text.items()}
                for form, track in forms
                for number in track.parts
            }
        return rulebook.lists[name]

    names = ("states", "form_names", "line_numbers", "form_lines", *rulebook.lists)
    kept = next((due for track in rulebook.tracks_with_deadlines for due in track.due if due.never == "listed"), None)
    return ColumnContext(rulebook.tracks, kept, rulebook.forms, today, LazyMapping(names, codes))


def make_level_builder(rulebook: "Rulebook", today: Callable[[], date]) -> Callable[[str], ColumnLevel]:
    """Return a function that builds the columns of one subject of rows, each once."""
    context = make_column_context(rulebook, cache(today))
    return cache(lambda about: build_level(about, rulebook.tracks, context))
