"""The JSON Schema of a field: its format or list of codes, everything inside it, and the definitions it refers to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shelterctl.core.manual.field import CLIENTS_REGISTER, OPEN_LISTS, UNKNOWN_ANSWER, Field
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.country import current_country
from shelterctl.ui_language import N_

Schema = dict[str, Any]

_ID = "[0-9A-HJKMNP-TV-Z]"
DAY_FORMAT: Schema = {
    "type": "string",
    "x-is": "date",
    "pattern": r"^\d{4}-\d{2}-\d{2}$",
    "description": "a date YYYY-MM-DD",
}
_WHOLE: Schema = {"type": "integer", "minimum": 1}
MONTH_FORMAT: Schema = {
    "type": "string",
    "x-is": "month",
    "pattern": r"^\d{4}-\d{2}$",
    "description": "a month YYYY-MM",
}
FORMATS: Mapping[str, Schema] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 20000, "description": "text"},
    "words": {"type": "string", "minLength": 1},
    "file": {"type": "string", "minLength": 1, "maxLength": 120},
    "day": DAY_FORMAT,
    "time": {
        "type": "string",
        "x-is": "time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}([+-]\d{2}:\d{2})?$",
        "description": "a time YYYY-MM-DDTHH:MM with or without offset",
    },
    "clock": {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "description": "a time of the day HH:MM"},
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
    "months": {
        "title": "a number of months, or a list of them",
        "anyOf": [_WHOLE, {"type": "array", "items": MONTH_FORMAT}],
    },
    "span": {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to"],
        "properties": {"from": {"title": "From", **DAY_FORMAT}, "to": {"title": "To", **DAY_FORMAT}},
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
    "entry_id": {"type": "string", "pattern": f"^{_ID}{{6,8}}$", "description": "the id of an entry, as shown"},
    "part": {
        "type": "string",
        "pattern": r"^[0-9a-z]{1,2}(\.?[0-9a-z]{1,2})?$",
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
        "description": "the key of the store with which the code was made; missing in 0.1.0",
    },
    "imprint": {"type": "string", "pattern": "^[0-9a-f]{16}$", "description": "sixteen hexadecimal digits"},
    "block": {
        "type": "string",
        "pattern": "^-----BEGIN AGE ENCRYPTED FILE-----",
        "description": "an armoured age block",
    },
    "revisions": {"type": "object", "additionalProperties": _WHOLE},
    "traces": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
    "before": {"type": "object", "minProperties": 1},
    "changed": {"type": "object"},
    "papers": {"type": "object", "additionalProperties": {"type": "object"}},
}
"""Every format but those of amounts, by the name under which a schema defines it."""

AMOUNT_TITLES = {
    0: (
        N_("an amount without decimals"), N_("an amount without decimals, or 0"),
        N_("an amount without decimals, or null to take it away"),
    ),
    2: (
        N_("an amount with at most two decimals"), N_("an amount with at most two decimals, or 0"),
        N_("an amount with at most two decimals, or null to take it away"),
    ),
    3: (
        N_("an amount with at most three decimals"), N_("an amount with at most three decimals, or 0"),
        N_("an amount with at most three decimals, or null to take it away"),
    ),
}  # fmt: skip
"""The titles of an amount by the decimal places of the currency: above 0, from 0 on, and where null is accepted too."""


def find_format(name: str) -> Schema:
    """Return a format by its name; an amount has the decimal places of the rulebook's currency."""
    return FORMATS[name] if name in FORMATS else amount_formats()[name]


def amount_formats() -> Mapping[str, Schema]:
    """Return the formats of amounts: above 0, and from 0 on."""
    currency = current_country().currency
    above, from_zero, _ = map(str, AMOUNT_TITLES[currency.places])
    text = {"type": "string", "pattern": rf"^\d{{1,13}}{currency.decimals.replace('(?:', '(')}$"}
    number = {"type": "number"} if currency.places else {"type": "integer"}
    return {
        "som": {"title": above, "x-som": True, "anyOf": [{**number, "exclusiveMinimum": 0}, text]},
        "som_or_zero": {"title": from_zero, "x-som": True, "anyOf": [{**number, "minimum": 0}, text]},
    }


FORMATS_OR_NULL = (
    *("text", "day", "time", "clock", "code", "partial", "som", "som_or_zero", "months", "entry_id", "part", "id"),
    *("yes_no", "whole", "count"),
)
"""Formats for which null is accepted too, where a value can be taken away."""

FORMATS_OR_UNKNOWN = {
    "day": N_("a date YYYY-MM-DD, or unknown"),
    "time": N_("a time YYYY-MM-DDTHH:MM, or unknown"),
    "partial": N_("a year, a month YYYY-MM or a date YYYY-MM-DD, or unknown"),
    "whole": N_("a whole number, 1 or more, or unknown"),
    "count": N_("a whole number, or unknown"),
    "som": N_("an amount, or unknown"),
    "som_or_zero": N_("an amount, or unknown"),
    "months": N_("a number of months, a list of months YYYY-MM, or unknown"),
}
"""Titles of formats for which the answer unknown is accepted too; a text can say so anyway."""


_FORMAT_OF_KIND = {"party": "code", "entry": "entry_id"}
"""Formats of the kinds whose format has another name than the kind."""


@dataclass(repr=False, eq=False)
class Definitions:
    """The schemas of fields in one document, with the definitions that they refer to.

    *nulls* accepts null for a scalar, which takes it away. In what is *given* no group of a list is empty. In a *line*
    of a form a text may have any length, a list has at least one item, and a span has both its days.
    """

    nulls: bool = False
    given: bool = False
    line: bool = False
    used: Schema = field(default_factory=dict)

    def field_schema(self, one: Field) -> Schema:
        """Return the schema of a field: which values it may have, its title, and a hint."""
        if one.several:
            each = self if one.kind == "group" else replace(self, nulls=False)  # null takes away only the whole list
            node = {"type": "array", **({"minItems": 1} if self.line else {}), "items": each._schema_of_one(one)}
        else:
            node = self._schema_of_one(one)
        beside = {name: said[0] if len(said) == 1 else [*said] for name, said in one.asked_with.items()}
        return {**node, **title_and_hint(one), **({"x-with": beside} if beside else {})}

    def object_schema(self, one: Field) -> Schema:
        """Return the schema of the object inside a field: its keys, and which of them are required."""
        both = ["from", "to"] if self.line and one.kind == "span" and not one.begun else []
        must = both or [name for name, below in one.fields.items() if below.must]
        return closed_object({name: self.field_schema(below) for name, below in one.fields.items()}, must)

    def _schema_of_one(self, one: Field) -> Schema:
        """Return the schema of one value of a field, without its title."""
        if one.kind == "group" and one.of:  # such a group may occur in several places
            name = one.of[0] if one.of[0] not in FORMATS else f"{one.of[0]}_entry"
            return self._reference(name, lambda: {**title_and_hint(one), **self.object_schema(one)})
        if one.kind == "parts":
            return replace(self, line=True).object_schema(one) if one.fields else {"type": "object"}
        if one.kind == "group" or (one.kind == "span" and one.fields):
            least = {"minProperties": 1} if self.given and is_list_of_groups(one) else {}
            return {**self.object_schema(one), **least}
        return self._leaf_schema(one)

    def _leaf_schema(self, one: Field) -> Schema:
        """Return the schema of a field with nothing inside it: a format or a list of answers, with notes."""
        if one.kind == "const":
            return {"enum": list(one.codes), **_labels_of_codes(one)}
        if one.kind == "yes_no" and one.unknown:
            return self._enum_schema(one, [True, False])
        if one.kind == "code" and not one.open:
            return self._older_format_schema(one, one.was) if one.was else self._enum_schema(one, list(one.codes))
        register = one.of[0] if one.kind == "party" and one.of and not one.open else None
        seen = one.clause if one.nameless else None
        either = [*one.of] if one.kind == "party" and one.open else None
        notes: Schema = {"x-letters": one.letters, "x-code": one.nameless, "x-clause": seen, "x-register": register}
        notes |= {"x-registers": either}
        own = one.kind == "entry" and not one.of  # its own id names an entry, and cannot be taken away
        taken = replace(self, nulls=self.nulls and not own)
        return {
            **taken._format_schema(_format_name(one), one.unknown),
            **{name: said for name, said in notes.items() if said},
        }

    def _enum_schema(self, one: Field, answers: list[Any]) -> Schema:
        answers = [*answers, *([UNKNOWN_ANSWER] if one.unknown else []), *([None] if self.nulls else [])]
        return {"enum": answers, **_labels_of_codes(one), **_retired_codes(one)}

    def _older_format_schema(self, one: Field, was: str) -> Schema:
        """Return the schema of codes where an older version took any value of a format; such values are deprecated."""
        listed = list(one.codes)
        old = {"if": {"not": {"enum": listed}}, "then": {"deprecated": True}}
        return {**self._format_schema(was), "x-codes": listed, **_labels_of_codes(one), **_retired_codes(one), **old}

    def _format_schema(self, name: str, unknown: bool = False) -> Schema:
        """Return a reference to a format, or to a variant of it that also accepts null or the answer unknown."""
        name = "words" if self.line and name == "text" else name
        own = self._reference(name, lambda: find_format(name))
        either: Schema
        if unknown and name in FORMATS_OR_UNKNOWN:
            either = {"title": str(FORMATS_OR_UNKNOWN[name]), "anyOf": [own, {"const": UNKNOWN_ANSWER}]}
            return self._reference(f"{name}_or_unknown", lambda: either)
        if not self.nulls or name not in FORMATS_OR_NULL:
            return own
        like = find_format(name.removesuffix("_or_zero"))
        said, kind = like.get("description") or like.get("title"), like.get("type")
        title = f"{said.replace(', or ', ', ')}, or null to take it away" if said else None
        either = {"title": title, "anyOf": [own, {"type": "null"}]} if title else {**like, "type": [kind, "null"]}
        return self._reference(f"{name}_or_null", lambda: either)

    def _reference(self, name: str, made: Callable[[], Schema]) -> Schema:
        if name not in self.used:
            self.used[name] = made()
        return {"$ref": f"#/$defs/{name}"}


def closed_object(properties: Schema, required: Collection[str]) -> Schema:
    """Return the schema of a mapping with these keys and no other; the *required* ones must be there."""
    must = {"required": [*required]} if required else {}
    return {"type": "object", "additionalProperties": False, **must, "properties": properties}


def _retired_codes(one: Field) -> Schema:
    """Return the day up to which each retired code was written, as ``x-until``."""
    over = {code: str(term.until) for code, term in one.terms.items() if term.until}
    return {"x-until": over} if over else {}


def title_and_hint(one: Field) -> Schema:
    """Return the title of a field, and its hint; a field without a text in the rulebook has its key as title."""
    title = capitalize_first(one.text["en"] if one.text else one.name.replace("_", " "))
    return {"title": title, **({"description": one.hint["en"]} if one.hint else {})}


def capitalize_first(words: str) -> str:
    """Return words with a capital first letter."""
    return words[:1].upper() + words[1:]


def _labels_of_codes(one: Field) -> Schema:
    """Return the meaning of each code, as ``x-labels``."""
    words = {code: text["en"] for code, text in one.codes.items() if text}
    return {"x-labels": words} if words else {}


def _format_name(one: Field) -> str:
    if one.kind == "code":
        return OPEN_LISTS.get(one.of[0], "text") if one.of else "text"
    if one.kind == "party" and (one.open or CLIENTS_REGISTER in one.of):
        return "text" if one.open else "id"  # words beside a code, or the id of a client's file
    if one.kind == "som" and one.zero:
        return "som_or_zero"
    if one.kind == "entry" and one.of and all("." in name for name in one.of):
        return "part"
    return "count" if one.kind == "whole" and one.zero else _FORMAT_OF_KIND.get(one.kind, one.kind)
