"""A PDF as pypdf reads it: its tags, its text in the order in which it was set, and where each word stands.

That the tools of poppler read the same out of one is shown in test_press_paper.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader

SAME = 0.1
"""So many points are no difference."""


class Tag(NamedTuple):
    """An element of the tree of tags: its kind, what a table says of its cells, and the elements inside it."""

    kind: str
    cell: Mapping[str, Any]
    inside: list["Tag"]

    def every(self) -> Iterator["Tag"]:
        """The element, and every one below it, in reading order."""
        yield self
        for tag in self.inside:
            yield from tag.every()


class Word(NamedTuple):
    """Where a word stands on its page, which is so wide and high, in points."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    base: float
    text: str
    wide: float = 0
    high: float = 0


def tags(data: bytes) -> Tag:
    """The document with everything that is tagged in it; of a kind that is not in the standard, the kind it stands for.

    What no page shows has no tag: numbers of pages and the tint are none of the tree.
    """
    root: Any = PdfReader(BytesIO(data)).trailer["/Root"]
    (document,) = _tags(root["/StructTreeRoot"]["/K"], root["/StructTreeRoot"]["/RoleMap"])
    return document


def _tags(found: Any, roles: Mapping[str, str]) -> list[Tag]:
    found = found.get_object() if hasattr(found, "get_object") else found
    if isinstance(found, list):
        return [tag for each in found for tag in _tags(each, roles)]
    if not isinstance(found, dict) or "/S" not in found:
        return []  # a piece of a page
    said = found.get("/A", [])
    stated = [each.get_object() for each in (said if isinstance(said, list) else [said])]
    cell = {name: value for each in stated if each["/O"] == "/Table" for name, value in each.items()}
    kind = str(roles.get(found["/S"], found["/S"])).removeprefix("/")
    return [Tag(kind, cell, _tags(found.get("/K", []), roles))]


class _Font:
    """A font as a page has it: what each of its glyphs says, and how wide it is."""

    def __init__(self, font: Any) -> None:
        below = font["/DescendantFonts"][0].get_object()
        self._widths, self._map = list(below["/W"]), font["/ToUnicode"].get_data().decode("latin-1")
        described = below["/FontDescriptor"].get_object()
        self.up, self.down = float(described["/Ascent"]) / 1000, float(described["/Descent"]) / 1000

    @cached_property
    def widths(self) -> dict[int, float]:
        """Parts of the size of a letter, by glyph."""
        found: dict[int, float] = {}
        rest = iter(self._widths)
        for first in rest:
            last = next(rest)
            several = list(last) if isinstance(last, list) else [next(rest)] * (int(last) - int(first) + 1)
            found |= {int(first) + number: float(width) / 1000 for number, width in enumerate(several)}
        return found

    @cached_property
    def says(self) -> dict[int, str]:
        """The text of each glyph."""
        found: dict[int, str] = {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", self._map, re.DOTALL):
            for glyph, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                found[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", self._map, re.DOTALL):
            for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                begun = bytes.fromhex(text).decode("utf-16-be")
                for number in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + number] = begun[:-1] + chr(ord(begun[-1]) + number)
        return found


def words(data: bytes) -> Iterator[Word]:
    """Every word, in the order in which they were set."""
    for number, page in enumerate(PdfReader(BytesIO(data)).pages, 1):
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        for letters in _runs(page):
            for space, group in groupby(letters, key=lambda letter: letter.text.isspace()):
                there = list(group)
                if not space:
                    first, last = there[0], there[-1]
                    text = "".join(letter.text for letter in there)
                    yield first._replace(page=number, right=last.right, text=text, wide=wide, high=high)


def _runs(page: PageObject) -> Iterator[list[Word]]:
    """The letters that were set at once, for every time that some were."""
    resources: Any = page.get("/Resources", {})
    fonts = {name: _Font(font.get_object()) for name, font in resources.get("/Font", {}).items()}
    high, runs = float(page.mediabox.height), list[list[Word]]()
    now: list[Any] = []

    def seen(operator: bytes, operands: Any, page_to: Any, text_to: Any) -> None:
        if operator == b"Tf":
            now[:] = [fonts[operands[0]], float(operands[1])]
        if operator not in (b"TJ", b"Tj"):
            return
        font, size = now
        a, b, c, d, e, f = map(float, page_to)
        x, base = a * text_to[4] + c * text_to[5] + e, high - b * text_to[4] - d * text_to[5] - f
        size *= abs(a * text_to[0])
        run: list[Word] = []
        for piece in operands[0] if operator == b"TJ" else operands:
            if not isinstance(piece, str | bytes):
                x -= float(piece) / 1000 * size
                continue
            glyphs = piece if isinstance(piece, bytes) else piece.original_bytes  # type: ignore[attr-defined]
            for place in range(0, len(glyphs), 2):
                glyph = int.from_bytes(glyphs[place : place + 2])
                right = x + font.widths[glyph] * size
                top, bottom = base - font.up * size, base - font.down * size
                run.append(Word(0, x, top, right, bottom, base, font.says[glyph]))
                x = right
        last = runs[-1][-1] if runs and runs[-1] else None
        if run and last and abs(last.base - base) < SAME and abs(last.right - run[0].left) < SAME:
            runs[-1].extend(run)  # a word that is set in two kinds of letters
        else:
            runs.append(run)

    page.extract_text(visitor_operand_before=seen)
    yield from runs


def pages(data: bytes) -> list[str]:
    """The text of each page: what stands side by side is a line, with a space between words."""
    found = [""] * len(PdfReader(BytesIO(data)).pages)
    for (page, _), line in groupby(words(data), key=lambda word: (word.page, round(word.base))):
        found[page - 1] += " ".join(word.text for word in line) + "\n"
    return found


def outside(data: bytes) -> list[Word]:
    """Words that reach into the margins of their page, more than half a letter."""
    return [
        word
        for word in words(data)
        if word.left < 48 or word.right > word.wide - 45 or word.top < 20 or word.bottom > word.high - 8
    ]


def overlaid(data: bytes) -> list[tuple[Word, Word]]:
    """Words that stand upon each other."""
    there = sorted(words(data))
    return [
        (one, other)
        for number, one in enumerate(there)
        for other in there[number + 1 :]
        if one.page == other.page
        and one.right - 1 > other.left
        and other.right - 1 > one.left
        and one.bottom - 4 > other.top
        and other.bottom - 4 > one.top
    ]
