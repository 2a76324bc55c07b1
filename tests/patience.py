"""How long a test waits for what must come: the longer, the busier the machine, so that company turns nothing red."""

import os
import select
from contextlib import closing

WAIT = 30.0
"""Seconds on a machine that does nothing else."""


def patience(seconds: float = WAIT) -> float:
    """*seconds* of a quiet machine, as many times as there are programs for each of its processors."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def ended(child: int) -> int | None:
    """How the process *child* of this one ended, which it may take some time for; None where it goes on."""
    pid = os.pidfd_open(child)
    with closing(os.fdopen(pid, "rb", closefd=True)):
        if not select.select([pid], [], [], patience())[0]:
            return None
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
