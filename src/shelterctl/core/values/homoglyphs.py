"""Letters of one look in two alphabets: whoever types a code sees no difference, and need not know of any."""

from unicodedata import category

LATIN_LOOKALIKES = "ABCEHKMOPTXYaceopxyk"
CYRILLIC_LOOKALIKES = "АВСЕНКМОРТХУасеорхук"
"""Letters of one look, each in its place."""

TO_CYRILLIC, TO_LATIN = (
    str.maketrans(LATIN_LOOKALIKES, CYRILLIC_LOOKALIKES),
    str.maketrans(CYRILLIC_LOOKALIKES, LATIN_LOOKALIKES),
)


def latinise(typed: str) -> str:
    """A code with every letter that looks like a Latin one as that: codes, ids and clauses have Latin letters alone."""
    return typed.translate(TO_LATIN)


def latin_capitals(typed: str) -> str:
    """A code or an id in Latin capitals, in whichever letters of one look it was typed.

    Signs that nobody sees are left out: a program that copies out of a PDF may bring some along.
    """
    seen = "".join(letter for letter in typed if category(letter) != "Cf")
    return latinise(seen.strip().upper())


def unify_script(word: str) -> str:
    """A word whose letters of the other script, of one look with its own, are its own."""
    foreign = [letter for letter in word if is_cyrillic(letter)]
    own = [letter for letter in word if letter.isalpha() and not is_cyrillic(letter)]
    if not foreign or not own:
        return word
    into_latin = all(letter in CYRILLIC_LOOKALIKES for letter in foreign) and not all(
        letter in LATIN_LOOKALIKES for letter in own
    )
    return word.translate(TO_LATIN if into_latin else TO_CYRILLIC)


def is_cyrillic(letter: str) -> bool:
    """Whether a letter is one of the Cyrillic alphabets."""
    return "\u0400" <= letter <= "\u052f"
