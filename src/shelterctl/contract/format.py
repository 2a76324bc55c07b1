"""The formats of what may be written: one schema a kind, by the name under which every document defines it."""

from collections.abc import Mapping
from typing import Any

from shelterctl.language import N_

Schema = dict[str, Any]

_ID = "[0-9A-HJKMNP-TV-Z]"
_DAY: Schema = {
    "type": "string",
    "x-is": "date",
    "pattern": r"^\d{4}-\d{2}-\d{2}$",
    "description": "a date YYYY-MM-DD",
}
_WHOLE: Schema = {"type": "integer", "minimum": 1}
_MONTH: Schema = {"type": "string", "x-is": "month", "pattern": r"^\d{4}-\d{2}$", "description": "a month YYYY-MM"}
FORMATS: Mapping[str, Schema] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 20000, "description": "text"},
    "words": {"type": "string", "minLength": 1},
    "file": {"type": "string", "minLength": 1, "maxLength": 120},
    "day": _DAY,
    "time": {
        "type": "string",
        "x-is": "time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}([+-]\d{2}:\d{2})?$",
        "description": "a time YYYY-MM-DDTHH:MM with or without offset",
    },
    "clock": {
        "type": "string",
        "pattern": r"^([01]\d|2[0-3]):[0-5]\d$",
        "description": "a time of the day HH:MM",
    },
    "partial": {
        "x-is": "partial-date",
        "description": "a year, a month YYYY-MM or a date YYYY-MM-DD",
        "anyOf": [
            {"type": "integer", "minimum": 1900, "maximum": 2100},
            {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        ],
    },
    "yes_no": {"type": "boolean"},
    "whole": _WHOLE,
    "count": {"type": "integer", "minimum": 0},
    "som": {
        "title": "an amount of som with at most two places",
        "x-som": True,
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "string", "pattern": r"^\d{1,13}(\.\d{1,2})?$"},
        ],
    },
    "som_or_zero": {
        "title": "an amount of som with at most two places, or 0",
        "x-som": True,
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"type": "string", "pattern": r"^\d{1,13}(\.\d{1,2})?$"},
        ],
    },
    "months": {
        "title": "a number of months, or a list of them",
        "anyOf": [_WHOLE, {"type": "array", "items": _MONTH}],
    },
    "span": {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to"],
        "properties": {"from": {"title": "From", **_DAY}, "to": {"title": "To", **_DAY}},
    },
    "code": {
        "type": "string",
        "pattern": "^[a-z][a-z0-9-]{0,31}$",
        "description": "a short code of small letters, digits and hyphens, such as s-gulnara",
    },
    "language": {
        "type": "string",
        "pattern": "^[a-z]{2,3}$",
        "description": "a language code of two or three letters, such as ky",
    },
    "country": {
        "type": "string",
        "pattern": "^[A-Z]{2}$",
        "description": "a country code of two capital letters, such as KG",
    },
    "entry_id": {
        "type": "string",
        "pattern": f"^{_ID}{{6,8}}$",
        "description": "the id of an entry, as shown",
    },
    "part": {
        "type": "string",
        "pattern": r"^\d{1,2}(\.?[0-9a-z]{1,2})?$",
        "description": "the number of a line, as the form prints it, such as 2a",
    },
    "id": {
        "type": "string",
        "pattern": f"^{_ID}{{4}}-{_ID}{{4}}$",
        "description": "the id of the file, such as 7QF2-M9KD",
    },
    "sheet": {
        "type": "string",
        "pattern": f"^{_ID}{{3}}(-{_ID}{{3}}){{2}}$",
        "description": "the code at the foot of a sheet, such as 4XK-792-QA5",
    },
    "sheet_key": {
        "type": "string",
        "pattern": f"^{_ID}{{6}}$",
        "description": "which key of the store the code was made with; none in 0.1.0",
    },
    "imprint": {
        "type": "string",
        "pattern": "^[0-9a-f]{16}$",
        "description": "sixteen hexadecimal digits",
    },
    "block": {
        "type": "string",
        "pattern": "^-----BEGIN AGE ENCRYPTED FILE-----",
        "description": "an armoured age block",
    },
    "revisions": {"type": "object", "additionalProperties": _WHOLE},
    "traces": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
    "before": {"type": "object", "minProperties": 1},
    "papers": {"type": "object", "additionalProperties": {"type": "object"}},
}
"""Every format, by the name under which a schema defines it."""

OR_NULL = {
    "text": "text, or null to take it away",
    "day": "a date YYYY-MM-DD, or null to take it away",
    "time": "a time YYYY-MM-DDTHH:MM with or without offset, or null to take it away",
    "clock": "a time of the day HH:MM, or null to take it away",
    "code": "a short code of small letters, digits and hyphens, such as s-gulnara, or null to take it away",
    "partial": "a year, a month YYYY-MM or a date YYYY-MM-DD, or null to take it away",
    "som": "an amount of som with at most two places, or null to take it away",
    "som_or_zero": "an amount of som with at most two places, or null to take it away",
    "months": "a number of months, a list of them, or null to take it away",
    "entry_id": "the id of an entry, as shown, or null to take it away",
    "part": "the number of a line, as the form prints it, such as 2a, or null to take it away",
    "yes_no": None,
    "whole": None,
    "count": None,
}
"""Formats for which null may stand where a value can be taken away, and what is expected there then."""

OR_UNKNOWN = {
    "day": N_("a date YYYY-MM-DD, or unknown"),
    "time": N_("a time YYYY-MM-DDTHH:MM, or unknown"),
    "partial": N_("a year, a month YYYY-MM or a date YYYY-MM-DD, or unknown"),
    "whole": N_("a whole number, 1 or more, or unknown"),
    "count": N_("a whole number, or unknown"),
    "som": N_("an amount of som, or unknown"),
    "som_or_zero": N_("an amount of som, or unknown"),
    "months": N_("a number of months, a list of months YYYY-MM, or unknown"),
}
"""The same for what may be unknown; a text may say so anyhow."""
