"""Sheets as one PDF made by Typst from one template for all forms; it is tagged and meets both PDF/UA-1 and
PDF/A-2a.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import typst

from shelterctl.errors import BrokenRulebook
from shelterctl.press.chart import describe_chart, draw_chart, read_chart
from shelterctl.press.sheet import RenderedFile, Sheet
from shelterctl.press.tree import Node
from shelterctl.rulebook.files import TEMPLATES_FOLDER
from shelterctl.ui_language import N_

SHEET_CANNOT_BE_SET = N_("The sheet {file} cannot be made into a PDF ({what}).")

SMALLER_SIZES = (95, 90)
"""Type sizes in percent of 10 points that are tried to fit a sheet on one page; 9 points are the least that is
readable.
"""
PDF_STANDARDS: list[Any] = ["ua-1", "a-2a"]
LONG_WORD_LETTERS = 46
"""The length from which a word may be broken anywhere, because in capitals it would run out of the page.

No-break spaces do not separate words.
"""
_LONG_WORD = re.compile(rf"[^ ]{{{LONG_WORD_LETTERS},}}")
_SPACES_THAT_DO_NOT_BREAK = (
    re.compile(r"(?<=\b[A-ZА-ЯЁҢӨҮ]\.) (?=[A-ZА-ЯЁҢӨҮ])"),  # А. Примеров
    re.compile(r"(?<=№) "),
    re.compile(r"(?<=\d) (?=[a-zа-яёңөү])"),  # 3 months
)
"""The spaces at which no line may end."""
_COMPOUND_NAME = re.compile(r"[«„“(]?\w[a-zа-яёңөү]{3,}(?:-\w[a-zа-яёңөү]{3,})+[»“”).,;:!?]*")
"""A hyphenated name or word whose parts have four letters or more."""
_SHORT_HYPHENATED_WORD = re.compile(rf"((?<!\S)(?=\S{{3,21}}(?!\S))(?!{_COMPOUND_NAME.pattern}(?!\S))\S*\w-\w\S*)")
"""A short hyphenated word, such as a code of staff or an id, that is not broken; a name may be broken at its hyphens.
"""
_HYPHENATED_WORD = re.compile(rf"\w{{1,{LONG_WORD_LETTERS - 1}}}(-\w{{1,{LONG_WORD_LETTERS - 1}}})+\W?")


@cache
def _compiler() -> typst.Compiler:
    """Return Typst with the shipped fonts only; it reads one folder and fetches nothing."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(TEMPLATES_FOLDER / "fonts")]
    )
    return typst.Compiler(str(TEMPLATES_FOLDER / "sheet.typ"), root=str(TEMPLATES_FOLDER), font_paths=fonts)


def render_pdf(sheets: Sequence[Sheet], size: str) -> RenderedFile:
    """Return one PDF, and the number of pages of each sheet.

    A sheet that must fit one page is set in the largest of SMALLER_SIZES that makes it fit, and in normal size if none
    does.
    """
    written = [_sheet_as_data(sheet, size) for sheet in sheets]
    data, pages = _typeset(written, sheets[0].day)
    for part in SMALLER_SIZES:
        if not (over := _overflowing_places(sheets, pages)):
            break
        smaller = [one | {"part": part} if place in over else one for place, one in enumerate(written)]
        tried, counts = _typeset(smaller, sheets[0].day)
        if fits := over - _overflowing_places(sheets, counts):
            written = [smaller[place] if place in fits else one for place, one in enumerate(written)]
            data, pages = (tried, counts) if fits == over else _typeset(written, sheets[0].day)
    return RenderedFile(data, pages)


def _overflowing_places(sheets: Sequence[Sheet], pages: Sequence[int]) -> set[int]:
    """Return the positions of the sheets that must fit one page and do not."""
    counted = enumerate(zip(sheets, pages, strict=True))
    return {place for place, (sheet, count) in counted if count > 1 and not sheet.long}


def _typeset(written: Sequence[dict[str, Any]], day: date) -> tuple[bytes, tuple[int, ...]]:
    """Return the PDF of the sheets, and the number of pages of each."""
    compiler = _compiler()
    inputs = {"sheets": json.dumps(written, ensure_ascii=False)}
    noon = datetime.combine(day, time(12), UTC)  # a fixed time in the file, so that equal sheets make equal files
    try:
        data = compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=PDF_STANDARDS, timestamp=noon)
        # The document is compiled already, so these queries are fast.
        begun, ended = (json.loads(compiler.query(label, field="value")) for label in ("<begin>", "<end>"))
    except typst.TypstError as error:  # Typst's message may repeat a filled-in value
        what = type(error).__name__
        raise BrokenRulebook("template/paper", SHEET_CANNOT_BE_SET, file="sheet.typ", what=what) from error
    if not isinstance(data, bytes):
        raise TypeError(type(data).__name__)
    return data, tuple(last - first + 1 for first, last in zip(begun, ended, strict=True))


def _sheet_as_data(sheet: Sheet, size: str) -> dict[str, Any]:
    """Return a sheet as plain data for Typst, which reads no markup in texts."""
    return {
        "title": sheet.title,
        "language": sheet.language,
        "tint": sheet.tint,
        "large": sheet.large,
        "behind": sheet.behind,
        "long": sheet.long,
        "part": 100,
        "wide": sheet.wide,
        "size": size,
        "year": sheet.day.year,
        "month": sheet.day.month,
        "day": sheet.day.day,
        "inside": _content_as_data(sheet.tree, sheet),
    }


def _content_as_data(node: Node, sheet: Sheet) -> list[Any]:
    made: list[Any] = []
    for each in node.children:
        made += _text_as_data(each) if isinstance(each, str) else [_element_as_data(each, sheet)]
    return made


def _element_as_data(node: Node, sheet: Sheet) -> dict[str, Any]:
    if node.tag == "figure":
        return {"tag": "figure", "inside": _chart_as_data(node, sheet.language)}
    attributes = {f"a-{name}": value for name, value in node.attributes.items()}
    drawn = {"svg": sheet.picture} if node.tag == "picture" else {}
    return {"tag": node.tag, **attributes, **drawn, "inside": _content_as_data(node, sheet)}


def _chart_as_data(figure: Node, language: str) -> list[dict[str, Any]]:
    """Return the pictures of a chart, each with the text alternative of the whole chart."""
    chart = read_chart(figure)
    alt = describe_chart(chart, language)
    return [{"tag": "picture", "svg": svg, "a-alt": alt, "inside": []} for svg in draw_chart(chart, language, "chart")]


def _text_as_data(text: str) -> list[Any]:
    """Return a text in pieces: very long words can be broken, and what belongs together stays on one line."""
    for apart in _SPACES_THAT_DO_NOT_BREAK:
        text = apart.sub("\N{NO-BREAK SPACE}", text)
    parts = _SHORT_HYPHENATED_WORD.split(_LONG_WORD.sub(_loosen_long_word, text))
    return [{"tag": "whole", "inside": [part]} if number % 2 else part for number, part in enumerate(parts) if part]


def _loosen_long_word(found: re.Match[str]) -> str:
    """Return a long word with an invisible break point after each letter; hyphenated words break at their hyphens
    instead.

    A day in words, or a name after its initial, is not a long word.
    """
    short = len(found[0]) < 2 * LONG_WORD_LETTERS and all(
        len(part) < LONG_WORD_LETTERS for part in found[0].split("\N{NO-BREAK SPACE}")
    )
    return found[0] if short or _HYPHENATED_WORD.fullmatch(found[0]) else "\N{ZERO WIDTH SPACE}".join(found[0])
