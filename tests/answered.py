"""An answer at every field of a track, so that a sheet can be held to print each of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track

NAME = "Айнагүл-Перизат Шаршеналиева-Кыдырмышева"
"""A name of forty letters with two hyphens, as people of the country have them."""

OTHER = "Жаңылмырза-Өмүрбүбү Кубанычбек-Турдумаматова"
"""A name of somebody else, as long."""

DAY, MONTH = "2026-11-24", "2026-11"
PLAIN: Mapping[str, Any] = {
    "som": 1250, "whole": 2, "day": DAY, "time": f"{DAY}T14:30+06:00", "clock": "08:00", "partial": MONTH,
    "months": [MONTH], "span": {"from": "2026-11-20", "to": DAY},
}  # fmt: skip


def answered(track: Track, party: Mapping[str, str], entry: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Entries of a track that answer every field, one for each code on which another field rests.

    Where a register is meant stands its code of *party*, where an entry is pointed at the id of *entry*. What another
    field wants absent stands in every second one.
    """
    wanted = [(name, said) for one in _all(track.fields) for name, said in one.asked_with.items()]
    resting = [one for name, one in track.fields.items() if one.kind == "code" and name in dict(wanted)]
    absent = {name for name, said in wanted if "absent" in said}
    for turn in range(max([2, *(len(one.codes) for one in resting)])):
        for without in [set[str](), absent] if absent else [absent]:
            named = {name: one for name, one in track.fields.items() if name not in without}
            yield {name: _answer(one, turn, party, entry) for name, one in named.items()}


def _all(fields: Mapping[str, Field]) -> Iterator[Field]:
    for one in fields.values():
        yield one
        yield from _all(one.fields)


def _answer(one: Field, turn: int, party: Mapping[str, str], entry: Mapping[str, str]) -> Any:
    if one.kind == "group":
        inside = {name: _answer(each, turn, party, entry) for name, each in one.fields.items()}
        return [inside] if one.several else inside
    if one.kind == "span":
        return PLAIN["span"] | {
            name: _answer(each, turn, party, entry) for name, each in one.fields.items() if name not in PLAIN["span"]
        }
    said = PLAIN.get(one.kind)
    if one.kind == "yes_no":
        said = bool(turn % 2)
    elif one.kind == "code":
        said = [*one.codes][turn % len(one.codes)]
    elif one.kind == "party":
        said = party[one.of[0]]
    elif one.kind == "entry":
        said = entry.get(one.of[0], "1.1")
    elif one.kind == "text":
        said = NAME
    return [said] if one.several and not isinstance(said, list) else said
