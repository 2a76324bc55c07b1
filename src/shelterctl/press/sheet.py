"""One side of paper (`Sheet`), made from a template and its facts, and any number of sheets as one file: PDF, HTML,
Markdown or text.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from shelterctl.immutable import immutable
from shelterctl.press.tree import Node, parse_body

PAPER_A4, PAPER_US_LETTER = "a4", "us-letter"
"""The sizes of paper, as Typst calls them."""


class Medium(StrEnum):
    """What a sheet can be made into, by the ending of its file."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"


@immutable
class Sheet:
    """One side of paper: its *title*, the *language* it is written in, the *tint* of its paper, its *day*, its tree.

    *picture* is SVG that stands where the template says so, described there in words; *large* is what a resident reads.
    One that lies *behind* another belongs to the same copy, a *long* one may go on over as many pages as it needs, one
    that *grows* over as many as its blank needs if that is more than one, and a *wide* one stands on its side.
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
    """What came from the press: the bytes, and on how many pages each sheet stands (0 where there are no pages)."""

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
    """One sheet from its template; BrokenRulebook if the template is broken or uses what no medium knows.

    Without a *title* it is called what stands over it.
    """
    from shelterctl.press.template import render_template  # noqa: PLC0415 - for help nothing is printed

    body = render_template(f"{template}.html.j2", language, {"named": title, **facts})
    tree = parse_body(body, f"{template}.html.j2")
    title = title or next("".join(map(str, node.children)) for node in tree.elements() if node.tag == "h1")
    return Sheet(title, language, tint, day, body, tree, picture, large, behind, long, wide, grows)


def render_svg(template: str, language: str, facts: Mapping[str, Any]) -> str:
    """A picture from its template, as SVG."""
    from shelterctl.press.template import render_template  # noqa: PLC0415 - as above

    return render_template(f"{template}.svg.j2", language, facts)


def render_sheets(sheets: Sequence[Sheet], medium: Medium, size: str = PAPER_A4) -> RenderedFile:
    """All *sheets* as one file of that medium, on paper of that *size*; equal sheets give equal bytes."""
    if medium is Medium.PDF:
        from shelterctl.press import pdf  # noqa: PLC0415 - a screen needs no Typst

        return pdf.render_pdf(sheets, size)
    if medium is Medium.HTML:
        from shelterctl.press import template  # noqa: PLC0415 - as above

        return RenderedFile(template.render_html(sheets, size), ())
    from shelterctl.press import text  # noqa: PLC0415 - as above

    write = text.render_markdown if medium is Medium.MARKDOWN else text.render_text
    return RenderedFile("\n\n".join(write(each.tree) for each in sheets).encode() + b"\n", ())
