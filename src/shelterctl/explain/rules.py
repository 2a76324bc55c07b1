"""The rules of the manual as a list: which track, line, item or annex has a rule, from when until when it holds, with
which limit and clause, and what replaces it.

Besides the nine verbs there are rules without one: ``item`` (a checklist has the item), ``line`` (a form has the line),
``due`` (a deadline) and ``printed`` (an annex has the entry).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from shelterctl.core.finding import FilledSentence, Outcome, Severity
from shelterctl.core.manual.act import SIGN_ACT, Act, Item
from shelterctl.core.manual.rule import Bound, History, Measure, Repeal, Rule, Ruling, Strength, Verb, ruling_in_force
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import printed_line_text
from shelterctl.core.record.entries import field_at_path, read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import SEVERITY_BELOW_SHALL
from shelterctl.core.rules.messages import label_name, quote_label
from shelterctl.core.rules.names import find_field, scope_of
from shelterctl.core.rules.verbs.verb import SAMPLE_DAY
from shelterctl.core.values.days import add_days
from shelterctl.errors import NotFound
from shelterctl.explain.codes import message_without_facts
from shelterctl.explain.deadline import deadline_in_words
from shelterctl.explain.page import SURE_SIMILARITY, normalize_name
from shelterctl.explain.track import describe_rule, rule_in_words
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, Text, format_fact, format_sentence, translate
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

ITEM_VERB, LINE_VERB, DUE_VERB, PRINTED_VERB = VERBLESS_KINDS = ("item", "line", "due", "printed")
"""The kinds of rules that have none of the nine verbs."""


@immutable
class DatedRule:
    """One rule with its history: *of* which track, act or annex, and of which *part* (a line, an item, an entry).

    *act* is the act that a violation refuses; without one it only stays open. *words* returns the rule in words, as it
    holds on a day, *label* a name of the rule in words. *modifiers* limit when it applies. *clause* is that of a ruling
    that names none.
    """

    of: LabelledCode
    part: str | None
    verb: str
    names: tuple[str, ...]
    history: History[Any]
    words: Callable[[date], Text]
    label: Callable[[str], Any]
    act: LabelledCode | None = None
    modifiers: tuple[tuple[str, object], ...] = ()
    clause: str = ""

    def clause_of(self, ruling: Ruling[Any] | Repeal) -> str:
        """Return the clause of a ruling; of one that names none it is that of the field, or of the track."""
        return ruling.clause or self.clause

    def severity(self, ruling: Ruling[Any]) -> str | None:
        """Return the weight of a violation: ``refuse``, ``open`` or ``warn``; None for what is never violated."""
        if self.verb in (DUE_VERB, PRINTED_VERB):
            return None
        if self.verb == ITEM_VERB and not ruling.params.get("gate"):
            return Severity.OPEN.value
        below = SEVERITY_BELOW_SHALL.get(ruling.strength)
        if below is None:
            below = Severity.REFUSE if self.act or ruling.strength is Strength.MALFORMED else Severity.OPEN
        return below.value


def list_dated_rules(rulebook: Rulebook) -> Iterator[DatedRule]:
    """Yield every rule of a rulebook: of its tracks, its acts and its annexes, in their order."""
    for name in rulebook.track_names:
        yield from _rules_of_track(rulebook, rulebook.tracks[name])
    for act in rulebook.acts.values():
        yield from _rules_of_act(rulebook, act)
    for annex in rulebook.annexes.values():
        of = LabelledCode(annex.name, annex.title)
        for number, entry in annex.entries.items():
            yield DatedRule(of, number, PRINTED_VERB, (), entry.standing, partial(_words_of_any_day, entry.text), str)


def _rules_of_track(rulebook: Rulebook, track: Track) -> Iterator[DatedRule]:
    of, track = LabelledCode(track.name, track.text), track.whole
    parts: Sequence[FormPart | None] = (None, *track.parts.values())
    for part in parts:
        number, label = part.number if part else None, partial(_label_name, rulebook, track, part)
        if part and part.standing:
            act = _label_act(rulebook, track, track.act)
            yield DatedRule(of, number, LINE_VERB, (), part.standing, partial(printed_line_text, part), label, act)
        for rule in (part or track).rules:
            words = partial(_rule_words, rulebook, track, part, rule)
            act = _label_act(rulebook, track, rule.act or track.act)
            modifiers, clause = _modifiers_of_rule(rule), _clause_of_fields(track, part, rule.names)
            yield DatedRule(of, number, rule.verb, rule.names, rule.history, words, label, act, modifiers, clause)
        for due in (part or track).due:
            words = partial(deadline_in_words, rulebook, track, part, due)
            modifiers = _set_only(until=due.until, when=due.when, where=due.where, owner=due.owner, never=due.never)
            yield DatedRule(of, number, DUE_VERB, (due.event,), due.history, words, label, modifiers=modifiers)


def _rules_of_act(rulebook: Rulebook, act: Act) -> Iterator[DatedRule]:
    of, label = LabelledCode(act.name, act.text), partial(_label_name, rulebook, act.track, None)
    items = {item.name: LabelledCode(item.name, item.text) for item in act.items}
    for rule in act.rules:
        words, modifiers = partial(_rule_words, rulebook, act.track, None, rule), _modifiers_of_rule(rule)
        part = items.get(rule.item or "")
        yield DatedRule(of, part, rule.verb, rule.names, rule.history, words, label, of, modifiers, act.clause)
    for item in act.items:
        inside = [{rule.verb: [*rule.names], **each.params.facts} for rule in item.rules for each in rule.rulings]
        modifiers = _set_only(of=item.of, done=item.may_be_given, rules=inside)
        words = partial(_words_of_any_day, _item_words(item))
        yield DatedRule(of, items[item.name], ITEM_VERB, item.names, item.history, words, label, of, modifiers)


def _words_of_any_day(words: Text, _: date) -> Text:
    return words


def _label_name(rulebook: Rulebook, track: Track, part: FormPart | None, name: str) -> object:
    """Return a name of a rule in words: a field's label, an event, a track; of what lies behind an entry its field."""
    entry, context = read_entry(track, {}), Context(day=SAMPLE_DAY, tracks=rulebook.tracks)
    entry = read_entry(part, {}, outer=entry) if part else entry
    first, _, rest = name.partition(".")
    one = find_field(entry, first, context) if rest and not find_field(entry, name, context) else None
    scopes = scope_of(entry, context).scopes_behind(one) if one else ()
    behind = (scope.name(each).field for scope in scopes for each in _above(rest))
    text = next((field.text for field in behind if field and field.text), None)
    if text is None:
        return label_name(name, entry, context)
    owner = quote_label(one.text) if one and one.text else first
    facts = {"owner": owner, "field": quote_label(text)}
    return {spoken: format_sentence(FIELD_BEHIND, facts, spoken) for spoken in SCREEN_LANGUAGES}


FIELD_BEHIND = "{owner}, {field}"


def _above(name: str) -> Iterator[str]:
    """Yield a dotted name, and the name of each group that it lies in."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _clause_of_fields(track: Track, part: FormPart | None, names: Sequence[str]) -> str:
    """Return the clause of the first field that has one, else that of the track."""
    fields = {**track.whole.fields, **(part.fields if part else {})}
    found = (field_at_path(fields, name) for name in names)
    return next((one.clause for one in found if one and one.clause), track.clause)


def _modifiers_of_rule(rule: Rule) -> tuple[tuple[str, object], ...]:
    return _set_only(when=rule.when, unless=rule.unless, code=rule.code, opens=rule.opens)


def _set_only(**given: object) -> tuple[tuple[str, object], ...]:
    """Return the keys with a value."""
    return tuple((key, value) for key, value in given.items() if value)


def _rule_words(rulebook: Rulebook, track: Track, part: FormPart | None, rule: Rule, day: date) -> Text:
    found = describe_rule(rulebook, track, rule, day, part)
    return rule_in_words({**found, "refused": None, "strength": ""}) if found else (part or track).text


def _item_words(item: Item) -> Text:
    """Return the message while an item is open; its name where it has none."""
    says = item.says.get(item.name) or next(iter(item.says.values()), None)
    return message_without_facts(says) if says else item.text


def _label_act(rulebook: Rulebook, track: Track, name: str | None) -> LabelledCode | None:
    """Return an act with its text: an act on an entry, an act of the manual, signing, or writing the entry."""
    if name is None:
        return None
    if name in track.entry_acts:
        return LabelledCode(name, track.entry_acts[name].text)
    if name in rulebook.acts:
        return LabelledCode(name, rulebook.acts[name].text)
    return LabelledCode(name, WORDS_OF_ACTS.get(name, SAVING))


SAVING = N_("saving")
WORDS_OF_ACTS = {SIGN_ACT: N_("signing"), "terminate": N_("terminating")}
"""The words for acts that no file of the rulebook names; any other act of a track saves its entry."""

LIMITS = {
    "at_least": N_("at least {it}"),
    "at_most": N_("at most {it}"),
    "exactly": N_("exactly {it}"),
    "minor_under": N_("not under {it} years"),
    "from": N_("not earlier than: {it}"),
    "to": N_("not later than: {it}"),
    "in": N_("inside: {it}"),
    "after": N_("due after: {it}"),
    "every": "{it}",
    "before": N_("shown ahead: {it}"),
    "gate": N_("needed for the act"),
    "within": N_("counted together: {it}"),
}
"""The parameters of a ruling that limit something, in words; the others are in the words of the rule."""

LIMITS_BY_NAME = {
    "at_least": N_("at least: {it}"),
    "at_most": N_("at most: {it}"),
    "exactly": N_("exactly: {it}"),
}
"""The words for limits that no number gives, but a field or something that is counted."""

REACHES_IN_WORDS = {
    "entry": N_("this entry"),
    "stay": N_("this stay"),
    "referral": N_("since the last referral"),
    "client": N_("the whole file"),
    "house": N_("the whole register"),
    "store": N_("the whole store"),
}
MEASURES_IN_WORDS = {
    "days_of": N_("number of days ({it})"),
    "months_of": N_("number of months ({it})"),
    "persons": N_("number of persons in {her|his} file"),
    "sleeping": N_("number of persons who sleep in the house"),
    "places": N_("number of places of the house"),
}
"""The words for a number that is counted or measured, by its kind, or by what is counted."""

LIMIT_INTERVALS = {
    "hour": N_("every hour"),
    "day": N_("every day"),
    "week": N_("every week"),
    "month": N_("every month"),
}
OFFSETS = {"months": N_("months: {it}"), "days": N_("days: {it}"), "hours": N_("hours: {it}")}


def limit_in_words(params: Any, label: Callable[[str], Any]) -> Text | None:
    """Return the limits of a ruling in words, or None; *label* returns the words for a name of the rule."""
    given: Mapping[str, Any] = params.facts if isinstance(params, Verb) else params
    found = {name: given[name] for name in LIMITS if given.get(name) not in (None, False)}
    if isinstance(params, Verb) and not found.keys() - {"within"}:
        return None
    times = given.get("times", ())
    texts = {
        spoken: ", ".join(
            _limit_sentence(name, value, times if name in LIMITS_BY_NAME else (), label, spoken)
            for name, value in found.items()
        )
        for spoken in SCREEN_LANGUAGES
    }
    return texts if found else None


def _limit_sentence(name: str, value: Any, times: Iterable[Any], label: Callable[[str], Any], spoken: str) -> str:
    """Return one limit in one language: a number with the numbers that multiply it, a day with its offset, a length."""
    sentence = LIMITS[name]
    if isinstance(value, Bound):
        offsets = {unit: getattr(value, unit) for unit in OFFSETS}
        added = " ".join(_write_offset(unit, count, spoken) for unit, count in offsets.items() if count)
        it = f"{format_fact(label(value.of), spoken)} {added}".strip()
    elif isinstance(value, Mapping):
        it = " ".join(_write_offset(unit, count, spoken).removeprefix("+ ") for unit, count in value.items())
    elif name in ("every", "within"):
        it = translate((LIMIT_INTERVALS if name == "every" else REACHES_IN_WORDS)[value], spoken)
    elif name in LIMITS_BY_NAME:
        sentence = LIMITS_BY_NAME[name] if isinstance(value, Measure) else sentence
        it = " × ".join([_write_number(value, label, spoken), *(_write_factor(one, label, spoken) for one in times)])
    else:
        it = format_fact(label(value) if isinstance(value, str) else value, spoken)
    return format_sentence(sentence, {"it": it}, spoken)


def _write_offset(unit: str, count: int, spoken: str) -> str:
    return f"{'+' if count > 0 else '−'} {format_sentence(OFFSETS[unit], {'it': abs(count)}, spoken)}"


def _write_factor(value: Any, label: Callable[[str], Any], spoken: str) -> str:
    """Return a number by which a limit is multiplied: a length of time, or the label of the field that has it."""
    return _write_number(value if isinstance(value, Measure) else Measure("of", str(value)), label, spoken)


def _write_number(value: Any, label: Callable[[str], Any], spoken: str) -> str:
    """Return a number of a rule, or what it is read from or counted by, in words."""
    if not isinstance(value, Measure):
        return str(value)
    if value.kind == "of":
        return format_fact(label(value.name), spoken)
    if value.kind == "count":
        return format_sentence(MEASURES_IN_WORDS[value.name], {}, spoken)
    return format_sentence(MEASURES_IN_WORDS[value.kind], {"it": label(value.name)}, spoken)


class RuleRow(NamedTuple):
    """One rule as it holds on a day: *of* a track, act or annex; its verb with the fields, and the same in *words*.

    *severity* is the weight of a violation at the *act*. The ruling holds since the day *since*, None if it always
    held, until the last day before *until*, when the rule becomes *then*: other limits, another clause, or repealed.
    """

    of: str
    part: str | None
    verb: str
    names: tuple[str, ...]
    words: Text
    limit: Text | None
    severity: str | None
    act: str | None
    clause: str
    reading: str | None
    since: date | None
    until: date | None
    then: Text | None


REPEALED = N_("repealed ({clause})")
REPLACED = "{limit} ({clause})"
ONLY_CLAUSE_CHANGES = N_("as before ({clause})")
STRENGTH_CHANGES = {
    Severity.REFUSE.value: N_("refused ({clause})"),
    Severity.OPEN.value: N_("only open ({clause})"),
    Severity.WARN.value: N_("only a note ({clause})"),
}


def list_rows(rules: Iterable[DatedRule], day: date, *, whole_history: bool = False) -> Iterator[RuleRow]:
    """Yield a row for each rule in force on *day*, or for each ruling of each rule with the *whole history*."""
    for rule in rules:
        for number, ruling in enumerate(rule.history):
            following = rule.history[number + 1] if number + 1 < len(rule.history) else None
            if isinstance(ruling, Ruling) and (whole_history or ruling is ruling_in_force(rule.history, day)):
                yield _make_row(rule, ruling, following, day)


def _make_row(rule: DatedRule, ruling: Ruling[Any], following: Ruling[Any] | Repeal | None, day: date) -> RuleRow:
    until = following.since if following else None
    on = min(max(day, ruling.since or day), add_days(until, -1) if until else date.max)  # a day of this ruling
    return RuleRow(
        rule.of,
        rule.part,
        rule.verb,
        rule.names,
        rule.words(on),
        limit_in_words(ruling.params, rule.label),
        rule.severity(ruling),
        rule.act or (LabelledCode("save", SAVING) if ruling.strength is Strength.MALFORMED else None),
        rule.clause_of(ruling),
        ruling.reading,
        ruling.since,
        until,
        _say_what_follows(rule, ruling, following) if following else None,
    )


def _say_what_follows(rule: DatedRule, ruling: Ruling[Any], following: Ruling[Any] | Repeal) -> Text:
    facts: dict[str, object] = {"clause": rule.clause_of(following)}
    said: list[str]
    if isinstance(following, Repeal):
        said = [REPEALED]
    else:
        limit, severity = limit_in_words(following.params, rule.label), rule.severity(following)
        facts["limit"] = limit
        said = [REPLACED] if limit and limit != limit_in_words(ruling.params, rule.label) else []
        said += [STRENGTH_CHANGES[severity]] if severity and severity != rule.severity(ruling) else []
        said = said or [ONLY_CLAUSE_CHANGES]
    return {spoken: ", ".join(format_sentence(each, facts, spoken) for each in said) for spoken in SCREEN_LANGUAGES}


RULES_ON_DAY = N_("Rules in force on {day}: {count}.")
RULINGS_OF_ALL_DAYS = N_("Rules with their whole history, each ruling by itself: {count}.")
NO_RULE_ON_DAY = N_("No rule of {what} is in force on {day}. --all shows those of other days too.")
NO_RULE_CITES = N_("No rule in force on {day} rests on {what}. --all shows those of other days too.")
RULES_UNKNOWN = N_("There is no track, form, act, annex, clause or reading with that name.")
RULES_NEAR = N_("Did you mean {near}?")
HOW_RULES_ARE_NAMED = N_("Type a track such as {track}, an act such as {act}, an annex, or a clause such as {clause}.")

RULE_COLUMNS = RuleRow._fields
RULE_PROGRAM_COLUMNS = ("verb", "names")

RULE_OWNER = "{name}: {title}"
RULE_WORDS = "  - {words}"
RULE_WORDS_OF_PART = "  - {part}: {words}"
RULE_TERMS = "    {terms}"
RULE_LIMIT = N_("Limit: {limit}.")
RULE_WEIGHTS = {
    Severity.REFUSE.value: N_("Refuses: {act}."),
    Severity.OPEN.value: N_("Stays open."),
    Severity.WARN.value: N_("A note only."),
}
RULE_CLAUSE = N_("Clause: {clause}.")
RULE_CLAUSE_AND_READING = N_("Clause: {clause}, reading {reading}.")
RULE_SINCE = N_("Since {since}.")
RULE_THEN = N_("From {until}: {then}.")


def answer_rules(rulebook: Rulebook, what: str | None, day: date, *, whole_history: bool = False) -> Outcome:
    """Return the rules in force on *day*: all, or those of a track, act or annex, or those that rest on a clause or a
    reading. Raises NotFound with the nearest names.
    """
    every = [*list_dated_rules(rulebook)]
    named, cited = (None, None) if what is None else _find_subject(rulebook, every, what)
    chosen = [rule for rule in every if named in (None, str(rule.of))]
    rows = [*list_rows(chosen, day, whole_history=whole_history)]
    rows = [row for row in rows if cited is None or cited in (row.clause, row.reading)]
    said = RULINGS_OF_ALL_DAYS if whole_history else RULES_ON_DAY
    if what and not rows:
        said = NO_RULE_ON_DAY if named else NO_RULE_CITES
    return Outcome(
        data={"rows": [row._asdict() for row in rows]},
        columns=RULE_COLUMNS,
        said=((said, {"day": day, "count": len(rows), "what": named or cited}),),
        prose=tuple(_rule_lines(rows)),
    )


def _find_subject(rulebook: Rulebook, rules: Iterable[DatedRule], what: str) -> tuple[str | None, str | None]:
    """Return the track, act or annex that is meant, or else the clause or reading."""
    owners = {normalize_name(rule.of): str(rule.of) for rule in rules}
    owners |= {normalize_name(name): name for name in rulebook.track_names}
    clauses = {normalize_name(name): name for name in (*rulebook.clauses, *rulebook.readings)}
    clauses |= {normalize_name(name): name for rule in rules for name in map(rule.clause_of, rule.history)}
    asked = normalize_name(what)
    if asked in owners or asked in clauses:
        return owners.get(asked), None if asked in owners else clauses[asked]
    known = {**clauses, **owners}
    near = [known[key] for much in (SURE_SIMILARITY, 0.6) for key in get_close_matches(asked, known, 3, much)]
    near = [*dict.fromkeys(near)][:3]
    act = next(iter(rulebook.acts.values()))
    example = {"track": next(iter(rulebook.forms), rulebook.track_names[0]), "act": act.name, "clause": act.clause}
    hint = RULES_NEAR if near else HOW_RULES_ARE_NAMED
    raise NotFound("rules/unknown", RULES_UNKNOWN, hint=hint, near=near, **example)


def _rule_lines(rows: Iterable[RuleRow]) -> Iterator[FilledSentence]:
    """Yield the rules for a person: under the name of each track, act or annex, two lines for each rule."""
    owner = None
    for row in rows:
        if row.of != owner:
            owner = row.of
            yield from (("", {}), (RULE_OWNER, {"name": str(row.of), "title": getattr(row.of, "text", "")}))
        yield RULE_WORDS_OF_PART if row.part else RULE_WORDS, {"part": row.part, "words": row.words}
        yield RULE_TERMS, {"terms": _terms_in_words(row)}


def _terms_in_words(row: RuleRow) -> Text:
    """Return the limit, weight, clause and days of a rule as one line."""
    facts = row._asdict()
    said = [RULE_LIMIT] if row.limit else []
    said += [RULE_WEIGHTS[row.severity]] if row.severity else []
    said += [RULE_CLAUSE_AND_READING if row.reading else RULE_CLAUSE]
    said += [RULE_SINCE] if row.since else []
    said += [RULE_THEN] if row.then else []
    return {spoken: " ".join(format_sentence(each, facts, spoken) for each in said) for spoken in SCREEN_LANGUAGES}
