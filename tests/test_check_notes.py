"""What check notes of facts that cannot all be right: nothing is refused for it, and both sides are named."""

import sys
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from gate import REFERRAL
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.act.same_person import find_duplicate_files
from shelterctl.core.people import MatchDegree, Person, match_persons
from shelterctl.core.record.client import Client

if TYPE_CHECKING:
    from conftest import Desk


NEWS = "2026-11-20T10:00+06:00"


def client(desk: "Desk", **more: Any) -> str:
    identity = {"first_name": "Айгуль", "last_name": "Примерова", "sex": "female", **more.pop("identity", {})}
    given = {"identity": identity, "referral": {"sources": ["scme"], "received_at": NEWS}, **more}
    return str(desk.do("admit --new-person", given).data["id"])


def noted(desk: "Desk", id_: str = "") -> list[tuple[str, str]]:
    told = desk.do(f"check {id_}")
    return [(one["where"], one["clause"]) for one in told.page["findings"] if one["severity"] == "warn"]


@pytest.mark.parametrize(
    ("born", "months", "found"),
    [
        ("2016", 131, []),
        ("2016", 132, [("/trafficking/months_trafficked", "I.3")]),
        ("2016-11-25", 121, []),
        ("2016-11-26", 121, [("/trafficking/months_trafficked", "I.3")]),
        (None, 132, []),
    ],
)
def test_exploitation_lasted_no_longer_than_she_has_lived(
    born: str | None, months: int, found: list[tuple[str, str]], desk: "Desk"
) -> None:
    her = client(desk, identity={"birth_date": born} if born else {}, trafficking={"months_trafficked": months})
    assert noted(desk, her) == found


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("2026-10-20", [("/identity/birth_date", "M1.0.C3")]),
        ("2023-11-21", [("/identity/birth_date", "M1.0.C3")]),
        ("2024", [("/identity/birth_date", "M1.0.C3")]),
        ("2023-11-20", []),
        ("2023", []),
        ("2023-11", []),
        ("2001", []),
    ],
)
def test_who_came_younger_than_any_house_takes_in_is_noted_on_the_day_of_the_news(
    born: str, found: list[tuple[str, str]], desk: "Desk"
) -> None:
    her = client(desk, identity={"birth_date": born})
    assert noted(desk, her) == found
    assert desk.ask(f"check {her}", today="2040-01-01").code == 0
    words = {"en": "younger", "ru": "младше"}
    assert all(
        (word in desk.run(f"check {her} --lang {language}").out) is bool(found) for language, word in words.items()
    )


def test_a_child_is_not_older_than_its_mother(desk: "Desk") -> None:
    young, old = ({"birth_date": year, "sex": "female", "stays_with_her": False} for year in ("2019", "1990"))
    her = client(desk, identity={"birth_date": "1999"}, children=[young, old])
    assert noted(desk, her) == [("/children/1/birth_date", "R4.0.4")]


def pairs(desk: "Desk") -> list[tuple[str, str]]:
    told = desk.do("check")
    same = [one for one in told.page["findings"] if one["code"] == "admission/same-person"]
    assert {one["severity"] for one in same} <= {"warn"}
    return [(one["record"], one["facts"]["id"]) for one in same]


def test_two_files_of_one_person_are_noted_with_both_ids(desk: "Desk") -> None:
    first = client(desk, identity={"birth_date": "1999"})
    assert pairs(desk) == []
    other = client(desk, identity={"first_name": "Примерова", "last_name": "АЙГУЛЬ", "birth_date": "1999-03"})
    ((one, two),) = pairs(desk)
    assert {one, two} == {first, other}
    said = desk.run("check").out
    assert first in said
    assert other in said
    assert pairs_of(desk, other) == []


def pairs_of(desk: "Desk", id_: str) -> list[Any]:
    """A check of one file looks at no other."""
    return [one for one in desk.do(f"check {id_}").page["findings"] if one["code"] == "admission/same-person"]


@pytest.mark.parametrize(
    "identity",
    [
        {"birth_date": "1998"},
        {"birth_date": "1999", "first_name": "Айнура"},
        {},
        {"birth_date": "1999", "middle_name": "Асановна"},
    ],
)
def test_namesakes_are_not(identity: dict[str, Any], desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999", "middle_name": "Бакытовна"})
    client(desk, identity=identity)
    assert pairs(desk) == []


def test_a_name_in_other_letters_is_hers_too(desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999"})
    client(desk, identity={"birth_date": "1999", "first_name": "Aigul", "last_name": "Primerova"})
    assert len(pairs(desk)) == 1


def test_a_file_that_is_struck_through_is_nobodys_double(desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999"})
    other = client(desk, identity={"birth_date": "1999"})
    (stay,) = desk.record(other)["stays"]
    desk.do(f"void {other} {stay['id']} --reason-code entered_twice")
    assert pairs(desk) == []


def test_nothing_is_noted_of_the_usual_client(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    assert noted(desk, her) == []


NAMED = st.lists(
    st.sampled_from(["Айгуль", "Aigul", "Асан", "Xan", "Хан", "Ксан", "Асан кызы", "Jan"]), min_size=1, max_size=2
)


@given(st.lists(st.tuples(NAMED, NAMED, st.sampled_from(["1999", "1999-03", "2000"])), max_size=9))
def test_a_file_is_noted_wherever_one_before_it_is_of_the_same_person(files: list[tuple[list[str], ...]]) -> None:
    clients = [
        Client(
            {
                "id": f"{number}",
                "identity": {"first_name": " ".join(first), "last_name": " ".join(last), "birth_date": born},
            }
        )
        for number, (first, last, born) in enumerate(files)
    ]
    people = [Person(her.facts["identity"]) for her in clients]

    def same(number: int) -> list[str]:
        return [
            str(before)
            for before in range(number)
            if match_persons(people[before], people[number]).degree is MatchDegree.SAME
            and str(files[before][2])[:4] == str(files[number][2])[:4]
        ]

    found = {one.record: one.facts["id"] for one in find_duplicate_files(clients)}
    assert {number for number in map(str, range(len(files))) if same(int(number))} == {*found}
    assert all(other in same(int(str(number))) for number, other in found.items())


def test_in_a_house_of_many_few_files_are_compared() -> None:
    compared = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal compared
        compared += event == "call" and frame.f_code is match_persons.__code__

    names = [("Айгуль", f"{chr(0x430 + one)}{chr(0x430 + two)}ова") for one in range(20) for two in range(20)]
    people = [{"first_name": first, "last_name": last, "birth_date": "1999"} for first, last in [*names, *names]]
    clients = [Client({"id": str(number), "identity": identity}) for number, identity in enumerate(people)]
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = list(find_duplicate_files(clients))
    finally:
        sys.setprofile(before)
    assert len(found) >= len(names)
    assert len(names) <= compared < 3 * len(clients)
