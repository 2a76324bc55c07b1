"""The passphrase of a lock that stays: asked for until it is right or leaving is chosen, after a pause that grows."""

import time
from itertools import count

from shelterctl import machine, screen
from shelterctl.ask.passphrase import PASSPHRASE, Asker, hidden
from shelterctl.language import N_, Plural

WRONG = Plural(
    N_("That was not it. Look at Caps Lock and the keyboard's language. It is asked for again in {count} second."),
    N_("That was not it. Look at Caps Lock and the keyboard's language. It is asked for again in {count} seconds."),
    by="count",
)
NOTHING = N_("Nothing was typed. To leave: Ctrl-C, then 1.")
LEAVE = N_("To leave, write 1 (it is not shown) and press Enter. Enter alone stays: ")
LEAVES = "1"

EVER = 2**31
"""How often it may be wrong: whoever guesses waits, and whoever mistypes is never sent away."""

LONGEST = 30
"""Seconds beyond which the pause does not grow: somebody in need may stand at the door."""


class Left(Exception):
    """Whoever is asked chose to leave."""


def pause(wrong: int) -> int:
    """How many seconds pass before it is asked for again, once it was *wrong* so many times."""
    return min((1 << wrong) // 2, LONGEST)


def lock() -> Asker:
    """Who is asked for a passphrase that may be wrong for ever; Left where leaving is chosen.

    Enter alone, Ctrl-C and Ctrl-D lead nowhere else, for what is typed next would be read by a shell.
    """
    wrong = count()

    def asked() -> str:
        seconds = pause(next(wrong))
        ready = time.monotonic() + seconds
        if seconds:
            screen.tell(WRONG, {"count": seconds})
        while True:
            try:
                with machine.unshown():
                    time.sleep(max(0.0, ready - time.monotonic()))
                if typed := hidden(PASSPHRASE):
                    return typed
                screen.tell(NOTHING)
            except KeyboardInterrupt:
                _stay()

    return asked


def _stay() -> None:
    """Ask whether to leave; whatever else is typed there is no answer, nor a passphrase, and is not shown."""
    try:
        if hidden(LEAVE).strip() == LEAVES:
            raise Left
    except KeyboardInterrupt:
        return
