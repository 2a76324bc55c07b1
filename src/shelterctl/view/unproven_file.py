"""The content of a file whose line in a journal was lost, so that the person who signs for it knows what it says."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act import redaction
from shelterctl.act.register_record import visible_record
from shelterctl.core.manual.answer_words import show_answer
from shelterctl.core.manual.field import Field
from shelterctl.core.record.client import Registered
from shelterctl.core.record.file_tree import ADDITIONS_KEY
from shelterctl.core.record.register import HOME_KEY, RECORDS_KEY
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.custody.repair import UnprovenFile
from shelterctl.language import Sentence, format_fact, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.stored import register_tracks
from shelterctl.session import Session
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    RECORD_FILE_NAME,
    ROSTER_FILE,
    SECRETS_FILE,
    SHELTER_FILE,
    STAFF_FILE,
    read_register_name,
)
from shelterctl.ui_language import N_
from shelterctl.view import record
from shelterctl.view.record import entry_lines

STORE_FILE_TITLES: Mapping[str, Sentence] = {
    SHELTER_FILE: N_("The houses of the store, their places, the time zone"),
    STAFF_FILE: N_("Staff and their roles"),
    DIRECTORY_FILE: N_("Names, addresses and telephones for the codes"),
    SECRETS_FILE: N_("The keys of the codes at the foot of printed sheets"),
    ROSTER_FILE: N_("Who is in the house, by number"),
}
STORE_FILE_PARTS: Mapping[str, Sentence] = {
    "staff": N_("Staff"),
    "ngos": N_("NGOs"),
    "facilities": N_("Houses"),
    "providers": N_("Providers"),
    "given_up": N_("Files given up as lost"),
    "time_zone": N_("Time zone"),
    "languages": N_("Languages of the house"),
    "store": N_("Id of the store"),
    "others": N_("other people in the house"),
}
FILE_OF_CLIENT = N_("The file of client {id}")
FILE_OF_REGISTER = N_("{home}: what the computer {device} recorded in {month}")
REGISTER_TITLES: Mapping[str, Sentence] = {
    "house": N_("Registers of the houses"),
    "staff": N_("Registers of staff"),
    "ngo": N_("Registers of NGOs"),
    "provider": N_("Registers of providers"),
}
ADDITIONS_TO_OTHERS = N_("Additions to entries of other computers: {count}")
SHEET_KEYS_NOT_SHOWN = N_(
    "Keys: {count}. The keys themselves are never shown, so nobody can see whether a stranger made them. If "
    "in doubt, do not sign: when the file is set aside, a new key is made."
)
SHEET_KEY_SINCE = N_("Key {id}, in use since {since}")
SHEET_KEY_NOT_RANDOM = N_(
    "Key {id} was not made by shelterctl: it is not random, and its maker knows it. Do not sign for it."
)
MIN_SIGNS_OF_KEY = 8
"""The fewest different characters in a key; a random key of 64 characters never has fewer."""


def unproven_lines(one: UnprovenFile, session: Session, language: str, *, names: bool) -> list[str]:
    """Return all that the file says, as lines; without *names* no name and no words that somebody typed."""
    store, rulebook = session.store, session.rulebook
    if found := RECORD_FILE_NAME.fullmatch(one.name):
        told = store.seals.opened(one.content) if names else redaction.redact_record(rulebook, one.content, names=False)
        return [
            format_sentence(FILE_OF_CLIENT, {"id": found[1]}, language),
            "",
            *record.record_lines(told, rulebook, language),
        ]
    if kept := read_register_name(one.name):
        facts = {"home": REGISTER_TITLES[kept.home], "month": kept.month, "device": kept.device}
        return [format_sentence(FILE_OF_REGISTER, facts, language), "", *_register_lines(one, session, language, names)]
    body = (
        _sheet_key_lines(one.content, language)
        if one.name == SECRETS_FILE
        else _StoreFileInWords(rulebook, language, names).lines_of("", one.content, "")
    )
    return [format_sentence(STORE_FILE_TITLES[one.name], {}, language), "", *body]


def _register_lines(one: UnprovenFile, session: Session, language: str, names: bool) -> Iterator[str]:
    """Yield what a file of a register says about each code: its entries, as far as this key opens them, and how many
    additions it has to entries of other files.
    """
    home, rulebook = str(one.content[HOME_KEY]), session.rulebook
    for code, own in one.content[RECORDS_KEY].items():
        yield code
        held = {**own, "id": code}
        told = visible_record(session, session.store.register_seals.opened(held) if names else held)
        her = Registered({**told, HOME_KEY: home})
        for track in rulebook.tracks_of_homes[home]:
            yield from (f"  {line}" for line in entry_lines(rulebook, her, track, language, names=names))
        if added := len(own.get(ADDITIONS_KEY) or ()):
            yield f"  {format_sentence(ADDITIONS_TO_OTHERS, {'count': added}, language)}"


def _sheet_key_lines(says: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield the keys by id and day, and a warning for each that is not random."""
    yield format_sentence(SHEET_KEYS_NOT_SHOWN, {"count": len(says["sheet_codes"])}, language)
    for key in says["sheet_codes"]:
        facts = {"id": key["id"], "since": format_as_typed(key["since"], language)}
        yield "  " + format_sentence(SHEET_KEY_SINCE, facts, language)
        if len(set(key["key"])) < MIN_SIGNS_OF_KEY:
            yield "  " + format_sentence(SHEET_KEY_NOT_RANDOM, facts, language)


class _StoreFileInWords:
    """The lines of a file of the house: labels of the registers' fields, or the key where there is no label."""

    def __init__(self, rulebook: Rulebook, language: str, names: bool) -> None:
        self.rulebook, self.language, self.names = rulebook, language, names

    def lines_of(self, register: str, says: Mapping[str, Any], indent: str) -> Iterator[str]:
        """Yield the lines of a mapping; in a *register* its entries are by code."""
        fields = self._fields(register)
        for name, value in says.items():
            if name == "schema" and not indent:
                continue
            if not register and name in (tracks := register_tracks(self.rulebook)):
                yield f"{indent}{self._label(STORE_FILE_PARTS.get(name) or self.rulebook.tracks[tracks[name]].text)}:"
                for code, entry in value.items():
                    yield f"{indent}  {code}"
                    yield from self.lines_of(name, entry or {}, indent + "    ")
            else:
                yield from self._value(name, fields.get(name), value, indent)

    def _value(self, name: str, field: Field | None, value: Any, indent: str) -> Iterator[str]:
        """Yield the lines of a value under its label; each entry of a list and its content have lines of their own."""
        label = self._label((field.text if field else None) or STORE_FILE_PARTS.get(name) or name)
        if isinstance(value, Mapping):
            yield f"{indent}{label}:"
            for key, each in value.items():
                yield from self._value(key, field.fields.get(key) if field else None, each, indent + "  ")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            for each in value:
                yield from self._value(name, field, each, indent)
        elif self.names or (field and not redaction.may_hold_free_text(field)) or name in STORE_FILE_PARTS:
            yield f"{indent}{label}: {show_answer(field, value, self.language)}"

    def _fields(self, register: str) -> Mapping[str, Field]:
        track = self.rulebook.tracks[register_tracks(self.rulebook)[register]] if register else None
        return {**track.clear, **track.fields} if track else {}

    def _label(self, text: Any) -> str:
        said = (
            format_fact(text, self.language) if not isinstance(text, str) else format_sentence(text, {}, self.language)
        )
        return said[:1].upper() + said[1:]
