"""One side of paper (`Sheet`), made from a template and its facts, and any number of sheets as one file: PDF, HTML,
Markdown or text.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from shelterctl.country import current_country
from shelterctl.immutable import immutable
from shelterctl.press.tree import Node, parse_body

PAPER_A4, PAPER_US_LETTER = "a4", "us-letter"
"""The sizes of paper, as Typst names them."""


class Medium(StrEnum):
    """The formats of a sheet, by the extension of the file."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"


@immutable
class Sheet:
    """One side of paper: its *title*, *language*, *tint*, *day*, and its content as *body* (HTML) and *tree*.

    *picture* is SVG, placed and described by the template; *large* is for sheets that residents read. A sheet *behind*
    another belongs to the same copy. A *long* one may have any number of pages, one that *grows* as many as its blank
    needs, and a *wide* one is turned sideways.
    """

    title: str
    language: str
    tint: str
    day: date
    body: str
    tree: Node
    picture: str = ""
    large: bool = False
    behind: bool = False
    long: bool = False
    wide: bool = False
    grows: bool = False


@immutable(eq=True)
class RenderedFile:
    """A rendered file: its bytes, and the number of pages of each sheet, empty for a medium without pages."""

    data: bytes
    pages: tuple[int, ...]


def make_sheet(
    template: str,
    facts: Mapping[str, Any],
    *,
    title: str = "",
    language: str,
    tint: str,
    day: date,
    picture: str = "",
    large: bool = False,
    behind: bool = False,
    long: bool = False,
    wide: bool = False,
    grows: bool = False,
) -> Sheet:
    """Return one sheet made from its template; without a *title* its heading is the title.

    Raises BrokenRulebook if the template is broken or uses an element that is not allowed.
    """
    from shelterctl.press.template import render_template  # noqa: PLC0415 - Jinja is only needed to print

    shown = {"named": title, **facts}
    body = render_template(f"{template}.html.j2", language, shown)
    if language in current_country().fell_back:
        body = render_template(f"{template}.html.j2", language, {**shown, "partly": True})
    tree = parse_body(body, f"{template}.html.j2")
    title = title or next("".join(map(str, node.children)) for node in tree.elements() if node.tag == "h1")
    return Sheet(title, language, tint, day, body, tree, picture, large, behind, long, wide, grows)


def render_svg(template: str, language: str, facts: Mapping[str, Any]) -> str:
    """Return a picture made from its template, as SVG."""
    from shelterctl.press.template import render_template  # noqa: PLC0415 - Jinja is only needed to print

    return render_template(f"{template}.svg.j2", language, facts)


def render_sheets(sheets: Sequence[Sheet], medium: Medium, size: str = PAPER_A4) -> RenderedFile:
    """Return all *sheets* as one file of that medium, on paper of that *size*; equal sheets give equal bytes."""
    if medium is Medium.PDF:
        from shelterctl.press import pdf  # noqa: PLC0415 - Typst is only needed for PDF

        return pdf.render_pdf(sheets, size)
    if medium is Medium.HTML:
        from shelterctl.press import template  # noqa: PLC0415 - Jinja is only needed to print

        return RenderedFile(template.render_html(sheets, size), ())
    from shelterctl.press import text  # noqa: PLC0415 - only needed for text and Markdown

    write = text.render_markdown if medium is Medium.MARKDOWN else text.render_text
    return RenderedFile("\n\n".join(write(each) for each in sheets).encode() + b"\n", ())
