"""What is to be written, what was, and that somebody else was there in between."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shelterctl import errors
from shelterctl.language import N_


class Change(NamedTuple):
    """What a file is to say, and the version it was read at; None where it is new.

    Without *data* the file is given up. What *repairs* goes into the place of what is damaged; *sealed* are bytes that
    were sealed before; *more* is told in the journal.
    """

    name: str
    data: bytes | None
    base: str | None
    repairs: bool = False
    sealed: bool = False
    more: Mapping[str, Any] | None = None


class Written(NamedTuple):
    """The version that is now saved; where not *finished*, tidying up is left to the next command."""

    version: str
    finished: bool


def too_large(name: str, most: int) -> errors.Usage:
    """The error of a file that would have more bytes than it may."""
    return errors.Usage(
        "vault/too-large",
        N_("{place} would be larger than a file of a store may be: {most} KiB. Nothing was written."),
        hint=N_("Shorten what is written in it; scans and photographs do not belong in a record."),
        place=name,
        most=most >> 10,
    )


def changed_meanwhile(name: str) -> errors.Conflict:
    """The error of a file that is no longer the version that was read."""
    return errors.Conflict(
        "vault/changed",
        N_("{place} was changed by someone else since it was read; nothing was written."),
        hint=N_("Run the command again: it goes on from the newest version."),
        place=name,
    )
