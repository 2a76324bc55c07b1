"""A process of its own that carries out one command after the other, for the demonstration: only the first waits."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import IO, NamedTuple, Self, cast

from shelterctl import machine, output


class Answer(NamedTuple):
    """What a command came to: its exit code, and what it said."""

    code: int
    said: str


class Servant:
    """The program as it lies here, in a folder and a world of its own, where nobody sits at a terminal."""

    def __init__(self, place: Path, around: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            machine.ourselves("-c", f"from {__name__} import serve; serve()"),
            cwd=place,
            env=around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def answer(self, words: Sequence[str]) -> Answer:
        """One command as it is typed, carried out to its end."""
        asked, told = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        asked.write(json.dumps([*words]) + "\n")
        asked.flush()
        return Answer(*json.loads(told.readline()))


def serve() -> None:
    """In that process: commands as they come, until nobody asks any more."""
    from shelterctl.cli import app  # noqa: PLC0415 - whoever only asks has it already

    with suppress(KeyboardInterrupt):
        for line in sys.stdin:
            said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
            with redirect_stdout(said), redirect_stderr(said):
                code = app.run(json.loads(line))
            said.seek(0)
            output.narrate(json.dumps([code, said.read()]))
