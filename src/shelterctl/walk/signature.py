"""The signature under an agreement: its questions, and how it is recorded once they are answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import UNFINISHED
from shelterctl.act.perform import NUMBERLESS, agreement_in, put_down, unsignable
from shelterctl.act.wording import worded
from shelterctl.core import signature as signatures
from shelterctl.core.agreement import judge
from shelterctl.core.finding import Finding, Outcome, Said, Severity, refused
from shelterctl.core.record import Facts
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence
from shelterctl.paper.agreement import drafted_before, lacking
from shelterctl.view.agreement import page
from shelterctl.walk.remark import remark
from shelterctl.walk.sitting import settled
from shelterctl.walk.step import Head, Step, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

TITLE = N_("File {id}: signature under agreement {number}")
HEAD = N_("As it stands on the paper")
RECORD = N_("record it as signed")
KEPT = N_("It is not recorded as signed yet; the answers are kept.")
BEFORE_SIGNING = N_("As IOM gave it; without one nothing is signed.")
REASON = N_("- {what}")
NOT_RECORDED = N_("It is not recorded as signed; her file is as it was.")
TO_SIGN = N_("When both have signed the paper, write that down.")

SIGNERS = {"ngo_name": "ngo_representative", "iom_name": "iom_representative"}
"""Whose name is offered for each signature."""

Judge = Callable[[Facts], list[Finding]]
Notice = tuple[Sentence, Mapping[str, object]]
"""A sentence that is said when the screen is gone, with its facts."""


RULED = ("language", "copies")
"""Asked where the form has a rule for it."""


def sign(
    here: Desk, id_: str, form: Track, facts: Facts, before: Facts, on: str | None = None, language: str | None = None
) -> Outcome:
    """Ask for what stands under the paper and record it; nothing is asked where it would be refused anyway.

    *facts* is the agreement as it will stand, *before* the draft whose place it takes, *on* the day where it was given,
    *language* that of the paper, where it was just printed.
    """
    her, _ = here.store.client(id_)
    closed = signatures.closed(form, before)
    if stops := (closed,) if closed else worded(here.shelf, unsignable(here, her, form, facts)):
        return Outcome(findings=stops)
    marked = drafted_before(here, her, form, before)
    reasons = lacking(here, her, form, before) if marked else ()
    reasons_said = [(REASON, {"what": remark(here, one)}) for one in reasons]
    doubts: Said = (*((one.message, one.facts) for one in marked), *reasons_said)
    answered = _asked(here, id_, form, facts, on, doubts)
    if answered is None:
        waits = f"{form.name}-signature" in (here.store.client(id_)[0].facts.get(UNFINISHED) or {})
        return Outcome(data={"id": her.id}, said=((KEPT if waits else NOT_RECORDED, {}),))
    told = ({"language": language} if language else {}) | _settled(form, facts) | answered
    numbered = {"number": told.pop("number")} if "number" in told else {}
    whole = signatures.signed(form, {**facts, **numbered}, {**told, "on": told.get("on") or here.today.isoformat()})
    her, held = here.store.client(id_)
    asked = agreement_in(here, her, form, whole, True)
    findings = worded(here.shelf, judge(asked))
    data = page(here, her, asked, words=True)
    if refused(findings):
        return Outcome(data=data, findings=findings)
    return put_down(here, her, held, whole, before, data, (*findings, *marked), asked)


def later(form: str, id_: str, number: str | None = None) -> Notice:
    """The notice of how an agreement is signed later; by its *number* where she has other drafts on the form."""
    which = f" --number {number}" if number else ""
    return waits(TO_SIGN, f"agreement {id_} --form {form}{which} --sign")


def _asked(here: Desk, id_: str, form: Track, facts: Facts, on: str | None, doubts: Said) -> dict[str, Any] | None:
    """The answers about a signature, asked for at the terminal once the *doubts* are said; None where it is left."""
    table = Table(here, id_)
    answers = Unfinished(table, f"{form.name}-signature", {"on": on} if on else {})
    judged = partial(_judged, table, form, facts)
    command = f"agreement {id_} --form {form.name} --sign"
    going = Walk(here, command, lambda: list(_steps(table, answers, form, facts, judged)), table.refresh)
    opening: Said = ((TITLE, {"number": facts.get("number") or NUMBERLESS, "id": id_}), *doubts)
    stops = partial(_stops, judged, answers)
    kept: Said = ((KEPT, {}),)
    ended = settled(going, opening, kept, (RECORD, {}), answers, over=True, stops=stops)
    return None if ended else answers.facts


def _stops(judged: Judge, answers: Unfinished) -> list[Finding]:
    return [one for one in judged(answers.facts) if one.severity is Severity.REFUSE]


def _steps(table: Table, answers: Unfinished, form: Track, facts: Facts, judged: Judge) -> Iterator[Step]:
    head: Head = (HEAD, {})
    prepared = facts.get(signatures.TO_SIGN) or {}
    offers = {"on": screen.shown(table.here.today)}
    offers |= {name: str(prepared.get(name) or facts.get(hers) or "") for name, hers in SIGNERS.items()}
    asked_for = {**signatures.asked_for(form, facts), **prepared}
    if not facts.get("number"):
        put = partial(_put, answers, "number", judged)
        number = replace(table.question("agreement.number"), hint=BEFORE_SIGNING)
        yield Step("number", number, answers.at("number"), put, head)
    settled = _settled(form, facts)
    for name in (*offers, *(name for name in RULED if signatures.ruled(form, name) and name not in settled)):
        put, question = partial(_put, answers, name, judged), table.question(f"agreement.signed.{name}")
        if allowed := signatures.languages(form, facts) if name == "language" else ():
            question = replace(question, choices={code: question.choices[code] for code in allowed}, open=False)
        offer = offers.get(name) or (question.shown(asked_for[name], screen.spoken()) if name in asked_for else "")
        yield Step(name, question, answers.at(name), put, head, offer=offer)


def _settled(form: Track, facts: Facts) -> dict[str, Any]:
    """What needs no question: the one language in which the form may be signed, unless another was prepared."""
    allowed = signatures.languages(form, facts)
    prepared = (facts.get(signatures.TO_SIGN) or {}).get("language")
    return {"language": allowed[0]} if len(allowed) == 1 and prepared in (None, allowed[0]) else {}


def _put(answers: Unfinished, name: str, judged: Judge, value: Any) -> tuple[Finding, ...]:
    """Keep one answer, unless the form has another rule for it."""
    told = answers.with_((name,), value)
    here = [one for one in judged(told) if one.where in (f"/signed/{name}", f"/{name}")] if value is not None else []
    found = tuple(one for one in here if one.severity is Severity.REFUSE)
    if not found:
        answers.keep(told)
        notes = [remark(answers.table.here, one) for one in here if one.severity is Severity.WARN]
        screen.write(notes, indent="  ! ")
    return found


def _judged(table: Table, form: Track, facts: Facts, told: Facts) -> list[Finding]:
    """What is found of the agreement with this signature."""
    number = {"number": told["number"]} if told.get("number") else {}
    signed = signatures.signed(form, {**facts, **number}, {"on": table.here.today.isoformat(), **told})
    return list(worded(table.here.shelf, judge(agreement_in(table.here, table.client, form, signed, True))))
