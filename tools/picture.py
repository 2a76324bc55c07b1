"""The picture of the menu in README: one screen of a terminal as SVG, drawn by rich.

``tests/whole/test_picture.py`` runs the menu on invented clients and hands over the bytes that it wrote.
"""

from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

DOCS = Path(__file__).parents[1] / "docs"

COLUMNS = 80

THEME = TerminalTheme(
    (250, 250, 247),
    (34, 34, 34),
    [
        (34, 34, 34),
        (179, 38, 30),
        (30, 110, 60),
        (140, 100, 0),
        (30, 80, 160),
        (120, 50, 130),
        (0, 110, 120),
        (90, 90, 90),
    ],
)
"""Ink on light paper, with the dark colours that stay legible on it."""

SVG_FRAME = """\
<svg viewBox="0 0 994 {height}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="TITLE">
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: {char_height}px; \
line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect x="0.1%" y="0.2%" width="99.8%" height="99.6%" rx="8" fill="#fafaf7" stroke="#b9b9b0"/>
<g transform="translate({terminal_x}, 24)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""rich's picture without the font that it would fetch from the network."""


def picture_path(language: str) -> Path:
    """Return where the picture of the menu in *language* is kept."""
    return DOCS / f"menu.{language}.svg"


def draw_screen(written: str, language: str) -> str:
    """Return one screen as SVG; *written* is what a program wrote on it, with its ANSI codes for bold and colour."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(written), soft_wrap=True)
    title = {"en": "shelterctl", "ru": "Приют"}[language]
    return console.export_svg(title=title, theme=THEME, code_format=SVG_FRAME.replace("TITLE", title), unique_id="menu")
