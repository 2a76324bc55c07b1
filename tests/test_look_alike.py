"""Whoever types a code on the Russian layout is understood: ids, entries, staff, clauses, lines of a form."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from terminal import At

from shelterctl.core.values.homoglyphs import TO_CYRILLIC
from shelterctl.prompts.agreement import AGREEMENT_OTHER_LINE

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"


def in_cyrillic(code: str) -> str:
    return code.translate(TO_CYRILLIC)


def test_her_id_may_have_letters_of_the_other_alphabet(admitted: "Desk") -> None:
    typed = f"АВЕК-{admitted.her}"[5:].translate(TO_CYRILLIC)
    assert admitted.do(f"show {typed}").data["record"]["id"] == admitted.her
    assert admitted.refused("show АВСЕ-НКМР").error == "client/unknown"


def test_an_entry_and_a_member_of_staff_too(admitted: "Desk") -> None:
    told = admitted.do(f"admit {admitted.her} --done orientation --by {in_cyrillic('s-aida')}")
    entry = told.data["entry"]
    assert admitted.record()["stays"][0]["done"][-1]["by"] == "s-aida"
    admitted.do(f"void {admitted.her} {in_cyrillic(entry)} --reason-code wrong_value")
    assert "void" in admitted.record()["stays"][0]["done"][-1]


def test_a_code_of_staff_is_one_wherever_it_is_an_option(admitted: "Desk") -> None:
    mine = admitted.do("due --mine s-aida").data["rows"]
    assert admitted.do(f"due --mine {in_cyrillic('s-aida')}").data["rows"] == mine


@pytest.mark.parametrize("clause", ["А6.1а", "М3.0.5а", "х24"])
def test_a_clause_too(clause: str, admitted: "Desk") -> None:
    assert admitted.do(f"explain {clause}").data


def test_a_line_of_a_form_is_named_with_either_letter(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    with At(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until("What now?")
        live.type(AGREEMENT_OTHER_LINE)
        assert "Which line?" in live.raw.decode()
        live.type("1а")
        assert live.asked == "Amount in som  [now: 2000]"
