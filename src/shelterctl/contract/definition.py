"""The schema of a field, with whatever stands inside it, and the definitions to which it refers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from shelterctl.contract.format import FORMATS, OR_NULL, OR_UNKNOWN, Schema
from shelterctl.core.field import OPEN, UNKNOWN, Field

_OF_A_KIND = {"party": "code", "entry": "entry_id"}
"""The format of a kind that has not the kind's own name."""


@dataclass(repr=False, eq=False)
class Definitions:
    """The schemas of fields in one document, with the definitions that they refer to.

    *nulls* lets null stand for a scalar, which takes it away. What stands in a *line* of a form is text of any length,
    a list of at least one, and a span with both its days.
    """

    nulls: bool = False
    line: bool = False
    used: Schema = field(default_factory=dict)

    def of(self, one: Field) -> Schema:
        """The schema of a field: what may stand there, how it is called, and a hint."""
        if one.several:
            each = self if one.kind == "group" else replace(self, nulls=False)  # a list is taken away as a whole
            node = {"type": "array", **({"minItems": 1} if self.line else {}), "items": each._one(one)}
        else:
            node = self._one(one)
        beside = {name: said[0] if len(said) == 1 else [*said] for name, said in one.asked_with.items()}
        return {**node, **called(one), **({"x-with": beside} if beside else {})}

    def object(self, one: Field) -> Schema:
        """The schema of whatever stands inside a field: keys, and those of them without which it is malformed."""
        both = ["from", "to"] if self.line and one.kind == "span" and not one.begun else []
        must = both or [name for name, below in one.fields.items() if below.must]
        return {
            "type": "object",
            "additionalProperties": False,
            **({"required": must} if must else {}),
            "properties": {name: self.of(below) for name, below in one.fields.items()},
        }

    def _one(self, one: Field) -> Schema:
        """The schema of one of several, without what it is called."""
        if _of_a_track(one):
            name = one.of[0] if one.of[0] not in FORMATS else f"{one.of[0]}_entry"
            return self._ref(name, lambda: {**called(one), **self.object(one)})
        if one.kind == "parts":
            return replace(self, line=True).object(one) if one.fields else {"type": "object"}
        if one.kind == "group" or (one.kind == "span" and one.fields):
            return self.object(one)
        return self._leaf(one)

    def _leaf(self, one: Field) -> Schema:
        """The schema of what has nothing inside it: a format or a list of answers, with what else is known of it."""
        if one.kind == "const":
            return {"enum": list(one.codes), **_meaning(one)}
        if one.kind == "yes_no" and one.unknown:
            return self._listed(one, [True, False])
        if one.kind == "code" and not one.open:
            return self._older(one, one.was) if one.was else self._listed(one, list(one.codes))
        register = one.of[0] if one.kind == "party" and one.of and not one.open else None
        seen = one.clause if one.nameless else None
        either = [*one.of] if one.kind == "party" and one.open else None
        notes: Schema = {"x-letters": one.letters, "x-code": one.nameless, "x-clause": seen, "x-register": register}
        notes |= {"x-registers": either}
        own = one.kind == "entry" and not one.of  # by its own id an entry is meant, and never without one
        taken = replace(self, nulls=self.nulls and not own)
        return {**taken._format(_format(one), one.unknown), **{name: said for name, said in notes.items() if said}}

    def _listed(self, one: Field, answers: list[Any]) -> Schema:
        answers = [*answers, *([UNKNOWN] if one.unknown else []), *([None] if self.nulls else [])]
        return {"enum": answers, **_meaning(one), **_over(one)}

    def _older(self, one: Field, was: str) -> Schema:
        """Codes where an older version took anything of that format, which stands in files and is written no more."""
        listed = list(one.codes)
        old = {"if": {"not": {"enum": listed}}, "then": {"deprecated": True}}
        return {**self._format(was), "x-codes": listed, **_meaning(one), **_over(one), **old}

    def _format(self, name: str, unknown: bool = False) -> Schema:
        """A format, or where such may stand one that takes null or an answer besides."""
        name = "words" if self.line and name == "text" else name
        own = self._ref(name, lambda: FORMATS[name])
        either: Schema
        if unknown and name in OR_UNKNOWN:
            either = {"title": str(OR_UNKNOWN[name]), "anyOf": [own, {"const": UNKNOWN}]}
            return self._ref(f"{name}_or_unknown", lambda: either)
        if not self.nulls or name not in OR_NULL:
            return own
        said, kind = OR_NULL[name], FORMATS[name].get("type")
        either = (
            {"title": said, "anyOf": [own, {"type": "null"}]} if said else {**FORMATS[name], "type": [kind, "null"]}
        )
        return self._ref(f"{name}_or_null", lambda: either)

    def _ref(self, name: str, made: Callable[[], Schema]) -> Schema:
        if name not in self.used:
            self.used[name] = made()
        return {"$ref": f"#/$defs/{name}"}


def _over(one: Field) -> Schema:
    """Until which day codes were written that are written no more."""
    over = {code: str(term.until) for code, term in one.terms.items() if term.until}
    return {"x-until": over} if over else {}


def _of_a_track(one: Field) -> bool:
    """Whether a group is defined under a name of its own, since it may stand in several places."""
    return one.kind == "group" and bool(one.of)


def called(one: Field) -> Schema:
    """How a field is called, and its hint; what the shelf does not call otherwise is called by its key."""
    title = capital(one.text["en"] if one.text else one.name.replace("_", " "))
    return {"title": title, **({"description": one.hint["en"]} if one.hint else {})}


def capital(words: str) -> str:
    """Words as they stand alone."""
    return words[:1].upper() + words[1:]


def _meaning(one: Field) -> Schema:
    """What each code means."""
    words = {code: text["en"] for code, text in one.codes.items() if text}
    return {"x-labels": words} if words else {}


def _format(one: Field) -> str:
    if one.kind == "code":
        return OPEN.get(one.of[0], "text") if one.of else "text"
    if one.kind == "party" and one.open:
        return "text"  # a code, or words
    if one.kind == "som" and one.zero:
        return "som_or_zero"
    if one.kind == "entry" and one.of and all("." in name for name in one.of):
        return "part"
    return "count" if one.kind == "whole" and one.zero else _OF_A_KIND.get(one.kind, one.kind)
