"""How likely two files are of one person, and in what they differ: the one way in which persons are compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from shelterctl.core.name import slips
from shelterctl.core.person import ANY, FIRST, LAST, Called, Form, Person, part_of
from shelterctl.language import N_, Coded


class Degree(IntEnum):
    """The same in any spelling; nearly; for whoever looks for her alone; another person."""

    SAME = 0
    NEAR = 1
    FAR = 2
    NONE = 3

    @property
    def code(self) -> str:
        """As programs read it."""
        return self.name.lower()


LETTERS = Coded("letters", N_("the same name in other letters"))
LATIN = Coded("latin", N_("one of them in Latin letters"))
ORDER = Coded("order", N_("names in another order"))
SLIP = Coded("slip", N_("one letter different"))
SLIPS = Coded("slips", N_("several letters different"))
PART = Coded("part", N_("a part of a name"))
ENDING = Coded("ending", N_("another ending of a name"))
PATRONYMIC = Coded("patronymic", N_("a patronymic in one of them only"))
FATHERS = Coded("fathers", N_("another patronymic"))
MORE = Coded("more", N_("one name more in one of them"))
OTHER_NAME = Coded("other_name", N_("another name that she goes by"))
YEAR_UNKNOWN = Coded("year_unknown", N_("year of birth not known"))
YEAR_GUESSED = Coded("year_guessed", N_("another year of birth, but a guess"))
YEAR_NEXT = Coded("year_next", N_("year of birth one more or less"))
DAY = Coded("day", N_("another day of birth in the same year"))

WEIGHTS = {
    LETTERS: 0, LATIN: 0, ORDER: 0, DAY: 0, YEAR_UNKNOWN: 1, SLIP: 1, ENDING: 1, PATRONYMIC: 1, MORE: 1, OTHER_NAME: 1,
    YEAR_GUESSED: 1, YEAR_NEXT: 2, FATHERS: 2, SLIPS: 3, PART: 3,
}  # fmt: skip
"""In what they may differ, and how much that says against one person."""

STILL_THE_SAME = frozenset({LETTERS, LATIN, ORDER, DAY, YEAR_UNKNOWN})
"""What lies in how she was written down and how much is known of her."""

NEARLY = 2
"""Up to this weight, two files are nearly of one person."""

GUESS = 5
"""By so many years a guess may be wrong."""


@dataclass(frozen=True, slots=True, repr=False)
class Likeness:
    """How likely it is, the *reasons* to doubt it, and how much they weigh."""

    degree: Degree
    reasons: tuple[Coded, ...] = ()
    weight: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """What comes first where several fit."""
        return self.degree, self.weight, len(self.reasons)


NOBODY = Likeness(Degree.NONE)


class Fit(NamedTuple):
    """Two words that may be one name, and in what they differ, if in anything."""

    reason: Coded | Literal[""]
    mine: Called
    hers: Called

    @property
    def crossed(self) -> bool:
        """Whether one is, for example, her first name and the other her last."""
        return self.mine.role != self.hers.role

    @property
    def rank(self) -> tuple[int, bool, list[str]]:
        """What fits best comes first, the same from either side."""
        weight = WEIGHTS[self.reason] if self.reason else -1
        return weight, self.crossed, sorted((self.mine.word.text, self.hers.word.text))


def likeness(asked: Person, known: Person) -> Likeness:
    """How likely both are one person: by her names, in any spelling and order, and by her year of birth.

    The same both ways, unless one of them is only partly asked for. Files of which one has no first or no last name
    are never taken for one person's.
    """
    born = _births(asked, known)
    if born is None or not (asked.partly or (asked.whole and known.whole)):
        return NOBODY
    if not asked.fields:
        return _judged(born) if asked.born and known.born and set(born) <= {DAY} else NOBODY
    found = [_judged((*named, *born)) for named in _named(asked, known)]
    return min(found, key=lambda one: one.rank, default=NOBODY)


def _named(asked: Person, known: Person) -> Iterator[Sequence[Coded]]:
    """In what her names differ, in every way in which they can be compared; other names, where hers do not fit."""
    found = [
        reasons for one in asked.own for two in known.own if (reasons := _compared(one, two, asked.partly)) is not None
    ]
    yield from found
    if any(set(reasons) <= STILL_THE_SAME for reasons in found):
        return
    pairs = [(one, two) for one in asked.own for two in known.others]
    pairs += [(one, two) for one in asked.others for two in known.own]
    for one, two in pairs:
        if (reasons := _compared(one, two, asked.partly)) is not None:
            yield [*reasons, OTHER_NAME]


def _compared(one: Form, two: Form, partly: bool) -> list[Coded] | None:
    """In what two forms differ, word against word; None where they are not one person's.

    Each word has its counterpart, but for a patronymic and one name more on one side: a woman who shares last name and
    patronymic with her sister has another first name, and so a word that is left over on either side.
    """
    fits = [Fit(reason, mine, hers) for mine in one for hers in two if (reason := _fit(mine, hers, partly)) is not None]
    reasons: list[Coded] = []
    left, right = list(one), list(two)
    for fit in sorted(fits, key=lambda fit: fit.rank):
        if fit.mine in left and fit.hers in right:
            left.remove(fit.mine)
            right.remove(fit.hers)
            reasons += [fit.reason] if fit.reason else []
            reasons += [ORDER] if fit.crossed and ANY not in (fit.mine.role, fit.hers.role) else []
    strict = not partly or {FIRST, LAST} <= {mine.role for mine in one}
    if len(left) == len(one) or _lacking(one, left) or (strict and _lacking(two, right)):
        return None
    return _left_over(left, right, len(one) - len(left), reasons, partly=partly, strict=strict)


def _lacking(form: Form, left: Sequence[Called]) -> bool:
    """Whether all words of a first or of a last name are left over."""
    matched = {each.role for each in form if each not in left}
    return any(each.role not in matched for each in left if each.role in (FIRST, LAST))


def _left_over(
    left: Sequence[Called], right: Sequence[Called], matched: int, reasons: list[Coded], *, partly: bool, strict: bool
) -> list[Coded] | None:
    """The reasons with those that lie in words without a counterpart; None where these are another person's."""
    mine, hers = ([each for each in words if not each.of_father] for words in (left, right))
    if len(mine) > 1 or (mine and hers) or (strict and len(hers) > 1):
        return None
    if matched < 2 and (mine or (strict and hers)):
        return None
    if len(left) > len(mine) and len(right) > len(hers):
        reasons.append(FATHERS)
    elif len(left) > len(mine) or (not partly and len(right) > len(hers)):
        reasons.append(PATRONYMIC)
    return [*reasons, MORE] if mine or (hers and not partly) else reasons


def _fit(mine: Called, hers: Called, partly: bool) -> Coded | Literal[""] | None:
    """In what a word differs from another that may be the same, empty for nothing; None where it is another."""
    word, other = mine.word, hers.word
    if word.text == other.text:
        return ""
    common = (word.sounds & other.sounds) - {""}
    if common:
        return LATIN if word.latin != other.latin else LETTERS
    roles = {mine.role, hers.role}
    alike = len(roles) == 1 or ANY in roles or (mine.of_father and hers.of_father)
    if alike and FIRST not in roles and word.stems & other.stems:
        return ENDING
    read = [(word.text, other.text), *((one, two) for one in word.sounds for two in other.sounds)]
    wrong = [found for one, two in read if (found := slips(one, two)) is not None]
    if wrong:
        return SLIP if min(wrong) < 2 else SLIPS
    return PART if partly and part_of(word, other) else None


def _births(asked: Person, known: Person) -> tuple[Coded, ...] | None:
    """In what the births differ; None where they are not one person's."""
    if asked.born is None and asked.partly:
        return ()
    if asked.born is None or known.born is None:
        return (YEAR_UNKNOWN,)
    if asked.born.overlaps(known.born):
        return ()
    apart = abs(asked.born.first.year - known.born.first.year)
    if apart == 0:
        return (DAY,)
    if apart <= GUESS and (asked.guessed or known.guessed):
        return (YEAR_GUESSED,)
    return (YEAR_NEXT,) if apart == 1 else None


def _judged(reasons: Sequence[Coded]) -> Likeness:
    weight = sum(WEIGHTS[reason] for reason in reasons)
    same = all(reason in STILL_THE_SAME for reason in reasons)
    degree = Degree.SAME if same else Degree.NEAR if weight <= NEARLY else Degree.FAR
    several = reasons.count(SLIP) > 1
    shown = dict.fromkeys(SLIPS if several and reason == SLIP else reason for reason in reasons)
    return Likeness(degree, tuple(shown), 0 if same else weight)
