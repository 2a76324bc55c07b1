"""A power button in the middle of a founding, a take-over, a join, a repair, a restore: the same words finish it.

A few moments of each command here; `struck.py` tries every one.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from faults import Fault, kill, kill_half_way, refuse
from ground import ACT, AT, Ground
from started import known_already
from struck import ACTS, Trials

from shelterctl import errors
from shelterctl.custody import init
from shelterctl.identity.keys import create_identity
from shelterctl.trust.chain import add_device_to_chain, verify_chain
from shelterctl.trust.key_standing import judge_key


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    known_already()


@pytest.fixture
def folder() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108  (the disk is slow, and not what is looked for)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", ACTS)
def test_cut_off_anywhere_the_same_words_finish_it(folder: Path, name: str) -> None:
    trials = Trials(folder, name)
    calls = trials.run(0, kill, False)
    for part in (0.5, 0.85):
        trials.run(round(calls * part), kill, False)
    trials.run(round(calls * 0.7), kill_half_way, False)
    trials.run(round(calls * 0.6), partial(refuse, errno.ENOSPC), True)
    assert trials.bad == []
    assert trials.outcomes["killed"] == 3


@pytest.mark.parametrize("name", sorted({*ACTS} - {"join"}))
def test_whoever_takes_out_what_check_calls_a_stranger_s_loses_nothing(folder: Path, name: str) -> None:
    trials = Trials(folder, name)
    calls = trials.run(0, kill, False)
    for part in (0.6, 0.9):
        trials.run(round(calls * part), kill, False, believing=True)
    assert trials.bad == []


def test_while_a_computer_joins_nothing_that_it_wrote_is_called_a_stranger_s(folder: Path) -> None:
    trials = Trials(folder, "join")
    calls = trials.run(0, kill, False)
    for number in range(30, 100, 5):
        trials.run(round(calls * number / 100), kill, False, believing=True)
    assert trials.bad == []
    assert trials.taken == []


@pytest.mark.parametrize("what", ["extend", "note"])
def test_a_statement_or_a_line_about_the_store_is_there_whole_or_not_at_all(folder: Path, what: str) -> None:
    outcomes, at = set(), 0
    while "done" not in outcomes:
        at += 1
        ground = Ground(folder / str(at))
        ground.vault().write("shelter.yaml", b"kind: shelter\n", None, **ACT)
        chain = add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.me)
        if (child := os.fork()) == 0:
            fault = Fault(at, kill_half_way)
            if what == "extend":
                ground.vault().save_chain(chain)
            else:
                ground.vault().add_journal_note({"lost": 1}, did="restore", by="s-aida", at=AT, beyond=9)
            fault.lift()
            os._exit(0)
        outcomes.add("killed" if os.waitpid(child, 0)[1] else "done")
        standing = judge_key(ground.root, ground.me, ground.heads)
        assert standing
        assert standing.chain.lines in (ground.chain.lines, chain.lines)
        # Whoever was cut off before it was remembered accepts what he himself began, or begins it again.
        vault = ground.vault()
        if what == "extend":
            ground.chain = verify_chain(standing.chain.lines, 0)
            ground.memory.remember(ground.chain, ground.journal().heads(), AT)
            vault = ground.vault()
            vault.save_chain(add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.me))
        vault.write("shelter.yaml", b"kind: carc\n", vault.read("shelter.yaml")[1], **ACT)
        assert ground.vault().journal.verify() == [] if what == "note" else True
    assert at > 10
    assert outcomes == {"killed", "done"}


def test_a_founding_that_another_key_began_is_not_taken_over(folder: Path) -> None:
    me, other = create_identity(), create_identity()
    begun = init.begin_founding(folder / "house", me, "manager", AT)
    assert init.begin_founding(folder / "house", me, "manager", AT) == begun
    with pytest.raises(errors.Conflict) as refused:
        init.begin_founding(folder / "house", other, "manager", AT)
    assert refused.value.code == "init/begun"
    (folder / "house/.founding.yaml.age").write_bytes(b"half a no")
    assert init.begin_founding(folder / "house", me, "manager", AT) != begun
