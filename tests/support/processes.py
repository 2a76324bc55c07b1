"""How long a test waits for a process, what it took, how that grows with its input, and what only POSIX has."""

import json
import os
import select
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

WAIT = 60.0
"""Seconds on a slow machine that does nothing else."""


def patience(seconds: float = WAIT) -> float:
    """*seconds* of a quiet machine, as many times as there are programs for each of its processors."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_for_exit(child: int) -> int | None:
    """How the process *child* of this one ended, which it may take some time for; None where it goes on."""
    pid = os.pidfd_open(child)
    with closing(os.fdopen(pid, "rb", closefd=True)):
        if not select.select([pid], [], [], patience())[0]:
            return None
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


ON_WINDOWS = [False]
"""Whether commands are carried out by processes of Windows."""


def posix_only(why: str, there: str) -> None:
    """Leave the test out on Windows, for that reason; *there* is what shows the same."""
    if ON_WINDOWS[0]:
        pytest.skip(f"{why}; there: {there}")


LAUNCHER = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, spent = os.wait4(child.pid, 0)
most = spent.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
print(json.dumps([os.waitstatus_to_exitcode(status), spent.ru_utime + spent.ru_stime, most]))
"""
"""A small program that begins the command: memory of whoever begins a process is counted as the process's own."""


class Cost(NamedTuple):
    """How a command ended, its seconds of a processor, the most megabytes that it held, and what it said."""

    code: int
    seconds: float
    megabytes: float
    out: str


def cost(words: str, folder: Path, variables: Mapping[str, str], given: bytes = b"") -> Cost:
    """What a command costs in that folder."""
    command = [sys.executable, "-S", "-c", LAUNCHER, sys.executable, "-m", "shelterctl", *words.split()]
    told = subprocess.run(
        command, input=given, capture_output=True, env=variables, cwd=folder, timeout=patience(), check=True
    )
    code, seconds, megabytes = json.loads(told.stdout)
    return Cost(code, seconds, megabytes, told.stderr.decode(errors="replace"))


Input = TypeVar("Input")

TIMES = 3.0
"""More than an input of twice the size may cost of what the other cost: a square would cost four times as much."""

NOISE, ROUNDS = (0.02, 20_000), 12
"""Seconds and bytes below which a figure says nothing, and how often what seems too slow is looked at again."""


def doubled(read: Callable[[Input], object], inputs: Sequence[Input]) -> list[str]:
    """What is wrong with a reader, whose inputs are each twice the one before; nothing where it is linear.

    Of several rounds the least counts: a busy machine makes none faster, and other threads of the process only add.
    """
    for what, measure, noise in (("bytes", _memory, NOISE[1]), ("seconds", _seconds, NOISE[0])):
        least = [float("inf")] * len(inputs)
        for _ in range(ROUNDS):
            least = [min(before, measure(read, given)) for before, given in zip(least, inputs, strict=True)]
            if not (wrong := _grown(what, [max(noise, took) for took in least])):
                break
        else:
            return wrong
    return []


def _grown(what: str, figures: Sequence[float]) -> list[str]:
    """Where a figure is too large for the one before it."""
    return [f"{what}: {after:g} behind {before:g}" for before, after in pairwise(figures) if after >= TIMES * before]


def _seconds(read: Callable[[Input], object], given: Input) -> float:
    begun = time.process_time()
    read(given)
    return time.process_time() - begun


def _memory(read: Callable[[Input], object], given: Input) -> int:
    """The most that was held at once, beside what was there before."""
    tracemalloc.start()
    try:
        read(given)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
