"""The line for everybody at once: how few keys it takes, and a file that another command changed meanwhile."""

import pytest

from tests.support.desk import Desk
from tests.support.inputs import USUAL_ENTRIES
from tests.support.terminal import FOR_ALL, LiveTerminal, Terminal

LIST = ("What now?", "Что дальше?")


def open_list(live: LiveTerminal) -> str:
    """The list for pocket money: the first of the three, today, the person at this computer."""
    for answer in (FOR_ALL, "1", "", ""):
        live.type(answer)
    return live.asked


def paid(desk: Desk) -> list[str]:
    return [one["amount"] for one in desk.record()["stays"][0].get("pocket_money", [])]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pocket_money_takes_seven_keys_from_the_menu(language: str, admitted: Desk) -> None:
    with Terminal(admitted, language, env={"SHELTERCTL_IDLE": "10"}).live("menu --as-of 2026-11-25") as live:
        assert open_list(live).startswith(LIST)
        live.type("")
        assert live.asked.startswith(LIST)
        live.type("")  # what Enter leaves is left without another payment
    assert paid(admitted) == ["200.00"]


def test_what_another_command_wrote_meanwhile_stops_all_and_the_list_is_shown_anew(admitted: Desk) -> None:
    with Terminal(admitted, env={"SHELTERCTL_IDLE": "10"}).live("menu --as-of 2026-11-25") as live:
        open_list(live)
        admitted.do(f"add {admitted.her} need", USUAL_ENTRIES["need"])
        shown = " ".join(live.type("").split())
        assert "Someone else wrote into one of these files." in shown
        assert not paid(admitted)
        live.type("")
    assert paid(admitted) == ["200.00"]
