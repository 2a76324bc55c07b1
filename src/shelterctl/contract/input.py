"""What commands take from a file: parts of a record, one entry, an agreement, a report, a name behind a code."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from shelterctl.contract.definition import Definitions, capital
from shelterctl.contract.format import Schema
from shelterctl.contract.record import SINGULAR, coded, document, made_of
from shelterctl.core.field import Field, Fields
from shelterctl.core.home import STAY
from shelterctl.core.sameness import WAS
from shelterctl.core.track import Track
from shelterctl.core.tree import CHANGES, HOMES, STAMP, STAYS, lines_of, with_moved
from shelterctl.language import Text
from shelterctl.library import Shelf

BY_THE_TOOL = ("recorded_at", "recorded_by", "void", WAS)
"""What is written into an entry, and never given; its id says which one is meant."""

NEVER_GIVEN = ("schema", "edition", "id", *BY_THE_TOOL, "agreements", "unfinished", "printed", "sealed")
"""What no part of a record says."""

BY_THE_ACT = ("stay", "form", "to_sign", "terminated", "corrections")
"""What is written into an agreement by the commands themselves."""

FOUND_BY = ("first_name", "last_name", "birth_date")
"""What may be said of whoever is looked for."""

WHICH_STAY = Field(
    STAY,
    "entry",
    {"en": "To which stay it belongs", "ru": "К какому проживанию относится", "ky": "Кайсы жашоого тиешелүү"},
    hint={"en": "The id of one of her stays, where neither its day nor its agreement decides."},
    of=("stay",),
)
"""What may stand beside an entry of a stay, and is not written into her file."""

DUTIES = {"attempt": "attempt", "closed": "closing", "scheduled": "schedule"}
"""What is written of the duty to ask how she is, and its track."""


def fragment(shelf: Shelf) -> Schema:
    """What ``admit --from`` takes: any part of a record, and the keys of a stay at the top."""
    defs = Definitions(nulls=True)
    body = defs.object(Field("", "group", {}, fields=_parts(shelf)))
    title = "A part of a client's record, to be merged in"
    return {**document("fragment", 1, title, FRAGMENT, body, defs), **made_of(shelf)}


FRAGMENT = (
    "What admit --from takes. Keys of her stay stand at the top, beside those of her own. What stands in her file "
    "already stays; an entry of a list is another one, unless it has the id of one; null takes a value away."
)


def _parts(shelf: Shelf) -> Fields:
    """Every part of a record that may be given, with the keys of a stay beside those of the client."""
    top = {**shelf.record.fields, **shelf.record.fields[STAYS].fields}
    done = {name: {deed.writes for deed in track.deeds.values()} for name, track in shelf.tracks.items()}
    parts = {name: _part(one, done, top=True) for name, one in top.items() if name not in NEVER_GIVEN}
    whole = replace(parts[STAYS], fields={name: _placed(one) for name, one in parts[STAYS].fields.items()})
    hers = {name: _placed(one) for name, one in parts.items() if name in whole.fields}
    return {**parts, **hers, STAYS: whole, STAY: WHICH_STAY}


def _placed(one: Field) -> Field:
    """A list of a stay, each of whose entries may say to which stay it belongs; lists inside a group alike."""
    if one.kind != "group":
        return one
    if one.several:
        return replace(one, fields={**one.fields, STAY: WHICH_STAY})
    return replace(one, fields={name: _placed(each) for name, each in one.fields.items()})


def _part(one: Field, done: Mapping[str, Collection[str]], *, top: bool = False) -> Field:
    """A field of which some keys may be given alone: others stand in her file; deeper only what is whole is given.

    What is *done* to an entry, by its track, is written by acts alone.
    """
    loose = top or one.several
    by_acts = done.get(one.of[0], ()) if one.kind == "group" and one.of else ()
    fields = {
        name: replace(_part(below, done, top=one.several), must=below.must and not loose)
        for name, below in one.fields.items()
        if not (one.several and name in BY_THE_TOOL) and name not in by_acts
    }
    return replace(one, was=None, fields=fields)


def discharge(shelf: Shelf) -> Schema:
    """What ``discharge --from`` takes: that part of a record."""
    defs = Definitions(nulls=True)
    body = defs.object(Field("", "group", {}, fields={"discharge": _parts(shelf)["discharge"]}))
    return document("discharge", 1, "How she leaves", "What discharge --from takes.", body, defs)


def find(shelf: Shelf) -> Schema:
    """What ``find --from`` takes: any of what she is found by."""
    known = shelf.tracks["identity"].fields
    defs = Definitions()
    body = defs.object(Field("", "group", {}, fields={name: replace(known[name], must=False) for name in FOUND_BY}))
    return document("find", 1, "Whom to look for", "What find --from takes: any of these.", body, defs)


def entries(shelf: Shelf) -> tuple[str, ...]:
    """The tracks of a client of which an entry is given by itself: whatever no act alone writes."""
    return tuple(track.name for track in shelf.tracks.values() if HOMES.keys() & {*track.home} and not track.act)


def entry(shelf: Shelf, track_name: str, *, whole: bool = True) -> Schema:
    """One entry of a track, its fields at the top; its id, where there may be many, says which one is meant.

    A new one needs what an entry is malformed without; but its day, which the command may say. Null takes a value away.
    Where it is not *whole* it is a part of one that stands there; what acts write is given by no file. What every file
    has a block of is given whole each time: that a part of it is taken would tell that the rest stands there.
    """
    track = with_moved(shelf.tracks[track_name], shelf.tracks, shelf.moved)
    in_a_block = track_name in shelf.blocks
    written = {deed.writes for deed in track.deeds.values()}
    track = replace(track, fields={name: one for name, one in track.fields.items() if name not in written})
    defs = Definitions(nulls=not in_a_block)
    one = _part(_one(track), {}, top=True)
    body = defs.object(_placed(one) if track.of_a_stay and track.many else one)
    days = (track.day,) if isinstance(track.day, str) else track.day or ()
    new = [name for name, one in track.fields.items() if one.must and name not in days]
    if track.many and new and whole:
        body |= {"if": {"required": ["id"]}, "else": {"required": new}}
    if in_a_block:
        body |= {"required": [name for name, one in track.fields.items() if one.must]}
    return _entry(track, body, defs, IN_A_BLOCK if in_a_block else "")


def lying(shelf: Shelf, track_name: str) -> Schema:
    """One entry as it lies in a file: whole, nothing taken away from it, and with what acts wrote into it."""
    track, defs = shelf.tracks[track_name], Definitions()
    one = _one(track)
    changed = replace(one, fields={**one.fields, WAS: CHANGES}) if track.many else one
    return _entry(track, defs.object(changed), defs)


def lines(shelf: Shelf, form: str) -> Schema:
    """The lines of an agreement as they lie in a file, each with whatever it may have."""
    defs = Definitions()
    body = defs.object(Field("", "group", {}, fields={"lines": lines_of(shelf.form(form))}))
    return document(f"lines-{form}", 1, "Lines of an agreement", "As they lie in a file.", body, defs)


def _entry(track: Track, body: Schema, defs: Definitions, of: str = "") -> Schema:
    of = of or (ONE if track.many else THE_ONE)
    return document(f"track-{track.name}", 1, capital(track.text["en"]), of, body, defs)


ONE = "One entry, its fields at the top. With the id of one that stands in her file that one is meant, else it is new."
THE_ONE = "One entry, its fields at the top; there is one of it, and what stands in her file already stays."

IN_A_BLOCK = "The entry whole, its fields at the top; it takes the place of whatever stands in her file."


def _one(track: Track) -> Field:
    """One entry as it is given: by its id where many may stand there."""
    which = {"id": STAMP["id"]} if track.many else {}
    return Field(track.name, "group", track.text, several=track.many, fields={**which, **track.fields})


def duty(shelf: Shelf, what: str) -> Schema:
    """What ``monitor attempt``, ``close`` or ``schedule --from`` takes: any of the fields of that entry."""
    track = shelf.tracks[DUTIES[what]]
    defs = Definitions()
    body = defs.object(_part(_one(track), {}, top=True))
    return document(
        track.name, 1, capital(track.text["en"]), "Any of its fields; its day may be said with --on.", body, defs
    )


def report(shelf: Shelf) -> Schema:
    """What ``monitor record --from`` takes: the answers of Annex 7 at the top."""
    defs = Definitions()
    given = {"id": STAMP["id"], **shelf.report.fields}
    body = defs.object(Field("report", "group", {}, fields=given))
    return document("monitoring-report", 1, "A monitoring report", "What monitor record --from takes.", body, defs)


def agreement(shelf: Shelf, name: str, *, lines: bool = True) -> Schema:
    """What ``agreement --from`` takes for one form; without *lines* they are left to the core, which knows clauses."""
    form = shelf.form(name)
    given = {key: _typed(one) for key, one in form.fields.items() if key not in BY_THE_ACT}
    if lines:
        given["lines"] = _printed(form)
    defs = Definitions()
    body = defs.object(Field("agreement", "group", {}, fields=given))
    return document(f"agreement-{name}", 1, f"A financial agreement on the {form.text['en']}", AGREEMENT, body, defs)


def _typed(one: Field) -> Field:
    """A field without what an act writes into it itself, such as what is kept with a signature."""
    return replace(one, fields={name: below for name, below in one.fields.items() if not below.by_file})


AGREEMENT = (
    "What agreement --from takes. The limits of its lines are those of the day of the agreement: see agreement --form. "
    "To sign one that is saved, signed alone is enough."
)


def _printed(form: Track) -> Field:
    """The lines of a form, each called as it is printed; a limit holds from a day on, and no number stands here."""
    lines = lines_of(form)
    called = {name: replace(one, text=_unlimited(one.text)) for name, one in lines.fields.items()}
    return replace(lines, fields=called)


def _unlimited(text: Text) -> Text:
    return {language: words.format_map(defaultdict(lambda: "…")) for language, words in text.items()}


def termination(shelf: Shelf) -> Schema:
    """What ``terminate --from`` takes: when an agreement ended, who decided it, and why."""
    group = shelf.tracks["agreement"].fields["terminated"]
    given = {name: replace(one, must=False) for name, one in group.fields.items()}
    defs = Definitions()
    body = defs.object(Field("", "group", {}, fields=given))
    about = "What terminate --from takes; its day may be said with --on."
    return document("termination", 1, "That an agreement was terminated", about, body, defs)


def called(shelf: Shelf, register: str) -> Schema:
    """What ``staff add --from`` and the like take: names behind a code, and nothing that the tool writes itself."""
    track = shelf.tracks[SINGULAR[register]]
    one = coded(track)
    given = replace(
        one, of=(), fields={name: below for name, below in one.fields.items() if name not in ("printed", WAS)}
    )
    defs = Definitions()
    return document(f"{track.name}-entry", 1, capital(track.text["en"]), NAMED, defs.object(given), defs)


NAMED = "What lies encrypted behind a code of the register; the code itself, and what lies in clear, are options."


def given_up(_: Shelf) -> Schema:
    """What ``repair --give-up --from`` takes: words beside the code of the reason."""
    defs = Definitions()
    words = Field("words", "text", {"en": "What happened"}, hint={"en": "No name of a client is needed."})
    body = defs.object(Field("", "group", {}, fields={"words": words}))
    return document("given-up", 1, "Why a file is given up", "What repair --give-up --from takes.", body, defs)
