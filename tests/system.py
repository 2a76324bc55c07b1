"""What only POSIX has, or a process of ours alone: where a test needs it, it says so, and what shows the same there."""

import pytest

ON_WINDOWS = [False]
"""Whether commands are carried out by processes of Windows."""


def posix_only(why: str, there: str) -> None:
    """Leave the test out on Windows, for that reason; *there* is what shows the same."""
    if ON_WINDOWS[0]:
        pytest.skip(f"{why}; there: {there}")
