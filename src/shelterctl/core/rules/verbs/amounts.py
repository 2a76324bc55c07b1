"""The verb ``amount``: limits for a number, alone and together with other entries.

A limit is written in the rule, read from a field, or counted: persons of her file, places of the house, the days or
months of a period.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypedDict

from shelterctl.core.manual.field import UNKNOWN_ANSWER, PossibleSpan
from shelterctl.core.manual.notation import NUMBER_OR_COUNT_WANTED, Fits, Made
from shelterctl.core.manual.rule import Measure, Violation
from shelterctl.core.record.entries import Entry, fold_name_value
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name, Read, find_name
from shelterctl.core.rules.verbs.days import stay_span
from shelterctl.core.rules.verbs.reach import Reach, ReachingVerb, bind_reach
from shelterctl.core.rules.verbs.verb import (
    COUNTABLE_KINDS,
    NUMBER_KINDS,
    SAMPLE_DAY,
    WOULD_OPEN_EVERY_FILE,
    Binding,
    Key,
    Way,
)
from shelterctl.core.values.days import Span, calendar_months, months_spanned
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import read_som, smallest_amount
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from fractions import Fraction


class WrittenMeasure(TypedDict, total=False):
    """A counted or measured limit, as the rulebook's files have it."""

    count: str
    of: str
    days_of: str
    months_of: str


class WrittenFactor(TypedDict, total=False):
    """The length of a period, as a factor."""

    days_of: str
    months_of: str


def _is_limit(written: object) -> bool:
    return isinstance(written, int) and not isinstance(written, bool) and written >= 0


def _is_amount_limit(written: object) -> bool:
    som = read_som(written)
    return som is not None and som >= 0


def _make_limit(written: Any) -> Any:
    return Measure(*next(iter(written.items()))) if isinstance(written, Mapping) else written


ONE_WANTED = Fits(lambda written: len(written) == 1, NUMBER_OR_COUNT_WANTED)
MEASURED = Annotated[WrittenMeasure, ONE_WANTED]
AmountLimit = Made(MEASURED | Annotated[object, Fits(_is_amount_limit, NUMBER_OR_COUNT_WANTED)], _make_limit)
WholeLimit = Made(MEASURED | Annotated[object, Fits(_is_limit, NUMBER_OR_COUNT_WANTED)], _make_limit)
Factor = Made(Annotated[WrittenFactor, ONE_WANTED] | str, _make_limit)

Limit = int | str | Measure
"""A number of a rule: a whole number, som as text, or a number to look up."""


def bind_number(binding: Binding, key: Key, wanted: Limit | None) -> Read:
    """Return a reader for a number of a rule; it returns None where the number is unknown."""
    if not isinstance(wanted, Measure):
        return lambda entry, context: wanted
    at, (kind, name) = (*key, wanted.kind), (wanted.kind, wanted.name)
    if kind == "count":
        return bind_count(binding, at, name)
    if kind == "of":
        return binding.bind(at, name, "whole", "som", alone=True).read
    kinds = ("span", "partial") if kind == "months_of" else ("span",)
    period = binding.bind(at, name, *(kinds if name != "stay" else ()), alone=True)

    def read_length(entry: Entry, context: Context) -> int | None:
        span = stay_span(context) if name == "stay" else period.read(entry, context)
        if not isinstance(span, Span):
            return None
        return count_months(span, context.day) if kind == "months_of" else (span.last - span.first).days + 1

    return read_length


def bind_count(binding: Binding, key: Key, name: str) -> Read:
    """Return a reader that counts persons of her file, people who sleep in the house, or places of the house."""
    home = binding.track.of_register if binding.track else None
    binding.require_known(key, name, COUNTABLE_KINDS if home is None else ("places",) if home == "house" else ())
    if name == "sleeping" and not binding.may_open_files:
        binding.add_slip(key, WOULD_OPEN_EVERY_FILE)
    return lambda entry, context: count_persons_or_places(name, context)


def bind_countable(binding: Binding, key: Key, text: str, *, label: bool = False) -> Name:
    """Return a name with a number: a number itself, months, or the length of a list."""
    if binding.slips is None:
        return binding.scope.name(text)
    one = binding.scope.name(text).field
    return binding.bind(key, text, *(() if one and one.several else NUMBER_KINDS), label=label)


def count_months(span: Span, day: date) -> int:
    """Return the months of a period; for a partly known date, the months that have begun since it by *day*.

    The earliest possible day counts, so that nobody's time is counted too short.
    """
    if not isinstance(span, PossibleSpan):
        return months_spanned(span)
    return months_spanned(Span(span.first, day)) if span.first <= day else 0


def count_persons_or_places(name: str, context: Context) -> int | None:
    """Return how many there are: persons of her file, people who would sleep in the house with her, or its places."""
    her, house = context.client, context.house
    if name == "persons":
        return len(her.children) + 1 if her else None
    if name == "sleeping":
        return house.sleeping + len(her.children) + 1 if house and house.counted and her else None
    return house.capacity if name == "places" and house else None


LIST_MONTHS_ONE_BY_ONE = N_("{label}. Another entry covers the same time: list the months one by one ({clause}).")


@immutable
class Amount(ReachingVerb):
    """The limit of a number, in som or as a count: *at_most*, *at_least*, *exactly*, each *times* numbers of the entry.

    *within* a reach the sum of all entries is limited too, or with *each* what a month gets from them. The limit of an
    amount is in som; of a list the number of its values is limited.
    """

    at_most: Annotated[Limit, AmountLimit] | None = None
    at_least: Annotated[Limit, WholeLimit] | None = None
    exactly: Annotated[Limit, WholeLimit] | None = None
    times: tuple[Annotated[str | Measure, Factor], ...] = ()
    each: str | None = None

    word = "amount"
    MOST_NAMES = 1
    WAYS: ClassVar[Mapping[str, Way]] = {
        "over": Way(N_("{label}: {value}. At most: {most} ({clause})."), "value amount cap at_most most", by="at_most"),
        "together": Way(
            N_("{label}: {value}, with the other entries {sum}. At most: {cap} ({clause})."),
            "value amount cap at_most together sum",
            by="within",
        ),
        "number": Way(LIST_MONTHS_ONE_BY_ONE, by="each"),
        "under": Way(N_("{label}: {value}. At least: {least} ({clause})."), "value at_least", by="at_least"),
        "differs": Way(N_("{label}: {value}. It must be: {exactly} ({clause})."), "value exactly", by="exactly"),
    }
    WANTED = ("at_most", "at_least", "exactly")
    BESIDE: ClassVar[Mapping[str, str]] = {
        "within": "at_most",
        "each": "within",
        "same": "within",
        "overlaps": "within",
    }

    @property
    def is_cap(self) -> bool:
        """Whether it limits the amount from above."""
        return self.at_most is not None

    @property
    def multipliers(self) -> Iterator[tuple[str, str, str | Measure]]:
        """The factors of its limits: the published name, the field to read, and the notation in the rulebook."""
        for each in self.times:
            kind, of = (each.kind, each.name) if isinstance(each, Measure) else (each, each)
            yield kind.removesuffix("_of"), of, each

    def bind(self, binding: Binding) -> "BoundAmount":
        """Return the number with its limits and the entries that are counted with it."""
        (text, *_) = binding.rule.names
        key = binding.key_of_name(0)
        counted = text.removeprefix("count:") if text.startswith("count:") else None
        number = bind_count(binding, (binding.rule.verb, "count"), counted) if counted else None
        name = binding.scope.name(text) if counted else bind_countable(binding, key, text, label=True)
        limits = {
            word: bind_number(binding, (word,), getattr(self, word)) for word in ("at_most", "at_least", "exactly")
        }
        multipliers = {
            told: self._bind_multiplier(binding, ("times", n), of, each)
            for n, (told, of, each) in enumerate(self.multipliers)
        }
        each = binding.bind(("each",), self.each, "months", alone=True) if self.each else None
        reach = bind_reach(self, binding, binding.track) if self.within else Reach(None, (), None)
        return BoundAmount(self, name, number, limits, multipliers, each, reach)

    def _bind_multiplier(self, binding: Binding, key: Key, of: str, each: str | Measure) -> Read:
        if isinstance(each, Measure):
            return bind_number(binding, key, each)
        name = bind_countable(binding, key, of)
        return lambda entry, context: read_amount(name, entry, context)

    def sample_more(self, reason: str, name: str) -> Facts:
        """Return further invented facts: the number under its own name, the factors, and the months or period."""
        facts: dict[str, Any] = {name: 2, **{told: 2 for told, _, _ in self.multipliers}}
        if reason == "over" and isinstance(self.at_most, Measure) and self.at_most.kind == "months_of":
            facts |= {"first": SAMPLE_DAY, "last": SAMPLE_DAY}
        return {**facts, **({"months": ["2026-11"]} if reason == "together" and self.each else {})}


@immutable
class BoundAmount:
    """A limit bound to its names, for checking an entry and for telling what the limit leaves."""

    verb: Amount
    name: Name
    number: Read | None
    limits: Mapping[str, Read]
    multipliers: Mapping[str, Read]
    each: Name | None
    reach: Reach

    def __call__(self, entry: Entry, context: Context) -> Iterator[Violation]:
        """Yield the violations; none where the number is unknown."""
        name = self.name.text
        mine = self.number(entry, context) if self.number else read_amount(self.name, entry, context)
        if mine is None:
            return
        times = self.read_multipliers(entry, context)
        for word, reason in (("at_least", "under"), ("exactly", "differs")):
            wanted = self.read_limit(entry, context, word)
            if wanted is not None and (mine < wanted if word == "at_least" else mine != wanted):
                yield Violation(name, reason, {**times, "value": mine, word: wanted, name: mine})
        most = self.read_limit(entry, context)
        if most is None:
            return
        most = int(most) if isinstance(mine, int) else most  # a count is a whole number
        facts = {"value": mine, "amount": mine, "cap": most, "at_most": self.verb.at_most, **times}
        if mine > most:
            yield Violation(name, "over", {**facts, "most": most, **self._describe_period(entry, context), name: mine})
            return
        others = self.reach.find(entry, context)
        if self.each is not None:
            yield from self._check_each_month(self.each, mine, entry, others, context)
            return
        theirs = sum((read_amount(self.name, other, context) or 0 for other in others), type(mine)(0))
        if self.multipliers:
            most += sum((self.read_limit(other, context) or 0 for other in others), type(most)(0))
        if theirs and mine + theirs > most:
            facts |= {"together": theirs, "sum": mine + theirs, "cap": most}
            yield Violation(name, "together", {name: mine, **facts})

    def read_limit(self, entry: Entry, context: Context, word: str = "at_most") -> Any:
        """Return a limit of an entry, multiplied by the numbers that it names; None if one of them is unknown."""
        wanted = self.limits[word](entry, context)
        if wanted is None:
            return None
        counts = list(self.read_multipliers(entry, context).values())
        if None in counts:
            return None
        if word == "at_most" and isinstance(self.verb.at_most, int | str):
            wanted = Decimal(wanted)
        for number in counts:
            wanted *= number
        return wanted

    def read_multipliers(self, entry: Entry, context: Context) -> dict[str, Any]:
        """Return the factors of the limit by name: numbers of the entry, or the length of a period."""
        return {name: read(entry, context) for name, read in self.multipliers.items()}

    def sum_by_month(self, others: list[Entry], context: Context) -> "dict[str, Fraction]":
        """Return the sum for each month from these entries; a number of months may mean any months of the period."""
        found: dict[str, Fraction] = {}
        for other in others:
            months, part = self.read_months(other, context), read_amount(self.name, other, context)
            if not months or part is None:
                continue
            for month in self.find_paid_months(other, context):
                found[month] = found.get(month, 0) + monthly_share(part, months)
        return found

    def read_months(self, entry: Entry, context: Context) -> Any:
        """Return the months, or the number of months, over which the amount of an entry is spread."""
        return self.each.read(entry, context) if self.each else None

    def find_paid_months(self, entry: Entry, context: Context) -> tuple[str, ...]:
        """Return the months that an entry may pay: those it lists, else all of its period."""
        return months_claimed(entry, self.read_months(entry, context), self.verb.overlaps, context)

    def _check_each_month(
        self, each: Name, mine: Any, entry: Entry, others: list[Entry], context: Context
    ) -> Iterator[Violation]:
        """Yield a violation where a month gets more from all entries than one month may have.

        A number of months may mean any months: where that could be too much, a list of months is asked for.
        """
        months = each.read(entry, context)
        most = Decimal(self.limits["at_most"](entry, context))
        theirs = self.sum_by_month(others, context)
        if not theirs or not months:
            return
        share = monthly_share(mine, months)
        paid = self.find_paid_months(entry, context)
        over = [month for month in paid if month in theirs and share + theirs[month] > most]
        if over and isinstance(months, int):
            yield Violation(self.name.text, "number")
        elif over:
            first = max(over, key=lambda month: theirs[month])
            amount, together, total = (round_amount(one) for one in (share, theirs[first], share + theirs[first]))
            facts = {"value": amount, "amount": amount, "together": together, "sum": total, "cap": most}
            yield Violation(self.name.text, "together", {**facts, "months": over})

    def _describe_period(self, entry: Entry, context: Context) -> dict[str, Any]:
        """Return the period whose months are counted, with the number of months it has."""
        wanted = self.verb.at_most
        if not isinstance(wanted, Measure) or wanted.kind != "months_of":
            return {}
        span = find_name(entry, wanted.name, context).read(entry, context)
        if not isinstance(span, Span) or isinstance(span, PossibleSpan):
            return {}
        return {"first": span.first, "last": span.last, "most": months_spanned(span)}


def read_amount(name: Name, entry: Entry, context: Context) -> Any:
    """Return the number of a name: its value, the length of a list, 0 for an absent list, None if unknown."""
    found = name.read(entry, context)
    if found in (None, UNKNOWN_ANSWER):
        one = name.field_for(entry, context)
        return 0 if one is not None and one.several else None
    return len({fold_name_value(each) for each in found}) if isinstance(found, tuple) else found


def months_claimed(entry: Entry, months: Any, period: str | None, context: Context) -> tuple[str, ...]:
    """Return the listed months; where only a number is written, all months of the period."""
    if isinstance(months, tuple):
        return months
    span = find_name(entry, period, context).read(entry, context) if period else None
    return calendar_months(span) if isinstance(span, Span) else ()


def monthly_share(amount: Any, months: int | tuple[str, ...]) -> "Fraction":
    """Return the exact share of an amount for each month; a third has no finite decimal."""
    from fractions import Fraction  # noqa: PLC0415 - only needed where several agreements pay one month

    return Fraction(amount) / (months if isinstance(months, int) else len(months))


def round_amount(share: "Fraction", how: str = ROUND_HALF_UP) -> Decimal:
    """Return a share rounded to the smallest amount of the currency."""
    return (Decimal(share.numerator) / share.denominator).quantize(smallest_amount(), how)
