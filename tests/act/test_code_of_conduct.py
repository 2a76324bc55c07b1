"""A signature of an agreement says if the NGO has no code of conduct in force, as far as its register may be read."""

import pytest

from tests.support.desk import Desk
from tests.support.paths import ACCEPTED

CODE = {"kind": "code_of_conduct", "on": "2026-11-20", "by": "Примерова", "sections": ["foreword"]}


def noted(desk: Desk, form: str = "pink") -> list[str]:
    judged = desk.ask(f"agreement {desk.her} --form {form} --sign --on 2026-11-25 --check", ACCEPTED / f"{form}.yaml")
    return [one["clause"] for one in judged.page["findings"] if one["code"] == "agreement/code-of-conduct"]


@pytest.mark.parametrize(("form", "clause"), [("pink", "A5.G"), ("blue", "A6.G")])
def test_it_is_a_note_until_a_code_of_conduct_is_in_force(admitted: Desk, form: str, clause: str) -> None:
    assert noted(admitted, form) == [clause]
    admitted.do("add sezim ngo-paper", CODE)
    assert noted(admitted, form) == []


@pytest.mark.parametrize("more", [{"on": "2026-11-26"}, {"expires_on": "2026-11-24"}])
def test_one_that_is_not_in_force_on_that_day_is_none(admitted: Desk, more: dict[str, str]) -> None:
    admitted.do("add sezim ngo-paper", {**CODE, **more}, today="2026-11-26")
    assert noted(admitted) == ["A5.G"]
