"""The same person is noticed however her name was typed, nobody else is taken for her, and she is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.person import alike, distance, fold, likely_same, spelled


def file(first: str, last: str, birth: object = None, **more: object) -> dict[str, object]:
    known = {"first_name": first, "last_name": last, **({"birth_date": birth} if birth else {}), **more}
    return {"identity": known}


HER = file("Алёна", "Примерова-Образцова", "1999-03")
AIGUL = file("Айгүл", "Примерова", "1999-03", middle_name="Асан кызы", also_known_as=["Гуля", "Лола Щукина"])


@pytest.mark.parametrize(
    "other",
    [
        file("АЛЕНА", "Примерова Образцова", 1999),
        file("Примерова‑Образцова", "Алёна", "1999-12-31"),
        file(" алёна ", "примерова - образцова"),
    ],
    ids=["case, yo and hyphen", "either order", "no birth year"],
)
def test_she_is_noticed(other: dict[str, object]) -> None:
    assert likely_same(HER, other)


@pytest.mark.parametrize(
    "other",
    [
        file("Алёна", "Примерова-Образцова", 1998),
        file("Алина", "Примерова-Образцова", 1999),
        file("Alena", "Primerova-Obraztsova", 1999),
        file("", ""),
        {},
    ],
    ids=["another year", "another name", "another alphabet", "no name", "an empty file"],
)
def test_nobody_else_is_taken_for_her(other: dict[str, object]) -> None:
    assert not likely_same(HER, other)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Айгүл", "Примерова", "exact"),
        ("примерова", "АЙГҮЛ", "exact"),
        ("Айгүл Примерова", None, "exact"),
        (None, "Примерова", "exact"),
        ("Гуля", None, "exact"),
        ("Лола", "Примерова", "exact"),
        ("Айгул", "Примерова", "alike"),
        ("Айгуль", "Примирова", "alike"),
        ("Aigul", "Primerova", "alike"),
        ("Aygul", "Primerowa", "alike"),
        ("Аигул", "Пирмерова", "alike"),
        ("Айгүл", "Примероова", "alike"),
        ("айг", None, "alike"),
        (None, "мер", "alike"),
        ("Shchukina", None, "alike"),
        ("асанкызы", None, "alike"),
        ("А", None, None),
        ("ай", None, None),
        ("Айнура", "Примерова", None),
        ("Айгүл", "Образцова", None),
        ("Роза", None, None),
    ],
)
def test_she_is_found_by_a_part_of_her_name_with_a_slip_or_in_other_letters(
    first: str | None, last: str | None, expected: str | None
) -> None:
    asked = {name: value for name, value in (("first_name", first), ("last_name", last)) if value}
    assert alike(AIGUL, asked) == expected


@pytest.mark.parametrize(
    ("birth", "hers", "expected"),
    [
        ("1999-03", "1999-03", "exact"),
        (1999, "1999-03", "exact"),
        ("1999-03-17", "1999-03", "exact"),
        ("1999-04", "1999-03", "alike"),
        (1998, "1999-03", None),
        (1999, None, "alike"),
    ],
)
def test_a_birth_date_narrows_what_a_name_finds(birth: object, hers: object, expected: str | None) -> None:
    assert alike(file("Айгуль", "Примерова", hers), {"first_name": "Айгуль", "birth_date": birth}) == expected


def test_a_birth_date_alone_finds_only_whom_it_fits_and_a_guess_rules_nobody_out() -> None:
    assert alike(HER, {"birth_date": 1999}) == "exact"
    assert alike(HER, {"birth_date": 1989}) is None
    assert alike(file("Айгуль", "Примерова"), {"birth_date": 1999}) is None
    guessed = file("Айгуль", "Примерова", 1999, estimated=True)
    assert alike(guessed, {"first_name": "Айгуль", "birth_date": 1996}) == "alike"
    assert alike(guessed, {"birth_date": 1996}) is None


def test_nothing_is_found_by_nothing_and_a_file_without_names_by_no_name() -> None:
    assert alike(HER, {}) is None
    assert alike({"identity": {"sex": "female"}}, {"first_name": "Алёна"}) is None
    assert alike({}, {"first_name": "---"}) is None


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Шарипова", "Sharipova"), ("Жылдыз", "Zhyldyz"), ("Жылдыз", "Jyldyz"), ("Чолпон", "Cholpon"),
        ("Юлия", "Yulia"), ("Елена", "Yelena"), ("Алёна", "Alyona"), ("Хадича", "Khadicha"), ("Цой", "Tsoi"),
        ("Нургүл", "Nurgul"), ("Өмүр", "Omur"), ("Александра", "Alexandra"), ("Джамиля", "Dzhamilia"),
        ("Ольга", "Ol'ga"), ("Зүлфия", "Zülfiya"), ("Айше", "Ayşe"), ("Кыял", "Kyyal"),
    ],
)  # fmt: skip
def test_latin_and_cyrillic_find_each_other(cyrillic: str, latin: str) -> None:
    assert alike(file(cyrillic, "Примерова"), {"first_name": latin}) == "alike"
    assert alike(file(latin, "Primerova"), {"first_name": cyrillic}) == "alike"


NAMES = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөүaeiklmnorstuy", min_size=1, max_size=12)


@given(NAMES, NAMES)
def test_everyone_is_found_by_her_own_names_in_either_order(first: str, last: str) -> None:
    assert alike(file(first, last), {"first_name": last, "last_name": first}) == "exact"


@given(st.text("аеиклмнорст", min_size=8, max_size=12), st.integers(0, 11), st.sampled_from("аеиклмнорст"))
def test_one_slip_in_a_long_name_does_not_hide_her(name: str, where: int, letter: str) -> None:
    where %= len(name)
    before, after = name[:where], name[where + 1 :]
    slips = [before + after, before + letter + name[where:], before + letter + after]
    if where:
        slips.append(before[:-1] + name[where] + before[-1] + after)
    for typed in slips:
        assert alike(file(name, ""), {"first_name": typed})


@given(st.text("абв", max_size=6), st.text("абв", max_size=6), st.integers(0, 6))
def test_a_distance_is_the_same_both_ways_and_never_more_than_one_over_what_is_asked(
    one: str, other: str, most: int
) -> None:
    found = distance(one, other, most)
    assert found == distance(other, one, most)
    assert (found == 0) is (one == other)
    assert found <= most + 1
    assert found == min(distance(one, other, 6), most + 1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("айгуль", "айгуль", 0),
        ("айгуль", "айгул", 1),
        ("айгуль", "агйуль", 1),
        ("айгуль", "айгель", 1),
        ("аб", "вг", 2),
    ],
)
def test_letters_that_changed_places_are_one_slip(one: str, other: str, expected: int) -> None:
    assert distance(one, other, 2) == expected


@given(st.text(max_size=20))
def test_any_text_can_be_spelled(name: str) -> None:
    assert isinstance(spelled(fold(name)), str)
