"""The program as a process of its own, begun anew or forked from here, where everything is imported already."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryFile
from typing import Any, NoReturn

import jsonschema_rs
import system
from carrying import carried_out, hasten
from patience import ended, patience

from shelterctl.cli.commands import COMMAND_SUMMARIES, load_command
from shelterctl.identity import memorable_words
from shelterctl.rulebook.files import read_errors, read_glossary, read_schema_file
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.stored import shelter_schema
from shelterctl.store.compatibility import compile_shape

PAGE = jsonschema_rs.validator_for(dict(read_schema_file("outcome")))

memorable_words._FINGERPRINT_COST = 1 << 10  # what makes guessing slow makes nobody wait
LATE = (
    "cryptography.hazmat.primitives.asymmetric.ed25519", "ctypes", "encodings.utf_8_sig", "filelock", "jinja2.ext",
    "jsonschema", "jsonschema_rs", "pyrage", "readline", "resource", "rich.console", "rich.progress", "rich.text",
    "typer._click.decorators",
)  # fmt: skip
"""What the program imports only when it is needed; Typst has threads, which do not come along."""


@dataclass(frozen=True)
class Answer:
    """What one process left behind."""

    code: int
    out: str
    err: str
    seconds: float = 0.0
    """What it took of a processor."""

    @property
    def page(self) -> dict[str, Any]:
        """The page, which is what its schema tells of that command."""
        page: dict[str, Any] = json.loads(self.out)
        PAGE.validate(page)
        return page

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.page["data"]
        return data

    @property
    def error(self) -> str:
        return str((self.page["error"] or {}).get("code"))

    def codes(self, *severities: str) -> list[str]:
        """The codes of the findings, of these severities or of any."""
        return [found["code"] for found in self.page["findings"] if not severities or found["severity"] in severities]

    @property
    def refusals(self) -> list[str]:
        return self.codes("refuse")

    def finding(self, code: str) -> dict[str, Any]:
        """The first finding of that code."""
        return next(found for found in self.page["findings"] if found["code"] == code)


def started(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], **how: Any) -> Answer:
    """The command as a new program: what a person waits for, 150 ms of it for Python and what is imported."""
    system.posix_only("a process of POSIX", "windows/test_job.py")
    command = [sys.executable, "-m", "shelterctl", *words]
    how = how if "input" in how else {"stdin": subprocess.DEVNULL} | how
    before = _spent()
    told = subprocess.run(command, capture_output=True, cwd=cwd, env=env, timeout=patience(), check=False, **how)
    return Answer(told.returncode, told.stdout.decode(), told.stderr.decode(), _spent() - before)


def forked(
    words: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    input: bytes = b"",
    pass_fds: Sequence[int] = (),
    start_new_session: bool = False,
) -> Answer:
    """The command in a process that begins with everything imported: the same, in a tenth of the time."""
    with TemporaryFile() as stdin, TemporaryFile() as out, TemporaryFile() as err:
        stdin.write(input)
        stdin.seek(0)

        system.posix_only("a fork", "the same by processes")

        def streams() -> None:
            for number, stream in enumerate((stdin, out, err)):
                os.dup2(stream.fileno(), number)
            if start_new_session:
                os.setsid()

        before = _spent()
        if (child := os.fork()) == 0:
            become(words, cwd, env, streams)
        code = ended(child)
        assert code is not None, "it does not end"
        encoding = env.get("PYTHONIOENCODING", "utf-8")
        texts = [(stream.seek(0), stream.read().decode(encoding))[1] for stream in (out, err)]
        return Answer(code, texts[0], texts[1], _spent() - before)


def _spent() -> float:
    """Seconds that children which have ended took of a processor."""
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def become(words: Sequence[str], cwd: Path, env: Mapping[str, str], first: Callable[[], object]) -> NoReturn:
    """In a child: the program as ``python -m shelterctl`` finds the world, to its end; *first* is done before."""
    code = 70
    try:
        assert "typst" not in sys.modules, "its threads do not come along: press with media.pressed"
        become_ready()
        first()
        code = carried_out(words, cwd, env)
    finally:
        os._exit(code)


def become_ready() -> None:
    """In a child: Ctrl-C is heard, no window is held open, and what makes guessing slow makes nobody wait."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):  # a terminal is only gone once nobody holds the side of its window any more
            if os.readlink(f"/proc/self/fd/{number}").endswith("/ptmx"):
                os.close(int(number))
    hasten()


def known_already() -> None:
    """Everything that a command imports or reads of the shelf, once: whatever is forked from here has it."""
    for name in COMMAND_SUMMARIES:
        load_command(name)
    for name in LATE:
        import_module(name)
    read_errors()
    read_glossary()
    rulebook = open_rulebook()
    for name in ("edition", "forms", "annexes", "languages", "house_kinds", "places", "report", "states", "findings"):
        getattr(rulebook, name)
    for shape in (
        *(compile_shape(made, rulebook) for made in (shelter_schema, published.resident_schema)),
        *(compile_shape(read_schema_file, name) for name in ("staff", "directory", "secrets")),
    ):
        shape.findings({})
    gc.collect()
    gc.freeze()
