"""Tracks: the kinds of entries of the rulebook, each with its fields, its rules and its parts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, NamedTuple, TypedDict

from shelterctl.core.manual.field import CLIENTS_REGISTER, Answers, Field, Fields, nested_fields
from shelterctl.core.manual.notation import (
    INHERITED,
    NAME_ABOVE,
    NOT_WRITTEN,
    ONE_OR_MANY,
    As,
    Closed,
    DottedPath,
    Key,
    Label,
    Modifiers,
    Names,
    NoTerms,
    Rulings,
)
from shelterctl.core.manual.published_code import PublishedCodes
from shelterctl.core.manual.rule import History, Rule, ruling_in_force
from shelterctl.core.manual.sheet import PrintedForm
from shelterctl.core.values.days import Duration, add_duration
from shelterctl.immutable import immutable
from shelterctl.language import Text

ENGLISH_ARTICLE = re.compile("^(?:an?|the) ")
"""The article before an English noun in a sentence, which a title leaves out."""


DANGERS_BY_GRAVITY = ("late", "at_once", "gate", "health", "aftercare")
"""Dangers that are shown before papers and money, gravest first.

She is not back; it must be reported at once; her admission waits; her health; her state since she left.
"""

DANGER_LATE, DANGER_AT_ONCE, DANGER_GATE, DANGER_HEALTH, DANGER_AFTERCARE = DANGERS_BY_GRAVITY

RECURRENCES = ("hour", "day", "week", "month")
"""The intervals at which something may be due repeatedly in a stay, or in the register of a house."""

REGISTER_EVENT = "opened"
"""The event with which a deadline of a register begins unless it names another beginning: the register's first day."""


class Offset(TypedDict, total=False):
    """A number of months and days after an event, or of hours after a time."""

    months: int
    days: int
    hours: int


class DaysBefore(TypedDict, total=False):
    """A number of months and days before a day."""

    months: int
    days: int


class OwnerInField(TypedDict):
    """The field that names the member of staff who is responsible."""

    of: str


class DeadlineTerms(TypedDict, total=False):
    """The terms of a deadline from a day on: the time *after* its event, or how often (*every*), and *during* what.

    With *calendar* the periods are those of the calendar. *before* is the time for which it is shown ahead of its day.
    """

    after: Offset
    before: DaysBefore
    every: Annotated[str, Closed(RECURRENCES)]
    during: Annotated[str, Closed(("stay", "house"))]
    calendar: bool


@immutable(eq=True)
class DeadlineRuling:
    """The time *after* its beginning at which something is due, or the interval (*every*) within a stay or register.

    The periods of a *calendar* are its weeks and months. It is shown *before* its day for that long. *since* is the day
    from which the ruling holds.
    """

    clause: str
    reading: str | None = None
    after: Duration | None = None
    every: str | None = None
    before: Duration | None = None
    calendar: bool = False
    since: date | None = None


class LongerTerm(NamedTuple):
    """A field with a number of months in a register of her house (``house-paper.months``), in entries with the answers
    *where*.

    An entry counts while it is in force; of several the longest counts. It never shortens the deadline (X98).
    """

    of: str
    where: Answers = MappingProxyType({})

    @property
    def track_and_field(self) -> tuple[str, str]:
        """The name of the track and that of its field."""
        track, _, name = self.of.partition(".")
        return track, name


@immutable
class Deadline:
    """One deadline of a track: the event or field it starts from, the time or interval, and what answers it.

    *row* is its row in the manual's table of deadlines, *owner* the responsible role, or *owner_field* the field that
    names who is responsible. *until* names the fields or
    tracks that answer it, *when* limits who owes it, *where* limits which entries count. With *first* it is reported at
    once; *danger* is the reason to show it before papers and money. *never* is ``overdue`` for what stays open without
    a last day, or ``listed`` for what no list shows. *longer* is where her house may have agreed on a longer time. With
    *wall* its words may hang where visitors read them; otherwise a sheet for the wall only says that there is an entry.
    """

    event: Annotated[str, Key("from")] = REGISTER_EVENT
    row: str | None = None
    history: Annotated[History[DeadlineTerms], Rulings(DeadlineTerms)] = ()
    text: Label | None = None
    owner: Annotated[str | None, As(OwnerInField | str)] = None
    owner_field: Annotated[str | None, NOT_WRITTEN] = None
    until: Names = ()
    when: Answers = field(default_factory=dict)
    where: Answers = field(default_factory=dict)
    first: bool = False
    danger: Annotated[str, Closed((DANGER_LATE, DANGER_HEALTH, DANGER_AFTERCARE))] | None = None
    never: Annotated[str, Closed(("overdue", "listed"))] | None = None
    longer: LongerTerm | None = None
    wall: bool = False

    def ruling(self, begun: date) -> DeadlineRuling | None:
        """Return the ruling in force on the day on which the deadline began, or None."""
        ruling = ruling_in_force(self.history, begun)
        if ruling is None:
            return None
        said = ruling.params
        after, before = (Duration(**said[key]) if key in said else None for key in ("after", "before"))
        every, calendar = said.get("every"), said.get("calendar", False)
        return DeadlineRuling(ruling.clause, ruling.reading, after, every, before, calendar, ruling.since)

    def due_day(self, begun: date) -> date | None:
        """Return the day from which it is due if it began on *begun* (X87); None where no ruling was in force on that
        day.
        """
        ruling = self.ruling(begun)
        return add_duration(begun, ruling.after or Duration()) if ruling else None


REGISTER_HOMES = ("house", "staff", "ngo", "provider")
"""The owners of registers beside the clients' files: a house, a member of staff, an NGO, a provider."""

HOMES = ("client", "stay", "left", *REGISTER_HOMES, "directory")
"""The possible owners of an entry: a client, a stay, a stay that she has left, one of `REGISTER_HOMES`, or another
register of codes in the store's directory.
"""

KEEPS_VALUES = ("one", "many", "last", "coded")
MODIFIERS_IN_TRACK = ("act", "when", "unless", "code", "says", "in_file", "opens")


def numbered_limit(name: str, at: int) -> str:
    """Return the name of a number in a line's text: that of the first rule with it, or ``at_most_2`` of the next."""
    return f"{name}_{at + 1}" if at else name


@immutable
class FormPart:
    """One line of a form, by its printed number, with its own fields, rules and dated standing.

    *product* names the numbers whose product is the amount where no amount is written (``rate``, ``months``); *mark* is
    printed before the line where that is not its number.
    """

    number: Annotated[str, NAME_ABOVE]
    text: Label
    fields: Fields = field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Modifiers(MODIFIERS_IN_TRACK)] = ()
    standing: Annotated[History[NoTerms], Rulings(NoTerms, ("clause", "reading", "repealed"))] = ()
    group: str | None = None
    mark: str | None = None
    product: tuple[str, ...] = ()
    due: tuple[Deadline, ...] = ()

    def clause(self, day: date) -> str:
        """Return the part's own clause on *day*."""
        ruling = ruling_in_force(self.standing, day)
        return ruling.clause if ruling else self.standing[0].clause

    @property
    def printed_rules(self) -> Iterator[Rule]:
        """The manual's rules whose numbers the part's text has: no limit on a number of days, none of the house."""
        for rule in self.rules:
            if rule.own is None and (rule.verb != "amount" or rule.names == ("amount",)):
                yield rule

    def limits(self, day: date) -> dict[str, list[int | None]]:
        """Return the manual's numbers on *day*, by name, one for each rule that has it; None where none is in force."""
        limits: dict[str, list[int | None]] = {}
        for rule in self.printed_rules:
            ruling = rule.on(day)
            for name in dict.fromkeys(name for one in rule.rulings for name in one.params.numbers):
                limits.setdefault(name, []).append(ruling.params.numbers.get(name) if ruling else None)
        return limits

    def caps(self) -> Iterator[Rule]:
        """Return the rules that limit the part's amount from above."""
        limiting = (rule for rule in self.rules if rule.verb == "amount" and rule.names == ("amount",))
        return (rule for rule in limiting if any(each.params.is_cap for each in rule.rulings))


class SealInstead(NamedTuple):
    """The *part* that holds an entry which names one of the readers of its track, and the *readers* of that part."""

    part: str
    readers: tuple[str, ...]


class Seal(NamedTuple):
    """The *part* of a file that holds a track's entries encrypted, and the fields that stay readable outside
    (*marker*).

    *words* are beginnings of words that reveal the part: they cause a warning anywhere else. *readers* are the roles
    that the part is meant for. *not_for* is the field with members of staff: who is named there neither reads nor
    strikes out the entry. An entry that names somebody with a role of *readers* lies *instead* in another part.
    *listed* are sealed fields that a list of the entries shows to those who read them.
    """

    part: str
    marker: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    not_for: str | None = None
    instead: SealInstead | None = None
    listed: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that hold entries of the track: the usual one, and the one for entries that name a reader."""
        return (self.part, self.instead.part) if self.instead else (self.part,)


class EntryAct(NamedTuple):
    """An act on an entry, such as an approval; it *writes* who and when into a group of the entry.

    Rules of the track that name the act refuse it; once it is done, they refuse in a check as well. It is offered
    *when* the entry gives these answers.
    """

    text: Label
    clause: str
    writes: str
    when: Answers = MappingProxyType({})

    @property
    def names_object(self) -> bool:
        """Whether its words say what it is done to, such as "close an incident"; then the entry need not be named."""
        return " " in str(self.text["en"]).strip()


class ConditionalTitle(NamedTuple):
    """The title of an entry that gives all these answers, where the track's noun would say the opposite: a refusal."""

    when: Answers
    text: Label


OWED, GIVEN_LAST = PROPOSALS = ("owed", "last")
"""The values that are proposed for each resident: what the rules still owe her, or what she was given last."""


class AtOnce(NamedTuple):
    """Entries of a track that are written for all residents of a house at once, under a *text* of their own.

    *ask* names the fields that are asked once for all, the day among them, and *each* the fields that are proposed for
    each resident, with one of `PROPOSALS`. A field in both is proposed only where the common question stays open.
    *offers* holds the answers that Enter gives to the common questions.
    """

    text: Label
    ask: Names
    each: Mapping[str, Annotated[str, Closed(PROPOSALS)]] = MappingProxyType({})
    offers: Mapping[str, str] = MappingProxyType({})

    @property
    def owes(self) -> bool:
        """Whether what is proposed is what the rules still owe."""
        return OWED in self.each.values()


class Alarm(NamedTuple):
    """Answers that are shown first in every list of what is due; *owner* is the responsible role, *row* the deadline's
    row. *opens* is the track of the house in which they are recorded too.
    """

    when: Answers
    text: Label
    clause: str
    owner: str | None = None
    row: str | None = None
    opens: str | None = None


class FileHold(NamedTuple):
    """The answers of an entry for which its client's file may not be deleted, with a sentence and its clause (X11).

    An entry of a register concerns the clients whom it names.
    """

    when: Answers
    text: Label
    clause: str


@immutable(slots=False)
class Track:
    """One kind of entry: its place in a file, the field of its day, its fields, rules and parts.

    *home* is the owner of its entries (a client, a stay, a house), *at* the dotted path there; *discriminator*
    holds the answers that distinguish its entries from other tracks in the same list. *family* is the track whose
    fields it has besides its *own*. *act* names the only act that writes it. *day* is the field of its day, or several
    fields of which the first that is written counts. *keeps* says whether there is one entry, many, or many of which
    the last counts; *per* names the answers for each of which a separate last entry counts. *life* are the fields of
    its first day and of the days that end it. *unlisted* is the clause by which other parts are refused, *advice* says
    what to do about a part over its limit, and *unasked_code* is the code for an answer that another answer makes
    irrelevant; *hint* says what a form pays for. *part_fields* are the fields of every part; *sheet* says how it is
    printed, *papers* are further sheets of its entries by name, *paper* is the name of the one that this track prints,
    *due* says when it is due, *alarms* which answers are shown before everything else, *holds* for which answers her
    file is kept; *clear* are fields stored unencrypted beside the encrypted ones. With *at_once* an entry can be
    written for all residents of a house. *dated_code_fields* are the names of fields whose codes do not all hold on
    every day. *identifying_fields* distinguish its entries where one is named. With a *seal* its entries are encrypted
    a second time. *entry_acts* are acts on an entry, by name. *conditional_titles* has other words for an entry by its
    answers, *choice_title* the words used where a kind of entry is still to be chosen. *published* are the codes of the
    rulebook.
    """

    name: Annotated[str, Key("track")]
    text: Label
    clause: str
    home: Annotated[tuple[Annotated[str, Closed(HOMES)], ...], ONE_OR_MANY, INHERITED]
    at: Annotated[DottedPath, INHERITED]
    fields: Annotated[Fields, INHERITED]
    rules: Annotated[tuple[Rule, ...], Modifiers(MODIFIERS_IN_TRACK)] = ()
    discriminator: Annotated[Mapping[str, str], Key("tells")] = field(default_factory=dict)
    own: Annotated[tuple[str, ...], NOT_WRITTEN] = ()
    family: str | None = None
    act: str | None = None
    day: str | tuple[str, ...] | None = None
    keeps: Annotated[str, Closed(KEEPS_VALUES)] = "one"
    per: tuple[str, ...] = ()
    life: tuple[str, ...] | None = None
    unlisted: str | None = None
    unasked_code: Annotated[str | None, Key("unasked")] = None
    advice: Label = field(default_factory=dict)
    hint: Label | None = None
    groups: Mapping[str, Label] = field(default_factory=dict)
    parts: Mapping[str, FormPart] = field(default_factory=dict)
    part_fields: Annotated[Fields, Key("each")] = field(default_factory=dict)
    sheet: PrintedForm = field(default_factory=PrintedForm)
    papers: Mapping[str, PrintedForm] = field(default_factory=dict)
    paper: Annotated[str | None, NOT_WRITTEN] = None
    due: tuple[Deadline, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    holds: FileHold | None = None
    clear: Fields = field(default_factory=dict)
    dated_code_fields: Annotated[tuple[str, ...], NOT_WRITTEN] = ()
    identifying_fields: Annotated[tuple[str, ...], Key("apart")] = ()
    seal: Annotated[Seal | None, Key("sealed")] = None
    entry_acts: Annotated[Mapping[str, EntryAct], Key("acts")] = field(default_factory=dict)
    conditional_titles: Annotated[tuple[ConditionalTitle, ...], Key("titled")] = ()
    choice_title: Annotated[Label | None, Key("chosen")] = None
    at_once: AtOnce | None = None
    published: Annotated[PublishedCodes, NOT_WRITTEN] = field(default_factory=PublishedCodes)

    @property
    def offered(self) -> Text:
        """The track's words where a kind of entry is chosen."""
        return self.choice_title or self.text

    @cached_property
    def whole(self) -> "Track":
        """The track with its unencrypted fields among its fields: a register has both under a code."""
        return replace(self, fields={**self.fields, **self.clear}) if self.clear else self

    @property
    def form(self) -> str:
        """The name under which its entries are printed: that of the further paper, or its own."""
        return self.paper or self.name

    def as_paper(self, name: str) -> "Track":
        """Return the track as one of its further papers prints it."""
        return replace(self, sheet=self.papers[name], paper=name)

    @property
    def prints_sealed_answers(self) -> bool:
        """Whether its sheet would print what is sealed in a client's file; one that shows only markers does not."""
        if self.seal is None or self.of_register is not None:
            return False
        return not self.sheet.shows or not {*self.sheet.shows} <= {*self.seal.marker}

    @cached_property
    def title(self) -> Text:
        """The title of a sheet of its entries: its own, or else its noun as a title."""
        return self.sheet.title or as_title(self.text)

    @cached_property
    def many(self) -> bool:
        """Whether its entries are a list."""
        return self.keeps != "one"

    @cached_property
    def is_coded(self) -> bool:
        """Whether it is a register of codes, such as staff, with one entry for each code."""
        return self.keeps == "coded"

    @cached_property
    def of_register(self) -> str | None:
        """The home in whose registers its entries lie, such as ``house``; None for a client's track or for codes."""
        return None if self.is_coded else next((home for home in self.home if home in REGISTER_HOMES), None)

    @cached_property
    def client_fields(self) -> tuple[str, ...]:
        """The fields at any depth that name clients by their ids."""
        return tuple(name for name, one in nested_fields(self.fields) if CLIENTS_REGISTER in one.of)

    @cached_property
    def times(self) -> tuple[str, str] | None:
        """The two fields that a rule names as the beginning and the end of an entry's time, or None."""
        pairs = (rule.names for rule in self.rules if rule.verb in ("covers", "once"))
        return next(((pair[0], pair[1]) for pair in pairs if len(pair) > 1), None)

    @cached_property
    def groups_with_deadlines(self) -> Mapping[str, FormPart]:
        """The lists of groups from whose fields a deadline begins, each as a part of the entry."""
        first = {due.event.partition(".")[0] for due in self.due if "." in due.event}
        listed = ((name, self.fields[name]) for name in first if name in self.fields)
        return {name: FormPart(name, one.text, one.fields) for name, one in listed if one.several and one.fields}

    def group_of_deadline(self, due: Deadline) -> "tuple[FormPart | None, Deadline]":
        """Return the list of groups from whose field a deadline begins, and the deadline as one of a group; else no
        part, and the deadline unchanged.
        """
        name, _, inside = due.event.partition(".")
        part = self.groups_with_deadlines.get(name)
        if part is None:
            return None, due
        until = tuple(each.removeprefix(f"{name}.") for each in due.until)
        when = {each.removeprefix(f"{name}."): answers for each, answers in due.when.items()}
        owner = due.owner_field.removeprefix(f"{name}.") if due.owner_field else None
        return part, replace(due, event=inside, until=until, when=when, owner_field=owner)

    @cached_property
    def looks_at_others(self) -> bool:
        """Whether a rule of the track reads her other entries of the track."""
        rules = (*self.rules, *(rule for part in self.parts.values() for rule in part.rules))
        return any(each.params.reach for rule in rules for each in rule.rulings)

    @cached_property
    def unique_in_store(self) -> tuple[str, ...]:
        """The fields whose value no other client may have; checking them needs every client's file."""
        found = (rule for rule in self.rules if any(each.params.reach == "store" for each in rule.rulings))
        return tuple(rule.names[0] for rule in found)

    @cached_property
    def of_a_stay(self) -> bool:
        """Whether its entries belong to a stay, including a stay that she has left."""
        return "stay" in self.home or "left" in self.home

    @cached_property
    def of_stay_and_client(self) -> bool:
        """Whether its entries belong either to a stay or directly to the client."""
        return {"stay", "client"} <= {*self.home}

    @cached_property
    def later(self) -> frozenset[str]:
        """The keys that acts and later events add to an entry: approvals, its end, and the fields asked with these.

        A day that may be in the future, such as the last day of a consent, was agreed with the entry and is not one of
        them.
        """
        events = {name for name in (self.life or ())[1:] if name in self.fields and not self.fields[name].ahead}
        found = {act.writes for act in self.entry_acts.values()} | events
        asked_with = {name: {key.partition(".")[0] for key in one.asked_with} for name, one in self.fields.items()}
        return frozenset((*found, *(name for name, keys in asked_with.items() if keys & found)))

    @cached_property
    def in_braces(self) -> tuple[str, ...]:
        """The names of its own fields for filling a form's sentences; a period has a name for each of its two days."""
        ends = {name: ("_from", "_to") if self.fields[name].kind == "span" else ("",) for name in self.own}
        return tuple(f"{name}{end}" for name, each in ends.items() for end in each)

    def standing(self, number: str, day: date) -> FormPart | None:
        """Return the part of that number if it belongs to the form on *day*, else None."""
        part = self.parts.get(number)
        return part if part and ruling_in_force(part.standing, day) else None


def as_title(text: Text) -> Text:
    """Return a noun as a title: without its English article, with a capital letter."""
    nouns = {language: ENGLISH_ARTICLE.sub("", noun) for language, noun in text.items()}
    return {language: noun[:1].upper() + noun[1:] for language, noun in nouns.items()}


class FieldsOfEveryEntry(TypedDict):
    """The fields that an entry of any track may have: ``void``, if it is struck through, and the two days of a span."""

    void: Field
    span: Field


class TrackPurposes(TypedDict, total=False):
    """The names of the tracks that the program itself needs, by what it needs them for.

    *monitoring* are the reports about a client who left, with attempts to reach her, the end of her monitoring and a
    day set for it; *spending* is what was spent for her, *allowance* her pocket money, *outing* her time out of the
    house; *month_report* are the reports of a house; *item_day* are days that were given for items of an act,
    *item_paper* papers from the time before the program that meet them, *from_elsewhere* what a file of
    another system says and no field has a place for; *sharing_consent* what she agreed that others may learn.
    """

    monitoring: str
    monitoring_attempt: str
    monitoring_end: str
    monitoring_day: str
    spending: str
    allowance: str
    outing: str
    month_report: str
    item_day: str
    item_paper: str
    from_elsewhere: str
    sharing_consent: str


PURPOSES = (
    MONITORING, MONITORING_ATTEMPT, MONITORING_END, MONITORING_DAY, SPENDING, ALLOWANCE, OUTING, MONTH_REPORT, ITEM_DAY,
    ITEM_PAPER, FROM_ELSEWHERE, SHARING_CONSENT,
) = (*TrackPurposes.__annotations__,)  # fmt: skip
"""The purposes for which the program itself needs a track."""


class TrackGroup(TypedDict):
    """Tracks that a person looks for together when recording something."""

    text: Label
    tracks: tuple[str, ...]


class TrackOrder(NamedTuple):
    """Properties of all tracks together: their *order* in a client's case, their *groups*, and the *fields* of every
    entry.

    *blocks* are the tracks of which every file has one sealed block, even an empty one, so that its presence reveals
    nothing. *moved* maps places that older files have unencrypted and that are sealed now (``needs.effects``) to their
    tracks. *purposes* name the tracks that the program itself needs; where one is left out, what rests on it is not
    offered.
    """

    order: tuple[str, ...]
    fields: FieldsOfEveryEntry
    blocks: tuple[str, ...] = ()
    moved: Mapping[str, str] = MappingProxyType({})
    groups: Mapping[str, TrackGroup] = MappingProxyType({})
    purposes: TrackPurposes = TrackPurposes()
