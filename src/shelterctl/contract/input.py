"""What commands take from a file: parts of a record, one entry, an agreement, a report, a name behind a code."""

from dataclasses import replace

from shelterctl.contract.definition import Definitions
from shelterctl.contract.format import Schema
from shelterctl.contract.record import SINGULAR, coded, document
from shelterctl.core.field import Field, Fields
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES, STAMP, STAYS, lines_of
from shelterctl.library import Shelf

BY_THE_TOOL = ("recorded_at", "recorded_by", "void")
"""What is written into an entry, and never given; its id says which one is meant."""

NEVER_GIVEN = ("schema", "id", *BY_THE_TOOL, "agreements", "unfinished", "printed")
"""What no part of a record says."""

DUTIES = {"attempt": "attempts"}
"""What a command says of a duty, where the place in a file is called otherwise."""

BY_THE_ACT = ("stay", "form", "to_sign", "terminated")
"""What is written into an agreement by the commands themselves."""


def fragment(shelf: Shelf) -> Schema:
    """What ``admit --from`` takes: any part of a record, and the keys of a stay at the top."""
    top = {**shelf.record.fields, **shelf.record.fields[STAYS].fields}
    defs = Definitions(nulls=True)
    given = {name: _part(one, top=True) for name, one in top.items() if name not in NEVER_GIVEN}
    body = defs.object(Field("", "group", {}, fields=given))
    return document("fragment", 1, "A part of a client's record, to be merged in", body, defs)


def _part(one: Field, *, top: bool = False) -> Field:
    """A field of which some keys may be given alone: others stand in her file; deeper only what is whole is given."""
    loose = top or one.several
    fields = {
        name: replace(_part(below, top=one.several), must=below.must and not loose)
        for name, below in one.fields.items()
        if not (one.several and name in BY_THE_TOOL)
    }
    return replace(one, was=None, fields=fields)


def entries(shelf: Shelf) -> tuple[str, ...]:
    """The tracks of a client of which an entry is given by itself: whatever no act alone writes."""
    return tuple(track.name for track in shelf.tracks.values() if HOMES.keys() & {*track.home} and not track.act)


def entry(shelf: Shelf, track_name: str) -> Schema:
    """One entry of a track, its fields at the top; its id, where there may be many, says which one is meant.

    A new one needs what an entry is malformed without; but its day, which the command may say. Null takes a value away.
    """
    track = shelf.tracks[track_name]
    defs = Definitions(nulls=True)
    body = defs.object(_part(_one(track), top=True))
    if new := [name for name, one in track.fields.items() if one.must and name not in _days(track)]:
        body |= {"if": {"required": ["id"]}, "else": {"required": new}} if track.many else {}
    return document(f"track-{track.name}", 1, _titled(track), body, defs)


def _one(track: Track) -> Field:
    """One entry as it is given: by its id where many may stand there."""
    which = {"id": STAMP["id"]} if track.many else {}
    return Field(track.name, "group", track.text, several=track.many, fields={**which, **track.fields})


def _days(track: Track) -> tuple[str, ...]:
    return (track.day,) if isinstance(track.day, str) else track.day or ()


def _titled(track: Track) -> str:
    """What an entry is called, where it stands alone."""
    title = str(track.text["en"])
    return title[:1].upper() + title[1:]


def duty(shelf: Shelf, what: str) -> Schema:
    """What ``monitor attempt``, ``close`` or ``schedule --from`` takes: any of the fields of that entry."""
    track = next(one for one in shelf.tracks.values() if one.at == f"monitoring.{DUTIES.get(what, what)}")
    return _alone(_part(_one(track), top=True))


def report(shelf: Shelf) -> Schema:
    """What ``monitor record --from`` takes: the answers of Annex 7 at the top."""
    defs = Definitions()
    given = {name: one for name, one in _monitoring(shelf)["reports"].fields.items() if name not in BY_THE_TOOL}
    body = defs.object(Field("report", "group", {}, fields=given))
    return document("monitoring-report", 1, "A monitoring report", body, defs)


def _monitoring(shelf: Shelf) -> Fields:
    return shelf.record.fields[STAYS].fields["monitoring"].fields


def agreement(shelf: Shelf, name: str, *, lines: bool = True) -> Schema:
    """What ``agreement --from`` takes for one form; without *lines* they are left to the core, which knows clauses."""
    form = shelf.form(name)
    given = {key: one for key, one in form.fields.items() if key not in BY_THE_ACT}
    if lines:
        given["lines"] = lines_of(form)
    defs = Definitions()
    body = defs.object(Field("agreement", "group", {}, fields=given))
    return document(f"agreement-{name}", 1, f"A financial agreement on the {form.text['en']}", body, defs)


def called(shelf: Shelf, register: str) -> Schema:
    """What ``staff add --from`` and the like take: names behind a code, and nothing that the tool writes itself."""
    one = coded(shelf.tracks[SINGULAR[register]])
    return _alone(replace(one, fields={name: below for name, below in one.fields.items() if name != "printed"}))


def _alone(one: Field) -> Schema:
    """The keys of a field as a document that is not published."""
    defs = Definitions()
    return {**defs.object(one), "$defs": defs.used}
