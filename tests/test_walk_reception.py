"""Reception on a real store and without a terminal: whom no house may admit."""

import pytest
from conftest import Desk
from seated import received, table

from shelterctl.prompts import admit

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
    inside = received(desk, birth_date=1980)
    inside.save_answer("identity.sex", "male")
    assert not admit.is_outside_shelter(inside)
    other = table(desk)
    other.save_answer("identity.sex", "female")
    other.save_answer("referral.sources", ["other"])
    assert admit.is_outside_shelter(other)
