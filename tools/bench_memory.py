"""Measure the peak memory of commands over a store of ten thousand invented clients."""

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.support import crowd
from tools.bench_timing import Ground, Row

COUNT = 10_000
QUERY = ("query", "select left, count(*) from stays group by 1", "--json")
PEAKS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("check",), 300), (("due",), 200), (("list", "--format", "ndjson"), 200), (QUERY, 120), (("house", "--json"), 120),
    (("report", "progress", "--of", "all"), 200), (("find", "--duplicates"), 200),
)  # fmt: skip
"""The commands, each with the most mebibytes it may take."""

KIBIBYTES = 1024


def of_many(ground: Ground) -> Iterator[Row]:
    """Return a row for each command, with mebibytes in the place of the ratio."""
    if sys.platform == "win32":
        return
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    for words, most in PEAKS:
        yield Row(f"peak MiB of {' '.join(words)}, {COUNT} files", 0, measure_peak(ground, *words), most)


def measure_peak(ground: Ground, *words: str) -> float:
    """Return the peak memory of a command in mebibytes; its output is discarded."""
    command = (ground.python, "-m", "shelterctl", *words)
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **ground.variables}
    ) as begun:
        _, status, used = os.wait4(begun.pid, 0)
        begun.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss / (KIBIBYTES if sys.platform == "linux" else KIBIBYTES**2)
