"""The list of all that people type: each word of it is read, said back, offered or refused as it stands there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from asking import ASKING, SHELF
from reading import CLOCK

from shelterctl.explain import topic
from shelterctl.typed.doubts import (
    MORE_THAN_A_YES,
    NAME_HAS_NUMBER,
    NAME_LOOKS_LIKE_DATE,
    NAME_LOOKS_LIKE_WORDS,
    NAME_LOOKS_LIKE_YES,
    NAME_NOT_LISTED,
)
from shelterctl.typed.question import TYPE_IT_ONCE_MORE, Question
from shelterctl.typed.readers import TYPED_READERS
from shelterctl.typed.words import MOVE_WORDS, Mistyped

WRITTEN = (Path(__file__).parents[1] / "notation.yaml").read_text("utf-8")
TABLE: dict[str, Any] = yaml.load(WRITTEN, yaml.BaseLoader)  # noqa: S506 - all of it is text
LINES = {"1a": {"en": "first", "ru": "первая"}, "1b": {"en": "second", "ru": "вторая"},
         "2a": {"en": "third", "ru": "третья"}, "2b": {"en": "fourth", "ru": "четвёртая"}}  # fmt: skip
REPORT = SHELF.tracks["report"].fields
ASKED = {kind: Question(kind, {"en": kind}, kind) for kind in TYPED_READERS} | {
    "day ahead": replace(ASKING.for_place("admission.rules.signed_on"), ahead=True),
    "day or unknown": ASKING.for_field(REPORT["last_meeting_on"]),
    "report": ASKING.for_field(REPORT["employed"]),
    "som or zero": Question("som or zero", {"en": "Som"}, "som_or_zero"),
    "birth": ASKING.for_place("identity.birth_date"),
    "yes or no": ASKING.for_place("identity.estimated"),
    "line": Question("line", {"en": "Line"}, "code", LINES),
    "languages": ASKING.for_place("identity.languages"),
    "clothes": ASKING.for_place("clothing.items"),
    "country": ASKING.for_place("trafficking.country_of_exploitation"),
    "sex": ASKING.for_place("identity.sex"),
    "role": ASKING.for_place("staff.role"),
    "name": ASKING.for_place("identity.first_name"),
    "senders": ASKING.for_place("referral.sources"),
    "worker": ASKING.for_field(SHELF.tracks["absence"].fields["permitted_by"]),
    "escort": ASKING.for_field(SHELF.tracks["absence"].fields["escort"]),
}


def rows(what: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    for kind, listed in TABLE.items():
        yield from ((kind, row, typed) for row in listed.get(what, ()) if kind != "move" for typed in row["typed"])


def pairs(what: str) -> Iterator[tuple[str, str, str]]:
    for kind, listed in TABLE.items():
        yield from ((kind, typed, meant) for typed, meant in listed.get(what, {}).items())


def written(read: Any) -> str:
    """What was read, as the list writes it."""
    if isinstance(read, bool):
        return "yes" if read else "no"
    return ", ".join(map(str, read)) if isinstance(read, list) else str(read)


def named(one: tuple[Any, ...]) -> str:
    return f"{one[0]} {one[-1] if isinstance(one[1], dict) else one[1]}"


def test_every_kind_of_question_is_on_the_list() -> None:
    known = {ASKED[kind].kind for kind in TABLE if kind != "move"}
    assert known | {"texts", "clocks"} == {*TYPED_READERS}  # read as each of them is


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("row", [*rows("read"), *rows("late")], ids=named)
def test_what_is_typed_is_read_and_said_back(row: tuple[str, dict[str, Any], str], language: str) -> None:
    kind, expected, typed = row
    asked = ASKED[kind]
    read = asked.read_answer(typed, CLOCK, language)
    assert not isinstance(read, Mistyped), read
    assert written(read) == expected["as"]
    said = expected.get(language) or expected.get("en", expected["as"])
    assert asked.format_answer(read, language) == said
    plain = asked.is_literal(typed, read, language)
    assert plain == (typed in (said, *expected.get("plain", ())))
    assert asked.is_still_to_come(read, CLOCK) == (expected in TABLE[kind].get("late", ()))


@pytest.mark.parametrize("row", list(pairs("offered")), ids=named)
def test_what_may_have_been_meant_is_offered_and_reads_when_it_is_taken(row: tuple[str, str, str]) -> None:
    kind, typed, meant = row
    for again in (False, True):
        read = ASKED[kind].read_answer(typed, CLOCK, "ru", again=again)
        assert isinstance(read, Mistyped)
        assert (read.suggestion, read.sentence == TYPE_IT_ONCE_MORE) == (meant, False)
    assert meant in MOVE_WORDS or not isinstance(ASKED[kind].read_answer(meant, CLOCK, "ru"), Mistyped)


@pytest.mark.parametrize("row", list(pairs("doubted")), ids=named)
def test_what_looks_like_something_else_is_read_when_it_is_typed_again(row: tuple[str, str, str]) -> None:
    kind, typed, meant = row
    read = ASKED[kind].read_answer(typed, CLOCK, "ru")
    assert isinstance(read, Mistyped)
    doubts = (
        (TYPE_IT_ONCE_MORE,)
        if meant
        else (
            NAME_LOOKS_LIKE_DATE,
            NAME_HAS_NUMBER,
            NAME_LOOKS_LIKE_YES,
            NAME_LOOKS_LIKE_WORDS,
            NAME_NOT_LISTED,
            MORE_THAN_A_YES,
        )
    )
    assert (read.sentence in doubts, read.suggestion) == (True, meant)
    assert not isinstance(ASKED[kind].read_answer(typed, CLOCK, "ru", again=True), Mistyped)
    assert meant in ("", *MOVE_WORDS) or not isinstance(ASKED[kind].read_answer(meant, CLOCK, "ru"), Mistyped)


@pytest.mark.parametrize(
    "row", [(kind, typed, says) for kind, says, all_ in pairs("refused") for typed in all_], ids=named
)
def test_what_is_refused_says_how_to_write_it(row: tuple[str, str, str]) -> None:
    kind, typed, says = row
    read = ASKED[kind].read_answer(typed, CLOCK, "ru")
    assert isinstance(read, Mistyped)
    assert (str(read.sentence).replace("\u00a0", " "), read.suggestion) == (says, "")


@pytest.mark.parametrize("move", [(row["as"], typed) for row in TABLE["move"]["read"] for typed in row["typed"]])
def test_what_is_no_answer_is_known_in_every_language(move: tuple[str, str]) -> None:
    assert MOVE_WORDS[move[1].casefold()] == move[0]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_topic_of_help_has_its_ways_from_the_list(language: str) -> None:
    said = re.findall(
        r"`([^`]+)`", (topic.TOPICS_FOLDER / language / "typing.md").read_text("utf-8").replace("\n", " ")
    )
    listed = {typed for kind in TABLE.values() for row in kind["read"] for typed in row["typed"]}
    listed |= {typed for kind in TABLE.values() for all_ in kind.get("refused", {}).values() for typed in all_}
    listed |= {typed for what in ("offered", "doubted") for _, typed, _ in pairs(what)}
    assert [typed for typed in said if typed not in listed and not typed.startswith("--")] == []
    assert len(said) > 60


def test_one_key_goes_back_on_every_layout() -> None:
    assert MOVE_WORDS["*"] == "<"
