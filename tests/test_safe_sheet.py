"""The sheet for the safe of the house: the words of the store, its number, and lines for a pen."""

from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from conftest import Desk

HEADINGS = {"en": "Sheet for the safe", "ru": "Лист для сейфа", "ky": "сейфи үчүн барак"}


@pytest.mark.parametrize("language", HEADINGS)
def test_it_is_one_page_with_words_and_number_and_no_key(language: str, admitted: "Desk") -> None:
    sheet = admitted.do("trust").data["sheet"]
    admitted.run(f"trust --out safe.pdf --lang {language}")
    (page,) = PdfReader(admitted.folder / "safe.pdf").pages
    told = " ".join(page.extract_text().split())
    assert HEADINGS[language] in told
    assert sheet["words"] in told
    assert sheet["store"] in told
    assert str(sheet["number"]) in told
    assert "AGE-SECRET" not in told


def test_it_goes_into_no_store_and_over_no_key(admitted: "Desk") -> None:
    assert admitted.refused("trust --out house/safe.txt").refusals == ["paper/unsafe-place"]
    assert admitted.refused("trust --out key --as txt --overwrite").refusals == ["paper/unsafe-place"]
