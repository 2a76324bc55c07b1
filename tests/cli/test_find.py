"""Finding her again, and correcting what was wrong: entries, a discharge taken back, the day of a signature."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.language import format_sentence
from shelterctl.menu.client_file import SIGNATURE_DAY_WRONG
from tests.support.papers import PAPERS
from tests.support.paths import ACCEPTED
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


def rows(desk: "Desk", given: object, words: str = "find", **how: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(words, given, **how).data["rows"]
    return found


@pytest.fixture
def peopled(admitted: "Desk") -> "Desk":
    """Beside Айгуль Примерова: a namesake in Latin, another woman, and one without a name."""
    for first, last, born in (("Aigul", "Obraztsova", 1990), ("Жылдыз", "Примерова", "1985-05")):
        identity = {"first_name": first, "last_name": last, "birth_date": born, "sex": "female"}
        admitted.do("admit --without-stay", {"identity": identity})
    admitted.do("admit --without-stay", {"identity": {"sex": "female"}})
    return admitted


def test_a_found_client_is_told_by_her_id_and_never_by_her_name(peopled: "Desk") -> None:
    told = peopled.do("find", {"first_name": "Айгуль", "last_name": "Примерова"})
    assert told.data["rows"] == [
        {
            "id": peopled.her,
            "state": "admitted",
            "facility": "bishkek",
            "match": "same",
            "arrived_on": "2026-11-22",
            "reasons": [],
        }
    ]
    assert told.data["said"][0] == "1 file matches."
    assert told.data["said"][2].startswith("1 client has no name in her file yet")
    for words in ("find", "find --format csv", "find --format ndjson"):
        out = peopled.run(words, {"first_name": "Айгуль"}).out
        assert peopled.her in out
        assert "Айгуль" not in out
        assert "Примерова" not in out


@pytest.mark.parametrize(
    "given",
    [
        {"first_name": "Айгул", "last_name": "Примирова"},
        {"last_name": "айгуль", "first_name": "ПРИМЕРОВА"},
        {"last_name": "Primerova", "first_name": "Aygul"},
        {"first_name": "гул", "birth_date": 1999},
        {"birth_date": "1999-03"},
    ],
    ids=["two slips", "the other way round", "in Latin", "three letters and a year", "a birth date alone"],
)
def test_she_is_found_by_a_misspelt_name(given: dict[str, Any], peopled: "Desk") -> None:
    assert [row["id"] for row in rows(peopled, given)] == [peopled.her]


def test_whoever_fits_better_comes_first(peopled: "Desk") -> None:
    for name in ("Aigul", "Айгуль"):
        told = rows(peopled, {"first_name": name})
        assert [(row["match"], row["reasons"]) for row in told] == [("same", []), ("same", ["latin"])]
    assert [row["match"] for row in rows(peopled, {"first_name": "гул"})] == ["far", "far"]
    assert len(rows(peopled, {"last_name": "Примерова"})) == 2


def test_nobody_is_found_and_that_is_no_mistake(peopled: "Desk") -> None:
    told = peopled.do("find", {"first_name": "Роза"})
    assert told.data["rows"] == []
    assert told.data["said"][0] == "No file in this store fits."
    told = peopled.run("find --format csv", {"first_name": "Роза"})
    assert told.out == "id,state,facility,match,arrived_on,reasons\n"


def test_a_patronymic_that_is_not_on_file_hides_nobody(peopled: "Desk") -> None:
    wanted = {"first_name": "Айгул Асановна", "last_name": "Примирова"}
    (found,) = rows(peopled, wanted)
    assert found == {**found, "id": peopled.her, "match": "near", "reasons": ["letters", "slip", "patronymic"]}
    told = peopled.run("find", wanted).out
    assert "the same name in other letters, one letter different, a patronymic in one of them only" in told
    assert peopled.run("find --format csv", wanted).out.endswith(",letters slip patronymic\n")


def test_a_name_comes_from_a_pipe_too(peopled: "Desk") -> None:
    told = peopled.run("find --from - --json", input=json.dumps({"first_name": "Айгул"}).encode())
    assert {row["id"] for row in told.data["rows"]} > {peopled.her}


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({}, 2, "usage/nobody"),
        ({"first_name": "  "}, 2, "usage/nobody"),
        ({"birth_date": "1999-13"}, 1, "shape/date"),
        ({"nickname": "Айгуль"}, 1, "shape/unknown-key"),
        ({"first_name": ["Айгуль"]}, 1, "shape/kind"),
        ("", 1, None),
    ],
)
def test_what_cannot_be_looked_for_is_refused(given: object, code: int, said: str | None, peopled: "Desk") -> None:
    answer = peopled.refused("find", given)
    assert answer.code == code
    assert said in (None, answer.error, *answer.refusals)
    assert "Айгуль" not in answer.out


def test_off_a_terminal_nothing_is_asked(peopled: "Desk") -> None:
    assert (peopled.refused("find").code, peopled.refused("find").error) == (2, "usage/from")
    assert (peopled.refused("list --names").code, peopled.refused("list --names").error) == (2, "usage/names")
    assert peopled.run("list --names --format csv").code == 2
    void = peopled.refused(f"void {peopled.her}")
    assert (void.code, void.error) == (2, "usage/void")
    assert "ENTRY" in void.page["error"]["message"]
    assert "--reason-code" in void.page["error"]["message"]
    assert peopled.refused(f"void {peopled.her} AAAAAA").code == 3


def test_a_name_is_no_word_of_the_command(peopled: "Desk") -> None:
    for name in ("Айгуль", "Айгуль Примерова", "'Айгуль Примерова'"):
        answer = peopled.run(f"find {name}")
        assert answer.code == 2
        assert "Айгуль" not in answer.out + answer.err
        assert "delete that line from the history" in answer.err
    assert "history" not in peopled.run("show one two three").err


def test_at_a_terminal_a_name_is_asked_and_shown_and_leaves_nothing_behind(peopled: "Desk") -> None:
    seen = Terminal(peopled).run("find", ["Примирова айгул 1999", ""])
    assert seen.code == 0
    assert "Whom are you looking for?" in seen.text
    assert re.search(rf"{peopled.her}\s+Айгуль\s+Примерова\s+admitted", seen.text)
    assert "1 file matches." in seen.text
    assert not re.search("Прим|Айг|айг", seen.left)


def test_a_number_opens_her_card_and_enter_closes(peopled: "Desk") -> None:
    seen = Terminal(peopled).run("find", ["Aigul", "9", "2", "", "", ""])
    assert seen.code == 0
    number = re.search(rf"(?m)^(\d)  {peopled.her}  Айгуль", seen.text)
    assert number
    assert number[1] == "2"
    assert "Write a number from 1 to 2." in seen.text
    assert f"Everything recorded: show {peopled.her} --all" in seen.text
    assert seen.text.count("2 files match.") == 2  # once more when the card is closed
    assert not re.search("Прим|Айг|Obr", seen.left)


def test_more_hits_than_the_screen_holds_are_counted(desk: "Desk") -> None:
    for number in range(6):
        desk.do("admit --without-stay --new-person", {"identity": {"first_name": f"Айгуль {number}", "sex": "female"}})
    seen = Terminal(desk, size=(12, 80)).run("find", ["Айгуль", "4", ""])
    assert "3 more match but do not fit on the screen" in " ".join(seen.text.split())
    assert "Write a number from 1 to 3." in seen.text


def test_names_are_listed_at_a_terminal_alone_and_leave_nothing_behind(peopled: "Desk") -> None:
    seen = Terminal(peopled).run("list --names", [""])
    assert seen.code == 0
    assert re.search(rf"{peopled.her}\s+Айгуль\s+Примерова", seen.text)
    assert seen.text.index("Obraztsova") < seen.text.index("Айгуль") < seen.text.index("Жылдыз")
    assert "Прим" not in seen.left
    refused = Terminal(peopled).run("list --names --json", [])
    assert refused.code == 2
    assert "Прим" not in refused.text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_her_file_is_one_screen_that_is_gone_when_it_is_left(admitted: "Desk", language: str) -> None:
    seen = Terminal(admitted, language).run(f"show {admitted.her}", [""])
    assert seen.code == 0
    assert "Айгуль Примерова · " in seen.text
    assert f"show {admitted.her} --all" in seen.text
    assert len(re.findall("^> ?$", seen.text, re.MULTILINE)) == 1
    assert "Айгуль" not in seen.left


def test_an_entry_is_chosen_and_struck_through(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done orientation")
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    entry = admitted.record()["stays"][0]["done"][0]["id"]
    words = f"void {admitted.her}"
    before = admitted.digest_of_store()
    seen = Terminal(admitted).run(words, [""])
    number = re.search(rf"(\d+) [^\n]*2026-11-25, recorded by manager\s+\({entry}\)", seen.text)
    assert number
    assert "Nothing was struck through." in seen.left
    assert Terminal(admitted).run(words, [number[1], "1", "no"]).code == 0
    assert Terminal(admitted).run(words, [number[1], "^C"]).code == 130
    assert admitted.digest_of_store() == before
    seen = Terminal(admitted).run(words, ["99", number[1], "1", "maybe", "yes"])
    assert seen.code == 0
    assert admitted.record()["stays"][0]["done"][0]["void"]["reason"] == "entered_twice"
    assert "struck through; it stays in the file" in seen.left
    assert "Образцова" not in seen.text  # her NGO's representative stands in the agreement


def test_what_is_struck_through_is_offered_no_more_and_the_reason_alone_is_asked(admitted: "Desk") -> None:
    stay = admitted.record()["stays"][0]["id"]
    seen = Terminal(admitted).run(f"void {admitted.her} {stay}", ["2", "да"])
    assert "Strike this through: a whole stay, 2026-11-20?" in seen.text
    assert admitted.record()["stays"][0]["void"]["reason"] == "wrong_client"
    again = Terminal(admitted).run(f"void {admitted.her}", [""])
    assert again.code == 0
    assert stay not in again.text


def test_a_wrong_discharge_is_taken_back_and_said_so(discharged: "Desk") -> None:
    told = discharged.do(f"discharge {discharged.her} --undo", today="2026-11-27")
    assert told.data["taken_back"] == {"on": "2026-11-25"}
    assert (told.data["state"], told.data["discharged_on"]) == ("discharge_planned", None)
    assert told.data["said"] == [
        "The discharge of 2026-11-25 was taken back on 2026-11-27. "
        "She is in bishkek again, where she arrived on 2026-11-22.",
        f"If only the day was wrong, record the right one: discharge {discharged.her} --on DATE",
    ]
    assert discharged.record()["stays"][0]["discharge"]["planned_on"]
    assert discharged.do("house", today="2026-11-27").data["rows"][0]["residents"] == 1


def test_that_she_left_by_her_own_decision_is_taken_back_too(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-11-24 --own-decision")
    checked = admitted.do(f"discharge {admitted.her} --undo --check")
    assert checked.data["taken_back"] == {"on": "2026-11-24", "by_own_decision": True}
    assert admitted.do(f"show {admitted.her}").data["state"] == "left_by_own_decision"
    told = admitted.do(f"discharge {admitted.her} --undo")
    assert told.data["said"][0].startswith("The record that she left by her own decision on 2026-11-24 was taken back")
    words = told.data["said"][1].partition("the right one: ")[2].replace("DATE", "2026-11-23")
    assert admitted.do(words).data["state"] == "left_by_own_decision"
    admitted.do(f"discharge {admitted.her} --undo")
    assert "by_own_decision" not in admitted.record()["stays"][0]["discharge"]


def test_a_discharge_is_taken_back_alone_and_a_bed_that_was_given_away_is_told(discharged: "Desk") -> None:
    for words in ("--on 2026-11-24", "--own-decision"):
        assert discharged.refused(f"discharge {discharged.her} --undo {words}").error == "usage/undo"
    discharged.do("house --others 10")
    told = discharged.do(f"discharge {discharged.her} --undo")
    assert told.codes("open") == ["house/overfull"]
    assert told.finding("house/overfull")["facts"]["sleeping"] == 11


@pytest.mark.parametrize(
    "typed", ["Айгуль Асановна Примерова", "Примерова Айгуль Асановна 1999", "Айгул Асан кызы", "Айгуль Асановна"]
)
def test_at_a_terminal_a_patronymic_that_is_not_on_file_hides_nobody_and_is_said(typed: str, peopled: "Desk") -> None:
    seen = Terminal(peopled, size=(40, 100)).run("find", [typed, ""]).text
    assert peopled.her in seen
    assert "a patronymic in one of them only" in " ".join(seen.split())


def test_a_name_that_was_typed_on_the_other_layout_is_offered_and_found(peopled: "Desk") -> None:
    with Terminal(peopled).live("find") as live:
        told = live.type("Ghbvthjdf")
        assert "Was that typed on the other keyboard layout?" in " ".join(told.split())
        assert "Примерова" in told
        assert peopled.her in live.type("")
        live.type("")


LATER = "2026-11-27"


@pytest.fixture
def signed(admitted: "Desk") -> "Desk":
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-12 --sign --on 2026-11-25", today="2026-11-25")
    return admitted


def test_a_corrected_day_is_named_in_words_among_what_may_be_struck_through(signed: "Desk") -> None:
    signed.do(f"correct {signed.her} --number S-NGO-12 --on 2026-11-26", today=LATER)
    seen = " ".join(Terminal(signed, today=LATER, size=(60, 80)).run(f"void {signed.her}", [""]).text.split())
    assert "a corrected day of signing" in seen
    assert "corrections" not in seen


def test_the_right_day_stands_and_the_first_is_kept_with_who_put_it_right(signed: "Desk") -> None:
    (before,) = signed.record()["agreements"]
    told = signed.do(f"correct {signed.her} --number S-NGO-12 --on 2026-11-26", today=LATER)
    assert (told.data["on"], told.data["was"]) == ("2026-11-26", "2026-11-25")
    (after,) = signed.record()["agreements"]
    (kept,) = after.pop("corrections")
    assert {"id", "recorded_at", "recorded_by"} < kept.keys()
    assert (kept["on"], kept["by"], kept["signed_on"]) == (LATER, "manager", "2026-11-25")
    assert after == {**before, "signed": {**before["signed"], "on": "2026-11-26"}}  # and nothing else has changed
    assert signed.do("agreements", today=LATER).data["rows"][0]["signed"] == "2026-11-26"
    signed.do(f"form blue {signed.her} --lang en --out a.txt", today=LATER)
    assert "Signed on: 26 November 2026" in " ".join((signed.folder / "a.txt").read_text("utf-8").split())
    signed.do(f"correct {signed.her} --on 2026-11-25", today=LATER)
    assert [one["signed_on"] for one in signed.record()["agreements"][0]["corrections"]] == ["2026-11-25", "2026-11-26"]
    assert signed.do(f"check {signed.her}", today=LATER).codes("refuse") == []


def test_what_rests_on_the_day_is_told_and_what_cannot_be_is_refused(signed: "Desk") -> None:
    session = f"correct {signed.her} --number S-NGO-12"
    assert signed.refused(f"{session} --on 2026-11-24", today=LATER).refusals == ["agreement/signed-in-time"]
    long_before = signed.refused(f"{session} --on 2026-10-22", today=LATER)  # before she came, too
    assert long_before.refusals == ["agreement/signed-in-time", "track/dated"]
    assert "corrections" not in signed.record()["agreements"][0]
    assert signed.refused(f"{session} --on 2026-11-28", today=LATER).refusals == ["track/in-future"]
    ended = {"on": "2026-11-26", "by": "NGO Coordinator", "reason": "IOM decided so"}
    signed.do(f"terminate {signed.her} --number S-NGO-12", ended, today=LATER)
    assert signed.refused(f"{session} --on 2026-11-27", today=LATER).refusals == ["track/dated"]


def test_a_draft_a_day_left_out_and_the_day_that_stands_there(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    assert admitted.refused(f"correct {admitted.her} --on 2026-11-24").refusals == ["agreement/not-signed"]
    assert admitted.refused(f"correct {admitted.her}").error == "usage/missing"
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-12 --sign --on 2026-11-25")
    assert "nothing changed" in " ".join(admitted.do(f"correct {admitted.her} --on 2026-11-25").data["said"])
    assert "corrections" not in admitted.record()["agreements"][0]


def test_no_file_can_say_that_a_day_was_put_right(signed: "Desk") -> None:
    given = {"corrections": [{"signed_on": "2026-11-20"}], **PAPERS["blue"]}
    refused = signed.refused(f"agreement {signed.her} --form blue", given)
    assert "shape/unknown-key" in refused.refusals


def test_in_the_menu_it_is_a_line_behind_the_form(signed: "Desk") -> None:
    with Terminal(signed, today=None).live(f"menu --as-of {LATER}") as live:
        for answer in (signed.her, "an agreement", "blue"):
            live.type(answer)
        live.type(format_sentence(SIGNATURE_DAY_WRONG, {"number": "S-NGO-12"}, "en"))
        assert "the recorded day of its signature is" in " ".join(live.raw.decode().split())
        assert "still to come" in " ".join(live.type("30.11").split())
        live.type("26.11")
        assert "The earlier day stays in her file" in " ".join(live.raw.decode().split())
        live.type("yes")
    assert signed.record()["agreements"][0]["signed"]["on"] == "2026-11-26"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["26.11", "no"], "Nothing was changed: 2026-11-25 remains the day of its signature"),
        ([""], "Nothing was changed: 2026-11-25 remains the day of its signature"),
        (["*"], "Nothing was changed: 2026-11-25 remains the day of its signature"),
        (["25.11"], "That date is already recorded; nothing changed."),
    ],
)
def test_a_day_that_was_not_written_is_not_said_to_stand_there(typed: list[str], says: str, signed: "Desk") -> None:
    before = signed.digest_of_store()
    seen = Terminal(signed, today=LATER).run(f"correct {signed.her} --number S-NGO-12", typed)
    assert says in " ".join(seen.text.split())
    assert ("already recorded" in seen.text) == ("already recorded" in says)
    assert signed.digest_of_store() == before
