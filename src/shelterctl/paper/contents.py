"""The rows of a table of contents: which papers and entries a file has, and of which days."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from shelterctl.core.manual.answer_words import answer_in_words
from shelterctl.core.manual.sheet import ContentsRow
from shelterctl.core.record.entries import Entry, field_at_path, gives_answers
from shelterctl.language import Text
from shelterctl.paper.answers import AnswerPrinter, PrintedAnswer
from shelterctl.paper.facts import CONTENTS_PLACE, SheetFacts

MOST_DAYS = 3
"""The most days that are printed one by one; of more only the first and the last."""


class ContentsLine(NamedTuple):
    """A printed row: its *number*, its words, how many *entries* there are, and their days in words.

    *under* is the heading above it; *below* are answers printed below it, each with its label and no day. A row to fill
    in by hand has no number of *entries*.
    """

    number: int
    text: Text
    under: Text | None
    entries: int | None
    days: str | None
    below: tuple[tuple[Text, PrintedAnswer, date | None], ...] = ()


def make_contents_lines(
    rows: Mapping[str, ContentsRow], find_entries: Callable[[str], Sequence[Entry]], answers: AnswerPrinter | None,
    filled: SheetFacts, language: str,
) -> Iterator[ContentsLine]:  # fmt: skip
    """Yield the printed rows; without *answers* all are to be filled in by hand. *find_entries* returns the live
    entries of a track by its name.
    """
    for number, (name, row) in enumerate(rows.items(), 1):
        if answers is None or row.track is None:
            yield ContentsLine(number, row.text, row.under, None, None)
            continue
        found = [entry for entry in find_entries(row.track) if gives_answers(row.where, entry.values)]
        days = sorted({entry.day for entry in found if entry.day})
        place = f"{CONTENTS_PLACE}/{name}"
        if found:
            filled.facts[place] = ", ".join(each.isoformat() for each in days) or str(len(found))
        below = tuple(_answers_of_row(row, found, answers, place))
        yield ContentsLine(number, row.text, row.under, len(found), _days_in_words(days, language), below)


def _days_in_words(days: Sequence[date], language: str) -> str | None:
    """Return a few days one by one, else the first and the last; None if there is none."""
    if len(days) > MOST_DAYS:
        return " – ".join(answer_in_words(each, language, long_days=False) for each in (days[0], days[-1]))
    return ", ".join(answer_in_words(each, language, long_days=False) for each in days) or None


def _answers_of_row(
    row: ContentsRow, entries: Sequence[Entry], answers: AnswerPrinter, place: str
) -> Iterator[tuple[Text, PrintedAnswer, date | None]]:
    """Yield the answers that a row shows of its entries, each with its label."""
    for number, entry in enumerate(entries):
        for name in row.shows:
            one = field_at_path(entry.definition.fields, name)
            written = entry.written.get(name)
            answer = answers.print_answer(one, written, f"{place}/{number}/{name}") if one else None
            if one and answer:
                yield one.paper_text, answer, None
