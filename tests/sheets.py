"""What the tests of paper share: every form, what it is filled with, and its words in one line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, form_titles
from shelterctl.press.sheet import Medium, Sheet, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session

if TYPE_CHECKING:
    from conftest import Desk as Table


LANGUAGES = ("en", "ru", "ky")
UNAPPROVED = {
    "en": "Text not yet approved by IOM",
    "ru": "Текст ещё не одобрен МОМ",
    "ky": "Текстти ЭМУ азырынча беките элек",
}
FORMS = tuple(form_titles(open_rulebook()))
PAPERS: Mapping[str, Any] = {
    "names": {
        "ngo add sezim": {"name": "Сезим"},
        "staff add s-gulnara --role social_worker": {"name": "Гульнара Образцова"},
    },
    "her": {
        "identity": {
            "marital_status": "не замужем",
            "children_text": "нет",
            "address": "Ош, Тихая 7",
            "phone": "0555 01",
        }
    },
    "pink": {
        "number": "SH-2026-7",
        "date": "2026-11-25",
        "ngo": "sezim",
        "contract_date": "2026-01-20",
        "ngo_representative": "Б. Образцова",
        "iom_representative": "А. Примеров",
        "drafted_by": ["NGO Coordinator", "manager"],
        "lines": {
            "1.1": {"amount": "450.50"},
            "1.4": {"amount": 300, "doctors": ["dentist"]},
            "2b": {"amount": 2500},
            "2c": {"amount": 500},
            "3": {"amount": 600, "days": 3, "persons": 1},
            "4a": {"amount": "90.05", "point": "Railway station 2"},
            "5": {"amount": 700, "proceeding": "criminal"},
        },
    },
    "blue": {
        "number": "S-NGO-12",
        "date": "2026-11-25",
        "ngo": "sezim",
        "ngo_representative": "Б. Образцова",
        "iom_representative": "А. Примеров",
        "drafted_by": ["NGO Coordinator", "manager"],
        "period": {"from": "2026-12-01", "to": "2027-02-28"},
        "lines": {
            "1b": {"amount": 1000, "goods": "tools"},
            "1c": {"amount": "0.75", "justification": "thread"},
            "4": {"rate": 1000, "months": 3, "study": {"from": "2026-12-01", "to": "2027-02-28"}},
            "7a": {"amount": 800},
        },
    },
}
"""Invented people; where amounts stand in rows of several lines, their sums are no caps."""

HERS = ("Айгуль", "Примерова", "1999", "Ош, Тихая 7", "0555 01")
"""What tells who she is."""


def seated(desk: "Table | Path", today: str = "2026-11-25", language: str | None = None) -> Session:
    """The desk as a command sits down at it, in this process."""
    folder = desk if isinstance(desk, Path) else desk.folder
    typed = frozenset({"lang"} if language else ())
    store, key = str(folder / "house"), str(folder / "key")
    return Session(options=Options(store=store, identity=key, as_of=today, lang=language, typed=typed))


def subject(form: str, her: str) -> str:
    """Whose sheet it is: hers, or a member of staff's."""
    return "s-gulnara" if form == "confidentiality-agreement" else her


def blank(form: str, language: str, today: str = "2026-11-25") -> PreparedPaper:
    """The form to be written on, without store and key."""
    return make_paper(seated(Path("/nowhere"), today), None, PaperRequest(form, language))


def filled(desk: "Table", form: str, language: str, **how: Any) -> PreparedPaper:
    """The form with what the record says."""
    return make_paper(seated(desk), subject(form, desk.her), PaperRequest(form, language, **how))


def copies(paper: PreparedPaper) -> list[Sheet]:
    """The first sheet of each copy; what lies behind it has what the form has no room for."""
    return [each for each in paper.sheets if not each.behind]


def words(paper: PreparedPaper) -> str:
    """What stands on all its sheets, in one line, with common spaces."""
    return " ".join(render_sheets(paper.sheets, Medium.TEXT).data.decode().split())


def digits(paper: PreparedPaper) -> list[str]:
    """Every number on it, in its order within the sheet; marks and code left out."""
    told = re.sub(r"[ \n]+", " ", render_sheets(paper.sheets[:1], Medium.TEXT).data.decode())
    told = re.sub(r"(Copy|Экземпляр) \d (of|из) \d|\d нусканын \d-нускасы", "", told)
    told = re.sub(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", "", told)
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d)", "", told)))
