"""An act, such as admission or discharge, and its checklist.

An act has rules of its own and items. An item is met by evidence in the client's file, or by a day that was given for
it. For an open item, this module finds what is missing and what has already been begun.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding, Severity, soften_findings
from shelterctl.core.manual.act import IOM_PAPER_TRACK, SOFTENED_REASON, Act, Item, ItemTerms
from shelterctl.core.manual.field import as_day
from shelterctl.core.manual.rule import Rule, Ruling, Strength, Violation, ruling_in_force
from shelterctl.core.manual.track import ITEM_DAY, ITEM_PAPER, Track
from shelterctl.core.record.entries import Entry, field_at_path, is_wanted_answer, read_entry
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.rules.compiled import find_violations, keeps_rules, rules_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import clause_of_ruling, make_refusal, say_if_own_limit
from shelterctl.core.rules.judgement import judge_rule, judge_stored_entry
from shelterctl.core.rules.messages import ITEM_FACTS, quote_label
from shelterctl.core.rules.names import find_name, matches_answers, scope_of
from shelterctl.core.rules.verbs.entries import BoundEntries
from shelterctl.language import LabelledCode, Sentence, TwoSentences, format_sentence
from shelterctl.ui_language import N_, SCREEN_LANGUAGES


class Evidence(NamedTuple):
    """Whether an item is met; if not, the *reason*, the *clause* and the *broken* rules of the item.

    *paper* is the entry about a paper from the time before the program, if nothing else meets it.
    """

    met: bool
    reason: str = ""
    clause: str | None = None
    facts: Mapping[str, Any] = {}
    broken: Sequence[tuple[Rule, Violation]] = ()
    paper: Entry | None = None


ITEM_MET = Evidence(True)


def find_evidence(item: Item, context: Context) -> Evidence:
    """Return the evidence for one item: a day that was given for it, or whatever in the file keeps its rules.

    The first broken rule gives the reason why the item is not met.
    """
    if (item.may_be_given or item.could_be_given) and given_days(item, context):
        return ITEM_MET
    if item.may_be_given and not item.rules:
        return Evidence(False, item.name)
    entry = blank_entry(context)
    lacking: list[object] = []
    broken: list[tuple[Rule, Violation]] = []
    first: Evidence | None = None
    for each in rules_in_force(item.rules, entry, context):
        rule = each.rule
        for violation in each.find_violations(entry, context):
            lacking += _label_lacking(violation, context)
            broken.append((rule, violation))
            if first is None:
                reason = violation.reason if rule.verb == "suits" else item.name
                reason = rule.code.rpartition("/")[2] if rule.code else reason
                facts = _published_item_facts(reason, violation.facts, context)
                first = Evidence(False, reason, clause_of_ruling(each.ruling, context) or None, facts)
    if first is None:
        return ITEM_MET
    if paper := find_paper(item, context):
        return ITEM_MET._replace(paper=paper)
    facts = {**first.facts, "lacking": lacking} if lacking and item.several else first.facts
    return first._replace(facts=facts, broken=broken)


def find_all_evidence(act: Act, context: Context) -> Mapping[str, Evidence]:
    """Return the evidence for each item of an act that is asked of her on the day, by the item's name."""
    asked = (item for item, _ in items_in_force(act, context.day) if is_item_asked(item, context))
    return {item.name: find_evidence(item, context) for item in asked}


def find_paper(item: Item, context: Context) -> Entry | None:
    """Return the entry about a paper from the time before the program that meets an item, the earliest; else None.

    Only a paper counts that keeps the rules of its track. It may have been seen long after the day that is judged.
    """
    track = context.tracks.serving(ITEM_PAPER) if item.on_paper else None
    if track is None:
        return None
    held = replace(context, today=context.now.date()) if context.now else context
    seen = (one for one in context.entries(track.name) if one.values.get("item") == item.name)
    return min((one for one in seen if one.day and keeps_rules(one, held)), key=lambda one: str(one.day), default=None)


def given_days(item: Item, context: Context) -> list[date]:
    """Return the days that were given for an item that a day can meet, or could formerly.

    Only days that keep the rules of their track count: these limit the day and the person who did it.
    """
    track = context.tracks.serving(ITEM_DAY)
    if track is None or not (item.may_be_given or item.could_be_given):
        return []
    given = (one for one in context.entries(track.name) if one.values.get("item") == item.name)
    return [on for one in given if (on := one.day) and keeps_rules(one, context)]


def find_file_violations(rule: Rule, context: Context) -> list[Violation]:
    """Return every way in which her file breaks one rule of an item."""
    return find_violations(rule, blank_entry(context), context)


def lacking_tracks(item: Item, found: Evidence) -> tuple[str, ...]:
    """Return the tracks of which an item still needs an entry."""
    wanted = (rule for rule, _ in found.broken if rule in item.entry_rules)
    return tuple(dict.fromkeys(rule.names[0] for rule in wanted))


def required_answers(item: Item, name: str, context: Context) -> Mapping[str, Any]:
    """Return the answers by which an entry of the track *name* would meet the item's first rule that lacks one."""
    for rule in (rule for rule in item.entry_rules if rule.names[0] == name):
        sought, (missed, *_) = entries_sought(rule, context), (*find_file_violations(rule, context), None)
        if sought is None or missed is None:
            continue
        lacking = {missed.facts["key"]: missed.facts["lacking"]} if "key" in missed.facts else {}
        return first_codes({**sought.verb.where, **lacking}, context.tracks[name])
    return {}


def first_codes(where: Mapping[str, Sequence[str]], track: Track) -> Mapping[str, str]:
    """Return, for each single-valued field of a track that a rule filters by codes, the first code that it accepts."""
    first = ((name, codes[0], field_at_path(track.fields, name)) for name, codes in where.items())
    return {name: code for name, code, one in first if one and not one.several and code in one.codes}


def met_since(item: Item, context: Context) -> date | None:
    """Return the day since which an item is met: the day it names, a day that was given, or that of its entries."""
    entry = blank_entry(context)
    if item.on and (on := as_day(find_name(entry, item.on, context).read_days(entry, context))):
        return on
    if paper := find_paper(item, context):
        return paper.day
    if item.on:
        return None
    if days := given_days(item, context):
        return min(days)
    found: list[date] = []
    for rule in item.entry_rules:
        sought = entries_sought(rule, context)
        if sought is None:
            continue
        there = sought.select(entry, context)
        if sought.verb.each:
            found += _days_of_each_kind(sought, there)
        elif not item.papers:
            found += _sorted_days(there)[:1]
    return max(found, default=None)


def entries_sought(rule: Rule, context: Context) -> BoundEntries | None:
    """Return the entries that a rule of an item or an act looks for on the day; None where it looks for none."""
    checks = (each.check for each in rules_in_force((rule,), blank_entry(context), context))
    return next((check for check in checks if isinstance(check, BoundEntries)), None)


def _days_of_each_kind(sought: BoundEntries, there: list[Entry]) -> Iterator[date]:
    """Yield the first day of each kind; for IOM papers that came several times, the last."""
    (key, kinds), *_ = sought.verb.each.items()
    for kind in kinds:
        on = _sorted_days([one for one in there if is_wanted_answer(one.values.get(key), [kind])])
        yield from on[-1:] if sought.text == IOM_PAPER_TRACK else on[:1]


def _sorted_days(there: list[Entry]) -> list[date]:
    return sorted(day for one in there if (day := one.day))


def blank_entry(context: Context, track: Track | None = None) -> Entry:
    """Return an entry without values, for the rules of an act and its items, which read the rest of a file."""
    return _read_blank(track or _BLANK_TRACK, f"/stays/{context.stay.index}" if context.stay else "")


@lru_cache(maxsize=64)
def _read_blank(track: Track, root: str) -> Entry:
    return read_entry(track, {}, root)


_BLANK_TRACK = Track("", {}, "", ("stay",), "", {})


def _label_lacking(violation: Violation, context: Context) -> Iterator[object]:
    """Yield what is missing in a violation: each kind by its text, else the track by its noun."""
    track = context.tracks.get(violation.name)
    named = track.fields.get(str(violation.facts.get("key"))) if track else None
    for code in violation.facts.get("lacking", ()):
        text = named.codes.get(code) if named else track.text if track else None
        published = LabelledCode(code, text) if text else code
        yield "instructions" if code == "instruction" else published


def _published_item_facts(reason: str, facts: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    if reason not in ITEM_FACTS:
        return {}
    known = {**facts}
    if context.house:
        known |= {"sleeping": context.house.sleeping, "capacity": context.house.capacity}
    return {name: known[name] for name in ITEM_FACTS[reason] if name in known}


class BegunEntry(NamedTuple):
    """One entry of a *track* that does not yet meet an item; *lacks* has what is missing as codes with quoted labels.

    Unsaved answers have no *entry*. *names* are the fields to fill in. If it *is_signed*, she signed for it, so that
    what is missing must go into a new entry. If it *must_end*, it keeps the item open until these fields are filled in.
    """

    track: Track
    entry: str | None
    on: date | None
    lacks: tuple[LabelledCode, ...]
    names: tuple[str, ...] = ()
    is_signed: bool = False
    must_end: bool = False

    @property
    def as_data(self) -> dict[str, Any]:
        """The begun entry as data for programs."""
        return {"track": self.track.name, "entry": self.entry, "on": self.on, "lacks": self.lacks}


def find_begun_entries(evidence: Evidence, context: Context) -> list[BegunEntry]:
    """Return what was begun for an open item, each entry once, the latest day first within each track."""
    found: dict[tuple[str, str | None], BegunEntry] = {}
    for rule, violation in evidence.broken:
        track = context.tracks.get(rule.names[0]) if rule.verb == "stands" else None
        sought = entries_sought(rule, context) if track else None
        if track is None or sought is None:
            continue
        begun = chain(
            _insufficient_entries(track, sought, violation, context), _waiting_answers(track, sought, context)
        )
        for each in begun:
            found.setdefault((track.name, each.entry), each)
    order = {name: number for number, name in enumerate(dict.fromkeys(track for track, _ in found))}
    return sorted(
        found.values(), key=lambda violation: (order[violation.track.name], -(violation.on or date.max).toordinal())
    )


def _insufficient_entries(
    track: Track, sought: BoundEntries, violation: Violation, context: Context
) -> Iterator[BegunEntry]:
    """Yield her entries that would meet an item if filled in, or that keep open an item which requires none."""
    if sought.verb.none:
        ending = tuple(name for name, wanted in sought.verb.where.items() if [*wanted] == ["absent"])
        for entry in sought.select(blank_entry(context), context) if ending else ():
            lacks = tuple(_label_fields(track, ending))
            yield BegunEntry(track, entry.written.get("id"), entry.day, lacks, ending, must_end=True)
        return
    for entry in context.entries(track.name):
        if not (short := _missing_fields(sought, entry, context)):
            continue
        names, kinds = _unique_names(short, _fields_breaking_rules(entry, context)), _lacking_kinds(violation, entry)
        lacks = (*kinds, *_label_fields(track, [name for name in names if not kinds or name != violation.facts["key"]]))
        fixed = bool(track.sheet.signed) and not track.sheet.awaits_her_signature(entry.values)
        yield BegunEntry(track, entry.written.get("id"), entry.day, lacks, names, fixed)


def _missing_fields(sought: BoundEntries, entry: Entry, context: Context) -> tuple[str, ...]:
    """Return the fields that an entry lacks for what a rule requires; none where its answers exclude it."""
    where, said = sought.verb.where, entry.values
    empty = [name for name, wanted in where.items() if said.get(name) is None and not is_wanted_answer(None, wanted)]
    if _contradicts(entry, where):
        return ()
    first, last = sought.read_days(entry, context)
    on = entry.day
    if on is not None and first is not None and on < first:
        return ()
    if on is None or (last is not None and on > last):
        days = entry.definition.day if isinstance(entry.definition, Track) else None
        empty += [days] if isinstance(days, str) else [*(days or ())][:1]
    for key, kinds in sought.verb.each.items():
        listed = said.get(key)
        if listed is None or (isinstance(listed, tuple) and any(is_wanted_answer(listed, [kind]) for kind in kinds)):
            empty.append(key)
    return _unique_names(empty)


def _unique_names(*names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of several lists in order, without repetitions."""
    return tuple(dict.fromkeys(chain(*names)))


def _contradicts(entry: Entry, where: Mapping[str, Sequence[str]]) -> bool:
    """Return whether an entry gives an unwanted answer at one of these names."""
    answers = ((entry.values.get(name), wanted) for name, wanted in where.items())
    return any(answer is not None and not is_wanted_answer(answer, wanted) for answer, wanted in answers)


def _lacking_kinds(violation: Violation, entry: Entry) -> list[LabelledCode]:
    """Return the missing kinds, where one entry may have several of them."""
    field = entry.fields.get(str(violation.facts.get("key")))
    if field is None or not field.several:
        return []
    kinds = (kind for kind in violation.facts.get("lacking", ()) if kind in field.codes)
    return [LabelledCode(kind, quote_label(field.codes[kind])) for kind in kinds]


def _fields_breaking_rules(entry: Entry, context: Context) -> tuple[str, ...]:
    """Return the fields at which an entry breaks rules of its own track, without mere warnings."""
    found = (one for one in judge_stored_entry(entry, context) if one.severity is not Severity.WARN)
    inside = (one.where.removeprefix(entry.where).strip("/").replace("/", ".") for one in found)
    return _unique_names(name for name in inside if field_at_path(entry.fields, name))


def _label_fields(track: Track, names: Sequence[str]) -> Iterator[LabelledCode]:
    """Yield fields by name and label; of a sealed track only its markers."""
    for name in dict.fromkeys(names):
        one = field_at_path(track.fields, name)
        if one and one.text and (track.seal is None or name.partition(".")[0] in track.seal.marker):
            yield LabelledCode(name, quote_label(one.text))


def _waiting_answers(track: Track, sought: BoundEntries, context: Context) -> Iterator[BegunEntry]:
    """Yield the unsaved answers for a new entry of the track; sealed ones cannot be read here."""
    waits = (context.client.facts.get(UNFINISHED_KEY) or {}).get(track.name) if context.client else None
    if waits is None or sought.verb.none:
        return
    if track.seal is not None:
        yield BegunEntry(track, None, None, ())
        return
    entry = read_entry(track, waits)
    first, _ = sought.read_days(entry, context)
    if _contradicts(entry, sought.verb.where) or (first is not None and entry.day is not None and entry.day < first):
        return
    empty = (name for name, one in track.fields.items() if one.must and entry.written.get(name) is None)
    asked = (name for name in empty if find_name(entry, name, context).is_asked(entry, context))
    names = _unique_names(asked, _fields_breaking_rules(entry, context))
    yield BegunEntry(track, None, entry.day, tuple(_label_fields(track, names)), names)


DATED_AFTER_ACT = N_(
    "This is dated {on}, but it had to be done by {day} ({clause}). Correct the date, or give a later day."
)
ENTRY_BEGUN = N_("Begun: {what}, {on}. Still to fill in: {lacks} ({clause}).")
ANSWERS_WAITING = N_("Begun and not finished: {what} ({clause}).")
FILL_IN_ENTRY = N_("Fill in the entry {entry}: add ID {track} --from FILE.")


@lru_cache(maxsize=64)
def items_in_force(act: Act, day: date) -> tuple[tuple[Item, Ruling[ItemTerms]], ...]:
    """Return the items on the list on *day*, in the manual's order, each with the ruling in force."""
    return tuple((item, ruling) for item in act.items if (ruling := ruling_in_force(item.history, day)))


def is_item_asked(item: Item, context: Context) -> bool:
    """Return whether an item is asked of this client: without a stay, only items of the client are."""
    return context.stay is not None or item.of == "client"


def checklist_rows(
    act: Act, context: Context, known: Mapping[str, Evidence] | None = None
) -> Iterator[dict[str, object]]:
    """Yield the rows of the checklist: item, text, clause, gate, state, day, and the entries begun for it."""
    known = find_all_evidence(act, context) if known is None else known
    for item, ruling in items_in_force(act, context.day):
        found = known.get(item.name)
        state = "not_applicable" if found is None else "done" if found.met else "open"
        shown = LabelledCode(state, SEEN_ON_PAPER) if found and found.paper else state
        begun = [one.as_data for one in find_begun_entries(found, context)] if found and state == "open" else []
        yield {
            "item": item.name,
            "text": item.text,
            "clause": (found.clause if found else None) or ruling.clause,
            "gate": bool(ruling.params.get("gate")),
            "state": shown,
            "on": met_since(item, context) if found and found.met else None,
            **({"on_paper": _describe_paper(found.paper)} if found and found.paper else {}),
            **({"begun": begun} if begun else {}),
        }


SEEN_ON_PAPER = N_("done, on paper")


def _describe_paper(paper: Entry) -> dict[str, object]:
    """Return who saw a paper and when, as a row of the checklist says it."""
    return {"entry": paper.written.get("id"), **{name: paper.values.get(name) for name in ("seen_by", "seen_on")}}


def unmet_items(
    act: Act, context: Context, known: Mapping[str, Evidence] | None = None
) -> Iterator[tuple[Item, Ruling[ItemTerms], Evidence, date | None]]:
    """Yield the open items of an act: those without evidence, and conditions with evidence dated after the act."""
    known = find_all_evidence(act, context) if known is None else known
    for item, ruling in items_in_force(act, context.day):
        found = known.get(item.name)
        if found is None:
            continue
        gate = ruling.params.get("gate") and ruling.strength is Strength.SHALL
        on = met_since(item, context) if found.met and gate else None
        if not found.met or (on is not None and on > context.day):
            yield item, ruling, found, on


def judge_items(act: Act, context: Context, known: Mapping[str, Evidence] | None = None) -> Iterator[Finding]:
    """Yield a finding for each open item: a refusal if the act depends on it, else an open finding."""
    entry = blank_entry(context)
    for item, ruling, found, on in unmet_items(act, context, known):
        gate = ruling.params.get("gate") and ruling.strength is Strength.SHALL
        where = scope_of(entry, context).pointer(item.names[0], entry, context) if item.names else entry.where
        facts: dict[str, object] = {"item": item.name, "clause": found.clause or ruling.clause, "day": context.day}
        if found.met:
            facts["on"] = on
            yield Finding(
                code=f"{act.name}/dated-after", message=DATED_AFTER_ACT, where=where, clause=ruling.clause, facts=facts
            )
        else:
            message, in_file = _choose_item_sentences(item, found, str(facts["clause"]), context)
            made = Finding(
                code=f"{act.name}/{found.reason}",
                severity=Severity.REFUSE if gate else Severity.OPEN,
                message=message,
                in_file=in_file,
                where=where,
                clause=found.clause or ruling.clause,
                facts={**facts, **found.facts},
            )
            yield say_if_own_limit(made, found.broken[0][0], context) if found.broken else made


def _choose_item_sentences(
    item: Item, found: Evidence, clause: str, context: Context
) -> tuple[Sentence, Sentence | None]:
    """Return the sentences of an open item and the way to meet it in a file: entries already begun are continued."""
    says, in_file = item.says[found.reason], item.in_file.get(found.reason)
    half = [one for one in find_begun_entries(found, context) if not (one.must_end or one.is_signed)]
    if not half:
        return says, in_file
    begun = {
        language: " ".join(_begun_sentence(one, clause, language) for one in half) for language in SCREEN_LANGUAGES
    }
    covered = {one.track.name for one in half} >= {*lacking_tracks(item, found)}
    entry = next((one for one in half if one.entry), None)
    if entry:
        go_on = {"track": entry.track.name, "entry": entry.entry}
        in_file = {language: format_sentence(FILL_IN_ENTRY, go_on, language) for language in SCREEN_LANGUAGES}
    return begun if covered else TwoSentences(says, begun), in_file


def _begun_sentence(one: BegunEntry, clause: str, language: str) -> str:
    """Return the sentence for one begun entry, with its braces escaped."""
    facts = {"what": one.track.text, "on": one.on or "?", "lacks": one.lacks, "clause": clause}
    sentence = format_sentence(ANSWERS_WAITING if one.entry is None else ENTRY_BEGUN, facts, language)
    return sentence.replace("{", "{{").replace("}", "}}")


def judge_act(act: Act, context: Context, known: Mapping[str, Evidence] | None = None) -> Iterator[Finding]:
    """Yield the findings of an act on the day: its own rules, then its items, which stay open where it is softened."""
    if act.name not in context.acts:
        context = replace(context, acts=context.acts | {act.name})
    own: list[Finding] = []
    said: set[str | None] = set()
    itself = blank_entry(context, act.track)
    for each in rules_in_force(act.rules, itself, context):
        if found_here := judge_rule(each, itself, context):
            own += (finding for finding in found_here if finding not in own)
            said.add(each.rule.item)
    yield from (finding for finding in own if finding.severity is Severity.REFUSE)
    found = tuple(judge_items(act, context, known))
    if said:
        found = tuple(finding for finding in found if finding.facts.get("item") not in said)
    if act.softens and matches_answers(act.softens, blank_entry(context), context):
        items = {item.name: item for item in act.items}
        found = tuple(_soften_finding(one, items[str(one.facts["item"])]) for one in found)
    yield from found
    yield from (finding for finding in own if finding.severity is not Severity.REFUSE)


def _soften_finding(finding: Finding, item: Item) -> Finding:
    """Return a finding as ``open``, with the item's words for the case that she is not held back (X94, X105)."""
    (soft,) = soften_findings((finding,))
    if finding.severity is Severity.REFUSE and SOFTENED_REASON in item.says and finding.code.endswith(f"/{item.name}"):
        return replace(soft, message=item.says[SOFTENED_REASON], in_file=item.in_file.get(SOFTENED_REASON))
    return soft


def make_act_refusal(act: Act, name: str, where: str, **facts: object) -> Finding:
    """Return a refusal of an act that no rule expresses: nothing to do it to, or something that depends on it."""
    return make_refusal(act.published.by_code[f"{act.name}/{name}"], act.clause, where, **facts)
