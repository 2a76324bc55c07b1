"""Checks of what leaves the house and what comes in: the columns in export.yaml, and the sheet for old cases in
import.yaml. A rulebook may lack both files.
"""

from datetime import date
from typing import TYPE_CHECKING

from shelterctl.core.manual.export_rules import ExportRules
from shelterctl.core.manual.import_sheet import IMPORTED_ACTS, OWN_WORDS, ImportSheet
from shelterctl.core.manual.track import SHARING_CONSENT
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import EXPORT_FILE, IMPORT_FILE, RulebookFile, pointer_below, words_with_places
from shelterctl.rulebook.lint.standards import check_consent_answers
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

MATCHING_NEEDS_CONSENT = N_(
    "only clients who agreed are compared with another house; name the track of their consents in tracks.yaml: "
    "purposes, sharing_consent"
)
WORD_MISSING = N_("the sheet needs these words too: {words}")


def check_exchange(rulebook: "Rulebook") -> list[RulebookFile]:
    """Collect the mistakes of the two files, where they are there, and return them."""
    files = []
    if rulebook.has_file(EXPORT_FILE):
        files.append(rulebook.read_file(EXPORT_FILE))
        _check_export_rules(files[-1], rulebook.export_rules, rulebook)
    if rulebook.import_sheet is not None:
        files.append(rulebook.read_file(IMPORT_FILE))
        _check_import_sheet(files[-1], rulebook.import_sheet, rulebook)
    return files


def _check_export_rules(file: RulebookFile, rules: ExportRules, rulebook: "Rulebook") -> None:
    """Collect the columns of export.yaml that no list of clients has."""
    columns = make_level_builder(rulebook, lambda: date.min)("client")
    file.collect_unknown("/exact", rules.exact, columns)
    if rules.anonymised:
        shown = [name for name, one in columns.items() if one.read]
        file.collect_unknown("/anonymised/columns", rules.anonymised.columns, shown)
    if rules.matching:
        track = rulebook.tracks.serving(SHARING_CONSENT)
        if track is None:
            file.errors.append(file.error_at("rule", "/matching", MATCHING_NEEDS_CONSENT))
            return
        check_consent_answers(file, "/matching/consent", rules.matching.consent, track)
        check_consent_answers(file, "/matching/of_minor", rules.matching.of_minor, track)


def _check_import_sheet(file: RulebookFile, sheet: ImportSheet, rulebook: "Rulebook") -> None:
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
