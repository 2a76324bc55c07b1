"""The acts that the manual lays down, such as admission and discharge, each with the items of its checklist.

These are the types that the rulebook builds. What meets an item, and what is open, is found in `core.rules.checklist`.
"""

from collections.abc import Mapping
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
"""The act of signing what is written down: an agreement, or a report."""

SOFTENED_REASON = "softened"
"""The reason under which an item has other words for whoever the act does not hold back."""

DAY_SUFFICED_FORMERLY = "former"
"""What an item says under ``done`` for which a day was enough once."""

HOMES_OF_ACT = ("stay", "client")

MODIFIERS_IN_ACT = ("when", "unless", "code", "says", "in_file", "opens", "item")


class ItemTerms(TypedDict, total=False):
    """What an item asks from a day on: whether it has to be met before the act (*gate*)."""

    gate: bool


@immutable(slots=False)
class Item:
    """One item of an act: what it is called, the rules that its evidence keeps, and what is said without it.

    *says* and *in_file* have a text for each reason; *on* is the day of the evidence, *asked_with_it* what else is
    asked. *of* is ``stay`` or ``client``, *who* says who can give it, *owner* which role sees to it, *row* which
    deadline of the manual it is. For one that *may_be_given* a day is enough; for one that *could_be_given* it was, and
    what was given then counts for ever.
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

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Every name that is asked for with it, the day first, so that what follows is told of that day."""
        named = (self.on, *self.names, *self.asked_with_it)
        return tuple(dict.fromkeys(name for name in named if name))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The places of a file that its rules want filled in."""
        rules = [rule for rule in self.rules if rule.verb in ("needs", "is")]
        return tuple(dict.fromkeys(name for rule in rules for name in rule.names if "." in name))

    @cached_property
    def entry_rules(self) -> tuple[Rule, ...]:
        """Its rules that want an entry of another track."""
        wanted = (rule for rule in self.rules if rule.verb == "stands")
        return tuple(rule for rule in wanted if not any(each.params.wants_none for each in rule.rulings))

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """The tracks whose entries meet it."""
        return tuple(dict.fromkeys(rule.names[0] for rule in self.entry_rules))

    @cached_property
    def several(self) -> bool:
        """Whether it wants more than one entry, so that those that are lacking are told by name."""
        rulings = (each for rule in self.entry_rules for each in rule.rulings)
        return len(self.entry_rules) > 1 or any(each.params.wanted_kinds for each in rulings)

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The kinds of IOM's papers of which it wants one each."""
        rulings = (each for rule in self.entry_rules if rule.names[0] == IOM_PAPER_TRACK for each in rule.rulings)
        listed = [kinds for ruling in rulings for kinds in ruling.params.wanted_kinds.values()]
        return tuple(kind for kinds in listed for kind in kinds)


@immutable(slots=False)
class Act:
    """What is judged on one day before something is written: *of* a stay, into the place that it *writes*.

    *rests* is the track whose entries hold it fast once it is done, *softens* are answers that let it pass without
    an item. *asks* are the fields, or whole tracks, that are asked for besides its items, part by part.
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

    @cached_property
    def track(self) -> Track:
        """The act as what its own rules are judged of: an entry without fields, written by itself."""
        return Track(self.name, self.text, self.clause, (self.of,), "", {}, act=self.name, published=self.published)
