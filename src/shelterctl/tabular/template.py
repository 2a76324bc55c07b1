"""The sheet that people fill in: its headings in one language, and the words that each cell may hold."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class TemplateColumn(NamedTuple):
    """A column of the template: its heading, how to fill it in, and the words of its choices."""

    heading: str
    hint: str = ""
    choices: Sequence[str] = ()


MOST_LISTED = 200
"""The most choices that a list in a cell offers."""

LONGEST_HINT = 250


def write_template_text(columns: Sequence[TemplateColumn]) -> bytes:
    """Return the template as CSV for Excel: its headings alone."""
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow([one.heading for one in columns])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def write_template_workbook(columns: Sequence[TemplateColumn], sheet_names: Mapping[str, str], rows: int) -> bytes:
    """Return the template as a workbook: days are text, choices are offered in a list, hints are shown at the cell."""
    import xlsxwriter  # noqa: PLC0415 - an extra

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    sheet, lists = book.add_worksheet(sheet_names["rows"]), book.add_worksheet(sheet_names["choices"])
    for place, one in enumerate(columns):
        sheet.write_string(0, place, one.heading, head)
        sheet.set_column(place, place, 22, text)
        offered = one.choices[:MOST_LISTED]
        for number, choice in enumerate((one.heading, *offered)):
            lists.write_string(number, place, choice)
        rule: dict[str, object] = {"validate": "any"}
        if offered:
            column = _letters(place)
            source = f"='{sheet_names['choices']}'!${column}$2:${column}${len(offered) + 1}"
            rule = {"validate": "list", "source": source, "error_type": "information"}
        if one.hint:
            rule |= {"input_title": one.heading[:32], "input_message": one.hint[:LONGEST_HINT]}
        if offered or one.hint:
            sheet.data_validation(1, place, rows, place, rule)
    sheet.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


def _letters(place: int) -> str:
    from shelterctl.tabular.sheet import cell_name  # noqa: PLC0415

    return cell_name(place, 1).rstrip("1")
