"""The errors of the program, and its exit codes."""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The exit codes of the program: stable, listed in README, and each provoked by a test."""

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
    """An error whose message goes to the user.

    *message* and *hint* are sentences marked with ``ui_language.N_``. Their placeholders are filled from *facts*: a
    place, an amount, a date or a code, never a value of a person.
    """

    exit: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, code: str, message: str, *, hint: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.hint = hint
        self.facts = facts


class UsageError(ShelterError):
    """The command line is wrong: an option, a date, or the name of a file that does not exist."""

    exit = ExitCode.USAGE


class NotFound(ShelterError):
    """No such store, client, form or clause."""

    exit = ExitCode.NOT_FOUND


class BrokenRulebook(ShelterError):
    """A file of the rulebook, a schema or a template is wrong; the message names file and place.

    *position* is the JSON pointer of that place with line and column; None where no file of a rulebook is at fault.
    *others* are the errors at all other places. *word* is the unknown word, if the error is about one; *has_vocabulary*
    is false where no list of known words exists.
    """

    exit = ExitCode.RULEBOOK
    position: tuple[str, int | None, int | None] | None = None
    others: "tuple[BrokenRulebook, ...]" = ()
    word: str | None = None
    has_vocabulary = True

    @property
    def slips(self) -> "tuple[BrokenRulebook, ...]":
        """All errors of the rulebook, this one included; none if no file of a rulebook is at fault."""
        return tuple(one for one in (self, *self.others) if one.position)


class CannotOpen(ShelterError):
    """There is no key, the passphrase is wrong, or the file was not encrypted for this key."""

    exit = ExitCode.CANNOT_OPEN


class Damaged(ShelterError):
    """Something in the store is damaged, forged or rolled back."""

    exit = ExitCode.DAMAGED


class Conflict(ShelterError):
    """Somebody else changed the file, a text has merge marks, or the store is locked."""

    exit = ExitCode.CONFLICT


class DiskError(ShelterError):
    """The disk is full, permission is denied, or reading and writing failed."""

    exit = ExitCode.DISK
