"""A report that was saved unsigned is gone on with at the terminal, and signed; it is not typed again."""

from typing import TYPE_CHECKING

from terminal import At

from shelterctl.prompts.monitor import REPORT_GO_ON, REPORT_SAVE, REPORT_WRITE_ANOTHER

if TYPE_CHECKING:
    from conftest import Desk


REPORT = {
    "date": "2027-05-28", "social_worker": "s-gulnara", "contact_duration": "a call a month",
    "last_meeting_on": "2027-05-27", "problems": "none", "employed": False, "threats": False,
    "law_enforcement_contact": False, "agrees_to_cooperate": False, "plans": "a workshop",
}  # fmt: skip


def test_a_report_that_was_saved_unsigned_is_signed_without_being_typed_again(discharged: "Desk") -> None:
    told = discharged.do(f"monitor record {discharged.her}", REPORT, today="2027-05-28")
    assert told.data["monitored"] is False
    with At(discharged, today="2027-05-30", size=(60, 80)).live(f"monitor record {discharged.her}") as live:
        assert live.asked == "The report of 2027-05-28 is saved, and not signed yet. Enter goes back."
        live.type(REPORT_GO_ON)
        assert live.asked.startswith("The report is signed")
        live.type("yes")
        assert live.asked == "What now?"
        assert "It answers the duty to monitor her." in " ".join(live.type(REPORT_SAVE).split())
    (report,) = discharged.record()["stays"][-1]["monitoring"]["reports"]
    assert (report["id"], report["signed"]) == (told.data["entry"], True)


def test_another_report_may_be_written_beside_it(discharged: "Desk") -> None:
    discharged.do(f"monitor record {discharged.her}", REPORT, today="2027-05-28")
    with At(discharged, today="2027-05-30", size=(60, 80)).live(f"monitor record {discharged.her}") as live:
        live.type(REPORT_WRITE_ANOTHER)
        assert not live.asked.startswith("The report is signed")
