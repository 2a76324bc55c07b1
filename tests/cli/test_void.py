"""Striking through in a house by role: what a role may not write is neither offered nor asked about."""

from pathlib import Path

import pytest

from tests.support.desk import Desk, copied
from tests.support.inputs import USUAL_ENTRIES
from tests.support.role_house import RoleHouse, copied_house, house_by_role
from tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    desk = copied(_admitted, tmp_path_factory.mktemp("void") / "desk")
    desk.do(f"add {desk.her} need", USUAL_ENTRIES["need"])
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture
def house(made: RoleHouse, tmp_path: Path) -> RoleHouse:
    return copied_house(made, tmp_path / "house")


def entry_of(house: RoleHouse, track: str) -> str:
    (row,) = house.desk.do(f"show {house.her} {track} --staff manager").data["rows"]
    return str(row["entry"])


def test_what_a_role_may_not_write_is_refused_before_the_reason_is_asked(house: RoleHouse) -> None:
    health = entry_of(house, "health")
    seen = Terminal(house.desk).run(f"void {house.her} {health} --staff s-law", [])
    assert seen.code == 1
    assert "Why are you striking through this entry?" not in seen.text
    assert house.desk.refused(f"void {house.her} {health} --staff s-law").refusals == ["role/may-not-write"]


def test_only_what_a_role_may_write_is_offered(house: RoleHouse) -> None:
    with Terminal(house.desk).live(f"void {house.her} --staff s-law") as live:
        assert "Which entry of" in live.begun
        assert entry_of(house, "need") in live.begun
        assert entry_of(house, "legal") in live.begun
        assert entry_of(house, "health") not in live.begun
        live.type("")
    house.desk.do("roles --less iom_coordinator=instruction")
    house.everybody_accepts()
    before = house.desk.digest_of_store()
    none = Terminal(house.desk).run(f"void {house.her} --staff s-iom", [])
    assert none.code == 1
    assert "[role/may-not-write]" in none.text
    assert house.desk.digest_of_store() == before


def test_what_the_role_writes_is_struck_through(house: RoleHouse) -> None:
    need = entry_of(house, "need")
    house.desk.do(f"void {house.her} {need} --reason-code entered_twice --staff s-aida")
    (row,) = house.desk.do(f"show {house.her} need --staff manager").data["rows"]
    assert "entered_twice" in str(row)
