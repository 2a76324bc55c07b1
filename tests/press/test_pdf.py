"""Paper as a program reads it: equal bytes for equal sheets, tags, fonts, one page a copy, lines and tints."""

import html
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pypdf
import pytest

from shelterctl.paper.agreement import print_agreement
from shelterctl.paper.facts import covered_characters, legible_on_paper
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, form_titles, printable_tracks
from shelterctl.press.sheet import PAPER_A4, PAPER_US_LETTER, Medium, RenderedFile, Sheet, render_sheets
from shelterctl.press.tree import parse_body
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from tests.support import pdf
from tests.support.desk import Desk
from tests.support.hostile_text import CMAPS, CORPUS, FONTS
from tests.support.papers import PAPERS, seated
from tests.support.paths import ACCEPTED, PROJECT

TYPED = json.dumps(CORPUS["typst-read"] + CORPUS["typst-import"] + CORPUS["html-image"] + CORPUS["md-image"])
BLUE = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("Б. Образцова", TYPED)

ALL = """
import hashlib, json, sys
from shelterctl.session import Options, Session
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest
from shelterctl.paper.request import form_titles
from shelterctl.press.sheet import Medium
from shelterctl.press.sheet import render_sheets
here = Session(options=Options(as_of="2026-11-25"))
wanted = [PaperRequest(form, language) for form in form_titles(here.rulebook) for language in ("en", "ru", "ky")]
said = {}
for one in wanted if sys.argv[1] == "forwards" else reversed(wanted):
    sheets = make_paper(here, None, one).sheets
    for medium in Medium:
        pressed = render_sheets(sheets, medium)
        assert render_sheets(sheets, medium) == pressed
        said[f"{one.form} {one.language} {medium}"] = hashlib.sha256(pressed.data).hexdigest()
print(json.dumps(said))
"""

WATCHED = """
import json, sys
events = []
def hook(event, words):
    room = event.partition(".")[0]
    if room in ("open", "socket", "urllib", "http", "ftplib", "subprocess", "shutil", "ctypes") or event in RUNS:
        events.append([event, str(words[0])])
RUNS = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.listdir", "os.scandir")
from shelterctl.session import Options, Session
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest
from shelterctl.press.sheet import Medium
from shelterctl.press.sheet import render_sheets
here = Session(options=Options(as_of="2026-11-25"))
here.rulebook
sys.addaudithook(hook)
for form in ("pink", "shelter-rules", "monitoring-report"):
    for medium in Medium:
        render_sheets(make_paper(here, None, PaperRequest(form, "ru")).sheets, medium)
print(json.dumps(events))
"""


def python(code: str, *words: str, cwd: Path, **env: str) -> Any:
    own = {"PATH": os.defpath, "PYTHONPATH": str(PROJECT / "src"), "PYTHONDONTWRITEBYTECODE": "1", **env}
    command = [sys.executable, "-c", code, *words]
    return json.loads(subprocess.run(command, env=own, cwd=cwd, capture_output=True, check=True).stdout)


def test_equal_sheets_are_equal_bytes_in_any_process_and_after_any_other(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    session = {"PYTHONHASHSEED": "1", "TZ": "Asia/Bishkek", "LANG": "ru_RU.UTF-8", "HOME": str(tmp_path)}
    there = {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    one = python(ALL, "forwards", cwd=tmp_path, **session)
    assert len(one) == len(set(one.values())) >= 72
    assert python(ALL, "backwards", cwd=tmp_path / "else", **there) == one


def test_a_filled_sheet_is_the_same_however_often_it_is_printed(admitted: Desk) -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    admitted.anew = True
    for kind in ("pdf", "html"):
        printed = []
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
            out = admitted.folder / f"{seed}.{kind}"
            env = {"PYTHONHASHSEED": seed, "TZ": zone}
            assert admitted.run(f"form blue {admitted.her} --lang ru --out {out}", env=env).code == 0
            printed.append(out.read_bytes())
        assert printed[0] == printed[1]


def test_python_opens_nothing_but_the_program_and_its_templates(tmp_path: Path) -> None:
    events = python(WATCHED, cwd=tmp_path, HOME=str(tmp_path))
    assert {event for event, _ in events} <= {"open", "os.listdir", "os.scandir"}
    own = (*(PROJECT / name for name in ("src", "schemas", "templates")), Path(sys.prefix), Path(sys.base_prefix))
    there = {Path(path) for event, path in events}
    strange = [
        path for path in there if not any(path.is_relative_to(folder) for folder in (*own, *map(Path.resolve, own)))
    ]
    assert not strange
    assert PROJECT / "templates/agreement.html.j2" in there
    assert not list(tmp_path.iterdir())


def traced(tmp_path: Path) -> bool:
    """Whether calls to the system can be looked at here."""
    command = ["strace", "-qq", "-o", str(tmp_path / "tried"), "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.program("strace")
def test_nothing_is_asked_of_the_network_or_of_other_files(admitted: Desk, tmp_path: Path) -> None:
    if os.geteuid() or not traced(tmp_path):
        pytest.skip("strace may not look into a process that hides itself")
    admitted.do(f"agreement {admitted.her} --form blue", BLUE)
    out, calls = admitted.folder / "sheet.pdf", tmp_path / "calls"
    watched = ["strace", "-f", "-qq", "-e", "trace=%network,open,openat,execve", "-o", str(calls)]
    words = ["-m", "shelterctl", "form", "blue", admitted.her, "--lang", "ru", "--out", str(out)]
    subprocess.run(
        [*watched, sys.executable, *words], env=admitted.env, cwd=admitted.folder, check=True, capture_output=True
    )

    lines = calls.read_text("utf-8", "replace").splitlines()
    assert not [line for line in lines if re.search(r"\b(socket|connect|sendto|bind)\(", line)]
    assert len([line for line in lines if "execve(" in line]) == 1
    opened = {
        found[1] for line in lines if "ENOENT" not in line and (found := re.search(r'open(?:at)?\(.*?"([^"]*)"', line))
    }
    assert str(PROJECT / "templates/fonts/NotoSans-Regular.ttf") in opened
    assert {path for path in opened if "font" in path.lower()} <= {
        str(path) for path in (PROJECT / "templates").rglob("*")
    }
    assert not {path for path in opened if re.match("/etc/(?!ld|local|ssl)|/home|/var", path)}
    assert out.read_bytes().startswith(b"%PDF")


HERE = Session(options=Options(as_of="2026-11-25"))
LANGUAGES = ("en", "ru", "ky")
EVERY = list(product(form_titles(HERE.rulebook), LANGUAGES))
"""Every form in every language."""
LONG = ("code-of-conduct",)
"""Forms of several pages, which have a line at the foot of each."""
ONE_PAGE = [(form, language) for form, language in EVERY if form not in LONG]
ALL_SHEETS = [*form_titles(HERE.rulebook), *(track.form for track in printable_tracks(HERE.rulebook) if not track.seal)]


@cache
def blank(form: str, language: str) -> PreparedPaper:
    return make_paper(HERE, None, PaperRequest(form, language))


@cache
def set_(form: str, language: str) -> RenderedFile:
    return pdf.printed(blank(form, language).sheets)


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


@pytest.mark.parametrize(("form", "language"), ONE_PAGE)
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
@pytest.mark.parametrize(("form", "language"), ONE_PAGE)
def test_the_tools_of_poppler_read_the_same_tags_text_and_places(form: str, language: str) -> None:
    data = printed(form, language)
    assert "yes" in re.findall(r"^Tagged: +(.*)", pdf.poppler(data, "pdfinfo"), re.MULTILINE)
    tree = re.findall(r"^ *([A-Z]\w*)", pdf.poppler(data, "pdfinfo", "-struct"), re.MULTILINE)
    assert tree == [tag.kind for tag in pdf.tags(data).every()]
    told = pdf.poppler(data, "pdftotext", "-raw").split("\f")[:-1]
    assert [pdf.squeezed(page) for page in told] == [pdf.squeezed(page) for page in pdf.pages(data)]
    place = 'word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word'
    seen = re.findall(place, pdf.poppler(data, "pdftotext", "-bbox"))
    words = list(pdf.words(data))
    assert len(seen) > 30
    placed = sorted((word.left, word.top, word.right, word.bottom) for word in words)
    assert sorted(tuple(map(float, word[:4])) for word in seen) == [pytest.approx(word, abs=0.5) for word in placed]
    assert sorted("".join(html.unescape(word[4]) for word in seen)) == sorted("".join(word.text for word in words))


@pytest.mark.parametrize(("form", "language"), ONE_PAGE)
def test_screen_text_and_paper_say_the_same_words_in_the_same_order(form: str, language: str) -> None:
    sheets = blank(form, language).sheets
    said = {medium: read(render_sheets(sheets, medium).data).text for medium, read in READ.items()}
    said[Medium.PDF] = pdf.paper(printed(form, language)).text
    words = {medium: re.sub(r"[\W_x]|&nbsp;", "", text) for medium, text in said.items()}
    assert len(words[Medium.HTML]) > 300
    assert set(words.values()) == {words[Medium.HTML]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", LONG)
def test_a_form_of_several_pages_says_every_word_on_paper_in_the_same_order(form: str, language: str) -> None:
    data = printed(form, language)
    assert len(pypdf.PdfReader(BytesIO(data)).pages) == 3
    shown = pdf.html(render_sheets(blank(form, language).sheets, Medium.HTML).data).text.replace("&nbsp;", " ")
    said = [word for word in re.findall(r"[^\W_]+", shown) if word != "x"]
    assert len(said) > 200
    on_paper, at = re.sub(r"[\W_x]", "", pdf.paper(data).text), 0
    for word in (each.replace("x", "") for each in said):
        found = on_paper.find(word, at)
        assert 0 <= found - at < 200, word  # no more than the foot of a page stands between
        at = found + len(word)


def test_the_letters_that_only_kyrgyz_has_are_whole_on_paper() -> None:
    data = [printed(form, "ky") for form in form_titles(HERE.rulebook)]
    assert set("ҢӨҮңөү") <= set("".join(pdf.paper(each).text for each in data) + "Ң")


READ = {
    Medium.HTML: pdf.html,
    Medium.MARKDOWN: pdf.markdown,
    Medium.TEXT: pdf.text,
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


SOFT = "\N{SOFT HYPHEN}"

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
    wherever_the_line_ends = range(1, 21)
    sheets = [page(f"{'м' * 9} " * 6 + "и" * before + f" {whole} конец") for before in wherever_the_line_ends]
    told = pdf.pages(pdf.printed(sheets).data)[::2]  # each begins on a right-hand page
    assert len(told) == len(sheets)
    assert [each for each in told if whole.replace("\u00a0", " ") not in each] == []


def test_each_of_several_codes_in_one_text_is_never_parted() -> None:
    told = " дело W6AX-AVG0 · код листа: 4K0-Q74-M2N · конец " * 6
    for each in pdf.pages(pdf.printed([page("м" * many + told) for many in range(1, 40)]).data)[::2]:
        assert each.count("W6AX-AVG0") == each.count("4K0-Q74-M2N") == 6


def test_a_code_copied_from_paper_has_nothing_in_it_that_was_not_typed() -> None:
    data = pdf.printed([page("код листа: 4XK-792-QA5, дело 47VQ-6XWG")]).data
    assert "4XK-792-QA5, дело 47VQ-6XWG" in "\n".join(pdf.pages(data))


WORDS = ("пострадавших", "достопримечательностями", "Кубанычбековна", "Шаршенкубанычтурдумаматов", "unaccompanied")
"""Words that have no room in a column of a table of ten, two of them names."""


def narrow_table(language: str) -> bytes:
    """A table of ten columns with these words in its heads and cells."""
    heads = "".join(f'<th scope="col" data-width="17">{word}</th>' for word in WORDS * 2)
    cells = "".join(f"<td>{word}</td>" for word in WORDS * 2)
    body = f'<h1>Лист</h1><table class="log"><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>'
    tree = parse_body(body, "sheet.html.j2")
    return pdf.printed([Sheet("Лист", language, "white", date(2026, 11, 25), body, tree, long=True)]).data


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_without_room_is_hyphenated_by_its_language_and_copied_whole(language: str) -> None:
    data = narrow_table(language)
    assert pdf.outside(data) == []
    assert pdf.overlaid(data) == []
    told = [word.text for word in pdf.words(data)]
    # The hyphen at the end of a line is a soft one, as PDF/UA has it; nowhere else is one, nor any other unseen sign.
    assert not [word for word in told if re.search(f"{SOFT}.|\\u200b", word)]
    assert all("".join(told).replace(SOFT, "").count(word) == 4 for word in WORDS)
    parted = {word.rstrip(SOFT) for word in told if word.endswith(SOFT)}
    assert parted == SYLLABLES[language]


SYLLABLES: Mapping[str, set[str]] = {
    "en": {"unac", "compa"},
    "ru": {
        "постра", "досто", "приме", "чатель", "Куба", "нычбе", "Шар", "шенку", "баны", "чтурду", "мама",
    },
    "ky": set(),
}  # fmt: skip
"""What may stand before a hyphen, by the patterns of the language; Typst has none for Kyrgyz."""


def test_the_tints_of_the_manual_differ_in_grey() -> None:
    tints = {name: form.sheet.tint for name, form in open_rulebook().forms.items()}

    def grey(tint: str) -> float:
        red, green, blue = (int(tint[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert grey(tints["pink"]) - grey(tints["blue"]) > 15
    for tint in tints.values():
        assert math.dist(lab(tint), lab("#ffffff")) >= 15  # a printer shows that it is not white
        assert luminance(tint) + 0.05 >= 12 * 0.05  # black upon it is read: contrast 12 : 1
        assert luminance("#ffffff") + 0.05 <= 1.6 * (luminance(tint) + 0.05)  # and it is light where all is grey


def linear(tint: str) -> list[float]:
    """Red, green and blue of a tint as parts of light."""
    parts = (int(tint[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(tint: str) -> float:
    """How light a tint is, from 0 to 1."""
    red, green, blue = linear(tint)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(tint: str) -> tuple[float, float, float]:
    """A tint in CIE L*a*b* for daylight; the distance of two is their ΔE of 1976."""
    red, green, blue = linear(tint)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    z = (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883
    a, b, c = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 4 / 29 for part in (x, luminance(tint), z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)


@pytest.mark.parametrize(
    ("form", "language", "size"), list(product(ALL_SHEETS, LANGUAGES, [PAPER_A4, PAPER_US_LETTER]))
)
def test_letters_have_nine_points_and_every_footer_ends_a_centimetre_above_the_edge(
    form: str, language: str, size: str
) -> None:
    data = pdf.printed(blank(form, language).sheets, size).data
    assert min(pdf.sizes(data)) >= 9
    assert min(word.high - word.bottom for word in pdf.words(data)) * pdf.POINT >= 10


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_footer_stands_apart_from_what_is_above_it(form: str, language: str) -> None:
    words = [word for word in pdf.words(printed(form, language)) if word.page == 1]
    foot = [word for word in words if (word.high - word.base) * pdf.POINT <= 16]
    above = [word for word in words if word not in foot]
    assert (min(word.base for word in foot) - max(word.base for word in above)) * pdf.POINT >= 5


def test_a_footer_of_two_lines_ends_a_centimetre_above_the_edge_too() -> None:
    body = f'<h1>Лист</h1><footer><p class="small">{"слово " * 25}</p></footer>'
    sheet = Sheet("Лист", "ru", "white", date(2026, 11, 25), body, parse_body(body, "sheet.html.j2"), long=True)
    data = pdf.printed([sheet]).data
    lines = {word.base for word in pdf.words(data) if word.text == "слово"}
    assert len(lines) == 2
    assert min(word.high - word.bottom for word in pdf.words(data)) * pdf.POINT >= 10


@pytest.mark.parametrize("size", [PAPER_A4, PAPER_US_LETTER])
def test_twenty_thousand_letters_stand_within_their_pages(size: str, papers: "Desk") -> None:
    session = seated(papers)
    her, _ = session.store.client(papers.her)
    long = ("Причина очень подробная. " * 800)[:20_000]
    lines = PAPERS["blue"]["lines"] | {"1c": {"amount": 1, "justification": long}}
    facts = {**next(facts for facts in her.agreements if facts["form"] == "blue"), "lines": lines}
    paper = print_agreement(session, PaperRequest("blue", "ru"), her, facts)
    made = pdf.printed(paper.sheets, size)
    assert made.pages[0] == 1
    assert made.pages[1] > 3
    assert pdf.outside(made.data) == []
    assert pdf.overlaid(made.data) == []
    assert pdf.paper(made.data).text.count("Причинаоченьподробная.") > 790
