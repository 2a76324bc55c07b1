"""What a store keeps: a client's file, the houses, who is staff, and the names behind codes."""

from typing import Any

from shelterctl.contract.definition import Definitions
from shelterctl.contract.format import FORMATS, Schema
from shelterctl.core.field import Field
from shelterctl.core.track import Track
from shelterctl.core.tree import STAMP, STAYS, printed
from shelterctl.library import Shelf

DIALECT = "https://json-schema.org/draft/2020-12/schema"

MADE_OF = "Made of the fields of shelf {}."
"""By which a schema says of which fields it was made."""

SINGULAR = {"staff": "staff", "ngos": "ngo", "facilities": "facility", "providers": "provider"}
"""The track of each register, which is what one entry of it is called."""

GIVEN_UP = ("no_backup", "disk_failed", "tampered_with", "other")
"""Why a file is given up."""


def document(name: str, version: int, title: str, body: Schema, defs: Definitions) -> Schema:
    """A schema with a name of its own."""
    named = {"$schema": DIALECT, "$id": f"urn:shelterctl:schema:{name}:{version}", "title": title}
    return {**named, **body, "$defs": defs.used}


def resident(shelf: Shelf) -> Schema:
    """A client's file: everything that the tracks of a client and of a stay keep, and what is machine-made."""
    defs = Definitions()
    body = {**defs.object(shelf.record), "required": ["schema", "id", "identity", STAYS]}
    return {**document("resident", 1, "A client's record", body, defs), "$comment": MADE_OF.format(shelf.imprint)}


def shelter(shelf: Shelf) -> Schema:
    """The houses of a store, each of a kind that lies on the shelf."""
    kept: Schema = {
        "store": {"type": "string"},
        "facilities": None,
        "time_zone": {"type": "string", "pattern": r"^[+-]\d{2}:\d{2}$"},
        "languages": {"type": "array", "items": {"type": "string"}},
    }
    return _register(shelf, "shelter", 1, "The houses of a store", kept, ["store", "facilities", "time_zone"])


def staff(shelf: Shelf) -> Schema:
    """Who is staff, by code: what lies in clear of it."""
    return _register(shelf, "staff", 2, "Who is staff, by code", {"staff": None}, ["staff"])


def _register(shelf: Shelf, name: str, version: int, title: str, kept: Schema, must: list[str]) -> Schema:
    """A file in which the clear fields of a register lie by code, in the place that is left for it."""
    defs = Definitions()
    for key, own in kept.items():
        if own is None:
            clear = shelf.tracks[SINGULAR[key]].clear
            kept[key] = _by_code(defs.object(Field(key, "group", {}, fields=clear)))
    body = _closed({"schema": {"const": f"{name}/{version}"}, **kept}, ["schema", *must])
    return document(name, version, title, body, defs)


def directory(shelf: Shelf) -> Schema:
    """The names behind codes, with the sheets that were printed for staff, and the files that were given up."""
    defs = Definitions()
    kept = {key: _by_code(defs.of(coded(shelf.tracks[name]))) for key, name in SINGULAR.items()}
    lost = {"type": "array", "items": defs.of(_given_up())}
    body = _closed({"schema": {"const": "directory/1"}, **kept, "given_up": lost}, ["schema"])
    return document("directory", 1, "Names behind codes", body, defs)


def coded(track: Track) -> Field:
    """One entry of a register, as it lies encrypted."""
    sheets = {"printed": printed()} if track.name == "staff" else {}
    return Field(track.name, "group", track.text, of=(track.name,), fields={**track.fields, **sheets})


def _given_up() -> Field:
    own = (
        Field("file", "file", {}, must=True),
        Field("on", "day", {}, must=True),
        Field("reason", "code", {}, must=True, codes={why: {} for why in GIVEN_UP}),
        Field("words", "text", {}),
    )
    fields = {**STAMP, "recorded_at": Field("recorded_at", "words", {}), **{one.name: one for one in own}}
    return Field("given_up", "group", {}, of=("given_up",), fields=fields)


def _by_code(each: Schema) -> Schema:
    names = {"pattern": FORMATS["code"]["pattern"]}
    return {"type": "object", "additionalProperties": each, "propertyNames": names}


def _closed(properties: dict[str, Any], required: list[str]) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
