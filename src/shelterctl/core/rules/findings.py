"""Findings made from violations, in one step: code, sentences with their facts, place and severity.

The sentences of published codes are in the rulebook (findings.yaml). A rule without a code has its own words, or else
those of its verb.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.own_limit import name_own_limit
from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.rule import Measure, Rule, Ruling, Strength, Verb, Violation
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.entries import Entry, field_at_path, gives_answers
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.messages import (
    VERB_SENTENCES,
    choose_own_sentence,
    choose_rule_sentence,
    fact_names,
    gather_shown_facts,
    quote_label,
)
from shelterctl.core.rules.names import Name, find_field, scope_of
from shelterctl.core.rules.own_limits import read_numbers
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.facts import Facts
from shelterctl.language import Sentence, Text

SEVERITY_BELOW_SHALL = {Strength.SHOULD: Severity.OPEN, Strength.NOTE: Severity.WARN}


def decide_severity(rule: Rule, ruling: Ruling[Verb], entry: Entry, context: Context) -> Severity:
    """Return the severity of a violation: ``shall`` refuses the act that the rule names, or that writes the entry;
    ``malformed`` always refuses.
    """
    if ruling.strength is Strength.MALFORMED:
        return Severity.REFUSE
    if ruling.strength is not Strength.SHALL:
        return SEVERITY_BELOW_SHALL[ruling.strength]
    track = entry.whole.definition
    act = rule.act or (track.act if isinstance(track, Track) else None)
    return Severity.REFUSE if act in context.acts else Severity.OPEN


class Phrasing(NamedTuple):
    """The sentences of a finding, and the facts that it publishes, each with its name among the violation's facts."""

    message: Sentence
    in_file: Sentence | None
    facts: Mapping[str, str]


def make_finding(rule: Rule, ruling: Ruling[Verb], violation: Violation, entry: Entry, context: Context) -> Finding:
    """Return the finding for one violation of a rule."""
    way = f"{rule.verb}.{violation.reason}" if violation.reason else rule.verb
    field = find_field(entry, violation.name, context)
    clause = clause_of_ruling(ruling, context) or (field.clause if field else None) or ""
    facts = _gather_facts(rule, ruling, violation, field, entry, context) | {"clause": clause}
    published = find_published_code(rule, way, entry)
    if published:
        multipliers = [name for name, _, _ in _multipliers(ruling)] if "at_most" in published.facts else []
        phrasing = _phrase_published(published, facts, multipliers)
    else:
        facts |= gather_shown_facts(rule.verb, violation, entry, context)
        phrasing = _phrase_by_verb(choose_rule_sentence(rule, way), choose_own_sentence(rule.in_file, violation.reason))
    named = {"line": "line", "clause": "clause", **phrasing.facts, "reading": "reading", "opens": "opens"}
    made = Finding(
        code=rule.code or (published.code if published else find_code_of_way(rule, way, entry)),
        message=phrasing.message,
        in_file=phrasing.in_file,
        severity=decide_severity(rule, ruling, entry, context),
        where=_finding_pointer(
            published.where if published else None,
            "" if _is_of_other_track(rule, violation, entry, context) else violation.name,
            entry,
            context,
        ),
        clause=clause,
        facts={name: facts[given] for name, given in named.items() if given in facts},
        malformed=ruling.strength is Strength.MALFORMED,
    )
    return say_if_own_limit(made, rule, context)


PLACES_OF_HOUSE = Measure("count", "places")


def say_if_own_limit(finding: Finding, rule: Rule, context: Context) -> Finding:
    """Return a finding that says so if the number of its rule is the house's own, or that of the places it counts."""
    manual = rule.tightens.on(context.day) if rule.tightens else None
    if rule.own and manual:
        return name_own_limit(finding, rule.own, read_numbers(manual.params)[rule.own.word])
    house, ruling = context.house, rule.on(context.day)
    if house and house.own and ruling and _counts_places(ruling):
        return name_own_limit(finding, house.own, house.manual_capacity(context.day))
    return finding


def clause_of_ruling(ruling: Ruling[Verb], context: Context) -> str:
    """Return the clause of a ruling; of one without a clause that counts places, that of the capacity of the house."""
    if ruling.clause or not context.house or not _counts_places(ruling):
        return ruling.clause
    capacity = context.house.kind.capacity_on(context.day)
    return capacity.clause if capacity else ""


def _counts_places(ruling: Ruling[Verb]) -> bool:
    return ruling.params.facts.get("at_most") == PLACES_OF_HOUSE


def make_unasked_finding(unasked: Name, track: Track, entry: Entry, context: Context) -> Finding:
    """Return the finding for an answer that another answer of the entry makes irrelevant."""
    name, (other, said) = unasked.text, next(unasked.unmet_conditions(entry, context))
    one, before = track.fields[name], other.field_for(entry, context)
    clause = one.clause or track.clause
    facts: dict[str, object] = {"name": name, "printed": one.number, "question": one.text, "clause": clause}
    facts |= {"before": before.number if before else None, "said": said}
    if track.unasked_code:
        phrasing = _phrase_published(track.published.by_code[track.unasked_code], facts)
    else:
        facts |= gather_shown_facts("unasked", Violation(name, facts={"other": other.text}), entry, context)
        phrasing = _phrase_by_verb(VERB_SENTENCES["unasked"], None)
    return Finding(
        code=track.unasked_code or "track/unasked",
        severity=Severity.REFUSE if track.unasked_code else Severity.OPEN,
        message=phrasing.message,
        where=f"{entry.where}/{name}",
        clause=clause,
        facts={"clause": clause, **{told: facts[given] for told, given in phrasing.facts.items()}},
    )


def make_refusal(published: PublishedCode, clause: str, where: str = "", **facts: object) -> Finding:
    """Return a refusal with these facts that no rule expresses: nothing to do an act to, or something depends on it."""
    phrasing, facts = _phrase_published(published, facts), {"clause": clause, **facts}
    message, in_file = phrasing.message, phrasing.in_file
    return Finding(code=published.code, message=message, in_file=in_file, where=where, clause=clause, facts=facts)


def find_published_code(rule: Rule, way: str, entry: Entry) -> PublishedCode | None:
    """Return the published code for a rule that is broken in this *way*; None where no published sentence exists."""
    track = entry.whole.definition
    if not isinstance(track, Track):
        return None
    if rule.code or rule.says or not isinstance(entry.definition, FormPart):
        return track.published.by_code.get(rule.code or "")
    return track.published.by_way.get((str(track.family), way))


def find_code_of_way(rule: Rule, way: str, entry: Entry) -> str:
    """Return the code for a rule without one that is broken in this *way*; that of its verb in a rulebook without codes
    of ways.
    """
    track = entry.whole.definition
    codes = track.published.code_of_way if isinstance(track, Track) else {}
    return codes.get(way, f"track/{rule.verb}")


def _phrase_published(published: PublishedCode, facts: Facts, multipliers: Iterable[str] = ()) -> Phrasing:
    """Return the sentences of a published code for these facts; *multipliers* of a limit are published with it."""
    said, in_file = _choose_wording(published.says, facts), _choose_wording(published.in_file, facts)
    if said is None:
        raise KeyError(published.code)  # lint.findings checks that the last wording of each code always fits
    named = {**published.facts, **{name: name for name in (*said.facts, *multipliers)}}
    return Phrasing(said.text, in_file.text if in_file else None, named)


def _choose_wording(wordings: Iterable[Wording], facts: Facts) -> Wording | None:
    return next((one for one in wordings if gives_answers(one.when, facts)), None)


def _phrase_by_verb(message: str | Text, in_file: Text | None) -> Phrasing:
    """Return the sentence of a rule or its verb; all its facts are published, so scripts get what people read."""
    return Phrasing(message, in_file, {name: name for name in ("track", *fact_names(message))})


def _gather_facts(
    rule: Rule, ruling: Ruling[Verb], violation: Violation, field: Field | None, entry: Entry, context: Context
) -> dict[str, object]:
    """Return all facts that may fill or choose a published sentence, under the names that findings.yaml uses."""
    track, (inside, _, key) = entry.whole.definition, violation.name.rpartition(".")
    facts: dict[str, object] = {"key": key, **ruling.params.facts, **violation.facts}
    facts |= {"name": violation.name, "judged_on": context.day}
    if inside:
        facts["inside"] = inside
    if multipliers := _multipliers(ruling):
        facts["counted"] = " × ".join(name for name, _, _ in multipliers)
        facts["counts"] = [
            _label_count(name, of, violation.facts.get(name), entry, context) for name, of, _ in multipliers
        ]
    if isinstance(at_most := facts.get("at_most"), int | str):
        facts["limit"] = Decimal(at_most)
    if isinstance(persons := facts.get("exactly"), int):
        facts["besides_her"] = persons - 1
    if isinstance(entry.definition, FormPart):
        facts["line"] = entry.definition.number
    if field and field.number:
        facts |= {"printed": field.number, "question": field.text}
    if isinstance(track, Track):
        facts |= {"form": track.text, "advice": track.advice}
    if ruling.reading:
        facts["reading"] = ruling.reading
    return facts | ({"opens": rule.opens} if rule.opens else {})


def _multipliers(ruling: Ruling[Verb]) -> list[tuple[str, str, object]]:
    """Return the multipliers of a limit: the published name, the field to read, and the notation in the rulebook."""
    return list(ruling.params.multipliers) if isinstance(ruling.params, Amount) else []


def _label_count(name: str, of: str, count: object, entry: Entry, context: Context) -> Mapping[str, str]:
    """Return a multiplier after its quoted label, by language."""
    field = find_field(entry, of, context)
    label = quote_label(field.text) if field and field.text else {"en": name}
    return {language: f"{words}: {count}" for language, words in label.items()}


def _is_of_other_track(rule: Rule, violation: Violation, entry: Entry, context: Context) -> bool:
    """Return whether the violation is about another track, so that its place is the whole entry."""
    return (
        rule.verb == "stands"
        and bool(entry.fields)
        and violation.name in context.tracks
        and violation.name not in entry.fields
    )


def _finding_pointer(where: str | None, name: str, entry: Entry, context: Context) -> str:
    """Return the pointer to what is wrong: the code's own place, beside the field, or the field itself."""
    if where == "amount":
        return amount_pointer(entry)
    if where == "beside":
        return scope_of(entry, context).pointer(name.rpartition(".")[0], entry, context)
    if where is not None:
        return entry.where + where
    return scope_of(entry, context).pointer(_find_written_name(name, entry), entry, context)


def _find_written_name(name: str, entry: Entry) -> str:
    """Return the name under which a value is written: the field that it defaults to, where it repeats that one."""
    one = field_at_path(entry.fields, name)
    other = one.absent["of"] if one and isinstance(one.absent, Mapping) else None
    return other if other and entry.values.get(name) in (None, entry.values.get(other)) else name


def amount_pointer(entry: Entry) -> str:
    """Return the place of a part's amount, or of the first number of its product where no amount is written."""
    product = entry.definition.product if isinstance(entry.definition, FormPart) else ()
    written = entry.written.get("amount") is not None or not product
    return f"{entry.where}/{'amount' if written else product[0]}"
