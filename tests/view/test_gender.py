"""The program speaks of the client whose file is open as a woman or a man, by the sex in the file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl.document.writing import format_document
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


def test_after_the_first_screen_nobody_in_particular_is_spoken_of(admitted: "Desk") -> None:
    man = opened(admitted, "male", 1988, stays=False)
    session = open_session(admitted)
    session.store.client(man)
    assert format_sentence("{she|he}", {}) == "he"
    read_today(session)
    assert format_sentence("{she|he}", {}) == "she"


LATER = "2027-06-01"
OF_HIM = {
    ("check", "en"): "languages he understands", ("check", "ru"): "какие языки он понимает",
    ("due", "en"): "Languages he understands", ("due", "ru"): "понятном ему",
    ("list", "en"): "referred", ("list", "ru"): "перенаправлен ",
}  # fmt: skip
OF_HER = {
    ("check", "en"): "languages she understands", ("check", "ru"): "какие языки она понимает",
    ("due", "en"): "Languages she understands", ("due", "ru"): "понятном ей",
    ("list", "en"): "referred", ("list", "ru"): "перенаправлена ",
}  # fmt: skip
"""What a page about several says of a minor who has not come yet."""
ALARM = {"en": "report says that he works", "ru": "из его отчёта видно, что он работает"}
OF_THE_FINDING = {"en": "His report of", "ru": "Из его отчёта от"}


def several(desk: "Desk") -> tuple[str, str]:
    """The ids of a girl and a boy beside a client who left, whose report warns, and who is a man since then."""
    report = {"social_worker": "s-gulnara", "date": "2027-01-10", "employed": True, "job_paid": "not_paid"}
    desk.do(f"monitor record {desk.her}", report, today=LATER)
    desk.do(f"admit {desk.her}", {"identity": {"sex": "male"}}, today=LATER)
    girl, boy = (opened(desk, sex, 2012, stays=True) for sex in ("female", "male"))
    return girl, boy


def lines_of(told: str, client: str) -> str:
    """The lines of a page that are about a client."""
    return "\n".join(line for line in told.splitlines() if client in line)


@BOTH
def test_a_page_about_several_speaks_of_each_in_her_or_his_form(discharged: "Desk", language: str) -> None:
    desk = discharged
    girl, boy = several(desk)
    for words in ("check", f"check {girl} {boy}", "due", "due --week", "list"):
        told, kind = desk.run(f"{words} --lang {language}", today=LATER).out, words.split()[0]
        assert OF_HER[kind, language] in lines_of(told, girl)
        assert OF_HIM[kind, language] in lines_of(told, boy)
        if kind != "list" or language == "ru":
            assert OF_HIM[kind, language] not in lines_of(told, girl)
            assert OF_HER[kind, language] not in lines_of(told, boy)
    said = {"check": OF_THE_FINDING, "monitor due": OF_THE_FINDING, "due": ALARM, "due --week": ALARM, "today": ALARM}
    for words, sentence in said.items():
        told = desk.run(f"{words} --lang {language}", today=LATER).out
        assert sentence[language] in lines_of(told, desk.her)
        his = lines_of(told, desk.her) + lines_of(told, boy)
        assert not (OF_A_WOMAN.findall(his) if language == "ru" else re.findall(r"\b(she|her|hers)\b", his, re.I))


def test_a_program_gets_each_sentence_in_the_form_of_the_client(discharged: "Desk") -> None:
    girl, boy = several(discharged)
    found = discharged.ask("check", today=LATER).page["findings"]
    alone = discharged.ask(f"check {boy}", today=LATER).page["findings"]
    said = {one["record"]: one["message"] for one in found if one["code"] == "admission/languages"}
    assert ("she understands" in said[girl], "he understands" in said[boy]) == (True, True)
    assert [one for one in found if one["record"] == boy] == alone


@BOTH
def test_the_first_screen_of_the_menu_speaks_of_a_man_since_his_sex_is_changed(
    discharged: "Desk", language: str
) -> None:
    several(discharged)
    seen = Terminal(discharged, language, env={"SHELTERCTL_IDLE": "10"}).run(f"menu --as-of {LATER}", [LEAVE]).text
    assert ALARM[language] in " ".join(seen.split())


def test_a_file_outside_the_store_is_spoken_of_by_its_own_sex(admitted: "Desk", tmp_path: Path) -> None:
    words = f"check {tmp_path / 'hers.yaml'} {tmp_path / 'his.yaml'}"
    girl, boy = (opened(admitted, sex, 2012, stays=True) for sex in ("female", "male"))
    session = open_session(admitted)
    for name, client in (("hers", girl), ("his", boy)):
        (tmp_path / f"{name}.yaml").write_text(format_document(session.store.read(client).value), encoding="utf-8")
    told = admitted.run(words).out
    assert "languages she understands" in lines_of(told, girl)
    assert "languages he understands" in lines_of(told, boy)


@BOTH
def test_documents_for_several_clients_are_answered_in_the_form_of_each(desk: "Desk", language: str) -> None:
    given = [{"identity": {"sex": sex, "birth_date": 2012}, "referral": REFERRAL} for sex in ("female", "male")]
    told = desk.run(f"admit --new-person --each --lang {language}", given).out.splitlines()
    numbers = (rf"\b(Document|Документ\w*) {number}\b" for number in (1, 2))
    hers, his = ("\n".join(line for line in told if re.search(number, line)) for number in numbers)
    assert OF_HER["check", language] in hers
    assert OF_HIM["check", language] in his
    assert OF_HER["check", language] not in his


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
