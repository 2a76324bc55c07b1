"""An admission at a terminal: what it asks, how it takes answers, its list, and every Enter counted."""

import re
from typing import TYPE_CHECKING

import pytest

from shelterctl.core.record.client import list_live_entries as live_entries
from shelterctl.prompts.fill_in import (
    ACT_IS_STOPPED,
    ALL_QUESTIONS_ANSWERED,
    GO_ON_THOUGH_OPEN,
    NO_ANSWER_YET,
    ROW_HAS_NO_QUESTION,
    WRITE_DOWN,
)
from shelterctl.view.record import describe_entry
from tests.prompts.test_answers import admitted_on
from tests.support.answering import received_client
from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import AT_NIGHT, OPEN, WRITE, LiveTerminal, Terminal, seen_text
from tests.support.typed_words import SHELF

if TYPE_CHECKING:
    from tests.support.desk import Desk


DONE = re.compile(r"^(?:done|сделано)(?: [\d.-]+)?: ")
STATE = {"en": "Still open", "ru": "Ещё открыто"}


def listed(live: LiveTerminal) -> dict[int, str]:
    """The lines of the list that is on the screen, by their numbers, without a mark of what became of them."""
    seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", live.raw.decode().rpartition("\x1b[2J\x1b[3J\x1b[H")[2])
    last = re.split(r"(?:Still open|Ещё открыто|before she can be admitted|До приёма)", seen)[-1]
    return {int(number): text.strip() for number, text in re.findall(r"^ *(\d+) (.*?)\r?$", last, re.M)}


def named(line: str) -> str:
    """What a line is about, whatever became of it."""
    return re.sub(r" \([^()]*\)$", "", DONE.sub("", line.strip("() *")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", ["2026-11-25"])
def test_a_number_stays_what_it_was_when_what_is_before_it_is_answered(
    language: str, today: str, admitted: "Desk"
) -> None:
    with Terminal(admitted, language, today=today, size=(60, 160)).live(f"admit {admitted.her}") as live:
        live.type(".")
        before = listed(live)
        assert len(before) > 8
        item = SHELF.items["orientation"].text[language]
        number = next(each for each, text in before.items() if item in text)
        live.type(str(number))
        live.type("25.11")
        live.until(STATE[language], key=".")
        after = listed(live)
        assert DONE.match(after[number])
        assert {each: named(text) for each, text in after.items() if each in before} == {
            each: named(text) for each, text in before.items()
        }
        last = max(each for each, text in before.items() if text and each > number)
        assert named(after[last]) == named(before[last])


def test_a_line_that_is_done_can_be_chosen_by_its_number_and_corrected(admitted: "Desk") -> None:
    with Terminal(admitted, today="2026-11-25", size=(60, 160)).live(f"admit {admitted.her}") as live:
        live.type(".")
        number = next(each for each, text in listed(live).items() if "Orientation" in text)
        for day in ("25.11", "24.11"):
            live.type(str(number))
            live.type(day)
            live.until(STATE["en"], key=".")
    (one,) = admitted.record()["stays"][0]["done"]
    assert one["on"] == "2026-11-24"


def test_on_a_small_screen_the_list_fits_with_what_is_done_in_it(admitted: "Desk") -> None:
    with Terminal(admitted, today="2026-11-25", size=(24, 80)).live(f"admit {admitted.her}") as live:
        live.type(".")
        for _ in range(2):
            number = next(each for each, text in listed(live).items() if "Orientation" in text)
            live.type(str(number))
            live.type("25.11")
            live.until(STATE["en"], key=".")
            *_, last, _ = live.raw.decode().split("\n\x1b[?2004h> ")
            assert "Enter shows more" not in last
            assert last.count("\n") < 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_small_screen_no_line_of_the_list_is_cut(language: str, admitted: "Desk") -> None:
    texts = [" ".join(item.text[language].split()) for item in SHELF.acts["admission"].items]
    with Terminal(admitted, language, today="2026-11-25", size=(24, 80)).live(f"admit {admitted.her}") as live:
        live.type(".")
        *_, page, _ = live.raw.decode().split("\n\x1b[?2004h> ")
    seen = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", page).split())
    assert "…" not in seen
    assert page.count("\n") < 24
    assert sum(text in seen for text in texts) >= 5
    assert any(text in seen for text in texts if len(text) > 75)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_of_her_who_came_a_week_ago_it_is_said_when_and_her_day_is_asked(answer: str, desk: "Desk") -> None:
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    desk.do(f"admit {desk.her}", {"received": {"at": "2026-11-20T22:00", "by": "s-gulnara"}})
    with Terminal(desk, today="2026-11-27", size=(60, 80)).live(f"admit {desk.her}") as live:
        live.until("All conditions of admission are met. She came on 2026-11-20.")
        assert "Is she admitted today, 2026-11-27?" in live.asked
        live.type(answer)
        if answer == "no":
            assert live.asked == "On which day was she admitted?"
            live.type("23.11")
    assert admitted_on(desk) == ("2026-11-27" if answer == "yes" else "2026-11-23")


def test_of_her_who_came_today_it_is_asked_whether_she_is_admitted(desk: "Desk") -> None:
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    with Terminal(desk, today="2026-11-27", size=(60, 80)).live(f"admit {desk.her}") as live:
        live.until("All conditions of admission are met. Admit her today, 2026-11-27?")


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
    "Все условия приёма выполнены. Она здесь с 24.11.2026. Записать приём сегодняшним днём, 25.11.2026? "
    "Если её приняли в другой день, ответьте «нет» и укажите его.": "да",
}
"""What is answered until she is admitted, by its question; whatever else is asked is left open by Enter."""


def answered(live: LiveTerminal, typed: list[str], until: str) -> list[str]:
    """What is asked, in its order, until that is on the screen: each line is one answer, be it Enter alone."""
    asked: list[str] = []
    ways = iter(typed)
    while until not in seen_text(live.raw):
        assert len(asked) < 99, asked
        question = live.asked.partition("  [")[0].partition(" (1 да")[0]
        asked.append(question)
        live.type(next(ways, REST.get(question, "")))
    return asked


@pytest.mark.parametrize("way", ["at once", "in the morning"])
def test_few_answers_lead_from_her_arrival_to_her_admission(desk: "Desk", way: str) -> None:
    with Terminal(desk, "ru").live("admit") as live:
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
        with Terminal(desk, "ru").live(f"admit {her}") as live:
            asked += answered(live, [], "Принята 25")
    assert len(asked) <= ADMITTED[way], asked


CHILD = {"birth_date": 2022, "sex": "male", "stays_with_her": True}


def hers(desk: "Desk") -> str:
    (file,) = (desk.store / "residents").glob("*.yaml.age")
    return file.name.partition(".")[0]


@pytest.mark.parametrize(
    ("typed", "born", "guess"),
    [
        (["19 лет"], 2007, True),
        (["около 19"], 2007, True),
        (["19", ""], 2007, True),  # offered, and Enter takes it
        (["около 1989"], 1989, True),
        (["1989"], 1989, None),
        (["14.03.1989"], "1989-03-14", None),
    ],
)
def test_an_age_or_about_a_year_is_a_date_of_birth_that_is_a_guess(
    typed: list[str], born: object, guess: bool | None, desk: "Desk"
) -> None:
    with Terminal(desk, "ru").live("admit") as live:
        for answer in ("1", *typed):
            live.type(answer)
        assert ("Отмечено, что дата примерная." in seen_text(live.raw)) is bool(guess)
    identity = desk.record(hers(desk))["identity"]
    assert (identity["birth_date"], identity.get("estimated")) == (born, guess)


def test_a_child_is_asked_for_where_its_place_counts_and_has_a_name(desk: "Desk") -> None:
    with Terminal(desk, "ru").live("admit") as live:
        for answer in ("1", "1999", "1", "24.11 21:30", "пришла ночью"):
            live.type(answer)
        assert live.asked == "Дата рождения ребёнка"
        for answer in ("4 года", "мальчик", "Бакыт"):
            live.type(answer)
        assert live.asked == "Дата рождения ребёнка"  # another one
        live.type("")
        assert live.asked == "Имя"
    (child,) = desk.record(hers(desk))["children"]
    assert {key: child[key] for key in (*CHILD, "first_name")} == {**CHILD, "first_name": "Бакыт"}
    (house,) = desk.do("house").data["rows"]
    assert house["children"] == 1


def test_her_name_is_asked_in_one_order(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        live.until("Имя")
        asked = [live.asked]
        for answer in ("Айгуль", "Асановна"):
            live.type(answer)
            asked.append(live.asked)
    assert asked == ["Имя", "Отчество", "Фамилия"]


@pytest.mark.parametrize(
    ("typed", "signed", "on"),
    [("да", True, "2026-11-25"), ("нет", False, None), ("24.11", True, "2026-11-24"), ("", None, None)],
)
def test_a_signature_is_one_answer(typed: str, signed: bool | None, on: str | None, desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        live.until("Правила приюта: дата подписи")
        live.type(typed)
    stay = desk.record(her)["stays"][0]
    rules = stay.get("admission", {}).get("rules", {})
    assert (rules.get("signed"), rules.get("signed_on")) == (signed, on)


def test_a_role_that_is_known_is_filled_in_and_a_name_is_offered(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with Terminal(desk, "ru").live(f"admit {her}") as live:
        live.until("Когда проведена первичная беседа")
        live.type("24.11 23:00")
        live.type("s-aida")
        assert live.asked.startswith("Ей обещали безопасность")
        assert desk.record(her)["stays"][0]["admission"]["primary_interview"]["role"] == "psychologist"
        live.until("Дата первичной оценки")
        live.type("24.11")
        live.type("1")
        assert "Enter – ответ s-aida" in seen_text(live.raw).rpartition("Кто провёл первичную оценку")[2]


def test_what_was_done_to_her_and_how_is_asked_after_the_gate(admitted: "Desk") -> None:
    with Terminal(admitted, "ru").live(f"admit {admitted.her}") as live:
        live.until("Что с ней сделали")
        live.type("1-3")
        assert live.asked == "Каким способом"
        live.type("обман")
    trafficking = admitted.record()["trafficking"]
    assert trafficking["acts"] == ["recruitment", "transportation", "transfer"]
    assert trafficking["means"] == ["deception"]


def test_a_child_is_told_by_what_tells_it_apart_and_never_by_its_name(desk: "Desk") -> None:
    new = received_client(desk)
    new.save_entry("children", None, {**CHILD, "first_name": "Бакыт"})
    ((where, facts),) = [each for each in live_entries(new.record) if each[0].startswith("/children")]
    what = describe_entry(new.session.rulebook, where, facts)["what"]
    assert what == {"en": "a child: boy, 2022", "ru": "ребёнок: мальчик, 2022"}
    columns = desk.run("list --columns id,child.first_name")
    assert "Бакыт" not in columns.out + columns.err


def test_children_are_found_by_the_words_that_people_have_for_them(admitted: "Desk") -> None:
    def page(live: LiveTerminal, words: str) -> str:
        for answer in (OPEN, "1", WRITE):
            live.type(answer)
        return live.type(words)

    for words in ("дети", "ребенок"):
        session = Terminal(admitted, "ru", today=None, env={"SHELTERCTL_IDLE": "10"})
        with session.live("menu --as-of 2026-11-25") as live:
            assert "Дата рождения ребёнка" in page(live, words)


def test_the_doctor_has_words_that_lie_sealed(admitted: "Desk") -> None:
    health = {"kind": "checkup", "on": "2026-11-25", "by": "Образцов", "finding": "injuries", "follow_up": False}
    admitted.do(f"add {admitted.her} health", {**health, "found": "ушибы на спине"})
    assert "ушибы" not in str(admitted.record())
    (row,) = admitted.do(f"show {admitted.her} health --names").data["rows"]
    assert (row["fields"]["finding"], row["fields"]["found"]) == ("injuries", "ушибы на спине")


def test_words_are_no_doctor(admitted: "Desk") -> None:
    with Terminal(admitted, "ru").live(f"add {admitted.her} health") as live:
        live.until("Какой врач", {"Что это было": "осмотр"})
        assert "Это имя?" in live.type("ушибы на спине")
        live.type("Образцов")
        live.until("Что нашёл врач", {"Есть ли что лечить": "травмы, ушибы"})
        live.type("ушибы на спине")
        live.until("Что дальше?")
        live.type(WRITE_DOWN)
    (row,) = admitted.do(f"show {admitted.her} health --names").data["rows"]
    assert {key: row["fields"][key] for key in ("by", "finding", "found")} == {
        "by": "Образцов", "finding": "injuries", "found": "ушибы на спине",
    }  # fmt: skip


OUT = {"kind": "outing", "left_at": "2026-11-24T10:00", "permitted_by": "manager", "where": "рынок"}
BACK, LET_IN = "When she came back", "Who let her in"


def page(live: LiveTerminal) -> dict[str, str]:
    """The lines of the page that is on the screen, by their numbers."""
    seen = live.raw.decode().rpartition("\x1b[H")[2].replace("\r", "")
    return dict(re.findall(r"^ +(\d+) (.+)$", seen, re.MULTILINE))


def number_of(live: LiveTerminal, words: str) -> str:
    """The number of the line that begins so."""
    (number,) = (number for number, line in page(live).items() if line.lstrip("(").startswith(words))
    return number


@pytest.mark.parametrize(("more", "left"), [({}, 5), ({"expected_back_at": "2026-11-24T14:00", "purpose": "врач"}, 3)])
def test_what_becomes_of_the_answers_has_one_number_however_many_there_are(
    more: dict[str, str], left: int, admitted: "Desk"
) -> None:
    entry = admitted.do(f"add {admitted.her} absence", {**OUT, **more}).data["entry"]
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        assert [page(live)[number] for number in "1234"] == [
            "write it down",
            f"answer the remaining questions ({left})",
            "leave it for later; the answers are kept",
            "throw these answers away",
        ]
        live.type("")
        live.type("")


def test_an_answer_that_is_taken_away_leaves_every_line_its_number(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    before = admitted.digest()
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        shown = page(live)
        left = number_of(live, "When she left")
        live.type(left)
        live.type("-")
        after = page(live)
        assert after[left].endswith(f": {NO_ANSWER_YET}")
        let_go = number_of(live, "Who let her go")
        assert after[let_go].startswith("(")  # beside the other answers it is not asked
        assert {n: line.strip("()").split(":")[0].split(" (")[0] for n, line in after.items() if n in shown} == {
            n: line.split(":")[0].split(" (")[0] for n, line in shown.items()
        }
        assert ROW_HAS_NO_QUESTION in live.type(let_go)
        assert live.asked == "What now?"
        live.type(left)
        live.type("24.11 10:00")
        assert page(live)[left] == shown[left]
        live.type("3")
        assert live.over
    assert admitted.digest() != before  # the answers are kept
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["left_at"].startswith("2026-11-24T10:00")


def test_a_missing_answer_that_is_named_is_a_line_of_its_own(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        live.type("2")
        live.until(BACK)
        live.type("24.11 12:00")
        live.type(".")
        number = number_of(live, f"{LET_IN}: {NO_ANSWER_YET}")
        live.type(number)
        assert live.asked == LET_IN
        live.type("manager")
        assert live.asked == "What now?"  # nothing else is asked on the way
        assert page(live)[number].startswith(f"{LET_IN}: manager")
        live.type("write it down")
        assert live.over
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["entry_permitted_by"] == "manager"


def test_the_number_that_saves_asks_once_more_while_something_stays_open(admitted: "Desk") -> None:
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} measure") as live:
        for answer in ("позвонить маме", "."):
            live.type(answer)
        assert GO_ON_THOUGH_OPEN in live.type("1")
        live.type("2")
        assert live.asked == "What now?"
        assert "measures" not in admitted.record()
        live.type("1")
        live.type("1")
        assert live.over
    assert len(admitted.record()["measures"]) == 1


def test_what_cannot_be_done_yet_stands_in_brackets_and_says_why(admitted: "Desk") -> None:
    with Terminal(admitted, size=(60, 80)).live(f"add {admitted.her} absence") as live:
        live.type(".")
        assert page(live)["1"] == "(write it down)"
        for typed in ("1", "write it down"):
            assert ACT_IS_STOPPED in live.type(typed)
            assert live.asked == "What now?"
        number = number_of(live, f"What takes her out: {NO_ANSWER_YET}")  # without it nothing can be written down
        live.type(number)
        live.type("1")
        assert page(live)["1"] == "write it down"
        live.type("3")
    assert "absences" not in admitted.record()["stays"][0]


def test_where_every_question_has_its_answer_that_is_said(discharged: "Desk") -> None:
    with Terminal(discharged, today="2027-06-01", size=(60, 80)).live(f"monitor attempt {discharged.her}") as live:
        live.until("What now?", {"How it was tried": "1", "What came of it": "2"})
        while page(live)["2"].startswith("answer"):
            live.type("2")
            live.until("What now?", {live.asked: "слово"})
        assert ALL_QUESTIONS_ANSWERED in live.type("2")
        live.type("4")
        assert "1 yes" in live.raw.decode().rpartition("Throw these answers away")[2]
        live.type("1")
        assert "thrown away" in " ".join(live.end().text.split())
    assert "unfinished" not in discharged.record()
