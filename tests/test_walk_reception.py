"""Reception on a real store and without a terminal: who was here before, and whom no house may admit."""

import pytest
from conftest import Desk
from seated import received, table

from shelterctl.errors import Conflict
from shelterctl.store import file_of
from shelterctl.walk import known, reception


def written(desk: Desk) -> list[str]:
    """The lines of the journal."""
    return [row for file in sorted((desk.store / "journal").glob("*.jsonl")) for row in file.read_text().splitlines()]


class TestSomeoneWhoWasHere:
    def test_her_old_file_goes_on_and_both_are_written_as_one_act(self, discharged: Desk) -> None:
        new = received(discharged, first_name="Айгуль", last_name="Примерова", birth_date=1999, phone="0555")
        id_, lines = str(new.id), written(discharged)
        other, _ = new.here.store.client(discharged.her)
        known._join(new, other)
        assert new.id == discharged.her
        old, left = discharged.record(), discharged.record(id_)
        assert old["identity"] == {**other.facts["identity"], "phone": "0555"}
        assert [stay.get("received", {}).get("at") for stay in old["stays"]] == [None, "2026-11-24T21:30+06:00"]
        assert left["identity"] == {"sex": "female", "birth_date": 1999}  # it says less than her old file, and differs
        assert [stay["void"]["reason"] for stay in left["stays"]] == ["entered_twice"]
        added = written(discharged)[len(lines) :]
        assert [file_of(discharged.her) in added[0], file_of(id_) in added[1], len(added)] == [True, True, 2]
        assert discharged.do("house").data["rows"][0]["residents"] == 1
        assert discharged.do("check").refusals == []

    def test_nothing_that_was_answered_is_lost_on_the_way(self, discharged: Desk) -> None:
        new = received(discharged, first_name="Айгуль", last_name="Примерова", languages=["uz"])
        assert new.merge({"children": [{"birth_date": 2020, "stays_with_her": True}]}) == ()
        assert new.merge({"trafficking": {"exploitation": ["servitude"]}, "notes": "примечание"}) == ()
        other, _ = new.here.store.client(discharged.her)
        known._join(new, other)
        old = discharged.record()
        assert set(old["identity"]["languages"]) == {*other.facts["identity"]["languages"], "uz"}
        assert [child["birth_date"] for child in old["children"]] == [2020]
        assert set(old["trafficking"]["exploitation"]) == {"forced_labour_or_services", "servitude"}
        assert old["stays"][-1]["notes"] == "примечание"
        assert discharged.do("house").data["rows"][0]["children"] == 1

    def test_a_client_without_a_stay_has_one_file_too(self, desk: Desk) -> None:
        he = {"first_name": "Бакыт", "last_name": "Примеров", "sex": "male", "birth_date": 1990}
        source = {"sources": ["scme"], "received_at": "2026-11-20T10:00"}
        old = desk.do("admit --without-stay", {"identity": he, "referral": source}).data["id"]
        again = {"identity": he, "referral": {"sources": ["other"], "other": "сам"}}
        id_ = desk.do("admit --without-stay --new-person", again).data["id"]
        new = table(desk, id_)
        other, _ = new.here.store.client(old)
        known._join(new, other)
        assert desk.record(old)["referral"]["sources"] == ["other"]
        assert desk.record(id_)["identity"] == {"sex": "male"}
        assert [row["id"] for row in desk.do("monitor due").data["rows"]] == [old]

    def test_where_one_cannot_be_written_neither_is(self, discharged: Desk) -> None:
        new = received(discharged, first_name="Айгуль", last_name="Примерова", birth_date=1999)
        other, _ = new.here.store.client(discharged.her)
        assert table(discharged, new.id).put("identity.education", "school") == ()
        before, id_ = discharged.digest(), new.id
        with pytest.raises(Conflict):
            known._join(new, other)
        assert (discharged.digest(), new.id) == (before, id_)

    def test_nobody_is_asked_about_while_nobody_is_like_her(self, discharged: Desk) -> None:
        new = received(discharged, first_name="Лола", last_name="Щукина", birth_date=1999)
        before = discharged.digest()
        known.ask_whether(new)
        assert discharged.digest() == before


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
    new = table(desk)
    if kinds == ["carc"]:
        del new.here.store.shelter.value["facilities"]["bishkek"]
    assert not reception.outside(new)
    new.put("identity.sex", sex)
    if BIRTHS[birth] is not None:
        new.put("identity.birth_date", BIRTHS[birth])
    assert reception.outside(new) == expected(sex, birth, kinds)


def expected(sex: str, birth: str, kinds: list[str]) -> bool:
    """A shelter may admit a boy who may still be a minor, a centre for children whoever may still be 18."""
    barred = {"shelter": birth in ("unknown", "adult", "an adult from today"), "carc": birth == "adult"}
    return sex == "male" and all(barred[kind] for kind in kinds)


def test_who_has_a_stay_is_inside_and_who_has_a_referral_without_one_is_not(desk: Desk) -> None:
    inside = received(desk, birth_date=1980)
    inside.put("identity.sex", "male")
    assert not reception.outside(inside)
    other = table(desk)
    other.put("identity.sex", "female")
    other.put("referral.sources", ["other"])
    assert reception.outside(other)
