"""Check of the coverage: each row is there once, and names commands, files and reasons that exist.

A rulebook may have no coverage. Tests are looked up by the program's own tests, not here.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from shelterctl.core.manual.coverage import COVERAGE_ORDER_FILE, OTHER_REASON, CoverageRow, chapter_of_row
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import SCHEMA_WANTED, RulebookFile, collecting, pointer_below, words_with_places
from shelterctl.rulebook.lint.commands import TypedNames
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

COVERAGE_SCHEMA, COVERAGE_ORDER_SCHEMA = "coverage/1", "coverage-order/1"

ROW_ELSEWHERE = N_("this row is also in {file}; keep it in one of them")
ROW_WITHOUT_CHAPTER = N_("no chapter in {file} has these letters: {letters}")
ROW_WITHOUT_STATUS = N_("a row needs one of these: {keys}")
ROW_IS_BOTH = N_("a row cannot have this beside {key}; leave one of them out")
BECAUSE_BELONGS_TO_OTHER = N_("this belongs beside {key}: {reason}, and is needed there")


def find_slips_of_coverage(rulebook: "Rulebook", *, whole: bool) -> list[BrokenRulebook]:
    """Return the slips of the coverage; its words are only looked up if the rest of the rulebook is *whole*."""
    errors: list[BrokenRulebook] = []
    if not rulebook.coverage_files:
        return errors
    with collecting(errors):
        _ = rulebook.coverage_order
        _check_schema(rulebook.read_file(COVERAGE_ORDER_FILE), COVERAGE_ORDER_SCHEMA)
    rows = {}
    for name in rulebook.coverage_files:
        with collecting(errors):
            _check_schema(rulebook.read_file(name), COVERAGE_SCHEMA)
            rows[name] = rulebook.coverage_rows(name)
    if errors or not whole:
        return errors
    seen: dict[str, str] = {}
    typed = TypedNames(rulebook)
    folder = rulebook.folder
    files = [path.relative_to(folder).as_posix() for found in ("*.yaml", "*/*.yaml") for path in folder.glob(found)]
    for name, listed in rows.items():
        file = rulebook.read_file(name)
        for row in listed.values():
            at = pointer_below("/rows", row.name)
            if row.name in seen:
                file.errors.append(file.error_at("twice", at, ROW_ELSEWHERE, file=seen[row.name]))
            seen[row.name] = name
            if chapter_of_row(row, rulebook.coverage_order.chapters) is None:
                facts = {"file": COVERAGE_ORDER_FILE, "letters": row.letters}
                file.errors.append(file.error_at("word", at, ROW_WITHOUT_CHAPTER, **facts))
            _check_row(file, at, row, rulebook.coverage_order.reasons)
            if row.done:
                _check_work(file, pointer_below(at, "done"), row, typed, files)
        errors += file.errors
        file.errors = []
    return errors


def _check_schema(file: RulebookFile, schema: str) -> None:
    if file.value["schema"] != schema:
        raise file.error_at("word", "/schema", SCHEMA_WANTED, schema=schema)


def _check_row(file: RulebookFile, place: str, row: CoverageRow, reasons: Collection[str]) -> None:
    """Collect a slip unless a row is done, not done for a known reason, or not yet done."""
    if not (row.done or row.not_done or row.not_yet):
        file.errors.append(file.error_at("shape", place, ROW_WITHOUT_STATUS, keys=("done", "not_done", "not_yet")))
    if row.not_done is None:
        if row.because:
            at = pointer_below(place, "because")
            file.errors.append(file.error_at("rule", at, BECAUSE_BELONGS_TO_OTHER, key="not_done", reason=OTHER_REASON))
        return
    file.collect_unknown(pointer_below(place, "not_done"), row.not_done, reasons)
    for key, written in (("done", row.done), ("not_yet", row.not_yet)):
        if written:
            file.errors.append(file.error_at("rule", pointer_below(place, key), ROW_IS_BOTH, key="not_done"))
    if (row.not_done == OTHER_REASON) is not bool(row.because):
        at = pointer_below(place, "because" if row.because else "not_done")
        file.errors.append(file.error_at("rule", at, BECAUSE_BELONGS_TO_OTHER, key="not_done", reason=OTHER_REASON))


def _check_work(file: RulebookFile, place: str, row: CoverageRow, typed: TypedNames, files: Collection[str]) -> None:
    """Collect a slip for each command, name behind a command, and file that the work of a row has not."""
    written = file.value["rows"][row.name]["done"]
    for command, at in words_with_places(pointer_below(place, "by"), written["by"]):
        words = command.split()
        file.collect_unknown(at, words[0], typed.commands)
        for word, known in typed.find_in_command(words):
            file.collect_unknown(at, word, known)
    file.collect_unknown(pointer_below(place, "in"), written.get("in"), files)
