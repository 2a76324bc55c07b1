"""Questions about what is written of a house: answers that wait, whose they are, and clients named by id or name."""

import json
from pathlib import Path

import pytest

from tests.support.desk import Desk, copied
from tests.support.role_house import RoleHouse, copied_house, house_by_role, open_alone
from tests.support.terminal import Terminal

BEGUN = ("1", "A. Primerova, IOM", "^C")
"""Who came and the name; then the bell rings."""


def test_answers_wait_in_the_file_of_the_month_until_they_are_written_down(desk: Desk) -> None:
    terminal = Terminal(desk)
    assert "The answers are kept" in terminal.run("add bishkek visit", BEGUN).text
    assert not desk.do("show bishkek visit").data["rows"]
    seen = terminal.run("add bishkek visit", ["1", "18:30", "", "1"]).text
    assert "A. Primerova, IOM" in seen
    (row,) = desk.do("show bishkek visit --names").data["rows"]
    assert row["fields"]["name"] == "A. Primerova, IOM"
    assert "Who came" in terminal.run("add bishkek visit", ["^C"]).text  # nothing waits any more


def test_beginning_anew_keeps_what_was_begun(desk: Desk) -> None:
    terminal = Terminal(desk)
    terminal.run("add bishkek visit", BEGUN)
    seen = terminal.run("add bishkek visit", ["2", "1", "B. Primerov", "19:00", "", "1"]).text
    assert "finish what you began:" in seen
    assert "A. Primerova, IOM" in seen
    assert "Saved: a visit of IOM." in seen
    terminal.run("add bishkek visit", ["1", "18:30", "", "1"])
    rows = desk.do("show bishkek visit --names").data["rows"]
    assert sorted(row["fields"]["name"] for row in rows) == ["A. Primerova, IOM", "B. Primerov"]
    assert "Who came" in terminal.run("add bishkek visit", ["^C"]).text  # nothing waits any more


def test_two_entries_that_one_person_began_are_told_apart(desk: Desk) -> None:
    terminal = Terminal(desk)
    terminal.run("add bishkek visit", BEGUN)
    terminal.run("add bishkek visit", ["2", "1", "B. Primerov", "^C"])
    seen = terminal.run("add bishkek visit", ["2", "19:00", "", "1"]).text
    assert "3 begin a new entry" in seen
    assert "Saved: a visit of IOM." in seen
    (row,) = desk.do("show bishkek visit --names").data["rows"]
    assert row["fields"]["name"] == "B. Primerov"
    assert "A. Primerova" in terminal.run("add bishkek visit", ["1", "^C"]).text


def test_an_entry_from_a_file_leaves_what_was_begun(desk: Desk) -> None:
    terminal = Terminal(desk)
    terminal.run("add bishkek visit", BEGUN)
    desk.do("add bishkek visit", {"kind": "iom", "name": "B", "at": "2026-11-24T10:00"})
    assert "A. Primerova" in terminal.run("add bishkek visit", [""]).text


def test_answers_about_a_day_long_ago_are_not_lost_while_other_months_are_read(desk: Desk) -> None:
    terminal = Terminal(desk)
    terminal.run("add bishkek visit", ["1", "A. Primerova, IOM", "3.03.2026 10:00", ""])
    seen = terminal.run("add bishkek visit", ["1", "1"])
    assert "Saved: a visit of IOM." in seen.text
    assert [row["on"] for row in desk.do("show bishkek visit --month 2026-03").data["rows"]] == ["2026-03-03"]
    assert "Who came" in terminal.run("add bishkek visit", ["^C"]).text


def test_an_entry_is_changed_and_what_it_said_before_is_kept(desk: Desk) -> None:
    entry = desk.do("add bishkek visit", {"kind": "iom", "name": "A", "at": "2026-11-24T10:00"}).data["entry"]
    assert "Changed" in Terminal(desk).run(f"add bishkek visit {entry}", [".", "6", "B", "1"]).text
    (row,) = desk.do("show bishkek visit --names").data["rows"]
    assert row["fields"]["name"] == "B"
    assert row["was"][0]["before"] == {"name": "A"}


@pytest.mark.parametrize("typed", ["айгуль", "<ID>", "айгл\n"])
def test_a_client_is_named_by_id_or_by_name(admitted: Desk, typed: str) -> None:
    answers = typed.replace("<ID>", admitted.her).split("\n")  # a near name is offered, and Enter takes it
    seen = Terminal(admitted).run(
        "add bishkek incident", ["6", "25.11.2026 12:00", "a fight", *answers, ".", "1", "yes"]
    )
    assert "Saved: an incident." in seen.text
    (row,) = admitted.do("show bishkek incident --names").data["rows"]
    assert row["fields"]["clients"] == [admitted.her]
    (named,) = admitted.do(f"show {admitted.her}").data["named_in"]
    assert (named["of"], named["on"], named["entry"]) == ("bishkek", "2026-11-25", row["entry"])


def test_a_name_of_a_client_in_a_text_is_warned_of_by_place(admitted: Desk) -> None:
    facts = {"kind": "other_security", "at": "2026-11-25T12:00", "description": "соседка обидела Айгуль"}
    findings = admitted.do("add bishkek incident", facts).page["findings"]
    (where,) = (one["where"] for one in findings if one["code"] == "register/names-client")
    assert where.endswith("/description")
    visit = {"kind": "other", "name": "Айгуль", "at": "2026-11-25T12:00", "justification": "сестра", "let_in": False}
    found = {(one["code"], one["where"]) for one in admitted.do("add bishkek visit", visit).page["findings"]}
    assert not any(code == "register/names-client" for code, _ in found)  # a visitor may have any name


def test_a_client_who_is_not_there_stays_open_by_place(admitted: Desk) -> None:
    facts = {"kind": "other_security", "at": "2026-11-25T12:00", "description": "x", "clients": ["AAAA-1234"]}
    found = [one for one in admitted.do("add bishkek incident", facts).page["findings"] if "clients" in one["where"]]
    assert [one["severity"] for one in found] == ["open"]


def test_an_act_needs_no_id_where_one_is_chosen(desk: Desk) -> None:
    for name, at in (("A", "2026-11-26T10:00"), ("B", "2026-11-27T10:00")):
        desk.do("add bishkek visit", {"kind": "iom", "name": name, "at": at})
    assert desk.refused("permit bishkek visit").code == 2
    assert "Which one?" in Terminal(desk).run("permit bishkek visit", ["2", "", "", "1"]).text
    rows = desk.do("show bishkek visit --names").data["rows"]
    assert ["permitted" in one["fields"] for one in rows] == [True, False]


def test_no_sentence_about_a_house_speaks_of_a_file(desk: Desk) -> None:
    terminal = Terminal(desk)
    seen = [terminal.run("add bishkek visit", ["."]).text, terminal.run("void bishkek", []).text]
    seen.append(terminal.run("add bishkek visit", ["1", ".", "4", "yes"]).text)
    seen.append(desk.run("permit bishkek visit").err)
    assert not any(words in said for said in seen for words in ("file", " her ", " his ", "Her ", "Its "))


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    desk = copied(_admitted, tmp_path_factory.mktemp("roles") / "desk")
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.mark.parametrize(("track", "answers", "readers"), [
    ("incident", ("7", "25.11.2026 12:00", "the manager shouted"), {"s-guard"}),
    ("visit", ("1", "A. Primerova"), {"s-guard", "manager", "s-gulnara"}),
])  # fmt: skip
def test_answers_that_may_come_to_name_a_reader_are_opened_by_their_writer_alone(
    made: RoleHouse, tmp_path: Path, track: str, answers: tuple[str, ...], readers: set[str]
) -> None:
    house = copied_house(made, tmp_path / "roles")
    Terminal(house.desk).run(f"add bishkek {track} --staff s-guard", [*answers, "^C"])
    (file,) = house.desk.store.glob("registers/house/*/*.yaml.age")
    held = json.loads(house.opened("manager", file.relative_to(house.desk.store).as_posix()) or b"")
    draft = held["records"]["bishkek"]["unfinished"][f"{track} @s-guard"]
    assert {
        code for code in ("s-guard", "manager", "s-gulnara", "s-iom") if opens(house, code, draft["age"])
    } == readers
    seen = Terminal(house.desk).run(f"add bishkek {track} --staff manager", ["^C"]).text
    assert "(1 of" in seen  # nobody else goes on with them


def opens(house: RoleHouse, code: str, block: str) -> bool:
    """Whether a person's key alone opens a sealed block."""
    return open_alone(block.encode(), house.key(code)) is not None
