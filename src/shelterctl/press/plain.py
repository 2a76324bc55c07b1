"""The tree as text and as Markdown: read at a terminal, in a mail, or by a program that compares."""

import re
import textwrap
from collections.abc import Iterator

from shelterctl.press.tree import Node

WIDTH = 78
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST = re.compile(r"^(\s*)([-+]|\d+[.)])(\s|$)")


def text(tree: Node) -> str:
    """The sheet as plain text."""
    return "\n".join(_tidy(_blocks(tree, _Plain())))


def markdown(tree: Node) -> str:
    """The sheet as Markdown; whatever was filled in stays what it is."""
    return "\n".join(_tidy(_blocks(tree, _Marked())))


class _Plain:
    """How text is written without signs."""

    strong = em = lambda self, words: words
    newline = "\n"

    def escaped(self, words: str) -> str:
        return words

    def heading(self, level: int, words: str) -> list[str]:
        return [words, ("=" if level == 1 else "-") * min(len(words), WIDTH)]

    def paragraph(self, words: str) -> list[str]:
        return [
            line for part in words.split("\n") for line in textwrap.wrap(part, WIDTH, break_long_words=False) or [""]
        ]

    def table(self, rows: list[list[str]]) -> list[str]:
        """Each row as its first cell, and the others behind it at the right edge."""
        lines: list[str] = []
        for first, *others in rows:
            tail = "".join(f"{cell:>13}" for cell in others)
            wrapped = textwrap.wrap(first, WIDTH - len(tail) - 1, break_long_words=False) or [""]
            lines += [*wrapped[:-1], f"{wrapped[-1]:<{WIDTH - len(tail)}}{tail}".rstrip()]
        return lines


class _Marked(_Plain):
    """How Markdown is written."""

    newline = "<br>"

    def escaped(self, words: str) -> str:
        return _LIST.sub(r"\1\\\2\3", _SIGNS.sub(r"\\\1", words.replace("&", "&amp;")))

    def strong(self, words: str) -> str:
        return f"**{words}**" if words.strip() else words

    def em(self, words: str) -> str:
        return f"*{words}*" if words.strip() else words

    def heading(self, level: int, words: str) -> list[str]:
        return ["#" * level + " " + words]

    def paragraph(self, words: str) -> list[str]:
        return [words]

    def table(self, rows: list[list[str]]) -> list[str]:
        head, *body = [" | ".join(["", *row, ""]).strip() for row in rows]
        return [head, "|" + "---|" * len(rows[0]), *body]


def _tidy(lines: Iterator[str]) -> Iterator[str]:
    """One empty line between blocks, none at the ends."""
    waiting, begun = False, False
    for line in lines:
        if line.strip():
            if waiting and begun:
                yield ""
            yield line.rstrip()
            waiting, begun = False, True
        else:
            waiting = True


def _blocks(node: Node, way: _Plain) -> Iterator[str]:
    for each in node.nodes():
        yield from _block(each, way)
        yield ""


def _block(node: Node, way: _Plain) -> Iterator[str]:
    if node.tag in ("article", "header", "footer"):
        yield from _blocks(node, way)
    elif node.tag in ("h1", "h2"):
        yield from way.heading(int(node.tag[1]), _words(node, way))
    elif node.tag in ("ol", "ul"):
        for number, item in enumerate(node.nodes(), 1):
            sign = "" if item.kind == "plain" else f"{number}. " if node.tag == "ol" else "- "
            first, *rest = way.paragraph(_words(item, way))
            yield sign + first
            yield from (" " * len(sign) + line for line in rest)
            if item.kind == "plain":
                yield ""
    elif node.tag == "table" and node.kind == "lines":
        yield from way.table(list(_grid(node, way)))
    elif node.tag == "table":
        for row in node.rows():
            for cell in row.nodes():
                yield from way.paragraph(_words(cell, way))
                yield ""
    elif node.tag == "hr":
        yield "_" * 40
    elif node.tag == "picture":
        yield from way.paragraph(way.escaped(node.attributes["alt"]))
    else:
        yield from way.paragraph(_words(node, way))


def _grid(table: Node, way: _Plain) -> Iterator[list[str]]:
    """The cells row by row; one that spans several stands in the first and leaves the others empty."""
    width = max(sum(cell.number("colspan") for cell in row.nodes()) for row in table.rows())
    below: dict[int, int] = {}
    for row in table.rows():
        cells: list[str] = []
        waiting = iter(list(row.nodes()))
        while len(cells) < width:
            if below.get(len(cells), 0):
                below[len(cells)] -= 1
                cells.append("")
                continue
            cell = next(waiting)
            below[len(cells)] = cell.number("rowspan") - 1
            cells += [_words(cell, way), *[""] * (cell.number("colspan") - 1)]
        yield cells


def _words(node: Node, way: _Plain) -> str:
    """What is written inside an element, in one line but for its own line breaks."""
    written = ""
    for each in node.inside:
        if isinstance(each, str):
            written += way.escaped(each)
        elif each.tag == "br":
            written += way.newline
        elif each.tag == "strong":
            written += way.strong(_words(each, way))
        elif each.tag == "em":
            written += way.em(_words(each, way))
        elif each.tag == "hr":
            written += way.newline + way.escaped("_" * 30)
        elif each.tag == "span" and each.kind == "blank":
            written += way.escaped("_" * each.number("data-letters", 30))
        elif each.tag == "span":
            written += way.escaped("[x]" if each.kind == "ticked" else "[ ]")
        else:
            written += " " + _words(each, way) + " "
    return written.strip()
