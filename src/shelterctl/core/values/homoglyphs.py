"""Letters that look alike in the Latin and the Cyrillic alphabet: a code is accepted in either."""

from unicodedata import category

LATIN_LOOKALIKES = "ABCEHKMOPTXYaceopxyk"
CYRILLIC_LOOKALIKES = "АВСЕНКМОРТХУасеорхук"
"""The Cyrillic letters, in the order of the Latin letters that they look like."""

TO_CYRILLIC, TO_LATIN = (
    str.maketrans(LATIN_LOOKALIKES, CYRILLIC_LOOKALIKES),
    str.maketrans(CYRILLIC_LOOKALIKES, LATIN_LOOKALIKES),
)


def latinise(typed: str) -> str:
    """Return a code with every look-alike letter as a Latin one: codes, ids and clauses have only Latin letters."""
    return typed.translate(TO_LATIN)


def latin_capitals(typed: str) -> str:
    """Return a code or an id in Latin capitals, whichever look-alike letters were typed.

    Invisible characters are left out: a program that copies out of a PDF may add some.
    """
    seen = typed if typed.isascii() else "".join(letter for letter in typed if category(letter) != "Cf")
    return latinise(seen.strip().upper())


def unify_script(word: str) -> str:
    """Return a word in one alphabet: where its letters are mixed, look-alike letters are changed to the alphabet of the
    rest.
    """
    if word.isascii():
        return word
    foreign = [letter for letter in word if is_cyrillic(letter)]
    own = [letter for letter in word if letter.isalpha() and not is_cyrillic(letter)]
    if not foreign or not own:
        return word
    into_latin = all(letter in CYRILLIC_LOOKALIKES for letter in foreign) and not all(
        letter in LATIN_LOOKALIKES for letter in own
    )
    return word.translate(TO_LATIN if into_latin else TO_CYRILLIC)


def is_cyrillic(letter: str) -> bool:
    """Return whether a letter is Cyrillic."""
    return "\u0400" <= letter <= "\u052f"
