"""Every command that writes, killed at the calls that change a disk, and with a disk that is full at them.

Nothing that was acknowledged is lost, the old or the new is there whole, and the next command works. `struck_works.py`
has the works, `struck_trials.py` what is looked at afterwards; faults.py strikes the same way below the commands.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import typer
from conftest import Desk
from struck import ACTS
from struck_here import carried
from struck_trials import tried
from struck_works import WORKS
from typer.core import TyperGroup

from shelterctl.cli.commands import COMMAND_SUMMARIES, load_command

TITLES = [*WORKS, *ACTS]
LEAST = {"1 of 3": (370, 190), "2 of 3": (400, 205), "3 of 3": (375, 195)}
"""How many runs of each group are killed, and how many meet a full disk, at the least."""

GROUPS = {group: TITLES[part :: len(LEAST)] for part, group in enumerate(LEAST)}
"""Each of about as many works, so that the processors share them."""

LEFT_OUT = {
    "menu": "it asks at a terminal, and calls what the commands call",
    "demo run": "it runs the other commands one after the other, on invented people",
}
ALIKE = {
    **dict.fromkeys(("--by", "--kind", "--capacity", "--memorandum", "--contract", "--ngo", "--role", "--from", "--how",
                     "--outcome", "--on", "--own-decision", "--reason-code"), "what is said in the entry"),
    **dict.fromkeys(("--stay", "--form", "--number", "--entry", "--facility"), "which entry, stay or house it is"),
    **dict.fromkeys(("--paper", "--names", "--as", "--blank", "--account", "--example", "--months", "--since",
                     "--until", "--strict"), "what is printed, and how"),
    **dict.fromkeys(("--words", "--clients", "--unproven"), "what is compared before"),
    **dict.fromkeys(("--no-passphrase", "--new-passphrase-fd"), "how a passphrase is asked for"),
    "--keep": "which computers are left out",
    "--check": "writes nothing",
    "--undo": "tried of plans, and of a discharge",
    "--again": "whether an equal entry is another one",
    "--overwrite": "whether a paper may take the place of another",
    "--each": "each document is saved by itself, as one is",
}  # fmt: skip
"""Options that decide what is written, and not how."""

READING = {
    "facility list": "facility list", "ngo list": "ngo list", "staff list": "staff list",
    "provider list": "provider list", "show": "show {her}", "list": "list", "find": "find", "due": "due",
    "check": "check", "agreements": "agreements", "paper": "paper 000-000-000", "monitor due": "monitor due",
    "monitor reports": "monitor reports", "device list": "device list", "schema": "schema outcome",
    "explain": "explain M1.2.3", "help": "help backup", "completion": "completion bash",
}  # fmt: skip
"""Commands that write nothing, or with the words here do not."""


def every_command() -> Iterator[tuple[str, set[str]]]:
    """The words of each command, and its options."""

    def below(command: Any, words: str) -> Iterator[tuple[str, set[str]]]:
        if isinstance(command, TyperGroup):
            for name, each in command.commands.items():
                yield from below(each, f"{words} {name}")
        else:
            yield words, {text for one in command.params for text in one.opts if text.startswith("--")}

    for name in COMMAND_SUMMARIES:
        yield from below(typer.main.get_command(load_command(name)), name)


def tried_words() -> dict[str, set[str]]:
    """The commands that are struck down, and the options that are given to them."""
    known, found = dict(every_command()), dict[str, set[str]]()
    given = [(work.words, {"--from"} if work.given else set()) for work in WORKS.values()]
    for words, more in [*given, *((act.words, set()) for act in ACTS.values())]:
        command = max((name for name in known if f"{words} ".startswith(f"{name} ")), key=len)
        found.setdefault(command, set()).update(more, (word for word in words.split() if word.startswith("--")))
    return found


def test_every_command_that_writes_is_struck_down_or_it_is_said_why_not() -> None:
    known, found = dict(every_command()), tried_words()
    assert {*known} - {*found} - {*LEFT_OUT} == {*READING} - {*found}
    assert not {*LEFT_OUT} & {*found}
    for command, options in found.items():
        assert known[command] - options <= {*ALIKE}, command


def test_what_is_said_to_write_nothing_writes_nothing(admitted: Desk) -> None:
    admitted.do("check")
    before = admitted.digest()
    for words in READING.values():
        given = {"first_name": "Айгуль"} if words == "find" else None
        answer = admitted.run(words.format(her=admitted.her), given)
        assert answer.code in (0, 1, 3), answer.err
    assert admitted.digest() == before


@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_killed_at_any_call_nothing_acknowledged_is_lost(group: str) -> None:
    seen = carried(partial(tried, titles=GROUPS[group], how="killed"))
    assert seen["bad"] == []
    assert seen["ends"]["killed"] >= LEAST[group][0]
    assert {*seen["ends"]} <= {"killed", "0"}


@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_on_a_full_disk_it_is_said_and_nothing_is_lost(group: str) -> None:
    seen = carried(partial(tried, titles=GROUPS[group], how="full"))
    assert seen["bad"] == []
    assert sum(seen["ends"].values()) >= LEAST[group][1]
    assert seen["ends"]["8"] > LEAST[group][1] / 2
    assert {*seen["ends"]} == {"0", "8"}


def test_there_are_a_thousand_kills_and_five_hundred_full_disks() -> None:
    assert sorted(title for group in GROUPS.values() for title in group) == sorted(TITLES)
    kills, full = (sum(each) for each in zip(*LEAST.values(), strict=True))
    assert kills >= 1000
    assert full >= 500
