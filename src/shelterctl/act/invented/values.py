"""Invented answers: a value for each field, drawn by its kind, so that a new track or field is filled without Python.

An entry is drawn several times, and the one of which the rules of its track say least is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from shelterctl.act.invented.frequency import Frequency, Turn, read_data
from shelterctl.act.invented.people import InventedPeople
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.field import Field, Fields, valid_codes
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.record.entries import Entry, Values, is_wanted_answer, read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.judgement import acts_done_to, judge_stored_entry
from shelterctl.core.rules.names import find_name
from shelterctl.core.rules.verbs.answers import Is
from shelterctl.core.rules.verbs.persons import By
from shelterctl.core.values.facts import Facts

FIRST_LIKELY, NEXT_LIKELY = 0.7, 0.2
"""The chance that an answer is given that nothing requires: at first, and where drawing again did not help."""

EVERY = 1.0
"""The likelihood of answers in a line of a form, which is drawn whole."""

MOST_TRIES, MOST_IDLE_TRIES, MOST_WEIGHT = 8, 3, 10_000
"""The number of times that an entry is drawn at most, and of those in vain."""

WEIGHTS = {Severity.REFUSE: 100, Severity.OPEN: 2, Severity.WARN: 1}
"""The weight of a finding against an entry that was drawn."""

FAR = ("house", "store")
"""The reach of the rules that are left to `check`: they would compare each of thousands of entries with all others."""

OBEYED = 0.85
"""The chance that a drawn answer is one that a rule allows."""

AMOUNTS = (100, 250, 300, 400, 600, 750)
SPAN_DAYS = (6, 29, 59, 89)
LONGEST_STEP_DAYS, LONGEST_STEP_MINUTES = 3, 120


@dataclass(repr=False)
class Surroundings:
    """The surroundings of an entry: its *moment*, the *last* one that may be written, and the context of its rules.

    *ends* is the last day of the period to which it belongs, *clients* are the ids of those who are in the house then.
    """

    moment: datetime
    last: datetime
    context: Context
    ends: date | None = None
    clients: Sequence[str] = ()


@dataclass(repr=False)
class Draft:
    """An entry or a part of one that is being drawn: what is written, and the last time in it so far."""

    definition: Track | FormPart
    around: Surroundings
    frequency: Frequency
    likely: float
    at: datetime
    outer: "Draft | None" = None
    begun: bool = False
    written: dict[str, Any] = field(default_factory=dict)

    @property
    def entry(self) -> Entry:
        """The draft as an entry for the rules."""
        return read_entry(self.definition, self.written, "", self.outer.entry if self.outer else None)


@dataclass(repr=False)
class InventedValues:
    """Draws entries by lot. *registers* are the codes of each register, *offset* is that of the time zone."""

    lot: Random
    people: InventedPeople
    registers: Callable[[str], Mapping[str, Facts]]
    offset: str
    numbers: dict[str, int] = field(default_factory=dict)
    _alone: dict[str, Track] = field(default_factory=dict)
    _codes: dict[str, Mapping[str, list[Sequence[str]]]] = field(default_factory=dict)
    _roles: dict[str, Mapping[str, list[frozenset[str]]]] = field(default_factory=dict)

    def entry(self, track: Track, frequency: Frequency, around: Surroundings, turn: Turn | None = None) -> Facts:
        """Return an entry of a track. What the rules say of it is drawn again, until they say nothing or no less."""
        best, least, idle = dict[str, Any](), MOST_WEIGHT, 0
        draft = Draft(track, around, frequency, FIRST_LIKELY, around.moment, written=dict(track.discriminator))
        for _ in range(MOST_TRIES):
            self._fill(draft, turn)
            findings = self._judge(track, draft, around)
            weight = sum(WEIGHTS[one.severity] for one in findings)
            if weight < least:
                best, least, idle = draft.written, weight, 0
            else:
                idle += 1
            if not least or idle > MOST_IDLE_TRIES:
                break
            draft = self._again(draft, findings, idle)
        return best

    def _again(self, draft: Draft, findings: Sequence[Finding], idle: int) -> Draft:
        """Return a draft without the answers that findings are about; what they miss is answered now.

        If that was in vain, or something is refused, the acts on the entry are drawn again too, and at last left out.
        """
        named = {".".join(one.where.split("/")[2:]) for one in findings} - {""}
        acts = _groups_of_acts(draft.definition)
        tops = {name.partition(".")[0] for name in named} | (acts if idle or not named else frozenset())
        lacking = {name for name in tops - acts if name not in draft.written}
        fields = draft.definition.fields
        kept = {name: value for name, value in draft.written.items() if name not in tops or name not in fields}
        always = draft.frequency.always | lacking | {name for name in named if "." in name}
        never = draft.frequency.never | (acts if idle > 1 else frozenset())
        more = replace(draft.frequency, always=frozenset(always), never=never)
        likely = NEXT_LIKELY if idle else 0
        return Draft(draft.definition, draft.around, more, likely, draft.around.moment, written=kept)

    def _judge(self, track: Track, draft: Draft, around: Surroundings) -> Sequence[Finding]:
        """Return the findings on an entry, without those of rules that compare all entries of a house."""
        if track.name not in self._alone:
            near = tuple(rule for rule in track.rules if not any(each.params.reach in FAR for each in rule.rulings))
            self._alone[track.name] = replace(track, rules=near)
        entry = read_entry(self._alone[track.name], draft.written, "/entry")
        held = around.context.for_entry(entry, acts_done_to(entry))
        return [*judge_stored_entry(entry, held)]

    def _fill(self, draft: Draft, turn: Turn | None) -> None:
        track = draft.definition
        assert isinstance(track, Track)  # noqa: S101 - for mypy
        if turn:
            draft.written |= {name: self.lot.choice(options) for name, options in turn.answers.items()}
        named = (track.day,) if isinstance(track.day, str) else track.day or ()
        first = next((name for name in named if name in draft.frequency.always), named[0] if named else "")
        self._fill_fields(draft, track.fields, "", draft.written, first.partition(".")[0])
        for name, hours in (*draft.frequency.lasts.items(), *(turn.lasts.items() if turn else ())):
            if name in track.fields:
                draft.written[name] = self._time(draft.around.moment + timedelta(hours=hours))

    def _fill_fields(self, draft: Draft, fields: Fields, above: str, into: dict[str, Any], first: str = "") -> None:
        """Answer *fields*, the one of the day *first*, and those that depend on others last."""
        order = sorted(fields, key=lambda name: (name != first, bool(fields[name].asked_with)))
        for name in order:
            if name not in into and (name == first or self._is_wanted(draft, above + name, fields[name], fields, into)):
                value = self._value(draft, above + name, fields[name])
                if value is not None:
                    into[name] = value

    def _is_wanted(self, draft: Draft, name: str, one: Field, fields: Fields, beside: Facts) -> bool:
        frequency = draft.frequency
        if name in frequency.never or (one.filled and name not in frequency.always):
            return False
        if one.asked_with and not self._is_asked(draft, one, fields, beside):
            return False
        named = name in frequency.always or name in frequency.answers
        return one.must or named or self.lot.random() < (draft.likely / 2 if one.by_file else draft.likely)

    def _is_asked(self, draft: Draft, one: Field, fields: Fields, beside: Facts) -> bool:
        """Return whether a field is asked with the answers *beside* it, and with those elsewhere in the entry."""
        near, entry, held = Values(fields, beside), draft.entry, draft.around.context
        return all(
            is_wanted_answer(
                near.get(name) if name.partition(".")[0] in fields else find_name(entry, name, held).read(entry, held),
                wanted,
            )
            for name, wanted in one.asked_with.items()
        )

    def _value(self, draft: Draft, name: str, one: Field) -> Any:
        if name in draft.frequency.answers:
            return self.lot.choice(draft.frequency.answers[name])
        if name in draft.frequency.patterns:
            return self._pattern(draft, name)
        if name in draft.frequency.for_period and draft.around.ends:
            return self._span_of(draft, (draft.around.ends - draft.around.moment.date()).days)
        value = DRAWN[one.kind](self, draft, name, one)
        return [value] if one.several and value is not None and not isinstance(value, list) else value

    def _pattern(self, draft: Draft, name: str) -> str:
        number = self.numbers[name] = self.numbers.get(name, 0) + 1
        moment = draft.around.moment
        said = {"year": moment.year, "number": f"{number:03}", "day": moment.date(), "birth_year": self._birth_year()}
        return draft.frequency.patterns[name].format(**said)

    def _birth_year(self) -> str:
        return f"{self.lot.randint(1975, 2006)}-{self.lot.randint(1, 12):02}"

    def text(self, draft: Draft, name: str, one: Field) -> Any:
        """Return words, a name or a telephone number."""
        last = name.rpartition(".")[2]
        if last == "phone":
            said = self.people.phone()
        elif one.person:
            said = self.people.named(last)
        else:
            data = read_data("house")
            said = self.lot.choice(data["texts_of"].get(last) or data["texts"])
        return said

    def code(self, draft: Draft, name: str, one: Field) -> Any:
        """Return a code that is valid on the day, or one or two of them where a list is wanted."""
        codes = [*valid_codes(one, draft.around.moment.date())]
        if not codes:
            return None
        allowed = self._allowed(draft, name)
        if one.several:
            wanted = {*allowed} & {*codes}
            return sorted(wanted or self.lot.sample(codes, min(len(codes), self.lot.choice((1, 2)))))
        return self.lot.choice([code for code in codes if code in allowed] or codes)

    def yes_no(self, draft: Draft, name: str, one: Field) -> bool:
        """Return yes or no, mostly the one that a rule allows."""
        allowed = self._allowed(draft, name)
        return "yes" in allowed if len(allowed) == 1 else self.lot.random() < 0.5

    def _allowed(self, draft: Draft, name: str) -> Sequence[str]:
        """Return the codes that one of the rules about a field allows or asks for; mostly, or else none."""
        track = draft.definition
        if not isinstance(track, Track) or self.lot.random() > OBEYED:
            return ()
        if track.name not in self._codes:
            self._codes[track.name] = _codes_by_field(track)
        found = self._codes[track.name].get(name)
        return self.lot.choice(found) if found else ()

    def party(self, draft: Draft, name: str, one: Field) -> Any:
        """Return somebody registered, or a client in the house; of staff somebody with a role that a rule asks for."""
        codes = self._parties(draft, name, one)
        if not codes:
            return None
        if one.several:
            return sorted(self.lot.sample(codes, min(len(codes), self.lot.choice((1, 2, 3)))))
        return self.lot.choice(codes)

    def _parties(self, draft: Draft, name: str, one: Field) -> list[str]:
        if "clients" in one.of:
            return [*draft.around.clients]
        registered = {code: facts for register in one.of for code, facts in self.registers(register).items()}
        wanted = self._roles_for(draft, name) if "staff" in one.of else frozenset()
        return [code for code, facts in registered.items() if str(facts.get("role")) in wanted] or [*registered]

    def _roles_for(self, draft: Draft, name: str) -> frozenset[str]:
        """Return the roles that one of the rules about a field asks for, drawn by lot."""
        track = draft.definition
        if not isinstance(track, Track):
            return frozenset()
        if track.name not in self._roles:
            self._roles[track.name] = _roles_by_field(track)
        found = self._roles[track.name].get(name)
        return self.lot.choice(found) if found else frozenset()

    def day(self, draft: Draft, name: str, one: Field) -> str:
        """Return a day no earlier than the last one drawn, in the future only where that is allowed."""
        self._go_on(draft, one, timedelta(self.lot.choice((0, 0, *range(LONGEST_STEP_DAYS)))))
        return draft.at.date().isoformat()

    def time(self, draft: Draft, name: str, one: Field) -> str:
        """Return a time no earlier than the last one drawn, in the future only where that is allowed."""
        self._go_on(draft, one, timedelta(minutes=self.lot.randrange(0, LONGEST_STEP_MINUTES, 5)))
        return self._time(draft.at)

    def _go_on(self, draft: Draft, one: Field, step: timedelta) -> None:
        """Move to a later time; the first time of an entry is its moment."""
        later = draft.at + (step if draft.begun else timedelta())
        draft.begun = True
        draft.at = later if one.ahead or later <= draft.around.last else max(draft.at, draft.around.last)

    def _time(self, at: datetime) -> str:
        return f"{at:%Y-%m-%dT%H:%M}{self.offset}"

    def clock(self, draft: Draft, name: str, one: Field) -> str:
        """Return a time of the day."""
        return f"{self.lot.randint(6, 22):02}:{self.lot.choice(('00', '30'))}"

    def months(self, draft: Draft, name: str, one: Field) -> list[str]:
        """Return the month of the entry."""
        return [f"{draft.around.moment:%Y-%m}"]

    def span(self, draft: Draft, name: str, one: Field) -> dict[str, Any]:
        """Return a period from the entry's day on, with what else is asked about it."""
        more: dict[str, Any] = {}
        self._fill_fields(
            draft, {key: each for key, each in one.fields.items() if key not in ("from", "to")}, f"{name}.", more
        )
        return {**self._span_of(draft, self.lot.choice(SPAN_DAYS)), **more}

    def _span_of(self, draft: Draft, days: int) -> dict[str, str]:
        first = draft.around.moment.date()
        last = first + timedelta(days)
        return {"from": first.isoformat(), "to": last.isoformat()}

    def group(self, draft: Draft, name: str, one: Field) -> Any:
        """Return answers to the fields inside; a list of one or two where a list is wanted."""
        found = []
        for _ in range(self.lot.choice((1, 2)) if one.several else 1):
            inside: dict[str, Any] = {}
            self._fill_fields(draft, one.fields, f"{name}.", inside)
            found.append(inside)
        kept = [each for each in found if each]
        return (kept or None) if one.several else found[0] or None

    def parts(self, draft: Draft, name: str, one: Field) -> dict[str, Any] | None:
        """Return two or three lines of a form with their answers."""
        track = draft.definition
        if not isinstance(track, Track) or not track.parts:
            return None
        day = draft.around.moment.date()
        numbers = [number for number in track.parts if track.standing(number, day)]
        found: dict[str, Any] = {}
        for number in sorted(self.lot.sample(numbers, min(len(numbers), 3))):
            part = track.parts[number]
            line = Draft(part, draft.around, draft.frequency, EVERY, draft.at, draft)
            made = {"amount"} if part.product else set()
            self._fill_fields(
                line, {name: one for name, one in part.fields.items() if name not in made}, "", line.written
            )
            if line.written:
                found[number] = line.written
        return found or None

    def reference(self, draft: Draft, name: str, one: Field) -> str | None:
        """Return the id of an entry of hers of which the field speaks, or the number of a line of it."""
        held = draft.around.context
        if held.client is None:
            return None
        if one.of == ("stay",) and held.stay is not None:
            return held.stay.id
        for of in one.of:
            if "." in of:
                return self._line_of(draft, of)
        ids = [
            str(entry.written["id"])
            for each in one.of
            if each in held.tracks
            for entry in held.client_entries(each)
            if "id" in entry.written
        ]
        return self.lot.choice(ids) if ids else None

    def _line_of(self, draft: Draft, of: str) -> str | None:
        whose, _, key = of.partition(".")
        held, id_ = draft.around.context, draft.written.get(whose)
        entries = entries_with_ids(held.client.facts) if held.client else ()
        lines = next((each.get(key) for _, each in entries if each["id"] == id_), None)
        return self.lot.choice([*lines]) if lines else None


def _groups_of_acts(definition: Track | FormPart) -> frozenset[str]:
    """Return the groups that acts on an entry of a track write."""
    return (
        frozenset(act.writes for act in definition.entry_acts.values())
        if isinstance(definition, Track)
        else frozenset()
    )


def _codes_by_field(track: Track) -> Mapping[str, list[Sequence[str]]]:
    """Return the codes that rules of a track allow or ask for, by field: together where all of them are asked for."""
    found: dict[str, list[Sequence[str]]] = {}
    together: dict[str, set[str]] = {}
    for rule in track.rules:
        for params in (each.params for each in rule.rulings):
            if not isinstance(params, Is):
                continue
            for name in rule.names:
                if params.codes:
                    found.setdefault(name, []).append(params.codes)
                together.setdefault(name, set()).update(params.all)
    return {**found, **{name: [sorted(codes)] for name, codes in together.items() if codes}}


def _roles_by_field(track: Track) -> Mapping[str, list[frozenset[str]]]:
    """Return the sets of roles that rules of a track ask for, by the field that names the person."""
    found: dict[str, list[frozenset[str]]] = {}
    for rule in track.rules:
        for each in rule.rulings:
            if isinstance(each.params, By) and (roles := (*each.params.role, *each.params.each)):
                found.setdefault(rule.names[0], []).append(frozenset(roles))
    return found


DRAWN: Mapping[str, Callable[[InventedValues, Draft, str, Field], Any]] = {
    "text": InventedValues.text,
    "code": InventedValues.code,
    "party": InventedValues.party,
    "yes_no": InventedValues.yes_no,
    "whole": lambda values, draft, name, one: values.lot.randint(1, 4),
    "som": lambda values, draft, name, one: values.lot.choice(AMOUNTS),
    "day": InventedValues.day,
    "time": InventedValues.time,
    "clock": InventedValues.clock,
    "partial": lambda values, draft, name, one: draft.around.moment.year - values.lot.randint(1, 4),
    "months": InventedValues.months,
    "span": InventedValues.span,
    "group": InventedValues.group,
    "parts": InventedValues.parts,
    "entry": InventedValues.reference,
}
"""The way in which a value of each kind of field is drawn."""
