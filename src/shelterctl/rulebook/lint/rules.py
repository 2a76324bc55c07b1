"""A rule checked against its rulebook: names, codes, tracks and parameters exist, and every parameter has an effect.

A parameter without an effect is an error, because its author believes that it does something. Each sentence that a
rule can lead to is filled with invented facts, so that a missing fact is found before a client's file is checked.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.rule import Rule, Ruling, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import COUNTABLE_KINDS, Context
from shelterctl.core.rules.findings import find_published_code, make_finding
from shelterctl.core.rules.messages import EVENT_NOUNS, VERB_SENTENCES, fact_names
from shelterctl.language import format_sentence
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.rulebook.lint.grammar import FACTS_OF_RULE, VERB_PARAMETERS
from shelterctl.rulebook.lint.scope import (
    PRESENCE_ANSWERS,
    Scope,
    find_field,
    names_of_fields,
    require_field_of,
    staff_roles,
)
from shelterctl.ui_language import N_

PARAMETER_WANTED = N_("this says nothing without one of these: {keys}")
PARAMETER_NEEDS_OTHER = N_("{key} counts only beside {other}")
PARAMETER_IDLE_BESIDE = N_("{key} does nothing beside {other}")
KIND_UNSUITABLE = N_("{name} is of the kind {kind}, which cannot stand here; these can: {kinds}")
SINGLE_VALUE_WANTED = N_("{name} is a list, and one value is wanted here")
LABEL_MISSING = N_("{name} has no text of its own to be called by; give the rule a code that has words")
CLAUSE_MISSING = N_("neither the rule nor the field has a clause")

PARAMETERS_NEEDED: Mapping[str, tuple[str, ...]] = {
    "is": ("codes", "all", "of", "contains"), "dated": ("from", "to", "in"),
    "amount": ("at_most", "at_least", "exactly"), "once": ("within",), "suits": ("minor_under", "at_least"),
}  # fmt: skip
"""Of these a verb wants one at least."""

PARAMETERS_NEEDING_OTHER: Mapping[str, Mapping[str, str]] = {
    "amount": {"within": "at_most", "each": "within", "same": "within", "overlaps": "within", "per": "within"},
    "suits": {"sex": "minor_under", "at_least": "at_most", "at_most": "at_least"},
}
"""What is looked at only where something else stands there."""

PARAMETERS_EXCLUDING_OTHER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "is": {"of": ("contains", "all", "codes"), "contains": ("all", "codes"), "all": ("codes",)},
    "dated": {"in": ("from", "to")},
    "by": {"not": ("role", "each", "outside"), "outside": ("role", "each"), "each": ("role",)},
    "stands": {"none": ("each",)},
    "suits": {"minor_under": ("at_least",)},
}
"""What is not looked at beside something else."""


FACTS_OF_EVERY_SENTENCE = ("label", "track", "clause", "day")
"""What every sentence of a verb may be filled from."""


PlaceOfKey = Callable[..., str]
"""The pointer to a parameter of a verb, as a rule has it at first or since a later day."""


@dataclass(frozen=True, repr=False)
class RuleCheck:
    """One rule as it is written at a place, and whatever decides what it may say there.

    *acts* are those that a rule may rest on; *has_own_words* is true for a rule of an item, which has words for it.
    *clause* is that of what the rule stands in, *track* the one whose entries it binds; *part* says that it binds a
    part of one.
    """

    file: RulebookFile
    place: str
    rule: Mapping[str, Any]
    scope: Scope
    acts: Collection[str] = ()
    may_open_other_files: bool = False
    track: Track | None = None
    part: bool = False
    has_own_words: bool = False
    clause: str | None = None

    @property
    def verb(self) -> str:
        """Its verb."""
        return next(verb for verb in VERB_PARAMETERS if verb in self.rule)

    @property
    def names(self) -> Sequence[tuple[str, str]]:
        """The names that it binds, each with its place."""
        bound, place = self.rule[self.verb], pointer_below(self.place, self.verb)
        if isinstance(bound, Mapping):
            return ()
        return words_with_places(place, bound)

    def rulings_with_places(self) -> Iterator[tuple[Mapping[str, Any], PlaceOfKey]]:
        """What it is told at first and since each later day, and where each key of that is written."""
        if not self.rule.get("repealed"):
            yield self.rule, lambda *keys: pointer_below(self.place, *keys)
        for number, later in enumerate(self.rule.get("later") or ()):
            if not later.get("repealed"):
                at = pointer_below(self.place, "later", number)
                yield {**self.rule, **later}, _place_of_later_key(self.place, at, later)

    def error_at(self, place: str, what: str, **facts: object) -> Exception:
        """The slip at that place."""
        return self.file.error_at("rule", place, what, **facts)

    def require_field(self, place: str, name: str, *kinds: str, alone: bool = False) -> Field:
        """What a name means, which is of one of these kinds if any are named, and one value *alone*."""
        found = self.scope.require_name(self.file, place, name)
        if kinds and found.kind not in kinds:
            raise self.error_at(place, KIND_UNSUITABLE, name=name, kind=found.kind, kinds=kinds)
        if alone and found.several:
            raise self.error_at(place, SINGLE_VALUE_WANTED, name=name)
        return found


def _place_of_later_key(place: str, at: str, later: Mapping[str, Any]) -> PlaceOfKey:
    return lambda *keys: pointer_below(at if keys[0] in later else place, *keys)


def check_modifiers(check: RuleCheck) -> None:
    """Its modifiers: of whom it is asked, what lets it pass, what it rests on and opens, its clause and its words."""
    rule, file, place = check.rule, check.file, check.place
    check_answers(file, pointer_below(place, "when"), rule.get("when") or {}, check.scope)
    if "unless" in rule:
        check.require_field(pointer_below(place, "unless"), rule["unless"])
    if "act" in rule:
        file.require_known(pointer_below(place, "act"), rule["act"], check.acts)
    if "opens" in rule:
        _check_opened_track(check, pointer_below(place, "opens"), rule["opens"])
    _check_facts_of_code(check)
    named = () if check.verb in ("stands", "suits") else check.names
    clauses = [check.require_field(at, name).clause for name, at in named]
    if not check.clause and "clause" not in rule and (not clauses or None in clauses):
        raise check.error_at(place, CLAUSE_MISSING)
    _check_own_words(check)


def _check_facts_of_code(check: RuleCheck) -> None:
    """What the rule says for the sentence of its code alone is a fact that the code publishes."""
    published = check.scope.published.get(check.rule.get("code", ""))
    known = {*VERB_PARAMETERS[check.verb], *(published.facts if published else ())}
    for asks, at in check.rulings_with_places():
        for key in FACTS_OF_RULE.keys() & asks.keys() - known:
            raise check.file.unknown_word_error(at(key), key, known)


def _check_opened_track(check: RuleCheck, place: str, name: str) -> None:
    track, dot, inside = name.partition(".")
    check.file.require_known(place, track, check.scope.tracks)
    if dot and find_field(check.scope.tracks[track].fields, inside) is None:
        raise check.file.unknown_word_error(place, name, check.scope.all_names())


def _check_own_words(check: RuleCheck) -> None:
    """A code that the program has words for, or words that stand beside it, filled from what the verb gives."""
    rule, file = check.rule, check.file
    published = check.scope.published
    if "code" in rule and not check.has_own_words and rule["code"] not in published and "says" not in rule:
        raise file.unknown_word_error(pointer_below(check.place, "code"), rule["code"], published)
    ways = {reason: sentence for reason, sentence in VERB_SENTENCES.items() if reason.partition(".")[0] == check.verb}
    if check.verb == "once" and len([*check.names]) > 1:  # a beginning and an end come to one way
        ways = {"once": VERB_SENTENCES["once"]}
    for key in ("says", "in_file"):
        said = rule.get(key) or {}
        for reason, text in {"": said}.items() if "en" in said else said.items():
            at = pointer_below(check.place, key, *([reason] if reason else []))
            meant = [sentence for way, sentence in ways.items() if not reason or way == f"{check.verb}.{reason}"]
            if not meant:
                raise file.unknown_word_error(at, reason, [way.partition(".")[2] for way in ways])
            common = set.intersection(*({*fact_names(each)} for each in meant))
            file.require_facts(at, text, {*FACTS_OF_EVERY_SENTENCE, *common})


def check_parameters(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    """What its verb is told is enough to say something, and nothing of it is idle beside the rest."""
    verb = check.verb
    if PARAMETERS_NEEDED.get(verb) and not any(key in asks for key in PARAMETERS_NEEDED[verb]):
        raise check.error_at(check.place, PARAMETER_WANTED, keys=PARAMETERS_NEEDED[verb])
    for key, other in PARAMETERS_NEEDING_OTHER.get(verb, {}).items():
        if key in asks and other not in asks:
            raise check.error_at(at(key), PARAMETER_NEEDS_OTHER, key=key, other=other)
    for other, idle in PARAMETERS_EXCLUDING_OTHER.get(verb, {}).items():
        for key in idle if other in asks else ():
            if key in asks:
                raise check.error_at(at(key), PARAMETER_IDLE_BESIDE, key=key, other=other)


def check_answers(file: RulebookFile, place: str, wanted: Mapping[str, Sequence[str]], scope: Scope) -> None:
    """Names with the answers that are meant: each name is known, and each answer may be given there."""
    for name, said in wanted.items():
        at = pointer_below(place, name)
        found = scope.require_name(file, at, name)
        file.require_all_known(at, said, scope.allowed_answers(found, *PRESENCE_ANSWERS))


def check_label(check: RuleCheck, place: str, name: str, found: Field) -> None:
    """What a sentence of the verb calls by its label has one; a published code and an item have words of their own."""
    if not check.has_own_words and "code" not in check.rule and not found.text and name not in EVENT_NOUNS:
        raise check.error_at(place, LABEL_MISSING, name=name)


SINGLE_NAME_WANTED = N_("one name only can stand here")
WOULD_OPEN_EVERY_FILE = N_(
    "this would open every file; only rules of acts, of tracks that an act writes, and once may do that"
)
NOTHING_FOUND_IN_TRACK = N_("{word} finds nothing in the track {track}, which has no {key}")
PART_CANNOT_REACH = N_("a rule of a part does not reach so far")
GROUP_WITH_LIFE_WANTED = N_("this is no group with a first and a last day under life")
REGISTER_NEEDS_FIELD = N_("a register is reached through a field: of")
NAME_INSIDE_SEAL = N_("{name} lies inside the seal; seen from outside are only {markers}")
ONLY_STAFF_HAVE_ROLE = N_("only members of staff have a role")

DAY_KINDS = ("day", "time", "span", "partial")
NUMBER_KINDS = ("whole", "som", "months")
KINDS_WITH_CODE = ("text", "code", "party", "entry")
MOST_NAMES_OF_VERB: Mapping[str, int] = {"amount": 1, "once": 2, "by": 1, "stands": 1, "suits": 1}
"""How many names a verb binds at most; once binds one, or the beginning and the end of a time."""


def check_rule(check: RuleCheck) -> None:
    """The rule is whole, or BrokenRulebook says where it is not."""
    check_modifiers(check)
    if len(check.names) > (most := MOST_NAMES_OF_VERB.get(check.verb, len(check.names))):
        raise check.error_at(check.names[most][1], SINGLE_NAME_WANTED)
    for asks, at in check.rulings_with_places():
        check_parameters(check, asks, at)
        VERB_CHECKS[check.verb](check, asks, at)
    for name, place in () if check.verb in ("stands", "suits") else check.names:
        check_label(check, place, name, check.require_field(place, name))


def _check_day(check: RuleCheck, place: str, wanted: Any) -> None:
    """A day that is named, with its offset."""
    if isinstance(wanted, Mapping):
        place, wanted = pointer_below(place, "of"), wanted["of"]
    check_label(check, place, wanted, check.require_field(place, wanted, *DAY_KINDS, alone=True))


def _check_limit(check: RuleCheck, place: str, wanted: Any) -> None:
    """A limit as it stands, or what is counted for it."""
    if isinstance(wanted, Mapping):
        (kind, name), *_ = wanted.items()
        _check_measure(check, pointer_below(place, kind), kind, name)


def _check_measure(check: RuleCheck, place: str, kind: str, name: str) -> None:
    if kind == "of":
        check.require_field(place, name, "whole", "som", alone=True)
    elif kind != "count":
        kinds = ("span", "partial") if kind == "months_of" else ("span",)
        check.require_field(place, name, *(kinds if name != "stay" else ()), alone=True)
    else:
        check.file.require_known(place, name, COUNTABLE_KINDS)
        if name == "sleeping" and not check.may_open_other_files:
            raise check.error_at(place, WOULD_OPEN_EVERY_FILE)


def _check_countable(check: RuleCheck, place: str, name: str) -> None:
    """A name that counts for something: a number, months, or how many stand in a list."""
    if not check.require_field(place, name).several:
        check.require_field(place, name, *NUMBER_KINDS)


def _check_reach(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey, track: Track | None) -> None:
    """How far it looks among the entries of a track, and which of these count."""
    within = asks.get("within", "client")
    if within == "store" and not check.may_open_other_files and check.verb != "once":
        raise check.error_at(at("within"), WOULD_OPEN_EVERY_FILE)
    in_a_stay = track and ("stay" in track.home or "stay" in track.fields)
    dated = track and track.day
    called = track.name if track else ""
    if within == "store" and check.part:
        raise check.error_at(at("within"), PART_CANNOT_REACH)
    if (within == "stay" and not in_a_stay) or (within == "referral" and not dated):
        key = "stay" if within == "stay" else "day"
        raise check.error_at(at("within"), NOTHING_FOUND_IN_TRACK, word=within, track=called, key=key)
    for name, place in words_with_places(at("same"), asks.get("same")):
        _check_common_name(check, place, name, track, *KINDS_WITH_CODE, *DAY_KINDS, "whole", "som", "yes_no")
    if "overlaps" in asks:
        _check_common_name(check, at("overlaps"), asks["overlaps"], track, "span")
    if "per" in asks and (not dated or not (check.track and check.track.day)):
        raise check.error_at(at("per"), NOTHING_FOUND_IN_TRACK, word="per", track=called, key="day")
    for key in ("same", "overlaps", "per"):
        if key in asks and within in ("entry", "store"):
            raise check.error_at(at(key), PARAMETER_IDLE_BESIDE, key=key, other=f"within: {within}")


def _check_common_name(check: RuleCheck, place: str, name: str, track: Track | None, *kinds: str) -> None:
    """A name that means something here and in the entries of another track, if that is another one."""
    check.require_field(place, name, *kinds, alone=True)
    if track and track is not check.track and check.scope.within(track.fields).find(name) is None:
        raise check.file.unknown_word_error(place, name, names_of_fields(track.fields))


def _check_needs(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in check.names:
        found = check.require_field(place, name)
        check.file.require_all_known(at("codes"), asks.get("codes"), check.scope.allowed_answers(found))


def _check_is(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    text = "contains" in asks
    kinds = ("text",) if text else ("code", "yes_no", "party")
    found = [check.require_field(place, name, *kinds, alone=text) for name, place in check.names]
    answers = [each for one in found for each in check.scope.allowed_answers(one)]
    for key in ("codes", "all"):
        check.file.require_all_known(at(key), asks.get(key), answers)
    if "of" in asks:
        check_label(check, at("of"), asks["of"], check.require_field(at("of"), asks["of"], "code", "party"))


def _check_dated(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in check.names:
        check.require_field(place, name, *DAY_KINDS, *(["months"] if "in" in asks else []), alone=True)
    for key in ("from", "to"):
        if key in asks:
            _check_day(check, at(key), asks[key])
    if "in" in asks:
        kinds = () if asks["in"] == "stay" else ("span",)
        check_label(check, at("in"), asks["in"], check.require_field(at("in"), asks["in"], *kinds, alone=True))


def _check_amount(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    if isinstance(asks["amount"], Mapping):
        _check_measure(check, at("amount", "count"), "count", asks["amount"]["count"])
    for name, place in check.names:
        _check_countable(check, place, name)
    for key in ("at_most", "at_least", "exactly"):
        _check_limit(check, at(key), asks.get(key))
    for number, name in enumerate(asks.get("times") or ()):
        if isinstance(name, Mapping):
            _check_limit(check, at("times", number), name)
        else:
            _check_countable(check, at("times", number), name)
    if "each" in asks:
        check.require_field(at("each"), asks["each"], "months", alone=True)
    if "within" in asks:
        _check_reach(check, asks, at, check.track)


def _check_once(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    kinds = ("day", "time") if len(check.names) > 1 else (*KINDS_WITH_CODE, "day", "time", "span", "months", "som")
    for name, place in check.names:
        check.require_field(place, name, *kinds)
    _check_reach(check, asks, at, check.track)


def _check_by(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in check.names:
        found = check.require_field(
            place, name, *(("text", "party") if asks.keys() & {"not", "outside"} else ("party",))
        )
        for key in ("role", "each"):
            if key in asks and "staff" not in found.of:
                raise check.error_at(at(key), ONLY_STAFF_HAVE_ROLE)
    if "not" in asks:
        check_label(check, at("not"), asks["not"], check.require_field(at("not"), asks["not"], "text", "party"))
    for key in ("role", "each"):
        check.file.require_all_known(at(key), asks.get(key), staff_roles(check.scope))


def _check_stands(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    (name, place), *_ = check.names
    tracks = check.scope.tracks
    whose = check.require_field(at("of"), asks["of"], "party", "entry", alone=True) if "of" in asks else None
    if whose and whose.kind == "party":
        _check_register_group(check, asks, at, whose)
        return
    if name not in tracks and not (whose and name == asks["of"]):
        raise check.file.unknown_word_error(place, name, tracks)
    for each in [each for each in whose.of if each in tracks] if whose else [name]:
        _check_entries_sought(check, asks, at, tracks[each])
    if len(asks.get("each") or "1") > 1:
        raise check.error_at(at("each"), SINGLE_NAME_WANTED)
    for key in ("from", "to"):
        if key in asks:
            _check_day(check, at(key), asks[key])


def _check_entries_sought(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey, track: Track) -> None:
    """What is asked of the entries of a track can be seen in them, and they are looked for where they may be."""
    if "directory" in track.home:
        raise check.error_at(check.names[0][1], REGISTER_NEEDS_FIELD)
    for key in ("where", "each"):
        for name in asks.get(key) or {}:
            require_field_of(check.file, at(key, name), name, track.fields)
            if track.seal and name.partition(".")[0] not in track.seal.marker:
                raise check.error_at(at(key, name), NAME_INSIDE_SEAL, name=name, markers=track.seal.marker)
        check_answers(check.file, at(key), asks.get(key) or {}, check.scope.within(track.fields))
    check.file.require_known(at("within"), asks.get("within", "client"), ("stay", "referral", "client"))
    _check_reach(check, asks, at, track)


def _check_register_group(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey, whose: Field) -> None:
    """What stands behind the code of a register, such as a memorandum that is in force."""
    (name, place), *_ = check.names
    first, _, inside = name.partition(".")
    if first not in check.scope.tracks:
        raise check.file.unknown_word_error(place, name, check.scope.tracks)
    track = check.scope.tracks[first]
    found = find_field(track.fields, inside)
    if found is None or not found.life:
        raise check.error_at(place, GROUP_WITH_LIFE_WANTED)
    if track.at not in whose.of:
        raise check.error_at(at("of"), KIND_UNSUITABLE, name=asks["of"], kind="party", kinds=f"of: [{track.at}]")
    for key in ("where", "each", "from", "to", "within", "same", "overlaps", "per"):
        if key in asks:
            raise check.error_at(at(key), PARAMETER_IDLE_BESIDE, key=key, other="of")


def _check_suits(check: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    (name, place), *_ = check.names
    if name != "identity":
        check.require_field(place, name, "partial", alone=True)
    if "sex" in asks:
        check.file.require_known(at("sex"), asks["sex"], check.scope.lists["sexes"])


VERB_CHECKS: Mapping[str, Callable[[RuleCheck, Mapping[str, Any], PlaceOfKey], None]] = {
    "needs": _check_needs, "is": _check_is, "dated": _check_dated, "amount": _check_amount,
    "once": _check_once, "by": _check_by, "stands": _check_stands, "suits": _check_suits,
}  # fmt: skip
"""How each verb is held, by the word that the shelf has for it."""


SENTENCE_LACKS_FACT = N_("the sentence of this code needs {fact}, which this rule does not give")
SENTENCE_NEEDS_KEY = N_("the sentence of this code says {fact}: add {fact}: to this rule")
SENTENCE_OF_OTHER_RULE = N_("the sentence of this code tells of something else than this rule")

SAMPLE_DAY = date(2026, 11, 25)

PARAMETER_OF_VIOLATION: Mapping[str, str] = {
    "needs.any": "any", "is": "codes", "is.all": "all", "is.of": "of", "is.contains": "contains",
    "dated.early": "from", "dated.late": "to", "dated.ahead": "to", "dated.too-early": "from", "dated.too-late": "to",
    "dated.outside": "in", "amount.over": "at_most", "amount.together": "within", "amount.number": "each",
    "amount.under": "at_least", "amount.differs": "exactly", "by.role": "role", "by.each": "each",
    "by.inside": "outside", "by.same": "not", "by.same-name": "not",
    "stands.each": "each", "stands.none": "none", "stands.nowhere": "of", "suits.minor-without-reason": "minor_under",
    "suits.adult-man": "sex", "suits.age-outside": "at_least",
}  # fmt: skip
"""What a rule asks where it can be broken so."""

PARAMETERS_AGAINST_VIOLATION: Mapping[str, tuple[str, ...]] = {
    "needs": ("any",), "by.unregistered": ("not", "each", "outside", "registered"),
    "by.gone": ("not", "each", "outside"), "stands": ("each", "none"),
}  # fmt: skip
"""And what it does not."""


def possible_violations(rule: Rule, ruling: Ruling) -> Iterator[str]:
    """The ways in which a ruling can be broken, as far as what it asks lets it."""
    asks = ruling.params
    for way in VERB_SENTENCES:
        if way.partition(".")[0] != rule.verb or any(key in asks for key in PARAMETERS_AGAINST_VIOLATION.get(way, ())):
            continue
        asked = asks.get(PARAMETER_OF_VIOLATION[way]) if way in PARAMETER_OF_VIOLATION else True
        moved = isinstance(asked, Mapping) and bool(asked.get("months") or asked.get("days"))
        if (
            asked is None
            or asked is False
            or (rule.verb == "dated" and way != "dated.outside" and moved is not way.startswith("dated.too-"))
        ):
            continue
        if way in ("dated.late", "dated.ahead") and (way == "dated.ahead") is not (asked == "today"):
            continue
        if rule.verb == "once" and (way == "once.elsewhere") is not (asks.get("within") == "store"):
            continue
        if rule.verb == "once" and len(rule.names) > 1 and way != "once":  # a beginning and an end
            continue
        yield way


def possible_findings(rule: Rule, entry: Entry, context: Context) -> Iterator[Finding]:
    """Every finding that a rule can come to, by all its rulings."""
    for ruling in (each for each in rule.history if isinstance(each, Ruling)):
        for way in possible_violations(rule, ruling):
            published = find_published_code(rule, way, entry)
            for name in rule.names:
                facts = _sample_facts(way, name, ruling, entry)
                gathered = {published.gathered_as: [name]} if published and published.gathered_as else {}
                broken = Violation(name, way.partition(".")[2], {**facts, **gathered})
                yield make_finding(rule, ruling, broken, entry, context)


def _sample_facts(way: str, name: str, ruling: Ruling, entry: Entry) -> dict[str, Any]:
    """What the verb gives with a rule that is broken so."""
    asks = ruling.params
    times = {
        str(next(iter(each))).removesuffix("_of") if isinstance(each, Mapping) else str(each): 2
        for each in asks.get("times") or ()
    }
    span = {"first": SAMPLE_DAY, "last": SAMPLE_DAY}
    days = dict.fromkeys(("day", "bound", "latest"), SAMPLE_DAY)
    dated = {**days, "key": name.partition(".")[0], "other": "today", "months": 1}
    counted = {"value": 2, "amount": 2, "cap": 1, "at_most": asks.get("at_most"), **times}
    most = asks.get("at_most")
    monthly = {"months": ["2026-11"]} if "each" in asks else {}
    months = span if isinstance(most, Mapping) and "months_of" in most else {}
    given: Mapping[str, Mapping[str, Any]] = {
        "needs": {"names": [name]}, "needs.any": {"names": [name]},
        "is": {"key": name, "codes": asks.get("codes"), "value": 2},
        "is.of": {"value": 2, "others": 2, "of": asks.get("of"), "other": asks.get("of")},
        "is.all": {"lacking": asks.get("all")},
        "is.contains": {"text": asks.get("contains")}, "dated.outside": {**dated, **span, "outside": ["2026-11"]},
        "amount.over": {**counted, "most": 1, **months, name: 2},
        "amount.together": {name: 2, **counted, "together": 1, "sum": 3, **monthly},
        "amount.under": {**times, "value": 2, "at_least": 3, name: 2},
        "amount.differs": {**times, "value": 2, "exactly": 3, name: 2},
        "once": {"value": SAMPLE_DAY, "other_entry": entry}, "once.elsewhere": {"whose": "7QF2-M9KD"},
        "once.months": {"months": ["2026-11"], "other_entry": entry},
        "by.inside": {"who": "s-1"}, "by.gone": {"who": "s-1", "bound": SAMPLE_DAY},
        "by.role": {"who": "s-1", "role": "other", "roles": asks.get("role")}, "by.each": {"roles": asks.get("each")},
        "by.same": {"other": asks.get("not"), "who": "s-1"}, "by.same-name": {"other": asks.get("not"), "who": "s-1"},
        "stands": {**{key: codes[0] for key, codes in (asks.get("where") or {}).items()}, "lacking": [name]},
        "stands.each": {"lacking": [name]}, "stands.none": {"count": 1, "on": SAMPLE_DAY},
        "suits.minor-without-reason": {"minor_under": asks.get("minor_under"), "youngest": 17},
        "suits.age-outside": {"at_least": asks.get("at_least"), "at_most": asks.get("at_most")},
    }  # fmt: skip
    late = {**dated, "base": SAMPLE_DAY} if way.startswith("dated.too-") else dated
    return {**given.get(way, late if way.startswith("dated.") else {})}


def check_sentences(check: RuleCheck, rule: Rule, entry: Entry, context: Context) -> None:
    """Every sentence that the rule can come to has its facts, and it comes to each; else BrokenRulebook says which."""
    come_to = [way for each in rule.history if isinstance(each, Ruling) for way in possible_violations(rule, each)]
    for key in ("says", "in_file"):
        for reason in check.rule.get(key) or () if "en" not in (check.rule.get(key) or {}) else ():
            check.file.require_known(
                pointer_below(check.place, key, reason), reason, {way.partition(".")[2] for way in come_to}
            )
    place = pointer_below(check.place, "code" if "code" in check.rule else check.verb)
    published = None
    try:
        for finding in possible_findings(rule, entry, context):
            if published := check.scope.published.get(finding.code):
                format_sentence(finding.whole, finding.facts)
    except KeyError as error:
        fact = str(error.args[0])
        own = {"reading", *VERB_PARAMETERS[check.verb], *FACTS_OF_RULE}
        raise check.error_at(place, SENTENCE_NEEDS_KEY if fact in own else SENTENCE_LACKS_FACT, fact=fact) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise check.error_at(place, SENTENCE_OF_OTHER_RULE) from error
