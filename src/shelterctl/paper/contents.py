"""The rows of the sheets that are lists: the contents of a file, with its papers and entries and their days, and the
checklist of an act, with what is done and what is open.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.answer_words import answer_in_words
from shelterctl.core.manual.sheet import ContentsRow
from shelterctl.core.record.entries import Entry, field_at_path, gives_answers
from shelterctl.core.rules.checklist import checklist_rows, items_in_force
from shelterctl.core.rules.context import Context
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


class ChecklistLine(NamedTuple):
    """A printed item of an act: its *number*, its words, *who* can provide it, and whether the act is refused without
    it (*gate*).

    *done* says whether it is met, and *on* since which day, in words; None is to be filled in by hand.
    """

    number: int
    text: Text
    who: Text | None
    gate: bool
    done: bool | None = None
    on: str | None = None
    on_paper: bool = False


def make_checklist_lines(
    act: Act, context: Context | None, filled: SheetFacts, language: str, day: date
) -> Iterator[ChecklistLine]:
    """Yield the items of an act in force on *day*; without a *context* all are to be filled in by hand."""
    rows = {str(row["item"]): row for row in checklist_rows(act, context)} if context else {}
    for number, (item, ruling) in enumerate(items_in_force(act, day), 1):
        row = rows.get(item.name, {})
        line = ChecklistLine(number, item.text, item.who, bool(ruling.params.get("gate")))
        if row.get("state") in ("done", "open"):
            days = [row["on"]] if isinstance(row["on"], date) else []
            paper = ("on_paper",) if "on_paper" in row else ()
            line = line._replace(done=row["state"] == "done", on=_days_in_words(days, language), on_paper=bool(paper))
            filled.facts[f"{CONTENTS_PLACE}/{item.name}"] = " ".join((str(row["state"]), *paper, *map(str, days)))
        yield line
