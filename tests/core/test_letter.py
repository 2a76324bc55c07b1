"""Letters of one look are one wherever a code is read, and no other letter is another one."""

import string

import pytest

from shelterctl.core.values.codes import ID_ALPHABET, correct_id_letters
from shelterctl.core.values.homoglyphs import CYRILLIC_LOOKALIKES, LATIN_LOOKALIKES, latin_capitals, latinise

RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


def test_every_letter_has_its_place_in_both_alphabets() -> None:
    assert (len(LATIN_LOOKALIKES), len({*LATIN_LOOKALIKES}), len({*CYRILLIC_LOOKALIKES})) == (
        len(CYRILLIC_LOOKALIKES),
        len(LATIN_LOOKALIKES),
        len(LATIN_LOOKALIKES),
    )
    assert all(each in string.ascii_letters for each in LATIN_LOOKALIKES)
    assert all("а" <= each.lower() <= "я" for each in CYRILLIC_LOOKALIKES)


@pytest.mark.parametrize(
    ("typed", "read"), [("1а", "1a"), ("2В", "2B"), ("2в", "2в"), ("s-аidа", "s-aida"), ("М3.0.5а", "M3.0.5a")]
)
def test_a_letter_that_looks_like_a_latin_one_is_that(typed: str, read: str) -> None:
    assert latinise(typed) == read


def test_small_letters_count_by_their_capitals_where_all_are_capitals() -> None:
    assert (latin_capitals(" рв0-7к2 "), correct_id_letters("рв0-7к2"), correct_id_letters("Оол")) == (
        "PB0-7K2",
        "PB0-7K2",
        "00Л",
    )


@pytest.mark.parametrize("alphabet", [ID_ALPHABET, ID_ALPHABET.lower()])
def test_what_is_written_right_stays_as_it_is(alphabet: str) -> None:
    assert correct_id_letters(alphabet) == ID_ALPHABET
    assert latinise(alphabet) == alphabet


def test_no_letter_is_taken_for_a_digit_in_both_cases_or_for_two() -> None:
    folded = {each: correct_id_letters(each) for each in RUSSIAN + RUSSIAN.upper()}
    assert {one for one in folded.values() if one.isascii()} == {*"ABEKMHPCTYX0"}
