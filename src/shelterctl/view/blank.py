"""A form as it lies on the shelf: its lines, limits and conditions shown, and an example to fill in."""

from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl import document
from shelterctl.core.agreement import printed
from shelterctl.core.finding import Outcome
from shelterctl.core.form import Form, Line
from shelterctl.core.money import write_som
from shelterctl.core.ruling import in_force
from shelterctl.desk import Desk
from shelterctl.language import N_

COLUMNS = ("line", "limit", "keys", "clause", "text")

FORM = N_("The {form}: its lines, limits and clauses on {day}. Keys with * must be there.")


def shown(here: Desk, form: Form) -> Outcome:
    """The form's lines, limits, keys and clauses in force, and the conditions of the whole."""
    when = here.day
    standing = [line for number, line in form.lines.items() if form.standing(number, when)]
    rows = [row(line, when) for line in standing]
    conditions = [
        {
            "condition": word.replace("_", " "),
            "saved": ruling.asks.get("save"),
            "signed": ruling.asks.get("sign"),
            "clause": ruling.clause,
        }
        for word, history in form.conditions.items()
        if (ruling := in_force(history, when))
    ]
    data = {"form": form.name, "rows": rows, "conditions": conditions}
    return Outcome(data=data, columns=COLUMNS, said=((FORM, {"form": form.title, "day": when}),))


def row(line: Line, when: date) -> dict[str, Any]:
    """A line as it is listed: its limit and keys in force on a day, its clause, and what the form prints."""
    return {
        "line": line.number,
        "limit": _limit(line, when),
        "keys": _keys(line, when),
        "clause": line.clause(when),
        "text": printed(line, when),
    }


def _limit(line: Line, when: date) -> str | None:
    """The cap in som, and the line's own numbers that it is multiplied by."""
    for word, _, ruling in line.ruled(when):
        if word == "cap":
            return " × ".join([write_som(Decimal(ruling.asks["at_most"])), *ruling.asks["times"]])
    return None


def _keys(line: Line, when: date) -> list[str]:
    """The keys beside the amount; those that the manual insists on are marked."""
    needed = {key for word, key, ruling in line.ruled(when) if word == "needs" and ruling.strength == "shall"}
    return [f"{name}*" if name in needed else name for name in line.keys]


def example(form: Form, when: date) -> str:
    """A file for this form with one line of each kind, to be filled in."""
    heading: dict[str, Any] = {
        "number": "S-NGO-12" if "number_contains" in form.conditions else "12",
        "date": "2026-11-25",
        "ngo": "sezim",
        "ngo_representative": "Б. Образцова",
        "iom_representative": "А. Примеров",
        "drafted_by": ["NGO Coordinator", "manager"],
    }
    values = {"period": {"from": "2026-12-01", "to": "2027-02-28"}, "contract_date": "2026-01-20"}
    heading.update({name: values[name] for name in form.heading})
    samples: dict[str, Any] = {
        "text": "...", "texts": ["..."], "whole": 1, "months": 1, "som": 100,
        "span": {"from": "2026-12-01", "to": "2027-02-28"},
        "course": {"profession": "seamstress", "provider": "Lyceum 12", "from": "2026-12-01", "to": "2027-02-28"},
    }  # fmt: skip
    lines: dict[str, Any] = {}
    for number, line in form.lines.items():
        if form.standing(number, when) is None:
            continue
        codes = {name: next(iter(key.codes)) for name, key in line.keys.items() if key.codes}
        keys = {name: codes.get(name, samples.get(key.kind, "...")) for name, key in line.keys.items()}
        lines[number] = keys if line.product else {"amount": 100, **keys}
    return document.write({**heading, "lines": lines})
