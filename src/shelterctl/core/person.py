"""Whether two files are likely to be of the same person."""

import re
import unicodedata

from shelterctl.core.record import Facts, at


def likely_same(one: Facts, other: Facts) -> bool:
    """Folded first and last names are equal, in either order, and birth years are equal or one is not known."""
    names, others = _names(one), _names(other)
    years = {_birth_year(one), _birth_year(other)} - {None}
    return all(names) and others in (names, names[::-1]) and len(years) < 2


def fold(name: str) -> str:
    """A name as it is compared: without case, ё as е, spaces and hyphens as one."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    return " ".join(re.split(r"[\s\-\u2010\u2011]+", plain)).strip()


def _names(facts: Facts) -> tuple[str, str]:
    first, last = (fold(str(at(facts, f"identity.{name}") or "")) for name in ("first_name", "last_name"))
    return first, last


def _birth_year(facts: Facts) -> str | None:
    written = at(facts, "identity.birth_date")
    return str(written)[:4] if written else None
