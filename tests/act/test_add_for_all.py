"""What is recorded for everybody in a house at once: what is proposed for each, one act or none, and bad input."""

from pathlib import Path
from typing import Any

import pytest

from shelterctl.act.add_for_all import ForAll, write_for_all
from shelterctl.errors import Conflict, ExitCode
from tests.support.answering import open_session
from tests.support.desk import Desk, copied
from tests.support.inputs import USUAL_ENTRIES
from tests.support.role_house import RoleHouse, house_by_role

FRIDAY = "2026-11-27"
NAMES = ("Бермет", "Чынара", "Динара")


def came(name: str, at: str) -> dict[str, Any]:
    identity = {"first_name": name, "last_name": "Примерова", "sex": "female", "birth_date": 1994}
    arrival = {"at": f"{at}T21:00+06:00", "by": "s-gulnara", "provisional_reason": "night"}
    return {"identity": identity, "referral": {"sources": ["partner_ngo"]}, "received": arrival}


@pytest.fixture(scope="module")
def _full(_admitted: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A house of three besides the one who is admitted: one since the day before Friday, one since Friday, one out."""
    desk = copied(_admitted, tmp_path_factory.mktemp("full") / "desk")
    for name, at in zip(NAMES, ("2026-11-26", FRIDAY, "2026-11-23"), strict=True):
        desk.do("admit --new-person", came(name, at), today=FRIDAY)
    out = {"kind": "hospital", "left_at": "2026-11-25T10:00", "purpose": "врач", "expected_back_at": "2026-12-01T12:00"}
    desk.do(f"add {ids(desk)['Динара']} absence", {**out, "planned_at": "2026-11-25T09:00"}, today=FRIDAY)
    return desk


@pytest.fixture
def by_role(_admitted: Desk, _empty: Desk, tmp_path: Path) -> RoleHouse:
    return house_by_role(copied(_admitted, tmp_path / "desk"), _empty.folder.parent / "recovery")


@pytest.fixture
def full(_full: Desk, tmp_path: Path) -> Desk:
    return copied(_full, tmp_path / "desk")


def ids(desk: Desk) -> dict[str, str]:
    """The id of each client by first name."""
    rows = desk.do("list", today=FRIDAY).data["rows"]
    return {desk.record(row["id"])["identity"]["first_name"]: row["id"] for row in rows}


def pay(desk: Desk, given: Any = None, words: str = "", today: str = FRIDAY) -> Any:
    return desk.ask(f"add bishkek pocket-money {words}", given or {"all": {"by": "s-gulnara"}}, today=today)


def payments(desk: Desk, id_: str) -> list[dict[str, Any]]:
    return [one for stay in desk.record(id_)["stays"] for one in stay.get("pocket_money", [])]


def test_each_gets_the_days_owed_since_she_came_and_who_is_out_is_left_out(full: Desk) -> None:
    paid, her = pay(full), ids(full)
    assert paid.code == 0
    rows = {row["id"]: row for row in paid.data["rows"]}
    assert [rows[her[name]]["amount"] for name in ("Айгуль", "Бермет", "Чынара")] == ["300.00", "100.00", "50.00"]
    assert [rows[her[name]]["days"] for name in ("Айгуль", "Бермет", "Чынара")] == [6, 2, 1]
    assert (rows[her["Динара"]]["state"], rows[her["Динара"]]["written"]) == ("hospitalised", False)
    assert f"Left out, because they are away or left that day: {her['Динара']}." in " ".join(paid.data["said"])
    assert "Total: 450.00 som." in paid.data["said"]
    (entry,) = payments(full, her["Айгуль"])
    assert (entry["span"], entry["amount"]) == ({"from": "2026-11-22", "to": FRIDAY}, "300.00")
    assert (entry["on"], entry["by"]) == (FRIDAY, "s-gulnara")
    assert full.do("check", today=FRIDAY).code == 0


def test_run_twice_it_pays_nothing_twice_and_one_answer_signs_for_all(full: Desk) -> None:
    pay(full)
    before = full.digest_of_store()
    again = pay(full)
    assert again.data["said"][0] == "There is nothing to record for anybody; nothing changed."
    assert full.digest_of_store() == before
    signed = pay(full, {"all": {"signed_by_her": True}})
    assert signed.data["said"][0] == "Signatures recorded: 3."
    assert all(one["signed_by_her"] for id_ in ids(full).values() for one in payments(full, id_))
    assert not payments(full, ids(full)["Динара"])  # the signatures give nobody anything
    assert pay(full, {"all": {"signed_by_her": True}}).data["said"][0].startswith("There is nothing")


def test_who_is_named_alone_gets_what_is_given_and_the_rest_is_proposed(full: Desk) -> None:
    her = ids(full)
    each = {
        her["Айгуль"]: {"amount": 100, "not_paid_reason": "просила оставить на потом"},
        her["Бермет"]: {"span": {"from": "2026-11-26", "to": "2026-11-26"}},
        her["Динара"]: {},
    }
    paid = pay(full, {"all": {"by": "s-gulnara", "signed_by_her": True}, "each": each})
    assert [row["amount"] for row in paid.data["rows"]] == ["100.00", "50.00", "250.00"]
    assert not payments(full, her["Чынара"])
    (entry,) = payments(full, her["Динара"])
    assert entry["signed_by_her"] is True


def test_less_without_a_reason_stays_open_at_her_place_and_is_written(full: Desk) -> None:
    her = ids(full)["Айгуль"]
    text = f"all: {{by: s-gulnara, signed_by_her: true}}\neach:\n  {her}: {{amount: 20}}\n"
    paid = pay(full, text)
    (found,) = [one for one in paid.page["findings"] if one["code"] == "track/too-little"]
    assert (found["severity"], found["record"], found["line"]) == ("open", her, 3)
    assert payments(full, her)


REFUSED = {
    "an unknown id": ("2222-2222: {}", "residents/unknown"),
    "a name": ("Айгуль: {}", "residents/unknown"),
    "twice": ("{her}: {}\n  {small}: {}", "residents/twice"),
    "an unknown key": ("{her}: {amout: 5}", "shape/unknown-key"),
    "a bad amount": ("{her}: {amount: -5}", "shape/range"),
    "a day for one": ('{her}: {"on": 2026-11-27}', "shape/unknown-key"),
    "a code of staff that is none": ("{her}: {by: Иванова}", "shape/pattern"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_by_its_place_and_nothing_is_written(case: tuple[str, str], full: Desk) -> None:
    line, code = case
    id_ = full.her
    text = line.replace("{her}", id_).replace("{small}", id_.replace("-", "").lower())
    refused = full.refused("add bishkek pocket-money", f"all: {{}}\neach:\n  {text}\n", today=FRIDAY)
    assert refused.code == ExitCode.REFUSED
    assert [one["code"] for one in refused.page["findings"]] == [code]
    assert refused.page["findings"][0]["line"] in (3, 4)
    assert "Айгуль" not in refused.out
    assert "Иванова" not in refused.out


def test_one_who_lives_elsewhere_or_has_left_is_refused_by_id(full: Desk) -> None:
    full.do("facility add osh --kind shelter --capacity 5")
    nobody = full.do("add osh pocket-money", {"all": {}}, today=FRIDAY)
    assert nobody.data["said"] == ["On 2026-11-27 nobody lives in osh, so there is nothing to record."]
    refused = full.refused("add osh pocket-money", {"all": {}, "each": {full.her: {}}}, today=FRIDAY)
    assert [(one["code"], one["record"]) for one in refused.page["findings"]] == [("residents/not-here", full.her)]
    early = full.refused(
        "add bishkek pocket-money", {"all": {"on": "2026-11-01"}, "each": {full.her: {}}}, today=FRIDAY
    )
    assert early.page["findings"][0]["code"] == "residents/not-here"


def test_of_a_damaged_file_the_id_is_said_and_the_others_are_paid(full: Desk) -> None:
    path = full.store / "residents" / f"{full.her}.yaml.age"
    path.write_bytes(path.read_bytes()[:-40])
    rehearsed = pay(full, words="--check")
    assert rehearsed.code == ExitCode.DAMAGED
    assert full.her in rehearsed.out
    refused = pay(full, {"all": {}, "each": {full.her: {}}})
    assert "residents/closed" in {one["code"] for one in refused.page["findings"]}
    paid = pay(full)
    assert paid.data["said"][0] == "Entries saved: 2."
    assert full.her in paid.out


def test_a_file_that_changed_since_the_list_was_made_stops_all(full: Desk) -> None:
    session = open_session(full, FRIDAY)
    track = session.rulebook.tracks["pocket-money"]
    asked = ForAll.begin(session, track, "bishkek", {"on": FRIDAY, "by": "s-gulnara"})
    full.do(f"add {full.her} need", USUAL_ENTRIES["need"], today=FRIDAY)
    before = full.digest_of_store()
    with pytest.raises(Conflict) as stopped:
        write_for_all(session, asked, asked.planned())
    assert (stopped.value.code, stopped.value.exit) == ("vault/changed", ExitCode.CONFLICT)
    assert full.digest_of_store() == before


def test_clothes_are_what_she_was_given_last_and_nothing_where_nothing_was_given(full: Desk) -> None:
    her = ids(full)
    shoes = {"on": "2026-11-24", "items": ["footwear"], "season": "winter", "what": "сапоги", "signed_by_her": True}
    full.do(f"add {her['Айгуль']} clothing", shoes, today=FRIDAY)
    given = full.do("add bishkek clothing", {"all": {"by": "s-gulnara"}}, today=FRIDAY)
    assert {row["id"]: row["written"] for row in given.data["rows"] if row["written"]} == {her["Айгуль"]: True}
    assert {row["state"] for row in given.data["rows"]} == {"proposed", "nothing", "hospitalised"}
    soap = full.do("add bishkek clothing", {"all": {"on": "2026-11-28", "items": ["hygiene_set"]}}, today="2026-11-28")
    assert sum(row["written"] for row in soap.data["rows"]) == 3
    last = full.record(her["Айгуль"])["stays"][0]["clothing"]
    assert [one.get("season") for one in last] == ["winter", "winter", None]  # a season is of footwear alone
    assert not any(
        row["written"]
        for row in full.do(
            "add bishkek clothing", {"all": {"on": "2026-11-28", "items": ["hygiene_set"]}}, today="2026-11-28"
        ).data["rows"]
    )


def test_a_visit_of_the_doctor_is_the_same_for_all(full: Desk) -> None:
    visit = {"kind": "medical_physical", "provider": "поликлиника"}
    done = full.do("add bishkek service", {"all": visit}, today=FRIDAY)
    assert sum(row["written"] for row in done.data["rows"]) == 3
    assert full.record(full.her)["stays"][0]["services"][-1]["kind"] == "medical_physical"


@pytest.mark.parametrize("words", ["--each", "--stay 4XK792", "4XK792"])
def test_options_of_one_entry_have_no_meaning_for_all(words: str, full: Desk) -> None:
    refused = full.refused(f"add bishkek pocket-money {words}", {"all": {}}, today=FRIDAY)
    assert (refused.code, refused.page["error"]["code"]) == (ExitCode.USAGE, "usage/for-all")


def test_the_sheet_to_sign_has_ids_the_days_and_the_sum_before_and_after(full: Desk) -> None:
    before = full.do("form pocket-money bishkek", today=FRIDAY).data["text"]
    pay(full)
    full.do("add bishkek pocket-money", {"all": {"signed_by_her": True}}, today=FRIDAY)
    after = full.do(f"form pocket-money bishkek --on {FRIDAY}", today="2026-11-30").data["text"]
    for text in (before, after):
        assert full.her in text
        assert "450.00" in text
        assert "Примерова" not in text
    assert "the signature is on the original" not in before
    assert after.count("on the original") == 3
    assert "Примерова" in full.run(
        f"form pocket-money bishkek --on {FRIDAY} --names --out x.txt", today=FRIDAY
    ).out or ("Примерова" in (full.folder / "x.txt").read_text())
    for language in ("en", "ru", "ky"):
        printed = full.do(f"form pocket-money bishkek --on {FRIDAY} --lang {language} --out {language}.pdf")
        assert printed.data["printed"][0]["pages"] == 1
    nothing = full.refused("form pocket-money bishkek --on 2026-11-01", today=FRIDAY)
    assert nothing.page["error"]["code"] == "form/nothing"
    assert full.refused(f"form pocket-money {full.her} --on {FRIDAY}").page["error"]["code"] == "usage/on"


def test_a_role_that_records_no_money_is_refused_before_anything_is_read(by_role: RoleHouse) -> None:
    refused = by_role.desk.refused("add bishkek pocket-money --staff s-law", {"all": {}})
    assert [one["code"] for one in refused.page["findings"]] == ["role/may-not-write"]
    guard = by_role.desk.refused("add bishkek pocket-money --staff s-guard", {"all": {}})
    assert guard.code in (ExitCode.REFUSED, ExitCode.CANNOT_OPEN)
    assert by_role.desk.do("add bishkek pocket-money --staff s-gulnara", {"all": {}}).data["rows"][0]["written"]


def test_only_the_days_since_the_last_payment_are_proposed_and_earlier_ones_are_counted(full: Desk) -> None:
    once = {"on": "2026-11-24", "span": {"from": "2026-11-23", "to": "2026-11-24"}, "amount": 100}
    full.do(f"add {full.her} pocket-money", once, today=FRIDAY)
    rows = {row["id"]: row for row in pay(full).data["rows"]}
    assert (rows[full.her]["first_day"], rows[full.her]["amount"]) == ("2026-11-25", "150.00")
    assert rows[full.her]["unpaid_before"] == 1
    late = {full.her: {"span": {"from": "2026-11-22", "to": "2026-11-22"}}}
    assert pay(full, {"all": {"by": "s-gulnara"}, "each": late}).data["rows"][0]["amount"] == "50.00"
