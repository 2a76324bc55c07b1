"""An agreement on paper: figures and words from one number; a reprint is a copy of what was signed."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.core.money.agreement import read_agreement
from shelterctl.core.record.client import Client
from shelterctl.core.values.written_days import long_day
from shelterctl.form_notation import amount_in_words
from shelterctl.language import format_fact
from shelterctl.paper.agreement import print_agreement
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper
from shelterctl.press.text import render_text
from shelterctl.press.tree import Node
from tests.support.papers import LANGUAGES, PAPERS, blank, copies, filled, seated, words_of_sheet

if TYPE_CHECKING:
    from tests.support.desk import Desk


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
    return print_agreement(session, PaperRequest(form, language), her, facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_the_total_is_one_number_wherever_it_stands(form: str, language: str, papers: "Desk") -> None:
    paper, total = filled(papers, form, language), TOTALS[form]
    last, said = rows(paper)[-1], amount_in_words(total, language)
    assert last[-1] == format_fact(total, language)
    assert last[0].endswith(said[:1].upper() + said[1:])
    assert words_of_sheet(paper).count(" ".join(format_fact(total, language).split())) == (
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
        assert words_of_sheet(paper).count("KG-2026-118") == len(paper.sheets) == 2 * len(copies(paper))
    beside = {"en": "Identification number of the client: ", "ru": "Идентификационный номер клиента: "}.get(
        language, ": "
    )
    assert f"{beside}KG-2026-118" in words_of_sheet(pink)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preprinted_part_of_the_number_is_printed_once(language: str, papers: "Desk") -> None:
    for number in ("12", "S-NGO-12", "7/S-NGO", None):
        told = words_of_sheet(of(papers, "blue", language, number=number))
        assert told.count("S-NGO") == 2  # once on the form, and once on what lies behind it
        assert (number or "____") in told
    assert "S-NGO" not in words_of_sheet(of(papers, "pink", language, number="12"))


def test_what_is_not_known_is_a_line_to_write_on(papers: "Desk") -> None:
    told = words_of_sheet(of(papers, "blue", ngo_representative=None, period=None))
    assert re.search(r"NGO/PF Сезим represented by _{4,} on one party", told)
    assert re.search(r"to the period from _{4,} to _{4,}, according", told)
    assert told.count("А. Примеров") == 3


def test_an_ngo_without_a_name_has_a_line_to_write_on(papers: "Desk") -> None:
    signed = {"on": "2026-11-25", "language": "ru", "as": {"ngo": "ulybka"}}
    for more in (None, signed):  # 0.3.1 kept the code with the signature
        told = words_of_sheet(of(papers, "blue", ngo="ulybka", signed=more))
        assert "ulybka" not in told
        assert re.search(r"NGO/PF _{4,} represented by", told)


def test_the_place_is_bishkek_unless_another_is_written(papers: "Desk") -> None:
    assert "Bishkek Date: 25 November 2026" in words_of_sheet(filled(papers, "pink", "en"))
    told = words_of_sheet(of(papers, "pink", place="Osh"))
    assert "Osh Date: 25 November 2026" in told
    assert "Bishkek" not in told


def test_what_makes_an_amount_stands_in_its_row_and_what_it_rests_on_behind_the_form(papers: "Desk") -> None:
    pink, blue = filled(papers, "pink", "en"), filled(papers, "blue", "en")
    told = words_of_sheet(pink)
    assert "a) Welcome and sending-off at airport – Railway station 2" in told
    assert "per day per person – 3 day(s) × 1 person(s) × 200.00" in told
    assert "per month maximum) – 1,000.00 Soms × 3 month(s)" in words_of_sheet(blue)
    behind = {"pink": ("Which doctors: dentist", "The kind of proceeding: criminal"), "blue": (
        "What is bought: tools", "Why it is needed: thread", "The time of study: 1 December 2026 – 28 February 2027"
    )}  # fmt: skip
    for paper in (pink, blue):
        form, annex = (" ".join(render_text(each).split()) for each in paper.sheets[:2])
        assert [said for said in behind[paper.form] if said not in annex or said in form] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_what_may_be_signed_is_not_marked(form: str, language: str, papers: "Desk") -> None:
    assert DRAFT[language] not in words_of_sheet(filled(papers, form, language))


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
        assert words_of_sheet(paper).count(DRAFT[language]) == len(paper.sheets)


@pytest.mark.parametrize(
    "changes", [{"number": None}, {"ngo_representative": None}, {"iom_representative": None, "number": None}]
)
def test_what_is_written_when_it_is_signed_makes_no_draft_of_it(changes: dict[str, Any], papers: "Desk") -> None:
    for form in FORMS:
        assert DRAFT["en"] not in words_of_sheet(of(papers, form, **changes))


def test_what_is_signed_is_printed_as_it_was_whatever_is_found_today(papers: "Desk") -> None:
    signed = {"on": "2026-11-25", "language": "ru", "copies": 2}
    assert DRAFT["en"] not in words_of_sheet(of(papers, "pink", contract_date=None, signed=signed))


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


ON = "2026-11-25"
COPY = {
    "en": "COPY of a signed sheet. Signed on: 25 November 2026",
    "ru": "КОПИЯ подписанного листа. Подписано: 25 ноября 2026 г.",
    "ky": "Кол коюлган барактын КӨЧҮРМӨСҮ. Кол коюлган күнү: 2026-жылдын 25-ноябры",
}
ORIGINAL = {
    "en": "the signature is on the original",
    "ru": "подпись – на подлиннике",
    "ky": "кол тамгасы – түп нускада",
}
TODAY = "Имена и номера – как в деле сегодня"


def sign(desk: "Desk", form: str, **signed: Any) -> Any:
    told = {"signed": {"language": "ru", "copies": 2, **signed}}
    return desk.do(f"agreement {desk.her} --form {form} --number {PAPERS[form]['number']} --sign --on {ON}", told)


def table(paper: PreparedPaper, kind: str) -> list[list[str]]:
    """The cells of the rows of its table of that kind, below its head."""
    found = next(node for node in paper.sheets[0].tree.elements() if node.css_class == kind)
    return [["".join(map(str, cell.children)) for cell in row.elements()] for row in [*found.rows()][1:]]


def told(desk: "Desk", form: str, language: str = "ru") -> str:
    return words_of_sheet(filled(desk, form, language))


@pytest.mark.parametrize("form", ["pink", "blue"])
def test_what_was_signed_is_printed_whatever_is_written_since(form: str, printing: "Desk") -> None:
    code = filled(printing, form, "ru").code
    sign(printing, form)
    before = told(printing, form)
    printing.do("ngo add sezim", {"name": "Другое название"})
    printing.do(f"admit {printing.her}", {"identification_number": "KG-2026-999"})
    printing.do("facility add bishkek --kind shelter --capacity 8", {"city": "г. Каракол"})
    after = filled(printing, form, "ru")
    assert words_of_sheet(after) == before
    assert after.code == code  # the signed sheet says what the record says
    assert "Сезим" in before
    assert "KG-2026-118" in before
    assert not re.search("Другое|999|Каракол", before)


@pytest.mark.parametrize(("form", "language"), [("pink", "ru"), *(("blue", each) for each in LANGUAGES)])
def test_a_copy_says_of_which_day_it_is_and_has_no_line_to_sign_on(form: str, language: str, printing: "Desk") -> None:
    assert COPY[language] not in told(printing, form, language)
    sign(printing, form, language=language)
    paper = filled(printing, form, language)
    said = words_of_sheet(paper)
    assert said.count(COPY[language]) == len(paper.sheets) == 2  # the form, and what lies behind it
    assert not re.search("_{4,}", said)
    assert not re.search(r"(Copy|Экземпляр) \d|\d-нускасы", said)
    assert not paper.findings


def test_another_language_than_the_signed_one_is_a_translation_and_no_copy(printing: "Desk") -> None:
    sign(printing, "blue", language="ru")
    assert COPY["ru"] in told(printing, "blue", "ru")
    for language, said in (("en", "Language of the sheet signed on 25 November 2026: Russian"), ("ky", "тили: орусча")):
        assert said in told(printing, "blue", language)
        assert COPY[language] not in told(printing, "blue", language)
        assert not re.search("_{4,}", told(printing, "blue", language))
    sign(printing, "pink")
    assert "Language of the sheet signed on 25 November 2026: Russian" in told(printing, "pink", "en")
    assert "COPY" not in told(printing, "pink", "en")
    assert COPY["ky"] in words_of_sheet(filled(printing, "resident-rights", "ky")).replace("21-ноябры", "25-ноябры")
    assert "КОПИЯ" not in words_of_sheet(filled(printing, "resident-rights", "ru"))


def test_a_copy_says_whether_her_representative_signed(printing: "Desk") -> None:
    assert "representative" not in words_of_sheet(filled(printing, "shelter-rules", "en"))
    printing.do(f"admit {printing.her}", {"admission": {"rules": {"signed_by": "representative"}}})
    assert "her representative's signature is on the original" in words_of_sheet(
        filled(printing, "shelter-rules", "en")
    )


def test_whoever_signed_stands_under_it_though_the_draft_named_nobody(printing: "Desk") -> None:
    nobody = {"ngo_representative", "iom_representative"}
    printing.do(f"agreement {printing.her} --form pink", {k: v for k, v in PAPERS["pink"].items() if k not in nobody})
    sign(printing, "pink", ngo_name="Б. Образцова", iom_name="А. Примеров")
    said = told(printing, "pink")
    assert "(представитель: Б. Образцова)" in said
    assert said.count("Ф.И.О.: Б. Образцова") == said.count("Ф.И.О.: А. Примеров") == 2


def test_a_signature_that_kept_nothing_says_so(printing: "Desk") -> None:
    session = seated(printing)
    her, _ = session.store.client(printing.her)
    saved = next(facts for facts in her.agreements if facts["form"] == "pink")
    old = {**saved, "signed": {"on": ON, "language": "ru", "copies": 2}}
    paper = print_agreement(session, PaperRequest("pink", "ru"), her, old)
    assert TODAY in words_of_sheet(paper)
    sign(printing, "pink")
    assert TODAY not in told(printing, "pink")


def test_a_terminated_one_says_when(printing: "Desk") -> None:
    sign(printing, "blue")
    given = {"by": "NGO Coordinator", "reason": "уехала"}
    printing.do(f"terminate {printing.her} --number {PAPERS['blue']['number']} --on {ON}", given)
    assert f"{COPY['ru']} · Действие прекращено: 25 ноября 2026 г." in told(printing, "blue")


def test_what_is_kept_is_written_by_the_signature_alone(printing: "Desk") -> None:
    kept = {"ngo": "Чужое имя"}
    for command in ("--form blue", f"--form blue --sign --on {ON}"):
        given = PAPERS["blue"] | {"signed": {"as": kept}}
        assert "shape/unknown-key" in printing.refused(f"agreement {printing.her} {command}", given).refusals
    sign(printing, "blue")
    (blue,) = [facts for facts in printing.record()["agreements"] if facts["form"] == "blue"]
    assert blue["signed"]["as"] == {
        "ngo": "Сезим", "identification_number": "KG-2026-118", "edition": "kg-2008",
    }  # fmt: skip


@pytest.mark.parametrize(("form", "name"), [("shelter-rules", "rules"), ("resident-rights", "rights")])
def test_rules_and_rights_are_printed_as_she_signed_them(form: str, name: str, printing: "Desk") -> None:
    signed = {"signed": True, "signed_on": "2026-11-22", "language": "ky"}
    printing.do(f"admit {printing.her}", {"admission": {name: signed}})
    paper = make_paper(seated(printing), printing.her, PaperRequest(form))
    said = words_of_sheet(paper)
    assert paper.language == "ky"
    assert "КӨЧҮРМӨСҮ. Кол коюлган күнү: 2026-жылдын 22-ноябры" in said
    assert not re.search("_{4,}", said)
    assert "түп нускада" in said
    code = printing.do(f"form {form} {printing.her} --out a.txt").data["printed"][0]["code"]
    printing.do(f"admit {printing.her}", {"identification_number": "KG-2026-999"})
    changed = printing.run(f"paper {code}").out
    assert "The sheet is signed and valid: keep it." in changed


def test_a_house_in_another_city_prints_its_own(printing: "Desk") -> None:
    assert "г. Бишкек" in told(printing, "pink")
    printing.do("facility add bishkek --kind shelter --capacity 8", {"city": "г. Ош"})
    for form in ("pink", "blue"):
        said = told(printing, form)
        assert "г. Ош Дата" in said
        assert "Бишкек" not in said.replace("Бишкеке", "")
    printing.do(f"agreement {printing.her} --form blue", PAPERS["blue"] | {"place": "г. Нарын"})
    assert "г. Нарын Дата" in told(printing, "blue")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"ngo": "ulybka"}, "/ngo"),
        ({"lines": {"3": {"amount": 6000, "days": 30, "persons": 1}}}, "/lines/3/days"),
        ({"contract_date": None}, "/contract_date"),
    ],
)
def test_an_unready_pink_form_is_a_draft_and_says_what_is_lacking(
    changes: dict[str, Any], where: str, printing: "Desk"
) -> None:
    given = {key: value for key, value in (PAPERS["pink"] | changes).items() if value is not None}
    printing.do(f"agreement {printing.her} --form pink", given)
    answer = printing.do(f"form pink {printing.her} --lang ru --out pink.txt")
    assert "ЧЕРНОВИК" in (printing.folder / "pink.txt").read_text("utf-8")
    assert where in [found["where"] for found in answer.page["findings"]]
    assert answer.page["status"] == "open"
    assert any("marked as a draft" in said for said in answer.data["said"])


def test_without_her_number_it_is_a_draft_too(printing: "Desk") -> None:
    session = seated(printing)
    her, _ = session.store.client(printing.her)
    pink = next(facts for facts in her.agreements if facts["form"] == "pink")
    nobody = Client({name: value for name, value in her.facts.items() if name != "identification_number"})
    paper = print_agreement(session, PaperRequest("pink", "ru"), nobody, pink)
    assert [found.code for found in paper.findings] == ["agreement/identification-number"]
    assert "ЧЕРНОВИК" in words_of_sheet(paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_she_signed_of_her_file_is_a_copy_too_and_no_day_stands_over_a_line_to_sign_on(
    language: str, admitted: "Desk"
) -> None:
    admitted.do(f"add {admitted.her} consent", {"kind": "plan", "given_on": ON})
    assert COPY[language] not in told(admitted, "consent", language)
    admitted.do(f"add {admitted.her} consent", {"kind": "training", "given_on": ON, "signed": True})
    assert COPY[language] in told(admitted, "consent", language)
    (row,) = table(filled(admitted, "consent", language), "sign")
    assert row[1] == ORIGINAL[language]
    assert row[3] == long_day(date.fromisoformat(ON), language)


def test_a_row_that_she_signed_has_no_room_to_be_signed_again(admitted: "Desk") -> None:
    for day, signed in (("2026-11-23", True), ("2026-11-24", False)):
        given = {"on": ON, "span": {"from": day, "to": day}, "amount": 50, "by": "s-gulnara", "signed_by_her": signed}
        admitted.do(f"add {admitted.her} pocket-money", given)
    rows = table(filled(admitted, "pocket-money", "ru"), "log")
    assert [row[-1] for row in rows[:2]] == [ORIGINAL["ru"], ""]
    assert len(rows[2]) == len(rows[0]) - 1  # what the sum is called stands over the columns before it


def test_the_annex_calls_the_agreement_as_its_first_page_does(printing: "Desk") -> None:
    facts = {**PAPERS["blue"], "number": "17/26", "lines": {"1c": {"amount": 5, "justification": "a cot"}}}
    printing.do(f"agreement {printing.her} --form blue", facts)
    said = words_of_sheet(make_paper(seated(printing), printing.her, PaperRequest("blue", "en"), "17/26"))
    assert said.count("NO. S-NGO 17/26") == 2
