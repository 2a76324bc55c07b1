"""Answers that were probably not meant as typed: keys on the other keyboard layout, and text that is hardly a name.

Such text is doubted once, and accepted when it is typed again. Kyrgyz letters are typed with AltGr and belong to
neither layout.
"""

import re
from collections.abc import Iterator

from shelterctl.core.values.homoglyphs import is_cyrillic, unify_script
from shelterctl.typed.dates import is_day_or_time
from shelterctl.typed.readers import read_typed_yes_no
from shelterctl.typed.words import YES_NO_WORDS, Clock, fold_typed
from shelterctl.ui_language import N_

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~^&"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё:?"
_TO_RUSSIAN, _TO_QWERTY = str.maketrans(_QWERTY, _RUSSIAN), str.maketrans(_RUSSIAN, _QWERTY)

LEAST_LETTERS = 4
"""The least number of letters in a text from which its language can be guessed."""

LIKELY_SHARE, UNLIKELY_SHARE, LEAST_DIFFERENCE = 0.8, 0.75, 0.25
"""The limits for a guess: the least share of known letter pairs on the other layout, the greatest share as typed, and
the least difference between the two.
"""

UNREADABLE_SHARE = 0.7
"""The share of known letter pairs up to which nobody can read a text as a word."""

_WORD_BREAK = r"[^\w;'\[\],.`<>{}:\"]|[,.:](?= |$)"
"""A separator of words; a sign whose key has a letter on the other layout separates only at the end of a word."""


def letter_pairs(*followers: str) -> frozenset[str]:
    """Return the pairs of letters in rows of a letter and those that may follow it; a space is the end of a word."""
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
"""Letter pairs of Kyrgyz names and of words in forms; `_LATIN_PAIRS` has those of names as passports spell them."""


def read_on_other_layout(typed: str) -> Iterator[str]:
    """Yield the same keys on the other layout, both ways, then without changing words that contain figures.

    A colon has another key on either layout: ``dxthf d 23:40`` is вчера в 23:40.
    """
    words = re.split(r"(\s+)", typed)
    for keys in (_TO_RUSSIAN, _TO_QWERTY):
        read = typed.translate(keys)
        apart = "".join(each if re.search(r"\d", each) else each.translate(keys) for each in words)
        yield from (each for each in dict.fromkeys((read, apart)) if each != typed)


def guess_other_layout(typed: str) -> str:
    """Return a text as on the other layout, if that looks like words and the typed text does not; else empty."""
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
    """Return whether letters of one alphabet look like no word in it, as on the wrong keyboard layout."""
    scripts = [is_cyrillic(each) for each in typed if each.isalpha()]
    bare = len(scripts) >= LEAST_LETTERS and len({*scripts}) == 1 and not any(map(str.isdigit, typed))
    return bare and _known_share(typed) <= UNREADABLE_SHARE


def _known_share(text: str) -> float:
    """Return the share of a text's letter pairs that are known in their alphabet."""
    words = " ".join(re.sub(_WORD_BREAK, " ", fold_typed(text)).split())
    both = [pair for one, two in zip(f" {words}", f"{words} ", strict=True) if (pair := one + two).strip()]
    return sum(pair in _LATIN_PAIRS or pair in _CYRILLIC_PAIRS for pair in both) / max(len(both), 1)


NAME_LOOKS_LIKE_DATE = N_("That looks like a day or a time, not like a name. If it is right, type it again.")
NAME_LOOKS_LIKE_YES = N_("Write a name here. If there was nobody, press Enter. If this is a name, type it again.")
NAME_HAS_NUMBER = N_(
    "There is a number in this name; the age has a question of its own. If it is right, type it again."
)
NAME_MIXES_ALPHABETS = N_("Latin and Cyrillic letters stand in one word of this name. If it is right, type it again.")
NAME_LOOKS_LIKE_WORDS = N_("Is that a name? It looks like ordinary words. If it is right, type it again.")
NAME_NOT_LISTED = N_("Nobody on the list has this name. If it is a name, type it again.")
MORE_THAN_A_YES = N_("A yes is not enough here. If it is right, type it again.")

MOST_COMMON_WORDS = 3
"""The number of words with small initials from which a text is hardly a name."""

PREPOSITIONS = frozenset({
    "без", "в", "во", "для", "до", "за", "из", "к", "ко", "на", "над", "о", "об", "от", "по", "под", "при", "про",
    "с", "со", "у", "через", "аркылуу", "боюнча", "менен", "тууралуу", "үчүн",
    "about", "at", "by", "for", "from", "in", "of", "on", "through", "to", "via", "with", "without",
})  # fmt: skip
"""Words for how, where or why, which no name contains."""
ARTICLES = ("a", "an", "the")
"""Articles before a single word in small letters, which do not make it a name."""


def doubt_name(typed: str, clock: Clock, *, person: bool, listed: bool = False) -> str | None:
    """Return the doubt about an answer that is hardly a name; None where it may be one.

    Numbers and common words are doubted only in the name of a *person*: schools and hospitals have them. Where people
    are *listed* to choose from, one word in small letters that names none of them probably answers another question.
    """
    if is_day_or_time(typed, clock):
        return NAME_LOOKS_LIKE_DATE
    if isinstance(read_typed_yes_no(typed), bool):
        return NAME_LOOKS_LIKE_YES
    if person and (doubt := _doubt_letters(typed)):
        return doubt
    first, *rest = typed.split() or [""]
    if rest and (first.casefold() in PREPOSITIONS or (person and not PREPOSITIONS.isdisjoint(rest))):
        return NAME_LOOKS_LIKE_WORDS  # begins with a preposition, or is a person's and contains one
    if person and listed and typed.islower() and len(rest if first in ARTICLES else typed.split()) == 1:
        return NAME_NOT_LISTED
    common = [word for word in re.findall(r"[^\W\d_]+", typed) if word[0].islower()]
    return NAME_LOOKS_LIKE_WORDS if person and len(common) >= MOST_COMMON_WORDS else None


def _doubt_letters(typed: str) -> str | None:
    """Return the doubt about a person's name with a number, or with a word of two alphabets, such as a Latin m among
    Cyrillic letters. A letter that looks like one of the other alphabet is no slip that anybody sees.
    """
    if any(map(str.isdigit, typed)):
        return NAME_HAS_NUMBER
    words = ([is_cyrillic(letter) for letter in unify_script(word) if letter.isalpha()] for word in typed.split())
    return NAME_MIXES_ALPHABETS if any(len({*word}) > 1 for word in words) else None


def is_only_a_yes(typed: str) -> bool:
    """Return whether a text is only a yes, which cannot answer how, what or why; a no may."""
    return fold_typed(typed).rstrip(".!") in YES_NO_WORDS[True]
