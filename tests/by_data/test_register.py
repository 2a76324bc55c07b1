"""By data alone: a register of one's own, with its command, and rules, deadlines and a sheet of any register."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.terminal import LEAVE, PARTNERS, Terminal

VEHICLE = """schema: track/1
track: vehicle
text: {en: a vehicle, ru: автомобиль}
clause: M1.0.B1
home: directory
at: vehicles
keeps: coded
day: bought_on
fields:
  name: {is: text, letters: true, text: {en: Name of the vehicle, ru: Название автомобиля}}
  plate: {is: text, text: {en: Number plate, ru: Номер}}
  bought_on: {is: day, text: {en: Bought on, ru: Когда куплен}}
  driver: {is: party, of: [staff], text: {en: Who drives it, ru: Кто водит}}
  rented: {is: yes_no, text: {en: Is it rented, ru: Взят ли он в аренду}}
  owner: {is: text, with: {rented: ["yes"]}, text: {en: Whose it is, ru: Чей он}}
  check:
    is: group
    text: {en: technical check, ru: техосмотр}
    fields:
      on: {is: day, text: {en: Checked on, ru: Когда осмотрен}}
      next_on: {is: day, text: {en: Next check on, ru: Следующий осмотр}}
rules:
  - {needs: plate, clause: M1.0.B1}
  - {dated: bought_on, to: today, clause: M1.0.B1}
  - {dated: check.on, from: bought_on, clause: M1.0.B1}
  - {by: driver, role: [security, manager], clause: M1.0.B1}
  - {once: plate, within: store, clause: M1.0.B1,
     says: {elsewhere: {en: "{label}: {whose} has it too.", ru: "{label}: и у {whose}."}}}
due:
  - {from: bought_on, after: {months: 12}, until: [check.on], owner: manager, clause: M1.0.B1,
     text: {en: First technical check, ru: Первый техосмотр}}
  - {from: check.next_on, owner: security, clause: M1.0.B1, text: {en: Technical check, ru: Техосмотр}}
sheet: {kind: card, title: {en: Vehicle of the house, ru: Автомобиль приюта}, signed_by: [manager]}
"""
BUS = {"name": "Bus", "plate": "01 KG 123", "bought_on": "2025-11-20"}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/vehicle.yaml", VEHICLE)
    return session


def told(answer: Any) -> set[tuple[str, str, str]]:
    return {(one["code"], one["where"], one["severity"]) for one in answer.page["findings"]}


def rows(desk: Revised, words: str = "", today: str = "2026-11-25") -> list[tuple[Any, ...]]:
    kept = ("id", "state", "owner", "days_since_due")
    return [tuple(row[name] for name in kept) for row in due_rows(desk, words, today) if row["what"] == "vehicle"]


def due_rows(desk: Revised, words: str = "", today: str = "2026-11-25") -> list[dict[str, Any]]:
    """What is due, on a page that is what the schema of this rulebook tells of it."""
    page = json.loads(desk.run(f"due {words} --json", today=today).out)
    Draft202012Validator(desk.ask("schema outcome", today=None).data["schema"]).validate(page)
    found: list[dict[str, Any]] = page["data"]["rows"]
    return found


def test_by_file_it_is_registered_changed_and_listed(desk: Revised) -> None:
    made = desk.do("vehicle add bus", BUS)
    assert (made.page["command"], made.data["vehicle"]) == ("vehicle add", "bus")
    desk.do("vehicle add bus", {"plate": "01 KG 777", "check": {"on": "2026-01-10"}})
    (row,) = desk.do("vehicle list").data["rows"]
    assert (row["vehicle"], row["bought_on"], row["check_on"]) == ("bus", "2025-11-20", "2026-01-10")
    assert "777" not in desk.run("vehicle list").out
    assert desk.refused("vehicle add bus", {"wheels": 4}).refusals == ["shape/unknown-key"]
    assert desk.refused("vehicle add").page["error"]["code"] == "usage/missing"
    assert desk.do(f"check {desk.her}").code == 0


def test_its_rules_are_told_when_it_is_written_and_by_check(desk: Revised) -> None:
    desk.do("vehicle add bus", BUS)
    wrong = {"name": "Car", "plate": "01 kg 123", "bought_on": "2029-01-01", "driver": "s-aida"}
    wanted = {
        ("track/elsewhere", "/vehicles/car/plate", "open"),
        ("track/in-future", "/vehicles/car/bought_on", "open"),
        ("track/by", "/vehicles/car/driver", "open"),
    }
    assert told(desk.do("vehicle add car", wrong)) == wanted
    desk.do("vehicle add cart", {"name": "Cart"})
    checked = told(desk.do("check"))
    assert wanted <= checked
    assert ("track/needs", "/vehicles/cart/plate", "open") in checked
    assert ("track/elsewhere", "/vehicles/bus/plate", "open") in checked
    assert not any(where.startswith("/vehicles") for _, where, _ in told(desk.do(f"check {desk.her}")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_says_of_which_entry_a_rule_is_broken_and_no_name(desk: Revised, language: str) -> None:
    desk.do("vehicle add cart", {"name": "Cart of Aibek"})
    page = desk.do("check")
    (found,) = [one for one in page.page["findings"] if one["where"] == "/vehicles/cart/plate"]
    assert (found["facts"]["register"], found["facts"]["code"]) == ("vehicle", "cart")
    assert found["message"].startswith("Vehicle, cart: ")
    seen = desk.run(f"check --lang {language}").out
    assert {"en": "- Vehicle, cart: Not filled in", "ru": "- Автомобиль, cart: Не заполнено"}[language] in seen
    assert "Aibek" not in page.out + seen


def test_its_deadlines_are_due_with_the_others(desk: Revised) -> None:
    desk.do("vehicle add bus", BUS)
    assert rows(desk) == [("bus", "overdue", "manager", 5)]
    assert rows(desk, today="2026-11-20") == [("bus", "due", "manager", 0)]
    assert rows(desk, "--within 10", today="2026-11-15") == [("bus", "upcoming", "manager", -5)]
    assert rows(desk, "--owner security") == []
    assert rows(desk, desk.her) == []
    desk.do("vehicle add bus", {"check": {"on": "2026-11-24", "next_on": "2026-11-25"}})
    assert rows(desk) == [("bus", "due", "security", 0)]
    calendar = desk.run("due --format ics").out
    assert "SUMMARY:bus M1.0.B1" in calendar


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_a_terminal_it_is_registered_listed_due_and_printed(desk: Revised, language: str) -> None:
    yes = {"en": "yes", "ru": "да"}[language]
    seen = desk.sit(language, "vehicle add", "Bus", "", "01 KG 123", "20.11.2025", "s-aida", yes, "Aibek", "", "")
    assert {"en": "Vehicle, bus", "ru": "Автомобиль, bus"}[language] in seen
    assert {"en": "Allowed under M1.0.B1: security", "ru": "По пункту M1.0.B1 можно: "}[language] in seen
    due = desk.sit(language, "due")
    assert {"en": "First technical check", "ru": "Первый техосмотр"}[language] in due
    listed = desk.sit(language, "vehicle list --names")
    assert "Bus" in listed
    sheet = desk.paper("vehicle bus --names", language)
    for words in (
        {"en": "Vehicle of the house", "ru": "Автомобиль приюта"}[language], "bus", "01 KG 123",
        {"en": "20 November 2025", "ru": "20 ноября 2025"}[language], "Aibek",
    ):  # fmt: skip
        assert words in sheet
    assert {"en": "Identification number", "ru": "Идентификационный номер"}[language] not in sheet
    assert "Bus" not in desk.run(f"form vehicle bus --lang {language}").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_commands_are_listed_helped_with_completed_and_explained(desk: Revised, language: str) -> None:
    summary = {"en": "Vehicle: register, change and list.", "ru": "Автомобиль: записать"}[language]
    assert summary in desk.run(f"--help --lang {language}", today=None).out
    page = desk.run(f"vehicle add --help --lang {language}", today=None).out
    assert "shelterctl vehicle add code-1 --from vehicle.yaml" in page
    assert "vehicle-entry" in "".join(page.split())
    assert {"en": "Example: shelterctl vehicle add", "ru": "Пример: shelterctl vehicle add"}[language] in page
    assert "list" in desk.run(f"help vehicle --lang {language}", today=None).out
    assert [row["word"] for row in desk.ask("completion vehi --at 1", today=None).data["rows"]] == ["vehicle"]
    explained = desk.run(f"explain track vehicle --lang {language}").out
    assert "shelterctl vehicle add CODE" in explained
    assert {"en": "Due after calendar months: 12.", "ru": "Срок в календарных месяцах: 12."}[language] in explained


RIDE = """schema: track/1
track: ride
text: {en: a ride, ru: поездка}
clause: M1.0.B1
home: stay
at: rides
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day, ru: День}}
  vehicle: {is: party, of: [vehicles], text: {en: Vehicle, ru: Автомобиль}}
rules:
  - {by: vehicle, clause: M1.0.B1}
"""


def test_a_field_of_a_client_points_at_it_and_it_is_in_the_schemas(desk: Revised) -> None:
    desk.do("vehicle add bus", BUS)
    desk.add("tracks/ride.yaml", RIDE)
    assert "vehicles" in desk.ask("schema directory", today=None).data["schema"]["properties"]
    assert desk.ask("schema vehicle-entry", today=None).data["schema"]["properties"].keys() >= {"plate", "check"}
    assert "data-vehicle-add" in desk.ask("schema outcome", today=None).data["schema"]["$defs"]
    for code, wanted in (("bus", False), ("tram", True)):
        found = told(desk.do(f"add {desk.her} ride", {"vehicle": code, "on": "2026-11-24"}))
        assert any(one == "track/unregistered" and where.endswith("/vehicle") for one, where, _ in found) is wanted


STAFF_RULES = """rules:
  - {needs: phone, clause: M2.0.1}
  - {dated: since, to: today, clause: M2.0.1}
"""
STAFF_DUE = """due:
  - {from: since, after: {months: 1}, until: [trained_on], when: {role: [security]}, owner: manager, clause: M2.0.1,
     text: {en: Safety training, ru: Обучение безопасности}}
sheet:
"""


def test_a_register_of_the_manual_has_rules_deadlines_and_a_sheet_too(desk: Revised) -> None:
    desk.edit("tracks/staff.yaml", "clear:\n", "  trained_on: {is: day, text: {en: Trained on}}\nclear:\n")
    desk.edit("tracks/staff.yaml", "rules:\n", STAFF_RULES)
    desk.edit("tracks/staff.yaml", "sheet:\n", STAFF_DUE)
    found = desk.do("staff add s-bek --role security --since 2026-10-01")
    assert ("track/needs", "/staff/s-bek/phone", "open") in told(found)
    assert [(row["what"], row["days_since_due"]) for row in due_rows(desk) if row["what"] == "staff"] == [("staff", 24)]
    assert {row["id"] for row in due_rows(desk, "--mine s-bek")} == {"s-bek"}
    desk.do("staff add s-bek --supervisor manager", {"phone": "0555", "trained_on": "2026-11-24"})
    assert "staff" not in [row["what"] for row in due_rows(desk)]
    assert not any("s-bek" in where for _, where, _ in told(desk.do("check")))
    assert "0555" in desk.paper("staff s-bek --names", "en")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("track: vehicle\n", "track: vehicle\nact: sign\n", "/act"),
        ("keeps: coded\n", "keeps: coded\nlife: [bought_on, bought_on]\n", "/life"),
        ("at: vehicles\n", "at: given_up\n", "/at"),
        ("  name: {is: text, letters: true,", "  called: {is: text, letters: true,", "/fields"),
        ("plate: {is: text,", "plate: {is: text, must: true,", "/fields/plate/must"),
        ("plate: {is: text,", "plate: {is: text, enter: name,", "/fields/plate/enter"),
        ("bought_on: {is: day,", "bought_on: {is: span,", "/fields/bought_on/is"),
        ("needs: plate,", "needs: plate, when: {discharge: [there]},", "/rules/0/when"),
        ("dated: bought_on, to: today,", "dated: bought_on, from: admission,", "/rules/1/from"),
        ("dated: bought_on, to: today,", "dated: bought_on, from: identity.birth_date,", "/rules/1/from"),
        ("once: plate, within: store,", "once: plate, within: client,", "/rules/4/within"),
        (VEHICLE[VEHICLE.index(",\n     says:") : VEHICLE.index("}\ndue")], "", "/rules/4/once"),
        ("needs: plate, clause", "stands: consent, clause", "/rules/0/stands"),
        ("needs: plate, clause", "needs: plate, act: sign, clause", "/rules/0/act"),
        ("from: check.next_on,", "from: admission,", "/due/1/from"),
        ("from: check.next_on,", "from: check.next_on, where: {rented: ['yes']},", "/due/1/where"),
        ("sheet: {kind: card,", "sheet: {kind: log,", "/sheet/kind"),
        ("sheet: {kind: card,", "clear: {seats: {is: whole, text: {en: Seats}}}\nsheet: {kind: card,", "/clear"),
    ],
)
def test_what_would_do_nothing_does_not_load(desk: Revised, old: str, new: str, place: str) -> None:
    desk.edit("tracks/vehicle.yaml", old, new)
    slip = desk.refused("check")
    assert slip.code == 4
    assert f"vehicle.yaml at {place} " in slip.out


def test_a_register_whose_name_is_a_command_does_not_load(desk: Revised) -> None:
    desk.add(
        "tracks/backup.yaml", VEHICLE.replace("track: vehicle", "track: backup").replace("at: vehicles", "at: backups")
    )
    assert desk.refused("check").code == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_the_house_registers_and_changes_it(desk: Revised, language: str) -> None:
    new = {"en": "a new entry", "ru": "новая запись"}[language]
    line = {"en": "a vehicle", "ru": "автомобиль"}[language]

    def opened(*typed: str) -> str:
        session = Terminal(desk, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
        seen = session.run("menu --as-of 2026-11-25", [PARTNERS, line, *typed, "", LEAVE])
        assert seen.code == 0, seen.text
        return " ".join(seen.text.split())

    opened(new, "Bus", "", "01 KG 123", ".", "")
    assert [row["vehicle"] for row in desk.do("vehicle list").data["rows"]] == ["bus"]
    assert "bus · Bus" in opened("bus", "Coach", ".", "")
    assert "Coach" in desk.run("vehicle list --names").out + desk.sit(language, "vehicle list --names")
