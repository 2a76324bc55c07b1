"""A moment that judges and writes: its own rules, then items in the manual's order, each met by evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.around import Around, moments, value
from shelterctl.core.entry import Entry, answered, days, read_entry
from shelterctl.core.field import Answers, day_in
from shelterctl.core.finding import Finding, Severity, softened
from shelterctl.core.judgement import judge, where_of
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import History, Ruling, Strength, in_force
from shelterctl.core.track import Track
from shelterctl.core.verb import broken, standing
from shelterctl.core.wording import ITEM_FACTS, PUBLISHED
from shelterctl.language import N_, Text

AFTER = N_("This is dated {on}, after the day itself, {day} ({clause}). Correct the date, or give a later day.")
SOFTENED = "softened"
"""The reason under which an item has other words for whoever the act does not hold back."""


@dataclass(frozen=True)
class Item:
    """One item of an act: what it is called, the rules that its evidence keeps, and what is said without it.

    *says* and *in_file* have a text for each reason; *on* is the day of the evidence, *also* what is asked with it.
    *of* is ``stay`` or ``client``, *who* says who can give it, *owner* which role sees to it, *row* which
    deadline of the manual it is; for one that is *done* a day is enough.
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

    @property
    def follows(self) -> bool:
        """Whether it is answered nowhere by itself, but follows from the rest of a file."""
        return not self.done and not self.names and not self.papers

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The kinds of papers of which it wants one each."""
        each = [ruling for rule in self.rules for ruling in rule.history if isinstance(ruling, Ruling)]
        found: list[str] = [kind for ruling in each for kinds in ruling.asks.get("each", {}).values() for kind in kinds]
        return tuple(found)


@dataclass(frozen=True)
class Act:
    """What is judged on one day before something is written: *of* a stay, into the place that it *writes*.

    *rests* is the track whose entries hold it fast once it is done, *softens* are answers that let it pass without
    an item. *asks* are the fields, or whole tracks, that are asked for besides its items, part by part.
    """

    name: str
    text: Text
    clause: str
    of: str
    writes: str
    rules: tuple[Rule, ...]
    items: tuple[Item, ...]
    rests: str | None = None
    softens: Answers = field(default_factory=dict)
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def track(self) -> Track:
        """The act as what its own rules are judged of: an entry without fields, written by itself."""
        return Track(self.name, self.text, self.clause, (self.of,), "", {}, act=self.name)


class Evidence(NamedTuple):
    """Whether an item is met, and by what *reason* and *clause* it is not."""

    met: bool
    reason: str = ""
    clause: str | None = None
    facts: Mapping[str, Any] = {}
    name: str = ""


def evidence(item: Item, around: Around) -> Evidence:
    """What a file has for one item: the first rule that it breaks says why it is not met."""
    return _found(item, _blank(around), around)


def _found(item: Item, entry: Entry, around: Around) -> Evidence:
    lacking: list[Any] = []
    first: Evidence | None = None
    for rule in item.rules:
        for ruling, one in broken(rule, entry, around):
            lacking += one.facts.get("lacking", ())
            if first is None:
                reason = _reason(item, rule, one)
                first = Evidence(False, reason, ruling.clause or None, _told(reason, one.facts, around), one.name)
    if first is None:
        return MET
    return first._replace(facts={**first.facts, "lacking": _papers(lacking)}) if lacking and item.papers else first


MET = Evidence(True)


def _reason(item: Item, rule: Rule, one: Broken) -> str:
    if rule.code:
        return rule.code.rpartition("/")[2]
    return one.reason if rule.verb == "suits" else item.name


def breaches(rule: Rule, around: Around) -> Iterator[Broken]:
    """Every way in which her file breaks one rule of an item."""
    return (one for _, one in broken(rule, _blank(around), around))


def _papers(lacking: list[Any]) -> list[str]:
    """What is lacking, by the name that is published: a track has its own, in the plural."""
    return [{"instruction": "instructions"}.get(name, name) for name in lacking]


def _told(reason: str, facts: Mapping[str, Any], around: Around) -> Mapping[str, Any]:
    if reason not in ITEM_FACTS:
        return {}
    known = {**facts}
    if around.house:
        known |= {"sleeping": around.house.sleeping, "capacity": around.house.capacity}
    return {name: known[name] for name in ITEM_FACTS[reason] if name in known}


def _day(item: Item, entry: Entry, around: Around) -> date | None:
    """Since what day an item is met: the day that it names, else that of the entries which stand for it."""
    if item.on:
        return day_in(moments(entry, item.on, around))
    found: list[date] = []
    for rule in item.rules:
        ruling = rule.on(around.day)
        if rule.verb != "stands" or ruling is None or ruling.asks.get("none"):
            continue
        on = [day for one in standing(ruling, rule.names[0], entry, around) if (day := days(one))]
        if "each" in ruling.asks:
            (key, kinds), *_ = ruling.asks["each"].items()
            among = [one for one in standing(ruling, rule.names[0], entry, around) if one.values.get(key) in kinds]
            found += [max((day for one in among if (day := days(one))), default=date.min)]
        elif not item.papers:
            found += [min(on)] if on else []
    return max(found, default=None)


def _blank(around: Around, act: Act | None = None) -> Entry:
    """Nothing written by itself: the rules of an act and of its items look at the rest of a file."""
    root = f"/stays/{around.stay.index}" if around.stay else ""
    return read_entry(act.track if act else _NOTHING, {}, root)


_NOTHING = Track("", {}, "", ("stay",), "", {})


def in_order(act: Act, day: date) -> Iterator[tuple[Item, Ruling]]:
    """The items that stand on the list on *day*, in the manual's order."""
    for item in act.items:
        ruling = in_force(item.history, day)
        if ruling is not None:
            yield item, ruling


def applies(item: Item, around: Around) -> bool:
    """Whether the item is asked of this client at all: one without a stay owes little of a house's list."""
    return around.stay is not None or item.of == "client"


def rows(act: Act, around: Around) -> Iterator[dict[str, object]]:
    """The list as people and programs see it: item, text, clause, gate, state and day."""
    entry = _blank(around)
    for item, ruling in in_order(act, around.day):
        found = _found(item, entry, around) if applies(item, around) else None
        state = "not_applicable" if found is None else "done" if found.met else "open"
        yield {
            "item": item.name,
            "text": item.text,
            "clause": (found.clause if found else None) or ruling.clause,
            "gate": bool(ruling.asks.get("gate")),
            "state": state,
            "on": _day(item, entry, around) if found and found.met else None,
        }


def missing(act: Act, around: Around) -> Iterator[Finding]:
    """What is missing, or dated after the day of the act; at the gate it refuses, elsewhere it stays open."""
    entry = _blank(around)
    for item, ruling in in_order(act, around.day):
        if not applies(item, around):
            continue
        found = _found(item, entry, around)
        gate = ruling.asks.get("gate") and ruling.strength is Strength.SHALL
        on = _day(item, entry, around) if found.met and gate else None
        if found.met and (on is None or on <= around.day):
            continue
        where = where_of(item.names[0], entry, around) if item.names else entry.where
        facts: dict[str, object] = {"item": item.name, "clause": found.clause or ruling.clause, "day": around.day}
        if found.met:
            facts["on"] = on
            yield Finding(code=f"{act.name}/dated-after", message=AFTER, where=where, clause=ruling.clause, facts=facts)
        else:
            yield Finding(
                code=f"{act.name}/{found.reason}",
                severity=Severity.REFUSE if gate else Severity.OPEN,
                message=item.says[found.reason],
                in_file=item.in_file.get(found.reason),
                where=where,
                clause=found.clause or ruling.clause,
                facts={**facts, **found.facts},
            )


def judge_act(act: Act, around: Around) -> Iterator[Finding]:
    """Whether the act may be done on the day: its own rules, then its items; what softens it leaves these open."""
    if act.name not in around.acts:
        around = replace(around, acts=around.acts | {act.name})
    own: list[Finding] = []
    said: set[str | None] = set()
    itself = _blank(around, act)
    for rule in act.rules:
        found_here = list(judge([rule], itself, around))
        own += (finding for finding in found_here if finding not in own)
        said |= {rule.item} if found_here else set()
    yield from (finding for finding in own if finding.severity is Severity.REFUSE)
    found = tuple(missing(act, around))
    if said:
        found = tuple(finding for finding in found if finding.facts.get("item") not in said)
    if act.softens and all(_softens(name, wanted, around) for name, wanted in act.softens.items()):
        items = {item.name: item for item in act.items}
        found = tuple(_soft(one, items[str(one.facts["item"])]) for one in found)
    yield from found
    yield from (finding for finding in own if finding.severity is not Severity.REFUSE)


def _softens(name: str, wanted: tuple[str, ...], around: Around) -> bool:
    return answered(value(_blank(around), name, around), wanted)


def _soft(finding: Finding, item: Item) -> Finding:
    """The same where nobody is held back: it stays open, in words of its own where the item has them (X94, X105)."""
    (soft,) = softened((finding,))
    if finding.severity is Severity.REFUSE and SOFTENED in item.says and finding.code.endswith(f"/{item.name}"):
        return replace(soft, message=item.says[SOFTENED], in_file=item.in_file.get(SOFTENED))
    return soft


def said_of(act: Act, name: str, where: str, **facts: object) -> Finding:
    """One refusal of the act that no rule can say: that there is nothing to do it to, or that something rests on it."""
    row = PUBLISHED[f"{act.name}/{name}"]
    facts = {"clause": act.clause, **facts}
    message: Any = row.message
    return Finding(code=f"{act.name}/{name}", message=message, where=where, clause=act.clause, facts=facts)
