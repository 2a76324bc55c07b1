"""What an index says of a person: nothing to whoever has the file, and neither names nor free text to its own key."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from shelterctl.identity.key_file import load_identity
from shelterctl.index import client_index
from shelterctl.index.client_index import ClientIndex
from shelterctl.index.image import read_image
from shelterctl.session import Options, Session
from tests.support.desk import Desk, copied
from tests.support.index_questions import ASKED, OFF, Question, answered, index_of, program_changed
from tests.support.register_files import INCIDENT
from tests.support.role_house import PEOPLE, RoleHouse, house_by_role
from tests.support.sampled import stride
from tests.whole.test_canary import CANARY, SEALED, sealed, whole_file

NO_ROWS = ("s-guard", "s-data")
"""The persons whose roles open no client's file."""


def ask(desk: Desk, who: str = "", questions: Sequence[str] = ASKED) -> None:
    """All that an index may answer, or some of it, by a program that keeps one for a single client."""
    with program_changed() as changed:
        changed.setattr(client_index, "FEWEST_TO_SAVE", 1)
        for words in questions:
            answered(desk, Question(words, who), "", {})


def open_index(desk: Desk) -> bytes:
    """All sections of the index, opened with its key."""
    seat = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    bound = ClientIndex(seat.store, seat.today, seat.memory_folder)._bound()
    image = read_image(index_of(desk), load_identity(desk.key, None), bound)
    assert image is not None
    return b"".join(image.sections.values())


def test_an_index_holds_no_name_and_no_word_of_her(desk: Desk) -> None:
    desk.her = desk.do("admit", whole_file()).data["id"]
    for track in SEALED:
        desk.ask(f"add {desk.her} {track}", sealed(track))
    ask(desk)
    lying, key = index_of(desk).read_bytes(), load_identity(desk.key, None)
    secrets = (key.key.encode(), (key.seed or b"").hex().encode(), key.seed or b"")
    assert not [one for one in (CANARY.encode(), desk.her.encode(), *secrets) if one in lying]
    inside = open_index(desk)
    assert desk.her.encode() in inside
    assert not [one for one in (CANARY.encode(), CANARY.casefold().encode(), *secrets) if one in inside]
    assert CANARY.encode("unicode_escape") not in inside
    assert index_of(desk).stat().st_mode & 0o077 == 0


def test_an_index_lies_beside_the_key_alone_and_in_no_backup(desk: Desk) -> None:
    desk.her = desk.do("admit", whole_file()).data["id"]
    ask(desk, questions=ASKED[:: stride(6)])
    (desk.folder / "usb").mkdir()
    desk.do("backup usb", today=None)
    found = [path.relative_to(desk.folder).as_posix() for path in desk.folder.rglob("*.index")]
    assert found == [f"key.heads/{index_of(desk).name}"]


def test_nothing_is_read_or_written_where_the_index_is_off(desk: Desk) -> None:
    desk.her = desk.do("admit", whole_file()).data["id"]
    with program_changed() as changed:
        changed.setattr(client_index, "FEWEST_TO_SAVE", 1)
        for words in ASKED[:: stride(3)]:
            answered(desk, Question(words), "", OFF)
    assert [*desk.folder.rglob("*.index")] == []


@pytest.fixture
def house(_admitted: Desk, _empty: Desk, tmp_path: Path) -> RoleHouse:
    return house_by_role(copied(_admitted, tmp_path / "house"), _empty.folder.parent / "recovery")


def test_a_key_that_opens_no_file_has_no_index(house: RoleHouse) -> None:
    for code in NO_ROWS:
        assert code in PEOPLE
        ask(house.desk, f"--staff {code}", ASKED[:: stride(5)])
    assert [*house.desk.folder.rglob("*.index")] == []
    ask(house.desk, "--staff s-gulnara", ASKED[:: stride(12)])
    assert len([*house.desk.folder.rglob("*.index")]) == 1
    house.desk.do("roles --take s-gulnara=social_worker")
    house.desk.do("roles --give s-gulnara=security")
    house.desk.do("trust --accept --staff s-gulnara")
    told = answered(house.desk, Question("list", "--staff s-gulnara"), "--json", {})
    alone = answered(house.desk, Question("list", "--staff s-gulnara"), "--json", OFF)
    assert (told.code, told.out) == (alone.code, alone.out)
    assert told.code == 5


def test_an_index_holds_no_word_of_the_registers_and_of_her_room(admitted: Desk) -> None:
    decision = {"what": CANARY, "owner": "s-gulnara", "deadline": "2026-11-26"}
    meeting = {"kind": "staff_meeting", "on": "2026-11-25", "note": CANARY, "decisions": [decision]}
    admitted.do("add bishkek occasion", meeting)
    admitted.do("add bishkek incident", {**INCIDENT, "description": CANARY})
    admitted.do(f"admit {admitted.her}", {"room": "3"})
    ask(admitted, questions=("due", "house"))
    assert b'"room":"3"' in open_index(admitted)
    admitted.do(f"admit {admitted.her}", {"room": f"3 {CANARY}"})
    ask(admitted, questions=("due", "house"))
    inside = open_index(admitted)
    assert b"2026-11-26" in inside
    assert CANARY.encode() not in inside
    assert CANARY in admitted.run("house --json", today=None).out
