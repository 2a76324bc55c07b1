"""The telephone call that comes before anything is typed: whom to call, with the numbers that the house knows."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl import screen
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Sentence

NUMBERS = N_("Telephones of partner NGOs, as they are registered:")
NUMBER = N_("{name}: {phone}")
NONE = N_(
    "No telephone of an NGO is registered: look it up on paper. Register them afterwards, for the next time, where the "
    "menu has the partner NGOs."
)
CLOSED = N_("The telephones that the house knows do not open here: look them up on paper.")


def lines(here: Desk, first: Sentence) -> list[str]:
    """The page of the call: what is to be said *first*, and whom it can be said to; for a screen that keeps nothing."""
    try:
        numbers = list(_numbers(here.store.ngos))
        known = NUMBERS if numbers else NONE
    except ShelterError:  # a directory that is damaged, or does not open, is no reason not to call
        numbers, known = [], CLOSED
    return [screen.said(first), "", screen.said(known), *(f"  {line}" for line in numbers)]


def _numbers(ngos: Mapping[str, Any]) -> Iterator[str]:
    for code, entry in sorted(ngos.items()):
        if entry.get("phone"):
            facts = {"name": entry.get("name") or code, "phone": entry["phone"]}
            yield screen.clean(screen.said(NUMBER, facts))
