"""A financial form taken down from the shelf: its lines and rulings, and that what they name is there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shelterctl.core import agreement, condition, together
from shelterctl.core.form import Form, Key, Line
from shelterctl.core.ruling import History, Ruling
from shelterctl.language import N_
from shelterctl.library.annex import printed
from shelterctl.library.written import broken, fields, history, known, take

NO_KEY = N_("the line has no such key")
NO_CODE = N_("the key has no such code")
NO_GROUP = N_("the form has no such group")
NO_LIMIT = N_("no ruling of the line gives this number")
OTHER_NAME = N_("the form must be named like its file")

_OWN = ("group", "mark", "text", "keys", "product", "standing")
_NAMES_KEYS = {"spells_out": "in", "month_inside": "of"}
"""Words that name a second key of the line, and where."""


def form(folder: Path, name: str) -> Form:
    """The form of that name."""
    file = f"forms/{name}.yaml"
    written = take(folder, file, "form")
    if written["form"] != name:
        raise broken("name", file, "/form", OTHER_NAME)
    known(file, "/conditions", written["conditions"], condition.CONDITIONS)
    groups = written.get("groups") or {}
    for number, line in written["lines"].items():
        known(file, f"/lines/{number}/group", [line["group"]] if "group" in line else [], groups, NO_GROUP)
    return Form(
        name=name,
        clause=written["clause"],
        title=written["title"],
        heading=tuple(written["heading"]),
        unlisted=written["unlisted"],
        advice=written["advice"],
        groups=groups,
        lines={number: _line(file, number, line) for number, line in written["lines"].items()},
        conditions={
            word: history(file, f"/conditions/{word}", rulings) for word, rulings in written["conditions"].items()
        },
        printed=printed(written["printed"]),
    )


def _line(file: str, number: str, written: Mapping[str, Any]) -> Line:
    place = f"/lines/{number}"
    words = {word: bound for word, bound in written.items() if word not in _OWN}
    known(file, place, words, agreement.VOCABULARY)
    line = Line(
        number,
        written.get("group"),
        written["text"],
        {
            name: Key(key["is"], key["text"], key.get("codes") or {}, "printed" in key)
            for name, key in written["keys"].items()
        },
        tuple(written.get("product") or ()),
        history(file, f"{place}/standing", written["standing"]),
        {word: _by_key(file, f"{place}/{word}", bound) for word, bound in words.items()},
        written.get("mark"),
    )
    _whole(file, place, line)
    return line


def _by_key(file: str, place: str, bound: Any) -> dict[str, History]:
    """Rulings by the key that they bind; those of the amount stand without one."""
    if isinstance(bound, list):
        return {"amount": history(file, place, bound)}
    return {key: history(file, f"{place}/{key}", rulings) for key, rulings in bound.items()}


def _whole(file: str, place: str, line: Line) -> None:
    """Whatever a line's rulings name is there; a typo must not make a rule that nobody can keep, or none."""
    known(file, f"{place}/product", line.product, line.keys, NO_KEY)
    numbers: set[str] = set()
    for word, histories in line.rules.items():
        for key, rulings in histories.items():
            known(file, f"{place}/{word}", [key], ["amount"] if word == "cap" else line.keys, NO_KEY)
            for ruling in rulings:
                if isinstance(ruling, Ruling):
                    numbers |= ruling.asks.keys()
                    _named(file, place, line, (word, key), ruling)
    for language, text in line.text.items():
        known(file, f"{place}/text/{language}", fields(file, f"{place}/text/{language}", text), numbers, NO_LIMIT)


def _named(file: str, place: str, line: Line, rule: tuple[str, str], ruling: Ruling) -> None:
    (word, key), asks = rule, ruling.asks
    if word == "cap":
        known(file, f"{place}/cap/within", [asks["within"]], together.REACHES)
        known(file, f"{place}/cap/times", asks["times"], line.keys, NO_KEY)
    elif word == "one_of":
        known(file, f"{place}/one_of/{key}", asks["codes"], line.keys[key].codes, NO_CODE)
    elif word in _NAMES_KEYS:
        known(file, f"{place}/{word}/{key}", [asks[_NAMES_KEYS[word]]], line.keys, NO_KEY)
