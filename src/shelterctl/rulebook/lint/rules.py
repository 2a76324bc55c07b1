"""Checks of one rule: its names, codes, tracks and parameters exist, and every parameter has an effect.

A parameter without an effect is an error, because its author believes that it does something. Each sentence that a rule
can lead to is filled with invented facts, so that a missing fact is found before a client's file is checked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.rule import Rule, Strength, Violation
from shelterctl.core.manual.slip import Slip, unknown_word
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.compiled import bind_rule
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import find_published_code, make_finding
from shelterctl.core.rules.messages import fact_names
from shelterctl.core.rules.names import find_field_among
from shelterctl.core.rules.verbs.verb import PARAMETER_IDLE_BESIDE, SINGLE_NAME_WANTED, Binding, BindingSlip, RuleVerb
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.core.values.days import read_day
from shelterctl.errors import BrokenRulebook
from shelterctl.immutable import immutable
from shelterctl.language import format_sentence
from shelterctl.rulebook.files import RulebookFile, collecting, pointer_below, refuse_all
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.ui_language import N_

CLAUSE_MISSING = N_("neither the rule nor the field has a clause; add clause: to the rule")
CODE_WITHOUT_WORDS = N_("the code {name} has no text; use a published code, or write a text under says")
SENTENCE_LACKS_FACT = N_("the text of this code uses {fact}, which this rule does not give; use another code")
SENTENCE_NEEDS_KEY = N_("the text of this code uses {fact}; add {fact}: to this rule")
SENTENCE_OF_OTHER_RULE = N_("the text of this code does not fit this rule; use another code")

FACTS_OF_EVERY_SENTENCE = ("label", "track", "clause", "day")
"""Facts that may fill every sentence of a verb."""

PARAMETERS_WITHOUT_WORDS = ("any",)
"""Parameters of ``needs`` that may be given without a code whose sentence uses them."""

VERBS_OF_TRACKS = ("stands", "suits")
"""Verbs whose names are tracks, not fields."""


@immutable(slots=False)
class RuleCheck:
    """One rule as it is *written* at a place and as it is read, and what decides what it may say there.

    *acts* are those that the rule may name under ``act``; *has_own_words* is true for a rule of an item, which has
    texts for it. *clause* is the clause of the item around the rule, *track* the track whose entries it binds.
    """

    file: RulebookFile
    place: str
    written: Mapping[str, Any]
    rule: Rule
    scope: CheckedScope
    acts: Collection[str] = ()
    may_open_other_files: bool = False
    track: Track | None = None
    has_own_words: bool = False
    clause: str | None = None

    def refuse(self, *slips: BindingSlip) -> None:
        """Raise BrokenRulebook for slips of the rule, each at its place in the file; do nothing if there are none."""
        refuse_all(self.file.error_of(each.slip.below(self._place_of(each))) for each in slips)

    def _place_of(self, slip: BindingSlip) -> str:
        """Return the pointer to the deepest written key of a slip, in the ruling of its day or in the rule."""
        own, above = self.written, self.place
        for number, later in enumerate(self.written.get("later") or ()):
            if slip.since and read_day(later.get("since")) == slip.since and slip.key and slip.key[0] in later:
                own, above = later, pointer_below(self.place, "later", number)
        found: Any = own
        for key in slip.key:
            listed = isinstance(found, list) and isinstance(key, int)
            if not (listed or (isinstance(found, Mapping) and key in found)):
                break
            found, above = found[key], pointer_below(above, key)
        return above


def check_rule(check: RuleCheck) -> None:
    """Raise BrokenRulebook with every place at which the rule has a mistake."""
    errors: list[BrokenRulebook] = []
    for check_part in (_check_act, _check_opening, _check_facts_of_code, _check_own_words, _check_number_of_names):
        with collecting(errors):
            check_part(check)
    binding = _bind(check)
    with collecting(errors):
        check.refuse(*(binding.slips or ()))
    refuse_all(errors)
    names = () if check.rule.verb in VERBS_OF_TRACKS else check.rule.names
    clauses = [one.clause for name in names if (one := binding.scope.name(name).field)]
    if not check.clause and "clause" not in check.written and (not clauses or None in clauses):
        check.refuse(BindingSlip((), Slip("", CLAUSE_MISSING)))


def _bind(check: RuleCheck) -> Binding:
    """Return the rule bound as it is for compiling, with its slips."""
    binding = Binding(
        check.rule,
        check.scope,
        slips=[],
        track=check.track,
        may_open_files=check.may_open_other_files,
        has_words=check.has_own_words or check.rule.code is not None,
    )
    bind_rule(binding)
    return binding


def _check_number_of_names(check: RuleCheck) -> None:
    most = VERBS[check.rule.verb].MOST_NAMES
    if most is not None and len(check.rule.names) > most:
        check.refuse(BindingSlip((check.rule.verb, most), Slip("", SINGLE_NAME_WANTED)))


def _check_act(check: RuleCheck) -> None:
    check.file.require_known(pointer_below(check.place, "act"), check.rule.act, check.acts)
    if check.track is None or check.track.is_coded:
        refuse_malformed(check.file, check.place, check.written)
    for ruling in check.rule.rulings if check.rule.act else ():
        if ruling.strength is Strength.MALFORMED:
            strength = f"strength: {ruling.strength}"
            check.refuse(BindingSlip(("act",), Slip("", PARAMETER_IDLE_BESIDE, {"key": "act", "other": strength})))


def refuse_malformed(file: RulebookFile, place: str, written: Mapping[str, Any]) -> None:
    """Raise BrokenRulebook where something has the strength ``malformed`` that refuses no entry when it is written."""
    softer = [each for each in Strength if each is not Strength.MALFORMED]
    rulings = enumerate(written.get("later") or ())
    for at, own in ((place, written), *((pointer_below(place, "later", number), one) for number, one in rulings)):
        if own.get("strength") == Strength.MALFORMED:
            raise file.unknown_word_error(pointer_below(at, "strength"), own["strength"], softer)


def _check_opening(check: RuleCheck) -> None:
    """Raise BrokenRulebook unless the rule opens a known track, or a field of one."""
    rule, file, place = check.rule, check.file, check.place
    if rule.opens is not None:
        at, (track, dot, inside) = pointer_below(place, "opens"), rule.opens.partition(".")
        file.require_known(at, track, check.scope.every_track)
        if dot and find_field_among(check.scope.every_track[track].fields, inside) is None:
            raise file.unknown_word_error(at, rule.opens, check.scope.all_names())


def _check_facts_of_code(check: RuleCheck) -> None:
    """Raise BrokenRulebook for a fact that ``needs`` gives, but the rule's code does not publish."""
    published = check.scope.published.get(check.rule.code or "")
    known = (*PARAMETERS_WITHOUT_WORDS, *(published.facts if published else ()))
    for ruling in check.rule.rulings if check.rule.verb == "needs" else ():
        for key in ruling.params.facts:
            if key not in known:
                check.refuse(BindingSlip((key,), unknown_word("", key, known), ruling.since))


def _check_own_words(check: RuleCheck) -> None:
    """Raise BrokenRulebook if the rule's code has no text, or its texts use facts that the verb does not give."""
    rule, file, verb = check.written, check.file, VERBS[check.rule.verb]
    explained = check.scope.explained
    if "code" in rule and not check.has_own_words and rule["code"] not in explained and "says" not in rule:
        at, code = pointer_below(check.place, "code"), rule["code"]
        if get_close_matches(code, explained, 1):
            raise file.unknown_word_error(at, code, explained)
        raise file.error_at("word", at, CODE_WITHOUT_WORDS, name=code)
    ways = {reason: way.says for reason, way in verb.WAYS.items()}
    if verb.word == "once" and len(check.rule.names) > 1:  # a beginning and an end share one way
        ways = {"": ways[""]}
    for key in ("says", "in_file"):
        said = rule.get(key) or {}
        for reason, text in {"": said}.items() if "en" in said else said.items():
            at = pointer_below(check.place, key, *([reason] if reason else []))
            meant = [sentence for way, sentence in ways.items() if not reason or way == reason]
            if not meant:
                raise file.unknown_word_error(at, reason, ways)
            common = set.intersection(*({*fact_names(each)} for each in meant))
            file.require_facts(at, text, {*FACTS_OF_EVERY_SENTENCE, *common})


def possible_findings(rule: Rule, entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield every finding that a rule can lead to, by all its rulings."""
    for ruling in rule.rulings:
        verb = ruling.params
        for reason in verb.reasons(rule) if isinstance(verb, RuleVerb) else ():
            published = find_published_code(rule, f"{rule.verb}.{reason}" if reason else rule.verb, entry)
            for name in rule.names:
                facts = verb.sample(reason, name, entry) if isinstance(verb, RuleVerb) else {}
                gathered = {published.gathered_as: [name]} if published and published.gathered_as else {}
                yield make_finding(rule, ruling, Violation(name, reason, {**facts, **gathered}), entry, context)


def check_sentences(check: RuleCheck, entry: Entry, context: Context) -> None:
    """Raise BrokenRulebook if a sentence of the rule lacks a fact, or belongs to a reason that never arises."""
    rule = check.rule
    verbs = [ruling.params for ruling in rule.rulings]
    come_to = {reason for verb in verbs if isinstance(verb, RuleVerb) for reason in verb.reasons(rule)}
    for key in ("says", "in_file"):
        said: Mapping[str, Sequence[str]] = check.written.get(key) or {}
        for reason in said if "en" not in said else ():
            check.file.require_known(pointer_below(check.place, key, reason), reason, come_to)
    place = pointer_below(check.place, "code" if rule.code else rule.verb)
    published = None
    try:
        for finding in possible_findings(rule, entry, context):
            if published := check.scope.published.get(finding.code):
                format_sentence(finding.whole, finding.facts)
    except KeyError as error:
        fact = str(error.args[0])
        fact = published.facts.get(fact, fact) if published else fact
        own = {"reading", *(each.name.rstrip("_") for each in fields(VERBS[rule.verb]))}
        message = SENTENCE_NEEDS_KEY if fact in own else SENTENCE_LACKS_FACT
        raise check.file.error_at("rule", place, message, fact=fact) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise check.file.error_at("rule", place, SENTENCE_OF_OTHER_RULE) from error
