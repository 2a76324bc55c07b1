"""Blanks are for a pen: rows of 8 mm, 28 mm for a sum, two lines for words, measured where the PDF has its lines."""

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import pytest
import ruled
from media import printed
from pdf import outside, overlaid
from sheets import FORMS, LANGUAGES, blank, filled

from shelterctl.core.manual.sheet import LEDGER_SHEET, LOG_SHEET
from shelterctl.paper.request import PreparedPaper, printable_tracks
from shelterctl.press.sheet import PAPER_A4, PAPER_US_LETTER, RenderedFile
from shelterctl.rulebook.rulebook import open_rulebook

if TYPE_CHECKING:
    from conftest import Desk


ROW, SUM, SIGNED = 8.0, 28.0, 11.0
REQUESTED, TOTAL = 60, 20
"""Millimetres from the right edge of the page: in the column of amounts, and in that of sums."""
SIZES = {PAPER_A4: (210.0, 297.0), PAPER_US_LETTER: (215.9, 279.4)}
EVERY = list(product(FORMS, LANGUAGES, SIZES))
LOGS = [track.name for track in printable_tracks(open_rulebook()) if track.sheet.kind in (LOG_SHEET, LEDGER_SHEET)]


@cache
def made(form: str, language: str, size: str = PAPER_A4) -> RenderedFile:
    return printed(blank(form, language).sheets, size)


def lines(data: bytes, page: int = 0) -> list[ruled.Rule]:
    """What is ruled on one page, without the edges of its tint."""
    return [rule for rule in ruled.rules(data) if rule.page == page and rule.left > 1]


def body(data: bytes) -> list[float]:
    """How high the rows of the first table are below its head, as long as a hand can write in them."""
    gaps = ruled.gaps([rule for rule in lines(data) if rule.long > 150])[1:]
    return gaps[: next((place for place, gap in enumerate(gaps) if gap < ROW - 0.1), len(gaps))]


@pytest.mark.parametrize(("form", "language", "size"), EVERY)
def test_every_blank_form_stands_on_one_page_of_either_size(form: str, language: str, size: str) -> None:
    one = made(form, language, size)
    assert set(one.pages) == {1}
    assert outside(one.data) == []
    assert overlaid(one.data) == []
    wide, high = SIZES[size]
    assert all(0 < rule.left < rule.right < wide and rule.down < high - 12 for rule in lines(one.data))


@pytest.mark.parametrize(("form", "language"), list(product(FORMS, LANGUAGES)))
def test_a_blank_form_is_set_once_for_on_a4_it_has_room_for_its_own_letters(form: str, language: str) -> None:
    assert {10.0, 12.0} & ruled.letters(made(form, language).data)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["pink", "blue"])
def test_every_amount_has_a_row_and_every_sum_a_column_that_a_hand_can_write_in(
    form: str, language: str, size: str
) -> None:
    wide = SIZES[size][0]
    ruling = lines(made(form, language, size).data)
    table = [rule for rule in ruling if rule.long > 150]
    within = [rule for rule in ruling if table[0].down <= rule.down <= table[-1].down]
    amounts = [rule for rule in ruled.column(within, wide - REQUESTED) if not 80 < rule.long < 150]
    heads = {place for place, rule in enumerate(amounts) if rule.long < 40 and amounts[place - 1].long > 150}
    rows = [gap for place, gap in enumerate(ruled.gaps(amounts), 1) if place not in heads and place > 1]
    assert len(rows) > 9
    assert min(rows) >= ROW - 0.1  # a heading over several lines has no amount of its own
    assert min(ruled.gaps(table)[1:]) >= ROW - 0.1
    requested = next(rule for rule in amounts if rule.long < 40)
    assert requested.long >= SUM
    assert table[0].right - requested.right >= SUM - 0.2
    words = [rule for rule in within if table[-2].down < rule.down < table[-1].down and 80 < rule.long < 150]
    assert len(words) == 2
    assert words[1].down - words[0].down >= ROW


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_in_a_sentence_have_room_and_the_lines_lie_apart(language: str) -> None:
    for form in ("pink", "blue"):
        ruling = lines(made(form, language).data)
        table = next(rule for rule in ruling if rule.long > 150)
        above = [rule for rule in ruling if rule.down < table.down]
        assert sum(rule.long >= 55 for rule in above) >= 4
        apart = {rule.down for rule in above}
        assert min(ruled.gaps([above[0]._replace(down=down) for down in sorted(apart)])) >= ROW - 0.1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_the_report_has_lines_of_eight_millimetres_and_words_have_two(language: str, size: str) -> None:
    ruling = lines(made("monitoring-report", language, size).data)
    general = [rule for rule in ruling if 110 < rule.long < 130]
    assert len(general) == 7
    assert min(ruled.gaps(general)) >= ROW - 0.1
    answers = [rule for rule in ruling if rule.long > 150]
    assert len(answers) == 11
    assert min(ruled.gaps(answers)) >= ROW - 0.1


@pytest.mark.parametrize("name", LOGS)
def test_a_log_has_rows_for_a_hand_down_to_the_foot_of_its_page(name: str) -> None:
    for language in LANGUAGES:
        one = made(name, language)
        assert one.pages == (1,)
        assert len(body(one.data)) >= (12 if blank(name, language).sheets[0].wide else 17)


def test_a_filled_ledger_is_signed_in_its_rows_and_can_be_gone_on_with_by_hand(papers: "Desk") -> None:
    for number in (1, 2, 3):
        given = {"on": "2026-11-22", "span": {"from": f"2026-11-2{number + 1}", "to": f"2026-11-2{number + 1}"}}
        papers.do(f"add {papers.her} pocket-money", {**given, "amount": 50, "by": "s-gulnara"})
    data = printed(filled(papers, "pocket-money", "ru").sheets).data
    assert len(body(data)) > 18


@pytest.mark.parametrize("form", ["plan", "consent"])
def test_whoever_signs_a_card_has_room_and_no_page_has_signatures_alone(form: str, papers: "Desk") -> None:
    paper: PreparedPaper = filled(papers, form, "ru")
    one = printed(paper.sheets)
    for page in range(sum(one.pages)):
        ruling = lines(one.data, page)
        signed = [rule for rule in ruling if rule.long > 150]
        assert len(ruling) > len(signed)
    assert max(ruled.gaps([rule for rule in lines(one.data, sum(one.pages) - 1) if rule.long > 150])) >= SIGNED - 0.1
