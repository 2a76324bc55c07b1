"""Names in a form in which they can be compared: by their visible letters, and by sound in either alphabet."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from itertools import product

from shelterctl.core.values.homoglyphs import LATIN_LOOKALIKES, TO_CYRILLIC, is_cyrillic, unify_script

LETTER_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "J", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "ө": "o", "ү": "u", "қ": "k", "ғ": "g", "ұ": "u", "і": "i", "һ": "h", "ә": "a", "ў": "u", "ҳ": "h", "ҷ": "C",
    "ş": "S", "ç": "C", "ı": "i", "w": "v", "q": "k", "y": "i",
}  # fmt: skip
"""A plain letter for each letter that has several spellings; other letters stay as they are."""

DIGRAPH_SOUNDS = {
    "shch": "S", "tsch": "C", "sch": "S", "tch": "C", "sh": "S", "ch": "C", "dzh": "J", "zh": "J", "kh": "h",
    "gh": "g", "ph": "f", "th": "t", "ck": "k", "ou": "u",
}  # fmt: skip
"""Latin letters that together spell one sound; the longer groups come first."""

MERGED_SOUNDS = {"dJ": "J", "ts": "c", "io": "e", "ie": "e"}
"""Sounds that are written with two letters or with one, in either alphabet."""

AMBIGUOUS_LETTERS = {"x": ("ks", "h"), "j": ("J", "i"), "c": ("k", "c"), "ң": ("n", "ng")}
"""Letters with two possible sounds: a name that contains one is read in both ways."""

INVISIBLE_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that nobody can see."""

APOSTROPHES = "'`´’‘ʼʻʹ′"

CHILD_OF_WORDS = ("кызы", "кизи", "кыз", "уулу", "уул", "оглы", "kyzy", "kizi", "kysy", "qizi", "uulu", "ogly", "oglu")
"""Words for daughter and son that turn a father's name into a patronymic, as a separate word or an ending."""

_CHILD_OF_SUFFIX = re.compile(rf"(?<=..)(?:{'|'.join(each for each in CHILD_OF_WORDS if len(each) > len('кыз'))})$")
_NAME_ENDING = re.compile(r"(?<=..)(?:(?P<father>(?:ov|ev)(?:na|iC))|(?:ov|ev)a?|ski|skaia)$")

ALLOWED_SLIPS = ((8, 2), (4, 1))
"""Pairs of a word's least length in letters and the number of letters that may be mistyped in it."""


class NameWord:
    """One word of a name: its *text* without case and invisible characters, and the *sounds* that it may stand for."""

    def __init__(self, written: str, *, of_father: bool = False) -> None:
        own = unify_script(written)
        self.text = _fold_word(own)
        self.latin = not any(map(is_cyrillic, own))
        self._two_looks = self.latin and all(letter in LATIN_LOOKALIKES for letter in own)
        self._cyrillic = _fold_word(own.translate(TO_CYRILLIC)) if self._two_looks else ""
        self._of_father = of_father

    @cached_property
    def sounds(self) -> frozenset[str]:
        """The readings of the word in plain letters: шарипова and sharipova share one."""
        bare = _CHILD_OF_SUFFIX.sub("", self.text)
        other = _sound_readings(self._cyrillic, latin=False) if self._two_looks else ()
        return frozenset((*_sound_readings(bare, latin=self.latin), *other))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The family name or patronymic without its ending: Асанова, Асановна and Асан кызы share one."""
        ended = {_NAME_ENDING.sub("", sound) for sound in self.sounds} - self.sounds
        stems = self.sounds if self.is_patronymic and not ended else ended
        return frozenset(stem.removesuffix("i") for stem in stems if len(stem) >= len("asa"))

    @cached_property
    def is_patronymic(self) -> bool:
        """Whether the word is a patronymic by its form: Асановна, Асан кызы."""
        if self._of_father or _CHILD_OF_SUFFIX.search(self.text):
            return True
        return any((found := _NAME_ENDING.search(one)) and found["father"] for one in self.sounds)


def split_name(name: str, most: int | None = None, letters: int | None = None) -> Iterator[NameWord]:
    """Yield the words of a name in order; a word for daughter or son is joined to the name before it.

    At *most* that many words are read, and of each at most *letters* letters.
    """
    seen = "".join(each for each in name if each not in APOSTROPHES and not _is_invisible(each))
    plain = "".join(each for each in unicodedata.normalize("NFKC", seen) if not unicodedata.combining(each))
    found = "".join(each if each.isalnum() else " " for each in plain).split()
    found = [each[:letters] for each in found[:most]]
    child_of = [
        number > 0 and _fold_word(unify_script(written)) in CHILD_OF_WORDS for number, written in enumerate(found)
    ]
    for written, itself, of_father in zip(found, child_of, [*child_of, False][1:], strict=True):
        if not itself:
            yield NameWord(written, of_father=of_father)


def fold_name(name: str) -> str:
    """Return a name for comparison letter by letter: without case and invisible characters, ё as е, a hyphen as a
    space.
    """
    return " ".join(word.text for word in split_name(name))


def spell_plainly(word: str) -> str:
    """Return a folded word in plain letters, in its first reading."""
    return _sound_readings(word, latin=not any(map(is_cyrillic, word)))[0]


def count_slips(one: str, other: str) -> int | None:
    """Return the number of letters in which two plain words differ; None where it is more than their length allows."""
    shorter, longer = sorted((len(one), len(other)))
    most = next((most for letters, most in ALLOWED_SLIPS if shorter >= letters), 0)
    if longer - shorter > most or len({*one} ^ {*other}) > 2 * most:
        return 0 if one == other else None
    found = edit_distance(one, other, most)
    return found if found <= most else None


def edit_distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, extra or swapped; ``most + 1`` where there are more than *most*."""
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


def _sound_readings(word: str, *, latin: bool) -> tuple[str, ...]:
    """Return the readings of a folded word in plain letters; a doubled sound counts as a single one."""
    if latin:
        for letters, sound in DIGRAPH_SOUNDS.items():
            word = word.replace(letters, sound)
    several = [letter for letter in AMBIGUOUS_LETTERS if letter in word]
    read = []
    for chosen in product(*(AMBIGUOUS_LETTERS[letter] for letter in several)):
        sounds = dict(zip(several, chosen, strict=True))
        sound = "".join(sounds.get(letter) or LETTER_SOUNDS.get(letter, letter) for letter in word)
        for two, one in MERGED_SOUNDS.items():
            sound = sound.replace(two, one)
        read.append(re.sub(r"(.)\1+", r"\1", sound))
    return tuple(dict.fromkeys(read))


def _fold_word(word: str) -> str:
    """Return a word without case, without accents that do not make another letter, and with ё as е."""
    lower = unicodedata.normalize("NFC", word.casefold()).replace("ё", "е")
    bare = (each if each in LETTER_SOUNDS else unicodedata.normalize("NFD", each) for each in lower)
    return "".join(each for each in "".join(bare) if not unicodedata.combining(each))


def _is_invisible(letter: str) -> bool:
    """Return whether a character cannot be seen: of no width, a mark of direction, or a mark on no letter."""
    kind = unicodedata.category(letter)
    return kind == "Cf" or letter in INVISIBLE_LETTERS or (kind in ("Mn", "Me") and not unicodedata.combining(letter))
