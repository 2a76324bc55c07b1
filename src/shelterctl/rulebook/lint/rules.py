"""A rule checked against its rulebook: names, codes, tracks and parameters exist, and every parameter has an effect.

A parameter without an effect is an error, because its author believes that it does something. Each sentence that a
rule can lead to is filled with invented facts, so that a missing fact is found before a client's file is checked.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.rule import Rule, Ruling, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import COUNTABLE_KINDS, Context, as_names
from shelterctl.core.rules.judgement import make_finding
from shelterctl.core.rules.messages import EVENT_NOUNS, PUBLISHED_MESSAGES, VERB_SENTENCES
from shelterctl.language import format_sentence
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.rulebook.lint.grammar import VERB_PARAMETERS
from shelterctl.rulebook.lint.scope import PRESENCE_ANSWERS, Scope, find_field, names_of_fields, staff_roles
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


@dataclass(frozen=True, repr=False)
class RuleCheck:
    """One rule as it is written at a place, and whatever decides what it may say there.

    *acts* are those that a rule may rest on, *far* says that it may open other files, *own_words* that whoever holds it
    has words for it; *clause* is that of what it stands in, *track* whose entries it binds, *part* that of one a part.
    """

    written: RulebookFile
    place: str
    rule: Mapping[str, Any]
    scope: Scope
    acts: Collection[str] = ()
    far: bool = False
    track: Track | None = None
    part: bool = False
    own_words: bool = False
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
        return (
            [(bound, place)]
            if isinstance(bound, str)
            else [(name, pointer_below(place, n)) for n, name in enumerate(bound)]
        )

    def versions(self) -> Iterator[tuple[Mapping[str, Any], Callable[..., str]]]:
        """What it is told at first and since each later day, and where each key of that is written."""
        if not self.rule.get("repealed"):
            yield self.rule, lambda *keys: pointer_below(self.place, *keys)
        for number, later in enumerate(self.rule.get("later") or ()):
            if not later.get("repealed"):
                at = pointer_below(self.place, "later", number)
                yield {**self.rule, **later}, _place_of_later_key(self.place, at, later)

    def broken(self, place: str, what: str, **facts: object) -> Exception:
        """The slip at that place."""
        return self.written.broken("rule", place, what, **facts)

    def field(self, place: str, name: str, *kinds: str, alone: bool = False) -> Field:
        """What a name means, which is of one of these kinds if any are named, and one value *alone*."""
        found = self.scope.find(name)
        if found is None:
            raise self.written.unknown(place, name, self.scope.names())
        if kinds and found.kind not in kinds:
            raise self.broken(place, KIND_UNSUITABLE, name=name, kind=found.kind, kinds=kinds)
        if alone and found.several:
            raise self.broken(place, SINGLE_VALUE_WANTED, name=name)
        return found


def _place_of_later_key(place: str, at: str, later: Mapping[str, Any]) -> Callable[..., str]:
    return lambda *keys: pointer_below(at if keys[0] in later else place, *keys)


def check_modifiers(held: RuleCheck) -> None:
    """Its modifiers: of whom it is asked, what lets it pass, what it rests on and opens, its clause and its words."""
    rule, written, place = held.rule, held.written, held.place
    check_answers(written, pointer_below(place, "when"), rule.get("when") or {}, held.scope)
    if "unless" in rule:
        held.field(pointer_below(place, "unless"), rule["unless"])
    if "act" in rule:
        written.known(pointer_below(place, "act"), [rule["act"]], held.acts)
    if "opens" in rule:
        _check_opened_track(held, pointer_below(place, "opens"), rule["opens"])
    named = () if held.verb in ("stands", "suits") else held.names
    clauses = [held.field(at, name).clause for name, at in named]
    if not held.clause and "clause" not in rule and (not clauses or None in clauses):
        raise held.broken(place, CLAUSE_MISSING)
    _check_own_words(held)


def _check_opened_track(held: RuleCheck, place: str, name: str) -> None:
    track, dot, inside = name.partition(".")
    held.written.known(place, [track], held.scope.tracks)
    if dot and find_field(held.scope.tracks[track].fields, inside) is None:
        raise held.written.unknown(place, name, held.scope.names())


def _check_own_words(held: RuleCheck) -> None:
    """A code that the program has words for, or words that stand beside it, filled from what the verb gives."""
    rule, written = held.rule, held.written
    if "code" in rule and not held.own_words and rule["code"] not in PUBLISHED_MESSAGES and "says" not in rule:
        raise written.unknown(pointer_below(held.place, "code"), rule["code"], PUBLISHED_MESSAGES)
    ways = {reason: sentence for reason, sentence in VERB_SENTENCES.items() if reason.partition(".")[0] == held.verb}
    if held.verb == "once" and len([*held.names]) > 1:  # a beginning and an end come to one way
        ways = {"once": VERB_SENTENCES["once"]}
    for key in ("says", "in_file"):
        said = rule.get(key) or {}
        for reason, text in {"": said}.items() if "en" in said else said.items():
            at = pointer_below(held.place, key, *([reason] if reason else []))
            meant = [sentence for way, sentence in ways.items() if not reason or way == f"{held.verb}.{reason}"]
            if not meant:
                raise written.unknown(at, reason, [way.partition(".")[2] for way in ways])
            written.filled(
                at, text, {*FACTS_OF_EVERY_SENTENCE, *set.intersection(*({*facts_of_sentence(each)} for each in meant))}
            )


def facts_of_sentence(sentence: str) -> list[str]:
    """The facts from which a sentence is filled."""
    return [name for _, name, _, _ in Formatter().parse(sentence) if name]


def check_parameters(held: RuleCheck, asks: Mapping[str, Any], at: Callable[..., str]) -> None:
    """What its verb is told is enough to say something, and nothing of it is idle beside the rest."""
    verb = held.verb
    if PARAMETERS_NEEDED.get(verb) and not any(key in asks for key in PARAMETERS_NEEDED[verb]):
        raise held.broken(held.place, PARAMETER_WANTED, keys=PARAMETERS_NEEDED[verb])
    for key, other in PARAMETERS_NEEDING_OTHER.get(verb, {}).items():
        if key in asks and other not in asks:
            raise held.broken(at(key), PARAMETER_NEEDS_OTHER, key=key, other=other)
    for other, idle in PARAMETERS_EXCLUDING_OTHER.get(verb, {}).items():
        for key in idle if other in asks else ():
            if key in asks:
                raise held.broken(at(key), PARAMETER_IDLE_BESIDE, key=key, other=other)


def check_answers(written: RulebookFile, place: str, wanted: Mapping[str, Sequence[str]], scope: Scope) -> None:
    """Names with the answers that are meant: each name is known, and each answer may be given there."""
    for name, said in wanted.items():
        found = scope.find(name)
        if found is None:
            raise written.unknown(pointer_below(place, name), name, scope.names())
        for number, answer in enumerate(said):
            written.known(pointer_below(place, name, number), [answer], scope.answers(found, *PRESENCE_ANSWERS))


def check_label(held: RuleCheck, place: str, name: str, found: Field) -> None:
    """What a sentence of the verb calls by its label has one; a published code and an item have words of their own."""
    if not held.own_words and "code" not in held.rule and not found.text and name not in EVENT_NOUNS:
        raise held.broken(place, LABEL_MISSING, name=name)


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

PlaceOfKey = Callable[..., str]
"""Where a key of what the verb is told is written, at first or since a later day."""


def check_rule(held: RuleCheck) -> None:
    """The rule is whole, or BrokenRulebook says where it is not."""
    check_modifiers(held)
    if len(held.names) > (most := MOST_NAMES_OF_VERB.get(held.verb, len(held.names))):
        raise held.broken(held.names[most][1], SINGLE_NAME_WANTED)
    for asks, at in held.versions():
        check_parameters(held, asks, at)
        VERB_CHECKS[held.verb](held, asks, at)
    for name, place in () if held.verb in ("stands", "suits") else held.names:
        check_label(held, place, name, held.field(place, name))


def _check_day(held: RuleCheck, place: str, wanted: Any) -> None:
    """A day that is named, with its offset."""
    if isinstance(wanted, Mapping):
        place, wanted = pointer_below(place, "of"), wanted["of"]
    check_label(held, place, wanted, held.field(place, wanted, *DAY_KINDS, alone=True))


def _check_limit(held: RuleCheck, place: str, wanted: Any) -> None:
    """A limit as it stands, or what is counted for it."""
    if isinstance(wanted, Mapping):
        (kind, name), *_ = wanted.items()
        _check_measure(held, pointer_below(place, kind), kind, name)


def _check_measure(held: RuleCheck, place: str, kind: str, name: str) -> None:
    if kind == "of":
        held.field(place, name, "whole", "som", alone=True)
    elif kind != "count":
        kinds = ("span", "partial") if kind == "months_of" else ("span",)
        held.field(place, name, *(kinds if name != "stay" else ()), alone=True)
    else:
        held.written.known(place, [name], COUNTABLE_KINDS)
        if name == "sleeping" and not held.far:
            raise held.broken(place, WOULD_OPEN_EVERY_FILE)


def _check_countable(held: RuleCheck, place: str, name: str) -> None:
    """A name that counts for something: a number, months, or how many stand in a list."""
    if not held.field(place, name).several:
        held.field(place, name, *NUMBER_KINDS)


def _check_reach(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey, track: Track | None) -> None:
    """How far it looks among the entries of a track, and which of these count."""
    within = asks.get("within", "client")
    if within == "store" and not held.far and held.verb != "once":
        raise held.broken(at("within"), WOULD_OPEN_EVERY_FILE)
    in_a_stay = track and ("stay" in track.home or "stay" in track.fields)
    dated = track and track.day
    called = track.name if track else ""
    if within == "store" and held.part:
        raise held.broken(at("within"), PART_CANNOT_REACH)
    if (within == "stay" and not in_a_stay) or (within == "referral" and not dated):
        key = "stay" if within == "stay" else "day"
        raise held.broken(at("within"), NOTHING_FOUND_IN_TRACK, word=within, track=called, key=key)
    for number, name in enumerate(as_names(asks.get("same"))):
        place = at("same") if isinstance(asks["same"], str) else at("same", number)
        _check_common_name(held, place, name, track, *KINDS_WITH_CODE, *DAY_KINDS, "whole", "som", "yes_no")
    if "overlaps" in asks:
        _check_common_name(held, at("overlaps"), asks["overlaps"], track, "span")
    if "per" in asks and (not dated or not (held.track and held.track.day)):
        raise held.broken(at("per"), NOTHING_FOUND_IN_TRACK, word="per", track=called, key="day")
    for key in ("same", "overlaps", "per"):
        if key in asks and within in ("entry", "store"):
            raise held.broken(at(key), PARAMETER_IDLE_BESIDE, key=key, other=f"within: {within}")


def _check_common_name(held: RuleCheck, place: str, name: str, track: Track | None, *kinds: str) -> None:
    """A name that means something here and in the entries of another track, if that is another one."""
    held.field(place, name, *kinds, alone=True)
    there = held.scope.within(track.fields) if track and track is not held.track else None
    if there is not None and there.find(name) is None:
        raise held.written.unknown(place, name, names_of_fields(track.fields if track else {}))


def _check_needs(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in held.names:
        found = held.field(place, name)
        for number, code in enumerate(asks.get("codes") or ()):
            held.written.known(at("codes", number), [code], held.scope.answers(found))


def _check_is(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    text = "contains" in asks
    kinds = ("text",) if text else ("code", "yes_no", "party")
    found = [held.field(place, name, *kinds, alone=text) for name, place in held.names]
    for key in ("codes", "all"):
        for number, code in enumerate(asks.get(key) or ()):
            held.written.known(at(key, number), [code], [each for one in found for each in held.scope.answers(one)])
    if "of" in asks:
        check_label(held, at("of"), asks["of"], held.field(at("of"), asks["of"], "code", "party"))


def _check_dated(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in held.names:
        held.field(place, name, *DAY_KINDS, *(["months"] if "in" in asks else []), alone=True)
    for key in ("from", "to"):
        if key in asks:
            _check_day(held, at(key), asks[key])
    if "in" in asks:
        kinds = () if asks["in"] == "stay" else ("span",)
        check_label(held, at("in"), asks["in"], held.field(at("in"), asks["in"], *kinds, alone=True))


def _check_amount(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    if isinstance(asks["amount"], Mapping):
        _check_measure(held, at("amount", "count"), "count", asks["amount"]["count"])
    for name, place in held.names:
        _check_countable(held, place, name)
    for key in ("at_most", "at_least", "exactly"):
        _check_limit(held, at(key), asks.get(key))
    for number, name in enumerate(asks.get("times") or ()):
        if isinstance(name, Mapping):
            _check_limit(held, at("times", number), name)
        else:
            _check_countable(held, at("times", number), name)
    if "each" in asks:
        held.field(at("each"), asks["each"], "months", alone=True)
    if "within" in asks:
        _check_reach(held, asks, at, held.track)


def _check_once(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    kinds = ("day", "time") if len(held.names) > 1 else (*KINDS_WITH_CODE, "day", "time", "span", "months", "som")
    for name, place in held.names:
        held.field(place, name, *kinds)
    _check_reach(held, asks, at, held.track)


def _check_by(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    for name, place in held.names:
        found = held.field(place, name, *(("text", "party") if asks.keys() & {"not", "outside"} else ("party",)))
        for key in ("role", "each"):
            if key in asks and "staff" not in found.of:
                raise held.broken(at(key), ONLY_STAFF_HAVE_ROLE)
    if "not" in asks:
        check_label(held, at("not"), asks["not"], held.field(at("not"), asks["not"], "text", "party"))
    for key in ("role", "each"):
        for number, role in enumerate(asks.get(key) or ()):
            held.written.known(at(key, number), [role], staff_roles(held.scope))


def _check_stands(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    (name, place), *_ = held.names
    tracks = held.scope.tracks
    whose = held.field(at("of"), asks["of"], "party", "entry", alone=True) if "of" in asks else None
    if whose and whose.kind == "party":
        _check_register_group(held, asks, at, whose)
        return
    pointed = [each for each in whose.of if each in tracks] if whose else [name]
    if name not in tracks and not (whose and name == asks["of"]):
        raise held.written.unknown(place, name, tracks)
    for each in pointed:
        track = tracks[each]
        if "directory" in track.home:
            raise held.broken(place, REGISTER_NEEDS_FIELD)
        for key in ("where", "each"):
            for inside in asks.get(key) or {}:
                if find_field(track.fields, inside) is None:
                    raise held.written.unknown(at(key, inside), inside, names_of_fields(track.fields))
                if track.seal and inside.partition(".")[0] not in track.seal.marker:
                    raise held.broken(at(key, inside), NAME_INSIDE_SEAL, name=inside, markers=track.seal.marker)
            check_answers(held.written, at(key), asks.get(key) or {}, held.scope.within(track.fields))
        held.written.known(at("within"), [asks.get("within", "client")], ("stay", "referral", "client"))
        _check_reach(held, asks, at, track)
    if len(asks.get("each") or "1") > 1:
        raise held.broken(at("each"), SINGLE_NAME_WANTED)
    for key in ("from", "to"):
        if key in asks:
            _check_day(held, at(key), asks[key])


def _check_register_group(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey, whose: Field) -> None:
    """What stands behind the code of a register, such as a memorandum that is in force."""
    (name, place), *_ = held.names
    first, _, inside = name.partition(".")
    if first not in held.scope.tracks:
        raise held.written.unknown(place, name, held.scope.tracks)
    track = held.scope.tracks[first]
    found = find_field(track.fields, inside)
    if found is None or not found.life:
        raise held.broken(place, GROUP_WITH_LIFE_WANTED)
    if track.at not in whose.of:
        raise held.broken(at("of"), KIND_UNSUITABLE, name=asks["of"], kind="party", kinds=f"of: [{track.at}]")
    for key in ("where", "each", "from", "to", "within", "same", "overlaps", "per"):
        if key in asks:
            raise held.broken(at(key), PARAMETER_IDLE_BESIDE, key=key, other="of")


def _check_suits(held: RuleCheck, asks: Mapping[str, Any], at: PlaceOfKey) -> None:
    (name, place), *_ = held.names
    if name != "identity":
        held.field(place, name, "partial", alone=True)
    if "sex" in asks:
        held.written.known(at("sex"), [asks["sex"]], held.scope.lists["sexes"])


VERB_CHECKS: Mapping[str, Callable[[RuleCheck, Mapping[str, Any], PlaceOfKey], None]] = {
    "needs": _check_needs, "is": _check_is, "dated": _check_dated, "amount": _check_amount,
    "once": _check_once, "by": _check_by, "stands": _check_stands, "suits": _check_suits,
}  # fmt: skip
"""How each verb is held, by the word that the shelf has for it."""


SENTENCE_LACKS_FACT = N_("the sentence of this code needs {fact}, which this rule does not give")
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
    asks = ruling.asks
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


def possible_findings(rule: Rule, entry: Entry, around: Context) -> Iterator[Finding]:
    """Every finding that a rule can come to, by all its rulings."""
    row = PUBLISHED_MESSAGES.get(rule.code or "")
    for ruling in (each for each in rule.history if isinstance(each, Ruling)):
        for way in possible_violations(rule, ruling):
            for name in rule.names:
                facts = _sample_facts(way, name, ruling, entry)
                gathered = {row.gathers: [name]} if row and row.gathers else {}
                broken = Violation(name, way.partition(".")[2], {**facts, **gathered})
                yield make_finding(rule, ruling, broken, entry, around)


def _sample_facts(way: str, name: str, ruling: Ruling, entry: Entry) -> dict[str, Any]:
    """What the verb gives with a rule that is broken so."""
    asks = ruling.asks
    times = {_name_of_factor(each): 2 for each in asks.get("times") or ()}
    span = {"first": SAMPLE_DAY, "last": SAMPLE_DAY}
    dated = {
        "key": name.partition(".")[0],
        "day": SAMPLE_DAY,
        "bound": SAMPLE_DAY,
        "other": "today",
        "months": 1,
        "latest": SAMPLE_DAY,
    }
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


def _name_of_factor(times: Any) -> str:
    return str(next(iter(times))).removesuffix("_of") if isinstance(times, Mapping) else str(times)


def check_sentences(held: RuleCheck, rule: Rule, entry: Entry, around: Context) -> None:
    """Every sentence that the rule can come to has its facts, and it comes to each; else BrokenRulebook says which."""
    come_to = [way for each in rule.history if isinstance(each, Ruling) for way in possible_violations(rule, each)]
    for key in ("says", "in_file"):
        for reason in held.rule.get(key) or () if "en" not in (held.rule.get(key) or {}) else ():
            held.written.known(
                pointer_below(held.place, key, reason), [reason], {way.partition(".")[2] for way in come_to}
            )
    place = pointer_below(held.place, "code" if "code" in held.rule else held.verb)
    try:
        for finding in (each for each in possible_findings(rule, entry, around) if each.code in PUBLISHED_MESSAGES):
            format_sentence(finding.whole, finding.facts)
    except KeyError as error:
        raise held.broken(place, SENTENCE_LACKS_FACT, fact=str(error.args[0])) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise held.broken(place, SENTENCE_OF_OTHER_RULE) from error
