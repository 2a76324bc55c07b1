"""Several entries in one call of add: for a client and for a house, as one act, or each by itself."""

import json
from typing import Any

import pytest

from tests.support.desk import Desk

VISITS = [
    {"kind": "iom", "name": "Анна Примерова", "at": "2026-11-20T10:00", "left_at": "2026-11-20T11:00"},
    {"kind": "iom", "name": "Вера Примерова", "at": "2026-10-21T10:00", "left_at": "2026-10-21T11:00"},
    {"kind": "iom", "name": "Зоя Примерова", "at": "2026-11-22T10:00", "left_at": "2026-11-22T11:00"},
]
BAD = {"kind": "iom", "name": "Ия Примерова", "at": "2026-13-22T10:00"}


def ids(desk: Desk) -> list[str]:
    return [row["id"] for row in desk.do("list visit").data["rows"]]


def as_text(form: str, entries: list[dict[str, Any]]) -> str:
    if form == "lines":
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in entries)
    if form == "documents":
        return "---\n".join("\n".join(f"{key}: {said}" for key, said in one.items()) + "\n" for one in entries)
    return json.dumps(entries, ensure_ascii=False)


@pytest.mark.parametrize("form", ["list", "lines", "documents"])
def test_a_stream_of_entries_of_several_months_is_one_act(admitted: Desk, form: str) -> None:
    before = len(admitted.do("check").data["said"])
    done = admitted.do("add bishkek visit", as_text(form, VISITS))
    assert [row["written"] for row in done.data["rows"]] == [True, True, True]
    assert sorted(row["entry"] for row in done.data["rows"]) == sorted(ids(admitted))
    assert len(ids(admitted)) == 3
    assert "Entries saved: 3." in done.data["said"]
    assert len(admitted.do("list visit --month 2026-10").data["rows"]) == 1
    assert len(admitted.do("check").data["said"]) == before


def test_if_the_third_is_refused_nothing_is_written(admitted: Desk) -> None:
    refused = admitted.refused("add bishkek visit", [*VISITS[:2], BAD])
    assert [row["status"] for row in refused.data["rows"]] == ["ok", "ok", "refused"]
    assert not any(row["written"] or row["entry"] for row in refused.data["rows"])
    assert [one["facts"]["document"] for one in refused.page["findings"] if one["severity"] == "refuse"] == [3]
    assert ids(admitted) == []


def test_with_each_those_that_are_not_refused_are_written(admitted: Desk) -> None:
    done = admitted.ask("add bishkek visit --each", [VISITS[0], BAD, VISITS[2]])
    assert done.code != 0
    assert [row["written"] for row in done.data["rows"]] == [True, False, True]
    assert len(ids(admitted)) == 2


def test_check_writes_nothing_and_what_is_there_is_left_out(admitted: Desk) -> None:
    admitted.do("add bishkek visit --check", VISITS)
    assert ids(admitted) == []
    admitted.do("add bishkek visit", VISITS)
    again = admitted.do("add bishkek visit", VISITS)
    assert [row["written"] for row in again.data["rows"]] == [False, False, False]
    assert all(row["left_out"] for row in again.data["rows"])
    assert len(ids(admitted)) == 3


def test_each_is_judged_beside_those_before_it(admitted: Desk) -> None:
    leave = {"kind": "leave_annual", "staff": "s-aida", "starts_at": "2026-11-20T00:00", "ends_at": "2026-11-24T00:00"}
    shift = {"kind": "shift", "staff": "s-aida", "starts_at": "2026-11-21T08:00", "ends_at": "2026-11-21T20:00"}
    done = admitted.do("add bishkek shift", [shift, leave])
    assert "track/on-leave" in {one["code"] for one in done.page["findings"] if one["facts"]["document"] == 2}


def test_an_entry_of_a_client_is_added_from_a_stream_too(admitted: Desk) -> None:
    entry = {"kind": "shelter_rules", "on": "2026-11-23"}
    schema = admitted.ask("schema track-service").data["schema"]["properties"]
    kinds = schema["kind"].get("enum") or schema["kind"]["anyOf"][0]["enum"]
    entries = [{**entry, "kind": kinds[0]}, {**entry, "kind": kinds[1]}]
    done = admitted.do(f"add {admitted.her} service", entries)
    assert len(admitted.record()["stays"][0]["services"]) == 2
    assert {row["stay"] for row in done.data["rows"]} == {admitted.record()["stays"][0]["id"]}
    assert admitted.refused(f"add {admitted.her} service", [entries[0], {"kind": "dance"}]).code != 0


@pytest.mark.parametrize("words", ["add bishkek visit --each", "add bishkek visit 4XK792 --each"])
def test_each_needs_a_file_and_no_entry(admitted: Desk, words: str) -> None:
    assert admitted.refused(words).page["error"]["code"] == "usage/each"


def test_one_entry_is_not_changed_from_a_stream(admitted: Desk) -> None:
    assert admitted.refused("add bishkek visit 4XK792", VISITS).page["error"]["code"] == "usage/each"
