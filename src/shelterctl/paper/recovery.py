"""The recovery paper as a sheet to be printed: the key as text and as a QR code, and what it is for."""

from dataclasses import replace
from datetime import date

from shelterctl import qr
from shelterctl.act.founding import Founding
from shelterctl.desk import Desk
from shelterctl.language import SPOKEN
from shelterctl.paper.request import around, language_of
from shelterctl.press import Medium, press, sheet

TEMPLATE = "recovery-sheet"
GROUP = 6
"""So many characters of the key stand together, to be read aloud and typed."""


def recovery_sheet(here: Desk, founding: Founding, day: date) -> bytes:
    """The one page of it as a PDF; whoever has it can open everything, so it is printed, and the file is not kept."""
    language, key = language_of(here), founding.paper.key
    facts = {
        **around(here.shelf, language, None, None),
        "store": founding.chain.store,
        "words": founding.words,
        "key": key,
        "groups": [key[first : first + GROUP] for first in range(0, len(key), GROUP)],
        "day": day,
        "draft": language not in SPOKEN,  # these are our words, not the manual's
    }
    made = sheet(TEMPLATE, facts, title="", language=language, tint="white", day=day, picture=qr.picture(key))
    heading = next(node for node in made.tree.nodes() if node.tag == "h1")
    return press([replace(made, title="".join(map(str, heading.inside)))], Medium.PDF).data
