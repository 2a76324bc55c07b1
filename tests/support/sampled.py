"""Of what could be tried place by place: every so many in `make check`, each of them in `make fuzz`.

Of the tests on Windows, too: a part where all of them take too long.
"""

from collections.abc import Iterable
from zlib import crc32

EVERY_PLACE = [False]
"""Whether none is left out: the option --every-place of pytest."""


def one_in(number: int, names: Iterable[str]) -> set[str]:
    """One of so many tests by their names, the same ones at each run, and one of each file at the least."""
    found, files = set[str](), set[str]()
    for name in sorted(names, key=lambda name: crc32(name.encode()) % number):
        file = name.partition("::")[0]
        if file not in files or crc32(name.encode()) % number == 0:
            found.add(name)
            files.add(file)
    return found


def stride(sampled: int) -> int:
    """One of how many places is tried."""
    return 1 if EVERY_PLACE[0] else sampled
