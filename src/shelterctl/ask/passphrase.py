"""The passphrase of a key: read from a descriptor or typed unseen, chosen twice, and six words for who has none."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from shelterctl import bound, machine, screen
from shelterctl.core import notation
from shelterctl.errors import CannotOpen, Usage
from shelterctl.language import N_, Marked, Plural, Sentence

LOCKED = N_("The identity is protected by a passphrase, and there is no terminal to ask for it.")
UNCHOSEN = N_("The key is to get a passphrase, and there is no terminal to choose it at.")
HOW = N_("Run this at a terminal, or give the passphrase on a file descriptor with {flag} N.")
PASSPHRASE = N_("Passphrase: ")
PRESENT = N_("The passphrase as it is now: ")
WRONG = N_("That was not it. Look at Caps Lock and the keyboard's language, and try again: ")
NOTHING = N_("Nothing was typed. Type the passphrase, or leave with Ctrl-C: ")
UNLOCKING = N_("Unlocking the key…")
LOCKING = N_("Wait: the key is being locked with the passphrase…")
NEW = N_("New passphrase: ")
AGAIN = N_("The same once more: ")
EMPTY = N_("An empty passphrase protects nothing. Use several words.")
TOO_SHORT = N_(
    "The new passphrase is too short: it needs {least} characters or more, or it would be guessed. Use several words; "
    "at a terminal six are offered."
)
UNLIKE = N_("The two passphrases are not the same.")
ONCE_MORE = N_("They were not the same. Look at the keyboard's language. Once more: the six words are still these.")
LAYOUT = N_("Those were the six words on the other layout of the keyboard: they are Latin letters. Once more:")
SHORT = Plural(
    N_("That has {count} character: too few, it would be guessed. Use {least} or more, or take the six words."),
    N_("That has {count} characters: too few, it would be guessed. Use {least} or more, or take the six words."),
    by="count",
)
OFFER = N_("Choose a passphrase that only you know. Or take these six words, drawn by lot ({bits} bits):")
TAKE = N_("Write them on paper now, then press Enter to take them; or type a passphrase of your own.")
KEPT = N_("They are not shown again. You type them once from the paper, with a space between them.")
NO_DESCRIPTOR = N_("{flag} names a file descriptor that is not open for reading.")

TRIES = 3
"""How often a passphrase may be wrong at a terminal."""

LEAST = 10
"""How many characters a new passphrase has at least; one that was chosen before still opens its key."""

Asker = Callable[[], str]


def passphrase(descriptor: int | None, *, twice: bool = False, flag: str = "--passphrase-fd") -> str:
    """The passphrase, from *descriptor* or asked on the controlling terminal; CannotOpen if neither is there.

    *twice* is for a new one, which must not be empty or short; a person is offered six words.
    """
    if descriptor is not None:
        typed = _read(descriptor, flag)
        return _long_enough(typed) if twice else typed
    return _chosen(flag) if twice else hidden(PASSPHRASE, flag)


def asking(descriptor: int | None, prompt: Marked = PASSPHRASE) -> tuple[Asker, int]:
    """Who is asked for the passphrase of a key that exists, and how often: a person may mistype, a descriptor not."""
    if descriptor is not None:
        return lambda: passphrase(descriptor), 1
    prompts = iter([prompt])

    def asked() -> str:
        typed = hidden(next(prompts, WRONG))
        while not typed:  # Enter alone opens nothing, and is no try
            typed = hidden(NOTHING)
        return typed

    return asked, TRIES


@contextmanager
def unlocking(descriptor: int | None, *, quiet: bool = False, sentence: Marked = UNLOCKING) -> Iterator[None]:
    """Say on the screen that a key is being unlocked, for as long as it takes.

    Keys pressed meanwhile are not shown, and dropped: they may be the passphrase again.
    """
    with machine.unshown() if descriptor is None else nullcontext(), screen.busy(sentence, quiet=quiet):
        yield


def locking(descriptor: int | None, *, quiet: bool = False) -> AbstractContextManager[None]:
    """Say on the screen that a key is being locked with a new passphrase; what is typed meanwhile is dropped unseen."""
    return unlocking(descriptor, quiet=quiet, sentence=LOCKING)


def _chosen(flag: str) -> str:
    """A new passphrase, typed twice, or the six words, typed once from the paper that they were written on."""
    from shelterctl.identity import bits, six_words  # noqa: PLC0415 - pyrage is not needed for help

    if not screen.interactive():  # six words written to a file or a pipe would be no secret
        typed = _long_enough(hidden(NEW, flag))
        if hidden(AGAIN, flag) != typed:
            raise Usage("usage/passphrase", UNLIKE)
        return typed
    words = six_words()
    wrong: tuple[Sentence, dict[str, int]] | None = None
    while True:  # whoever slips is asked again; Ctrl-C leaves
        with screen.alone():
            if wrong:
                screen.tell(*wrong, indent="! ")
                screen.write([""])
            screen.tell(OFFER, {"bits": bits()})
            screen.write(["", words, ""], indent="    ", bold=True)
            screen.tell(TAKE)
            screen.tell(KEPT)
            typed = hidden(NEW, flag) or words
        if words in notation.layout.other(typed):
            wrong = LAYOUT, {}
        elif len(typed) < LEAST:
            wrong = SHORT, {"count": len(typed), "least": LEAST}
        elif (again := hidden(AGAIN, flag)) == typed or (typed == words and " ".join(again.split()) == words):
            return typed
        else:
            wrong = ONCE_MORE, {}


def _long_enough(typed: str) -> str:
    """A new passphrase that whoever has the key file cannot simply guess; Usage if it is none."""
    if not typed:
        raise Usage("usage/passphrase", EMPTY)
    if len(typed) < LEAST:
        raise Usage("usage/passphrase", TOO_SHORT, least=LEAST)
    return typed


def _read(descriptor: int, flag: str) -> str:
    try:
        with os.fdopen(descriptor, "r", encoding="utf-8") as stream:
            return stream.readline(bound.KEY).rstrip("\r\n")
    except (OSError, ValueError) as error:  # ValueError: a negative number, or bytes that are no text
        raise Usage("usage/passphrase-fd", NO_DESCRIPTOR, flag=flag) from error


def hidden(prompt: Marked, flag: str = "--passphrase-fd") -> str:
    """A line typed on the controlling terminal without being shown; never read from standard input.

    Ctrl-D is as Ctrl-C. What was typed before it begins, and what comes behind its end at once, is dropped.
    """
    screen.expect()
    try:
        with screen.staying():
            return machine.secret(screen.said(prompt))
    except (EOFError, KeyboardInterrupt) as left:
        if isinstance(left, EOFError):
            screen.ended()
        if screen.interactive():
            screen.write([""])
        raise KeyboardInterrupt from None
    except OSError as error:
        screen.ended()
        said = UNCHOSEN if prompt in (NEW, AGAIN) else LOCKED
        raise CannotOpen("vault/no-passphrase", said, hint=HOW, flag=flag) from error
