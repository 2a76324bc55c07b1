"""Reading: one loop over libyaml's events; a second one, only when someone asks where."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
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

from shelterctl.document import scalar
from shelterctl.document.event import begins, events_of, readable
from shelterctl.document.fault import Unreadable, complaint, spot
from shelterctl.errors import Conflict
from shelterctl.language import N_

_MERGE_MARK = re.compile(r"\n(?:<{7}|={7}|>{7})\s")
_COMMENT = re.compile("#")
_GLUED = re.compile(r"\?(?<=[ \t\n\[{,]\?)(?=[^ \t\n])")
_SEALED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_QUOTES = ("'", '"')

_Level = tuple[Any, CollectionStartEvent]
"""What a mapping or list stands in, and the event that began it."""


@dataclass(frozen=True, repr=False, eq=False)
class Document:
    """A mapping, and the text that it was read from."""

    value: dict[str, Any]
    text: str
    before: int = 0
    """So many lines stand before it in the same file."""
    within: "tuple[Document, str] | None" = None
    """The list that it is an item of, and the pointer to it."""

    def place(self, pointer: str) -> tuple[int, int] | None:
        """Line and column, from 1, of what stands at a JSON pointer, or else of the nearest thing that would hold it.

        A mapping or list written as a block stands where its key does.
        """
        if self.within:
            return self.within[0].place(self.within[1] + pointer)
        while pointer and pointer not in self._places:
            pointer = pointer.rpartition("/")[0]
        found = self._places.get(pointer)
        return (found[0] + self.before, found[1]) if found else None

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        events = events_of(readable(self.text))
        for event in events:
            if isinstance(event, NodeEvent):
                _locate(event, events, "", places)
        return places


def read(data: bytes | str, largest: int = scalar.LARGEST, most: int | None = None) -> Document:
    """The one mapping that a text of YAML or JSON holds; whatever is doubtful is ``Unreadable``.

    At *most* so many events are read of what was not written here.
    """
    document = read_any(data, largest, most)
    if not isinstance(document.value, dict):
        raise Unreadable("not-a-mapping", *document.place("") or ())
    return document


def read_any(data: bytes | str, largest: int, most: int | None = None) -> Document:
    """The same, and a list too: whoever asks looks at what the value is."""
    text = decoded(data, largest)
    refuse_merge_marks(text)
    if sign := scalar.REFUSED.search(text):
        raise Unreadable(scalar.invisible(sign[0]), *spot(text, sign.start()))
    prepared = readable(text)
    try:
        if "#" in prepared:
            _refuse_outside(prepared, _COMMENT, "comment")
        if "?" in prepared and _GLUED.search(prepared):
            _refuse_outside(prepared, _GLUED, "first-sign")
        if prepared.endswith(" "):
            _refuse_last_spaces(prepared)
        value = _built(prepared, most)
    except YAMLError as error:
        raise complaint(error, prepared) from None
    if value is None:
        raise Unreadable("empty")
    return Document(value, text)


def refuse_merge_marks(text: str) -> None:
    """Conflict where two versions of a text were put together and never united."""
    if mark := _MERGE_MARK.search(f"\n{text}\n"):
        raise Conflict(
            "document/merge-marks",
            N_("Two versions of this text were never united: a merge mark stands at line {line}. Unite them first."),
            line=spot(text, mark.start())[0],
        )


def decoded(data: bytes | str, largest: int = scalar.LARGEST) -> str:
    """A text of UTF-8, no larger than a record can be, its lines ended by LF and no mark before the first."""
    try:
        raw = data.encode() if isinstance(data, str) else data
        if raw.startswith(_SEALED):
            raise Unreadable("sealed")
        if len(raw) > largest:
            raise Unreadable("too-large", kib=largest // 1024)
        return raw.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise Unreadable("encoding", offset=error.start) from None


def _refuse_outside(text: str, sign: re.Pattern[str], wrong: str) -> None:
    """A # is a comment outside of every scalar, or beside the sign that opens a block of text.

    A ? there, with a word right behind it, begins a text; libyaml takes it for a sign of its own, and off the text.
    """
    places = (found.start() for found in sign.finditer(text))
    at = next(places, -1)
    for event in events_of(text):
        if isinstance(event, ScalarEvent):
            start, end = cast(Mark, event.start_mark).index, cast(Mark, event.end_mark).index
            if event.style in ("|", ">"):
                start += len(text[start:end].partition("\n")[0])
            if at < start:
                break
            while 0 <= at < end:
                at = next(places, -1)
    if at >= 0:
        raise Unreadable(wrong, *spot(text, at))


def _refuse_last_spaces(text: str) -> None:
    """Spaces in a last line without an end belong to the text above them for some readers, and not for others."""
    line = text.rpartition("\n")[2]
    if not line.strip(" ") and _last(text) != _last(f"{text}\n"):
        raise Unreadable("last-spaces", *spot(text, len(text) - len(line)))


def _last(text: str) -> str | None:
    values = [event.value for event in events_of(text) if isinstance(event, ScalarEvent)]
    return values[-1] if values else None


def _built(text: str, most: int | None) -> Any:
    roots: list[Any] = []
    into: Any = roots
    above: list[_Level] = []
    key: str | None = None
    proper: set[str] = set()
    known: dict[str, object] = {}
    event: Event | None = None
    for event in islice(_proper(text), most):
        if isinstance(event, ScalarEvent):
            if key is None and type(into) is dict:
                key = _key(event, into, proper)
                continue
            item = _styled(event, text, above) if event.style else _plain(event, known)
        elif isinstance(event, CollectionStartEvent):
            item = {} if isinstance(event, MappingStartEvent) else []
        elif isinstance(event, CollectionEndEvent):
            into, begun = above.pop()
            if begun.flow_style and begun.start_mark.line < event.end_mark.line:  # type: ignore[union-attr]
                _refuse_unindented(begun, event, text, above)
            continue
        else:
            _refuse_more(event, roots)
            continue
        if type(into) is list:
            into.append(item)
        elif key is None:
            raise _wrong("key", event)
        else:
            into[key] = item
            key = None
        if isinstance(event, CollectionStartEvent):
            above.append((into, event))
            into = item
            if len(above) > scalar.DEEPEST:
                raise _wrong("too-deep", event)
    _refuse_unended(event)
    return roots[0] if roots else None


def _refuse_unended(last: Event | None) -> None:
    if last and not isinstance(last, StreamEndEvent):
        raise _wrong("too-many", last)


def _styled(event: ScalarEvent, text: str, above: list[_Level]) -> str:
    value: str = event.value  # here, and where a bracket closes, without cast(): it costs as much as the question
    if event.start_mark.line < event.end_mark.line and event.style in _QUOTES:  # type: ignore[union-attr]
        _refuse_unindented(event, event, text, above)
    return value


def _refuse_unindented(first: Event, last: Event, text: str, above: list[_Level]) -> None:
    """Within quotes and brackets a line stands to the right of the block that holds them; libyaml does not mind."""
    margin = next((begins(block)[1] for _, block in reversed(above) if not block.flow_style), 0)
    start, end = cast(Mark, first.start_mark), cast(Mark, last.end_mark)
    for number, line in enumerate(text[start.index : end.index].split("\n")[1:], start.line + 2):
        words = line.lstrip(" ")
        if words and len(line) - len(words) < margin:
            raise Unreadable("tab" if words[0] == "\t" else "indentation", number, len(line) - len(words) + 1)


def _plain(event: ScalarEvent, known: dict[str, object]) -> object:
    """What a text without quotes means; *known* are those that were looked at in this document."""
    text: str = event.value
    if text in known:
        return known[text]
    meaning = scalar.meaning(text)
    if meaning in scalar.DOUBTS:
        raise _wrong(scalar.DOUBTS[meaning], event)
    return known.setdefault(text, text if meaning is None else scalar.VALUES[meaning](text))


def _key(event: ScalarEvent, into: dict[str, Any], proper: set[str]) -> str:
    """A key is always text, whatever it looks like; a mapping has it once.

    *proper* are those without quotes that were looked at: a file of years has the same ones again and again.
    """
    key: str = event.value
    if key in proper and key not in into and not event.style:
        return key
    if key in into:
        raise _wrong("duplicate-key", event)
    if not event.style and (":" in key or key == "<<"):
        raise _wrong("key-colon" if ":" in key else "alias", event)
    if len(key) > scalar.LONGEST_KEY or (event.style and cast(Mark, event.end_mark).line >= begins(event)[0]):
        raise _wrong("key", event)
    if not unicodedata.is_normalized("NFC", key):
        raise _wrong("key-letters", event)
    if not event.style:
        proper.add(key)
    return key


def _proper(text: str) -> Iterator[Event]:
    """The events of a text, looked at one by one where a sign of anything improper stands in it."""
    return map(_checked, events_of(text)) if any(sign in text for sign in "&*!\\") else events_of(text)


def _checked(event: Event) -> Event:
    if isinstance(event, NodeEvent) and event.anchor is not None:
        raise _wrong("alias", event)
    if getattr(event, "tag", None) is not None:
        raise _wrong("tag", event)
    if isinstance(event, ScalarEvent) and event.style == '"' and (sign := scalar.REFUSED.search(event.value)):
        raise _wrong(scalar.invisible(sign[0]), event)
    return event


def _refuse_more(event: Event, roots: list[Any]) -> None:
    if not isinstance(event, DocumentStartEvent):
        return
    if roots:
        raise _wrong("several", event)
    if event.version or event.tags:
        raise _wrong("directive", event)


def _wrong(wrong: str, event: Event) -> Unreadable:
    return Unreadable(wrong, *begins(event))


def _locate(event: Event, events: Iterator[Event], pointer: str, places: dict[str, tuple[int, int]]) -> None:
    places.setdefault(pointer, begins(event))
    if isinstance(event, MappingStartEvent):
        while isinstance(key := next(events), ScalarEvent):
            below = f"{pointer}/{key.value.replace('~', '~0').replace('/', '~1')}"
            value = next(events)
            if isinstance(value, CollectionStartEvent) and not value.flow_style:
                places[below] = begins(key)  # a block begins on the line after the one that names it
            _locate(value, events, below, places)
    elif isinstance(event, SequenceStartEvent):
        for number in count():
            item = next(events)
            if isinstance(item, SequenceEndEvent):
                break
            _locate(item, events, f"{pointer}/{number}", places)
