"""A store compared with what a person wrote down of it: the number and the words on the sheet in the safe."""

from typing import TYPE_CHECKING

from shelterctl import ask, screen
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk, walked
from shelterctl.errors import Damaged, Disk, Usage
from shelterctl.language import N_
from shelterctl.trust import four_words, known_words
from shelterctl.trust.standing import wrong_words

if TYPE_CHECKING:
    from shelterctl.journal import Journal

KNOWN = N_("This computer remembers the store. Its number is {number}.")
NEEDED = N_("Nobody sits here to compare: give the last number on the sheet with --number N, or 0 if there is none.")
RIGHT = N_("Clients in the store: {clients}. Last change: {last}. Number: {number}. Is that as you expect?")
NOT_CONFIRMED = N_(
    "Nothing is remembered, and nothing can be written. Look for the newest copy, or ask the data officer."
)
NOTED = N_("This computer remembers the store from now on, and can write in it. The number is {number}.")
NOT_NOTED = N_("The computer could not note what it has to remember of the store.")
ROOM = N_("Make room on the disk, then run the command again.")
ASK = N_("What is the last number on the sheet in the safe? Enter, if there is no sheet.")
ASK_WORDS = N_("Which four words stand on the paper? Ctrl-C leaves.")
NO_NUMBER = N_("The number is written in digits, such as 128.")
BEYOND = N_(
    "Number {written} was written down, and this copy ends at {number}: saved changes are missing, {lacking} of them."
)
NEWEST = N_(
    "Look at the sheet once more. If it does say so, look for a newer copy of the store or of the backup, change "
    "nothing in this one, and tell the data officer."
)


def asked_number(given: int | None, *, sitting: bool) -> int | None:
    """The last number on the sheet: as it was given, else as a person says who sits here; None if nobody knows one."""
    if given is not None or not sitting:
        return given
    screen.tell(ASK, bold=True)
    while words := ask.line():
        if words.isascii() and words.isdigit() and len(words) < 13:
            return int(words)
        screen.tell(NO_NUMBER, indent="  ! ")
    return None


def asked_words() -> str:
    """The four words on the paper, as a person says who sits here; KeyboardInterrupt where she leaves."""
    screen.tell(ASK_WORDS, bold=True)
    while True:
        try:
            return known_words(ask.line())
        except Usage as mistyped:
            screen.tell(mistyped.message, mistyped.facts, indent="  ! ")


def compared(journal: "Journal", number: int | None, words: str | None) -> bool:
    """Hold the store against the sheet; false where nothing was written down to be compared.

    Raises Damaged where the store ends before the number, or its words are others.

    Words may be those of the store itself, or those that were said with the number: these also betray a device
    that wrote its own last lines anew.
    """
    now = journal.number()
    if number is not None and number > now:
        raise Damaged("trust/behind-number", BEYOND, hint=NEWEST, written=number, number=now, lacking=number - now)
    if words is None:
        return number is not None
    typed = known_words(words)
    if typed != four_words(journal.chain.root) and typed != words_at(journal, now if number is None else number):
        raise wrong_words()
    return True


def words_at(journal: "Journal", number: int) -> str:
    """The words of the state that a number stands for."""
    return four_words(journal.moment(number))


def remembered(here: Desk, number: int | None, words: str | None) -> Outcome:
    """Remember the store as it is, once a person has compared it with the sheet. Raises Damaged where it is another."""
    # Gather.
    store = here.store
    journal = store.vault.journal
    if journal.known is not None or not journal.chain.root:
        if store.vault.closed:
            raise store.vault.closed
        return Outcome(data={"sheet": {"number": journal.number()}}, said=((KNOWN, {"number": journal.number()}),))
    sitting = walked(here) and not here.json
    if number is None and not sitting:
        raise Usage("check/compare", NEEDED)
    troubles = journal.verify()
    if troubles:
        raise troubles[0]

    # Decide.
    compared(journal, asked_number(number, sitting=sitting), words)
    facts = {"clients": len(list(store.ids())), "last": (journal.latest() or "")[:10], "number": journal.number()}
    if sitting and not ask.confirm(RIGHT, facts):
        return Outcome(said=((NOT_CONFIRMED, {}),))

    # Act.
    if not journal.adopt():
        raise Disk("check/not-noted", NOT_NOTED, hint=ROOM)
    store.told.clear()
    return Outcome(data={"sheet": {"number": journal.number()}}, said=((NOTED, facts),))
