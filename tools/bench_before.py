"""The program as 0.1.0 was, out of the history into a folder that is gone afterwards."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

COMMIT = "d177983"
PROJECT = Path(__file__).parent.parent
LEFT_OUT = f"0.1.0 is not compared: its commit, {COMMIT}, cannot be had from git here."


@contextmanager
def released(commit: str = COMMIT) -> Iterator[Path | None]:
    """A checkout of that commit; None where there is no git, or the commit is not in this copy of the history."""
    archive = _archive(commit)
    if archive is None:
        yield None
        return
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        yield Path(folder)


def _archive(commit: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
