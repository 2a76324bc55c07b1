"""What the tests of typed words share: one evening, any day and time, and what is said of a mistake."""

from datetime import date, time

from hypothesis import strategies as st

from shelterctl.typed.words import Clock, Mistyped

CLOCK = Clock(date(2026, 11, 25), time(22, 40))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
CLOCKS = st.builds(Clock, DAYS, TIMES)


def sentence(read: object) -> object:
    assert isinstance(read, Mistyped)
    return read.sentence
