"""The questions of a signature: the day, the two names, and language and copies where the form asks for them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.agreed import setting_in
from shelterctl.core import agreement as rules
from shelterctl.core.finding import Finding, Said, Severity
from shelterctl.core.form import Form
from shelterctl.core.record import Facts
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.walk.step import Head, Step, Walk, introduce
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

TITLE = N_("File {id}: signature under agreement {number}")
HEAD = N_("As it stands on the paper")
KEPT = N_("It is not recorded as signed yet. Go on with the same command.")

SIGNERS = {"ngo_name": "ngo_representative", "iom_name": "iom_representative"}
"""Whose name is offered for each signature."""

Judge = Callable[[Facts], list[Finding]]

CONDITIONS = ("language", "copies")
"""Asked where the form has a condition of that name."""


def signature(here: Desk, id_: str, form: Form, facts: Facts, on: str | None) -> dict[str, Any]:
    """The signature as it is told at the terminal; *on* where the day was given."""
    table = Table(here, id_)
    answers = Unfinished(table, f"{form.name}-signature", {"on": on} if on else {})
    judged = partial(_refused, table, form, facts)
    going = Walk(here, lambda: list(_steps(table, answers, form, facts, judged)), table.refresh)
    kept: Said = ((KEPT, {}),)
    with going.kept(lambda: kept), screen.alone():
        screen.tell(TITLE, {"number": facts.get("number") or "-", "id": id_}, bold=True)
        introduce(f"agreement {id_} --form {form.name} --sign")
        going.part(lambda step: True)
    return answers.facts


def _steps(table: Table, answers: Unfinished, form: Form, facts: Facts, judged: Judge) -> Iterator[Step]:
    head: Head = (HEAD, {})
    offers = {"on": screen.shown(table.here.today)}
    offers |= {name: str(facts.get(hers) or "") for name, hers in SIGNERS.items()}
    for name in (*offers, *(name for name in CONDITIONS if name in form.conditions)):
        put = partial(_put, answers, name, judged)
        yield Step(
            name, table.question(f"agreement.signed.{name}"), answers.at(name), put, head, offer=offers.get(name, "")
        )


def _put(answers: Unfinished, name: str, judged: Judge, value: Any) -> tuple[Finding, ...]:
    """Keep one answer, unless the form has another rule for it."""
    told = answers.with_((name,), value)
    found = tuple(one for one in judged(told) if one.where == f"/signed/{name}") if value is not None else ()
    if not found:
        answers.keep(told)
    return found


def _refused(table: Table, form: Form, facts: Facts, told: Facts) -> list[Finding]:
    """What would refuse the agreement with this signature."""
    signed = rules.signed(facts, {"on": table.here.today.isoformat(), **told})
    setting = setting_in(table.here, table.client, form, signed, True)
    return [one for one in rules.judge(form, setting) if one.severity is Severity.REFUSE]
