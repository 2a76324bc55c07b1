"""shelterctl coverage: counts which rows of the manual the program does, and lists them with what does them."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.errors import UsageError
from shelterctl.explain.coverage import (
    CHAPTER_COLUMNS,
    ROW_COLUMNS,
    WIDE_ROW_COLUMNS,
    count_chapters,
    coverage_list,
    sum_counts,
)
from shelterctl.language import codes_with_texts
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

CHAPTER_UNKNOWN = N_("There is no such chapter. The chapters are: {chapters}.")
NO_COVERAGE = N_("This rulebook does not say which rows of the manual are done.")
NOTHING_MISSING = N_("Nothing is missing.")
ROWS_IN_ALL = N_(
    "Rows in all: {total}; done: {done}; not done for a reason: {not_done}; not done as they should be yet: {not_yet}."
)
HOW_TO_LIST = N_(
    "To list a chapter: shelterctl coverage --chapter {chapter}. To list what is missing: shelterctl coverage --missing"
)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl coverage --chapter annexes")
def coverage(
    ctx: Ctx,
    chapter: Annotated[
        str | None,
        typer.Option(metavar="CHAPTER", help="List the rows of this chapter, by its name in the first column."),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="List only the rows that are not done as they should be, and say why.")
    ] = False,
) -> Outcome:
    """Count which rows of the manual are done, which are not for a reason, and which are not yet."""
    # Gather.
    session = begin_command(ctx, lists=True)
    rulebook = session.rulebook

    # Decide.
    if not rulebook.coverage_files:
        return Outcome(data={"rows": []}, columns=CHAPTER_COLUMNS, said=((NO_COVERAGE, {}),))
    if chapter is None and not missing:
        rows = count_chapters(rulebook)
        total = sum_counts(rows)
        last: FilledSentences = ((ROWS_IN_ALL, total), (HOW_TO_LIST, {"chapter": rows[-1]["chapter"]}))
        return Outcome(data={"rows": rows, "sum": total}, columns=CHAPTER_COLUMNS, last=last)
    of = find_chapter(rulebook, chapter) if chapter is not None else None
    listed = coverage_list(rulebook, of, missing=missing)
    said: FilledSentences = ((NOTHING_MISSING, {}),) if missing and not listed else ()
    return Outcome(data={"rows": listed}, columns=ROW_COLUMNS, wide=WIDE_ROW_COLUMNS, said=said)


def find_chapter(rulebook: Rulebook, typed: str) -> str:
    """Return the chapter of that name, whatever its case. Raises UsageError with the chapters if there is none."""
    chapters = rulebook.coverage_order.chapters
    named = {name.casefold(): name for name in chapters}
    if typed.casefold() not in named:
        texts = {name: chapter.text for name, chapter in chapters.items()}
        raise UsageError("usage/chapter", CHAPTER_UNKNOWN, chapters=codes_with_texts(texts))
    return named[typed.casefold()]
