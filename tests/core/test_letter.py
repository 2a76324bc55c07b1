"""Letters of one look are one wherever a code is read, and no other letter is another one."""

import string

import pytest

from shelterctl.core.identifier import ALPHABET, letters
from shelterctl.core.letter import CYRILLIC, LATIN, capitals, latin

RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


def test_every_letter_has_its_place_in_both_alphabets() -> None:
    assert (len(LATIN), len({*LATIN}), len({*CYRILLIC})) == (len(CYRILLIC), len(LATIN), len(LATIN))
    assert all(each in string.ascii_letters for each in LATIN)
    assert all("а" <= each.lower() <= "я" for each in CYRILLIC)


@pytest.mark.parametrize(
    ("typed", "read"), [("1а", "1a"), ("2В", "2B"), ("2в", "2в"), ("s-аidа", "s-aida"), ("М3.0.5а", "M3.0.5a")]
)
def test_a_letter_that_looks_like_a_latin_one_is_that(typed: str, read: str) -> None:
    assert latin(typed) == read


def test_small_letters_count_by_their_capitals_where_all_are_capitals() -> None:
    assert (capitals(" рв0-7к2 "), letters("рв0-7к2"), letters("Оол")) == ("PB0-7K2", "PB0-7K2", "00Л")


@pytest.mark.parametrize("alphabet", [ALPHABET, ALPHABET.lower()])
def test_what_is_written_right_stays_as_it_is(alphabet: str) -> None:
    assert letters(alphabet) == ALPHABET
    assert latin(alphabet) == alphabet


def test_no_letter_is_taken_for_a_digit_in_both_cases_or_for_two() -> None:
    folded = {each: letters(each) for each in RUSSIAN + RUSSIAN.upper()}
    assert {one for one in folded.values() if one.isascii()} == {*"ABEKMHPCTYX0"}
