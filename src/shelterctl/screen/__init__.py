"""The terminal. Whoever shows something there, asks or answers, does it through here."""

from shelterctl.screen.alone import alone, answered, clear, early, headed, hold, is_answered, staying
from shelterctl.screen.busy import busy
from shelterctl.screen.line import (
    clean,
    cut,
    fitting,
    height,
    interactive,
    obeys,
    paged,
    picture,
    said,
    shown,
    size,
    spoken,
    tell,
    turn,
    wrapped,
    write,
)
from shelterctl.screen.patience import patience, patient
from shelterctl.screen.waiting import Idle, ended, expect, locking, stumble, waiting

__all__ = [
    "Idle", "alone", "answered", "busy", "clean", "clear", "cut", "early", "ended", "expect", "fitting", "headed",
    "height", "hold",
    "interactive", "is_answered", "locking", "obeys", "paged", "patience", "patient", "picture", "said", "shown",
    "size", "spoken", "staying", "stumble", "tell", "turn", "waiting", "wrapped", "write",
]  # fmt: skip
