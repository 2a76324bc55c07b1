"""Where a paper or picture is written: a file that the user names, or a pipe. Nothing of it is kept elsewhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.core.people import contains_her_name
from shelterctl.core.values.facts import Facts
from shelterctl.custody import protected_paths
from shelterctl.errors import UsageError
from shelterctl.language import Sentence
from shelterctl.platform import keyboard
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.writing import adding_file, usable_path
from shelterctl.ui_language import N_

FILE_THERE_ALREADY = N_("There is a file of this name already. Choose another name, or add --overwrite to replace it.")
OUT_IS_MISSING = N_("--as says what the file of --out is to be. Name that file: --out FILE, or --out - for a pipe.")
OUT_KIND_UNKNOWN = N_("The name of the file must say what it is to be: {kinds}. Or say it with --as.")
PAPER_IS_THE_ANSWER = N_("With --out - the paper itself is the answer; leave --json and --format out.")
OUT_NOT_FOR_TERMINAL = N_(
    "What --out - writes is for a pipe or a file, not for a terminal: shelterctl … --out - > FILE"
)
OUT_IS_FOLDER = N_("That is a folder. Add the name of the file behind it, such as {example}.")
FILE_NAME_LIKE_HERS = N_(
    "The name of the file is like hers. Whoever sees the folder would know that she is here: choose another name."
)
OUT_FOLDER_MISSING = N_("The folder that --out names is not there. Make it first, or choose another.")

PIPE = "-"

SHEET_MEDIA = ("pdf", "html", "md", "txt")
"""What a sheet can be made into, by the ending of its file."""


class OutputTarget(NamedTuple):
    """Where a paper or picture goes: *out* is a file or ``-``, *kind* its ending or what --as says."""

    out: str
    kind: str
    overwrite: bool

    @property
    def is_pipe(self) -> bool:
        """Whether it goes out through standard output."""
        return self.out == PIPE

    @property
    def path(self) -> Path:
        """The file; a home that nobody has is a folder that is not there."""
        with suppress(RuntimeError):
            return Path(self.out).expanduser()
        return Path(self.out)


def read_target(
    out: str | None, as_: str | None, overwrite: bool, kinds: tuple[str, ...], *, json: bool = False
) -> OutputTarget | None:
    """The target that --out, --as and --overwrite name, None without --out; UsageError where they do not fit."""
    if out is None:
        if as_ is not None:
            raise UsageError("usage/out", OUT_IS_MISSING)
        return None
    if out != PIPE and usable_path(OutputTarget(out, "", overwrite).path).is_dir():
        raise UsageError("usage/out", OUT_IS_FOLDER, example=f"/form.{kinds[0]}")
    kind = as_ or ("" if out == PIPE else Path(out).suffix.lstrip(".").lower()) or (kinds[0] if out == PIPE else "")
    if kind not in kinds:
        raise UsageError("usage/out", OUT_KIND_UNKNOWN, kinds=[f".{each}" for each in kinds])
    if out == PIPE and json:
        raise UsageError("usage/out", PAPER_IS_THE_ANSWER)
    if out == PIPE and keyboard.is_terminal(sys.stdout):
        raise UsageError("usage/out", OUT_NOT_FOR_TERMINAL)
    to = OutputTarget(out, kind, overwrite)
    if not to.is_pipe and not to.path.parent.is_dir():
        raise UsageError("usage/out", OUT_FOLDER_MISSING)
    return to


def judge_target(to: OutputTarget | None, key: Path) -> tuple[Finding, ...]:
    """The findings that forbid to write there, whatever it is; *key* is the file with the key of this device."""
    if to is None or to.is_pipe:
        return ()
    if why := protected_paths.forbidden_place_reason(to.path, key):
        return (Finding(code="paper/unsafe-place", message=why, where="--out"),)
    if not os.path.lexists(to.path):
        return ()
    if not to.overwrite:
        return (Finding(code="paper/exists", message=FILE_THERE_ALREADY, where="--out"),)
    why = protected_paths.irreplaceable_reason(to.path)
    return (Finding(code="paper/not-replaced", message=why, where="--out"),) if why else ()


def unsafe_path_reason(path: Path, key: Path, her: Facts | None) -> Sentence | None:
    """Why a paper may not go there: its name would tell who she is, or a store or a key has its place there."""
    return (
        FILE_NAME_LIKE_HERS
        if her and contains_her_name(path.stem, her)
        else protected_paths.forbidden_place_reason(path, key)
    )


def judge_target_name(to: OutputTarget | None, her: Facts | None, record: str) -> tuple[Finding, ...]:
    """A finding about the sheet of her record, where the name of the file would tell who she is."""
    if to is None or to.is_pipe or not her or not contains_her_name(to.path.stem, her):
        return ()
    return (Finding(code="paper/unsafe-place", message=FILE_NAME_LIKE_HERS, where="--out", record=record),)


@contextmanager
def writing_output(to: OutputTarget, data: bytes) -> Iterator[bytes | None]:
    """Write *data* around what is done inside: on the disk before it, under its name after it. A pipe gets it back.

    Where the disk or what is done inside fails, everything that the folder held is as it was.
    """
    if to.is_pipe:
        yield data
        return
    with ExitStack() as placing:
        with translate_disk_errors("--out"):
            placing.enter_context(adding_file(to.path, data, overwrite=to.overwrite))
        yield None
        with translate_disk_errors("--out"):
            placing.close()


def write_output(to: OutputTarget, data: bytes) -> bytes | None:
    """Write *data* where nothing else is to be done meanwhile; what is to be piped is returned."""
    with writing_output(to, data) as stream:
        return stream
