"""A type is read by its annotations: every kind of note, what is told of each slip, and two schemas that say alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, TypedDict

import pytest

from shelterctl.core.manual.notation import (
    INHERITED,
    NAME_ABOVE,
    NOT_WRITTEN,
    Closed,
    Fits,
    Key,
    Label,
    Names,
    Rulings,
)
from shelterctl.core.manual.rule import History, Repeal, Ruling, Strength
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.manual.slip import Slip, unknown_word
from shelterctl.core.record.occupancy import HouseKind
from shelterctl.rulebook.files import read_schema_file
from shelterctl.rulebook.reader import HistoryReader, Reading, keys_written, make_reader
from shelterctl.ui_language import N_

SHORT = N_("a short word is wanted here")


class Amount(TypedDict, total=False):
    """What a shelf asks of its boxes."""

    at_most: int


@dataclass(frozen=True)
class Box:
    """A box of an invented shelf."""

    name: Annotated[str, NAME_ABOVE]
    colour: Annotated[str, Key("is"), Closed(("red", "green"))]
    text: Label | None
    place: Annotated[str, INHERITED] = "floor"
    holds: Names = ()
    mark: Annotated[str, Fits(lambda word: len(word) < 3, SHORT)] = ""
    heavy: bool | Annotated[str, Closed(("very",))] = False
    since: date | None = None
    inside: "Boxes" = field(default_factory=dict)
    limit: Annotated[History[Any], Rulings(Amount)] = ()
    seen: Annotated[int, NOT_WRITTEN] = 0


Boxes = Mapping[str, Box]


def read(written: Any, checked: bool = True) -> tuple[Any, list[Slip]]:
    reading = Reading({})
    reader = make_reader(Mapping[str, Box], checked)
    assert reader
    return reader(written, reading), reading.slips


WHOLE = {
    "is": "red", "text": {"en": "Box"}, "holds": "shoes", "mark": "x", "heavy": "very", "since": "2026-11-30",
    "inside": {"lid": {"is": "green", "clause": "B"}}, "clause": "A", "at_most": 3,
    "later": [{"since": "2027-01-01", "at_most": 4, "strength": "should"}, {"since": "2028-01-01", "repealed": True}],
}  # fmt: skip


@pytest.mark.parametrize("checked", [True, False])
def test_what_is_whole_is_read_alike_whether_it_is_checked_or_trusted(checked: bool) -> None:
    found, slips = read({"big": WHOLE}, checked)
    limit = (
        Ruling("A", None, params={"at_most": 3}),
        Ruling("A", date(2027, 1, 1), Strength.SHOULD, params={"at_most": 4}),
        Repeal("A", date(2028, 1, 1)),
    )
    lid = Box("lid", "green", None, limit=(Ruling("B"),))
    text = {"en": "Box"}
    assert slips == []
    since, inside = date(2026, 11, 30), {"lid": lid}
    assert found["big"] == Box("big", "red", text, "floor", ("shoes",), "x", "very", since, inside, limit)


@dataclass(frozen=True)
class Reaching:
    """What several verbs of an invented shelf may be told."""

    within: Annotated[str, Closed(("stay", "client"))] = "client"


@dataclass(frozen=True)
class Dated(Reaching):
    """What one of them is told."""

    from_: Names = ()


def test_the_terms_of_a_history_are_a_type_of_their_own_with_what_it_inherits() -> None:
    read_terms = HistoryReader(Rulings(Dated), checked=True)
    written = {"clause": "A", "from": "on", "other": 1, "later": [{"since": "2027-01-01", "within": "stay"}]}
    reading = Reading({})

    history = read_terms.read_history(written, reading)

    assert reading.slips == []
    told: list[tuple[date | None, object]] = [(one.since, one.params) for one in history if isinstance(one, Ruling)]
    assert told == [(None, Dated("client", ("on",))), (date(2027, 1, 1), Dated("stay", ("on",)))]
    written["later"] = [{"since": "2027-01-01", "within": "house", "form": "on"}]
    assert read_terms.read_history(written, reading) == ()
    assert [(slip.place, slip.word) for slip in reading.slips] == [
        ("/later/0/form", "form"), ("/later/0/within", "house")
    ]  # fmt: skip


SLIPS: dict[str, tuple[dict[str, Any], list[tuple[str, str, str | None]]]] = {
    "nothing is wrong": ({}, []),
    "an unknown key, and no key that may be meant by it is missed": (
        {"is": None, "iss": "red"}, [("word", "/big/iss", "iss")]
    ),
    "a key that is missing": ({"is": None}, [("shape", "/big", None)]),
    "a word that is not known": ({"is": "blue"}, [("word", "/big/is", "blue")]),
    "what is no text": ({"place": 7}, [("shape", "/big/place", None)]),
    "one name or a list": ({"holds": ["shoes", 1]}, [("shape", "/big/holds/1", None)]),
    "an empty list": ({"holds": []}, [("shape", "/big/holds", None)]),
    "what does not fit": ({"mark": "long"}, [("shape", "/big/mark", None)]),
    "neither yes nor a known word": ({"heavy": "vary"}, [("word", "/big/heavy", "vary")]),
    "no day": ({"since": "soon"}, [("shape", "/big/since", None)]),
    "a text without English": ({"text": {"ru": "Ящик"}}, [("shape", "/big/text", None)]),
    "inside another one, each of several": (
        {"inside": {"lid": {"is": "gren", "clause": "B", "mark": "long"}, "side": []}},
        [("word", "/big/inside/lid/is", "gren"), *(("shape", f"/big/inside/{at}", None) for at in ("lid/mark", "side"))]
    ),
    "days that do not increase": (
        {"later": [{"since": "2027-01-01"}, {"since": "2027-01-01"}]}, [("order", "/big/later/1/since", None)]
    ),
    "a later ruling without a day": ({"later": [{"at_most": 4}]}, [("order", "/big/later/0/since", None)]),
    "a strength that is not known": ({"later": [{"since": "2027-01-01", "strength": "must"}]},
        [("word", "/big/later/0/strength", "must")]),
}  # fmt: skip


@pytest.mark.parametrize("what", SLIPS)
def test_each_slip_is_told_with_its_place_and_the_others_too(what: str) -> None:
    change, wanted = SLIPS[what]
    written = {key: value for key, value in {**WHOLE, **change}.items() if value is not None}
    _, slips = read({"big": written, "small": 3})
    assert [(slip.code, slip.place, slip.word) for slip in slips] == [*wanted, ("shape", "/small", None)]


def test_a_slip_is_placed_below_what_holds_it_and_names_the_words_that_are_known() -> None:
    slip = unknown_word("/is", "gren", ("red", "green")).below("/big")
    assert (slip.place, slip.word, slip.known, slip.code) == ("/big/is", "gren", ("red", "green"), "word")


def test_the_published_schemas_of_annexes_and_houses_have_the_keys_by_which_these_are_read() -> None:
    annex, houses = (read_schema_file(f"shelf/{name}")["properties"] for name in ("annex", "houses"))
    assert {"schema", *keys_written(Annex)} == annex.keys()
    assert keys_written(HouseKind).keys() == houses["kinds"]["additionalProperties"]["properties"].keys()
