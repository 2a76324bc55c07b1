"""A sheet as a reader of its medium reads it: text, tags, where each word stands and where its lines are ruled."""

import os
import re
import signal
import subprocess
import traceback
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from html.parser import HTMLParser
from io import BytesIO
from itertools import groupby, islice, pairwise, takewhile
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pypdf import PageObject, PdfReader

from shelterctl.press.sheet import PAPER_A4, Medium, RenderedFile, Sheet, render_sheets
from tests.support.command import CHANGED_HERE

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SAME_PLACE = 0.1
"""So many points are no difference."""


class Tag(NamedTuple):
    """An element of the tree of tags: its kind, what a table says of its cells, the elements inside it, and the words
    for a picture.
    """

    kind: str
    cell: Mapping[str, Any]
    inside: list["Tag"]
    alt: str = ""

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
    return [Tag(kind, cell, _tags(found.get("/K", []), roles), str(found.get("/Alt", "")))]


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


@lru_cache(4)
def words(data: bytes) -> Sequence[Word]:
    """Every word, in the order in which they were set; a file is asked about in several ways, and read once."""
    return tuple(_words(data))


def _words(data: bytes) -> Iterator[Word]:
    known: dict[object, _Font] = {}
    for number, page in enumerate(PdfReader(BytesIO(data)).pages, 1):
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        for letters in _runs(page, known):
            for space, group in groupby(letters, key=lambda letter: letter.text.isspace()):
                there = list(group)
                if not space:
                    first, last = there[0], there[-1]
                    text = "".join(letter.text for letter in there)
                    yield first._replace(page=number, right=last.right, text=text, wide=wide, high=high)


def _runs(page: PageObject, known: dict[object, _Font]) -> Iterator[list[Word]]:
    """The letters that were set at once, for every time that some were; fonts of earlier pages are known."""
    resources: Any = page.get("/Resources", {})
    fonts = {}
    for name, font in resources.get("/Font", {}).items():
        whose = getattr(font, "idnum", None) or id(font)
        fonts[name] = known[whose] = known.get(whose) or _Font(font.get_object())
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
        if run and last and abs(last.base - base) < SAME_PLACE and abs(last.right - run[0].left) < SAME_PLACE:
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
        if word.left < 48 or word.right > word.wide - 45 or word.top < 17 or word.bottom > word.high - 8
    ]


def overlaid(data: bytes) -> list[tuple[Word, Word]]:
    """Words that stand upon each other."""
    there = sorted(words(data))  # by page, and from the left
    return [
        (one, other)
        for number, one in enumerate(there)
        for other in takewhile(partial(_reaches, one), islice(there, number + 1, None))
        if other.right - 1 > one.left and one.bottom - 4 > other.top and other.bottom - 4 > one.top
    ]


def _reaches(one: Word, other: Word) -> bool:
    """Whether a word reaches further to the right than another one of its page begins."""
    return one.page == other.page and one.right - 1 > other.left


POINT = 25.4 / 72
SAME_LINE = 0.2
"""So many millimetres are no difference."""


Line = tuple[tuple[float, float], tuple[float, float]]
"""A straight line by its two ends, in millimetres from the left and the upper edge."""


class Rule(NamedTuple):
    """A level line: its page, where it begins and ends, and how far it lies from the upper edge."""

    page: int
    left: float
    right: float
    down: float

    @property
    def long(self) -> float:
        """How much room it gives to write on."""
        return self.right - self.left


@lru_cache(4)
def rules(data: bytes) -> Sequence[Rule]:
    """Every level line, from above to below; pieces that touch are one."""
    found = sorted({rule for number, drawn in enumerate(_drawn(data)) for rule in _level(drawn, number)})
    joined: list[Rule] = []
    for rule in sorted(found, key=lambda rule: (rule.page, rule.down, rule.left)):
        last = joined[-1] if joined else None
        if last and last.page == rule.page and last.down == rule.down and rule.left <= last.right + SAME_LINE:
            joined[-1] = last._replace(right=max(last.right, rule.right))
        else:
            joined.append(rule)
    return tuple(joined)


def uprights(data: bytes, page: int, down: float) -> list[float]:
    """How far from the left edge of a page each upright line lies that reaches over a height of it."""
    found = (
        x
        for (x, y), (to_x, to_y) in _drawn(data)[page]
        if abs(x - to_x) < SAME_LINE and min(y, to_y) < down < max(y, to_y)
    )
    return sorted({round(x, 1) for x in found})


def _level(drawn: Sequence[Line], number: int) -> Iterator[Rule]:
    for (x, y), (to_x, to_y) in drawn:
        if abs(y - to_y) < SAME_LINE and abs(x - to_x) > 1:
            yield Rule(number, round(min(x, to_x), 1), round(max(x, to_x), 1), round(y, 1))


@lru_cache(4)
def _drawn(data: bytes) -> Sequence[Sequence[Line]]:
    """Every straight line of each page; a file is asked about line by line, and read once."""
    return tuple(_lines_of_page(page) for page in PdfReader(BytesIO(data)).pages)


def _lines_of_page(page: PageObject) -> Sequence[Line]:
    at: list[tuple[float, float]] = []
    drawn: list[Line] = []
    high = float(page.mediabox.height)

    def placed(matrix: Any, x: Any, y: Any) -> tuple[float, float]:
        a, b, c, d, e, f = map(float, matrix)
        return (a * float(x) + c * float(y) + e) * POINT, (high - b * float(x) - d * float(y) - f) * POINT

    def seen(operator: bytes, operands: Any, matrix: Any, _: Any) -> None:
        if operator == b"m":
            at[:] = [placed(matrix, *operands)]
        elif operator == b"l" and at:
            at.append(placed(matrix, *operands))
            drawn.append((at[-2], at[-1]))

    page.extract_text(visitor_operand_before=seen)
    return drawn


def letters(data: bytes) -> set[float]:
    """In how large letters a file is set, in points."""
    found: set[float] = set()
    for page in PdfReader(BytesIO(data)).pages:
        page.extract_text(
            visitor_text=lambda text, _, __, ___, size: found.add(round(size, 1)) if text.strip() else None
        )
    return found


ASCENT = 1.069
"""How far a letter of Noto Sans reaches up, in parts of its size."""


def sizes(data: bytes) -> set[float]:
    """In how large letters a file is set, in points as they are printed, also within a picture."""
    return {round((word.base - word.top) / ASCENT, 2) for word in words(data)}


def gaps(lines: Sequence[Rule]) -> list[float]:
    """How far each line lies below the one before it on its page."""
    return [round(below.down - above.down, 1) for above, below in pairwise(lines) if above.page == below.page]


def column(lines: Sequence[Rule], left: float) -> list[Rule]:
    """The lines that reach over a place of the page, such as a column of a table."""
    return [rule for rule in lines if rule.left <= left <= rule.right]


_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BROKEN_OFF = re.compile("[\\s\u00ad\u200b]+")
"""Where a line ends is the medium's own affair, and a hyphen there is a soft one."""

_NUMBERED = re.compile(r"(?:^| )\d+ / \d+$", re.MULTILINE)
"""Which page it is of how many, at the foot of each."""

FOOT = 795
"""Where on a page of A4 its foot begins, in points."""

_UNSEEN = "[ \u00ad\u200b]*"
_THREE = rf"{_UNSEEN}(?:[0-9A-Z]{_UNSEEN}){{3}}"
_CODE = re.compile(rf"\b{_THREE}-{_THREE}-{_THREE}(?!\w)|\bs-\d+\b")
"""The code of the sheet, which is another one as soon as any fact is, and of whose it is.

A reader of a PDF gives a letter the place to break behind it wherever the letter stands, if it has one where it stands
first in the file; between two letters that are set closely it may see a space.
"""


class Read(NamedTuple):
    """What a reader sees: how the sheet is built, and what it says."""

    shape: tuple[str, ...]
    text: str


def html(data: bytes) -> Read:
    reader = _Html()
    reader.feed(data.decode())
    reader.close()
    return Read(tuple(reader.shape), tidy("".join(reader.text)))


def markdown(data: bytes) -> Read:
    shape: list[str] = []
    text: list[str] = []
    _take(_COMMONMARK.parse(data.decode()), shape, text)
    return Read(tuple(shape), tidy("".join(text)))


def text(data: bytes) -> Read:
    return Read((), squeezed(data.decode()))


def paper(data: bytes) -> Read:
    """Its elements in their order, from the tags, and what would lead out of it; its text as it is copied out of it."""
    loose = [
        word.decode() for word in (b"/URI", b"/Launch", b"/EmbeddedFile", b"/Annot", b"/JavaScript") if word in data
    ]
    told = "\n".join(_NUMBERED.sub("", page) for page in pages(data))
    return Read((*(tag.kind for tag in tags(data).every()), *loose), squeezed(told))


def pressed(sheets: Sequence[Sheet], medium: Medium) -> RenderedFile:
    """The sheets as one file of that medium."""
    return printed(sheets) if medium is Medium.PDF else render_sheets(sheets, medium)


MOST = 200
"""PDFs that one process sets, before it has kept too much of them."""


class Press:
    """A process that was forked from here once: Typst and its fonts are ready in it after the first sheet.

    The threads of Typst come along into no later fork of this process.
    """

    def __init__(self) -> None:
        self.owner, self.set = os.getpid(), 0
        self.asks, answers = Pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self.asks.close()
            _set_sheets(answers)
        answers.close()

    def end(self) -> None:
        """The process ended, whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.asks.close()
        _here.clear()


_here: list[Press] = []


def end_press() -> None:
    """Nobody sets sheets any more."""
    if _here and _here[0].owner == os.getpid():
        _here[0].end()


def _set_sheets(asked: "Connection[Any, Any]") -> NoReturn:
    """In the child: PDF after PDF, until nobody asks any more."""
    try:
        while True:
            sheets, size = asked.recv()
            try:
                made = render_sheets(sheets, Medium.PDF, size)
                asked.send((made.data, made.pages))
            except Exception:
                asked.send(traceback.format_exc())
    finally:
        os._exit(0)


def printed(sheets: Sequence[Sheet], size: str = PAPER_A4) -> RenderedFile:
    """The sheets as one PDF, set in another process; in a new one where a test changed the program."""
    if (_here and _here[0].set == MOST) or CHANGED_HERE:
        end_press()
    if not _here or _here[0].owner != os.getpid():
        _here[:] = [Press()]
    press = _here[0]
    press.asks.send((tuple(sheets), size))
    made = press.asks.recv()
    press.set += 1
    if CHANGED_HERE:
        end_press()
    assert not isinstance(made, str), made
    return RenderedFile(*made)


def poppler(data: bytes, tool: str, *words: str) -> str:
    """What a tool of poppler says of a PDF."""
    command = [tool, *words, "-", *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode(errors="replace")


def squeezed(words: str) -> str:
    """Text without the places at which lines were broken."""
    return _BROKEN_OFF.sub("", _CODE.sub("", words))


def tidy(words: str) -> str:
    """Text with every run of spaces as one."""
    return re.sub(r"\s+", " ", _CODE.sub("", words)).strip()


class _Html(HTMLParser):
    """The elements with their attributes, and the text of the body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[str] = []
        self.text: list[str] = []
        self.hidden = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(f"<{tag} {attrs}>")
        self.hidden = self.hidden and tag != "main"

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text += [] if self.hidden else [data]

    def handle_comment(self, data: str) -> None:
        self.shape.append("<!-->")

    def handle_decl(self, decl: str) -> None:
        self.shape.append("<!>")

    def handle_pi(self, data: str) -> None:
        self.shape.append("<?>")


def _take(tokens: list[Token], shape: list[str], text: list[str]) -> None:
    for token in tokens:
        if token.type in ("text", "text_special"):
            text.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and token.content == "<br>"):
            shape.append("break")
            text.append("\n")
        elif token.children is not None:
            _take(token.children, shape, text)
            text.append("\n")
        else:
            shape.append(f"{token.type} {token.tag} {token.content}")
            text.append(token.content)


def sheets(made: RenderedFile) -> Iterator[str]:
    """The text of each sheet of a PDF, with the foot of its last page and without the numbers of its pages."""
    above: dict[int, list[str]] = {}
    for word in words(made.data):
        if word.base < FOOT:
            above.setdefault(word.page, []).append(word.text)
    whole, gone = pages(made.data), 0
    for count in made.pages:
        gone += gone % 2  # a copy begins on a right-hand page
        bodies = ["".join(above.get(page, [])) for page in range(gone + 1, gone + count)]
        gone += count
        yield squeezed(_NUMBERED.sub("", "".join([*bodies, whole[gone - 1]])))
