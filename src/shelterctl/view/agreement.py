"""A financial form (pink, blue, …) and an agreement on it, as data.

It gives the lines, limits, keys and conditions of the form on a day, an example to fill in, and the content of one
agreement.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl.act import redaction
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.act import SIGN_ACT
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.rule import Rule, Ruling, Strength, Verb
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import (
    AMOUNT_KEY,
    Agreement,
    heading_rule_params,
    printed_line_text,
    tabulate_lines,
)
from shelterctl.core.record.client import Client
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.money import write_som
from shelterctl.document.writing import format_document
from shelterctl.language import LabelledCode, current_language
from shelterctl.session import Session
from shelterctl.ui_language import N_

FORM_COLUMNS = ("line", "limit", "keys", "clause", "text")

EXAMPLE_WORDS = {"profession": "seamstress", "provider": "Lyceum 12"}
"""Words for a field inside a group, by its name, in an example of a form."""

FORM_ON_DAY = N_("The {form}: lines, limits and clauses on {day}. Keys with * are required.")


def answer_form(session: Session, form: Track) -> Outcome:
    """Return the lines, limits, keys and clauses of the form that are in force today, and the conditions of the whole
    form.
    """
    when = session.computer_day
    standing = [line for number, line in form.parts.items() if form.standing(number, when)]
    rows = [form_line_row(line, when) for line in standing]
    conditions = list(_form_conditions(form, when))
    data = {"form": LabelledCode(form.name, form.text), "rows": rows, "conditions": conditions}
    return Outcome(data=data, columns=FORM_COLUMNS, said=((FORM_ON_DAY, {"form": form.text, "day": when}),))


def _form_conditions(form: Track, when: date) -> Iterator[dict[str, Any]]:
    """Yield the conditions of the whole agreement, each once, with its weight when the agreement is saved and when it
    is signed.
    """
    told = set()
    for rule in form.rules:
        ruling = rule.on(when)
        if ruling is None or rule.code is None or rule.code in told:
            continue
        told.add(rule.code)
        saved, signed = _condition_weights(rule, ruling)
        name = rule.code.rpartition("/")[2].replace("-", " ")
        yield {"condition": name, "saved": saved, "signed": signed, "clause": ruling.clause}


def _condition_weights(rule: Rule, ruling: Ruling[Verb]) -> tuple[str | None, str]:
    """Return the weight of a condition when an agreement is saved and when it is signed; None where it applies only to
    a signature.
    """
    weight = {Strength.SHOULD: "open", Strength.NOTE: "warn"}.get(ruling.strength, "refuse")
    if "signed" in rule.when:
        return None, weight
    return ("open" if rule.act == SIGN_ACT else weight), weight


def form_line_row(line: FormPart, when: date) -> dict[str, Any]:
    """Return one line of a form for a list: its limit and keys in force on a day, its clause, and the printed text."""
    return {
        "line": line.number,
        "limit": _line_limit(line, when),
        "keys": _line_keys(line, when),
        "clause": line.clause(when),
        "text": printed_line_text(line, when),
    }


def _line_limit(line: FormPart, when: date) -> str | None:
    """Return the limits in som, each with the fields of the line that multiply it, or None where the line has none."""
    found = []
    for rule in line.caps():
        ruling = rule.on(when) if rule.own is None else None
        if ruling and isinstance(ruling.params, Amount) and isinstance(ruling.params.at_most, int | str):
            times = [name for name, _, _ in ruling.params.multipliers]
            found.append(" × ".join([write_som(Decimal(ruling.params.at_most)), *times]))
    return ", ".join(dict.fromkeys(found)) or None


def _line_keys(line: FormPart, when: date) -> list[str]:
    """Return the keys of a line besides the amount; a key that the manual requires ends with ``*``."""
    needs = [(rule, ruling) for rule in line.rules if rule.verb == "needs" and (ruling := rule.on(when))]
    needed = {name for rule, ruling in needs if ruling.strength is Strength.SHALL for name in rule.names}
    asked = {name for name in needed if name in line.fields and not line.fields[name].asked_with}
    return [f"{name}*" if name in asked else name for name in line.fields if name != AMOUNT_KEY]


def form_example(form: Track, when: date) -> str:
    """Return an example file for this form, with one line of each kind in force on that day, to be filled in."""
    heading: dict[str, Any] = {
        "number": f"{heading_rule_params(form, 'is', 'number', when).get('contains', '')}-12".lstrip("-"),
        "date": "2026-11-25",
        "ngo": "sezim",
        "ngo_representative": "Б. Образцова",
        "iom_representative": "А. Примеров",
        "drafted_by": ["NGO Coordinator", "manager"],
    }
    heading = {name: value for name, value in heading.items() if name in form.fields}
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
        keys = {name: _sample_value(one, samples) for name, one in line.fields.items() if name != AMOUNT_KEY}
        lines[number] = keys if line.product else {AMOUNT_KEY: 100, **keys}
    return format_document({**heading, "lines": lines})


def _sample_value(one: Field, samples: Mapping[str, Any]) -> Any:
    """Return an example value of a field: its first code, or a sample of its kind, with samples for the fields inside
    it.
    """
    sample = next(iter(one.codes)) if one.codes else samples.get(one.kind, "...")
    if one.kind == "group":
        return {name: _sample_value(each, samples) for name, each in one.fields.items()}
    if one.fields and isinstance(sample, Mapping):
        inside = {name: EXAMPLE_WORDS.get(name, "...") for name in one.fields if name not in sample}
        sample = {**inside, **sample}
    return [sample] if one.several else sample


def agreement_as_data(
    session: Session, her: Client | None, asked: Agreement, *, words: bool, names: bool = False
) -> dict[str, Any]:
    """Return the agreement as data.

    The amount in words is left out where neither *words* nor JSON asks for it, because loading the words takes long.
    """
    facts = {name: value for name, value in asked.facts.items() if name != "lines"}
    total, in_words = asked.total, None
    if words or session.json:
        from shelterctl.form_notation import amount_in_words  # noqa: PLC0415 - takes as long to import as typer

        in_words = amount_in_words(total, "en" if session.json else current_language())
    return {
        **({"id": her.id} if her else {}),
        "form": LabelledCode(asked.form.name, asked.form.text),
        "number": facts.get("number"),
        "agreement": redaction.redact_agreement(session.rulebook, asked.facts, names=names),
        "lines": list(tabulate_lines(asked)),
        "total": total,
        "words": in_words,
    }
