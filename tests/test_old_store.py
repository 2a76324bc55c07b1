"""A store that 0.1.0 made: read as it was, taken over once, and from then on one like any other."""

import json
import shutil
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from conftest import MADE_BY_0_1_0 as MADE
from conftest import Desk
from terminal import At

from shelterctl.identity.keys import create_recovery_key

EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
AIGUL, ASEL, AIBEK, NOBODY = "GT5P-RWR6", "9JPX-YZE7", "TJ90-2W75", "5K6D-5AKT"


def forget(desk: Desk) -> None:
    """The computer loses what it remembers of every store."""
    shutil.rmtree(desk.key.with_name("key.heads"))


def reads_as_before(desk: Desk, store: str = "", expected: dict[str, Any] = EXPECTED) -> None:
    """That every value is what the version that made the store read, with no more than columns added."""
    at = f" --store {store}" if store else ""
    tables = {
        "list": expected["list"],
        "agreements": expected["agreements"],
        "house": expected["house"]["rows"],
        "monitor due --within 400": expected["monitor_due_within_400"],
    }
    for words, rows in tables.items():
        found = desk.do(words + at).data["rows"]
        assert [{key: row[key] for key in said} for row, said in zip(found, rows, strict=True)] == rows
    for id_, record in expected["records"].items():
        assert desk.do(f"show {id_} --names{at}").data["record"] == told(record)


def told(record: dict[str, Any]) -> dict[str, Any]:
    """A record as a page tells it: 0.1.0 kept som as they were typed, 2500 beside "450.50"."""
    whole = deepcopy(record)
    for line in (line for facts in whole.get("agreements", ()) for line in facts["lines"].values()):
        line.update({name: f"{Decimal(str(line[name])):.2f}" for name in ("amount", "rate") if name in line})
    return whole


def test_it_is_read_as_0_1_0_read_it_and_what_to_do_is_said(old: Desk) -> None:
    before, lying = old.digest(), old.digest_of_store()
    reads_as_before(old)
    assert old.do("list").codes("warn") == ["trust/begin"]
    checked = old.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    harm = ("journal/", "vault/", "store/misshapen", "store/unreadable", "store/stranger")
    assert not [code for code in checked.codes() if code.startswith(harm)]
    assert old.digest() == before
    assert old.do("check --recovery recovery").data["opened"] == 7
    assert old.digest_of_store() == lying  # the computer notes that the paper was tried


WRITES: dict[str, Any] = {
    "admit --without-stay": MADE / "given" / "nobody-referral.yaml",
    f"admit {AIGUL}": {"identification_number": "KG-2026-118"},
    f"admit {AIGUL} --done orientation --on 2026-11-24": None,
    f"agreement {AIBEK} --form blue": MADE / "given" / "aibek-blue-wrong.yaml",
    f"monitor record {AIBEK} --again": MADE / "given" / "aibek-report-early.yaml",
    f"discharge {AIGUL} --on 2026-11-25 --own-decision": None,
    f"discharge {ASEL} --undo": None,
    f"monitor attempt {ASEL} --on 2026-11-20 --how phone --outcome reached": None,
    f"monitor schedule {AIBEK} --on 2027-03-01": {"by": "s-gulnara", "reason": "after the holidays"},
    f"monitor close {ASEL}": {"by": "manager", "reason": "asked for"},
    f"void {AIGUL} DWQFVK --reason-code other": None,
    "house --others 4 --facility bishkek": None,
    "ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20": None,
    "staff add s-new --role security": None,
    "facility add naryn --kind shelter --capacity 6": None,
    "provider add lyceum-1": {"name": "Лицей № 1"},
    "check --remember --number 0": None,
    "trust --accept": None,
    "trust": None,
    "repair journal": None,
}


@pytest.mark.parametrize("words", WRITES)
def test_before_it_is_taken_over_nothing_is_written(words: str, old: Desk) -> None:
    told = old.refused(words, WRITES[words])
    assert (told.code, told.error) == (7, "trust/begin")
    assert told.page["error"]["hint"].endswith("shelterctl trust --begin")


@pytest.mark.parametrize("words", ["admit", f"admit {AIGUL}", f"discharge {AIGUL}", f"agreement {AIGUL} --form blue"])
def test_nothing_is_asked_for_that_could_not_be_saved(words: str, old: Desk) -> None:
    seen = At(old).run(words, [])
    assert seen.code == 7
    assert "trust --begin" in seen.text
    assert ">" not in seen.text


def words_of(desk: Desk) -> str:
    words: str = desk.do("trust").data["sheet"]["words"]
    return words


def test_taken_over_it_reads_as_before_and_says_that_the_paper_has_not_signed(old: Desk) -> None:
    said = old.do("trust --begin").data
    assert said["sheet"]["paper_signed"] is False
    assert not old.ask("list").page["findings"]
    reads_as_before(old)
    checked = old.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert any("paper has not signed" in sentence for sentence in checked.data["said"])
    assert not any("remembered nothing" in sentence for sentence in checked.data["said"])
    staff = (old.store / "staff.yaml").read_text("utf-8")
    assert staff.startswith("schema: staff/2\n")
    assert "age1" not in staff
    assert old.refused("trust --begin").error == "trust/begun"


def test_the_paper_signs_at_once_where_it_is_at_hand(old: Desk) -> None:
    assert old.do("trust --begin --recovery recovery").data["sheet"]["paper_signed"] is True
    assert not any("signed" in sentence for sentence in old.do("check").data["said"])
    assert old.do("check --recovery recovery").data["opened"] == 8


def test_another_paper_signs_nothing(old: Desk) -> None:
    (old.folder / "anothers").write_text(create_recovery_key().key)
    told = old.refused("trust --begin --recovery anothers")
    assert (told.code, told.error) == (5, "check/another-key")
    assert not (old.store / "trust.jsonl").exists()


def test_the_paper_signs_later_once_its_words_were_compared(taken: Desk) -> None:
    words = words_of(taken)
    told = taken.refused("check --recovery recovery")
    assert (told.code, told.error) == (6, "trust/paper-unsigned")
    wrong = "anapa anapa anapa anapa"
    told = taken.refused(f"check --recovery recovery --words '{wrong}'")
    assert (told.code, told.error) == (6, "trust/other-words")
    for misspelt in (words[:-1] + "q", words.partition(" ")[2], f"{words} {words}"):
        told = taken.refused(f"check --recovery recovery --words '{misspelt}'")
        assert (told.code, told.error) == (2, "trust/words")
    assert taken.do(f"check --recovery recovery --words '{words.upper()}'").data["opened"] == 8
    assert taken.do("trust").data["sheet"]["paper_signed"] is True
    assert json.loads((taken.store / "trust.jsonl").read_text().splitlines()[1])["kind"] == "accept"
    taken.do("check --recovery recovery")
    taken.do("house --others 4 --facility bishkek")  # whoever let it sign knows of it


def test_without_memory_a_person_says_how_many_there_are_and_that_is_said_for_ever(old: Desk) -> None:
    forget(old)
    assert (old.refused("trust --begin").code, old.refused("trust --begin").error) == (2, "trust/compare")
    told = old.refused("trust --begin --clients 5")
    assert (told.code, told.error) == (7, "trust/other-count")
    old.do("trust --begin --clients 4 --recovery recovery")
    old.do("house --others 4 --facility bishkek")
    for words in ("check", "trust"):
        assert any("remembered nothing of it" in sentence for sentence in old.do(words).data["said"])


CHANGES: dict[str, tuple[str, Any]] = {
    AIGUL: (f"admit {AIGUL}", {"notes": "Придумано позже."}),
    ASEL: (f"monitor attempt {ASEL} --on 2026-11-20 --how phone --outcome reached", None),
    AIBEK: (f"agreement {AIBEK} --form blue", MADE / "given" / "aibek-blue-wrong.yaml"),
    NOBODY: (f"admit {NOBODY}", {"identification_number": "KG-0000-009"}),
}


@pytest.mark.parametrize("id_", CHANGES)
def test_the_next_write_of_each_client_keeps_every_value(id_: str, taken: Desk) -> None:
    words, given = CHANGES[id_]
    taken.do(words, given)
    now, before = taken.record(id_), told(EXPECTED["records"][id_])
    assert now != before
    assert kept(before, now)
    others = [other for other in EXPECTED["records"] if other != id_]
    assert [taken.record(other) for other in others] == [told(EXPECTED["records"][other]) for other in others]
    assert "Nothing in the store is damaged." in taken.do("check").data["said"]


def kept(before: Any, now: Any) -> bool:
    """Whether every value of *before* is still there: keys and entries may only have been added."""
    if isinstance(before, dict):
        same = {key: value for key, value in before.items() if value != "resident/1"}  # the version that is written
        return isinstance(now, dict) and all(key in now and kept(value, now[key]) for key, value in same.items())
    if isinstance(before, list):
        return isinstance(now, list) and all(map(kept, before, now[: len(before)])) and len(now) >= len(before)
    return bool(before == now)


def sheets_are_found(desk: Desk, expected: dict[str, Any] = EXPECTED) -> list[bool]:
    """That each code leads to its sheet and says what it said; of each, whether it is said to be easily guessed."""
    old = []
    for sheet in expected["sheets"]:
        found = desk.do(f"paper {sheet['code']}")
        assert {key: found.data[key] for key in sheet["paper"]} == sheet["paper"]
        old.append("paper/old-code" in found.codes())
    return old


def test_the_codes_of_sheets_that_lie_about_are_still_found(taken: Desk) -> None:
    assert all(sheets_are_found(taken))
