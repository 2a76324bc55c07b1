"""The telephone call that comes before anything is typed: whom to call, with the numbers that the house knows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from shelterctl import screen
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Sentence

NUMBERS = N_("Telephones of partner NGOs, as they are registered:")
NUMBER = N_("{name}: {phone}")
NONE = N_("No telephone of an NGO is registered. Register them now, for the day on which they are needed.")


def lines(here: Desk, first: Sentence) -> list[str]:
    """The page of the call: what is to be said *first*, and whom it can be said to; for a screen that keeps nothing."""
    numbers = list(_numbers(here))
    said = [screen.said(first), "", screen.said(NUMBERS if numbers else NONE)]
    return [*said, *(f"  {line}" for line in numbers)]


def _numbers(here: Desk) -> Iterator[str]:
    ngos: Mapping[str, Any] = {}
    with suppress(ShelterError):  # a damaged directory is no reason not to call
        ngos = here.store.ngos
    for code, entry in sorted(ngos.items()):
        if entry.get("phone"):
            facts = {"name": entry.get("name") or code, "phone": entry["phone"]}
            yield screen.clean(screen.said(NUMBER, facts))
