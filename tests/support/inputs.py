"""The usual entries of somebody who was admitted, and a referral with what the manual asks for at the gate."""

import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from shelterctl.core.manual.act import Item
from shelterctl.core.record.client import value_at
from shelterctl.core.rules.checklist import items_in_force
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.paths import PROJECT

USUAL_ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "need": {"need": "тёплая одежда", "class": "primary", "on": "2026-11-23"},
    "orientation": {
        "on": "2026-11-23", "by": "s-gulnara", "explained": ["objectives", "principles", "activities"],
        "language": "ky", "understood": True,
    },
    "clothing": {
        "on": "2026-11-23", "items": ["underwear", "hygiene_set", "everyday_clothes", "footwear"], "season": "winter",
        "signed_by_her": True,
    },
    "pocket-money": {
        "on": "2026-11-24", "span": {"from": "2026-11-22", "to": "2026-11-25"}, "amount": 200, "signed_by_her": True,
    },
    "belonging": {
        "kind": "internal_id_card", "received_on": "2026-11-22", "received_by": "s-gulnara", "signed_by_her": True,
    },
    "health": {"kind": "initial_complete", "on": "2026-11-24", "items": ["physician"], "finding": "none"},
    "examination": {"kind": "primary_interview", "on": "2026-11-23", "by": "s-aida"},
    "plan": {
        "kind": "assistance", "on": "2026-11-24", "span": {"from": "2026-11-24", "to": "2027-02-23"},
        "manager": "manager", "social_worker": "s-gulnara", "psychologist": "s-aida", "her_goals": "жить с сыном",
    },
    "consent": {"kind": "plan", "given_on": "2026-11-24"},
    "opinion": {"kind": "interim_review", "on": "2026-11-24", "by": "s-aida", "outcome": "release"},
}  # fmt: skip
"""By the track of each."""


SHELF = open_rulebook()
EXAMPLE = PROJECT / "examples/accepted/referral.yaml"
DAY = "2026-11-20"
SAMPLES: Mapping[str, Any] = {
    "day": DAY, "time": f"{DAY}T22:00+06:00", "party": "s-gulnara", "yes_no": True, "text": "...", "whole": 1,
    "som": 100, "months": 1, "partial": 2000, "span": {"from": DAY, "to": DAY},
}  # fmt: skip
TYPED = {"day": "24.11.2026", "time": "24.11 22:10", "party": "s-gulnara", "yes_no": "yes", "text": "", "whole": "1"}


def read(path: Path) -> Any:
    """An example as it is read."""
    return read_document(path.read_bytes(), 1 << 20).value


def gate() -> tuple[Item, ...]:
    """The items of the gate that are answered by themselves, in the manual's order."""
    listed = items_in_force(SHELF.acts["admission"], date.fromisoformat(DAY))
    return tuple(item for item, ruling in listed if ruling.params.get("gate") and item.names)


@cache
def later_items() -> tuple[Item, ...]:
    """The items of the gate of which the accepted referral says nothing: they came after it."""
    facts = read(EXAMPLE)
    return tuple(item for item in gate() if item.of == "stay" and not _known(item, facts))


def _known(item: Item, facts: Mapping[str, Any]) -> bool:
    done = {entry["item"] for entry in facts.get("done") or ()}
    return item.name in done or any(value_at(facts, SHELF.place_of(name)) is not None for name in item.places)


def with_evidence(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A referral, or a stay, with an answer to everything that such items want; what is there stays as it is."""
    whole = deepcopy(dict(facts))
    for item in later_items():
        if item.may_be_given:
            whole.setdefault("done", []).append({"item": item.name, "on": DAY, "by": SAMPLES["party"]})
        for path, value in _answers(item):
            *above, last = path.split(".")
            below = whole
            for name in above:
                below = below.setdefault(name, {})
            below.setdefault(last, value)
    return whole


def _answers(item: Item) -> Iterator[tuple[str, Any]]:
    """One answer for each place that the item wants, as its rules want it."""
    asked = [(rule, one.params.facts) for rule in item.rules for one in rule.rulings]
    wanted = {name: facts["codes"][0] for rule, facts in asked if "codes" in facts for name in rule.names}
    for name in dict.fromkeys((*item.names, *([item.on] if item.on else []))):
        one = SHELF.places[SHELF.place_of(name)]
        said = wanted.get(name) if one.kind == "code" else None
        yield SHELF.place_of(name), said or next(iter(one.codes), None) or SAMPLES[one.kind]


def typed() -> dict[str, str]:
    """What is typed at each question of such items."""
    asked = [SHELF.places[SHELF.place_of(name)] for item in later_items() for name in item.places]
    return {one.text["en"]: "1" if one.codes else TYPED[one.kind] for one in asked}


def given(example: Path) -> Path:
    """An example file, or where the gate asks for more than it was written for, a copy that has that too."""
    if not later_items():
        return example
    copy = Path(tempfile.mkdtemp()) / example.name
    copy.write_text(format_document(with_evidence(read(example))), "utf-8")
    return copy


REFERRAL = given(EXAMPLE)
"""An invented woman with all that the gate asks for."""
