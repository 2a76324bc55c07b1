"""The findings of an entry: every rule that it breaks, as heavy as what rests on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.core.around import CONTRADICTED, Around, asked, field_of
from shelterctl.core.entry import Entry, field_at, listed, read_parts
from shelterctl.core.field import UNKNOWN
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.measure import multipliers
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling, Strength
from shelterctl.core.sentence import quoted, row_of, row_of_idle
from shelterctl.core.term import judge_terms
from shelterctl.core.track import Part, Track
from shelterctl.core.verb import broken
from shelterctl.core.wording import OF_A_PART, PUBLISHED, Row
from shelterctl.language import Text

LIGHT = {Strength.SHOULD: Severity.OPEN, Strength.NOTE: Severity.WARN}


def judge(rules: Iterable[Rule], entry: Entry, around: Around) -> Iterator[Finding]:
    """What of an entry breaks these rules; what is told in the same words is told once."""
    told: set[tuple[object, ...]] = set()
    for rule in rules:
        found = broken(rule, entry, around)
        row = PUBLISHED.get(rule.code or "")
        if row and row.gathers and found:
            names = [name for _, one in found for name in one.facts["names"]]
            found = [(found[0][0], found[0][1]._replace(facts={row.gathers: [_last(name) for name in names]}))]
        for ruling, one in found:
            finding = found_as(rule, ruling, one, entry, around)
            known = (finding.code, finding.where, str(finding.facts))
            if known not in told:
                told.add(known)
                yield finding


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def weight(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Severity:
    """How heavy it is: *shall* refuses at the act it names, or at the one that writes the entry; else it is open."""
    if ruling.strength is not Strength.SHALL:
        return LIGHT[ruling.strength]
    track = (entry.outer or entry).of
    act = rule.act or (track.act if isinstance(track, Track) else None)
    return Severity.REFUSE if act in around.acts else Severity.OPEN


def found_as(rule: Rule, ruling: Ruling, one: Broken, entry: Entry, around: Around) -> Finding:
    """The finding of one way in which a rule is broken."""
    reason = f"{rule.verb}.{one.reason}" if one.reason else rule.verb
    code = rule.code or (None if rule.says else _of_a_part(entry, reason)) or f"track/{rule.verb}"
    field = field_of(entry, one.name, around)
    clause = ruling.clause or (field.clause if field else None) or ""
    facts = _facts(ruling, rule.opens, one, entry, around) | {"clause": clause}
    row = PUBLISHED.get(code) or row_of(rule, reason, one, entry, around)
    told = {**facts, **row.told(facts)}
    counts = facts["counted"] if "at_most" in row.facts else ()
    names = ("line", "clause", *row.facts, *counts, "reading", "opens")
    return Finding(
        code=code,
        message=_said(row.message, told),
        in_file=_said(row.in_file, told),
        severity=weight(rule, ruling, entry, around),
        where=_where(row, "" if _elsewhere(rule, one, entry, around) else one.name, entry, around),
        clause=clause,
        facts={name: told[name] for name in names if name in told},
    )


def _of_a_part(entry: Entry, reason: str) -> str | None:
    """The code of what a line of a form breaks; the parts of all else are told by their verb."""
    whole = entry.outer.of if entry.outer and isinstance(entry.of, Part) else None
    return OF_A_PART.get(str(whole.family), {}).get(reason) if isinstance(whole, Track) else None


def _facts(ruling: Ruling, opens: str | None, one: Broken, entry: Entry, around: Around) -> dict[str, Any]:
    """Everything that a sentence may be filled from."""
    whole = (entry.outer or entry).of
    facts: dict[str, Any] = {**ruling.asks, **one.facts, "governs": around.day}
    facts["counted"] = dict(_counted(ruling, one, entry, around))
    if isinstance(entry.of, Part):
        facts["line"] = entry.of.number
    field = field_of(entry, one.name, around)
    if field and field.number:
        facts |= {"printed": field.number, "question": field.text, "key": one.name}
    if isinstance(whole, Track):
        facts |= {"form": whole.text, "advice": whole.advice}
    if ruling.reading:
        facts["reading"] = ruling.reading
    return facts | ({"opens": opens} if opens else {})


def _counted(ruling: Ruling, one: Broken, entry: Entry, around: Around) -> Iterator[tuple[str, Text]]:
    """The numbers by which a limit is multiplied, each with how it is told: behind its label in quotes."""
    for name, of, _ in multipliers(ruling):
        field = field_of(entry, of, around)
        label = quoted(field.text) if field and field.text else {"en": name}
        yield name, {language: f"{words}: {one.facts.get(name)}" for language, words in label.items()}


def _elsewhere(rule: Rule, one: Broken, entry: Entry, around: Around) -> bool:
    """Whether what is lacking is another track's: then it is the matter of the whole entry, if there is one."""
    return rule.verb == "stands" and bool(entry.fields) and one.name in around.tracks and one.name not in entry.fields


def _where(row: Row, name: str, entry: Entry, around: Around) -> str:
    """The pointer to what is wrong: the row's own place, beside the field, or the field itself."""
    if row.where == "amount" and isinstance(entry.of, Part):
        return at_amount(entry)
    if row.where is not None:
        return entry.where + row.where
    return where_of(name.rpartition(".")[0] if row.beside else _written(name, entry), entry, around)


def _written(name: str, entry: Entry) -> str:
    """The name under which a value is written: where it repeats the field that it defaults to, that field."""
    one = field_at(entry.fields, name)
    other = one.absent["of"] if one and isinstance(one.absent, Mapping) else None
    return other if other and entry.values.get(name) in (None, entry.values.get(other)) else name


def where_of(name: str, entry: Entry, around: Around) -> str:
    """The pointer to a field of the entry, of what it is part of, or of a track; to the entry for no name."""
    first, _, rest = name.partition(".")
    if entry.outer is not None and first not in entry.fields and first in entry.outer.fields:
        entry = entry.outer
    elif first in around.tracks and first not in entry.fields:
        track = around.tracks[first]
        if (last := around.last(first) if track.many else None) is not None:
            return _below(last.where, rest)
        return _below(_below(around.home(track)[1], track.at), rest)
    return _below(entry.where, name)


def _below(where: str, name: str) -> str:
    return f"{where}/{name.replace('.', '/')}" if name else where


def at_amount(entry: Entry) -> str:
    """The place of a part's amount, or of the first number of its product where no amount is written."""
    product = entry.of.product if isinstance(entry.of, Part) else ()
    written = entry.written.get("amount") is not None or not product
    return f"{entry.where}/{'amount' if written else product[0]}"


def judge_entry(entry: Entry, around: Around) -> Iterator[Finding]:
    """Everything that an entry breaks of its own track: idle answers and codes out of their time, then its rules."""
    if isinstance(entry.of, Track):
        yield from unasked(entry.of, entry, around)
        yield from judge_terms(entry, around)
        yield from judge(entry.of.rules, entry, around)


def judge_listed(track: Track, around: Around) -> Iterator[Finding]:
    """What her entries of a track break, where it lies for her, each on its own day, else on the one around it."""
    for one in listed(track, *around.home(track)):
        yield from judge_lying(one, around)


def judge_lying(one: Entry, around: Around) -> Iterator[Finding]:
    """The same of one of them."""
    entry, held = _as_it_lies(one, around)
    yield from judge_entry(entry, held)
    for part in entry.parts:
        yield from judge_terms(part, held)
        yield from judge(part.of.rules, part, held)


def stops(one: Entry, around: Around) -> Iterator[tuple[Rule, Ruling, Broken]]:
    """The rules of its track that refuse the acts which rest on an entry, each with the way in which it is broken."""
    entry, held = _as_it_lies(one, around)
    for rule in entry.of.rules:
        for ruling, way in broken(rule, entry, held):
            if weight(rule, ruling, entry, held) is Severity.REFUSE:
                yield rule, ruling, way


def _as_it_lies(one: Entry, around: Around) -> tuple[Entry, Around]:
    """An entry with its parts, and what stands around it on its own day, with the acts that were done to it."""
    entry = read_parts(one)
    on = entry.day or around.day
    held = (around if on == around.day else replace(around, day=on)).besides(entry)
    lies_beside = held.stay is None or (isinstance(entry.of, Track) and not entry.of.of_a_stay)
    if lies_beside and held.client is not None:
        held = held.in_stay_of(on)
    if done := done_to(entry):
        held = replace(held, acts=held.acts | done)
    return entry, held


def done_to(entry: Entry) -> frozenset[str]:
    """The acts that were done to an entry already: what they rest on has to be there still."""
    deeds = entry.of.deeds if isinstance(entry.of, Track) else {}
    return frozenset(name for name, deed in deeds.items() if entry.values.get(f"{deed.writes}.on") is not None)


def unasked(track: Track, entry: Entry, around: Around) -> Iterator[Finding]:
    """Answers beside which another says that there is nothing to answer; they are told, never taken away."""
    for name, one in track.fields.items():
        said = entry.values.get(name)
        if said in (None, UNKNOWN) or asked(one, entry, around) != CONTRADICTED:
            continue
        first = next(iter(one.asked_with))
        before = field_of(entry, first, around)
        facts = {"printed": one.number, "question": one.text, "key": name, "before": before.number if before else None}
        row = PUBLISHED[track.unasked] if track.unasked else row_of_idle(name, first, entry, around)
        facts |= row.told(facts) if not track.unasked else {}
        yield Finding(
            code=track.unasked or "track/unasked",
            severity=Severity.REFUSE if track.unasked else Severity.OPEN,
            message=_said(row.message, facts),
            where=f"{entry.where}/{name}",
            clause=one.clause or track.clause,
            facts={"clause": one.clause or track.clause, **{key: facts[key] for key in row.facts}},
        )


def _said(message: Any, facts: Mapping[str, Any]) -> Any:
    return message(facts) if callable(message) else message
