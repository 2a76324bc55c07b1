"""The findings of an entry: every rule of its track that it breaks, with severity, place and message.

Also judged here are answers that another answer makes pointless, and codes that may not be written on the day of
the entry because they are not valid yet or no longer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import UNKNOWN_ANSWER, find_timed_fields, valid_codes
from shelterctl.core.manual.rule import Rule, Ruling, Strength, Violation
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.entries import Entry, field_at_path, list_entries, read_entry, read_parts
from shelterctl.core.rules.context import FIELD_CONTRADICTED, Context, field_state, find_field
from shelterctl.core.rules.messages import (
    PART_CODES,
    PUBLISHED_MESSAGES,
    FindingMessage,
    make_idle_message,
    make_rule_message,
    quote_label,
)
from shelterctl.core.rules.verbs import find_violations, list_multipliers
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.language import LabelledCode
from shelterctl.ui_language import N_

CODE_ENDED = N_("{label}: {value}. From {since} on this is written no more; instead: {codes} ({clause}).")
CODE_NOT_VALID_YET = N_("{label}: {value}. This is written from {since} on, and before it: {codes} ({clause}).")


def judge_code_validity(entry: Entry, context: Context, day: date | None = None) -> Iterator[Finding]:
    """Codes of an entry or of a part that do not hold on its day, else on the one on which it was recorded, else *day*.

    Where an act rests on the entry they refuse it, elsewhere they stay open.
    """
    kind, whole = entry.definition, entry.whole
    names = kind.dated_code_fields if isinstance(kind, Track) else tuple(find_timed_fields(kind.fields))
    on = (whole.day or local_day(whole.written.get("recorded_at")) or day) if names else None
    if on is None:
        return
    for name in names:
        said = entry.values.get(name)
        yield from _find_invalid_codes(entry, name, said if isinstance(said, tuple) else (said,), on, context)


def judge_new_codes(track: Track, before: Facts, after: Facts, where: str, context: Context) -> Iterator[Finding]:
    """Codes out of their time in what is written today, and was not there *before*, where nothing else has a day."""
    if track.many or not track.dated_code_fields or context.today is None:
        return
    new = {name: said for name, said in after.items() if before.get(name) != said}
    for name, said in new.items():
        if isinstance(said, list) and isinstance(was := before.get(name), list):
            new[name] = [each for each in said if each not in was]
    yield from judge_code_validity(read_entry(track, new, where), context, context.today)


def _find_invalid_codes(entry: Entry, name: str, said: Iterable[Any], on: date, context: Context) -> Iterator[Finding]:
    one, track = find_field(entry, name, context), entry.whole.definition
    for code in said:
        term = one.terms.get(code)
        if term is None or term.holds(on) or not isinstance(track, Track):
            continue
        ended = term.until is not None and term.until <= on
        clause = term.clause or one.clause or track.clause
        facts = {
            "track": track.name,
            "label": quote_label(one.text),
            "value": LabelledCode(code, one.codes[code]),
            "since": term.until if ended else term.since,
            "codes": [LabelledCode(each, text) for each, text in valid_codes(one, on).items()],
            "clause": clause,
        }
        yield Finding(
            code="track/not-in-force",
            severity=Severity.REFUSE if track.act in context.acts else Severity.OPEN,
            message=CODE_ENDED if ended else CODE_NOT_VALID_YET,
            where=f"{entry.where}/{name.replace('.', '/')}",
            clause=clause,
            facts=facts,
        )


SEVERITY_BELOW_SHALL = {Strength.SHOULD: Severity.OPEN, Strength.NOTE: Severity.WARN}


def judge_rules(rules: Iterable[Rule], entry: Entry, context: Context) -> Iterator[Finding]:
    """What of an entry breaks these rules; what is told in the same words is told once."""
    made: set[tuple[object, ...]] = set()
    for rule in rules:
        found = find_violations(rule, entry, context)
        row = PUBLISHED_MESSAGES.get(rule.code or "")
        if row and row.gathered_as and found:
            names = [name.rpartition(".")[2] for _, violation in found for name in violation.facts["names"]]
            (ruling, first), *_ = found
            found = [(ruling, first._replace(facts={row.gathered_as: names}))]
        for ruling, violation in found:
            finding = make_finding(rule, ruling, violation, entry, context)
            known = (finding.code, finding.where, str(finding.facts))
            if known not in made:
                made.add(known)
                yield finding


def decide_severity(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Severity:
    """How heavy it is: ``shall`` refuses at the act it names, or at the one that writes the entry; else it is open."""
    if ruling.strength is not Strength.SHALL:
        return SEVERITY_BELOW_SHALL[ruling.strength]
    track = entry.whole.definition
    act = rule.act or (track.act if isinstance(track, Track) else None)
    return Severity.REFUSE if act in context.acts else Severity.OPEN


def make_finding(rule: Rule, ruling: Ruling, violation: Violation, entry: Entry, context: Context) -> Finding:
    """The finding of one way in which a rule is broken."""
    reason = f"{rule.verb}.{violation.reason}" if violation.reason else rule.verb
    whole = entry.whole.definition
    family = whole.family if isinstance(whole, Track) and isinstance(entry.definition, FormPart) else None
    part_code = None if rule.says else PART_CODES.get(str(family), {}).get(reason)
    code = rule.code or part_code or f"track/{rule.verb}"
    field = find_field(entry, violation.name, context)
    clause = ruling.clause or (field.clause if field else None) or ""
    facts = _finding_facts(ruling, rule.opens, violation, entry, context) | {"clause": clause}
    row = PUBLISHED_MESSAGES.get(code) or make_rule_message(rule, reason, violation, entry, context)
    published = {**facts, **row.build_facts(facts)}
    counts = facts["counted"] if "at_most" in row.facts else ()
    names = ("line", "clause", *row.facts, *counts, "reading", "opens")
    return Finding(
        code=code,
        message=_choose_sentence(row.message, published),
        in_file=_choose_sentence(row.in_file, published),
        severity=decide_severity(rule, ruling, entry, context),
        where=_finding_pointer(
            row, "" if _is_of_other_track(rule, violation, entry, context) else violation.name, entry, context
        ),
        clause=clause,
        facts={name: published[name] for name in names if name in published},
    )


def _finding_facts(
    ruling: Ruling, opens: str | None, violation: Violation, entry: Entry, context: Context
) -> dict[str, Any]:
    """Everything that a sentence may be filled from."""
    whole = entry.whole.definition
    facts: dict[str, Any] = {**ruling.params, **violation.facts, "governs": context.day}
    facts["counted"] = {}
    for name, of, _ in list_multipliers(ruling):  # each as it is told: behind its label in quotes
        multiplied = find_field(entry, of, context)
        label = quote_label(multiplied.text) if multiplied and multiplied.text else {"en": name}
        facts["counted"][name] = {
            language: f"{words}: {violation.facts.get(name)}" for language, words in label.items()
        }
    if isinstance(entry.definition, FormPart):
        facts["line"] = entry.definition.number
    field = find_field(entry, violation.name, context)
    if field and field.number:
        facts |= {"printed": field.number, "question": field.text, "key": violation.name}
    if isinstance(whole, Track):
        facts |= {"form": whole.text, "advice": whole.advice}
    if ruling.reading:
        facts["reading"] = ruling.reading
    return facts | ({"opens": opens} if opens else {})


def _is_of_other_track(rule: Rule, violation: Violation, entry: Entry, context: Context) -> bool:
    """Whether what is lacking is another track's: then it is the matter of the whole entry, if there is one."""
    return (
        rule.verb == "stands"
        and bool(entry.fields)
        and violation.name in context.tracks
        and violation.name not in entry.fields
    )


def _finding_pointer(row: FindingMessage, name: str, entry: Entry, context: Context) -> str:
    """The pointer to what is wrong: the row's own place, beside the field, or the field itself."""
    if row.where == "amount" and isinstance(entry.definition, FormPart):
        return amount_pointer(entry)
    if row.where is not None:
        return entry.where + row.where
    written = name.rpartition(".")[0] if row.is_beside_field else _find_written_name(name, entry)
    return field_pointer(written, entry, context)


def _find_written_name(name: str, entry: Entry) -> str:
    """The name under which a value is written: where it repeats the field that it defaults to, that field."""
    one = field_at_path(entry.fields, name)
    other = one.absent["of"] if one and isinstance(one.absent, Mapping) else None
    return other if other and entry.values.get(name) in (None, entry.values.get(other)) else name


def field_pointer(name: str, entry: Entry, context: Context) -> str:
    """The pointer to a field of the entry, of what it is part of, or of a track; to the entry for no name."""
    first, _, rest = name.partition(".")
    if entry.outer is not None and first not in entry.fields and first in entry.outer.fields:
        entry = entry.outer
    elif first in context.tracks and first not in entry.fields:
        track = context.tracks[first]
        if (last := context.last_entry(first) if track.many else None) is not None:
            return _pointer_below(last.where, rest)
        return _pointer_below(_pointer_below(context.locate(track)[1], track.at), rest)
    return _pointer_below(entry.where, name)


def _pointer_below(where: str, name: str) -> str:
    return f"{where}/{name.replace('.', '/')}" if name else where


def amount_pointer(entry: Entry) -> str:
    """The place of a part's amount, or of the first number of its product where no amount is written."""
    product = entry.definition.product if isinstance(entry.definition, FormPart) else ()
    written = entry.written.get("amount") is not None or not product
    return f"{entry.where}/{'amount' if written else product[0]}"


def judge_entry(entry: Entry, context: Context) -> Iterator[Finding]:
    """Everything that an entry breaks of its own track: idle answers and codes out of their time, then its rules."""
    if isinstance(entry.definition, Track):
        yield from judge_unasked_answers(entry.definition, entry, context)
        yield from judge_code_validity(entry, context)
        yield from judge_rules(entry.definition.rules, entry, context)


def judge_track_entries(track: Track, context: Context) -> Iterator[Finding]:
    """What her entries of a track break, where it lies for her, each on its own day, else on the one around it."""
    for one in list_entries(track, *context.locate(track)):
        yield from judge_stored_entry(one, context)


def judge_stored_entry(stored: Entry, context: Context) -> Iterator[Finding]:
    """The same of one of them."""
    entry, held = _read_in_context(stored, context)
    yield from judge_entry(entry, held)
    for part in entry.parts:
        yield from judge_code_validity(part, held)
        yield from judge_rules(part.definition.rules, part, held)


def find_refusing_rules(stored: Entry, context: Context) -> Iterator[tuple[Rule, Ruling, Violation]]:
    """The rules of its track that refuse the acts which rest on an entry, each with the way in which it is broken."""
    entry, held = _read_in_context(stored, context)
    for rule in entry.definition.rules:
        for ruling, way in find_violations(rule, entry, held):
            if decide_severity(rule, ruling, entry, held) is Severity.REFUSE:
                yield rule, ruling, way


def _read_in_context(stored: Entry, context: Context) -> tuple[Entry, Context]:
    """An entry with its parts, and what stands around it on its own day, with the acts that were done to it."""
    entry = read_parts(stored)
    on = entry.day or context.day
    held = (context if on == context.day else replace(context, day=on)).for_entry(entry)
    lies_beside = held.stay is None or (isinstance(entry.definition, Track) and not entry.definition.of_a_stay)
    if lies_beside and held.client is not None:
        held = held.for_day(on)
    if done := acts_done_to(entry):
        held = replace(held, acts=held.acts | done)
    return entry, held


def acts_done_to(entry: Entry) -> frozenset[str]:
    """The acts that were done to an entry already: what they rest on has to be there still."""
    deeds = entry.definition.entry_acts if isinstance(entry.definition, Track) else {}
    return frozenset(name for name, deed in deeds.items() if entry.values.get(f"{deed.writes}.on") is not None)


def judge_unasked_answers(track: Track, entry: Entry, context: Context) -> Iterator[Finding]:
    """Answers beside which another says that there is nothing to answer; they are told, never taken away."""
    for name, one in track.fields.items():
        said = entry.values.get(name)
        if said in (None, UNKNOWN_ANSWER) or field_state(one, entry, context) != FIELD_CONTRADICTED:
            continue
        first = next(iter(one.asked_with))
        before = find_field(entry, first, context)
        facts = {"printed": one.number, "question": one.text, "key": name, "before": before.number if before else None}
        if track.unasked_code:
            row = PUBLISHED_MESSAGES[track.unasked_code]
        else:
            row = make_idle_message(name, first, entry, context)
            facts |= row.build_facts(facts)
        yield Finding(
            code=track.unasked_code or "track/unasked",
            severity=Severity.REFUSE if track.unasked_code else Severity.OPEN,
            message=_choose_sentence(row.message, facts),
            where=f"{entry.where}/{name}",
            clause=one.clause or track.clause,
            facts={"clause": one.clause or track.clause, **{key: facts[key] for key in row.facts}},
        )


def _choose_sentence(message: Any, facts: Mapping[str, Any]) -> Any:
    return message(facts) if callable(message) else message
