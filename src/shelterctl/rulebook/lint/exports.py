"""Check of what leaves the house: every column in export.yaml is there."""

from datetime import date
from typing import TYPE_CHECKING

from shelterctl.core.manual.export_rules import ExportRules
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


def check_export_rules(file: RulebookFile, rules: ExportRules, rulebook: "Rulebook") -> None:
    """Collect the columns of export.yaml that no list of clients has."""
    columns = make_level_builder(rulebook, lambda: date.min)("client")
    file.collect_unknown("/exact", rules.exact, columns)
    if rules.anonymised:
        shown = [name for name, one in columns.items() if one.read]
        file.collect_unknown("/anonymised/columns", rules.anonymised.columns, shown)
