"""Schemas of what commands read from a file: parts of a record, an entry, an agreement, a report, names of codes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.track import MONITORING_ATTEMPT, MONITORING_DAY, MONITORING_END, Track
from shelterctl.core.record.file_tree import (
    CHANGES_FIELD,
    STAMP_FIELDS,
    STAY_KEY,
    STAYS_KEY,
    UNFINISHED_KEY,
    lines_field,
    stamp_groups,
    with_moved_fields,
)
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.language import Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.fields import Definitions, Schema, capitalize_first, closed_object
from shelterctl.schemas.stored import register_entry, register_tracks, rulebook_comment, schema_document

WRITTEN_BY_PROGRAM = ("recorded_at", "recorded_by", "void", CHANGES_KEY)
"""Keys of an entry that only the program writes; its id may be given, to name the entry."""

NEVER_GIVEN = ("schema", "edition", "id", *WRITTEN_BY_PROGRAM, "agreements", UNFINISHED_KEY, "printed", "sealed")
"""Keys that no part of a record may give."""

WRITTEN_BY_COMMANDS = ("stay", "form", "to_sign", "terminated", "corrections")
"""Keys of an agreement that the commands write."""

FIELDS_TO_SEARCH_BY = ("first_name", "last_name", "birth_date")
"""Fields by which a client can be looked for."""

STAY_OF_ENTRY = Field(
    STAY_KEY,
    "entry",
    {"en": "To which stay it belongs", "ru": "К какому проживанию относится", "ky": "Кайсы жашоого тиешелүү"},
    hint={"en": "The id of one of her stays, if neither the day of the entry nor its agreement decides."},
    of=("stay",),
)
"""A key that may be given with an entry of a stay, and is not written into her file."""

PURPOSE_OF_DUTY = {"attempt": MONITORING_ATTEMPT, "closed": MONITORING_END, "scheduled": MONITORING_DAY}
"""The purposes of the tracks of the duty to ask how she is, by what is recorded of it."""

SCHEMAS_OF_DUTY = {"attempt": "attempt", "closed": "closing", "scheduled": "schedule"}
"""The names of the published schemas of what is recorded of that duty, whatever its tracks are called."""


def _input_document(name: str, title: str, description: str, fields: Fields, *, nulls: bool = False) -> Schema:
    """Return the schema of a file that a command takes, with these fields at the top."""
    defs = Definitions(nulls=nulls, given=True)
    return schema_document(name, 1, title, description, defs.object_schema(Field("", "group", {}, fields=fields)), defs)


def make_fragment_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``admit --from`` takes: any part of a record, with the keys of a stay at the top."""
    title = "A part of a client's record, to be merged in"
    made = _input_document("fragment", title, FRAGMENT_DESCRIPTION, _parts_of_record(rulebook), nulls=True)
    return {**made, **rulebook_comment(rulebook)}


FRAGMENT_DESCRIPTION = (
    "What admit --from takes. Keys of her stay are at the top, beside her own. Values that are not given "
    "stay as they are in her file. An entry of a list is added, unless it has the id of an existing one. "
    "Null takes a value away."
)


def _parts_of_record(rulebook: Rulebook) -> Fields:
    """Return every part of a record that may be given, with the keys of a stay beside those of the client."""
    top = {**rulebook.record.fields, **rulebook.record.fields[STAYS_KEY].fields}
    done = {name: {deed.writes for deed in track.entry_acts.values()} for name, track in rulebook.tracks.items()}
    parts = {name: _loosened_field(one, done, top=True) for name, one in top.items() if name not in NEVER_GIVEN}
    whole = replace(parts[STAYS_KEY], fields={name: _with_stay(one) for name, one in parts[STAYS_KEY].fields.items()})
    hers = {name: _with_stay(one) for name, one in parts.items() if name in whole.fields}
    return {**parts, **hers, STAYS_KEY: whole, STAY_KEY: STAY_OF_ENTRY}


def _with_stay(one: Field) -> Field:
    """Return a list of a stay with a key in each entry for the stay it belongs to; lists inside a group likewise."""
    if one.kind != "group":
        return one
    if one.several:
        return replace(one, fields={**one.fields, STAY_KEY: STAY_OF_ENTRY})
    return replace(one, fields={name: _with_stay(each) for name, each in one.fields.items()})


def _loosened_field(one: Field, done: Mapping[str, Collection[str]], *, top: bool = False) -> Field:
    """Return a field with keys that may be given alone, because the others are in her file already.

    This holds at the top and in entries of a list; deeper down a value is given whole. *done* are the fields, by track,
    that only acts write.
    """
    loose = top or one.several
    by_acts = done.get(one.of[0], ()) if one.kind == "group" and one.of else ()
    fields = {
        name: replace(_loosened_field(below, done, top=one.several), must=below.must and not loose)
        for name, below in one.fields.items()
        if not (one.several and name in WRITTEN_BY_PROGRAM) and name not in by_acts
    }
    return replace(one, was=None, fields=fields)


def discharge_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``discharge --from`` takes: the discharge, as a part of a record."""
    fields = {"discharge": _parts_of_record(rulebook)["discharge"]}
    return _input_document("discharge", "How she leaves", "What discharge --from takes.", fields, nulls=True)


def search_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``find --from`` takes: any of the fields to search by."""
    known = rulebook.tracks["identity"].fields
    fields = {name: replace(known[name], must=False) for name in FIELDS_TO_SEARCH_BY}
    return _input_document("find", "Whom to look for", "What find --from takes: any of these.", fields)


def tracks_with_entries(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the names of the tracks whose entries are given one by one: those that no act writes, and no command of a
    register of codes.
    """
    return tuple(track.name for track in rulebook.tracks.values() if not (track.act or track.is_coded))


def entry_schema(rulebook: Rulebook, track_name: str, *, whole: bool = True) -> Schema:
    """Return the schema of one entry of a track, its fields at the top; an id names one of several entries.

    A new entry needs its required fields, except its day, which the command may give. Null takes a value away. If not
    *whole*, it is a part of an existing entry. Fields that acts write cannot be given. A track of which every file has
    a block is given whole each time: accepting a part would reveal that the rest is there.
    """
    track = with_moved_fields(rulebook.tracks[track_name], rulebook.tracks, rulebook.moved_places)
    in_a_block = track_name in rulebook.blocks
    written = {deed.writes for deed in track.entry_acts.values()}
    track = replace(track, fields={name: one for name, one in track.fields.items() if name not in written})
    defs = Definitions(nulls=not in_a_block, given=True)
    one = _loosened_field(_entry_with_id(track, rulebook.void), {}, top=True)
    body = defs.object_schema(_with_stay(one) if track.of_a_stay and track.many else one)
    days = (track.day,) if isinstance(track.day, str) else track.day or ()
    new = [name for name, one in track.fields.items() if one.must and name not in days]
    if track.many and new and whole:
        body |= {"if": {"required": ["id"]}, "else": {"required": new}}
    if in_a_block:
        body |= {"required": [name for name, one in track.fields.items() if one.must]}
    return _entry_document(track, body, defs, BLOCK_ENTRY_DESCRIPTION if in_a_block else "")


def at_once_schema(rulebook: Rulebook, track_name: str) -> Schema:
    """Return the schema of what ``add HOUSE TRACK --from`` takes: answers for all residents, and for each by her id.

    The day is given once for all. What is required is known only once both are joined with what is proposed.
    """
    track = rulebook.tracks[track_name]
    written = {deed.writes for deed in track.entry_acts.values()}
    fields = {name: replace(one, must=False) for name, one in track.fields.items() if name not in written}
    own = {"id": STAMP_FIELDS["id"], **{name: one for name, one in fields.items() if name != track.day}}
    defs = Definitions(given=True)
    both = {
        ALL_KEY: {"title": "For all", **defs.object_schema(Field(ALL_KEY, "group", {}, fields=fields))},
        EACH_KEY: {
            "title": "For each, by the id of the client",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/one"},
        },
    }
    defs.used["one"] = defs.object_schema(Field("one", "group", {}, several=True, fields=own))
    body = closed_object(both, (ALL_KEY,))
    title = f"{capitalize_first(track.text['en'])}, for all residents of a house"
    return schema_document(f"all-{track.name}", 1, title, AT_ONCE_DESCRIPTION, body, defs)


ALL_KEY, EACH_KEY = "all", "each"
"""The keys of what is recorded for all residents at once, and for each by her id."""

AT_ONCE_DESCRIPTION = (
    "What add HOUSE TRACK --from takes. Without each, everybody who lives in the house gets what is proposed: what is "
    "owed, or what she was given last. With each, only the clients named there do; what is not given is proposed."
)


def tracks_at_once(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the names of the tracks that are written for all residents of a house at once."""
    return tuple(track.name for track in rulebook.tracks.values() if track.at_once)


def stored_entry_schema(rulebook: Rulebook, track_name: str) -> Schema:
    """Return the schema of an entry as a file stores it: whole, without nulls, and with what acts wrote into it."""
    track, defs = rulebook.tracks[track_name], Definitions()
    one = _entry_with_id(track, rulebook.void)
    changed = replace(one, fields={**one.fields, CHANGES_KEY: CHANGES_FIELD}) if track.many else one
    return _entry_document(track, defs.object_schema(changed), defs)


def lines_schema(rulebook: Rulebook, form: str) -> Schema:
    """Return the schema of the lines of an agreement as a file stores them, each with every key it may have."""
    fields = {"lines": lines_field(rulebook.form(form))}
    return _input_document(f"lines-{form}", "Lines of an agreement", "As they are stored in a file.", fields)


def _entry_document(track: Track, body: Schema, defs: Definitions, of: str = "") -> Schema:
    if not of and track.many:
        of = ONE_ENTRY_OF_REGISTER_DESCRIPTION if track.of_register else ONE_ENTRY_DESCRIPTION
    of = of or ONLY_ENTRY_DESCRIPTION
    return schema_document(f"track-{track.name}", 1, capitalize_first(track.text["en"]), of, body, defs)


ONE_ENTRY_DESCRIPTION = (
    "One entry, its fields at the top. With the id of an entry in her file it changes that one, otherwise it is new."
)
ONE_ENTRY_OF_REGISTER_DESCRIPTION = (
    "One entry, its fields at the top. With the id of an entry of the register it changes that, otherwise it is new."
)
ONLY_ENTRY_DESCRIPTION = (
    "One entry, its fields at the top. A file has only one; fields that are not given stay as they are."
)

BLOCK_ENTRY_DESCRIPTION = "The whole entry, its fields at the top. It replaces the one in her file."


def _entry_with_id(track: Track, void: Field) -> Field:
    """Return one entry as it is given: with an id if there may be several, as in each group of a list inside it."""
    which = {"id": STAMP_FIELDS["id"]} if track.many else {}
    fields = stamp_groups(track.fields, {**STAMP_FIELDS, "void": void, CHANGES_KEY: CHANGES_FIELD})
    return Field(track.name, "group", track.text, several=track.many, fields={**which, **fields})


def duty_schema(rulebook: Rulebook, what: str) -> Schema:
    """Return the schema of what ``monitor attempt``, ``close`` or ``schedule --from`` takes: any field of its entry."""
    track = rulebook.track_for(PURPOSE_OF_DUTY[what])
    fields = _loosened_field(_entry_with_id(track, rulebook.void), {}, top=True).fields
    about = "Any of its fields; --on can give its day."
    return _input_document(SCHEMAS_OF_DUTY[what], capitalize_first(track.text["en"]), about, fields)


def report_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``monitor record --from`` takes: the answers of Annex 7 at the top."""
    fields = {"id": STAMP_FIELDS["id"], **rulebook.report.fields}
    return _input_document("monitoring-report", "A monitoring report", "What monitor record --from takes.", fields)


def agreement_schema(rulebook: Rulebook, name: str, *, lines: bool = True) -> Schema:
    """Return the schema of what ``agreement --from`` takes for one form.

    Without *lines* these are left to the core, which knows their clauses.
    """
    form = rulebook.form(name)
    given = {key: _without_program_fields(one) for key, one in form.fields.items() if key not in WRITTEN_BY_COMMANDS}
    if lines:
        given["lines"] = _lines_as_printed(form)
    title = f"A financial agreement on the {form.text['en']}"
    return _input_document(f"agreement-{name}", title, AGREEMENT_DESCRIPTION, given)


def _without_program_fields(one: Field) -> Field:
    """Return a field without what an act itself writes into it, such as what is kept with a signature."""
    return replace(one, fields={name: below for name, below in one.fields.items() if not below.by_file})


AGREEMENT_DESCRIPTION = (
    "What agreement --from takes. The limits of its lines depend on the day of the agreement: see agreement "
    "--form. To sign a saved agreement, give signed alone."
)


def _lines_as_printed(form: Track) -> Field:
    """Return the lines of a form, titled as printed but without limits, which change from one day on."""
    lines = lines_field(form)
    called = {name: replace(one, text=_hide_limits(one.text)) for name, one in lines.fields.items()}
    return replace(lines, fields=called)


def _hide_limits(text: Text) -> Text:
    return {language: words.format_map(defaultdict(lambda: "…")) for language, words in text.items()}


def termination_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``terminate --from`` takes: when an agreement ended, who decided it, and why."""
    group = rulebook.tracks["agreement"].fields["terminated"]
    fields = {name: replace(one, must=False) for name, one in group.fields.items()}
    about = "What terminate --from takes; --on can give its day."
    return _input_document("termination", "Termination of an agreement", about, fields)


def register_input_schema(rulebook: Rulebook, register: str) -> Schema:
    """Return the schema of what ``staff add --from`` and the like take: names behind a code.

    Keys that the program writes are left out.
    """
    track = rulebook.tracks[register_tracks(rulebook)[register]]
    fields = {name: one for name, one in register_entry(track).fields.items() if name not in ("printed", CHANGES_KEY)}
    title = capitalize_first(track.text["en"])
    return _input_document(f"{track.name}-entry", title, REGISTER_INPUT_DESCRIPTION, fields)


REGISTER_INPUT_DESCRIPTION = (
    "The encrypted fields behind a code of the register. The code itself and its unencrypted fields are options."
)


def given_up_schema(_: Rulebook) -> Schema:
    """Return the schema of what ``repair --give-up --from`` takes: words beside the code of the reason."""
    words = Field("words", "text", {"en": "What happened"}, hint={"en": "No name of a client is needed."})
    about = "What repair --give-up --from takes."
    return _input_document("given-up", "Why a file is given up", about, {"words": words})
