"""The passphrase of a key.

It is read from a file descriptor or typed unseen. For a new key it is typed twice, and six words are offered. At a
locked screen it is asked for without end, after a pause that grows.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count

from shelterctl import limits
from shelterctl.errors import CannotOpen, UsageError
from shelterctl.language import Plural, Sentence
from shelterctl.platform import keyboard
from shelterctl.terminal.screen import (
    alternate_screen,
    begin_question,
    handle_end_of_input,
    ignore_suspend,
    is_interactive,
    print_lines,
    print_sentence,
    sentence_text,
    show_busy,
)
from shelterctl.typed import doubts
from shelterctl.ui_language import N_, Marked

PASSPHRASE_NEEDED = N_("The key needs a passphrase, and there is no terminal to ask for it.")
PASSPHRASE_NOT_CHOSEN = N_("The key needs a new passphrase, and there is no terminal to choose it at.")
PASSPHRASE_HOW = N_("Run this at a terminal, or give the passphrase on a file descriptor with {flag} N.")
PASSPHRASE_PROMPT = N_("Passphrase: ")
PRESENT_PASSPHRASE_PROMPT = N_("Current passphrase: ")
PASSPHRASE_WRONG = N_("Wrong passphrase. Check Caps Lock and the keyboard's language, and try again: ")
PASSPHRASE_NOT_TYPED = N_("Nothing was typed. Type the passphrase, or leave with Ctrl-C: ")
UNLOCKING_KEY = N_("Unlocking the key…")
LOCKING_KEY = N_("Locking the key with the passphrase…")
NEW_PASSPHRASE_PROMPT = N_("New passphrase: ")
PASSPHRASE_AGAIN_PROMPT = N_("New passphrase again: ")
PASSPHRASE_EMPTY = N_("An empty passphrase protects nothing. Use several words.")
PASSPHRASE_TOO_SHORT = N_(
    "The new passphrase is too short and could be guessed. Use {least} characters or more, best several "
    "words; at a terminal six are offered."
)
PASSPHRASES_DIFFER = N_("The two passphrases differ. Run the command again.")
SIX_WORDS_ONCE_MORE = N_(
    "The two passphrases differ. Check the keyboard's language, and try again. The six words are still the same."
)
SIX_WORDS_OTHER_LAYOUT = N_(
    "You typed the six words with another keyboard language. Switch to Latin letters, and type them again:"
)
PASSPHRASE_GUESSABLE = Plural(
    N_("That is only {count} character and could be guessed. Use {least} or more, or take the six words."),
    N_("That is only {count} characters and could be guessed. Use {least} or more, or take the six words."),
    by="count",
)
SIX_WORDS_OFFER = N_("Choose a passphrase that only you know. Or take these six words, chosen at random:")
SIX_WORDS_TAKE = N_("Write them on paper now, then press Enter to take them; or type a passphrase of your own.")
SIX_WORDS_NOT_SHOWN_AGAIN = N_(
    "They are not shown again. You type them once from the paper, with a space between them."
)
NO_DESCRIPTOR = N_("{flag} names a file descriptor that is not open for reading.")

PASSPHRASE_TRIES = 3
"""Number of times that a passphrase may be wrong at a terminal."""

LEAST_PASSPHRASE_LENGTH = 10
"""Least number of characters of a new passphrase; a shorter one chosen earlier still opens its key."""

PassphraseAsker = Callable[[], str]


def ask_passphrase(
    descriptor: int | None,
    *,
    twice: bool = False,
    flag: str = "--passphrase-fd",
    whose: tuple[Sentence, Mapping[str, object]] | None = None,
    refuse: Callable[[str], Sentence | None] | None = None,
) -> str:
    """Return the passphrase, from *descriptor* or typed at the controlling terminal; raise CannotOpen if there is
    neither.

    *twice* is for a new passphrase, which must not be empty or short; at a terminal six words are offered. *whose* says
    for whom it is chosen, where another person's key is open; *refuse* returns what is wrong with one that was typed
    at a terminal.
    """
    if descriptor is not None:
        typed = _read_descriptor(descriptor, flag)
        return _check_length(typed) if twice else typed
    return _choose_passphrase(flag, whose, refuse or accept_any) if twice else ask_hidden_line(PASSPHRASE_PROMPT, flag)


def passphrase_asker(descriptor: int | None, prompt: Marked = PASSPHRASE_PROMPT) -> tuple[PassphraseAsker, int]:
    """Return a function that asks for the passphrase of an existing key, and how often it may be wrong.

    A person may mistype it; from a descriptor it is read once.
    """
    if descriptor is not None:
        return lambda: ask_passphrase(descriptor), 1
    prompts = iter([prompt])

    def asked() -> str:
        typed = ask_hidden_line(next(prompts, PASSPHRASE_WRONG))
        while not typed:  # Enter alone does not count as a try
            typed = ask_hidden_line(PASSPHRASE_NOT_TYPED)
        return typed

    return asked, PASSPHRASE_TRIES


@contextmanager
def show_unlocking(descriptor: int | None, *, quiet: bool = False, sentence: Marked = UNLOCKING_KEY) -> Iterator[None]:
    """Say on the screen that a key is being unlocked, for as long as it takes.

    Keys pressed in that time are not shown, and are discarded: they may be the passphrase again.
    """
    with keyboard.hide_typing() if descriptor is None else nullcontext(), show_busy(sentence, quiet=quiet):
        yield


def show_locking(descriptor: int | None, *, quiet: bool = False) -> AbstractContextManager[None]:
    """Say on the screen that a key is being locked with a new passphrase; discard what is typed in that time."""
    return show_unlocking(descriptor, quiet=quiet, sentence=LOCKING_KEY)


def accept_any(_typed: str) -> None:
    """Find nothing wrong with a passphrase."""


def _choose_passphrase(
    flag: str, whose: tuple[Sentence, Mapping[str, object]] | None, refuse: Callable[[str], Sentence | None]
) -> str:
    """Return a new passphrase: one typed twice, or the six words, typed once from the paper."""
    from shelterctl.identity.memorable_words import draw_passphrase  # noqa: PLC0415 - help works without pyrage

    if not is_interactive():  # six words written to a file or a pipe would be no secret
        typed = _check_length(ask_hidden_line(NEW_PASSPHRASE_PROMPT, flag))
        if ask_hidden_line(PASSPHRASE_AGAIN_PROMPT, flag) != typed:
            raise UsageError("usage/passphrase", PASSPHRASES_DIFFER)
        return typed
    words = draw_passphrase()
    wrong: tuple[Sentence, dict[str, int]] | None = None
    while True:  # a mistake is asked for again; Ctrl-C leaves
        with alternate_screen():
            if whose:
                print_sentence(*whose, bold=True)
                print_lines([""])
            if wrong:
                print_sentence(*wrong, indent="! ")
                print_lines([""])
            print_sentence(SIX_WORDS_OFFER)
            print_lines(["", words, ""], indent="    ", bold=True)
            print_sentence(SIX_WORDS_TAKE)
            print_sentence(SIX_WORDS_NOT_SHOWN_AGAIN)
            typed = ask_hidden_line(NEW_PASSPHRASE_PROMPT, flag) or words
        if words in doubts.read_on_other_layout(typed):
            wrong = SIX_WORDS_OTHER_LAYOUT, {}
        elif len(typed) < LEAST_PASSPHRASE_LENGTH:
            wrong = PASSPHRASE_GUESSABLE, {"count": len(typed), "least": LEAST_PASSPHRASE_LENGTH}
        elif (again := ask_hidden_line(PASSPHRASE_AGAIN_PROMPT, flag)) == typed or (
            typed == words and " ".join(again.split()) == words
        ):
            if (why := refuse(typed)) is None:
                return typed
            wrong = why, {}
        else:
            wrong = SIX_WORDS_ONCE_MORE, {}


def _check_length(typed: str) -> str:
    """Return a new passphrase that is long enough not to be guessed; raise UsageError for any other."""
    if not typed:
        raise UsageError("usage/passphrase", PASSPHRASE_EMPTY)
    if len(typed) < LEAST_PASSPHRASE_LENGTH:
        raise UsageError("usage/passphrase", PASSPHRASE_TOO_SHORT, least=LEAST_PASSPHRASE_LENGTH)
    return typed


def _read_descriptor(descriptor: int, flag: str) -> str:
    try:
        with os.fdopen(descriptor, "r", encoding="utf-8") as stream:
            return stream.readline(limits.KEY_FILE_BYTES).rstrip("\r\n")
    except (OSError, ValueError) as error:  # ValueError: a negative number, or bytes that are no text
        raise UsageError("usage/passphrase-fd", NO_DESCRIPTOR, flag=flag) from error


def ask_hidden_line(prompt: Marked, flag: str = "--passphrase-fd") -> str:
    """Return a line typed at the controlling terminal without being shown; it is never read from standard input.

    Ctrl-D acts like Ctrl-C. Keys typed before the question, and right after its end, are discarded.
    """
    begin_question()
    try:
        with ignore_suspend():
            return keyboard.read_secret(sentence_text(prompt))
    except (EOFError, KeyboardInterrupt) as left:
        if isinstance(left, EOFError):
            handle_end_of_input()
        if is_interactive():
            print_lines([""])
        raise KeyboardInterrupt from None
    except OSError as error:
        handle_end_of_input()
        new = prompt in (NEW_PASSPHRASE_PROMPT, PASSPHRASE_AGAIN_PROMPT)
        said = PASSPHRASE_NOT_CHOSEN if new else PASSPHRASE_NEEDED
        raise CannotOpen("vault/no-passphrase", said, hint=PASSPHRASE_HOW, flag=flag) from error


PASSPHRASE_WRONG_WAIT = Plural(
    N_("Wrong passphrase. Check Caps Lock and the keyboard's language. You can try again in {count} second."),
    N_("Wrong passphrase. Check Caps Lock and the keyboard's language. You can try again in {count} seconds."),
    by="count",
)
PASSPHRASE_FORGOTTEN = N_("Forgotten? The manager gives a new key in the menu: the house, give a person a key.")
LOCK_NOTHING_TYPED = N_("Nothing was typed. To leave: Ctrl-C, then 1.")
LOCK_LEAVE_PROMPT = N_("To leave, type 1 (it is not shown) and press Enter. To stay, press Enter: ")
LOCK_LEAVE_KEY = "1"

ENDLESS_TRIES = 2**31
"""Number of times that it may be wrong: a guesser has to wait, and a person who mistypes is never sent away."""

LONGEST_PAUSE = 30
"""Seconds at which the pause stops growing: a person who needs help may be waiting."""


class LeaveChosen(Exception):
    """The person who is asked chose to leave."""


def seconds_before_retry(wrong: int) -> int:
    """Return the seconds to wait before asking again, after *wrong* mistakes."""
    return min((1 << wrong) // 2, LONGEST_PAUSE)


def endless_passphrase_asker(*, is_persons: bool = False) -> PassphraseAsker:
    """Return a function that asks for a passphrase without end; LeaveChosen if the person chooses to leave.

    Enter alone, Ctrl-C and Ctrl-D do not end it, because a shell would read what is typed next. A person whose key
    *is_persons* own is told once who gives her a new one.
    """
    wrong = count()

    def asked() -> str:
        times = next(wrong)
        seconds = seconds_before_retry(times)
        if times == 1 and is_persons:
            print_sentence(PASSPHRASE_FORGOTTEN)
        ready = time.monotonic() + seconds
        if seconds:
            print_sentence(PASSPHRASE_WRONG_WAIT, {"count": seconds})
        while True:
            try:
                with keyboard.hide_typing():
                    time.sleep(max(0.0, ready - time.monotonic()))
                if typed := ask_hidden_line(PASSPHRASE_PROMPT):
                    return typed
                print_sentence(LOCK_NOTHING_TYPED)
            except KeyboardInterrupt:
                _ask_whether_to_leave()

    return asked


def _ask_whether_to_leave() -> None:
    """Ask whether to leave; anything typed but 1 is neither an answer nor a passphrase, and is not shown."""
    try:
        if ask_hidden_line(LOCK_LEAVE_PROMPT).strip() == LOCK_LEAVE_KEY:
            raise LeaveChosen
    except KeyboardInterrupt:
        return
