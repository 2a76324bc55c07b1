"""What the lists of clients share: a client as a row without her name, and her name for the screen alone."""

from typing import Any

from shelterctl.act.file import state
from shelterctl.core.record import Client, at
from shelterctl.desk import Desk

COLUMNS = ("id", "state", "facility", "arrived_on")
NAMES = ("first_name", "last_name")


def row(here: Desk, her: Client) -> dict[str, Any]:
    """Where a client is on the manual's way, and in which house."""
    last = her.stay
    return {
        "id": her.id,
        "state": state(here, her),
        "facility": last.facility if last else None,
        "arrived_on": last.arrived_on if last else None,
    }


def narrow(here: Desk, row: dict[str, Any]) -> dict[str, Any]:
    """A row for the screen: the house is left out where there is only one, for names take up room."""
    one = len(here.store.shelter.value["facilities"]) == 1
    return {name: value for name, value in row.items() if not (one and name == "facility")}


def called(her: Client) -> str:
    """Her id, her first name and how her last one begins: enough to know whose file it is."""
    first, last = (at(her.facts, f"identity.{name}") for name in NAMES)
    return " ".join(part for part in (her.id, first, f"{last[0]}." if last else None) if part)


def names(her: Client) -> dict[str, str | None]:
    """Her first and last name; at a terminal alone, on a screen that is gone when it is left."""
    return {name: at(her.facts, f"identity.{name}") for name in NAMES}
