"""Whom an act is about: a number of the list above, an id, or a name, which may be mistyped."""

from collections.abc import Sequence
from contextlib import suppress

from shelterctl import ask, screen
from shelterctl.core import notation
from shelterctl.core.letter import latin
from shelterctl.core.likeness import Degree, likeness
from shelterctl.core.person import Person
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, ShelterError, Usage
from shelterctl.language import N_, Both
from shelterctl.store import read_id
from shelterctl.view import client
from shelterctl.view.first import First

BEGUN = 3
"""So many letters of an id are enough, where they fit one alone."""

WHOM = N_("Whose file? A number, an id or a name; Enter goes back.")
OTHER_LAYOUT = N_("On the other layout that is: {meant}.")
NOBODY = N_("No file of this store fits.")
UNREAD = N_("Files that are damaged could not be looked through: {places}. See: shelterctl check")
WHICH = N_("Which one? Enter goes back.")
ROW = N_("{id}  {name}  {state}")


def whom(here: Desk, listed: Sequence[First]) -> str | None:
    """The id of the client who is meant, one of those who are *listed* or another; None if nobody is named."""
    screen.clear()
    while True:
        screen.write([""])
        screen.tell(WHOM, bold=True)
        for number, one in enumerate(listed, 1):
            screen.write([f"{number:>4} {one.line(here)}"])
        words = ask.line()
        if not words:
            return None
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(listed):
            return listed[int(words) - 1].her.id
        if found := named(here, words):
            return found


def named(here: Desk, words: str) -> str | None:
    """The id of the client whose id or name was typed; None where that is nobody, which is said."""
    try:
        return _by_id(here, words) or _by_name(here, words)
    except ShelterError as error:  # her file is there, and cannot be opened
        screen.tell(Both(error.message, error.hint) if error.hint else error.message, error.facts, indent="  ! ")
        return None


def _by_id(here: Desk, words: str) -> str | None:
    """The client with that id, on either layout of the keyboard; an error where her file is damaged.

    So many letters of it as tell her from the others are enough, if a figure is among them: a name has none.
    """
    for typed in (words, *notation.layout.other(words)):
        with suppress(NotFound, Usage):
            return here.store.client(read_id(typed))[0].id
        begun = latin(typed).upper().replace("-", "").strip()
        if len(begun) >= BEGUN and any(map(str.isdigit, begun)):
            fits = [each for each in here.store.ids() if each.replace("-", "").startswith(begun)]
            if len(fits) == 1:
                return here.store.client(fits[0])[0].id
    return None


def _by_name(here: Desk, words: str) -> str | None:
    """Whoever fits, the likeliest first, to be chosen from."""
    wanted = Person({"first_name": words}, partly=True)
    fits = [(likeness(wanted, Person(her.facts["identity"])), her) for her in here.store.clients()]
    fits = [(how, her) for how, her in sorted(fits, key=lambda one: one[0].rank) if how.degree < Degree.NONE]
    ordered = [her for _, her in fits]
    if not ordered and (meant := notation.layout.mistaken(words)):
        screen.tell(OTHER_LAYOUT, {"meant": meant}, indent="  ")
        return _by_name(here, meant)
    if not ordered:
        screen.tell(NOBODY, indent="  ")
        if here.store.wrong:
            screen.tell(UNREAD, {"places": sorted(here.store.wrong)}, indent="  ! ")
        return None
    if len(fits) == 1 and fits[0][0].degree is not Degree.NEAR:  # every letter that was typed is hers
        return ordered[0].id
    chosen = ask.choice(WHICH, [(ROW, _row(here, her)) for her in ordered])
    return None if chosen is None else ordered[chosen].id


def _row(here: Desk, her: Client) -> dict[str, object]:
    name = " ".join(part for part in client.names(her).values() if part)
    return {"id": her.id, "name": name, "state": client.row(here, her)["state"]}
