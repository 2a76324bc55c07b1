"""Typing at a terminal: what was understood is said back; and a whole night shift in Russian."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import one_line
from tests.support.terminal import AT_NIGHT, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


SAFE = {"en": "She was assured of her safety (1 yes, 2 no)", "ru": "Ей обещали безопасность (1 да, 2 нет)"}
SIGNED = {"en": "Rules signed on", "ru": "Правила приюта: дата подписи"}
EVALUATED = {"en": "Date of the primary evaluation", "ru": "Дата первичной оценки"}
MIDDLE = "Middle name or patronymic"
HELD = {"When the primary interview was held": "24.11 22:30", "Когда проведена первичная беседа": "24.11 22:30"}
"""What is answered so that it is asked what she was assured of."""


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    desk.her = desk.do("admit", AT_NIGHT).data["id"]
    return desk


def admission(desk: "Desk") -> Mapping[str, Any]:
    """What her file says of her admission."""
    said: Mapping[str, Any] = desk.record()["stays"][0].get("admission", {})
    return said


def test_a_word_of_the_other_layout_is_offered_and_taken_with_enter(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        told = one_line(live.type("lf"))
        assert "Write 1 for yes or 2 for no, or the word. Did you mean да? Press Enter for да." in told
        assert live.asked == SAFE["en"]
        live.type("")
        live.until(EVALUATED["en"])
        told = one_line(live.type("dxthf"))
        assert "Did you mean вчера? Press Enter for вчера." in told
        assert "That is 2026-11-24." in one_line(live.type(""))
    assert admission(received)["primary_interview"]["safety_assured"] is True
    assert admission(received)["primary_evaluation"]["on"] == "2026-11-24"


def test_at_the_day_of_a_signature_yes_is_offered_too_and_means_today(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until(SIGNED["en"])
        assert "Did you mean да? Press Enter for да." in one_line(live.type("lf"))
        assert live.asked == SIGNED["en"]
        assert "That is 2026-11-25." in one_line(live.type(""))
    assert admission(received)["rules"] == {"signed": True, "signed_on": "2026-11-25"}


def test_what_enter_writes_is_named_and_no_is_not_taken_with_a_yes(received: "Desk") -> None:
    with Terminal(received, "ru").live(f"admit {received.her}") as live:
        for question in (SAFE["ru"], SIGNED["ru"]):
            live.until(question, HELD)
            assert "Может быть, «нет»? Enter – записать «нет»." in one_line(live.type("ytn"))
            live.type("")
    assert admission(received)["primary_interview"]["safety_assured"] is False
    assert admission(received)["rules"] == {"signed": False}


def test_an_offer_is_gone_with_the_next_answer(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        live.type("lf")
        live.type("3")
        assert live.asked == SAFE["en"]
        live.type("")
        assert live.asked != SAFE["en"]
    assert "safety_assured" not in admission(received)["primary_interview"]


def test_a_name_in_the_letters_of_the_other_layout_is_doubted_once(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until("First name")
        told = one_line(live.type("Fquekm"))
        assert "If that is right, type it again. Did you mean Айгуль? Press Enter for Айгуль." in told
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
    doubt = "Это похоже на день или время, а не на имя. Если всё верно, наберите ещё раз."
    with Terminal(received, "ru").live(f"admit {received.her}") as live:
        live.until("Имя")
        assert doubt in one_line(live.type("сегодня в 12:30"))
        assert live.asked == "Имя"
        assert doubt not in one_line(live.type("Марта"))
        assert live.asked == "Отчество"
        live.type("")
        assert live.asked == "Фамилия"
        assert doubt in one_line(live.type("Пятница"))
        live.type("Пятница")
    known = received.record()["identity"]
    assert (known["first_name"], known["last_name"]) == ("Марта", "Пятница")


@pytest.mark.parametrize("key", ["*", "<", "back", "назад", "артка"])
def test_a_key_of_every_layout_goes_back(key: str, received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until("First name")
        live.type("Айгуль")
        live.type(key)
        assert live.asked == "First name  [now: Айгуль]"


def test_from_the_list_one_goes_back_to_the_question_that_was_answered_last(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        orientation = "2"
        for answer in (orientation, "24.11", "1"):
            told = live.type(answer)
        assert "Your answer is saved, and this stays open. To change it, type *." in one_line(told)
        assert "Complete: " not in told  # what stays open is not complete
        assert live.asked.startswith("Still open.")
        live.type("*")
        assert live.asked == "Who did it  [now: manager · manager of the shelter]"
        assert "Complete: Orientation" in one_line(live.type("2"))
        assert live.asked.startswith("Still open.")
    (done,) = admitted.record()["stays"][0]["done"]
    assert (done["on"], done["by"]) == ("2026-11-24", "s-gulnara")


def test_from_a_list_before_which_nothing_was_answered_the_key_leads_out(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("*")
        assert live.over


def test_the_letter_on_the_key_that_goes_back_is_asked_about_and_saved_only_if_it_is_typed_again(
    received: "Desk",
) -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until("First name")
        live.type("Айгуль")
        assert "Did you want to go back? Press Enter to go back." in one_line(live.type("Б"))
        live.type("")
        assert live.asked == "First name  [now: Айгуль]"
        live.type("")
        assert live.asked == MIDDLE
        live.type("")
        assert live.asked == "Last name"
        live.type("Б")
        live.type("Б")
        assert "Did you want to stop for now?" in one_line(live.type("ю"))
        live.type("")
    assert received.record()["identity"]["last_name"] == "Б"


def test_what_was_not_typed_literally_is_said_back(received: "Desk") -> None:
    with Terminal(received, "ru").live(f"admit {received.her}") as live:
        live.until(SAFE["ru"], HELD)
        assert "Это да." in one_line(live.type("y"))
        live.until(SIGNED["ru"])
        assert "Это 24.11.2026." in one_line(live.type("24 ноября"))


def test_a_time_beside_a_day_that_is_asked_for_alone_is_left_out_and_the_day_said_back(received: "Desk") -> None:
    with Terminal(received, "ru").live(f"admit {received.her}") as live:
        live.until(SIGNED["ru"])
        assert "Может быть, «вчера в 9»?" in one_line(live.type("dxthf d 9"))
        assert "Это 24.11.2026." in one_line(live.type("вчера в 9"))
    assert admission(received)["rules"] == {"signed": True, "signed_on": "2026-11-24"}


@pytest.mark.parametrize(("language", "foreign", "own"), [("ru", "y", "н"), ("en", "н", "n")])
def test_nothing_grave_rests_on_a_letter_whose_key_is_the_other_answer(
    language: str, foreign: str, own: str, received: "Desk"
) -> None:
    before = received.digest()
    with Terminal(received, language).live(f"void {received.her}") as live:
        live.type("1")
        sure = live.type("1")
        assert ("(1 yes, 2 no)" in sure) or ("(1 да, 2 нет)" in sure)
        assert "! " in live.type(foreign)
        live.type(own)
    assert received.digest() == before


def test_what_nobody_knows_is_left_open_in_the_way_that_is_told(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until("First name")
        assert "If nobody knows this, leave it open: press Enter." in one_line(live.type("не знаем"))
        assert live.asked == "First name"
        live.type("Айгуль")
        live.type("*")
        assert "If nobody knows, leave it open: write -." in one_line(live.type("don't know"))
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
    with Terminal(received).live(f"void {received.her}") as live:
        live.type("1")
        live.type("1")
        assert f"Did you mean {meant}? Then type it; Enter alone means no." in one_line(live.type(typed))
        told = live.type(then)
        if then == typed:
            assert f"Did you mean {meant}?" in told
            live.type("")
    assert (received.digest() != before) == done


def test_an_answer_that_is_no_word_in_any_layout_is_asked_whether_the_keyboard_is_right(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until(SAFE["en"], HELD)
        assert "Check the keyboard's language." in one_line(live.type("cnjkbr"))
        assert "Check the keyboard" not in one_line(live.type("maybe"))


def test_of_several_with_one_first_name_each_has_a_line_before_the_number_is_asked_for(received: "Desk") -> None:
    people = {"s-aygul": "Айгуль Примерова", "s-aygul-2": "Айгуль Образцова", "s-aygul-3": "Айгуль Тестова"}
    for code, name in people.items():
        received.do(f"staff add {code} --role social_worker", {"name": name})
    with Terminal(received, "ru").live(f"admit {received.her}") as live:
        live.until("Кто провёл первичную беседу", {"Когда проведена первичная беседа": "24.11 22:00"})
        told = live.type("Айгуль")
    lines = [line.strip() for line in told.split("\n") if "Айгуль" in line][1:]
    assert [re.sub(r"^\d+ ", "", line) for line in lines[:3]] == [
        f"{code} · {name} · социальный работник" for code, name in people.items()
    ]
    assert lines[3] == "! Айгуль: подходит несколько строк. Напишите номер."


def test_after_a_slip_in_a_list_the_line_is_empty_again(received: "Desk") -> None:
    with Terminal(received, "ru").live(f"add {received.her} clothing") as live:
        while not live.asked.startswith("Что ей выдали"):
            live.type("")
        told = one_line(live.type("обувь, одежда"))
        assert "3 повседневная одежда 4 зимняя одежда ! одежда: подходит несколько строк. Напишите номер." in told
        live.type("обувь, 4")
        live.type("*")
        assert "[сейчас: обувь, зимняя одежда]" in live.asked


NIGHT = {
    "identity": {"sex": "female", "birth_date": "1999-03-14"},
    "referral": {"sources": ["iom_ngo_coordinator"]},
    "received": {"at": "2026-11-24T22:00", "provisional_reason": "пришла ночью"},
}
DAY = "2026-11-25"


def stay(desk: "Desk", her: str) -> dict[str, Any]:
    """Her stay as it is written."""
    return desk.record(her)["stays"][0]  # type: ignore[no-any-return]


# The answer to another question.


def test_the_way_of_an_agreement_is_doubted_as_the_name_of_who_gave_it(desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        live.until("Кто дал согласие от МОМ", {"Когда координатор по работе с НПО дал согласие": "24.11 23:30"})
        assert "Это имя? Больше похоже на обычные слова." in one_line(live.type("по телефону"))
        assert live.asked == "Кто дал согласие от МОМ"
        assert "by" not in stay(desk, her)["admission"]["coordinator_agreement"]
        live.type("по телефону")
    assert stay(desk, her)["admission"]["coordinator_agreement"]["by"] == "по телефону"


def test_one_word_that_nobody_on_the_list_is_called_is_doubted_and_taken_when_typed_again(admitted: "Desk") -> None:
    with Terminal(admitted, "ru").live(f"add {admitted.her} absence") as live:
        live.until("Кто её сопровождает", {"Куда она выходит": "2"})
        assert "Такого человека в списке нет. Если это имя, наберите ещё раз." in one_line(live.type("живот"))
        assert "escort" not in admitted.record()["unfinished"]["absence"]
        live.type("живот")
        assert admitted.record()["unfinished"]["absence"]["escort"] == "живот"


def test_a_bare_yes_is_doubted_where_words_are_asked_for(admitted: "Desk") -> None:
    with Terminal(admitted, "ru").live(f"add {admitted.her} consent") as live:
        live.until("О чём", {"Что ей предложили": "лечение"})
        assert "одного «да» мало" in one_line(live.type("да"))
        assert "about" not in admitted.record()["unfinished"]["consent"]
        live.type("зубы")
        assert admitted.record()["unfinished"]["consent"]["about"] == "зубы"


# Her language is offered, and named as one names it.


def test_of_her_languages_the_first_is_offered_for_a_consent_and_any_other_may_be_named(admitted: "Desk") -> None:
    languages = admitted.record()["identity"]["languages"]
    with Terminal(admitted, "ru").live(f"add {admitted.her} consent") as live:
        live.until("На каком языке объяснили", {"Что ей предложили": "лечение"})
        assert "Enter – ответ кыргызский" in one_line(live.begun + live.raw.decode().rpartition("На каком языке")[2])
        told = one_line(live.type("на пальцах"))
        assert "Напишите номер строки из списка выше, название языка или его код" in told
        live.type("")
        assert admitted.record()["unfinished"]["consent"]["language"] == languages[0] == "ky"


# She refuses from the start.


def test_a_refusal_is_found_by_its_word_and_its_day_is_come_to(admitted: "Desk") -> None:
    with Terminal(admitted, "ru", today=None, size=(60, 80)).live(f"menu --as-of {DAY}") as live:
        live.type(admitted.her)
        live.type("2")
        live.type("отказ")
        assert live.asked == "Что ей предложили"
        live.until("Дата согласия", {"Что ей предложили": "лечение", "О чём": "зубы"})
        assert "Если отказалась – Enter: день отказа спросят дальше." in one_line(live.raw.decode())
        live.type("")
        assert live.asked == "Дата отказа"


def test_the_kind_is_called_a_consent_or_a_refusal_where_it_is_chosen(admitted: "Desk") -> None:
    with Terminal(admitted, "ru", today=None, size=(60, 80)).live(f"menu --as-of {DAY}") as live:
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
    with Terminal(admitted, "ru").live(f"add {admitted.her} disclosure") as live:
        live.type(typed)
        assert admitted.record()["unfinished"]["disclosure"]["kind"] == kind


# When somebody was born.


def test_no_says_that_there_is_no_child(desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        assert live.asked == "Дата рождения ребёнка"
        told = live.type("нет")
        assert "!" not in told
        assert live.asked == "Имя"
    assert "children" not in desk.record(her)


def test_a_whole_date_takes_the_mark_of_a_guess_away_and_a_guess_sets_it(desk: "Desk") -> None:
    with Terminal(desk, "ru").live("admit") as live:
        live.type("женщина")
        for typed, said, estimated in [
            ("около 1999", "Отмечено, что дата примерная.", True),
            ("14.03.1999", "Пометка «примерно» снята.", None),
            ("около 1999", "Отмечено, что дата примерная.", True),
            ("1999", "", True),  # a year alone is what stands there, and as much of a guess
        ]:
            told = one_line(live.type(typed))
            assert said in told
            (her,) = [file.name.partition(".")[0] for file in desk.folder.rglob("residents/*.yaml.age")]
            assert desk.record(her)["identity"].get("estimated") is estimated
            live.type("*")
            assert live.asked.startswith("Дата рождения  [")


@pytest.mark.parametrize("typed", ["18 лет", "около 18"])
def test_about_eighteen_is_said_at_the_gate_to_need_a_reason_and_a_reason_opens_it(typed: str, desk: "Desk") -> None:
    with Terminal(desk, "ru").live("admit") as live:
        for each in ["женщина", typed, "1", "24.11 23:40", "пришла ночью", "", "Айгуль", "", "Примерова"]:
            live.type(each)
        assert "возможно, ещё нет 18 лет" in one_line(live.type("."))
        live.type("1")
        while live.asked != "Почему принимают несовершеннолетнюю":
            live.type("")
        told = one_line(live.type("её ищут, идти ей некуда"))
        assert "возможно, ещё нет 18 лет" not in told
        assert "До приёма не хватает: 5" in told


# Her role is known.


@pytest.mark.parametrize(
    ("who", "role"), [("s-gulnara", "social_worker"), ("s-aida", "psychologist"), ("manager", None)]
)
def test_a_role_that_the_register_says_is_written_and_not_asked(who: str, role: str | None, desk: "Desk") -> None:
    her = desk.do("admit", NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        live.until("Кто провёл первичную беседу", {"Когда проведена первичная беседа": "24.11 23:50"})
        live.type(who)
        assert live.asked.startswith("Ей обещали безопасность" if role else "В какой должности")
        assert stay(desk, her)["admission"]["primary_interview"].get("role") == role
        if role:
            live.type("*")
            assert live.asked.startswith("В какой должности")  # it can be corrected


# What the time is.


def test_another_day_than_the_real_one_is_in_its_last_minute_for_questions_too(admitted: "Desk") -> None:
    with Terminal(admitted, "ru").live(f"add {admitted.her} absence") as live:
        live.until("Когда вышла", {"Куда она выходит": "1"})
        for typed, at in [("17:00", f"{DAY}T17:00"), ("сейчас", f"{DAY}T23:59")]:
            assert live.asked.startswith("Когда вышла")
            live.type(typed)
            assert admitted.record()["unfinished"]["absence"]["left_at"] == at
            live.type("*")


# What a discharge lacks, and what takes the place of what.


def test_what_stops_a_discharge_has_a_line_and_part_of_a_name_is_offered(admitted: "Desk") -> None:
    with Terminal(admitted, "ru", size=(60, 80)).live(f"discharge {admitted.her}") as live:
        while not live.asked.startswith("С кем из МОМ"):
            live.type("вчера" if live.asked.startswith("Дата согласования") else "")
        assert "Может быть, «координатор по работе с НПО»?" in one_line(live.type("координатор"))
        page = one_line(live.type("."))
        assert "Не записано, что выбытие согласовано с МОМ" in page
        assert "С кем из МОМ согласовано: ответа пока нет" in page


def test_a_list_that_is_answered_anew_is_said_to_take_the_place_of_the_old_one(admitted: "Desk") -> None:
    given = {"on": DAY, "items": ["underwear"], "by": "manager"}
    entry = admitted.do(f"add {admitted.her} clothing", given).data["entry"]
    with Terminal(admitted, "ru", size=(60, 80)).live(f"add {admitted.her} clothing {entry}") as live:
        live.type(".")
        assert "напишите весь список" in one_line(live.type("Что ей выдали"))
