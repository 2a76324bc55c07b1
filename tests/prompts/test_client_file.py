"""What prompts are made of, on a real store and without a terminal: a client's file, unfinished papers, reception."""

from collections.abc import Mapping
from typing import Any

import pytest

from shelterctl.core.finding import Finding
from shelterctl.errors import Conflict
from shelterctl.prompts import admit
from shelterctl.prompts.client_file import PendingAnswers
from shelterctl.view.today import read_today
from tests.support.answering import client_file_of, open_session, received_client
from tests.support.desk import TODAY, Desk
from tests.support.paths import ACCEPTED

BLUE = ACCEPTED / "blue.yaml"


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


class TestTable:
    def test_the_first_answer_makes_the_file_and_every_other_is_saved_in_it(self, desk: Desk) -> None:
        new = client_file_of(desk)
        assert (new.id, new.record, new.stay) == (None, {}, None)
        assert new.save_answer("identity.sex", "female") == ()
        assert new.save_answer("identity.birth_date", 1999) == ()
        assert desk.record(str(new.id))["identity"] == {"sex": "female", "birth_date": 1999}
        assert (new.value_at("identity.birth_date"), new.value_at("identity.phone")) == (1999, None)
        assert len(list((desk.store / "residents").iterdir())) == 1

    def test_an_answer_in_the_place_of_another_replaces_it_and_none_takes_it_away(self, desk: Desk) -> None:
        new = received_client(desk, birth_date=1999, first_name="Айгуль")
        assert (new.save_answer("identity.birth_date", "1999-03"), new.save_answer("identity.first_name", None)) == (
            (),
            (),
        )
        assert desk.record(str(new.id))["identity"] == {"sex": "female", "birth_date": "1999-03"}

    def test_the_same_answer_again_is_not_written_again(self, desk: Desk) -> None:
        new = received_client(desk)
        before = desk.digest()
        assert new.save_answer("identity.sex", "female") == ()
        assert new.save_answer("received.at", "2026-11-24T21:30") == ()
        assert desk.digest() == before

    @pytest.mark.parametrize(
        ("path", "value", "code"),
        [
            ("identity.sex", "other", "shape/"),
            ("identity.shoe_size", 38, "shape/"),
            ("identity.birth_date", "1999-02-31", "shape/date"),
            ("received.at", "2026-11-24T25:30", "shape/"),
            ("notes", "", "shape/"),
        ],
    )
    def test_what_is_refused_leaves_the_file_as_it_was(self, desk: Desk, path: str, value: object, code: str) -> None:
        new = received_client(desk)
        before, record = desk.digest(), new.record
        assert [one.startswith(code) for one in codes(new.save_answer(path, value))] == [True]
        assert (desk.digest(), new.record) == (before, record)

    def test_what_belongs_to_a_stay_begins_one_in_the_house_and_goes_on_in_it(self, desk: Desk) -> None:
        new = received_client(desk)
        assert new.save_answer("admission.rules.signed_on", "2026-11-25") == ()
        record = desk.record(str(new.id))
        assert len(record["stays"]) == 1
        assert record["stays"][0]["facility"] == "bishkek"
        assert new.stay is not None
        assert (new.value_at("admission.rules.signed_on"), new.value_at("received.at")) == (
            "2026-11-25",
            "2026-11-24T21:30+06:00",
        )

    def test_without_a_house_a_referral_makes_a_client_without_a_stay(self, desk: Desk) -> None:
        new = client_file_of(desk)
        new.save_answer("identity.sex", "male")
        assert new.save_answer("referral.sources", ["partner_ngo"]) == ()
        record = desk.record(str(new.id))
        assert (record["stays"], record["referral"], new.stay) == ([], {"sources": ["partner_ngo"]}, None)
        assert new.value_at("referral.sources") == ["partner_ngo"]

    def test_a_fragment_is_saved_whole_or_not_at_all(self, desk: Desk) -> None:
        new = received_client(desk)
        before = desk.digest()
        assert codes(new.save_fragment({"identity": {"phone": "0555"}, "received": {"at": "yesterday"}})) != []
        assert desk.digest() == before
        assert new.save_fragment({"identity": {"phone": "0555"}, "received": {"at": "2026-11-24T22:00"}}) == ()
        assert (new.value_at("identity.phone"), new.value_at("received.at")) == ("0555", "2026-11-24T22:00+06:00")

    def test_an_entry_is_new_or_the_one_that_stands_there(self, desk: Desk) -> None:
        new = received_client(desk)
        assert new.save_entry("children", None, {"birth_date": 2020, "stays_with_her": True}) == ()
        assert new.save_entry("children", None, {"birth_date": 2022, "stays_with_her": True}) == ()
        first, second = desk.record(str(new.id))["children"]
        assert new.save_entry("children", 1, {"sex": "male"}) == ()
        kept, filled = desk.record(str(new.id))["children"]
        assert (kept, filled["was"][0]["before"]) == (first, {"sex": None})
        assert {**filled, "was": []} == {**second, "sex": "male", "was": []}
        assert [code.split("/")[0] for code in codes(new.save_entry("children", 0, {"sex": "unknown"}))] == ["shape"]
        assert desk.record(str(new.id))["children"][0] == first

    def test_an_entry_of_a_stay_stands_in_her_stay(self, desk: Desk) -> None:
        new = received_client(desk)
        assert new.save_entry("done", None, {"item": "orientation", "on": "2026-11-25", "by": "manager"}) == ()
        assert new.save_entry("done", 0, {"on": "2026-11-24"}) == ()
        (entry,) = desk.record(str(new.id))["stays"][0]["done"]
        assert (entry["item"], entry["on"]) == ("orientation", "2026-11-24")

    def test_two_at_the_same_file_lose_nothing(self, desk: Desk) -> None:
        mine = received_client(desk)
        theirs = client_file_of(desk, mine.id)
        assert theirs.save_answer("identity.phone", "0555") == ()
        before = desk.digest()
        with pytest.raises(Conflict):
            mine.save_answer("identity.education", "school")
        assert desk.digest() == before
        mine.refresh()
        assert (mine.value_at("identity.phone"), mine.save_answer("identity.education", "school")) == ("0555", ())
        kept = desk.record(str(mine.id))["identity"]
        assert (kept["phone"], kept["education"]) == ("0555", "school")


def begun(desk: Desk, name: str, facts: Mapping[str, Any]) -> PendingAnswers:
    paper = PendingAnswers(client_file_of(desk, desk.her), name, {})
    paper.save(dict(facts))
    return paper


def answered(desk: Desk, words: str) -> dict[str, Any]:
    """The page, but for the number for the sheet in the safe, which grows with whatever is saved."""
    page = desk.ask(words).page
    page["data"].pop("sheet", None)
    page["data"]["said"] = [said for said in page["data"].get("said", ()) if not said.startswith("The number for")]
    return page


class TestUnfinished:
    def test_answers_are_kept_in_her_file_and_taken_up_again(self, admitted: Desk) -> None:
        paper = PendingAnswers(client_file_of(admitted, admitted.her), "blue", {"number": "S-1"})
        assert (paper.answer_at("number"), paper.answer_at("lines", "7a", "amount")) == ("S-1", None)
        paper.save(paper.with_answer(("lines", "7a", "amount"), 800))
        assert admitted.record()["unfinished"] == {"blue": {"number": "S-1", "lines": {"7a": {"amount": "800.00"}}}}
        again = PendingAnswers(client_file_of(admitted, admitted.her), "blue", {"number": "OTHER"})
        assert (again.answer_at("number"), again.answer_at("lines", "7a", "amount")) == ("S-1", 800)

    def test_an_answer_is_tried_without_being_kept(self, admitted: Desk) -> None:
        paper = begun(admitted, "blue", {"lines": {"7a": {"amount": 800}}})
        before = admitted.digest()
        assert paper.with_answer(("lines", "7a"), None) == {"lines": {}}
        assert paper.with_answer(("lines", "7a", "amount"), 900) == {"lines": {"7a": {"amount": 900}}}
        assert (admitted.digest(), paper.facts) == (before, {"lines": {"7a": {"amount": 800}}})

    def test_a_paper_that_is_given_up_leaves_the_others(self, admitted: Desk) -> None:
        paper = begun(admitted, "blue", {"number": "S-1"})
        begun(admitted, "discharge", {"on": "2026-11-25"})
        paper.file.refresh()
        paper.discard()
        assert admitted.record()["unfinished"] == {"discharge": {"on": "2026-11-25"}}
        last = PendingAnswers(paper.file, "discharge", {})
        last.discard()
        assert "unfinished" not in admitted.record()
        before = admitted.digest()
        last.discard()
        assert admitted.digest() == before

    def test_it_is_done_with_when_the_agreement_is_saved(self, admitted: Desk) -> None:
        for name in ("blue", "blue-signature", "pink"):
            begun(admitted, name, {"number": "S-1"})
        admitted.do(f"agreement {admitted.her} --form blue --check", BLUE)
        assert set(admitted.record()["unfinished"]) == {"blue", "blue-signature", "pink"}
        admitted.do(f"agreement {admitted.her} --form blue", BLUE)
        assert set(admitted.record()["unfinished"]) == {"pink"}

    def test_it_is_kept_when_the_agreement_is_refused(self, admitted: Desk) -> None:
        begun(admitted, "blue", {"number": "S-1"})
        admitted.refused(f"agreement {admitted.her} --form blue", {"date": TODAY, "lines": {"7a": {"amount": 801}}})
        assert admitted.record()["unfinished"] == {"blue": {"number": "S-1"}}

    def test_it_is_done_with_when_she_leaves_and_when_the_report_is_saved(self, admitted: Desk) -> None:
        begun(admitted, "discharge", {"on": "2026-11-25"})
        begun(admitted, "monitoring-report", {"date": "2027-06-01"})
        admitted.do(f"discharge {admitted.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
        assert set(admitted.record()["unfinished"]) == {"monitoring-report"}
        report = ACCEPTED / "monitoring-report.yaml"
        admitted.do(f"monitor record {admitted.her}", report, today="2027-06-01")
        assert "unfinished" not in admitted.record()

    def test_nobody_writes_it_by_hand(self, admitted: Desk) -> None:
        fragment = {"unfinished": {"blue": {"number": "S-1"}}}
        found = admitted.refused(f"admit {admitted.her}", fragment).page["findings"]
        assert [one["code"].split("/")[0] for one in found] == ["shape"]
        admitted.refused("admit", {"identity": {"sex": "female"}, **fragment})

    def test_it_counts_nowhere_until_it_is_saved(self, admitted: Desk) -> None:
        asked = {"period": {"from": "2026-12-01", "to": "2027-02-28"}, "date": TODAY, "lines": {"7a": {"amount": 800}}}
        hers = ("check", "agreements", "admit", f"discharge --on {TODAY} --check")
        questions = [
            "check",
            "list",
            "agreements",
            "house",
            "monitor due",
            *(f"{words} {admitted.her}" for words in hers),
        ]
        before = [answered(admitted, words) for words in questions]
        for name, facts in (("blue", asked), ("pink", asked), ("discharge", {"on": TODAY}), ("monitoring-report", {})):
            begun(admitted, name, {"number": "S-NGO-12", **facts})
        assert before == [answered(admitted, words) for words in questions]
        assert admitted.do(f"agreement {admitted.her} --form blue --check", {"number": "S-2", **asked}).refusals == []
        admitted.do(f"agreement {admitted.her} --form blue", {"number": "S-NGO-12", **asked})
        admitted.refused(f"agreement {admitted.her} --form blue", {"number": "S-3", **asked})

    def test_the_menu_tells_of_it(self, admitted: Desk) -> None:
        session = open_session(admitted)
        (first,) = read_today(session).rows
        assert "begun" not in first.summary_line(session)
        begun(admitted, "blue", {"number": "S-1"})
        session = open_session(admitted)
        (first,) = read_today(session).rows
        assert first.summary_line(session).endswith("answers not finished: blue form")

    def test_the_menu_tells_of_one_after_she_left_too(self, discharged: Desk) -> None:
        discharged.written("pocket-money")
        assert list(read_today(open_session(discharged)).rows) == []
        begun(discharged, "monitoring-report", {"date": "2027-06-01"})
        assert [first.client.id for first in read_today(open_session(discharged)).rows] == [discharged.her]


BIRTHS = {
    "unknown": None,
    "adult": 1980,
    "minor": 2015,
    "infant": 2026,
    "perhaps a minor": 2008,
    "a minor until tomorrow": "2008-11-26",
    "an adult from today": "2008-11-25",
}


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("birth", BIRTHS)
@pytest.mark.parametrize("houses", ["shelter", "carc", "shelter carc"])
def test_a_man_whom_no_house_may_admit_is_outside(desk: Desk, sex: str, birth: str, houses: str) -> None:
    kinds = houses.split()
    if kinds != ["shelter"]:
        desk.do("facility add osh --kind carc")
    new = client_file_of(desk)
    if kinds == ["carc"]:
        del new.session.store.shelter.value["facilities"]["bishkek"]
    assert not admit.is_outside_shelter(new)
    new.save_answer("identity.sex", sex)
    if BIRTHS[birth] is not None:
        new.save_answer("identity.birth_date", BIRTHS[birth])
    assert admit.is_outside_shelter(new) == expected(sex, birth, kinds)


def expected(sex: str, birth: str, kinds: list[str]) -> bool:
    """A shelter may admit a boy who may still be a minor, a centre for children whoever may still be 18."""
    barred = {"shelter": birth in ("unknown", "adult", "an adult from today"), "carc": birth == "adult"}
    return sex == "male" and all(barred[kind] for kind in kinds)


def test_who_has_a_stay_is_inside_and_who_has_a_referral_without_one_is_not(desk: Desk) -> None:
    inside = received_client(desk, birth_date=1980)
    inside.save_answer("identity.sex", "male")
    assert not admit.is_outside_shelter(inside)
    other = client_file_of(desk)
    other.save_answer("identity.sex", "female")
    other.save_answer("referral.sources", ["other"])
    assert admit.is_outside_shelter(other)
