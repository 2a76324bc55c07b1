"""Every act of every track at a terminal, from an entry that lacks everything: that is asked, and then it is done."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asking import asked_for
from conftest import Desk
from revised import Revised
from terminal import At, Live

from shelterctl.ask.putting import OFFER
from shelterctl.core.track import Track
from shelterctl.language import Sentence, say
from shelterctl.library import Shelf, open_shelf
from shelterctl.replay import readable
from shelterctl.walk.addition import SAVE
from shelterctl.walk.answers import CHECK, REST
from shelterctl.walk.deed import DO, FIRST, WRITE_FIRST
from shelterctl.walk.sitting import WHAT_NOW

SHELF = open_shelf()
NOW, MOST = "2026-11-25", 200
YES_OR_NO = re.compile(r" \(1 [^)]*\)$")
"""What a question of yes or no says of its answers."""


def musts(track: Track) -> Iterator[dict[str, Any]]:
    """Every least entry of a track: the answers that it must have, once with each of the codes of such an answer."""
    said: dict[str, Any] = {
        name: NOW if one.kind == "day" else f"{NOW}T10:00+06:00"
        for name, one in track.fields.items()
        if one.must and one.kind != "code"
    }
    coded = [one for one in track.fields.values() if one.must and one.kind == "code"]
    if not coded:
        yield said
    for one in coded:
        yield from ({**said, one.name: code} for code in one.codes)


def deeds(shelf: Shelf) -> Iterator[Any]:
    """Each act of each track, with each least entry of it."""
    for name in shelf.track_names:
        for act in shelf.tracks[name].deeds:
            for least in musts(shelf.tracks[name]):
                kind = str(next((said for said in least.values() if said != NOW), ""))
                yield pytest.param(name, act, least, id=f"{act} {name} {kind}".strip())


class Whoever:
    """Somebody who answers each question by its kind, with the first line of a list, and on each page goes on.

    What Enter alone writes down is taken; what would end something has not happened.
    """

    def __init__(self, shelf: Shelf, language: str) -> None:
        self.language = language
        self.questions = {
            self.said(asked.text): asked for path, place in shelf.places.items() for _, asked in asked_for(path, place)
        }
        ends = ((track, name) for track in shelf.tracks.values() for name in (track.life or ())[1:])
        self.ends = {self.said(track.fields[name].text) for track, name in ends if name in track.fields}
        self.hour = 10

    def said(self, sentence: Sentence) -> str:
        return say(sentence, {}, self.language)

    def until_it_ends(self, live: Live, *ways: Sentence) -> None:
        """Answer until the command ends."""
        for _ in range(MOST):
            if live.over:
                return
            live.type(self.goes_on(live, readable(live.raw, self.language), *ways))
        raise AssertionError(f"it does not end:\n{readable(live.raw, self.language)[-2000:]}")

    def goes_on(self, live: Live, seen: str, *ways: Sentence) -> str:
        """The answer to what is on the screen: a line of a page that leads on, or what fits the question."""
        asked = YES_OR_NO.sub("", live.asked.partition("  [")[0]).strip()
        if asked == self.said(WHAT_NOW):
            page = seen[seen.rindex(say(CHECK, {}, self.language)) :]
            lines: dict[str, str] = dict(re.findall(r"^ *(\d+) (.+)$", page, re.MULTILINE))
            for way in ways:
                head = say(way, {"act": "¦", "what": "¦", "count": "¦"}, self.language).partition("¦")[0]
                found = next((number for number, line in lines.items() if line.startswith(head)), None)
                if found:
                    return found
            raise AssertionError(f"nothing leads on from here:\n{seen}")
        offer = say(OFFER, {"value": "¦"}, self.language).partition("¦")[0]
        return "" if offer in seen[seen.rindex(asked[:20]) :] else self.fits(asked)

    def fits(self, asked: str) -> str:
        if asked in self.ends:
            return ""
        question = self.questions[asked]
        if question.choices or question.kind == "yes_no":
            return "1"
        if question.kind in ("day", "time", "partial"):
            self.hour += 1
            day = "26.11.2026" if question.ahead else "25.11.2026"
            return f"{day} {self.hour % 24}:00" if question.kind == "time" else day
        return "слово" if question.kind in ("text", "texts") else "1"


def done(desk: Desk, name: str, act: str, entry: str, shelf: Shelf, language: str = "ru") -> bool:
    """Whether the act is done once every question was answered and every page led on."""
    whoever = Whoever(shelf, language)
    with At(desk, language, NOW, (250, 100)).live(f"{act} {desk.her} {name} {entry}") as live:
        whoever.until_it_ends(live, DO, SAVE, FIRST, WRITE_FIRST, REST)
    (row,) = (one for one in desk.do(f"show {desk.her} {name} --names").data["rows"] if one["entry"] == entry)
    return shelf.tracks[name].deeds[act].writes in row["fields"]


@pytest.mark.parametrize(("name", "act", "least"), [*deeds(SHELF)])
def test_every_act_is_done_at_a_terminal_from_an_entry_that_lacks_everything(
    name: str, act: str, least: dict[str, Any], admitted: Desk
) -> None:
    desk = Revised(admitted)
    entry = desk.do(f"add {desk.her} {name}", least).data["entry"]
    assert done(desk, name, act, entry, SHELF)
