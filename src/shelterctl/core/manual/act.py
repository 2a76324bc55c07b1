"""The acts of the manual, such as admission and discharge, each with the items of its checklist.

The rulebook builds these types. `core.rules.checklist` finds out which items are met and which are open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Annotated, TypedDict

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import NOT_WRITTEN, As, Closed, Key, Label, Modifiers, Rulings
from shelterctl.core.manual.published_code import PublishedCodes
from shelterctl.core.manual.rule import History, Rule
from shelterctl.core.manual.track import Track
from shelterctl.immutable import immutable

IOM_PAPER_TRACK = "document"
"""The track of IOM's papers."""

SIGN_ACT = "sign"
"""The act of signing something that is recorded: an agreement or a report."""

SOFTENED_REASON = "softened"
"""The reason under which an item has other words for clients whom the act does not hold back."""

DAY_SUFFICED_FORMERLY = "former"
"""The value of ``done`` for an item that a day alone could meet formerly."""

HOMES_OF_ACT = ("stay", "client")

MODIFIERS_IN_ACT = ("when", "unless", "code", "says", "in_file", "opens", "item")


class ItemTerms(TypedDict, total=False):
    """The terms of an item from a day on: whether it must be met before the act (*gate*)."""

    gate: bool


@immutable(slots=False)
class Item:
    """One item of an act: its text, the rules that its evidence must keep, and the sentences shown while it is open.

    *says* and *in_file* hold a text for each reason. *on* is the field with the day of the evidence; *asked_with_it*
    are further fields asked for with it. *of* is ``stay`` or ``client``. *who* says who can provide the evidence,
    *owner* which role is responsible, *row* which deadline of the manual it is. If it *may_be_given*, a day alone meets
    it; if it *could_be_given*, a day met it formerly, and a day given then still counts. An item *on_paper* is also met
    by a paper from the time before the program, which somebody has seen.
    """

    name: Annotated[str, Key("item")]
    text: Label
    history: Annotated[History[ItemTerms], Rulings(ItemTerms)]
    rules: Annotated[tuple[Rule, ...], Modifiers(("when", "unless", "code"), strength=False)] = ()
    says: Mapping[str, Label] = field(default_factory=dict)
    in_file: Mapping[str, Label] = field(default_factory=dict)
    on: str | None = None
    asked_with_it: Annotated[tuple[str, ...], Key("also")] = ()
    of: Annotated[str, Closed(HOMES_OF_ACT)] = "stay"
    who: Label | None = None
    may_be_given: Annotated[bool, Key("done"), As(bool | Annotated[str, Closed((DAY_SUFFICED_FORMERLY,))])] = False
    could_be_given: Annotated[bool, NOT_WRITTEN] = False
    owner: str | None = None
    row: str | None = None
    on_paper: bool = False

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Every field that is asked for with the item, the day first: the other questions depend on it."""
        named = (self.on, *self.names, *self.asked_with_it)
        return tuple(dict.fromkeys(name for name in named if name))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The places in a file that the item's rules require to be filled in."""
        rules = [rule for rule in self.rules if rule.verb in ("needs", "is")]
        return tuple(dict.fromkeys(name for rule in rules for name in rule.names if "." in name))

    @cached_property
    def entry_rules(self) -> tuple[Rule, ...]:
        """The item's rules that require an entry of another track."""
        wanted = (rule for rule in self.rules if rule.verb == "stands")
        return tuple(rule for rule in wanted if not any(each.params.wants_none for each in rule.rulings))

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """The tracks whose entries meet the item."""
        return tuple(dict.fromkeys(rule.names[0] for rule in self.entry_rules))

    @cached_property
    def several(self) -> bool:
        """Whether the item requires more than one entry, so that the missing ones are named."""
        rulings = (each for rule in self.entry_rules for each in rule.rulings)
        return len(self.entry_rules) > 1 or any(each.params.wanted_kinds for each in rulings)

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The kinds of IOM papers of which the item requires one each."""
        rulings = (each for rule in self.entry_rules if rule.names[0] == IOM_PAPER_TRACK for each in rule.rulings)
        listed = [kinds for ruling in rulings for kinds in ruling.params.wanted_kinds.values()]
        return tuple(kind for kinds in listed for kind in kinds)


@immutable(slots=False)
class Act:
    """A step that is judged on one day before it is recorded: *of* a stay or client, at the place that it *writes*.

    *rests* is the track whose entries prevent undoing the act; *softens* are answers that let it pass without an item.
    *asks* lists, part by part, the fields or whole tracks that are asked for besides its items.
    """

    name: Annotated[str, Key("act")]
    text: Label
    clause: str
    of: Annotated[str, Closed(HOMES_OF_ACT)]
    writes: str
    items: tuple[Item, ...]
    rules: Annotated[tuple[Rule, ...], Modifiers(MODIFIERS_IN_ACT)] = ()
    rests: str | None = None
    softens: Answers = field(default_factory=dict)
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    published: Annotated[PublishedCodes, NOT_WRITTEN] = field(default_factory=PublishedCodes)

    def asked_in(self, part: str) -> tuple[str, ...]:
        """Return the fields and tracks that are asked for in a part of a session; none without that part."""
        return self.asks.get(part, ())

    @cached_property
    def track(self) -> Track:
        """The act as a track without fields that only the act itself writes: the act's own rules are judged of it."""
        return Track(self.name, self.text, self.clause, (self.of,), "", {}, act=self.name, published=self.published)


def find_act_of_track(acts: Iterable[Act], track: Track) -> Act | None:
    """Return the act that writes the day of a track, or None."""
    return next((act for act in acts if act.writes.rpartition(".")[0] == track.at), None)
