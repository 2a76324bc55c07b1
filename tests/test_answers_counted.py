"""How many answers an admission takes: one plain case typed at a real terminal, every Enter counted."""

from typing import TYPE_CHECKING

import pytest
from terminal import At, Live

from shelterctl.terminal.replay import readable_text

if TYPE_CHECKING:
    from conftest import Desk


RECEIVED, ADMITTED = 4, {"at once": 30, "in the morning": 32}
"""So many answers lead to "received", and so many to "admitted", the first among them."""

NIGHT = ["женщина", "1999", "1", "24.11 23:40"]
"""She came at night, through the NGO Coordinator: what is answered until she is in the house."""

REST = {
    "Почему приняли до оформления документов": "пришла ночью",
    "Имя": "Айгуль",
    "Фамилия": "Примерова",
    "Какие языки понимает": "1",
    "Дата рождения примерная": "2",
    "Когда сообщили": "24.11 23:00",
    "Когда проведена первичная беседа": "24.11 23:50",
    "Кто провёл первичную беседу": "2",
    "Ей обещали безопасность": "да",
    "Ей обещали конфиденциальность": "да",
    "Дата первичной оценки": "24.11",
    "Результат оценки": "1",
    "Кто провёл первичную оценку": "2",
    "Когда координатор по работе с НПО дал согласие": "24.11 23:30",
    "Кто дал согласие от МОМ": "1",
    "Как получено согласие": "1",
    "Правила приюта: дата подписи": "да",
    "Правила приюта: кто подписал": "1",
    "Права проживающих: дата подписи": "да",
    "Права проживающих: кто подписал": "1",
    "Права проживающих: язык документа": "1",
    "Всё, что нужно для приёма, есть. Она здесь с 24.11.2026. День приёма – сегодня, 25.11.2026? "
    "Если другой, ответьте «нет», и его спросят.": "да",
}
"""What is answered until she is admitted, by its question; whatever else is asked is left open by Enter."""


def answered(live: Live, typed: list[str], until: str) -> list[str]:
    """What is asked, in its order, until that is on the screen: each line is one answer, be it Enter alone."""
    asked: list[str] = []
    ways = iter(typed)
    while until not in readable_text(live.raw):
        assert len(asked) < 99, asked
        question = live.asked.partition("  [")[0].partition(" (1 да")[0]
        asked.append(question)
        live.type(next(ways, REST.get(question, "")))
    return asked


@pytest.mark.parametrize("way", ["at once", "in the morning"])
def test_few_answers_lead_from_her_arrival_to_her_admission(desk: "Desk", way: str) -> None:
    with At(desk, "ru").live("admit") as live:
        asked = answered(live, NIGHT, "Она в доме")
        assert len(asked) <= RECEIVED
        if way == "at once":
            asked += answered(live, [], "Принята 25")
        else:
            for answer in (".", ""):
                live.type(answer)
                asked.append(answer)
    if way == "in the morning":
        (her,) = [row["id"] for row in desk.do("list").data["rows"]]
        with At(desk, "ru").live(f"admit {her}") as live:
            asked += answered(live, [], "Принята 25")
    assert len(asked) <= ADMITTED[way], asked
