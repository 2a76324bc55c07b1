"""A list that parted: who is told what, and how the recovery paper makes it one again."""

import pytest
from conftest import Desk
from parted import House, parted

from shelterctl.trust import joined

SETTLE = "repair --trust --recovery paper"


@pytest.fixture
def house(admitted: Desk, _empty: Desk) -> House:
    sheet = _empty.folder.parent / "recovery"
    (admitted.folder / "paper").write_text(sheet.read_text().splitlines()[-1] + "\n")
    return parted(admitted)


def test_whichever_list_lies_there_whoever_remembers_another_is_told_who_did_what(house: House) -> None:
    one, two = house.list("house"), house.list("other")
    for lines, told in ((one, ["two"]), (two, ["key"]), (joined([one, two]), ["key", "two", "three"])):
        house.lies(lines)
        for who in told:
            answer = house.desk(who).refused("list")
            assert (answer.code, answer.error) == (7, "trust/forked")
            message = answer.page["error"]["message"]
            assert f"By {house.code('key')}, from 2026-11-26: shut out {house.code('two')}, admitted nobody." in message
            assert f"By {house.code('two')}, from 2026-11-26: shut out {house.code('key')}, admitted nobody." in message


@pytest.mark.parametrize("keep", [["key"], ["two"], ["key", "two"], []], ids=" ".join)
@pytest.mark.parametrize("lies", ["house", "other", "both"])
def test_the_paper_says_who_stays_and_every_computer_in_force_works_again(
    house: House, keep: list[str], lies: str
) -> None:
    one, two = house.list("house"), house.list("other")
    house.lies({"house": one, "other": two, "both": joined([one, two])}[lies])
    named = " ".join(f"--keep {house.code(who)}" for who in keep) or "--keep none"
    who = {"house": "two", "other": "key", "both": "three"}[lies]
    data = house.desk(who).do(f"{SETTLE} {named}").data["repaired"]
    out = sorted(house.code(each) for each in ("key", "two") if each not in keep)
    assert (data["kept"], data["ended"], data["undone"]) == (sorted(house.code(each) for each in keep), out, [])
    assert data["statements"] == 6
    for each in ("key", "two", "three"):
        desk = house.desk(each)
        if each in keep or each == "three":
            if each != who:
                assert desk.ask("trust --accept").code == 0
            desk.do(f"admit {house.her}", {"notes": f"by {each}"})
            assert desk.do("list").codes() == []
        else:
            answer = desk.ask("house --others 1")
            assert (answer.code, answer.error) == (5, "trust/shut-out")
    assert house.desk("key").ask("check --recovery paper").code == 0
