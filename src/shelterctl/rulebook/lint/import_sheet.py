"""Checks of the sheet for old cases: columns are fields, papers meet items, and no word lacks."""

from typing import TYPE_CHECKING

from shelterctl.core.manual.import_sheet import IMPORTED_ACTS, OWN_WORDS, ImportSheet
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

WORD_MISSING = N_("the sheet needs these words too: {words}")


def check_import_sheet(file: RulebookFile, sheet: ImportSheet, rulebook: "Rulebook") -> None:
    """Collect the mistakes of the sheet in its file."""
    for name, at in words_with_places("/columns", sheet.columns):
        track, _, path = name.partition(".")
        file.collect(file.require_known, at, track, rulebook.tracks)
        if track in rulebook.tracks:
            file.collect(file.require_known, at, path, rulebook.tracks[track].fields)
    on_paper = [name for name, item in rulebook.items.items() if item.on_paper]
    file.collect_unknown("/papers", sheet.papers, on_paper)
    file.collect_unknown("/acts", sheet.acts, IMPORTED_ACTS)
    for key, names, needed in (("words", sheet.words, OWN_WORDS), ("kinds", sheet.kinds, ("text", "day"))):
        if lacking := [name for name in needed if name not in names]:
            file.errors.append(file.error_at("shape", pointer_below("", key), WORD_MISSING, words=lacking))
