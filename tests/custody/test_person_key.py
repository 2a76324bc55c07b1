"""A key for each person: made, asked for, accepted by a manager, forgotten, and what is refused on the way."""

from pathlib import Path

import pytest

from shelterctl.identity.key_file import load_identity
from tests.support.desk import Desk, copied
from tests.support.role_house import PEOPLE, RoleHouse, copied_house, house_by_role


def request(desk: Desk, code: str) -> Path:
    return desk.folder / "key.people" / f"{code}.request"


def key(desk: Desk, code: str) -> Path:
    return desk.folder / "key.people" / code


def listed(desk: Desk, code: str) -> list[str]:
    """The keys of a person on the list, in force or not."""
    return [one["device"] for one in desk.do("device list").data["rows"] if one["staff"] == code]


def second_computer(desk: Desk, folder: Path) -> Desk:
    """Another computer over the same store, with a home of its own and no key yet."""
    folder.mkdir()
    other = Desk(folder, desk.her)
    other.store = desk.store
    return other


def test_a_key_is_made_asked_for_and_accepted(desk: Desk) -> None:
    made = desk.do("staff key s-aida --no-passphrase").data
    assert made["staff"] == "s-aida"
    assert len(made["words"].split()) == 4
    assert load_identity(key(desk, "s-aida"), None).device == made["device"]
    assert key(desk, "s-aida").stat().st_mode & 0o077 == 0
    assert listed(desk, "s-aida") == []
    accepted = desk.do("staff key s-aida --accept").data
    assert (accepted["words"], accepted["roles"]) == (made["words"], ["psychologist"])
    assert listed(desk, "s-aida") == [made["device"]]
    assert not request(desk, "s-aida").exists()


def test_while_the_request_is_open_it_is_made_again_and_the_key_stays(desk: Desk) -> None:
    first = desk.do("staff key s-aida --no-passphrase").data
    desk.do("staff key s-gulnara --no-passphrase")
    desk.do("staff key s-gulnara --accept")  # the list moved on
    assert desk.refused("staff key s-aida --accept").error == "key/outdated"
    again = desk.do("staff key s-aida").data
    assert (again["device"], again["words"]) == (first["device"], first["words"])
    desk.do("staff key s-aida --accept")
    assert (answer := desk.refused("staff key s-aida")).code == 2
    assert answer.error == "key/there"


def test_a_forgotten_passphrase_is_a_new_key_and_the_old_one_is_set_aside(desk: Desk) -> None:
    old = desk.do("staff key s-aida --no-passphrase").data
    desk.do("staff key s-aida --accept")
    new = desk.do("staff key s-aida --renew --no-passphrase").data
    assert new["device"] != old["device"]
    assert load_identity(key(desk, "s-aida.old1"), None).device == old["device"]
    accepted = desk.do("staff key s-aida --accept").data["said"]
    assert f"The old key of s-aida, {old['device']}, is ended." in accepted
    states = {one["device"]: one["state"] for one in desk.do("device list").data["rows"]}
    assert (states[old["device"]], states[new["device"]]) == ("ended", "in_force")


def test_what_a_key_of_ones_own_could_open_is_said_when_it_is_shut_out(desk: Desk) -> None:
    made = desk.do("staff key s-aida --no-passphrase").data
    desk.do("staff key s-aida --accept")
    assert "Computers that open the store: 1. The recovery paper opens it too." in desk.do("device list").data["said"]
    said = desk.do(f"device end {made['device']} --lost --check").data["said"]
    assert f"Key {made['device']} of s-aida. Nothing was written with it." in said
    assert "Roles do not decide here yet, so this key has opened nothing." in said


def test_a_request_travels_on_a_stick_from_another_computer(desk: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick.request"
    other = second_computer(desk, tmp_path / "other")
    made = other.do(f"staff key s-aida --no-passphrase --out {stick}").data
    assert stick.exists()
    assert load_identity(other.key, None).device == made["device"]  # the first key there is the computer's
    assert desk.refused("staff key s-aida --accept").error == "key/no-request"
    assert desk.do(f"staff key s-aida --accept --from {stick}").data["words"] == made["words"]
    assert (answer := desk.refused(f"staff key s-aida --accept --from {tmp_path / 'none'}")).code == 3
    assert answer.error == "key/no-request"


def test_a_request_that_was_changed_by_any_byte_is_not_accepted(desk: Desk) -> None:
    desk.do("staff key s-aida --no-passphrase")
    line = request(desk, "s-aida").read_bytes()
    for at in range(0, len(line) - 1, 37):
        request(desk, "s-aida").write_bytes(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :])
        answer = desk.refused("staff key s-aida --accept")
        assert (answer.code, answer.error) == (2, "key/bad-request"), at
    for data in (b"", b"{}\n", b"\xff" * 40, line * 2):
        request(desk, "s-aida").write_bytes(data)
        assert desk.refused("staff key s-aida --accept").error == "key/bad-request"
    request(desk, "s-aida").write_bytes(line)
    desk.do("staff key s-aida --accept")


def test_a_request_is_written_over_nothing_but_an_earlier_one_of_that_person(desk: Desk) -> None:
    (desk.folder / "notes").write_text("kept")
    journal = next((desk.store / "journal").iterdir())
    desk.do("staff key s-gulnara --no-passphrase --out stick.request")
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    for out in ("key", "notes", "house/trust.jsonl", "house/new", journal, "key.people/s-aida", "stick.request"):
        answer = desk.refused(f"staff key s-aida --no-passphrase --out {out}")
        assert (answer.code, answer.error) == (2, "key/place"), out
    assert {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()} == before
    desk.do("staff key s-gulnara --out stick.request")
    desk.do("staff key s-gulnara --accept --from stick.request")


def test_a_request_counts_for_its_own_code_alone(desk: Desk) -> None:
    desk.do("staff key s-aida --no-passphrase")
    answer = desk.refused(f"staff key s-gulnara --accept --from {request(desk, 's-aida')}")
    assert (answer.code, answer.error) == (2, "key/other-staff")


def test_who_is_not_registered_or_has_left_gets_no_key(desk: Desk) -> None:
    desk.do("staff key s-nobody --no-passphrase")
    assert (answer := desk.refused("staff key s-nobody --accept")).code == 3
    assert answer.error == "staff/unknown"
    desk.do("staff key s-aida --no-passphrase")
    desk.do("staff end s-aida --on 2026-11-25")
    assert desk.refused("staff key s-aida --accept").error == "staff/unknown"


def test_accepted_twice_is_accepted_once(desk: Desk) -> None:
    desk.do("staff key s-aida --no-passphrase")
    copy = desk.folder / "copy"
    copy.write_bytes(request(desk, "s-aida").read_bytes())
    desk.do("staff key s-aida --accept")
    desk.do(f"staff key s-aida --accept --from {copy}")
    assert len(listed(desk, "s-aida")) == 1


def test_an_unknown_role_is_refused_and_several_are_given(desk: Desk) -> None:
    desk.do("staff key s-aida --no-passphrase")
    assert desk.refused("staff key s-aida --accept --role boss").error == "usage/role"
    given = desk.do("staff key s-aida --accept --role manager --role psychologist").data
    assert given["roles"] == ["manager", "psychologist"]


def test_options_of_accepting_go_with_accepting(desk: Desk) -> None:
    for option in ("--role psychologist", "--from x", "--recovery x"):
        answer = desk.refused(f"staff key s-aida --no-passphrase {option}")
        assert (answer.code, answer.error) == (2, "usage/one-thing")


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:

    desk = copied(_admitted, tmp_path_factory.mktemp("keys") / "desk")
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture
def house(made: RoleHouse, tmp_path: Path) -> RoleHouse:
    return copied_house(made, tmp_path / "house")


def test_when_roles_decide_it_is_what_the_role_of_that_person_reads(house: RoleHouse) -> None:
    (code,) = [one["device"] for one in house.desk.do("device list").data["rows"] if one["staff"] == "s-guard"]
    said = house.desk.do(f"device end {code} --lost").data["said"]
    assert f"Key {code} is shut out." in said
    assert any("could open what these roles read: security" in one for one in said)
    assert not any("every file as it is now" in one for one in said)
    news = house.desk.do("trust --staff s-aida").data["said"]
    assert any(f"the key {code} of s-guard is shut out; by manager" in one for one in news)


def test_only_a_managers_key_or_the_paper_accepts_once_roles_decide(house: RoleHouse) -> None:
    desk = house.desk
    desk.do("staff add s-new --role social_worker")
    desk.do("staff key s-new --no-passphrase")
    for code in PEOPLE:
        if code != "manager":
            answer = desk.refused(f"staff key s-new --accept --staff {code}")
            assert answer.code == 5, code
            assert answer.error == ("trust/not-manager"), code
    desk.do(f"staff key s-new --accept --recovery {house.paper}")


def test_a_key_of_a_further_manager_gives_keys_in_its_turn(house: RoleHouse) -> None:
    desk = house.desk
    desk.do("staff add s-boss --role manager")
    desk.do("staff key s-boss --no-passphrase")
    desk.do("staff key s-boss --accept")
    desk.do("staff add s-new --role social_worker")
    desk.do("staff key s-new --no-passphrase")
    desk.do("trust --accept --staff s-boss")
    desk.do("staff key s-new --accept --staff s-boss")
    assert house.opened("s-new", f"residents/{house.her}.yaml.age") is not None


def test_without_her_key_a_code_is_nobody(house: RoleHouse) -> None:
    desk = house.desk
    desk.do("staff add s-new --role social_worker")
    for words in (f"show {house.her}", "list", f"add {house.her} need"):
        answer = desk.refused(f"{words} --staff s-new")
        assert (answer.code, answer.error) == (5, "staff/needs-key"), words


@pytest.mark.parametrize(
    ("code", "role", "opens_files"), [("s-guard", "security", False), ("s-aida", "psychologist", True)]
)
def test_what_an_accepted_key_will_open_is_said_by_its_role(
    code: str, role: str, opens_files: bool, admitted: Desk
) -> None:
    admitted.do(f"staff add {code} --role {role}")
    admitted.do(f"staff key {code} --no-passphrase")
    told = " ".join(admitted.do(f"staff key {code} --accept").data["said"])
    assert ("opens files once roles decide" in told) == opens_files
    assert ("and no client's file" in told) != opens_files


def test_where_roles_decide_the_key_of_a_guard_is_said_to_open_the_list_alone(house: RoleHouse) -> None:
    house.desk.do("staff add s-night --role security")
    house.desk.do("staff key s-night --no-passphrase")
    told = " ".join(house.desk.do("staff key s-night --accept").data["said"])
    assert "It opens the list of who sleeps in the house, by number, and no client's file." in told
