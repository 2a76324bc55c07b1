"""Discretion about names: when one may leave a terminal, and what of a file may name her, such as free text.

The schema says which is which: what it knows as a code, a number, a day or an amount stays, and a text does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shelterctl import contract
from shelterctl.core.finding import Said
from shelterctl.core.money import read_som, write_som
from shelterctl.core.record import Facts
from shelterctl.desk import Desk, walked
from shelterctl.language import N_
from shelterctl.library import Shelf

LEFT_OUT = N_("Names, contacts and free text are left out; with --names they are written.")

KNOWN = ("enum", "const", "pattern", "x-is", "x-code")
"""By each of these a schema says that it is no free text which stands there."""

Hides = Callable[[str], bool]
"""Whether what stands at a place, a JSON pointer, is one of those that are not told."""

_NOTHING: Any = object()


def named(here: Desk, asked: bool = False) -> bool:
    """The rule: names are shown at a terminal, on a screen that is gone when it is left, else where --names asks."""
    return asked or walked(here)


def note(here: Desk, names: bool) -> Said:
    """What is said where names were left out."""
    return () if named(here, names) else ((LEFT_OUT, {}),)


def record(shelf: Shelf, facts: Facts, *, names: bool) -> Any:
    """A client's record for a page: som as text with two places; without *names* nothing that names or was worded."""
    told = _Discretion(shelf, names)
    return told.of(facts, told.frame)


def agreement(shelf: Shelf, facts: Facts, *, names: bool) -> Any:
    """The same of one agreement."""
    told = _Discretion(shelf, names)
    return told.of(facts, told.agreement(str(facts.get("form"))))


def hides(shelf: Shelf, form: str | None = None) -> Hides:
    """What is not told on a sheet that must name nobody: of an agreement on *form*, else of a report and her file."""
    told = _Discretion(shelf, False)
    own = told.agreement(form) if form else told.frame["$defs"]["report"]
    return lambda place: told.free(told.at(place, own, told.frame))


@dataclass(frozen=True)
class _Discretion:
    """What a page may tell of a value, judged by the part of the schema that the value stands under."""

    shelf: Shelf
    names: bool

    @cached_property
    def frame(self) -> Mapping[str, Any]:
        return contract.resident(self.shelf)

    def agreement(self, form: str) -> Mapping[str, Any]:
        """The schema of an agreement with the lines of its form, which the record's schema leaves to the core."""
        body: Mapping[str, Any] = self.frame["$defs"]["agreement"]
        known = self.shelf.forms.get(form)
        lines = contract.lines_of(known) if known else {}
        return {**body, "properties": {**body["properties"], "lines": lines}}

    def of(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """The value as it is told, or _NOTHING."""
        schema = self._meant(schema, value)
        if isinstance(value, Mapping):
            properties, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
            parts = {name: self._member(name, below, properties.get(name, others)) for name, below in value.items()}
            return {name: below for name, below in parts.items() if below is not _NOTHING}
        if isinstance(value, list | tuple):
            items = [self.of(each, _of_lists(schema)) for each in value]
            left = [each for each in items if each is not _NOTHING]
            return left if left or not value else _NOTHING
        if schema.get("x-som") and (som := read_som(value)) is not None:
            return write_som(som)
        known = value is None or value in schema.get("x-codes", ())  # beside these codes older files have words
        return value if self.names or known or not self.free(schema) else _NOTHING

    def _member(self, name: str, value: Any, schema: Mapping[str, Any]) -> Any:
        if name == "unfinished" and schema == self.frame["properties"].get(name):
            papers = {form: self.of(facts, self._paper(form)) for form, facts in value.items()}
            return {form: facts for form, facts in papers.items() if facts is not _NOTHING}
        return self.of(value, schema)

    def _paper(self, name: str) -> Mapping[str, Any]:
        """The answers to a paper that is not saved yet: those of a form of agreements are one to be."""
        return self.agreement(name) if name in self.shelf.forms else {}

    def _meant(self, schema: Mapping[str, Any], value: Any = None) -> Mapping[str, Any]:
        """The schema behind a reference, with what is said beside it; of an agreement with its own form's lines."""
        if "$ref" not in schema:
            return schema
        name = schema["$ref"].rpartition("/")[2]
        if name == "agreement" and isinstance(value, Mapping):
            return self.agreement(str(value.get("form")))
        return {**self.frame["$defs"][name], **schema}

    def free(self, schema: Mapping[str, Any]) -> bool:
        """Whether a text may stand there that no list or pattern knows; also where nothing is known of the place."""
        schema = self._meant(schema)
        if any(word in schema for word in KNOWN) or schema.get("x-som"):
            return False
        if branches := schema.get("anyOf"):
            return any(self.free(branch) for branch in branches)
        if schema.get("type") == "array":
            return self.free(schema.get("items", {}))
        return schema.get("type") not in ("boolean", "integer", "number", "null")

    def at(self, place: str, *wholes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema of what stands at a place of one of the *wholes*; an empty one where none of them has it."""
        for whole in wholes:
            schema = whole
            for name in place.strip("/").split("/"):
                schema = self._meant(self._meant(schema).get("properties", {}).get(name, {}))
            if schema:
                return schema
        return {}


def _of_lists(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the items of a list are, also where a list is one of several kinds of answer."""
    found = [schema, *schema.get("anyOf", ())]
    return next((one["items"] for one in found if "items" in one), {})
