"""Where a paper or picture is written: a file that the user names, or a pipe. Nothing of it is kept elsewhere."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import machine
from shelterctl.act import protection
from shelterctl.core.finding import Finding
from shelterctl.core.person import names_her
from shelterctl.core.record import Facts
from shelterctl.errors import Usage
from shelterctl.language import N_, Sentence

THERE = N_("There is a file of this name already. Choose another name, or add --overwrite to replace it.")
NO_OUT = N_("--as says what the file of --out is to be. Name that file: --out FILE, or --out - for a pipe.")
NO_KIND = N_("The name of the file must say what it is to be: {kinds}. Or say it with --as.")
ONE_ANSWER = N_("With --out - the paper itself is the answer; leave --json and --format out.")
TO_A_SCREEN = N_("What --out - writes is for a pipe or a file, not for a terminal: shelterctl … --out - > FILE")
IS_FOLDER = N_("That is a folder. Add the name of the file behind it, such as {example}.")
NAMED = N_(
    "The name of the file is like hers. Whoever sees the folder would know that she is here: choose another name."
)
NO_FOLDER = N_("The folder that --out names is not there. Make it first, or choose another.")

PIPE = "-"

MEDIA = ("pdf", "html", "md", "txt")
"""What a sheet can be made into, by the ending of its file."""


class Target(NamedTuple):
    """Where a paper or picture goes: *out* is a file or ``-``, *kind* its ending or what --as says."""

    out: str
    kind: str
    overwrite: bool

    @property
    def piped(self) -> bool:
        """Whether it goes out through standard output."""
        return self.out == PIPE

    @property
    def path(self) -> Path:
        """The file; a home that nobody has is a folder that is not there."""
        with suppress(RuntimeError):
            return Path(self.out).expanduser()
        return Path(self.out)


def target_of(
    out: str | None, as_: str | None, overwrite: bool, kinds: tuple[str, ...], *, json: bool = False
) -> Target | None:
    """The target that --out, --as and --overwrite name, None where there is no --out; Usage where they do not fit."""
    if out is None:
        if as_ is not None:
            raise Usage("usage/out", NO_OUT)
        return None
    if out != PIPE and machine.kept(Target(out, "", overwrite).path).is_dir():
        raise Usage("usage/out", IS_FOLDER, example=f"/form.{kinds[0]}")
    kind = as_ or ("" if out == PIPE else Path(out).suffix.lstrip(".").lower()) or (kinds[0] if out == PIPE else "")
    if kind not in kinds:
        raise Usage("usage/out", NO_KIND, kinds=[f".{each}" for each in kinds])
    if out == PIPE and json:
        raise Usage("usage/out", ONE_ANSWER)
    if out == PIPE and machine.is_terminal(sys.stdout):
        raise Usage("usage/out", TO_A_SCREEN)
    to = Target(out, kind, overwrite)
    if not to.piped and not to.path.parent.is_dir():
        raise Usage("usage/out", NO_FOLDER)
    return to


def in_the_way(to: Target | None, key: Path) -> tuple[Finding, ...]:
    """The findings that forbid to write there, whatever it is; *key* is the file with the key of this device."""
    if to is None or to.piped:
        return ()
    if why := protection.astray(to.path, key):
        return (Finding(code="paper/unsafe-place", message=why, where="--out"),)
    if not os.path.lexists(to.path):
        return ()
    if not to.overwrite:
        return (Finding(code="paper/exists", message=THERE, where="--out"),)
    why = protection.spared(to.path)
    return (Finding(code="paper/not-replaced", message=why, where="--out"),) if why else ()


def unsafe(path: Path, key: Path, her: Facts | None) -> Sentence | None:
    """Why a paper may not go there: its name would tell who she is, or a store or a key has its place there."""
    return NAMED if her and names_her(path.stem, her) else protection.astray(path, key)


def telling(to: Target | None, her: Facts | None, record: str) -> tuple[Finding, ...]:
    """A finding about the sheet of her record, where the name of the file would tell who she is."""
    if to is None or to.piped or not her or not names_her(to.path.stem, her):
        return ()
    return (Finding(code="paper/unsafe-place", message=NAMED, where="--out", record=record),)


@contextmanager
def putting(to: Target, data: bytes) -> Iterator[bytes | None]:
    """Write *data* around what is done inside: on the disk before it, under its name after it. A pipe gets it back.

    It has no name until then, or a hidden one where the system knows no files without, so that the name that was asked
    for is only ever that of a whole file, readable by its owner alone. Where the disk or what is done inside fails,
    everything that the folder held is as it was.
    """
    if to.piped:
        yield data
        return
    with machine.disk("--out"):
        machine.is_free(to.path)  # a name that is too long is told before anything is noted
        unnamed = machine.write_unnamed(to.path.parent, data)
    if unnamed is None:
        with _hidden(to, data):
            yield None
        return
    try:
        yield None
        with machine.disk("--out"):
            _named(unnamed, to, data)
    finally:
        with suppress(OSError):
            os.close(unnamed)


def put(to: Target, data: bytes) -> bytes | None:
    """Write *data* where nothing else is to be done meanwhile; what is to be piped is returned."""
    with putting(to, data) as stream:
        return stream


def _named(unnamed: int, to: Target, data: bytes) -> None:
    """The file without a name under the one that was asked for, on disk.

    No system lets it take over the name of another in one step. So what is to be replaced goes first: a kill in between
    costs a sheet that was no longer wanted, where a second name for an instant could leave hers behind, hidden.
    """
    if to.overwrite:
        machine.remove(to.path)
    try:
        machine.name(unnamed, to.path)
    except FileExistsError:
        raise
    except OSError:  # a system that forbids it
        with _hidden(to, data):
            return
    _settled(to)


@contextmanager
def _hidden(to: Target, data: bytes) -> Iterator[None]:
    """The same by a hidden name, for systems that know no other way; one that a kill left behind is taken away."""
    hidden = to.path.with_name(f".{to.path.name}.tmp")
    with machine.disk("--out"):
        machine.remove(hidden)
        machine.write_new(hidden, data)
    try:
        yield
        with machine.disk("--out"):
            if not to.overwrite and not machine.is_free(to.path):
                raise FileExistsError(errno.EEXIST, THERE)
            machine.move(hidden, to.path)
            _settled(to)
    except BaseException:
        with suppress(OSError):
            machine.remove(hidden)
        raise


def _settled(to: Target) -> None:
    """The name is on the disk too; a new one that cannot be is taken back."""
    try:
        machine.sync_folder(to.path.parent)
    except BaseException:
        if not to.overwrite:
            with suppress(OSError):
                machine.remove(to.path)
        raise
