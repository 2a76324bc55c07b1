"""Equal entries, the stay of each, what stood there before, what she signed for: by file and at the terminal."""

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.act.test_batch import lines, referral
from tests.support.inputs import REFERRAL, read
from tests.support.paths import ACCEPTED
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


TWIN = {"birth_date": "2022", "sex": "male", "stays_with_her": True}
BREAD = {"on": "2026-11-24", "item": "food", "amount": 100, "what": "bread"}
PAID = {"on": "2026-11-24", "span": {"from": "2026-11-22", "to": "2026-11-24"}, "amount": 150, "by": "manager"}


def children(desk: "Desk", id_: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.record(id_).get("children") or []
    return found


def test_twins_of_a_referral_are_two_children_who_sleep_here(desk: "Desk") -> None:
    her = desk.do("admit", json.loads(json.dumps({**read(REFERRAL), "children": [TWIN, TWIN]}, default=str))).data["id"]
    assert [child["birth_date"] for child in children(desk, her)] == ["2022", "2022"]
    desk.do(f"admit {her} --complete --on 2026-11-22")
    assert desk.do("house").data["rows"][0]["children"] == 2


def test_a_second_run_of_a_document_changes_nothing_and_names_what_was_there(admitted: "Desk") -> None:
    given = {"children": [TWIN, TWIN], "outlays": [BREAD, BREAD, {**BREAD, "amount": "50.50"}]}
    admitted.do(f"admit {admitted.her}", given)
    before = admitted.digest()
    again = admitted.do(f"admit {admitted.her}", given)
    assert admitted.digest() == before
    assert again.data["changed"] is False
    assert again.data["left_out"] == [
        "/children/0", "/children/1", "/stays/0/outlays/0", "/stays/0/outlays/1", "/stays/0/outlays/2",
    ]  # fmt: skip
    assert "add --again" in " ".join(again.data["said"])


def test_three_equal_outlays_where_two_are_there_are_three(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"outlays": [BREAD] * 2})
    more = admitted.do(f"admit {admitted.her}", {"outlays": [BREAD] * 3})
    assert more.data["left_out"] == ["/stays/0/outlays/0", "/stays/0/outlays/1"]
    assert len(admitted.record()["stays"][0]["outlays"]) == 3


def test_one_that_is_struck_out_is_there_all_the_same_until_it_is_written_again(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"children": [TWIN, TWIN]})
    admitted.do(f"void {admitted.her} {children(admitted)[0]['id']} --reason-code entered_twice")
    same = admitted.do(f"admit {admitted.her}", {"children": [TWIN, TWIN]})
    assert (same.data["changed"], len(children(admitted))) == (False, 2)
    admitted.do(f"admit {admitted.her} --again", {"children": [TWIN]})
    assert ["void" in child for child in children(admitted)] == [True, False, False]


def test_one_entry_that_is_given_twice_is_one_until_it_is_written_again(admitted: "Desk") -> None:
    words = f"add {admitted.her} child"
    first = admitted.do(words, TWIN).data["entry"]
    same = admitted.do(words, TWIN)
    assert (same.data["entry"], same.data["left_out"]) == (first, ["/children/0"])
    other = admitted.do(f"{words} --again", TWIN)
    assert other.data["entry"] != first
    assert len(children(admitted)) == 2


def test_twins_of_a_stream_are_two_in_one_document_and_one_person_in_two(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    said = desk.do("admit", lines({"id": her, "children": [TWIN, TWIN]}, {"id": her, "children": [TWIN]}, referral(5)))
    assert [row["left_out"] for row in said.data["rows"]] == [[], ["/children/0"], []]
    assert len(children(desk, her)) == 2
    assert any(one.startswith("Document 2: already in the file") for one in said.data["said"])


def test_a_twin_at_the_terminal_is_said_to_be_there_and_written_once_more_by_a_line_of_its_own(
    admitted: "Desk",
) -> None:
    answers = {
        "Child's date of birth": "2022", "Boy or girl": "2",
        "The child stays with her in the shelter (1 yes, 2 no)": "1", "Why the child is taken into the shelter": ".",
    }  # fmt: skip
    admitted.do(f"add {admitted.her} child", TWIN)
    with Terminal(admitted).live(f"add {admitted.her} child") as live:
        live.until("What now?", answers)
        chosen = re.search(r"(\d+) it happened again: write down another entry", live.raw.decode())
        assert chosen
        live.type(chosen[1])
        live.type("1")  # something stays open: the number alone is not enough
        seen = live.end().text
    assert "Her file already has exactly this entry." in seen
    assert [child["birth_date"] for child in children(admitted)] == ["2022", 2022]


@pytest.fixture
def returned(discharged: "Desk") -> "Desk":
    """She left on 25 November 2026 and is here again since 10 January 2027."""
    again = {"referral": {"sources": ["scme"], "received_at": "2027-01-10T10:00+06:00"}, "facility": "bishkek"}
    discharged.do(f"admit {discharged.her}", again, today="2027-02-01")
    discharged.do(f"admit {discharged.her}", {"received": {"at": "2027-01-10T18:00+06:00"}}, today="2027-02-01")
    return discharged


SERVICE = {"kind": "legal", "on": "2026-11-23", "provider": "sezim"}


def stays(desk: "Desk") -> list[str]:
    return [stay["id"] for stay in desk.record()["stays"]]


def test_an_entry_goes_into_the_stay_of_its_day_whichever_way_it_comes(returned: "Desk") -> None:
    first, second = stays(returned)
    now = {"today": "2027-02-01"}
    for on, stay in (("2026-11-23", first), ("2026-12-24", first), ("2027-01-11", second)):
        outlay = {**BREAD, "on": on}
        assert returned.do(f"add {returned.her} outlay", outlay, **now).data["stay"] == stay
    returned.do(f"admit {returned.her}", {"outlays": [{**BREAD, "on": "2026-11-24"}]}, **now)
    stream = lines({"id": returned.her, "outlays": [{**BREAD, "on": "2026-11-25"}]}, {"id": returned.her, "notes": "x"})
    returned.do("admit", stream, **now)
    left, session = returned.record()["stays"]
    assert [one["on"] for one in left["outlays"]] == ["2026-11-23", "2026-12-24", "2026-11-24", "2026-11-25"]
    assert [one["on"] for one in session["outlays"]] == ["2027-01-11"]
    months = returned.do("agreements --outlays --columns month,amount --count", **now).data["rows"]
    assert [(row["month"], row["amount"]) for row in months] == [
        ("2026-11", "300.00"), ("2026-12", "100.00"), ("2027-01", "100.00"),
    ]  # fmt: skip


def test_a_day_in_two_stays_is_refused_with_both_and_said_beside_it_it_is_written(returned: "Desk") -> None:
    first, second = stays(returned)
    returned.do(f"admit {returned.her}", {"received": {"at": "2026-11-25T23:00+06:00"}}, today="2027-02-01")
    returned.do(f"admit {returned.her}", {"referral": {"received_at": "2026-11-25T22:00+06:00"}}, today="2027-02-01")
    refused = returned.refused(f"add {returned.her} outlay", {**BREAD, "on": "2026-11-25"}, today="2027-02-01")
    found = refused.finding("fragment/which-stay")
    assert found["facts"]["stays"] == [first, second]
    assert f"--stay {second}" in found["message"]
    for words, given in ((f"--stay {first}", {}), ("", {"stay": second})):
        told = returned.do(
            f"add {returned.her} outlay {words}", {**BREAD, "on": "2026-11-25", **given}, today="2027-02-01"
        )
        assert told.data["stay"] == (first if words else second)
    unknown = returned.refused(f"add {returned.her} outlay --stay K7M2QA", BREAD, today="2027-02-01")
    assert unknown.refusals == ["fragment/unknown-stay"]
    need = returned.refused(f"add {returned.her} need --stay {first}", {"need": "одежда", "class": "primary"})
    assert (need.code, need.error) == (2, "usage/stay")
    differ = returned.refused(f"add {returned.her} outlay --stay {first}", {**BREAD, "stay": second})
    assert differ.error == "usage/differs"


def test_where_agreement_and_day_differ_both_are_named(returned: "Desk") -> None:
    first, second = stays(returned)
    record = returned.record()
    assert not record.get("agreements")
    returned.do(f"agreement {returned.her} --form blue", ACCEPTED / "blue.yaml", today="2027-02-01")
    (agreement,) = returned.record()["agreements"]
    assert agreement["stay"] == first  # dated 25 November 2026, when she left
    given = {**BREAD, "on": "2027-01-20", "agreement": agreement["id"], "line": "7a"}
    refused = returned.refused(f"add {returned.her} outlay", given, today="2027-02-01").finding("fragment/which-stay")
    assert refused["facts"]["stays"] == [second, first]
    assert returned.do(f"add {returned.her} outlay --stay {first}", given, today="2027-02-01").data["stay"] == first


def test_what_0_3_0_put_into_the_last_stay_is_noted_and_not_written_twice(returned: "Desk") -> None:
    first, second = stays(returned)
    returned.do(f"add {returned.her} outlay --stay {second}", {**BREAD, "on": "2026-11-23"}, today="2027-02-01")
    noted = returned.ask(f"check {returned.her}", today="2027-02-01").finding("track/other-stay")
    assert (noted["severity"], noted["facts"]["stay"]) == ("warn", first)
    again = returned.do(f"add {returned.her} outlay", {**BREAD, "on": "2026-11-23"}, today="2027-02-01")
    assert again.data["left_out"] == ["/stays/1/outlays/0"]


def test_a_report_is_about_the_stay_that_it_names_else_about_the_oldest_that_waits(returned: "Desk") -> None:
    first, second = stays(returned)
    now = {"today": "2027-12-01"}
    returned.do(f"discharge {returned.her} --on 2027-03-01 --own-decision", **now)
    report = {**json.loads(json.dumps(read(ACCEPTED / "monitoring-report.yaml"), default=str)), "date": "2027-11-02"}
    late = returned.do(f"monitor record {returned.her} --stay {second}", report, **now)
    assert (late.data["stay"], late.data["monitored"]) == (second, True)
    assert "It is about the stay that she left on 2027-03-01." in late.data["said"]
    due = {row["stay"] for row in returned.do("monitor due", **now).data["rows"]}
    assert due == {first}  # one report ends one duty
    older = returned.do(f"monitor record {returned.her}", {**report, "plans": "other"}, **now)
    assert (older.data["stay"], older.data["monitored"]) == (first, True)
    assert returned.do("monitor due", **now).data["rows"] == []
    answered = returned.do(f"monitor record {returned.her} --stay {first}", {**report, "date": "2027-11-03"}, **now)
    assert any("already" in one for one in answered.data["said"])
    count = len(returned.do("monitor reports", **now).data["rows"])
    rows = returned.do("list --stays --columns stay,reports", **now).data["rows"]
    assert sum(row["reports"] for row in rows) == count == 3


def test_an_amount_that_is_changed_is_kept_beside_the_new_one(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} outlay", {**BREAD, "amount": 950}).data["entry"]
    admitted.do(f"add {admitted.her} outlay {entry}", {"amount": 900, "by": "s-gulnara"}, today="2026-11-25")
    (outlay,) = admitted.record()["stays"][0]["outlays"]
    ((change),) = outlay["was"]
    before = {"amount": "950.00", "by": None}
    assert (outlay["amount"], change["before"], change["by"]) == ("900.00", before, "manager")
    (row,) = admitted.do(f"show {admitted.her} outlay").data["rows"]
    assert row["was"][0]["before"] == before
    text = admitted.run(f"show {admitted.her} outlay").out
    assert "Before:" in text
    assert "950" in text
    (listed,) = admitted.do("agreements --outlays --columns amount,changed_at").data["rows"]
    assert listed["changed_at"] == change["at"][:10]
    admitted.do(f"add {admitted.her} outlay {entry}", {"by": "s-gulnara"})
    assert len(admitted.record()["stays"][0]["outlays"][0]["was"]) == 1


def test_what_she_signed_for_is_changed_neither_by_file_nor_at_the_terminal(admitted: "Desk") -> None:
    signed = {**PAID, "signed_by_her": True}
    entry = admitted.do(f"add {admitted.her} pocket-money", signed).data["entry"]
    for given in ({"amount": 9000}, {"signed_by_her": False}, {"by": None}):
        refused = admitted.refused(f"add {admitted.her} pocket-money {entry}", given)
        assert refused.refusals == ["fragment/signed"]
        found = refused.finding("fragment/signed")
        assert ("void ID ENTRY" in found["message"], found["facts"]["entry"]) == (True, entry)
    by_file = admitted.refused(f"admit {admitted.her}", {"pocket_money": [{"id": entry, "amount": 9000}]})
    assert by_file.refusals == ["fragment/signed"]
    with Terminal(admitted).live(f"add {admitted.her} pocket-money {entry}") as live:
        live.until("What now?")
        live.type("8")
        live.type("9000")
        seen = " ".join(live.end().text.split())
    assert "She signed for this entry, so it cannot be changed (R1.0.2)." in seen
    assert "1 (write it down)" in seen.rpartition("She signed for this")[2]
    assert admitted.record()["stays"][0]["pocket_money"][0]["amount"] == "150.00"


def test_a_consent_that_she_signed_is_withdrawn(admitted: "Desk") -> None:
    consent = {"kind": "plan", "given_on": "2026-11-22", "signed": True}
    entry = admitted.do(f"add {admitted.her} consent", consent).data["entry"]
    admitted.do(f"add {admitted.her} consent {entry}", {"withdrawn_on": "2026-11-24"})
    (kept,) = admitted.record()["consents"]
    assert (kept["withdrawn_on"], "was" in kept) == ("2026-11-24", False)


def test_what_a_sealed_entry_said_before_lies_sealed_with_it(admitted: "Desk") -> None:
    finding = {"kind": "initial_complete", "on": "2026-11-24", "items": ["physician"], "finding": "none"}
    entry = admitted.do(f"add {admitted.her} health", finding).data["entry"]
    admitted.do(f"add {admitted.her} health {entry}", {"finding": "infection"})
    (row,) = admitted.do(f"show {admitted.her} health --names").data["rows"]
    assert row["was"][0]["before"] == {"finding": "none"}
    assert admitted.do(f"show {admitted.her} health").data["rows"][0]["was"] == []
    assert "was" not in json.dumps(admitted.do(f"show {admitted.her}").data["record"]["sealed"])


def test_a_register_keeps_what_it_said_before_each_change(desk: "Desk") -> None:
    desk.do("staff add s-gulnara --role psychologist")
    desk.do("facility add bishkek --capacity 6")
    desk.do("ngo add sezim --contract 2026-02-20")
    text = (desk.store / "staff.yaml").read_text("utf-8")
    assert ("staff/3" in text, "social_worker" in text) == (True, True)
    assert "capacity: 10" in (desk.store / "shelter.yaml").read_text("utf-8")
    assert desk.ask("check").code == 0
    desk.do("staff add s-gulnara --role psychologist")
    assert (desk.store / "staff.yaml").read_text("utf-8").count("before:") == 1


def test_an_act_that_is_taken_back_stays_to_be_seen(admitted: "Desk") -> None:
    outing = {
        "kind": "outing",
        "planned_at": "2026-11-25T10:00",
        "expected_back_at": "2026-11-25T18:00",
        "purpose": "рынок",
    }
    entry = admitted.do(f"add {admitted.her} absence", outing).data["entry"]
    admitted.do(f"permit {admitted.her} absence {entry}")
    admitted.do(f"permit {admitted.her} absence {entry} --undo")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert "permitted" not in absence
    assert absence["was"][0]["before"] == {"permitted": {"on": "2026-11-25", "by": "manager"}}


SECOND = {"on": "2027-01-11", "item": "food", "amount": 100, "what": "bread"}
LATER = {"today": "2027-02-01"}


def outlays(desk: "Desk") -> list[list[tuple[str, str]]]:
    """Of each stay its outlays that count: day and amount."""
    listed = (stay.get("outlays") or () for stay in desk.record()["stays"])
    return [[(one["on"], one["amount"]) for one in each if "void" not in one] for each in listed]


def test_the_document_of_the_first_stay_changes_nothing_when_she_has_come_again(returned: "Desk") -> None:
    first = {**json.loads(json.dumps(read(REFERRAL), default=str)), "outlays": [BREAD]}
    stay = returned.record()["stays"][0]
    first["referral"] = stay["referral"]
    returned.do(f"admit {returned.her}", first, **LATER)
    before = returned.digest()
    assert returned.do(f"admit {returned.her}", first, **LATER).data["changed"] is False
    assert returned.digest() == before
    assert len(returned.record()["stays"]) == len(outlays(returned)) == 2


def test_a_stay_that_is_given_without_an_id_is_one_however_it_went_on(admitted: "Desk") -> None:
    past = {"facility": "bishkek", "referral": {"sources": ["scme"], "received_at": "2026-03-01T10:00+06:00"}}
    given = {"stays": [{**past, "received": {"at": "2026-03-01T12:00+06:00"}}]}
    admitted.do(f"admit {admitted.her}", given)
    older = admitted.record()["stays"][1]["id"]
    admitted.do(f"add {admitted.her} outlay --stay {older}", {**BREAD, "on": "2026-03-02"})
    assert admitted.do(f"admit {admitted.her}", given).data["changed"] is False
    assert len(admitted.record()["stays"]) == 2


def test_equal_entries_of_one_document_are_two_where_one_of_them_names_its_stay(returned: "Desk") -> None:
    first, second = stays(returned)
    for named in ({**BREAD, "stay": first}, {**BREAD, "stay": second}):
        given = {"outlays": [named, BREAD]}
        before = sum(map(len, outlays(returned)))
        returned.do(f"admit {returned.her} --again", given, **LATER)
        assert sum(map(len, outlays(returned))) == before + 2
        assert returned.do(f"admit {returned.her}", given, **LATER).data["changed"] is False


def test_what_an_entry_says_now_counts_before_what_it_said(admitted: "Desk") -> None:
    entries = [admitted.do(f"add {admitted.her} outlay --again", BREAD).data["entry"] for _ in range(2)]
    admitted.do(f"add {admitted.her} outlay {entries[0]}", {"amount": 90})
    for given in ([BREAD, {**BREAD, "amount": 90}], [{**BREAD, "amount": 90}, BREAD], [BREAD, BREAD]):
        assert admitted.do(f"admit {admitted.her}", {"outlays": given}).data["changed"] is False


def test_one_entry_that_moved_to_another_day_is_not_both_of_a_document(returned: "Desk") -> None:
    entry = returned.do(f"add {returned.her} outlay", SECOND, **LATER).data["entry"]
    returned.do(f"add {returned.her} outlay {entry}", {"on": "2027-01-12"}, **LATER)
    moved = {**SECOND, "on": "2027-01-12"}
    returned.do(f"admit {returned.her}", {"outlays": [SECOND, moved]}, **LATER)
    assert outlays(returned)[1] == [("2027-01-12", "100.00"), ("2027-01-11", "100.00")]


def test_an_entry_that_stands_in_one_stay_is_not_changed_in_the_name_of_another(returned: "Desk") -> None:
    first, second = stays(returned)
    entry = returned.do(f"add {returned.her} outlay", BREAD, **LATER).data["entry"]
    refused = returned.refused(f"add {returned.her} outlay {entry} --stay {second}", {"amount": 90}, **LATER)
    assert refused.refusals == ["fragment/which-stay"]
    assert returned.do(f"add {returned.her} outlay {entry} --stay {first}", {"amount": 90}, **LATER).code == 0
    assert returned.do(f"add {returned.her} outlay", {**BREAD, "amount": 90}, **LATER).data["stay"] == first


def test_a_day_is_put_into_no_stay_while_one_has_no_first_day(discharged: "Desk") -> None:
    discharged.do(f"admit {discharged.her}", {"referral": {"sources": ["scme"]}, "facility": "bishkek"}, **LATER)
    refused = discharged.refused(f"add {discharged.her} outlay", {**BREAD, "on": "2027-01-30"}, **LATER)
    assert refused.refusals == ["fragment/which-stay"]
    assert discharged.do(f"add {discharged.her} outlay", BREAD, **LATER).data["stay"] == stays(discharged)[0]


def test_an_act_is_not_taken_back_by_a_null_in_a_file(discharged: "Desk") -> None:
    before = discharged.digest()
    for given in (
        {"discharge": {"on": None}},
        {"admission": {"admitted_on": None}},
        {"stays": [{"id": stays(discharged)[0], "discharge": {"on": None}}]},
    ):
        assert discharged.refused(f"admit {discharged.her}", given).refusals == ["fragment/act"]
    assert discharged.digest() == before


def test_a_discharge_ends_the_open_stay_of_its_day_and_is_judged_by_it(admitted: "Desk") -> None:
    past = {"facility": "bishkek", "referral": {"sources": ["scme"], "received_at": "2026-03-01T10:00+06:00"}}
    admitted.do(f"admit {admitted.her}", {"stays": [{**past, "received": {"at": "2026-03-01T12:00+06:00"}}]})
    admitted.do(f"discharge {admitted.her} --on 2026-04-01 --own-decision")
    left = [stay.get("discharge", {}).get("on") for stay in admitted.record()["stays"]]
    assert left == [None, "2026-04-01"]
    refused = admitted.refused(f"discharge {admitted.her} --on 2026-04-02 --own-decision")
    assert [stay.get("discharge", {}).get("on") for stay in admitted.record()["stays"]] == left
    assert refused.refusals
    admitted.do(f"discharge {admitted.her} --own-decision")
    assert admitted.record()["stays"][0]["discharge"]["on"] == "2026-11-25"
    admitted.do(f"discharge {admitted.her} --undo")
    assert [stay.get("discharge", {}).get("on") for stay in admitted.record()["stays"]] == left


def test_a_consent_that_she_signed_is_neither_prolonged_nor_given_back(admitted: "Desk") -> None:
    consent = {"kind": "plan", "given_on": "2026-11-22", "expires_on": "2026-12-31", "signed": True}
    entry = admitted.do(f"add {admitted.her} consent", consent).data["entry"]
    longer = admitted.refused(f"add {admitted.her} consent {entry}", {"expires_on": "2036-12-31"})
    admitted.do(f"add {admitted.her} consent {entry}", {"withdrawn_on": "2026-11-24"})
    back = admitted.refused(f"add {admitted.her} consent {entry}", {"withdrawn_on": None})
    assert longer.refusals == back.refusals == ["fragment/signed"]
    assert admitted.do(f"add {admitted.her} consent", consent).data["left_out"] == ["/consents/0"]


def test_that_what_stands_there_is_struck_through_is_said(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} outlay", BREAD).data["entry"]
    admitted.do(f"void {admitted.her} {entry} --reason-code wrong_value")
    same = admitted.do(f"add {admitted.her} outlay", BREAD)
    assert (
        "Already in her file, but struck through: /stays/0/outlays/0. If it is true after all, add --again."
        in " ".join(same.data["said"])
    )


def test_words_of_a_sealed_part_are_not_kept_in_what_an_agreement_said_before(admitted: "Desk") -> None:
    blue = json.loads(json.dumps(read(ACCEPTED / "blue.yaml"), default=str))
    admitted.do(
        f"admit {admitted.her}",
        {"iom": {"instructions": [{"on": "2026-11-21", "by": "NGO Coordinator", "status": "recognised"}]}},
    )
    for why in ("лечение ВИЧ", "лечение"):
        lines_ = {"1c": {"amount": 100, "justification": why}}
        admitted.ask(f"agreement {admitted.her} --form blue", {**blue, "lines": lines_})
    (agreement,) = admitted.record()["agreements"]
    assert agreement["was"][0]["before"]["lines"]["1c"]["justification"] is None
    assert "ВИЧ" not in json.dumps(agreement, ensure_ascii=False)


def test_an_entry_that_was_filled_in_later_is_still_the_one_of_its_document(admitted: "Desk") -> None:
    child = {"sex": "female", "birth_date": "2019"}
    given = {"outlays": [BREAD], "children": [child]}
    admitted.do(f"admit {admitted.her}", given)
    entry = admitted.record()["stays"][0]["outlays"][0]["id"]
    for more in ({"by": "s-gulnara"}, {"amount": 90}, {"document": {"number": "12", "on": "2026-11-24"}}):
        admitted.do(f"add {admitted.her} outlay {entry}", more)
        assert admitted.do(f"admit {admitted.her}", given).data["changed"] is False
    admitted.do(f"add {admitted.her} child {children(admitted)[0]['id']}", {"stays_with_her": True})
    admitted.do(f"admit {admitted.her}", {"children": [child, child]})
    assert [one.get("stays_with_her") for one in children(admitted)] == [True, None]
    (row,) = admitted.do(f"show {admitted.her} outlay").data["rows"]
    assert [change["before"] for change in row["was"]] == [{"by": None}, {"amount": "100.00"}, {"document": None}]
    assert admitted.run(f"show {admitted.her} outlay").out.count("Before:") == 1


def test_on_the_day_on_which_a_role_changes_both_roles_count(admitted: "Desk") -> None:
    admitted.do("staff add s-gulnara --role security")
    kept = (admitted.store / "staff.yaml").read_text("utf-8")
    changed = re.search(r"at: .?(\d{4}-\d\d-\d\d)T", kept.partition("was:")[2])
    assert changed
    day = changed[1]
    later = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    for on, codes in ((day, []), (later, ["track/by"])):
        answer = admitted.do(f"admit {admitted.her} --done orientation --on {on} --by s-gulnara", today=later)
        assert [one["code"] for one in answer.page["findings"] if one["code"] == "track/by"] == codes
