"""A form as it lies on the shelf: its lines, limits and conditions shown, and an example to fill in."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl import document
from shelterctl.core.agreement import SIGNS, printed
from shelterctl.core.field import Field
from shelterctl.core.finding import Outcome
from shelterctl.core.line import AMOUNT
from shelterctl.core.measure import multipliers
from shelterctl.core.money import write_som
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling, Strength
from shelterctl.core.signature import asks
from shelterctl.core.track import Part, Track
from shelterctl.desk import Desk
from shelterctl.language import N_, Coded

COLUMNS = ("line", "limit", "keys", "clause", "text")

EXAMPLES = {"profession": "seamstress", "provider": "Lyceum 12"}
"""Words that an example has inside a field."""

FORM = N_("The {form}: its lines, limits and clauses on {day}. Keys with * must be there.")


def shown(here: Desk, form: Track) -> Outcome:
    """The form's lines, limits, keys and clauses in force, and the conditions of the whole."""
    when = here.day
    standing = [line for number, line in form.parts.items() if form.standing(number, when)]
    rows = [row(line, when) for line in standing]
    conditions = list(_conditions(form, when))
    data = {"form": Coded(form.name, form.text), "rows": rows, "conditions": conditions}
    return Outcome(data=data, columns=COLUMNS, said=((FORM, {"form": form.text, "day": when}),))


def _conditions(form: Track, when: date) -> Iterator[dict[str, Any]]:
    """What the form asks of the whole agreement, each once: how heavy it is when saved and when signed."""
    told = set()
    for rule in form.rules:
        ruling = rule.on(when)
        if ruling is None or rule.code is None or rule.code in told:
            continue
        told.add(rule.code)
        saved, signed = _weights(rule, ruling)
        name = rule.code.rpartition("/")[2].replace("-", " ")
        yield {"condition": name, "saved": saved, "signed": signed, "clause": ruling.clause}


def _weights(rule: Rule, ruling: Ruling) -> tuple[str | None, str]:
    """How heavy it is when an agreement is saved, and when it is signed; nothing where only a signature is asked."""
    weight = {Strength.SHALL: "refuse", Strength.SHOULD: "open", Strength.NOTE: "warn"}[ruling.strength]
    if "signed" in rule.when:
        return None, weight
    return ("open" if rule.act == SIGNS else weight), weight


def row(line: Part, when: date) -> dict[str, Any]:
    """A line as it is listed: its limit and keys in force on a day, its clause, and what the form prints."""
    return {
        "line": line.number,
        "limit": _limit(line, when),
        "keys": _keys(line, when),
        "clause": line.clause(when),
        "text": printed(line, when),
    }


def _limit(line: Part, when: date) -> str | None:
    """The cap in som, and the line's own numbers that it is multiplied by."""
    for rule in line.caps():
        if ruling := rule.on(when):
            times = [name for name, _, _ in multipliers(ruling)]
            return " × ".join([write_som(Decimal(ruling.asks["at_most"])), *times])
    return None


def _keys(line: Part, when: date) -> list[str]:
    """The keys beside the amount; those that the manual insists on are marked."""
    needs = [(rule, ruling) for rule in line.rules if rule.verb == "needs" and (ruling := rule.on(when))]
    needed = {name for rule, ruling in needs if ruling.strength is Strength.SHALL for name in rule.names}
    asked = {name for name in needed if name in line.fields and not line.fields[name].asked_with}
    return [f"{name}*" if name in asked else name for name in line.fields if name != AMOUNT]


def example(form: Track, when: date) -> str:
    """A file for this form with one line of each kind, to be filled in."""
    heading: dict[str, Any] = {
        "number": f"{asks(form, 'is', 'number', when).get('contains', '')}-12".lstrip("-"),
        "date": "2026-11-25",
        "ngo": "sezim",
        "ngo_representative": "Б. Образцова",
        "iom_representative": "А. Примеров",
        "drafted_by": ["NGO Coordinator", "manager"],
    }
    values = {"period": {"from": "2026-12-01", "to": "2027-02-28"}, "contract_date": "2026-01-20"}
    heading.update({name: values[name] for name in form.own if name in values})
    samples: dict[str, Any] = {
        "text": "...", "whole": 1, "months": 1, "som": 100, "yes_no": True, "day": "2026-12-01",
        "span": {"from": "2026-12-01", "to": "2027-02-28"},
    }  # fmt: skip
    lines: dict[str, Any] = {}
    for number, line in form.parts.items():
        if form.standing(number, when) is None:
            continue
        keys = {name: _sample(one, samples) for name, one in line.fields.items() if name != AMOUNT}
        lines[number] = keys if line.product else {AMOUNT: 100, **keys}
    return document.write({**heading, "lines": lines})


def _sample(one: Field, samples: Mapping[str, Any]) -> Any:
    """What may stand at a field: its first code, else an example of its kind with whatever stands inside."""
    sample = next(iter(one.codes)) if one.codes else samples.get(one.kind, "...")
    if one.fields and isinstance(sample, Mapping):
        inside = {name: EXAMPLES.get(name, "...") for name in one.fields if name not in sample}
        sample = {**inside, **sample}
    return [sample] if one.several else sample
