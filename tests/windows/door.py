"""The program as a process of Windows: begun anew, or one that serves command after command."""

import json
import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from select import select
from tempfile import NamedTemporaryFile

from tests.support.command import Answer
from tests.support.processes import patience
from tests.windows import computer

MOST = 400
"""Commands that one process carries out."""

PATH = re.compile(rf"{computer.DRIVE}(?:\\[^\\\s\"«»,;]+)+|\b[\w.-]+(?:\\[\w.-]+)+")
NOT_THERE = {"PATH", "HOME", "PYTHONPATH"}


def there(env: Mapping[str, str]) -> dict[str, str]:
    """What of an environment is handed on to Windows, where each path names its drive."""
    handed = {name: value for name, value in env.items() if name not in NOT_THERE}
    return {name: computer.windows(Path(value)) if value.startswith("/") else value for name, value in handed.items()}


def session(told: bytes) -> str:
    """What was told, with paths as this computer writes them; of pages for programs each backslash is doubled."""
    text = told.decode()
    if not text.startswith("{"):
        return PATH.sub(lambda found: found[0].removeprefix(computer.DRIVE).replace("\\", "/"), text)
    if '"$id"' in text:
        return text
    return re.sub(rf"{computer.DRIVE}(?=/)", "", re.sub(r"\\\\(?=[\w.])", "/", text))


def started(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], input: bytes = b"") -> Answer:
    """The command as a new program."""
    around = {"SHELTERCTL_LANG": "en", **there(env), **computer.around()}
    begun = time.monotonic()
    _answered[0] += 1
    told = subprocess.run(
        computer.command("-m", "shelterctl", *words), cwd=cwd, env=around, input=input, capture_output=True,
        timeout=patience(), check=False,
    )  # fmt: skip
    return Answer(told.returncode, session(told.stdout), session(told.stderr), time.monotonic() - begun)


class Servant:
    """A process of Windows that was begun once."""

    def __init__(self) -> None:
        self.owner, self.answered = os.getpid(), 0
        self.process = subprocess.Popen(
            computer.command("-m", "tests.windows.serving"), cwd="/", env=computer.around(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def answer(self, words: Sequence[str], cwd: Path, env: Mapping[str, str], input: bytes) -> Answer:
        """What the command came to."""
        asks, answers = self.process.stdin, self.process.stdout
        assert asks is not None
        assert answers is not None
        with NamedTemporaryFile() as stdin, NamedTemporaryFile() as out, NamedTemporaryFile() as err:
            stdin.write(input)
            stdin.flush()
            asks.write(json.dumps([list(words), str(cwd), there(env), stdin.name, out.name, err.name]).encode() + b"\n")
            asks.flush()
            said = answers.readline() if select([answers], [], [], patience())[0] else b""
            if not said:
                self.end()
                raise AssertionError("it does not end, or took the process with it")
            self.answered += 1
            _answered[0] += 1
            code, seconds = said.split()
            return Answer(int(code), session(out.read()), session(err.read()), float(seconds))

    def end(self) -> None:
        """The process ended, whatever it does."""
        self.process.kill()
        self.process.wait()
        _here.clear()


_here: list[Servant] = []
_answered = [0]


def answered() -> int:
    """How many commands were carried out by Windows since this process began."""
    return _answered[0]


def served(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], input: bytes = b"") -> Answer:
    """The command carried out where others were before it, and others will be."""
    if _here and _here[0].answered == MOST:
        dismissed()
    if not _here or _here[0].owner != os.getpid():
        _here[:] = [Servant()]
    return _here[0].answer(words, cwd, env, input)


def dismissed() -> None:
    """Nobody serves any more."""
    if _here and _here[0].owner == os.getpid():
        _here[0].end()
