"""Choosing a client: by the number in the list, by an id, or by a name, which may be misspelt."""

from collections.abc import Sequence
from contextlib import suppress

from shelterctl.core.people import MatchDegree, Person
from shelterctl.core.record.client import Client
from shelterctl.core.values.homoglyphs import latinise
from shelterctl.errors import NotFound, ShelterError, UsageError
from shelterctl.language import TwoSentences
from shelterctl.session import Session
from shelterctl.store.folder import parse_client_id
from shelterctl.terminal.questions import ask_line, choose_option
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence
from shelterctl.typed import doubts
from shelterctl.ui_language import N_
from shelterctl.view import client
from shelterctl.view.client import ClientPriority
from shelterctl.view.search import FIND_NOBODY, find_matching_files

LEAST_ID_LETTERS = 3
"""The fewest letters of an id that are accepted, if they fit only one client."""

FIND_WHOSE_FILE = N_("Whose file? Type a number, an id or a name; Enter goes back.")
FIND_ON_OTHER_LAYOUT = N_("On the other keyboard layout that is: {meant}.")
FIND_FILES_DAMAGED = N_("Damaged files could not be searched: {places}. See: shelterctl check")
FIND_WHICH_ONE = N_("Which file? Enter goes back.")
FIND_ROW = N_("{id}  {name}  {state}")


def choose_client(session: Session, listed: Sequence[ClientPriority]) -> str | None:
    """Return the id of the chosen client, one of those *listed* or another; None if nobody is chosen."""
    clear_screen()
    while True:
        print_lines([""])
        print_sentence(FIND_WHOSE_FILE, bold=True)
        for number, one in enumerate(listed, 1):
            print_lines([f"{number:>4} {one.summary_line(session)}"])
        words = ask_line()
        if not words:
            return None
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(listed):
            return listed[int(words) - 1].client.id
        if found := find_typed_client(session, words):
            return found


def find_typed_client(session: Session, words: str) -> str | None:
    """Return the id of the client whose id or name was typed; None if there is none, and then say so."""
    try:
        return _find_by_id(session, words) or _find_by_name(session, words)
    except ShelterError as error:  # the file exists but cannot be opened
        sentence = TwoSentences(error.message, error.hint) if error.hint else error.message
        print_sentence(sentence, error.facts, indent="  ! ")
        return None


def _find_by_id(session: Session, words: str) -> str | None:
    """Return the id of the client with that id, typed on either keyboard layout; None without one.

    The beginning of an id is enough if it fits one client and contains a digit, which no name does. Raises ShelterError
    if her file is damaged.
    """
    for typed in (words, *doubts.read_on_other_layout(words)):
        with suppress(NotFound, UsageError):
            return session.store.client(parse_client_id(typed))[0].id
        begun = latinise(typed).upper().replace("-", "").strip()
        if len(begun) >= LEAST_ID_LETTERS and any(map(str.isdigit, begun)):
            fits = [each for each in session.store.ids() if each.replace("-", "").startswith(begun)]
            if len(fits) == 1:
                return session.store.client(fits[0])[0].id
    return None


def _find_by_name(session: Session, words: str) -> str | None:
    """Return the id of the client who is chosen from those whose names fit, the most likely first; None without one."""
    fits = find_matching_files(session, Person({"first_name": words}, partly=True)).files
    ordered = [each.client for each in fits]
    if not ordered and (meant := doubts.guess_other_layout(words)):
        print_sentence(FIND_ON_OTHER_LAYOUT, {"meant": meant}, indent="  ")
        return _find_by_name(session, meant)
    if not ordered:
        print_sentence(FIND_NOBODY, indent="  ")
        if session.store.damaged:
            print_sentence(FIND_FILES_DAMAGED, {"places": sorted(session.store.damaged)}, indent="  ! ")
        return None
    if len(fits) == 1 and fits[0].match.degree is not MatchDegree.NEAR:  # every letter that was typed fits
        return ordered[0].id
    chosen = choose_option(FIND_WHICH_ONE, [(FIND_ROW, _client_facts(session, her)) for her in ordered])
    return None if chosen is None else ordered[chosen].id


def _client_facts(session: Session, her: Client) -> dict[str, object]:
    name = " ".join(part for part in client.client_names(her).values() if part)
    return {"id": her.id, "name": name, "state": client.client_row(session, her)["state"]}
