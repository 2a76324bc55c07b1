"""The events of libyaml: what a text is made of, one after the other, and where each begins."""

import json
import re
from collections.abc import Iterator
from typing import cast

from yaml import Mark, YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, NodeEvent

from shelterctl.document.fault import spot
from shelterctl.errors import BrokenRulebook
from shelterctl.language import N_

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML's parser in Python accepts other texts: no answer is better than two
    raise BrokenRulebook("document/no-libyaml", N_("PyYAML is here without libyaml. Install its wheel.")) from None

_BETWEEN = re.compile(r"[\s,\[]*(?:-\s+)?")
_HALVES = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|.)")


def readable(text: str) -> str:
    """JSON may hold two things that libyaml refuses: tabs between its tokens, and signs written as two halves."""
    if not text.lstrip().startswith(("{", "[")) or not ("\t" in text or "\\u" in text):
        return text
    try:
        json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return text
    return _HALVES.sub(_united, text.replace("\t", " "))


def _united(escape: re.Match[str]) -> str:
    return str(json.loads(f'"{escape[0]}"')) if escape[1] else escape[0]


def events_of(text: str) -> Iterator[Event]:
    """Every event of a text, in its order; YAMLError where it goes no further."""
    return iter(CParser(text).get_event, None)


def begins(event: Event) -> tuple[int, int]:
    """Line and column, from 1, at which an event begins."""
    mark = cast(Mark, event.start_mark)
    return mark.line + 1, mark.column + 1


def items(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Line and column, from 1, of each item of a text that is a list, and whether the text can be read to its end.

    The last is the one in which reading stops, if it does.
    """
    ready, places, depth, end = readable(text), [], 0, 0
    try:
        for event in events_of(ready):
            if isinstance(event, CollectionEndEvent):
                depth -= 1
            elif isinstance(event, NodeEvent) and depth == 1:
                places.append(begins(event))
            if isinstance(event, CollectionStartEvent):
                depth += 1
            end = cast(Mark, event.end_mark).index if depth == 1 else end
    except YAMLError:
        rest = _BETWEEN.match(ready, end)
        if depth == 1 and rest and rest.end() < len(ready):
            places.append(spot(ready, rest.end()))
        return places, False
    return places, True
