"""Every form, what it is filled with, an answer at every field of a track, and the words of a sheet."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, form_titles
from shelterctl.press.sheet import Medium, Sheet, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session

if TYPE_CHECKING:
    from tests.support.desk import Desk as Table


LANGUAGES = ("en", "ru", "ky")
UNAPPROVED = {
    "en": "Text not yet approved by IOM",
    "ru": "Текст ещё не утверждён (МОМ)",
    "ky": "Текст азырынча бекитилген эмес (ЭМУ)",
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
    return "s-gulnara" if form in ("code-of-conduct", "confidentiality-agreement") else her


def blank(form: str, language: str, today: str = "2026-11-25") -> PreparedPaper:
    """The form to be written on, without store and key."""
    return make_paper(seated(Path("/nowhere"), today), None, PaperRequest(form, language))


def filled(desk: "Table", form: str, language: str, **how: Any) -> PreparedPaper:
    """The form with what the record says."""
    return make_paper(seated(desk), subject(form, desk.her), PaperRequest(form, language, **how))


def copies(paper: PreparedPaper) -> list[Sheet]:
    """The first sheet of each copy; what lies behind it has what the form has no room for."""
    return [each for each in paper.sheets if not each.behind]


def words_of_sheet(paper: PreparedPaper) -> str:
    """What stands on all its sheets, in one line, with common spaces."""
    return " ".join(render_sheets(paper.sheets, Medium.TEXT).data.decode().split())


def digits(paper: PreparedPaper) -> list[str]:
    """Every number on it, in its order within the sheet; marks and code left out."""
    told = re.sub(r"[ \n]+", " ", render_sheets(paper.sheets[:1], Medium.TEXT).data.decode())
    told = re.sub(r"(Copy|Экземпляр) \d (of|из) \d|\d нусканын \d-нускасы", "", told)
    told = re.sub(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", "", told)
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d)", "", told)))


NAME = "Айнагүл-Перизат Шаршеналиева-Кыдырмышева"
"""A name of forty letters with two hyphens, as people of the country have them."""

OTHER = "Жаңылмырза-Өмүрбүбү Кубанычбек-Турдумаматова"
"""A name of somebody else, as long."""

DAY, MONTH = "2026-11-24", "2026-11"
PLAIN: Mapping[str, Any] = {
    "som": 1250, "whole": 2, "day": DAY, "time": f"{DAY}T14:30+06:00", "clock": "08:00", "partial": MONTH,
    "months": [MONTH], "span": {"from": "2026-11-20", "to": DAY},
}  # fmt: skip


def answered(track: Track, party: Mapping[str, str], entry: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Entries of a track that answer every field, one for each code on which another field rests.

    Where a register is meant stands its code of *party*, where an entry is pointed at the id of *entry*. What another
    field wants absent stands in every second one.
    """
    wanted = [(name, said) for one in _all(track.fields) for name, said in one.asked_with.items()]
    resting = [one for name, one in track.fields.items() if one.kind == "code" and name in dict(wanted)]
    absent = {name for name, said in wanted if "absent" in said}
    for turn in range(max([2, *(len(one.codes) for one in resting)])):
        for without in [set[str](), absent] if absent else [absent]:
            named = {name: one for name, one in track.fields.items() if name not in without}
            yield {name: _answer(one, turn, party, entry) for name, one in named.items()}


def _all(fields: Mapping[str, Field]) -> Iterator[Field]:
    for one in fields.values():
        yield one
        yield from _all(one.fields)


def _answer(one: Field, turn: int, party: Mapping[str, str], entry: Mapping[str, str]) -> Any:
    if one.kind == "group":
        inside = {name: _answer(each, turn, party, entry) for name, each in one.fields.items()}
        return [inside] if one.several else inside
    if one.kind == "span":
        return PLAIN["span"] | {
            name: _answer(each, turn, party, entry) for name, each in one.fields.items() if name not in PLAIN["span"]
        }
    said = PLAIN.get(one.kind)
    if one.kind == "yes_no":
        said = bool(turn % 2)
    elif one.kind == "code":
        said = [*one.codes][turn % len(one.codes)]
    elif one.kind == "party":
        said = party[one.of[0]]
    elif one.kind == "entry":
        said = entry.get(one.of[0], "1.1")
    elif one.kind == "text":
        said = NAME
    return [said] if one.several and not isinstance(said, list) else said
