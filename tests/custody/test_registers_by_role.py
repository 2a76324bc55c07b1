"""Registers of a house in which each person has a key: nobody reads more than her role, and whom an entry names
nothing of it.
"""

from pathlib import Path

import pytest

from shelterctl.document.reading import read_document
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.store.needed_rulebook import RulebookOfStore, name_rulebook_of_store, read_rulebook_of_store
from shelterctl.trust.chain import set_access_in_chain
from shelterctl.trust.readership import REGISTER_PARTS, folder_of_part, part_of_file
from tests.support.desk import Desk, copied
from tests.support.register_files import INCIDENT, SHIFT, VISIT, about, blocks_of, read_register, register_files
from tests.support.role_house import PEOPLE, RoleHouse, copied_house, give_keys, house_by_role, open_alone


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    desk = copied(_admitted, tmp_path_factory.mktemp("registers") / "desk")
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture
def house(made: RoleHouse, tmp_path: Path) -> RoleHouse:
    return copied_house(made, tmp_path / "house")


def files_opened_by(house: RoleHouse, code: str) -> set[str]:
    """The codes of those whose files of registers a person's key opens, with stock age."""
    names = register_files(house.desk.store)
    people = {house.key(each).device: each for each in PEOPLE}
    return {people[Path(name).name.partition(".")[0]] for name in names if house.opened(code, name)}


def entries_opened_by(house: RoleHouse, code: str) -> set[str]:
    """The parts of the sealed entries and additions that a person's key opens, with stock age."""
    found = set()
    for name in register_files(house.desk.store):
        for part, block in blocks_of(read_register(house.file(name), house.key("manager"))).values():
            if house.opened(code, name) is not None and open_alone(block.encode(), house.key(code)):
                found.add(part)
    return found


def seen_by(house: RoleHouse, code: str, track: str) -> int:
    """How many entries a person is shown."""
    answer = house.desk.ask(f"show bishkek {track} --names --staff {code}")
    return len(answer.data.get("rows", ())) if answer.code == 0 else 0


def test_each_person_reads_what_her_role_opens_and_what_she_wrote(house: RoleHouse) -> None:
    house.desk.do("add bishkek shift --staff manager", SHIFT)
    house.desk.do("add bishkek visit --staff s-guard", VISIT)
    house.desk.do("add bishkek incident --staff s-else", INCIDENT)
    readers = {code for code in PEOPLE if files_opened_by(house, code)}
    assert readers == {*PEOPLE} - {"s-data"}
    opened = {code: entries_opened_by(house, code) for code in readers}
    assert opened == {
        **{code: set() for code in readers},
        "manager": {"house-visitors", "house-incidents"},
        "s-gulnara": {"house-visitors"},
        "s-guard": {"house-visitors"},
        "s-else": {"house-incidents"},
    }
    assert {code: seen_by(house, code, "incident") for code in ("manager", "s-else", "s-guard", "s-iom")} == {
        "manager": 1, "s-else": 1, "s-guard": 0, "s-iom": 0,
    }  # fmt: skip


def test_what_is_about_the_manager_goes_to_the_coordinator_of_iom(house: RoleHouse) -> None:
    house.desk.do("add bishkek incident --staff s-else", about("manager"))
    opened = {code for code in PEOPLE if code != "s-data" and entries_opened_by(house, code)}
    assert opened == {"s-iom", "s-else"}
    assert [seen_by(house, code, "incident") for code in ("manager", "s-iom", "s-else")] == [0, 1, 1]


def test_whom_an_incident_names_is_shown_nothing_of_it_by_any_command(house: RoleHouse) -> None:
    """What the manager is told is the same, but for the numbers of journals, with such an incident and without."""
    house.desk.do("add bishkek incident --staff s-guard", INCIDENT)

    def told() -> list[object]:
        asked = ("check", "show bishkek", "show bishkek incident", "list incident", "due", "who-can-read bishkek")
        answers = [house.desk.ask(f"{words} --staff manager") for words in asked]
        left_out = ("sheet", "said")
        return [
            (one.code, one.page["findings"], {name: value for name, value in one.data.items() if name not in left_out})
            for one in answers
        ]

    before = told()
    entry = house.desk.do("add bishkek incident --staff s-guard", about("manager")).data["entry"]
    assert told() == before
    for words in (f"void bishkek {entry} --reason-code other", f"close bishkek incident {entry}"):
        answer = house.desk.refused(f"{words} --staff manager")
        assert answer.code == 3, answer.out
        assert answer.codes() == house.desk.refused(words.replace(entry, "ZZZZZZZZ") + " --staff manager").codes()


def test_whoever_writes_about_herself_reads_it_no_more(house: RoleHouse) -> None:
    house.desk.do("add bishkek incident --staff s-guard", about("s-guard"))
    assert entries_opened_by(house, "s-guard") == set()
    assert seen_by(house, "s-guard", "incident") == 0
    assert seen_by(house, "manager", "incident") == 1


def test_an_entry_that_comes_to_be_about_the_manager_is_read_by_the_coordinator_from_then_on(house: RoleHouse) -> None:
    """Somebody else adds the name, so that she writes into her own file: the addition has all that the entry says."""
    entry = house.desk.do("add bishkek incident --staff s-else", {**about("s-guard")}).data["entry"]
    house.desk.do("staff add s-vice --role manager")
    house.desk.do("staff key s-vice --no-passphrase")
    house.desk.do("staff key s-vice --accept")
    house.desk.do("roles --give s-vice=manager")
    house.desk.do("trust --accept --staff s-vice")
    assert seen_by(house, "s-vice", "incident") == 1
    house.desk.do(f"add bishkek incident {entry} --staff s-vice", {"named_staff": ["s-guard", "manager"]})
    found = {code: seen_by(house, code, "incident") for code in ("s-iom", "s-vice", "s-guard")}
    assert found == {"s-iom": 1, "s-vice": 0, "s-guard": 0}
    rows = house.desk.do("show bishkek incident --names --staff s-iom").data["rows"]
    assert rows[0]["fields"]["named_staff"] == ["s-guard", "manager"]
    assert rows[0]["fields"]["description"] == about()["description"]
    shown = house.desk.do("show bishkek incident --names --staff manager").data["rows"]
    assert "manager" not in str(shown)  # only what was there before it was about her
    house.desk.do("rekey")
    assert house.desk.do("show bishkek incident --names --staff s-iom").data["rows"] == rows
    for code in PEOPLE:
        assert house.desk.ask(f"check --staff {code}").code == 0


def as_begun_by_an_older_program(house: RoleHouse) -> None:
    """The list of who may read names no part of a register, and shelter.yaml the revision of that program."""
    session = house.session("manager")
    store, chain = session.store, session.store.vault.journal.chain
    assert chain.access
    older = {part: roles for part, roles in chain.access.parts.items() if folder_of_part(part) == "residents"}
    older = {part: roles for part, roles in older.items() if part not in REGISTER_PARTS.values()}
    chain = set_access_in_chain(chain, chain.access._replace(parts=older), "manager", session.timestamp, store.identity)
    store.vault.save_chain(chain)
    held = store.shelter
    value = name_rulebook_of_store(held.value, RulebookOfStore(None, 5))
    store.save([store.prepare_file(SHELTER_FILE, value, held.version)], did="roles", by="manager", at=session.timestamp)
    house.desk.do("rekey")
    house.everybody_accepts()


def needed_revision(desk: Desk) -> int:
    return read_rulebook_of_store(read_document((desk.store / SHELTER_FILE).read_bytes()).value).revision


def test_parts_that_came_later_are_added_by_a_manager_and_nothing_is_written_before(house: RoleHouse) -> None:
    as_begun_by_an_older_program(house)
    assert needed_revision(house.desk) == 5
    for code in ("manager", "s-gulnara"):
        told = house.desk.do(f"check --staff {code}")
        assert told.finding("roles/parts-missing")["severity"] == "warn"
        assert "shelterctl roles --begin" in told.finding("roles/parts-missing")["message"]
        refused = house.desk.refused(f"add bishkek shift --staff {code}", SHIFT)
        assert (refused.code, refused.error) == (7, "roles/parts-missing")
    assert house.desk.refused("roles --begin --staff s-gulnara").code == 5
    done = house.desk.do("roles --begin")
    changed = {(one["who"], one["what"]) for one in done.data["changes"]}
    added = {("security", "register-house"), ("manager", "house-incidents"), ("iom_coordinator", "house-complaints")}
    assert added <= changed
    house.everybody_accepts()
    assert needed_revision(house.desk) == 6
    assert "roles/parts-missing" not in house.desk.do("check").codes()
    house.desk.do("add bishkek visit --staff s-guard", VISIT)
    assert house.desk.refused("roles --begin").error == "roles/begun"


def test_what_a_house_closed_stays_closed_when_parts_are_added(house: RoleHouse) -> None:
    house.desk.do("roles --close legal_adviser=directory")
    as_begun_by_an_older_program(house)
    house.desk.do("roles --begin")
    reads = {row["role"]: row["reads"] for row in house.desk.do("roles").data["rows"]}
    assert "directory" not in reads["legal_adviser"]
    assert "register-house" in reads["legal_adviser"]


def test_complaints_need_no_coordinator_with_a_key_and_cannot_be_closed_to_all(admitted: Desk) -> None:
    """The writer and the paper read them. A part that the list did not name would open to managers."""
    people = {code: role for code, role in PEOPLE.items() if role != "iom_coordinator"}
    house = give_keys(admitted, Path("recovery"), people)
    admitted.do("roles --begin")
    for code in people:
        if house.key_file(code).exists():
            admitted.do(f"trust --accept --staff {code}")
    admitted.do("add bishkek incident --staff s-else", about("manager"))
    assert [seen_by(house, code, "incident") for code in ("manager", "s-else")] == [0, 1]
    refused = admitted.refused("roles --close iom_coordinator=house-complaints")
    assert [*refused.refusals] == ["roles/no-reader"]
    admitted.do("check")


def test_who_can_read_and_roles_list_the_parts_of_registers(house: RoleHouse) -> None:
    rows = {row["part"]: row for row in house.desk.do("who-can-read bishkek").data["rows"]}
    assert {part: row["people"] for part, row in rows.items()} == {
        "register-house": [code for code in PEOPLE if code != "s-data"],
        "house-visitors": ["manager", "s-gulnara", "s-guard"],
        "house-incidents": ["manager"],
        "house-complaints": ["s-iom"],
    }
    (row,) = house.desk.do("who-can-read bishkek house-incidents").data["rows"]
    assert row["part"] == "house-incidents"
    assert [row["part"] for row in house.desk.do("who-can-read s-aida").data["rows"]] == ["register-staff"]
    hers = {row["part"] for row in house.desk.do(f"who-can-read {house.her}").data["rows"]}
    assert not {part for part in hers if part.startswith(("house-", "register-"))}
    assert house.desk.refused("who-can-read bishkek medical").error == "usage/part"
    reads = {row["role"]: row["reads"] for row in house.desk.do("roles").data["rows"]}
    assert {"register-house", "house-visitors"} <= {*reads["security"]}


def test_papers_of_staff_are_read_by_manager_and_coordinator_alone(house: RoleHouse) -> None:
    file = "registers/staff/2026-11/x.yaml.age"
    now = house.session("manager").store.vault.journal.chain.readership
    assert {code for code in PEOPLE if now.opens(code, part_of_file(file))} == {"manager", "s-iom"}
