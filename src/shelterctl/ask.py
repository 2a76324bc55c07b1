"""The voice that asks. Nothing else prompts."""

import os

from shelterctl.errors import CannotOpen, Usage
from shelterctl.language import N_, say

LOCKED = N_("The identity is protected by a passphrase, and there is no terminal to ask for it.")
HOW = N_("Run this at a terminal, or give the passphrase on a file descriptor with --passphrase-fd N.")
PASSPHRASE = N_("Passphrase: ")
AGAIN = N_("The same once more: ")
EMPTY = N_("An empty passphrase protects nothing. Use several words; or say --no-passphrase.")
UNLIKE = N_("The two passphrases are not the same.")
NO_DESCRIPTOR = N_("--passphrase-fd names a file descriptor that is not open for reading.")


def passphrase(descriptor: int | None, *, twice: bool = False) -> str:
    """The passphrase, from *descriptor* or asked on the controlling terminal; CannotOpen if neither is there."""
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "r", encoding="utf-8") as stream:
                return stream.readline().rstrip("\r\n")
        except OSError as error:
            raise Usage("usage/passphrase-fd", NO_DESCRIPTOR) from error
    typed = _hidden(PASSPHRASE)
    if twice and not typed:
        raise Usage("usage/passphrase", EMPTY)
    if twice and _hidden(AGAIN) != typed:
        raise Usage("usage/passphrase", UNLIKE)
    return typed


def _hidden(prompt: str) -> str:
    """A line typed on the controlling terminal without being shown; never read from standard input."""
    import getpass  # noqa: PLC0415 - only where a passphrase is asked
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            with open(os.ctermid(), "rb") if os.name == "posix" else open("CONIN$", "rb"):
                pass
            return getpass.getpass(say(prompt, {}))
        except (OSError, EOFError, getpass.GetPassWarning) as error:
            raise CannotOpen("vault/no-passphrase", LOCKED, hint=HOW) from error
