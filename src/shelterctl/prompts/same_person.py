"""The question whether a client was here before: asked once her names are known. If she was, one of her two files goes
on.
"""

from collections.abc import Sequence

from shelterctl.act.same_person import LikelyClient, find_likely_clients, join_files, reasons_about
from shelterctl.act.state_in_words import client_state
from shelterctl.core.merge.two_files import choose_kept_file, list_differing_places
from shelterctl.core.record.client import IDENTITY_NAMES, Client
from shelterctl.core.values.facts import Facts
from shelterctl.language import Plural
from shelterctl.prompts.client_file import ClientFile
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.session import Session
from shelterctl.terminal.questions import Move, ask_question
from shelterctl.terminal.screen import print_lines, print_sentence, screen_language, sentence_text
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_, Marked
from shelterctl.view import client

SAME_PERSON_FILES = Plural(
    N_("{count} file may be about the same person:"),
    N_("{count} files may be about the same person, the most likely first:"),
    by="count",
)
SAME_PERSON_ROW = N_("{id}  {name}, born {birth}, came on {arrived}, {state}")
WHAT_DIFFERS = N_("what differs: {reasons}")
NOTHING_DIFFERS = N_("no differences")
IS_SHE_THE_SAME = N_("Is {she|he} the same person?")
ANOTHER_GO_ON_HERE = N_("another person: go on in this file")
SAME_GO_ON_THERE = N_("the same person: go on in {her|his} file {id}; these answers go there")
SAME_GO_ON_HERE = N_("the same person: go on in this file; entries of {id} are moved here")
SAME_GO_ON_IN_NEITHER = N_("the same person as {id}, but both files have an admission or papers")
ANOTHER_NEW_FILE = N_("another person: open a new file")
SAME_HER_FILE = N_("the same person: go on in {her|his} file {id}")
ROW_IS_ABOUT = N_("Row {row} of the sheet: {name}, born {birth}.")
BACK_TO_HER_NAME = N_("* goes back to {her|his} name.")
OTHER_FILE_GOES_ON = N_(
    "You go on in {her|his} file {id}. The stay in the new file is struck through as entered twice."
)
THIS_FILE_GOES_ON = N_("You go on in this file. The entries of file {id} are struck through there as entered twice.")
ANSWERS_NOT_MOVED = N_("Answers that differ were not moved; they remain in the struck-through file {id}: {places}.")
MANAGERS_DECIDE = N_(
    "Nothing was moved or struck through, because papers carry the ids of both files. The manager and the "
    "NGO Coordinator decide which file goes on. In the other one, strike through what was entered twice: "
    "shelterctl void ID"
)

ANOTHER_CHOICE = "another"
"""The choice that she is none of the clients shown."""


def ask_same_person(file: ClientFile) -> Move | None:
    """Ask whether she is a client with similar facts, if there is one; if so, the file that has her papers goes on.

    Returns Move.BACK where her name is to be checked first; the question is then asked again.
    """
    apart, mine = file.session.different_people, str(file.id)
    likely = find_likely_clients(file.session, file.record, mine)
    found = [one for one in likely if frozenset((mine, one.client.id)) not in apart]
    if not found:
        return None
    going_on = [choose_kept_file(one.client, file.client) for one in found]
    answers = [
        SAME_GO_ON_IN_NEITHER if hers is None else SAME_GO_ON_THERE if hers is one.client else SAME_GO_ON_HERE
        for hers, one in zip(going_on, found, strict=True)
    ]
    chosen = _choose_client(file.session, found, ANOTHER_GO_ON_HERE, answers, BACK_TO_HER_NAME)
    if isinstance(chosen, Move):
        return chosen
    if chosen is None:
        apart.update(frozenset((mine, one.client.id)) for one in found)
        return None
    place = next(number for number, one in enumerate(found) if one.client.id == chosen)
    if going_on[place] is None:
        apart.add(frozenset((mine, found[place].client.id)))
        print_sentence(MANAGERS_DECIDE, indent="  ")
    else:
        _join_files(file, found[place].client)
    return None


def choose_known_person(session: Session, found: Sequence[LikelyClient]) -> str | None:
    """Return the id of the known client whose facts are in a file that was read; None if she is another person."""
    with session.own_screen():
        chosen = _choose_client(session, found, ANOTHER_NEW_FILE, [SAME_HER_FILE] * len(found))
    return chosen if isinstance(chosen, str) else None


def choose_client_of_row(session: Session, row: int, given: Facts, found: Sequence[LikelyClient]) -> str | None:
    """Return the id of the known client whom a row of a sheet means; None if she is another person."""
    identity = given.get("identity") or {}
    name = " ".join(str(identity[part]) for part in IDENTITY_NAMES if identity.get(part))
    with session.own_screen():
        print_lines([""])
        print_sentence(ROW_IS_ABOUT, {"row": row, "name": name, "birth": str(identity.get("birth_date") or "?")})
        chosen = _choose_client(session, found, ANOTHER_NEW_FILE, [SAME_HER_FILE] * len(found))
    return chosen if isinstance(chosen, str) else None


def _choose_client(
    session: Session,
    found: Sequence[LikelyClient],
    another: Marked,
    answers: Sequence[Marked],
    back: Marked | None = None,
) -> str | Move | None:
    """Return the id of the client she is; None if she is another person.

    *back* says where going back leads; without it the question cannot be left that way.
    """
    print_lines([""])
    print_sentence(SAME_PERSON_FILES, {"count": len(found)}, bold=True)
    for one in found:
        print_sentence(SAME_PERSON_ROW, _facts_of_client(session, one.client), indent="  ")
        sentence = WHAT_DIFFERS if one.match.reasons else NOTHING_DIFFERS
        print_sentence(sentence, {"reasons": reasons_about(session, one.client, one.match)}, indent="    ")
    told = {one.client.id: sentence_text(each, {"id": one.client.id}) for each, one in zip(answers, found, strict=True)}
    asked = Question("", IS_SHE_THE_SAME, "code", {ANOTHER_CHOICE: sentence_text(another), **told}, hint=back)
    while True:
        chosen: object = ask_question(asked, session.clock).value
        if chosen is Move.BACK and back:
            return Move.BACK
        if not isinstance(chosen, Move):
            return None if chosen == ANOTHER_CHOICE else str(chosen)


def _facts_of_client(session: Session, her: Client) -> dict[str, object]:
    """Return who she is, for a screen of which nothing remains."""
    birth, arrived = her.facts["identity"].get("birth_date"), her.stay.arrived_on if her.stay else None
    asked = Questionnaire(session.rulebook, read_offers(session)).for_place("identity.birth_date")
    name = " ".join(part for part in client.client_names(her).values() if part)
    told = {
        "name": name,
        "birth": asked.format_answer(birth, screen_language()) if birth else "?",
        "arrived": arrived or "?",
    }
    return {"id": her.id, "state": client_state(session, her), **told}


def _join_files(file: ClientFile, other: Client) -> None:
    """Join her two files into one, and go on with the file that is kept."""
    before = file.client
    mine, theirs = file.held, file.session.store.read(other.id)
    stays = choose_kept_file(other, file.client) is not other
    found = join_files(file.session, theirs, mine) if stays else join_files(file.session, mine, theirs)
    if found:
        print_lines([sentence_text(finding.message, finding.facts) for finding in found], indent="  ! ")
        return
    file.id = file.id if stays else other.id
    file.refresh()
    print_sentence(THIS_FILE_GOES_ON if stays else OTHER_FILE_GOES_ON, {"id": other.id}, indent="  ")
    gone = other if stays else before
    if left := list_differing_places(gone, file.client):
        places = file.session.rulebook.places
        told = [places[path].text for path in left if path in places]
        print_sentence(ANSWERS_NOT_MOVED, {"id": gone.id, "places": told}, indent="  ")
