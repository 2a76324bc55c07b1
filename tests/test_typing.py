"""Typing at a terminal: what was understood is said back, what was meant is offered, and one key goes back anywhere."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from terminal import AT_NIGHT, At

if TYPE_CHECKING:
    from conftest import Desk


SAFE = {"en": "She was assured of her safety (1 yes, 2 no)", "ru": "Ей обещали безопасность (1 да, 2 нет)"}
SIGNED = {"en": "Rules signed on", "ru": "Правила приюта: дата подписи"}
EVALUATED = {"en": "Date of the primary evaluation", "ru": "Дата первичной оценки"}
MIDDLE = "Middle name or patronymic"
HELD = {"When the primary interview was held": "24.11 22:30", "Когда проведена первичная беседа": "24.11 22:30"}
"""What is answered so that it is asked what she was assured of."""


def plain(told: str) -> str:
    """What was seen, wherever its lines break."""
    return " ".join(told.split())


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    desk.her = desk.do("admit", AT_NIGHT).data["id"]
    return desk


def admission(desk: "Desk") -> Mapping[str, Any]:
    """What her file says of her admission."""
    said: Mapping[str, Any] = desk.record()["stays"][0].get("admission", {})
    return said


def test_a_word_of_the_other_layout_is_offered_and_taken_with_enter(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        told = plain(live.type("lf"))
        assert "Write 1 for yes or 2 for no, or the word. Did you mean да? Enter writes да." in told
        assert live.asked == SAFE["en"]
        live.type("")
        live.until(EVALUATED["en"])
        told = plain(live.type("dxthf"))
        assert "Did you mean вчера? Enter writes вчера." in told
        assert "That is 2026-11-24." in plain(live.type(""))
    assert admission(received)["primary_interview"]["safety_assured"] is True
    assert admission(received)["primary_evaluation"]["on"] == "2026-11-24"


def test_at_the_day_of_a_signature_yes_is_offered_too_and_means_today(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until(SIGNED["en"])
        assert "Did you mean да? Enter writes да." in plain(live.type("lf"))
        assert live.asked == SIGNED["en"]
        assert "That is 2026-11-25." in plain(live.type(""))
    assert admission(received)["rules"] == {"signed": True, "signed_on": "2026-11-25"}


def test_what_enter_writes_is_named_and_no_is_not_taken_with_a_yes(received: "Desk") -> None:
    with At(received, "ru").live(f"admit {received.her}") as live:
        for question in (SAFE["ru"], SIGNED["ru"]):
            live.until(question, HELD)
            assert "Имелось в виду «нет»? Enter – записать «нет»." in plain(live.type("ytn"))
            live.type("")
    assert admission(received)["primary_interview"]["safety_assured"] is False
    assert admission(received)["rules"] == {"signed": False}


def test_an_offer_is_gone_with_the_next_answer(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        live.type("lf")
        live.type("3")
        assert live.asked == SAFE["en"]
        live.type("")
        assert live.asked != SAFE["en"]
    assert "safety_assured" not in admission(received)["primary_interview"]


def test_a_name_in_the_letters_of_the_other_layout_is_doubted_once(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until("First name")
        told = plain(live.type("Fquekm"))
        assert "If that is right as it stands, type it once more. Did you mean Айгуль? Enter writes Айгуль." in told
        assert live.asked == "First name"
        live.type("")
        assert live.asked == MIDDLE
        live.type("")
        assert live.asked == "Last name"
        live.type("Fcfyjdf")
        assert live.asked == "Last name"
        live.type("Fcfyjdf")
    known = received.record()["identity"]
    assert (known["first_name"], known["last_name"]) == ("Айгуль", "Fcfyjdf")


def test_a_time_where_a_name_is_asked_for_is_doubted_once_and_written_when_it_is_typed_again(received: "Desk") -> None:
    doubt = "Это похоже на день или время, а не на имя. Если всё верно, напишите это ещё раз."
    with At(received, "ru").live(f"admit {received.her}") as live:
        live.until("Имя")
        assert doubt in plain(live.type("сегодня в 12:30"))
        assert live.asked == "Имя"
        assert doubt not in plain(live.type("Марта"))
        assert live.asked == "Отчество"
        live.type("")
        assert live.asked == "Фамилия"
        assert doubt in plain(live.type("Пятница"))
        live.type("Пятница")
    known = received.record()["identity"]
    assert (known["first_name"], known["last_name"]) == ("Марта", "Пятница")


@pytest.mark.parametrize("key", ["*", "<", "back", "назад", "артка"])
def test_a_key_of_every_layout_goes_back(key: str, received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until("First name")
        live.type("Айгуль")
        live.type(key)
        assert live.asked == "First name  [now: Айгуль]"


def test_from_the_list_one_goes_back_to_the_question_that_was_answered_last(admitted: "Desk") -> None:
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        orientation = "2"
        for answer in (orientation, "24.11", "1"):
            told = live.type(answer)
        assert "It is written down so, and stays open; * goes back to it." in plain(told)
        assert live.asked.startswith("Still open.")
        live.type("*")
        assert live.asked == "Who did it  [now: manager · manager of the shelter]"
        live.type("2")
        assert live.asked.startswith("Still open.")
    (done,) = admitted.record()["stays"][0]["done"]
    assert (done["on"], done["by"]) == ("2026-11-24", "s-gulnara")


def test_from_a_list_before_which_nothing_was_answered_the_key_leads_out(admitted: "Desk") -> None:
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("*")
        assert live.over


def test_the_letter_on_the_key_that_goes_back_is_asked_about_and_saved_only_if_it_is_typed_again(
    received: "Desk",
) -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until("First name")
        live.type("Айгуль")
        assert "Did you mean to go back? Enter goes back." in plain(live.type("Б"))
        live.type("")
        assert live.asked == "First name  [now: Айгуль]"
        live.type("")
        assert live.asked == MIDDLE
        live.type("")
        assert live.asked == "Last name"
        live.type("Б")
        live.type("Б")
        assert "Did you mean that it is enough for now?" in plain(live.type("ю"))
        live.type("")
    assert received.record()["identity"]["last_name"] == "Б"


def test_what_was_not_typed_literally_is_said_back(received: "Desk") -> None:
    with At(received, "ru").live(f"admit {received.her}") as live:
        live.until(SAFE["ru"], HELD)
        assert "Это да." in plain(live.type("y"))
        live.until(SIGNED["ru"])
        assert "Это 24.11.2026." in plain(live.type("24 ноября"))


def test_a_time_beside_a_day_that_is_asked_for_alone_is_left_out_and_the_day_said_back(received: "Desk") -> None:
    with At(received, "ru").live(f"admit {received.her}") as live:
        live.until(SIGNED["ru"])
        assert "Имелось в виду «вчера в 9»?" in plain(live.type("dxthf d 9"))
        assert "Это 24.11.2026." in plain(live.type("вчера в 9"))
    assert admission(received)["rules"] == {"signed": True, "signed_on": "2026-11-24"}


@pytest.mark.parametrize(("language", "foreign", "own"), [("ru", "y", "н"), ("en", "н", "n")])
def test_nothing_grave_rests_on_a_letter_whose_key_is_the_other_answer(
    language: str, foreign: str, own: str, received: "Desk"
) -> None:
    before = received.digest()
    with At(received, language).live(f"void {received.her}") as live:
        live.type("1")
        sure = live.type("1")
        assert ("(1 yes, 2 no)" in sure) or ("(1 да, 2 нет)" in sure)
        assert "! " in live.type(foreign)
        live.type(own)
    assert received.digest() == before


def test_what_nobody_knows_is_left_open_in_the_way_that_is_told(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until("First name")
        assert "What nobody knows is left open: press Enter alone." in plain(live.type("не знаем"))
        assert live.asked == "First name"
        live.type("Айгуль")
        live.type("*")
        assert "What nobody knows is left open: write -." in plain(live.type("don't know"))
        live.type("-")
        assert live.asked == MIDDLE
    assert "first_name" not in received.record().get("identity", {})


@pytest.mark.parametrize(("typed", "meant", "then", "done"), [
    ("lf", "да", "", False),  # Enter alone is no, whatever was named above it
    ("lf", "да", "lf", False),
    ("нуы", "yes", "yes", True),
    ("yt", "не", "да", True),
])  # fmt: skip
def test_before_an_act_a_word_of_the_other_layout_is_named_and_asked_for_again(
    typed: str, meant: str, then: str, done: bool, received: "Desk"
) -> None:
    before = received.digest()
    with At(received).live(f"void {received.her}") as live:
        live.type("1")
        live.type("1")
        assert f"Did you mean {meant}? Then write that; Enter alone is no." in plain(live.type(typed))
        told = live.type(then)
        if then == typed:
            assert f"Did you mean {meant}?" in told
            live.type("")
    assert (received.digest() != before) == done


def test_an_answer_that_is_no_word_in_any_layout_is_asked_whether_the_keyboard_is_right(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        assert "Is the keyboard in the language that you write in?" in plain(live.type("cnjkbr"))
        assert "Is the keyboard" not in plain(live.type("maybe"))


def test_of_several_with_one_first_name_each_has_a_line_before_the_number_is_asked_for(received: "Desk") -> None:
    people = {"s-aygul": "Айгуль Примерова", "s-aygul-2": "Айгуль Образцова", "s-aygul-3": "Айгуль Тестова"}
    for code, name in people.items():
        received.do(f"staff add {code} --role social_worker", {"name": name})
    with At(received, "ru").live(f"admit {received.her}") as live:
        live.until("Кто провёл первичную беседу", {"Когда проведена первичная беседа": "24.11 22:00"})
        told = live.type("Айгуль")
    lines = [line.strip() for line in told.split("\n") if "Айгуль" in line][1:]
    assert [re.sub(r"^\d+ ", "", line) for line in lines[:3]] == [
        f"{code} · {name} · социальный работник" for code, name in people.items()
    ]
    assert lines[3] == "! Айгуль: подходит несколько строк. Напишите номер."


def test_after_a_slip_in_a_list_the_line_is_empty_again(received: "Desk") -> None:
    with At(received, "ru").live(f"add {received.her} clothing") as live:
        while not live.asked.startswith("Что ей выдали"):
            live.type("")
        told = plain(live.type("обувь, одежда"))
        assert "3 повседневная одежда 4 зимняя одежда ! одежда: подходит несколько строк. Напишите номер." in told
        live.type("обувь, 4")
        live.type("*")
        assert "[сейчас: обувь, зимняя одежда]" in live.asked
