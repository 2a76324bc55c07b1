"""An act taken down from the shelf: its rules, and its items in the manual's order."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.act import Act
from shelterctl.core.item import Item
from shelterctl.core.rule import answers, unrolled
from shelterctl.library.file import Written
from shelterctl.library.track import history, rules

FORMER = "former"
"""What an item says under done for which a day was enough once."""


def act(written: Written) -> Act:
    """The act of one file."""
    value = written.value
    return Act(
        name=value["act"],
        text=value["text"],
        clause=value["clause"],
        of=value["of"],
        writes=value["writes"],
        rules=rules(written, "/rules", value.get("rules") or ()),
        items=tuple(_item(written, f"/items/{place}", each) for place, each in enumerate(value["items"])),
        rests=value.get("rests"),
        asks={part: tuple(names) for part, names in (value.get("asks") or {}).items()},
        softens=answers(value.get("softens") or {}),
    )


def _item(written: Written, place: str, value: Mapping[str, Any]) -> Item:
    own = {name: value[name] for name in ("clause", "gate", "strength", "reading", "repealed") if name in value}
    own.setdefault("gate", False)
    return Item(
        name=value["item"],
        text=value["text"],
        history=history(written, place, unrolled(own, value.get("later") or ())),
        rules=rules(written, f"{place}/rules", value.get("rules") or ()),
        says={value["item"]: value["text"], **(value.get("says") or {})},
        in_file=value.get("in_file") or {},
        on=value.get("on"),
        also=tuple(value.get("also") or ()),
        of=value.get("of", "stay"),
        who=value.get("who"),
        done=value.get("done") is True,
        former=value.get("done") == FORMER,
        owner=value.get("owner"),
        row=value.get("row"),
    )
