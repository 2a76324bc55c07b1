"""Ids and short codes: reading one that was typed, and proposing a code for a name.

Ids use Crockford's base32, so that no letter can be mistaken for a digit. A proposed code has small Latin letters and
never contains a family name.
"""

import re
from collections.abc import Container

from shelterctl.core.values.homoglyphs import latin_capitals

ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_DIGITS_FOR_LETTERS = str.maketrans("OIL", "011")
"""Letters that no id contains, with the digits for which they are typed."""


def correct_id_letters(typed: str) -> str:
    """Return an id or a code in its own letters: look-alike letters of either alphabet and O, I, L are replaced."""
    return latin_capitals(typed).translate(_DIGITS_FOR_LETTERS)


CODE_SOUNDS = (
    "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn ңng оo өo пp рr сs тt уu үu фf хkh цts чch шsh щsh ъ ыy ь эe юyu яya"
)
"""Each Cyrillic letter, followed by the Latin letters that a code has for it."""
CODE_LETTERS = str.maketrans({pair[0]: pair[1:] for pair in CODE_SOUNDS.split()})

LEGAL_FORMS = frozenset(("оф", "нпо", "ооо", "осоо", "пу", "чу", "ngo", "pf"))
"""Legal forms that are written before an organisation's name and are left out of its code."""

FAMILY_NAME_ENDINGS = (
    r".+(?:[оеё]в|ин|ын|[цс]к(?:и|о)й|енко|[oe]v|in|sk(?:i|y)y?)[аяйa]?|.+(?:вна|вич|vna|vich)",
    r".+(?:[оеё]в|[цс]к(?:и|о)й|енко|[oe]v)[аяйa]?|.+(?:вна|вич|vna|vich)",
)
"""Patterns of family names and patronymics by their endings. The second, narrower pattern is used where the first fits
every word: Ирина ends like a family name and is a given name.
"""
NAME_OF_FATHER = r"\S+[ -](?:кызы|уулу|kyzy|uulu)\b"
"""A father's name followed by the word for daughter or son."""

LONGEST_PROPOSED_CODE = 24
"""The greatest length of a proposed code, in letters; a code that is typed may be longer."""


def propose_code(name: str, taken: Container[str], lead: str = "") -> str:
    """Return a code for *name* that is not yet *taken*: its first two words, or *lead* and the given name of a person.

    The result is empty where the name has no letter that can be put into a code.
    """
    words = [word for word in re.findall(r"[^\W_]+", name.casefold()) if word not in LEGAL_FORMS]
    if lead:
        words = _find_given_name(name.casefold())
    latin = [re.sub(r"[^a-z0-9]", "", word.translate(CODE_LETTERS)) for word in words[:2]]
    found = "-".join(word for word in latin if word)[:LONGEST_PROPOSED_CODE].strip("-")
    if not found or not (lead or found[0].isalpha()):
        return ""
    free = (f"{lead}{found}{number}" for number in ("", *(f"-{count}" for count in range(2, 99))))
    return next((each for each in free if each not in taken), "")


def _find_given_name(name: str) -> list[str]:
    """Return the given name alone, as far as the other words look like a family name or a patronymic."""
    words = re.findall(r"[^\W_]+", re.sub(NAME_OF_FATHER, "", name)) or re.findall(r"[^\W_]+", name)
    kept = ([word for word in words if not re.fullmatch(family, word)] for family in FAMILY_NAME_ENDINGS)
    return next((given for given in kept if given), words)[:1]
