"""What a file says whose line in a journal was lost, so that whoever signs for it knows what she signs for."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act import discretion
from shelterctl.act.vouching import Unproven
from shelterctl.contract import SINGULAR
from shelterctl.core.field import Field
from shelterctl.core.notation import as_written
from shelterctl.language import N_, Sentence, say, shown
from shelterctl.library import Shelf
from shelterctl.store import DIRECTORY, RECORD, SECRETS, SHELTER, STAFF, Store
from shelterctl.view import whole

TITLES: Mapping[str, Sentence] = {
    SHELTER: N_("The houses of the store, their places, the time zone"),
    STAFF: N_("Staff and their roles"),
    DIRECTORY: N_("Names, addresses and telephones behind the codes"),
    SECRETS: N_("The keys of the codes at the foot of printed sheets"),
}
PARTS: Mapping[str, Sentence] = {
    "staff": N_("Staff"),
    "ngos": N_("NGOs"),
    "facilities": N_("Houses"),
    "providers": N_("Providers"),
    "given_up": N_("Files that were given up"),
    "time_zone": N_("Time zone"),
    "languages": N_("Languages of the house"),
    "store": N_("Id of the store"),
    "others": N_("other people of the house"),
}
CLIENT = N_("The file of the client {id}")
KEYS = N_(
    "Keys: {count}. What they are is shown nowhere, so nobody can see whether a stranger made them. In doubt do not "
    "sign: once the file is laid aside, a new key is made."
)
KEY = N_("Key {id}, in use since {since}")
ODD = N_("Key {id} is no key that shelterctl makes: it is not random, so whoever made it knows it. Do not sign for it.")
SIGNS = 8
"""A random key of 64 signs never has fewer different ones than this."""


def lines(one: Unproven, store: Store, language: str, *, names: bool) -> list[str]:
    """All that the file says; without *names* nothing that names somebody or was put into somebody's own words."""
    shelf = store.shelf
    if found := RECORD.fullmatch(one.name):
        told = store.seals.opened(one.says) if names else discretion.record(shelf, one.says, names=False)
        return [say(CLIENT, {"id": found[1]}, language), "", *whole.lines(told, shelf, language)]
    body = _keys(one.says, language) if one.name == SECRETS else _Told(shelf, language, names).part("", one.says, "")
    return [say(TITLES[one.name], {}, language), "", *body]


def _keys(says: Mapping[str, Any], language: str) -> Iterator[str]:
    """The keys by id and day, and which of them is none."""
    yield say(KEYS, {"count": len(says["sheet_codes"])}, language)
    for key in says["sheet_codes"]:
        facts = {"id": key["id"], "since": as_written(key["since"], language)}
        yield "  " + say(KEY, facts, language)
        if len(set(key["key"])) < SIGNS:
            yield "  " + say(ODD, facts, language)


class _Told:
    """A file of the house in words: the labels of the registers' fields, and whatever has none by its own key."""

    def __init__(self, shelf: Shelf, language: str, names: bool) -> None:
        self.shelf, self.language, self.names = shelf, language, names

    def part(self, register: str, says: Mapping[str, Any], indent: str) -> Iterator[str]:
        """Everything of a mapping; within a *register* its entries by code."""
        fields = self._fields(register)
        for name, value in says.items():
            if name == "schema" and not indent:
                continue
            if not register and name in SINGULAR:
                yield f"{indent}{self._label(PARTS[name])}:"
                for code, entry in value.items():
                    yield f"{indent}  {code}"
                    yield from self.part(name, entry or {}, indent + "    ")
            else:
                yield from self._value(name, fields.get(name), value, indent)

    def _value(self, name: str, field: Field | None, value: Any, indent: str) -> Iterator[str]:
        """A value under its label, each entry of a list and what is within it on lines of its own."""
        label = self._label((field.text if field else None) or PARTS.get(name) or name)
        if isinstance(value, Mapping):
            yield f"{indent}{label}:"
            for key, each in value.items():
                yield from self._value(key, field.fields.get(key) if field else None, each, indent + "  ")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            for each in value:
                yield from self._value(name, field, each, indent)
        elif self.names or (field and not discretion.in_words(field)) or name in PARTS:
            yield f"{indent}{label}: {self._words(field, value)}"

    def _words(self, field: Field | None, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(self._words(field, each) for each in value)
        if field and value in field.codes:
            return shown(field.codes[value], self.language)
        return "" if value is None else shown(as_written(value, self.language), self.language)

    def _fields(self, register: str) -> Mapping[str, Field]:
        track = self.shelf.tracks[SINGULAR[register]] if register else None
        return {**track.clear, **track.fields} if track else {}

    def _label(self, text: Any) -> str:
        said = shown(text, self.language) if not isinstance(text, str) else say(text, {}, self.language)
        return said[:1].upper() + said[1:]
