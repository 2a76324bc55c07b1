"""The menu: it survives a damaged file, says who is at the device, goes on with a draft, and shows that it works."""

import shutil
import sys
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from conftest import Desk
from revised import LANGUAGES
from seated import sit
from terminal import AGREEMENT, DISCHARGE, LEAVE, OPEN, OTHER, PAPERS, SEE, WRITE, At

from shelterctl import language as speech
from shelterctl.menu import main
from shelterctl.prompts.review import WRITE_DOWN
from shelterctl.prompts.sign import SIGN_RECORD
from shelterctl.terminal.replay import ProgramEnd, readable_text, replay_program
from shelterctl.terminal.screen import set_screen_title
from shelterctl.view.overview import read_overview

NAME = "Айгуль Примерова"
OLD = Path(__file__).parent / "stores" / "0.1.0"
ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
SLOW = """
from shelterctl.output import stdio
from shelterctl.ui_language import N_
pass
pass
for _ in stdio.iterate_with_progress(iter(range(4)), 4, N_("Opening the files"), {after}):
    pass
"""


def at(desk: "Desk") -> At:
    return At(desk, env={"SHELTERCTL_IDLE": "10"})


def test_a_damaged_file_is_told_and_shuts_no_other(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data
    file = admitted.store / "residents" / f"{other['id']}.yaml.age"
    file.write_bytes(file.read_bytes()[:-1])
    seen = at(admitted).run("menu", [OPEN, other["id"], "nobody", "1", SEE, "", "", "", LEAVE])
    assert seen.code == 0
    first, _, asked = seen.text.partition("Whose file?")
    assert f"residents/{other['id']}.yaml.age" in first
    damaged, unread = asked.split("> nobody")
    assert f"shelterctl repair {other['id']} --from BACKUP" in " ".join(damaged.split())
    assert f"not be looked through: residents/{other['id']}.yaml.age" in " ".join(unread.split())
    assert "KG-2026-118" in seen.text  # her card, all the same


def test_whoever_takes_over_the_device_is_the_one_who_records(desk: "Desk") -> None:
    seen = at(desk).run("menu", [OTHER, "2", "1", "1", "1999", ".", "", "", LEAVE])
    assert "· s-gulnara" in seen.text
    (her,) = desk.do("list", today=None).data["rows"]
    assert desk.record(her["id"])["recorded_by"] == "s-gulnara"


def test_a_draft_is_signed_and_a_discharge_taken_back_from_the_menu(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    seen = at(admitted).run("menu", [OPEN, "1", AGREEMENT, "1", "2", "", "", "", SIGN_RECORD, "", "", LEAVE])
    assert "What would you like to do?" in seen.text
    assert "signed" in admitted.record()["agreements"][0], seen.text
    admitted.do(f"discharge {admitted.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    at(admitted).run("menu", [OPEN, admitted.her, DISCHARGE, "3", "", "", LEAVE])
    assert "on" not in admitted.record()["stays"][0]["discharge"]


def test_a_discharge_of_another_day_is_taken_back_and_asked_for_anew(discharged: "Desk") -> None:
    with at(discharged).live("menu") as live:
        for answer in (OPEN, discharged.her, DISCHARGE, "2"):
            live.type(answer)
        live.until("What now?", {"Day of discharge": "24.11.2026"})
        live.type("1")
        live.type("1")  # something stays open: the number alone is not enough
        seen = live.end().text
    assert "1 write down that she left on 2026-11-24" in seen
    assert discharged.record()["stays"][0]["discharge"]["on"] == "2026-11-24", seen


@pytest.mark.parametrize(("after", "shown"), [(0, True), (1000, False)])
def test_a_bar_is_shown_once_it_takes_longer_than_that(after: int, shown: bool, desk: "Desk") -> None:
    command = [sys.executable, "-c", SLOW.format(after=after)]
    pieces = replay_program(command, [], cwd=desk.folder, env={**desk.env, "TERM": "xterm"})
    written = b"".join(piece for piece in pieces if not isinstance(piece, ProgramEnd))
    assert ("Opening the files" in readable_text(written)) is shown


def test_whoever_is_to_be_monitored_stands_first_where_reports_and_papers_are(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    inside = discharged.do(
        "admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    ).data
    late = At(discharged, today=None, env={"SHELTERCTL_IDLE": "10"})
    seen = late.run("menu --as-of 2027-06-01", [OPEN, "", LEAVE])
    _, asked, rows = seen.text.partition("Whose file?")
    assert asked
    first, second = rows.split("\n")[1:3]
    assert first.strip().startswith(f"1 {inside['id']}")  # who is not admitted yet comes before what is due
    assert second.strip().startswith(f"2 {discharged.her}")
    assert "7 days late: Reintegration monitoring" in second
    seen = late.run("menu --as-of 2027-06-01", [OPEN, "2", PAPERS, "", "", LEAVE])
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
        monkeypatch.setattr(sys, "stdin", StringIO(f"\n{LEAVE}\n"))
        session = sit(Desk(folder))
        set_screen_title(session.header)
        try:
            assert main._choose_line(session, read_overview(session)) == main.LEAVE_LINE
        finally:
            set_screen_title("")
        for shown in readable_text(capsys.readouterr().out.encode()).split("> ")[:2]:
            page = shown.rpartition("wiped )\n")[2]
            assert page.count("\n") < 24, page
            assert max(len(line) for line in page.splitlines()) < 80, page
            assert f"{LEAVE} " in page.splitlines()[-1]


BACK = {"en": "What is to be written down?", "ru": "Что записать?"}
OUT = {"kind": "outing", "left_at": "2026-11-24T10:00", "permitted_by": "manager", "purpose": "рынок"}
ASKED_FOR = {
    "kind": "outing", "planned_at": "2026-11-26T10:00", "expected_back_at": "2026-11-26T12:00", "purpose": "врач",
}  # fmt: skip


def written(desk: Desk, language: str, *typed: str) -> str:
    """What is seen in the menu where something is written down in her file; every line in one."""
    session = At(desk, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = session.run("menu --as-of 2026-11-25", [OPEN, "1", WRITE, *typed, "", "", LEAVE])
    assert seen.code == 0
    return " ".join(seen.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_entry_is_written_down_by_its_group_and_its_kind(admitted: "Desk", language: str) -> None:
    seen = written(admitted, language, "2", "1", "", "1 2", "", "s-gulnara", "1", "", WRITE_DOWN)
    (given,) = admitted.record()["stays"][0]["clothing"]
    assert (given["items"], given["on"], given["by"]) == (["underwear", "hygiene_set"], "2026-11-25", "s-gulnara")
    group = {"en": "2 every day: clothes, money, things, outings", "ru": "2 каждый день: одежда, деньги, вещи, выходы"}
    kind = {"en": "1 clothes and hygiene goods given to her", "ru": "1 выдача одежды и средств гигиены"}
    assert seen.index(group[language]) < seen.index(kind[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_that_is_there_is_filled_in_from_the_menu(admitted: "Desk", language: str) -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    seen = written(admitted, language, "2", "4", "3", "", "", "", "", "24.11 13:00", "1", WRITE_DOWN)
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["id"], absence["back_at"], absence["entry_permitted_by"]) == (
        entry, "2026-11-24T13:00+06:00", "manager",
    )  # fmt: skip
    offered = {
        "en": "1 a new one 2 Permit an outing: an outing, a stay in hospital: an outing, 2026-11-24 3 fill in, or",
        "ru": "1 новая 2 Разрешить выход: выход из приюта, больница: выход по делам или на прогулку, 24.11.2026 3 доп",
    }
    assert offered[language] in seen
    assert admitted.do(f"show {admitted.her}").data["state"] == "admitted"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_is_done_to_an_entry_from_the_menu(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", ASKED_FOR)
    seen = written(admitted, language, "2", "4", "2", "", "", "1")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["permitted"] == {"on": "2026-11-25", "by": "manager"}
    assert {"en": "1 yes: Permit an outing", "ru": "1 да: Разрешить выход"}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stops_an_act_is_asked_there_and_then_it_is_done(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", {key: said for key, said in ASKED_FOR.items() if key != "purpose"})
    seen = written(admitted, language, "2", "4", "2", "врач", "", "", "1")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["purpose"], absence["permitted"]["by"]) == ("врач", "manager")
    assert {"en": "5 What for: врач", "ru": "5 Зачем: врач"}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sealed_is_written_down_from_the_menu_and_lies_sealed(admitted: "Desk", language: str) -> None:
    seen = written(admitted, language, "4", "2", "придуманные капли", "ложка", "8:00 20:00", "", ".", WRITE_DOWN)
    (row,) = admitted.do(f"show {admitted.her} medication --names").data["rows"]
    assert (row["fields"]["name"], row["fields"]["times"]) == ("придуманные капли", ["08:00", "20:00"])
    assert "придуманные" not in str(admitted.record())
    assert {"en": "Times of day, as 8:00, 20:30.", "ru": "Часы дня: 8:00, 20:30."}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_enter_goes_back_one_step(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", OUT)
    before = admitted.record()
    seen = written(admitted, language, "2", "4", "", "", "8", ".", "")
    assert seen.count(BACK[language]) == 4
    assert admitted.record() == before
