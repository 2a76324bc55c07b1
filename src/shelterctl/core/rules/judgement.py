"""The findings of an entry: every rule of its track that it breaks, with severity, place and message.

Findings are also made for answers that another answer makes irrelevant, and for codes that may not be written on the
day of the entry because they are not valid yet or no longer.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import CLIENTS_REGISTER, UNKNOWN_ANSWER, find_timed_fields, valid_codes
from shelterctl.core.manual.rule import Rule, Ruling, Verb, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry, field_at_path, find_written, read_entry, read_parts
from shelterctl.core.rules.compiled import CompiledRule, rules_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import decide_severity, find_published_code, make_finding, make_unasked_finding
from shelterctl.core.rules.messages import quote_label
from shelterctl.core.rules.names import FIELD_CONTRADICTED, find_field, scope_of
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.language import LabelledCode
from shelterctl.ui_language import N_

CODE_ENDED = N_("{label}: {value}. This answer is no longer used from {since} on. Use: {codes} ({clause}).")
CLIENT_UNKNOWN = N_("{label}: {who}. There is no client with this id ({clause}).")
CODE_NOT_VALID_YET = N_("{label}: {value}. This answer is used only from {since} on. Before that: {codes} ({clause}).")


def judge_code_validity(entry: Entry, context: Context, day: date | None = None) -> Iterator[Finding]:
    """Yield findings for codes of an entry or part that are not valid on its day, its day of recording, or *day*.

    They refuse the act that depends on the entry, and are open otherwise.
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
    """Yield findings for codes that were added today and are not valid today, in a track whose entries have no day."""
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
        term = one.terms.get(code) if one else None
        if one is None or term is None or term.holds(on) or not isinstance(track, Track):
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


def judge_client_ids(entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield a finding for each id of a client that an entry names although there is no such file.

    Where the store does not say which files there are, nothing is found.
    """
    track, known = entry.definition, (context.registers or {}).get(CLIENTS_REGISTER)
    if known is None or not isinstance(track, Track):
        return
    for name in track.client_fields:
        one = field_at_path(track.fields, name)
        for where, said in find_written(entry.written, name.split(".")):
            if one is None or said in known:
                continue
            clause = one.clause or track.clause
            facts = {"track": track.name, "label": quote_label(one.text), "who": said, "clause": clause}
            yield Finding(
                code="track/unknown-client",
                severity=Severity.OPEN,
                message=CLIENT_UNKNOWN,
                where=f"{entry.where}{where}",
                clause=clause,
                facts=facts,
            )


def judge_rules(rules: Sequence[Rule], entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield the findings of an entry by these rules; a finding that repeats another is left out."""
    made: dict[tuple[str, str], list[Facts]] = {}
    for rule in rules_in_force(rules, entry, context):
        found = rule.find_violations(entry, context)
        for finding in _judge_violations(rule, found, entry, context) if found else ():  # a rule is seldom broken
            known = made.setdefault((finding.code, finding.where), [])
            if finding.facts not in known:
                known.append(finding.facts)
                yield finding


def judge_rule(compiled: CompiledRule, entry: Entry, context: Context) -> Sequence[Finding]:
    """Return the findings of an entry by one rule; a code that gathers its names has a single finding."""
    return _judge_violations(compiled, compiled.find_violations(entry, context), entry, context)


def _judge_violations(
    compiled: CompiledRule, violations: Iterable[Violation], entry: Entry, context: Context
) -> Sequence[Finding]:
    found, rule = [*violations], compiled.rule
    if not found or (rule.opens and rule.act not in context.acts and _stands_already(rule.opens, entry, context)):
        return ()
    published = find_published_code(rule, rule.verb, entry)
    if published and published.gathered_as:
        names = [name.rpartition(".")[2] for violation in found for name in violation.facts["names"]]
        gathered = [name.removesuffix("_text") for name in names]
        found = [found[0]._replace(facts={published.gathered_as: gathered})]
    return [make_finding(rule, compiled.ruling, violation, entry, context) for violation in found]


def _stands_already(opens: str, entry: Entry, context: Context) -> bool:
    """Return whether the entry that a violation opens is recorded, of the day of this entry or later."""
    name, day = opens.partition(".")[0], entry.whole.day
    if name not in context.tracks or day is None:
        return False
    return any(on >= day for one in context.client_entries(name) if (on := one.day) is not None)


def judge_entry(entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield all findings of an entry by its own track: irrelevant answers, invalid codes, broken rules."""
    if isinstance(entry.definition, Track):
        yield from judge_unasked_answers(entry.definition, entry, context)
        yield from judge_code_validity(entry, context)
        yield from judge_client_ids(entry, context)
        yield from judge_rules(entry.definition.rules, entry, context)


def judge_track_entries(track: Track, context: Context) -> Iterator[Finding]:
    """Yield the findings of her entries of a track, each judged on its own day, else on that of the context."""
    for one in context.entries_in_place(track):
        yield from judge_stored_entry(one, context)


def judge_stored_entry(stored: Entry, context: Context) -> Iterator[Finding]:
    """Yield the findings of one stored entry and its parts, judged on its own day."""
    entry, held = _read_in_context(stored, context)
    yield from judge_entry(entry, held)
    for part in entry.parts:
        yield from judge_code_validity(part, held)
        yield from judge_rules(part.definition.rules, part, held)


def find_refusing_rules(stored: Entry, context: Context) -> Iterator[tuple[Rule, Ruling[Verb], Violation]]:
    """Yield the broken rules of a track that refuse the acts depending on an entry, with each violation."""
    entry, held = _read_in_context(stored, context)
    for each in rules_in_force(entry.definition.rules, entry, held):
        if decide_severity(each.rule, each.ruling, entry, held) is Severity.REFUSE:
            yield from ((each.rule, each.ruling, violation) for violation in each.find_violations(entry, held))


def _read_in_context(stored: Entry, context: Context) -> tuple[Entry, Context]:
    """Return an entry with its parts, and its context on its own day with the acts that were done to it."""
    entry = read_parts(stored)
    return entry, context.for_entry(entry, acts_done_to(entry))


def acts_done_to(entry: Entry) -> frozenset[str]:
    """Return the acts that were already done to an entry: the conditions for them must still be met."""
    deeds = entry.definition.entry_acts if isinstance(entry.definition, Track) else {}
    return frozenset(name for name, deed in deeds.items() if entry.values.get(f"{deed.writes}.on") is not None)


def judge_unasked_answers(track: Track, entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield findings for answers that another answer makes irrelevant; they are reported, never removed."""
    answers = entry.values.answers
    for name in scope_of(entry, context).conditional:
        said = answers[name.text]
        answered = said is not None and said != UNKNOWN_ANSWER
        if answered and name.state(entry, context) == FIELD_CONTRADICTED:
            yield make_unasked_finding(name, track, entry, context)
