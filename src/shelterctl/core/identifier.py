"""The letters of ids and codes: Crockford's base32, in which no letter is taken for a digit."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

TAKEN_FOR = str.maketrans("OIL", "011")
"""Letters that no id has, and the digits that they are typed for."""
