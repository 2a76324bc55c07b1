"""Signed is frozen: a reprint is a copy of what was signed on that day, whatever file and registers say since."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from sheets import LANGUAGES, PAPERS, filled, seated, words

from shelterctl.core.record.client import Client
from shelterctl.paper.agreement import filled_agreement as agreement
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper

if TYPE_CHECKING:
    from conftest import Desk


ON = "2026-11-25"
COPY = {
    "en": "COPY of a signed sheet. Signed on: 25 November 2026",
    "ru": "КОПИЯ подписанного листа. Подписано: 25 ноября 2026 г.",
    "ky": "Кол коюлган барактын КӨЧҮРМӨСҮ. Кол коюлган күнү: 2026-жылдын 25-ноябры",
}
ORIGINAL = {
    "en": "the signature stands on the original",
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
    return words(filled(desk, form, language))


@pytest.mark.parametrize("form", ["pink", "blue"])
def test_what_was_signed_is_printed_whatever_is_written_since(form: str, printing: "Desk") -> None:
    code = filled(printing, form, "ru").code
    sign(printing, form)
    before = told(printing, form)
    printing.do("ngo add sezim", {"name": "Другое название"})
    printing.do(f"admit {printing.her}", {"identification_number": "KG-2026-999"})
    printing.do("facility add bishkek --kind shelter --capacity 8", {"city": "г. Каракол"})
    after = filled(printing, form, "ru")
    assert words(after) == before
    assert after.code == code  # the signed sheet says what the record says
    assert "Сезим" in before
    assert "KG-2026-118" in before
    assert not re.search("Другое|999|Каракол", before)


@pytest.mark.parametrize(("form", "language"), [("pink", "ru"), *(("blue", each) for each in LANGUAGES)])
def test_a_copy_says_of_which_day_it_is_and_has_no_line_to_sign_on(form: str, language: str, printing: "Desk") -> None:
    assert COPY[language] not in told(printing, form, language)
    sign(printing, form, language=language)
    paper = filled(printing, form, language)
    said = words(paper)
    assert said.count(COPY[language]) == len(paper.sheets) == 2  # the form, and what lies behind it
    assert not re.search("_{4,}", said)
    assert not re.search(r"(Copy|Экземпляр) \d|\d-нускасы", said)
    assert not paper.findings


def test_another_language_than_the_signed_one_is_a_translation_and_no_copy(printing: "Desk") -> None:
    sign(printing, "blue", language="ru")
    assert COPY["ru"] in told(printing, "blue", "ru")
    for language, said in (("en", "What was signed on 25 November 2026 is in: Russian"), ("ky", "тили: орусча")):
        assert said in told(printing, "blue", language)
        assert COPY[language] not in told(printing, "blue", language)
        assert not re.search("_{4,}", told(printing, "blue", language))
    sign(printing, "pink")
    assert "What was signed on 25 November 2026 is in: Russian" in told(printing, "pink", "en")
    assert "COPY" not in told(printing, "pink", "en")
    assert COPY["ky"] in words(filled(printing, "resident-rights", "ky")).replace("21-ноябры", "25-ноябры")
    assert "КОПИЯ" not in words(filled(printing, "resident-rights", "ru"))


def test_a_copy_says_whether_her_representative_signed(printing: "Desk") -> None:
    assert "representative" not in words(filled(printing, "shelter-rules", "en"))
    printing.do(f"admit {printing.her}", {"admission": {"rules": {"signed_by": "representative"}}})
    assert "the signature of her representative stands on the original" in words(
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
    paper = agreement(session, her, session.rulebook.form("pink"), old, PaperRequest("pink", "ru"))
    assert TODAY in words(paper)
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
    said = words(paper)
    assert paper.language == "ky"
    assert "КӨЧҮРМӨСҮ. Кол коюлган күнү: 2026-жылдын 22-ноябры" in said
    assert not re.search("_{4,}", said)
    assert "түп нускада" in said
    code = printing.do(f"form {form} {printing.her} --out a.txt").data["printed"][0]["code"]
    printing.do(f"admit {printing.her}", {"identification_number": "KG-2026-999"})
    changed = printing.run(f"paper {code}").out
    assert "It is signed: the signed sheet holds, keep it." in changed


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
    paper = agreement(session, nobody, session.rulebook.form("pink"), pink, PaperRequest("pink", "ru"))
    assert [found.code for found in paper.findings] == ["agreement/identification-number"]
    assert "ЧЕРНОВИК" in words(paper)


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
    assert row[3] == {"en": ON}.get(language, "25.11.2026")


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
    said = words(make_paper(seated(printing), printing.her, PaperRequest("blue", "en"), "17/26"))
    assert said.count("NO. S-NGO 17/26") == 2
