"""The pages of the house in the menu: its money, and the coming week, seen and printed."""

from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LEAVE, PARTNERS, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk

MONEY, WEEK = "17", "18"


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_and_the_week_are_seen_and_printed_without_a_command(admitted: "Desk", language: str) -> None:
    admitted.do(f"agreement {admitted.her} --form pink", ACCEPTED / "pink.yaml")
    entry = admitted.do("agreements").data["rows"][0]["id"]
    spent = {"on": "2026-11-25", "item": "food", "amount": 6001, "agreement": entry, "line": "3", "by": "s-gulnara"}
    admitted.do(f"add {admitted.her} outlay", spent)
    session = Terminal(admitted, language, today=None, size=(60, 100), env={"SHELTERCTL_IDLE": "10"})
    money = [MONEY, "1", "", "2", str(admitted.folder / "money.pdf"), "", ""]
    week = [WEEK, "1", "", "2", str(admitted.folder / "week.pdf"), "", ""]
    seen = session.run("menu --as-of 2026-11-25", [PARTNERS, *money, *week, "", LEAVE])
    assert seen.code == 0
    told = " ".join(seen.text.split())
    for said in {
        "en": ("WITHOUT A RECEIPT", "ABOVE THE AGREED LINE", "POCKET MONEY LEFT TO PAY", "OVERDUE AND OPEN"),
        "ru": ("БЕЗ ЧЕКА", "СВЕРХ ВЫДЕЛЕННОГО", "КАРМАННЫЕ ДЕНЬГИ: ОСТАЛОСЬ ВЫПЛАТИТЬ", "ПРОСРОЧЕНО И НЕ ЗАВЕРШЕНО"),
    }[language]:
        assert said in told, said
    for name in ("money.pdf", "week.pdf"):
        assert (admitted.folder / name).read_bytes().startswith(b"%PDF")
