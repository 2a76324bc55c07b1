"""Keys and roles given, and files written by role, killed at the calls that change a disk or with a full one."""

from functools import partial

import pytest

from tests.support.command import import_everything
from tests.support.killable_roles import TITLES, tried
from tests.support.killed_commands import carried
from tests.support.sampled import stride

LEAST = {"1 of 2": (98, 9), "2 of 2": (50, 9)}
"""How many runs of each group are killed, and how many meet a full disk, at the least."""

STRIDE = 14
"""Of so many calls one is struck, and the first and the last of each command."""


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    import_everything()


@pytest.mark.sampled
@pytest.mark.posix("a fork that is struck down", "windows/test_two.py")
@pytest.mark.parametrize("group", TITLES)
def test_nothing_is_half_shut_and_the_same_words_finish_it(group: str) -> None:
    seen = carried(partial(tried, titles=TITLES[group], stride=stride(STRIDE)))
    assert seen["bad"] == []
    assert seen["ends"]["killed"] >= LEAST[group][0]
    assert seen["ends"]["8"] >= LEAST[group][1]
    assert {*seen["ends"]} <= {"killed", "0", "8"}
