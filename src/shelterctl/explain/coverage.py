"""The coverage of the manual as rows and as pages: what does each of its rows, why none does, or what is missing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.core.manual.coverage import (
    COVERAGE_STATUSES,
    OTHER_REASON,
    STATUS_DONE,
    STATUS_NOT_DONE,
    STATUS_NOT_YET,
    CoverageRow,
    chapter_of_row,
)
from shelterctl.explain.layout import PagePart, lay_out_page
from shelterctl.language import OwnHeading, Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

COVERAGE_HEADING = N_("Whether the program does it")
ROW_DONE = N_("Yes, with: {by}")
ROW_PARTLY_DONE = N_("In part, with: {by}")
ROW_FILES = N_("In the rulebook: {files}")
ROW_NOT_DONE = N_("No: {reason}.")
ROW_NOT_DONE_BECAUSE = N_("No. {reason}")
ROW_MISSING = N_("Still missing: {missing}")

CHAPTER_COLUMNS = ("chapter", "text", "done", "not_done", "not_yet", "total")
ROW_KEY = OwnHeading("row", N_("row of the manual"))
STATUS_KEY = OwnHeading("status", N_("is it done"))
"""Keys whose headings elsewhere are other words."""
ROW_COLUMNS = (ROW_KEY, STATUS_KEY, "text", "answer", "by", "in", "test", "reason")
WIDE_ROW_COLUMNS = ("by", "in", "test", "reason")


def count_chapters(rulebook: Rulebook) -> list[dict[str, Any]]:
    """Return for each chapter how many of its rows have each status, and how many rows it has."""
    chapters = rulebook.coverage_order.chapters
    counts = {name: dict.fromkeys(COVERAGE_STATUSES, 0) for name in chapters}
    for row in rulebook.coverage.values():
        counts[chapter_of_row(row, chapters) or ""][row.status] += 1
    return [
        {"chapter": name, "text": chapters[name].text, **own, "total": sum(own.values())}
        for name, own in counts.items()
    ]


def sum_counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the sums of the counts of all chapters."""
    listed = [*rows]
    return {name: sum(row[name] for row in listed) for name in (*COVERAGE_STATUSES, "total")}


def coverage_list(rulebook: Rulebook, chapter: str | None, *, missing: bool) -> list[dict[str, Any]]:
    """Return the rows of the manual, of one *chapter* or all, or only those of which something is *missing*.

    ``answer`` is what a person asks first: the command, the reason, or what is missing.
    """
    chapters = rulebook.coverage_order.chapters
    return [
        _listed_row(rulebook, row)
        for row in rulebook.coverage.values()
        if (chapter is None or chapter_of_row(row, chapters) == chapter)
        and (not missing or row.status == STATUS_NOT_YET)
    ]


def _listed_row(rulebook: Rulebook, row: CoverageRow) -> dict[str, Any]:
    by = list(row.done.by) if row.done else []
    answers: Mapping[str, Any] = {
        STATUS_DONE: ", ".join(by),
        STATUS_NOT_DONE: row.because or _reason_in_words(rulebook, row),
        STATUS_NOT_YET: row.not_yet,
    }
    return {
        ROW_KEY: row.name,
        STATUS_KEY: row.status,
        "text": title_of_row(rulebook, row),
        "answer": answers[row.status],
        "by": by,
        "in": list(row.done.files) if row.done else [],
        "test": list(row.done.test) if row.done else [],
        "reason": row.not_done,
    }


def title_of_row(rulebook: Rulebook, row: CoverageRow) -> Text:
    """Return the short name of a row: its own, that of its clause or of its deadline, else the name of the row."""
    if row.text:
        return row.text
    for name in (row.name, row.clause):
        if name in rulebook.clauses:
            heading: Text = rulebook.clauses[name]["heading"]
            return heading
    duty = next((duty for duty in rulebook.duties.values() if duty["row"] == row.name), None)
    return duty["text"] if duty else {"en": row.name}


def _reason_in_words(rulebook: Rulebook, row: CoverageRow) -> Text:
    return rulebook.coverage_order.reasons.get(row.not_done or "", {"en": row.not_done or ""})


def rows_without_page(rulebook: Rulebook) -> list[str]:
    """Return the rows that neither the clauses nor the deadlines explain, each by its name."""
    known = {*rulebook.clauses, *(duty["row"] for duty in rulebook.duties.values())}
    return [name for name in rulebook.coverage if name not in known]


def explain_row(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a row of which the rulebook has no clause: its name, and what does it."""
    row = rulebook.coverage[name]
    title = title_of_row(rulebook, row)
    prose = lay_out_page(name, title, coverage_part([row], rulebook))
    return Outcome(data={"row": name, "text": title, "coverage": coverage_data([row], rulebook)}, prose=prose)


def rows_of_name(rulebook: Rulebook, name: str) -> list[CoverageRow]:
    """Return the rows of a clause or a deadline: itself, or its parts."""
    return [row for row in rulebook.coverage.values() if name in (row.name, row.clause)]


def coverage_data(rows: Iterable[CoverageRow], rulebook: Rulebook) -> list[dict[str, Any]]:
    """Return rows as data for a program, without their titles."""
    return [{key: it for key, it in _listed_row(rulebook, row).items() if key != "text"} for row in rows]


def coverage_part(rows: Iterable[CoverageRow], rulebook: Rulebook) -> PagePart | None:
    """Return the part of a page on what does these rows; None without rows. Of several rows each is named first."""
    listed = [*rows]
    said: list[FilledSentence] = []
    for row in listed:
        said += [("{it}", {"it": row.name})] if len(listed) > 1 else []
        said += _row_in_words(rulebook, row)
    return (COVERAGE_HEADING, said) if said else None


def _row_in_words(rulebook: Rulebook, row: CoverageRow) -> list[FilledSentence]:
    said: list[FilledSentence] = []
    if row.done:
        by = [f"shelterctl {command}" for command in row.done.by]
        said.append((ROW_PARTLY_DONE if row.not_yet else ROW_DONE, {"by": by}))
        said += [(ROW_FILES, {"files": list(row.done.files)})] if row.done.files else []
    if row.not_yet:
        said.append((ROW_MISSING, {"missing": row.not_yet}))
    if row.not_done == OTHER_REASON:
        said.append((ROW_NOT_DONE_BECAUSE, {"reason": row.because}))
    elif row.not_done:
        said.append((ROW_NOT_DONE, {"reason": _reason_in_words(rulebook, row)}))
    return said
