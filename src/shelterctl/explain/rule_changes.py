"""The differences of two rulebooks themselves: rules, fields, and files of which other words differ."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from shelterctl.core.finding import FilledSentence
from shelterctl.core.manual.rule import Bound, Measure, Repeal, Ruling, Strength, Verb
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.rules.verbs.verb import SAMPLE_DAY
from shelterctl.explain.rules import (
    DUE_VERB,
    ITEM_VERB,
    LINE_VERB,
    PRINTED_VERB,
    REPEALED,
    DatedRule,
    limit_in_words,
    list_dated_rules,
)
from shelterctl.language import LabelledCode, Text, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

FIELD_KIND, FILE_KIND = "field", "file"
"""The kinds of changes that concern no rule: a field, and a file in which only something else differs."""

WORDS_OF_FIELD = frozenset({"text", "hint", "on_paper", "unit", "clause", "fields"})
"""The keys of a field that do not decide what it may hold, and that of the fields inside it, which come by
themselves.
"""


VERBS_IN_WORDS = {
    "needs": N_("to be filled in"),
    "is": N_("allowed answers"),
    "dated": N_("dates"),
    "amount": N_("numbers"),
    "once": N_("no repetition"),
    "by": N_("who does it"),
    "stands": N_("other entries"),
    "suits": N_("age and sex"),
    "covers": N_("no gap in time"),
    ITEM_VERB: N_("item of the checklist"),
    LINE_VERB: N_("line of the form"),
    DUE_VERB: N_("deadline"),
    PRINTED_VERB: N_("printed text"),
    FIELD_KIND: N_("field"),
}
"""The kinds of rules and changes, in words."""


class RuleChange(NamedTuple):
    """One difference of a rulebook: *of* which track, act, annex or file, of which *part*, and the rulings *before* and
    *after* in words; None where there is none.
    """

    of: str
    part: str | None
    verb: str
    names: tuple[str, ...]
    clause: str | None
    before: Text | None
    after: Text | None


RULING = "{limit} ({clause})"
RULING_SINCE = N_("from {since}: {limit} ({clause})")
REPEALED_SINCE = N_("from {since}: repealed ({clause})")
STRENGTH_WORDS = {
    Strength.SHOULD: N_("only open"),
    Strength.NOTE: N_("only a note"),
    Strength.MALFORMED: N_("not saved otherwise"),
}
IN_FORCE = N_("in force")
ITEM_NOT_NEEDED = N_("not needed for the act")


def list_rule_changes(before: Rulebook, after: Rulebook) -> list[RuleChange]:
    """Return what differs, in the order of the second rulebook; what only the first has comes at the end."""
    found = [*_changed_rules(before, after), *_changed_fields(before, after)]
    told = {change.of for change in found}
    for name in sorted({*_names_of_files(before), *_names_of_files(after)}):
        stem = name.rpartition("/")[2].removesuffix(".yaml")
        if stem not in told and before.file_digest(name) != after.file_digest(name):
            found.append(RuleChange(name, None, FILE_KIND, (), None, None, None))
    return found


def _names_of_files(rulebook: Rulebook) -> Iterator[str]:
    for pattern in ("*.yaml", "*/*.yaml"):
        yield from (path.relative_to(rulebook.folder).as_posix() for path in rulebook.folder.glob(pattern))


def _changed_rules(before: Rulebook, after: Rulebook) -> Iterator[RuleChange]:
    """Yield the rules that differ: of one place and verb those alike are taken out, the others compared in order."""
    was, is_ = (_group_rules(list_dated_rules(rulebook)) for rulebook in (before, after))
    for place in dict.fromkeys((*is_, *was)):
        old, new = list(was.get(place, ())), list(is_.get(place, ()))
        for one in [*old]:
            alike = next((other for other in new if _content(other) == _content(one)), None)
            if alike is not None:
                old.remove(one)
                new.remove(alike)
        for one, other in zip_longest(old, new):
            rule = other or one
            of, part = rule.of, rule.part
            verb, names = _label_verb(rule.verb), tuple(LabelledCode(name, rule.label(name)) for name in rule.names)
            clause = rule.clause_of(rule.history[-1])
            words = _history_in_words(one), _history_in_words(other)
            if words[0] == words[1]:
                words = _last_words(one), _last_words(other)
            if words[0] == words[1]:
                words = _notation(one), _notation(other)
            yield RuleChange(of, part, verb, names, clause, *words)


RulePlace = tuple[str, str | None, str, tuple[str, ...]]


def _group_rules(rules: Iterable[DatedRule]) -> dict[RulePlace, list[DatedRule]]:
    found: dict[RulePlace, list[DatedRule]] = {}
    for rule in rules:
        found.setdefault((rule.of, rule.part, rule.verb, rule.names), []).append(rule)
    return found


def _content(rule: DatedRule) -> tuple[object, ...]:
    """Return what two equal rules have in common: everything but their words."""
    return rule.act, rule.modifiers, *(_ruling_content(each) for each in rule.history)


def _ruling_content(ruling: Ruling[Any] | Repeal) -> tuple[object, ...]:
    if isinstance(ruling, Repeal):
        return ruling.clause, ruling.since
    given = ruling.params.facts if isinstance(ruling.params, Verb) else ruling.params
    return ruling.clause, ruling.since, ruling.strength, ruling.reading, _flow(given)


def _history_in_words(rule: DatedRule | None) -> Text | None:
    """Return the rulings of a rule in words, the oldest first; None for no rule."""
    if rule is None:
        return None
    said = [_ruling_sentence(rule, each) for each in rule.history]
    return {spoken: "; ".join(format_sentence(*each, spoken) for each in said) for spoken in SCREEN_LANGUAGES}


def _label_verb(verb: str) -> LabelledCode:
    return LabelledCode(verb, VERBS_IN_WORDS[verb])


def _last_words(rule: DatedRule | None) -> Text | None:
    """Return a rule in words, as it holds after its last change; None for no rule."""
    return rule.words(rule.history[-1].since or SAMPLE_DAY) if rule else None


def _ruling_sentence(rule: DatedRule, ruling: Ruling[Any] | Repeal) -> FilledSentence:
    facts: dict[str, object] = {"clause": rule.clause_of(ruling), "since": ruling.since}
    if isinstance(ruling, Repeal):
        return REPEALED_SINCE if ruling.since else REPEALED, facts
    words = [each for each in (limit_in_words(ruling.params, rule.label), STRENGTH_WORDS.get(ruling.strength)) if each]
    otherwise = ITEM_NOT_NEEDED if rule.verb == ITEM_VERB else IN_FORCE
    return RULING_SINCE if ruling.since else RULING, {**facts, "limit": words or otherwise}


def _notation(rule: DatedRule | None) -> Text | None:
    """Return the parameters of a rule as the rulebook has them, for what its words do not tell."""
    if rule is None:
        return None
    rulings = (each for each in rule.history if isinstance(each, Ruling))
    given = [each.params.facts if isinstance(each.params, Verb) else each.params for each in rulings]
    return {"en": "; ".join(_flow({**each, **dict(rule.modifiers)}) for each in given)}


def _flow(value: Any) -> str:
    """Return data as YAML in flow style would show it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inner(each)}" for key, each in value.items())
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, Bound):
        offset = {name: count for name in ("months", "days", "hours") if (count := getattr(value, name))}
        return _inner({"of": value.of, **offset}) if offset else value.of
    if isinstance(value, Measure):
        return _inner({value.kind: value.name})
    if isinstance(value, Mapping):
        return f"{{{_flow(value)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inner, value))}]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _changed_fields(before: Rulebook, after: Rulebook) -> Iterator[RuleChange]:
    """Yield the fields that only one rulebook has, or that may hold something else."""
    was, is_ = (dict(_list_fields(rulebook)) for rulebook in (before, after))
    known = (*map(_label_fields, (after, before)),)
    for place in dict.fromkeys((*is_, *was)):
        if was.get(place) != is_.get(place):
            of, part, name = place
            old, new = ({"en": text} if (text := each.get(place)) else None for each in (was, is_))
            track, label = next(found for each in known if (found := each(of, part, name)))
            yield RuleChange(track, part, _label_verb(FIELD_KIND), (label,), None, old, new)


def _label_fields(rulebook: Rulebook) -> Callable[[str, str | None, str], tuple[LabelledCode, LabelledCode] | None]:
    """Return a function that labels a track and a field of it, or of a part of it; None for one that is not there."""

    def label(of: str, part: str | None, name: str) -> tuple[LabelledCode, LabelledCode] | None:
        if of not in rulebook.track_names:
            return None
        track = rulebook.tracks[of].whole
        fields = track.parts[part].fields if part is not None and part in track.parts else track.fields
        one = field_at_path({**track.fields, **fields}, name)
        text = one.text if one and one.text else {"en": name}
        return LabelledCode(of, track.text), LabelledCode(name, text)

    return label


def _list_fields(rulebook: Rulebook) -> Iterator[tuple[tuple[str, str | None, str], str]]:
    """Yield every field of every track, by track, part and dotted name, with what it may hold."""
    for name in rulebook.track_names:
        written = rulebook.file_of("track", name).value
        owners = [(None, written.get(key)) for key in ("fields", "clear", "each")]
        owners += [(number, part.get("fields")) for number, part in (written.get("parts") or {}).items()]
        for number, fields in owners:
            for dotted, one in _nested_written(fields or {}, ""):
                yield (name, number, dotted), _flow(_without_words(one))


def _nested_written(fields: Mapping[str, Any], above: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, one in fields.items():
        yield f"{above}{key}", one
        yield from _nested_written(one.get("fields") or {}, f"{above}{key}.")


def _without_words(field: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field as it is written, without texts; of its codes only the names and their days."""
    kept = {key: value for key, value in field.items() if key not in WORDS_OF_FIELD}
    if isinstance(codes := kept.get("codes"), Mapping):
        dated = {code: {key: text[key] for key in ("since", "later") if key in text} for code, text in codes.items()}
        kept["codes"] = [{code: days} if days else code for code, days in dated.items()]
    return kept
