"""Someone who was here before: asked when her names are known, and then one of her two files goes on."""

from collections.abc import Sequence

from shelterctl import ask, screen
from shelterctl.act.file import state
from shelterctl.act.likely import Likely, likely
from shelterctl.act.union import join
from shelterctl.core.double import differing, kept
from shelterctl.core.question import Question
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, Marked, Plural
from shelterctl.questionnaire import Questionnaire
from shelterctl.store import Held
from shelterctl.view import client
from shelterctl.walk.offers import offers_of
from shelterctl.walk.table import Table

LIKE = Plural(
    N_("{count} file may be of the same person:"),
    N_("{count} files may be of the same person, the likeliest first:"),
    by="count",
)
ROW = N_("{id}  {name}, born {birth}, came on {arrived}, {state}")
DIFFERS = N_("what differs: {reasons}")
NOTHING = N_("nothing differs")
IS_SHE = N_("Is she the same person?")
ANOTHER = N_("another person: go on in this file")
THE_SAME = N_("the same person: go on in her file {id}; what was answered now goes there")
COMES_HERE = N_("the same person: go on in this file; what stands in {id} comes here")
NEITHER = N_("the same person as {id}; both files have an admission or papers")
NEW_FILE = N_("another person: open a new file")
HER_FILE = N_("the same person: go on in her file {id}")
TO_HER_NAME = N_("* goes back to her name.")
JOINED = N_("Her file {id} goes on. The stay in the new file is struck through as entered twice.")
CAME_HERE = N_("This file goes on. What stood in {id} is struck through there as entered twice.")
LEFT = N_("What is said otherwise was not moved, and is read in the struck file {id} alone: {places}.")
DECIDE = N_(
    "Nothing is moved and nothing struck through: papers bear the id of either file. The manager and IOM's NGO "
    "Coordinator decide which one goes on. In the other, strike through what was entered twice: shelterctl void ID"
)

APART = "shelterctl.apart"
"""Where a sitting keeps which two files were looked at beside each other already, and were not joined."""

OTHER = "another"
"""What is chosen where she is none of those who are shown."""


def ask_whether(table: Table) -> ask.Move | None:
    """If a client like her is known, ask whether it is she; if so, the file that has her papers goes on.

    The move back where her name is to be looked at first: then nothing was answered, and it is to be asked again.
    """
    apart, mine = _apart(table), str(table.id)
    found = [one for one in likely(table.here, table.record, mine) if frozenset((mine, one.client.id)) not in apart]
    if not found:
        return None
    going_on = [kept(one.client, table.client) for one in found]
    answers = [
        NEITHER if hers is None else THE_SAME if hers is one.client else COMES_HERE
        for hers, one in zip(going_on, found, strict=True)
    ]
    chosen = _chosen(table.here, found, ANOTHER, answers, TO_HER_NAME)
    if isinstance(chosen, ask.Move):
        return chosen
    if chosen is None:
        apart.update(frozenset((mine, one.client.id)) for one in found)
        return None
    place = next(number for number, one in enumerate(found) if one.client.id == chosen)
    if going_on[place] is None:
        apart.add(frozenset((mine, found[place].client.id)))
        screen.tell(DECIDE, indent="  ")
    else:
        _join(table, found[place].client)
    return None


def which(here: Desk, found: Sequence[Likely]) -> str | None:
    """The id of the client of whom a file tells that was read; None where she is nobody who is known."""
    with here.alone():
        chosen = _chosen(here, found, NEW_FILE, [HER_FILE] * len(found))
    return chosen if isinstance(chosen, str) else None


def _chosen(
    here: Desk, found: Sequence[Likely], another: Marked, answers: Sequence[Marked], back: Marked | None = None
) -> str | ask.Move | None:
    """The id of the one she is, as far as whoever sits here knows; None where she is another person.

    *back* says where going back leads; without it there is nothing before this question.
    """
    screen.write([""])
    screen.tell(LIKE, {"count": len(found)}, bold=True)
    for one in found:
        screen.tell(ROW, _shown(here, one.client), indent="  ")
        screen.tell(DIFFERS if one.how.reasons else NOTHING, {"reasons": one.how.reasons}, indent="    ")
    told = {one.client.id: screen.said(each, {"id": one.client.id}) for each, one in zip(answers, found, strict=True)}
    asked = Question("", IS_SHE, "code", {OTHER: screen.said(another), **told}, hint=back)
    while True:
        chosen: object = ask.question(asked, here.clock).value
        if chosen is ask.Move.BACK and back:
            return ask.Move.BACK
        if not isinstance(chosen, ask.Move):
            return None if chosen == OTHER else str(chosen)


def _shown(here: Desk, her: Client) -> dict[str, object]:
    """Who she is, for a screen that is gone when it is left."""
    birth, arrived = her.facts["identity"].get("birth_date"), her.stay.arrived_on if her.stay else None
    asked = Questionnaire(here.shelf, offers_of(here)).of("identity.birth_date")
    name = " ".join(part for part in client.names(her).values() if part)
    told = {"name": name, "birth": asked.shown(birth, screen.spoken()) if birth else "?", "arrived": arrived or "?"}
    return {"id": her.id, "state": state(here, her), **told}


def _join(table: Table, other: Client) -> None:
    """Make one file of the two; the table goes on with the one that goes on."""
    before = table.client
    mine, theirs = Held(dict(table.record), table.version), table.here.store.read(other.id)
    stays = kept(other, table.client) is not other
    found = join(table.here, theirs, mine) if stays else join(table.here, mine, theirs)
    if found:
        screen.write([screen.said(finding.message, finding.facts) for finding in found], indent="  ! ")
        return
    table.id = table.id if stays else other.id
    table.refresh()
    screen.tell(CAME_HERE if stays else JOINED, {"id": other.id}, indent="  ")
    gone = other if stays else before
    if left := differing(gone, table.client):
        places = table.here.shelf.places
        told = [places[path].text for path in left if path in places]
        screen.tell(LEFT, {"id": gone.id, "places": told}, indent="  ")


def _apart(table: Table) -> set[frozenset[str]]:
    """Which two files were looked at beside each other, for as long as somebody sits here."""
    sitting = table.here.given
    apart: set[frozenset[str]] = sitting.setdefault(APART, set()) if isinstance(sitting, dict) else set()
    return apart
