"""Where a rulebook's files name a clause, and the stubs of a clause that none of them names yet.

Stubs are put into the text of a file, so that its order, layout and quotes stay as they are. The entry of a new clause
has empty texts, which the check of the rulebook refuses until somebody fills them in.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from shelterctl.core.manual.coverage import COVERAGE_FOLDER
from shelterctl.errors import BrokenRulebook, NotFound, UsageError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import replace_file
from shelterctl.rulebook.files import MANUAL_FOLDER, parse_strictly, read_file_bytes
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

CLAUSES_FILE, CASES_FOLDER = "clauses.yaml", Path("tests", "cases")
CLAUSE_ENTRY, READING_ENTRY, CITATION, COVERAGE_ROW, CASE = ("entry", "reading", "citation", "coverage", "case")
"""The kinds of lines about a clause: its entry, a reading that lists it, a rule, a row of the coverage, a case."""

KINDS_OF_LINES = {
    CLAUSE_ENTRY: N_("its entry"),
    READING_ENTRY: N_("a reading"),
    CITATION: N_("cites it"),
    COVERAGE_ROW: N_("what is done"),
    CASE: N_("a case of the tests"),
}

CLAUSE_MALFORMED = N_("This cannot be the id of a clause. An id has letters, figures, dots and hyphens.")
FOLDER_IS_NO_RULEBOOK = N_("This folder has no file {file}, so it is no rulebook.")
COPY_RULEBOOK_FIRST = N_("Copy the manual to a folder of your own, and name that with --in or SHELTERCTL_MANUAL.")
SHIPPED_STAYS = N_("{clause} is not there, and the manual that the program came with is not changed.")
ENTRIES_LAID_OUT_OTHERWISE = N_("{file} does not have each entry on lines of its own, so nothing is added to it.")
ADD_BY_HAND = N_("Add the entry by hand, as the others have it.")

_CLAUSE_ID = re.compile(r"(?=[^0-9]*[0-9])(?=.{1,32}\Z)[A-Z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*", re.ASCII)
_ENTRY = re.compile(r"^  (?P<quote>[\"']?)(?P<key>[^\s\"':#]+)(?P=quote):", re.MULTILINE)
_PIECES = re.compile(r"[0-9]+|[^0-9.\-/]+")
_LETTERS = re.compile(r"[^0-9.]*")


class ClauseLine(NamedTuple):
    """One line about a clause: the *file* below the folder or the source tree, its number, and what it *says*."""

    path: Path
    file: str
    line: int
    kind: str
    says: str


def require_clause_id(typed: str) -> str:
    """Return a typed id of a clause. Raises UsageError for what cannot be one."""
    if not _CLAUSE_ID.fullmatch(typed):
        raise UsageError("rules/clause", CLAUSE_MALFORMED)
    return typed


def require_rulebook_folder(folder: Path) -> Path:
    """Return a folder with a rulebook. Raises NotFound for any other."""
    if not (folder / CLAUSES_FILE).is_file():
        raise NotFound("rules/no-rulebook", FOLDER_IS_NO_RULEBOOK, hint=COPY_RULEBOOK_FIRST, file=CLAUSES_FILE)
    return folder


def source_tree(folder: Path) -> Path | None:
    """Return the root of the source tree that a rulebook belongs to; None for an installed one or a copy."""
    above = folder.resolve().parents
    return above[2] if len(above) > 2 and (above[2] / CASES_FOLDER).is_dir() else None


def find_lines_about(folder: Path, clause: str) -> list[ClauseLine]:
    """Return every line of a rulebook that names a clause, its own entry first; in a source tree also the cases."""
    found = [*_lines_of_rulebook(folder, clause)]
    if tree := source_tree(folder):
        for path in sorted((tree / CASES_FOLDER).rglob("*.yaml")):
            name = path.relative_to(tree).as_posix()
            found += _lines_naming(path, name, CASE, path.read_text("utf-8"), clause)
    order = (CLAUSE_ENTRY, COVERAGE_ROW, CITATION, READING_ENTRY, CASE)
    return sorted(found, key=lambda one: order.index(one.kind))


def _lines_of_rulebook(folder: Path, clause: str) -> Iterator[ClauseLine]:
    for path in sorted(path for pattern in ("*.yaml", "*/*.yaml") for path in folder.glob(pattern)):
        name = path.relative_to(folder).as_posix()
        text = read_file_bytes(folder, name).decode()
        if name == CLAUSES_FILE:
            entries, _, readings = text.partition("\nreadings:\n")
            yield from _entry_lines(path, name, CLAUSE_ENTRY, entries, (clause,))
            below = entries.count("\n") + 2
            for one in _lines_naming(path, name, READING_ENTRY, readings, clause):
                if "clauses:" in one.says or one.says.startswith("- "):
                    yield one._replace(line=one.line + below)
        elif name.startswith(f"{COVERAGE_FOLDER}/"):
            rows = [key for key in _ENTRY.finditer(text) if key["key"].partition("/")[0] == clause]
            yield from _entry_lines(path, name, COVERAGE_ROW, text, [key["key"] for key in rows])
        else:
            yield from _lines_naming(path, name, CITATION, text, clause)


def _entry_lines(path: Path, name: str, kind: str, text: str, keys: Sequence[str]) -> Iterator[ClauseLine]:
    for entry in _ENTRY.finditer(text):
        if entry["key"] in keys:
            line = text.count("\n", 0, entry.start())
            lines = text.splitlines()[line : line + (3 if kind == CLAUSE_ENTRY else 2)]
            yield ClauseLine(path, name, line + 1, kind, " ".join(each.strip() for each in lines))


def _lines_naming(path: Path, name: str, kind: str, text: str, clause: str) -> Iterator[ClauseLine]:
    named = re.compile(rf"(?<![\w.-]){re.escape(clause)}(?![\w-]|\.\w)")
    if clause not in text:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if named.search(line):
            yield ClauseLine(path, name, number, kind, line.strip())


def add_stubs(folder: Path, clause: str, *, named: bool) -> list[str]:
    """Add what a clause lacks: an entry in clauses.yaml, and a row in the coverage if there is one for its letters.

    Return the names of the files that were changed. Raises UsageError for the manual that the program came with, unless
    it lies in a source tree and the folder was *named*.
    """
    plans = [plan for plan in (_plan_entry(folder, clause), _plan_row(folder, clause)) if plan]
    if plans and folder.resolve() == MANUAL_FOLDER.resolve() and not (named and source_tree(folder)):
        raise UsageError("rules/shipped", SHIPPED_STAYS, hint=COPY_RULEBOOK_FIRST, clause=clause)
    for name, text in plans:
        with translate_disk_errors(name):
            replace_file(folder / name, text.encode())
    return [name for name, _ in plans]


def _plan_entry(folder: Path, clause: str) -> tuple[str, str] | None:
    """Return clauses.yaml with an entry for a clause, or None if it has one."""
    text = read_file_bytes(folder, CLAUSES_FILE).decode()
    entries, heading, rest = text.partition("\nreadings:\n")
    entries += "\n" if heading else ""
    if any(entry["key"] == clause for entry in _ENTRY.finditer(entries)):
        return None
    stub = f'  {clause}:\n    heading:\n      en: ""\n    gist:\n      en: ""\n    text: ""\n'
    whole = _insert_entry(CLAUSES_FILE, entries, clause, stub) + (heading.removeprefix("\n") + rest)
    _require_only_added(CLAUSES_FILE, text, whole, "clauses", clause)
    return CLAUSES_FILE, whole


def _plan_row(folder: Path, clause: str) -> tuple[str, str] | None:
    """Return a file of the coverage with a row for a clause; None if there is one, or no file has rows of its letters.

    Of several files with such rows the one with the nearest id is meant.
    """
    nearest: tuple[int, str, str] | None = None
    for path in sorted((folder / COVERAGE_FOLDER).glob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        text = read_file_bytes(folder, name).decode()
        keys = [entry["key"] for entry in _ENTRY.finditer(text)]
        if any(key.partition("/")[0] == clause for key in keys):
            return None
        alike = [_count_shared(key, clause) for key in keys if _letters_of(key) == _letters_of(clause)]
        if alike and (nearest is None or max(alike) > nearest[0]):
            nearest = max(alike), name, text
    if nearest is None:
        return None
    _, name, text = nearest
    nothing = 'en: "Nothing in the program is about this clause yet.", ru: "В программе об этом пункте ещё ничего нет."'
    whole = _insert_entry(name, text, clause, f"  {clause}:\n    not_yet: {{{nothing}}}\n")
    _require_only_added(name, text, whole, "rows", clause)
    return name, whole


def _insert_entry(name: str, text: str, key: str, stub: str) -> str:
    """Return the text of a file with one more entry, behind the one with the nearest lower id of its beginning."""
    entries = [*_ENTRY.finditer(text)]
    if not entries:
        raise UsageError("rules/layout", ENTRIES_LAID_OUT_OTHERWISE, hint=ADD_BY_HAND, file=name)
    shared = max(_count_shared(entry["key"], key) for entry in entries)
    kin = [n for n, entry in enumerate(entries) if _count_shared(entry["key"], key) == shared]
    lower = [n for n in kin if _in_order(entries[n]["key"]) < _in_order(key)]
    after = max(lower, key=lambda n: _in_order(entries[n]["key"])) + 1 if lower and shared else kin[0]
    after = after if shared else len(entries)
    whole = text if text.endswith("\n") else text + "\n"
    at = entries[after].start() if after < len(entries) else len(whole)
    return whole[:at] + stub + whole[at:]


def _in_order(clause: str) -> tuple[tuple[int, int, str], ...]:
    """Return an id as it is ordered: numbers by their size, before letters."""
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in _PIECES.findall(clause))


def _count_shared(one: str, other: str) -> int:
    """Return how many pieces two ids have in common at the start."""
    pairs = zip(_PIECES.findall(one), _PIECES.findall(other), strict=False)
    return next((at for at, (mine, yours) in enumerate(pairs) if mine != yours), min(map(_count_pieces, (one, other))))


def _letters_of(clause: str) -> str:
    """Return the letters with which an id begins: the chapter that it is of."""
    found = _LETTERS.match(clause)
    return found[0] if found else ""


def _count_pieces(clause: str) -> int:
    return len(_PIECES.findall(clause))


def _require_only_added(name: str, before: str, after: str, key: str, entry: str) -> None:
    """Raise UsageError unless the new text has exactly one more entry than the file had."""
    try:
        was, now = (parse_strictly(name, text.encode()).value for text in (before, after))
        kept = {**now, key: {each: said for each, said in now[key].items() if each != entry}}
    except BrokenRulebook as error:
        raise UsageError("rules/layout", ENTRIES_LAID_OUT_OTHERWISE, hint=ADD_BY_HAND, file=name) from error
    if kept != was or entry not in now[key]:
        raise UsageError("rules/layout", ENTRIES_LAID_OUT_OTHERWISE, hint=ADD_BY_HAND, file=name)


def find_slips(folder: Path) -> Sequence[BrokenRulebook]:
    """Return everything that is wrong in the rulebook of a folder."""
    try:
        check_rulebook(Rulebook(folder))
    except BrokenRulebook as error:
        return (error, *error.others)
    return ()
