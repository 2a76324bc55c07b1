"""The eight verbs of a rule, each one function that says what breaks it; those that measure stand apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.core.around import Around, field_of, is_asked, meant, pointed, register_entry, value
from shelterctl.core.days import ages, day_of
from shelterctl.core.entry import Entry, answered, lasting, one_name, read_entry
from shelterctl.core.field import Field
from shelterctl.core.measure import amount, dated, once
from shelterctl.core.reach import day_from, narrowed, several
from shelterctl.core.record import Facts
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling, Strength, in_force
from shelterctl.core.sameness import said_before
from shelterctl.core.stranger import left_before
from shelterctl.core.track import Track

Verb = Callable[[Rule, Ruling, Entry, Around], Iterable[Broken]]


def needs(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterable[Broken]:
    """Each of these is filled in, as far as it is asked at all; of ``any`` one is enough."""
    lacking: list[str] = []
    for name in rule.names:
        found = value(entry, name, around)
        if (found is None or (not found and isinstance(found, _SIZED))) and _wanted(name, rule, entry, around):
            lacking.append(name)
    if not lacking:
        return ()
    if ruling.asks.get("any"):
        return [Broken(lacking[0], "any", {"names": lacking})] if len(lacking) == len(rule.names) else ()
    return [Broken(name, _unordered(name, entry), {"names": [name]}) for name in lacking]


def _unordered(name: str, entry: Entry) -> str:
    """That something is written and cannot be read: of a period a day is missing, or its last is before its first."""
    return "order" if name in entry.fields and entry.fields[name].kind == "span" and entry.written.get(name) else ""


def _wanted(name: str, rule: Rule, entry: Entry, around: Around) -> bool:
    """Whether a name that is not filled in is asked for by itself."""
    inside = name.rpartition(".")[0]
    if inside in rule.names and value(entry, inside, around) is None:
        return False  # said of the whole already
    return is_asked(entry, name, around)


_SIZED = (str, tuple, list, dict)


def is_(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """What stands there is one of these codes, all of them, shares one with another list, or contains a text."""
    asks = ruling.asks
    found = {name: said for name in rule.names if (said := value(entry, name, around)) is not None}
    if "of" in asks:
        others = _each(value(entry, asks["of"], around))
        if found and others and not {one for said in found.values() for one in _each(said)} & {*others}:
            yield Broken(next(iter(found)), "of", {"of": asks["of"], "other": asks["of"]})
        return
    for name, said in found.items():
        if "contains" in asks:
            if asks["contains"] not in str(said):
                yield Broken(name, "contains", {"text": asks["contains"]})
        elif "all" in asks:
            if lacking := [code for code in asks["all"] if not answered(said, [code])]:
                yield Broken(name, "all", {"lacking": lacking})
        elif any(not answered(each, asks["codes"]) for each in _each(said)):
            yield Broken(name, facts={"key": name, "codes": asks["codes"]})


def _each(said: Any) -> tuple[Any, ...]:
    """What is said, one by one."""
    return said if isinstance(said, tuple) else () if said is None else (said,)


def by(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """Who is named is registered, has the role, or is somebody else than whoever is named there.

    Where several are named each has the role, and had not left before that day; of ``each`` role somebody is named.
    Where words may stand instead of a code they pass, unless a role is asked. Who is ``outside`` is not of the house.
    Of ``registered`` people alone it is asked where another rule tells of the others.
    """
    asks, (name, *_) = ruling.asks, rule.names
    named, one = _each(value(entry, name, around)), field_of(entry, name, around)
    if "not" in asks:
        others = {one_name(other) for other in _each(value(entry, asks["not"], around))}
        if same := [said for said in named if one_name(said) in others]:
            yield Broken(name, "same" if one and one.of else "same-name", {"other": asks["not"], "who": same[0]})
        return
    if asks.get("outside"):
        yield from (Broken(name, "inside", {"who": said}) for said in named if _works_here(said, around))
        return
    if around.registers is None or not (one and one.of):
        return
    roles = {said: _registered(said, one, around) for said in named}
    if "each" in asks:
        there = {role for known in roles.values() if known for role in _roles(known, around.day)}
        if named and (lacking := [role for role in asks["each"] if role not in there]):
            yield Broken(name, "each", {"roles": lacking})
        return
    for said, known in roles.items():
        if known is None:
            if not asks.get("registered") and ("role" in asks or not one.open):
                yield Broken(name, "unregistered")
        elif (left := left_before(known, around.day)) is not None:
            yield Broken(name, "gone", {"who": said, "bound": left})
        elif "role" in asks and not _roles(known, around.day) & {*asks["role"]}:
            yield Broken(name, "role", {"who": said, "role": known.get("role"), "roles": asks["role"]})


def _roles(known: Facts, day: date) -> frozenset[Any]:
    """The role that somebody has now, and the one that the register had on a day: nobody says since when it holds."""
    changes = ((day_of(at), value) for at, name, value in said_before(known) if name == "role")
    earlier = [value for on, value in changes if on is not None and day <= on]
    return frozenset({known.get("role"), *earlier[-1:]})


def _works_here(said: object, around: Around) -> bool:
    """Whether the code of somebody of the house stands there."""
    return register_entry(around, "staff", said) is not None


def _registered(said: object, one: Field, around: Around) -> Facts | None:
    """What a register has behind a code, if one of them that the field names has it."""
    return next((found for each in one.of if (found := register_entry(around, each, said)) is not None), None)


def stands(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Sequence[Broken]:
    """An entry of another track stands, one of each kind, or none at all; ``of`` a field, what is named there does."""
    asks, (name, *_) = ruling.asks, rule.names
    if around.client is None and around.registers is None:
        return ()
    whose = asks.get("of")
    if whose and _points(whose, entry) and pointed(entry, whose, around) is None:
        return [Broken(whose, "nowhere")] if value(entry, whose, around) is not None else ()
    if "same" in asks and _says_nothing(asks["same"], entry, around):
        return ()
    found = standing(ruling, name, entry, around)
    if asks.get("none"):
        return [Broken(name, "none", {"count": len(found), "on": found[-1].day})] if found else ()
    if "each" in asks:
        (key, kinds), *_ = asks["each"].items()
        return _each_kind(name, key, kinds, found)
    return () if found else [Broken(name, facts=_lacking(name, ruling, entry, around))]


def _says_nothing(names: Any, entry: Entry, around: Around) -> bool:
    """Whether the entry is silent about what others would have to say the same of."""
    return any(value(entry, each, around) is None for each in several(names))


def _each_kind(name: str, key: str, kinds: Sequence[str], found: Sequence[Entry]) -> Sequence[Broken]:
    """What is broken where of some kind there is none."""
    said = [one.values.get(key) for one in found]
    lacking = [kind for kind in kinds if not any(answered(each, [kind]) for each in said)]
    return [Broken(name, "each", {"lacking": lacking, "key": key})] if lacking else ()


def _lacking(name: str, ruling: Ruling, entry: Entry, around: Around) -> Facts:
    """What is told of an entry that does not stand: which, with what answers, and by when."""
    where = ruling.asks.get("where") or {}
    bound = day_from(ruling.asks["to"], entry, around) if "to" in ruling.asks else None
    told = {**{key: codes[0] for key, codes in where.items()}, "lacking": [name], "where": where}
    return {**told, "day": bound} if bound else told


def standing(ruling: Ruling, name: str, entry: Entry, around: Around) -> list[Entry]:
    """The entries of a track that a ruling means: those with its answers, in its reach and its days.

    The last word is looked for first, as of the day; whether it still lives, and what it says, is asked of it alone.
    """
    whose = ruling.asks.get("of")
    if whose and not _points(whose, entry):
        return _behind(ruling, name, entry, around)
    there = pointed(entry, whose, around) if whose else None
    found = [there] if there else [*around.entries(name)]
    return _meant(found, ruling, around.tracks.get(name), entry, around) if found else found


def _meant(found: list[Entry], ruling: Ruling, track: Track | None, entry: Entry, around: Around) -> list[Entry]:
    """Those of some entries that a ruling means.

    What has a life is meant while it lives, on the last day that is named; where its end is among the answers, that
    answer decides.
    """
    asks, where = ruling.asks, ruling.asks.get("where") or {}
    if first := day_from(asks["from"], entry, around) if "from" in asks else None:
        found = [one for one in found if (on := one.day) is not None and on >= first]
    if last := day_from(asks["to"], entry, around) if "to" in asks else None:
        found = [one for one in found if (on := one.day) is not None and on <= last]
    if track:
        found = lasting(track, found)
        life = track.life if track.life and not {*track.life[1:]} & where.keys() else ()
        found = [one for one in found if not life or _alive(one, life, last or around.day)]
    found = [one for one in found if all(answered(one.values.get(key), codes) for key, codes in where.items())]
    return narrowed(found, asks, entry, around)


def _points(name: str, entry: Entry) -> bool:
    """Whether a field points at an entry, and not at a code of a register."""
    return name in entry.fields and entry.fields[name].kind == "entry"


def _behind(ruling: Ruling, name: str, entry: Entry, around: Around) -> list[Entry]:
    """What stands behind the code of a register, if it lives on the day: a memorandum of an NGO."""
    register, _, inside = name.partition(".")
    track = around.tracks[register]
    known = read_entry(track, register_entry(around, track.at, value(entry, ruling.asks["of"], around)) or {})
    life = [f"{inside}.{day}" for day in track.fields[inside].life]
    return [known] if _alive(known, life, around.day) else []


def _alive(one: Entry, life: Sequence[str], day: date) -> bool:
    """Whether an entry lives on a day: begun on or before it, and ended by nothing that is dated by then."""
    first, *ends = (one.values.get(name) for name in life)
    return first is not None and first <= day and all(end is None or end > day for end in ends)


def suits(rule: Rule, ruling: Ruling, entry: Entry, around: Around) -> Iterator[Broken]:
    """She may be taken in by age and sex: turned away only if certainly outside, or possibly a minor (X06, X07)."""
    asks, (name, *_) = ruling.asks, rule.names
    birth = around.client.birth if around.client and name == "identity" else value(entry, name, around)
    if around.client is None:
        return
    if birth is None:
        yield Broken(name, "no-birth-date")
        return
    youngest, oldest = ages(birth, around.day)
    if "minor_under" in asks:
        grown = youngest >= asks["minor_under"]
        if grown and "sex" in asks and around.client.sex != asks["sex"]:
            yield Broken(name, "adult-man")
        elif not grown and not (rule.unless and value(entry, rule.unless, around)):
            told = {"minor_under": asks["minor_under"], "youngest": max(youngest, 0)}
            yield Broken(name, "minor-without-reason", told)
    elif max(oldest, 0) < asks["at_least"] or youngest > asks["at_most"]:  # who was not born yet on that day is a baby
        yield Broken(name, "age-outside", {"at_least": asks["at_least"], "at_most": asks["at_most"]})


VOCABULARY: Mapping[str, Verb] = {
    "needs": needs, "is": is_, "dated": dated, "amount": amount,
    "once": once, "by": by, "stands": stands, "suits": suits,
}  # fmt: skip
"""Every verb by the word that the shelf has for it."""


def _readable(rule: Rule, ruling: Ruling, entry: Entry) -> bool:
    """Whether whatever a rule looks at in a closed entry is a marker; nothing is said of what nobody here can read."""
    told = (value for value in ruling.asks.values() if isinstance(value, str))
    offsets = (str(value["of"]) for value in ruling.asks.values() if isinstance(value, Mapping) and "of" in value)
    names = (*rule.names, *rule.when, *([rule.unless] if rule.unless else []), *told, *offsets)
    return all(entry.lies_open(name) for name in names)


def broken(rule: Rule, entry: Entry, around: Around) -> list[tuple[Ruling, Broken]]:
    """Every way in which an entry breaks a rule on its own day, unless the rule is not asked of it or lets it pass."""
    ruling = in_force(rule.history, around.day)
    if ruling is None or (rule.when and not meant(rule.when, entry, around)):
        return []
    if entry.closed and not _readable(rule, ruling, entry):
        return []
    if rule.unless and rule.verb != "suits" and value(entry, rule.unless, around) is not None:
        return []
    found: list[tuple[Ruling, Broken]] = []
    for one in VOCABULARY[rule.verb](rule, ruling, entry, around):
        found.append((ruling, one))
    return found


def keeps(entry: Entry, around: Around) -> bool:
    """Whether an entry breaks no *shall* of its own track on its own day; else it answers for nothing."""
    held = replace(around, day=entry.day or around.day)
    rules = entry.of.rules if isinstance(entry.of, Track) else ()
    found = (ruling for rule in rules if rule.act is None for ruling, _ in broken(rule, entry, held))
    return all(ruling.strength is not Strength.SHALL for ruling in found)
