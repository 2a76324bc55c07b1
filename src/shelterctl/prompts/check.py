"""The questions of the command check: whether the clock is right, the number on the sheet in the safe, the words on the
recovery paper, and whether this is the expected store. Restoring a backup and joining a computer ask for the number
too.
"""

from functools import partial
from pathlib import Path

from shelterctl.core.finding import Outcome
from shelterctl.custody.check import accept_clock, find_clock_trouble
from shelterctl.custody.recovery import compare_with_sheet, remember_store, try_paper
from shelterctl.errors import UsageError
from shelterctl.identity.memorable_words import parse_fingerprint_words
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import ask_line_until_read, confirm
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_

CLOCK_AGREES = N_("The clock is not behind the last change of the store: nothing has to be corrected.")
CONFIRM_CLOCK = N_(
    "The computer's clock says {now}, but the last change of the store is dated {last}. Is the clock right "
    "now, and was that date wrong?"
)
PUT_CLOCK_RIGHT = N_("Nothing was written. If the clock is wrong, set it right.")
STORE_REMEMBERED_ALREADY = N_("This computer remembers the store. Its number is {number}.")
SHEET_NUMBER_NEEDED = N_(
    "The number cannot be asked for here. Give the last number on the sheet with --number N, or 0 if there is none."
)
IS_STORE_AS_EXPECTED = N_(
    "Clients in the store: {clients}. Last change: {last}. Number: {number}. Is that what you expect?"
)
STORE_NOT_CONFIRMED = N_(
    "The store was not confirmed, so nothing can be written to it. Look for the newest copy, or ask the data officer."
)
ASK_SHEET_NUMBER = N_("What is the last number on the sheet in the safe? Enter: there is no sheet.")
ASK_PAPER_WORDS = N_("Which four words are on the recovery paper? Ctrl-C stops.")
NUMBER_IN_DIGITS = N_("Write the number in digits, such as 128.")
MOST_DIGITS = 13
"""Typed digits of this count or more are not the number of a sheet."""


def ask_clock(session: Session) -> Outcome:
    """Ask whether the clock is right; if so, accept that records dated later than now had a wrong date."""
    trouble = find_clock_trouble(session)
    if trouble is None:
        return Outcome(said=((CLOCK_AGREES, {}),))
    if may_ask(session) and not confirm(CONFIRM_CLOCK, trouble.facts):
        return Outcome(said=((PUT_CLOCK_RIGHT, {}),))
    return accept_clock(session, trouble)


def ask_sheet_number(session: Session, given: int | None) -> int | None:
    """Return the last number on the sheet, as *given* or as typed.

    Returns None if there is no sheet, or if nobody can be asked.
    """
    if given is not None or not may_ask(session):
        return given
    return ask_line_until_read(ASK_SHEET_NUMBER, _read_sheet_number)


def _read_sheet_number(typed: str) -> int | Mistyped | None:
    digits = typed.isascii() and typed.isdigit() and len(typed) < MOST_DIGITS
    return int(typed) if digits else Mistyped(NUMBER_IN_DIGITS) if typed else None


def _ask_paper_words(session: Session) -> str | None:
    """Return the four words on the paper as typed; None where nobody can be asked.

    Raises KeyboardInterrupt if the person stops with Ctrl-C.
    """
    if not may_ask(session):
        return None
    return ask_line_until_read(ASK_PAPER_WORDS, _read_paper_words)


def _read_paper_words(typed: str) -> str | Mistyped:
    try:
        return parse_fingerprint_words(typed)
    except UsageError as mistyped:
        return Mistyped(mistyped.message, mistyped.facts)


def ask_to_remember(session: Session, number: int | None, words: str | None) -> Outcome:
    """Remember the store as it is, once a person has compared it with the sheet. Raises Damaged for another store."""
    # Gather.
    store = session.store
    journal = store.vault.journal
    if journal.remembered is not None or not journal.chain.root:
        if store.vault.closed_because:
            raise store.vault.closed_because
        return Outcome(
            data={"sheet": {"number": journal.sheet_number()}},
            said=((STORE_REMEMBERED_ALREADY, {"number": journal.sheet_number()}),),
        )
    if number is None and not may_ask(session):
        raise UsageError("check/compare", SHEET_NUMBER_NEEDED)
    for trouble in journal.verify():
        raise trouble

    # Decide.
    compare_with_sheet(journal, ask_sheet_number(session, number), words)
    facts = {
        "clients": len(list(store.ids())),
        "last": (journal.latest_time() or "")[:10],
        "number": journal.sheet_number(),
    }
    if may_ask(session) and not confirm(IS_STORE_AS_EXPECTED, facts):
        return Outcome(said=((STORE_NOT_CONFIRMED, {}),))

    # Act.
    return remember_store(session)


def ask_and_try_paper(session: Session, file: Path, number: int | None, words: str | None) -> Outcome:
    """Return how many files of the store the recovery paper in *file* opens; ask for what is not given."""
    return try_paper(
        session,
        file,
        words,
        ask_number=partial(ask_sheet_number, session, number),
        ask_words=partial(_ask_paper_words, session),
    )
