"""The entries that an item of an act still wants: whether to write one down now, or to go on with what is begun."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.input import Input
from shelterctl.act.item import tracks_of
from shelterctl.core.begun import Begun, begun
from shelterctl.core.finding import Finding
from shelterctl.core.item import Item, lacking, to_say
from shelterctl.core.question import Question
from shelterctl.core.track import Track
from shelterctl.language import N_, SPOKEN, say
from shelterctl.walk.step import Step
from shelterctl.walk.table import Table

NOT_WRITTEN = N_("Not written down yet: {what}")
NOW, LATER = N_("write it down now"), N_("later")
BEGUN = N_("Begun: {what}, {on}. Still open in it: {lacks}")
BEGUN_BARE = N_("Begun: {what}, {on}")
WAITS = N_("Begun, and the answers wait: {what}")
ENDS = N_("Still open: {what}, {on}. Not filled in: {lacks}")
FILL_IN, FILL_IN_OF = N_("fill it in now"), N_("fill in that of {on}, {entry}")
GO_ON = N_("go on with these answers")
ANEW = N_("write a new one down")
WAITING, NEW, NOT_NOW = "waiting", "new", "later"
"""What is chosen of something begun, besides an entry by its id."""


def wanted(table: Table, item: Item) -> Iterator[Step]:
    """Of each track of which an item still wants an entry, the question whether to write it down now.

    What is begun is gone on with, or a new one is written beside it.
    """
    held = table.held
    missing, half = (lacking(item, held), begun(item, held)) if table.id else ((), [])
    tracks = {track.name: track for track in tracks_of(table.here.shelf, item) if track.name in missing}
    for name in dict.fromkeys((*tracks, *(one.track.name for one in half if one.ends))):
        its = [one for one in half if one.track.name == name]
        track = its[0].track if its else tracks[name]
        what = {spoken: say(NOT_WRITTEN, {"what": track.text}, spoken) for spoken in SPOKEN}
        asked = Question("", what, "yes_no", choices={True: NOW, False: LATER})
        if its:
            lines = [{spoken: _said_of(one, spoken) for spoken in SPOKEN} for one in its]
            more = {spoken: " ".join(line[spoken] for line in lines[1:]) for spoken in SPOKEN}
            asked = Question("", lines[0], "code", hint=screen.said(more), choices=_choices(its))
        yield Step(name, asked, None, partial(_write, table, item, track, its))


def _said_of(one: Begun, spoken: str) -> str:
    sentence = WAITS if one.entry is None else ENDS if one.ends else BEGUN if one.lacks else BEGUN_BARE
    return say(sentence, {"what": one.track.text, "on": one.on or "?", "lacks": one.lacks}, spoken)


def _choices(its: Sequence[Begun]) -> Mapping[Any, Any]:
    """What can be done with what is begun: each entry is filled in but what she signed for, and a new one written."""
    open_ = [one for one in its if one.entry and not one.fixed]
    of = FILL_IN if len(open_) == 1 else FILL_IN_OF
    named = {
        str(one.entry): {spoken: say(of, {"on": one.on or "?", "entry": one.entry}, spoken) for spoken in SPOKEN}
        for one in open_
    }
    waiting = {WAITING: GO_ON} if any(one.entry is None for one in its) else {}
    return {**waiting, **named, **({} if its[0].ends else {NEW: ANEW}), NOT_NOW: LATER}


def _write(table: Table, item: Item, track: Track, its: Sequence[Begun], chosen: object) -> Sequence[Finding]:
    """The walk of a track, where its entry is to be written down now; then it goes on with the list.

    Of one that is begun what it lacks is asked first; an act that is still to be done to it is done.
    """
    if chosen in (False, NOT_NOW):
        return ()
    from shelterctl.walk import addition, deed  # noqa: PLC0415 - only whoever writes one down now needs it

    here, her = table.here, str(table.id)
    one = next((each for each in its if each.entry is not None and each.entry == chosen), None)
    act = next((name for name, each in track.deeds.items() if one and one.names[0].startswith(f"{each.writes}.")), None)
    if one and act:
        ended = deed.walk(here, her, track, act, Input({}, (), None), one.entry)
    elif one:
        ended = addition.walk(here, her, track, one.entry, only=one.names)
    else:  # answers that wait are gone on with
        ended = addition.walk(here, her, track, given=to_say(item, track.name, table.held))
    table.refresh()
    screen.clear()
    for sentence, facts in ended.said:
        screen.tell(sentence, facts)
    return ended.findings
