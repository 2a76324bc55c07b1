"""When the screen is locked: so long after the last key, whatever stands half typed in the line."""

from hypothesis import given
from hypothesis import strategies as st

from shelterctl.terminal.screen import LOOK_INTERVAL, IdleWatch

LATE = 15
"""Seconds by which a lock may be late."""


def locked_at(limit: float, keys: list[float]) -> float:
    """The second at which it is locked, where keys are pressed at these seconds and no other."""
    watch = IdleWatch(limit, "", 0.0)
    look = 1
    while True:
        now = look * watch.looks
        if watch.is_idle("a" * sum(key <= now for key in keys), now):
            return now
        look += 1


def last_before_the_lock(limit: float, keys: list[float]) -> float:
    """The last key that comes before so many seconds without one are over."""
    last = 0.0
    for key in sorted(keys):
        if key >= last + limit:
            break
        last = key
    return last


def test_a_word_begun_at_once_delays_the_lock_by_no_whole_period() -> None:
    assert locked_at(60, [2]) <= 62 + 2 * LOOK_INTERVAL
    assert locked_at(600, [599]) <= 1199 + 2 * LOOK_INTERVAL


@given(st.floats(0.5, 3600), st.lists(st.floats(0.01, 7200), max_size=30))
def test_the_lock_comes_in_its_time_after_the_last_key(limit: float, keys: list[float]) -> None:
    began = last_before_the_lock(limit, keys)
    locked = locked_at(limit, [key for key in keys if key <= began])
    assert began + limit <= locked + 1e-6
    assert locked <= began + limit + min(LATE, 2 * limit)


@given(st.floats(0.5, 3600), st.integers(1, 50))
def test_whoever_goes_on_typing_is_not_locked_out(limit: float, many: int) -> None:
    keys = [number * limit / 2 for number in range(1, many + 1)]
    assert locked_at(limit, keys) >= keys[-1] + limit - 1e-6
