"""Financial agreements: reading and summing their lines, checking them against the manual's limits, drafts and
signatures.

A line is an amount of the form with the keys that the form asks for. What cannot be read in a line is reported under
the clause of that line. A draft keeps the details of its signing apart; a signed agreement cannot be changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from difflib import get_close_matches
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import SIGN_ACT
from shelterctl.core.manual.field import SPAN_ENDS, Field, describe_field_kind
from shelterctl.core.manual.rule import latest_clause
from shelterctl.core.manual.track import FormPart, Track, numbered_limit
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry, line_product, read_entry, with_computed
from shelterctl.core.rules.compiled import rules_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.judgement import judge_code_validity, judge_entry, judge_rules
from shelterctl.core.rules.verbs.amounts import BoundAmount, monthly_share, round_amount
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.ui_language import N_

LINE_IS_NO_MAPPING = N_("Line {line} takes an amount and the keys of its form, indented below it ({clause}).")
LINE_KEY_UNKNOWN = N_("Line {line} has a key that the form does not know ({clause}). Known keys: {known}.")
LINE_KEY_NEARLY_KNOWN = N_("Line {line} has a key that the form does not know ({clause}). Did you mean {near}?")
LINE_VALUE_UNREADABLE = N_("{key} of line {line} cannot be read as {kind} ({clause}). Correct it.")
LINE_PERIOD_UNREADABLE = N_(
    "{key} of line {line} must be a period: a first day, the same or a later last day, and {beside} as text "
    "({clause}). Correct it."
)
LINE_AMOUNT_UNREADABLE = N_(
    "The amount of line {line} must be more than zero, {in_currency}, with no more decimals than the currency has, "
    "such as 750 ({clause})."
)
LINE_AMOUNT_MISSING = N_("Line {line} has no amount ({clause}).")
LINE_AMOUNT_MISSING_IN_FILE = N_("Write the amount, or take the line out.")
LINE_SUMS_DISAGREE = N_(
    "Line {line} says {amount} {currency}, but {product} make {computed} ({clause}). "
    "Correct one of them, or leave the amount out."
)

AMOUNT_KEY = "amount"


def read_line(
    part: FormPart, written: object, day: date, whole: Entry | None
) -> tuple[Entry | None, tuple[Finding, ...]]:
    """Return one line with its amount and keys, and findings for what cannot be read, under the line's own clause."""
    where, clause = f"/lines/{part.number}", part.clause(day)
    say = _LineRefusal(part.number, clause)
    if not isinstance(written, Mapping):
        return None, (say("line", LINE_IS_NO_MAPPING, where),)
    found = list(_refuse_unknown_keys(part, written, say))
    line = read_entry(part, written, where, whole)
    broken = [name for name in line.malformed if name != AMOUNT_KEY and "." not in name]
    found += (_refuse_value(name, part.fields[name], f"{where}/{name}", say) for name in broken)
    computed = line_product(line)
    if written.get(AMOUNT_KEY) is None:
        if computed is None and not found:
            found.append(replace(say("no-amount", LINE_AMOUNT_MISSING, where), in_file=LINE_AMOUNT_MISSING_IN_FILE))
        return (line if computed is None else with_computed(line, amount=computed)), tuple(found)
    amount = line.values.get(AMOUNT_KEY)
    place = f"{where}/{AMOUNT_KEY}"
    if amount is None:
        found.append(say("bad-amount", LINE_AMOUNT_UNREADABLE, place))
    elif computed is not None and computed != amount:
        facts = {"product": " × ".join(part.product), "amount": amount, "computed": computed}
        found.append(say("sums-disagree", LINE_SUMS_DISAGREE, place, **facts))
        line = replace(line, contradicted=(AMOUNT_KEY,))
    return line, tuple(found)


def line_number(line: Entry) -> str:
    """Return the number of a line, as the form prints it."""
    return line.definition.number if isinstance(line.definition, FormPart) else ""


def _refuse_value(name: str, one: Field, where: str, say: "_LineRefusal") -> Finding:
    """Return the finding for a value that cannot be read; for a period with further keys it names these too."""
    beside = [each for each in one.fields if each not in SPAN_ENDS]
    facts: dict[str, Any] = {"key": name, "kind": describe_field_kind(one), **({"beside": beside} if beside else {})}
    return say("bad-value", LINE_PERIOD_UNREADABLE if beside else LINE_VALUE_UNREADABLE, where, **facts)


def _refuse_unknown_keys(part: FormPart, written: Mapping[str, Any], say: "_LineRefusal") -> Iterator[Finding]:
    known, place = list(part.fields), f"/lines/{part.number}"
    for name in (name for name in written if name not in known):
        near = get_close_matches(name, known, 1)
        sentence = LINE_KEY_NEARLY_KNOWN if near else LINE_KEY_UNKNOWN
        yield say("unknown-key", sentence, place, at=f"{place}/{name}", known=known, near=near)


@immutable
class _LineRefusal:
    """A maker of findings for one line, always under its own clause."""

    line: str
    clause: str

    def __call__(self, code: str, message: str, where: str, at: str | None = None, **facts: object) -> Finding:
        named = {"line": self.line, "clause": self.clause, **facts}
        return Finding(code=f"agreement/{code}", message=message, where=where, at=at, clause=self.clause, facts=named)


LINE_NOT_ON_FORM = N_("The {form} has no such line ({clause}). Its lines are {lines}. Move the amount, or take it out.")

AGREEMENT_WRITE_ACT = "agreement"
"""The act that saves an agreement."""


@immutable(eq=True)
class Agreement:
    """One agreement, draft or signed, with its lines read, its context and the findings of unreadable lines."""

    form: Track
    entry: Entry
    context: Context
    malformed: tuple[Finding, ...] = ()

    @property
    def facts(self) -> Facts:
        """The written values of the agreement."""
        return self.entry.written

    @property
    def day(self) -> date:
        """The agreement's own date, which decides which rules are in force."""
        return self.context.day

    @property
    def lines(self) -> tuple[Entry, ...]:
        """Its lines, in the order of the form."""
        return self.entry.parts

    @property
    def total(self) -> Decimal:
        """The sum of its lines, in som."""
        return sum((line.values[AMOUNT_KEY] for line in self.lines if AMOUNT_KEY in line.values), ZERO_SOM)


def read_agreement(form: Track, facts: Facts, *, signing: bool | None = None, **context: Any) -> Agreement:
    """Return the agreement with every line read; *context* has what is known around it: client, stay, registers, today.

    *signing* says whether it is being signed; by default it is if the agreement has a signature.
    """
    day = read_day(facts["date"])
    if day is None:
        raise ValueError("the schema vouches for the date")
    whole = read_entry(form, facts)
    found: list[Finding] = []
    lines: list[Entry] = []
    for number in form.parts:  # in the order of the form, not of typing
        part = form.standing(number, day) if number in (facts.get("lines") or {}) else None
        if part is not None:
            line, wrong = read_line(part, facts["lines"][number], day, whole)
            found += wrong
            lines += [line] if line else []
    signs = "signed" in facts if signing is None else signing
    acts = frozenset({AGREEMENT_WRITE_ACT, *([SIGN_ACT] if signs else [])})
    stands = Context(day=day, acts=acts, **context)
    return Agreement(form, replace(whole, parts=tuple(lines)), stands, tuple(found))


def sum_agreement(forms: Mapping[str, Track], facts: Facts) -> Decimal | None:
    """Return the sum of an agreement, in som; None where its form or one of its lines is not in *forms*."""
    form = forms.get(facts["form"])
    if form is None or (facts.get("lines") or {}).keys() - form.parts.keys():
        return None
    return read_agreement(form, facts).total


def judge_agreement(agreement: Agreement) -> tuple[Finding, ...]:
    """Return all findings of an agreement by its form, as of the agreement's own day."""
    return (
        *_judge_line_numbers(agreement),
        *agreement.malformed,
        *(found for line in agreement.lines for found in _judge_line(line, agreement.context)),
        *judge_entry(agreement.entry, agreement.context),
    )


def _judge_line(line: Entry, context: Context) -> Iterator[Finding]:
    """Yield the findings of a line by its rules, without rules on fields that cannot be read."""
    rules = line.definition.rules if isinstance(line.definition, FormPart) else ()
    broken = {name.partition(".")[0] for name in line.malformed}
    yield from judge_code_validity(line, context)
    sound = [rule for rule in rules if not broken & {name.partition(".")[0] for name in rule.names}]
    yield from judge_rules(sound, line, context)


def _judge_line_numbers(agreement: Agreement) -> Iterator[Finding]:
    form, day = agreement.form, agreement.day
    for number in agreement.facts.get("lines") or {}:
        if form.standing(number, day):
            continue
        known = form.parts.get(number)
        clause = (latest_clause(known.standing, day) if known else None) or form.unlisted
        standing = [name for name in form.parts if form.standing(name, day)]
        yield Finding(
            code="agreement/unknown-line",
            message=LINE_NOT_ON_FORM,
            where="/lines",
            at=f"/lines/{number}",
            clause=clause,
            facts={"form": form.text, "lines": standing, "clause": clause},
        )


def read_other_agreements(client: Client, forms: Mapping[str, Track], besides: Facts) -> tuple[Entry, ...]:
    """Return her live agreements other than this one, including drafts and terminated ones."""
    return tuple(
        read_agreement(forms[facts["form"]], facts).entry
        for facts in client.agreements
        if facts["form"] in forms and facts is not besides and ("id" not in facts or facts["id"] != besides.get("id"))
    )


def cap_and_remainder(line: Entry, context: Context) -> tuple[Decimal, Decimal] | None:
    """Return a line's limit and what her other agreements leave of it, in som; None where there is no limit yet."""
    for cap in _caps_in_force(line, context):
        most = cap.read_limit(line, context)
        if not most:
            continue
        others = cap.reach.find(line, context)
        if cap.each:
            return most, _remainder_of_months(cap, line, others, context)
        together = sum((other.values[AMOUNT_KEY] for other in others if AMOUNT_KEY in other.values), ZERO_SOM)
        counted = others if cap.multipliers else []
        theirs = sum((cap.read_limit(other, context) or 0 for other in counted), ZERO_SOM)
        return most, max(min(most, most + theirs - together), ZERO_SOM)
    return None


def _caps_in_force(line: Entry, context: Context) -> Iterator[BoundAmount]:
    """Return the limits of a line's amount that are in force."""
    caps = tuple(line.definition.caps()) if isinstance(line.definition, FormPart) else ()
    checks = (each.check for each in rules_in_force(caps, line, context))
    return (check for check in checks if isinstance(check, BoundAmount))


def _remainder_of_months(cap: BoundAmount, line: Entry, others: list[Entry], context: Context) -> Decimal:
    """Return what her other agreements leave of a monthly limit; a number of months may be any months."""
    theirs, months = cap.sum_by_month(others, context), cap.read_months(line, context)
    one = monthly_share(cap.limits["at_most"](line, context), 1)
    left = [max(one - theirs.get(month, 0), one * 0) for month in cap.find_paid_months(line, context)]
    return round_amount(min([*left, one]) * (len(months) if isinstance(months, tuple) else months or 0), ROUND_DOWN)


def tabulate_lines(agreement: Agreement) -> Iterator[dict[str, object]]:
    """Yield the agreement's lines as the form prints them, each with its amount and its limit, if any."""
    for line in agreement.lines:
        if isinstance(line.definition, FormPart):
            cap = next(_caps_in_force(line, agreement.context), None)
            yield {
                "line": line.definition.number,
                "amount": line.values.get(AMOUNT_KEY),
                "cap": (cap.read_limit(line, agreement.context) or None) if cap else None,
                "clause": line.definition.clause(agreement.day),
                "text": printed_line_text(line.definition, agreement.day),
            }


def printed_line_text(part: FormPart, day: date) -> Text:
    """Return the line's text as the form prints it on *day*, with the limits in force; a repealed limit is a dash.

    Of two rules with the same number a text that names the second by itself, as in ``{at_most_2}``, has each in its
    place; any other text has both in the place of the first.
    """
    limits = part.limits(day)
    return {language: _fill_limits(text, limits) for language, text in part.text.items()}


NO_LIMIT = "—"


def _fill_limits(text: str, limits: Mapping[str, Sequence[int | None]]) -> str:
    filled: dict[str, str] = {}
    for name, found in limits.items():
        numbered = {numbered_limit(name, at): NO_LIMIT if one is None else str(one) for at, one in enumerate(found)}
        one_by_one = any(f"{{{each}}}" in text for each in [*numbered][1:])
        together = ", ".join(dict.fromkeys(str(one) for one in found if one is not None)) or NO_LIMIT
        filled |= numbered if one_by_one else {name: together}
    return text.format_map(defaultdict(lambda: NO_LIMIT, filled))


AGREEMENT_SIGNED = N_(
    "The agreement was signed on {on} and cannot be changed ({clause}). Void it, or draw up a new one."
)
DRAFT_HAS_SIGNING_DAY = N_("A draft has no day of signing ({clause}). If it is signed, say so with --sign.")
DRAFT_HAS_SIGNING_DAY_IN_FILE = N_(
    "If it is not signed, leave out on in signed; the rest of signed is kept until it is."
)

TO_SIGN_KEY = "to_sign"
"""The key under which a draft keeps the details of its signing: names, language and copies, but no day."""


def find_draft(client: Client, form: str, number: str | None, stay: str | None) -> Facts | None:
    """Return the agreement that a new one replaces: that with its number, or without one the draft of form and stay."""
    for facts in client.agreements:
        same = facts["form"] == form and facts.get("number") == number and "terminated" not in facts
        if same and (number is not None or (facts.get("stay") == stay and "signed" not in facts)):
            return facts
    return None


def refuse_signed_agreement(form: Track, facts: Facts) -> Finding | None:
    """Return the refusal to change a signed agreement; None if it is not signed."""
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
    """Return the refusal of a day of signing in a draft; None if it has none."""
    if not (facts.get("signed") or {}).get("on"):
        return None
    return Finding(
        code="agreement/not-a-draft",
        message=DRAFT_HAS_SIGNING_DAY,
        in_file=DRAFT_HAS_SIGNING_DAY_IN_FILE,
        where="/signed/on",
        clause=form.clause,
        facts={"clause": form.clause},
    )


def as_draft(facts: Facts) -> dict[str, Any]:
    """Return the agreement as a draft, with the details of its signing kept apart."""
    own = {name: value for name, value in facts.items() if name not in ("signed", TO_SIGN_KEY)}
    prepared = {**(facts.get(TO_SIGN_KEY) or {}), **(facts.get("signed") or {})}
    return {**own, **({TO_SIGN_KEY: prepared} if prepared else {})}


def add_signature(form: Track, facts: Facts, signature: Facts) -> dict[str, Any]:
    """Return the agreement with its signature.

    Details that *signature* lacks come from the draft; else the names are those of the two representatives, and
    language and copies are those that the form requires.
    """
    named = {"ngo_name": facts.get("ngo_representative"), "iom_name": facts.get("iom_representative")}
    known = {**named, **signature_defaults(form, facts), **(facts.get(TO_SIGN_KEY) or {})}
    own = {name: value for name, value in facts.items() if name != TO_SIGN_KEY}
    return {**own, "signed": {**{name: value for name, value in known.items() if value}, **signature}}


def signing_languages(form: Track, facts: Facts) -> Sequence[str]:
    """Return the languages in which the form may be signed on the agreement's day; empty where any may be."""
    day = read_day(facts.get("date")) or date.max
    return tuple(heading_rule_params(form, "is", "signed.language", day).get("codes") or ())


def signature_defaults(form: Track, facts: Facts) -> dict[str, Any]:
    """Return the details of a signature that the form fixes: a single language, and the number of copies."""
    allowed, day = signing_languages(form, facts), read_day(facts.get("date")) or date.max
    copies = heading_rule_params(form, "amount", "signed.copies", day).get("exactly")
    found = {"language": allowed[0] if len(allowed) == 1 else None, "copies": copies}
    return {name: value for name, value in found.items() if value is not None}


def heading_rule_params(form: Track, verb: str, name: str, day: date) -> Mapping[str, Any]:
    """Return the parameters of the form's rule with *verb* on a field on *day*; empty where there is none."""
    for rule in form.rules:
        if rule.verb == verb and rule.names == (name,) and (ruling := rule.on(day)):
            return ruling.params.facts
    return {}


def has_signature_rule(form: Track, name: str) -> bool:
    """Return whether the form has a rule for a field of its signature."""
    return any(f"signed.{name}" in rule.names for rule in form.rules)


def is_for_stay(form: Track) -> bool:
    """Return whether the form can be signed only for a stay."""
    return any(rule.verb == "needs" and "stay" in rule.names for rule in form.rules)
