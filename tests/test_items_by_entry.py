"""Items of admission and discharge that entries meet: by file and at the terminal, on a real store."""

import json
from typing import Any

import pytest
from blocks import doctored
from conftest import Desk
from revised import LANGUAGES, Revised
from usual import USUAL

from shelterctl.prompts.review import LEAVE_FOR_LATER, WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
BY_ENTRY = {
    "needs": ["need"], "clothes": ["clothing"], "pocket-money": ["pocket-money"], "plan": ["plan", "consent"],
    "medical-examination": ["health"], "health-record": ["health"], "safekeeping": ["belonging"],
    "psychologist": ["examination"], "interim-review": ["opinion"],
}  # fmt: skip
"""Items for which a day is enough no more, with the tracks whose entries meet them."""
OF_ADMISSION = [item for item in BY_ENTRY if item != "interim-review"]
"""Those that stand on the checklist of her admission."""


NEWCOMER = {"identity": {"sex": "female"}, "referral": {"sources": ["scme"], "received_at": "2026-11-20T12:00"}}


def state(desk: Desk, item: str, **how: Any) -> tuple[str, str | None]:
    """How an item of her checklist stands, and since when."""
    rows = desk.do(f"admit {desk.her}", **how).data["checklist"]
    return next((row["state"], row["on"]) for row in rows if row["item"] == item)


def test_no_item_that_entries_meet_takes_a_day() -> None:
    of_entries = {item.name: [*item.tracks] for item in SHELF.items.values() if item.tracks and not item.papers}
    assert {name for name, tracks in of_entries.items() if tracks != ["agreement"]} == {*BY_ENTRY}
    assert [item.name for item in SHELF.items.values() if item.may_be_given and item.tracks] == []
    assert [item.name for item in SHELF.items.values() if item.may_be_given] == ["orientation"]


@pytest.mark.parametrize("item", OF_ADMISSION)
def test_a_day_alone_is_answered_with_the_command_and_then_that_does_it(admitted: Desk, item: str) -> None:
    told = admitted.refused(f"admit {admitted.her} --done {item}")
    assert (told.code, told.error) == (2, "usage/item")
    commands = [f"shelterctl add {admitted.her} {track}" for track in BY_ENTRY[item]]
    assert told.page["error"]["hint"] == f"Write it down with: {', '.join(commands)}"
    assert state(admitted, item) == ("open", None)
    entries = admitted.written(*BY_ENTRY[item])
    if item == "psychologist":
        admitted.do(f"add {admitted.her} examination", {"kind": "evaluation", "on": "2026-11-24", "by": "s-aida"})
    assert state(admitted, item)[0] == "done"
    admitted.do(f"void {admitted.her} {entries[BY_ENTRY[item][-1]]} --reason-code other")
    assert state(admitted, item) == ("open", None)


def test_in_russian_too_and_with_another_item_nothing_is_written(admitted: Desk) -> None:
    before = admitted.digest()
    told = admitted.run(f"admit {admitted.her} --done orientation --done plan --lang ru")
    assert told.code == 2
    assert "одной даты мало, он выполняется записями: Индивидуальный план и согласие с ним." in told.err
    assert f"Запишите так: shelterctl add {admitted.her} plan, shelterctl add {admitted.her} consent" in told.err
    assert admitted.digest() == before


def test_where_a_day_is_enough_it_may_still_be_given(admitted: Desk) -> None:
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-23")
    assert state(admitted, "orientation") == ("done", "2026-11-23")
    admitted.written("health")
    assert state(admitted, "health-record") == state(admitted, "medical-examination") == ("done", "2026-11-24")


@pytest.mark.parametrize("item", BY_ENTRY)
def test_a_day_alone_in_a_file_is_refused_as_it_is_on_the_command_line(admitted: Desk, item: str) -> None:
    day = {"done": [{"item": item, "on": "2026-11-23", "by": "s-aida"}]}
    stay = admitted.record()["stays"][0]["id"]
    lines = "\n".join(json.dumps({**NEWCOMER, **day, "notes": str(number)}) for number in range(2))
    for words, given in (
        (f"admit {admitted.her}", day),
        (f"admit {admitted.her}", {"stays": [{"id": stay, **day}]}),
        ("admit --new-person", {**NEWCOMER, **day}),
        ("admit", lines),
    ):
        told = admitted.refused(words, given)
        assert {*told.refusals} == {"fragment/by-entry"}
        found = told.finding("fragment/by-entry")
        assert found["where"].endswith("/done/0/item")
        assert all(f"shelterctl add ID {track}" in found["message"] for track in BY_ENTRY[item])
    if item in OF_ADMISSION:
        assert state(admitted, item) == ("open", None)


def test_a_day_that_her_file_has_since_it_was_enough_may_be_said_again(old: Desk) -> None:
    old.do("trust --begin")
    stay = old.record()["stays"][-1]
    kept = [one for one in stay["done"] if one["item"] in BY_ENTRY and "void" not in one]
    assert kept
    again = [{key: one[key] for key in ("item", "on", "by") if key in one} for one in kept]
    answer = old.do(f"admit {old.her}", {"stays": [{"id": stay["id"], "done": again}]})
    assert answer.data["changed"] is False
    rows = {row["item"]: row["state"] for row in answer.data["checklist"]}
    assert {rows[one["item"]] for one in kept} == {"done"}


WHO = {
    "medical-examination": ("s-meder", "M3.0.7"), "health-record": ("s-meder", "R4.0.9"),
    "psychologist": ("s-aida", "M2.3.1"),
}  # fmt: skip
"""Who may say by a day alone that an item is done, with the clause."""


def given(desk: Revised, item: str, by: str, on: str = "2026-11-23") -> None:
    """A day that an older version took for an item, written into her file."""
    day = {"id": f"D{on[-2:]}7K2", "item": item, "on": on, "by": by, "recorded_by": by}
    day["recorded_at"] = f"{on}T12:00+06:00"
    doctored(desk, lambda record: record["stays"][0].setdefault("done", []).append(day))


@pytest.mark.parametrize("item", WHO)
def test_a_day_of_an_older_version_counts_if_who_did_it_has_the_role(admitted: Desk, item: str) -> None:
    right, clause = WHO[item]
    desk = Revised(admitted)
    for code, role in (("s-night", "security"), ("s-meder", "medical_adviser")):
        desk.do(f"staff add {code} --role {role}")
    given(desk, item, "s-night")
    assert state(desk, item) == ("open", None)
    told = desk.do(f"check {desk.her}")
    assert (told.finding("track/by")["clause"], told.finding("track/by")["severity"]) == (clause, "open")
    given(desk, item, right, "2026-11-24")
    assert state(desk, item) == ("done", "2026-11-24")


def test_a_deadline_stays_where_a_guard_is_said_to_have_done_it(admitted: Desk) -> None:
    desk = Revised(admitted)
    desk.do("staff add s-night --role security")
    given(desk, "medical-examination", "s-night")
    assert "T12" in {row["row"] for row in desk.do(f"due {desk.her}").data["rows"]}


def test_the_walk_asks_for_the_entry_and_for_no_day(admitted: Desk) -> None:
    seen = Revised(admitted).sit("en", f"admit {admitted.her}", ".", "11", "2", "")
    assert "Not written down yet: an examination by the psychologist 1 write it down now 2 later" in seen
    assert "Done on" not in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_nothing_to_keep_says_so_and_has_nothing_to_get_back(admitted: Desk, language: str) -> None:
    desk = Revised(admitted)
    desk.sit(language, f"admit {desk.her}", ".", "10", "1", "8", "", "22.11", "2", WRITE_DOWN, "")
    (one,) = desk.record()["stays"][0]["belongings"]
    assert (one["kind"], one["received_on"], one.keys() & {"place", "signed_by_her"}) == (
        "nothing",
        "2026-11-22",
        set(),
    )
    assert state(desk, "safekeeping") == ("done", "2026-11-22")
    leaving = {"discharge": {"items_returned": True, "by_own_decision": True}}
    told = desk.do(f"discharge {desk.her} --on 2026-11-25", leaving)
    assert not {"discharge/still-kept", "discharge/items-returned", "track/needs"} & {*told.codes()}


def test_what_is_lacking_is_said_by_name_in_the_language_of_the_screen(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} clothing", {**USUAL["clothing"], "items": ["underwear", "footwear"]})
    admitted.written("plan")
    found = admitted.do(f"admit {admitted.her}").finding("admission/clothes")
    assert found["facts"]["lacking"] == ["hygiene_set", "everyday_clothes"]
    assert "free of charge, not issued yet: hygiene set, everyday clothes (R1.0.1)." in found["message"]
    told = admitted.run(f"admit {admitted.her} --lang ru").out
    assert "Из того, что положено бесплатно, ещё не выдано: гигиенический набор, повседневная одежда (R1.0.1)." in told
    assert "Ещё не записано: согласие (R5.3.7c)." in told


def test_what_the_examination_found_holds_it_open_until_it_is_closed(admitted: Desk) -> None:
    ill = {**USUAL["health"], "finding": "infection", "follow_up": True}
    admitted.do(f"add {admitted.her} health", ill)
    assert "admission/examination-open" in admitted.do(f"admit {admitted.her}").codes("open")
    home = {"reason": "лечится дома", "by": "А. Врачева", "on": "2026-11-25"}
    admitted.do(f"close {admitted.her} health --on 2026-11-25", {"inpatient_not_needed": home})
    assert state(admitted, "medical-examination") == ("done", "2026-11-24")


def test_what_is_still_kept_holds_her_things_open_at_the_discharge(admitted: Desk) -> None:
    entry = admitted.written("belonging")["belonging"]
    leaving = {"discharge": {"items_returned": True, "by_own_decision": True}}
    told = admitted.do(f"discharge {admitted.her} --on 2026-11-25 --check", leaving)
    assert told.finding("discharge/still-kept")["facts"]["count"] == 1
    admitted.do(f"add {admitted.her} belonging", {"id": entry, "returned_on": "2026-11-25", "return_signed": True})
    told = admitted.do(f"discharge {admitted.her} --on 2026-11-25", leaving)
    assert not {"discharge/still-kept", "discharge/items-returned"} & {*told.codes()}
    assert "discharge/interim-review" in told.codes("open")


def test_the_interim_review_is_an_opinion_of_the_psychologist(admitted: Desk) -> None:
    admitted.written("opinion")
    told = admitted.do(f"discharge {admitted.her} --own-decision --on 2026-11-25")
    assert "discharge/interim-review" not in told.codes()


class TestDue:
    """A deadline and an item of one row are one thing."""

    def rows(self, desk: Desk, row: str, **how: Any) -> list[tuple[str, str]]:
        found = desk.do(f"due {desk.her}", **how).data["rows"]
        return [(each["what"], each["state"]) for each in found if each["row"] == row]

    def test_it_is_listed_once_as_the_deadline(self, admitted: Desk) -> None:
        assert self.rows(admitted, "T12") == [("health", "open")]
        assert self.rows(admitted, "T11") == [("pocket-money", "overdue")]
        admitted.written("health", "pocket-money")
        assert self.rows(admitted, "T12") == self.rows(admitted, "T11") == []
        assert self.rows(admitted, "T11", today="2026-11-27") == [("pocket-money", "overdue")]

    def test_before_the_deadline_begins_the_item_is_open(self, desk: Desk) -> None:
        news = {"sources": ["scme"], "received_at": "2026-11-20T12:00"}
        desk.her = desk.do("admit", {"identity": {"sex": "female"}, "referral": news}).data["id"]
        assert self.rows(desk, "T12") == [("medical-examination", "open")]
        assert self.rows(desk, "T11") == [("pocket-money", "open")]

    def test_a_day_that_was_given_answers_it_unless_it_comes_again(self, admitted: Desk) -> None:
        desk = Revised(admitted)
        desk.do("staff add s-meder --role medical_adviser")
        given(desk, "medical-examination", "s-meder")
        assert self.rows(desk, "T12") == []


NEED = ("нужна куртка", "1", "", "1", "", "")
"""The answers to the questions of a need."""
SEEN = {
    "en": (
        "7 Primary and secondary needs",
        "Primary and secondary needs Not written down yet: a need 1 write it down now 2 later > 1 ( the screen is ",
        "What she needs: нужна куртка",
        "It is written down: a need. That is complete: Primary and secondary needs. Still open.",
        "7 done 2026-11-25: Primary and secondary needs",
        "8 Clothes, underwear, hygiene set, footwear issued free",
    ),
    "ru": (
        "7 Первоочередные и остальные потребности",
        "Первоочередные и остальные потребности Ещё не записано: потребность 1 записать сейчас 2 позже > 1 ",
        "Что ей нужно: нужна куртка",
        "Записано: потребность. Это заполнено: Первоочередные и остальные потребности. Ещё открыто.",
        "7 сделано 25.11.2026: Первоочередные и остальные потребности",
        "8 Бесплатно выданы одежда, бельё, гигиенический набор, обувь",
    ),
}
LEFT = {
    "en": "The answers are kept; nothing is written down. Go on with: shelterctl add {her} need",
    "ru": "Пока ничего не записано; ответы ждут. Продолжить: shelterctl add {her} need",
}


class TestAtTheTerminal:
    """The sitting offers to write the entry down now, and comes back."""

    @pytest.fixture
    def desk(self, admitted: Any) -> Revised:
        return Revised(admitted)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_written_down_in_between(self, desk: Revised, language: str) -> None:
        seen = desk.sit(language, f"admit {desk.her}", ".", "7", "1", *NEED, WRITE_DOWN, "")
        for words in SEEN[language]:
            assert words in seen
        (need,) = desk.record()["needs"]
        assert (need["need"], need["class"], need["source"]) == ("нужна куртка", "primary", "resident")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_may_wait_and_what_was_answered_of_it_is_kept(self, desk: Revised, language: str) -> None:
        desk.sit(language, f"admit {desk.her}", ".", "7", "2", "")
        assert "needs" not in desk.record()
        seen = desk.sit(language, f"admit {desk.her}", ".", "7", "1", "нужна куртка", ".", LEAVE_FOR_LATER, "")
        assert LEFT[language].format(her=desk.her) in seen
        assert desk.record()["unfinished"] == {"need": {"need": "нужна куртка"}}
        desk.sit(language, f"admit {desk.her}", ".", "7", "1", *NEED[1:], WRITE_DOWN, "")
        assert [each["need"] for each in desk.record()["needs"]] == ["нужна куртка"]

    def test_of_two_tracks_the_second_is_offered_behind_the_first(self, desk: Revised) -> None:
        with_plan = desk.sit("en", f"admit {desk.her}", ".", "12", "1", "1", "25.11", ".", WRITE_DOWN, "2", "")
        assert "It is written down: an individual plan. Not written down yet: consent 1 write it down now" in with_plan
        assert len(desk.record()["plans"]) == 1
        assert "Not written down yet: consent" in desk.sit("en", f"admit {desk.her}", ".", "12", "2", "")

    def test_where_a_day_is_enough_it_is_asked(self, desk: Revised) -> None:
        assert "principles understood Done on >" in desk.sit("en", f"admit {desk.her}", ".", "2", "23.11", "", "")
        assert state(desk, "orientation") == ("done", "2026-11-23")

    def test_ctrl_c_in_between_leaves_both_and_loses_nothing(self, desk: Revised) -> None:
        desk.sit("en", f"admit {desk.her}", ".", "7", "1", "нужна куртка", "^C")
        assert desk.record()["unfinished"] == {"need": {"need": "нужна куртка"}}


def test_it_is_explained_with_the_entries_that_meet_it(desk: Desk) -> None:
    told = desk.do("explain plan", today=None).data
    assert (told["met_by"], told["example"]) == (
        ["plan", "consent"],
        "shelterctl add ID plan\nshelterctl add ID consent",
    )
    both = desk.do("explain admission/medical-examination", today=None).data["example"]
    assert both == "shelterctl add ID health"
    assert "met_by" not in desk.do("explain orientation", today=None).data
    words = desk.run("explain clothes --lang ru", today=None).out
    assert "Чем он выполняется\ntrack clothing: выдача одежды и средств гигиены" in words


def test_a_shell_offers_only_what_a_day_does(desk: Desk) -> None:
    told = desk.run("completion --at 4 -- admit 7QF2-M9KD --done ''", today=None).out
    offered = {line.partition("\t")[0] for line in told.splitlines()}
    assert "orientation" in offered
    assert not {*BY_ENTRY} & offered
