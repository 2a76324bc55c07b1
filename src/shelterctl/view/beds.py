"""The beds of a house tonight: how many of whom sleep there, and what is left."""

from collections.abc import Iterable, Mapping
from typing import Any

from shelterctl.core.house import Kind
from shelterctl.core.record import Client, Stay
from shelterctl.language import Coded


def taken(
    kinds: Mapping[str, Kind],
    facility: str,
    house: Mapping[str, Any],
    asleep: Iterable[tuple[Client, Stay]],
    unread: int,
) -> dict[str, Any]:
    """One house: how many of whom sleep there, and what is left; whoever's file cannot be read may sleep there too."""
    hers = [her for her, stay in asleep if stay.facility == facility]
    residents, children = len(hers), sum(len(her.children) for her in hers)
    others = int((house.get("others") or {}).get("number", 0))
    return {
        "facility": facility,
        "kind": Coded(house["kind"], kinds[house["kind"]].text),
        "capacity": house["capacity"],
        "residents": residents,
        "children": children,
        "others": others,
        **({"unread": unread} if unread else {}),
        "free": max(house["capacity"] - residents - children - others - unread, 0),
    }
