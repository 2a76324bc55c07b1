"""Invented people: names that nobody has, and telephone numbers that nobody answers.

Given names are those of the country; every family name says that it is invented.
"""

from random import Random
from typing import Any

from shelterctl.act.invented.frequency import read_data


class InventedPeople:
    """Draws invented people by lot."""

    def __init__(self, lot: Random) -> None:
        self._lot = lot
        self._names = read_data("people")

    def first_name(self) -> str:
        """Return a woman's given name."""
        return str(self._lot.choice([*self._names["women"] * 2, *self._names["russian_women"]]))

    def family_name(self) -> str:
        """Return a family name that says that it is invented."""
        return str(self._lot.choice(self._names["families"]))

    def name(self) -> str:
        """Return a given name and a family name."""
        return f"{self.first_name()} {self.family_name()}"

    def phone(self) -> str:
        """Return a telephone number of the kind that the examples have."""
        first, last = (f"{self._lot.randrange(100):02}" for _ in range(2))
        return str(self._names["phone"]).format(first=first, last=last)

    def named(self, name: str) -> Any:
        """Return somebody's name for a field: a part of it where the field asks only for that."""
        if name in ("first_name", "last_name"):
            return self.first_name() if name == "first_name" else self.family_name()
        return f"{self._lot.choice(self._names['fathers'])} кызы" if name == "middle_name" else self.name()
