"""The strict parser: a small subset of HTML as a tree, from which every medium is made."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any

from shelterctl.errors import BrokenRulebook
from shelterctl.language import N_
from shelterctl.library import TEMPLATES

NOT_KNOWN = N_("The template {file} is broken at line {line}: no medium knows <{tag}> so ({what}).")
NOT_CLOSED = N_("The template {file} is broken at line {line}: <{tag}> is not closed, or not opened.")

UNSAID = "…"
"""Stands for what may have been filled in."""

VOID = ("br", "hr", "picture")
"""Elements without anything inside."""

_NUMBER = r"[1-9]\d{0,2}"

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "header": {},
    "footer": {},
    "h1": {},
    "h2": {},
    "p": {"class": "centre|mark|pen|small|stop"},
    "ol": {},
    "ul": {},
    "li": {},
    "table": {"class": "lines|figures|sides|fields|card|inner|log|sign"},
    "thead": {},
    "tbody": {},
    "tr": {"class": "below|first|inner|spare"},
    "th": {"class": "number", "scope": "col|row", "colspan": _NUMBER, "data-width": _NUMBER},
    "td": {"class": "number", "colspan": _NUMBER},
    "strong": {},
    "em": {},
    "br": {},
    "hr": {},
    "picture": {"alt": "(?s:.+)"},
    "span": {"class": "blank|box|line|option|ticked", "data-letters": _NUMBER},
}
"""Every element that a template may use, its attributes, and what their values look like."""

NEEDED = {"th": "scope", "picture": "alt", "table": "class", "span": "class"}
"""Attributes without which an element cannot be read, or be read aloud."""

_BLOCKS = ("header", "footer", "h1", "h2", "p", "ol", "ul", "table", "hr", "picture")
_WORDS = ("strong", "em", "br", "span")

HOLDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("article", "header", "footer"), _BLOCKS),
    **dict.fromkeys(("ol", "ul"), ("li",)),
    "table": ("thead", "tbody"),
    **dict.fromkeys(("thead", "tbody"), ("tr",)),
    "tr": ("th", "td"),
}
"""What may stand in an element that has no text of its own."""

_TEXT_HOLDS = {"td": (*_WORDS, "hr")}
"""What may stand within text where it is more than words."""

_STRAY = re.compile(r"<(?!/?[a-zA-Z][^<>]*>|[!?])")
"""What begins like an element and is none: a browser would read on to the next sign and lose what is between."""


@dataclass(slots=True, repr=False)
class Node:
    """An element with its attributes, and what is inside: text and other elements in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Its class, or nothing."""
        return self.attributes.get("class", "")

    def number(self, name: str, otherwise: int = 1) -> int:
        """An attribute that is a number."""
        return int(self.attributes.get(name, otherwise))

    def nodes(self) -> "Iterator[Node]":
        """The elements inside, without the text between them."""
        return (each for each in self.inside if isinstance(each, Node))

    def rows(self) -> "Iterator[Node]":
        """The rows of a table, through its head and body."""
        for each in self.nodes():
            yield from [each] if each.tag == "tr" else each.rows()


def parse(written: str, name: str) -> Node:
    """What the template of that file came to, as one article; BrokenRulebook where it uses what no medium knows."""
    reader = _Reader(name)
    if _STRAY.search(written):
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
        if tag not in ATTRIBUTES:
            raise self.unknown(tag, "element")
        if tag not in HOLDS.get(within, _TEXT_HOLDS.get(within, _WORDS)):
            raise self.unknown(tag, f"in <{within}>")
        node = Node(tag, {name: value or "" for name, value in attrs})
        for name, value in node.attributes.items():
            if not re.fullmatch(ATTRIBUTES[tag].get(name, "(?!)"), value):
                raise self.unknown(tag, name, name)
        if tag in NEEDED and NEEDED[tag] not in node.attributes:
            raise self.unknown(tag, NEEDED[tag])
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """The innermost element is closed, and it is this one."""
        if tag in VOID:
            return
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise self.unclosed(self.open[-1].tag if len(self.open) > 1 else tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Text, its line ends and indents as single spaces; only what stands between blocks is none."""
        text, within = _spaced(data), self.open[-1].tag
        if within not in HOLDS:
            self.open[-1].inside.append(text)
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
        found = self._found(lambda line: bool(_start(tag).search(line)) and beside in line)
        return BrokenRulebook("template/unknown", NOT_KNOWN, **found(tag=tag, what=what))

    def unclosed(self, tag: str) -> BrokenRulebook:
        """That an element is opened and not closed, or closed and not opened; without *tag*, one that never ends."""
        start, end = _start(tag) if tag else _STRAY, f"</{tag}>"
        found = self._found(
            lambda line: len(start.findall(line)) != line.count(end), lambda line: bool(start.search(line))
        )
        return BrokenRulebook("template/open", NOT_CLOSED, **found(tag=tag))

    def _found(self, *fits: Callable[[str], bool]) -> Callable[..., dict[str, Any]]:
        """File and line beside what is told of it; what no template says itself was filled in, and is not told."""
        files = [TEMPLATES / self.name, *sorted(TEMPLATES.glob("_*.j2"))]
        lines = [(file.name, *each) for file in files for each in enumerate(file.read_text("utf-8").splitlines(), 1)]
        for fit in fits:
            for file, number, line in lines:
                if fit(line):
                    return partial(dict, file=file, line=number)
        return lambda **told: {"file": self.name, "line": UNSAID, **dict.fromkeys(told, UNSAID)}


def _start(tag: str) -> re.Pattern[str]:
    """How an element begins where it is written."""
    return re.compile(rf"<{re.escape(tag)}" + r"\b" * tag[-1:].isalnum())


def _spaced(data: str) -> str:
    """Text with every run of spaces and line ends as one space; no-break spaces stay."""
    return re.sub(r"[ \t\n]+", " ", data)
