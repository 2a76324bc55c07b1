"""A checklist taken down from the shelf: its items in order, and that each has a text for all that may be missing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shelterctl.core.checklist import VERBS, Checklist, Item
from shelterctl.language import N_
from shelterctl.library.written import broken, fields, history, known, take

NO_FACT = N_("the verb does not give this fact")
NO_TEXT = N_("a text is missing for this reason")
TWICE = N_("an item of this name stands above")

COMMON = frozenset({"item", "clause", "day"})
REASONS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "eligible": {
        "no-birth-date": COMMON,
        "adult-man": COMMON,
        "minor-without-reason": COMMON | {"minor_under", "youngest"},
        "age-outside": COMMON | {"at_least", "at_most"},
    },
    "place": {"full-house": COMMON | {"sleeping", "capacity"}},
}
"""Reasons of their own that verbs give for what is missing, with the facts of each."""

FACTS: Mapping[str, frozenset[str]] = {"documents": COMMON | {"lacking"}}
"""Facts that a verb gives under the item's own name."""


def checklist(folder: Path, name: str) -> Checklist:
    """The checklist of that name."""
    file = f"checklists/{name}.yaml"
    written = take(folder, file, "checklist")["items"]
    names = [item["item"] for item in written]
    for number, each in enumerate(names):
        if each in names[:number]:
            raise broken("twice", file, f"/items/{number}/item", TWICE)
    return Checklist(name, tuple(_item(file, item) for item in written))


def _item(file: str, written: Mapping[str, Any]) -> Item:
    name, verb = written["item"], next(verb for verb in VERBS if verb in written)
    place = f"/items/{name}"
    reasons = {name: FACTS.get(verb, COMMON), **REASONS.get(verb, {})}
    missing = {name: written["text"], **written["missing"]}
    known(file, f"{place}/missing", missing, reasons)
    known(file, f"{place}/missing", reasons, missing, NO_TEXT)
    in_file = written.get("in_file", {})
    known(file, f"{place}/in_file", in_file, reasons)
    for kind, texts in (("missing", missing), ("in_file", in_file)):
        for reason, text in texts.items():
            for language, words in text.items():
                at = f"{place}/{kind}/{reason}/{language}"
                known(file, at, fields(file, at, words), reasons[reason], NO_FACT)
    return Item(
        name=name,
        text=written["text"],
        standing=history(file, f"{place}/standing", written["standing"]),
        verb=verb,
        asks=written[verb],
        missing=missing,
        in_file=in_file,
        applies=written.get("applies", "stay"),
        who=written.get("who"),
    )
