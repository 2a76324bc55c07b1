"""Stores of released versions moved in: each person gets a key, roles decide, and every value is read as before."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from shelterctl.store.compatibility import UNKNOWN_WORD_CODES
from shelterctl.validation import SchemaValidator
from tests.support.desk import Desk
from tests.support.released_stores import TODAY, Released, made_by

VERSIONS = ("0.2.0", "0.3.0", "0.3.1", "0.3.2", "0.3.3", "0.3.4", "0.3.5")
PEOPLE = {"s-new-worker": "social_worker", "s-new-guard": "security", "s-new-doctor": "medical_adviser"}


def copy_of(version: str, folder: Path) -> Desk:
    """The desk of the first computer, over a copy of the store of a version."""
    if version != "0.2.0":
        return Released(version, folder)
    shutil.copytree(made_by(version), folder)
    (folder / "key").chmod(0o600)
    return Desk(folder, "GT5P-RWR6")


def moved_in(desk: Desk) -> None:
    """Three people get a key at this computer, the manager reads what nobody else would, and roles decide."""
    for code, role in PEOPLE.items():
        desk.do(f"staff add {code} --role {role}")
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    manager = next(row["staff"] for row in desk.do("trust").data["rows"] if row["state"] == "here")
    desk.do(f"roles --give {manager}=manager")
    desk.do("roles --begin")
    for code in PEOPLE:
        desk.do(f"trust --accept --staff {code}")


def read_by(desk: Desk, code: str) -> list[Any]:
    """Every client's file as a person reads it, without what each save makes anew."""
    ids = [row["id"] for row in desk.do(f"list --staff {code}", today=TODAY).data["rows"]]
    shown = [desk.do(f"show {id_} --names --staff {code}", today=TODAY).data["record"] for id_ in ids]
    return [_bare(one) for one in shown]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_released_store_moves_in_and_each_reads_what_the_role_reads(version: str, tmp_path: Path) -> None:
    desk = copy_of(version, tmp_path / "house-of-it")
    desk.do("check", today=TODAY)
    ids = [row["id"] for row in desk.do("list", today=TODAY).data["rows"]]
    before = [desk.do(f"show {id_} --names", today=TODAY).data["record"] for id_ in ids]
    moved_in(desk)
    assert "Nothing in the store is damaged." in desk.do("check", today=TODAY).data["said"]
    after = [desk.do(f"show {id_} --names", today=TODAY).data["record"] for id_ in ids]
    assert [_bare(one) for one in after] == [_bare(one) for one in before]
    assert read_by(desk, "s-new-worker") == [_bare(one) for one in before]
    for words in ("list", "agreements --account", "agreements --account --out money.pdf"):
        assert desk.ask(f"{words} --staff s-new-guard", today=TODAY).error == "role/no-files", words
    residents = {row["id"] for row in desk.do("house --staff s-new-guard", today=TODAY).data["sleeping"]}
    assert residents == {row["id"] for row in desk.do("house", today=TODAY).data["sleeping"]}
    assert not desk.do("rekey --check").data["rows"]


def test_a_store_of_0_1_0_is_taken_over_first(old: Desk) -> None:
    old.do("trust --begin --clients 5")
    moved_in(old)
    assert old.ask("list --staff s-new-guard").error == "role/no-files"
    assert len(old.do("list --staff s-new-worker").data["rows"]) == len(old.do("list").data["rows"]) > 0


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in ("schema", "edition", "sealed")}


HOUSES_OF_0_3_8 = Path(__file__).with_name("shelter-0.3.8.schema.json")
"""The schema by which 0.3.8 read shelter.yaml."""


def stops_0_3_8(desk: Desk) -> bool:
    """Whether 0.3.8 cannot read shelter.yaml: its version is later, and more than unknown words is wrong in it.

    0.3.8 then ends with exit code 7, says that the file is not damaged, and that the program has to be updated.
    """
    houses = yaml.safe_load((desk.store / "shelter.yaml").read_text("utf-8"))
    schema = json.loads(HOUSES_OF_0_3_8.read_text("utf-8"))
    found = [one.code for one in SchemaValidator(schema).findings(houses) if one.where != "/schema"]
    return houses["schema"] not in schema["properties"]["schema"]["enum"] and bool({*found} - {*UNKNOWN_WORD_CODES})


def test_an_older_program_stops_once_a_person_has_a_key(admitted: Desk) -> None:
    assert not stops_0_3_8(admitted)
    admitted.do("staff add s-guard --role security")
    admitted.do("staff key s-guard --no-passphrase")
    assert not stops_0_3_8(admitted)  # asked for, and not accepted yet
    admitted.do("staff key s-guard --accept")
    assert stops_0_3_8(admitted)
    admitted.do("roles --one-key")
    assert stops_0_3_8(admitted)  # files are not sealed to the keys of persons then, which 0.3.8 would call damage
    admitted.do("facility add bishkek --capacity 9")
    assert stops_0_3_8(admitted)
    assert "Nothing in the store is damaged." in admitted.do("check", today=None).data["said"]
