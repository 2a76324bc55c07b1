"""By data alone: a third financial form, with a heading of its own: asked, judged, saved, listed, printed, signed."""

from typing import Any

import pytest

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from shelterctl.prompts.sign import SIGN_RECORD
from tests.support.revised_rulebook import GREEN, LANGUAGES, TERM, Revised

GIVEN: dict[str, Any] = {
    "date": "2026-11-25", "number": "G-1", "ngo": "sezim", "school": "School 5", "boards": False,
    "begins_on": "2027-09-01", "term": TERM, "drafted_by": ["NGO Coordinator", "manager"],
    "lines": {"a": {"months": 2, "amount": "1400.00"}, "b": {"amount": "300.00"}},
}  # fmt: skip
ASKED = {
    "en": (
        "School > School 5 She boards there (1 yes, 2 no) > 2 First day at school > 1.9.2027 ",
        "Term: from > 1.9.2027 That is 2027-09-01. Term: to > 31.5.2028 That is 2028-05-31. Representative of the NGO",
        "a. School fees (700 Soms a month) Months ",
        "the green form allows 700.00 a month (IOM-2026-14), so 1,400.00 for 2 months. Ask IOM.",
    ),
    "ru": (
        "Школа > School 5 Живёт при школе (1 да, 2 нет) > 2 Первый день в школе > 1.9.2027 ",
        "Учебный год: с какого дня > 1.9.2027 Это 01.09.2027. Учебный год: по какой день > 31.5.2028 Это 31.05.2028. ",
        "a. Плата за школу (не более 700 сомов в месяц) Месяцы ",
        "зелёная форма разрешает 700,00 в месяц (IOM-2026-14): за 2 месяца – 1 400,00. Спросите МОМ.",
    ),
}
PRINTED = {
    "en": "1. School: School 5, from 1 September 2027, term 1 September 2027 to 31 May 2028. She boards there: no.",
    "ru": "1. Школа: School 5, с 1 сентября 2027 г., учебный год с 1 сентября 2027 г. по 31 мая 2028 г.; "
    "живёт при школе: нет.",
}
SHOWN = {
    "en": "School: School 5 She boards there: no First day at school: 2027-09-01 Term From: 2027-09-01 To: 2028-05-31",
    "ru": "Школа: School 5 Живёт при школе: нет Первый день в школе: 01.09.2027 Учебный год С какого дня: 01.09.2027",
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/green.yaml", GREEN)
    session.clause("IOM-2026-14", "Schooling is paid by a form of its own.")
    return session


def kept(agreement: dict[str, Any]) -> dict[str, Any]:
    """What was answered, without what the program wrote beside it."""
    own = ("id", "stay", "form", "recorded_at", "recorded_by")
    return {name: value for name, value in agreement.items() if name not in own}


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_asked_in_its_order_saved_and_signed(desk: Revised, language: str) -> None:
    heading = ("", "G-1", "", "School 5", "2", "1.9.2027", "1.9.2027", "31.5.2028", "", "", "1 2", "")
    walked = desk.sit(
        language, f"agreement {desk.her} --form green", *heading, "2", "1401", "1400", "300", AGREEMENT_SAVE_DRAFT, ""
    )

    for words in ASKED[language]:
        assert words in walked
    (saved,) = desk.record()["agreements"]
    assert (saved["form"], kept(saved)) == ("green", GIVEN | {"drafted_by": saved["drafted_by"]})
    desk.sit(language, f"agreement {desk.her} --form green --sign", "", "Б. Образцова", "А. Примеров", SIGN_RECORD)
    assert desk.record()["agreements"][0]["signed"]["on"] == "2026-11-25"
    assert SHOWN[language] in desk.sit(language, f"show {desk.her} --all")


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_file_it_is_judged_saved_listed_and_printed(desk: Revised, language: str) -> None:
    over = {**GIVEN, "lines": {"a": {"months": 2, "amount": 1401}, "c": {"amount": 1}}}
    told = desk.ask(f"agreement {desk.her} --form green --check", over)
    assert {told.finding(f"agreement/{code}")["clause"] for code in ("over-cap", "unknown-line")} == {"IOM-2026-14"}
    idle = desk.ask(f"agreement {desk.her} --form green --check", {**GIVEN, "warden": "Б. Образцова"})
    assert idle.finding("track/unasked")["severity"] == "open"

    desk.do(f"agreement {desk.her} --form green", GIVEN)
    assert kept(desk.record()["agreements"][0]) == GIVEN
    assert [row["form"] for row in desk.ask("agreements").data["rows"]] == ["green"]
    assert PRINTED[language] in desk.paper(f"green {desk.her}", language)
    assert PRINTED[language] in desk.paper(f"green {desk.her}", language, "paper.pdf")


def test_unsigned_it_lacks_what_it_needs_at_the_signature(desk: Revised) -> None:
    bare = {name: value for name, value in GIVEN.items() if name not in ("school", "term")}
    saved = desk.do(f"agreement {desk.her} --form green", bare)
    assert saved.finding("track/needs")["severity"] == "open"
    given = {"signed": {"on": "2026-11-25", "ngo_name": "Б. Образцова", "iom_name": "А. Примеров"}}
    assert desk.refused(f"agreement {desk.her} --form green --sign", bare | given).refusals == ["track/needs"] * 2


def test_it_is_listed_among_the_forms_and_printed_blank(desk: Revised) -> None:
    assert "green" in [row["form"] for row in desk.ask("form list").data["rows"]]
    assert "a. School fees (700 Soms a month)" in desk.paper("green --blank", "en")
    assert "а) Плата за школу" not in desk.paper("green --blank", "ru")  # it stands in no group
    assert "Плата за школу (не более 700 сомов в месяц)" in desk.paper("green --blank", "ru")


def test_it_has_a_schema_and_its_agreements_lie_in_the_file(desk: Revised) -> None:
    schema = desk.ask("schema agreement-green").data["schema"]
    assert [*schema["properties"]["lines"]["properties"]] == ["a", "b"]
    assert schema["properties"]["school"]["title"] == "School"
    resident = desk.ask("schema resident").data["schema"]["$defs"]["agreement"]["properties"]
    assert {"school", "term", "boards"} <= resident.keys()
    assert "green" in resident["form"]["enum"]
