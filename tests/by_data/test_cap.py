"""By data alone: a cap is revised from a day on; by file, at the terminal and on paper each day has its own."""

from typing import Any

import pytest

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from tests.support.revised_rulebook import LANGUAGES, Revised

GOODS = "      - {amount: amount, at_most: 3000, clause: A6.1b}\n"
REVISED = GOODS.replace("}\n", ", later: [{since: 2026-11-26, at_most: 3500, clause: IOM-2026-11}]}\n")
BEFORE, SINCE = "2026-11-25", "2026-11-26"

HEADING = ("", "", "1.12.2026", "28.2.2027", "", "", "", "")
"""Under the day of the agreement; only its period is needed."""
SHOWN = {
    BEFORE: {"en": "The cap is 3,000.00 som.", "ru": "Не больше 3 000,00 сом."},
    SINCE: {"en": "The cap is 3,500.00 som.", "ru": "Не больше 3 500,00 сом."},
}
REFUSED = {
    BEFORE: {"en": "the blue form allows 3,000.00 (A6.1b).", "ru": "голубая форма разрешает 3 000,00 (A6.1b)."},
    SINCE: {"en": "the blue form allows 3,500.00 (IOM-2026-11).", "ru": "разрешает 3 500,00 (IOM-2026-11)."},
}
PRINTED = {"en": "profitable activity ({} Soms maximum)", "ru": "деятельности (не более {} сомов)"}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.edit("tracks/blue.yaml", GOODS, REVISED)
    session.clause("IOM-2026-11", "At most 3500 Soms for tools.")
    return session


def agreed(day: str, amount: object) -> dict[str, Any]:
    """An agreement of that day which asks so much for tools."""
    period = {"from": "2026-12-01", "to": "2027-02-28"}
    return {"date": day, "period": period, "lines": {"1b": {"amount": amount, "goods": "tools"}}}


def test_by_file_each_day_has_its_cap_and_her_agreement_prints_it(desk: Revised) -> None:
    judge = f"agreement {desk.her} --form blue --check"
    for day, cap, clause in ((BEFORE, "3000", "A6.1b"), (SINCE, "3500", "IOM-2026-11")):
        assert desk.ask(judge, agreed(day, cap)).refusals == []
        over = desk.ask(judge, agreed(day, f"{cap}.01")).finding("agreement/over-cap")
        assert (over["severity"], over["clause"], over["facts"]["cap"]) == ("refuse", clause, f"{cap}.00")

    desk.do(f"agreement {desk.her} --form blue", agreed(SINCE, 3500))
    assert PRINTED["en"].format(3500) in desk.paper(f"blue {desk.her}", "en")
    assert desk.ask("check", today=SINCE).refusals == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("day", "over", "cap"), [(BEFORE, "3000,01", "3000"), (SINCE, "3501", "3500")])
def test_at_the_terminal_the_cap_of_its_day_is_shown_and_refuses(
    desk: Revised, language: str, day: str, over: str, cap: str
) -> None:
    seen = desk.sit(
        language, f"agreement {desk.her} --form blue", day, *HEADING, "", over, cap, "4", ".", AGREEMENT_SAVE_DRAFT
    )

    assert SHOWN[day][language] in seen
    assert REFUSED[day][language] in seen
    (saved,) = desk.record()["agreements"]
    assert saved["lines"] == {"1b": {"amount": f"{cap}.00", "goods": "tools"}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blank_form_prints_the_cap_of_its_day(desk: Revised, language: str) -> None:
    for day, cap in ((BEFORE, 3000), (SINCE, 3500)):
        assert PRINTED[language].format(cap) in desk.paper("blue --blank", language, today=day)
