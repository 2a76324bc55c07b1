"""A device that was shut out goes on writing, or filled the list before: what the shelter sees and can do."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from shelterctl import limits
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.trust.chain import end_device_in_chain
from tests.attack import insider_statements
from tests.attack.former_device import end_missed, ended_changes_her_record, ended_saves_rubbish, rubbish_behind_an_end
from tests.attack.lab import AT, BY, Lab, copied, worlds
from tests.support.desk import Desk
from tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, _empty: "Desk") -> dict[str, Lab]:
    return worlds(tmp_path_factory.mktemp("shut"))


@pytest.fixture
def lab(made: dict[str, Lab], tmp_path: Path) -> Lab:
    """A store of which the second device was shut out, and the first one wrote since."""
    return copied(made["ended"], tmp_path / "lab")


def place_of(id_: str) -> str:
    return f"residents/{id_}.yaml.age"


def waiting(desk: "Desk") -> dict[str, dict[str, str]]:
    return {one["place"]: one for one in desk.do("repair journal").data["repaired"]["waiting"]}


def test_work_of_a_colleague_who_missed_the_end_is_looked_at_and_signed_for_file_by_file(lab: Lab) -> None:
    end_missed(lab)
    desk, device = lab.desk(), str(lab.second.device)
    shown = waiting(desk)
    fresh = next(place for place in shown if place != place_of(lab.other))
    assert {one["device"] for one in shown.values()} == {device}
    assert shown[fresh]["sha256"] == hashlib.sha256((lab.house / fresh).read_bytes()).hexdigest()
    assert desk.refused(f"repair journal --vouch {fresh} {'0' * 64}").code == 7
    for place in shown:
        desk.do(f"repair journal --vouch {place} {shown[place]['sha256']}")
    told = desk.ask("check")
    assert told.code == 0, told.out
    noted = [one["message"] for one in told.page["findings"] if one["code"] == "store/repaired"]
    assert sum(device in said for said in noted) == 3  # two files, and what lies behind its end
    assert desk.do(f"show {lab.other}").data["id"] == lab.other
    refused = desk.ask(f"show {lab.other} --identity second")
    assert (refused.code, refused.error) == (5, "trust/shut-out")  # it is sealed to who may read now
    desk.do(f"admit {lab.other}", {"notes": "and on from there"})


def test_at_a_terminal_whoever_presses_enter_signs_for_nothing(lab: Lab) -> None:
    end_missed(lab)
    desk = lab.desk()
    before = {path: path.read_bytes() for path in lab.house.glob("residents/*")}
    with Terminal(desk).live("repair journal") as live:
        while not live.over:
            live.type("")
        seen = live.end()
    said = " ".join(seen.text.split())
    assert f"{place_of(lab.other)} was not signed for. Restore what was saved before from a backup" in said
    assert f"it was saved by the computer {lab.second.device}, which was shut out (given back or away)" in said
    assert {path: path.read_bytes() for path in lab.house.glob("residents/*")} == before
    assert desk.ask("check").code == 6


def test_her_record_comes_back_from_a_backup_and_the_device_is_told_all_along(lab: Lab) -> None:
    ended_changes_her_record(lab)
    desk = lab.desk()
    told = desk.ask(f"show {lab.her}")
    assert (told.code, told.error) == (6, "vault/shut-out")
    assert {one["code"] for one in desk.ask("list").page["findings"]} >= {"journal/shut-out", "vault/shut-out"}
    assert desk.do(f"repair {lab.her} --from {lab.whole / 'house'}").data["repaired"]["lost"] == 0
    (warned,) = [one for one in desk.do("list").page["findings"] if one["code"] == "journal/shut-out"]
    assert (warned["facts"]["device"], warned["facts"]["lines"]) == (lab.second.device, 1)
    assert desk.ask("check").code == 6
    desk.do("repair journal")
    assert "journal/shut-out" not in desk.do("check").codes()


def test_what_nobody_can_open_is_laid_aside_and_a_backup_of_the_house_is_a_good_one(lab: Lab) -> None:
    ended_saves_rubbish(lab)
    desk = lab.desk()
    place = place_of("7QF2-M9KD")
    assert desk.refused("repair journal --vouch 7QF2-M9KD " + "0" * 64).error == "vault/shut-out"
    assert desk.refused(
        "repair 7QF2-M9KD --from usb",
    ).code in (2, 3)
    desk.do("repair 7QF2-M9KD --give-up --reason-code tampered_with")
    assert not (lab.house / place).exists()
    rubbish_behind_an_end(lab)
    (lab.folder / "usb").mkdir()
    made = desk.do("backup usb", today=None)
    assert "journal/shut-out" in made.codes()
    assert not made.data["folder"].endswith("-damaged")
    restored = desk.do("restore usb --store again", today=None)
    assert restored.data["lacking"] is None
    assert [one["code"] for one in restored.page["findings"]] == ["journal/shut-out"]


def test_the_number_on_the_sheet_is_never_more_than_the_store_has(made: dict[str, Lab], tmp_path: Path) -> None:
    """The end arrives from elsewhere and leaves out a line that was counted here."""
    lab = copied(made["two"], tmp_path / "lab")
    desk = lab.desk()
    number, path = desk.do("check").data["sheet"]["number"], lab.journal(lab.second)
    counted = b"".join(path.read_bytes().splitlines(keepends=True)[:-1])
    end = (counted.count(b"\n"), hashlib.sha256(counted).hexdigest())
    chain = end_device_in_chain(lab.chain, str(lab.second.device), end, "lost", BY, AT, lab.paper)
    (lab.house / "trust.jsonl").write_bytes(chain.lines)
    desk.do("trust --accept")
    assert desk.ask("check").code == 6
    shown = waiting(desk)
    assert [one["device"] for one in shown.values()] == [lab.second.device]
    (place,) = shown
    desk.do(f"repair journal --vouch {place} {shown[place]['sha256']}")
    told = desk.do(f"check --number {number}")
    assert told.data["sheet"]["number"] > number
    lines = [json.loads(line) for line in lab.journal().read_bytes().splitlines()]
    assert [said["more"]["behind"]["line"] for said in lines if "behind" in said.get("more", {})] == [end[0] + 1]


def test_an_announced_act_of_a_device_that_was_shut_out_is_never_carried_out(lab: Lab) -> None:
    lines = lab.journal(lab.second).read_bytes()
    first, second = (lab.line(lab.second, place_of(lab.her), "1" * 64), lab.line(lab.second, place_of(lab.other), None))
    lab.journal(lab.second).write_bytes(lines + first + b"\n")
    (lab.house / f"journal/.{lab.second.device}.act").write_bytes(first + b"\n" + second + b"\n")
    desk = lab.desk()
    desk.do(f"admit {lab.other}", {"notes": "on"})
    assert lab.journal(lab.second).read_bytes() == lines + first + b"\n"


def test_the_list_comes_back_after_a_stick_of_a_month_ago(lab: Lab) -> None:
    end_missed(lab)
    shutil.copy(lab.old / "trust.jsonl", lab.house / "trust.jsonl")
    desk = lab.desk()
    told = desk.ask("list")
    assert (told.code, told.error) == (6, "trust/older-list")
    assert desk.do("repair --trust").data["repaired"]["statements"] == len(lab.chain.digests)
    (warned,) = [one for one in desk.ask("list").page["findings"] if one["code"] == "journal/shut-out"]
    assert warned["facts"]["lines"] == 2


@pytest.fixture
def joined_lab(admitted: Desk, _empty: Desk) -> Lab:
    """A store with a second device, which the first one knows of."""
    sheet = _empty.folder.parent / "recovery"
    (admitted.folder / "paper").write_text(sheet.read_text().splitlines()[-1] + "\n")
    admitted.do("trust --join --recovery paper --identity second --no-passphrase --staff s-aida")
    admitted.do("trust --accept")
    save_identity(admitted.folder / "mallory", create_identity(), None)
    return Lab(admitted.folder, admitted.her, admitted.her, admitted.her)


@pytest.mark.parametrize(
    "filled",
    [insider_statements.list_filled_with_statements, insider_statements.list_filled_with_signatures],
    ids=lambda one: one.__name__,
)
def test_up_to_the_room_that_is_kept_the_list_is_filled_and_whoever_did_so_is_shut_out(
    joined_lab: Lab, admitted: Desk, filled: object
) -> None:
    place = joined_lab.house / "trust.jsonl"
    before = place.read_bytes()
    filled(joined_lab)  # type: ignore[operator]
    whole = place.read_bytes().splitlines(keepends=True)
    assert admitted.ask("check").error == "trust/changed"
    # Put there again only as far as it is one, it is a list: nobody who shuts him out needs the room that he filled.
    is_list, is_none = before.count(b"\n"), len(whole)
    while is_none - is_list > 1:
        count = (is_list + is_none) // 2
        place.write_bytes(b"".join(whole[:count]))
        if admitted.ask("list").error == "trust/changed":
            is_none = count
        else:
            is_list = count
    place.write_bytes(b"".join(whole[:is_list]))
    assert admitted.ask("list").error != "trust/changed"
    assert len(before) < place.stat().st_size <= limits.TRUST_CHAIN_BYTES_PER_DEVICE + limits.TRUST_LINE_BYTES
    admitted.do("trust --accept")
    for row in admitted.do("device list").data["rows"]:
        if row["state"] == "in_force":
            admitted.do(f"device end {row['device']} --lost")
    admitted.do(f"admit {joined_lab.her}", {"notes": "the work goes on"})
    assert admitted.ask("check").code == 0


def test_what_nobody_knows_is_accepted_by_nobody_and_taken_off_the_list_at_a_terminal(
    joined_lab: Lab, admitted: Desk
) -> None:
    before = (joined_lab.house / "trust.jsonl").read_bytes()
    insider_statements.statement_of_a_later_version(joined_lab)
    longer = (joined_lab.house / "trust.jsonl").read_bytes()
    for words in ("trust --accept", "repair --trust", f"device end {joined_lab.second.device} --lost"):
        assert admitted.ask(words).error == "trust/newer", words
    assert Terminal(admitted).run("repair --trust", ["no"]).code == 7
    assert (joined_lab.house / "trust.jsonl").read_bytes() == longer
    assert Terminal(admitted).run("repair --trust", ["yes"]).code == 0
    assert (joined_lab.house / "trust.jsonl").read_bytes() == before
    admitted.do(f"device end {joined_lab.second.device} --lost")
    admitted.do(f"admit {joined_lab.her}", {"notes": "the work goes on"})


def test_a_backup_that_lacks_lines_of_a_device_shut_out_since_goes_on_with_the_paper(
    joined_lab: Lab, admitted: Desk
) -> None:
    (admitted.folder / "usb").mkdir()
    admitted.do("backup usb", today=None)
    admitted.do(f"admit {joined_lab.her} --identity second", {"notes": "after the backup"})
    admitted.do(f"device end {joined_lab.second.device} --lost")
    answer = admitted.ask("restore usb --store again", today=None)
    assert (answer.code, answer.error) == (6, "journal/shut-out")
    assert "--identity PAPER" in answer.page["error"]["hint"]
    admitted.do("restore usb --store again --identity paper", today=None)
    again = Desk(admitted.folder, joined_lab.her)
    again.store = admitted.folder / "again"
    again.do("trust --join --recovery paper --identity fresh --no-passphrase", today=None)
    again.key = admitted.folder / "fresh"
    again.do(f"device end {joined_lab.second.device} --lost", today=None)
    again.do(f"admit {joined_lab.her}", {"notes": "the work goes on"})
    assert again.ask("check", today=None).code == 0
