"""The meaning of a code that stands in brackets behind a message: of a finding, a checklist's item, an error."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.item import to_fill_in, tracks_of
from shelterctl.core.act import SOFTENED
from shelterctl.core.finding import Outcome
from shelterctl.core.item import DONE, Item
from shelterctl.core.ruling import Ruling, Strength, latest_clause
from shelterctl.explained.layout import MEETS, MISSING, REMEDY, TOOL, WHO, example, layout, named, quoted, text
from shelterctl.explained.meaning import headings
from shelterctl.language import Text, shown
from shelterctl.library import Shelf, read_errors


class ItemReason(NamedTuple):
    """An item of an act, and a reason for which it may be missing; without one, the item's own name."""

    act: str
    item: Item
    reason: str


def codes(shelf: Shelf) -> Mapping[str, Mapping[str, Any]]:
    """Every code of a finding or an error that is not an item's: of the manual first, then of the program."""
    return {**read_errors(), **shelf.findings}


def code(shelf: Shelf, name: str, day: date) -> Outcome:
    """What a finding or an error means, how it is resolved, and how that is typed."""
    known = codes(shelf)[name]
    clauses = list(dict.fromkeys([*known.get("clauses", ()), *_of_conditions(shelf, name, day)]))
    remedy, shown = text(REMEDY, known["remedy"]), example(known.get("example"))
    mistaken = isinstance(known.get("example"), Mapping)  # a case in words; else what is to be typed
    parts = (shown, remedy) if mistaken else (remedy, shown)
    prose = layout(name, known["means"], *parts, headings(shelf, clauses))
    return Outcome(data={"code": name, **known, **({"clauses": clauses} if clauses else {})}, prose=prose)


def _of_conditions(shelf: Shelf, name: str, day: date) -> Iterator[str]:
    """The clauses of the forms' conditions that have this code."""
    for form in shelf.forms.values():
        for rule in form.rules:
            if name == rule.code and (cited := latest_clause(rule.history, day)):
                yield cited


def items(shelf: Shelf) -> Mapping[str, ItemReason]:
    """Every item by its name, and every code that an item's absence gives."""
    found = {}
    for act in shelf.acts.values():
        for item in act.items:
            found[item.name] = ItemReason(act.name, item, item.name)
            reasons = [item.name, *(reason for reason in item.says if reason not in (item.name, SOFTENED))]
            found |= {f"{act.name}/{reason}": ItemReason(act.name, item, reason) for reason in reasons}
    return found


def item(shelf: Shelf, name: str, day: date) -> Outcome:
    """What an item asks for, who can give it, and how it is written down."""
    kind, it, reason = items(shelf)[name]
    cited = latest_clause(it.history, day) or it.history[0].clause
    known = shelf.clause(cited)
    told = [texts[reason] for texts in (it.says, it.in_file) if reason in texts]
    missing = without_facts(*told) if told else None
    typed, met = to_type(shelf, it), [shelf.tracks[each] for each in it.tracks]
    prose = layout(
        name,
        it.text,
        quoted(known["text"]),
        text(MISSING, missing),
        text(WHO, it.who),
        named(MEETS, ((f"track {track.name}", track.text) for track in met)),
        text(TOOL, known["gist"]),
        example(typed),
        headings(shelf, [cited]),
    )
    about = {"code": f"{kind}/{reason}", "item": it.name, "means": it.text, "remedy": missing, "clauses": [cited]}
    about |= {"met_by": [track.name for track in met]} if met else {}
    return Outcome(data={**about, **({"example": "\n".join(typed)} if typed else {})}, prose=prose)


def to_type(shelf: Shelf, item: Item) -> list[str]:
    """How an item is written down: a fragment, entries, a day; nothing where it follows from the rest of a file."""
    if item.names or item.papers:  # discharge would be the act itself
        return ["shelterctl admit ID --from FILE", *to_fill_in(shelf, item).splitlines()]
    entries = [f"shelterctl add ID {track.name}" for track in tracks_of(shelf, item)]
    who = " --by CODE" if item.done and _whose(shelf, item) else ""
    return [*entries, *([f"shelterctl admit ID --done {item.name}{who}"] if item.done else [])]


def _whose(shelf: Shelf, item: Item) -> bool:
    """Whether a day that is given for an item counts only if somebody of a certain role did it."""
    rules = (rule for rule in shelf.tracks[DONE].rules if rule.verb == "by" and item.name in rule.when.get("item", ()))
    rulings = (one for rule in rules for one in rule.history if isinstance(one, Ruling))
    return any("role" in one.asks and one.strength is Strength.SHALL for one in rulings)


def without_facts(message: Text, *behind: Text) -> Text:
    """A message, and what is said behind it, as they read before their facts are known."""
    whole = {spoken: " ".join([words, *(shown(each, spoken) for each in behind)]) for spoken, words in message.items()}
    return {spoken: re.sub(r"\{\w+\}", "…", re.sub(r" \(\{clause\}\)", "", words)) for spoken, words in whole.items()}
