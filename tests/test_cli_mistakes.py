"""Mistakes that were made once, and are not made again."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk


def test_a_shelter_yaml_of_other_bytes_is_damage(desk: "Desk") -> None:
    (desk.store / "shelter.yaml").write_bytes(b"\xff\xfe")
    assert desk.refused("list").code == 6


def test_null_removes_any_scalar(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"admission": {"primary_interview": {"role": None, "safety_assured": None}}})
    assert set(admitted.record()["stays"][0]["admission"]["primary_interview"]) >= {"at", "by"}


def test_one_mistake_is_one_finding(desk: "Desk") -> None:
    referral = {"sources": ["scme"], "received_at": "2026-11-24T10:00"}
    her = desk.do("admit", {"identity": {"sex": "female", "birth_date": 1990}, "referral": referral}).data["id"]
    refusals = desk.refused(f"admit {her} --complete --on 2026-11-23").refusals
    assert {"admission/before-referral", "admission/dated-after"} & set(refusals) == {"admission/before-referral"}
