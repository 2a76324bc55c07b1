"""The telephone call that comes before anything is typed: whom to call, with the numbers that the house knows."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from shelterctl import screen
from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Sentence

Who = Literal["device", "staff", "paper"]

FIRST_CALL: Mapping[Who, Sentence] = {
    "device": N_(
        "First of all call the NGO Coordinator of IOM and the manager of the house. Nobody is blamed; silence is what "
        "harms. Whoever is in danger is moved and warned before anything is typed here."
    ),
    "staff": N_(
        "First of all call the manager of the house and the NGO Coordinator of IOM: today they have to know who "
        "leaves, and who goes on with the clients."
    ),
    "paper": N_(
        "First of all call the NGO Coordinator of IOM, where the recovery paper is kept: whether it is there, and who "
        "could have seen it. Nobody is blamed; silence is what harms."
    ),
}
NUMBERS = N_("Telephones of partner NGOs, as they are registered:")
NUMBER = N_("{name}: {phone}")
NONE = N_(
    "No telephone of an NGO is registered: look it up on paper. Register them afterwards, for the next time, where the "
    "menu has the partner NGOs."
)
CLOSED = N_("The telephones that the house knows do not open here: look them up on paper.")


def first_call(here: Desk, who: Who) -> Said:
    """The call that comes before anything else; the menu has shown it already, with the numbers."""
    return () if here.stays else ((FIRST_CALL[who], {}),)


def lines(here: Desk, who: Who) -> list[str]:
    """The page of the call, with telephone numbers: only for a screen that is gone when it is left."""
    try:
        numbers = list(_numbers(here.store.ngos))
        known = NUMBERS if numbers else NONE
    except ShelterError:  # a directory that is damaged, or does not open, is no reason not to call
        numbers, known = [], CLOSED
    return [screen.said(FIRST_CALL[who]), "", screen.said(known), *(f"  {line}" for line in numbers)]


def _numbers(ngos: Mapping[str, Any]) -> Iterator[str]:
    for code, entry in sorted(ngos.items()):
        if entry.get("phone"):
            facts = {"name": entry.get("name") or code, "phone": entry["phone"]}
            yield screen.clean(screen.said(NUMBER, facts))
