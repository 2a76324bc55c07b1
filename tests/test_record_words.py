"""Every place of a record and of the register has its words, and every code that may stand there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shelterctl import contract
from shelterctl.core.field import Field
from shelterctl.core.item import Item
from shelterctl.language import Text
from shelterctl.library import open_shelf

SHELF = open_shelf()
SCHEMAS = contract.all_of(SHELF)
RECORD = SCHEMAS["resident"]

STAMP = {"schema", "id", "recorded_at", "recorded_by", "unfinished", "printed", "given_up"}
"""What the tool writes itself, and asks nobody."""

ELSEWHERE = {name for name, one in SHELF.report.fields.items() if one.number}
"""The questions of the monitoring report: their words stand with the annex."""

PARTS = {"stays": "", "agreements": "agreement", "reports": "report", "void": "void"}
"""Parts of a record that are asked at the top of their own input, and what stands before their keys."""

NEVER_ASKED = {"devices", "recovery", "store", "time_zone", "languages"}
"""What a store keeps for itself."""

LABEL = 60


def codes_of(part: Any) -> list[Any]:
    """The codes of a place; where old records may have text, those that are written now."""
    said = {True: "yes", False: "no"}
    return [said.get(code, code) for code in part.get("enum") or part.get("x-codes") or ()]


def walk(whole: Any, part: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every place below *part* with the codes that may stand there, by the path of a fragment."""
    while "$ref" in part and "x-codes" not in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    if "items" in part:
        yield from walk(whole, part["items"], path)
    elif "properties" in part:
        for name, below in part["properties"].items():
            if name not in STAMP and not (path == "report" and name in ELSEWHERE):
                start = PARTS.get(name, f"{path}.{name}" if path else name)
                yield from walk(whole, below, start)
    elif isinstance(part.get("additionalProperties"), dict):
        yield from walk(whole, part["additionalProperties"], path)
    else:
        yield path, codes_of(part)


def register() -> Iterator[tuple[str, list[str]]]:
    """The places of the houses, of staff, and of the names behind codes."""
    for name, start in (("directory", "directory."), ("staff", ""), ("shelter", "")):
        for key, below in SCHEMAS[name]["properties"].items():
            if key not in STAMP | NEVER_ASKED:
                own = "facility" if start + key == "facilities" else start + key
                yield from walk(SCHEMAS[name], below, own)


def parts_of_lines() -> Iterator[tuple[str, list[str]]]:
    """The keys of a form's lines that have parts themselves, such as a course."""
    for name, form in SHELF.forms.items():
        schema = SCHEMAS[f"agreement-{name}"]
        for number, line in form.parts.items():
            for key, asked in line.fields.items():
                if asked.kind == "span":
                    below = schema["properties"]["lines"]["properties"][number]["properties"][key]
                    yield from walk(schema, below, "course" if asked.fields else "span")


ASKED = dict([*walk(RECORD, RECORD), *register(), *parts_of_lines()])


ITEMS = [*SHELF.items.values()]


def beside(part: Any) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every condition of a place that makes sense only beside another: its siblings, the sibling named, the code."""
    if isinstance(part, dict):
        for below in (part.get("properties") or {}).values():
            if isinstance(below, dict):
                yield from ((part["properties"], sibling, code) for sibling, code in below.get("x-with", {}).items())
        for below in part.values():
            yield from beside(below)


def texts(place: Field) -> Iterator[Text]:
    yield place.text
    yield from place.codes.values()
    if place.hint:
        yield place.hint


def test_every_place_has_its_words_and_no_words_are_left_over() -> None:
    assert set(SHELF.places) == set(ASKED)


@pytest.mark.parametrize("path", ASKED)
def test_every_code_of_a_place_has_its_words(path: str) -> None:
    place = SHELF.places[path]
    if place.open:
        assert place.codes
        assert not ASKED[path]
    else:
        assert list(place.codes) == ASKED[path]


@pytest.mark.parametrize("path", SHELF.places)
def test_a_place_is_asked_for_in_every_language(path: str) -> None:
    place = SHELF.places[path]
    for text in texts(place):
        assert set(text) == {"en", "ru", "ky"}
        assert all(words == words.strip() and not set("{}") & set(words) for words in text.values())
    for label in place.text.values():
        assert label[0].isupper()
        assert len(label) <= LABEL
        assert label[-1] not in "?:"
    for hint in (place.hint or {}).values():
        assert hint.lstrip("«")[0].isupper()
        assert hint.endswith(".")


@pytest.mark.parametrize("path", SHELF.places)
def test_the_clause_that_asks_for_a_place_is_on_the_shelf(path: str) -> None:
    assert SHELF.places[path].clause in {None, *SHELF.clauses}


@pytest.mark.parametrize("path", [path for path, one in SHELF.places.items() if one.open])
def test_the_codes_that_an_open_place_suggests_may_stand_there(path: str) -> None:
    place = SHELF.places[path]
    pattern = RECORD["$defs"]["country" if "KG" in place.codes else "language"]["pattern"]
    assert all(re.match(pattern, code) for code in place.codes)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_what_an_item_asks_for_has_its_words_and_someone_can_give_it(item: Item) -> None:
    assert {SHELF.path(name) for name in item.places} <= set(SHELF.places)
    assert len(set(item.places)) == len(item.places)
    if item.on:
        assert item.places[0] == item.on
    assert item.who is not None
    assert set(item.who) == {"en", "ru", "ky"}


@pytest.mark.parametrize("name", ["resident", "fragment"])
def test_what_is_asked_only_beside_another_answer_names_one_that_can_be_given(name: str) -> None:
    found = list(beside(SCHEMAS[name]))
    assert len(found) == 14
    for siblings, sibling, code in found:
        if "." in sibling:  # what another track says of her
            assert code in SHELF.places[SHELF.path(sibling)].codes
        elif code == "part":  # that a date is not known to the day
            assert siblings[sibling]["$ref"].startswith("#/$defs/partial")
        elif isinstance(code, list):  # several answers, of yes and no, or that there is none
            assert {*code} <= {"yes", "no", "absent"}
            assert siblings[sibling]["$ref"].startswith("#/$defs/yes_no")
        else:
            assert code in codes_of(siblings[sibling].get("items", siblings[sibling]))
