"""shelterctl rules new: says where a rulebook names a clause, adds the stubs of a new one, and checks the rulebook."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentence, Finding, Outcome, Severity
from shelterctl.edition import MANUAL_VARIABLE, SHIPPED_MANUAL_PATH
from shelterctl.errors import BrokenRulebook, NotFound, UsageError
from shelterctl.language import LabelledCode, OwnHeading
from shelterctl.platform.process import split_command
from shelterctl.rulebook.new_clause import (
    CITATION,
    COVERAGE_ROW,
    KINDS_OF_LINES,
    ClauseLine,
    add_stubs,
    find_lines_about,
    find_slips,
    require_clause_id,
    require_rulebook_folder,
)
from shelterctl.session import may_ask
from shelterctl.ui_language import N_

CLAUSE_COLUMNS = ("place", "kind", "says")
STUBS_ADDED = N_("{clause} was not there yet. Added, to be filled in: {files}.")
CLAUSE_IS_THERE = N_("Where {clause} is named:")
NO_RULE_CITES_YET = N_("No track, act, annex or report cites it yet: add a rule with clause: {clause}, or none.")
NO_ROW_IN_COVERAGE = N_("No row of the coverage is about it.")
RULEBOOK_IS_WHOLE = N_("The rulebook in this folder has no mistakes.")
RULEBOOK_HAS_SLIPS = N_("To be put right in this folder: {count}.")
EDIT_AT_TERMINAL_ONLY = N_("--edit opens an editor, so it works at a terminal only.")
NO_EDITOR = N_("These variables name no editor: {variables}.")
SET_EDITOR = N_("Set one of them to the program that you write with: {variables}.")
EDITOR_NOT_STARTED = N_("Your editor could not be started.")

NAMED_CLAUSE_KEY = OwnHeading("clause", N_("clause of the manual"))
"""The key of the clause, whose heading elsewhere is another word."""

EDITOR_VARIABLES = ("VISUAL", "EDITOR")
"""The variables that name a person's editor, the first of them first."""

EDITORS_WITH_LINES = ("vi", "vim", "nvim", "nano", "emacs", "pico", "joe", "micro", "kak")
"""Editors that open a file at a line given as +LINE before it."""


def new(
    ctx: Ctx,
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="The id of a clause, such as A6.4 or IOM-2027-1.")],
    folder: Annotated[
        str | None,
        typer.Option("--in", metavar="FOLDER", help="The rulebook; default: the one that SHELTERCTL_MANUAL names."),
    ] = None,
    edit: Annotated[
        bool, typer.Option("--edit", help="Open the first place in your editor, then check the rulebook.")
    ] = False,
) -> Outcome:
    """Say where a rulebook names a clause, add the stubs of one that it does not have yet, and check the rulebook."""
    # Gather.
    session = begin_command(ctx, lists=True)
    require_clause_id(clause)
    root = require_rulebook_folder(Path(folder or os.environ.get(MANUAL_VARIABLE) or SHIPPED_MANUAL_PATH))
    if edit and not may_ask(session):
        raise UsageError("usage/terminal", EDIT_AT_TERMINAL_ONLY)
    editor = find_editor() if edit else []

    # Act.
    added = add_stubs(root, clause, named=folder is not None)
    lines = find_lines_about(root, clause)
    if edit and lines:
        _open_editor(editor, lines[0])
        lines = find_lines_about(root, clause)
    slips = find_slips(root)
    rows = [{"place": f"{one.path}:{one.line}", "kind": _label(one.kind), "says": one.says} for one in lines]
    said: list[FilledSentence] = (
        [(STUBS_ADDED, {"clause": clause, "files": added})] if added else [(CLAUSE_IS_THERE, {"clause": clause})]
    )
    return Outcome(
        data={NAMED_CLAUSE_KEY: clause, "added": added, "rows": rows},
        columns=CLAUSE_COLUMNS,
        said=said,
        findings=tuple(map(_slip_as_finding, slips)),
        last=(*_lacking_sentences(clause, {one.kind for one in lines}), _whole_sentence(len(slips))),
    )


def _label(kind: str) -> LabelledCode:
    return LabelledCode(kind, KINDS_OF_LINES[kind])


def _lacking_sentences(clause: str, kinds: set[str]) -> Iterator[FilledSentence]:
    if CITATION not in kinds:
        yield NO_RULE_CITES_YET, {"clause": clause}
    if COVERAGE_ROW not in kinds:
        yield NO_ROW_IN_COVERAGE, {}


def _whole_sentence(count: int) -> FilledSentence:
    return (RULEBOOK_HAS_SLIPS, {"count": count}) if count else (RULEBOOK_IS_WHOLE, {})


def _slip_as_finding(error: BrokenRulebook) -> Finding:
    """Return a mistake of the rulebook as something still to be done: the folder is being worked on."""
    return Finding(code=error.code, message=error.message, severity=Severity.OPEN, facts=error.facts)


def find_editor() -> list[str]:
    """Return the words that start the person's editor. Raises NotFound if no variable names one."""
    words = split_command(next(filter(None, map(os.environ.get, EDITOR_VARIABLES)), ""))
    if not words:
        raise NotFound("rules/no-editor", NO_EDITOR, hint=SET_EDITOR, variables=EDITOR_VARIABLES)
    return words


def _open_editor(editor: Sequence[str], one: ClauseLine) -> None:
    """Open a file in the editor, at the line where that editor can, and wait until it is closed."""
    at = [f"+{one.line}"] if Path(editor[0]).stem in EDITORS_WITH_LINES else []
    try:
        subprocess.run([*editor, *at, str(one.path)], check=False)  # noqa: S603 - the person's own editor
    except OSError as error:
        raise NotFound("rules/no-editor", EDITOR_NOT_STARTED, hint=SET_EDITOR, variables=EDITOR_VARIABLES) from error
