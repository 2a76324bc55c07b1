"""The passphrase of a key: changed, set, refused, and whole whatever happens half way."""

import math
import os
import re
import resource
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl import errors
from shelterctl.identity.key_file import change_passphrase, load_identity, needs_passphrase, save_identity
from shelterctl.identity.keys import Identity, create_identity
from shelterctl.identity.memorable_words import PASSPHRASE_LENGTH, draw_passphrase, read_word_list
from tests.support.faults import Strike, interrupt, kill, kill_half_way, refuse, struck
from tests.support.passphrases import NEW, OLD, QUICK, handed, never, opens
from tests.support.sampled import stride

if TYPE_CHECKING:
    from tests.support.desk import Desk


pytestmark = pytest.mark.posix("a passphrase on a descriptor of its own", "windows/test_console.py")


def test_it_is_changed_and_the_store_opens_with_the_new_one_only(sealed: "Desk") -> None:
    answer = handed(sealed, "passphrase", old=OLD, new=NEW)
    assert answer.code == 0
    assert OLD not in answer.out
    assert NEW not in answer.out
    assert (opens(sealed, NEW), opens(sealed, OLD)) == (True, False)
    assert sorted(path.name for path in sealed.folder.iterdir()) == ["house", "key", "key.heads"]
    assert sealed.key.stat().st_mode & 0o777 == 0o600


def test_it_is_set_where_there_was_none(desk: "Desk") -> None:
    assert not needs_passphrase(desk.key)
    answer = handed(desk, "passphrase", new=NEW)
    assert answer.data["said"][0] == "The key of this device now has a passphrase."
    assert needs_passphrase(desk.key)
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


def test_a_short_one_that_was_chosen_before_still_opens(desk: "Desk") -> None:
    change_passphrase(desk.key, never, lambda: "osh", work_factor=QUICK)
    assert opens(desk, "osh")


def test_the_words_are_many_plain_and_hard_to_take_for_each_other() -> None:
    assert len(set(read_word_list())) == len(read_word_list()) >= 1024
    assert PASSPHRASE_LENGTH * math.log2(len(read_word_list())) >= 61
    assert all(re.fullmatch(r"[abvgdeziklmnoprstuf]{4,8}", word) for word in read_word_list())
    assert not [pair for pair in combinations(read_word_list(), 2) if one_letter_apart(*pair)]
    drawn = [draw_passphrase().split() for _ in range(300)]
    assert {len(six) for six in drawn} == {6}
    assert len({word for six in drawn for word in six}) > len(read_word_list()) / 2


def one_letter_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def changing(folder: Path, me: Identity) -> Callable[[], None]:
    """The change of a key's passphrase, from a folder that has that key and nothing else."""
    for left in folder.iterdir():
        left.unlink()
    save_identity(folder / "key", me, OLD, work_factor=1)
    return lambda: change_passphrase(folder / "key", lambda: OLD, lambda: NEW, work_factor=1)


def test_killed_interrupted_or_refused_at_any_call_the_key_opens_with_the_old_or_the_new_one(tmp_path: Path) -> None:
    me, seen = create_identity(), set()
    strikes: list[tuple[Strike, bool]] = [(kill, False), (kill_half_way, False), (interrupt, False)]
    strikes += [(partial(refuse, number), lasting) for number in (5, 28, 30) for lasting in (False, True)]
    for strike, lasting in strikes:
        for at in range(1, 1 + struck(changing(tmp_path, me), 0, strike, lasting)[1], stride(2)):
            said, _ = struck(changing(tmp_path, me), at, strike, lasting)
            seen.add(said)
            phrase = opened_with(tmp_path / "key", me)
            assert phrase == NEW or said != "done"
            assert said == "killed" or lasting or not list(tmp_path.glob(".*"))
    assert seen == {"killed", "interrupted", "disk/io", "disk/full", "disk/permission"} | ({"done"} & seen)


def opened_with(key: Path, me: Identity) -> str:
    for phrase in (OLD, NEW):
        try:
            assert load_identity(key, lambda phrase=phrase: phrase) == me  # type: ignore[misc]
        except errors.CannotOpen:
            continue
        return phrase
    raise AssertionError("neither opens")


def test_on_a_full_disk_the_old_one_still_opens(sealed: "Desk") -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    before = sealed.digest()
    change_passphrase(sealed.key, lambda: OLD, lambda: OLD, work_factor=QUICK)
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
