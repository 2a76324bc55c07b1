"""By data alone: an annex that she signs: printed, signed at the terminal or by file, its item closed."""

from typing import Any

import pytest

from tests.support.inputs import REFERRAL
from tests.support.revised_rulebook import LANGUAGES, Revised

ANNEX = """schema: annex/1
annex: telephone-rules
number: "8"
clause: IOM-2026-15
title: {en: RULES OF THE TELEPHONE, ru: ПРАВИЛА ПОЛЬЗОВАНИЯ ТЕЛЕФОНОМ}
opening: {en: "In this house:", ru: "В этом доме:"}
signed_by: resident
recorded_in: admission.telephone
layout: list
entries:
  "1":
    standing: [{clause: IOM-2026-15}]
    text: {en: "calls are made in the hall.", ru: "звонят из прихожей."}
  "2":
    standing: [{clause: IOM-2026-15, repealed: true}, {clause: IOM-2026-15, since: 2026-12-01}]
    text: {en: "nobody calls after ten.", ru: "после десяти не звонят."}
foot:
  - {is: signature, clause: IOM-2026-15, text: {en: "Signature:", ru: "Подпись:"}}
  - {is: day, clause: IOM-2026-15, text: {en: "Date", ru: "Дата"}}
"""
TRACK = """schema: track/1
track: telephone
text: {en: signature under the telephone rules, ru: подпись под правилами телефона}
clause: IOM-2026-15
home: stay
at: admission.telephone
day: signed_on
fields:
  signed: {is: yes_no, text: {en: The telephone rules are signed, ru: "Правила телефона: подписаны"}}
  signed_on: {is: day, text: {en: Telephone rules signed on, ru: "Правила телефона: дата подписи"}}
  signed_by: {is: code, of: signers, text: {en: Who signed the telephone rules, ru: "Правила телефона: кто"}}
  language: {is: code, of: languages, open: true, text: {en: Their language, ru: "Правила телефона: язык"}}
"""
ITEM = """  - item: telephone
    text: {en: Telephone rules signed, ru: Правила телефона подписаны}
    who: {en: the resident, ru: проживающая}
    gate: true
    clause: IOM-2026-15
    on: telephone.signed_on
    also: [telephone.signed_by, telephone.language]
    rules:
      - {needs: [telephone.signed, telephone.signed_on]}
      - {is: telephone.signed, codes: ["yes"]}
    says:
      telephone: {en: "The telephone rules are not signed ({clause}).", ru: "Правила телефона не подписаны ({clause})."}
    in_file:
      telephone: {en: "Add admission, telephone.", ru: "Добавьте admission, telephone."}
"""
SIGNED = {"signed": True, "signed_on": "2026-11-24", "signed_by": "resident", "language": "ky"}
PRINTED = {
    "en": ("RULES OF THE TELEPHONE", "In this house: - calls are made in the hall. ___", "Date: 24 November 2026"),
    "ru": ("ПРАВИЛА ПОЛЬЗОВАНИЯ ТЕЛЕФОНОМ", "В этом доме: - звонят из прихожей. ___", "Дата: 24 ноября 2026 г."),
}
PRINT = {"en": "print", "ru": "напечатать"}
SEEN = {
    "en": (
        "3 Rules of the telephone: to be signed > 3",
        "Rules of the telephone: is it signed?",
        "Telephone rules signed on Press Enter for 2026-11-25, or write - to leave it open. > 24.11",
        "Who signed the telephone rules 1 the resident herself 2 her representative > 1 Their language 1 Kyrgyz",
        "Press Enter for Kyrgyz, or write - to leave it open. > Complete: Telephone rules signed.",
        "All conditions of admission are met.",
    ),
    "ru": (
        "3 Правила пользования телефоном: нужна подпись > 3",
        "Правила пользования телефоном: уже подписано?",
        "Правила телефона: дата подписи Enter – ответ 25.11.2026; знак «-» оставит вопрос открытым. > 24.11",
        "Правила телефона: кто 1 сама проживающая 2 её представитель > 1 Правила телефона: язык 1 кыргызский",
        "Enter – ответ кыргызский; знак «-» оставит вопрос открытым. > Готово: Правила телефона подписаны.",
        "Все условия приёма выполнены.",
    ),
}


@pytest.fixture
def desk(desk: Any) -> Revised:
    session = Revised(desk)
    session.add("annexes/telephone-rules.yaml", ANNEX)
    session.add("tracks/telephone.yaml", TRACK)
    session.edit("acts/admission.yaml", "  - item: orientation\n", f"{ITEM}  - item: orientation\n")
    session.clause("IOM-2026-15", "She signs the rules of the telephone.")
    session.her = session.do("admit", REFERRAL).data["id"]
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_printed_and_its_signature_recorded_at_once(desk: Revised, language: str) -> None:
    which, into = (PRINT[language], "3", ""), ""
    seen = desk.sit(language, f"admit {desk.her}", ".", *which, into, "1", "24.11", "1", "", "1", "")

    for words in SEEN[language]:
        assert words in seen
    admission = desk.record()["stays"][0]["admission"]
    assert (admission["telephone"], admission["admitted_on"]) == (SIGNED, "2026-11-25")


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_file_its_signature_closes_the_item_and_is_printed(desk: Revised, language: str) -> None:
    assert desk.ask(f"admit {desk.her} --complete").refusals == ["admission/telephone"]
    unsigned = desk.paper(f"telephone-rules {desk.her}", language)
    assert PRINTED[language][1] in unsigned
    assert PRINTED[language][2] not in unsigned

    rows = desk.do(f"admit {desk.her}", {"admission": {"telephone": SIGNED}}).data["checklist"]
    item = next(row for row in rows if row["item"] == "telephone")
    assert (item["state"], item["on"]) == ("done", "2026-11-24")
    for name in ("paper.txt", "paper.pdf"):
        printed = desk.paper(f"telephone-rules {desk.her}", language, name)
        assert PRINTED[language][0] in printed
        assert PRINTED[language][2].partition(": ")[2] in printed
    assert desk.do(f"admit {desk.her} --complete").data["state"] == "admitted"


@pytest.mark.parametrize("language", LANGUAGES)
def test_blank_it_has_the_paragraphs_of_its_day(desk: Revised, language: str) -> None:
    assert "telephone-rules" in [row["form"] for row in desk.ask("form list").data["rows"]]
    later = {"en": "nobody calls after ten.", "ru": "после десяти не звонят."}[language]
    assert later not in desk.paper("telephone-rules --blank", language, today="2026-11-30")
    assert later in desk.paper("telephone-rules --blank", language, today="2026-12-01")
