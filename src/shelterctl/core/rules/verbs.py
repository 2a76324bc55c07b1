"""The eight verbs of a rule: ``needs``, ``is``, ``dated``, ``amount``, ``once``, ``by``, ``stands`` and ``suits``.

Each verb is one function that takes a rule, its ruling, an entry and the context, and yields a `Violation` for
every way in which the entry breaks the rule. `find_violations` decides first whether the rule applies at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, Field, PossibleSpan
from shelterctl.core.manual.rule import Rule, Ruling, Strength, Violation, ruling_in_force
from shelterctl.core.manual.track import Track
from shelterctl.core.people import find_departure_before
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    fold_name_value,
    gives_answers,
    is_wanted_answer,
    read_entry,
)
from shelterctl.core.record.sameness import replaced_values
from shelterctl.core.rules.context import (
    Context,
    as_names,
    count_persons_or_places,
    filter_related,
    find_field,
    find_in_register,
    find_referenced_entry,
    find_related_entries,
    is_asked,
    matches_answers,
    read_offset,
    resolve_bound,
    resolve_days,
    resolve_number,
    resolve_value,
    stay_span,
)
from shelterctl.core.values.days import Span, age_range, calendar_months, local_day, months_spanned
from shelterctl.core.values.facts import Facts

if TYPE_CHECKING:
    from fractions import Fraction


TYIYN_QUANTUM = Decimal("0.01")


def check_dated(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """A day is not before one, not after another, or lies inside a period; what is only partly known must certainly."""
    asks = ruling.params
    for name in rule.names:
        on = resolve_days(entry, name, context)
        if on is None:
            continue
        if "in" in asks:
            yield from _check_inside_period(name, on, asks["in"], entry, context)
            continue
        first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
        if isinstance(on, PossibleSpan):
            first, last = last, first
        for word, day in (("from", first), ("to", last)):
            if word in asks and (found := _describe_exceeded_bound(word, day, asks[word], name, entry, context)):
                reason, facts = found
                yield Violation(name, reason, {"key": name.partition(".")[0], "day": on, **facts})


def _describe_exceeded_bound(
    word: str, day: date, wanted: Any, name: str, entry: Entry, context: Context
) -> tuple[str, dict[str, Any]] | None:
    """How a day lies beyond its bound, with the facts of that; times of one day are held against each other."""
    other, months, days = read_offset(wanted)
    bound = resolve_bound(wanted, entry, context, last=word == "to")
    if bound is None:
        return None
    early = word == "from"
    facts = {"bound": bound, "other": other, "months": months, "latest": bound}
    if not (day < bound if early else day > bound):
        one, two = resolve_value(entry, name, context), resolve_value(entry, other, context)
        if months or days or day != bound or not _is_earlier(*((one, two) if early else (two, one))):
            return None
        facts |= {"day": one, "bound": two}
    if months or days:
        base = resolve_days(entry, other, context)
        return "too-early" if early else "too-late", {**facts, "base": base}
    ahead = not early and other == "today"
    return "early" if early else "ahead" if ahead else "late", facts


def _is_earlier(one: Any, two: Any) -> bool:
    """Whether of two times the first is the earlier one; without an offset they are of the house's own clock."""
    if not (isinstance(one, datetime) and isinstance(two, datetime)):
        return False
    if one.tzinfo is None or two.tzinfo is None:
        one, two = one.replace(tzinfo=None), two.replace(tzinfo=None)
    return bool(one < two)


def _check_inside_period(name: str, on: Any, wanted: str, entry: Entry, context: Context) -> Iterator[Violation]:
    """Days or listed months that do not lie in a period; a number of months lies anywhere, an open stay has no end."""
    whole = stay_span(context) if wanted == "stay" else resolve_value(entry, wanted, context)
    first, last = (on.first, on.last) if isinstance(on, Span) else (on, on)
    if whole is None and wanted == "stay" and context.stay and context.stay.arrived_on and isinstance(first, date):
        if first < context.stay.arrived_on:
            yield Violation(name, "early", {"day": on, "bound": context.stay.arrived_on, "other": "arrival"})
        return
    if not isinstance(whole, Span) or isinstance(on, int):
        return
    facts = {"first": whole.first, "last": whole.last, "other": wanted, "day": on}
    if isinstance(on, tuple) and not isinstance(on, Span):
        outside = [month for month in on if month not in calendar_months(whole)]
        if outside:
            yield Violation(name, "outside", {**facts, "outside": outside})
    elif first < whole.first or last > whole.last:
        yield Violation(name, "outside", facts)


def check_amount(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """A number is no more, no less or exactly so much; and together with what the reach counts no more either."""
    asks, name = ruling.params, rule.names[0]
    mine = read_amount(entry, name, context)
    if mine is None:
        return
    multipliers = _resolve_multipliers(ruling, entry, context)
    for word, wrong in (("at_least", "under"), ("exactly", "differs")):
        wanted = compute_limit(ruling, entry, context, word)
        if wanted is not None and (mine < wanted if word == "at_least" else mine != wanted):
            yield Violation(name, wrong, {**multipliers, "value": mine, word: wanted, name: mine})
    most = compute_limit(ruling, entry, context)
    if most is None:
        return
    most = int(most) if isinstance(mine, int) else most  # a count has no tyiyn
    facts = {"value": mine, "amount": mine, "cap": most, "at_most": asks["at_most"], **multipliers}
    if mine > most:
        counted = _describe_counted_period(asks["at_most"], entry, context)
        yield Violation(name, "over", {**facts, "most": most, **counted, name: mine})
        return
    others = find_related_entries(ruling, entry, context)
    if "each" in asks:
        yield from _check_each_month(name, ruling, entry, others, context)
        return
    theirs = sum((read_amount(other, name, context) or 0 for other in others), type(mine)(0))
    if asks.get("times"):
        most += sum((compute_limit(ruling, other, context) or 0 for other in others), type(most)(0))
    if theirs and mine + theirs > most:
        yield Violation(name, "together", {name: mine, **facts, "together": theirs, "sum": mine + theirs, "cap": most})


def _check_each_month(
    name: str, ruling: Ruling, entry: Entry, others: list[Entry], context: Context
) -> Iterator[Violation]:
    """What a month gets from all of them together is no more than one month may have.

    Of a number of months any one may be meant: where that could be too much, the list is asked for.
    """
    months = resolve_value(entry, ruling.params["each"], context)
    most = Decimal(resolve_number(ruling.params["at_most"], entry, context))
    theirs = sum_by_month(name, ruling, others, context)
    if not theirs or not months:
        return
    mine = monthly_share(read_amount(entry, name, context), months)
    over = [month for month in paid_months(entry, ruling, context) if month in theirs and mine + theirs[month] > most]
    if over and isinstance(months, int):
        yield Violation(name, "number")
    elif over:
        first = max(over, key=lambda month: theirs[month])
        amount, together, total = (round_to_tyiyn(each) for each in (mine, theirs[first], mine + theirs[first]))
        facts = {"value": amount, "amount": amount, "together": together, "sum": total, "cap": most}
        yield Violation(name, "together", {**facts, "months": over})


def sum_by_month(name: str, ruling: Ruling, others: list[Entry], context: Context) -> "dict[str, Fraction]":
    """What each month gets from these entries; of a number of months any one of the period may be meant."""
    found: dict[str, Fraction] = {}
    for other in others:
        months, part = resolve_value(other, ruling.params["each"], context), read_amount(other, name, context)
        if not months or part is None:
            continue
        for month in paid_months(other, ruling, context):
            found[month] = found.get(month, 0) + monthly_share(part, months)
    return found


def monthly_share(amount: Any, months: int | tuple[str, ...]) -> "Fraction":
    """What each of so many months gets of an amount, exactly: a third has no end in decimals."""
    from fractions import Fraction  # noqa: PLC0415 - only where several agreements pay one month

    return Fraction(amount) / (months if isinstance(months, int) else len(months))


def round_to_tyiyn(som: "Fraction", how: str = ROUND_HALF_UP) -> Decimal:
    """A share in som and tyiyn."""
    return (Decimal(som.numerator) / som.denominator).quantize(TYIYN_QUANTUM, how)


def paid_months(entry: Entry, ruling: Ruling, context: Context) -> tuple[str, ...]:
    """The months of an entry as a ruling counts each: those that are listed, else any of its period."""
    return _months_claimed(entry, ruling.params["each"], ruling.params.get("overlaps"), context)


def read_amount(entry: Entry, name: str, context: Context) -> Any:
    """What a name counts for: a number itself, a list by how many there are, 0 if it is absent; nothing if unknown."""
    if name.startswith("count:"):
        return count_persons_or_places(name.removeprefix("count:"), context)
    found, one = resolve_value(entry, name, context), find_field(entry, name, context)
    if found in (None, UNKNOWN_ANSWER):
        return 0 if one is not None and one.several else None
    return len({fold_name_value(each) for each in found}) if isinstance(found, tuple) else found


def compute_limit(ruling: Ruling, entry: Entry, context: Context, word: str = "at_most") -> Any:
    """What a ruling allows or wants: its number times the entry's own numbers that it names; None if unknown."""
    wanted = resolve_number(ruling.params.get(word), entry, context)
    if wanted is None:
        return None
    counts = list(_resolve_multipliers(ruling, entry, context).values())
    if None in counts:
        return None
    if word == "at_most" and isinstance(ruling.params[word], int | str):
        wanted = Decimal(wanted)
    for number in counts:
        wanted *= number
    return wanted


def _resolve_multipliers(ruling: Ruling, entry: Entry, context: Context) -> dict[str, Any]:
    """What a limit is multiplied by: a number of the entry, or the days or months of a period, each by its name."""
    return {
        name: read_amount(entry, of, context) if name == of else resolve_number(one, entry, context)
        for name, of, one in list_multipliers(ruling)
    }


def list_multipliers(ruling: Ruling) -> Iterator[tuple[str, str, Any]]:
    """What a number is multiplied by: its name, the field that it is read off, and as the ruling has it."""
    for one in ruling.params.get("times") or ():
        kind, of = next(iter(one.items())) if isinstance(one, Mapping) else (one, one)
        yield kind.removesuffix("_of"), of, one


def _describe_counted_period(wanted: Any, entry: Entry, context: Context) -> dict[str, Any]:
    """The period whose months are counted, for whoever is told that there are too many."""
    counted = wanted.get("months_of") if isinstance(wanted, Mapping) else None
    span = resolve_value(entry, counted, context) if counted else None
    if not isinstance(span, Span) or isinstance(span, PossibleSpan):
        return {}
    return {"first": span.first, "last": span.last, "most": months_spanned(span)}


def check_once(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """No other entry in reach has it too; of months each is paid once, and a number of them does only alone (X29).

    Of two periods no day may lie in both, and none of two that are written as a beginning and an end, if it has come.
    """
    entry, name = _locate_name(entry, rule.names[0], context)
    if len(rule.names) > 1:
        yield from _check_simultaneous(rule, ruling, entry, context)
        return
    mine = resolve_value(entry, name, context)
    if mine is None:
        return
    if ruling.params.get("within") == "store":
        yield from _check_other_files(name, mine, rule.names[0], entry, context)
        return
    related = [(other, resolve_value(other, name, context)) for other in find_related_entries(ruling, entry, context)]
    others = [(other, value) for other, value in related if value is not None]
    if not others:
        return
    if isinstance(mine, Span):
        shared = ((other, mine.intersection(value)) for other, value in others if isinstance(value, Span))
        yield from (Violation(name, "", {"value": days, "other_entry": other}) for other, days in shared if days)
    elif isinstance(mine, int):
        yield Violation(name, "number")
    elif isinstance(mine, tuple):
        period = ruling.params.get("overlaps")
        paid = {month: other for other, _ in others for month in _months_claimed(other, name, period, context)}
        if twice := sorted({*paid} & {*mine}):
            yield Violation(name, "months", {"months": twice, "other_entry": paid[twice[0]]})
    else:
        same = (other for other, value in others if value == mine)
        yield from (Violation(name, "", {"other_entry": other}) for other in [*same][:1])


def _check_simultaneous(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """That another entry has begun and not ended while this one lasts: two names are the beginning and the end."""
    begin, end = rule.names[:2]
    first, last = resolve_value(entry, begin, context), resolve_value(entry, end, context)
    if first is None:
        return
    for other in find_related_entries(ruling, entry, context):
        begun, ended = resolve_value(other, begin, context), resolve_value(other, end, context)
        before_its_end = ended is None or _is_earlier(first, ended)
        if begun is not None and before_its_end and (last is None or _is_earlier(begun, last)):
            yield Violation(begin, "", {"other_entry": other})
            return


def _locate_name(entry: Entry, name: str, context: Context) -> tuple[Entry, str]:
    """The entry in which a name is written, and its name there: her file's own, where another track is named."""
    first, _, rest = name.partition(".")
    last = context.last_entry(first) if rest and first not in entry.fields and first in context.tracks else None
    return (last, rest) if last else (entry, name)


def _check_other_files(name: str, mine: Any, called: str, entry: Entry, context: Context) -> Iterator[Violation]:
    """That somebody else's file has the same, if the files are there to be looked at."""
    track, her = entry.whole.definition, context.client.id if context.client else None
    if isinstance(track, Track) and context.all_clients is not None:
        found = next(context.all_clients.ids_with_answer(track, name, mine, her), None)
        if found is not None:
            yield Violation(called, "elsewhere", {"whose": found})


def _months_claimed(other: Entry, name: str, period: str | None, context: Context) -> tuple[str, ...]:
    """The listed months; where only a number was written, any month of the period may be meant."""
    months = resolve_value(other, name, context)
    if isinstance(months, tuple):
        return months
    span = resolve_value(other, period, context) if period else None
    return calendar_months(span) if isinstance(span, Span) else ()


VerbFunction = Callable[[Rule, Ruling, Entry, Context], Iterable[Violation]]


def check_needs(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterable[Violation]:
    """Each of these is filled in, as far as it is asked at all; of ``any`` one is enough."""
    lacking: list[str] = []
    for name in rule.names:
        found = resolve_value(entry, name, context)
        if (found is None or (not found and isinstance(found, _SIZED))) and _is_wanted(name, rule, entry, context):
            lacking.append(name)
    if not lacking:
        return ()
    if ruling.params.get("any"):
        return [Violation(lacking[0], "any", {"names": lacking})] if len(lacking) == len(rule.names) else ()
    written = {name for name, one in entry.fields.items() if one.kind == "span" and entry.written.get(name)}
    # of a period that is written and cannot be read a day is missing, or its last is before its first
    return [Violation(name, "order" if name in written else "", {"names": [name]}) for name in lacking]


def _is_wanted(name: str, rule: Rule, entry: Entry, context: Context) -> bool:
    """Whether a name that is not filled in is asked for by itself."""
    inside = name.rpartition(".")[0]
    if inside in rule.names and resolve_value(entry, inside, context) is None:
        return False  # said of the whole already
    return is_asked(entry, name, context)


_SIZED = (str, tuple, list, dict)


def check_is(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """What stands there is one of these codes, all of them, shares one with another list, or contains a text."""
    asks = ruling.params
    found = {name: said for name in rule.names if (said := resolve_value(entry, name, context)) is not None}
    if "of" in asks:
        others = _as_values(resolve_value(entry, asks["of"], context))
        if found and others and not {one for said in found.values() for one in _as_values(said)} & {*others}:
            yield Violation(next(iter(found)), "of", {"of": asks["of"], "other": asks["of"]})
        return
    for name, said in found.items():
        if "contains" in asks:
            if asks["contains"] not in str(said):
                yield Violation(name, "contains", {"text": asks["contains"]})
        elif "all" in asks:
            if lacking := [code for code in asks["all"] if not is_wanted_answer(said, [code])]:
                yield Violation(name, "all", {"lacking": lacking})
        elif any(not is_wanted_answer(each, asks["codes"]) for each in _as_values(said)):
            yield Violation(name, facts={"key": name, "codes": asks["codes"]})


def _as_values(value: Any) -> tuple[Any, ...]:
    """What is said, one by one."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def check_by(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """Who is named is registered, has the role, or is somebody else than whoever is named there.

    Where several are named each has the role, and had not left before that day; of ``each`` role somebody is named.
    Where words may stand instead of a code they pass, unless a role is asked. Who is ``outside`` is not of the house.
    Of ``registered`` people alone it is asked where another rule tells of the others.
    """
    asks, (name, *_) = ruling.params, rule.names
    named, one = _as_values(resolve_value(entry, name, context)), find_field(entry, name, context)
    if "not" in asks:
        others = {fold_name_value(other) for other in _as_values(resolve_value(entry, asks["not"], context))}
        if same := [said for said in named if fold_name_value(said) in others]:
            yield Violation(name, "same" if one and one.of else "same-name", {"other": asks["not"], "who": same[0]})
    elif asks.get("outside"):
        staff = (said for said in named if find_in_register(context, "staff", said) is not None)
        yield from (Violation(name, "inside", {"who": said}) for said in staff)
    elif context.registers is not None and one and one.of:
        found = {said: [find_in_register(context, register, said) for register in one.of] for said in named}
        registered = {said: next((each for each in known if each is not None), None) for said, known in found.items()}
        if "each" in asks:
            roles = {role for known in registered.values() if known for role in _roles_on_day(known, context.day)}
            if named and (lacking := [role for role in asks["each"] if role not in roles]):
                yield Violation(name, "each", {"roles": lacking})
            return
        for said, known in registered.items():
            yield from _check_registration(name, one, asks, said, known, context.day)


def _check_registration(
    name: str, field: Field, asks: Mapping[str, Any], code: object, registered: Facts | None, day: date
) -> Iterator[Violation]:
    """Whether somebody who is named is registered, had not left before that day, and has the role that is asked."""
    if registered is None:
        if not asks.get("registered") and ("role" in asks or not field.open):
            yield Violation(name, "unregistered")
    elif (left := find_departure_before(registered, day)) is not None:
        yield Violation(name, "gone", {"who": code, "bound": left})
    elif "role" in asks and not _roles_on_day(registered, day) & {*asks["role"]}:
        yield Violation(name, "role", {"who": code, "role": registered.get("role"), "roles": asks["role"]})


def _roles_on_day(registered: Facts, day: date) -> frozenset[Any]:
    """The role that somebody has now, and the one that the register had on a day: nobody says since when it holds."""
    changes = ((local_day(at), value) for at, name, value in replaced_values(registered) if name == "role")
    earlier = [value for on, value in changes if on is not None and day <= on]
    return frozenset({registered.get("role"), *earlier[-1:]})


def check_stands(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Sequence[Violation]:
    """An entry of another track stands, one of each kind, or none at all; ``of`` a field, what is named there does."""
    asks, (name, *_) = ruling.params, rule.names
    if context.client is None and context.registers is None:
        return ()
    whose = asks.get("of")
    if whose and _is_entry_reference(whose, entry) and find_referenced_entry(entry, whose, context) is None:
        return [Violation(whose, "nowhere")] if resolve_value(entry, whose, context) is not None else ()
    if any(resolve_value(entry, each, context) is None for each in as_names(asks.get("same"))):
        return ()  # where the entry is silent, no other has to say the same
    found = select_entries(ruling, name, entry, context)
    if asks.get("none"):
        return [Violation(name, "none", {"count": len(found), "on": found[-1].day})] if found else ()
    if "each" in asks:
        (key, kinds), *_ = asks["each"].items()
        return _check_each_kind(name, key, kinds, found)
    return () if found else [Violation(name, facts=_describe_lacking_entry(name, ruling, entry, context))]


def _check_each_kind(name: str, key: str, kinds: Sequence[str], found: Sequence[Entry]) -> Sequence[Violation]:
    """What is broken where of some kind there is none."""
    said = [one.values.get(key) for one in found]
    lacking = [kind for kind in kinds if not any(is_wanted_answer(each, [kind]) for each in said)]
    return [Violation(name, "each", {"lacking": lacking, "key": key})] if lacking else ()


def _describe_lacking_entry(name: str, ruling: Ruling, entry: Entry, context: Context) -> Facts:
    """What is told of an entry that does not stand: which, with what answers, and by when."""
    where = ruling.params.get("where") or {}
    bound = resolve_bound(ruling.params["to"], entry, context) if "to" in ruling.params else None
    facts = {**{key: codes[0] for key, codes in where.items()}, "lacking": [name], "where": where}
    return {**facts, "day": bound} if bound else facts


def select_entries(ruling: Ruling, name: str, entry: Entry, context: Context) -> list[Entry]:
    """The entries of a track that a ruling means: those with its answers, in its reach and its days.

    The last word is looked for first, as of the day; whether it still lives, and what it says, is asked of it alone.
    """
    whose = ruling.params.get("of")
    if whose and not _is_entry_reference(whose, entry):
        return _select_from_register(ruling, name, entry, context)
    there = find_referenced_entry(entry, whose, context) if whose else None
    found = [there] if there else [*context.entries(name)]
    return _filter_entries(found, ruling, context.tracks.get(name), entry, context) if found else found


def _filter_entries(
    found: list[Entry], ruling: Ruling, track: Track | None, entry: Entry, context: Context
) -> list[Entry]:
    """Those of some entries that a ruling means.

    What has a life is meant while it lives, on the last day that is named; where its end is among the answers, that
    answer decides.
    """
    asks, where = ruling.params, ruling.params.get("where") or {}
    if first := resolve_bound(asks["from"], entry, context) if "from" in asks else None:
        found = [one for one in found if (on := one.day) is not None and on >= first]
    if last := resolve_bound(asks["to"], entry, context) if "to" in asks else None:
        found = [one for one in found if (on := one.day) is not None and on <= last]
    if track:
        found = effective_entries(track, found)
        life = track.life if track.life and not {*track.life[1:]} & where.keys() else ()
        found = [one for one in found if not life or _is_alive(one, life, last or context.day)]
    return filter_related([one for one in found if gives_answers(where, one.values)], asks, entry, context)


def _is_entry_reference(name: str, entry: Entry) -> bool:
    """Whether a field points at an entry, and not at a code of a register."""
    return name in entry.fields and entry.fields[name].kind == "entry"


def _select_from_register(ruling: Ruling, name: str, entry: Entry, context: Context) -> list[Entry]:
    """What stands behind the code of a register, if it lives on the day: a memorandum of an NGO."""
    register, _, inside = name.partition(".")
    track = context.tracks[register]
    code = resolve_value(entry, ruling.params["of"], context)
    known = read_entry(track, find_in_register(context, track.at, code) or {})
    life = [f"{inside}.{day}" for day in track.fields[inside].life]
    return [known] if _is_alive(known, life, context.day) else []


def _is_alive(entry: Entry, life: Sequence[str], day: date) -> bool:
    """Whether an entry lives on a day: begun on or before it, and ended by nothing that is dated by then."""
    first, *ends = (entry.values.get(name) for name in life)
    return first is not None and first <= day and all(end is None or end > day for end in ends)


def check_suits(rule: Rule, ruling: Ruling, entry: Entry, context: Context) -> Iterator[Violation]:
    """She may be taken in by age and sex: turned away only if certainly outside, or possibly a minor (X06, X07)."""
    asks, (name, *_) = ruling.params, rule.names
    birth = context.client.birth if context.client and name == "identity" else resolve_value(entry, name, context)
    if context.client is None:
        return
    if birth is None:
        yield Violation(name, "no-birth-date")
        return
    youngest, oldest = age_range(birth, context.day)
    if "minor_under" in asks:
        grown = youngest >= asks["minor_under"]
        if grown and "sex" in asks and context.client.sex != asks["sex"]:
            yield Violation(name, "adult-man")
        elif not grown and not (rule.unless and resolve_value(entry, rule.unless, context)):
            facts = {"minor_under": asks["minor_under"], "youngest": max(youngest, 0)}
            yield Violation(name, "minor-without-reason", facts)
    elif max(oldest, 0) < asks["at_least"] or youngest > asks["at_most"]:  # who was not born yet on that day is a baby
        yield Violation(name, "age-outside", {"at_least": asks["at_least"], "at_most": asks["at_most"]})


VERB_FUNCTIONS: Mapping[str, VerbFunction] = {
    "needs": check_needs, "is": check_is, "dated": check_dated, "amount": check_amount,
    "once": check_once, "by": check_by, "stands": check_stands, "suits": check_suits,
}  # fmt: skip
"""Every verb by the word that the shelf has for it."""


def _is_readable(rule: Rule, ruling: Ruling, entry: Entry) -> bool:
    """Whether whatever a rule looks at in a closed entry is a marker; nothing is said of what nobody here can read."""
    told = (value for value in ruling.params.values() if isinstance(value, str))
    offsets = (str(value["of"]) for value in ruling.params.values() if isinstance(value, Mapping) and "of" in value)
    names = (*rule.names, *rule.when, *([rule.unless] if rule.unless else []), *told, *offsets)
    return all(entry.is_readable(name) for name in names)


def find_violations(rule: Rule, entry: Entry, context: Context) -> list[tuple[Ruling, Violation]]:
    """Every way in which an entry breaks a rule on its own day, unless the rule is not asked of it or lets it pass."""
    ruling = ruling_in_force(rule.history, context.day)
    if ruling is None or (rule.when and not matches_answers(rule.when, entry, context)):
        return []
    if entry.is_sealed and not _is_readable(rule, ruling, entry):
        return []
    if rule.unless and rule.verb != "suits" and resolve_value(entry, rule.unless, context) is not None:
        return []
    return [(ruling, violation) for violation in VERB_FUNCTIONS[rule.verb](rule, ruling, entry, context)]


def keeps_rules(entry: Entry, context: Context) -> bool:
    """Whether an entry breaks no ``shall`` of its own track on its own day; else it answers for nothing."""
    held = replace(context, day=entry.day or context.day)
    rules = entry.definition.rules if isinstance(entry.definition, Track) else ()
    found = (ruling for rule in rules if rule.act is None for ruling, _ in find_violations(rule, entry, held))
    return all(ruling.strength is not Strength.SHALL for ruling in found)
