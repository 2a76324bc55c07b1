"""What a deadline of a track means: when it begins, how long after, what answers it, who sees to it."""

from collections.abc import Mapping
from datetime import date

from shelterctl.core.entry import field_at
from shelterctl.core.finding import Outcome
from shelterctl.core.ruling import in_force
from shelterctl.core.sentence import NOUNS, quoted
from shelterctl.core.track import Due, Part, Track
from shelterctl.explained.layout import MEANS, SEE, layout, named
from shelterctl.explained.layout import quoted as in_the_manual
from shelterctl.language import N_, Sentence, Text
from shelterctl.library import Shelf

BEGINS = N_("It begins with: {event}.")
LATER = N_("After so long: calendar months {months}, days {days}.")
EVERY = {"day": N_("It is due every day."), "week": N_("It is due every week."), "month": N_("It is due every month.")}
ANSWERED = N_("It is answered by: {until}.")
OWNER = N_("Who sees to it: {owner}.")
NEVER = N_("It is never overdue; it stays open until it is answered.")
LIST = N_("Everything that is due: shelterctl due")


def deadlines(shelf: Shelf) -> Mapping[str, tuple[Track, Part | None, Due]]:
    """Every deadline of a track by its row, but for those that have a page of their own."""
    known = {duty["row"] for duty in shelf.duties.values()}
    found = {
        due.row: (track, of, due)
        for track in shelf.owing
        for of, dues in ((None, track.due), *((part, part.due) for part in track.parts.values()))
        for due in dues
    }
    return {row: each for row, each in found.items() if row is not None and row not in known}


def deadline(shelf: Shelf, name: str, day: date) -> Outcome:
    """When a deadline begins, how long after it is due, what answers it, and who sees to it, as it holds on *day*."""
    track, part, due = deadlines(shelf)[name]
    fields, ruling = (part or track).fields, in_force(due.history, day)
    asks = ruling.asks if ruling else {}
    begun = field_at(fields, due.event)
    event: Sentence = quoted(begun.text) if begun else NOUNS[due.event]
    until = [_called(shelf, track, part, one) for one in due.until] or [track.text]
    owner = shelf.tracks["staff"].clear["role"].codes.get(due.owner or "")
    after = asks.get("after") or {}
    said: list[tuple[Sentence, Mapping[str, object]]] = [(BEGINS, {"event": event})]
    said += [(LATER, {"months": after.get("months", 0), "days": after.get("days", 0)})] if after else []
    said += [(EVERY[asks["every"]], {})] if "every" in asks else []
    said += [(ANSWERED, {"until": until})]
    said += [(OWNER, {"owner": owner})] if owner else []
    said += [(NEVER, {})] if due.never else []
    clause = ruling.clause if ruling else track.clause
    about = shelf.clause(clause)
    more = named(SEE, [(clause, about["heading"])])
    text = due.text or track.text
    prose = layout(name, text, (MEANS, (*said, (LIST, {}))), in_the_manual(about["text"]), more)
    data = {"deadline": name, "track": track.name, "text": text, "clause": clause, "owner": due.owner, **after}
    return Outcome(data=data, prose=prose)


def _called(shelf: Shelf, track: Track, part: Part | None, name: str) -> Text:
    """A track by its noun, a field by its label."""
    one = field_at((part or track).fields, name) or field_at(track.fields, name)
    return quoted(one.text) if one else shelf.tracks[name].text
