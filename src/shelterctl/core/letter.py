"""Letters of one look in two alphabets: whoever types a code sees no difference, and need not know of any."""

LATIN = "ABCEHKMOPTXYaceopxyk"
CYRILLIC = "АВСЕНКМОРТХУасеорхук"
"""Letters of one look, each in its place."""

TO_CYRILLIC, TO_LATIN = str.maketrans(LATIN, CYRILLIC), str.maketrans(CYRILLIC, LATIN)


def latin(typed: str) -> str:
    """A code with every letter that looks like a Latin one as that: codes, ids and clauses have Latin letters alone."""
    return typed.translate(TO_LATIN)


def capitals(typed: str) -> str:
    """The same of what is written in capitals, however it was typed."""
    return latin(typed.strip().upper())
