"""The page of a track: its fields with their codes, its rules in words, its deadlines, and the commands that write an
entry.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from string import Formatter
from typing import Any

from shelterctl.act.typed_track import own_command
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.field import CLIENTS_REGISTER, Field, describe_field_kind, valid_codes
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.core.manual.rule import Bound, Measure, Rule, Ruling, Strength, Verb, Violation, ruling_in_force
from shelterctl.core.manual.track import FormPart, Seal, Track
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import find_published_code
from shelterctl.core.rules.messages import choose_rule_sentence, gather_shown_facts, quote_label
from shelterctl.core.rules.names import find_field
from shelterctl.core.rules.verbs.verb import RuleVerb
from shelterctl.explain.condition import condition_in_words, explained_fields, find_condition_field
from shelterctl.explain.deadline import deadline_in_words
from shelterctl.explain.layout import lay_out_page, manual_words_part
from shelterctl.explain.manual import see_also_part
from shelterctl.language import Sentence, Text, format_fact, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

RULE_ASKED_ONLY_WHERE = N_("{sentence} Checked only if the answer to {label} is: {answers}.")
RULE_OF_HOUSE_ITSELF = N_("{sentence} The house's own limit: {number}, decided by {by}.")
OTHERWISE_REFUSED = N_("{sentence} Until then this is refused: {act}.")
SO_NOT_SAVED = N_("{sentence} An entry with this is not saved.")
OPEN_END = "…"
OTHER_SIDE_PARAMETERS = {
    "dated.early": ("from",),
    "dated.too-early": ("from",),
    "dated.hours-early": ("from",),
    "dated.late": ("to",),
    "dated.too-late": ("to",),
    "dated.hours-late": ("to",),
}
"""The parameters of a rule that name the other side of its sentence, by the kind of violation."""

BOUND_PARAMETERS = ("at_least", "at_most", "exactly")
"""The parameters of a rule that limit a number."""


def describe_rule(
    rulebook: Rulebook, track: Track, rule: Rule, day: date, part: FormPart | None = None
) -> dict[str, Any] | None:
    """Return a rule of a track, or of a part of it, as data and in words; None if it is not in force on *day*."""
    ruling = rule.on(day)
    if ruling is None:
        return None
    said = unique_texts(_violation_sentences(rulebook, track, rule, ruling, day, part))
    texts = {spoken: " ".join(format_fact(each, spoken) for each in said) for spoken in SCREEN_LANGUAGES}
    names = {"verb": rule.verb, "names": list(rule.names), "clause": ruling.clause, "strength": ruling.strength.value}
    when = {"when": {name: list(answers) for name, answers in rule.when.items()}} if rule.when else {}
    more = {name: it for name, it in {"act": rule.act, "unless": rule.unless, "code": rule.code}.items() if it}
    only = [
        condition_in_words(rulebook, track, name, answers)
        for name, answers in rule.when.items()
        if find_condition_field(rulebook, track, name)
    ]
    refused = next((deed.text for name, deed in track.entry_acts.items() if name == rule.act), None)
    shown: dict[str, Any] = {"overlay": True} if rule.own else {}
    shown |= {"says": texts, "only": only, "refused": refused, "own": rule.own}
    return {**names, **more, **when, **shown} if said else None


def rule_in_words(rule: Mapping[str, Any]) -> Text:
    """Return the words of a rule, with the act that it stops, and the answers on which it depends."""
    words: Text = rule["says"]
    own: OwnLimit | None = rule["own"]
    steps: list[FilledSentence] = [(RULE_OF_HOUSE_ITSELF, {"by": own.decided_by, "number": own.number})] if own else []
    steps += [(OTHERWISE_REFUSED, {"act": rule["refused"]})] if rule["refused"] else []
    steps += [(SO_NOT_SAVED, {})] if rule["strength"] == Strength.MALFORMED else []
    for sentence, facts in (*steps, *((RULE_ASKED_ONLY_WHERE, facts) for facts in rule["only"])):
        words = {each: format_sentence(sentence, {**facts, "sentence": words}, each) for each in SCREEN_LANGUAGES}
    return words


def unique_texts(texts: Iterable[Text]) -> list[Text]:
    """Return the texts without repetitions."""
    return list({format_fact(each, "en"): each for each in texts}.values())


def _violation_sentences(
    rulebook: Rulebook, track: Track, rule: Rule, ruling: Ruling[Verb], day: date, part: FormPart | None
) -> Iterator[Text]:
    """Yield the message for each way in which a rule can be violated; facts of an entry are left open."""
    if rule.code and (of_code := rulebook.published.by_code.get(rule.code)):
        yield of_code.means
        return
    entry, around = read_entry(track, {}), Context(day=day, tracks=rulebook.tracks)
    entry = read_entry(part, {}, outer=entry) if part else entry
    for reason in ruling.params.reasons(rule) if isinstance(ruling.params, RuleVerb) else ():
        way = f"{rule.verb}.{reason}" if reason else rule.verb
        if part and (published := find_published_code(rule, way, entry)):
            yield published.means
            continue
        for names in [list(rule.names)] if way == "needs.any" else [[name] for name in rule.names]:
            if _can_break_so(way, find_field(entry, names[0], around)):
                yield _violation_sentence(rule, ruling, way, names, entry, around)


def _can_break_so(way: str, one: Field | None) -> bool:
    """Whether a field of this kind can violate a rule in this way: some ways apply only to periods, months or names."""
    if way == "needs.order":
        return one is not None and one.kind == "span"
    if way == "needs.letters":
        return one is not None and bool(one.letters)
    if way.partition(".")[0] != "once" or way == "once.elsewhere":
        return True
    return (one is not None and one.kind == "months") is (way != "once")


def _violation_sentence(
    rule: Rule, ruling: Ruling[Verb], way: str, names: list[str], entry: Entry, around: Context
) -> Text:
    asks = ruling.params.facts
    others = (asks.get(key) for key in (*OTHER_SIDE_PARAMETERS.get(way, ()), "in", "not", "of"))
    other = next((each for each in others if isinstance(each, str | Bound)), None)
    bounds = {key: _bound_in_words(asks[key], entry, around) for key in BOUND_PARAMETERS if key in asks}
    given = {
        "names": names,
        "other": _name_without_entry(other.of if isinstance(other, Bound) else other, entry, around),
        "roles": asks.get("role") or asks.get("each"),
        "lacking": asks.get("all"),
        "text": asks.get("contains"),
        "most": bounds.get("at_most"),
        "where": asks.get("where"),
        **{key: asks[key] for key in ("codes", "minor_under") if key in asks},
        **bounds,
    }
    broken = Violation(names[0], way.partition(".")[2], {key: it for key, it in given.items() if it is not None})
    facts = {"clause": ruling.clause, **gather_shown_facts(rule.verb, broken, entry, around)}
    message = choose_rule_sentence(rule, way)
    return {spoken: _fill_open_ended(message, facts, spoken) for spoken in SCREEN_LANGUAGES}


def _name_without_entry(name: str | None, entry: Entry, around: Context) -> str | None:
    """Return the part of a name that means a field of the track; what follows is known only with an entry."""
    first, _, _ = (name or "").partition(".")
    return first if name and first in entry.fields and not find_field(entry, name, around) else name


def _bound_in_words(asked: Any, entry: Entry, around: Context) -> Any:
    """Return the number of a rule, or the label of the field that gives it, or None."""
    of = asked.of if isinstance(asked, Bound) else asked.name if isinstance(asked, Measure) else None
    if of is None or (isinstance(asked, Measure) and asked.kind != "of"):
        return asked
    said = find_field(entry, of, around) or find_field(entry, of.partition(".")[0], around)
    return quote_label(said.text) if said else None


def _fill_open_ended(message: Sentence, facts: Mapping[str, Any], spoken: str) -> str:
    """Return a sentence with … in place of facts that only an entry has."""
    words = message if isinstance(message, str) else format_fact(message, spoken)
    named = {name for _, name, _, _ in Formatter().parse(words) if name and "|" not in name}
    kept = {name: facts[name] for name in named if isinstance(facts.get(name), str | int | list | tuple | Mapping)}
    kept = {name: it for name, it in kept.items() if it not in ("", [], None) and name not in ("value", "day", "entry")}
    said = format_sentence(message, {**dict.fromkeys(named, OPEN_END), **kept}, spoken)
    return re.sub(rf"{OPEN_END}\.", OPEN_END, re.sub(rf" \({OPEN_END}\)", "", said))


FIELDS_HEADING = N_("Fields")
RULES_HEADING = N_("What is checked")
DEADLINES_HEADING = N_("When it is due")
COMMANDS_HEADING = N_("How to record it")
FIELD_OPTIONAL = N_("{label} ({key}): {kind}")
FIELD_REQUIRED = N_("{label} ({key}): {kind}; required")
FIELD_ONE_CODE = N_("{label} ({key}): one of {codes}")
FIELD_SEVERAL_CODES = N_("{label} ({key}): any of {codes}")
FIELD_LIST_OF_GROUPS = N_("{label} ({key}): any number, each with the following")
FIELD_REGISTERED_CODE = N_("{label} ({key}): a registered code, see {commands}")
FIELD_REGISTERED_CODE_OR_WORDS = N_("{label} ({key}): a registered code or words, see {commands}")
FIELD_CLIENT_ID = N_("{label} ({key}): the id of a client's file")
FIELD_ENTRY_ID = N_("{label} ({key}): the id of an entry: {tracks}")
FIELD_LINE_NUMBER = N_("{label} ({key}): the number of a line as printed on the form, such as {line}")
FIELD_MUST_BE_THERE = N_("    required")
FIELD_MAY_BE_UNKNOWN = N_("    or: unknown")
FIELD_ASKED_ONLY_WHERE = N_("    only if the answer to {label} is: {answers}")
TRACK_SEALED = N_(
    "Sealed: {part}. For: {roles}. With one key for all, everyone who uses the computer can read it. Visible outside "
    "the seal: {seen}."
)
TRACK_SEALED_UNSEEN = N_(
    "Sealed: {part}. For: {roles}. With one key for all, everyone who uses the computer can read it. Outside the seal "
    "nothing is visible, not even that there is an entry."
)
TRACK_ABOUT: Mapping[str, Sentence] = {
    "house": N_("Each entry is about a house. CODE is its code; see: shelterctl facility list"),
    "staff": N_("Each entry is about a member of staff. CODE is that person's code; see: shelterctl staff list"),
    "ngo": N_("Each entry is about an NGO. CODE is its code; see: shelterctl ngo list"),
    "provider": N_("Each entry is about a provider. CODE is its code; see: shelterctl provider list"),
}
"""The subject of the entries of a register, by home."""
TRACK_LIES = N_("Its file is registers/{home}/MONTH/COMPUTER: one for each month and computer, encrypted.")
TRACK_SEALED_IN_EVERY_FILE = N_(
    "Sealed: {part}. For: {roles}. With one key for all, everyone who uses the computer can read it. Every file has "
    "this part, filled in or not."
)
TRACK_NOT_FOR = N_("A person named under {label} neither reads such an entry nor strikes it out.")
TRACK_SEALED_INSTEAD = N_("If one of them has a role named here, the entry lies in another part: {part}. For: {roles}.")
TRACK_AT_ONCE = N_("May be recorded for everybody in a house at once: shelterctl add HOUSE {track}")
TRACK_KEEPS_ONE = N_(
    "A file has only one. Correct a wrong one with the command that writes it; it is never struck through."
)
LAST_DAY_FIELD = "until"
"""The unencrypted field of a register that a command of its own writes, because computers are shut out with it."""

TRACK_PAGE_NAME = "track {}"
"""The name of the page of a track; the track's own name works too if nothing else has it."""


def track_page_names(rulebook: Rulebook) -> list[str]:
    """Return the unambiguous page name of every track."""
    return [TRACK_PAGE_NAME.format(name) for name in rulebook.track_names]


def explain_track(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a track: its fields, codes, the rules in force on *day*, deadlines and commands."""
    track = rulebook.tracks[name.rpartition(" ")[2]].whole
    known, fields = rulebook.clause(track.clause), [*explained_fields({**track.fields, **track.clear})]
    rules = [one for rule in track.rules if (one := describe_rule(rulebook, track, rule, day))]
    parts = [part for part in track.parts.values() if ruling_in_force(part.standing, day)]
    dues = [(of, due) for of in (None, *parts) for due in (of or track).due]
    due_clauses = [ruling.clause for _, due in dues if (ruling := ruling_in_force(due.history, day))]
    typed = _track_commands(track)
    prose = lay_out_page(
        name,
        track.text,
        manual_words_part(known["text"]),
        (FIELDS_HEADING, [line for key, one in fields for line in _field_sentences(rulebook, track, key, one, day)]),
        (RULES_HEADING, [("{it}", {"it": one}) for one in unique_texts(rule_in_words(one) for one in rules)]),
        (DEADLINES_HEADING, [("{it}", {"it": deadline_in_words(rulebook, track, *each, day)}) for each in dues]),
        (COMMANDS_HEADING, [*(("    {it}", {"it": line}) for line in typed), *_keeping_sentences(rulebook, track)]),
        see_also_part(rulebook, [track.clause, *(rule["clause"] for rule in rules if rule["clause"]), *due_clauses]),
    )
    about = {"track": track.name, "text": track.text, "clause": track.clause, "home": list(track.home), "at": track.at}
    told = [{"field": key, **_field_as_data(one, day)} for key, one in fields]
    plain = [{name: each for name, each in rule.items() if name not in ("only", "refused", "own")} for rule in rules]
    listed = {
        "keeps": track.keeps,
        "fields": told,
        "rules": plain,
        "due": [due.row for due in track.due if due.row],
        "typed": typed,
    }
    sealed = {"sealed": _seal_as_data(track.seal)} if track.seal else {}
    return Outcome(data={**about, **listed, **sealed, "acts": list(track.entry_acts)}, prose=prose)


def _keeping_sentences(rulebook: Rulebook, track: Track) -> FilledSentences:
    """Return the sentences on how a track is kept: that it has one entry, or for whom a sealed one is and who can read
    it.
    """
    one: FilledSentences = [(TRACK_KEEPS_ONE, {})] if track.keeps == "one" else []
    home = track.of_register
    about: FilledSentences = [(TRACK_ABOUT[home], {}), (TRACK_LIES, {"home": home})] if home else []
    at_once: FilledSentences = [(TRACK_AT_ONCE, {"track": track.name})] if track.at_once else []
    return [*one, *about, *at_once, *_seal_sentences(rulebook, track)]


def _seal_sentences(rulebook: Rulebook, track: Track) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    """Yield the sentences on who can read a sealed entry, and for whom it is not."""
    if not track.seal:
        return
    fields, seal = dict(explained_fields(track.fields)), track.seal
    seen = [quote_label(fields[name].text) for name in seal.marker if name in fields]
    facts = {"part": rulebook.lists["parts"][seal.part], "roles": _role_names(rulebook, seal.readers), "seen": seen}
    sealed = TRACK_SEALED_UNSEEN if track.of_register and not seen else TRACK_SEALED
    yield (sealed if track.many else TRACK_SEALED_IN_EVERY_FILE, facts)
    if seal.not_for:
        yield (TRACK_NOT_FOR, {"label": quote_label(fields[seal.not_for].text)})
    if seal.instead:
        other = {"part": rulebook.lists["parts"][seal.instead.part]}
        yield (TRACK_SEALED_INSTEAD, {**other, "roles": _role_names(rulebook, seal.instead.readers)})


def _role_names(rulebook: Rulebook, roles: Iterable[str]) -> list[Text]:
    return [rulebook.lists["roles"][role] for role in roles]


def _seal_as_data(seal: Seal) -> dict[str, Any]:
    told: dict[str, Any] = {"part": seal.part, "marker": list(seal.marker)}
    told |= {"not_for": seal.not_for} if seal.not_for else {}
    return told | ({"instead": seal.instead.part} if seal.instead else {})


def _track_commands(track: Track) -> list[str]:
    """Return the commands that write an entry of a track."""
    if track.is_coded:
        ended = [f"shelterctl {track.name} end CODE --on DATE"] if LAST_DAY_FIELD in track.clear else []
        return [f"shelterctl {track.name} add CODE", *ended]
    if command := own_command(track):
        return [f"shelterctl {command}"]
    ends, whom = ("", " --from FILE", *([" ENTRY"] if track.many else [])), "CODE" if track.of_register else "ID"
    reads = (f"list {track.name} --month last", f"form {track.name} CODE --month last") if track.of_register else ()
    return [
        *(f"shelterctl add {whom} {track.name}{end}" for end in ends),
        *(f"shelterctl {did} {whom} {track.name}" for did in track.entry_acts),
        *(f"shelterctl {read}" for read in reads),
    ]


def _field_sentences(rulebook: Rulebook, track: Track, key: str, one: Field, day: date) -> FilledSentences:
    """Return a field in words: its label and key, what may be entered, and when it is asked."""
    codes = [
        {spoken: f"{code} ({format_fact(words, spoken)})" for spoken in SCREEN_LANGUAGES}
        for code, words in valid_codes(one, day).items()
    ]
    registers = [f"{each.name} list" for each in rulebook.tracks.values() if each.at in one.of and one.kind == "party"]
    pointed = [rulebook.tracks[name].text for name in one.of if one.kind == "entry" and name in rulebook.tracks]
    if registers:
        sentence = FIELD_REGISTERED_CODE_OR_WORDS if one.open else FIELD_REGISTERED_CODE
    elif CLIENTS_REGISTER in one.of:
        sentence = FIELD_CLIENT_ID
    elif one.kind == "entry":
        sentence = FIELD_ENTRY_ID if pointed else FIELD_LINE_NUMBER
    elif is_list_of_groups(one):
        sentence = FIELD_LIST_OF_GROUPS
    elif codes:
        sentence = FIELD_SEVERAL_CODES if one.several else FIELD_ONE_CODE
    else:
        sentence = FIELD_REQUIRED if one.must else FIELD_OPTIONAL
    facts: dict[str, Any] = {"label": one.text or key, "key": key, "kind": describe_field_kind(one), "codes": codes}
    facts |= {"commands": registers, "tracks": pointed}
    if sentence is FIELD_LINE_NUMBER:
        facts["line"] = next((number for form in rulebook.forms.values() for number in form.parts), "1")
    more: list[tuple[Sentence, Mapping[str, object]]] = (
        [(FIELD_MUST_BE_THERE, {})] if one.must and sentence is not FIELD_REQUIRED else []
    )
    more += [(FIELD_MAY_BE_UNKNOWN, {})] if one.unknown else []
    for name, answers in one.asked_with.items():
        beside = _condition_name_nearby(rulebook, track, key, name)
        more.append((FIELD_ASKED_ONLY_WHERE, condition_in_words(rulebook, track, beside, answers)))
    return [(sentence, facts), *more]


def _condition_name_nearby(rulebook: Rulebook, track: Track, key: str, name: str) -> str:
    """Return the full name of a field in a condition of *key*: one of the same group, else of the track."""
    near = f"{key.rpartition('.')[0]}.{name}"
    return near if find_condition_field(rulebook, track, near) else name


def _field_as_data(one: Field, day: date) -> dict[str, Any]:
    """Return a field as data for a program."""
    words = ("must", "several", "open", "unknown", "zero", "by_file", "afterwards")
    flags = {name: getattr(one, name) for name in words}
    beside = {name: list(said) for name, said in one.asked_with.items()}
    more = {"of": list(one.of), "codes": list(valid_codes(one, day)), "with": beside, "clause": one.clause}
    return {"text": one.text, "kind": one.kind, **{name: it for name, it in {**flags, **more}.items() if it}}
