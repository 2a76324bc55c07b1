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

ELEMENT_UNKNOWN = N_("The template {file} is broken at line {line}: no medium knows <{tag}> so ({what}).")
ELEMENT_NOT_CLOSED = N_("The template {file} is broken at line {line}: <{tag}> is not closed, or not opened.")

FACT_NOT_TOLD = "…"
"""Stands for what may have been filled in."""

VOID_ELEMENTS = ("br", "hr", "picture")
"""Elements without anything inside."""

_NUMBER_PATTERN = r"[1-9]\d{0,2}"

ELEMENT_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "header": {},
    "footer": {},
    "h1": {},
    "h2": {},
    "p": {"class": "centre|mark|pen|small|stop|whose"},
    "ol": {},
    "ul": {},
    "li": {},
    "table": {"class": "lines|figures|sides|fields|card|inner|log|sign|key"},
    "thead": {},
    "tbody": {},
    "tr": {"class": "below|first|inner|spare"},
    "th": {"class": "number|pen", "scope": "col|row", "colspan": _NUMBER_PATTERN, "data-width": _NUMBER_PATTERN},
    "td": {"class": "number", "colspan": _NUMBER_PATTERN},
    "strong": {},
    "em": {},
    "br": {},
    "hr": {},
    "picture": {"alt": "(?s:.+)"},
    "span": {"class": "blank|box|line|option|ticked", "data-letters": _NUMBER_PATTERN},
}
"""Every element that a template may use, its attributes, and what their values look like."""

REQUIRED_ATTRIBUTES = {"th": "scope", "picture": "alt", "table": "class", "span": "class"}
"""Attributes without which an element cannot be read, or be read aloud."""

_BLOCK_ELEMENTS = ("header", "footer", "h1", "h2", "p", "ol", "ul", "table", "hr", "picture")
_INLINE_ELEMENTS = ("strong", "em", "br", "span")

ALLOWED_CHILDREN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("article", "header", "footer"), _BLOCK_ELEMENTS),
    **dict.fromkeys(("ol", "ul"), ("li",)),
    "table": ("thead", "tbody"),
    **dict.fromkeys(("thead", "tbody"), ("tr",)),
    "tr": ("th", "td"),
}
"""What may stand in an element that has no text of its own."""

_ALLOWED_IN_TEXT = {"td": (*_INLINE_ELEMENTS, "hr")}
"""What may stand within text where it is more than words."""

_STRAY_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>|[!?])")
"""What begins like an element and is none: a browser would read on to the next sign and lose what is between."""


@dataclass(slots=True, repr=False)
class Node:
    """An element with its attributes, and what is inside: text and other elements in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    @property
    def css_class(self) -> str:
        """Its class, or nothing."""
        return self.attributes.get("class", "")

    def number(self, name: str, otherwise: int = 1) -> int:
        """An attribute that is a number."""
        return int(self.attributes.get(name, otherwise))

    def elements(self) -> "Iterator[Node]":
        """The elements inside, without the text between them."""
        return (each for each in self.children if isinstance(each, Node))

    def rows(self) -> "Iterator[Node]":
        """The rows of a table, through its head and body."""
        for each in self.elements():
            yield from [each] if each.tag == "tr" else each.rows()


def parse_body(written: str, name: str) -> Node:
    """What the template of that file came to, as one article; BrokenRulebook where it uses what no medium knows."""
    reader = _Reader(name)
    if _STRAY_TAG.search(written):
        raise reader.unclosed("")
    reader.feed(written)
    reader.close()
    if len(reader.open) > 1:
        raise reader.unclosed(reader.open[-1].tag)
    return reader.open[0]


class _Reader(HTMLParser):
    """Builds the tree, and refuses whatever it does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.open = [Node("article")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element is open, where it may stand and with what it may have."""
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
        """The innermost element is closed, and it is this one."""
        if tag in VOID_ELEMENTS:
            return
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise self.unclosed(self.open[-1].tag if len(self.open) > 1 else tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Text, its line ends and indents as single spaces; only what stands between blocks is none."""
        text, within = re.sub(r"[ \t\n]+", " ", data), self.open[-1].tag  # no-break spaces stay
        if within not in ALLOWED_CHILDREN:
            self.open[-1].children.append(text)
        elif text != " ":
            raise self.unknown(within, "text")

    def handle_comment(self, data: str) -> None:
        """There are no comments in what a template comes to."""
        raise self.unknown("!--", "comment")

    def handle_decl(self, decl: str) -> None:
        """Nor a document type."""
        raise self.unknown("!", "declaration")

    def handle_pi(self, data: str) -> None:
        """Nor anything to be processed."""
        raise self.unknown("?", "instruction")

    def unknown_decl(self, data: str) -> None:
        """Nor a section of another kind."""
        raise self.unknown("![", "section")

    def unknown(self, tag: str, what: str, beside: str = "") -> BrokenRulebook:
        """That no medium knows the element, or not *what* it has."""
        found = self._found(lambda line: bool(_start_tag_pattern(tag).search(line)) and beside in line)
        return BrokenRulebook("template/unknown", ELEMENT_UNKNOWN, **found(tag=tag, what=what))

    def unclosed(self, tag: str) -> BrokenRulebook:
        """That an element is opened and not closed, or closed and not opened; without *tag*, one that never ends."""
        start, end = _start_tag_pattern(tag) if tag else _STRAY_TAG, f"</{tag}>"
        found = self._found(
            lambda line: len(start.findall(line)) != line.count(end), lambda line: bool(start.search(line))
        )
        return BrokenRulebook("template/open", ELEMENT_NOT_CLOSED, **found(tag=tag))

    def _found(self, *fits: Callable[[str], bool]) -> Callable[..., dict[str, Any]]:
        """File and line beside what is told of it; what no template says itself was filled in, and is not told."""
        files = [TEMPLATES_FOLDER / self.name, *sorted(TEMPLATES_FOLDER.glob("_*.j2"))]
        lines = [(file.name, *each) for file in files for each in enumerate(file.read_text("utf-8").splitlines(), 1)]
        for fit in fits:
            for file, number, line in lines:
                if fit(line):
                    return partial(dict, file=file, line=number)
        return lambda **told: {"file": self.name, "line": FACT_NOT_TOLD, **dict.fromkeys(told, FACT_NOT_TOLD)}


def _start_tag_pattern(tag: str) -> re.Pattern[str]:
    """How an element begins where it is written."""
    return re.compile(rf"<{re.escape(tag)}" + r"\b" * tag[-1:].isalnum())
