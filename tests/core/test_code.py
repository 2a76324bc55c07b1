"""The code that is proposed for whoever is registered: readable, free, and without the name of a family."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shelterctl.core.values.codes import propose_code

PEOPLE = [
    ("Гулнара Примерова", "s-gulnara"),
    ("Примерова Гүлнара Асановна", "s-gulnara"),
    ("Примерова Ирина", "s-irina"),
    ("Ирина Образцова", "s-irina"),
    ("Айжан Токтогул кызы", "s-ayzhan"),
    ("Токтогул уулу Бакыт", "s-bakyt"),
    ("Aida Primerova", "s-aida-2"),
    ("Примерова А.", "s-a"),
    ("Жыпар", "s-zhypar"),
]
PLACES = [
    ("ОФ «Эрайым»", "erayym"),
    ("Лицей № 12", "litsey-12"),
    ("Приют «Надежда» города Ош", "priyut-nadezhda"),
    ("НПО", ""),
    ("12", ""),
    ("★", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "code"), PEOPLE)
def test_of_a_person_the_given_name_is_proposed(name: str, code: str) -> None:
    assert propose_code(name, {"s-aida"}, "s-") == code


@pytest.mark.parametrize(("name", "code"), PLACES)
def test_of_a_house_or_an_ngo_its_first_words_are(name: str, code: str) -> None:
    assert propose_code(name, ()) == code


@given(some.text(max_size=60), some.sampled_from(["", "s-"]))
def test_whatever_the_name_is_the_code_is_one_or_there_is_none(name: str, lead: str) -> None:
    code = propose_code(name, (), lead)
    assert code == "" or re.fullmatch("[a-z][a-z0-9-]{0,31}", code)
    assert not re.search("prim(er|ir)ov", propose_code(f"{name} Примерова", (), "s-")) or not re.search(
        r"[^\W\d_]", name
    )


def test_one_that_is_taken_gets_a_number() -> None:
    taken: set[str] = set()
    for _ in range(12):
        taken.add(propose_code("Асель", taken, "s-"))
    assert len(taken) == 12
    assert {"s-asel", "s-asel-2", "s-asel-12"} <= taken
