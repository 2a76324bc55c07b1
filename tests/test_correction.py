"""The day of a signature that was written down wrongly: the right one stands, and the first is kept beside it."""

from typing import TYPE_CHECKING

import pytest
from sheets import PAPERS
from terminal import At

from shelterctl.language import format_sentence
from shelterctl.menu.client_file import SIGNATURE_DAY_WRONG

if TYPE_CHECKING:
    from conftest import Desk


LATER = "2026-11-27"


@pytest.fixture
def signed(admitted: "Desk") -> "Desk":
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-12 --sign --on 2026-11-25", today="2026-11-25")
    return admitted


def test_a_corrected_day_is_named_in_words_among_what_may_be_struck_through(signed: "Desk") -> None:
    signed.do(f"correct {signed.her} --number S-NGO-12 --on 2026-11-26", today=LATER)
    seen = " ".join(At(signed, today=LATER, size=(60, 80)).run(f"void {signed.her}", [""]).text.split())
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
    assert signed.refused(f"{session} --on 2026-11-28", today=LATER).refusals == ["track/dated"]
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
    with At(signed, today=None).live(f"menu --as-of {LATER}") as live:
        for answer in (signed.her, "an agreement", "blue"):
            live.type(answer)
        live.type(format_sentence(SIGNATURE_DAY_WRONG, {"number": "S-NGO-12"}, "en"))
        assert "is written down as the day of its signature" in " ".join(live.raw.decode().split())
        assert "still to come" in " ".join(live.type("30.11").split())
        live.type("26.11")
        assert "The other day stays in her file" in " ".join(live.raw.decode().split())
        live.type("yes")
    assert signed.record()["agreements"][0]["signed"]["on"] == "2026-11-26"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["26.11", "no"], "Nothing was changed: 2026-11-25 stands as the day of its signature"),
        ([""], "Nothing was changed: 2026-11-25 stands as the day of its signature"),
        (["*"], "Nothing was changed: 2026-11-25 stands as the day of its signature"),
        (["25.11"], "That day stands there already; nothing changed."),
    ],
)
def test_a_day_that_was_not_written_is_not_said_to_stand_there(typed: list[str], says: str, signed: "Desk") -> None:
    before = signed.digest_of_store()
    seen = At(signed, today=LATER).run(f"correct {signed.her} --number S-NGO-12", typed)
    assert says in " ".join(seen.text.split())
    assert ("stands there already" in seen.text) == ("stands there already" in says)
    assert signed.digest_of_store() == before
