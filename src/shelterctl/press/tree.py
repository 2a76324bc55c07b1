"""The strict parser: a small subset of HTML as a tree, from which every medium is made."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any

from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import TEMPLATES_FOLDER
from shelterctl.ui_language import N_

ELEMENT_UNKNOWN = N_("The template {file} is broken at line {line}: <{tag}> is not allowed there ({what}).")
ELEMENT_NOT_CLOSED = N_("The template {file} is broken at line {line}: <{tag}> is not closed, or was never opened.")

FACT_NOT_TOLD = "…"
"""A placeholder for text that may have been filled in and must not be repeated in a message."""

VOID_ELEMENTS = ("br", "hr", "picture")
"""Elements without content."""

_NUMBER_PATTERN = r"[1-9]\d{0,2}"

ELEMENT_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "header": {},
    "footer": {},
    "h1": {},
    "h2": {},
    "p": {"class": "centre|mark|pen|small|stop|wall|whose"},
    "ol": {},
    "ul": {},
    "li": {},
    "table": {"class": "lines|figures|sides|fields|card|inner|log|sign|key"},
    "thead": {},
    "tbody": {},
    "tr": {"class": "below|first|inner|spare|under"},
    "th": {"class": "number|pen", "scope": "col|row", "colspan": _NUMBER_PATTERN, "data-width": _NUMBER_PATTERN},
    "td": {"class": "number", "colspan": _NUMBER_PATTERN},
    "strong": {},
    "em": {},
    "br": {},
    "hr": {},
    "picture": {"alt": "(?s:.+)"},
    "figure": {},
    "figcaption": {},
    "data": {"value": r"\d{1,15}(\.\d{1,3})?"},
    "span": {"class": "blank|box|line|option|ticked", "data-letters": _NUMBER_PATTERN},
}
"""Every element that a template may use, with its attributes and the patterns of their values."""

REQUIRED_ATTRIBUTES = {"th": "scope", "picture": "alt", "table": "class", "span": "class"}
"""The attribute that an element must have in order to be rendered, or read aloud."""

_BLOCK_ELEMENTS = ("header", "footer", "h1", "h2", "p", "ol", "ul", "table", "hr", "picture", "figure")
_INLINE_ELEMENTS = ("strong", "em", "br", "span")

ALLOWED_CHILDREN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("article", "header", "footer"), _BLOCK_ELEMENTS),
    **dict.fromkeys(("ol", "ul"), ("li",)),
    "table": ("thead", "tbody"),
    **dict.fromkeys(("thead", "tbody"), ("tr",)),
    "tr": ("th", "td"),
    "figure": ("figcaption", "data"),
}
"""The elements allowed in an element that has no text of its own."""

_ALLOWED_IN_TEXT = {"td": (*_INLINE_ELEMENTS, "hr"), "figcaption": (), "data": ()}
"""The elements allowed within text, where these are not the inline elements alone."""

_STRAY_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>|[!?])")
"""The beginning of something that looks like an element and is none: a browser would swallow the text after it."""


@dataclass(slots=True, repr=False)
class Node:
    """An element with its attributes and its content: text and other elements, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    @property
    def css_class(self) -> str:
        """The class of the element, or an empty text."""
        return self.attributes.get("class", "")

    def number(self, name: str, otherwise: int = 1) -> int:
        """Return an attribute as a number."""
        return int(self.attributes.get(name, otherwise))

    def elements(self) -> "Iterator[Node]":
        """Yield the elements inside, without the text between them."""
        return (each for each in self.children if isinstance(each, Node))

    def find(self, tag: str) -> "Iterator[Node]":
        """Yield every element of a tag inside this one, in order."""
        for each in self.elements():
            yield from [each] if each.tag == tag else each.find(tag)

    def rows(self) -> "Iterator[Node]":
        """Yield the rows of a table, from its head and body."""
        for each in self.elements():
            yield from [each] if each.tag == "tr" else each.rows()


def parse_body(written: str, name: str) -> Node:
    """Return the rendered template *name* as a tree with one article; raises BrokenRulebook if it uses elements that
    are not allowed.
    """
    reader = _Reader(name)
    if _STRAY_TAG.search(written):
        raise reader.unclosed("")
    reader.feed(written)
    reader.close()
    if len(reader.open) > 1:
        raise reader.unclosed(reader.open[-1].tag)
    return reader.open[0]


class _Reader(HTMLParser):
    """The parser that builds the tree and rejects everything that is not allowed."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.open = [Node("article")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open one more element, if it and its attributes are allowed here."""
        within = self.open[-1].tag
        if tag not in ELEMENT_ATTRIBUTES:
            raise self.unknown(tag, "element")
        if tag not in ALLOWED_CHILDREN.get(within, _ALLOWED_IN_TEXT.get(within, _INLINE_ELEMENTS)):
            raise self.unknown(tag, f"in <{within}>")
        node = Node(tag, {name: value or "" for name, value in attrs})
        for name, value in node.attributes.items():
            if not re.fullmatch(ELEMENT_ATTRIBUTES[tag].get(name, "(?!)"), value):
                raise self.unknown(tag, name, name)
        if tag in REQUIRED_ATTRIBUTES and REQUIRED_ATTRIBUTES[tag] not in node.attributes:
            raise self.unknown(tag, REQUIRED_ATTRIBUTES[tag])
        self.open[-1].children.append(node)
        if tag not in VOID_ELEMENTS:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must have this tag."""
        if tag in VOID_ELEMENTS:
            return
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise self.unclosed(self.open[-1].tag if len(self.open) > 1 else tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add text, with line ends and indents as single spaces; between blocks only spaces are allowed."""
        text, within = re.sub(r"[ \t\n]+", " ", data), self.open[-1].tag  # no-break spaces stay
        if within not in ALLOWED_CHILDREN:
            self.open[-1].children.append(text)
        elif text != " ":
            raise self.unknown(within, "text")

    def handle_comment(self, data: str) -> None:
        """Reject a comment."""
        raise self.unknown("!--", "comment")

    def handle_decl(self, decl: str) -> None:
        """Reject a document type."""
        raise self.unknown("!", "declaration")

    def handle_pi(self, data: str) -> None:
        """Reject a processing instruction."""
        raise self.unknown("?", "instruction")

    def unknown_decl(self, data: str) -> None:
        """Reject a section such as CDATA."""
        raise self.unknown("![", "section")

    def unknown(self, tag: str, what: str, beside: str = "") -> BrokenRulebook:
        """Return the error on an element, or on its *what*, that is not allowed."""
        found = self._found(lambda line: bool(_start_tag_pattern(tag).search(line)) and beside in line)
        return BrokenRulebook("template/unknown", ELEMENT_UNKNOWN, **found(tag=tag, what=what))

    def unclosed(self, tag: str) -> BrokenRulebook:
        """Return the error on an element that is opened and not closed, or closed and not opened; without *tag*, on one
        that never ends.
        """
        start, end = _start_tag_pattern(tag) if tag else _STRAY_TAG, f"</{tag}>"
        found = self._found(
            lambda line: len(start.findall(line)) != line.count(end), lambda line: bool(start.search(line))
        )
        return BrokenRulebook("template/open", ELEMENT_NOT_CLOSED, **found(tag=tag))

    def _found(self, *fits: Callable[[str], bool]) -> Callable[..., dict[str, Any]]:
        """Return a function that adds file and line to the facts of an error.

        Text that no template contains was filled in, and is not repeated.
        """
        files = [TEMPLATES_FOLDER / self.name, *sorted(TEMPLATES_FOLDER.glob("_*.j2"))]
        lines = [(file.name, *each) for file in files for each in enumerate(file.read_text("utf-8").splitlines(), 1)]
        for fit in fits:
            for file, number, line in lines:
                if fit(line):
                    return partial(dict, file=file, line=number)
        return lambda **told: {"file": self.name, "line": FACT_NOT_TOLD, **dict.fromkeys(told, FACT_NOT_TOLD)}


def _start_tag_pattern(tag: str) -> re.Pattern[str]:
    """Return the pattern of the start tag of an element in a template."""
    return re.compile(rf"<{re.escape(tag)}" + r"\b" * tag[-1:].isalnum())
