"""On the form itself, figures and words say the same: one number, read back from what is printed."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from test_words import read

from shelterctl.core.record.client import Client
from shelterctl.paper import agreement
from shelterctl.paper.request import PaperRequest
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.session import Options
from shelterctl.session import Session as Sitting

if TYPE_CHECKING:
    from conftest import Desk


LINES = {"blue": ("1b", "4"), "pink": ("1.1", "2b")}
EDGES = [19, 20, 21, 99, 100, 101, 999, 1000, 1001, 1100, 1999, 2000, 9999, 11_111, 99_999, 100_000, 1_000_000]
AMOUNTS = [*map(Decimal, EDGES), *(Decimal(tyiyn) / 100 for tyiyn in (1, 2, 5, 11, 21, 99, 100, 101, 250_051))]


@pytest.fixture(scope="module")
def sitting(_admitted: "Desk") -> tuple[Sitting, Client]:
    session = Sitting(options=Options(store=str(_admitted.store), identity=str(_admitted.key)))
    return session, session.store.client(_admitted.her)[0]


def figure(printed: str, language: str) -> Decimal:
    """A number as the language writes it."""
    point, gap = (".", ",") if language == "en" else (",", "\u00a0")
    assert re.fullmatch(rf"\d{{1,3}}(?:{gap}\d\d\d)*{re.escape(point)}\d\d", printed), printed
    return Decimal(printed.replace(gap, "").replace(point, "."))


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("form", LINES)
def test_words_and_figures_are_one_number(sitting: tuple[Sitting, Client], form: str, language: str) -> None:
    (session, her), (one, other) = sitting, LINES[form]
    for amount in AMOUNTS:
        lines = {one: {"amount": str(amount)}, other: {"amount": "0.50"}}
        facts = {"id": "a", "form": form, "date": "2026-11-25", "lines": lines}
        sheet = agreement.filled_agreement(
            session, her, session.rulebook.form(form), facts, PaperRequest(form, language)
        ).sheets[0]
        html = render_sheets([sheet], Medium.HTML).data.decode()
        last = re.search(
            r'<td colspan="2">[^<]*<strong>(.*?)</strong></td><td class="number"><strong>(.*?)</strong>', html
        )
        assert last
        words, total = last[1].strip(), figure(last[2], language)
        assert total == amount + Decimal("0.50")
        assert read(words[0].lower() + words[1:], language) == total * 100
        assert words[0].isupper()
        numbers = [
            figure(cell, language) for cell in re.findall(r'<td class="number"[^>]*>(?:<strong>)?([\d][^<]*)<', html)
        ]
        assert sum(numbers[:-1]) == 2 * total  # each line, and each number's sum
        if form == "blue":
            assert (
                f"<strong>{last[2]}</strong>" in html.partition('<table class="lines"')[0]
            )  # the sum that is asked for
