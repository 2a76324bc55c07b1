"""An act: its rules, its items and their evidence, the gate, the day of the act, and what softens it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from small import HER, HOUSE, OUTING, around, yaml

from shelterctl.core.rules.checklist import checklist_rows, judge_act
from shelterctl.core.rules.context import Context
from shelterctl.language import format_sentence

NOTHING: list[tuple[str, str]] = []
SEEN = "{day: '2026-11-10', by: s-aida}"
LEAVES = [{"kind": "town", "given_on": "2026-11-10"}, {"kind": "home", "given_on": "2026-11-12"}]
WORDS = [{"day": "2026-11-11", "said": "go"}]


def held(visit: str = SEEN, day: str = "2026-11-25", her: Mapping[str, Any] | None = None, **more: Any) -> Context:
    stay = {**HER["stays"][0], "visit": yaml(visit)}
    hers = {"leaves": LEAVES, "words": WORDS, **(her or {}), "stays": [stay]}
    return around(hers, day, **{"house": HOUSE, **more})


def judged(stood: Context) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in judge_act(OUTING, stood)]


def test_with_all_its_evidence_nothing_is_said() -> None:
    assert judged(held()) == NOTHING
    assert {row["item"]: (row["state"], str(row["on"])) for row in checklist_rows(OUTING, held())} == {
        "visit": ("done", "2026-11-10"),
        "leaves": ("done", "2026-11-12"),
        "word": ("done", "2026-11-11"),
    }


@pytest.mark.parametrize(
    ("stood", "found"),
    [
        (held("{day: '2026-11-10'}"), [("outing/visit", "refuse")]),
        (held("{}"), [("outing/visit", "refuse")]),
        (held("{day: '2026-11-26', by: s-aida}"), [("outing/dated-after", "refuse")]),
        (held("{day: '2026-11-25', by: s-aida}"), NOTHING),
        (held(her={"leaves": LEAVES[:1]}), [("outing/leaves", "open")]),
        (held(her={"leaves": LEAVES[:1]}, day="2026-12-31", today=date(2027, 1, 1)), [("outing/leaves", "open")]),
        (held(her={"leaves": LEAVES[:1]}, day="2027-01-01", today=date(2027, 1, 1)), [("outing/leaves", "refuse")]),
        (held(her={"words": []}), [("outing/word", "open")]),
        (held(her={"words": []}, day="2027-05-31", today=date(2027, 6, 1)), [("outing/word", "open")]),
        (held(her={"words": []}, day="2027-06-01", today=date(2027, 6, 1)), NOTHING),
        (held(house=None), [("track/needs", "open")]),
        (held(day="2026-11-26"), [("track/dated", "refuse")]),
    ],
)
def test_what_is_missing_refuses_at_the_gate_and_is_open_elsewhere(
    stood: Context, found: list[tuple[str, str]]
) -> None:
    assert judged(stood) == found


def test_a_rule_that_speaks_for_an_item_is_said_instead_of_it() -> None:
    before = held("{}", day="2026-11-01", her={"leaves": LEAVES, "words": WORDS})
    assert [code for code, _ in judged(before)] == ["track/dated", "outing/leaves"]


def test_what_softens_an_act_leaves_it_open_in_words_of_its_own() -> None:
    (found,) = judge_act(OUTING, held("{well: true}"))
    assert (found.severity, found.clause) == ("open", "Z6.1")
    assert format_sentence(found.message, found.facts) == "She is well; the visit may follow (Z6.1)."
    assert judged(held("{well: false}")) == [("outing/visit", "refuse")]


def test_without_a_stay_only_what_is_asked_of_every_client_is_missing() -> None:
    nowhere = around({"stays": []}, house=HOUSE)
    assert judged(nowhere) == [("outing/leaves", "open"), ("outing/word", "open")]
    assert {row["item"]: row["state"] for row in checklist_rows(OUTING, nowhere)}["visit"] == "not_applicable"


def test_what_is_lacking_is_told_by_name() -> None:
    (found,) = judge_act(OUTING, held(her={"leaves": LEAVES[:1]}))
    assert found.facts["lacking"] == ["home"]
