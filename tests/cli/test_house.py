"""Who sleeps in a shelter tonight, a shelter that is full, and what is registered, as a list."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.revised_rulebook import Revised, retold
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


HOME = {"away": None, "out_since": None}


def received(name: str, **more: Any) -> dict[str, Any]:
    identity = {"first_name": name, "last_name": "Примерова", "sex": "female", "birth_date": 1999}
    arrival = {"at": "2026-11-21T23:50", "by": "s-gulnara", "provisional_reason": "at night"}
    return {"identity": identity, "referral": {"sources": ["partner_ngo"]}, "received": arrival, **more}


@pytest.fixture
def two(admitted: "Desk") -> "Desk":
    """Two houses: one with a resident and her two children, and one with a girl who came at night."""
    admitted.do("facility add kids --kind carc")
    admitted.do(f"admit {admitted.her}", {"children": [{"birth_date": 2020}, {"birth_date": 2022}]})
    girl = received("Мээрим", facility="kids")
    girl["identity"]["birth_date"] = 2015
    admitted.do("admit", girl)
    return admitted


def test_a_house_says_who_sleeps_there_and_what_is_left(two: "Desk") -> None:
    told = two.do("house")
    assert told.data["rows"] == [
        {"facility": "bishkek", "kind": "shelter", "capacity": 10, "residents": 1, "children": 2,
         "others": 0, "free": 7},
        {"facility": "kids", "kind": "carc", "capacity": 16, "residents": 1, "children": 0, "others": 0, "free": 15},
    ]  # fmt: skip
    first, second = told.data["sleeping"]
    assert first == {"id": two.her, "facility": "bishkek", "since": "2026-11-22", "provisional": False, **HOME}
    assert (second["facility"], second["since"], second["provisional"]) == ("kids", "2026-11-21", True)
    assert told.codes() == []
    assert "Мээрим" not in told.out


def test_one_house_can_be_named_and_one_that_is_not_there_is_not_found(two: "Desk") -> None:
    told = two.do("house --facility kids")
    assert [row["facility"] for row in told.data["rows"]] == ["kids"]
    assert [row["facility"] for row in told.data["sleeping"]] == ["kids"]
    unknown = two.refused("house --facility naryn")
    assert (unknown.code, unknown.error) == (3, "facility/unknown")
    assert two.refused("house --facility Нарын").code == 2


def test_others_are_counted_without_names_in_the_house_that_is_meant(two: "Desk") -> None:
    which = two.refused("house --others 2")
    assert (which.code, which.error) == (2, "usage/which-house")
    assert "bishkek, kids" in which.page["error"]["message"]
    told = two.do("house --others 2 --facility bishkek")
    assert [(row["facility"], row["others"], row["free"]) for row in told.data["rows"]] == [("bishkek", 2, 5)]
    assert "number: 2" in shelter(two)
    before = two.digest()
    two.do("house --others 2 --facility bishkek")
    assert two.digest() == before
    assert two.do("house --others 0 --facility bishkek").data["rows"][0]["free"] == 7
    assert [row["others"] for row in two.do("house").data["rows"]] == [0, 0]
    for number in ("-1", "10000", "9" * 20):
        told = two.refused(f"house --others {number} --facility bishkek")
        assert (told.code, told.page["error"]["message"]) == (2, "--others takes a whole number from 0 to 9999.")


def shelter(desk: "Desk") -> str:
    return (desk.store / "shelter.yaml").read_text("utf-8")


def test_what_else_is_registered_of_a_house_stays(admitted: "Desk") -> None:
    admitted.do("facility add bishkek --capacity 8 --ngo sezim")
    admitted.do("house --others 1")
    (row,) = admitted.do("house").data["rows"]
    assert (row["capacity"], row["others"], row["free"]) == (8, 1, 6)
    assert "ngo: sezim" in shelter(admitted)
    admitted.do("facility add bishkek --capacity 7")
    assert admitted.do("house").data["rows"][0]["others"] == 1


def test_a_full_house_is_open_and_so_is_an_overfull_one(admitted: "Desk") -> None:
    full = admitted.do("house --others 9")
    assert full.codes("open") == ["house/full"]
    found = full.finding("house/full")
    assert (found["clause"], found["where"]) == ("M1.2.9", "/facilities/bishkek")
    assert found["facts"] == {"facility": "bishkek", "sleeping": 10, "capacity": 10, "clause": "M1.2.9"}
    assert full.data["rows"][0]["free"] == 0
    over = admitted.do("house --others 12")
    assert over.codes() == ["house/overfull"]
    assert over.data["rows"][0]["free"] == 0
    assert over.page["status"] == "open"


def test_the_center_for_children_is_full_under_its_own_clause(two: "Desk") -> None:
    full = two.do("house --others 15 --facility kids")
    assert full.finding("house/full")["clause"] == "M1.0.C3"


def test_others_take_places_at_the_gate(desk: "Desk") -> None:
    her = desk.do("admit", received("Айгуль")).data["id"]
    desk.do("house --others 10")
    assert "admission/full-house" in desk.refused(f"admit {her} --complete").refusals


def test_the_day_taken_as_today_decides_who_sleeps_there(discharged: "Desk") -> None:
    assert discharged.do("house").data["rows"][0]["residents"] == 0
    (row,) = discharged.do("house", today="2026-11-24").data["sleeping"]
    assert row["id"] == discharged.her
    assert discharged.do("house", today="2026-11-20").data["sleeping"] == []


def test_who_sleeps_there_is_a_table_for_a_person_and_a_list_for_a_program(admitted: "Desk") -> None:
    told = admitted.run("house").out.splitlines()
    assert told[0] == "Who sleeps here in the night after 2026-11-25, and the places left."
    assert told[2].split() == ["facility", "kind", "capacity", "residents", "children", "others", "free"]
    assert told[5].split() == ["id", "facility", "since", "provisional", "away", "out", "since"]
    assert told[6].split() == [admitted.her, "bishkek", "2026-11-22", "no"]
    assert admitted.run("house --format csv").out.splitlines() == [
        "facility,kind,capacity,residents,children,others,unread,free",
        "bishkek,shelter,10,1,0,0,,9",
    ]


def test_who_is_in_a_house_that_her_file_does_not_name_is_not_forgotten(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"facility": None})
    told = admitted.do("house")
    assert told.data["rows"][0]["residents"] == 0
    assert told.data["sleeping"] == [
        {"id": admitted.her, "facility": None, "since": "2026-11-22", "provisional": False, **HOME}
    ]


def test_of_whoever_is_out_or_in_hospital_it_is_said_and_since_when(admitted: "Desk") -> None:
    left = {"kind": "hospital", "left_at": "2026-11-24T15:00", "permitted_by": "s-aida"}
    entry = admitted.do(f"add {admitted.her} absence", left).data["entry"]
    assert _away(admitted, "2026-11-25") == ("hospitalised", "2026-11-24T15:00+06:00")
    assert _away(admitted, "2026-11-23") == (None, None)  # she was there then
    assert "in hospital" in admitted.run("house").out
    back = {"back_at": "2026-11-25T09:00", "entry_permitted_by": "s-aida"}
    admitted.do(f"add {admitted.her} absence {entry}", back)
    assert _away(admitted, "2026-11-25") == (None, None)
    assert _away(admitted, "2026-11-24")[0] == "hospitalised"  # as it was in that night


def _away(desk: "Desk", day: str) -> tuple[str | None, str | None]:
    (row,) = desk.do("house", today=day).data["sleeping"]
    return row["away"], row["out_since"]


def test_a_picture_that_lacks_a_file_says_so_in_its_exit_code(admitted: "Desk") -> None:
    (file,) = (admitted.store / "residents").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    told = admitted.ask("house --months 1 --out house.svg")
    assert (told.code, told.error) == (6, "store/part")
    assert (admitted.folder / "house.svg").exists()


NAMES = {
    "staff": ("s-gulnara", {"name": "Б. Образцова", "phone": "0000 000001"}),
    "ngo": ("sezim", {"name": "Пример", "legal_form": "pf", "phone": "0000 000002", "address": "Примерная, 1"}),
    "provider": ("lyceum-12", {"name": "Лицей Примеров", "phone": "0000 000003"}),
    "facility": ("bishkek", {"name": "Дом Примера", "phone": "0000 000004"}),
}
CSV = {
    "staff": [
        "staff,role,since,until,role_since,supervisor,registered",
        "manager,manager,2026-11-25,,,,",
        "s-aida,psychologist,2026-11-25,,,,",
        "s-gulnara,social_worker,2026-11-25,,,,",
    ],
    "ngo": [
        "ngo,legal_form,memorandum_signed_on,memorandum_terminated_on,contract_dated",
        "sezim,pf,2026-01-15,,2026-01-20",
    ],
    "provider": ["provider,provider_kind,registered", "lyceum-12,,"],
    "facility": [
        "facility,kind,capacity,ngo,manager,coordinator,opened_year,registers_since",
        "bishkek,shelter,8,sezim,manager,,,",
    ],
}


@pytest.fixture
def named(desk: "Desk") -> "Desk":
    """A store in which a name stands behind one code of every register."""
    for register, (code, names) in NAMES.items():
        more = " --capacity 8 --ngo sezim" if register == "facility" else ""
        assert desk.run(f"{register} add {code}{more}", names).code == 0
    return desk


def test_codes_and_dates_are_listed_and_no_name_is(named: "Desk") -> None:
    for register, (code, names) in NAMES.items():
        told = named.run(f"{register} list --format csv")
        assert re.sub("manager,manager,[0-9-]*", "manager,manager,2026-11-25", told.out).splitlines() == CSV[register]
        page = named.do(f"{register} list")
        assert page.page["command"] == f"{register} list"
        assert list(page.data["rows"][0]) == CSV[register][0].split(",")
        everything = told.out + page.out + named.run(f"{register} list --lang ru").out
        assert code in everything
        assert not [name for name in (names["name"], names["phone"]) if name in everything]


def test_a_register_without_an_entry_has_its_heading(desk: "Desk") -> None:
    assert desk.run("provider list").out == "Nothing is registered here yet.\n"
    assert desk.run("provider list --format csv").out == "provider,provider_kind,registered\n"
    assert desk.run("provider list --format ndjson").out == ""


def test_codes_are_said_in_words_to_a_person(named: "Desk") -> None:
    assert "социальный работник" in named.run("staff list --lang ru").out
    assert "social worker" in named.run("staff list").out


def test_names_are_for_a_screen_that_is_gone_afterwards(named: "Desk") -> None:
    seen = Terminal(named).run("ngo list --names", [""])
    assert seen.code == 0
    assert re.search(r"sezim +Пример +0000 000002 +public", seen.text)
    assert "Пример" not in seen.left
    told = named.refused("ngo list --names")
    assert (told.code, told.error) == (2, "usage/names")
    assert named.run("staff list --names --format csv").code == 2


def test_a_name_that_was_typed_is_saved_and_said_so(desk: "Desk") -> None:
    desk.do("ngo add sezim", {"name": "Примерный центр"})
    assert "The NGO sezim is registered." in Terminal(desk).run("ngo add sezim", ["Образцовый центр", "."]).left
    assert "nothing changed" in Terminal(desk).run("ngo add sezim", ["."]).left


def test_a_role_and_a_field_are_added_to_a_register_by_data_alone(desk: "Desk", tmp_path: Path) -> None:
    retold(desk)
    manual = shutil.copytree(open_rulebook().folder, tmp_path / "manual")
    lists, ngo = manual / "lists.yaml", manual / "tracks" / "ngo.yaml"
    lists.write_text(
        lists.read_text("utf-8").replace(
            "    security: {", "    cook: {en: cook, ru: повар, ky: ашпозчу}\n    security: {"
        ),
        "utf-8",
    )
    founded = "  founded: {is: day, text: {en: Founded on}}\n"
    ngo.write_text(ngo.read_text("utf-8").replace("\nrules:\n", f"\n{founded}rules:\n"), "utf-8")
    env = {"SHELTERCTL_MANUAL": str(manual)}
    assert "s-nur is registered as cook." in desk.run("staff add s-nur --role cook", env=env).out
    desk.do("ngo add sezim", {"founded": "2001-02-03"}, env=env)
    assert "s-nur,cook,2026-11-25," in desk.run("staff list --format csv", env=env).out
    assert desk.do("ngo list", env=env).data["rows"][0]["founded"] == "2001-02-03"
    assert "Founded on" in Terminal(desk, env=env).run("ngo add sezim", [*[""] * 10, "."]).text


def test_a_field_of_its_own_is_told_in_every_form_of_the_list(desk: "Desk") -> None:
    session = Revised(desk)
    session.edit("tracks/staff.yaml", "clear:\n", "  trained_on: {is: day, text: {en: Trained on}}\nclear:\n")
    session.do("staff add s-gulnara", {"trained_on": "2026-03-01"})
    (row,) = [row for row in session.do("staff list").data["rows"] if row["staff"] == "s-gulnara"]
    assert row["trained_on"] == "2026-03-01"
    csv = session.run("staff list --format csv").out
    assert "s-gulnara,social_worker,2026-11-25,,,,,2026-03-01" in csv
    assert "2026-03-01" in session.run("staff list").out
    asked = session.do("staff list --columns staff,trained_on --where trained_on=2026-03").data["rows"]
    assert asked == [{"staff": "s-gulnara", "trained_on": "2026-03-01"}]


def test_what_lies_in_clear_is_listed_where_the_rest_is_damaged(named: "Desk") -> None:
    (named.store / "directory.yaml.age").write_bytes(b"age-encryption.org/v1")
    told = named.ask("staff list")
    assert told.code == 6
    assert [row["role"] for row in told.data["rows"]] == ["manager", "psychologist", "social_worker"]
