"""What may be written down: the fields of an entry, the rules that bind it, and its parts, as the shelf has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.core.manual.field import Answers, Field, Fields
from shelterctl.core.manual.notation import (
    INHERITED,
    NAME_ABOVE,
    NOT_WRITTEN,
    ONE_OR_MANY,
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

HIV_PART = "hiv"
"""The part of a file of which nothing is ever told, nor that there is such a part: in no list, print or count."""

ENGLISH_ARTICLE = re.compile("^(?:an?|the) ")
"""What stands before an English noun in a sentence, and not in a title."""


DANGERS_BY_GRAVITY = ("late", "at_once", "gate", "health", "aftercare")
"""What is told before papers and money, the gravest first.

She is not back; it is to be told at once; her admission waits; her health; how she is since she left.
"""

DANGER_LATE, DANGER_AT_ONCE, DANGER_GATE, DANGER_HEALTH, DANGER_AFTERCARE = DANGERS_BY_GRAVITY

RECURRENCES = ("day", "week", "month")
"""How often something may be due in a stay."""


class Offset(TypedDict, total=False):
    """So many months and days after an event."""

    months: int
    days: int


class DeadlineTerms(TypedDict, total=False):
    """What a deadline asks from a day on: so long *after* its event, or so often (*every*), and *during* what."""

    after: Offset
    every: Annotated[str, Closed(RECURRENCES)]
    during: Annotated[str, Closed(("stay",))]


@immutable(eq=True)
class DeadlineRuling:
    """How long *after* its beginning something is due, or that it is due *every* day, week or month of a stay."""

    clause: str
    reading: str | None = None
    after: Duration | None = None
    every: str | None = None


@immutable
class Deadline:
    """One deadline of a track: from which event or field on, so long after it or every so often, until when.

    *row* is that of the manual's deadlines, *owner* the role that sees to it. *until* names the fields or tracks that
    answer it, *when* says who owes it and *where* which entries count. What is *first* is told at once, and *danger*
    says what puts it before papers and money; what is *never* overdue stays open without a last day, and some is never
    listed at all.
    """

    event: Annotated[str, Key("from")]
    row: str | None
    history: Annotated[History[DeadlineTerms], Rulings(DeadlineTerms)]
    text: Label | None = None
    owner: str | None = None
    until: Names = ()
    when: Answers = field(default_factory=dict)
    where: Answers = field(default_factory=dict)
    first: bool = False
    danger: Annotated[str, Closed((DANGER_LATE, DANGER_HEALTH, DANGER_AFTERCARE))] | None = None
    never: Annotated[str, Closed(("overdue", "listed"))] | None = None

    def ruling(self, begun: date) -> DeadlineRuling | None:
        """The ruling that governs the deadline if it began on a day; None where nothing is ruled on that day."""
        ruling = ruling_in_force(self.history, begun)
        if ruling is None:
            return None
        after = Duration(**ruling.params["after"]) if "after" in ruling.params else None
        return DeadlineRuling(ruling.clause, ruling.reading, after, ruling.params.get("every"))

    def due_day(self, begun: date) -> date | None:
        """The day from which it is due if it began on a day (X87); None where nothing is ruled on that day."""
        ruling = self.ruling(begun)
        return add_duration(begun, ruling.after or Duration()) if ruling else None


HOMES = ("client", "stay", "left", "directory")
"""Whose an entry may be: a client's, a stay's, that of a stay which she has left, or of nobody."""

KEEPS_VALUES = ("one", "many", "last", "coded")
MODIFIERS_IN_TRACK = ("act", "when", "unless", "code", "says", "in_file", "opens")


@immutable
class FormPart:
    """One line of a form, by the number that is printed on it: with fields, rules and dated standing of its own.

    *product* names the numbers whose product is the amount where no amount is written (``rate``, ``months``); *mark* is
    what is printed before it where that is not its number.
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
        """The part's own clause on *day*."""
        ruling = ruling_in_force(self.standing, day)
        return ruling.clause if ruling else self.standing[0].clause

    def limits(self, day: date) -> dict[str, Any]:
        """The numbers in force on *day*, by name, with which the part's text is filled."""
        limits: dict[str, Any] = {}
        for rule in self.rules:
            printed = rule.verb != "amount" or rule.names == ("amount",)  # what bounds a number of days is not printed
            if printed and (ruling := rule.on(day)):
                limits |= ruling.params.numbers
        return limits

    def caps(self) -> Iterator[Rule]:
        """The rules that limit its amount."""
        limiting = (rule for rule in self.rules if rule.verb == "amount" and rule.names == ("amount",))
        return (rule for rule in limiting if any(each.params.is_cap for each in rule.rulings))


class Seal(NamedTuple):
    """The *part* of a file in which entries of a track lie encrypted, and the fields that lie outside (*marker*).

    *words* begin words that tell of it, and are warned of wherever else they stand. *readers* are the roles for whom it
    is meant: no key is a person's yet, so everybody who uses a computer of the house can read every part.
    """

    part: str
    marker: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


class EntryAct(NamedTuple):
    """An act that is done to an entry, such as an approval: the group of the entry in which it *writes* who and when.

    Rules of the track that name it refuse it; once it is done they refuse in a check as well. It is offered *when* the
    entry gives these answers.
    """

    text: Label
    clause: str
    writes: str
    when: Answers = MappingProxyType({})


class ConditionalTitle(NamedTuple):
    """What an entry is called that gives all these answers, where its noun would say the contrary: a refusal."""

    when: Answers
    text: Label


class Alarm(NamedTuple):
    """Answers that are raised first wherever something is due; *owner* is the role that sees to it, *row* its row."""

    when: Answers
    text: Label
    clause: str
    owner: str | None = None
    row: str | None = None


@immutable(slots=False)
class Track:
    """One kind of entry: where it lies, which day governs it, its fields, its rules and its parts.

    *home* is whose it is (a client, a stay, the directory), *at* the dotted place there, *discriminator* what an entry
    says that shares its list with other tracks. *family* is the track whose fields it has besides its *own*. *act*
    names the only act that writes it; *day* is the field of its day, or several of which the first that is written
    counts. *keeps* says whether one stands there, many, or the last of many counts, *per* answers to other questions.
    *life* are the fields of its first day, and of those that end it. *unlisted* is the clause that knows no other
    parts, *advice* what to do about a part over its limit, *unasked_code* the code of an answer that another one makes
    idle. *part_fields* are the fields of every part; *sheet* is how it is printed, *due* from when it is owed, *alarms*
    which answers are raised before all else, and *clear* are fields that lie in clear beside the encrypted ones.
    *dated_code_fields* are the names of the fields whose codes do not all hold on every day. *identifying_fields* are
    those by which its entries are told apart where one is named. With a *seal* its entries lie encrypted once more;
    *entry_acts* are acts that are done to an entry, by name. *conditional_titles* has other words for an entry by what
    was decided, *choice_title* those for its kind where that is open yet. *published* are the codes of the rulebook.
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
    groups: Mapping[str, Label] = field(default_factory=dict)
    parts: Mapping[str, FormPart] = field(default_factory=dict)
    part_fields: Annotated[Fields, Key("each")] = field(default_factory=dict)
    sheet: PrintedForm = field(default_factory=PrintedForm)
    due: tuple[Deadline, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    clear: Fields = field(default_factory=dict)
    dated_code_fields: Annotated[tuple[str, ...], NOT_WRITTEN] = ()
    identifying_fields: Annotated[tuple[str, ...], Key("apart")] = ()
    seal: Annotated[Seal | None, Key("sealed")] = None
    entry_acts: Annotated[Mapping[str, EntryAct], Key("acts")] = field(default_factory=dict)
    conditional_titles: Annotated[tuple[ConditionalTitle, ...], Key("titled")] = ()
    choice_title: Annotated[Label | None, Key("chosen")] = None
    published: Annotated[PublishedCodes, NOT_WRITTEN] = field(default_factory=PublishedCodes)

    @property
    def offered(self) -> Text:
        """What it is called where a kind of entry is chosen."""
        return self.choice_title or self.text

    @cached_property
    def whole(self) -> "Track":
        """The track with what lies in clear among its fields, as a register has both behind a code."""
        return replace(self, fields={**self.fields, **self.clear}) if self.clear else self

    @cached_property
    def title(self) -> Text:
        """What stands over a sheet of its entries: its own title, else its noun as a title is written."""
        return self.sheet.title or as_title(self.text)

    @cached_property
    def many(self) -> bool:
        """Whether its entries stand in a list."""
        return self.keeps != "one"

    @cached_property
    def looks_at_others(self) -> bool:
        """Whether a rule looks at her other entries of the track."""
        rules = (*self.rules, *(rule for part in self.parts.values() for rule in part.rules))
        return any(each.params.reach for rule in rules for each in rule.rulings)

    @cached_property
    def unique_in_store(self) -> tuple[str, ...]:
        """The names at which nobody else may have the same: only everybody's files can tell."""
        found = (rule for rule in self.rules if any(each.params.reach == "store" for each in rule.rulings))
        return tuple(rule.names[0] for rule in found)

    @cached_property
    def of_a_stay(self) -> bool:
        """Whether its entries belong to a stay, be it only one that she has left."""
        return "stay" in self.home or "left" in self.home

    @cached_property
    def of_stay_and_client(self) -> bool:
        """Whether its entries belong to a stay, and beside the stays to the client."""
        return {"stay", "client"} <= {*self.home}

    @cached_property
    def later(self) -> frozenset[str]:
        """The keys that acts and later events add to an entry: approvals, its end, and what is asked beside these.

        A day that lies ahead, such as the one until which a consent holds, was agreed with the entry.
        """
        events = {name for name in (self.life or ())[1:] if name in self.fields and not self.fields[name].ahead}
        found = {act.writes for act in self.entry_acts.values()} | events
        asked_with = {name: {key.partition(".")[0] for key in one.asked_with} for name, one in self.fields.items()}
        return frozenset((*found, *(name for name, keys in asked_with.items() if keys & found)))

    @cached_property
    def in_braces(self) -> tuple[str, ...]:
        """Its own fields by the names with which a form's sentences are filled: a period is its two days."""
        ends = {name: ("_from", "_to") if self.fields[name].kind == "span" else ("",) for name in self.own}
        return tuple(f"{name}{end}" for name, each in ends.items() for end in each)

    def standing(self, number: str, day: date) -> FormPart | None:
        """The part of that number, if it stands on the form on *day*."""
        part = self.parts.get(number)
        return part if part and ruling_in_force(part.standing, day) else None


def as_title(text: Text) -> Text:
    """A noun as a title is written: without its English article, with a capital."""
    nouns = {language: ENGLISH_ARTICLE.sub("", noun) for language, noun in text.items()}
    return {language: noun[:1].upper() + noun[1:] for language, noun in nouns.items()}


class FieldsOfEveryEntry(TypedDict):
    """Fields that an entry of any track may have: that it is struck through, and the two days of a span."""

    void: Field
    span: Field


class TrackGroup(TypedDict):
    """Tracks that somebody looks for together who wants to write something down."""

    text: Label
    tracks: tuple[str, ...]


class TrackOrder(NamedTuple):
    """What is said of all tracks together: their *order* in her way, their *groups*, and the *fields* of every entry.

    *blocks* are the tracks of which every file has one sealed block, be it empty, so that to have one tells nothing.
    *moved* are places where older files have in the open what is sealed now (``needs.effects``), each with its track.
    """

    order: tuple[str, ...]
    fields: FieldsOfEveryEntry
    blocks: tuple[str, ...] = ()
    moved: Mapping[str, str] = MappingProxyType({})
    groups: Mapping[str, TrackGroup] = MappingProxyType({})
