"""What goes wrong at a terminal: slips, closed windows, interruptions, another in the file, a full disk, a wrong
clock.
"""

import os
import re
import resource
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import filelock
import pytest
import yaml

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from tests.support.command import end_server
from tests.support.paths import TESTS
from tests.support.terminal import ADMISSION, AT_NIGHT, LEAVE, LOCK, OPEN, SEE, SHELL, LiveTerminal, Terminal, reason

if TYPE_CHECKING:
    from tests.support.desk import Desk


WHY = "Why she is received before the papers are ready"
NEXT = "Child's date of birth"
LAST_BYTES = b"\x1b[?1049l"
"""What brings the screen back that was there before."""


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    """The desk with one client at night; the next question is why she is received."""
    desk.her = desk.do("admit", AT_NIGHT).data["id"]
    return desk


# The window, the keys that end or stop a program, and the ways in which it is killed.


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (LiveTerminal.end, 128 + signal.SIGHUP),
        (lambda live: live.send(signal.SIGHUP), 128 + signal.SIGHUP),
        (lambda live: live.send(signal.SIGTERM), 128 + signal.SIGTERM),
        (lambda live: live.send(signal.SIGQUIT), 128 + signal.SIGQUIT),
        (lambda live: live.type("^D"), 130),
        (lambda live: live.send(signal.SIGKILL), -signal.SIGKILL),
    ],
    ids=["window closed", "SIGHUP", "SIGTERM", "SIGQUIT", "Ctrl-D", "kill -9"],
)
def test_however_it_ends_what_was_answered_is_there(
    ends: Callable[[LiveTerminal], Any], code: int, received: "Desk"
) -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.type("came at night")
        if code != 130:
            live.press(b"half a na")
        ends(live)
        seen = live.end()
    assert seen.code == code
    if code > 0 and ends is not LiveTerminal.end:
        assert b"\x1b[?1049h" not in seen.raw.rpartition(LAST_BYTES)[2]
    assert reason(received) == "came at night"
    assert "first_name" not in received.record()["identity"]
    with Terminal(received).live(f"admit {received.her}") as live:
        assert live.asked == NEXT


def test_ctrl_z_leaves_no_name_in_sight(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}", in_shell=True) as live:
        live.type("came at night")
        live.type("")
        live.press(b"\x1a")
        assert live.type("Айгуль").strip().startswith("Айгуль")
        assert live.asked == "Middle name or patronymic"
    assert SHELL not in live.end().text


# The terminal: narrow, without colour, or hardly one.


@pytest.mark.parametrize("language", ["en", "ru"])
def test_forty_columns_are_enough(language: str, discharged: "Desk") -> None:
    her, narrow = discharged.her, Terminal(discharged, language, size=(24, 40))
    for words, typed in [
        ("admit", ["female", "?", ".", "1999", "1", "24.11 21:30", ".", "3", "", "15", ""]),
        (f"admit {her}", [".", "1", "?", ".", ".", ""]),
        (f"agreement {her} --form blue", ["25.11.2026", "1.12", "28.2", *[""] * 6, "5000", "500", ".", ""]),
        (f"discharge {her}", ["", "", ".", ""]),
        (f"show {her}", ["", ""]),
        ("find", ["Примерова", ""]),
        ("list --names", [""]),
        (f"void {her}", [""]),
        ("menu", [OPEN, her, SEE, ""]),
    ]:
        seen = narrow.run(words, typed)
        long = [line for line in seen.text.splitlines() if len(line) > 40 and line[0] not in ">("]
        assert long == [], words
        assert seen.code in (0, 130, 128 + signal.SIGHUP), words


def test_a_window_made_narrow_in_the_middle_is_written_to_its_new_width(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.press(b"came at ")
        live.resize(24, 40)
        live.press(b"night")  # with the first key the line is drawn anew
        told = live.type("") + live.type("?")
        assert live.asked == NEXT
        assert max(len(line) for line in told.splitlines() if "came at" not in line) <= 40
    assert reason(received) == "came at night"


def test_without_colour_nothing_is_bold(received: "Desk") -> None:
    typed = ["?", ".", "", "."]
    coloured = Terminal(received).run(f"admit {received.her}", typed)
    plain = Terminal(received, env={"NO_COLOR": "1"}).run(f"admit {received.her}", typed)
    assert b"\x1b[1m" in coloured.raw
    assert not re.search(rb"\x1b\[[0-9;]*m", plain.raw)
    assert coloured.text == plain.text


def test_a_dumb_terminal_is_told_nothing_that_it_does_not_understand(received: "Desk") -> None:
    seen = Terminal(received, env={"TERM": "dumb"}).run(f"admit {received.her}", ["came at night", "."])
    assert b"\x1b" not in seen.raw
    assert seen.text.startswith("This terminal cannot hide what was shown.")
    assert reason(received) == "came at night"


# Said at the question.


@pytest.mark.parametrize("half", ["Period: to", "Course ends on", "The time of study: to"])
def test_an_end_before_its_beginning_is_refused_at_the_question(half: str, admitted: "Desk") -> None:
    begin = {"Date of the agreement": "25.11.2026", "Period: from": "01.12.2026", "Period: to": "28.02.2027"}
    begin |= {"Amount in som": "500", "Profession of the course": "sewing", "Som a month": "400"}
    begin |= {"Course begins on": "05.12.2026", "The time of study: from": "01.12.2026"}
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until(half, begin)
        assert "  ! " in live.type("30.11.2026")
        assert live.asked == half
        live.type("28.02.2027")
        assert live.asked != half


# Pasted and unseen.

BEGIN, END = b"\x1b[200~", b"\x1b[201~"


@pytest.mark.parametrize(
    "pasted",
    [
        BEGIN + b"came at night\nwith a bag\n\n  afraid" + END,
        BEGIN + b"came at night\r\nwith a bag\r\nafraid\r\n" + END,
        b"came at night\rwith a bag\rafraid",
        b"came at night\nwith a bag\n\nafraid",
    ],
    ids=["as one", "as one, of Windows", "as typed", "as typed, with newlines"],
)
def test_several_lines_pasted_are_one_answer(pasted: bytes, received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        assert "Several lines came at once and were joined into one." in live.type(pasted)
        assert live.asked == NEXT
    assert reason(received) == "came at night with a bag afraid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("came \u202eat\u202c night\u2066\u200b".encode(), "came at night"),
        (b"came \xff\xfeat night \xc3", "came at night"),
        (BEGIN + b"came \x07at\x1b night\x7f" + END, "came at night"),
        ("came\u0085at night\ue000".encode(), "came at night"),
    ],
    ids=["bidirectional marks", "no UTF-8", "controls", "private use"],
)
def test_what_cannot_be_seen_is_left_out_and_shown_once_more(typed: bytes, kept: str, received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        told = live.type(typed)
        assert "The text had invisible characters" in told
        assert told.rstrip().endswith(f"> {kept}")
        assert reason(received) is None
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == kept


def test_nul_and_tab_are_no_characters_of_an_answer(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.type(b"came\x00 at\tnight")
        assert live.asked == NEXT
    assert reason(received) == "came at night"


@pytest.mark.parametrize("answer", [b"a" * 102400, b"9" * 102400, BEGIN + b"word " * 20480 + END])
def test_an_answer_of_a_hundred_kilobytes_is_refused_everywhere(answer: bytes, received: "Desk") -> None:
    before = received.record()
    with Terminal(received).live(f"admit {received.her}") as live:
        names = ("First name", "Middle name or patronymic", "Last name", "Languages she understands")
        for question in (WHY, NEXT, *names, "When the news of her came", "When the primary interview was held"):
            assert live.asked == question
            assert "  ! " in live.type(answer)
            live.type(b"\x15")
    assert received.record() == before
    assert (
        "No file in this store fits." in Terminal(received).run("menu", [OPEN, answer[6:600].decode(), "", LEAVE]).text
    )


AGAIN = "What you typed is not lost: it is shown below. Press Enter to try again."
PHRASE = "moon over the lake"


@pytest.fixture
def locked(admitted: "Desk") -> "Desk":
    """The desk of an admitted client, its key with a passphrase."""
    assert Terminal(admitted).run("passphrase", [PHRASE, PHRASE]).code == 0
    return admitted


# Two people.


def test_someone_else_writes_in_her_file_and_what_was_typed_is_offered_again(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"identity": {"phone": "0555 000 111"}})
        told = live.type("came at night")
        assert "Someone else changed" in told
        assert AGAIN in told
        assert told.rstrip().endswith("> came at night")
        assert reason(received) is None
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == "came at night"
    assert received.record()["identity"]["phone"] == "0555 000 111"


def test_whoever_leaves_with_an_answer_that_is_not_saved_is_told_by_seven(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"identity": {"phone": "0555 000 111"}})
        live.type("came at night")
        live.type("^C")
        seen = live.end()
    assert seen.code == 7
    assert "nothing was written" in " ".join(seen.left.split())
    assert "came at night" not in seen.left


def test_two_answers_to_one_question_are_shown_to_the_second(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "theirs"}})
        assert "Someone else has written here in the meantime: theirs." in live.type("mine")
        assert live.asked == f"{WHY}  [now: theirs]"
        assert reason(received) == "theirs"
        assert "Saved instead of: theirs." in live.type("")
    assert reason(received) == "mine"


def test_a_process_that_begins_to_serve_meanwhile_keeps_no_window_open(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        end_server()
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "theirs"}})
        assert live.end().code == 129


def test_the_same_answer_of_two_people_is_one(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        received.do(f"admit {received.her}", {"received": {"provisional_reason": "came at night"}})
        assert AGAIN not in live.type("came at night")
        live.type("^C")
        assert live.end().code == 130


def test_two_people_answer_one_agreement_and_both_answers_stay(admitted: "Desk") -> None:
    at, words = Terminal(admitted), f"agreement {admitted.her} --form blue"
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
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        heading = ("25.11.2026", "S-NGO-12", "", "01.12.2026", "28.02.2027", "", "", "", "")
        for answer in (*heading, *[""] * 8, "500", "."):
            live.type(answer)
        assert live.asked == "What now?"
        admitted.do(f"admit {admitted.her}", {"identity": {"phone": "0555 000 111"}})
        assert "Someone else has written to her file in the meantime." in live.type(AGREEMENT_SAVE_DRAFT)
        live.type("")
        live.type(AGREEMENT_SAVE_DRAFT)
        assert live.end().code == 0
    record = admitted.record()
    assert record["agreements"][0]["number"] == "S-NGO-12"
    assert record["identity"]["phone"] == "0555 000 111"


def test_a_store_that_another_command_holds_is_waited_for_and_then_said(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her} --wait 1.2") as live:
        with filelock.FileLock(received.store / ".lock"):
            told = live.type("came at night")
        assert "Another command is using this store; waiting for it…".encode() in live.raw
        assert "is still working in this store, after 1.2 seconds" in " ".join(told.split())
        assert AGAIN in told
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == "came at night"


# The disk.


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux makes a disk full for one program")
@pytest.mark.parametrize("room_again", [True, False])
def test_a_full_disk_loses_no_answer(room_again: bool, received: "Desk") -> None:
    with Terminal(received, env={"PYTHONDONTWRITEBYTECODE": "1"}).live(f"admit {received.her}") as live:
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


def shifted(desk: "Desk", days: int) -> Terminal:
    """The terminal at a computer whose clock is so many days off."""
    (desk.folder / "clock").mkdir(exist_ok=True)
    (desk.folder / "clock/sitecustomize.py").write_text(CLOCK.format(days=days))
    path = f"{desk.folder}/clock{os.pathsep}{desk.env['PYTHONPATH']}"
    return Terminal(desk, today=None, env={"PYTHONPATH": path})


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
    assert says not in " ".join(Terminal(desk, today="2026-11-25").run("menu", [""]).text.split())


def test_a_clock_that_is_not_right_writes_nothing(admitted: "Desk") -> None:
    before = admitted.digest_of_store()
    words = f"admit {admitted.her} --done orientation"
    told = shifted(admitted, 26_000).run(words, ["2"])
    assert "Is the clock right?" in told.text
    assert told.code == 7
    assert admitted.digest_of_store() == before
    assert shifted(admitted, 26_000).run(words, ["1"]).code == 0
    told = Terminal(admitted, today=None).run("check --clock", ["1"])
    assert "was that date wrong?" in " ".join(told.text.split())
    assert told.code == 0
    assert not [code for code in admitted.do("check", today=None).codes() if code.startswith("store/clock")]


# The key.


@pytest.mark.parametrize("words", ["admit", "list"])
def test_a_passphrase_may_be_wrong_twice(words: str, locked: "Desk") -> None:
    wrong = Terminal(locked).run(words, ["moon", "lake", "луна"])
    assert wrong.code == 5
    assert "The passphrase does not open the key file." in wrong.text
    assert not {"moon", "lake", "луна"} & set(wrong.text.split())
    right = Terminal(locked).run(words, ["moon", "lake", PHRASE, ""])
    assert "The passphrase does not open" not in right.text
    assert right.code in (0, 129)


def test_the_locked_screen_is_wiped_and_stays_locked_until_leaving_is_chosen(locked: "Desk") -> None:
    with Terminal(locked).live("") as live:
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
    with Terminal(locked, env={"SHELTERCTL_IDLE": "0.05"}).live("") as live:
        live.type(PHRASE)
        live.type("1")
        live.type("female")
        live.type("1999")
        live.press("Айгуль".encode())
        told = live.wait()  # nobody types
        assert "Locked, because nothing was typed for a while." in told
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
    with Terminal(received).live("menu") as live:
        for answer in (OPEN, received.her, ADMISSION, "all open questions"):
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
    seen = Terminal(desk, env={"SHELTERCTL_IDLE": minutes}).run("", [])
    assert seen.code == 2
    assert "SHELTERCTL_IDLE must be a number of minutes" in seen.text


# What is typed instead of an answer.


def explained(live: LiveTerminal) -> str:
    """What is said to a question mark, its first screen."""
    told = live.type("?")
    return told + live.type(".") if "Enter shows more" in told else told


def test_why_back_away_and_enough_at_the_first_question(desk: "Desk") -> None:
    with Terminal(desk).live("admit") as live:
        assert "M1.2.7" in explained(live)
        for answer in ("<", "назад"):
            assert "This is the first question." in live.type(answer)
            assert live.asked == "Sex"
        live.type(".")
        seen = live.end()
    assert (seen.code, "No file was made" in seen.left) == (0, True)
    with Terminal(desk).live("admit") as live:
        live.type("female")  # one key too many is no client
        live.type("^C")
        assert "No file was made" in live.end().left
    with Terminal(desk).live("admit") as live:
        for answer in ("-", ""):
            assert "A file needs the sex and one more answer." in live.type(answer)
        live.type(".")
        assert live.end().code == 0
    assert list((desk.store / "residents").iterdir()) == []


def test_why_back_away_and_enough_in_the_middle(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.type("came at night")
        live.type("")
        assert "Айгуль" in live.type("Айгуль")
        live.type("<")
        assert live.asked == "First name  [now: Айгуль]"
        explained(live)
        assert live.asked == "First name  [now: Айгуль]"
        assert "The answer is removed; the question stays open." in live.type("-")
        assert live.asked == "Middle name or patronymic"
        live.type("-")
        live.type("<")
        assert live.asked == "Middle name or patronymic"
        live.type(".")
        assert "Before she can be admitted, " in live.asked
    assert "first_name" not in received.record()["identity"]
    assert reason(received) == "came at night"


def test_why_back_away_and_enough_at_the_last_question(received: "Desk") -> None:
    with Terminal(received).live(f"admit {received.her}") as live:
        live.until("Rights signed on")
        before = received.record()
        explained(live)
        assert live.asked == "Rights signed on"
        live.type("<")
        assert live.asked == "Rules signed on"
        live.type("")
        assert live.asked == "Rights signed on"
        live.type("-")
        assert "Before she can be admitted, " in live.asked
    assert received.record() == before


WAYS = yaml.load((TESTS / "interrupted.yaml").read_text("utf-8"), yaml.CSafeLoader)
BY_THE_TOOL = ("id", "recorded_at", "recorded_by", "schema", "edition", "was")
HALF = "half an answ"
BY_THE_WAY, ASKED_AGAIN, PASSED = "by the way", "comes again", "passed by"


@pytest.fixture
def gated(desk: "Desk") -> "Desk":
    """Who was admitted at the terminal; what the gate did not need is still to be asked."""
    with Terminal(desk).live("admit") as live:
        for _, typed, *_ in WAYS["admission"]["asked"]:
            live.type(typed)
        assert live.asked.startswith("All conditions of admission are met")
        live.type("yes")
    desk.her = opened(desk)
    return desk


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that was answered in a record, by its place."""
    if isinstance(value, dict | list):
        for name, below in value.items() if isinstance(value, dict) else enumerate(value):
            if name not in BY_THE_TOOL:
                yield from leaves(below, f"{place}/{name}" if place else str(name))
    else:
        yield place, value


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_at_every_question_loses_nothing_that_was_answered(way: str, request: pytest.FixtureRequest) -> None:
    said = WAYS[way]
    desk: Desk = request.getfixturevalue(said["desk"])
    at, asked = Terminal(desk, today=said["today"]), said["asked"]
    standing = dict(leaves(desk.record())) if desk.her else {}
    number, left_open = 0, list[Any]()
    while number < len(asked):
        words = said["run"].replace(" ID", f" {desk.her}".rstrip())
        with at.live(words) as live:
            for question, typed, *_ in left_open:  # what was left for later comes first
                assert live.asked.startswith(question)
                live.type(typed)
            if not (desk.her or number):  # a file begins with the second answer
                assert live.asked.startswith(asked[0][0])
                live.type(asked[0][1])
                standing, number = standing | asked[0][2], 1
            question, typed, gives = asked[number][:3]
            if number and PASSED in asked[number - 1]:
                assert live.asked.startswith(asked[number - 1][0])
                live.type(asked[number - 1][1])
            assert live.asked.startswith(question)  # taken up where it stood
            live.type(typed)
            if number + 1 < len(asked):
                assert live.asked.startswith(asked[number + 1][0])
            live.type(HALF.encode() + b"\x03", enter=b"")
            seen = live.end()
        assert seen.code == 130
        desk.her = desk.her or opened(desk)
        assert HALF not in seen.left
        assert desk.her in seen.left  # which file it is, and how to go on
        standing |= gives
        assert dict(leaves(desk.record())) == standing
        left_open += [asked[number]] if ASKED_AGAIN in asked[number] else []
        number += 1
        while number < len(asked) and BY_THE_WAY in asked[number]:  # an answer stood there before it was asked
            number += 1


def opened(desk: "Desk") -> str:
    """The id of the one client of the store."""
    (file,) = (desk.store / "residents").iterdir()
    return file.name.partition(".")[0]
