"""The short code of whoever is registered, proposed from the name: small Latin letters, and no family name."""

import re
from collections.abc import Container

SOUNDS = (
    "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn ңng оo өo пp рr сs тt уu үu фf хkh цts чch шsh щsh ъ ыy ь эe юyu яya"
)
"""Each letter with what stands for it."""
LETTERS = str.maketrans({pair[0]: pair[1:] for pair in SOUNDS.split()})

FORMS = frozenset(("оф", "нпо", "ооо", "осоо", "пу", "чу", "ngo", "pf"))
"""What stands before a name and is none."""

FAMILY = (
    re.compile(r".+(?:[оеё]в|ин|ын|[цс]к(?:и|о)й|енко|[oe]v|in|sk(?:i|y)y?)[аяйa]?|.+(?:вна|вич|vna|vich)"),
    re.compile(r".+(?:[оеё]в|[цс]к(?:и|о)й|енко|[oe]v)[аяйa]?|.+(?:вна|вич|vna|vich)"),
)
"""How the name of a family or of a father ends; the second where by the first all words do: Ирина is no family."""
DAUGHTER = re.compile(r"\S+[ -](?:кызы|уулу|kyzy|uulu)\b")
"""A father's name with the word for daughter or son behind it."""

LONGEST = 24
"""Letters of a code that is proposed; one that is typed may be longer."""


def proposed(name: str, taken: Container[str], lead: str = "") -> str:
    """A code for that name that is not *taken* yet: its first two words, or behind a *lead* the given name of a person.

    Nothing where the name has no letter that can be written so.
    """
    words = [word for word in re.findall(r"[^\W_]+", name.casefold()) if word not in FORMS]
    if lead:
        words = _given(name.casefold())
    latin = [re.sub(r"[^a-z0-9]", "", word.translate(LETTERS)) for word in words[:2]]
    found = "-".join(word for word in latin if word)[:LONGEST].strip("-")
    if not found or not (lead or found[0].isalpha()):
        return ""
    free = (f"{lead}{found}{number}" for number in ("", *(f"-{count}" for count in range(2, 99))))
    return next((each for each in free if each not in taken), "")


def _given(name: str) -> list[str]:
    """The given name alone, as far as the others look like names of a family or of a father."""
    words = re.findall(r"[^\W_]+", DAUGHTER.sub("", name)) or re.findall(r"[^\W_]+", name)
    kept = ([word for word in words if not family.fullmatch(word)] for family in FAMILY)
    return next((given for given in kept if given), words)[:1]
