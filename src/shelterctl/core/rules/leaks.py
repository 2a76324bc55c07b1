"""Texts in places where they do not belong: names of the client, words of sealed parts, unregistered staff codes.

A client's file is searched along the tree of its places, which says what each place may hold.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.people import NamesInText, contains_her_name, name_words
from shelterctl.core.record.walk import UNKNOWN, VOID_KEY, Place
from shelterctl.core.values.facts import Facts, ValuePath, json_pointer
from shelterctl.ui_language import N_

STAFF_CODE_UNREGISTERED = N_("The staff code at {place} is not registered ({clause}).")
REGISTER_STAFF_CODE = N_("Register it with: staff add CODE --role ROLE.")


def find_unregistered_staff_codes(
    record: Facts, places: Place, staff: Collection[str], clause: str
) -> Iterator[Finding]:
    """Yield a finding for each place of a file that needs a code of *staff* and has another; not in struck entries.

    *clause* is that of the register of staff.

    The author of entries is reported once per code, since an unregistered person may have written a whole file.
    """

    def answer(place: Place, code: Any) -> tuple[tuple[int, ...], str] | None:
        told = place.notes.get("x-register") == "staff" and str(code) not in staff
        return (place.order, str(code)) if told else None

    writers: set[str] = set()
    found = places.find("x-register", record, answer, struck=(VOID_KEY,))
    for path, (_, code) in sorted(found, key=lambda each: each[1][0]):
        if path[-1] == "recorded_by" and code in writers:
            continue
        if path[-1] == "recorded_by":
            writers.add(code)
        place = ".".join(step for step in path if isinstance(step, str) and step != "stays")
        yield Finding(
            code="admission/unregistered-staff",
            severity=Severity.OPEN,
            message=STAFF_CODE_UNREGISTERED,
            in_file=REGISTER_STAFF_CODE,
            where=json_pointer(path),
            clause=clause,
            facts={"clause": clause, "place": place},
        )


NAME_LEAKED = N_(
    "Other people can see this text, and it contains {her|his} name or something like it ({clause}). Write "
    "it without a name; write a number exactly as {issuer} gave it."
)
SEALED_WORD_LEAKED = N_(
    "This text has a word that belongs only in a sealed part of {her|his} file ({clause}); the text may be "
    "printed and passed on. If it is about {her|him}, write it in the sealed part and remove it here."
)
KEYS_WITHOUT_WORDS = frozenset(("age", "printed", "schema", "edition"))
"""Keys whose values contain no words written by people."""

_HOLDERS = (dict, list)


def find_name_leaks(record: Facts, shape: Place, places: Collection[str] | None = None) -> Iterator[Finding]:
    """Yield a finding for each place that must not hold her name and does: a refusal at *places*.

    Without *places* the whole file is searched, and the findings are open.
    """

    severity = Severity.OPEN if places is None else Severity.REFUSE
    found = shape.find(
        "x-code", record, lambda place, said: (place, said) if isinstance(said, str) else None, struck=()
    )
    hers = name_words(record)
    for path, (place, said) in sorted(found, key=lambda one: _order_in_schema(one[0], one[1][0])):
        where, clause = json_pointer(path), place.notes.get("x-clause")
        if "x-code" in place.notes and _is_at(where, places) and contains_her_name(said, record, hers=hers):
            yield Finding(
                code="fragment/names-her",
                message=NAME_LEAKED,
                severity=severity,
                where=where,
                clause=clause,
                facts={"clause": clause},
            )


def _is_at(where: str, places: Collection[str] | None) -> bool:
    """Return whether a pointer leads to one of the places or into it; always true where *places* is None."""
    return places is None or any(where == place or where.startswith(f"{place}/") for place in places)


def _order_in_schema(path: ValuePath, place: Place) -> tuple[int, ...]:
    """Return the sort key of a place: keys in the order of the schema, entries in the order of the file."""
    order = iter(place.order)
    return tuple(step if isinstance(step, int) else next(order, 0) for step in path)


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds words with one of these beginnings."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})")


def find_sealed_words(
    record: Facts, words: Collection[str], apart: str, clause: str, places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Yield a warning for each text of a file with one of the *words* of the sealed part kept *apart*.

    With *places* only these are searched. It is a warning, because the text may be about somebody else.
    """
    texts = _join_texts(record)
    if not any(word in texts for word in words):  # one search instead of hundreds: nearly every file has none
        return
    contains = compile_words(words).search

    def answer(_: Place, said: Any) -> bool | None:
        return True if isinstance(said, str) and contains(said) else None

    for path, _ in UNKNOWN.find(None, record, answer, struck=(), but=KEYS_WITHOUT_WORDS):
        where = json_pointer(path)
        if where.startswith(apart) or not _is_at(where, places):
            continue
        yield Finding(
            code="sealed/told-elsewhere",
            message=SEALED_WORD_LEAKED,
            severity=Severity.WARN,
            where=where,
            clause=clause,
            facts={"clause": clause},
        )


def _join_texts(record: Facts) -> str:
    """Return every text of a file, a line each, except under the keys that hold no words written by people."""
    found: list[str] = []
    left: list[Any] = [record]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            value = value.values() if KEYS_WITHOUT_WORDS.isdisjoint(value) else _values_of_people(value)
        for each in value:
            if isinstance(each, str):
                found.append(each)
            elif isinstance(each, _HOLDERS):
                left.append(each)
    return "\n".join(found)


def _values_of_people(value: Facts) -> list[Any]:
    return [each for name, each in value.items() if name not in KEYS_WITHOUT_WORDS]


CLIENT_NAMED_IN_REGISTER = N_(
    "This text may contain the name of a client, and a register opens for roles that do not open her file ({clause}). "
    "Name her by her id, or leave the name out."
)


def list_free_texts(fields: Fields, facts: Facts, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield each free text of an entry with its JSON pointer; not that of a field for somebody's name, such as a
    visitor's.
    """
    for name, one in fields.items():
        said = facts.get(name)
        place = f"{where}/{name}"
        if one.fields and isinstance(said, Mapping):
            yield from list_free_texts(one.fields, said, place)
        elif one.fields and isinstance(said, list):
            for number, group in enumerate(said):
                yield from list_free_texts(one.fields, group, f"{place}/{number}")
        elif _is_free_text(one):
            listed = said if isinstance(said, list) else [said]
            yield from ((place, each) for each in listed if isinstance(each, str) and each not in one.codes)


def _is_free_text(one: Field) -> bool:
    return (one.kind == "text" and not (one.letters or one.person)) or (one.kind == "code" and one.open)


def find_clients_named(texts: Iterable[tuple[str, str]], names: NamesInText, clause: str) -> Iterator[Finding]:
    """Yield a warning for each of these texts that has the name of a client; *clause* says who reads her file."""
    for where in dict.fromkeys(place for place, text in texts if names.are_in(text)):
        yield Finding(
            code="register/names-client",
            message=CLIENT_NAMED_IN_REGISTER,
            severity=Severity.WARN,
            where=where,
            clause=clause,
            facts={"clause": clause},
        )
