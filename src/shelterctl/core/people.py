"""The likelihood that two files are of one person, and the staff who work at the shelter.

Two identities are compared word by word, in any spelling and order, and by year of birth. The result says how likely it
is that both are one person, and in what they differ. The last functions return who works at the shelter on a day, by
the register of staff.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

from shelterctl.core.record import client
from shelterctl.core.record.sameness import CHANGES_KEY, replaced_values
from shelterctl.core.values.days import local_day, read_day, read_partial
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.names import NameWord, count_slips, fold_name, split_name
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode
from shelterctl.ui_language import N_

PART_LETTERS = 3
"""The number of letters of a name that are enough to search for it."""

INSIDE_LETTERS = 4
"""The number of letters from which a name is also recognised inside another word."""

OTHER_NAMES_COMPARED = 8
"""The number of her other names that are compared."""

WORDS_COMPARED, LETTERS_COMPARED = 12, 60
"""The greatest number of words of a name, and of letters of a word, that are compared with every other file."""

ALL_NAME_KEYS = (*client.IDENTITY_NAMES, client.OTHER_NAMES)
"""The keys of her identity that hold names of hers."""

FIRST_NAME, LAST_NAME, MIDDLE_NAME, ANY_NAME = "first", "last", "middle", "any"


class RoleWord(NamedTuple):
    """One word of her names, and its role: first, last or middle name, or any where that is unknown."""

    word: NameWord
    role: str

    @property
    def of_father(self) -> bool:
        """Whether it is a patronymic."""
        return self.role == MIDDLE_NAME or self.word.is_patronymic


NameForm = tuple[RoleWord, ...]
"""All her names in one way in which they may be written."""


ReadWords = Callable[[str], tuple[NameWord, ...]]
"""A function that returns the words of a name, as far as they are compared."""


class Person:
    """A person to compare.

    With *partly* it is a search: only the given details are compared, and a part of a name is enough.
    """

    def __init__(self, identity: Facts, *, partly: bool = False, read_words: ReadWords | None = None) -> None:
        """Keep the names of an identity; *read_words* splits a name, where many persons share what was split."""
        self.is_query = partly
        self._read_words = read_words or split_compared_words
        self.born = read_partial(identity.get("birth_date"))
        self.guessed = bool(identity.get("estimated"))
        self._names = {role: str(identity.get(f"{role}_name") or "") for role in (FIRST_NAME, LAST_NAME, MIDDLE_NAME)}
        self._known_as = [str(each) for each in (identity.get("also_known_as") or ())[:OTHER_NAMES_COMPARED]]

    @cached_property
    def fields(self) -> Mapping[str, tuple[NameWord, ...]]:
        """Her own names, word by word."""
        return {role: found for role, name in self._names.items() if (found := self._read_words(name))}

    @property
    def whole(self) -> bool:
        """Whether her first and last name are both known."""
        return FIRST_NAME in self.fields and LAST_NAME in self.fields

    @cached_property
    def own_forms(self) -> tuple[NameForm, ...]:
        """Her names as written, and with each name as a single word where one is written in several."""
        return tuple(_name_forms(self.fields))

    @cached_property
    def other_forms(self) -> tuple[NameForm, ...]:
        """The forms of her names with one of her other names in place of a name of hers, or of all."""
        found: list[NameForm] = []
        for name in self._known_as:
            apart = self._read_words(name)
            for role in (FIRST_NAME, LAST_NAME):
                found += (form for each in apart for form in _name_forms({**self.fields, role: (each,)}))
            if len(apart) > 1:
                found.append(tuple(RoleWord(word, ANY_NAME) for word in apart))
        return tuple(found)

    def words(self) -> Iterator[NameWord]:
        """Yield every word of her names, other names included."""
        for name in (*self._names.values(), *self._known_as):
            yield from self._read_words(name)


def name_words(file: Facts) -> list[NameWord]:
    """Return the words of all names of hers in a file."""
    return list(Person(file.get("identity") or {}).words())


def contains_her_name(
    text: str, file: Facts, *, letters: int = PART_LETTERS, hers: Iterable[NameWord] | None = None
) -> bool:
    """Return whether a word of *text* is a name of hers, or resembles one, in any alphabet.

    Only words of at least *letters* letters are checked for resemblance. Her id is not a name, although its random
    letters may look like a part of one. *hers* are her `name_words`, if they were read already.
    """
    hers = name_words(file) if hers is None else hers
    said = text.replace(file["id"], " ") if file.get("id") else text
    for word in split_name(re.sub(r"[\d_]+", " ", said)):
        enough, inside = len(word.text) >= letters, max(letters, INSIDE_LETTERS)
        if any(word.text == name.text or (enough and _suggests_name(word, name, inside)) for name in hers):
            return True
    return False


SHORTEST_STEM, LONGEST_CASE_ENDING = 4, 3
"""The fewest letters of a name without its ending, and the most letters of an ending: Айгуль, Айгулью; Асанова,
Асановой.
"""
_LAST_VOWELS = re.compile("[aeiouy]+$")


class NamesInText:
    """The names of many *persons*, folded once, so that a text can be searched for all of them at little cost.

    Names are found in any alphabet and in any case, but not where they are misspelt or part of another word.
    """

    def __init__(self, persons: Iterable[Person]) -> None:
        words = [word for person in persons for word in person.words()]
        self._sounds = {sound for word in words for sound in word.sounds if len(sound) >= PART_LETTERS}
        stems = (_LAST_VOWELS.sub("", sound) for sound in self._sounds)
        self._stems = {stem for stem in stems if len(stem) >= SHORTEST_STEM}

    def are_in(self, text: str) -> bool:
        """Return whether a word of the text is a name of one of the persons."""
        return any(self._is_name(sound) for word in split_name(text) for sound in word.sounds)

    def _is_name(self, sound: str) -> bool:
        if sound in self._sounds:
            return True
        shortest = max(SHORTEST_STEM, len(sound) - LONGEST_CASE_ENDING)
        return any(sound[:end] in self._stems for end in range(shortest, len(sound) + 1))


def is_name_too_short(wanted: Facts) -> bool:
    """Return whether the name of a search has too few letters to find a part of a name."""
    names = [fold_name(str(wanted.get(key) or "")).replace(" ", "") for key in ("first_name", "last_name")]
    return any(names) and all(len(name) < PART_LETTERS for name in names if name)


def is_part_of_name(word: NameWord, name: NameWord) -> bool:
    """Return whether a word is enough of a name to find it by."""
    return any(len(part) >= PART_LETTERS and part in sound for part in word.sounds for sound in name.sounds)


def _suggests_name(word: NameWord, name: NameWord, inside: int) -> bool:
    """Return whether a word makes a reader think of the name: it is a part of it, contains it, or misspells it."""
    return is_part_of_name(word, name) or any(
        (len(sound) >= inside and sound in read) or count_slips(read, sound) is not None
        for read in word.sounds
        for sound in name.sounds
        if read and sound
    )


def split_compared_words(name: str) -> tuple[NameWord, ...]:
    """Return the words of a name, as far as they are compared."""
    return tuple(split_name(name[: WORDS_COMPARED * LETTERS_COMPARED], WORDS_COMPARED, LETTERS_COMPARED))


def _name_forms(fields: Mapping[str, tuple[NameWord, ...]]) -> Iterator[NameForm]:
    """Yield names word by word, and joined where a name has several words or a hyphen."""
    alone = {FIRST_NAME, LAST_NAME} - fields.keys()
    called = {role: role if role == MIDDLE_NAME or not alone else ANY_NAME for role in fields}
    yield tuple(RoleWord(word, called[role]) for role, apart in fields.items() for word in apart)
    if any(len(apart) > 1 for apart in fields.values()):
        joined = {role: NameWord("".join(word.text for word in apart)) for role, apart in fields.items()}
        yield tuple(RoleWord(word, called[role]) for role, word in joined.items())


class MatchDegree(IntEnum):
    """The likelihood that two are one person: same in any spelling; near; far, shown only in a search; none."""

    SAME = 0
    NEAR = 1
    FAR = 2
    NONE = 3

    @property
    def code(self) -> str:
        """The degree as programs read it."""
        return self.name.lower()


DIFFERENT_LETTERS = LabelledCode("letters", N_("the same name in other letters"))
ONE_IN_LATIN = LabelledCode("latin", N_("one of them in Latin letters"))
DIFFERENT_ORDER = LabelledCode("order", N_("names in another order"))
ONE_SLIP = LabelledCode("slip", N_("one letter different"))
SEVERAL_SLIPS = LabelledCode("slips", N_("several letters different"))
PART_OF_NAME = LabelledCode("part", N_("a part of a name"))
DIFFERENT_ENDING = LabelledCode("ending", N_("another ending of a name"))
PATRONYMIC_IN_ONE = LabelledCode("patronymic", N_("a patronymic in one of them only"))
DIFFERENT_PATRONYMIC = LabelledCode("fathers", N_("another patronymic"))
NAME_MORE_IN_ONE = LabelledCode("more", N_("an extra name in one of them"))
NAME_SHE_GOES_BY = LabelledCode("other_name", N_("another name that {she|he} goes by"))
YEAR_UNKNOWN = LabelledCode("year_unknown", N_("year of birth not known"))
YEAR_GUESSED = LabelledCode("year_guessed", N_("another year of birth, but an estimated one"))
YEAR_NEXT = LabelledCode("year_next", N_("years of birth one apart"))
DIFFERENT_BIRTH_DAY = LabelledCode("day", N_("another day of birth in the same year"))

REASON_WEIGHTS = {
    DIFFERENT_LETTERS: 0,
    ONE_IN_LATIN: 0,
    DIFFERENT_ORDER: 0,
    DIFFERENT_BIRTH_DAY: 0,
    YEAR_UNKNOWN: 1,
    ONE_SLIP: 1,
    DIFFERENT_ENDING: 1,
    PATRONYMIC_IN_ONE: 1,
    NAME_MORE_IN_ONE: 1,
    NAME_SHE_GOES_BY: 1,
    YEAR_GUESSED: 1,
    YEAR_NEXT: 2,
    DIFFERENT_PATRONYMIC: 2,
    SEVERAL_SLIPS: 3,
    PART_OF_NAME: 3,
}
"""Possible differences, and how much each speaks against one person."""

REASONS_OF_ONE_PERSON = frozenset({DIFFERENT_LETTERS, ONE_IN_LATIN, DIFFERENT_ORDER, DIFFERENT_BIRTH_DAY, YEAR_UNKNOWN})
"""Differences that come from how her data were recorded and how much was known."""

NEAR_WEIGHT = 2
"""The greatest weight at which two files are near matches."""

GUESSED_YEARS = 5
"""The number of years by which an estimated year of birth may be wrong."""


@immutable(eq=True)
class PersonMatch:
    """A likelihood that two are one person, the *reasons* to doubt it, and their *weight*."""

    degree: MatchDegree
    reasons: tuple[LabelledCode, ...] = ()
    weight: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """The sort key of matches, best first."""
        return self.degree, self.weight, len(self.reasons)


NO_MATCH = PersonMatch(MatchDegree.NONE)


class WordMatch(NamedTuple):
    """Two words that may be one name, and the difference between them, if any."""

    reason: LabelledCode | Literal[""]
    mine: RoleWord
    hers: RoleWord

    @property
    def crossed(self) -> bool:
        """Whether the words have different roles, such as her first and her last name."""
        return self.mine.role != self.hers.role

    @property
    def rank(self) -> tuple[int, bool, list[str]]:
        """The sort key of pairs, best first; it is the same from either side."""
        weight = REASON_WEIGHTS[self.reason] if self.reason else -1
        return weight, self.crossed, sorted((self.mine.word.text, self.hers.word.text))


def match_persons(asked: Person, known: Person) -> PersonMatch:
    """Return how likely two are one person, by their names in any spelling and order and by year of birth.

    The result is the same both ways, unless one of them is a search. Two files never match if one lacks a first or a
    last name.
    """
    born = _compare_births(asked, known)
    if born is None or not (asked.is_query or (asked.whole and known.whole)):
        return NO_MATCH
    if not asked.fields:
        return _judge_reasons(born) if asked.born and known.born and set(born) <= {DIFFERENT_BIRTH_DAY} else NO_MATCH
    found = [_judge_reasons((*named, *born)) for named in _compare_names(asked, known)]
    return min(found, key=lambda one: one.rank, default=NO_MATCH)


def _compare_names(asked: Person, known: Person) -> Iterator[Sequence[LabelledCode]]:
    """Yield the differences of their names for every way to compare them; other names only where their own do not
    match.
    """
    compared = (_compare_forms(one, two, asked.is_query) for one, two in product(asked.own_forms, known.own_forms))
    found = [reasons for reasons in compared if reasons is not None]
    yield from found
    if any(set(reasons) <= REASONS_OF_ONE_PERSON for reasons in found):
        return
    for one, two in (*product(asked.own_forms, known.other_forms), *product(asked.other_forms, known.own_forms)):
        if (reasons := _compare_forms(one, two, asked.is_query)) is not None:
            yield [*reasons, NAME_SHE_GOES_BY]


def _compare_forms(one: NameForm, two: NameForm, partly: bool) -> list[LabelledCode] | None:
    """Return the differences between two forms, word by word; None where they are of different persons.

    Every word needs a counterpart, except a patronymic and one extra name on one side: a woman who shares last name and
    patronymic with her sister has another first name, so a word is left over on each side.
    """
    compared = ((_compare_words(mine, hers, partly), mine, hers) for mine, hers in product(one, two))
    fits = [WordMatch(reason, mine, hers) for reason, mine, hers in compared if reason is not None]
    reasons: list[LabelledCode] = []
    left, right = list(one), list(two)
    for fit in sorted(fits, key=lambda fit: fit.rank):
        if fit.mine in left and fit.hers in right:
            left.remove(fit.mine)
            right.remove(fit.hers)
            reasons += [fit.reason] if fit.reason else []
            reasons += [DIFFERENT_ORDER] if fit.crossed and ANY_NAME not in (fit.mine.role, fit.hers.role) else []
    strict = not partly or {FIRST_NAME, LAST_NAME} <= {mine.role for mine in one}
    if len(left) == len(one) or _is_name_left_over(one, left) or (strict and _is_name_left_over(two, right)):
        return None
    found = _judge_left_over(left, right, len(one) - len(left), partly=partly, strict=strict)
    return None if found is None else [*reasons, *found]


def _is_name_left_over(form: NameForm, left: Sequence[RoleWord]) -> bool:
    """Return whether all words of a first or last name are left over."""
    matched = {each.role for each in form if each not in left}
    return any(each.role not in matched for each in left if each.role in (FIRST_NAME, LAST_NAME))


def _judge_left_over(
    left: Sequence[RoleWord], right: Sequence[RoleWord], matched: int, *, partly: bool, strict: bool
) -> list[LabelledCode] | None:
    """Return the differences that words without a counterpart make; None where these are of another person."""
    mine, hers = ([each for each in words if not each.of_father] for words in (left, right))
    if len(mine) > 1 or (mine and hers) or (strict and len(hers) > 1):
        return None
    if matched < 2 and (mine or (strict and hers)):
        return None
    reasons: list[LabelledCode] = []
    if len(left) > len(mine) and len(right) > len(hers):
        reasons.append(DIFFERENT_PATRONYMIC)
    elif len(left) > len(mine) or (not partly and len(right) > len(hers)):
        reasons.append(PATRONYMIC_IN_ONE)
    return [*reasons, NAME_MORE_IN_ONE] if mine or (hers and not partly) else reasons


def _compare_words(mine: RoleWord, hers: RoleWord, partly: bool) -> LabelledCode | Literal[""] | None:
    """Return the difference between two words, empty if there is none; None where they are different names."""
    word, other = mine.word, hers.word
    if word.text == other.text:
        return ""
    common = (word.sounds & other.sounds) - {""}
    if common:
        return ONE_IN_LATIN if word.latin != other.latin else DIFFERENT_LETTERS
    roles = {mine.role, hers.role}
    alike = len(roles) == 1 or ANY_NAME in roles or (mine.of_father and hers.of_father)
    if alike and FIRST_NAME not in roles and word.stems & other.stems:
        return DIFFERENT_ENDING
    read = [(word.text, other.text), *((one, two) for one in word.sounds for two in other.sounds)]
    wrong = [found for one, two in read if (found := count_slips(one, two)) is not None]
    if wrong:
        return ONE_SLIP if min(wrong) < 2 else SEVERAL_SLIPS
    return PART_OF_NAME if partly and is_part_of_name(word, other) else None


def _compare_births(asked: Person, known: Person) -> tuple[LabelledCode, ...] | None:
    """Return the differences of their births; None where these are of different persons."""
    if asked.born is None and asked.is_query:
        return ()
    if asked.born is None or known.born is None:
        return (YEAR_UNKNOWN,)
    if asked.born.overlaps(known.born):
        return ()
    apart = abs(asked.born.first.year - known.born.first.year)
    if apart == 0:
        return (DIFFERENT_BIRTH_DAY,)
    if apart <= GUESSED_YEARS and (asked.guessed or known.guessed):
        return (YEAR_GUESSED,)
    return (YEAR_NEXT,) if apart == 1 else None


def _judge_reasons(reasons: Sequence[LabelledCode]) -> PersonMatch:
    weight = sum(REASON_WEIGHTS[reason] for reason in reasons)
    same = all(reason in REASONS_OF_ONE_PERSON for reason in reasons)
    degree = MatchDegree.SAME if same else MatchDegree.NEAR if weight <= NEAR_WEIGHT else MatchDegree.FAR
    several = reasons.count(ONE_SLIP) > 1
    shown = dict.fromkeys(SEVERAL_SLIPS if several and reason == ONE_SLIP else reason for reason in reasons)
    return PersonMatch(degree, tuple(shown), 0 if same else weight)


def find_departure_before(known: Facts, day: date) -> date | None:
    """Return the last working day of a person in the register of staff if it is before *day*, else None."""
    last = read_day(known.get("until"))
    return last if last is not None and last < day else None


class RolePeriod(NamedTuple):
    """A role of a member of staff, with its first and last day; None where the register does not say."""

    role: str
    first: date | None
    last: date | None


def role_periods(known: Facts) -> list[RolePeriod]:
    """Return the roles of a person in the register of staff, the present one first.

    A role begins on its own ``role_since``; without one, on the day on which it was recorded in place of another, and
    the first role on the first day of work.
    """
    role, begun, last = known.get("role"), read_day(known.get("role_since")), read_day(known.get("until"))
    found: list[RolePeriod] = []
    for change in reversed(known.get(CHANGES_KEY) or ()):
        before = change["before"]
        if "role" not in before:
            continue
        first = begun or local_day(change["at"])
        found.append(RolePeriod(str(role), first, last))
        role, begun, last = before["role"], read_day(before.get("role_since")), first and first - timedelta(days=1)
    return [*found, RolePeriod(str(role), begun or read_day(known.get("since")), last)]


def roles_on_day(known: Facts, day: date) -> frozenset[str]:
    """Return a person's present role, and the one on *day*: that of the period, and the one recorded on that day.

    A role that was mistyped at first and corrected later counts on every day.
    """
    recorded = [(local_day(at), value) for at, name, value in replaced_values(known) if name == "role"]
    earlier = [value for on, value in recorded if on is not None and day <= on]
    periods = role_periods(known)
    held = next((one for one in periods if one.first is None or one.first <= day), periods[-1])
    return frozenset({str(known.get("role")), held.role, *earlier[-1:]})


def staff_at_work(staff: Mapping[str, Facts], day: date) -> dict[str, Facts]:
    """Return the staff who work here on *day*, by code; a person's last day counts."""
    return {code: known for code, known in staff.items() if find_departure_before(known, day) is None}
