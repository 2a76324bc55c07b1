"""The passphrase asked for at a terminal, and when the screen is locked."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.identity.key_file import needs_passphrase, save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.identity.memorable_words import read_word_list
from shelterctl.terminal.screen import LOOK_INTERVAL, IdleWatch
from tests.support.passphrases import NEW, OLD, handed, opens
from tests.support.terminal import broken_off, spawned

if TYPE_CHECKING:
    from tests.support.desk import Desk


LEFT = "^C"
"""At a prompt: it is left."""


def typed(child: "pexpect.spawn[str]", *dialogue: tuple[str, str]) -> tuple[str, int]:
    """What was said in a dialogue of prompts and answers, and the exit code."""
    said = ""
    for prompt, answer in dialogue:
        child.expect(re.escape(prompt))
        said += f"{child.before}{child.after}"
        if answer == LEFT:
            broken_off(child)
        else:
            child.send(answer + "\r")
    child.expect(pexpect.EOF)
    child.close()
    return said + str(child.before), int(child.exitstatus if child.exitstatus is not None else -1)


WRONG = "try again: "
PRESENT = "Current passphrase: "


@pytest.mark.parametrize("command", ["list", "check", "passphrase", "restore usb --store again"])
def test_wrong_three_times_at_a_terminal_is_exit_5(sealed: "Desk", command: str) -> None:
    (sealed.folder / "usb").mkdir()
    sealed.do("backup usb", today=None)
    before, prompt = sealed.digest(), PRESENT if command == "passphrase" else "Passphrase: "
    said, code = typed(spawned(sealed, command), (prompt, "a"), (WRONG, "b "), (WRONG, OLD + "x "))
    assert code == 5
    assert "The passphrase does not open the key file." in said
    assert OLD not in said
    assert sealed.digest() == before


def test_wrong_twice_and_then_right_opens(sealed: "Desk") -> None:
    nothing = "or leave with Ctrl-C: "
    said, code = typed(spawned(sealed, "list"), ("Passphrase: ", "a"), (WRONG, ""), (nothing, "b"), (WRONG, OLD))
    assert code == 0
    assert "There is no client in this store yet." in said


def test_at_a_terminal_the_new_one_is_typed_twice_and_never_shown(sealed: "Desk") -> None:
    dialogue = [(PRESENT, "a"), (WRONG, OLD), ("New passphrase: ", NEW), ("again: ", NEW)]
    said, code = typed(spawned(sealed, "passphrase"), *dialogue)
    assert code == 0
    assert OLD not in said
    assert NEW not in said
    assert opens(sealed, NEW)


def shown(said: str) -> list[str]:
    """The six words of each time that they were shown."""
    return re.findall(r"(?m)^.*?((?:[a-z]{4,8} ){5}[a-z]{4,8})\x1b\[0m\r$", said)


def words_taken(child: "pexpect.spawn[str]", prompts: Iterator[str]) -> tuple[str, int, str]:
    """Enter at the first prompt takes the six words; they are typed at the second as read from the screen."""
    child.expect(next(prompts))
    (six,) = shown(str(child.before))
    said = f"{child.before}{child.after}"
    child.send("\r")
    child.expect(next(prompts))
    said += f"{child.before}{child.after}"
    child.send(six + "\r")
    child.expect([pexpect.EOF, "press Enter"])
    said += str(child.before)
    if child.after == "press Enter":
        child.send("\r")
        child.expect(pexpect.EOF)
        said += str(child.before)
    child.close()
    return said, int(child.exitstatus if child.exitstatus is not None else -1), six


@pytest.mark.parametrize("command", ["passphrase", "init fresh --shelter osh --store fresh --identity fresh-key"])
def test_enter_takes_the_six_words_and_no_screen_keeps_them(desk: "Desk", command: str) -> None:
    child = spawned(desk, command)
    said, code, six = words_taken(child, iter(["New passphrase: ", "again: "]))
    assert code == 0
    assert set(six.split()) <= set(read_word_list())
    alone, rest = said.partition("\x1b[?1049h")[2].split("\x1b[?1049l", 1)
    assert six in alone
    assert six not in rest
    if command == "passphrase":
        assert opens(desk, six)
    else:
        assert handed(desk, "list --store fresh --identity fresh-key", old=six).code == 0


def test_two_that_are_not_the_same_are_asked_for_again_with_the_words_that_are_on_paper(desk: "Desk") -> None:
    again = [("New passphrase: ", NEW), ("again: ", NEW + "x"), ("New passphrase: ", ""), ("again: ", "")]
    said, code = typed(spawned(desk, "passphrase"), *again, ("New passphrase: ", NEW), ("again: ", NEW))
    assert code == 0
    assert len(shown(said)) == 3
    assert len(set(shown(said))) == 1
    pages = said.split("\x1b[?1049h")[1:]
    assert ["The two passphrases differ." in page for page in pages] == [False, True, True]
    assert all(page.index("The two passphrases differ") < page.index("Choose a passphrase") for page in pages[1:])
    assert opens(desk, NEW)
    never_alike = [*[("New passphrase: ", NEW), ("again: ", OLD)] * 4, ("New passphrase: ", LEFT)]
    said, code = typed(spawned(desk, "passphrase --identity other"), *[])
    assert code == 5
    save_identity(desk.folder / "other", create_identity(), None)
    said, code = typed(spawned(desk, "passphrase --identity other"), *never_alike)
    assert code == 130
    assert not needs_passphrase(desk.folder / "other")


def test_the_six_words_with_a_slip_and_then_rightly_are_the_same_words(desk: "Desk") -> None:
    child = spawned(desk, "passphrase")
    child.expect("New passphrase: ")
    (six,) = shown(str(child.before))
    for prompt, answer in (("", ""), ("again: ", six[:-1]), ("New passphrase: ", ""), ("again: ", six)):
        if prompt:
            child.expect(prompt)
        child.send(answer + "\r")
    child.expect(pexpect.EOF)
    assert opens(desk, six)


def test_the_six_words_from_paper_may_have_more_blanks_between_them_and_open_with_them_too(desk: "Desk") -> None:
    child = spawned(desk, "passphrase")
    child.expect("New passphrase: ")
    (six,) = shown(str(child.before))
    child.send("\r")
    child.expect("again: ")
    child.send(six.replace(" ", "  ", 1) + " \r")
    child.expect(pexpect.EOF)
    assert opens(desk, six)
    said, code = typed(spawned(desk, "list"), ("Passphrase: ", " " + six.replace(" ", "   ")))
    assert code == 0
    assert "There is no client in this store yet." in said


def test_a_new_one_that_is_too_short_is_refused_with_the_reason(sealed: "Desk") -> None:
    before = sealed.digest()
    for short in ("osh", "девять зн"):
        answer = handed(sealed, "passphrase", old=OLD, new=short)
        assert (answer.code, answer.error) == (2, "usage/passphrase")
        assert "10 characters or more" in answer.page["error"]["message"]
        new = "init fresh --shelter osh --recovery paper --store fresh --identity fresh-key"
        fresh = handed(sealed, new, old=short)
        assert (fresh.code, fresh.error) == (2, "usage/passphrase")
    three = [("New passphrase: ", "osh")] * 3
    said, code = typed(spawned(sealed, "passphrase"), (PRESENT, OLD), *three, ("New passphrase: ", LEFT))
    assert code == 130
    assert said.count("That is only 3 characters") == 3
    assert sealed.digest() == before
    handed(sealed, "passphrase", old=OLD, new="десять зна")
    assert opens(sealed, "десять зна")


@pytest.mark.parametrize("words", ["admit", "find"])
def test_it_is_asked_for_before_the_page_under_which_its_prompt_would_stand(sealed: "Desk", words: str) -> None:
    child = spawned(sealed, words)
    child.expect("Passphrase: ")
    assert "\x1b[?1049h" not in str(child.before)
    child.close()


@pytest.mark.parametrize("prompt", [PRESENT, "New passphrase: ", "again: "])
def test_ctrl_c_or_a_closed_terminal_at_any_prompt_leaves_the_key_as_it_was(sealed: "Desk", prompt: str) -> None:
    before = sealed.key.read_bytes()
    for leave in (broken_off, lambda child: child.close()):
        child = spawned(sealed, "passphrase")
        for each, answer in ((PRESENT, OLD), ("New passphrase: ", NEW), ("again: ", NEW)):
            child.expect(each)
            if each == prompt:
                leave(child)
                break
            child.send(answer + "\r")
        if leave is broken_off:
            child.expect(pexpect.EOF)
            child.close()
            assert child.exitstatus == 130
        assert sealed.key.read_bytes() == before
        assert not list(sealed.folder.glob(".*.tmp"))


def test_without_a_code_for_the_house_it_is_asked_for_at_a_terminal_alone(desk: "Desk") -> None:
    command = "init fresh --no-passphrase --store fresh --identity fresh-key --recovery paper"
    refused = desk.refused(command, today=None)
    assert (refused.code, refused.error) == (2, "usage/missing")
    assert refused.page["error"]["message"].startswith("--shelter is missing.")
    assert not (desk.folder / "fresh").exists()
    said, code = typed(spawned(desk, command), ("Which house is the store for?", "Дом на Чуй"), ("short code", "osh"))
    assert code == 0
    assert "The store is created for the house osh" in said


LOCKING = "Locking the key with the passphrase…"
UNLOCKING, ERASED = "Unlocking the key…", "\r\x1b[K"


def test_while_a_key_is_unlocked_the_screen_says_so_and_nothing_of_it_stays(sealed: "Desk") -> None:
    """Ctrl-C is answered only after it: whoever waits must see that the program is at work."""
    said, code = typed(spawned(sealed, "list"), ("Passphrase: ", "a"), (WRONG, OLD))
    assert (code, said.count(UNLOCKING + ERASED)) == (0, 2)
    said, code = typed(spawned(sealed, "list", TERM="dumb"), ("Passphrase: ", OLD))
    assert (code, UNLOCKING in said) == (0, False)
    said, code = typed(spawned(sealed, "list --json"), ("Passphrase: ", OLD))
    assert (code, UNLOCKING in said) == (0, False)


def test_while_a_key_is_locked_with_a_new_passphrase_the_screen_says_so(sealed: "Desk") -> None:
    dialogue = [(PRESENT, OLD), ("New passphrase: ", NEW), ("again: ", NEW)]
    said, code = typed(spawned(sealed, "passphrase"), *dialogue)
    assert (code, said.count(LOCKING + ERASED)) == (0, 1)
    said, code = typed(spawned(sealed, "init fresh --shelter osh --identity fresh-key --recovery paper"), *dialogue[1:])
    assert (code, said.count(LOCKING + ERASED)) == (0, 1)


def test_while_a_pdf_is_made_the_screen_says_so(desk: "Desk") -> None:
    said, code = typed(spawned(desk, "form shelter-rules --blank --out rules.pdf"))
    assert (code, said.count("Making the PDF…" + ERASED)) == (0, 1)
    said, code = typed(spawned(desk, "form shelter-rules --blank --out rules.html"))
    assert (code, "Making" in said) == (0, False)


def test_the_six_words_on_the_other_layout_become_no_passphrase(desk: "Desk") -> None:
    child = spawned(desk, "passphrase")
    child.expect("New passphrase: ")
    (six,) = shown(str(child.before))
    there = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю")
    child.send(six.translate(there) + "\r")
    child.expect("with another keyboard language")
    child.expect("New passphrase: ")
    child.send("\r")
    child.expect("again: ")
    child.send(six + "\r")
    child.expect(pexpect.EOF)
    assert opens(desk, six)


LATE = 15
"""Seconds by which a lock may be late."""


def locked_at(limit: float, keys: list[float]) -> float:
    """The second at which it is locked, where keys are pressed at these seconds and no other."""
    watch = IdleWatch(limit, "", 0.0)
    look = 1
    while True:
        now = look * watch.looks
        if watch.is_idle("a" * sum(key <= now for key in keys), now):
            return now
        look += 1


def last_before_the_lock(limit: float, keys: list[float]) -> float:
    """The last key that comes before so many seconds without one are over."""
    last = 0.0
    for key in sorted(keys):
        if key >= last + limit:
            break
        last = key
    return last


def test_a_word_begun_at_once_delays_the_lock_by_no_whole_period() -> None:
    assert locked_at(60, [2]) <= 62 + 2 * LOOK_INTERVAL
    assert locked_at(600, [599]) <= 1199 + 2 * LOOK_INTERVAL


@given(st.floats(0.5, 3600), st.lists(st.floats(0.01, 7200), max_size=30))
def test_the_lock_comes_in_its_time_after_the_last_key(limit: float, keys: list[float]) -> None:
    began = last_before_the_lock(limit, keys)
    locked = locked_at(limit, [key for key in keys if key <= began])
    assert began + limit <= locked + 1e-6
    assert locked <= began + limit + min(LATE, 2 * limit)


@given(st.floats(0.5, 3600), st.integers(1, 50))
def test_whoever_goes_on_typing_is_not_locked_out(limit: float, many: int) -> None:
    keys = [number * limit / 2 for number in range(1, many + 1)]
    assert locked_at(limit, keys) >= keys[-1] + limit - 1e-6
