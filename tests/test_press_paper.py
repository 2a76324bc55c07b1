"""Paper as a program reads it: tagged, titled, its fonts inside, one page a copy, the same words as on the screen."""

import html
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

import media
import pdf
import pypdf
import pytest
from hostile import CMAPS, FONTS

from shelterctl.paper.facts import covered_characters, legible_on_paper
from shelterctl.paper.forms import make_blank_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, form_titles
from shelterctl.press.sheet import Medium, RenderedFile, render_sheets
from shelterctl.session import Options, Session

HERE = Session(options=Options(as_of="2026-11-25"))
LANGUAGES = ("en", "ru", "ky")
EVERY = list(product(form_titles(HERE.rulebook), LANGUAGES))
"""Every form in every language."""


@cache
def blank(form: str, language: str) -> PreparedPaper:
    return make_blank_paper(HERE, PaperRequest(form, language))


@cache
def set_(form: str, language: str) -> RenderedFile:
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


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_the_tags_are_those_of_a_form(form: str, language: str) -> None:
    paper, data = blank(form, language), printed(form, language)
    document = pdf.tags(data)
    elements = [tag.kind for tag in document.every()]
    assert elements.count("H1") == len(paper.sheets)
    assert all(tag.cell.get("/Scope") == "/Column" for tag in document.every() if tag.kind == "TH")
    needed = {"pink": "Table", "blue": "Table", "shelter-rules": "LBody", "resident-rights": "LBody"}
    assert {"P", needed.get(form, "P")} <= {*elements}
    assert "Span" not in [tag.kind for tag in document.inside]  # every paragraph is tagged as one


@pytest.mark.parametrize(("form", "language"), list(product(("pink", "blue"), LANGUAGES)))
def test_every_row_of_a_table_has_every_column(form: str, language: str) -> None:
    for table in (tag for tag in pdf.tags(printed(form, language)).every() if tag.kind == "Table"):
        rows = [[cell for cell in row.inside if cell.kind in ("TH", "TD")] for row in table.every() if row.kind == "TR"]
        below: dict[int, int] = {}
        for row in rows:
            column, waiting = 0, iter(row)
            while column < 3:
                if below.get(column, 0):
                    below[column], column = below[column] - 1, column + 1
                    continue
                cell = next(waiting)
                below[column] = int(cell.cell.get("/RowSpan", 1)) - 1
                column += int(cell.cell.get("/ColSpan", 1))
            assert column == 3
            assert next(waiting, None) is None
        assert not any(below.values())


@pytest.mark.program("pdfinfo", "pdftotext")
@pytest.mark.parametrize(("form", "language"), EVERY)
def test_the_tools_of_poppler_read_the_same_tags_text_and_places(form: str, language: str) -> None:
    data = printed(form, language)
    assert "yes" in re.findall(r"^Tagged: +(.*)", media.poppler(data, "pdfinfo"), re.MULTILINE)
    tree = re.findall(r"^ *([A-Z]\w*)", media.poppler(data, "pdfinfo", "-struct"), re.MULTILINE)
    assert tree == [tag.kind for tag in pdf.tags(data).every()]
    told = media.poppler(data, "pdftotext", "-raw").split("\f")[:-1]
    assert [media.squeezed(page) for page in told] == [media.squeezed(page) for page in pdf.pages(data)]
    place = 'word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word'
    seen = re.findall(place, media.poppler(data, "pdftotext", "-bbox"))
    words = list(pdf.words(data))
    assert len(seen) > 30
    placed = sorted((word.left, word.top, word.right, word.bottom) for word in words)
    assert sorted(tuple(map(float, word[:4])) for word in seen) == [pytest.approx(word, abs=0.5) for word in placed]
    assert sorted("".join(html.unescape(word[4]) for word in seen)) == sorted("".join(word.text for word in words))


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_screen_text_and_paper_say_the_same_words_in_the_same_order(form: str, language: str) -> None:
    sheets = blank(form, language).sheets
    said = {medium: read(render_sheets(sheets, medium).data).text for medium, read in READ.items()}
    said[Medium.PDF] = media.paper(printed(form, language)).text
    words = {medium: re.sub(r"[\W_x]|&nbsp;", "", text) for medium, text in said.items()}
    assert len(words[Medium.HTML]) > 300
    assert set(words.values()) == {words[Medium.HTML]}


def test_the_letters_that_only_kyrgyz_has_are_whole_on_paper() -> None:
    data = [printed(form, "ky") for form in form_titles(HERE.rulebook)]
    assert set("ҢӨҮңөү") <= set("".join(media.paper(each).text for each in data) + "Ң")


READ = {
    Medium.HTML: media.html,
    Medium.MARKDOWN: media.markdown,
    Medium.TEXT: media.text,
}


def test_what_is_covered_is_what_the_fonts_have() -> None:
    assert len(FONTS) == 3
    assert all(cmap == CMAPS[0] for cmap in CMAPS)
    assert covered_characters() == CMAPS[0]
    assert set(map(ord, "ЂђҢҮӨңүө№«»„“–…€ЁёÄß'’")) <= covered_characters()


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
    assert legible_on_paper(typed) == (shown, named)
    assert legible_on_paper(shown) == (shown, ())
