"""The files of registers get the care of clients' files: check, backups, repair, sealing anew, the recovery paper."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import RECORDS_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.document.writing import format_compact_document
from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity
from shelterctl.session import Options, Session
from shelterctl.vault.protocol import FileToSave
from shelterctl.vault.sealed_bytes import read_age_header, strip_armour
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.register_files import INCIDENT, SHIFT, VISIT, blocks_of, read_register, register_files
from tests.support.stores import House


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A house with two computers; one recorded a shift, a visit and an incident, the other added to the last two."""
    desk = make_house_with_paper(tmp_path_factory.mktemp("registers") / "desk")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("trust --join --recovery paper --no-passphrase --identity two --staff manager")
    for key in ("key", "two"):
        desk.do(f"trust --accept --identity {key}")
    desk.do("add bishkek shift", SHIFT)
    visit = desk.do("add bishkek visit", VISIT).data["entry"]
    incident = desk.do("add bishkek incident", INCIDENT).data["entry"]
    desk.do(f"add bishkek visit {visit} --identity two", {"left_at": "2026-11-25T11:00"})
    desk.do(f"add bishkek incident {incident} --identity two", {"outcome": "стихло"})
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    return copied(made, tmp_path / "desk")


def file_of(desk: Desk, who: str = "key") -> str:
    """The file of a computer."""
    code = House(desk.folder, desk.her).code(who)
    return next(name for name in register_files(desk.store) if code in name)


def shown(desk: Desk) -> list[Any]:
    return [desk.do(f"show bishkek {track} --names").data["rows"] for track in ("shift", "visit", "incident")]


def rewritten(desk: Desk, change: Callable[[dict[str, Any]], None], who: str = "key", by: str = "key") -> None:
    """A file of a register as another program writes it, signed by a computer of the house."""
    session = Session(options=Options(identity=str(desk.folder / by), store=str(desk.store)))
    vault, name = session.store.vault, file_of(desk, who)
    data, version = vault.read(name)
    value = json.loads(data)
    change(value)
    made = FileToSave(name, format_compact_document(value).encode(), version)
    vault.write_all([made], did="add", by="manager", at=session.timestamp)


def test_check_finds_them_whole_and_damage_is_told_with_its_place(desk: Desk) -> None:
    assert "Nothing in the store is damaged." in desk.do("check").data["said"]
    name = file_of(desk)
    path = desk.store / name
    path.write_bytes(path.read_bytes()[:-1])
    told = desk.ask("check")
    assert (told.code, name in told.out) == (6, True)
    assert f"shelterctl repair {name} --from BACKUP" in told.out


@pytest.mark.parametrize("kind", ["strange", "folder", "home", "device", "link"])
def test_what_does_not_belong_below_the_registers_is_told_and_not_read(desk: Desk, kind: str) -> None:
    month = desk.store / "registers/house/2026-11"
    if kind == "strange":
        (month / "Айгуль.txt").write_text("x")
    elif kind == "folder":
        (month / "copies").mkdir()
    elif kind == "home":
        (desk.store / "registers/guests").mkdir()
    elif kind == "device":
        (month / "zzzzzzzz.yaml.age").write_bytes(b"x")
    else:
        (desk.store / "registers/staff").symlink_to(desk.folder)
    told = desk.ask("check")
    assert told.code == 0
    assert {"store/stranger", "store/link"} & {*told.codes()}
    assert "Айгуль" not in told.out


def test_a_folder_of_a_month_that_is_a_link_is_told(desk: Desk) -> None:
    month = desk.store / "registers/house/2026-11"
    month.rename(desk.folder / "away")
    month.symlink_to(desk.folder / "away")
    told = desk.ask("check")
    assert told.code == 6
    assert "vault/strange-folder" in told.codes()


@pytest.mark.parametrize("who", ["key", "two"])
def test_a_file_is_put_back_from_a_backup(desk: Desk, who: str) -> None:
    before, name = shown(desk), file_of(desk, who)
    desk.do("backup usb")
    (desk.store / name).write_bytes(b"x")
    assert desk.ask("check").code == 6
    desk.do(f"repair {name} --from usb")
    assert shown(desk) == before
    assert desk.do("check").code == 0
    assert desk.refused(f"repair {name} --from usb").code in (1, 2)


def test_a_file_with_a_wrong_block_is_put_back_from_a_backup(desk: Desk) -> None:
    before = shown(desk)
    desk.do("backup usb")

    def spoil(value: dict[str, Any]) -> None:
        entry = value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY][0]
        entry["age"] = entry["age"].replace("A", "B")

    rewritten(desk, spoil)
    assert desk.ask("check").code == 6
    desk.do(f"repair {file_of(desk)} --from usb")
    assert shown(desk) == before
    desk.do("check")


def test_a_file_is_given_up_with_a_reason_and_the_rest_goes_on(desk: Desk) -> None:
    name = file_of(desk)
    (desk.store / name).unlink()
    assert desk.ask("check").code == 6
    desk.do(f"repair {name} --give-up --reason-code no_backup")
    told = desk.do("check")
    assert name in told.out
    assert shown(desk) == [[], [], []]
    desk.do("add bishkek shift", SHIFT)
    assert len(shown(desk)[0]) == 1


def test_a_backup_is_restored_with_all_that_is_in_the_registers(desk: Desk) -> None:
    before = shown(desk)
    desk.do("backup usb")
    shutil.rmtree(desk.store)
    desk.do("restore usb --store house", today=None)
    assert shown(desk) == before
    desk.do("check")


def test_the_recovery_paper_opens_all_of_it(desk: Desk) -> None:
    answer = desk.do("check --recovery paper")
    assert answer.data["opened"] == len([*desk.store.rglob("*.age")]) + 2

    def spoil(value: dict[str, Any]) -> None:
        entry = value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY][0]
        entry["age"] = entry["age"].replace("A", "B")

    rewritten(desk, spoil)
    assert desk.ask("check --recovery paper").code == 6


def opens(key: str, data: bytes) -> bool:
    """Whether a key opens a file or a block."""
    with suppress(CannotOpen):
        return bool(load_identity(Path(key), None).open(data))
    return False


def test_who_is_shut_out_opens_no_file_and_no_block_any_more(desk: Desk) -> None:
    before = shown(desk)
    code = House(desk.folder, desk.her).code("two")
    desk.do(f"device end {code} --lost", today=None)
    for name in register_files(desk.store):
        data = (desk.store / name).read_bytes()
        blocks = [block for _, block in blocks_of(read_register(data, load_identity(desk.key, None))).values()]
        for sealed in (data, *map(strip_armour, blocks)):
            assert read_age_header(sealed, name).keys == 2
            assert not opens(str(desk.folder / "two"), sealed)
    assert shown(desk) == before
    desk.do("check")


def test_a_new_paper_opens_all_and_the_old_one_nothing(desk: Desk) -> None:
    desk.do("recovery renew --recovery new-paper", today=None)
    desk.do("check --recovery new-paper")
    for name in register_files(desk.store):
        assert not opens(str(desk.folder / "paper"), (desk.store / name).read_bytes())


def test_a_file_whose_line_was_lost_is_shown_and_signed_for(desk: Desk) -> None:
    before, name = shown(desk), file_of(desk)
    path = desk.store / f"journal/{House(desk.folder, desk.her).code('key')}.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(b"#" * 40 if name.encode() in line else line for line in lines))
    desk.do("repair journal --give-up")
    (told,) = desk.do("repair journal --names").data["repaired"]["waiting"]
    assert told["place"] == name
    said = str(told)
    assert all(each in said for each in ("Registers of the houses", "шум на улице", "Сантехников", "s-gulnara"))
    hidden = str(desk.do("repair journal").data["repaired"]["waiting"])
    assert not any(each in hidden for each in ("шум", "Сантехников"))
    assert desk.refused(f"repair journal --vouch {name} {'0' * 64}").code == 7
    desk.do(f"repair journal --vouch {name} {told['sha256']}")
    assert shown(desk) == before
    desk.do("check")


SPOILT: dict[str, Callable[[dict[str, Any]], None]] = {}


def spoils(made: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    SPOILT[made.__name__] = made
    return made


@spoils
def a_block_of_another_entry(value: dict[str, Any]) -> None:
    first, second = value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY]
    first["age"], second["age"] = second["age"], first["age"]


@spoils
def an_entry_under_another_code(value: dict[str, Any]) -> None:
    value[RECORDS_KEY]["osh"] = value[RECORDS_KEY].pop("bishkek")


@spoils
def an_entry_that_is_gone(value: dict[str, Any]) -> None:
    del value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY][0]


@spoils
def another_number(value: dict[str, Any]) -> None:
    counted = value[RECORDS_KEY]["bishkek"][SEALED_KEY]["revisions"]
    counted[next(iter(counted))] += 1


@spoils
def another_month(value: dict[str, Any]) -> None:
    value["month"] = "2026-10"


@spoils
def another_home(value: dict[str, Any]) -> None:
    value["home"] = "staff"


@spoils
def no_records(value: dict[str, Any]) -> None:
    del value[RECORDS_KEY]


@spoils
def another_marker(value: dict[str, Any]) -> None:
    entries = value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY]
    next(one for one in entries if one["track"] == "visit")["kind"] = "iom"


@pytest.mark.parametrize("name", SPOILT)
def test_what_another_program_spoils_is_told_and_costs_no_other_entry(desk: Desk, name: str) -> None:
    rewritten(desk, SPOILT[name])
    told = desk.ask("check")
    assert (told.code, file_of(desk) in told.out) == (6, True), told.out
    assert desk.ask("list").code == 0
    if name not in ("another_month", "another_home", "no_records", "an_entry_under_another_code"):
        assert len(desk.ask("list shift").data["rows"]) == 1
        seen = [desk.ask(f"show bishkek {track} --names") for track in ("shift", "visit", "incident")]
        assert {one.code for one in seen} <= {0, 6}
        assert len(seen[0].data["rows"]) == 1


def test_an_older_block_put_back_is_told(desk: Desk) -> None:
    key = load_identity(desk.key, None)
    before = read_register((desk.store / file_of(desk)).read_bytes(), key)
    old = before[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY]
    fresh = desk.do("add bishkek incident", {**INCIDENT, "at": "2026-11-25T12:00"}).data["entry"]
    held = read_register((desk.store / file_of(desk)).read_bytes(), key)
    block = next(one for one in held[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY] if one["id"] == fresh)[
        "age"
    ]
    desk.do(f"add bishkek incident {fresh}", {"outcome": "стихло"})

    def put_back(value: dict[str, Any]) -> None:
        entries = value[RECORDS_KEY]["bishkek"][SEALED_KEY][SEALED_ENTRIES_KEY]
        next(one for one in entries if one["id"] == fresh)["age"] = block

    rewritten(desk, put_back)
    told = desk.ask("check")
    assert (told.code, "sealed/rolled-back" in told.codes()) == (6, True)
    assert old


def test_a_file_of_another_computer_copied_under_ones_own_name_counts_once(desk: Desk) -> None:
    before = shown(desk)
    key = load_identity(desk.key, None)
    theirs = read_register((desk.store / file_of(desk)).read_bytes(), key)

    def copy(value: dict[str, Any]) -> None:
        value[RECORDS_KEY] = theirs[RECORDS_KEY]

    rewritten(desk, copy, "two", "two")
    told = desk.ask("check")
    assert (told.code, "register/twice" in told.codes()) == (6, True)
    rows = [desk.ask(f"show bishkek {track} --names").data["rows"] for track in ("shift", "visit", "incident")]
    assert [len(one) for one in rows] == [len(one) for one in before]


def test_an_addition_moved_to_another_entry_is_told(desk: Desk) -> None:
    def move(value: dict[str, Any]) -> None:
        first, second = value[RECORDS_KEY]["bishkek"][ADDITIONS_KEY]
        first["age"], second["age"] = second.get("age", first.get("age")), first.get("age", second.get("age"))

    rewritten(desk, move, "two", "two")
    told = desk.ask("check")
    assert told.code == 6, told.out
