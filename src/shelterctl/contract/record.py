"""What a store keeps: a client's file, the houses, who is staff, and the names behind codes."""

from dataclasses import replace
from typing import Any

from shelterctl.contract.definition import Definitions
from shelterctl.contract.format import FORMATS, Schema
from shelterctl.core.field import Field
from shelterctl.core.sameness import WAS
from shelterctl.core.track import Track
from shelterctl.core.tree import CHANGES, OF_A_REGISTER, REGISTERS, STAMP, STAYS, printed
from shelterctl.library import Shelf

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SINGULAR = {"staff": "staff", "ngos": "ngo", "facilities": "facility", "providers": "provider"}
"""The track of each register, which is what one entry of it is called."""

GIVEN_UP = ("no_backup", "disk_failed", "tampered_with", "other")
"""Why a file is given up."""


def document(name: str, version: int, title: str, description: str, body: Schema, defs: Definitions) -> Schema:
    """A schema with a name of its own, whole by itself: whatever it refers to stands in it."""
    named = {"$schema": DIALECT, "$id": f"urn:shelterctl:schema:{name}:{version}", "title": title}
    return {**named, "description": description, **body, "$defs": defs.used}


def resident(shelf: Shelf) -> Schema:
    """A client's file: everything that the tracks of a client and of a stay keep, and what is machine-made."""
    defs = Definitions()
    body = {**defs.object(shelf.record), "required": ["schema", "id", "identity", STAYS]}
    return {**document("resident", 1, "A client's record", RESIDENT, body, defs), **made_of(shelf)}


def made_of(shelf: Shelf) -> Schema:
    """By which a schema that is read as it was published says of which fields it was made."""
    return {"$comment": f"Made of the fields of shelf {shelf.imprint}."}


RESIDENT = "One client's file, as age opens it; lines of agreements are left open, and judged by their form."


def shelter(shelf: Shelf) -> Schema:
    """The houses of a store, each of a kind that lies on the shelf."""
    kept: Schema = {
        "store": {"title": "Id of the store", "type": "string"},
        "facilities": {"title": "Houses, by code"},
        "time_zone": {"title": "Offset from UTC", "type": "string", "pattern": r"^[+-]\d{2}:\d{2}$"},
        "languages": {"title": "Languages of the house", "type": "array", "items": {"type": "string"}},
        "shelf": {"title": "Shelf of the store, where it is not the shipped one", **FORMATS["code"]},
    }
    must = ["store", "facilities", "time_zone"]
    return _register(shelf, ("shelter", 1, "The houses of a store", "The file shelter.yaml, in clear."), kept, must)


def staff(shelf: Shelf) -> Schema:
    """Who is staff, by code: what lies in clear of it."""
    kept = {"staff": {"title": "Staff, by code"}}
    return _register(shelf, ("staff", 2, "Who is staff, by code", "The file staff.yaml, in clear."), kept, ["staff"])


def _register(shelf: Shelf, called: tuple[str, int, str, str], kept: Schema, must: list[str]) -> Schema:
    """A file in which the clear fields of a register lie by code, in the place that is left for it."""
    defs = Definitions()
    for key in kept.keys() & SINGULAR.keys():
        clear = shelf.tracks[SINGULAR[key]].clear
        kept[key] |= _by_code(defs.object(Field(key, "group", {}, fields={**clear, WAS: CHANGES})))
    return document(*called, _closed({"schema": _schema(called[0]), **kept}, ["schema", *must]), defs)


def _schema(name: str) -> Schema:
    codes = {f"{name}/{each}": said for each, said in zip(REGISTERS[name], OF_A_REGISTER, strict=False)}
    return Definitions().of(Field("schema", "const", {"en": "Schema of this file, and its version"}, codes=codes))


def directory(shelf: Shelf) -> Schema:
    """The names behind codes, with the sheets that were printed for staff, and the files that were given up."""
    defs = Definitions()
    kept = {
        key: {"title": f"{key.capitalize()}, by code", **_by_code(defs.of(coded(shelf.tracks[name])))}
        for key, name in SINGULAR.items()
    }
    lost = {"title": "Files that were given up", "type": "array", "items": defs.of(_given_up())}
    body = _closed({"schema": _schema("directory"), **kept, "given_up": lost}, ["schema"])
    return document("directory", 1, "Names behind codes", "The file directory.yaml, as age opens it.", body, defs)


def coded(track: Track) -> Field:
    """One entry of a register, as it lies encrypted."""
    sheets = {"printed": printed()} if track.name == "staff" else {}
    return Field(track.name, "group", track.text, of=(track.name,), fields={**track.fields, **sheets, WAS: CHANGES})


def _given_up() -> Field:
    own = (
        Field("file", "file", {"en": "Which file"}, must=True),
        Field("on", "day", {"en": "Given up on"}, must=True),
        Field("reason", "code", {"en": "Why"}, must=True, codes={why: {} for why in GIVEN_UP}),
        Field("words", "text", {"en": "Why, in words"}),
    )
    at = replace(STAMP["recorded_at"], kind="words")
    fields = {**STAMP, "recorded_at": at, **{one.name: one for one in own}}
    return Field("given_up", "group", {"en": "A file that was given up"}, of=("given_up",), fields=fields)


def _by_code(each: Schema) -> Schema:
    names = {"pattern": FORMATS["code"]["pattern"]}
    return {"type": "object", "additionalProperties": each, "propertyNames": names}


def _closed(properties: dict[str, Any], required: list[str]) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
