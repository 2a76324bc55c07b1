"""Financial agreements against the rules of their form."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl.core import condition, line, together
from shelterctl.core.asked import Agreement, Asked, read_agreement
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding
from shelterctl.core.form import Form, Line
from shelterctl.core.record import Client, Facts
from shelterctl.core.ruling import in_force, latest_clause
from shelterctl.core.setting import Setting
from shelterctl.language import N_, Text

UNKNOWN_LINE = N_("The {form} has no such line ({clause}). Its lines are {lines}. Move the amount, or take it out.")
SIGNED = N_("The agreement was signed on {on} and cannot be changed ({clause}). Void it, or draw up a new one.")
ONLY_SIGNED = N_("A draft has no day of signing ({clause}). If it is signed, say so with --sign.")
ONLY_SIGNED_IN_FILE = N_("If not, leave signed, on out; the rest of signed is kept for the signature.")

TO_SIGN = "to_sign"
"""Where a draft keeps how it is to be signed: names, language and copies, and no day."""

VOCABULARY = tuple(sorted({*line.WORDS, *together.WORDS}))
"""Every word that a line of a form may use."""


def judge(form: Form, setting: Setting) -> tuple[Finding, ...]:
    """Everything in which the agreement and its form disagree on the agreement's own day."""
    agreement = setting.agreement
    return (
        *_unlisted(form, agreement),
        *agreement.malformed,
        *(found for asked in agreement.lines for found in _words(asked, setting)),
        *condition.judged(form.conditions, setting),
    )


def _words(asked: Asked, setting: Setting) -> Iterator[Finding]:
    broken = {finding.where for finding in setting.agreement.malformed}
    for word, key, ruling in asked.line.ruled(setting.day):
        for vocabulary in (line.WORDS, together.WORDS):
            if word in vocabulary and f"{asked.where}/{key}" not in broken:
                yield from vocabulary[word](asked, key, ruling, setting)


def _unlisted(form: Form, agreement: Agreement) -> Iterator[Finding]:
    for number in agreement.facts.get("lines") or {}:
        if form.standing(number, agreement.day):
            continue
        known = form.lines.get(number)
        clause = (latest_clause(known.standing, agreement.day) if known else None) or form.unlisted
        standing = [name for name in form.lines if form.standing(name, agreement.day)]
        yield Finding(
            code="agreement/unknown-line",
            message=UNKNOWN_LINE,
            where="/lines",
            at=f"/lines/{number}",
            clause=clause,
            facts={"form": form.title, "lines": standing, "clause": clause},
        )


def setting_of(form: Form, facts: Facts, others: tuple[Agreement, ...], **around: Any) -> Setting:
    """The setting of the agreement in *facts*, with *around* it whatever else is known: client, stay, ngos, today."""
    agreement = read_agreement(facts, form)
    return Setting(agreement, form.title, form.advice, others=others, **around)


def others_of(client: Client, forms: Mapping[str, Form], besides: str | None) -> tuple[Agreement, ...]:
    """Her live agreements, drafts and terminated ones among them, besides the one with this id."""
    return tuple(
        read_agreement(facts, forms[facts["form"]])
        for facts in client.agreements
        if facts["id"] != besides and facts["form"] in forms
    )


def draft(client: Client, form: str, number: str | None, stay: str | None) -> Facts | None:
    """The agreement that a new one takes the place of: the same number, or without one the draft of form and stay."""
    for facts in client.agreements:
        same = facts["form"] == form and facts.get("number") == number and "terminated" not in facts
        if same and (number is not None or (facts.get("stay") == stay and "signed" not in facts)):
            return facts
    return None


def closed(form: Form, facts: Facts) -> Finding | None:
    """A signed agreement cannot be touched any more."""
    if "signed" not in facts:
        return None
    return Finding(
        code="agreement/signed",
        message=SIGNED,
        where="/number",
        clause=form.clause,
        facts={"on": facts["signed"]["on"], "clause": form.clause},
    )


def table(agreement: Agreement) -> Iterator[dict[str, object]]:
    """The agreement's lines as the form prints them, each with its amount and, where it has one, its cap."""
    for asked in agreement.lines:
        caps = [ruling for word, _, ruling in asked.line.ruled(agreement.day) if word == "cap"]
        counted = all(asked.count(name) for cap in caps for name in cap.asks["times"])
        most: Decimal | None = line.limit(asked, caps[0]) if caps and counted else None
        yield {
            "line": asked.line.number,
            "amount": asked.amount,
            "cap": most,
            "clause": asked.line.clause(agreement.day),
            "text": printed(asked.line, agreement.day),
        }


def printed(line_: Line, day: date) -> Text:
    """The line's text as the form prints it on *day*, with the limits in force; one that is repealed is a dash."""
    limits = defaultdict(lambda: "—", {name: str(value) for name, value in line_.limits(day).items()})
    return {language: text.format_map(limits) for language, text in line_.text.items()}


def undated(form: Form, facts: Facts) -> Finding | None:
    """A day of signing says that it is signed, and a draft is not."""
    if not (facts.get("signed") or {}).get("on"):
        return None
    facts = {"clause": form.clause}
    found = Finding(code="agreement/not-a-draft", message=ONLY_SIGNED, where="/signed/on", clause=form.clause)
    return replace(found, in_file=ONLY_SIGNED_IN_FILE, facts=facts)


def drafted(facts: Facts) -> dict[str, Any]:
    """The agreement as a draft: how it is to be signed is kept apart, so that nobody takes it for signed."""
    own = {name: value for name, value in facts.items() if name not in ("signed", TO_SIGN)}
    prepared = {**(facts.get(TO_SIGN) or {}), **(facts.get("signed") or {})}
    return {**own, **({TO_SIGN: prepared} if prepared else {})}


def signed(form: Form, facts: Facts, signature: Facts) -> dict[str, Any]:
    """The agreement with its signature.

    What is not told stands as it was prepared in the draft; else names are those of the two representatives, language
    and copies those that the form asks for.
    """
    named = {"ngo_name": facts.get("ngo_representative"), "iom_name": facts.get("iom_representative")}
    known = {**named, **asked_for(form, facts), **(facts.get(TO_SIGN) or {})}
    own = {name: value for name, value in facts.items() if name != TO_SIGN}
    return {**own, "signed": {**{name: value for name, value in known.items() if value}, **signature}}


def languages(form: Form, facts: Facts) -> Sequence[str]:
    """The languages in which the form may be signed on the agreement's day; none where it may be any."""
    ruling = in_force(form.conditions.get("language", ()), read_day(facts.get("date")) or date.max)
    return tuple(ruling.asks["codes"]) if ruling else ()


def asked_for(form: Form, facts: Facts) -> dict[str, Any]:
    """What of a signature the form itself settles: the one language, and the number of copies."""
    allowed = languages(form, facts)
    ruling = in_force(form.conditions.get("copies", ()), read_day(facts.get("date")) or date.max)
    return {
        **({"language": allowed[0]} if len(allowed) == 1 else {}),
        **({"copies": ruling.asks["exactly"]} if ruling else {}),
    }
