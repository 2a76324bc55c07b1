"""Of what could be tried place by place: every so many in `make check`, each of them in `make fuzz`."""

EVERY_PLACE = [False]
"""Whether none is left out: the option --every-place of pytest."""


def stride(sampled: int) -> int:
    """One of how many places is tried."""
    return 1 if EVERY_PLACE[0] else sampled
