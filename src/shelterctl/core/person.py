"""Whether two files are likely to be of the same person, and whether a file may be of someone who is looked for."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from shelterctl.core.days import read_partial
from shelterctl.core.record import Facts, at

EXACT, ALIKE = "exact", "alike"
"""How well a file fits what is looked for: word for word, or nearly."""

PART = 3
"""So many letters of a name are enough to look for it."""

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "ң": "n", "ө": "o", "ү": "u", "қ": "k", "ғ": "g", "ұ": "u", "і": "i", "һ": "h", "ә": "a", "ў": "u", "ҳ": "h",
    "ş": "S", "ç": "C", "ı": "i", "w": "v", "q": "k", "y": "i", "x": "ks", "'": "", "’": "", "ʼ": "", "`": "",
}  # fmt: skip
"""A plain letter for each that is written in several ways; what is not here stays as it is."""

SOUNDS = {
    "shch": "S", "sch": "S", "sh": "S", "ch": "C", "dzh": "j", "zh": "j", "dj": "j", "kh": "h", "ts": "c", "ck": "k",
    "io": "e", "ie": "e",
}  # fmt: skip
"""Letters that stand together for one sound; the longer ones come first."""

SLIPS = ((8, 2), (4, 1))
"""From so many letters on, so many of them may be mistyped."""


def names_her(text: str, file: Facts, *, letters: int = PART) -> bool:
    """Whether a word of *text* is a name of hers, or nearly one of so many letters, in any letters it is written in."""
    for word in re.findall(r"[^\W\d_]+", text):
        found = alike(file, {"first_name": word})
        if found == EXACT or (found and len(word) >= letters):
            return True
    return False


def likely_same(one: Facts, other: Facts) -> bool:
    """Folded first and last names are equal, in either order, and birth years are equal or one is not known."""
    names, others = _names(one), _names(other)
    years = {_birth_year(one), _birth_year(other)} - {None}
    return all(names) and others in (names, names[::-1]) and len(years) < 2


def alike(file: Facts, wanted: Facts) -> str | None:
    """Whether a file may be of the person who is looked for, ``exact`` or ``alike``; None where it is of another.

    *wanted* has any of ``first_name``, ``last_name`` and ``birth_date``. Names may stand in either order, be a part of
    hers, be typed in other letters or with a slip; other names that she uses count too. A birth year that is not hers
    rules her out, unless hers is a guess.
    """
    asked = [name for key in ("first_name", "last_name") if (name := fold(str(wanted.get(key) or "")))]
    born = _born(file, wanted.get("birth_date"), named=bool(asked))
    if born is None or not (asked or wanted.get("birth_date")):
        return None
    hers = [fold(name) for name in _all_names(file)]
    written = {word for name in hers for word in name.split()}
    if all(word in written for name in asked for word in name.split()):
        return born
    known = written | {name.replace(" ", "") for name in hers}
    return ALIKE if all(_called(name, known) for name in asked) else None


def too_short(wanted: Facts) -> bool:
    """Whether a name is looked for of which too few letters are given to find a part of one by."""
    names = [fold(str(wanted.get(key) or "")).replace(" ", "") for key in ("first_name", "last_name")]
    return any(names) and all(len(name) < PART for name in names if name)


def fold(name: str) -> str:
    """A name as it is compared: without case, ё as е, spaces and hyphens as one."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return " ".join(re.split(r"[\s\-\u2010\u2011]+", plain)).strip()


def spelled(word: str) -> str:
    """A folded word in plain letters, one for each letter that stands for a sound of its own."""
    return "".join(LETTERS[letter] if letter in LETTERS else _bare(letter) for letter in word)


def sounding(word: str) -> str:
    """A spelled word as it is heard, the same from Cyrillic and from Latin: шарипова and sharipova are one."""
    for letters, sound in SOUNDS.items():
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or have changed places; ``most + 1`` where they are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    above: list[int] = []
    row = list(range(len(other) + 1))
    for down, letter in enumerate(one, 1):
        before, above, row = above, row, [down]
        for right, against in enumerate(other, 1):
            steps = min(above[right] + 1, row[-1] + 1, above[right - 1] + (letter != against))
            if min(down, right) > 1 and letter == other[right - 2] and one[down - 2] == against:
                steps = min(steps, before[right - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _called(name: str, known: Iterable[str]) -> bool:
    """Whether each word of a name that is looked for, or all of them in one, is nearly one of these."""
    joined = name.replace(" ", "")
    return all(_nearly(word, known) for word in name.split()) or _nearly(joined, known)


def _nearly(word: str, known: Iterable[str]) -> bool:
    asked = spelled(word)
    slips = next((slips for letters, slips in SLIPS if len(asked) >= letters), 0)
    for other in map(spelled, known):
        for one, against in ((asked, other), (sounding(asked), sounding(other))):
            part = len(one) >= PART and one in against
            if one and (part or distance(one, against, slips) <= slips):
                return True
    return False


def _bare(letter: str) -> str:
    """A letter without its accents."""
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def _born(file: Facts, wanted: object, *, named: bool) -> str | None:
    """Whether her birth fits the one that is looked for; one that is not known fits where a name is looked for too."""
    asked, hers = read_partial(wanted), read_partial(at(file, "identity.birth_date"))
    if asked is None:
        return EXACT
    if hers is None:
        return ALIKE if named else None
    if asked.overlaps(hers):
        return EXACT
    guessed = named and at(file, "identity.estimated")
    return ALIKE if guessed or asked.first.year == hers.first.year else None


def _all_names(file: Facts) -> Iterator[str]:
    """Every name by which she is known."""
    identity = file.get("identity") or {}
    for name in ("first_name", "middle_name", "last_name"):
        if identity.get(name):
            yield str(identity[name])
    yield from map(str, identity.get("also_known_as") or ())


def _names(facts: Facts) -> tuple[str, str]:
    first, last = (fold(str(at(facts, f"identity.{name}") or "")) for name in ("first_name", "last_name"))
    return first, last


def _birth_year(facts: Facts) -> str | None:
    written = at(facts, "identity.birth_date")
    return str(written)[:4] if written else None
