"""Who is compared: her names taken apart once, in every way in which they may be written, and when she was born."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from shelterctl.core import record
from shelterctl.core.days import read_partial
from shelterctl.core.name import Word, fold, slips, words
from shelterctl.core.record import Facts

PART = 3
"""So many letters of a name are enough to look for it."""

INSIDE = 4
"""A name of so many letters is seen also inside another word."""

KNOWN_AS = 8
"""So many of her other names are compared."""

WORDS, LETTERS = 12, 60
"""So many words of a name, and letters of a word, are compared: each is held against each of every other file."""

NAMES = (*record.NAMES, record.OTHERS)
"""The keys of her identity that hold names of hers."""

FIRST, LAST, MIDDLE, ANY = "first", "last", "middle", "any"


class Called(NamedTuple):
    """One word of her names, and which of them it stands in; any where that is not said."""

    word: Word
    role: str

    @property
    def of_father(self) -> bool:
        """Whether it is a patronymic."""
        return self.role == MIDDLE or self.word.named_for


Form = tuple[Called, ...]
"""All her names in one way in which they may be written."""


class Person:
    """Whoever is compared.

    *partly* is whoever is looked for: only what is said of her is compared, and a part of a name is enough.
    """

    def __init__(self, identity: Facts, *, partly: bool = False) -> None:
        self.partly = partly
        self.born = read_partial(identity.get("birth_date"))
        self.guessed = bool(identity.get("estimated"))
        self._names = {role: str(identity.get(f"{role}_name") or "") for role in (FIRST, LAST, MIDDLE)}
        self._known_as = [str(each) for each in (identity.get("also_known_as") or ())[:KNOWN_AS]]

    @cached_property
    def fields(self) -> Mapping[str, tuple[Word, ...]]:
        """Her own names, word by word."""
        return {role: found for role, name in self._names.items() if (found := _compared(name))}

    @property
    def whole(self) -> bool:
        """Whether her first and last name are both known."""
        return FIRST in self.fields and LAST in self.fields

    @cached_property
    def own(self) -> tuple[Form, ...]:
        """Her names as they are written, and each as one word where one is written apart."""
        return tuple(_forms(self.fields))

    @cached_property
    def others(self) -> tuple[Form, ...]:
        """The same with another name that she goes by in the place of one of hers, or of all."""
        found: list[Form] = []
        for name in self._known_as:
            apart = _compared(name)
            for role in (FIRST, LAST):
                found += (form for each in apart for form in _forms({**self.fields, role: (each,)}))
            if len(apart) > 1:
                found.append(tuple(Called(word, ANY) for word in apart))
        return tuple(found)

    def words(self) -> Iterator[Word]:
        """Every word by which she is called."""
        for name in (*self._names.values(), *self._known_as):
            yield from _compared(name)


def names_her(text: str, file: Facts, *, letters: int = PART) -> bool:
    """Whether a word of *text* is a name of hers, or nearly one of so many letters, in any letters it is written in.

    Her id is none, although letters that are drawn by lot may look like a part of her name.
    """
    hers = list(Person(file.get("identity") or {}).words())
    said = text.replace(file["id"], " ") if file.get("id") else text
    return any(
        word.text == name.text or (len(word.text) >= letters and _shows(word, name, max(letters, INSIDE)))
        for word in words(re.sub(r"[\d_]+", " ", said))
        for name in hers
    )


def too_short(wanted: Facts) -> bool:
    """Whether a name is looked for of which too few letters are given to find a part of one by."""
    names = [fold(str(wanted.get(key) or "")).replace(" ", "") for key in ("first_name", "last_name")]
    return any(names) and all(len(name) < PART for name in names if name)


def part_of(word: Word, name: Word) -> bool:
    """Whether a word is enough of a name to look for it by."""
    return any(len(part) >= PART and part in sound for part in word.sounds for sound in name.sounds)


def _shows(word: Word, name: Word, inside: int) -> bool:
    """Whether who reads the word thinks of the name: a part of it, the name within it, or with a slip."""
    return part_of(word, name) or any(
        (len(sound) >= inside and sound in read) or slips(read, sound) is not None
        for read in word.sounds
        for sound in name.sounds
        if read and sound
    )


def _compared(name: str) -> tuple[Word, ...]:
    """The words of a name as far as they are compared."""
    return tuple(words(name[: WORDS * LETTERS], WORDS, LETTERS))


def _forms(fields: Mapping[str, tuple[Word, ...]]) -> Iterator[Form]:
    """Names word by word; and each as one word, where one is written apart or with a hyphen."""
    alone = {FIRST, LAST} - fields.keys()
    called = {role: role if role == MIDDLE or not alone else ANY for role in fields}
    yield tuple(Called(word, called[role]) for role, apart in fields.items() for word in apart)
    if any(len(apart) > 1 for apart in fields.values()):
        joined = {role: Word("".join(word.text for word in apart)) for role, apart in fields.items()}
        yield tuple(Called(word, called[role]) for role, word in joined.items())
