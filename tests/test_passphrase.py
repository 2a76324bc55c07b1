"""The passphrase of a key: changed, set, mistyped, forgotten half way, and six words for who has none."""

import os
import re
import resource
import sys
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest
from faults import Fault, Strike, interrupt, kill, kill_half_way, refuse

from shelterctl import errors, identity
from shelterctl.identity import Identity
from shelterctl.identity.sixwords import words

if TYPE_CHECKING:
    from conftest import Answer, Desk

OLD, NEW = "orchard кымыз lantern river", "бир эки үч lake"
QUICK = 10


@pytest.fixture
def sealed(desk: "Desk") -> "Desk":
    """The desk, its key under the old passphrase."""
    identity.change(desk.key, never, lambda: OLD, work_factor=QUICK)
    return desk


def never() -> str:
    raise AssertionError("nobody was to be asked")


def handed(desk: "Desk", words: str, *, old: str | None = None, new: str | None = None) -> "Answer":
    """The command with passphrases on file descriptors."""
    ends = []
    for flag, text in (("--passphrase-fd", old), ("--new-passphrase-fd", new)):
        if text is not None:
            reading, writing = os.pipe()
            os.write(writing, text.encode() + b"\n")
            os.close(writing)
            words += f" {flag} {reading}"
            ends.append(reading)
    try:
        return desk.ask(words, pass_fds=ends, start_new_session=True, today=None)
    finally:
        for end in ends:
            os.close(end)


def opens(desk: "Desk", passphrase: str) -> bool:
    return handed(desk, "list", old=passphrase).code == 0


def test_it_is_changed_and_the_store_opens_with_the_new_one_only(sealed: "Desk") -> None:
    answer = handed(sealed, "passphrase", old=OLD, new=NEW)
    assert answer.code == 0
    assert OLD not in answer.out
    assert NEW not in answer.out
    assert (opens(sealed, NEW), opens(sealed, OLD)) == (True, False)
    assert sorted(path.name for path in sealed.folder.iterdir()) == ["house", "key", "key.heads"]
    assert sealed.key.stat().st_mode & 0o777 == 0o600


def test_it_is_set_where_there_was_none(desk: "Desk") -> None:
    assert not identity.protected(desk.key)
    answer = handed(desk, "passphrase", new=NEW)
    assert answer.data["said"][0] == "The key of this device has a passphrase now."
    assert identity.protected(desk.key)
    assert opens(desk, NEW)


def test_a_wrong_old_one_an_empty_new_one_or_one_descriptor_for_both_changes_nothing(sealed: "Desk") -> None:
    before = sealed.digest()
    wrong = handed(sealed, "passphrase", old=NEW, new=NEW)
    assert (wrong.code, wrong.error) == (5, "vault/wrong-passphrase")
    empty = handed(sealed, "passphrase", old=OLD, new="")
    assert (empty.code, empty.error) == (2, "usage/passphrase")
    both = sealed.ask("passphrase --passphrase-fd 0 --new-passphrase-fd 0", input=OLD.encode(), today=None)
    assert (both.code, both.error) == (2, "passphrase/same-descriptor")
    closed = sealed.ask("passphrase --new-passphrase-fd 99 --passphrase-fd 0", input=OLD.encode(), today=None)
    assert (closed.code, closed.error) == (2, "usage/passphrase-fd")
    assert "--new-passphrase-fd" in closed.page["error"]["message"]
    nobody = handed(sealed, "passphrase", old=OLD)
    assert (nobody.code, nobody.error) == (5, "vault/no-passphrase")
    assert "--new-passphrase-fd" in nobody.page["error"]["hint"]
    assert sealed.digest() == before


def test_without_a_key_there_is_nothing_to_change(desk: "Desk") -> None:
    desk.key.unlink()
    assert handed(desk, "passphrase", new=NEW).error == "vault/no-key"


def sat_at(desk: "Desk", words: str, **env: str) -> "pexpect.spawn[str]":
    """A person at a terminal of 80 by 24 with the command."""
    around = {**desk.env, "TERM": "xterm", **env}
    return pexpect.spawn(
        sys.executable,
        ["-m", "shelterctl", *words.split()],
        cwd=str(desk.folder),
        env=around,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=30,
    )


def typed(child: "pexpect.spawn[str]", *dialogue: tuple[str, str]) -> tuple[str, int]:
    """What was said in a dialogue of prompts and answers, and the exit code."""
    said = ""
    for prompt, answer in dialogue:
        child.expect(re.escape(prompt))
        said += f"{child.before}{child.after}"
        child.send(answer + "\r")
    child.expect(pexpect.EOF)
    child.close()
    return said + str(child.before), int(child.exitstatus if child.exitstatus is not None else -1)


WRONG = "try again: "
PRESENT = "The passphrase as it is now: "


@pytest.mark.parametrize("command", ["list", "check", "passphrase", "restore usb --store again"])
def test_wrong_three_times_at_a_terminal_is_exit_5(sealed: "Desk", command: str) -> None:
    (sealed.folder / "usb").mkdir()
    sealed.do("backup usb", today=None)
    before, prompt = sealed.digest(), PRESENT if command == "passphrase" else "Passphrase: "
    said, code = typed(sat_at(sealed, command), (prompt, "a"), (WRONG, "b"), (WRONG, OLD + " "))
    assert code == 5
    assert "The passphrase does not open the key file." in said
    assert OLD not in said
    assert sealed.digest() == before


def test_wrong_twice_and_then_right_opens(sealed: "Desk") -> None:
    said, code = typed(sat_at(sealed, "list"), ("Passphrase: ", "a"), (WRONG, ""), (WRONG, OLD))
    assert code == 0
    assert "There is no client in this store yet." in said


def test_at_a_terminal_the_new_one_is_typed_twice_and_never_shown(sealed: "Desk") -> None:
    dialogue = [(PRESENT, "a"), (WRONG, OLD), ("New passphrase: ", NEW), ("once more: ", NEW)]
    said, code = typed(sat_at(sealed, "passphrase"), *dialogue)
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
    child = sat_at(desk, command)
    said, code, six = words_taken(child, iter(["New passphrase: ", "once more: "]))
    assert code == 0
    assert set(six.split()) <= set(words())
    alone, rest = said.partition("\x1b[?1049h")[2].split("\x1b[?1049l", 1)
    assert six in alone
    assert six not in rest
    if command == "passphrase":
        assert opens(desk, six)
    else:
        assert handed(desk, "list --store fresh --identity fresh-key", old=six).code == 0


def test_two_that_are_not_the_same_are_asked_for_again_with_the_words_that_are_on_paper(desk: "Desk") -> None:
    again = [("New passphrase: ", NEW), ("once more: ", NEW + "x"), ("New passphrase: ", ""), ("once more: ", "")]
    said, code = typed(sat_at(desk, "passphrase"), *again, ("New passphrase: ", NEW), ("once more: ", NEW))
    assert code == 0
    assert len(shown(said)) == 3
    assert len(set(shown(said))) == 1
    pages = said.split("\x1b[?1049h")[1:]
    assert ["They were not the same. Once more: " in page for page in pages] == [False, True, True]
    assert all(page.index("They were not") < page.index("Choose a passphrase") for page in pages[1:])
    assert opens(desk, NEW)
    never_alike = [("New passphrase: ", NEW), ("once more: ", OLD)] * 3
    said, code = typed(sat_at(desk, "passphrase --identity other"), *[])
    assert code == 5
    identity.save(desk.folder / "other", identity.make(), None)
    said, code = typed(sat_at(desk, "passphrase --identity other"), *never_alike)
    assert code == 2
    assert not identity.protected(desk.folder / "other")


def test_the_six_words_with_a_slip_and_then_rightly_are_the_same_words(desk: "Desk") -> None:
    child = sat_at(desk, "passphrase")
    child.expect("New passphrase: ")
    (six,) = shown(str(child.before))
    for prompt, answer in (("", ""), ("once more: ", six[:-1]), ("New passphrase: ", ""), ("once more: ", six)):
        if prompt:
            child.expect(prompt)
        child.send(answer + "\r")
    child.expect(pexpect.EOF)
    assert opens(desk, six)


def test_a_new_one_that_is_too_short_is_refused_with_the_reason(sealed: "Desk") -> None:
    before = sealed.digest()
    for short in ("osh", "девять зн"):
        answer = handed(sealed, "passphrase", old=OLD, new=short)
        assert (answer.code, answer.error) == (2, "usage/passphrase")
        assert "10 characters or more" in answer.page["error"]["message"]
        fresh = handed(sealed, "init fresh --shelter osh --store fresh --identity fresh-key", old=short)
        assert (fresh.code, fresh.error) == (2, "usage/passphrase")
    said, code = typed(sat_at(sealed, "passphrase"), (PRESENT, OLD), *[("New passphrase: ", "osh")] * 3)
    assert code == 2
    assert said.count("That has 3 characters: too few") == 2
    assert "The new passphrase is too short" in said
    assert sealed.digest() == before
    handed(sealed, "passphrase", old=OLD, new="десять зна")
    assert opens(sealed, "десять зна")


def test_a_short_one_that_was_chosen_before_still_opens(desk: "Desk") -> None:
    identity.change(desk.key, never, lambda: "osh", work_factor=QUICK)
    assert opens(desk, "osh")


@pytest.mark.parametrize("words", ["admit", "find"])
def test_it_is_asked_for_before_the_page_under_which_its_prompt_would_stand(sealed: "Desk", words: str) -> None:
    child = sat_at(sealed, words)
    child.expect("Passphrase: ")
    assert "\x1b[?1049h" not in str(child.before)
    child.close()


@pytest.mark.parametrize("prompt", [PRESENT, "New passphrase: ", "once more: "])
def test_ctrl_c_or_a_closed_terminal_at_any_prompt_leaves_the_key_as_it_was(sealed: "Desk", prompt: str) -> None:
    before = sealed.key.read_bytes()
    for leave in ("sendintr", "close"):
        child = sat_at(sealed, "passphrase")
        for each, answer in ((PRESENT, OLD), ("New passphrase: ", NEW), ("once more: ", NEW)):
            child.expect(each)
            if each == prompt:
                getattr(child, leave)()
                break
            child.send(answer + "\r")
        if leave == "sendintr":
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
    said, code = typed(sat_at(desk, command), ("Which house is the store for?", "Дом на Чуй"), ("short code", "osh"))
    assert code == 0
    assert "The store is made, for the house osh" in said


def test_the_words_are_many_plain_and_hard_to_take_for_each_other() -> None:
    assert len(set(words())) == len(words()) >= 1024
    assert identity.bits() == 61
    assert all(re.fullmatch(r"[abvgdeziklmnoprstuf]{4,8}", word) for word in words())
    assert not [pair for pair in combinations(words(), 2) if one_letter_apart(*pair)]
    drawn = [identity.six_words().split() for _ in range(300)]
    assert {len(six) for six in drawn} == {6}
    assert len({word for six in drawn for word in six}) > len(words()) / 2


def one_letter_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def struck(folder: Path, me: Identity, at: int, strike: Strike, lasting: bool) -> dict[str, Any]:
    """The change of a key's passphrase in a process of its own, in which the *at*-th call of the system goes wrong."""
    for left in folder.iterdir():
        left.unlink()
    identity.save(folder / "key", me, OLD, work_factor=1)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        fault, said = Fault(at, strike, lasting), "done"
        try:
            identity.change(folder / "key", lambda: OLD, lambda: NEW, work_factor=1)
        except errors.Disk as trouble:
            said = trouble.code
        except KeyboardInterrupt:
            said = "interrupted"
        except BaseException as trouble:
            said = f"crash {type(trouble).__name__}"
        fault.lift()
        os.write(writing, f"{said} {fault.count}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read() or "killed 0"
    os.waitpid(child, 0)
    said, _, count = told.rpartition(" ")
    return {"said": said, "count": int(count)}


def test_killed_interrupted_or_refused_at_any_call_the_key_opens_with_the_old_or_the_new_one(tmp_path: Path) -> None:
    me, seen = identity.make(), set()
    strikes: list[tuple[Strike, bool]] = [(kill, False), (kill_half_way, False), (interrupt, False)]
    strikes += [(partial(refuse, number), lasting) for number in (5, 28, 30) for lasting in (False, True)]
    for strike, lasting in strikes:
        for at in range(1, 1 + struck(tmp_path, me, 0, strike, lasting)["count"]):
            said = struck(tmp_path, me, at, strike, lasting)["said"]
            seen.add(said)
            phrase = opened_with(tmp_path / "key", me)
            assert phrase == NEW or said != "done"
            assert said == "killed" or lasting or not list(tmp_path.glob(".*"))
    assert seen == {"killed", "interrupted", "disk/io", "disk/full", "disk/permission"} | ({"done"} & seen)


def opened_with(key: Path, me: Identity) -> str:
    for phrase in (OLD, NEW):
        try:
            assert identity.load(key, lambda phrase=phrase: phrase) == me  # type: ignore[misc]
        except errors.CannotOpen:
            continue
        return phrase
    raise AssertionError("neither opens")


def test_on_a_full_disk_the_old_one_still_opens(sealed: "Desk") -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    before = sealed.digest()
    identity.change(sealed.key, lambda: OLD, lambda: OLD, work_factor=QUICK)
    before = sealed.digest()
    reading, writing = os.pipe()
    os.write(writing, NEW.encode() + b"\n")
    os.close(writing)
    answer = sealed.run(
        f"passphrase --passphrase-fd 0 --new-passphrase-fd {reading}",
        input=OLD.encode() + b"\n",
        pass_fds=[reading],
        preexec_fn=limited,
        today=None,
    )
    os.close(reading)
    assert (answer.code, sealed.digest()) == (8, before)
    assert "There is no room left" in answer.err
