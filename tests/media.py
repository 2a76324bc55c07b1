"""What a sheet says in each medium, read back as a reader of that medium reads it: its shape, and its text."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from tempfile import TemporaryFile
from typing import NamedTuple

import pdf
from markdown_it import MarkdownIt
from markdown_it.token import Token

from shelterctl.press.sheet import PAPER_A4, Medium, RenderedFile, Sheet, render_sheets

_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BROKEN_OFF = re.compile("[\\s\u00ad\u200b]+")
"""Where a line ends is the medium's own affair, and a hyphen there is a soft one."""

_NUMBERED = re.compile(r"(?:^| )\d+ / \d+$", re.MULTILINE)
"""Which page it is of how many, at the foot of each."""

FOOT = 804
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
    told = "\n".join(_NUMBERED.sub("", page) for page in pdf.pages(data))
    return Read((*(tag.kind for tag in pdf.tags(data).every()), *loose), squeezed(told))


def pressed(sheets: Sequence[Sheet], medium: Medium) -> RenderedFile:
    """The sheets as one file of that medium."""
    return printed(sheets) if medium is Medium.PDF else render_sheets(sheets, medium)


def printed(sheets: Sequence[Sheet], size: str = PAPER_A4) -> RenderedFile:
    """The sheets as one PDF, set in a process of its own: the threads of Typst come along into no later fork."""
    with TemporaryFile() as handed:
        if (child := os.fork()) == 0:
            try:
                made = render_sheets(sheets, Medium.PDF, size)
                handed.write(json.dumps(made.pages).encode() + b"\n" + made.data)
                handed.flush()
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        handed.seek(0)
        pages, _, data = handed.read().partition(b"\n")
        return RenderedFile(data, tuple(json.loads(pages)))


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
    for word in pdf.words(made.data):
        if word.base < FOOT:
            above.setdefault(word.page, []).append(word.text)
    whole, gone = pdf.pages(made.data), 0
    for count in made.pages:
        gone += gone % 2  # a copy begins on a right-hand page
        bodies = ["".join(above.get(page, [])) for page in range(gone + 1, gone + count)]
        gone += count
        yield squeezed(_NUMBERED.sub("", "".join([*bodies, whole[gone - 1]])))
