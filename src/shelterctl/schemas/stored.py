"""Schemas of what a store keeps: a client's file, the houses, the staff, and the names behind codes."""

from dataclasses import replace

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.file_tree import (
    CHANGES_FIELD,
    EDITION_FIELDS,
    REGISTER_FILE_VERSIONS,
    REGISTER_VERSION_TEXTS,
    REGISTER_VERSIONS,
    STAMP_FIELDS,
    STAYS_KEY,
    printed_sheets_field,
)
from shelterctl.core.record.register import HELD_MONTHS_KEY
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.fields import DAY_FORMAT, FORMATS, MONTH_FORMAT, Definitions, Schema, closed_object

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def register_tracks(rulebook: Rulebook) -> dict[str, str]:
    """Return the track of each register of a rulebook, by its place in the directory."""
    return {track.at: track.name for track in rulebook.registers}


REASONS_TO_GIVE_UP = ("no_backup", "disk_failed", "tampered_with", "other")
"""Reasons for which a file is given up."""


def schema_document(name: str, version: int, title: str, description: str, body: Schema, defs: Definitions) -> Schema:
    """Return a schema with an id of its own that contains all definitions it refers to."""
    named = {"$schema": SCHEMA_DIALECT, "$id": f"urn:shelterctl:schema:{name}:{version}", "title": title}
    return {**named, "description": description, **body, "$defs": defs.used}


def make_resident_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of a client's file: what the tracks of a client and a stay keep, and what the program adds."""
    defs = Definitions()
    body = {**defs.object_schema(rulebook.record), "required": ["schema", "id", "identity", STAYS_KEY]}
    return {
        **schema_document("resident", 1, "A client's record", RESIDENT_DESCRIPTION, body, defs),
        **rulebook_comment(rulebook),
    }


def rulebook_comment(rulebook: Rulebook) -> Schema:
    """Return the comment by which a published schema says from which fields it was made."""
    return {"$comment": f"Made from the fields of rulebook {rulebook.imprint}."}


RESIDENT_DESCRIPTION = (
    "One client's file, decrypted. Lines of agreements may hold anything here; their form describes them."
)


_RULEBOOK_KEYS: Schema = {
    "name": {"title": "Name of the rulebook", **FORMATS["code"]},
    "revision": {"title": "Revision that is needed, or a later one", **FORMATS["whole"]},
}


def shelter_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of the houses of a store, each of a kind that the rulebook knows."""
    kept: Schema = {
        "store": {"title": "Id of the store", "type": "string"},
        "facilities": {"title": "Houses, by code"},
        "time_zone": {"title": "Offset from UTC", "type": "string", "pattern": r"^[+-]\d{2}:\d{2}$"},
        "languages": {"title": "Languages of the house", "type": "array", "items": {"type": "string"}},
        "shelf": {
            "title": "Rulebook of the store",
            "description": "The name of a rulebook that is not the shipped one, and the revision that is needed.",
            "anyOf": [FORMATS["code"], closed_object(_RULEBOOK_KEYS, ["revision"])],
        },
    }
    must = ["store", "facilities", "time_zone"]
    return _register_schema(
        rulebook, ("shelter", 1, "The houses of a store", "The file shelter.yaml, unencrypted."), kept, must
    )


def staff_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of the staff by code: their unencrypted fields."""
    kept = {"staff": {"title": "Staff, by code"}}
    return _register_schema(
        rulebook, ("staff", 2, "Staff, by code", "The file staff.yaml, unencrypted."), kept, ["staff"]
    )


def _register_schema(rulebook: Rulebook, called: tuple[str, int, str, str], kept: Schema, must: list[str]) -> Schema:
    """Return the schema of a file that has the unencrypted fields of a register, by code."""
    defs = Definitions()
    registers = register_tracks(rulebook)
    for key in kept.keys() & registers.keys():
        clear = rulebook.tracks[registers[key]].clear
        kept[key] |= _mapping_by_code(
            defs.object_schema(Field(key, "group", {}, fields={**clear, CHANGES_KEY: CHANGES_FIELD}))
        )
    return schema_document(
        *called, closed_object({"schema": _version_of_file(called[0]), **kept}, ["schema", *must]), defs
    )


def _version_of_file(name: str) -> Schema:
    codes = {
        f"{name}/{each}": said for each, said in zip(REGISTER_VERSIONS[name], REGISTER_VERSION_TEXTS, strict=False)
    }
    return Definitions().field_schema(
        Field("schema", "const", {"en": "Schema of this file, and its version"}, codes=codes)
    )


def directory_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of the names behind codes, of sheets printed for staff, and of files given up."""
    defs = Definitions()
    kept = {
        key: {
            "title": f"{key.capitalize()}, by code",
            **_mapping_by_code(defs.field_schema(register_entry(rulebook.tracks[name]))),
        }
        for key, name in register_tracks(rulebook).items()
    }
    lost = {"title": "Files that were given up", "type": "array", "items": defs.field_schema(_given_up_entry())}
    body = closed_object({"schema": _version_of_file("directory"), **kept, "given_up": lost}, ["schema"])
    return schema_document("directory", 1, "Names behind codes", "The file directory.yaml, decrypted.", body, defs)


def register_file_schema(rulebook: Rulebook, home: str) -> Schema:
    """Return the schema of a file of a register: what one device recorded about a *home* in a month, by code."""
    defs = Definitions()
    records = _mapping_by_code(defs.object_schema(rulebook.register_records[home]))
    kept: Schema = {
        "schema": Definitions().field_schema(
            Field("schema", "const", {"en": "Schema of this file, and its version"}, codes=REGISTER_FILE_VERSIONS)
        ),
        "edition": {
            "title": "Rulebook it was written with",
            **defs.object_schema(Field("edition", "group", fields=EDITION_FIELDS)),
        },
        "home": {"title": "Whose register it is", "const": home},
        "month": {"title": "Month of the entries", **MONTH_FORMAT},
        "records": {"title": "Entries by code", **records},
    }
    body = closed_object(kept, [*kept])
    about = f"A file below registers/{home}, decrypted: what one device recorded in a month."
    return {
        **schema_document(
            f"register-{home}",
            1,
            f"Register of a {home}" if home != "staff" else "Register of staff",
            about,
            body,
            defs,
        ),
        **rulebook_comment(rulebook),
    }


def register_record_schema(files: Schema, home: str) -> Schema:
    """Return the schema of a joined record, all that the *files* of a register of that schema have about one code."""
    node: Schema = files["properties"]["records"]["additionalProperties"]
    head: Schema = {
        "schema": {"enum": [*REGISTER_FILE_VERSIONS]},
        "home": {"const": home},
        "id": FORMATS["code"],
        "opened": DAY_FORMAT,
        "held_from": DAY_FORMAT,
        "ended": DAY_FORMAT,
        HELD_MONTHS_KEY: FORMATS["words"],
    }
    return {**node, "properties": {**head, **node["properties"]}, "$defs": files["$defs"]}


def register_entry(track: Track) -> Field:
    """Return one entry of a register as it is stored encrypted."""
    sheets = {"printed": printed_sheets_field()} if track.name == "staff" else {}
    return Field(
        track.name, "group", track.text, of=(track.name,), fields={**track.fields, **sheets, CHANGES_KEY: CHANGES_FIELD}
    )


def _given_up_entry() -> Field:
    own = (
        Field("file", "file", {"en": "Which file"}, must=True),
        Field("on", "day", {"en": "Given up on"}, must=True),
        Field("reason", "code", {"en": "Why"}, must=True, codes={why: {} for why in REASONS_TO_GIVE_UP}),
        Field("words", "text", {"en": "Why, in words"}),
    )
    at = replace(STAMP_FIELDS["recorded_at"], kind="words")
    fields = {**STAMP_FIELDS, "recorded_at": at, **{one.name: one for one in own}}
    return Field("given_up", "group", {"en": "A file that was given up"}, of=("given_up",), fields=fields)


def _mapping_by_code(each: Schema) -> Schema:
    names = {"pattern": FORMATS["code"]["pattern"]}
    return {"type": "object", "additionalProperties": each, "propertyNames": names}
