"""The tree of a sheet as text and as Markdown, to be read at a terminal or in a mail, or compared by a program."""

import re
import string
import textwrap
import unicodedata
from collections.abc import Iterator
from itertools import zip_longest

from shelterctl.press.chart import read_chart
from shelterctl.press.sheet import Sheet
from shelterctl.press.tree import Node
from shelterctl.terminal.bar_chart import PLAIN_BLOCKS, WHOLE_BLOCKS, BarChart, draw_bar, draw_bar_chart
from shelterctl.terminal.screen import COLUMN_GAP, column_widths, join_cells

TEXT_PAGE_WIDTH = 78
WRITING_LINE_LENGTH = 40
"""The length of a line to write on, in characters."""

MARKDOWN_SIGNS = {"strong": "**", "em": "*"}

TABLES_IN_LINES = ("fields", "card", "inner", "key")
"""Tables of which each row becomes one line: a label with its answer, or the groups of a key."""

ROWS_ACROSS = ("below", "under")
"""The classes of rows whose only cell goes across the table: below an entry, or a heading."""

SPARE_ROWS_SHOWN = 3
"""The number of empty rows shown in text, where nobody writes by hand."""

MARKDOWN_BAR_LENGTH = 40
"""The length of the longest bar in Markdown, in characters."""

NARROWEST_FIRST_COLUMN = 24
"""The least width of the first column of a table, in characters."""

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$^@]|(?<=www)\.|:(?=//|\w[\w+-]*:))")
"""Characters that Markdown or its viewers would read as markup, such as a link, a formula or an emoji."""

_BLOCK_BEGINNING = re.compile(r"^([-+=:]|\d{1,9}(?=[.)](?:\s|$)))")
"""Characters that would begin a list, a rule or a table at the start of a line."""


def render_text(sheet: Sheet) -> str:
    """Return the sheet as plain text."""
    return "\n".join(_tidy_blank_lines(_blocks_inside(sheet.tree, _PlainWriter(sheet.language))))


def render_markdown(sheet: Sheet) -> str:
    """Return the sheet as Markdown, in which filled-in text is never markup."""
    return "\n".join(_tidy_blank_lines(_blocks_inside(sheet.tree, _MarkdownWriter(sheet.language))))


class _PlainWriter:
    """The rules for plain text, without markup."""

    def __init__(self, language: str) -> None:
        self.language = language

    def escaped(self, words: str) -> str:
        return words

    def marked(self, sign: str, words: str) -> str:
        return words

    def heading(self, level: int, words: str) -> list[str]:
        lines = self.paragraph(words)
        return [*lines, ("=" if level == 1 else "-") * max(map(len, lines))]

    def paragraph(self, words: str) -> list[str]:
        return [line for part in words.split("\n") for line in _wrap_words(part, TEXT_PAGE_WIDTH)]

    def table(self, rows: list[list[str]]) -> list[str]:
        """Return each row with its first cell on the left and the others aligned at the right edge."""
        lines: list[str] = []
        _, *widths = column_widths(rows)
        room = max(TEXT_PAGE_WIDTH - sum(len(COLUMN_GAP) + width for width in widths), NARROWEST_FIRST_COLUMN)
        for first, *others in rows:
            *above, last = _wrap_words(first, room)
            lines += [*above, join_cells([last, *others], [room, *widths], range(1, len(rows[0]))).rstrip()]
        return lines

    def chart(self, chart: BarChart) -> list[str]:
        """Return the title of a chart, and its bars below."""
        bars = draw_bar_chart(chart, self.language, TEXT_PAGE_WIDTH, PLAIN_BLOCKS)
        return [*self.paragraph(chart.title), "", *bars]

    def grid(self, rows: list[list[str]], widths: list[int]) -> list[str]:
        """Return rows of cells beside each other, each row above a rule; a row of one cell spans all columns.

        If a word would have to be broken elsewhere than at its own hyphens, every row becomes a list of its cells with
        their column heads.
        """
        letters = _share_width(
            TEXT_PAGE_WIDTH - 3 * (len(widths) - 1), widths, [row for row in rows if len(row) == len(widths)]
        )
        if letters is None:
            return self._listed(rows)
        lines: list[str] = []
        for row in rows:
            across = [TEXT_PAGE_WIDTH] if len(row) < len(letters) else letters
            cells = [_break_at_hyphens(cell, most) for cell, most in zip(row, across, strict=True)]
            for line in zip_longest(*cells, fillvalue=""):
                lines.append(join_cells(line, across, gap=" | ").rstrip())
            lines.append("-+-".join("-" * most for most in letters))
        return lines

    def _listed(self, rows: list[list[str]]) -> list[str]:
        """Return each row as a list, followed by the rows that belong to it, and a rule."""
        head, *body = rows
        lines: list[str] = []
        for row, under in zip_longest(body, body[1:], fillvalue=head):
            cells = row if len(row) < len(head) else map(": ".join, zip(head, row, strict=True))
            lines += [line for each in cells for line in self.paragraph(each)]
            lines += ["-" * TEXT_PAGE_WIDTH] if len(under) == len(head) else []
        return lines


class _MarkdownWriter(_PlainWriter):
    """The rules for Markdown."""

    def escaped(self, words: str) -> str:
        return _MARKDOWN_SPECIAL.sub(r"\\\1", words.replace("&", "&amp;"))

    def marked(self, sign: str, words: str) -> str:
        core = words.strip()
        return words.replace(core, f"{sign}{core}{sign}", 1) if core else words

    def heading(self, level: int, words: str) -> list[str]:
        return ["#" * level + " " + " ".join(words.split("\n"))]

    def paragraph(self, words: str) -> list[str]:
        *lines, last = (_BLOCK_BEGINNING.sub(_escape_beginning, line) for line in words.split("\n"))
        return [*(line + "\\" for line in lines), last]

    def table(self, rows: list[list[str]]) -> list[str]:
        head, *body = ["| " + " | ".join(row).replace("\n", "<br>") + " |" for row in rows]
        return [head, "|" + "---|" * len(rows[0]), *body]

    def chart(self, chart: BarChart) -> list[str]:
        rows = [
            [
                self.escaped(bar.label),
                self.escaped(bar.number(self.language)),
                draw_bar(chart.part(bar), MARKDOWN_BAR_LENGTH, WHOLE_BLOCKS),
            ]
            for bar in chart.bars
        ]
        return self.table([[self.escaped(chart.title), "", ""], *rows])

    def grid(self, rows: list[list[str]], widths: list[int]) -> list[str]:
        return self.table([row + [""] * (len(widths) - len(row)) for row in rows])


def _escape_beginning(begins: re.Match[str]) -> str:
    """Return a sign with a backslash before it, or a number with one after it."""
    return f"{begins[0]}\\" if begins[0].isdigit() else f"\\{begins[0]}"


def _wrap_words(words: str, room: int) -> list[str]:
    """Return lines of at most *room* characters, broken only between words, so that codes and names stay whole."""
    return textwrap.wrap(words, room, break_long_words=False, break_on_hyphens=False) or [""]


def _share_width(room: int, widths: list[int], rows: list[list[str]]) -> list[int] | None:
    """Return the width of each column in characters: its share, but at least its longest word, as far as other columns
    can shrink.

    If words do not fit, the parts between hyphens count as words; None if these do not fit either.
    """
    columns = [" ".join(column).split() for column in zip(*rows, strict=True)]
    for apart in (lambda word: [word], _split_at_hyphens):
        least = [max((len(part) for word in column for part in apart(word)), default=0) for column in columns]
        if sum(least) <= room:
            break
    else:
        return None
    letters = [max(room * width // sum(widths), few) for width, few in zip(widths, least, strict=True)]
    while sum(letters) > room:
        spare = [have - few for have, few in zip(letters, least, strict=True)]
        letters[spare.index(max(spare))] -= 1
    return letters


def _split_at_hyphens(word: str) -> list[str]:
    """Return the parts of a word, each up to and including a hyphen, after which a line may end."""
    return re.split(r"(?<=-)(?=.)", word)


def _break_at_hyphens(words: str, room: int) -> list[str]:
    """Return lines of at most *room* characters; a longer word is continued after one of its hyphens."""
    lines: list[str] = []
    for part in words.split("\n"):
        line = ""
        for word in part.split():
            gap = " " if line else ""
            for piece in [word] if len(word) <= room else _split_at_hyphens(word):
                if line and len(line + gap + piece) > room:
                    lines.append(line)
                    line, gap = "", ""
                line += gap + piece
                gap = ""
        lines.append(line)
    return lines


def _tidy_blank_lines(lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines with one empty line between blocks and none at the ends."""
    waiting, begun = False, False
    for line in lines:
        if line.strip():
            if waiting and begun:
                yield ""
            yield line.rstrip()
            waiting, begun = False, True
        else:
            waiting = True


def _blocks_inside(node: Node, writer: _PlainWriter) -> Iterator[str]:
    for each in node.elements():
        yield from _block_lines(each, writer)
        yield ""


def _block_lines(node: Node, writer: _PlainWriter) -> Iterator[str]:
    if node.tag in ("article", "header", "footer"):
        yield from _blocks_inside(node, writer)
    elif node.tag in ("h1", "h2"):
        yield from writer.heading(int(node.tag[1]), _trimmed_text(node, writer))
    elif node.tag in ("ol", "ul"):
        for number, item in enumerate(node.elements(), 1):
            sign = f"{number}. " if node.tag == "ol" else "- "
            first, *rest = writer.paragraph(_trimmed_text(item, writer))
            yield sign + first
            yield from (" " * len(sign) + line for line in rest)
    elif node.tag == "table":
        yield from _table_lines(node, writer)
    elif node.tag == "hr":
        yield writer.escaped("_" * 40)
    elif node.tag == "picture":
        yield from writer.paragraph(writer.escaped(node.attributes["alt"]))
    elif node.tag == "figure":
        yield from writer.chart(read_chart(node))
    else:
        yield from writer.paragraph(_trimmed_text(node, writer))


def _table_lines(table: Node, writer: _PlainWriter) -> Iterator[str]:
    """Yield a table as columns of figures, as a grid, or as one paragraph for each row or cell."""
    if table.css_class in ("lines", "figures"):
        yield from writer.table([_row_cells(row, writer) for row in table.rows()])
    elif table.css_class in ("log", "sign"):
        widths = [cell.number("data-width") for cell in next(table.rows()).elements()]
        rows = [row for row in table.rows() if row.css_class != "spare"]
        rows += [row for row in table.rows() if row.css_class == "spare"][:SPARE_ROWS_SHOWN]
        yield from writer.grid(
            [_cell_texts(row, writer) if row.css_class in ROWS_ACROSS else _row_cells(row, writer) for row in rows],
            widths,
        )
    else:
        for row in table.rows():
            cells = _cell_texts(row, writer)
            for words in [" ".join(cells)] if table.css_class in TABLES_IN_LINES else cells:
                yield from writer.paragraph(words)
                yield ""


def _cell_texts(row: Node, writer: _PlainWriter) -> list[str]:
    return [_trimmed_text(cell, writer) for cell in row.elements()]


def _row_cells(row: Node, writer: _PlainWriter) -> list[str]:
    """Return the cells of a row; a cell that spans several columns is followed by empty ones."""
    cells: list[str] = []
    for cell in row.elements():
        cells += [_trimmed_text(cell, writer), *[""] * (cell.number("colspan") - 1)]
    return cells


def _trimmed_text(node: Node, writer: _PlainWriter) -> str:
    """Return the text inside an element on one line, except for its own line breaks."""
    return _inline_text(node, writer).strip()


def _inline_text(node: Node, writer: _PlainWriter) -> str:
    """Return the text inside an element, with the spaces at its ends."""
    written = ""
    for place, each in enumerate(node.children):
        if isinstance(each, str):
            written += writer.escaped(each)
        elif each.tag in MARKDOWN_SIGNS:
            apart = _may_stand_beside(node.children[place - 1 : place], -1) and _may_stand_beside(
                node.children[place + 1 : place + 2], 0
            )
            words = _inline_text(each, writer)
            written += writer.marked(MARKDOWN_SIGNS[each.tag], words) if apart else words
        elif each.tag == "br":
            written += "\n"
        elif each.tag == "hr":
            written += "\n" + writer.escaped("_" * 30) + "\n"
        elif each.css_class == "option":
            written += _inline_text(each, writer)
        elif each.css_class == "line":
            written += writer.escaped("_" * WRITING_LINE_LENGTH)
        elif each.css_class == "blank":
            written += writer.escaped("_" * min(each.number("data-letters", 30), TEXT_PAGE_WIDTH))
        else:
            written += writer.escaped("[x]" if each.css_class == "ticked" else "[\N{NO-BREAK SPACE}]")
    return written


def _may_stand_beside(beside: list[Node | str], end: int) -> bool:
    """Whether Markdown reads a sign beside this text: not next to a letter or to another sign."""
    if not beside or not isinstance(beside[0], str):
        return not beside or beside[0].tag not in MARKDOWN_SIGNS  # type: ignore[union-attr]
    letter = beside[0][end]
    return letter.isspace() or letter in string.punctuation or unicodedata.category(letter)[0] == "P"
