"""The main job by new processes of Windows, each beginning with nothing, and the demonstration to its end."""

from pathlib import Path

from pypdf import PdfReader

from shelterctl import __version__
from tests.support.desk import Desk
from tests.support.paths import ACCEPTED


def test_from_a_store_to_a_discharge(anew: Desk, usb: Path) -> None:
    her = anew.her
    second = anew.do("admit --new-person", ACCEPTED / "referral.yaml").data["id"]
    assert anew.do(f"admit {second} --complete --on 2026-11-22").data["state"] == "admitted"
    assert anew.do(f"agreement {her} --form blue", ACCEPTED / "blue.yaml").data["total"] == "8800.00"
    anew.do(f"agreement {her} --form pink --out pink.pdf", ACCEPTED / "pink.yaml")
    text = "".join(page.extract_text() for page in PdfReader(anew.folder / "pink.pdf").pages)
    assert "Бишкек" in text
    anew.do(f"discharge {her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    assert anew.do("monitor due --within 200").data["rows"][0]["id"] == her
    anew.do("house --out house.svg")
    anew.do(f"backup {usb}", today=None)
    assert "Nothing in the store is damaged." in anew.do("check", today=None).data["said"]


def test_the_version_is_told_at_once(anew: Desk) -> None:
    assert anew.run("--version", today=None).out.startswith(f"shelterctl {__version__}")


def test_the_demonstration_ends_with_its_eight_forms(desk: Desk) -> None:
    desk.anew = True
    told = desk.run("demo run shown --lang ru", today=None, env={"SHELTERCTL_LANG": "ru"})
    assert told.code == 0, told.err
    assert len(list((desk.folder / "shown").rglob("*.pdf"))) == 8
    assert "SHELTERCTL_IDENTITY=" not in told.out  # no shell of Windows reads that
