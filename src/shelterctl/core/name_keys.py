"""Keys of a person for blind matching: texts that two houses make alike for one person, however each wrote her names.

A key joins two names of hers, folded by sound and without their endings, with as much of her birth as both houses may
know. A year alone is in a key with a patronymic, or with a word that says that one of the two knows no more. No key
has names without a year. Only keyed and blinded forms of these texts leave a house.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from shelterctl.core.people import FIRST_NAME, LAST_NAME, MIDDLE_NAME, Person
from shelterctl.core.values.days import Span
from shelterctl.core.values.names import ALLOWED_SLIPS, NameWord

READINGS_OF_NAME = 4
"""The most readings of one name that are in keys; more are of names written with several ambiguous letters."""

LETTERS_OF_SLIP = min(letters for letters, _ in ALLOWED_SLIPS)
"""The least letters of a name in which one letter may be mistyped."""


class KeyKind(StrEnum):
    """The kinds of keys, by what two persons with a common key share; the surest first.

    DAY: names and the day of birth; MONTH: names and the month, since one house knows no day; FATHER: names, patronymic
    and the year; SLIP: the day of birth and names with one letter different; YEAR: names and the year, since one house
    knows no more.
    """

    DAY = "day"
    MONTH = "month"
    FATHER = "father"
    SLIP = "slip"
    YEAR = "year"


class NameKey(NamedTuple):
    """A key of a person: its kind, and the text that is hashed."""

    kind: KeyKind
    text: str


class _Birth(NamedTuple):
    """A day, month or year of birth: how exact it is, by a letter, and its three spellings."""

    exactness: str
    day: str
    month: str
    year: str


def make_name_keys(person: Person, most: int) -> tuple[NameKey, ...]:
    """Return the keys of a person, at *most* so many: those for mistyped names last, since these are many.

    Empty where her first name, her last name or her year of birth is unknown.
    """
    born = _read_birth(person.born, guessed=person.guessed)
    if not person.whole or born is None:
        return ()
    found = dict.fromkeys(_list_keys(person, born))
    return tuple(sorted(found, key=lambda key: key.kind is KeyKind.SLIP))[:most]


def _read_birth(born: Span | None, *, guessed: bool) -> _Birth | None:
    """Return a birth as keys say it; one that was guessed counts for its year alone."""
    if born is None:
        return None
    first, last = born
    exactness = "y" if guessed or first.month != last.month else "m" if first != last else "d"
    return _Birth(exactness, first.isoformat(), first.isoformat()[:7], first.isoformat()[:4])


def _list_keys(person: Person, born: _Birth) -> Iterator[NameKey]:
    """Yield every key of a person, some twice."""
    firsts, lasts = (_name_readings(person.fields[role]) for role in (FIRST_NAME, LAST_NAME))
    fathers = _name_readings(person.fields.get(MIDDLE_NAME, ()))
    for pair in product(firsts, lasts):
        names = _join_names(pair)
        yield from (NameKey(KeyKind.FATHER, f"{names}|{father}|{born.year}") for father in fathers)
        own = f"{born.exactness}{'f' if fathers else 'n'}"
        for other in map("".join, product("dmy", "fn")):
            if "y" in own + other and "n" in own + other:
                yield NameKey(KeyKind.YEAR, f"{'.'.join(sorted((own, other)))}|{names}|{born.year}")
    if born.exactness == "y":
        return
    for pair in product(firsts, (*lasts, *fathers)):  # a patronymic may be a last name elsewhere
        names = _join_names(pair)
        if born.exactness == "d":
            yield NameKey(KeyKind.DAY, f"{names}|{born.day}")
        else:
            yield NameKey(KeyKind.MONTH, f"m.m|{names}|{born.month}")
        yield NameKey(KeyKind.MONTH, f"d.m|{names}|{born.month}")
    if born.exactness == "d":
        yield from (NameKey(KeyKind.SLIP, f"{names}|{born.day}") for names in _names_with_slip(firsts[0], lasts[0]))


def _join_names(names: Sequence[str]) -> str:
    """Return two folded names in one order, since houses exchange first and last names."""
    return "|".join(sorted(names))


def _name_readings(words: Sequence[NameWord]) -> tuple[str, ...]:
    """Return a name in plain letters without its ending: written together, and each word alone where it has several."""
    whole = [NameWord("".join(word.text for word in words))] if len(words) > 1 else []
    found = [reading for word in (*whole, *words) for reading in sorted((word.stems or word.sounds) - {""})]
    return tuple(dict.fromkeys(found))[:READINGS_OF_NAME]


def _names_with_slip(first: str, last: str) -> Iterator[str]:
    """Yield two names, and each form of them that lacks one letter.

    Names that differ in one letter, or in the order of two, share such a form.
    """
    yield _join_names((first, last))
    yield from (_join_names((shorter, last)) for shorter in _without_a_letter(first))
    yield from (_join_names((first, shorter)) for shorter in _without_a_letter(last))


def _without_a_letter(name: str) -> Iterator[str]:
    if len(name) >= LETTERS_OF_SLIP:
        yield from (name[:place] + name[place + 1 :] for place in range(len(name)))
