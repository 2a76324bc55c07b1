"""Templates to HTML, text, Markdown and PDF. The only room that knows Jinja and Typst.

A template is written in a small subset of HTML, and every medium is made from the one tree that comes of it, so that
screen, paper and text cannot differ. What is filled in is text in every medium, never markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shelterctl.press.date import long_day, long_partial
from shelterctl.press.letter import legible
from shelterctl.press.tree import Node, parse

__all__ = [
    "LETTER",
    "PLAIN",
    "Medium",
    "Pressed",
    "Sheet",
    "drawn",
    "legible",
    "long_day",
    "long_partial",
    "press",
    "sheet",
]


PLAIN, LETTER = "a4", "us-letter"
"""The sizes of paper, as Typst calls them."""


class Medium(StrEnum):
    """What a sheet can be made into, by the ending of its file."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One side of paper: its *title*, the *language* it is written in, the *tint* of its paper, its *day*, its tree.

    *picture* is SVG that stands where the template says so, described there in words; *large* is what a resident reads.
    One that lies *behind* another belongs to the same copy, a *long* one may go on over as many pages as it needs, and
    a *wide* one stands on its side.
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


@dataclass(frozen=True, slots=True, repr=False)
class Pressed:
    """What came from the press: the bytes, and on how many pages each sheet stands (0 where there are no pages)."""

    data: bytes
    pages: tuple[int, ...]


def sheet(
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
) -> Sheet:
    """One sheet from its template; BrokenRulebook if the template is broken or uses what no medium knows.

    Without a *title* it is called what stands over it.
    """
    from shelterctl.press.template import rendered  # noqa: PLC0415 - for help nothing is printed

    body = rendered(f"{template}.html.j2", language, {"named": title, **facts})
    tree = parse(body, f"{template}.html.j2")
    title = title or next("".join(map(str, node.inside)) for node in tree.nodes() if node.tag == "h1")
    return Sheet(title, language, tint, day, body, tree, picture, large, behind, long, wide)


def drawn(template: str, language: str, facts: Mapping[str, Any]) -> str:
    """A picture from its template, as SVG."""
    from shelterctl.press.template import rendered  # noqa: PLC0415 - as above

    return rendered(f"{template}.svg.j2", language, facts)


def press(sheets: Sequence[Sheet], medium: Medium, size: str = PLAIN) -> Pressed:
    """All *sheets* as one file of that medium, on paper of that *size*; equal sheets give equal bytes."""
    if medium is Medium.PDF:
        from shelterctl.press import paper  # noqa: PLC0415 - a screen needs no Typst

        return paper.pdf(sheets, size)
    if medium is Medium.HTML:
        from shelterctl.press import page  # noqa: PLC0415 - as above

        return Pressed(page.html(sheets, size), ())
    from shelterctl.press import text  # noqa: PLC0415 - as above

    write = text.markdown if medium is Medium.MARKDOWN else text.text
    return Pressed("\n\n".join(write(each.tree) for each in sheets).encode() + b"\n", ())
