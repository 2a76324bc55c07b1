"""The strict parser: a small subset of HTML as a tree, from which every medium is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from shelterctl.errors import BrokenRulebook
from shelterctl.language import N_

NOT_KNOWN = N_("The template {file} uses <{tag}> with what no medium knows: {what}.")
NOT_CLOSED = N_("The template {file} does not close <{tag}>.")

VOID = ("br", "hr", "picture")
"""Elements without anything inside."""

ATTRIBUTES: Mapping[str, Mapping[str, tuple[str, ...] | None]] = {
    "article": {"lang": None},
    "header": {},
    "footer": {},
    "h1": {"class": ("quiet",)},
    "h2": {},
    "p": {"class": ("centre", "mark", "small")},
    "ol": {},
    "ul": {},
    "li": {"class": ("plain",)},
    "table": {"class": ("lines", "sides", "fields")},
    "thead": {},
    "tbody": {},
    "tr": {"class": ("first", "inner")},
    "th": {"class": ("number",), "scope": ("col", "row"), "colspan": None, "rowspan": None},
    "td": {"class": ("number",), "colspan": None, "rowspan": None},
    "strong": {},
    "em": {},
    "br": {},
    "hr": {},
    "picture": {"alt": None},
    "span": {"class": ("blank", "box", "ticked"), "data-letters": None},
}
"""Every element that a template may use, its attributes, and their values where these are few."""

BLOCKS = frozenset(ATTRIBUTES) - {"strong", "em", "br", "span"}


@dataclass(slots=True)
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
    """What a template came to, as its one article; BrokenRulebook with the element that is not known."""
    reader = _Reader(name)
    reader.feed(written)
    reader.close()
    if len(reader.open) > 1:
        raise BrokenRulebook("template/open", NOT_CLOSED, file=name, tag=reader.open[-1].tag)
    return reader.open[0]


class _Reader(HTMLParser):
    """Builds the tree, and refuses whatever it does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.open = [Node("article")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element is open."""
        if tag not in ATTRIBUTES:
            raise self._unknown(tag, tag)
        for name, value in attrs:
            allowed = ATTRIBUTES[tag].get(name, ())
            if allowed is not None and value not in allowed:
                raise self._unknown(tag, f"{name}={value}")
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """The innermost element is closed, and it is this one."""
        if tag in VOID:
            return
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise BrokenRulebook("template/open", NOT_CLOSED, file=self.name, tag=self.open[-1].tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Text, its line ends and indents as single spaces; only what stands between blocks is none."""
        text = _spaced(data)
        if text and (text != " " or self.open[-1].tag not in _HOLLOW):
            self.open[-1].inside.append(text)

    def handle_comment(self, data: str) -> None:
        """There are no comments in what a template comes to."""
        raise self._unknown("!--", "comment")

    def handle_decl(self, decl: str) -> None:
        """Nor a document type."""
        raise self._unknown("!", "declaration")

    def handle_pi(self, data: str) -> None:
        """Nor anything to be processed."""
        raise self._unknown("?", "instruction")

    def unknown_decl(self, data: str) -> None:
        """Nor a section of another kind."""
        raise self._unknown("![", "section")

    def _unknown(self, tag: str, what: str) -> BrokenRulebook:
        return BrokenRulebook("template/unknown", NOT_KNOWN, file=self.name, tag=tag, what=what)


_HOLLOW = ("article", "header", "footer", "table", "thead", "tbody", "tr", "ol", "ul")
"""Elements in which spaces are only the template's indents."""


def _spaced(data: str) -> str:
    """Text with every run of spaces and line ends as one space; no-break spaces stay."""
    words = data.replace("\n", " ").replace("\t", " ").split(" ")
    kept = [word for word in words if word]
    if not kept:
        return " "
    return (" " * (not words[0])) + " ".join(kept) + (" " * (not words[-1]))
