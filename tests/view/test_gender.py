"""The program speaks of the client whose file is open as a woman or a man, by the sex in the file."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from shelterctl.language import format_sentence, speak_of
from shelterctl.prompts.admit import ARRIVAL_NOT_ANSWERED
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.today import read_today
from tests.support.answering import open_session
from tests.support.revised_rulebook import Revised
from tests.support.terminal import LEAVE, OPEN, Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk

REFERRAL = {"sources": ["scme"]}
CARD = {
    ("male", "en"): (
        "referred",
        "the house was told about him",
        "Due: 6 things before he can be admitted",
        "He is or may be",
    ),
    ("female", "en"): (
        "referred",
        "the house was told about her",
        "Due: 6 things before she can be admitted",
        "She is or may be",
    ),
    ("male", "ru"): ("Сейчас: перенаправлен ", "о нём сообщили приюту", "До приёма не хватает: 6", "Ему нет"),
    ("female", "ru"): ("Сейчас: перенаправлена ", "о ней сообщили приюту", "До приёма не хватает: 6", "Ей нет"),
}
"""The state, the due row and the finding of the card of a minor who has not come yet."""
NOT_IN_HOUSE = {
    ("male", "en"): "He is not in the house (M2.2.6). Record when he arrived, or admit him first.",
    ("female", "en"): "She is not in the house (M2.2.6). Record when she arrived, or admit her first.",
    ("male", "ru"): "Его нет в приюте (M2.2.6). Запишите, когда он прибыл, или сначала примите его.",
    ("female", "ru"): "Её нет в приюте (M2.2.6). Запишите, когда она прибыла, или сначала примите её.",
}
BOTH = pytest.mark.parametrize("language", ["en", "ru"])
MAN, WOMAN = "What would you like to do in his file?", "What would you like to do in her file?"


@pytest.fixture(autouse=True)
def _speaks_of_nobody() -> Iterator[None]:
    yield
    speak_of(None)


def opened(desk: "Desk", sex: str, born: int, *, stays: bool) -> str:
    """The id of a new file, with a stay or without one."""
    words = "admit --new-person" if stays else "admit --new-person --without-stay"
    given = {"identity": {"sex": sex, "birth_date": born}, "referral": REFERRAL}
    return str(desk.do(words, given).data["id"])


@BOTH
@pytest.mark.parametrize("sex", ["male", "female"])
def test_card_due_row_and_finding_have_the_form_of_the_sex(desk: "Desk", sex: str, language: str) -> None:
    child = opened(desk, sex, 2012, stays=True)
    card = desk.run(f"show {child} --lang {language}").out
    for said in CARD[sex, language]:
        assert said in card
    refused = desk.run(f"discharge {child} --on 2026-11-22 --lang {language}").out
    assert NOT_IN_HOUSE[sex, language] in refused
    assert "|" not in card + refused


@pytest.mark.parametrize(("sex", "said"), [("male", "He is not discharged"), ("female", "She is not discharged")])
def test_an_answer_about_a_client_without_a_stay_has_the_form_of_the_sex(desk: "Desk", sex: str, said: str) -> None:
    adult = opened(desk, sex, 1988, stays=False)
    page = desk.refused(f"discharge {adult} --undo").page
    assert page["error"]["message"].startswith(said)
    assert said in desk.run(f"discharge {adult} --undo").err


def test_a_page_for_programs_has_one_form(desk: "Desk") -> None:
    child = opened(desk, "male", 2012, stays=True)
    page = desk.ask(f"show {child}").page
    assert page["data"]["why"] == "the house was told about him"
    explained = desk.do("explain admission/minor-without-reason").data
    assert explained["remedy"].startswith("She is or may be under")


@BOTH
def test_a_question_has_the_form_of_the_sex(desk: "Desk", language: str) -> None:
    boy, girl = (opened(desk, sex, 2012, stays=True) for sex in ("male", "female"))
    for child, sex in ((boy, "male"), (girl, "female")):
        seen = Terminal(desk, language).run(f"admit {child}", [""])
        speak_of(open_rulebook().form_for_sex(sex))
        told = format_sentence(ARRIVAL_NOT_ANSWERED, {}, language)
        assert told in " ".join(seen.text.split())
        assert "|" not in seen.text


def test_after_a_mans_file_the_menu_speaks_of_a_woman_again(admitted: "Desk") -> None:
    man = opened(admitted, "male", 1988, stays=False)
    typed = [OPEN, man, "", OPEN, admitted.her, "", LEAVE]
    seen = Terminal(admitted, env={"SHELTERCTL_IDLE": "10"}).run("menu", typed).text
    his, _, hers = seen.partition(MAN)
    assert WOMAN not in his
    assert "print his papers" in hers.partition(WOMAN)[0]
    assert "print her papers" in hers.partition(WOMAN)[2]
    assert MAN not in hers


def test_a_list_of_clients_speaks_of_a_woman_whoever_was_read_last(admitted: "Desk") -> None:
    man = opened(admitted, "male", 1988, stays=False)
    session = open_session(admitted)
    session.store.client(man)
    assert format_sentence("{she|he}", {}) == "he"
    read_today(session)
    assert format_sentence("{she|he}", {}) == "she"


def test_a_check_of_one_man_speaks_of_a_man_and_of_several_clients_of_a_woman(admitted: "Desk") -> None:
    boy = opened(admitted, "male", 2012, stays=True)
    assert "which languages he understands" in admitted.run(f"check {boy}").out
    several = admitted.run(f"check {admitted.her} {boy}").out
    assert "which languages she understands" in several
    assert "languages he understands" not in several


OF_A_WOMAN = re.compile(
    r"\b(она|её|ей|неё|ней|сама|клиентк\w+|проживающая|признана|пришла|подписала|расписалась|вышла|вернулась)\b", re.I
)


def test_a_sex_corrected_later_is_followed_on_screens_and_sheets_not_on_a_form(printing: "Desk") -> None:
    desk, screen = printing, f"show {printing.her} --all --lang ru"
    desk.do(f"add {desk.her} clothing", {"on": "2026-11-23", "items": ["footwear"], "by": "s-gulnara"})
    sheets = {name: f"form {name} {desk.her} --lang ru --out - --as txt" for name in ("clothing", "pink", "blue")}
    before = {name: desk.run(words).out for name, words in sheets.items()}
    assert OF_A_WOMAN.search(desk.run(screen).out)
    assert OF_A_WOMAN.search(before["clothing"])
    desk.do(f"admit {desk.her}", {"identity": {"sex": "male"}})
    after = {name: desk.run(words).out for name, words in sheets.items()}
    assert not OF_A_WOMAN.findall(desk.run(screen).out)
    assert not OF_A_WOMAN.findall(after["clothing"])
    assert [after[form] for form in ("pink", "blue")] == [before[form] for form in ("pink", "blue")]


def test_which_form_a_sex_has_is_data(admitted: "Desk") -> None:
    desk = Revised(admitted)
    desk.edit(
        "lists.yaml", "speaks: {female: feminine, male: masculine,", "speaks: {female: masculine, male: masculine,"
    )
    assert not OF_A_WOMAN.findall(desk.run(f"show {desk.her} --all --lang ru").out)
    desk.edit("lists.yaml", "nobody: feminine}", "somebody: feminine}")
    assert "/speaks/somebody" in desk.refused("list").page["error"]["message"]
