"""By data alone: a line more on the blue form, whose cap grows with a number of its own."""

from typing import Any

import pytest

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from tests.support.revised_rulebook import LANGUAGES, Revised

LINE = """  8:
    text: {en: "Dentist ({at_most} Soms a visit)", ru: "Зубной врач (не более {at_most} сомов за посещение)"}
    clause: IOM-2026-12
    fields:
      clinic: {is: text, text: {en: which clinic, ru: какая клиника}}
      visits: {is: whole, text: {en: how many visits, ru: сколько посещений}}
    rules:
      - {amount: amount, at_most: 150, times: [visits], clause: IOM-2026-12}
      - {needs: [visits, clinic], clause: IOM-2026-12}
"""
HEADING = ("", "", "", "1.12.2026", "28.2.2027", "", "", "", "")
WALKED = {  # after 3 visits, 451 som, 450 som, a clinic
    "en": (
        "8. Dentist (150 Soms a visit) How many visits Enter leaves the line out. > 3 "
        "Amount in som The cap is 450.00 som. Enter leaves the line out. > 451 "
        "! Line 8 asks for 451.00 som; the blue form allows 150.00 for each (IOM-2026-12), “how many visits”: 3 make "
        "450.00. Lower the line, or justify the rest under 1c.",
        "> 450 Which clinic > 4 Line 8: 450.00 som. Total so far: 450.00 som. 1a. ",
    ),
    "ru": (
        "8. Зубной врач (не более 150 сомов за посещение) Сколько посещений Enter – пропустить строку. > 3 "
        "Сумма в сомах Не больше 450,00 сом. Enter – пропустить строку. > 451 "
        "! В строке 8 запрошено 451,00 сом, а голубая форма разрешает 150,00 за каждое (IOM-2026-12), "
        "«сколько посещений»: 3 – это 450,00. Уменьшите сумму в этой строке или обоснуйте остаток в строке 1c.",
        "> 450 Какая клиника > 4 Строка 8: 450,00 сом. Пока всего 450,00 сом. 1a. ",
    ),
}
PRINTED = {"en": "8. Dentist (150 Soms a visit) {}", "ru": "8. Зубной врач (не более 150 сомов за посещение) {}"}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.edit("tracks/blue.yaml", "parts:\n", f"parts:\n{LINE}")
    session.clause("IOM-2026-12", "150 Soms for each visit to a dentist.")
    return session


def agreed(**line: object) -> dict[str, Any]:
    return {"date": "2026-11-25", "period": {"from": "2026-12-01", "to": "2027-02-28"}, "lines": {"8": line}}


def test_by_file_it_is_judged_by_its_own_number(desk: Revised) -> None:
    judge = f"agreement {desk.her} --form blue --check"
    assert desk.ask(judge, agreed(visits=3, clinic="4", amount=450)).refusals == []
    over = desk.ask(judge, agreed(visits=3, clinic="4", amount="450.01")).finding("agreement/over-cap")
    assert (over["severity"], over["clause"]) == ("refuse", "IOM-2026-12")
    assert {"cap": "450.00", "visits": 3, "counts": ["“how many visits”: 3"]}.items() <= over["facts"].items()
    lacking = desk.ask(judge, agreed(clinic="4", amount=450)).finding("agreement/missing-key")
    assert lacking["facts"]["key"] == "visits"
    none = desk.ask(judge, agreed(visits=0, clinic="4", amount=450)).finding("agreement/bad-value")
    assert none["facts"]["key"] == "visits"


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_its_number_is_asked_before_the_amount_that_it_caps(desk: Revised, language: str) -> None:
    seen = desk.sit(
        language, f"agreement {desk.her} --form blue", *HEADING, "3", "451", "450", "4", ".", AGREEMENT_SAVE_DRAFT
    )
    for words in WALKED[language]:
        assert words in seen

    (saved,) = desk.record()["agreements"]
    assert saved["lines"] == {"8": {"visits": 3, "amount": "450.00", "clinic": "4"}}
    amount = "450.00" if language == "en" else "450,00"
    assert PRINTED[language].format(amount) in desk.paper(f"blue {desk.her}", language)
    assert PRINTED[language].format("") in desk.paper("blue --blank", language)


def test_it_is_listed_explained_and_in_the_schema(desk: Revised) -> None:
    row = next(row for row in desk.ask("agreement --form blue").data["rows"] if row["line"] == "8")
    assert (row["limit"], row["keys"]) == ("150.00 × visits", ["clinic*", "visits*"])
    assert desk.ask("explain 'blue 8'").data["heading"] == "150 Soms for each visit to a dentist."

    line = desk.ask("schema agreement-blue").data["schema"]["properties"]["lines"]["properties"]["8"]
    assert (line["required"], [*line["properties"]]) == (["clinic", "visits"], ["amount", "clinic", "visits"])


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Dentist ({at_most} Soms)", "Dentist (150, 600 Soms)"),
        ("Dentist ({at_most} Soms a visit, {at_most_2} in all)", "Dentist (150 Soms a visit, 600 in all)"),
    ],
)
def test_it_may_have_two_limits_and_its_text_has_both(desk: Revised, text: str, printed: str) -> None:
    desk.edit("tracks/blue.yaml", "Dentist ({at_most} Soms a visit)", text)
    first = "      - {amount: amount, at_most: 150, times: [visits], clause: IOM-2026-12}\n"
    desk.edit("tracks/blue.yaml", first, f"{first}      - {{amount: amount, at_most: 600, clause: IOM-2026-12}}\n")
    row = next(row for row in desk.ask("agreement --form blue").data["rows"] if row["line"] == "8")
    assert (row["limit"], row["text"]) == ("150.00 × visits, 600.00", printed)
    assert printed in desk.paper("blue --blank", "en")


VISITS = "is: whole, text: {en: how many visits, ru: сколько посещений}"
CURE = "is: span, text: {en: the cure, ru: лечение}"


def test_it_may_grow_with_the_days_of_a_period_instead(desk: Revised) -> None:
    desk.edit("tracks/blue.yaml", VISITS, CURE)
    desk.edit("tracks/blue.yaml", "times: [visits]", "times: [{days_of: visits}]")
    line = {"visits": {"from": "2026-12-01", "to": "2026-12-03"}, "clinic": "4"}
    judge = f"agreement {desk.her} --form blue --check"
    assert desk.ask(judge, agreed(**line, amount=450)).refusals == []
    over = desk.ask(judge, agreed(**line, amount=451)).finding("agreement/over-cap")
    assert over["facts"]["counts"] == ["“the cure”: 3"]

    seen = desk.sit("ru", f"agreement {desk.her} --form blue", *HEADING, "1.12", "3.12", "451", "450", "4", ".")
    assert "Лечение: с какого дня" in seen
    assert "«лечение»: 3 – это 450,00" in seen
    assert desk.ask("agreement --form blue").data["rows"][0]["limit"] == "150.00 × days"
