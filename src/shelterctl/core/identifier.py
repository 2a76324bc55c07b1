"""The letters of ids and codes: Crockford's base32, in which no letter is taken for a digit."""

from shelterctl.core.letter import capitals

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_TAKEN_FOR = str.maketrans("OIL", "011")
"""Letters that no id has, and the digits that they are typed for."""


def letters(typed: str) -> str:
    """An id or a code as it is written, whichever letters and digits of its look were typed, in either alphabet."""
    return capitals(typed).translate(_TAKEN_FOR)
