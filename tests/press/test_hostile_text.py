"""Whatever is filled in comes out as that text in every medium: never as markup, a link, code, another row or page."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.record.client import Client
from shelterctl.document.subset import REFUSED_CHARACTERS
from shelterctl.paper.agreement import ROW_TEXT_LETTERS, print_agreement
from shelterctl.paper.annex import print_signer_annex
from shelterctl.paper.monitor import print_report
from shelterctl.paper.request import PaperRequest, PreparedPaper
from shelterctl.press.sheet import Medium, RenderedFile, Sheet, render_sheets
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.store.folder import DIRECTORY_FILE, STAFF_FILE
from tests.support import pdf
from tests.support.desk import copied
from tests.support.hostile_text import CORPUS, LONGEST, shown
from tests.support.paths import ACCEPTED
from tests.support.sampled import stride

if TYPE_CHECKING:
    from tests.support.desk import Desk


Facts = Mapping[str, Any]

HEADING = ("number", "place", "ngo", "ngo_representative", "iom_representative", "identification_number")
PLACES = {
    "pink": (*HEADING, "4a.point"),
    "blue": HEADING,
    "monitoring-report": (
        *("first_name", "last_name", "children_text", "address", "phone", "contact_duration"),
        *("problems", "addressed_for_assistance", "law_enforcement_note", "plans"),
    ),
    "confidentiality-agreement": ("name",),
}
"""Every kind of text that the forms print."""

HEAD = "ОписаниепомощиЗапрашиваемаясуммаИтого"
TOKENS = [f"Zq{chr(0x61 + number) * 3}qZ" for number in range(20)]

GIVEN: dict[str, Facts] = {
    "pink": {"date": "2026-11-25", "lines": {"1.1": {"amount": "450.50"}, "4a": {"amount": "100"}}},
    "blue": {"date": "2026-11-25", "lines": {"4": {"rate": "1000", "months": 3}}},
    "monitoring-report": {"date": "2027-05-28", "law_enforcement_contact": True, "threats": True},
}


@dataclass(frozen=True)
class Writer:
    """Prints a form with these texts in its places, from a real store."""

    session: Sitting
    her: Client
    staff: Mapping[str, str]

    def sheet(self, form: str, values: Sequence[str]) -> Sheet:
        told = dict(zip(PLACES[form], values, strict=True))
        return self.paper(form, told).sheets[0]

    def paper(self, form: str, told: dict[str, str]) -> PreparedPaper:
        session, wanted = self.session, PaperRequest(form, "ru", names=True)
        if form == "confidentiality-agreement":
            return print_signer_annex(session, wanted, self.staff[told["name"]])
        if form == "monitoring-report":
            her = Client({**self.her.facts, "identity": told})
            return print_report(session, wanted, her, {"id": "a", **GIVEN[form], **told})
        given = GIVEN[form]
        kept = {name: told[name] for name in ("ngo", "place", "identification_number")}  # an NGO by its name
        facts = {"id": "a", "form": form, **given, **told, "ngo": "sezim", "signed": {"as": kept}}
        if point := told.get("4a.point"):
            facts |= {"lines": {**given["lines"], "4a": {"amount": "100", "point": point}}}
        return print_agreement(session, wanted, self.her, facts)


@pytest.fixture(scope="module")
def writer(_admitted: "Desk", tmp_path_factory: pytest.TempPathFactory) -> Writer:
    """At a store with one client, and a member of staff of every name that a store can hold."""
    desk = copied(_admitted, tmp_path_factory.mktemp("press") / "desk")
    options = Options(store=str(desk.store), identity=str(desk.key), as_of="2027-06-01")
    session = Sitting(options=options)
    names = {f"s-{number}": value for number, value in enumerate([TOKENS[0], *storable(CORPUS.values())])}
    staff, held = session.store.staff, session.store.directory
    registered = {code: {"role": "psychologist", "since": "2026-11-25"} for code in names}
    directory = {**held.value, "staff": {code: {"name": name} for code, name in names.items()}}
    whole = {**staff.value, "staff": {**staff.value["staff"], **registered}}
    session.save([(STAFF_FILE, whole, staff.version), (DIRECTORY_FILE, directory, held.version)], "staff")
    after = Sitting(options=options)
    return Writer(after, after.store.client(desk.her)[0], {name: code for code, name in names.items()})


def storable(values: Iterable[str]) -> list[str]:
    """Those without signs that no text of a store may have."""
    return [value for value in values if not REFUSED_CHARACTERS.search(value)]


READERS: dict[Medium, Callable[[bytes], pdf.Read]] = {
    Medium.HTML: pdf.html,
    Medium.MARKDOWN: pdf.markdown,
    Medium.TEXT: pdf.text,
}


def tokens(form: str) -> list[str]:
    """Words that nobody could take for more, to stand where the texts will."""
    return TOKENS[: len(PLACES[form])]


def plain(writer: Writer, form: str, medium: Medium) -> pdf.Read:
    """What a sheet says with those words in its places."""
    if (form, medium) not in PLAIN:
        data = pdf.pressed([writer.sheet(form, tokens(form))], medium).data
        PLAIN[form, medium] = (READERS | {Medium.PDF: pdf.paper})[medium](data)
    return PLAIN[form, medium]


PLAIN: dict[tuple[str, Medium], pdf.Read] = {}


def replaced(before: str, form: str, values: Sequence[str], medium: Medium) -> str:
    """What a sheet must say with *values*, after what it says *before*, with plain words in their places."""
    for token, value in zip(tokens(form), values, strict=True):
        assert token in before
        before = before.replace(token, shown(value))
    return pdf.tidy(before) if medium in (Medium.HTML, Medium.MARKDOWN) else pdf.squeezed(before)


def once(text: str, head: str) -> str:
    """*text* with the head of a table only where the table begins, not anew on every page."""
    before, found, after = text.partition(head)
    return before + found + after.replace(head, "")


def rounds(form: str) -> list[list[str]]:
    """Every value once in every place."""
    values = list(CORPUS.values()) if len(PLACES[form]) > 1 else storable(CORPUS.values())
    places = PLACES[form]
    turns = [[values[(turn + place) % len(values)] for place in range(len(places))] for turn in range(len(values))]
    short = (number for number, place in enumerate(places) if "." in place)
    for place in short:  # what is longer stands on the annex
        for turn in turns:
            turn[place] = turn[place] if len(turn[place]) <= ROW_TEXT_LETTERS else "x"
    return turns


def sampled(form: str) -> list[list[str]]:
    """The rounds that are printed: each value in one of three places, and with --every-place in each."""
    every = rounds(form)
    return every if len(every) < 3 else every[:: stride(3)]


@pytest.mark.parametrize("form", PLACES)
def test_every_value_in_every_place_is_text_on_the_screen(writer: Writer, form: str) -> None:
    for values in rounds(form):
        sheet = writer.sheet(form, values)
        for medium, read in READERS.items():
            before, now = plain(writer, form, medium), read(render_sheets([sheet], medium).data)
            assert now.text == replaced(before.text, form, values, medium)
            assert now.shape == before.shape


def on_paper(writer: Writer, form: str) -> RenderedFile:
    """The sampled values in the places of a form, printed once."""
    if form not in ON_PAPER:
        ON_PAPER[form] = pdf.printed([writer.sheet(form, values) for values in sampled(form)])
    return ON_PAPER[form]


ON_PAPER: dict[str, RenderedFile] = {}


@pytest.mark.sampled
@pytest.mark.parametrize("form", PLACES)
def test_every_value_in_every_place_is_text_on_paper(writer: Writer, form: str) -> None:
    before, turns = plain(writer, form, Medium.PDF), sampled(form)
    printed = on_paper(writer, form)
    for values, now in zip(turns, pdf.sheets(printed), strict=True):
        assert once(now, HEAD) == replaced(before.text, form, values, Medium.PDF)
    assert pdf.paper(printed.data).shape == (before.shape[0], *before.shape[1:] * len(turns))


@pytest.mark.program("pdftotext")
@pytest.mark.parametrize("form", PLACES)
def test_poppler_reads_the_same_texts_on_paper(writer: Writer, form: str) -> None:
    printed = on_paper(writer, form)
    told = pdf.poppler(printed.data, "pdftotext", "-raw").split("\f")[:-1]
    assert [pdf.squeezed(page) for page in told] == [pdf.squeezed(page) for page in pdf.pages(printed.data)]


@pytest.mark.sampled
def test_a_text_as_long_as_a_record_may_have_is_whole_on_paper(writer: Writer) -> None:
    for form in ("blue", "monitoring-report"):
        before = plain(writer, form, Medium.PDF).text
        for place in range(0, len(PLACES[form]), 4 * stride(3)):
            values = [LONGEST if number == place else token for number, token in enumerate(tokens(form))]
            printed = pdf.printed([writer.sheet(form, values)])
            assert printed.pages[0] > 5
            expected = Counter(replaced(before, form, values, Medium.PDF))
            assert Counter(once(next(pdf.sheets(printed)), HEAD)) == expected  # in two columns, page by page
            assert not pdf.outside(printed.data)


@pytest.mark.parametrize("letter", ["W", "Ш", "\u00a0", "щ", "-", "/", "–", "."])
def test_no_word_runs_off_its_place(writer: Writer, letter: str) -> None:
    for form in ("pink", "blue", "monitoring-report"):
        for many in (21, 45, 300):  # the longest code, the longest that is not broken everywhere, and one that must be
            values = [("а" + letter * (many - 2) + "я")] * len(PLACES[form])
            printed = pdf.printed([writer.sheet(form, values)])
            assert not pdf.outside(printed.data)
            assert not pdf.overlaid(printed.data)


def test_every_page_says_which_of_how_many_it_is(writer: Writer) -> None:
    form = "monitoring-report"
    short, long = (writer.sheet(form, [*tokens(form)[:-1], last]) for last in ("коротко", "долго " * 2000))
    printed = pdf.printed([short, long, short])
    assert printed.pages == (1, 3, 1)
    pages = pdf.pages(printed.data)
    numbers = [re.findall(r"\b\d+ / \d+$", page, re.MULTILINE) for page in pages]
    nothing: list[str] = []  # so that a copy begins on a right-hand page
    assert numbers == [["1 / 1"], nothing, ["1 / 3"], ["2 / 3"], ["3 / 3"], nothing, ["1 / 1"]]


WRITTEN = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("*_`[]()<>#|~$@!\\&;:-+=.1 \n\t{}%\"'«ж\u00a0\u202e\u0301"),
    ),
    min_size=1,
).filter(lambda text: text.strip() != "unknown" and shown(text))
"""Any text, with much of what Markdown lives on; "unknown" is an answer, and stands on paper in the paper's words."""


@settings(max_examples=50)
@given(data=st.data())
def test_any_text_is_text_on_the_screen(writer: Writer, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["pink", "blue", "monitoring-report"]))
    values = data.draw(st.lists(WRITTEN, min_size=len(PLACES[form]), max_size=len(PLACES[form])))
    now = writer.sheet(form, values)
    for medium, read in READERS.items():
        before, after = plain(writer, form, medium), read(render_sheets([now], medium).data)
        assert after.text == replaced(before.text, form, values, medium)
        assert after.shape == before.shape


@settings(max_examples=12)
@given(values=st.lists(WRITTEN, min_size=(many := len(PLACES["monitoring-report"])), max_size=many))
def test_any_text_is_text_on_paper(writer: Writer, values: list[str]) -> None:
    form = "monitoring-report"
    before, printed = plain(writer, form, Medium.PDF), pdf.printed([writer.sheet(form, values)])
    assert next(pdf.sheets(printed)) == replaced(before.text, form, values, Medium.PDF)
    if printed.pages == (1,):  # pages of a longer one are numbered
        assert pdf.paper(printed.data).shape == before.shape


def test_the_program_prints_what_it_was_given(admitted: "Desk") -> None:
    typed = [CORPUS[name] for name in ("typst-import", "html-cell", "md-table", "jinja-sum", "python-braces", "cjk")]
    blue = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("Б. Образцова", json.dumps("\n".join(typed)))
    admitted.do(f"agreement {admitted.her} --form blue", blue)
    for kind, read in ({medium.value: read for medium, read in READERS.items()} | {"pdf": pdf.paper}).items():
        out = admitted.folder / f"sheet.{kind}"
        answer = admitted.do(f"form blue {admitted.her} --out {out}")
        assert answer.codes("warn") == ["paper/no-glyph"]
        assert not [sign for sign in typed[-1] if sign.strip() and f"{ord(sign):X}" in answer.out.replace("U+4E2D", "")]
        assert pdf.squeezed(shown(" ".join(typed))) in pdf.squeezed(read(out.read_bytes()).text)
