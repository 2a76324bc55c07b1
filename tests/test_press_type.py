"""How words stand on paper: what belongs together is in one line, what is too long is broken, tints differ in grey."""

import re
from datetime import date
from typing import TYPE_CHECKING

import media
import pdf
import pytest
from sheets import PAPERS, seated

from shelterctl.paper.agreement import filled_agreement
from shelterctl.paper.request import PaperRequest
from shelterctl.press.sheet import PAPER_A4, PAPER_US_LETTER, Sheet
from shelterctl.press.tree import parse_body
from shelterctl.rulebook.files import TEMPLATES_FOLDER

if TYPE_CHECKING:
    from conftest import Desk


TOGETHER = (
    "s-gulnara",
    "47VQ-6XWG",
    "2026-жылдын 25-ноябры",
    "А. Примеров",
    "№ 3",
    "3 месяцев",
    "ID-карта",
    "4XK-792-QA5",
)


def page(words: str) -> Sheet:
    body = f"<h1>Лист</h1><p>{words}</p>"
    return Sheet("Лист", "ru", "white", date(2026, 11, 25), body, parse_body(body, "sheet.html.j2"), long=True)


@pytest.mark.parametrize("whole", TOGETHER)
def test_what_belongs_together_is_never_parted_at_the_end_of_a_line(whole: str) -> None:
    for before in range(60, 110):  # wherever the line ends
        data = media.printed([page(f"{'м' * 9} " * 6 + "и" * (before % 20 + 1) + f" {whole} конец")]).data
        told = "\n".join(pdf.pages(data))
        assert whole.replace("\u00a0", " ") in told


def test_a_code_copied_from_paper_has_nothing_in_it_that_was_not_typed() -> None:
    data = media.printed([page("код листа: 4XK-792-QA5, дело 47VQ-6XWG")]).data
    assert "4XK-792-QA5, дело 47VQ-6XWG" in "\n".join(pdf.pages(data))


def test_pink_and_blue_differ_in_grey_and_on_the_screen_as_on_paper() -> None:
    tints = dict(
        re.findall(r'(pink|blue): rgb\("(#[0-9a-f]{6})"\)', (TEMPLATES_FOLDER / "sheet.typ").read_text("utf-8"))
    )
    style = (TEMPLATES_FOLDER / "page.css").read_text("utf-8")
    assert all(f"article.{name} {{ background: {tint}; }}" in style for name, tint in tints.items())

    def grey(tint: str) -> float:
        red, green, blue = (int(tint[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert grey(tints["pink"]) - grey(tints["blue"]) > 15
    assert grey(tints["blue"]) > 215  # what is written upon it is read


@pytest.mark.parametrize("size", [PAPER_A4, PAPER_US_LETTER])
def test_twenty_thousand_letters_stand_within_their_pages(size: str, papers: "Desk") -> None:
    session = seated(papers)
    her, _ = session.store.client(papers.her)
    long = ("Причина очень подробная. " * 800)[:20_000]
    lines = PAPERS["blue"]["lines"] | {"1c": {"amount": 1, "justification": long}}
    facts = {**next(facts for facts in her.agreements if facts["form"] == "blue"), "lines": lines}
    paper = filled_agreement(session, her, session.rulebook.form("blue"), facts, PaperRequest("blue", "ru"))
    made = media.printed(paper.sheets, size)
    assert made.pages[0] == 1
    assert made.pages[1] > 3
    assert pdf.outside(made.data) == []
    assert pdf.overlaid(made.data) == []
    assert media.paper(made.data).text.count("Причинаоченьподробная.") > 790
