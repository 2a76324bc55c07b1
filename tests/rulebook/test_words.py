"""Every place of a record and of the register has its words, and every code that may stand there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shelterctl.core.manual.act import Item
from shelterctl.core.manual.field import OPEN_LISTS, Field
from shelterctl.core.manual.report import Report
from shelterctl.language import Text
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas.input import stored_entry_schema
from tools import generated

SHELF = open_rulebook()
SCHEMAS = generated.make_schemas(SHELF)
RECORD = SCHEMAS["resident"]

STAMP = {"schema", "id", "recorded_at", "recorded_by", "was", "unfinished", "printed", "sealed"}
"""What the tool writes itself, and asks nobody; what is sealed is asked for by its tracks."""

MOVED = SHELF.moved_places
"""What only older files have in the open: it is asked for by the sealed tracks into which it is moved."""

ELSEWHERE = {name for name, one in SHELF.report.fields.items() if one.number}
"""The questions of the monitoring report: their words stand with the annex."""

PARTS = {"stays": "", "agreements": "agreement", "reports": "report", "void": "void"}
"""Parts of a record that are asked at the top of their own input, and what stands before their keys."""

SPAN = "#/$defs/span"
"""Two days, whose words are the same wherever they have none of their own."""

NEVER_ASKED = {"devices", "recovery", "store", "time_zone", "languages", "given_up", "shelf"}
"""What a store keeps for itself."""

LABEL = 60


def codes_of(part: Any) -> list[Any]:
    """The codes of a place; where old records may have text, those that are written now."""
    said = {True: "yes", False: "no"}
    return [said.get(code, code) for code in part.get("enum") or part.get("x-codes") or ()]


def walk(whole: Any, part: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every place below *part* with the codes that may stand there, by the path of a fragment."""
    if part.get("$ref") == SPAN and path != "span":
        yield path, []
        return
    while "$ref" in part and "x-codes" not in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    if "items" in part:
        yield from walk(whole, part["items"], path)
    elif "properties" in part:
        for name, below in part["properties"].items():
            if (path, name) != ("", "edition") and name not in STAMP and not (path == "report" and name in ELSEWHERE):
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


def apart() -> Iterator[tuple[str, list[str]]]:
    """The places of whatever lies sealed in a file, or in a register of a house, as it lies there."""
    for name, track in SHELF.tracks.items():
        if track.seal or track.of_register:
            schema = stored_entry_schema(SHELF, name)
            yield from walk(schema, schema, name)


WALKED = dict([*walk(RECORD, RECORD), *register(), *parts_of_lines(), *apart()])
ASKED = {path: codes for path, codes in WALKED.items() if path not in MOVED}


ITEMS = [*SHELF.items.values()]


def beside(part: Any) -> Iterator[tuple[dict[str, Any], str, list[str]]]:
    """Every condition of a place that makes sense only beside another: its siblings, the one named, the answers."""
    if isinstance(part, dict):
        for below in (part.get("properties") or {}).values():
            if isinstance(below, dict):
                for sibling, said in below.get("x-with", {}).items():
                    yield part["properties"], sibling, said if isinstance(said, list) else [said]
        for below in part.values():
            yield from beside(below)


def conditions(of: Field, known: set[str]) -> int:
    """How many such conditions the shelf has below a field; whatever is defined once counts once."""
    if of.kind == "group" and of.of:
        if of.of[0] in known:
            return 0
        known.add(of.of[0])
    return sum(len(one.asked_with) + conditions(one, known) for one in of.fields.values())


def answers(siblings: dict[str, Any], name: str) -> set[str]:
    """What may be answered at a place that another names: beside it, inside a group beside it, or of her elsewhere."""
    first, _, rest = name.partition(".")
    if name == "house":
        return set(SHELF.house_kinds)
    if first in BY_ACTS and rest:  # an act was done to the entry
        return {"there", "absent"}
    if first not in siblings:  # what another track says of her
        return set(SHELF.places[SHELF.place_of(name)].codes)
    place = siblings[first]
    if rest:
        return answers(place["properties"], rest)
    of_a_kind = {kind: said for kind, said in BESIDE.items() if place.get("$ref", "").startswith(f"#/$defs/{kind}")}
    return {
        "there",
        "absent",
        *codes_of(place.get("items", place)),
        *(code for said in of_a_kind.values() for code in said),
    }


BESIDE = {"partial": ("part",), "yes_no": ("yes", "no")}
"""What may be asked of a kind besides whether it is there: that a date is not known to the day."""

BY_ACTS = {deed.writes for track in SHELF.tracks.values() for deed in track.entry_acts.values()}


def texts(place: Field) -> Iterator[Text]:
    yield place.text
    yield from place.codes.values()
    if place.hint:
        yield place.hint


def test_every_place_has_its_words_and_no_words_are_left_over() -> None:
    assert WALKED.keys() - ASKED.keys() == MOVED.keys()
    assert set(SHELF.places) == set(ASKED)


@pytest.mark.parametrize("path", ASKED)
def test_every_code_of_a_place_has_its_words(path: str) -> None:
    place = SHELF.places[path]
    if place.open:  # words may stand there as well as a code, of a list or a register
        assert place.codes or place.kind == "party"
        assert not ASKED[path]
    else:
        codes = ["yes", "no"] if place.kind == "yes_no" and place.unknown else list(place.codes)
        assert ASKED[path] == ([*codes, "unknown"] if codes and place.unknown else codes)


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
    kind = next((OPEN_LISTS[of] for of in place.of if of in OPEN_LISTS), None)
    assert (kind is not None) == any(code in place.codes for code in ("KG", "ky"))
    assert kind is None or all(re.match(RECORD["$defs"][kind]["pattern"], code) for code in place.codes)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_what_an_item_asks_for_has_its_words_and_someone_can_give_it(item: Item) -> None:
    assert {SHELF.place_of(name) for name in item.places} <= set(SHELF.places)
    assert len(set(item.places)) == len(item.places)
    if item.on:
        assert item.places[0] == item.on
    assert item.who is not None
    assert set(item.who) == {"en", "ru", "ky"}


HELD: dict[str, tuple[Any, Field]] = {
    "resident": (RECORD, SHELF.record),
    "fragment": (SCHEMAS["fragment"], SHELF.record),
    **{
        name: (stored_entry_schema(SHELF, name), Field(name, "group", {}, fields=track.fields))
        for name, track in SHELF.tracks.items()
        if track.seal or track.of_register
    },
}


@pytest.mark.parametrize("name", HELD)
def test_what_is_asked_only_beside_another_answer_names_one_that_can_be_given(name: str) -> None:
    schema, fields = HELD[name]
    found = list(beside(schema))
    assert len(found) == conditions(fields, set())
    for siblings, sibling, said in found:
        assert {*said} <= answers(siblings, sibling)


NAMES_MONTH = re.compile(r"month|месяц|\bай(\b|лык|дын)", re.IGNORECASE)


def report_texts(report: Report) -> list[str]:
    texts = [report.text, report.sheet.title, *(row.text for row in report.rows.values())]
    return [said for text in texts for said in text.values()]


def test_a_report_of_a_year_names_no_month() -> None:
    of_month = {name: [*filter(NAMES_MONTH.search, report_texts(one))] for name, one in SHELF.house_reports.items()}
    assert all(of_month.values())
    for report in SHELF.house_reports.values():
        assert [*filter(NAMES_MONTH.search, report_texts(report.word_for_year()))] == []
