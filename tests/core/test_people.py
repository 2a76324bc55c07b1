"""The same person is noticed however her name was typed, nobody else is taken for her, and she is found again."""

import re
from itertools import combinations
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.people import (
    REASON_WEIGHTS,
    MatchDegree,
    NamesInText,
    Person,
    contains_her_name,
    match_persons,
)
from shelterctl.core.values.names import edit_distance, fold_name, spell_plainly
from tests.support.invented_people import taken, women
from tests.support.paths import TESTS

PAIRS = yaml.safe_load((TESTS / "core" / "same_person.yaml").read_text("utf-8"))


def written(first: str, last: str, born: object) -> dict[str, Any]:
    """An identity as the table has it: a patronymic in brackets, ~ for a guess, another name behind a stroke."""
    name, _, father = first.partition(" (")
    birth, _, also = str(born).partition(" / ")
    said = {"first_name": name, "middle_name": father.rstrip(")"), "last_name": last, "birth_date": birth.lstrip("~")}
    others = {"also_known_as": [also] if also else [], "estimated": birth.startswith("~")}
    return {name: value for name, value in (said | others).items() if value}


def compared(one: dict[str, Any], two: dict[str, Any]) -> tuple[str, set[str]]:
    how = match_persons(Person(one), Person(two))
    return how.degree.code, set(how.reasons)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: " ".join(map(str, pair)))
def test_how_likely_two_are_one_person(pair: list[Any]) -> None:
    one, two = written(*pair[:3]), written(*pair[4:7])
    expected = (pair[7], set(pair[8].split()) if pair[8:] else set())
    assert compared(one, two) == expected
    assert compared(two, one) == expected


def test_the_table_shows_every_reason_but_those_of_whoever_is_looked_for() -> None:
    assert {reason for pair in PAIRS for reason in " ".join(pair[8:]).split()} == REASON_WEIGHTS.keys() - {"part"}


PEOPLE = women(120)
UNSEEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u0301", "\u034f", "\ufe0f"]


@given(st.sampled_from(PEOPLE))
def test_everyone_is_like_herself(her: dict[str, Any]) -> None:
    assert match_persons(Person(her), Person(her)).degree is MatchDegree.SAME


@settings(max_examples=60)
@given(st.sampled_from(PEOPLE), st.data())
def test_neither_order_case_nor_what_nobody_sees_tells_two_apart(her: dict[str, Any], data: st.DataObject) -> None:
    mark, place = data.draw(st.sampled_from(UNSEEN)), data.draw(st.integers(1, 12))
    name = her["last_name"].upper()
    again = {**her, "first_name": name[:place] + mark + name[place:], "last_name": f"  {her['first_name']} "}
    assert match_persons(Person(her), Person(again)).degree is MatchDegree.SAME


@given(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_it_is_the_same_both_ways(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert compared(one, two) == compared(two, one)


LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэңөү", "abvgdeziyklmnoprstufyenou", strict=True))
    | {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ь": "", "ъ": ""}
)


@given(st.sampled_from(PEOPLE))
def test_everyone_is_the_same_in_latin_letters(her: dict[str, Any]) -> None:
    names = ("first_name", "middle_name", "last_name")
    latin = {name: her[name].lower().translate(LATIN) for name in names if name in her}
    assert match_persons(Person(her), Person({**her, **latin})).degree is MatchDegree.SAME


@given(st.sampled_from(PEOPLE), st.integers(0, 40), st.sampled_from("аеиклмнорст"))
def test_one_slip_hides_nobody(her: dict[str, Any], where: int, letter: str) -> None:
    name = her["last_name"]
    if len(spell_plainly(fold_name(name))) < 5:  # of a short name every letter counts
        return
    where %= len(name.split()[0])
    before, after = name[:where], name[where + 1 :]
    for typed in (before + after, before + letter + name[where:], before + letter + after):
        if len(spell_plainly(fold_name(typed).split()[0])) > 3:
            assert match_persons(Person(her), Person({**her, "last_name": typed})).degree <= MatchDegree.NEAR


def test_of_two_hundred_women_hardly_two_are_taken_for_each_other() -> None:
    pairs = taken(women(200))
    assert len(pairs) <= 3
    assert not [pair for pair, how in pairs.items() if how.degree is MatchDegree.SAME]


HER = {"first_name": "Алёна", "last_name": "Примерова-Образцова", "birth_date": "1999-03"}
AIGUL = {"first_name": "Айгүл", "middle_name": "Асан кызы", "last_name": "Примерова", "birth_date": "1999-03",
         "also_known_as": ["Гуля", "Лола Щукина"]}  # fmt: skip


def found(wanted: dict[str, Any], her: dict[str, Any]) -> str:
    """What a search for *wanted* makes of her."""
    how = match_persons(Person(wanted, partly=True), Person(her))
    return " ".join([how.degree.code, *how.reasons])


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Айгүл", "Примерова", "same"),
        ("примерова", "АЙГҮЛ", "same order"),
        ("Айгүл Примерова", None, "same"),
        (None, "Примерова", "same"),
        ("Гуля", None, "near other_name"),
        ("Лола", "Примерова", "near other_name"),
        ("Айгул", "Примерова", "same letters"),
        ("Айгуль", "Примирова", "near letters slip"),
        ("Aygul", "Primerowa", "same latin"),
        ("Аигул", "Пирмерова", "near letters slip"),
        ("айг", None, "far part"),
        (None, "мер", "far part"),
        ("Shchukina", None, "near latin other_name"),
        ("асанкызы", None, "same letters"),
        ("А", None, "none"),
        ("ай", None, "none"),
        ("Айнура", "Примерова", "none"),
        ("Айгүл", "Образцова", "none"),
        ("Роза", None, "none"),
        # A patronymic or a name that is not on file: the rest decides, and it is said.
        ("Айгүл Асановна Примерова", None, "near ending"),
        ("Айгүл Болотовна Примерова", None, "near fathers"),
        ("Айгүл Роза Примерова", None, "near more"),
        ("Айгүл Болотовна", None, "near fathers"),
        ("Роза Болотовна", None, "none"),
    ],
)
def test_she_is_found_by_a_part_of_her_name_with_a_slip_or_in_other_letters(
    first: str | None, last: str | None, expected: str
) -> None:
    asked = {name: value for name, value in (("first_name", first), ("last_name", last)) if value}
    assert found(asked, AIGUL) == expected


def test_a_patronymic_that_is_not_on_file_hides_nobody_but_her_sister() -> None:
    her = {"first_name": "Айгуль", "last_name": "Примерова"}
    assert found({"first_name": "Айгуль Асановна Примерова"}, her) == "near patronymic"
    assert found({"first_name": "Примерова Айгуль Асан кызы"}, her) == "near patronymic"
    assert found({"first_name": "Нургуль Асановна Примерова"}, {**her, "middle_name": "Асановна"}) == "none"


@pytest.mark.parametrize(
    ("birth", "hers", "expected"),
    [
        ("1999-03", "1999-03", "same"),
        (1999, "1999-03", "same"),
        ("1999-03-17", "1999-03", "same"),
        ("1999-04", "1999-03", "same day"),
        (1998, "1999-03", "near year_next"),
        (1997, "1999-03", "none"),
        (1999, None, "same year_unknown"),
        (None, 1999, "same"),
    ],
)
def test_a_birth_date_narrows_what_a_name_finds(birth: object, hers: object, expected: str) -> None:
    her = {"first_name": "Айгуль", "last_name": "Примерова", "birth_date": hers}
    assert found({"first_name": "Айгуль", "birth_date": birth}, her) == expected


def test_a_birth_date_alone_finds_only_whom_it_fits_and_a_guess_rules_nobody_out() -> None:
    assert found({"birth_date": 1999}, HER) == "same"
    assert found({"birth_date": 1998}, HER) == "none"
    assert found({"birth_date": 1999}, {"first_name": "Айгуль"}) == "none"
    guessed = {"first_name": "Айгуль", "last_name": "Примерова", "birth_date": 1999, "estimated": True}
    assert found({"first_name": "Айгуль", "birth_date": 1996}, guessed) == "near year_guessed"
    assert found({"birth_date": 1996}, guessed) == "none"


def test_nothing_is_found_by_nothing_and_a_file_without_names_by_no_name() -> None:
    assert found({}, HER) == "none"
    assert found({"first_name": "Алёна"}, {"sex": "female"}) == "none"
    assert found({"first_name": "---"}, {}) == "none"


@pytest.mark.parametrize(
    ("text", "hers"),
    [
        ("aigul", True),
        ("АЙГУЛЬ-2026", True),
        ("Prim\u200berova", True),
        ("AigulPrimerova", True),
        ("asankyzy_7", True),
        ("form-7QF2", False),
        ("pink", False),
        ("ай", False),
    ],
)
def test_a_word_like_her_name_is_known_in_any_letters(text: str, hers: bool) -> None:
    assert contains_her_name(text, {"identity": AIGUL}) is hers


def test_her_id_is_no_name_whatever_its_letters_look_like() -> None:
    her = {"id": "PRY2-SVP4", "identity": AIGUL}
    assert contains_her_name("shelterctl-PRY2-SVP4-2026-11-25", {"identity": AIGUL})
    assert not contains_her_name("shelterctl-PRY2-SVP4-2026-11-25", her)
    assert contains_her_name("aigul-PRY2-SVP4", her)


@given(st.text("абв", max_size=6), st.text("абв", max_size=6), st.integers(0, 6))
def test_a_distance_is_the_same_both_ways_and_never_more_than_one_over_what_is_asked(
    one: str, other: str, most: int
) -> None:
    steps = edit_distance(one, other, most)
    assert steps == edit_distance(other, one, most)
    assert (steps == 0) is (one == other)
    assert steps <= most + 1
    assert steps == min(edit_distance(one, other, 6), most + 1)


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
    assert edit_distance(one, other, 2) == expected


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_can_be_compared(one: str, two: str) -> None:
    for first, last in combinations([one, two, "", "Примерова"], 2):
        known = {"first_name": first, "last_name": last, "also_known_as": [two]}
        assert compared(known, {"first_name": one, "last_name": two}) == compared(
            {"first_name": one, "last_name": two}, known
        )
    assert re.fullmatch(r"\S+( \S+)*|", fold_name(one))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Айгуль поссорилась с соседкой", True),
        ("видели вместе с Айгулью", True),  # in another case
        ("про Асанову спрашивал журналист", True),
        ("Aigul went out", True),  # in other letters
        ("Айгерим и Гуля", False),  # what only resembles a name would warn of every second sentence
        ("дали ключи, мира не было", False),
        ("", False),
    ],
)
def test_names_of_many_are_found_in_a_text_in_any_case_and_alphabet(text: str, named: bool) -> None:
    names = NamesInText([Person({"first_name": "Айгуль", "last_name": "Асанова"}), Person({"first_name": "Ян"})])
    assert names.are_in(text) is named
