"""What people type beside the numbers of a list, on the way out of a page, and what is told before they print."""

from typing import TYPE_CHECKING

import pytest
from sheets import PAPERS
from terminal import At
from test_second_thoughts import AS_OF, said

from shelterctl.form_notation import find_line_number
from shelterctl.rulebook.rulebook import open_rulebook

if TYPE_CHECKING:
    from conftest import Desk


REVIEW = "The agreement as it would be saved"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2b", "2b"), ("2 b)", "2b"), ("2B", "2b"), ("2б", "2b"), ("2 Б)", "2b"), ("2в", "2c"), ("2с", "2c"),
        ("2а", "2a"), ("2A.", "2a"), ("3", "3"), ("3.", "3"), ("1.1", "1.1"), ("11", None), ("2г", None),
        ("food", None), ("б", None),
    ],
)  # fmt: skip
def test_a_line_is_meant_by_its_number_as_any_language_prints_it(typed: str, number: str | None) -> None:
    assert find_line_number(typed, open_rulebook().form("pink").parts) == number


def test_a_line_of_the_form_is_found_by_its_words(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"])
    with At(admitted, size=(60, 80)).live(f"agreement {admitted.her} --form pink") as live:
        live.type(".")
        live.type("another line of the form")
        assert "1 3 Food, purchase personal hygiene goods" in said(live.type("food"))
        live.type("1")
        assert "3. Food" in live.raw.decode().rpartition("\x1b[2J")[2]


def test_whoever_sits_here_now_is_named_by_name(admitted: "Desk") -> None:
    admitted.do("staff add s-gulnara --role social_worker", PAPERS["names"]["staff add s-gulnara --role social_worker"])
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        live.type("someone else")
        assert live.asked == "Who is at this device?"
        assert "Did you mean s-gulnara" in said(live.type("Гульнара"))
        live.type("")
        assert "s-gulnara" in live.raw.decode().rpartition("\x1b[2J")[2].splitlines()[0]


def test_esc_eats_no_answer(admitted: "Desk") -> None:
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        live.press(b"\x1b")
        assert "arg" not in live.type("4")
        assert "sleeps here" in said(live.raw.decode()).rpartition("> 4")[2]


def test_a_page_that_was_read_long_enough_is_closed(admitted: "Desk") -> None:
    with At(admitted, today=None, size=(12, 80)).live(AS_OF) as live:
        live.type(admitted.her)
        assert "shows more; . closes the page" in said(live.type("read all"))
        live.type(".")
        assert live.asked == "What is to be done in her file? Enter goes back."


def test_what_only_the_signature_would_be_refused_for_is_told_before_it_is_printed(admitted: "Desk") -> None:
    alone = {**PAPERS["blue"], "ngo_representative": "А. Примеров"}
    admitted.do(f"agreement {admitted.her} --form blue", alone)
    with At(admitted, size=(60, 80)).live(f"agreement {admitted.her} --form blue") as live:
        seen = said(live.type("."))
        assert "The same name stands for the NGO and for IOM" in seen
        assert "save it as a draft" in seen


def test_what_a_line_lacks_is_named_in_words_wherever_it_is_told(admitted: "Desk") -> None:
    course = {"profession": "seamstress", "provider": "Lyceum 12"}
    begun = {**PAPERS["blue"], "lines": {"1a": {"amount": 2000, "course": course}}}
    admitted.do(f"agreement {admitted.her} --form blue", begun)
    with At(admitted, today=None, size=(60, 80), language="ru").live(AS_OF) as live:
        for answer in (admitted.her, "напечатать", "голубая"):
            live.type(answer)
        seen = said(live.raw.decode())
        assert "«начало курсов»" in seen
        assert "«from»" not in seen


def test_whoever_drafted_it_is_named_in_the_language_of_the_screen(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"])
    with At(admitted, size=(200, 80), language="ru").live(f"show {admitted.her} --all --names") as live:
        assert "координатор по работе с НПО, руководитель" in said(live.raw.decode())


def test_a_backup_into_a_folder_without_a_place_goes_into_ones_own(admitted: "Desk") -> None:
    with At(admitted, today=None, env={"HOME": str(admitted.folder)}).live(AS_OF) as live:
        live.type("make a backup")
        assert "There is no folder" in said(live.type("stick"))
        live.type("yes")
    assert len(list((admitted.folder / "stick").iterdir())) == 1


def test_a_signature_that_was_left_and_then_recorded_waits_for_nothing(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PAPERS["blue"])
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, "print", "blue"):
            live.type(answer)
        live.until("blue form", {"Into which file?": "", "In which language": "1"})
        for answer in ("1", "", ".", "leave it for later", "1"):
            live.type(answer)
        live.until("What now?")
        live.type("record it as signed")
        told = said(live.raw.decode()).rpartition("record it as signed")[2]
    assert admitted.record()["agreements"][0]["signed"]["on"] == "2026-11-25"
    assert "is signed on" in told
    assert "not recorded as signed" not in told


def test_whoever_corrects_an_entry_is_told_no_places_in_a_file(admitted: "Desk") -> None:
    given = {"on": "2026-11-24", "items": ["footwear"], "season": "winter"}
    admitted.do(f"add {admitted.her} clothing", given)
    with At(admitted, today=None, size=(60, 80)).live(AS_OF) as live:
        for answer in (admitted.her, "write something down", "every day", "clothes", "2", ".", "5", "23.11"):
            live.type(answer)
        told = said(live.type("write it down"))
    assert "It is changed: clothes and hygiene goods given to her." in told
    assert "/clothing/" not in told


def test_enter_alone_before_an_act_says_once_what_does_it(admitted: "Desk") -> None:
    given = {"on": "2026-11-24", "items": ["footwear"], "season": "winter"}
    entry = admitted.do(f"add {admitted.her} clothing", given).data["entry"]
    before = admitted.digest()
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} clothing {entry}") as live:
        live.type(".")
        assert "Enter alone does not do it: 1 does." in said(live.type(""))
        assert live.asked == "What now?"
        assert not live.over
        live.type("")
        assert live.over
    assert admitted.digest() == before


def test_where_nothing_can_be_done_yet_enter_leaves_at_once(admitted: "Desk") -> None:
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} clothing") as live:
        live.type(".")
        live.type("")
        assert live.over
