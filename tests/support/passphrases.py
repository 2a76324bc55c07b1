"""What the tests of passphrases share: an old and a new one, handed to the program on file descriptors."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


OLD, NEW = "orchard кымыз lantern river", "бир эки үч lake"
QUICK = 10


def never() -> str:
    raise AssertionError("nobody was to be asked")


def handed(desk: "Desk", words: str, *, old: str | None = None, new: str | None = None) -> "Answer":
    """The command with passphrases on file descriptors."""
    ends = []
    for flag, text in (("--passphrase-fd", old), ("--new-passphrase-fd", new)):
        if text is not None:
            reading, writing = os.pipe()
            os.write(writing, text.encode() + b"\n")
            os.close(writing)
            words += f" {flag} {reading}"
            ends.append(reading)
    try:
        return desk.ask(words, pass_fds=ends, start_new_session=True, today=None)
    finally:
        for end in ends:
            os.close(end)


def opens(desk: "Desk", passphrase: str) -> bool:
    return handed(desk, "list", old=passphrase).code == 0
