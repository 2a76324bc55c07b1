"""What makes a draft of an agreement a signed one: which draft is meant, what a signature says, what forbids it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.ui_language import N_

AGREEMENT_SIGNED = N_(
    "The agreement was signed on {on} and cannot be changed ({clause}). Void it, or draw up a new one."
)
DRAFT_HAS_SIGNING_DAY = N_("A draft has no day of signing ({clause}). If it is signed, say so with --sign.")
DRAFT_HAS_SIGNING_DAY_IN_FILE = N_("If not, leave signed, on out; the rest of signed is kept for the signature.")

TO_SIGN_KEY = "to_sign"
"""Where a draft keeps how it is to be signed: names, language and copies, and no day."""


def find_draft(client: Client, form: str, number: str | None, stay: str | None) -> Facts | None:
    """The agreement that a new one takes the place of: the same number, or without one the draft of form and stay."""
    for facts in client.agreements:
        same = facts["form"] == form and facts.get("number") == number and "terminated" not in facts
        if same and (number is not None or (facts.get("stay") == stay and "signed" not in facts)):
            return facts
    return None


def refuse_signed_agreement(form: Track, facts: Facts) -> Finding | None:
    """A signed agreement cannot be touched any more."""
    if "signed" not in facts:
        return None
    return Finding(
        code="agreement/signed",
        message=AGREEMENT_SIGNED,
        where="/number",
        clause=form.clause,
        facts={"on": facts["signed"]["on"], "clause": form.clause},
    )


def refuse_signing_day(form: Track, facts: Facts) -> Finding | None:
    """A day of signing says that it is signed, and a draft is not."""
    if not (facts.get("signed") or {}).get("on"):
        return None
    facts = {"clause": form.clause}
    found = Finding(code="agreement/not-a-draft", message=DRAFT_HAS_SIGNING_DAY, where="/signed/on", clause=form.clause)
    return replace(found, in_file=DRAFT_HAS_SIGNING_DAY_IN_FILE, facts=facts)


def as_draft(facts: Facts) -> dict[str, Any]:
    """The agreement as a draft: how it is to be signed is kept apart, so that nobody takes it for signed."""
    own = {name: value for name, value in facts.items() if name not in ("signed", TO_SIGN_KEY)}
    prepared = {**(facts.get(TO_SIGN_KEY) or {}), **(facts.get("signed") or {})}
    return {**own, **({TO_SIGN_KEY: prepared} if prepared else {})}


def add_signature(form: Track, facts: Facts, signature: Facts) -> dict[str, Any]:
    """The agreement with its signature.

    What is not told stands as it was prepared in the draft; else names are those of the two representatives, language
    and copies those that the form asks for.
    """
    named = {"ngo_name": facts.get("ngo_representative"), "iom_name": facts.get("iom_representative")}
    known = {**named, **signature_defaults(form, facts), **(facts.get(TO_SIGN_KEY) or {})}
    own = {name: value for name, value in facts.items() if name != TO_SIGN_KEY}
    return {**own, "signed": {**{name: value for name, value in known.items() if value}, **signature}}


def signing_languages(form: Track, facts: Facts) -> Sequence[str]:
    """The languages in which the form may be signed on the agreement's day; none where it may be any."""
    return tuple(
        heading_rule_params(form, "is", "signed.language", read_day(facts.get("date")) or date.max).get("codes") or ()
    )


def signature_defaults(form: Track, facts: Facts) -> dict[str, Any]:
    """What of a signature the form itself settles: the one language, and the number of copies."""
    allowed = signing_languages(form, facts)
    copies = heading_rule_params(form, "amount", "signed.copies", read_day(facts.get("date")) or date.max).get(
        "exactly"
    )
    return {
        **({"language": allowed[0]} if len(allowed) == 1 else {}),
        **({"copies": copies} if copies is not None else {}),
    }


def heading_rule_params(form: Track, verb: str, name: str, day: date) -> Mapping[str, Any]:
    """What a rule of the form asks of a field of its heading on *day*; nothing where it has none."""
    for rule in form.rules:
        if rule.verb == verb and rule.names == (name,) and (ruling := rule.on(day)):
            return ruling.asks
    return {}


def has_signature_rule(form: Track, name: str) -> bool:
    """Whether the form has a rule for something of its signature."""
    return any(f"signed.{name}" in rule.names for rule in form.rules)


def is_for_stay(form: Track) -> bool:
    """Whether the form is signed for a stay only."""
    return any(rule.verb == "needs" and "stay" in rule.names for rule in form.rules)
