"""The pack of one client: everything that is to be signed today, each in its copies, and a page that lists it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_, Sentence, Text
from shelterctl.paper import choice
from shelterctl.paper.client import ClientPaper, made_of, unsigned
from shelterctl.paper.request import PACK, Paper, Request, around, language_of, sheets
from shelterctl.press import sheet

NOTHING = N_("Nothing of file {id} is to be signed today. Its papers are told by: shelterctl show {id}")
TITLE = N_("Contents of the folder")


class Listed(NamedTuple):
    """A paper as the page of contents names it."""

    title: Text | Sentence
    language: object
    copies: int
    code: str | None


def pack(here: Desk, subject: str, wanted: Request) -> list[Paper]:
    """What is to be signed; NotFound where that is nothing. What she has to understand is in a language of hers."""
    her, _ = here.store.to_change(subject)
    papers = [made_of(here, her, one, _language(here, her, one), wanted) for one in unsigned(here, her)]
    papers += others(here, her, None if here.option("typed.lang") else understood(here, her), wanted)
    if not papers:
        raise NotFound("form/nothing", NOTHING, id=her.id)
    return [contents(here, her, papers), *papers]


def others(here: Desk, her: Client, language: str | None, wanted: Request) -> list[Paper]:
    """What is to be signed besides forms, annexes and reports: plans, consents, ledgers; nothing that is sealed."""
    tracks = (track for track in sheets(here.shelf) if not track.seal)
    each = (wanted._replace(form=track.name, language=language) for track in tracks)
    return [paper for one in each for paper in choice.waiting(here, her, here.shelf.tracks[one.form], one)]


def contents(here: Desk, her: Client, papers: Sequence[Paper]) -> Paper:
    """The one page for the folder, without her name."""
    language = language_of(here)
    names = {code: about["name"] for code, about in here.shelf.languages.items()}
    listed = [
        Listed(paper.title, names.get(paper.language, paper.language), _copies(paper), paper.code) for paper in papers
    ]
    number = her.facts.get("identification_number")
    facts: dict[str, Any] = {"papers": listed, "day": here.today, "client_number": number}
    facts |= around(here.shelf, language, her.id, None)
    made = sheet(PACK, facts, language=language, tint="white", day=here.today, long=True)
    return Paper(PACK, TITLE, language, (made,), record=her.id)


def _copies(paper: Paper) -> int:
    return sum(not each.behind for each in paper.sheets)


def _language(here: Desk, her: Client, one: ClientPaper) -> str | None:
    """The one language that it is signed in; else the one asked for, or for her one that she understands."""
    if one.language or here.option("typed.lang") or not one.to_her:
        return one.language
    return understood(here, her)


def understood(here: Desk, her: Client) -> str | None:
    """The first language that she understands and paper has."""
    return next((code for code in her.languages if code in here.shelf.languages), None)
