"""Acts that are done to an entry: refused with the clause, done once nothing stops them, taken back, told in check."""

import re
from typing import Any

import pytest

from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.store.folder import record_file
from tests.support.command import Answer
from tests.support.desk import Desk
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.sealed_entries import opened
from tests.support.terminal import Terminal

PLAN: dict[str, Any] = {
    "kind": "assistance", "on": "2026-11-22", "discussed_on": "2026-11-22", "goals": ["social_aid"],
    "her_goals": "хочет шить", "manager": "manager", "social_worker": "s-gulnara", "psychologist": "s-aida",
    "span": {"from": "2026-11-23", "to": "2027-02-20"},
}  # fmt: skip
NEED = {"class": "primary", "need": "жильё", "on": "2026-11-22", "source": "resident"}
DIAGNOSTIC = {"kind": "diagnostic", "on": "2026-11-22", "by": "s-aida", "state": "спокойна", "physiological": "устала"}
CONSENT = {"kind": "plan", "given_on": "2026-11-23", "language": "ky", "by": "s-gulnara"}
OUTING = {
    "kind": "outing", "planned_at": "2026-11-26T10:00+06:00", "expected_back_at": "2026-11-26T12:00+06:00",
    "purpose": "рынок",
}  # fmt: skip


def add(desk: Desk, track: str, given: object) -> str:
    entry: str = desk.do(f"add {desk.her} {track}", given).data["entry"]
    return entry


def why(answer: Answer) -> list[tuple[str, str]]:
    """What refuses it: each rule, and its clause."""
    assert answer.code == 1
    return [(one["code"], one["clause"]) for one in answer.page["findings"] if one["severity"] == "refuse"]


def test_a_plan_is_approved_begun_with_her_consent_and_closed_with_its_outcome(admitted: Desk) -> None:
    add(admitted, "need", NEED)
    entry = add(admitted, "plan", {key: said for key, said in PLAN.items() if key != "manager"})
    assert why(admitted.refused(f"approve {admitted.her} plan")) == [("track/needs", "M2.2.4")]
    done = admitted.do(f"approve {admitted.her} plan --on 2026-11-22", {"manager": "manager"})
    assert done.data == {
        "id": admitted.her, "track": "plan", "entry": entry, "act": "approve", "on": "2026-11-22",
        "said": ["Approval of the plan: an individual plan, 2026-11-22."],
    }  # fmt: skip
    assert why(admitted.refused(f"start {admitted.her} plan")) == [("track/stands", "R5.3.7c")]
    add(admitted, "consent", CONSENT)
    admitted.do(f"start {admitted.her} plan --on 2026-11-23")
    assert admitted.do(f"show {admitted.her}").data["state"] == "in_plan"
    assert why(admitted.refused(f"close {admitted.her} plan")) == [("track/needs", "R5.3.7e")]
    admitted.do(f"close {admitted.her} plan", {"outcome": "ended_early"})
    (plan,) = admitted.record()["plans"]
    assert (plan["approved"]["by"], plan["started"]["on"], plan["closed"]["on"]) == (
        "manager",
        "2026-11-23",
        "2026-11-25",
    )
    assert admitted.do(f"show {admitted.her}").data["state"] == "admitted"


def test_it_is_begun_by_a_consent_of_that_plan_that_lives(admitted: Desk) -> None:
    add(admitted, "plan", PLAN)
    admitted.do(f"approve {admitted.her} plan --on 2026-11-22")
    add(admitted, "consent", {**CONSENT, "given_on": "2026-11-21"})
    assert why(admitted.refused(f"start {admitted.her} plan")) == [("track/stands", "R5.3.7c")]
    given = add(admitted, "consent", CONSENT)
    admitted.do(f"add {admitted.her} consent", {"id": given, "withdrawn_on": "2026-11-24"})
    assert why(admitted.refused(f"start {admitted.her} plan")) == [("track/stands", "R5.3.7c")]
    admitted.do(f"start {admitted.her} plan --on 2026-11-23")


def test_a_second_time_it_takes_the_place_of_the_first_and_the_same_changes_nothing(admitted: Desk) -> None:
    add(admitted, "plan", PLAN)
    admitted.do(f"approve {admitted.her} plan --on 2026-11-22")
    before = admitted.digest()
    assert admitted.do(f"approve {admitted.her} plan --on 2026-11-22").data["said"] == [
        "This is already recorded; nothing changed."
    ]
    assert admitted.digest() == before
    told = admitted.do(f"approve {admitted.her} plan --on 2026-11-23").data["said"]
    assert told[1] == "Replaced: /plans/0/approved/on."


def test_checked_alone_nothing_is_written(admitted: Desk) -> None:
    add(admitted, "plan", PLAN)
    before = admitted.digest()
    assert "Nothing prevents it" in admitted.do(f"approve {admitted.her} plan --check").data["said"][0]
    assert admitted.digest() == before
    assert why(admitted.ask(f"start {admitted.her} plan --check"))


def test_it_is_taken_back_unless_another_act_rests_on_it(admitted: Desk) -> None:
    add(admitted, "plan", PLAN)
    assert admitted.refused(f"approve {admitted.her} plan --undo").error == "usage/not-done"
    admitted.do(f"approve {admitted.her} plan --on 2026-11-22")
    add(admitted, "consent", CONSENT)
    admitted.do(f"start {admitted.her} plan --on 2026-11-23")
    assert why(admitted.refused(f"approve {admitted.her} plan --undo")) == [("track/needs", "M2.2.4")]
    admitted.do(f"start {admitted.her} plan --undo")
    admitted.do(f"approve {admitted.her} plan --undo")
    assert {"approved", "started"}.isdisjoint(admitted.record()["plans"][0])
    assert admitted.refused(f"approve {admitted.her} plan --undo --on 2026-11-22").code == 2


def test_what_it_rests_on_has_to_be_there_still(admitted: Desk) -> None:
    """A check refuses an act that was done and would not be granted any more; writing goes on (X105)."""
    entry = add(admitted, "plan", PLAN)
    admitted.do(f"approve {admitted.her} plan --on 2026-11-22")
    told = admitted.do(f"add {admitted.her} plan", {"id": entry, "manager": None})
    assert "track/needs" in told.codes("open")
    checked = admitted.ask(f"check {admitted.her}")
    assert (checked.code, "track/needs" in checked.codes("refuse")) == (1, True)
    assert admitted.do(f"admit {admitted.her}", {"notes": "Придумано."}).code == 0


def test_of_several_entries_one_is_named(admitted: Desk) -> None:
    later = {"planned_at": "2026-11-27T10:00+06:00", "expected_back_at": "2026-11-27T12:00+06:00"}
    first, second = add(admitted, "absence", OUTING), add(admitted, "absence", {**OUTING, **later})
    told = admitted.refused(f"permit {admitted.her} absence")
    assert (told.code, told.error) == (2, "usage/which-entry")
    assert first in told.page["error"]["message"]
    assert admitted.do(f"permit {admitted.her} absence {second.lower()}").data["entry"] == second
    assert admitted.do(f"permit {admitted.her} absence").data["entry"] == first


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("approve {her} child", 2, "usage/not-done-to"),
        ("approve {her} pland", 2, "usage/track"),
        ("approve {her} plan", 3, "entry/none"),
        ("permit {her} absence ABCDEF", 3, "entry/unknown"),
        ("approve 0000-0000 plan", 3, "client/unknown"),
        ("approve {her} plan --on yesterdayish", 2, "usage/date"),
    ],
)
def test_whatever_cannot_be_meant_is_said(admitted: Desk, words: str, code: int, error: str) -> None:
    add(admitted, "absence", OUTING)
    told = admitted.refused(words.format(her=admitted.her))
    assert (told.code, told.error) == (code, error)


def test_no_file_writes_what_an_act_writes(admitted: Desk) -> None:
    told = admitted.refused(f"add {admitted.her} plan", {**PLAN, "approved": {"on": "2026-11-22"}})
    assert told.codes("refuse") == ["shape/unknown-key"]
    told = admitted.refused(f"admit {admitted.her}", {"plans": [{**PLAN, "approved": {"on": "2026-11-22"}}]})
    assert told.codes("refuse") == ["shape/unknown-key"]


def test_a_disclosure_is_authorised_to_whom_her_consent_names(admitted: Desk) -> None:
    asked = {"kind": "partner", "recipient": "sezim", "what": ["возраст"], "by": "s-gulnara", "occasion": "handover"}
    add(admitted, "disclosure", {**asked, "iom_agreed": {"on": "2026-11-23", "by": "NGO Coordinator"}})
    consent = {"kind": "information_sharing", "purpose": "жильё", "given_on": "2026-11-23", "language": "ky"}
    add(admitted, "consent", {**consent, "recipient": "another"})
    assert ("track/stands", "M1.2.3") in why(admitted.refused(f"authorise {admitted.her} disclosure"))
    add(admitted, "consent", {**consent, "recipient": "sezim"})
    admitted.do(f"authorise {admitted.her} disclosure")
    assert admitted.record()["disclosures"][0]["authorised"] == {"by": "manager", "on": "2026-11-25"}


def test_a_sealed_entry_is_closed_by_whoever_may_read_it(admitted: Desk) -> None:
    found = {"kind": "initial_complete", "on": "2026-11-23", "items": ["physician"], "finding": "infection"}
    add(admitted, "health", {**found, "follow_up": True})
    assert {clause for _, clause in why(admitted.refused(f"close {admitted.her} health"))} == {"M3.0.7"}
    admitted.do(
        f"close {admitted.her} health",
        {"inpatient_not_needed": {"by": "А. Врачева", "reason": "лечится дома", "on": "2026-11-24"}},
    )
    (row,) = admitted.do(f"show {admitted.her} health").data["rows"]
    assert row["fields"]["closed"]["on"] == "2026-11-25"


ASKED = {
    "en": (
        "Manager of the shelter 1 manager · manager of the shelter 2 s-gulnara",
        "Who approved the plan 1 manager · manager of the shelter 2 s-gulnara",
        "When the plan was approved Press Enter for 2026-11-25",
        "1 yes: Approve",
    ),
    "ru": ("Руководитель приюта 1 manager", "Кто утвердил план 1 manager", "Когда план утверждён", "1 да: Утвердить"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_what_is_missing_is_asked_then_who_and_when_and_then_it_is_done(
    admitted: Desk, language: str
) -> None:
    desk = Revised(admitted)
    add(desk, "need", NEED)
    add(desk, "examination", DIAGNOSTIC)
    add(desk, "plan", {key: said for key, said in PLAN.items() if key != "manager"})
    seen = desk.sit(language, f"approve {desk.her} plan", "1", "", "", "1")
    for words in ASKED[language]:
        assert words in seen
    (plan,) = desk.record()["plans"]
    assert (plan["manager"], plan["approved"]) == ("manager", {"by": "manager", "on": "2026-11-25"})
    assert "unfinished" not in desk.record()


def test_at_the_terminal_a_wrong_answer_is_given_anew_and_then_it_is_done(admitted: Desk) -> None:
    desk = Revised(admitted)
    add(desk, "need", NEED)
    add(desk, "plan", {**PLAN, "manager": "s-aida"})
    with Terminal(desk).live(f"approve {desk.her} plan") as live:
        assert live.asked.startswith("Manager of the shelter  [now: s-aida · psychologist]")
        told = live.type("s-gulnara")
        assert "Allowed under M2.2.4: manager of the shelter" in " ".join(told.split())
        live.type("manager")
        live.until("What now?")
        live.type("yes: Approve")
    (plan,) = desk.record()["plans"]
    assert (plan["manager"], plan["approved"]["by"]) == ("manager", "manager")


def test_a_plan_that_lacks_its_outcome_is_closed_at_the_terminal(admitted: Desk) -> None:
    """The outcome is asked for beside the end that it belongs to, which is not written yet."""
    desk = Revised(admitted)
    entry = add(desk, "plan", {"kind": "assistance", "on": "2026-11-22"})
    seen = desk.sit("ru", f"close {desk.her} plan --on 24.11.2026", "выполнен", "s-aida", "да: Закрыть")
    assert "Чем закончился план" in seen
    assert "Дата" not in seen  # the command said it
    (plan,) = desk.record()["plans"]
    assert (plan["id"], plan["outcome"], plan["closed"]) == (
        entry,
        "carried_out",
        {"on": "2026-11-24", "by": "s-aida"},
    )


def test_whoever_may_not_do_an_act_is_not_offered_and_told_at_once(admitted: Desk) -> None:
    """A plan is approved by the manager (M2.2.1): whoever else types is asked who did it, and never taken for them."""
    desk = Revised(admitted)
    add(desk, "plan", PLAN)
    with Terminal(desk).live(f"approve {desk.her} plan --staff s-gulnara") as live:
        assert live.asked == "Who approved the plan"
        assert "Press Enter for manager" in live.begun
        told = " ".join(live.type("s-gulnara").split())
        assert "“Who approved the plan”: s-gulnara, social worker. Allowed under M2.2.1: manager of the shelter" in told
        assert live.asked == "When the plan was approved"
        live.type("*")
        live.type("manager")
        live.type("yesterday")
        live.type("yes: Approve")
    (plan,) = desk.record()["plans"]
    assert plan["approved"] == {"by": "manager", "on": "2026-11-24"}


def test_without_who_and_when_no_act_is_done_and_the_answers_are_kept(admitted: Desk) -> None:
    desk = Revised(admitted)
    entry = add(desk, "plan", PLAN)
    with Terminal(desk, size=(60, 80)).live(f"approve {desk.her} plan") as live:
        live.type("-")
        live.type("24.11.2026")
        assert live.asked == "What now?"
        assert "answer first: Who approved the plan." in " ".join(live.raw.decode().split())
        assert "1 (yes: Approve)" in live.raw.decode()
        assert "Not yet: first do what is listed above." in live.type("1")
        live.type("leave it for later")
        assert "Not done yet: Approve. The answers are kept." in " ".join(live.end().text.split())
    assert [*desk.record()["unfinished"]] == [f"plan {entry} approve"]
    assert "approved" not in desk.record()["plans"][0]
    desk.sit("en", f"approve {desk.her} plan", "", "", "yes: Approve")
    assert "unfinished" not in desk.record()


def test_what_was_written_down_before_an_act_that_was_left_is_said(admitted: Desk) -> None:
    desk = Revised(admitted)
    add(desk, "plan", PLAN)
    first = desk.sit("en", f"approve {desk.her} plan", ".", "leave it for later")
    assert "Not done: Approve. Her file has not changed." in first
    typed = ("do this first: Approve", "", "", "yes: Approve", "leave it for later")
    told = desk.sit("en", f"start {desk.her} plan", *typed)
    assert (
        "Approval of the plan: an individual plan, 2026-11-25. "
        "Not done: Begin. Entries that were written on the way stay in her file."
    ) in told


def test_answers_to_a_new_plan_wait_on_while_another_is_approved(admitted: Desk) -> None:
    desk = Revised(admitted)
    add(desk, "plan", PLAN)
    store = opened(desk)
    held = store.read(desk.her)
    change = (record_file(desk.her), {**held.value, "unfinished": {"plan": {"kind": "reintegration"}}}, held.version)
    store.write([change], did="add", by="s-gulnara", at="2026-11-25T10:00+06:00")
    desk.do(f"approve {desk.her} plan")
    assert desk.record()["unfinished"] == {"plan": {"kind": "reintegration"}}


def test_three_of_one_first_name_are_told_apart_where_who_is_asked(admitted: Desk) -> None:
    desk = Revised(admitted)
    for code, role, name in (
        ("s-a1", "manager", "Айгуль А."), ("s-a2", "social_worker", "Айгуль Б."), ("s-a3", "psychologist", "Айгуль В."),
    ):  # fmt: skip
        desk.do(f"staff add {code} --role {role}", {"name": name})
    add(desk, "plan", PLAN)
    seen = desk.sit("ru", f"approve {desk.her} plan", ".", "оставить на потом")
    who = seen[seen.index("Кто утвердил план") :]
    assert re.search(r"\d manager · руководитель приюта .*\d s-gulnara", who), "in the order of every other question"
    assert "s-a1 · Айгуль А. · руководитель приюта" in who
    assert "s-a2 · Айгуль Б. · социальный работник" in who
    assert "s-a3 · Айгуль В. · психолог" in who
    page = desk.sit("ru", f"approve {desk.her} plan --staff s-a2", ".", "оставить на потом")
    assert "Кто утвердил план: ответа пока нет" in page
    assert "«Кто утвердил план»: s-a2" not in page, "who has not been answered yet breaks no rule"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_that_stands_there_is_filled_in_at_the_terminal(admitted: Desk, language: str) -> None:
    desk = Revised(admitted)
    entry = add(desk, "absence", {"kind": "outing", "left_at": "2026-11-24T10:00", "permitted_by": "manager"})
    desk.sit(language, f"add {desk.her} absence {entry}", "-", "рынок", "-", "-", "-", "24.11 13:00", "1", WRITE_DOWN)
    (absence,) = desk.record()["stays"][0]["absences"]
    assert absence["back_at"].startswith("2026-11-24T13:00")


def test_an_entry_is_named_beside_a_file_too(admitted: Desk) -> None:
    entry = add(admitted, "absence", OUTING)
    admitted.do(f"add {admitted.her} absence {entry}", {"where": "базар"})
    assert admitted.record()["stays"][0]["absences"][0]["where"] == "базар"
    assert (
        admitted.refused(f"add {admitted.her} absence {entry}", {"id": "ABCDEF", "where": "x"}).error == "usage/differs"
    )
    assert admitted.refused(f"add {admitted.her} absence ABCDEF", {"where": "x"}).codes("refuse") == [
        "fragment/unknown-entry"
    ]


def test_answers_that_wait_for_an_entry_are_named_where_there_is_none_yet(admitted: Desk) -> None:
    session = Revised(admitted)
    none = admitted.refused(f"approve {admitted.her} plan").page["error"]
    assert (none["code"], none["hint"]) == ("entry/none", None)
    store = opened(session)
    held = store.read(session.her)
    waiting = {**held.value, "unfinished": {"plan": {"kind": "assistance"}}}
    change = (record_file(session.her), waiting, held.version)
    store.write([change], did="add", by="s-gulnara", at="2026-11-25T10:00+06:00")
    waits = admitted.refused(f"approve {admitted.her} plan").page["error"]
    assert waits["code"] == "entry/none"
    assert waits["hint"].endswith(f"shelterctl add {admitted.her} plan")
