"""Ids and short codes: how one that was typed is read, and how a code is proposed from a name.

Ids use Crockford's base32, so that no letter is mistaken for a digit. A proposed code has small Latin letters and
never a family name.
"""

import re
from collections.abc import Container

from shelterctl.core.values.homoglyphs import latin_capitals

ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_DIGITS_FOR_LETTERS = str.maketrans("OIL", "011")
"""Letters that no id has, and the digits that they are typed for."""


def correct_id_letters(typed: str) -> str:
    """An id or a code as it is written, whichever letters and digits of its look were typed, in either alphabet."""
    return latin_capitals(typed).translate(_DIGITS_FOR_LETTERS)


CODE_SOUNDS = (
    "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn ңng оo өo пp рr сs тt уu үu фf хkh цts чch шsh щsh ъ ыy ь эe юyu яya"
)
"""Each letter with what stands for it."""
CODE_LETTERS = str.maketrans({pair[0]: pair[1:] for pair in CODE_SOUNDS.split()})

LEGAL_FORMS = frozenset(("оф", "нпо", "ооо", "осоо", "пу", "чу", "ngo", "pf"))
"""What stands before a name and is none."""

FAMILY_NAME_ENDINGS = (
    r".+(?:[оеё]в|ин|ын|[цс]к(?:и|о)й|енко|[oe]v|in|sk(?:i|y)y?)[аяйa]?|.+(?:вна|вич|vna|vich)",
    r".+(?:[оеё]в|[цс]к(?:и|о)й|енко|[oe]v)[аяйa]?|.+(?:вна|вич|vna|vich)",
)
"""How the name of a family or of a father ends; the second where by the first all words do: Ирина is no family."""
NAME_OF_FATHER = r"\S+[ -](?:кызы|уулу|kyzy|uulu)\b"
"""A father's name with the word for daughter or son behind it."""

LONGEST_PROPOSED_CODE = 24
"""Letters of a code that is proposed; one that is typed may be longer."""


def propose_code(name: str, taken: Container[str], lead: str = "") -> str:
    """A code for that name that is not *taken* yet: its first two words, or behind a *lead* the given name of a person.

    Nothing where the name has no letter that can be written so.
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
    """The given name alone, as far as the others look like names of a family or of a father."""
    words = re.findall(r"[^\W_]+", re.sub(NAME_OF_FATHER, "", name)) or re.findall(r"[^\W_]+", name)
    kept = ([word for word in words if not re.fullmatch(family, word)] for family in FAMILY_NAME_ENDINGS)
    return next((given for given in kept if given), words)[:1]
