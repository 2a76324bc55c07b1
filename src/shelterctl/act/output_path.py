"""The target of --out: a file that the user names, or a pipe. A paper or picture is written there and kept nowhere
else.
"""

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
from shelterctl.platform.disk_errors import OUT_FILE, out_not_made_error, translate_disk_errors
from shelterctl.platform.writing import adding_file, can_create_file, free_path, usable_path
from shelterctl.ui_language import N_

FILE_THERE_ALREADY = N_("There is a file of this name already. Choose another name, or add --overwrite to replace it.")
FILE_THERE_FOR_GOOD = N_("There is a file of this name already, and it is not replaced. Choose another name.")
OUT_IS_MISSING = N_("--as needs a file. Name it with --out FILE, or use --out - for a pipe.")
OUT_KIND_UNKNOWN = N_("The file name must end in one of these: {kinds}. Or name the kind with --as.")
OUT_END_UNKNOWN = N_("The file name must end in one of these: {kinds}.")
PAPER_IS_THE_ANSWER = N_("With --out - the paper itself is the answer. Leave out --json and --format.")
OUT_NOT_FOR_TERMINAL = N_("--out - writes to a pipe or a file, not to the screen: shelterctl … --out - > FILE")
OUT_IS_FOLDER = N_("That is a folder. Add a file name to it, such as {example}.")
FILE_NAME_LIKE_HERS = N_(
    "The file name is like {her|his} name. Anyone who sees the folder would know that {she|he} is here. "
    "Choose another name."
)
OUT_FOLDER_MISSING = N_("The folder that --out names does not exist. Create it first, or choose another.")

PIPE = "-"

SHEET_MEDIA = ("pdf", "html", "md", "txt")
"""The formats of a sheet, by file extension."""


class OutputTarget(NamedTuple):
    """The target of a paper or picture: *out* is a file or ``-``, *kind* its extension or the value of --as."""

    out: str
    kind: str
    overwrite: bool

    @property
    def is_pipe(self) -> bool:
        """Whether it is written to standard output."""
        return self.out == PIPE

    @property
    def path(self) -> Path:
        """The path of the file. ``~`` of an unknown user stays as typed, so its folder is reported as missing."""
        with suppress(RuntimeError):
            return Path(self.out).expanduser()
        return Path(self.out)


def read_target(
    out: str | None,
    as_: str | None,
    overwrite: bool,
    kinds: tuple[str, ...],
    *,
    json: bool = False,
    has_as: bool = True,
) -> OutputTarget | None:
    """Return the target that --out, --as and --overwrite name, None without --out. Raises UsageError if they do not fit
    together; *has_as* says whether the command has --as.
    """
    if out is None:
        if as_ is not None:
            raise UsageError("usage/out", OUT_IS_MISSING)
        return None
    if out != PIPE and usable_path(OutputTarget(out, "", overwrite).path).is_dir():
        raise UsageError("usage/out", OUT_IS_FOLDER, example=f"/form.{kinds[0]}")
    kind = as_ or ("" if out == PIPE else Path(out).suffix.lstrip(".").lower()) or (kinds[0] if out == PIPE else "")
    if kind not in kinds:
        said = OUT_KIND_UNKNOWN if has_as else OUT_END_UNKNOWN
        raise UsageError("usage/out", said, kinds=[f".{each}" for each in kinds])
    if out == PIPE and json:
        raise UsageError("usage/out", PAPER_IS_THE_ANSWER)
    if out == PIPE and keyboard.is_terminal(sys.stdout):
        raise UsageError("usage/out", OUT_NOT_FOR_TERMINAL)
    to = OutputTarget(out, kind, overwrite)
    if not to.is_pipe and not to.path.parent.is_dir():
        raise UsageError("usage/out", OUT_FOLDER_MISSING)
    return to


def judge_target(to: OutputTarget | None, key: Path) -> tuple[Finding, ...]:
    """Return the findings that forbid writing any paper to a target; *key* is the key file of this device."""
    if to is None or to.is_pipe:
        return ()
    if why := protected_paths.forbidden_place_reason(to.path, key):
        return (Finding(code="paper/unsafe-place", message=why, where="--out"),)
    if not os.path.lexists(to.path):
        return ()
    why = protected_paths.irreplaceable_reason(to.path)
    if not to.overwrite:
        said = FILE_THERE_FOR_GOOD if why else FILE_THERE_ALREADY
        return (Finding(code="paper/exists", message=said, where="--out"),)
    return (Finding(code="paper/not-replaced", message=why, where="--out"),) if why else ()


def require_room_for(to: OutputTarget | None) -> None:
    """Raise NotFound if no file can be made at a target; for an act that cannot be taken back, before it is done."""
    if to is not None and not to.is_pipe and not can_create_file(free_path(to.path)):
        raise out_not_made_error()


def unsafe_path_reason(path: Path, key: Path, her: Facts | None) -> Sentence | None:
    """Return why a paper may not be written to a path, None if it may: the file name resembles hers, or the place
    belongs to a store or a key.
    """
    return (
        FILE_NAME_LIKE_HERS
        if her and contains_her_name(path.stem, her)
        else protected_paths.forbidden_place_reason(path, key)
    )


def judge_target_name(to: OutputTarget | None, her: Facts | None, record: str) -> tuple[Finding, ...]:
    """Return a finding if the file name of her sheet resembles her name."""
    if to is None or to.is_pipe or not her or not contains_her_name(to.path.stem, her):
        return ()
    return (Finding(code="paper/name-like-hers", message=FILE_NAME_LIKE_HERS, where="--out", record=record),)


@contextmanager
def writing_output(to: OutputTarget, data: bytes) -> Iterator[bytes | None]:
    """Write *data* to the disk before the body of the with statement, and give the file its name after it.

    If the disk or the body fails, the folder is as it was before. For a pipe the data is yielded instead.
    """
    if to.is_pipe:
        yield data
        return
    with ExitStack() as placing:
        with translate_disk_errors(OUT_FILE):
            placing.enter_context(adding_file(to.path, data, overwrite=to.overwrite))
        yield None
        with translate_disk_errors(OUT_FILE):
            placing.close()


def write_output(to: OutputTarget, data: bytes) -> bytes | None:
    """Write *data* to a target; for a pipe return it instead."""
    with writing_output(to, data) as stream:
        return stream
