"""One item of an act: by what of a file it is met, since when, and what is lacking where it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.around import Around, moments
from shelterctl.core.entry import Entry, answered, field_at, read_entry
from shelterctl.core.field import day_in
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import History, Ruling
from shelterctl.core.track import Track
from shelterctl.core.verb import broken, keeps, standing
from shelterctl.core.wording import ITEM_FACTS
from shelterctl.language import Coded, Text

DONE = "done"
"""The track of the days that were given for items."""

PAPER = "document"
"""The track of IOM's papers."""


@dataclass(frozen=True, repr=False, eq=False)
class Item:
    """One item of an act: what it is called, the rules that its evidence keeps, and what is said without it.

    *says* and *in_file* have a text for each reason; *on* is the day of the evidence, *also* what is asked with it.
    *of* is ``stay`` or ``client``, *who* says who can give it, *owner* which role sees to it, *row* which
    deadline of the manual it is. For one that is *done* a day is enough, and may be given; for one that is *former* it
    was, and what was given then counts for ever.
    """

    name: str
    text: Text
    history: History
    rules: tuple[Rule, ...]
    says: Mapping[str, Text]
    in_file: Mapping[str, Text] = field(default_factory=dict)
    on: str | None = None
    also: tuple[str, ...] = ()
    of: str = "stay"
    who: Text | None = None
    done: bool = False
    former: bool = False
    owner: str | None = None
    row: str | None = None

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Every name that is asked for with it, the day first, so that what follows is told of that day."""
        named = (self.on, *self.names, *self.also)
        return tuple(dict.fromkeys(name for name in named if name))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The places of a file that its rules want filled in."""
        rules = [rule for rule in self.rules if rule.verb in ("needs", "is")]
        return tuple(dict.fromkeys(name for rule in rules for name in rule.names if "." in name))

    @cached_property
    def wanting(self) -> tuple[Rule, ...]:
        """Its rules that want an entry of another track."""
        return tuple(rule for rule in self.rules if rule.verb == "stands" and not _shut_out(rule))

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """The tracks whose entries meet it."""
        return tuple(dict.fromkeys(rule.names[0] for rule in self.wanting))

    @cached_property
    def several(self) -> bool:
        """Whether it wants more than one entry, so that those that are lacking are told by name."""
        return len(self.wanting) > 1 or any("each" in ruling.asks for rule in self.wanting for ruling in _rulings(rule))

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The kinds of IOM's papers of which it wants one each."""
        rulings = (ruling for rule in self.wanting if rule.names[0] == PAPER for ruling in _rulings(rule))
        listed = [kinds for ruling in rulings for kinds in ruling.asks.get("each", {}).values()]
        return tuple(kind for kinds in listed for kind in kinds)


def _rulings(rule: Rule) -> Iterator[Ruling]:
    return (each for each in rule.history if isinstance(each, Ruling))


def _shut_out(rule: Rule) -> bool:
    """Whether a rule wants that no entry stands."""
    return any(ruling.asks.get("none") for ruling in _rulings(rule))


class Evidence(NamedTuple):
    """Whether an item is met, and by what *reason* and *clause* it is not."""

    met: bool
    reason: str = ""
    clause: str | None = None
    facts: Mapping[str, Any] = {}


MET = Evidence(True)


def evidence(item: Item, around: Around) -> Evidence:
    """What a file has for one item: a day that was given for it, or whatever keeps its rules.

    The first rule that is broken says why it is not met.
    """
    if given(item, around):
        return MET
    if item.done and not item.rules:
        return Evidence(False, item.name)
    entry = nothing(around)
    told: list[object] = []
    first: Evidence | None = None
    for rule in item.rules:
        for ruling, one in broken(rule, entry, around):
            told += _called(one, around)
            if first is None:
                reason = _reason(item, rule, one)
                first = Evidence(False, reason, ruling.clause or None, _told(reason, one.facts, around))
    if first is None:
        return MET
    return first._replace(facts={**first.facts, "lacking": told}) if told and item.several else first


def given(item: Item, around: Around) -> list[date]:
    """The days that were given for an item for which one is enough, or was, as far as these keep their track's rules.

    Those say from when to when it may have been, and who may have done it.
    """
    if not (item.done or item.former):
        return []
    told = (one for one in around.entries(DONE) if one.values.get("item") == item.name)
    return [on for one in told if (on := one.day) and keeps(one, around)]


def breaches(rule: Rule, around: Around) -> Iterator[Broken]:
    """Every way in which her file breaks one rule of an item."""
    return (one for _, one in broken(rule, nothing(around), around))


def lacking(item: Item, around: Around) -> tuple[str, ...]:
    """The tracks of which it still wants an entry, where no day was given for it."""
    wanting = () if given(item, around) else item.wanting
    return tuple(dict.fromkeys(rule.names[0] for rule in wanting if any(breaches(rule, around))))


def to_say(item: Item, name: str, around: Around) -> Mapping[str, Any]:
    """What an entry of a track has to say to meet the first rule of an item that misses it: its kind."""
    for rule in (rule for rule in item.wanting if rule.names[0] == name):
        ruling, (missed, *_) = rule.on(around.day), (*breaches(rule, around), None)
        if ruling is None or missed is None:
            continue
        lacking = {missed.facts["key"]: missed.facts["lacking"]} if "key" in missed.facts else {}
        return said_first({**(ruling.asks.get("where") or {}), **lacking}, around.tracks[name])
    return {}


def said_first(where: Mapping[str, Sequence[str]], track: Track) -> Mapping[str, str]:
    """Of each field of a track that a rule filters by one code, the first code that it takes."""
    first = ((name, codes[0], field_at(track.fields, name)) for name, codes in where.items())
    return {name: code for name, code, one in first if one and not one.several and code in one.codes}


def since(item: Item, around: Around) -> date | None:
    """Since what day an item that is met is so: the day that was given, or that it names, else that of its entries."""
    entry = nothing(around)
    if item.on:
        return day_in(moments(entry, item.on, around))
    if told := given(item, around):
        return min(told)
    found: list[date] = []
    for rule in item.wanting:
        ruling = rule.on(around.day)
        if ruling is None:
            continue
        there = standing(ruling, rule.names[0], entry, around)
        if "each" in ruling.asks:
            found += _each(rule, ruling, there)
        elif not item.papers:
            found += _dated(there)[:1]
    return max(found, default=None)


def _each(rule: Rule, ruling: Ruling, there: list[Entry]) -> Iterator[date]:
    """The day on which each kind first came; of papers that came again the last one counts."""
    (key, kinds), *_ = ruling.asks["each"].items()
    for kind in kinds:
        on = _dated([one for one in there if answered(one.values.get(key), [kind])])
        yield from on[-1:] if rule.names[0] == PAPER else on[:1]


def _dated(there: list[Entry]) -> list[date]:
    return sorted(day for one in there if (day := one.day))


def nothing(around: Around, track: Track | None = None) -> Entry:
    """Nothing written by itself: the rules of an act and of its items look at the rest of a file."""
    root = f"/stays/{around.stay.index}" if around.stay else ""
    return read_entry(track or _NOTHING, {}, root)


_NOTHING = Track("", {}, "", ("stay",), "", {})


def _reason(item: Item, rule: Rule, one: Broken) -> str:
    if rule.code:
        return rule.code.rpartition("/")[2]
    return one.reason if rule.verb == "suits" else item.name


def _called(one: Broken, around: Around) -> Iterator[object]:
    """What is lacking of an entry: a kind by its text, else the track by its noun."""
    track = around.tracks.get(one.name)
    named = track.fields.get(str(one.facts.get("key"))) if track else None
    for code in one.facts.get("lacking", ()):
        text = named.codes.get(code) if named else track.text if track else None
        yield "instructions" if code == "instruction" else Coded(code, text) if text else code  # as it is published


def _told(reason: str, facts: Mapping[str, Any], around: Around) -> Mapping[str, Any]:
    if reason not in ITEM_FACTS:
        return {}
    known = {**facts}
    if around.house:
        known |= {"sleeping": around.house.sleeping, "capacity": around.house.capacity}
    return {name: known[name] for name in ITEM_FACTS[reason] if name in known}
