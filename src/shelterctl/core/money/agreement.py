"""A financial agreement: its lines read, added up and held against the caps of the manual; the draft and its signature.

A line is one amount of the form with the keys that the form asks for. What cannot be read in a line is reported
under the clause of that line. A draft keeps apart how it is to be signed, and takes no change once it is.
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
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry, line_product, read_entry, with_computed
from shelterctl.core.rules.compiled import rules_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.judgement import judge_code_validity, judge_entry, judge_rules
from shelterctl.core.rules.verbs.amounts import BoundAmount, monthly_share, round_to_tyiyn
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.ui_language import N_

LINE_IS_NO_MAPPING = N_("Line {line} takes an amount and the keys of its form, indented below it ({clause}).")
LINE_KEY_UNKNOWN = N_("Line {line} has a key that the form does not know ({clause}). Known are: {known}.")
LINE_KEY_NEARLY_KNOWN = N_("Line {line} has a key that the form does not know ({clause}). Did you mean {near}?")
LINE_VALUE_UNREADABLE = N_("{key} of line {line} cannot be read as {kind} ({clause}). Correct it.")
LINE_PERIOD_UNREADABLE = N_(
    "{key} of line {line} cannot be read as a period, from a date, to the same or a later date, with {beside} as text "
    "beside them ({clause}). Correct it."
)
LINE_AMOUNT_UNREADABLE = N_(
    "The amount of line {line} must be more than zero, in som, with at most two places: 750 or 750.50 ({clause})."
)
LINE_AMOUNT_MISSING = N_("Line {line} has no amount ({clause}).")
LINE_AMOUNT_MISSING_IN_FILE = N_("Write the amount, or take the line out.")
LINE_SUMS_DISAGREE = N_(
    "Line {line} says {amount} som, but {product} make {computed} ({clause}). "
    "Correct one of them, or leave the amount out."
)

AMOUNT_KEY = "amount"


def read_line(
    part: FormPart, written: object, day: date, whole: Entry | None
) -> tuple[Entry | None, tuple[Finding, ...]]:
    """One line's amount and keys; what cannot be read is said under the line's own clause."""
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
    """The number of a line, as the form prints it."""
    return line.definition.number if isinstance(line.definition, FormPart) else ""


def _refuse_value(name: str, one: Field, where: str, say: "_LineRefusal") -> Finding:
    """What a key wants that cannot be read; of a period that carries more, the names of that too."""
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
    """What is wrong with one line, always under its own clause."""

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
    """One agreement, draft or signed, with its lines read and everything that stands around it."""

    form: Track
    entry: Entry
    context: Context
    malformed: tuple[Finding, ...] = ()

    @property
    def facts(self) -> Facts:
        """What is written in it."""
        return self.entry.written

    @property
    def day(self) -> date:
        """The agreement's own date: it decides which rules are in force."""
        return self.context.day

    @property
    def lines(self) -> tuple[Entry, ...]:
        """Its lines, in the form's order."""
        return self.entry.parts

    @property
    def total(self) -> Decimal:
        """The sum of its lines, in som."""
        return sum((line.values[AMOUNT_KEY] for line in self.lines if AMOUNT_KEY in line.values), ZERO_SOM)


def read_agreement(form: Track, facts: Facts, *, signing: bool | None = None, **context: Any) -> Agreement:
    """The agreement with every line read; the *context* is whatever is known around it: client, stay, registers, today.

    *signing* says that it is being signed; else that is told by whether it is.
    """
    day = read_day(facts["date"])
    if day is None:
        raise ValueError("the schema vouches for the date")
    whole = read_entry(form, facts)
    found: list[Finding] = []
    lines: list[Entry] = []
    for number in form.parts:  # in the form's order, however they were typed
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
    """The sum of an agreement, in som; None where its form or a line of it is not one of *forms*."""
    form = forms.get(facts["form"])
    if form is None or (facts.get("lines") or {}).keys() - form.parts.keys():
        return None
    return read_agreement(form, facts).total


def judge_agreement(agreement: Agreement) -> tuple[Finding, ...]:
    """Everything in which the agreement and its form disagree on the agreement's own day."""
    return (
        *_judge_line_numbers(agreement),
        *agreement.malformed,
        *(found for line in agreement.lines for found in _judge_line(line, agreement.context)),
        *judge_entry(agreement.entry, agreement.context),
    )


def _judge_line(line: Entry, context: Context) -> Iterator[Finding]:
    """What breaks a line's rules; one whose field cannot be read has been told of that already."""
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
    """Her live agreements, drafts and terminated ones among them, besides this one, as it is saved or will be."""
    return tuple(
        read_agreement(forms[facts["form"]], facts).entry
        for facts in client.agreements
        if facts["form"] in forms and facts is not besides and ("id" not in facts or facts["id"] != besides.get("id"))
    )


def cap_and_remainder(line: Entry, context: Context) -> tuple[Decimal, Decimal] | None:
    """A line's cap and what her other agreements leave of it, in som; None where there is no cap, or not yet."""
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
    """The limits of a line's amount on the day."""
    caps = tuple(line.definition.caps()) if isinstance(line.definition, FormPart) else ()
    checks = (each.check for each in rules_in_force(caps, line, context))
    return (check for check in checks if isinstance(check, BoundAmount))


def _remainder_of_months(cap: BoundAmount, line: Entry, others: list[Entry], context: Context) -> Decimal:
    """What her other agreements leave of a cap that holds for each month; of a number of months as if of any."""
    theirs, months = cap.sum_by_month(others, context), cap.read_months(line, context)
    one = monthly_share(cap.limits["at_most"](line, context), 1)
    left = [max(one - theirs.get(month, 0), one * 0) for month in cap.find_paid_months(line, context)]
    return round_to_tyiyn(min([*left, one]) * (len(months) if isinstance(months, tuple) else months or 0), ROUND_DOWN)


def tabulate_lines(agreement: Agreement) -> Iterator[dict[str, object]]:
    """The agreement's lines as the form prints them, each with its amount and, where it has one, its cap."""
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
    """The line's text as the form prints it on *day*, with the limits in force; one that is repealed is a dash."""
    limits = defaultdict(lambda: "—", {name: str(value) for name, value in part.limits(day).items()})
    return {language: text.format_map(limits) for language, text in part.text.items()}


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
    return Finding(
        code="agreement/not-a-draft",
        message=DRAFT_HAS_SIGNING_DAY,
        in_file=DRAFT_HAS_SIGNING_DAY_IN_FILE,
        where="/signed/on",
        clause=form.clause,
        facts={"clause": form.clause},
    )


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
    day = read_day(facts.get("date")) or date.max
    return tuple(heading_rule_params(form, "is", "signed.language", day).get("codes") or ())


def signature_defaults(form: Track, facts: Facts) -> dict[str, Any]:
    """What of a signature the form itself settles: the one language, and the number of copies."""
    allowed, day = signing_languages(form, facts), read_day(facts.get("date")) or date.max
    copies = heading_rule_params(form, "amount", "signed.copies", day).get("exactly")
    found = {"language": allowed[0] if len(allowed) == 1 else None, "copies": copies}
    return {name: value for name, value in found.items() if value is not None}


def heading_rule_params(form: Track, verb: str, name: str, day: date) -> Mapping[str, Any]:
    """What a rule of the form asks of a field of its heading on *day*; nothing where it has none."""
    for rule in form.rules:
        if rule.verb == verb and rule.names == (name,) and (ruling := rule.on(day)):
            return ruling.params.facts
    return {}


def has_signature_rule(form: Track, name: str) -> bool:
    """Whether the form has a rule for something of its signature."""
    return any(f"signed.{name}" in rule.names for rule in form.rules)


def is_for_stay(form: Track) -> bool:
    """Whether the form is signed for a stay only."""
    return any(rule.verb == "needs" and "stay" in rule.names for rule in form.rules)
