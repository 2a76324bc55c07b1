"""Interrupted at every question: what was answered is in her file, and the way is taken up where it stood."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


WAYS = yaml.safe_load((Path(__file__).parent / "interrupted.yaml").read_text("utf-8"))
BY_THE_TOOL = ("id", "recorded_at", "recorded_by", "schema", "edition", "was")
HALF = "half an answ"
BY_THE_WAY, AGAIN, PASSED = "by the way", "comes again", "passed by"


@pytest.fixture
def gated(desk: "Desk") -> "Desk":
    """Who was admitted at the terminal; what the gate did not need is still to be asked."""
    with At(desk).live("admit") as live:
        for _, typed, *_ in WAYS["admission"]["asked"]:
            live.type(typed)
        assert live.asked.startswith("Everything that the gate asks for is there")
        live.type("yes")
    desk.her = opened(desk)
    return desk


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that was answered in a record, by its place."""
    if isinstance(value, dict | list):
        for name, below in value.items() if isinstance(value, dict) else enumerate(value):
            if name not in BY_THE_TOOL:
                yield from leaves(below, f"{place}/{name}" if place else str(name))
    else:
        yield place, value


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_at_every_question_loses_nothing_that_was_answered(way: str, request: pytest.FixtureRequest) -> None:
    said = WAYS[way]
    desk: Desk = request.getfixturevalue(said["desk"])
    at, asked = At(desk, today=said["today"]), said["asked"]
    standing = dict(leaves(desk.record())) if desk.her else {}
    number, left_open = 0, list[Any]()
    while number < len(asked):
        words = said["run"].replace(" ID", f" {desk.her}".rstrip())
        with at.live(words) as live:
            for question, typed, *_ in left_open:  # what was left for later comes first
                assert live.asked.startswith(question)
                live.type(typed)
            if not (desk.her or number):  # a file begins with the second answer
                assert live.asked.startswith(asked[0][0])
                live.type(asked[0][1])
                standing, number = standing | asked[0][2], 1
            question, typed, gives = asked[number][:3]
            if number and PASSED in asked[number - 1]:
                assert live.asked.startswith(asked[number - 1][0])
                live.type(asked[number - 1][1])
            assert live.asked.startswith(question)  # taken up where it stood
            live.type(typed)
            if number + 1 < len(asked):
                assert live.asked.startswith(asked[number + 1][0])
            live.type(HALF.encode() + b"\x03", enter=b"")
            seen = live.end()
        assert seen.code == 130
        desk.her = desk.her or opened(desk)
        assert HALF not in seen.left
        assert desk.her in seen.left  # which file it is, and how to go on
        standing |= gives
        assert dict(leaves(desk.record())) == standing
        left_open += [asked[number]] if AGAIN in asked[number] else []
        number += 1
        while number < len(asked) and BY_THE_WAY in asked[number]:  # an answer stood there before it was asked
            number += 1


def opened(desk: "Desk") -> str:
    """The id of the one client of the store."""
    (file,) = (desk.store / "residents").iterdir()
    return file.name.partition(".")[0]
