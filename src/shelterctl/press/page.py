"""Sheets as one page of HTML: read on a screen, or printed by a browser as the PDF is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from shelterctl.press.template import rendered

if TYPE_CHECKING:
    from shelterctl.press import Sheet


def html(sheets: "Sequence[Sheet]", size: str) -> bytes:
    """The page, which fetches nothing and runs nothing."""
    articles = [(sheet, Markup(_with_picture(sheet))) for sheet in sheets]  # noqa: S704 - escaped by its own template
    facts = {"sheets": articles, "size": size, "title": " · ".join(dict.fromkeys(sheet.title for sheet in sheets))}
    return (rendered("page.html.j2", sheets[0].language, facts) + "\n").encode()


def _with_picture(sheet: "Sheet") -> str:
    """The body with the picture in the place that waits for it."""
    before, waiting, after = sheet.body.partition("<picture")
    return before + sheet.picture + after.partition(">")[2] if waiting else sheet.body
