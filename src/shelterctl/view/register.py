"""What is shown of a register: an entry that was written, and the list of all, with names only where they may be."""

from collections.abc import Iterator
from typing import Any

from shelterctl.act.register import entries, fields_of, lies
from shelterctl.core.column import Row
from shelterctl.core.field import Field
from shelterctl.core.record import Facts, at
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import Coded

NAMED = ("name", "phone")
"""What stands behind a code, for the screen alone."""


def told(track: Track, code: str, clear: Facts) -> dict[str, Any]:
    """An entry as it is answered when it was written: what lies of it in clear, but for days."""
    said = {name: value for name, value in clear.items() if name in track.clear and track.clear[name].kind != "day"}
    own = {name: _coded(track.clear[name], value) for name, value in said.items()}
    return {track.name: code, **own}


def listed(here: Desk, track: Track, *, names: bool) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """A row for each entry, and the columns: whatever is no words, nor counted in clear day by day.

    With *names*, which need room, there is only the first of them.
    """
    shown = [(name, one) for name, one in track.clear.items() if one.kind != "group"]
    shown += [(place, one) for place, one in fields_of(track.fields) if one.kind != "text"]
    known = entries(lies(here, track)[1], track)
    behind = entries(here.store.directory, track) if names else {}

    def row(code: str) -> dict[str, Any]:
        entry = known.get(code, {})
        called = {name: behind.get(code, {}).get(name) for name in NAMED} if names else {}
        told = {place.replace(".", "_"): _coded(one, at(entry, place)) for place, one in shown[: 1 if names else None]}
        return {track.name: code, **called, **told}

    return [row(code) for code in sorted(known)], tuple(row(""))


def of_register(here: Desk, track: Track) -> Iterator[Row]:
    """A row for each entry, with what lies of it in clear and what does not."""
    behind = entries(here.store.directory, track)
    known = entries(lies(here, track)[1], track)
    for code in sorted({*known, *behind}):
        yield Row(entry={**behind.get(code, {}), **known.get(code, {})}, code=code)


def _coded(one: Field, value: Any) -> Any:
    """A value as it is told: a code is said in words to a person."""
    return Coded(value, one.codes[value]) if isinstance(value, str) and value in one.codes else value
