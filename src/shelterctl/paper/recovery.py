"""The recovery paper as a sheet to be printed: the key as text and as a QR code, and what it is for."""

import re
from datetime import date

from shelterctl import qr
from shelterctl.act.paper import NewPaper
from shelterctl.desk import Desk
from shelterctl.language import SPOKEN
from shelterctl.paper.request import around, language_of
from shelterctl.press import Medium, Sheet, press, sheet

TEMPLATE = "recovery-sheet"
GROUP = 6
"""So many characters of the key stand together behind what all keys begin with, to be read aloud and typed."""


def recovery_sheet(here: Desk, paper: NewPaper, day: date) -> bytes:
    """The one page of it as a PDF; whoever has it can open everything, so it is printed, and the file is not kept."""
    return press([page(here, paper, day)], Medium.PDF).data


def page(here: Desk, paper: NewPaper, day: date) -> Sheet:
    """The page before it is set."""
    language, key = language_of(here), paper.key.key
    facts = {
        **around(here.shelf, language, None, None),
        "store": paper.store,
        "words": paper.words,
        "key": key,
        "groups": re.findall(rf"\A.*-1|.{{1,{GROUP}}}", key),
        "day": day,
        "draft": language not in SPOKEN,  # these are our words, not the manual's
    }
    return sheet(TEMPLATE, facts, language=language, tint="white", day=day, picture=qr.picture(key))
