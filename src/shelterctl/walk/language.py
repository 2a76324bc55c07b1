"""In which language papers are printed: for a client in one that she understands, else as the screen speaks."""

from collections.abc import Sequence

from shelterctl import ask, screen
from shelterctl.core.question import Question
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, shown
from shelterctl.library import Shelf
from shelterctl.paper.request import unreviewed
from shelterctl.questionnaire import Questionnaire

WHICH = N_("In which language: {papers}?")
SPEAKS = N_("She understands {languages}.")
OTHERS = N_("She understands {languages}; it is not printed in them, so somebody has to interpret.")
NOT_KNOWN = N_("Her file does not say yet which languages she understands.")
DRAFTS = N_("Texts that IOM has not approved yet, which the foot of the sheet says: {languages}.")


def language_of_all(here: Desk, papers: Sequence[str], her: Client | None) -> str | None:
    """The language of these papers, asked for; None where none is named. For *her* it is one that she understands."""
    shelf, spoken = here.shelf, screen.spoken()
    names = {code: about["name"] for code, about in shelf.languages.items()}
    offer = next((code for code in (her.languages if her else [spoken]) if code in names), None)
    hints = [_understands(shelf, her, offer)] if her else []
    hints.append(screen.said(DRAFTS, {"languages": [named(shelf, code) for code in names if unreviewed(shelf, code)]}))
    text = screen.said(WHICH, {"papers": list(papers)})
    asked = Question("language", text, "code", names, hint=" ".join(hints))
    answer = ask.question(asked, here.clock, offer=named(shelf, offer) if offer else "")
    return None if isinstance(answer.value, ask.Move) else str(answer.value)


def named(shelf: Shelf, code: str) -> str:
    """A language of paper by its name."""
    return shown(shelf.languages[code]["name"], screen.spoken())


def _understands(shelf: Shelf, her: Client, offer: str | None) -> str:
    if not her.languages:
        return screen.said(NOT_KNOWN)
    known = Questionnaire(shelf).of("identity.languages").shown(list(her.languages), screen.spoken())
    return screen.said(SPEAKS if offer else OTHERS, {"languages": known})
