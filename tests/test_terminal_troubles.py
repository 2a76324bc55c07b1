"""What is not the fault of who sits there: another in the same file, a full disk, a wrong clock, a key put away."""

import os
import resource
import signal
from typing import TYPE_CHECKING

import filelock
import pytest
from served import dismissed
from terminal import ADMISSION, AT_NIGHT, LEAVE, LOCK, OPEN, At, Live, reason

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT

if TYPE_CHECKING:
    from conftest import Desk


WHY, NEXT = "Why she is received before the papers are ready", "Child's date of birth"
AGAIN = "What you typed is not lost: it stands below. Enter tries again."
PHRASE = "moon over the lake"


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    """The desk with one client at night; the next question is why she is received."""
    desk.her = desk.do("admit", AT_NIGHT).data["id"]
    return desk


@pytest.fixture
def locked(admitted: "Desk") -> "Desk":
    """The desk of an admitted client, its key with a passphrase."""
    assert At(admitted).run("passphrase", [PHRASE, PHRASE]).code == 0
    return admitted


# Two people.


def test_someone_else_writes_in_her_file_and_what_was_typed_is_offered_again(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"identity": {"phone": "0555 000 111"}})
        told = live.type("came at night")
        assert "was changed by someone else since it was read" in told
        assert AGAIN in told
        assert told.rstrip().endswith("> came at night")
        assert reason(received) is None
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == "came at night"
    assert received.record()["identity"]["phone"] == "0555 000 111"


def test_whoever_leaves_with_an_answer_that_is_not_saved_is_told_by_seven(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"identity": {"phone": "0555 000 111"}})
        live.type("came at night")
        live.type("^C")
        seen = live.end()
    assert seen.code == 7
    assert "nothing was written" in " ".join(seen.left.split())
    assert "came at night" not in seen.left


def test_two_answers_to_one_question_are_shown_to_the_second(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "theirs"}})
        assert "Meanwhile someone else wrote here: theirs." in live.type("mine")
        assert live.asked == f"{WHY}  [now: theirs]"
        assert reason(received) == "theirs"
        assert "Saved in place of: theirs." in live.type("")
    assert reason(received) == "mine"


def test_a_process_that_begins_to_serve_meanwhile_keeps_no_window_open(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        dismissed()
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "theirs"}})
        assert live.end().code == 129


def test_the_same_answer_of_two_people_is_one(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "came at night"}})
        assert AGAIN not in live.type("came at night")
        live.type("^C")
        assert live.end().code == 130


def test_two_people_answer_one_agreement_and_both_answers_stay(admitted: "Desk") -> None:
    at, words = At(admitted), f"agreement {admitted.her} --form blue"
    with at.live(words) as one:
        one.type("25.11.2026")
        with at.live(words) as two:
            assert two.asked == one.asked == "Number of the agreement"
            one.type("S-NGO-12")
            two.type("")
            assert AGAIN in two.type("sezim")
            two.type("")
            assert two.asked == "Period: from"
    assert admitted.record()["unfinished"]["blue"] == {"date": "2026-11-25", "number": "S-NGO-12", "ngo": "sezim"}


def test_what_changed_after_the_review_is_looked_through_again(admitted: "Desk") -> None:
    with At(admitted).live(f"agreement {admitted.her} --form blue") as live:
        heading = ("25.11.2026", "S-NGO-12", "", "01.12.2026", "28.02.2027", "", "", "", "")
        for answer in (*heading, *[""] * 8, "500", "."):
            live.type(answer)
        assert live.asked == "What now?"
        admitted.do(f"admit {admitted.her}", {"identity": {"phone": "0555 000 111"}})
        assert "Someone else wrote to her file meanwhile." in live.type(AGREEMENT_SAVE_DRAFT)
        live.type("")
        live.type(AGREEMENT_SAVE_DRAFT)
        assert live.end().code == 0
    record = admitted.record()
    assert record["agreements"][0]["number"] == "S-NGO-12"
    assert record["identity"]["phone"] == "0555 000 111"


def test_a_store_that_another_command_holds_is_waited_for_and_then_said(received: "Desk") -> None:
    with At(received).live(f"admit {received.her} --wait 1.2") as live:
        with filelock.FileLock(received.store / ".lock"):
            told = live.type("came at night")
        assert "Another command is at work in this store; waiting for it…".encode() in live.raw
        assert "after 1.2 seconds it was still there" in " ".join(told.split())
        assert AGAIN in told
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == "came at night"


# The disk.


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux makes a disk full for one program")
@pytest.mark.parametrize("room_again", [True, False])
def test_a_full_disk_loses_no_answer(room_again: bool, received: "Desk") -> None:
    with At(received, env={"PYTHONDONTWRITEBYTECODE": "1"}).live(f"admit {received.her}") as live:
        resource.prlimit(live.pid, resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
        told = live.type("came at night")
        assert "There is no room left on the disk" in told
        assert told.rstrip().endswith("> came at night")
        assert reason(received) is None
        if room_again:
            resource.prlimit(live.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            live.type("")
            assert live.asked == NEXT
        live.type("^C")
        assert live.end().code == (130 if room_again else 8)
    assert reason(received) == ("came at night" if room_again else None)
    assert received.do("check", today=None).codes("refuse") == []


# The clock.

CLOCK = """
import datetime, time
class shifted(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time() + 86400 * {days}, tz)
datetime.datetime = shifted
"""


def shifted(desk: "Desk", days: int) -> At:
    """The terminal at a computer whose clock is so many days off."""
    (desk.folder / "clock").mkdir(exist_ok=True)
    (desk.folder / "clock/sitecustomize.py").write_text(CLOCK.format(days=days))
    path = f"{desk.folder}/clock{os.pathsep}{desk.env['PYTHONPATH']}"
    return At(desk, today=None, env={"PYTHONPATH": path})


@pytest.mark.parametrize(("days", "says"), [(-366, "but the store was last changed on"), (366, "long before")])
def test_a_clock_that_is_a_year_off_is_said_and_one_ahead_asked_about(days: int, says: str, desk: "Desk") -> None:
    with shifted(desk, days).live("") as live:
        assert says in " ".join(live.begun.split())
        live.type("1")
        live.type("female")
        asked = live.type("1999")
        if days > 0:
            assert "Is the clock right? (1 yes, 2 no)" in " ".join(asked.split())
            live.type("1")
        live.type("^C")
    (her,) = desk.do("list", today=None).data["rows"]
    assert desk.record(her["id"])["identity"] == {"sex": "female", "birth_date": 1999}
    assert says not in " ".join(At(desk, today="2026-11-25").run("menu", [""]).text.split())


def test_a_clock_that_is_not_right_writes_nothing(admitted: "Desk") -> None:
    before = admitted.digest_of_store()
    words = f"admit {admitted.her} --done orientation"
    told = shifted(admitted, 26_000).run(words, ["2"])
    assert "Is the clock right?" in told.text
    assert told.code == 7
    assert admitted.digest_of_store() == before
    assert shifted(admitted, 26_000).run(words, ["1"]).code == 0
    told = At(admitted, today=None).run("check --clock", ["1"])
    assert "was that time wrong?" in " ".join(told.text.split())
    assert told.code == 0
    assert not [code for code in admitted.do("check", today=None).codes() if code.startswith("store/clock")]


# The key.


@pytest.mark.parametrize("words", ["admit", "list"])
def test_a_passphrase_may_be_wrong_twice(words: str, locked: "Desk") -> None:
    wrong = At(locked).run(words, ["moon", "lake", "луна"])
    assert wrong.code == 5
    assert "The passphrase does not open the key file." in wrong.text
    assert not {"moon", "lake", "луна"} & set(wrong.text.split())
    right = At(locked).run(words, ["moon", "lake", PHRASE, ""])
    assert "The passphrase does not open" not in right.text
    assert right.code in (0, 129)


def test_the_locked_screen_is_wiped_and_stays_locked_until_leaving_is_chosen(locked: "Desk") -> None:
    with At(locked).live("") as live:
        assert "Айгуль" in live.type(PHRASE)
        wiped = live.type(LOCK)
        assert b"\x1b[2J\x1b[3J\x1b[H" in live.raw[-200:]
        assert "Айгуль" not in wiped
        for answer in ("moon", "", "^C", "", "^D", "2", "^C", "^C", "^D", "1"):
            assert not live.over, answer
            assert "Айгуль" not in live.type(answer)
        seen = live.end()
    assert seen.code == 0
    assert "Айгуль" not in seen.left


def test_nobody_types_and_the_key_is_put_away(locked: "Desk") -> None:
    with At(locked, env={"SHELTERCTL_IDLE": "0.05"}).live("") as live:
        live.type(PHRASE)
        live.type("1")
        live.type("female")
        live.type("1999")
        live.press("Айгуль".encode())
        told = live.wait()  # nobody types
        assert "Locked, since nobody typed anything for a while." in told
        left = live.raw.rpartition(b"\x1b[2J\x1b[3J\x1b[H")[2]
        assert left.startswith(b"Locked")
        assert "Айгуль".encode() not in left
        assert "received, not yet" not in told
        live.type(PHRASE)
        live.type(LEAVE)
        assert live.end().code == 0
    records = [locked.store / "residents" / path.name for path in (locked.store / "residents").iterdir()]
    assert len(records) == 2  # her file, begun before the screen was locked


def test_whoever_is_still_typing_keeps_the_screen(received: "Desk") -> None:
    with At(received).live("menu") as live:
        for answer in (OPEN, received.her, ADMISSION, "one question after the other"):
            live.type(answer)
        for part in ("came ", "at ", "night"):
            live.press(part.encode())
            live.rouse(signal.SIGALRM)  # as when it is looked whether somebody types
        # After a signal the line is drawn anew, as if it was asked again.
        live.wait(b"\r", until=NEXT.encode() + rb"\r\n[^>]*> $")
        assert live.asked == NEXT
    assert reason(received) == "came at night"


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "ten", "1:30"])
def test_minutes_that_are_none_are_refused(minutes: str, desk: "Desk") -> None:
    seen = At(desk, env={"SHELTERCTL_IDLE": minutes}).run("", [])
    assert seen.code == 2
    assert "SHELTERCTL_IDLE takes a number of minutes" in seen.text


# What is typed instead of an answer.


def explained(live: Live) -> str:
    """What is said to a question mark, its first screen."""
    told = live.type("?")
    return told + live.type(".") if "Enter shows more" in told else told


def test_why_back_away_and_enough_at_the_first_question(desk: "Desk") -> None:
    with At(desk).live("admit") as live:
        assert "M1.2.7" in explained(live)
        for answer in ("<", "назад"):
            assert "This is the first question; there is nothing before it." in live.type(answer)
            assert live.asked == "Sex"
        live.type(".")
        seen = live.end()
    assert (seen.code, "No file was made" in seen.left) == (0, True)
    with At(desk).live("admit") as live:
        live.type("female")  # one key too many is no client
        live.type("^C")
        assert "No file was made" in live.end().left
    with At(desk).live("admit") as live:
        for answer in ("-", ""):
            assert "A file begins with the sex and one answer more." in live.type(answer)
        live.type(".")
        assert live.end().code == 0
    assert list((desk.store / "residents").iterdir()) == []


def test_why_back_away_and_enough_in_the_middle(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.type("came at night")
        live.type("")
        assert "Айгуль" in live.type("Айгуль")
        live.type("<")
        assert live.asked == "First name  [now: Айгуль]"
        explained(live)
        assert live.asked == "First name  [now: Айгуль]"
        assert "Taken away; it stands open." in live.type("-")
        assert live.asked == "Middle name or patronymic"
        live.type("-")
        live.type("<")
        assert live.asked == "Middle name or patronymic"
        live.type(".")
        assert "missing before she can be admitted" in live.asked
    assert "first_name" not in received.record()["identity"]
    assert reason(received) == "came at night"


def test_why_back_away_and_enough_at_the_last_question(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.until("Rights signed on")
        before = received.record()
        explained(live)
        assert live.asked == "Rights signed on"
        live.type("<")
        assert live.asked == "Rules signed on"
        live.type("")
        assert live.asked == "Rights signed on"
        live.type("-")
        assert "missing before she can be admitted" in live.asked
    assert received.record() == before
