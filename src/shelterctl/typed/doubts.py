"""What was probably not meant as it was typed: keys on the other keyboard layout, and answers that are hardly a name.

Such text is doubted once and accepted when it is typed again. Kyrgyz letters are typed with AltGr and lie on
neither layout.
"""

import re
from collections.abc import Iterator

from shelterctl.core.values.homoglyphs import is_cyrillic
from shelterctl.typed.dates import is_day_or_time
from shelterctl.typed.readers import read_typed_yes_no
from shelterctl.typed.words import YES_NO_WORDS, Clock, fold_typed
from shelterctl.ui_language import N_

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~^&"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё:?"
_TO_RUSSIAN, _TO_QWERTY = str.maketrans(_QWERTY, _RUSSIAN), str.maketrans(_RUSSIAN, _QWERTY)

LEAST_LETTERS = 4
"""A text of fewer letters says too little of its language."""

LIKELY_SHARE, UNLIKELY_SHARE, LEAST_DIFFERENCE = 0.8, 0.75, 0.25
"""So many pairs of letters must be known on the other layout, may be known as it stands, and lie between the two."""

UNREADABLE_SHARE = 0.7
"""Where no more pairs of letters are known, nobody can read it as a word."""

_WORD_BREAK = r"[^\w;'\[\],.`<>{}:\"]|[,.:](?= |$)"
"""What parts words; a sign whose key has a letter on the other layout does only at the end of one."""


def letter_pairs(*followers: str) -> frozenset[str]:
    """Pairs of letters, each row a letter with those that come behind it; a space is the end of a word."""
    return frozenset(row[0] + each for row in followers for each in row[1:])


_LATIN_PAIRS = letter_pairs(
    " abcdefghijklmnopqrstuvwxyz",
    "a abcdefghiklmnoprstuvxyz",
    "badeiloru",
    "caehiklort",
    "d adeimorsuyz",
    "e abcdefghiklmnprstvwxyz",
    "f aefiotu",
    "g aehinoruy",
    "h abdeimnortuvy",
    "i abcdefgijklmnoprstuvyz",
    "jaeiouy",
    "k aehinostuy",
    "l adefgilmnopstuy",
    "m abeikopsuy",
    "n abcdegiknostuy",
    "o cdefgiklmnoprstuvwyz",
    "p aehilorst",
    "qu",
    "r acdegiklmnorstuyz",
    "s acehiklmopstuwy",
    "t acehilorstuy",
    "u abcdegklmnprstuyz",
    "v aegi",
    "w aehinors",
    "xaiu",
    "y abcdegklmnoprstuyz",
    "z aeghiou",
)
_CYRILLIC_PAIRS = letter_pairs(
    " абвгдежзиклмнопрстуфхцчшщэюя",
    "а абвгдежзийклмнпрстхчшщюя",
    "бадеиоруцщы",
    "в агеилмнорстуыь",
    "г адеилоруыю",
    "д авежикмнопрстухы",
    "е бвгдежзийклмнпрстхцчшщ",
    "жадеимноуыэ",
    "з абвгджилмноруцыья",
    "и абвдезийклмнорстфхцчшщюя",
    "й бгджзклмнпрстфчшы",
    "к авеилмнорстуы",
    "л абгдежзиклмнопстуфчыьюя",
    "м абгеикмнопуыэя",
    "н абгдежикностучыьюя",
    "о бвгдежзийклмнопрстфхчшэюя",
    "паеиклоруь",
    "р абвгдежзиклмносушыья",
    "с авдеиклмнопрстухыья",
    "т абвеиклмнорстучыья",
    "у абгдежзйклмнпрстухчшю",
    "фаеиору",
    "х авеимнору",
    "ц еиоуы",
    "ч абежикотуы",
    "шабеикмоу",
    "щаеиу",
    "ъ",
    "ы бвгдезйклмнпрстхчшя",
    "ь бвгзкмнтфшюя",
    "эйклнрстшэ",
    "ю бгдлстч",
    "я дзйлнртц",
)
"""Pairs of letters in names of the country, in Latin letters as in passports, and in words of forms."""


def read_on_other_layout(typed: str) -> Iterator[str]:
    """The same keys on the other layout, whichever of the two it is; then with what has figures as it stands.

    A colon is another key on either: ``dxthf d 23:40`` is вчера в 23:40.
    """
    words = re.split(r"(\s+)", typed)
    for keys in (_TO_RUSSIAN, _TO_QWERTY):
        read = typed.translate(keys)
        apart = "".join(each if re.search(r"\d", each) else each.translate(keys) for each in words)
        yield from (each for each in dict.fromkeys((read, apart)) if each != typed)


def guess_other_layout(typed: str) -> str:
    """A text as it would be on the other layout, where that looks like one and what was typed like none; else empty."""
    scripts = {is_cyrillic(each) for each in typed if each.isalpha()}
    if any(each.isdigit() or each in "@/\\_" for each in typed) or len(scripts) != 1:
        return ""
    for read in read_on_other_layout(typed):
        letters, share = [each for each in read if each.isalpha()], _known_share(typed)
        likely = share <= UNLIKELY_SHARE and _known_share(read) >= max(LIKELY_SHARE, share + LEAST_DIFFERENCE)
        if likely and len(letters) >= LEAST_LETTERS and not scripts & {*map(is_cyrillic, letters)}:
            return read
    return ""


def is_unlike_a_word(typed: str) -> bool:
    """Whether letters of one alphabet look like no word of it, as they do where the keyboard stands on another."""
    scripts = [is_cyrillic(each) for each in typed if each.isalpha()]
    bare = len(scripts) >= LEAST_LETTERS and len({*scripts}) == 1 and not any(map(str.isdigit, typed))
    return bare and _known_share(typed) <= UNREADABLE_SHARE


def _known_share(text: str) -> float:
    """The part of its pairs of letters that are known in its alphabet."""
    words = " ".join(re.sub(_WORD_BREAK, " ", fold_typed(text)).split())
    both = [pair for one, two in zip(f" {words}", f"{words} ", strict=True) if (pair := one + two).strip()]
    return sum(pair in _LATIN_PAIRS or pair in _CYRILLIC_PAIRS for pair in both) / max(len(both), 1)


NAME_LOOKS_LIKE_DATE = N_(
    "That looks like a day or a time, not like a name. If it is right as it stands, type it once more."
)
NAME_LOOKS_LIKE_YES = N_(
    "A name is asked for here. If there was nobody, press Enter; if it is a name, type it once more."
)
NAME_HAS_NUMBER = N_(
    "There is a number in this name; an age has a question of its own. If it is right, type it once more."
)
NAME_LOOKS_LIKE_WORDS = N_(
    "Is that a name? Its words look like others. If it is right as it stands, type it once more."
)
NAME_NOT_LISTED = N_("Nobody on the list is called so. If it is a name, type it once more.")
MORE_THAN_A_YES = N_("More than a yes is asked for here. If it is right as it stands, type it once more.")

MOST_COMMON_WORDS = 3
"""So many words with small letters are hardly a name."""

PREPOSITIONS = frozenset({
    "без", "в", "во", "для", "до", "за", "из", "к", "ко", "на", "над", "о", "об", "от", "по", "под", "при", "про",
    "с", "со", "у", "через", "аркылуу", "боюнча", "менен", "тууралуу", "үчүн",
    "about", "at", "by", "for", "from", "in", "of", "on", "through", "to", "via", "with", "without",
})  # fmt: skip
"""Words that say how, where or why: a name has none of them."""
ARTICLES = ("a", "an", "the")
"""What may stand before one word in small letters, and makes no name of it."""


def doubt_name(typed: str, clock: Clock, *, person: bool, listed: bool = False) -> str | None:
    """What is said of an answer that is hardly a name; None where it may be one.

    Numbers and common words are doubted in the name of a *person* alone: schools and hospitals have them. Where people
    are *listed* to choose from, one word in small letters that is none of them rather answers another question.
    """
    if is_day_or_time(typed, clock):
        return NAME_LOOKS_LIKE_DATE
    if isinstance(read_typed_yes_no(typed), bool):
        return NAME_LOOKS_LIKE_YES
    if person and any(map(str.isdigit, typed)):
        return NAME_HAS_NUMBER
    first, *rest = typed.split() or [""]
    if rest and (first.casefold() in PREPOSITIONS or (person and not PREPOSITIONS.isdisjoint(rest))):
        return NAME_LOOKS_LIKE_WORDS  # it begins with a preposition, or a person's has one in small letters anywhere
    if person and listed and typed.islower() and len(rest if first in ARTICLES else typed.split()) == 1:
        return NAME_NOT_LISTED
    common = [word for word in re.findall(r"[^\W\d_]+", typed) if word[0].islower()]
    return NAME_LOOKS_LIKE_WORDS if person and len(common) >= MOST_COMMON_WORDS else None


def is_only_a_yes(typed: str) -> bool:
    """Whether a text is a yes and nothing more, which answers no question of how, what or why; a no may answer it."""
    return fold_typed(typed).rstrip(".!") in YES_NO_WORDS[True]
