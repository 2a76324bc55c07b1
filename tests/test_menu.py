"""The menu: it survives a damaged file, says who is at the device, goes on with a draft, and shows that it works."""

import shutil
import sys
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from conftest import Desk
from seated import sit
from terminal import At

from shelterctl import language as speech
from shelterctl.cli import menu
from shelterctl.replay import Ended, readable, replayed
from shelterctl.view.overview import overview

LEAVE, NAME = "15", "Айгуль Примерова"
OLD = Path(__file__).parent / "stores" / "0.1.0"
ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
SLOW = """
from shelterctl import output
from shelterctl.language import N_
for _ in output.watched(iter(range(4)), 4, N_("Opening the files"), {after}):
    pass
"""


def at(desk: "Desk") -> At:
    return At(desk, env={"SHELTERCTL_IDLE": "10"})


def test_a_damaged_file_is_told_and_shuts_no_other(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data
    file = admitted.store / "residents" / f"{other['id']}.yaml.age"
    file.write_bytes(file.read_bytes()[:-1])
    seen = at(admitted).run("menu", ["4", other["id"], "nobody", "1", "", LEAVE])
    assert seen.code == 0
    first, _, asked = seen.text.partition("Whose file?")
    assert f"residents/{other['id']}.yaml.age" in first
    damaged, unread = asked.split("> nobody")
    assert f"shelterctl repair {other['id']} --from BACKUP" in " ".join(damaged.split())
    assert f"not be looked through: residents/{other['id']}.yaml.age" in " ".join(unread.split())
    assert "KG-2026-118" in seen.text  # her card, all the same


def test_whoever_takes_over_the_device_is_the_one_who_records(desk: "Desk") -> None:
    seen = at(desk).run("menu", ["14", "2", "1", "1", ".", "", "", LEAVE])
    assert "· s-gulnara" in seen.text
    (her,) = desk.do("list", today=None).data["rows"]
    assert desk.record(her["id"])["recorded_by"] == "s-gulnara"


def test_a_draft_is_signed_and_a_discharge_taken_back_from_the_menu(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    seen = at(admitted).run("menu", ["5", "1", "1", "2", "", "", "", "", LEAVE])
    assert "What would you like to do?" in seen.text
    assert "signed" in admitted.record()["agreements"][0], seen.text
    admitted.do(f"discharge {admitted.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    at(admitted).run("menu", ["6", admitted.her, "2", "", LEAVE])
    assert "on" not in admitted.record()["stays"][0]["discharge"]


@pytest.mark.parametrize(("after", "shown"), [(0, True), (1000, False)])
def test_a_bar_is_shown_once_it_takes_longer_than_that(after: int, shown: bool, desk: "Desk") -> None:
    command = [sys.executable, "-c", SLOW.format(after=after)]
    pieces = replayed(command, [], cwd=desk.folder, env={**desk.env, "TERM": "xterm"})
    written = b"".join(piece for piece in pieces if not isinstance(piece, Ended))
    assert ("Opening the files" in readable(written)) is shown


def test_whoever_is_to_be_monitored_stands_first_where_reports_and_papers_are(discharged: "Desk") -> None:
    inside = discharged.do(
        "admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    ).data
    late = At(discharged, today=None, env={"SHELTERCTL_IDLE": "10"})
    for choice, first in (("7", discharged.her), ("4", inside["id"])):
        seen = late.run("menu --as-of 2027-06-01", [choice, "", LEAVE])
        _, asked, rows = seen.text.partition("Whose file?")
        assert asked
        assert rows.split("\n")[1].strip().startswith(f"1 {first}"), seen.text
    seen = late.run("menu --as-of 2027-06-01", ["8", "1", "1", "", "", LEAVE])
    assert f"File {discharged.her}: papers" in seen.text


def test_a_computer_that_remembers_nothing_compares_with_the_sheet_and_goes_on(admitted: "Desk") -> None:
    number = admitted.do("check").data["sheet"]["number"]
    shutil.rmtree(admitted.folder / "key.heads")
    seen = at(admitted).run("menu", ["yes", str(number), "1", "", LEAVE])
    assert "compare" in seen.text
    assert admitted.do("staff add s-nina --role other").codes() == []


def test_a_sheet_with_a_later_number_is_told_and_nothing_is_remembered(admitted: "Desk") -> None:
    shutil.rmtree(admitted.folder / "key.heads")
    seen = at(admitted).run("menu", ["1", "999", "", LEAVE])
    assert "999" in seen.text
    assert "missing" in seen.text
    assert admitted.refused("staff add s-nina --role other").error == "trust/no-memory"


def test_a_store_of_0_1_0_is_taken_over_from_the_menu_behind_a_backup(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    desk = Desk(tmp_path / "old")
    (desk.folder / "stick").mkdir()
    seen = at(desk).run("menu", ["1", "stick", "", LEAVE])
    assert "0.1.0" in seen.text
    assert (seen.code, len(list((desk.folder / "stick").iterdir()))) == (0, 1)
    assert desk.do("staff add s-nina --role other").code == 0


def test_the_first_screen_is_no_longer_than_the_terminal(
    tmp_path: Path, desk: "Desk", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    for number in range(6):
        her = {"identity": {"sex": "female", "first_name": f"Айгуль-{number}", "last_name": "Примерова"}}
        desk.do("admit --new-person", {**her, "referral": {"sources": ["scme"]}})
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    for folder, language in product((desk.folder, tmp_path / "old"), ("en", "ru")):
        monkeypatch.setattr(speech, "_spoken", [language])
        monkeypatch.setattr(sys, "stdin", StringIO(f"\n{NAME}\n{LEAVE}\n"))
        here = sit(Desk(folder))
        assert menu._chosen(here, overview(here)) == menu.LEAVING
        for page in capsys.readouterr().out.split("> ")[:2]:
            assert page.count("\n") < 24, page
            assert max(len(line) for line in page.splitlines()) < 80, page
            assert f"{LEAVE} " in page.splitlines()[-1]
