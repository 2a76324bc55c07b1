"""What is found inside a sealed entry: told to whoever opens it for reading, and counted everywhere else."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL

if TYPE_CHECKING:
    from conftest import Desk


PSYCHIATRIC = {"kind": "psychiatric", "on": "2026-11-24", "follow_up": True}
CHECKED = {"kind": "checkup", "on": "2026-11-24", "finding": "std"}
TELLING = ("R5.3.5", "R4.0.2", "X47", "psychiatr", "psychiatric", "checkup", "Therapy", "лечение", "психиатр", "std")
"""Words, codes and clauses by which the kind of an entry is known."""


@pytest.fixture
def seen(admitted: "Desk") -> "Desk":
    """A client with two entries of her health record in which something is still lacking."""
    for entry in (PSYCHIATRIC, CHECKED):
        told = admitted.do(f"add {admitted.her} health", entry)
        assert {one["where"].rpartition("/")[0][:16] for one in told.page["findings"]} == {"/sealed/entries/"}
    return admitted


def inside(page: dict[str, Any]) -> list[tuple[str, Any, int]]:
    return [
        (one["severity"], one["clause"], one["facts"]["count"])
        for one in page["findings"]
        if one["where"].startswith("/sealed")
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "words", ["check", "check HER", "show HER", "show HER --all", "admit HER", "list", "find HER", "due", "due HER"]
)
def test_no_command_tells_which_kind_of_entry_there_is(words: str, language: str, seen: "Desk") -> None:
    typed = words.replace("HER", seen.her)
    given = {"last_name": "Примерова"} if words.startswith("find") else None
    typed = "find" if given else typed
    for said in (seen.run(f"{typed} --lang {language}", given).out, seen.run(f"{typed} --json", given).out):
        assert said
        assert not [word for word in TELLING if word in said], said


def test_check_counts_them_and_ends_as_before(seen: "Desk") -> None:
    told = seen.do(f"check {seen.her}")
    (found,) = inside(told.page)
    assert found[:2] == ("open", None)
    assert found[2] > 3
    (one,) = [each for each in told.page["findings"] if each["where"] == "/sealed"]
    assert (one["code"], one["record"], set(one["facts"])) == ("sealed/inside", seen.her, {"count"})
    assert seen.ask(f"check {seen.her} --strict").code == 1
    assert seen.ask("check").code == 0


def test_a_later_document_tells_of_it_as_little(seen: "Desk") -> None:
    told = seen.do(f"admit {seen.her}", {"notes": "Заметка."})
    assert not [word for word in TELLING if word in told.out]
    assert all(one["where"] == "/sealed" for one in told.page["findings"] if one["where"].startswith("/sealed"))


def test_whoever_opens_the_part_reads_place_and_clause(seen: "Desk") -> None:
    told = seen.do(f"show {seen.her} health")
    found = {(one["where"], one["clause"]) for one in told.page["findings"]}
    assert ("/sealed/entries/0/therapy", "R5.3.5") in found
    (counted,) = inside(seen.do(f"check {seen.her}").page)
    assert counted[2] == len(told.page["findings"])
    assert "R5.3.5" in seen.run(f"show {seen.her} health").out
    assert seen.do(f"show {seen.her} medication").page["findings"] == []


def test_show_counts_what_is_sealed_and_names_no_kind(seen: "Desk") -> None:
    for record in (
        seen.do(f"show {seen.her}").data["record"],
        json.loads(seen.run(f"show {seen.her} --all --json").out)["data"]["record"],
    ):
        assert record["sealed"] == {"entries": 2}
    text = seen.run(f"show {seen.her} --all").out
    assert "entries: 2" in text
    named = seen.record()["sealed"]["entries"]
    assert [one["kind"] for one in named] == ["psychiatric", "checkup"]


def test_a_client_of_whom_nothing_is_sealed_has_nothing_there(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert "sealed" not in admitted.do(f"show {other}").data["record"]
    assert inside(admitted.do(f"check {other}").page) == []
