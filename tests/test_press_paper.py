"""Paper as a program reads it: tagged, titled, its fonts inside, one page a copy, the same words as on the screen."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

import media
import pypdf
import pytest
from hostile import CMAPS, FONTS

from shelterctl.desk import Desk
from shelterctl.paper.form import blank_of
from shelterctl.paper.request import Paper, Request, titles
from shelterctl.press import Medium, Pressed, legible, press
from shelterctl.press.letter import covered

needs_poppler = pytest.mark.skipif(not media.POPPLER, reason=media.NO_POPPLER)

HERE = Desk({"shelterctl.as_of": "2026-11-25"})
LANGUAGES = ("en", "ru", "ky")
EVERY = list(product(titles(HERE.shelf), LANGUAGES))
"""Every form in every language."""


@cache
def blank(form: str, language: str) -> Paper:
    return blank_of(HERE, Request(form, language))


@cache
def set_(form: str, language: str) -> Pressed:
    return media.printed(blank(form, language).sheets)


def printed(form: str, language: str) -> bytes:
    return set_(form, language).data


def fonts(reader: pypdf.PdfReader) -> Iterator[Any]:
    """The descriptor of every font that a page uses."""
    for page in reader.pages:
        used: Any = page["/Resources"]
        for font in used.get("/Font", {}).values():  # the page before a copy may be empty
            for below in font.get_object()["/DescendantFonts"]:
                yield below.get_object()["/FontDescriptor"].get_object()


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_every_form_says_what_it_is_to_whoever_cannot_see_it(form: str, language: str) -> None:
    paper, data = blank(form, language), printed(form, language)
    reader = pypdf.PdfReader(BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata
    assert reader.metadata.title == paper.sheets[0].title
    described = root["/Metadata"].get_data().decode()
    claimed = dict(re.findall(r"<(pdf\w+:\w+)>(\w+)</", described))
    assert {"pdfuaid:part": "1", "pdfaid:part": "2", "pdfaid:conformance": "A"}.items() <= claimed.items()
    assert paper.sheets[0].title in described


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_every_form_carries_its_fonts_and_leads_nowhere(form: str, language: str) -> None:
    data = printed(form, language)
    reader = pypdf.PdfReader(BytesIO(data))
    used = list(fonts(reader))
    assert used
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in used)
    assert {str(font["/FontName"]).partition("+")[2] for font in used} <= {file.stem for file in FONTS}
    assert not [page for page in reader.pages if "/Annots" in page]
    assert not re.search(rb"/(URI|Launch|JavaScript|EmbeddedFile|AcroForm|OpenAction)\b", data)


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_every_copy_of_a_blank_form_is_one_page(form: str, language: str) -> None:
    assert set_(form, language).pages == (1,) * len(blank(form, language).sheets)


@needs_poppler
@pytest.mark.parametrize(("form", "language"), EVERY)
def test_the_tags_are_those_of_a_form(form: str, language: str) -> None:
    paper, data = blank(form, language), printed(form, language)
    tree = media.poppler(data, "pdfinfo", "-struct-text")
    assert re.search(r"^Tagged: +yes", media.poppler(data, "pdfinfo"), re.MULTILINE)
    assert len(re.findall(r"^ +H1\b", tree, re.MULTILINE)) == len(paper.sheets)
    assert len(re.findall(r"^ +TH\b", tree, re.MULTILINE)) == len(re.findall("/Scope /Column", tree))
    elements = set(re.findall(r"^ +([A-Z]\w*)", tree, re.MULTILINE))
    needed = {"pink": "Table", "blue": "Table", "shelter-rules": "LBody", "resident-rights": "LBody"}
    assert {"P", needed.get(form, "P")} <= elements
    loose = [line for line in tree.splitlines() if line.startswith("  Span")]
    assert not loose  # every paragraph is tagged as one


@needs_poppler
@pytest.mark.parametrize(("form", "language"), list(product(("pink", "blue"), LANGUAGES)))
def test_every_row_of_a_table_has_every_column(form: str, language: str) -> None:
    for table in media.poppler(printed(form, language), "pdfinfo", "-struct-text").split("Table (block)")[1:]:
        rows = [
            re.split(r"^ +T[HD]\b", row, flags=re.MULTILINE)[1:]
            for row in re.split(r"^ +TR$", table, flags=re.MULTILINE)[1:]
        ]
        below: dict[int, int] = {}
        for row in rows:
            column, waiting = 0, iter(row)
            while column < 3:
                if below.get(column, 0):
                    below[column], column = below[column] - 1, column + 1
                    continue
                cell = next(waiting)
                below[column] = _span("Row", cell) - 1
                column += _span("Col", cell)
            assert column == 3
            assert next(waiting, None) is None
        assert not any(below.values())


def _span(way: str, cell: str) -> int:
    found = re.search(rf"/{way}Span (\d+)", cell)
    return int(found[1]) if found else 1


@needs_poppler
@pytest.mark.parametrize(("form", "language"), EVERY)
def test_screen_text_and_paper_say_the_same_words_in_the_same_order(form: str, language: str) -> None:
    sheets = blank(form, language).sheets
    said = {medium: read(press(sheets, medium).data).text for medium, read in READ.items()}
    said[Medium.PDF] = media.pdf(printed(form, language)).text
    words = {medium: re.sub(r"[\W_x]|&nbsp;", "", text) for medium, text in said.items()}
    assert len(words[Medium.HTML]) > 300
    assert set(words.values()) == {words[Medium.HTML]}


@needs_poppler
def test_the_letters_that_only_kyrgyz_has_are_whole_on_paper() -> None:
    data = [printed(form, "ky") for form in titles(HERE.shelf)]
    assert set("ҢӨҮңөү") <= set("".join(media.pdf(each).text for each in data) + "Ң")


READ = {
    Medium.HTML: media.html,
    Medium.MARKDOWN: media.markdown,
    Medium.TEXT: media.text,
}


def test_what_is_covered_is_what_the_fonts_have() -> None:
    assert len(FONTS) == 3
    assert all(cmap == CMAPS[0] for cmap in CMAPS)
    assert covered() == CMAPS[0]
    assert set(map(ord, "ЂђҢҮӨңүө№«»„“–…€ЁёÄß'’")) <= covered()


@pytest.mark.parametrize(
    ("typed", "shown", "named"),
    [
        ("Айгүл Өмүрбек кызы", "Айгүл Өмүрбек кызы", ()),
        ("и\u0306", "й", ()),
        ("и\u200d\u0306", "й", ()),
        ("中文中", "[U+4E2D][U+6587][U+4E2D]", ("[U+4E2D]", "[U+6587]")),
        ("😀", "[U+1F600]", ("[U+1F600]",)),
        ("\u202eabc\u202c", "abc", ()),
        ("  a\u00a0b\tc\n", "a\u00a0b c", ()),
        ("\u200b\u202e", "", ()),
        ("\ue000\U0010ffff", "[U+E000][U+10FFFF]", ("[U+E000]", "[U+10FFFF]")),
        ("❤\ufe0f", "[U+2764]", ("[U+2764]",)),
    ],
)
def test_a_character_without_a_glyph_is_named(typed: str, shown: str, named: tuple[str, ...]) -> None:
    assert legible(typed) == (shown, named)
    assert legible(shown) == (shown, ())
