"""Where a paper or picture goes: into a file that the user names, or out through a pipe. Nothing is kept elsewhere."""

import sys
from pathlib import Path
from typing import NamedTuple

from shelterctl import machine
from shelterctl.core.finding import Finding
from shelterctl.errors import Usage
from shelterctl.language import N_

THERE = N_("There is a file of this name already. Choose another name, or add --overwrite to replace it.")
NO_KIND = N_("The name of the file must say what it is to be: {kinds}. Or say it with --as.")
ONE_ANSWER = N_("With --out - the paper itself is the answer; leave --json and --format out.")
TO_A_SCREEN = N_("What --out - writes is for a pipe or a file, not for a terminal: shelterctl … --out - > FILE")
NO_FOLDER = N_("The folder that --out names is not there. Make it first, or choose another.")

PIPE = "-"


class Handed(NamedTuple):
    """Where to: *out* a file or ``-``, *kind* its ending or what --as says."""

    out: str
    kind: str
    overwrite: bool

    @property
    def piped(self) -> bool:
        """Whether it goes out through standard output."""
        return self.out == PIPE


def handed(out: str, as_: str | None, overwrite: bool, kinds: tuple[str, ...], *, json: bool = False) -> Handed:
    """What --out, --as and --overwrite say; Usage where they do not fit."""
    kind = as_ or ("" if out == PIPE else Path(out).suffix.lstrip(".").lower()) or (kinds[0] if out == PIPE else "")
    if kind not in kinds:
        raise Usage("usage/out", NO_KIND, kinds=[f".{each}" for each in kinds])
    if out == PIPE and json:
        raise Usage("usage/out", ONE_ANSWER)
    if out == PIPE and sys.stdout.isatty():
        raise Usage("usage/out", TO_A_SCREEN)
    if out != PIPE and not Path(out).expanduser().parent.is_dir():
        raise Usage("usage/out", NO_FOLDER)
    return Handed(out, kind, overwrite)


def in_the_way(to: Handed | None) -> tuple[Finding, ...]:
    """That a file is there already, and nobody said that it may be replaced."""
    if to is None or to.piped or to.overwrite or not Path(to.out).expanduser().exists():
        return ()
    return (Finding(code="paper/exists", message=THERE, where="--out"),)


def put(to: Handed, data: bytes) -> bytes | None:
    """Write *data* into the file, readable by its owner alone, whole or not at all; what is piped is given back."""
    if to.piped:
        return data
    path = Path(to.out).expanduser()
    with machine.disk("--out"):
        if to.overwrite:
            machine.replace(path, data)
        else:
            machine.write_new(path, data)
    return None
