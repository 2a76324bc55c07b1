"""Where a paper or picture is written: a file that the user names, or a pipe. Nothing of it is kept elsewhere."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from shelterctl.platform.reading import is_name_free
from shelterctl.platform.writing import (
    link_unnamed_file,
    remove_file,
    rename_file,
    sync_folder,
    usable_path,
    write_new_file,
    write_unnamed_file,
)
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

    It has no name until then, or a hidden one where the system knows no files without, so that the name that was asked
    for is only ever that of a whole file, readable by its owner alone. Where the disk or what is done inside fails,
    everything that the folder held is as it was.
    """
    if to.is_pipe:
        yield data
        return
    with translate_disk_errors("--out"):
        is_name_free(to.path)  # a name that is too long is told before anything is noted
        unnamed = write_unnamed_file(to.path.parent, data)
    if unnamed is None:
        with _write_hidden(to, data):
            yield None
        return
    try:
        yield None
        with translate_disk_errors("--out"):
            _give_name(unnamed, to, data)
    finally:
        with suppress(OSError):
            os.close(unnamed)


def write_output(to: OutputTarget, data: bytes) -> bytes | None:
    """Write *data* where nothing else is to be done meanwhile; what is to be piped is returned."""
    with writing_output(to, data) as stream:
        return stream


def _give_name(unnamed: int, to: OutputTarget, data: bytes) -> None:
    """The file without a name under the one that was asked for, on disk.

    No system lets it take over the name of another in one step. So what is to be replaced goes first: a kill in between
    costs a sheet that was no longer wanted, where a second name for an instant could leave hers behind, hidden.
    """
    if to.overwrite:
        remove_file(to.path)
    try:
        link_unnamed_file(unnamed, to.path)
    except FileExistsError:
        raise
    except OSError:  # a system that forbids it
        with _write_hidden(to, data):
            return
    _sync_name(to)


@contextmanager
def _write_hidden(to: OutputTarget, data: bytes) -> Iterator[None]:
    """The same by a hidden name, for systems that know no other way; one that a kill left behind is taken away."""
    hidden = to.path.with_name(f".{to.path.name}.tmp")
    with translate_disk_errors("--out"):
        remove_file(hidden)
        write_new_file(hidden, data)
    try:
        yield
        with translate_disk_errors("--out"):
            if not to.overwrite and not is_name_free(to.path):
                raise FileExistsError(errno.EEXIST, FILE_THERE_ALREADY)
            rename_file(hidden, to.path)
            _sync_name(to)
    except BaseException:
        with suppress(OSError):
            remove_file(hidden)
        raise


def _sync_name(to: OutputTarget) -> None:
    """The name is on the disk too; a new one that cannot be is taken back."""
    try:
        sync_folder(to.path.parent)
    except BaseException:
        if not to.overwrite:
            with suppress(OSError):
                remove_file(to.path)
        raise
