"""The sheet that people fill in: its headings in one language, and the words that each cell may hold."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.tabular.sheet import cell_name


class TemplateColumn(NamedTuple):
    """A column of the template: its heading, a hint, the words of its choices, how it is filled in, and whether several
    choices may be true.
    """

    heading: str
    hint: str = ""
    choices: Sequence[str] = ()
    how: str = ""
    several: bool = False


class TemplateWords(NamedTuple):
    """The words of the workbook, such as the titles of its pages, and the lines that explain it."""

    words: Mapping[str, str]
    explains: Sequence[str] = ()


MOST_LISTED = 400
"""The most choices that a list in a cell offers."""

LONGEST_HINT, LONGEST_TITLE = 250, 32
NARROWEST, WIDEST = 14, 42
"""The widths of columns in letters."""

PAGE_WIDTH = 70


def write_template_text(columns: Sequence[TemplateColumn]) -> bytes:
    """Return the template as CSV for Excel: its headings alone."""
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow([one.heading for one in columns])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def write_template_workbook(columns: Sequence[TemplateColumn], said: TemplateWords, rows: int) -> bytes:
    """Return the template as a workbook: a page to fill in, one that explains it, and one with the choices.

    Every cell is text, so that Excel changes no day and no number; choices are offered in a list.
    """
    import xlsxwriter  # noqa: PLC0415 - an extra

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE7F0", "border": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet, about, lists = (book.add_worksheet(said.words[name]) for name in ("rows", "about", "choices"))
    for place, one in enumerate(columns):
        _write_column(sheet, place, one, (head, text), rows, said.words["choices"])
        for number, choice in enumerate((one.heading, *one.choices[:MOST_LISTED]) if one.choices else ()):
            lists.write_string(number, place, choice, None if number else head)
        lists.set_column(place, place, _width(one) if one.choices else 2)
    sheet.set_row(0, 15 * max(_lines(one) for one in columns), head)
    sheet.freeze_panes(1, 0)
    lists.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    _write_explanation(about, columns, said, (head, text))
    book.close()
    return written.getvalue()


def _write_column(
    sheet: Any, place: int, one: TemplateColumn, formats: tuple[Any, Any], rows: int, choices: str
) -> None:
    head, text = formats
    sheet.write_string(0, place, one.heading, head)
    sheet.set_column(place, place, _width(one), text)
    rule: dict[str, object] = {"validate": "any"}
    if one.choices and not one.several:
        column, last = cell_name(place, 1).rstrip("1"), len(one.choices[:MOST_LISTED]) + 1
        source = f"='{choices}'!${column}$2:${column}${last}"
        rule = {"validate": "list", "source": source, "error_type": "information"}
    hint = one.hint or one.how
    rule |= {"input_title": one.heading[:LONGEST_TITLE], "input_message": hint[:LONGEST_HINT]} if hint else {}
    sheet.data_validation(1, place, rows, place, rule)


def _width(one: TemplateColumn) -> int:
    """Return a width at which the longest word of the heading and most choices fit in one line."""
    longest = max(map(len, (*one.heading.split(), *one.choices[:MOST_LISTED])))
    return max(NARROWEST, min(longest + 3, WIDEST))


def _lines(one: TemplateColumn) -> int:
    return 1 + len(one.heading) // (_width(one) - 2)


def _write_explanation(page: Any, columns: Sequence[TemplateColumn], said: TemplateWords, formats: Any) -> None:
    head, text = formats
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, WIDEST, text)
    page.set_column(1, 1, PAGE_WIDTH, text)
    row = 0
    for line in said.explains:
        page.merge_range(row, 0, row, 1, line, text)
        page.set_row(row, 15 * (1 + len(line) // (WIDEST + PAGE_WIDTH - 8)))
        row += 1
    row += 1
    page.write_row(row, 0, [said.words["column"], said.words["how"]], head)
    for one in columns:
        row += 1
        page.write_string(row, 0, one.heading, text)
        page.write_string(row, 1, ". ".join(part.rstrip(".") for part in (one.how, one.hint) if part), text)
