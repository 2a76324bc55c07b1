"""Checks of exports and of the sheet for old cases: every name in export.yaml and import.yaml is there."""

from typing import TYPE_CHECKING

from shelterctl.core.manual.export_rules import ExportRules
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.core.tables.columns import flatten_fields
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


def check_export_rules(file: RulebookFile, rules: ExportRules, rulebook: "Rulebook") -> None:
    """Collect the columns of export.yaml that no list of clients has."""
    columns = make_level_builder(rulebook, _no_day)("client")
    file.collect_unknown("/exact", rules.exact, columns)
    if rules.anonymised:
        shown = [name for name, one in columns.items() if one.read]
        file.collect_unknown("/anonymised/columns", rules.anonymised.columns, shown)


def check_import_sheet(file: RulebookFile, sheet: ImportSheet, rulebook: "Rulebook") -> None:
    """Collect the columns of import.yaml that no track has, and the items and acts that are not there."""
    fields = {f"{name}.{path}" for name, track in rulebook.tracks.items() for path, _ in flatten_fields(track.fields)}
    file.collect_unknown("/columns", sheet.columns, fields)
    file.collect_unknown("/papers", sheet.papers, {one.name for act in rulebook.acts.values() for one in act.items})
    file.collect_unknown("/acts", sheet.acts, rulebook.acts)


def _no_day() -> None:
    """The day of columns that need one: none is read here."""
