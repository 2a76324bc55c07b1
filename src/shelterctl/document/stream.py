"""Several mappings in one text: documents of YAML, JSON line by line, or a list; each as strict as one alone."""

import json
import re
from collections.abc import Iterator, Sequence

from shelterctl.document import scalar
from shelterctl.document.event import items
from shelterctl.document.fault import Unreadable
from shelterctl.document.reading import Document, decoded, read, read_any, refuse_merge_marks

Part = Document | Unreadable
"""A document of a stream as it was read, or why it was not; its lines are those of the whole text."""

_HEAD = re.compile(rb"\A(\xef\xbb\xbf)?# yaml-language-server: \$schema=[^ \t\r\n]+[ \t]*(?=\r?\n|\Z)")
_LIST = re.compile(r"\s*+(?:---(?=[ \t\n])\s*+)?(?:\[|-(?=[ \t\n]))")
_MARK = re.compile(r"(?:---|\.\.\.)(?=[ \t\n]|\Z)")


def unheaded(data: bytes) -> bytes:
    """A text without the comment by which an editor finds its schema, where that is the very first line."""
    return _HEAD.sub(b"", data)


def read_stream(data: bytes) -> Sequence[tuple[int, Part]] | None:
    """The documents of a stream with their numbers, from 1; None where the text is one document, to be read by itself.

    Raises Unreadable for a stream that is too large or has too many documents. A list is one text: where it cannot be
    read to its end, all that is known is the item in which that is so.
    """
    if len(data) > scalar.LARGEST_STREAM:
        if _several(data[: scalar.LARGEST_STREAM].decode(errors="replace")):
            raise Unreadable("stream-too-large")
        return None
    try:
        text = decoded(data, scalar.LARGEST_STREAM)
    except Unreadable:
        return None
    found = _several(text)
    if found is None:
        return None
    refuse_merge_marks(text)
    if isinstance(found, str):
        return _listed(text)
    _refuse_many(found)
    return list(enumerate((_part(*each) for each in found), 1))


def _refuse_many(documents: Sequence[object]) -> None:
    """Each document is judged by itself, and the smallest has three letters: their size alone bounds no work."""
    if len(documents) > scalar.MOST_DOCUMENTS:
        raise Unreadable("stream-too-large")


def _several(text: str) -> str | list[tuple[int, str, bool]] | None:
    """The list that a text is, or its documents, each behind so many lines and whether it is one of JSON."""
    pieces = [(before, piece, False) for before, piece, begun in _pieces(text) if begun or piece.strip()]
    if len(pieces) > 1 and sum(begun for _, _, begun in _pieces(text)) > 1:
        return pieces
    if _LIST.match(text):
        return text
    return list(_lines(text)) or None


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """A text apart at its marks: each piece behind so many lines, and whether a document begins in it."""
    piece: list[str] = []
    first, begun = 0, False
    for number, line in enumerate(text.split("\n")):
        mark = _MARK.match(line)
        if mark and begun and mark[0] == "---":
            yield first, "\n".join(piece) + "\n", begun
            piece, first = [], number
        piece.append(line)
        if mark and mark[0] == "..." and begun:
            yield first, "\n".join(piece) + "\n", begun
            piece, first, begun = [], number + 1, False
        elif mark or (line.strip() and line[0] not in "%#"):
            begun = True
    yield first, "\n".join(piece), begun


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """A text line by line, where one of the first two is a whole mapping of JSON, and more than one has something."""
    lines = text.rstrip().split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    head = [line for line in lines[first:] if line.strip()][:2]
    if len(head) < 2 or head[0][:1] != "{" or head[1] == "..." or not any(map(_whole, head)):
        return
    if not _whole(head[0]):
        try:
            read(text)
        except Unreadable:
            pass
        else:
            return
    yield from ((number, line, True) for number, line in enumerate(lines) if number >= first)


def _whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _part(before: int, text: str, json_: bool) -> Part:
    try:
        found = read(text)
        if json_ and not text.lstrip().startswith("{"):
            raise Unreadable("not-a-mapping", 1, 1)
    except Unreadable as error:
        return _placed(error, text, before)
    return Document(found.value, text, before)


def _placed(error: Unreadable, text: str, before: int = 0) -> Unreadable:
    """The same by its place in the whole file; a text that is cut off is so at its end, and not on the line behind."""
    lines = text.removesuffix("\n").split("\n")
    error.line, error.column = error.line or 1, error.column or 1
    if error.line > len(lines):
        error.line, error.column = len(lines), len(lines[-1]) + 1
    error.line += before
    return error


def _listed(text: str) -> Sequence[tuple[int, Part]]:
    try:
        whole = read_any(text, scalar.LARGEST_STREAM)
    except Unreadable as error:
        return [_stopped(_placed(error, text), text)]
    listed = whole.value if isinstance(whole.value, list) else [whole.value]
    _refuse_many(listed)
    if not listed:
        return [(1, Unreadable("empty", *whole.place("") or ()))]
    return [(number + 1, _item(whole, number, value)) for number, value in enumerate(listed)]


def _stopped(error: Unreadable, text: str) -> tuple[int, Unreadable]:
    """The item in which a list cannot be read, and why; where only the list as a whole is named, it is that item."""
    places, whole = items(text)
    if whole:
        place = (error.line or 0, error.column or 0)
        return max(1, sum(each <= place for each in places)), error
    if places and (error.line or 0, error.column or 0) < places[0]:
        error.line, error.column = places[-1]
    return max(1, len(places)), error


def _item(whole: Document, number: int, value: object) -> Part:
    if isinstance(value, dict):
        return Document(value, "", within=(whole, f"/{number}"))
    return Unreadable("empty" if value is None else "not-a-mapping", *whole.place(f"/{number}") or ())
