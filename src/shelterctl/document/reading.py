"""Reading YAML or JSON: one document into a mapping, or a stream of them.

A text is read in one loop over the events of libyaml. Line and column are looked up only if something is wrong and its
place is needed. A stream is several YAML documents, JSON line by line, or a list; each of its documents is read as
strictly as a single one.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import count, islice
from typing import Any, cast

from yaml import Mark, YAMLError
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from shelterctl.document import subset
from shelterctl.document.subset import Unreadable, line_and_column, unreadable_from_yaml
from shelterctl.errors import BrokenRulebook, Conflict
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML's parser in Python accepts other texts, so it is not used instead
    raise BrokenRulebook("document/no-libyaml", N_("PyYAML is installed without libyaml. Install its wheel.")) from None

_BEFORE_ITEM = re.compile(r"[\s,\[]*(?:-\s+)?")
_HALVES = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|.)")


def adapt_json(text: str) -> str:
    """Return JSON without two things that libyaml refuses: tabs between tokens, and characters escaped in halves."""
    if not text.lstrip().startswith(("{", "[")) or not ("\t" in text or "\\u" in text):
        return text
    try:
        json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return text
    return _HALVES.sub(_join_halves, text.replace("\t", " "))


def _join_halves(escape: re.Match[str]) -> str:
    return str(json.loads(f'"{escape[0]}"')) if escape[1] else escape[0]


def parse_events(text: str) -> Iterator[Event]:
    """Yield every event of a text, in order; raise YAMLError where it cannot be read further."""
    return iter(CParser(text).get_event, None)


def event_position(event: Event) -> tuple[int, int]:
    """Return the line and column, from 1, at which an event begins."""
    mark = cast(Mark, event.start_mark)
    return mark.line + 1, mark.column + 1


def locate_items(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Return line and column, from 1, of each item of a list, and whether the text can be read to its end.

    If it cannot, the last place is that of the item in which reading stops.
    """
    ready, places, depth, end = adapt_json(text), [], 0, 0
    try:
        for event in parse_events(ready):
            if isinstance(event, CollectionEndEvent):
                depth -= 1
            elif isinstance(event, NodeEvent) and depth == 1:
                places.append(event_position(event))
            if isinstance(event, CollectionStartEvent):
                depth += 1
            end = cast(Mark, event.end_mark).index if depth == 1 else end
    except YAMLError:
        rest = _BEFORE_ITEM.match(ready, end)
        if depth == 1 and rest and rest.end() < len(ready):
            places.append(line_and_column(ready, rest.end()))
        return places, False
    return places, True


_MERGE_MARK = re.compile(r"\n(?:<{7}|={7}|>{7})\s")
_COMMENT = re.compile("#")
_GLUED = re.compile(r"\?(?<=[ \t\n\[{,]\?)(?=[^ \t\n])")
_AGE_MARKS = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_QUOTES = ("'", '"')

_Level = tuple[Any, CollectionStartEvent]
"""The mapping or list around another one, and the event that began the inner one."""


@immutable(slots=False)
class Document:
    """A mapping, and the text from which it was read."""

    value: dict[str, Any]
    text: str
    lines_before: int = 0
    """Number of lines before it in the same file."""
    list_and_pointer: "tuple[Document, str] | None" = None
    """The list of which it is an item, and the pointer to it."""

    def position_of(self, pointer: str) -> tuple[int, int] | None:
        """Return line and column, from 1, of the value at a JSON pointer, or of the nearest value that would contain
        it.

        A mapping or list in block style has the position of its key.
        """
        if self.list_and_pointer:
            return self.list_and_pointer[0].position_of(self.list_and_pointer[1] + pointer)
        while pointer and pointer not in self._places:
            pointer = pointer.rpartition("/")[0]
        found = self._places.get(pointer)
        return (found[0] + self.lines_before, found[1]) if found else None

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        events = parse_events(adapt_json(self.text))
        for event in events:
            if isinstance(event, NodeEvent):
                _locate(event, events, "", places)
        return places


def read_document(data: bytes | str, largest: int = subset.LARGEST_GIVEN, most: int | None = None) -> Document:
    """Return the one mapping in a text of YAML or JSON; raise ``Unreadable`` if anything in it is doubtful.

    Reading stops with an error after *most* events, for a text that this program did not write.
    """
    document = read_mapping_or_list(data, largest, most)
    if not isinstance(document.value, dict):
        raise Unreadable("not-a-mapping", *document.position_of("") or ())
    return document


def read_compact_document(data: bytes, largest: int) -> dict[str, Any]:
    """Return the mapping in a document that the program wrote in the style of JSON; any other is read as YAML.

    Raises Unreadable if anything in it is doubtful.
    """
    text = decode_text(data, largest)
    if text.startswith("{") and not subset.REFUSED_CHARACTERS.search(text):
        with suppress(ValueError, RecursionError):
            value = json.loads(
                text, object_pairs_hook=_unrepeated_keys, parse_float=_no_number, parse_constant=_no_number
            )
            if isinstance(value, dict):
                return value
    return read_document(data, largest).value


def _unrepeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(text: str) -> float:
    raise ValueError


def read_mapping_or_list(data: bytes | str, largest: int, most: int | None = None) -> Document:
    """Return the one mapping or list in a text of YAML or JSON; raise ``Unreadable`` if anything in it is doubtful.

    The caller checks which of the two it is.
    """
    text = decode_text(data, largest)
    refuse_merge_marks(text)
    if sign := subset.REFUSED_CHARACTERS.search(text):
        raise Unreadable(subset.refused_character_kind(sign[0]), *line_and_column(text, sign.start()))
    prepared = adapt_json(text)
    try:
        if "#" in prepared:
            _refuse_outside(prepared, _COMMENT, "comment")
        if "?" in prepared and _GLUED.search(prepared):
            _refuse_outside(prepared, _GLUED, "first-sign")
        if prepared.endswith(" "):
            _refuse_last_spaces(prepared)
        value = _build_value(prepared, most)
    except YAMLError as error:
        raise unreadable_from_yaml(error, prepared) from None
    if value is None:
        raise Unreadable("empty")
    return Document(value, text)


MERGE_MARK_LEFT = N_(
    "Two versions of this text were not merged: there is a merge mark at line {line}. Merge them first."
)


def refuse_merge_marks(text: str) -> None:
    """Raise Conflict if the text has merge marks, left where two versions of it were put together."""
    if mark := _MERGE_MARK.search(f"\n{text}\n"):
        raise Conflict("document/merge-marks", MERGE_MARK_LEFT, line=line_and_column(text, mark.start())[0])


def decode_text(data: bytes | str, largest: int = subset.LARGEST_GIVEN) -> str:
    """Return a text of UTF-8 no larger than *largest* bytes, with LF at line ends and without a byte order mark."""
    try:
        raw = data.encode() if isinstance(data, str) else data
        if raw.startswith(_AGE_MARKS):
            raise Unreadable("sealed")
        if len(raw) > largest:
            raise Unreadable("too-large", kib=largest // 1024)
        return raw.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise Unreadable("encoding", offset=error.start) from None


def _refuse_outside(text: str, sign: re.Pattern[str], wrong: str) -> None:
    """Raise Unreadable if the *sign* occurs outside every scalar.

    A # there, or in the first line of a block of text, is a comment. A ? with a word right after it begins a text, but
    libyaml reads it as a sign of its own and drops it from the text.
    """
    places = (found.start() for found in sign.finditer(text))
    at = next(places, -1)
    for event in parse_events(text):
        if isinstance(event, ScalarEvent):
            start, end = cast(Mark, event.start_mark).index, cast(Mark, event.end_mark).index
            if event.style in ("|", ">"):
                start += len(text[start:end].partition("\n")[0])
            if at < start:
                break
            while 0 <= at < end:
                at = next(places, -1)
    if at >= 0:
        raise Unreadable(wrong, *line_and_column(text, at))


def _refuse_last_spaces(text: str) -> None:
    """Raise Unreadable for spaces in a last line without an end: only some readers add them to the text above."""
    line = text.rpartition("\n")[2]
    if not line.strip(" ") and _last_scalar(text) != _last_scalar(f"{text}\n"):
        raise Unreadable("last-spaces", *line_and_column(text, len(text) - len(line)))


def _last_scalar(text: str) -> str | None:
    values = [event.value for event in parse_events(text) if isinstance(event, ScalarEvent)]
    return values[-1] if values else None


def _build_value(text: str, most: int | None) -> Any:
    roots: list[Any] = []
    into: Any = roots
    above: list[_Level] = []
    key: str | None = None
    proper: set[str] = set()
    known: dict[str, object] = {}
    event: Event | None = None
    for event in islice(_checked_events(text), most):
        if isinstance(event, ScalarEvent):
            if key is None and type(into) is dict:
                key = _checked_key(event, into, proper)
                continue
            item = _quoted_value(event, text, above) if event.style else _plain_value(event, known)
        elif isinstance(event, CollectionStartEvent):
            item = {} if isinstance(event, MappingStartEvent) else []
        elif isinstance(event, CollectionEndEvent):
            into = _close_collection(event, text, above)
            continue
        else:
            _refuse_second_document(event, roots)
            continue
        if type(into) is list:
            into.append(item)
        elif key is None:
            raise _unreadable_at("key", event)
        else:
            into[key] = item
            key = None
        if isinstance(event, CollectionStartEvent):
            above.append((into, event))
            into = item
            if len(above) > subset.DEEPEST_NESTING:
                raise _unreadable_at("too-deep", event)
    _refuse_unended(event)
    return roots[0] if roots else None


def _refuse_unended(last: Event | None) -> None:
    if last and not isinstance(last, StreamEndEvent):
        raise _unreadable_at("too-many", last)


def _close_collection(event: Event, text: str, above: list[_Level]) -> Any:
    """Return the mapping or list around the one that ends here."""
    into, begun = above.pop()
    if begun.flow_style and begun.start_mark.line < event.end_mark.line:  # type: ignore[union-attr]
        _refuse_unindented(begun, event, text, above)
    return into


def _quoted_value(event: ScalarEvent, text: str, above: list[_Level]) -> str:
    value: str = event.value  # no cast() here and where a bracket closes: it takes as long as the check itself
    if event.start_mark.line < event.end_mark.line and event.style in _QUOTES:  # type: ignore[union-attr]
        _refuse_unindented(event, event, text, above)
    return value


def _refuse_unindented(first: Event, last: Event, text: str, above: list[_Level]) -> None:
    """Raise Unreadable if a line in quotes or brackets is not indented beyond its block; libyaml accepts it."""
    margin = next((event_position(block)[1] for _, block in reversed(above) if not block.flow_style), 0)
    start, end = cast(Mark, first.start_mark), cast(Mark, last.end_mark)
    for number, line in enumerate(text[start.index : end.index].split("\n")[1:], start.line + 2):
        words = line.lstrip(" ")
        if words and len(line) - len(words) < margin:
            raise Unreadable("tab" if words[0] == "\t" else "indentation", number, len(line) - len(words) + 1)


def _plain_value(event: ScalarEvent, known: dict[str, object]) -> object:
    """Return the value of a text without quotes; *known* has those already read in this document."""
    text: str = event.value
    if text in known:
        return known[text]
    meaning = subset.scalar_kind(text)
    if meaning in subset.AMBIGUOUS_SCALARS:
        raise _unreadable_at(subset.AMBIGUOUS_SCALARS[meaning], event)
    return known.setdefault(text, text if meaning is None else subset.SCALAR_READERS[meaning](text))


def _checked_key(event: ScalarEvent, into: dict[str, Any], proper: set[str]) -> str:
    """Return a key, which is always text, whatever it looks like; a mapping has it once.

    *proper* are unquoted keys that were checked before: a file of several years repeats the same ones many times.
    """
    key: str = event.value
    if key in proper and key not in into and not event.style:
        return key
    if key in into:
        raise _unreadable_at("duplicate-key", event)
    if not event.style and (":" in key or key == "<<"):
        raise _unreadable_at("key-colon" if ":" in key else "alias", event)
    if len(key) > subset.LONGEST_KEY or (event.style and cast(Mark, event.end_mark).line >= event_position(event)[0]):
        raise _unreadable_at("key", event)
    if not unicodedata.is_normalized("NFC", key):
        raise _unreadable_at("key-letters", event)
    if not event.style:
        proper.add(key)
    return key


def _checked_events(text: str) -> Iterator[Event]:
    """Return the events of a text, checked one by one if it contains any sign of something improper."""
    return map(_checked_event, parse_events(text)) if any(sign in text for sign in "&*!\\") else parse_events(text)


def _checked_event(event: Event) -> Event:
    if isinstance(event, NodeEvent) and event.anchor is not None:
        raise _unreadable_at("alias", event)
    if getattr(event, "tag", None) is not None:
        raise _unreadable_at("tag", event)
    if (
        isinstance(event, ScalarEvent)
        and event.style == '"'
        and (sign := subset.REFUSED_CHARACTERS.search(event.value))
    ):
        raise _unreadable_at(subset.refused_character_kind(sign[0]), event)
    return event


def _refuse_second_document(event: Event, roots: list[Any]) -> None:
    if not isinstance(event, DocumentStartEvent):
        return
    if roots:
        raise _unreadable_at("several", event)
    if event.version or event.tags:
        raise _unreadable_at("directive", event)


def _unreadable_at(wrong: str, event: Event) -> Unreadable:
    return Unreadable(wrong, *event_position(event))


def _locate(event: Event, events: Iterator[Event], pointer: str, places: dict[str, tuple[int, int]]) -> None:
    places.setdefault(pointer, event_position(event))
    if isinstance(event, MappingStartEvent):
        while isinstance(key := next(events), ScalarEvent):
            below = f"{pointer}/{key.value.replace('~', '~0').replace('/', '~1')}"
            value = next(events)
            if isinstance(value, CollectionStartEvent) and not value.flow_style:
                places[below] = event_position(key)  # a block begins on the line after the one that names it
            _locate(value, events, below, places)
    elif isinstance(event, SequenceStartEvent):
        for number in count():
            item = next(events)
            if isinstance(item, SequenceEndEvent):
                break
            _locate(item, events, f"{pointer}/{number}", places)


StreamPart = Document | Unreadable
"""A document of a stream, or the reason why it cannot be read; lines are counted in the whole text."""

_HEAD = re.compile(rb"\A(\xef\xbb\xbf)?# yaml-language-server: \$schema=[^ \t\r\n]+[ \t]*(?=\r?\n|\Z)")
_LIST = re.compile(r"\s*+(?:---(?=[ \t\n])\s*+)?(?:\[|-(?=[ \t\n]))")
_MARK = re.compile(r"(?:---|\.\.\.)(?=[ \t\n]|\Z)")


def strip_schema_comment(data: bytes) -> bytes:
    """Return a text without the comment by which an editor finds its schema, if that is the first line."""
    return _HEAD.sub(b"", data)


def read_stream(data: bytes) -> Sequence[tuple[int, StreamPart]] | None:
    """Return the documents of a stream with their numbers, from 1; None if the text is a single document.

    Raises Unreadable for a stream that is too large or has too many documents. A list is read as a whole: if it cannot
    be read to its end, the only part returned is the item in which reading stops.
    """
    if len(data) > subset.LARGEST_STREAM:
        if _split_documents(data[: subset.LARGEST_STREAM].decode(errors="replace")):
            raise Unreadable("stream-too-large")
        return None
    try:
        text = decode_text(data, subset.LARGEST_STREAM)
    except Unreadable:
        return None
    found = _split_documents(text)
    if found is None:
        return None
    refuse_merge_marks(text)
    if isinstance(found, str):
        return _read_list(text)
    _refuse_many(found)
    return list(enumerate((_read_part(*each) for each in found), 1))


def _refuse_many(documents: Sequence[object]) -> None:
    """Raise Unreadable for too many documents.

    A limit on their size is not enough: the smallest document has three letters, and each is judged separately.
    """
    if len(documents) > subset.MOST_DOCUMENTS:
        raise Unreadable("stream-too-large")


def _split_documents(text: str) -> str | list[tuple[int, str, bool]] | None:
    """Return the text itself if it is a list, else its documents; None if there is only one.

    Each document has the number of lines before it, and whether it must be JSON.
    """
    pieces = [(before, piece, False) for before, piece, begun in _split_at_marks(text) if begun or piece.strip()]
    if len(pieces) > 1 and sum(begun for _, _, begun in _split_at_marks(text)) > 1:
        return pieces
    if _LIST.match(text):
        return text
    return list(_split_json_lines(text)) or None


def _split_at_marks(text: str) -> Iterator[tuple[int, str, bool]]:
    """Split a text at its document marks: each piece with the lines before it, and whether a document begins in it."""
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


def _split_json_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines of a text, if it is JSON line by line.

    It is, if more than one line has content and one of the first two is a whole JSON mapping.
    """
    lines = text.rstrip().split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    head = [line for line in lines[first:] if line.strip()][:2]
    if len(head) < 2 or head[0][:1] != "{" or head[1] == "..." or not any(map(_is_json_mapping, head)):
        return
    if not _is_json_mapping(head[0]):
        try:
            read_document(text)
        except Unreadable:
            pass
        else:
            return
    yield from ((number, line, True) for number, line in enumerate(lines) if number >= first)


def _is_json_mapping(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _read_part(before: int, text: str, json_: bool) -> StreamPart:
    try:
        found = read_document(text)
        if json_ and not text.lstrip().startswith("{"):
            raise Unreadable("not-a-mapping", 1, 1)
    except Unreadable as error:
        return _place_in_file(error, text, before)
    return Document(found.value, text, before)


def _place_in_file(error: Unreadable, text: str, before: int = 0) -> Unreadable:
    """Return the error with its place in the whole file; a text that is cut off has its error at its end."""
    lines = text.removesuffix("\n").split("\n")
    error.line, error.column = error.line or 1, error.column or 1
    if error.line > len(lines):
        error.line, error.column = len(lines), len(lines[-1]) + 1
    error.line += before
    return error


def _read_list(text: str) -> Sequence[tuple[int, StreamPart]]:
    try:
        whole = read_mapping_or_list(text, subset.LARGEST_STREAM)
    except Unreadable as error:
        return [_locate_broken_item(_place_in_file(error, text), text)]
    listed = whole.value if isinstance(whole.value, list) else [whole.value]
    _refuse_many(listed)
    if not listed:
        return [(1, Unreadable("empty", *whole.position_of("") or ()))]
    return [(number + 1, _list_item(whole, number, value)) for number, value in enumerate(listed)]


def _locate_broken_item(error: Unreadable, text: str) -> tuple[int, Unreadable]:
    """Return the number of the item in which a list cannot be read, and the error.

    An error that names only the start of the list belongs to the item in which reading stops.
    """
    places, whole = locate_items(text)
    if whole:
        place = (error.line or 0, error.column or 0)
        return max(1, sum(each <= place for each in places)), error
    if places and (error.line or 0, error.column or 0) < places[0]:
        error.line, error.column = places[-1]
    return max(1, len(places)), error


def _list_item(whole: Document, number: int, value: object) -> StreamPart:
    if isinstance(value, dict):
        return Document(value, "", list_and_pointer=(whole, f"/{number}"))
    return Unreadable("empty" if value is None else "not-a-mapping", *whole.position_of(f"/{number}") or ())
