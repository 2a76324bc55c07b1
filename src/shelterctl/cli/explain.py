"""shelterctl explain: what the manual rules at a clause, and what a finding means and how to resolve it."""

import re
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.errors import NotFound
from shelterctl.language import N_, Text
from shelterctl.library import Shelf

NOTHING = N_("There is no such clause, reading or finding.")
NEAR = N_("Did you mean {near}?")
LOOK = N_("A clause is named like A6.4, a finding like agreement/over-cap; every finding says its own.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl explain A6.4")
def explain(
    ctx: Ctx,
    what: Annotated[str, typer.Argument(metavar="CLAUSE|CODE", help="A clause, a reading or a finding's code.")],
) -> Outcome:
    """What the manual rules there, and what the tool does about it."""
    shelf = desk(ctx).shelf
    for known in (_finding(shelf, what), _clause(shelf, what), _reading(shelf, what)):
        if known:
            return Outcome(data=known)
    names = [*shelf.clauses, *shelf.readings, *shelf.findings, *_items(shelf)]
    near = get_close_matches(what, names, 3)
    raise NotFound("explain/unknown", NOTHING, hint=NEAR if near else LOOK, near=near)


def _clause(shelf: Shelf, name: str) -> dict[str, Any] | None:
    clause = shelf.clauses.get(name)
    if clause is None:
        return None
    read = [{"reading": each, **reading} for each, reading in shelf.readings.items() if name in reading["clauses"]]
    return {"clause": name, **clause, **({"readings": read} if read else {})}


def _reading(shelf: Shelf, name: str) -> dict[str, Any] | None:
    reading = shelf.readings.get(name)
    return {"reading": name, **reading} if reading else None


def _finding(shelf: Shelf, code: str) -> dict[str, Any] | None:
    known = shelf.findings.get(code) or _items(shelf).get(code)
    return {"code": code, **known} if known else None


def _without_facts(text: Text) -> Text:
    """A message as it reads before its facts are known."""
    return {
        language: re.sub(r"\{\w+\}", "…", re.sub(r" \(\{clause\}\)", "", sentence))
        for language, sentence in text.items()
    }


def _items(shelf: Shelf) -> dict[str, dict[str, Any]]:
    """The findings of checklist items: their texts lie on the shelf beside the item."""
    return {
        f"{name}/{reason}": {
            "means": item.text,
            "remedy": _without_facts(text),
            "clauses": [entry.clause for entry in item.standing],
        }
        for name in ("admission", "discharge")
        for item in shelf.checklist(name).items
        for reason, text in item.missing.items()
    }
