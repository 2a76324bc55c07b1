"""A night shift in Russian: answers given to the wrong question, a refusal, a guess, and what the time is."""

from typing import TYPE_CHECKING, Any

import pytest
from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


NIGHT = {
    "identity": {"sex": "female", "birth_date": "1999-03-14"},
    "referral": {"sources": ["iom_ngo_coordinator"]},
    "received": {"at": "2026-11-24T22:00", "provisional_reason": "пришла ночью"},
}
DAY = "2026-11-25"


def plain(told: str) -> str:
    """What was seen, wherever its lines break."""
    return " ".join(told.split())


def stay(desk: "Desk", her: str) -> dict[str, Any]:
    """Her stay as it is written."""
    return desk.record(her)["stays"][0]  # type: ignore[no-any-return]


# The answer to another question.


def test_the_way_of_an_agreement_is_doubted_as_the_name_of_who_gave_it(desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with At(desk, "ru").live(f"admit {her}") as live:
        live.until("Кто дал согласие от МОМ", {"Когда координатор по работе с НПО дал согласие": "24.11 23:30"})
        assert "Это имя? Больше похоже на обычные слова." in plain(live.type("по телефону"))
        assert live.asked == "Кто дал согласие от МОМ"
        assert "by" not in stay(desk, her)["admission"]["coordinator_agreement"]
        live.type("по телефону")
    assert stay(desk, her)["admission"]["coordinator_agreement"]["by"] == "по телефону"


def test_one_word_that_nobody_on_the_list_is_called_is_doubted_and_taken_when_typed_again(admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"add {admitted.her} absence") as live:
        live.until("Кто её сопровождает", {"Куда она выходит": "2"})
        assert "Такого человека в списке нет. Если это имя, напишите ещё раз." in plain(live.type("живот"))
        assert "escort" not in admitted.record()["unfinished"]["absence"]
        live.type("живот")
        assert admitted.record()["unfinished"]["absence"]["escort"] == "живот"


def test_a_bare_yes_is_doubted_where_words_are_asked_for(admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"add {admitted.her} consent") as live:
        live.until("О чём", {"Что ей предложили": "лечение"})
        assert "одного «да» мало" in plain(live.type("да"))
        assert "about" not in admitted.record()["unfinished"]["consent"]
        live.type("зубы")
        assert admitted.record()["unfinished"]["consent"]["about"] == "зубы"


# Her language is offered, and named as one names it.


def test_of_her_languages_the_first_is_offered_for_a_consent_and_any_other_may_be_named(admitted: "Desk") -> None:
    languages = admitted.record()["identity"]["languages"]
    with At(admitted, "ru").live(f"add {admitted.her} consent") as live:
        live.until("На каком языке объяснили", {"Что ей предложили": "лечение"})
        assert "Enter – ответ кыргызский" in plain(live.begun + live.raw.decode().rpartition("На каком языке")[2])
        told = plain(live.type("на пальцах"))
        assert "Напишите номер строки из списка выше, название языка или его код" in told
        live.type("")
        assert admitted.record()["unfinished"]["consent"]["language"] == languages[0] == "ky"


# She refuses from the start.


def test_a_refusal_is_found_by_its_word_and_its_day_is_come_to(admitted: "Desk") -> None:
    with At(admitted, "ru", today=None, size=(60, 80)).live(f"menu --as-of {DAY}") as live:
        live.type(admitted.her)
        live.type("2")
        live.type("отказ")
        assert live.asked == "Что ей предложили"
        live.until("Дата согласия", {"Что ей предложили": "лечение", "О чём": "зубы"})
        assert "Если отказалась – Enter, дальше спросят об отказе." in plain(live.raw.decode())
        live.type("")
        assert live.asked == "Дата отказа"


def test_the_kind_is_called_a_consent_or_a_refusal_where_it_is_chosen(admitted: "Desk") -> None:
    with At(admitted, "ru", today=None, size=(60, 80)).live(f"menu --as-of {DAY}") as live:
        live.type(admitted.her)
        live.type("2")
        assert "согласие или отказ" in live.type("потребности")


# To whom it is told.


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("полиция", "authority_investigation"),
        ("суд", "authority_investigation"),
        ("журналист", "media"),
        ("скорая", "emergency"),
        ("родственники", "relative_or_outsider"),
        ("police", "authority_investigation"),
    ],
)
def test_whom_it_is_told_to_is_found_by_the_words_that_people_use(typed: str, kind: str, admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"add {admitted.her} disclosure") as live:
        live.type(typed)
        assert admitted.record()["unfinished"]["disclosure"]["kind"] == kind


# When somebody was born.


def test_no_says_that_there_is_no_child(desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with At(desk, "ru").live(f"admit {her}") as live:
        assert live.asked == "Дата рождения ребёнка"
        told = live.type("нет")
        assert "!" not in told
        assert live.asked == "Имя"
    assert "children" not in desk.record(her)


def test_a_whole_date_takes_the_mark_of_a_guess_away_and_a_guess_sets_it(desk: "Desk") -> None:
    with At(desk, "ru").live("admit") as live:
        live.type("женщина")
        for typed, said, estimated in [
            ("около 1999", "Отмечено, что дата примерная.", True),
            ("14.03.1999", "Пометка «примерно» снята.", None),
            ("около 1999", "Отмечено, что дата примерная.", True),
            ("1999", "", True),  # a year alone is what stands there, and as much of a guess
        ]:
            told = plain(live.type(typed))
            assert said in told
            (her,) = [file.name.partition(".")[0] for file in desk.folder.rglob("residents/*.yaml.age")]
            assert desk.record(her)["identity"].get("estimated") is estimated
            live.type("*")
            assert live.asked.startswith("Дата рождения  [")


@pytest.mark.parametrize("typed", ["18 лет", "около 18"])
def test_about_eighteen_is_said_at_the_gate_to_need_a_reason_and_a_reason_opens_it(typed: str, desk: "Desk") -> None:
    with At(desk, "ru").live("admit") as live:
        for each in ["женщина", typed, "1", "24.11 23:40", "пришла ночью", "", "Айгуль", "", "Примерова"]:
            live.type(each)
        assert "возможно, ещё нет 18 лет" in plain(live.type("."))
        live.type("1")
        while live.asked != "Почему принимают несовершеннолетнюю":
            live.type("")
        told = plain(live.type("её ищут, идти ей некуда"))
        assert "возможно, ещё нет 18 лет" not in told
        assert "До приёма не хватает: 5" in told


# Her role is known.


@pytest.mark.parametrize(
    ("who", "role"), [("s-gulnara", "social_worker"), ("s-aida", "psychologist"), ("manager", None)]
)
def test_a_role_that_the_register_says_is_written_and_not_asked(who: str, role: str | None, desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with At(desk, "ru").live(f"admit {her}") as live:
        live.until("Кто провёл первичную беседу", {"Когда проведена первичная беседа": "24.11 23:50"})
        live.type(who)
        assert live.asked.startswith("Ей обещали безопасность" if role else "В какой должности")
        assert stay(desk, her)["admission"]["primary_interview"].get("role") == role
        if role:
            live.type("*")
            assert live.asked.startswith("В какой должности")  # it can be corrected


# What the time is.


def test_another_day_than_the_real_one_is_in_its_last_minute_for_questions_too(admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"add {admitted.her} absence") as live:
        live.until("Когда вышла", {"Куда она выходит": "1"})
        for typed, at in [("17:00", f"{DAY}T17:00"), ("сейчас", f"{DAY}T23:59")]:
            assert live.asked.startswith("Когда вышла")
            live.type(typed)
            assert admitted.record()["unfinished"]["absence"]["left_at"] == at
            live.type("*")


# What a discharge lacks, and what takes the place of what.


def joined(text: str) -> str:
    return " ".join(text.split())


def test_what_stops_a_discharge_has_a_line_and_part_of_a_name_is_offered(admitted: "Desk") -> None:
    with At(admitted, "ru", size=(60, 80)).live(f"discharge {admitted.her}") as live:
        while not live.asked.startswith("С кем из МОМ"):
            live.type("вчера" if live.asked.startswith("Дата согласования") else "")
        assert "Имелось в виду «координатор по работе с НПО»?" in joined(live.type("координатор"))
        page = joined(live.type("."))
        assert "Не записано, что выбытие согласовано с МОМ" in page
        assert "С кем из МОМ согласовано: ответа пока нет" in page


def test_a_list_that_is_answered_anew_is_said_to_take_the_place_of_the_old_one(admitted: "Desk") -> None:
    given = {"on": DAY, "items": ["underwear"], "by": "manager"}
    entry = admitted.do(f"add {admitted.her} clothing", given).data["entry"]
    with At(admitted, "ru", size=(60, 80)).live(f"add {admitted.her} clothing {entry}") as live:
        live.type(".")
        assert "напишите весь список" in joined(live.type("Что ей выдали"))
