"""Where people stumbled at the terminal, each as it must be now."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sheets import PAPERS
from terminal import AT_NIGHT, At

from shelterctl.prompts.void import VOID_SURE

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
READY = "Everything that the gate asks for is there"
MEANT = {"en": "Did you mean take someone in?", "ru": "Имелось в виду «принять кого-то»?"}
WHEN = "On which day was she admitted?"


@pytest.fixture
def ready(desk: "Desk") -> "Desk":
    """The gate asks for nothing more of her."""
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    return desk


def admitted_on(desk: "Desk") -> str | None:
    return desk.record()["stays"][0]["admission"].get("admitted_on")  # type: ignore[no-any-return]


def test_whoever_was_not_admitted_today_is_asked_on_which_day(ready: "Desk") -> None:
    with At(ready, today="2026-11-27").live(f"admit {ready.her}") as live:
        live.until(READY)
        live.type("no")
        assert live.asked == WHEN
        assert "! " in live.type("1.11.2026")  # she was not even referred
        assert live.asked == WHEN
        live.type("26.11")
    assert admitted_on(ready) == "2026-11-26"


def test_whoever_is_not_admitted_yet_is_not(ready: "Desk") -> None:
    with At(ready, today="2026-11-27").live(f"admit {ready.her}") as live:
        live.until(READY)
        live.type("no")
        live.type("")
        assert "She is not admitted yet" in live.raw.decode()
    assert admitted_on(ready) is None


def test_an_entry_with_nothing_left_in_it_is_offered_to_be_struck_through(admitted: "Desk") -> None:
    admitted.do(f"add {admitted.her} child", {"birth_date": 2020})
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("what is answered")
        live.type("Children")
        assert live.asked.startswith("Child's date of birth  [now: 2020]")
        live.type("-")
        assert live.asked == "Why is this entry struck through?"
        live.type("3")
        assert live.asked.startswith(VOID_SURE.partition("{")[0])
        live.type("yes")
    (child,) = admitted.record()["children"]
    assert child["void"]["reason"] == "wrong_value"


def test_an_answer_that_is_an_entry_is_struck_through_where_it_is_taken_away(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done orientation --on 2026-11-25")
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("what is answered")
        rows = live.raw.decode().rpartition("Her file.")[2]
        number = next(line.split()[0] for line in rows.splitlines() if "Orientation" in line)
        live.type(number)
        assert live.asked.startswith("Done on  [now: 2026-11-25]")
        live.type("-")
        live.type("")  # no reason: it stays
        assert "It stays as it is." in live.raw.decode()
        live.type("-")
        live.type("3")
        live.type("yes")
    (done,) = [one for one in admitted.record()["stays"][0]["done"] if one["item"] == "orientation"]
    assert done["void"]["reason"] == "wrong_value"


def test_who_did_it_is_asked_and_whoever_types_is_offered(admitted: "Desk") -> None:
    desk, her = admitted, admitted.her
    with At(desk).live(f"admit {her} --staff s-gulnara") as live:
        live.until("Done on")
        live.type("25.11")
        assert live.asked == "Who did it"
        assert "Enter takes s-gulnara" in live.raw.decode()
        live.type("s-aida")
    (done,) = desk.record(her)["stays"][0]["done"]
    assert done["by"] == "s-aida"


def test_going_back_from_the_first_question_of_a_part_leads_to_the_list(admitted: "Desk") -> None:
    with At(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        gate = live.asked
        live.type("1")
        live.type("<")
        assert live.asked == gate


def test_the_gist_stands_before_the_words_of_the_manual(admitted: "Desk") -> None:
    with At(admitted, "ru", size=(60, 80)).live("admit") as live:
        told = live.type("?")
    assert told.index("Что делает программа") < told.index("Слова руководства, по-английски")


@pytest.mark.parametrize(("language", "typed"), [("ru", "ghbyznm"), ("en", "ефлу")])
def test_a_line_of_a_menu_typed_on_the_other_layout_is_offered(admitted: "Desk", language: str, typed: str) -> None:
    with At(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
        assert {"en": "Did you mean take someone in?", "ru": "Имелось в виду «принять кого-то»?"}[
            language
        ] in live.type(typed)
        live.type("")
        assert live.asked in ("Sex", "Пол")


def test_a_name_typed_on_the_other_layout_opens_her_file(admitted: "Desk") -> None:
    with At(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        assert "On the other layout that is: Примерова." in live.type("Ghbvthjdf")
        live.type("1")
        assert live.asked == "What is to be done in her file? Enter goes back."


def test_when_she_will_be_back_lies_ahead_and_that_she_is_back_has_a_line(admitted: "Desk") -> None:
    with At(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        for answer in ("2", "1", "2", "every day", "an outing", "1"):
            live.type(answer)
        live.until("When she will be back")
        live.type("завтра 9:00")
        live.until("When she left")
        live.type("25.11 8:00")
        live.type("1")
        live.until("What now?")
        live.type("write it down")
        live.type("")
        assert "she is back: write it down" in live.raw.decode().rpartition("What is to be done in her file?")[2]
        live.type("she is back")
        assert live.asked == "When she came back"  # nothing else is asked of whoever stands at the door
        live.type("25.11 9:30")
        assert live.asked == "Who let her in"
        live.type("manager")
        assert live.asked == "What now?"
        live.type("write it down")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["expected_back_at"], absence["back_at"]) == ("2026-11-26T09:00+06:00", "2026-11-25T09:30+06:00")


def test_in_the_menu_her_admission_opens_with_what_is_open(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with At(desk, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(her)
        assert "one question after the other, all that is open" in live.type("her admission")
        assert "things are missing before she can be admitted" in live.asked
        live.type("one question after the other")
        assert live.asked.startswith("Why she is received before")


def test_whoever_types_is_offered_as_who_did_it_where_the_manual_lets_her(admitted: "Desk") -> None:
    with At(admitted).live(f"add {admitted.her} need --staff s-gulnara") as live:
        live.until("Who wrote it down")
        assert "Enter takes s-gulnara" in live.raw.decode().rpartition("Who wrote it down")[2]
    with At(admitted).live(f"add {admitted.her} session --staff s-gulnara") as live:
        live.until("Which psychologist")
        assert "Enter takes s-gulnara" not in live.raw.decode().rpartition("Which psychologist")[2]


def test_whoever_is_none_of_the_staff_is_told_where_somebody_new_is_registered(admitted: "Desk") -> None:
    with At(admitted).live(f"add {admitted.her} session") as live:
        live.until("Which psychologist")
        told = " ".join(live.type("Образцова").split())
        assert "Somebody new is registered first: in the menu, the house, staff." in told
        assert "from 1 to" not in told
        assert "Somebody new" not in live.type("99")


@pytest.mark.parametrize("typed", ["сегодня", "14 марта 2024", "yesterday"])
def test_a_day_is_hardly_a_name(typed: str, desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female", "birth_date": 1999}, "referral": {"sources": ["scme"]}}).data
    with At(desk).live(f"admit {her['id']}") as live:
        live.until("First name")
        assert "That looks like a day or a time, not like a name." in live.type(typed)
    assert "first_name" not in desk.record(her["id"])["identity"]


def test_rights_without_their_language_are_not_called_complete(desk: "Desk") -> None:
    her = desk.do("admit", AT_NIGHT).data["id"]
    with At(desk).live(f"admit {her}") as live:
        live.type(".")
        live.type("Shelter Resident Rights")
        for answer in ("yes", "25.11", "1", "", ""):
            seen = " ".join(live.type(answer).split())
        assert "Answered, but this stays open: Not filled in: “Language of the signed rights”" in seen
        assert "That is complete" not in seen


@pytest.mark.parametrize("typed", ["{half}", "{other}"])
def test_half_an_id_or_one_on_the_other_layout_opens_her_file(typed: str, admitted: "Desk") -> None:
    keys = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))
    whole = admitted.her.replace("-", "")
    figure = next((place for place, each in enumerate(whole) if each.isdigit()), len(whole))
    half = whole[: max(figure + 1, 3)]  # a name has no figure
    words = {"half": half.lower(), "other": "".join(keys.get(each, each) for each in admitted.her).lower()}
    with At(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(typed.format(**words))
        assert live.asked == "What is to be done in her file? Enter goes back."


def test_answers_that_wait_have_a_line_in_her_file(admitted: "Desk") -> None:
    with At(admitted).live(f"add {admitted.her} need") as live:
        live.type("25.11")
        live.type(".")
        live.type("leave it for later")
    with At(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        assert "go on with the answers that wait: a need" in live.type(admitted.her)
        live.type("go on with the answers")
        assert live.asked != "What is to be done in her file? Enter goes back."


def test_why_a_sheet_is_a_draft_is_said_before_it_is_printed(admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("ngo: sezim", "ngo: ulybka")
    admitted.do(f"agreement {admitted.her} --form blue", text)
    with At(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(admitted.her)
        assert "a draft that cannot be signed as it stands" in " ".join(live.type("print her papers").split())
        seen = " ".join(live.type("blue form").split())
        assert "is printed as a draft that is not to be signed, as long as this is so: - The NGO" in seen


def test_a_sheet_that_may_be_signed_and_lacks_something_says_so_in_the_list(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form pink", {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    with At(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(admitted.her)
        seen = " ".join(live.type("print her papers").split())
        assert "to be signed; a draft as long as something is lacking" in seen
        assert "as long as this is so: - " in " ".join(live.type("pink form").split())


def test_of_a_sheet_that_was_never_printed_nothing_is_said(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"form blue --blank --out {admitted.folder / 'blank.pdf'}")
    admitted.do(f"form resident-rights {admitted.her} --out {admitted.folder / 'rights.pdf'}")
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    with At(admitted, today=None, size=(60, 80)).live(f"{pink} --sign --as-of 2026-11-25") as live:
        assert "printed before" not in " ".join(live.raw.decode().split())
    assert "paper/draft-signed" not in admitted.do(f"{pink} --sign --on 2026-11-25").codes("warn")


def test_a_signature_on_a_sheet_that_was_a_draft_is_doubted_and_recorded(admitted: "Desk") -> None:
    pink = f"agreement {admitted.her} --form pink"
    admitted.do(pink, {**PAPERS["pink"], "contract_date": "2026-11-01"})
    admitted.do(f"admit {admitted.her}", {"identification_number": None})
    admitted.do(f"form pink {admitted.her} --out {admitted.folder / 'draft.pdf'}")
    with At(admitted, today=None, size=(60, 80)).live(f"{pink} --sign --as-of 2026-11-25") as live:
        seen = " ".join(live.raw.decode().split())
        assert "is marked as a draft, not to be signed. If that is the sheet that was signed" in seen
        assert "- Her file has no identification number" in seen
    signed = admitted.do(f"{pink} --sign --on 2026-11-25")
    assert signed.codes("warn") == ["paper/draft-signed"]
    assert "signed" in admitted.record()["agreements"][0]
