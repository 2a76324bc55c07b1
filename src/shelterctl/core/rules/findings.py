"""A finding is made of a violation here, in one step: its code, what it says with which facts, its place and severity.

The sentences of published codes are the rulebook's (findings.yaml). A rule without a code speaks in its own words, else
in those of its verb.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.rule import Rule, Ruling, Strength, Verb, Violation
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
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.facts import Facts
from shelterctl.language import Sentence, Text

SEVERITY_BELOW_SHALL = {Strength.SHOULD: Severity.OPEN, Strength.NOTE: Severity.WARN}


def decide_severity(rule: Rule, ruling: Ruling[Verb], entry: Entry, context: Context) -> Severity:
    """How heavy it is: ``shall`` refuses at the act it names, or at the one that writes the entry; else it is open."""
    if ruling.strength is not Strength.SHALL:
        return SEVERITY_BELOW_SHALL[ruling.strength]
    track = entry.whole.definition
    act = rule.act or (track.act if isinstance(track, Track) else None)
    return Severity.REFUSE if act in context.acts else Severity.OPEN


class Phrasing(NamedTuple):
    """What a finding says, and the facts that it publishes, each by its name among those that a violation gives."""

    message: Sentence
    in_file: Sentence | None
    facts: Mapping[str, str]


def make_finding(rule: Rule, ruling: Ruling[Verb], violation: Violation, entry: Entry, context: Context) -> Finding:
    """The finding of one way in which a rule is broken."""
    way = f"{rule.verb}.{violation.reason}" if violation.reason else rule.verb
    field = find_field(entry, violation.name, context)
    clause = ruling.clause or (field.clause if field else None) or ""
    facts = _gather_facts(rule, ruling, violation, field, entry, context) | {"clause": clause}
    published = find_published_code(rule, way, entry)
    if published:
        multipliers = [name for name, _, _ in _multipliers(ruling)] if "at_most" in published.facts else []
        phrasing = _phrase_published(published, facts, multipliers)
    else:
        facts |= gather_shown_facts(rule.verb, violation, entry, context)
        phrasing = _phrase_by_verb(choose_rule_sentence(rule, way), choose_own_sentence(rule.in_file, violation.reason))
    named = {"line": "line", "clause": "clause", **phrasing.facts, "reading": "reading", "opens": "opens"}
    return Finding(
        code=rule.code or (published.code if published else f"track/{rule.verb}"),
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
    )


def make_unasked_finding(unasked: Name, track: Track, entry: Entry, context: Context) -> Finding:
    """The finding of an answer beside which another one says that there is nothing to answer."""
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
    """A refusal that no rule can say, with these facts: that there is nothing to do an act to, or what rests on it."""
    phrasing, facts = _phrase_published(published, facts), {"clause": clause, **facts}
    message, in_file = phrasing.message, phrasing.in_file
    return Finding(code=published.code, message=message, in_file=in_file, where=where, clause=clause, facts=facts)


def find_published_code(rule: Rule, way: str, entry: Entry) -> PublishedCode | None:
    """The published code of a rule that is broken in this *way*, or of a part's; None where it has no sentence here."""
    track = entry.whole.definition
    if not isinstance(track, Track):
        return None
    if rule.code or rule.says or not isinstance(entry.definition, FormPart):
        return track.published.by_code.get(rule.code or "")
    return track.published.by_way.get((str(track.family), way))


def _phrase_published(published: PublishedCode, facts: Facts, multipliers: Iterable[str] = ()) -> Phrasing:
    """What a published code says of these facts; it publishes the *multipliers* of a limit beside the limit."""
    said, in_file = _choose_wording(published.says, facts), _choose_wording(published.in_file, facts)
    if said is None:
        raise KeyError(published.code)  # the last wording of each code fits always: lint.findings
    named = {**published.facts, **{name: name for name in (*said.facts, *multipliers)}}
    return Phrasing(said.text, in_file.text if in_file else None, named)


def _choose_wording(wordings: Iterable[Wording], facts: Facts) -> Wording | None:
    return next((one for one in wordings if gives_answers(one.when, facts)), None)


def _phrase_by_verb(message: str | Text, in_file: Text | None) -> Phrasing:
    """What a rule or its verb says; each fact in it is published, so that a script has what a person reads."""
    return Phrasing(message, in_file, {name: name for name in ("track", *fact_names(message))})


def _gather_facts(
    rule: Rule, ruling: Ruling[Verb], violation: Violation, field: Field | None, entry: Entry, context: Context
) -> dict[str, object]:
    """Everything that a published sentence may be filled from or chosen by, under the names of findings.yaml."""
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
    """What a limit is multiplied by: the name that is told, the field that is read, and as it is written."""
    return list(ruling.params.multipliers) if isinstance(ruling.params, Amount) else []


def _label_count(name: str, of: str, count: object, entry: Entry, context: Context) -> Mapping[str, str]:
    """What a limit is multiplied by, behind its label in quotes."""
    field = find_field(entry, of, context)
    label = quote_label(field.text) if field and field.text else {"en": name}
    return {language: f"{words}: {count}" for language, words in label.items()}


def _is_of_other_track(rule: Rule, violation: Violation, entry: Entry, context: Context) -> bool:
    """Whether what is lacking is another track's: then it is the matter of the whole entry, if there is one."""
    return (
        rule.verb == "stands"
        and bool(entry.fields)
        and violation.name in context.tracks
        and violation.name not in entry.fields
    )


def _finding_pointer(where: str | None, name: str, entry: Entry, context: Context) -> str:
    """The pointer to what is wrong: the code's own place, beside the field, or the field itself."""
    if where == "amount":
        return amount_pointer(entry)
    if where == "beside":
        return scope_of(entry, context).pointer(name.rpartition(".")[0], entry, context)
    if where is not None:
        return entry.where + where
    return scope_of(entry, context).pointer(_find_written_name(name, entry), entry, context)


def _find_written_name(name: str, entry: Entry) -> str:
    """The name under which a value is written: where it repeats the field that it defaults to, that field."""
    one = field_at_path(entry.fields, name)
    other = one.absent["of"] if one and isinstance(one.absent, Mapping) else None
    return other if other and entry.values.get(name) in (None, entry.values.get(other)) else name


def amount_pointer(entry: Entry) -> str:
    """The place of a part's amount, or of the first number of its product where no amount is written."""
    product = entry.definition.product if isinstance(entry.definition, FormPart) else ()
    written = entry.written.get("amount") is not None or not product
    return f"{entry.where}/{'amount' if written else product[0]}"
