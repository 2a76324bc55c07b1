"""What an admission asks, and how it takes the answers that people give: ages, guesses, children, signatures."""

from typing import TYPE_CHECKING

import pytest
from seated import received
from terminal import AT_NIGHT, OPEN, WRITE, At, Live

from shelterctl.prompts import review
from shelterctl.terminal.replay import readable_text
from shelterctl.view.record import describe_entry
from shelterctl.view.record import list_live_entries as live_entries

if TYPE_CHECKING:
    from conftest import Desk


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
    with At(desk, "ru").live("admit") as live:
        for answer in ("1", *typed):
            live.type(answer)
        assert ("Отмечено, что дата примерная." in readable_text(live.raw)) is bool(guess)
    identity = desk.record(hers(desk))["identity"]
    assert (identity["birth_date"], identity.get("estimated")) == (born, guess)


def test_a_child_is_asked_for_where_its_place_counts_and_has_a_name(desk: "Desk") -> None:
    with At(desk, "ru").live("admit") as live:
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
    with At(desk, "ru").live(f"admit {her}") as live:
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
    with At(desk, "ru").live(f"admit {her}") as live:
        live.until("Правила приюта: дата подписи")
        live.type(typed)
    stay = desk.record(her)["stays"][0]
    rules = stay.get("admission", {}).get("rules", {})
    assert (rules.get("signed"), rules.get("signed_on")) == (signed, on)


def test_a_role_that_is_known_is_filled_in_and_a_name_is_offered(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with At(desk, "ru").live(f"admit {her}") as live:
        live.until("Когда проведена первичная беседа")
        live.type("24.11 23:00")
        live.type("s-aida")
        assert live.asked.startswith("Ей обещали безопасность")
        assert desk.record(her)["stays"][0]["admission"]["primary_interview"]["role"] == "psychologist"
        live.until("Дата первичной оценки")
        live.type("24.11")
        live.type("1")
        assert "Enter – ответ s-aida" in readable_text(live.raw).rpartition("Кто провёл первичную оценку")[2]


def test_what_was_done_to_her_and_how_is_asked_after_the_gate(admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"admit {admitted.her}") as live:
        live.until("Что с ней сделали")
        live.type("1-3")
        assert live.asked == "Каким способом"
        live.type("обман")
    trafficking = admitted.record()["trafficking"]
    assert trafficking["acts"] == ["recruitment", "transportation", "transfer"]
    assert trafficking["means"] == ["deception"]


def test_a_child_is_told_by_what_tells_it_apart_and_never_by_its_name(desk: "Desk") -> None:
    new = received(desk)
    new.save_entry("children", None, {**CHILD, "first_name": "Бакыт"})
    ((where, facts),) = [each for each in live_entries(new.record) if each[0].startswith("/children")]
    what = describe_entry(new.session.rulebook, where, facts)["what"]
    assert what == {"en": "a child: boy, 2022", "ru": "ребёнок: мальчик, 2022"}
    columns = desk.run("list --columns id,child.first_name")
    assert "Бакыт" not in columns.out + columns.err


def test_children_are_found_by_the_words_that_people_have_for_them(admitted: "Desk") -> None:
    def page(live: Live, words: str) -> str:
        for answer in (OPEN, "1", WRITE):
            live.type(answer)
        return live.type(words)

    for words in ("дети", "ребенок"):
        session = At(admitted, "ru", today=None, env={"SHELTERCTL_IDLE": "10"})
        with session.live("menu --as-of 2026-11-25") as live:
            assert "Дата рождения ребёнка" in page(live, words)


def test_the_doctor_has_words_that_lie_sealed(admitted: "Desk") -> None:
    health = {"kind": "checkup", "on": "2026-11-25", "by": "Образцов", "finding": "injuries", "follow_up": False}
    admitted.do(f"add {admitted.her} health", {**health, "found": "ушибы на спине"})
    assert "ушибы" not in str(admitted.record())
    (row,) = admitted.do(f"show {admitted.her} health --names").data["rows"]
    assert (row["fields"]["finding"], row["fields"]["found"]) == ("injuries", "ушибы на спине")


def test_words_are_no_doctor(admitted: "Desk") -> None:
    with At(admitted, "ru").live(f"add {admitted.her} health") as live:
        live.until("Какой врач", {"Что это было": "осмотр"})
        assert "Это имя?" in live.type("ушибы на спине")
        live.type("Образцов")
        live.until("Что нашёл врач", {"Есть ли что лечить": "травмы, ушибы"})
        live.type("ушибы на спине")
        live.until("Что дальше?")
        live.type(review.WRITE_DOWN)
    (row,) = admitted.do(f"show {admitted.her} health --names").data["rows"]
    assert {key: row["fields"][key] for key in ("by", "finding", "found")} == {
        "by": "Образцов", "finding": "injuries", "found": "ушибы на спине",
    }  # fmt: skip
