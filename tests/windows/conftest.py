"""Tests of Windows itself, with processes of Windows: collected in its lane alone."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.windows import door
from tests.windows.console import Console


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Elsewhere there is nothing to be tried."""
    return None if config.getoption("--on-windows") else True


@pytest.fixture
def anew(admitted: Desk) -> Desk:
    """The desk with one client, each command of which is a new process."""
    admitted.anew = True
    return admitted


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console that is closed after the test, whatever is left of it."""
    with Console(tmp_path) as console:
        yield console


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for little, which can be taken away."""
    place = tmp_path / "stick"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("this system lets us mount no disk of our own")
    try:
        yield place
    finally:
        door.dismissed()
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)
