"""At a terminal what is begun is gone on with: the item says what it lacks and opens that entry, or a new one."""

from typing import Any

import pytest

from shelterctl.prompts.fill_in import LEAVE_FOR_LATER, WRITE_DOWN
from tests.support.desk import Desk
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.terminal import Terminal

HALF = {"on": "2026-11-24", "items": ["underwear", "footwear"], "season": "winter"}
ALL = ("underwear", "hygiene_set", "everyday_clothes", "footwear")
CLOTHES = "8"
"""The line of the clothes among what is open of somebody who was admitted."""

SAID = {
    "en": (
        "8 begun: Clothes, underwear, hygiene set, footwear issued free",
        "Begun: clothes and hygiene goods given to her, 2026-11-24. Still missing: “hygiene set”, “everyday "
        "clothes”, “She signed for it” 1 fill it in now 2 write a new one 3 later >",
        "Complete: Clothes, underwear, hygiene set, footwear issued free.",
    ),
    "ru": (
        "8 начато: Бесплатно выданы одежда, бельё, гигиенический набор, обувь",
        "Начато: выдача одежды и средств гигиены, 24.11.2026. Осталось: «гигиенический набор», «повседневная одежда», "
        "«Она расписалась в получении» 1 дополнить сейчас 2 сделать новую запись 3 позже >",
        "Готово: Бесплатно выданы одежда, бельё, гигиенический набор, обувь.",
    ),
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    return Revised(admitted)


def half(desk: Desk, words: str = "", **more: Any) -> str:
    return str(desk.do(f"add {desk.her} clothing {words}", {**HALF, **more}).data["entry"])


def clothing(desk: Desk) -> list[dict[str, Any]]:
    return desk.record()["stays"][0]["clothing"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entry_that_is_half_there_is_filled_in(desk: Revised, language: str) -> None:
    entry = half(desk, "--staff s-gulnara")  # by whoever had the day before
    seen = desk.sit(language, f"admit {desk.her}", ".", CLOTHES, "1", "1,2,3,5", "1", WRITE_DOWN, "")
    for words in SAID[language]:
        assert words in seen
    (one,) = clothing(desk)
    assert (one["id"], one["items"], one["signed_by_her"]) == (entry, [*ALL], True)


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("да", "нет")])
def test_a_yes_fills_in_what_is_begun_and_a_no_leaves_it(desk: Revised, yes: str, no: str) -> None:
    half(desk)
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, no, "")
    assert "That is later." in seen
    desk.sit("en", f"admit {desk.her}", ".", CLOTHES, yes, "1,2,3,5", "1", WRITE_DOWN, "")
    assert [one["items"] for one in clothing(desk)] == [[*ALL]]


def test_of_two_that_are_begun_a_yes_means_neither(desk: Revised) -> None:
    half(desk, on="2026-11-23")
    half(desk, items=["hygiene_set"], season=None)
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "yes", "no", "")
    assert "Write a number from 1 to 4." in seen


def test_a_new_one_can_still_be_written(desk: Revised) -> None:
    entry = half(desk)
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "2", "25.11", "2,3", ".", WRITE_DOWN, "")
    assert "Complete: Clothes" in seen
    assert [one["items"] for one in clothing(desk)] == [["underwear", "footwear"], ["hygiene_set", "everyday_clothes"]]
    assert clothing(desk)[0]["id"] == entry


def test_of_two_the_newest_is_asked_of_first_and_both_may_be_opened(desk: Revised) -> None:
    older, newer = half(desk, on="2026-11-23"), half(desk, items=["hygiene_set"], season=None)
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "2", "1,3,5", ".", WRITE_DOWN, "")
    first, second = f"1 fill in the entry of 2026-11-24, {newer}", f"2 fill in the entry of 2026-11-23, {older}"
    assert f"{first} {second} 3 write a new one 4 later >" in seen
    assert "Begun: clothes and hygiene goods given to her, 2026-11-24." in seen
    assert "Begun: clothes and hygiene goods given to her, 2026-11-23." in seen
    assert {one["id"]: one["items"] for one in clothing(desk)} == {
        older: ["underwear", "everyday_clothes", "footwear"], newer: ["hygiene_set"],
    }  # fmt: skip


def test_what_she_signed_for_is_not_offered_to_be_filled_in(desk: Revised) -> None:
    half(desk, signed_by_her=True)
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "2", "")
    assert "Still missing: “hygiene set”, “everyday clothes” 1 write a new one 2 later >" in seen
    assert len(clothing(desk)) == 1


def test_what_was_struck_through_or_belongs_to_her_stay_before_is_not_begun(desk: Revised) -> None:
    desk.do(f"void {desk.her} {half(desk)} --reason-code entered_twice")
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "2", "")
    assert "Not written down yet: clothes and hygiene goods given to her 1 write it down now" in seen
    half(desk)
    desk.do(f"discharge {desk.her} --on 2026-11-24 --own-decision")
    again = {
        "referral": {"sources": ["scme"], "received_at": "2026-11-25T09:00"},
        "received": {"at": "2026-11-25T10:00"},
    }
    desk.do(f"admit {desk.her}", again)
    (row,) = [row for row in desk.do(f"admit {desk.her}").data["checklist"] if row["item"] == "clothes"]
    assert (row["state"], "begun" in row) == ("open", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_that_wait_are_gone_on_with(desk: Revised, language: str) -> None:
    desk.sit(language, f"add {desk.her} clothing", "24.11", "1", ".", LEAVE_FOR_LATER)
    seen = desk.sit(language, f"admit {desk.her}", ".", CLOTHES, "1", ".", WRITE_DOWN, "3", "")
    waits = {
        "en": "Begun, not written down yet: clothes and hygiene goods given to her 1 go on with these answers",
        "ru": "Начато, но не записано: выдача одежды и средств гигиены 1 продолжить с этими ответами",
    }
    assert waits[language] in seen
    assert [one["items"] for one in clothing(desk)] == [["underwear"]]
    assert "unfinished" not in desk.record()


def test_answers_to_an_entry_that_is_being_filled_in_wait_with_it(desk: Revised) -> None:
    entry = half(desk)
    desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "1", "1,2,3,5", "^C")
    assert [*desk.record()["unfinished"]] == [f"clothing {entry}"]
    seen = desk.sit("en", f"admit {desk.her}", ".", CLOTHES, "1", "", "1", WRITE_DOWN, "")
    assert "[now: underwear, hygiene set, everyday clothes, footwear]" in seen
    (one,) = clothing(desk)
    assert (one["items"], "unfinished" in desk.record()) == ([*ALL], False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sealed_and_begun_says_only_that(desk: Revised, language: str) -> None:
    desk.sit(language, f"add {desk.her} examination", "1", ".", LEAVE_FOR_LATER)
    told = desk.do(f"admit {desk.her}")
    (row,) = [row for row in told.data["checklist"] if row["item"] == "psychologist"]
    assert row["begun"] == [{"track": "examination", "entry": None, "on": None, "lacks": []}]


def test_a_thing_that_is_still_kept_is_given_back_on_the_way_to_her_discharge(desk: Revised) -> None:
    entry = desk.written("belonging")["belonging"]
    with Terminal(desk, "ru", size=(120, 80)).live(f"discharge {desk.her}") as live:
        live.until("Ещё открыто: вещь или документ на хранении, 22.11.2026. Не заполнено: «Когда вернули»")
        for answer in ("1", "25.11", WRITE_DOWN):
            live.type(answer)
    (one,) = desk.record()["stays"][0]["belongings"]
    assert (one["id"], one["returned_on"]) == (entry, "2026-11-25")
