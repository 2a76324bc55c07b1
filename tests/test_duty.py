"""Attempts, days set by hand and signatures at a terminal: chosen from lists, refused before anything is asked."""

from typing import TYPE_CHECKING

from terminal import At
from test_cli_agreement import signed_as

from shelterctl.prompts.review import WRITE_DOWN
from shelterctl.prompts.sign import SIGN_RECORD

if TYPE_CHECKING:
    from conftest import Desk


LATER = "2027-06-01"


def test_an_attempt_is_chosen_from_lists_and_other_asks_for_its_words(discharged: "Desk") -> None:
    with At(discharged, today=LATER).live(f"monitor attempt {discharged.her}") as live:
        live.type("")
        assert live.asked == "How it was tried"
        assert "Write a number from 1 to 6" in live.type("by pigeon")
        live.type("6")
        assert live.asked == "The other way in words"
        live.type("Invented words")
        assert live.asked == "What came of it"
        live.type("2")
        live.type(WRITE_DOWN)
        assert live.end().code == 0
    (noted,) = discharged.record()["stays"][0]["monitoring"]["attempts"]
    assert (noted["how"], noted["how_other"], noted["outcome"]) == ("other", "Invented words", "not_reached")


def test_a_day_for_whoever_had_a_stay_is_refused_before_it_is_asked_for(discharged: "Desk") -> None:
    seen = At(discharged, today=LATER).run(f"monitor schedule {discharged.her}", [])
    assert (seen.code, "monitoring/has-stay" in seen.text) == (1, True)


def test_a_signature_that_was_prepared_is_offered(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, signed_as(language="ru", copies=2, iom_name="В. Образцов"))
    seen = At(admitted).run(f"{pink} --sign", ["", "", "", "", SIGN_RECORD])
    assert (seen.code, "Enter takes В. Образцов" in seen.text) == (0, True)
    assert admitted.record()["agreements"][0]["signed"]["iom_name"] == "В. Образцов"
