"""A chart on a sheet: drawn in HTML and PDF, as lines in text and Markdown, with every number in each of them."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from shelterctl.press.chart import CHART_WIDTH, draw_chart, read_chart
from shelterctl.press.sheet import Medium, Sheet
from shelterctl.press.template import template_environment
from shelterctl.press.tree import parse_body
from shelterctl.terminal.bar_chart import BarChart
from tests.support import pdf

Bars = Sequence[tuple[str, int | Decimal | None]]

NIGHTS: Bars = [("сентябрь 2026 г.", 120), ("октябрь 2026 г.", 0), ("ноябрь 2026 г.", None), ("декабрь 2026 г.", 12345)]
HELP: Bars = [
    ("Сопровождение в государственные учреждения и помощь в восстановлении документов, удостоверяющих личность", 41),
    ("Щ" * 60, 7),
    ("Юридическая помощь", Decimal("1234567.50")),
]
HOSTILE: Bars = [('<svg onload="alert(1)">', 5), ("a | b & `c` *d* </figure> {{ e }}", 2)]


def sheet_with(*charts: tuple[str, Bars], language: str = "ru", wide: bool = False) -> Sheet:
    macro = template_environment(language).get_template("_chart.j2").module.chart  # type: ignore[attr-defined]
    body = "<h1>Отчёт</h1>" + "".join(macro(title, bars) for title, bars in charts)
    tree = parse_body(body, "_chart.j2")
    return Sheet("Отчёт", language, "white", date(2026, 12, 1), body, tree, long=True, wide=wide)


def chart_of(bars: Bars, title: str = "Ночи") -> BarChart:
    (figure,) = sheet_with((title, bars)).tree.find("figure")
    return read_chart(figure)


def svg(bars: Bars, title: str = "Ночи") -> ElementTree.Element:
    (drawn,) = draw_chart(chart_of(bars, title), "ru", "a")
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own


def named(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return root.findall(f".//{{http://www.w3.org/2000/svg}}{tag}")


def test_a_picture_says_in_words_what_it_shows_and_has_every_number_beside_its_bar() -> None:
    root = svg(NIGHTS)
    assert root.get("role") == "img"
    assert [each.get("id") for each in root][:2] == (root.get("aria-labelledby") or "").split()
    words = "сентябрь 2026 г.: 120; октябрь 2026 г.: 0; ноябрь 2026 г.: [c]; декабрь 2026 г.: 12\xa0345"
    assert [each.text for each in (*named(root, "title"), *named(root, "desc"))] == ["Ночи", words]
    shown = [each.text for each in named(root, "text")]
    assert {"120", "0", "[c]", "12\xa0345", "ноябрь 2026 г."} < set(shown)
    few, many = (float(each.get("width") or 0) for each in named(root, "rect"))
    assert few / many == pytest.approx(120 / 12345, abs=1e-3)


def test_what_is_small_is_still_seen_and_bars_need_no_colour() -> None:
    tiny, _ = named(svg([("a", 1), ("b", 10**9)]), "rect")
    assert float(tiny.get("width") or 0) == 1
    assert {each.get("fill") for each in named(svg(NIGHTS), "rect")} == {"#0b2f5c"}  # as dark as letters, on white
    assert not named(svg([("a", 0)]), "rect")


def test_a_chart_without_bars_has_its_title() -> None:
    assert [each.text for each in named(svg([]), "text")] == ["Ночи"]


@pytest.mark.parametrize("medium", Medium)
def test_every_medium_has_every_label_and_number_and_equal_charts_are_equal_bytes(medium: Medium) -> None:
    sheet = sheet_with(("Ночи по месяцам", NIGHTS), ("Помощь", HELP))
    made = pdf.pressed([sheet], medium).data
    assert made == pdf.pressed([sheet], medium).data
    if medium is Medium.PDF:
        said = pdf.squeezed("".join(pdf.pages(made)))
    else:
        said = pdf.squeezed(made.decode().replace("\\", ""))
    numbers = ["120", "[c]", "12345", "41", "1234567,50"]
    for word in ("Ночипомесяцам", "Юридическаяпомощь", "октябрь2026г.", *numbers):
        assert word in said, word
    if medium in (Medium.TEXT, Medium.MARKDOWN):
        assert re.search(r"декабрь 2026 г\. +\|? *12\xa0345 +\|? *(#{40,}|█{40})", made.decode())


def test_on_paper_a_chart_is_a_described_figure_and_nothing_overlaps() -> None:
    made = pdf.pressed([sheet_with(("Помощь", HELP))], Medium.PDF).data
    (figure,) = [tag for tag in pdf.tags(made).every() if tag.kind == "Figure"]
    assert figure.alt.startswith("Помощь. Сопровождение в")
    assert figure.alt.endswith("; Юридическая помощь: 1\xa0234\xa0567,50")
    words = [word for word in pdf.words(made) if word.page == 1]
    axis = min(word.left for word in words if word.text in ("41", "7"))  # the number after the shortest bar
    for word in words:
        assert 0 <= word.left < word.right <= word.wide - 48
        if set(word.text) == {"Щ"} or word.text in ("личность", "удостоверяющих"):
            assert word.right < axis
    assert min(pdf.sizes(made)) >= 8.5


@pytest.mark.parametrize("wide", [False, True])
def test_a_chart_that_is_too_high_goes_on_on_the_next_page(wide: bool) -> None:
    months = [(f"month {number}", number) for number in range(60)]
    pictures = draw_chart(chart_of(months), "en", "a")
    assert len(pictures) == 2
    assert len(set(re.findall(r' id="([^"]+)"', "".join(pictures)))) == 4
    made = pdf.pressed([sheet_with(("Long", months), language="en", wide=wide)], Medium.PDF)
    assert made.pages == (2,)
    assert {"59", "0"} < {word.text for word in pdf.words(made.data)}


def test_ids_of_several_charts_on_several_sheets_differ_in_html() -> None:
    sheets = [sheet_with(("a", NIGHTS), ("b", HELP)), sheet_with(("c", NIGHTS))]
    html = pdf.pressed(sheets, Medium.HTML).data.decode()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 6
    assert html.count("<svg") == html.count("<figure>") == 3
    assert "<data" not in html


@pytest.mark.parametrize("medium", Medium)
def test_a_label_is_never_markup(medium: Medium) -> None:
    made = pdf.pressed([sheet_with(("Hostile <b>", HOSTILE))], medium)
    plain = pdf.pressed([sheet_with(("Plain", [("first", 5), ("second", 2)]))], medium)
    read = {Medium.PDF: pdf.paper, Medium.HTML: pdf.html, Medium.MARKDOWN: pdf.markdown, Medium.TEXT: pdf.text}[medium]
    names = [[re.split(r"[ (]", each)[0] for each in read(one.data).shape] for one in (made, plain)]
    assert Counter(names[0]) == Counter(names[1])
    assert "<svgonload" in pdf.squeezed(read(made.data).text)


def test_everything_stands_inside_the_picture() -> None:
    for bars in (NIGHTS, HELP, HOSTILE):
        root = svg(bars, "Очень длинное название " * 8)
        *_, high = map(float, (root.get("viewBox") or "").split())
        for each in named(root, "rect"):
            assert float(each.get("x") or 0) + float(each.get("width") or 0) < CHART_WIDTH
        assert all(0 < float(each.get("y") or 0) <= high for each in named(root, "text"))
