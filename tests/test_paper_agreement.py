"""An agreement on paper: figures and words from one number, her number and never her name, and what it is good for."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sheets import LANGUAGES, PAPERS, blank, copies, filled, seated, words

from shelterctl.core.money.agreement import read_agreement
from shelterctl.form_notation import amount_in_words
from shelterctl.language import format_fact
from shelterctl.paper.agreement import filled_agreement as agreement
from shelterctl.paper.request import PaperRequest, PreparedPaper
from shelterctl.press.text import render_text
from shelterctl.press.tree import Node

if TYPE_CHECKING:
    from conftest import Desk


FORMS = ("pink", "blue")
TOTALS = {"pink": Decimal("5140.55"), "blue": Decimal("4800.75")}
TOTALS_OF_LINES = {
    "pink": ["750.50", "3,000.00", "600.00", "90.05", "700.00"],
    "blue": ["1,000.75", "3,000.00", "800.00"],
}
"""What each number of the form makes; it stands in the last row of its number."""
UNUSED = "–"
DRAFT = {"en": "DRAFT – not for signature", "ru": "ЧЕРНОВИК – не для подписания", "ky": "ДОЛБООР – кол коюуга болбойт"}


def written(node: Node) -> str:
    return "".join(each if isinstance(each, str) else written(each) for each in node.children).strip()


def rows(paper: PreparedPaper) -> list[list[str]]:
    """The table, cell by cell."""
    return [[written(cell) for cell in row.elements()] for row in _table(paper).rows()]


def amounts(paper: PreparedPaper) -> list[str]:
    """What stands in the cells of amounts: of a number its total, of a line what it asks for, of one by itself both."""
    _, *lines, _ = _table(paper).rows()
    places = {"first": slice(2, 3), "inner": slice(1, 2), "": slice(1, 3)}
    return [written(cell) for row in lines for cell in [*row.elements()][places[row.css_class]]]


def _table(paper: PreparedPaper) -> Node:
    return next(each for each in _all(paper.sheets[0].tree) if each.tag == "table" and each.css_class == "lines")


def _all(node: Node) -> list[Node]:
    return [node, *(below for each in node.elements() for below in _all(each))]


def of(desk: "Desk", form: str, language: str = "en", **changes: Any) -> PreparedPaper:
    """The sheet as her agreement would be printed with these changes; None takes a key away."""
    session = seated(desk)
    her, _ = session.store.client(desk.her)
    saved = next(facts for facts in her.agreements if facts["form"] == form)
    facts = {name: value for name, value in {**saved, **changes}.items() if value is not None}
    return agreement(session, her, session.rulebook.form(form), facts, PaperRequest(form, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_the_total_is_one_number_wherever_it_stands(form: str, language: str, papers: "Desk") -> None:
    paper, total = filled(papers, form, language), TOTALS[form]
    last, said = rows(paper)[-1], amount_in_words(total, language)
    assert last[-1] == format_fact(total, language)
    assert last[0].endswith(said[:1].upper() + said[1:])
    assert words(paper).count(" ".join(format_fact(total, language).split())) == (
        2 if form == "blue" else len(copies(paper))
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_numbered_row_has_the_sum_of_its_lines_and_all_of_them_make_the_total(form: str, papers: "Desk") -> None:
    _, *lines, _ = rows(filled(papers, form, "en"))
    sums = [row[2] for row in lines if row[2] not in ("", UNUSED)]
    assert sums == TOTALS_OF_LINES[form]
    requested = [Decimal(row[1].replace(",", "")) for row in lines if row[1] not in ("", UNUSED)]
    assert sum(requested) == TOTALS[form] == sum(Decimal(told.replace(",", "")) for told in sums)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("signed", [None, {"on": "2026-11-25"}, {"on": "2026-11-25", "as": {"ngo": "Сезим"}}])
def test_nobody_can_write_an_amount_into_a_line_that_was_not_agreed(
    signed: dict[str, Any] | None, form: str, language: str, papers: "Desk"
) -> None:
    told, open_ = (amounts(paper) for paper in (of(papers, form, language, signed=signed), blank(form, language)))
    assert len(told) == len(open_)
    assert all(told)
    assert 0 < told.count(UNUSED) < len(told)
    assert not any(open_)


def test_a_monthly_line_asks_for_rate_times_months(papers: "Desk") -> None:
    (row,) = [row for row in rows(filled(papers, "blue", "en")) if row[0].startswith("4.")]
    assert row[1:] == ["3,000.00", "3,000.00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_number_stands_once_where_the_form_has_no_place_for_it_and_in_its_place_on_the_other(
    language: str, papers: "Desk"
) -> None:
    pink, blue = (filled(papers, form, language) for form in FORMS)
    for paper in (pink, blue):  # on the form, and on what lies behind it
        assert words(paper).count("KG-2026-118") == len(paper.sheets) == 2 * len(copies(paper))
    beside = {"en": "Identification number of the client: ", "ru": "Идентификационный номер клиента: "}.get(
        language, ": "
    )
    assert f"{beside}KG-2026-118" in words(pink)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preprinted_part_of_the_number_is_printed_once(language: str, papers: "Desk") -> None:
    for number in ("12", "S-NGO-12", "7/S-NGO", None):
        told = words(of(papers, "blue", language, number=number))
        assert told.count("S-NGO") == 2  # once on the form, and once on what lies behind it
        assert (number or "____") in told
    assert "S-NGO" not in words(of(papers, "pink", language, number="12"))


def test_what_is_not_known_is_a_line_to_write_on(papers: "Desk") -> None:
    told = words(of(papers, "blue", ngo_representative=None, period=None))
    assert re.search(r"NGO/PF Сезим represented by _{4,} on one party", told)
    assert re.search(r"to the period from _{4,} to _{4,}, according", told)
    assert told.count("А. Примеров") == 3


def test_an_ngo_without_a_name_has_a_line_to_write_on(papers: "Desk") -> None:
    signed = {"on": "2026-11-25", "language": "ru", "as": {"ngo": "ulybka"}}
    for more in (None, signed):  # 0.3.1 kept the code with the signature
        told = words(of(papers, "blue", ngo="ulybka", signed=more))
        assert "ulybka" not in told
        assert re.search(r"NGO/PF _{4,} represented by", told)


def test_the_place_is_bishkek_unless_another_is_written(papers: "Desk") -> None:
    assert "Bishkek Date: 25 November 2026" in words(filled(papers, "pink", "en"))
    told = words(of(papers, "pink", place="Osh"))
    assert "Osh Date: 25 November 2026" in told
    assert "Bishkek" not in told


def test_what_makes_an_amount_stands_in_its_row_and_what_it_rests_on_behind_the_form(papers: "Desk") -> None:
    pink, blue = filled(papers, "pink", "en"), filled(papers, "blue", "en")
    told = words(pink)
    assert "a) Welcome and sending-off at airport – Railway station 2" in told
    assert "per day per person – 3 day(s) × 1 person(s) × 200.00" in told
    assert "per month maximum) – 1,000.00 Soms × 3 month(s)" in words(blue)
    behind = {"pink": ("Which doctors: dentist", "The kind of proceeding: criminal"), "blue": (
        "What is bought: tools", "Why it is needed: thread", "The time of study: 1 December 2026 – 28 February 2027"
    )}  # fmt: skip
    for paper in (pink, blue):
        form, annex = (" ".join(render_text(each.tree).split()) for each in paper.sheets[:2])
        assert [said for said in behind[paper.form] if said not in annex or said in form] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_what_may_be_signed_is_not_marked(form: str, language: str, papers: "Desk") -> None:
    assert DRAFT[language] not in words(filled(papers, form, language))


@pytest.mark.parametrize(
    ("form", "changes"),
    [
        ("pink", {"contract_date": None}),
        ("pink", {"drafted_by": ["manager"]}),
        ("pink", {"date": "2026-11-21"}),
        ("blue", {"period": None}),
        ("blue", {"ngo": "ulybka"}),
        ("blue", {"lines": {"7a": {"amount": 801}}}),
        ("blue", {"lines": {}}),
        ("blue", {"iom_representative": "б. образцова"}),
    ],
)
def test_what_would_be_refused_is_no_paper_to_sign(form: str, changes: dict[str, Any], papers: "Desk") -> None:
    for language in LANGUAGES:
        paper = of(papers, form, language, **changes)
        assert words(paper).count(DRAFT[language]) == len(paper.sheets)


@pytest.mark.parametrize(
    "changes", [{"number": None}, {"ngo_representative": None}, {"iom_representative": None, "number": None}]
)
def test_what_is_written_when_it_is_signed_makes_no_draft_of_it(changes: dict[str, Any], papers: "Desk") -> None:
    for form in FORMS:
        assert DRAFT["en"] not in words(of(papers, form, **changes))


def test_what_is_signed_is_printed_as_it_was_whatever_is_found_today(papers: "Desk") -> None:
    signed = {"on": "2026-11-25", "language": "ru", "copies": 2}
    assert DRAFT["en"] not in words(of(papers, "pink", contract_date=None, signed=signed))


def test_the_mark_is_there_exactly_where_a_signature_is_refused(printing: "Desk") -> None:
    her = printing.her
    for number, drafters in (("S-NGO-31", ["manager"]), ("S-NGO-32", ["NGO Coordinator", "manager"])):
        given = {
            **PAPERS["blue"],
            "number": number,
            "drafted_by": drafters,
            "lines": {"1c": {"amount": 1, "justification": "x"}},
        }
        printing.do(f"agreement {her} --form blue", given)
        out = printing.folder / f"{number}.txt"
        said = printing.do(f"agreement {her} --form blue --number {number} --out {out}").data["said"]
        refused = printing.ask(f"agreement {her} --form blue --number {number} --sign --on 2026-11-25").code == 1
        assert (DRAFT["en"] in out.read_text("utf-8")) is refused
        assert any("marked as a draft" in each for each in said) is refused


def test_what_is_judged_is_what_is_printed(papers: "Desk") -> None:
    session = seated(papers)
    her, _ = session.store.client(papers.her)
    for facts in her.agreements:
        total = read_agreement(session.rulebook.form(facts["form"]), facts).total
        assert filled(papers, facts["form"], "en").facts["/total"] == f"{total:.2f}"
