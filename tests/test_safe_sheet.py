"""The sheet for the safe of the house: the words of the store, its number, and lines for a pen."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from media import printed
from pypdf import PdfReader

from shelterctl.custody.init import begin_founding
from shelterctl.identity.keys import create_identity
from shelterctl.paper.store_sheets import make_recovery_page
from shelterctl.session import Options, Session

if TYPE_CHECKING:
    from conftest import Desk as House


RECOVERY = {"en": "Recovery paper", "ru": "Лист восстановления"}
HEADINGS = {"en": "Sheet for the safe", "ru": "Лист для сейфа", "ky": "сейфи үчүн барак"}


@pytest.mark.parametrize("language", HEADINGS)
def test_it_is_one_page_with_words_and_number_and_no_key(language: str, admitted: "House") -> None:
    sheet = admitted.do("trust").data["sheet"]
    admitted.run(f"trust --out safe.pdf --lang {language}")
    (page,) = PdfReader(admitted.folder / "safe.pdf").pages
    told = " ".join(page.extract_text().split())
    assert HEADINGS[language] in told
    assert sheet["words"] in told
    assert sheet["store"] in told
    assert str(sheet["number"]) in told
    assert "AGE-SECRET" not in told


@pytest.mark.parametrize("language", RECOVERY)
def test_the_recovery_paper_has_the_key_in_groups_and_says_at_its_foot_what_it_is(
    language: str, tmp_path: Path
) -> None:
    founding = begin_founding(tmp_path, create_identity(), "manager", "2026-11-25T09:00+06:00")
    made = printed([make_recovery_page(Session(options=Options(lang=language)), founding.paper, date(2026, 11, 25))])
    told = " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(made.data)).pages).split())
    assert told.count(RECOVERY[language]) == 2
    assert founding.paper.key.key in told.replace(" ", "")


def test_it_goes_into_no_store_and_over_no_key(admitted: "House") -> None:
    assert admitted.refused("trust --out house/safe.txt").refusals == ["paper/unsafe-place"]
    assert admitted.refused("trust --out key --as txt --overwrite").refusals == ["paper/unsafe-place"]
