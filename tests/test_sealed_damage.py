"""Sealed entries that somebody moved, exchanged, cut or scribbled over: noticed, told, and put back from a backup."""

from typing import Any

import pytest
from blocks import BITTER, SWEET, add, desk_with, doctored, entries, lying, opened, strange
from revised import Revised

from shelterctl.vault.sealed_bytes import BlockPlace, add_armour, seal_block, strip_armour


@pytest.fixture
def desk(admitted: Any) -> Revised:
    return desk_with(Revised(admitted))


def swapped(record: dict[str, Any]) -> None:
    one, other = entries(record)
    one["age"], other["age"] = other["age"], one["age"]


def to_another_part(record: dict[str, Any]) -> None:
    one = entries(record)[0]
    one["age"] = seal_block(BlockPlace(record["id"], "legal", "tonic", one["id"]), SWEET, [RECIPIENT[0]])


def of_another_file(record: dict[str, Any]) -> None:
    one = entries(record)[0]
    one["age"] = seal_block(BlockPlace("0000-0000", "medical", "tonic", one["id"]), SWEET, [RECIPIENT[0]])


def cut_short(record: dict[str, Any]) -> None:
    entries(record)[0]["age"] = add_armour(strip_armour(entries(record)[0]["age"])[:-9])


def scribbled(record: dict[str, Any]) -> None:
    entries(record)[0]["age"] = "-----BEGIN AGE ENCRYPTED FILE-----\nпусто\n-----END AGE ENCRYPTED FILE-----\n"


def another_marker(record: dict[str, Any]) -> None:
    entries(record)[0]["kind"] = "bitter"


def no_marker(record: dict[str, Any]) -> None:
    del entries(record)[0]["kind"]


RECIPIENT: list[str] = []
FORGED = {
    "sealed/moved": (swapped, to_another_part, of_another_file),
    "sealed/damaged": (scribbled,),
    "sealed/marker": (another_marker, no_marker),
}


@pytest.mark.parametrize(("code", "change"), [(code, change) for code, each in FORGED.items() for change in each])
def test_what_was_moved_or_forged_is_damage(desk: Revised, code: str, change: Any) -> None:
    RECIPIENT[:] = [opened(desk).vault.recipients[0]]
    own = opened(desk).identity.recipient
    RECIPIENT[:] = [own]
    add(desk)
    add(desk, {**BITTER, "kind": "sweet"})
    doctored(desk, change)
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, code)
    assert desk.her in told.page["error"]["message"]
    assert desk.ask(f"check {desk.her}").code == 6
    whole = desk.ask("check")
    assert (whole.code, [one["code"] for one in whole.page["findings"] if one["code"].startswith("sealed/")]) == (
        6,
        [code],
    )
    assert desk.do(f"show {desk.her}").data["id"] == desk.her


@pytest.mark.parametrize("change", [swapped, scribbled, another_marker, strange])
def test_it_is_put_back_from_the_newest_backup_in_which_it_lies_as_it_should(desk: Revised, change: Any) -> None:
    RECIPIENT[:] = [opened(desk).identity.recipient]
    add(desk)
    add(desk, BITTER)
    (desk.folder / "usb").mkdir()
    assert desk.refused(f"repair {desk.her} --from usb").refusals == ["repair/whole"]
    desk.do("backup usb", today=None)
    before = entries(lying(desk))
    doctored(desk, change)
    desk.do("backup usb", today=None)
    told = desk.ask(f"check {desk.her}")
    said = told.page["error"] or told.finding("sealed/withheld")
    assert f"shelterctl repair {desk.her} --from BACKUP" in (said.get("hint") or said["message"])
    desk.do(f"repair {desk.her} --from usb")
    assert entries(lying(desk)) == before
    assert not [code for code in desk.do("check").codes() if code.startswith("sealed/")]


def test_a_file_that_is_lost_is_put_back_whatever_is_wrong_with_something_sealed_in_it(desk: Revised) -> None:
    add(desk)
    doctored(desk, strange)
    (desk.folder / "usb").mkdir()
    desk.do("backup usb", today=None)
    assert desk.refused(f"repair {desk.her} --from usb").error == "repair/not-in-backup"
    (desk.store / "residents" / f"{desk.her}.yaml.age").unlink()
    desk.do(f"repair {desk.her} --from usb")
    assert desk.do(f"check {desk.her}").finding("sealed/withheld")


def test_a_block_that_was_cut_short_is_none_that_this_key_may_read(desk: Revised) -> None:
    """age does not tell damage from want of a key; either is said, and nothing of it is shown."""
    add(desk)
    doctored(desk, cut_short)
    assert desk.refused(f"show {desk.her} tonic --names").code in (5, 6)
