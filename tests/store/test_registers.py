"""Registers that two computers write: nothing is lost, both read the same, and one damaged file or block costs no
other.
"""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import RECORDS_KEY
from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.store.subject import record_name
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.register_files import INCIDENT, SHIFT, VISIT, read_register, register_files
from tests.support.stores import House

OFFICIAL = {**VISIT, "kind": "iom", "name": "Проверкин", "justification": None}
SHOWN = ("shift", "visit", "incident")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A house with two computers, both the manager's."""
    desk = make_house_with_paper(tmp_path_factory.mktemp("two") / "desk")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("trust --join --recovery paper --no-passphrase --identity two --staff manager")
    for key in ("key", "two"):
        desk.do(f"trust --accept --identity {key}")
    return desk


@pytest.fixture
def house(made: Desk, tmp_path: Path) -> House:
    desk = copied(made, tmp_path / "desk")
    return House(desk.folder, desk.her)


def read_by(desk: Desk) -> dict[str, object]:
    """All entries as a person is shown them."""
    return {track: desk.do(f"show bishkek {track} --names").data["rows"] for track in SHOWN}


def part(house: House) -> None:
    """The store in two copies, as when a computer is carried away."""
    shutil.copytree(house.folder / "house", house.folder / "other")


def join(house: House) -> None:
    """Both copies have what either has, as git brings them together: each computer wrote files of its own."""
    names = {who: house.code(who) for who in ("key", "two")}
    for copy, who in (("house", "key"), ("other", "two")):
        for path in (house.folder / copy).rglob("*"):
            target = house.folder / ("other" if copy == "house" else "house") / path.relative_to(house.folder / copy)
            if path.is_file() and (path.name.startswith(names[who]) or not target.exists()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)


def test_two_computers_write_one_month_in_one_folder(house: House) -> None:
    one, two = house.desk("key"), house.desk("two")
    one.do("add bishkek shift", SHIFT)
    two.do("add bishkek shift", {**SHIFT, "starts_at": "2026-11-26T08:00", "ends_at": "2026-11-26T20:00"})
    entry = one.do("add bishkek visit", VISIT).data["entry"]
    two.do(f"add bishkek visit {entry}", {"left_at": "2026-11-25T11:00"})
    one.do(f"add bishkek visit {entry}", {"left_at": "2026-11-25T11:30"})
    assert read_by(one) == read_by(two)
    assert len(register_files(one.store)) == 2
    (row,) = one.do("show bishkek visit --names").data["rows"]
    assert row["fields"]["left_at"] == "2026-11-25T11:30+06:00"
    assert [change["before"]["left_at"] for change in row["was"] if change["before"].get("left_at")] == [
        "2026-11-25T11:00+06:00"
    ]
    for desk in (one, two):
        desk.do("check")


def test_two_computers_write_apart_and_nothing_is_lost(house: House) -> None:
    """Also the file of the houses, which both change alike at the first entry."""
    part(house)
    one, two = house.desk("key"), house.desk("two", "other")
    one.do("add bishkek shift", SHIFT)
    two.do("add bishkek incident", INCIDENT)
    join(house)
    found = read_by(one)
    assert found == read_by(two)
    assert {track: len(rows) for track, rows in found.items()} == {"shift": 1, "visit": 0, "incident": 1}  # type: ignore[arg-type]
    for desk in (one, two):
        desk.do("check")


def test_what_the_other_computer_wrote_is_permitted_closed_and_struck_out(house: House) -> None:
    one, two = house.desk("key"), house.desk("two")
    visit = one.do("add bishkek visit", {**OFFICIAL, "at": "2026-11-26T10:00"}).data["entry"]
    incident = one.do("add bishkek incident", {**INCIDENT, "reported_to_iom": {"at": "2026-11-25T11:00"}}).data["entry"]
    shift = one.do("add bishkek shift", SHIFT).data["entry"]
    before = (one.store / register_files(one.store)[0]).read_bytes()
    two.do(f"permit bishkek visit {visit}")
    two.do(f"close bishkek incident {incident}")
    two.do(f"void bishkek {shift} --reason-code wrong_value")
    found = read_by(one)
    assert found == read_by(two)
    rows = {track: rows[0] for track, rows in found.items()}  # type: ignore[index]
    assert rows["visit"]["fields"]["permitted"]["by"] == "manager"
    assert rows["incident"]["fields"]["closed"]["by"] == "manager"
    assert rows["shift"]["void"] == "wrong_value"
    own = next(name for name in register_files(one.store) if house.code("key") in name)
    assert (one.store / own).read_bytes() == before
    two.do(f"permit bishkek visit {visit} --undo")
    assert "permitted" not in one.do("show bishkek visit").data["rows"][0]["fields"]
    for desk in (one, two):
        desk.do("check")


def test_additions_made_apart_to_one_entry_are_both_kept(house: House) -> None:
    one, two = house.desk("key"), house.desk("two", "other")
    entry = house.desk("key").do("add bishkek incident", INCIDENT).data["entry"]
    part(house)
    one.do(f"add bishkek incident {entry}", {"outcome": "стихло"})
    two.do(f"add bishkek incident {entry}", {"description": "шум под окнами", "outcome": "разошлись"})
    join(house)
    assert read_by(one) == read_by(two)
    (row,) = one.do("show bishkek incident --names").data["rows"]
    said = [row["fields"], *(change["before"] for change in row["was"])]
    assert {one["outcome"] for one in said if one.get("outcome")} == {"стихло", "разошлись"}
    assert {one["description"] for one in said if one.get("description")} == {"шум на улице", "шум под окнами"}
    for desk in (one, two):
        desk.do("check")


def test_a_block_of_an_addition_shows_nothing_of_what_it_says(house: House) -> None:
    entry = house.desk("key").do("add bishkek incident", INCIDENT).data["entry"]
    house.desk("two").do(f"add bishkek incident {entry}", {"outcome": "стихло"})
    name = next(name for name in register_files(house.desk("two").store) if house.code("two") in name)
    says = read_register((house.folder / "house" / name).read_bytes(), load_identity(house.folder / "key", None))
    (added,) = says[RECORDS_KEY]["bishkek"][ADDITIONS_KEY]
    assert {*added} == {"id", "entry", "number", "at", "by", "track", "part", "values", "age"}
    assert added["values"] == {}


def test_a_damaged_file_of_the_other_computer_costs_its_own_entries_alone(house: House) -> None:
    one, two = house.desk("key"), house.desk("two")
    one.do("add bishkek shift", SHIFT)
    mine = register_files(one.store)[0]
    entry = two.do("add bishkek visit", VISIT).data["entry"]
    theirs = next(name for name in register_files(one.store) if name != mine)
    path = one.store / theirs
    path.write_bytes(path.read_bytes()[:-40] + b"x" * 40)
    told = one.ask("check")
    assert (told.code, theirs in told.out) == (6, True)
    assert len(one.ask("list shift").data["rows"]) == 1
    assert one.ask("list visit").code == 6
    assert one.ask("check bishkek").code == 6
    assert one.run(f"permit bishkek visit {entry}").code == 3
    one.do("add bishkek shift", {**SHIFT, "starts_at": "2026-11-26T08:00", "ends_at": "2026-11-26T20:00"})
    later = {**SHIFT, "starts_at": "2026-11-27T08:00", "ends_at": "2026-11-27T20:00"}
    refused = two.refused("add bishkek shift", later)
    assert (refused.code, theirs in refused.out) == (6, True)


def test_an_entry_that_lost_its_file_is_told_with_what_was_added_to_it(house: House) -> None:
    one, two = house.desk("key"), house.desk("two")
    entry = one.do("add bishkek shift", SHIFT).data["entry"]
    two.do(f"add bishkek shift {entry}", {"ends_at": "2026-11-25T21:00"})
    mine = next(name for name in register_files(one.store) if house.code("key") in name)
    (one.store / mine).unlink()
    assert one.ask("check").code == 6
    one.do(f"repair {mine} --give-up --reason-code no_backup")
    told = one.ask("check")
    assert (told.code, "register/no-entry" in told.codes()) == (0, True)
    assert entry in told.out


YEAR = 5_000
"""More visits than a house of ten has in a year: about fourteen a day."""


def test_a_year_of_five_thousand_visits_is_read_written_to_and_nothing_of_it_is_lost(house: House) -> None:
    desk = house.desk("key")
    desk.do("add bishkek visit", {**OFFICIAL, "at": "2026-11-25T10:00", "left_at": "2026-11-25T11:00"})
    session = Seat(options=Options(store=str(desk.store), identity=str(desk.key)))
    record = session.store.unsealed(session.store.subject("bishkek")[1]).value
    (written,) = record["sealed"]["entries"]
    hours = [datetime(2025, 12, 1, 6) + number * timedelta(minutes=104) for number in range(YEAR - 1)]
    more = [
        {**written, "id": f"7{number:07}", "name": f"Проверкин {number}", "at": f"{at:%Y-%m-%dT%H:%M}+06:00",
         "left_at": f"{at + timedelta(minutes=20):%Y-%m-%dT%H:%M}+06:00"}
        for number, at in enumerate(hours)
    ]  # fmt: skip
    sealed = {**record["sealed"], "entries": [*more, written]}
    session.store.write(
        [(record_name(record), {**record, "sealed": sealed}, "")], did="add", by="manager", at="2026-11-25T12:00+06:00"
    )
    months = sorted({f"{at:%Y-%m}" for at in (*hours, datetime(2026, 11, 25))})
    assert [name.split("/")[2] for name in register_files(desk.store)] == months
    assert len(desk.do("list visit").data["rows"]) == YEAR
    in_may = sum(f"{at:%Y-%m}" == "2026-05" for at in hours)
    assert len(desk.do("list visit --month 2026-05").data["rows"]) == in_may > YEAR / 13
    shown = desk.do("show bishkek visit --month 2026-05 --names").data["rows"]
    assert {row["fields"]["name"] for row in shown} == {
        f"Проверкин {number}" for number, at in enumerate(hours) if f"{at:%Y-%m}" == "2026-05"
    }
    added = desk.do("add bishkek visit", {**OFFICIAL, "at": "2026-11-25T09:00"}).data["entry"]
    desk.do(f"add bishkek visit {added}", {"left_at": "2026-11-25T09:30"})
    desk.do("void bishkek 70000000 --reason-code other")
    assert len(desk.do("list visit").data["rows"]) == YEAR
    assert "Nothing in the store is damaged." in desk.do("check").data["said"]


def test_an_older_program_stops_at_a_store_with_registers_and_calls_nothing_damaged(
    house: House, tmp_path: Path
) -> None:
    """Its rulebook has an earlier revision; a store without registers it reads and writes as before."""
    desk, manual = house.desk("key"), tmp_path / "manual"
    shutil.copytree(open_rulebook().folder, manual)
    edition = manual / "edition.yaml"
    edition.write_text(re.sub(r"revision: \d+", "revision: 5", edition.read_text("utf-8")), "utf-8")
    older = {"SHELTERCTL_MANUAL": str(manual)}
    assert desk.ask("list", env=older).code == 0
    desk.do("add bishkek shift", SHIFT)
    assert b"revision: 6" in (desk.store / "shelter.yaml").read_bytes()
    answer = desk.ask("list", env=older)
    assert (answer.code, answer.error) == (7, "store/newer")
    assert desk.refused("add bishkek shift", SHIFT, env=older).code == 7
    before = (desk.store / "shelter.yaml").read_bytes()
    desk.do("add bishkek visit", VISIT)
    assert (desk.store / "shelter.yaml").read_bytes() == before


def test_a_month_that_two_computers_closed_is_a_conflict_until_one_is_struck_through(house: House) -> None:
    words, after = "report progress --month 2026-10", "2026-11-03"
    part(house)
    one, two = house.desk("key"), house.desk("two", "other")
    entries = [desk.do(f"{words} --close", today=after).data["entry"] for desk in (one, two)]
    join(house)
    for asked in (words, f"{words} --close", f"{words} --compare"):
        refused = one.refused(asked, today=after)
        assert (refused.code, refused.error) == (7, "report/closed-twice")
        assert all(entry in refused.out for entry in entries)
    one.do(f"void bishkek {entries[1]} --reason-code entered_twice", today=after)
    for desk in (one, two):
        join(house)
        assert desk.do(words, today=after).data["entry"] == entries[0]
