"""A moment that judges and writes: its own rules, then items in the manual's order, each met by evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from shelterctl.core.around import Around, value
from shelterctl.core.begun import Begun, begun
from shelterctl.core.entry import answered
from shelterctl.core.field import Answers
from shelterctl.core.finding import Finding, Severity, softened
from shelterctl.core.item import Evidence, Item, evidence, lacking, nothing, since
from shelterctl.core.judgement import judge, where_of
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling, Strength, in_force
from shelterctl.core.track import Track
from shelterctl.core.wording import PUBLISHED
from shelterctl.language import N_, SPOKEN, Both, Sentence, Text, say

AFTER = N_("This is dated {on}, after the day itself, {day} ({clause}). Correct the date, or give a later day.")
BEGUN = N_("Begun: {what}, {on}. Still open in it: {lacks} ({clause}).")
WAITS = N_("Begun, and the answers wait: {what} ({clause}).")
GO_ON = N_("Fill in the entry {entry}: add ID {track} --from FILE.")
SOFTENED = "softened"
"""The reason under which an item has other words for whoever the act does not hold back."""


@dataclass(frozen=True, repr=False, eq=False)
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
    """The list as people and programs see it: item, text, clause, gate, state, day, and what of it is begun."""
    for item, ruling in in_order(act, around.day):
        found = evidence(item, around) if applies(item, around) else None
        state = "not_applicable" if found is None else "done" if found.met else "open"
        yield {
            "item": item.name,
            "text": item.text,
            "clause": (found.clause if found else None) or ruling.clause,
            "gate": bool(ruling.asks.get("gate")),
            "state": state,
            "on": since(item, around) if found and found.met else None,
            **(
                {"begun": [one.told for one in half]}
                if (half := begun(item, around) if state == "open" else [])
                else {}
            ),
        }


def unmet(act: Act, around: Around) -> Iterator[tuple[Item, Ruling, Evidence, date | None]]:
    """The items that hold an act back or stay open: those without evidence, and at the gate those dated after it."""
    for item, ruling in in_order(act, around.day):
        if not applies(item, around):
            continue
        found = evidence(item, around)
        gate = ruling.asks.get("gate") and ruling.strength is Strength.SHALL
        on = since(item, around) if found.met and gate else None
        if not found.met or (on is not None and on > around.day):
            yield item, ruling, found, on


def missing(act: Act, around: Around) -> Iterator[Finding]:
    """What is missing, or dated after the day of the act; at the gate it refuses, elsewhere it stays open."""
    entry = nothing(around)
    for item, ruling, found, on in unmet(act, around):
        gate = ruling.asks.get("gate") and ruling.strength is Strength.SHALL
        where = where_of(item.names[0], entry, around) if item.names else entry.where
        facts: dict[str, object] = {"item": item.name, "clause": found.clause or ruling.clause, "day": around.day}
        if found.met:
            facts["on"] = on
            yield Finding(code=f"{act.name}/dated-after", message=AFTER, where=where, clause=ruling.clause, facts=facts)
        else:
            message, in_file = _said_of(item, found.reason, str(facts["clause"]), around)
            yield Finding(
                code=f"{act.name}/{found.reason}",
                severity=Severity.REFUSE if gate else Severity.OPEN,
                message=message,
                in_file=in_file,
                where=where,
                clause=found.clause or ruling.clause,
                facts={**facts, **found.facts},
            )


def _said_of(item: Item, reason: str, clause: str, around: Around) -> tuple[Sentence, Sentence | None]:
    """What is said of an open item, and how a file meets it: what is begun already is gone on with."""
    says, in_file = item.says[reason], item.in_file.get(reason)
    half = [one for one in begun(item, around) if not (one.ends or one.fixed)]
    if not half:
        return says, in_file
    told = {spoken: " ".join(_row(one, clause, spoken) for one in half) for spoken in SPOKEN}
    covered = {one.track.name for one in half} >= {*lacking(item, around)}
    entry = next((one for one in half if one.entry), None)
    go_on = {"track": entry.track.name, "entry": entry.entry} if entry else {}
    further = {spoken: say(GO_ON, go_on, spoken) for spoken in SPOKEN} if entry else in_file
    return told if covered else Both(says, told), further


def _row(one: Begun, clause: str, spoken: str) -> str:
    """What is said of one thing that is begun; nothing in it is filled in any more."""
    facts = {"what": one.track.text, "on": one.on or "?", "lacks": one.lacks, "clause": clause}
    return say(WAITS if one.entry is None else BEGUN, facts, spoken).replace("{", "{{").replace("}", "}}")


def judge_act(act: Act, around: Around) -> Iterator[Finding]:
    """Whether the act may be done on the day: its own rules, then its items; what softens it leaves these open."""
    if act.name not in around.acts:
        around = replace(around, acts=around.acts | {act.name})
    own: list[Finding] = []
    said: set[str | None] = set()
    itself = nothing(around, act.track)
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
    return answered(value(nothing(around), name, around), wanted)


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
    in_file: Any = row.in_file
    return Finding(
        code=f"{act.name}/{name}", message=message, in_file=in_file, where=where, clause=act.clause, facts=facts
    )
