"""An agreement that ended: who decided it, when and why (LC24)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from terminal import At

from shelterctl.prompts.review import WRITE_DOWN

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples/accepted"
DECISION = {"by": "NGO Coordinator", "reason": "она переехала"}


@pytest.fixture
def agreed(admitted: "Desk") -> "Desk":
    """Her blue agreement is signed."""
    blue = f"agreement {admitted.her} --form blue"
    admitted.do(f"admit {admitted.her}", {"identification_number": "KG-2026-118"})
    admitted.do(blue, ACCEPTED / "blue.yaml")
    admitted.do(f"{blue} --sign --on 2026-11-25")
    return admitted


def terminated(desk: "Desk") -> Any:
    return desk.record()["agreements"][0].get("terminated")


def test_it_is_written_down_with_who_decided_and_nothing_changes_twice(agreed: "Desk") -> None:
    words = f"terminate {agreed.her} --number S-NGO-12 --on 2026-12-15"
    before = agreed.digest()
    agreed.do(f"{words} --check", DECISION, today="2026-12-20")
    assert agreed.digest() == before
    agreed.do(words, DECISION, today="2026-12-20")
    assert terminated(agreed) == {"on": "2026-12-15", **DECISION}
    before = agreed.digest()
    agreed.do(words, DECISION, today="2026-12-20")
    assert agreed.digest() == before
    again = agreed.do(words.replace("12-15", "12-16"), DECISION, today="2026-12-20")
    assert again.data["replaced"] == ["/agreements/0/terminated/on"]
    assert again.data["said"][-1] == "Replaced: /agreements/0/terminated/on."
    assert terminated(agreed)["on"] == "2026-12-16"
    assert agreed.do(f"check {agreed.her}").refusals == []


@pytest.mark.parametrize(
    ("given", "words", "places"),
    [
        ({"by": "NGO Coordinator"}, "", ["/terminated/reason"]),
        ({"reason": "она переехала"}, "", ["/terminated/by"]),
        ({**DECISION, "by": "s-boss"}, "", ["/terminated/by"]),
        (DECISION, "--on 2026-11-24", ["/terminated/on"]),
        (DECISION, "--on 2026-12-21", ["/terminated/on"]),
    ],
)
def test_what_refuses_it(agreed: "Desk", given: Any, words: str, places: list[str]) -> None:
    agreed.do("staff add s-boss --role manager")
    answer = agreed.refused(f"terminate {agreed.her} {words}", given, today="2026-12-20")
    assert [one["where"] for one in answer.page["findings"] if one["severity"] == "refuse"] == places


def test_lists_tell_it_and_nothing_is_signed_under_it_any_more(agreed: "Desk") -> None:
    agreed.do(f"terminate {agreed.her}", DECISION, today="2026-12-20")
    (row,) = agreed.do("agreements", today="2026-12-20").data["rows"]
    assert (row["signed"], row["terminated"]) == ("2026-11-25", "2026-12-20")
    again = agreed.refused(f"agreement {agreed.her} --form blue --number S-NGO-12 --sign")
    assert again.error == "agreement/unknown"
    assert "was terminated on 2026-12-20" in again.page["error"]["message"]


def test_what_is_signed_is_told_as_that_whatever_day_is_named(agreed: "Desk") -> None:
    again = agreed.refused(f"agreement {agreed.her} --form blue --sign --on 2026-11-26", today="2026-11-27")
    assert again.refusals == ["agreement/signed"]


def test_a_draft_is_withdrawn_and_not_terminated(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    assert admitted.refused(f"terminate {admitted.her}").refusals == ["agreement/not-signed"]


def test_which_agreement_is_meant(agreed: "Desk") -> None:
    assert agreed.refused(f"terminate {agreed.her} --number 99", DECISION).error == "agreement/unknown"
    blue = f"agreement {agreed.her} --form blue"
    second: dict[str, Any] = {"number": "S-NGO-13", "date": "2026-11-25", "ngo": "sezim", "drafted_by": ["А", "Б"]}
    second |= {"period": {"from": "2027-06-01", "to": "2027-06-30"}, "lines": {"7a": {"amount": 100}}}
    second |= {"ngo_representative": "Б. Образцова", "iom_representative": "А. Примеров"}
    agreed.do(blue, second)
    agreed.do(f"{blue} --number S-NGO-13 --sign --on 2026-11-25")
    assert agreed.refused(f"terminate {agreed.her}", DECISION).error == "usage/which-agreement"
    agreed.do(f"terminate {agreed.her} --number S-NGO-13", DECISION)
    agreed.do(f"terminate {agreed.her}", DECISION)


def test_keys_that_are_not_there_are_told(agreed: "Desk") -> None:
    assert agreed.refused(f"terminate {agreed.her}", {**DECISION, "who": "x"}).refusals == ["shape/unknown-key"]
    assert agreed.refused(f"terminate {agreed.her} --on 2026-11-25", {**DECISION, "on": "2026-11-24"}).code == 2


@pytest.mark.parametrize("language", ["en", "ru"])
def test_at_a_terminal_it_asks_when_who_and_why(agreed: "Desk", language: str) -> None:
    with At(agreed, language, "2026-12-20").live(f"terminate {agreed.her}") as live:
        for answer in ("15.12.2026", "NGO Coordinator", "она переехала", WRITE_DOWN):
            live.type(answer)
        live.end()
    assert terminated(agreed) == {"on": "2026-12-15", **DECISION}
