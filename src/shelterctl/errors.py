"""Reasons there is no answer, and the exit codes."""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a process ends with; stable, documented in README, each one provoked by a test."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    NOT_FOUND = 3
    RULEBOOK = 4
    CANNOT_OPEN = 5
    DAMAGED = 6
    CONFLICT = 7
    DISK = 8
    BUG = 70
    INTERRUPTED = 130


class ShelterError(Exception):
    """There is no answer to give.

    *message* and *hint* are sentences marked with ``ui_language.N_``; what stands in their braces comes from
    *facts*: a place, an amount, a date or a code, never a value of a person.
    """

    exit: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, code: str, message: str, *, hint: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.hint = hint
        self.facts = facts


class UsageError(ShelterError):
    """The words on the command line do not fit: a flag, a date, a file that is not there."""

    exit = ExitCode.USAGE


class NotFound(ShelterError):
    """No such store, client, form or clause."""

    exit = ExitCode.NOT_FOUND


class BrokenRulebook(ShelterError):
    """Our own shelf, schema or template is at fault; the message names file and place.

    *position* is the JSON pointer of that place with line and column; None where no file of a rulebook is at fault.
    *others* are the errors of all other places. *word* is the one that is unknown there, if one is; *has_vocabulary*
    says whether any could be known.
    """

    exit = ExitCode.RULEBOOK
    position: tuple[str, int | None, int | None] | None = None
    others: "tuple[BrokenRulebook, ...]" = ()
    word: str | None = None
    has_vocabulary = True

    @property
    def slips(self) -> "tuple[BrokenRulebook, ...]":
        """Every slip of a rulebook that it tells, the first one too; none where something else of ours is at fault."""
        return tuple(one for one in (self, *self.others) if one.position)


class CannotOpen(ShelterError):
    """No identity, a wrong passphrase, or a file that was not sealed to this identity."""

    exit = ExitCode.CANNOT_OPEN


class Damaged(ShelterError):
    """Something in the store is damaged, forged or rolled back."""

    exit = ExitCode.DAMAGED


class Conflict(ShelterError):
    """Changed by someone else, merge marks left in a text, or the store is locked."""

    exit = ExitCode.CONFLICT


class DiskError(ShelterError):
    """The disk is full, permission is denied, or reading and writing failed."""

    exit = ExitCode.DISK
