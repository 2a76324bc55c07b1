"""What takes a while and cannot be interrupted, said for as long as it lasts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shelterctl import machine
from shelterctl.language import Marked
from shelterctl.screen.line import cut, interactive, obeys, said, size


@contextmanager
def busy(sentence: Marked, *, quiet: bool = False) -> Iterator[None]:
    """Say on the terminal what is being done, and take it away again; programs are told nothing."""
    if quiet or not interactive() or not obeys() or not machine.is_terminal(sys.stderr):
        yield
        return
    sys.stderr.write(cut(said(sentence), size()[0] - 1))
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
