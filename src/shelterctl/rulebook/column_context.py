"""The context in which computed columns of lists are read: the tracks, forms and lists of codes of a rulebook."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from shelterctl.core.manual.track import Deadline
from shelterctl.core.rules.monitoring import monitoring_clause
from shelterctl.core.rules.retention import NOT_MONITORED, REGISTERS_UNREAD, RegistersRead
from shelterctl.core.tables.derived_columns import STANDS_AGAINST, ColumnContext, RowMemory
from shelterctl.core.tables.lists import ColumnLevel, build_level
from shelterctl.language import Text
from shelterctl.rulebook.files import LazyMapping

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


def make_column_context(
    rulebook: "Rulebook", today: Callable[[], date], registers: Callable[[], RegistersRead]
) -> ColumnContext:
    """Return what columns are computed from; *today* and *registers* return what some of them need."""

    @cache
    def kept() -> Deadline | None:
        due = (due for track in rulebook.tracks_with_deadlines for due in track.due)
        return next((one for one in due if one.never == "listed"), None)

    def codes(name: str) -> Mapping[str, Text]:
        if name == "states":
            return {code: one["text"] for code, one in rulebook.states.items()}
        if name == "track_names":
            return {code: track.text for code, track in rulebook.tracks.items()}
        if name == "form_names":
            return {code: {**form.text, "en": code} for code, form in rulebook.forms.items()}
        if name == "line_numbers":
            return {number: {"en": number} for form in rulebook.forms.values() for number in form.parts}
        if name == "form_lines":
            return _form_lines(rulebook)
        return _obstacles(rulebook, kept()) if name == STANDS_AGAINST else rulebook.lists[name]

    names = ("states", "track_names", "form_names", "line_numbers", "form_lines", *rulebook.lists)
    return ColumnContext(
        rulebook.tracks,
        kept,
        rulebook.forms,
        today,
        LazyMapping(names, codes),
        RowMemory(),
        registers,
        rulebook.tracks_of_columns,
    )


def _form_lines(rulebook: "Rulebook") -> Mapping[str, Text]:
    """Return each line of each form, by form and number."""
    return {
        f"{form} {number}": {language: f"{said}, {number}" for language, said in track.text.items()}
        for form, track in rulebook.forms.items()
        for number in track.parts
    }


def _obstacles(rulebook: "Rulebook", kept: Deadline | None) -> Mapping[str, Text]:
    """Return what may stand against deleting a file, by code: each sentence with the clause that it rests on."""
    ruling = kept.ruling(date.max) if kept else None
    clauses = {NOT_MONITORED: monitoring_clause(rulebook.tracks), REGISTERS_UNREAD: ""}
    own = (
        (code, text, clauses.get(code, ruling.clause if ruling else ""))
        for code, text in rulebook.lists[STANDS_AGAINST].items()
    )
    held = ((name, one.holds.text, one.holds.clause) for name, one in rulebook.tracks.items() if one.holds)
    return {
        code: {language: f"{said} ({clause})" if clause else said for language, said in text.items()}
        for code, text, clause in (*own, *held)
    }


def make_level_builder(
    rulebook: "Rulebook", today: Callable[[], date], registers: Callable[[], RegistersRead] = RegistersRead
) -> Callable[[str], ColumnLevel]:
    """Return a function that builds the columns of one subject of rows, each once."""
    context = make_column_context(rulebook, cache(today), cache(registers))
    return cache(lambda about: build_level(about, rulebook.tracks, context))
