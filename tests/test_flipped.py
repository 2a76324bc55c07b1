"""Five thousand flipped bits over every kind of file that is read: damage is told with its place, and costs that file.

No other contents are believed, and no command ends with a bug. Every bit of a line of a journal, and of a file of the
vault, is tried below the commands (test_mending.py, test_journal.py, test_vault.py); what then puts it right, by
test_repair.py. A sheet that was printed is read by no command.
"""

from functools import partial

import pytest
from flipped import KINDS, flipped
from struck_here import carried

PARTS = 3
TITLES = sorted(KINDS, key=lambda title: KINDS[title].bits)
GROUPS = {f"{part + 1} of {PARTS}": TITLES[part::PARTS] for part in range(PARTS)}
"""Each of about as many bits, so that the processors share them."""


@pytest.mark.posix("a fork that carries out commands", "windows/test_two.py")
@pytest.mark.parametrize("group", GROUPS)
def test_a_flipped_bit_is_told_and_nothing_else_is_believed(group: str) -> None:
    seen = carried(partial(flipped, titles=GROUPS[group]))
    assert seen["bad"] == []
    assert seen["seen"] == {title: KINDS[title].bits for title in GROUPS[group]}
    assert seen["ends"]["6"] > sum(seen["seen"].values()) / 5


def test_there_are_five_thousand() -> None:
    assert sorted(title for group in GROUPS.values() for title in group) == sorted(KINDS)
    assert sum(kind.bits for kind in KINDS.values()) >= 5000
