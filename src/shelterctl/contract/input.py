"""What commands take from a file: parts of a record, an agreement, a report, a name behind a code."""

from dataclasses import replace

from shelterctl.contract import record
from shelterctl.contract.definition import Definitions
from shelterctl.contract.format import Schema
from shelterctl.contract.record import SINGULAR, document
from shelterctl.core.field import Field, Fields
from shelterctl.core.tree import STAMP, STAYS, lines_of
from shelterctl.library import Shelf

BY_THE_TOOL = ("recorded_at", "recorded_by", "void")
"""What is written into an entry, and never given; its id says which one is meant."""

NEVER_GIVEN = ("schema", "id", *BY_THE_TOOL, "agreements", "unfinished", "printed")
"""What no part of a record says."""

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


def duty(shelf: Shelf, what: str) -> Schema:
    """What ``monitor attempt``, ``close`` or ``schedule --from`` takes: that part of a record, any of its keys."""
    part = _monitoring(shelf)["attempts" if what == "attempt" else what]
    given = {name: replace(one, must=False, was=None) for name, one in part.fields.items()}
    return _alone(replace(part, fields=given))


def entry(shelf: Shelf, track: str) -> Schema:
    """What ``add ID TRACK --from`` takes: fields of one entry at the top, and the ``id`` of the one that is meant."""
    of = shelf.tracks[track]
    given = {name: _part(replace(one, must=False)) for name, one in of.fields.items() if name not in of.tells}
    own = {"id": STAMP["id"]} if of.many else {}
    defs = Definitions(nulls=True)
    body = {**defs.object(Field(track, "group", {}, fields={**own, **given})), "minProperties": 1}
    return document(f"entry-{track}", 1, of.text["en"], body, defs)


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
    one = record.entry(shelf.tracks[SINGULAR[register]])
    return _alone(replace(one, fields={name: below for name, below in one.fields.items() if name != "printed"}))


def _alone(one: Field) -> Schema:
    """The keys of a field as a document that is not published."""
    defs = Definitions()
    return {**defs.object(one), "$defs": defs.used}
