"""The passphrase of a key: read from a descriptor or typed unseen, chosen twice, and six words for who has none."""

import os
from collections.abc import Callable

from shelterctl import screen
from shelterctl.errors import CannotOpen, Usage
from shelterctl.language import N_, Marked

LOCKED = N_("The identity is protected by a passphrase, and there is no terminal to ask for it.")
HOW = N_("Run this at a terminal, or give the passphrase on a file descriptor with {flag} N.")
PASSPHRASE = N_("Passphrase: ")
WRONG = N_("That was not it. Look at Caps Lock and the keyboard's language, and try again: ")
NEW = N_("New passphrase: ")
AGAIN = N_("The same once more: ")
EMPTY = N_("An empty passphrase protects nothing. Use several words.")
UNLIKE = N_("The two passphrases are not the same.")
ONCE_MORE = N_("They were not the same. Once more, with six new words.")
OFFER = N_("Choose a passphrase that only you know. Or take these six words, drawn by lot ({bits} bits):")
TAKE = N_("Write them on paper now, then press Enter to take them; or type a passphrase of your own.")
KEPT = N_("They are not shown again. You type them once from the paper, with a space between them.")
NO_DESCRIPTOR = N_("{flag} names a file descriptor that is not open for reading.")

TRIES = 3
"""How often a passphrase may be wrong at a terminal."""

Asker = Callable[[], str]


def passphrase(descriptor: int | None, *, twice: bool = False, flag: str = "--passphrase-fd") -> str:
    """The passphrase, from *descriptor* or asked on the controlling terminal; CannotOpen if neither is there.

    *twice* is for a new one, which must not be empty; a person is offered six words.
    """
    if descriptor is not None:
        typed = _read(descriptor, flag)
        if twice and not typed:
            raise Usage("usage/passphrase", EMPTY)
        return typed
    return _chosen(flag) if twice else _hidden(PASSPHRASE, flag)


def asking(descriptor: int | None) -> tuple[Asker, int]:
    """Who is asked for the passphrase of a key that exists, and how often: a person may mistype, a descriptor not."""
    if descriptor is not None:
        return lambda: passphrase(descriptor), 1
    prompts = iter([PASSPHRASE])
    return lambda: _hidden(next(prompts, WRONG)), TRIES


def _chosen(flag: str) -> str:
    """A new passphrase, typed twice, or the six words, typed once from the paper that they were written on."""
    from shelterctl.identity import bits, six_words  # noqa: PLC0415 - pyrage is not needed for help

    if not screen.interactive():  # six words written to a file or a pipe would be no secret
        typed = _hidden(NEW, flag)
        if not typed:
            raise Usage("usage/passphrase", EMPTY)
        if _hidden(AGAIN, flag) != typed:
            raise Usage("usage/passphrase", UNLIKE)
        return typed
    for _ in range(TRIES):
        words = six_words()
        with screen.alone():
            screen.tell(OFFER, {"bits": bits()})
            screen.write(["", words, ""], indent="    ", bold=True)
            screen.tell(TAKE)
            screen.tell(KEPT)
            typed = _hidden(NEW, flag) or words
        if _hidden(AGAIN, flag) == typed:
            return typed
        screen.tell(ONCE_MORE)
    raise Usage("usage/passphrase", UNLIKE)


def _read(descriptor: int, flag: str) -> str:
    try:
        with os.fdopen(descriptor, "r", encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, ValueError) as error:  # ValueError: a negative number, or bytes that are no text
        raise Usage("usage/passphrase-fd", NO_DESCRIPTOR, flag=flag) from error


def _hidden(prompt: Marked, flag: str = "--passphrase-fd") -> str:
    """A line typed on the controlling terminal without being shown; never read from standard input."""
    import getpass  # noqa: PLC0415 - only where a passphrase is asked
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            with open(os.ctermid(), "rb") if os.name == "posix" else open("CONIN$", "rb"):
                pass
            return getpass.getpass(screen.said(prompt))
        except EOFError:  # Ctrl-D
            screen.write([""])
            raise KeyboardInterrupt from None
        except (OSError, getpass.GetPassWarning) as error:
            raise CannotOpen("vault/no-passphrase", LOCKED, hint=HOW, flag=flag) from error
