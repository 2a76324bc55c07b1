"""What whoever works in a house by role can do to its registers with a key of her own: read, forge, copy, put back."""

import json
import shutil
from collections.abc import Callable
from typing import Any

from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import RECORDS_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.document.writing import format_compact_document
from shelterctl.store.sealed_record import place_of_addition
from shelterctl.vault.sealed_bytes import BlockPlace, open_block, seal_block
from tests.attack.lab import Lab
from tests.support.register_files import blocks_of, read_register, register_files
from tests.support.role_house import open_alone

Facts = dict[str, Any]
HOUSE = "bishkek"
SECRETS = {"s-guard": "охранник кричал", "manager": "руководитель кричал"}
"""Words of the incident that names each of them."""


def guard_reads_the_registers(lab: Lab) -> None:
    """The guard opens whatever her key opens: visits, and not the incident that names her."""
    assert _parts_opened(lab, "s-guard") == {"house-visitors"}
    _is_told_nothing(lab, "s-guard", "s-guard")


def manager_reads_the_registers(lab: Lab) -> None:
    """The manager opens visits and the incident about the guard, and not the complaint that names her."""
    assert _parts_opened(lab, "manager") == {"house-visitors", "house-incidents"}
    _is_told_nothing(lab, "manager", "manager")


def others_read_the_registers(lab: Lab) -> None:
    """Whoever works in the house without a part in it, and the coordinator of IOM."""
    assert _parts_opened(lab, "s-other") == {"house-complaints"}  # her own
    assert _parts_opened(lab, "s-iom") == {"house-complaints"}
    assert _parts_opened(lab, "s-aida") == set()
    assert _parts_opened(lab, "s-officer") is None


def dismissed_reads_the_registers(lab: Lab) -> None:
    assert _parts_opened(lab, "s-gone") is None


def older_register_put_back(lab: Lab) -> None:
    """The guard's file as it was before she noted when the visitor left; no line says so."""
    name = _file(lab, "s-guard")
    shutil.copy(lab.old / name, lab.house / name)


def register_dropped(lab: Lab) -> None:
    """The file of the social worker, with the incident about the guard, is deleted."""
    (lab.house / _file(lab, "s-gulnara")).unlink()


def older_block_in_the_register(lab: Lab) -> None:
    """The guard signs her file with the block of her visit from before, and the count as it is."""
    name = _file(lab, "s-guard")
    before = read_register((lab.old / name).read_bytes(), lab.key)

    def change(value: Facts) -> None:
        _entries(value)[0]["age"] = _entries(before)[0]["age"]

    _signed(lab, "s-guard", "s-guard", change)


def block_of_another_entry_in_the_register(lab: Lab) -> None:
    """The guard puts the block of the incident about her into her visit."""
    theirs = _read(lab, "s-gulnara")
    _signed(lab, "s-guard", "s-guard", lambda value: _entries(value)[0].update(age=_entries(theirs)[0]["age"]))


def entry_under_another_code_of_the_register(lab: Lab) -> None:
    """The guard writes her visit under a code that is not registered."""

    def change(value: Facts) -> None:
        value[RECORDS_KEY]["osh"] = value[RECORDS_KEY].pop(HOUSE)

    _signed(lab, "s-guard", "s-guard", change)


def register_of_another_copied(lab: Lab) -> None:
    """The guard signs what the social worker wrote as a file of her own."""
    theirs = _read(lab, "s-gulnara")
    _signed(lab, "s-guard", "s-guard", lambda value: value[RECORDS_KEY].update(theirs[RECORDS_KEY]))


def register_of_another_changed(lab: Lab) -> None:
    """The guard takes the incident about her out of the social worker's file, with its count, and signs it."""

    def change(value: Facts) -> None:
        sealed = value[RECORDS_KEY][HOUSE].pop(SEALED_KEY)
        assert len(sealed[SEALED_ENTRIES_KEY]) == 1

    _signed(lab, "s-gulnara", "s-guard", change)


def addition_under_anothers_code(lab: Lab) -> None:
    """The guard permits a visit in the manager's name."""
    visit = _entries(_read(lab, "s-guard"))[0]["id"]
    made_up = {
        "id": "AAAA2222", "entry": visit, "number": 9, "at": "2026-11-26T10:00+06:00", "by": "manager",
        "track": "visit", "part": "house-visitors", "values": {"left_at": "2026-11-25T23:00+06:00"},
    }  # fmt: skip
    _signed(lab, "s-guard", "s-guard", lambda value: value[RECORDS_KEY][HOUSE].update({ADDITIONS_KEY: [made_up]}))


def addition_taken_out(lab: Lab) -> None:
    """The social worker takes back what she added to a visit, as if it had never been there."""
    _signed(lab, "s-gulnara", "s-gulnara", lambda value: value[RECORDS_KEY][HOUSE].pop(ADDITIONS_KEY))


def addition_shared(lab: Lab) -> None:
    """The social worker seals what she added to a visit for the psychologist too."""

    def change(value: Facts) -> None:
        (one,) = value[RECORDS_KEY][HOUSE][ADDITIONS_KEY]
        key = lab.person("s-gulnara")
        inside = open_block(one["age"], place_of_addition(HOUSE, one), key)
        keys = (*lab.chain.readership.recipients(one["part"], [one["by"]]), lab.person("s-aida").recipient)
        one["age"] = seal_block(place_of_addition(HOUSE, one), inside.content, keys, inside.revision)

    _signed(lab, "s-gulnara", "s-gulnara", change)


def incident_shared_with_whom_it_names(lab: Lab) -> None:
    """The social worker seals the incident about the guard for the guard too."""

    def change(value: Facts) -> None:
        (one,) = _entries(value)
        place = BlockPlace(HOUSE, one["part"], one["track"], one["id"])
        inside = open_block(one["age"], place, lab.person("s-gulnara"))
        keys = (*lab.chain.readership.recipients(one["part"], ["s-gulnara"]), lab.person("s-guard").recipient)
        one["age"] = seal_block(place, inside.content, keys, inside.revision)

    _signed(lab, "s-gulnara", "s-gulnara", change)


def register_of_staff_by_the_guard(lab: Lab) -> None:
    """The guard makes up a paper about a member of staff, in a register that her role does not open."""
    value = {**_read(lab, "s-guard"), "home": "staff", RECORDS_KEY: {}}
    guard = lab.person("s-guard")
    name = f"registers/staff/2026-11/{guard.device}.yaml.age"
    data = format_compact_document(value).encode()
    (lab.house / name).parent.mkdir(parents=True)
    lab.save(guard, name, lab.sealed_for("register-staff", data), seen=lab.seen_by(guard))


def _file(lab: Lab, code: str) -> str:
    device = lab.person(code).device
    return next(name for name in register_files(lab.house) if str(device) in name)


def _read(lab: Lab, code: str) -> Facts:
    return read_register((lab.house / _file(lab, code)).read_bytes(), lab.key)


def _entries(value: Facts) -> list[Facts]:
    entries: list[Facts] = value[RECORDS_KEY][HOUSE][SEALED_KEY][SEALED_ENTRIES_KEY]
    return entries


def _signed(lab: Lab, whose: str, by: str, change: Callable[[Facts], object]) -> None:
    """A file as somebody changed it with another program, sealed for its readers and signed by her own key."""
    value = json.loads(json.dumps(_read(lab, whose)))
    change(value)
    data, key = format_compact_document(value).encode(), lab.person(by)
    lab.save(key, _file(lab, whose), lab.sealed_for("register-house", data), seen=lab.seen_by(key), did="add")


def _parts_opened(lab: Lab, code: str) -> set[str] | None:
    """The parts of sealed entries that a key opens with age alone; None if it opens no file of a register."""
    key = lab.key if code == "manager" else lab.person(code)
    files = [(lab.house / name).read_bytes() for name in register_files(lab.house)]
    if not any(open_alone(data, key) for data in files):
        return None
    assert all(open_alone(data, key) for data in files)
    found = (each for data in files for each in blocks_of(read_register(data, lab.key)).values())
    return {part for part, block in found if open_alone(block.encode(), key)}


def _is_told_nothing(lab: Lab, code: str, named: str) -> None:
    """No command shows whom an incident names anything of it."""
    desk, before = lab.desk(), lab.whole / "house"
    assert before.exists()
    ids = [one["id"] for whose in ("s-gulnara", "s-other") for one in _entries(_read(lab, whose))]
    own = ids[0] if named == "s-guard" else ids[1]
    asked = ("show bishkek incident", "show bishkek", "list incident", "check", "due", "who-can-read bishkek")
    for words in asked:
        out = desk.ask(f"{words} --staff {code}").out
        assert SECRETS[named] not in out
        assert own not in out
